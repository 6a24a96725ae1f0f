"""What the proofs look at: the record, and the states that running it again goes through."""

from __future__ import annotations

import collections
import datetime
import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.contract.view import view_faults
from fr_envs.episode.faults import fault_at, refused_by
from fr_envs.episode.trajectory import first_state
from fr_envs.json_values import leaves_of
from fr_envs.situation.loading import load_situations
from fr_envs.world.lens import lens_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.arrivals import announced_in
from fr_synth.trace.dataflow.provenance import Found, harvest
from fr_synth.verify.words.text import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_envs.world.lens import Lens
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.records import Dialogue

__all__ = ["Evidence", "gather"]


class Evidence(NamedTuple):
    """A record and its replay.

    Attributes:
        dialogue: The record.
        domain: Its world.
        states: The state before each call, and the last state.
        results: What the replay gave for each call.
        divergences: Where the replay gave something else than the record says.
        executed: For each call what the record says of it, between the states of the replay.
        found: For each call the values of known kinds in its result.
        lens: What names are seen through; None for the contract's own, and where the view does not fit the contract.
        situation: The situation that it plays; None for a drill, and where none of that name is known.
        asides: What is said besides in it, by name, as far as it is known.
    """

    dialogue: Dialogue
    domain: Domain[Any]
    states: tuple[State, ...]
    results: tuple[JsonObject, ...]
    divergences: tuple[str, ...]
    executed: tuple[ExecutedCall, ...]
    found: tuple[list[Found], ...]
    lens: Lens | None = None
    situation: Situation | None = None
    asides: Mapping[str, Situation] = MappingProxyType({})

    def user_text(self, turn: int) -> str:
        """Return what the user says in a turn, without the definitions of tools that come with it."""
        return announced_in(str(self.dialogue.messages[self.dialogue.turns[turn].message]["content"])).said

    def in_contract(self, text: str) -> str:
        """Return what an assistant or a system message says, tools and parameters called as in the contract."""
        return text if self.lens is None else self.lens.contract_text(text)

    def today(self, number: int) -> datetime.date | None:
        """Return the world's day at a call, None where it has none."""
        time = self.domain.hooks.time
        if time is None:
            return None
        state = self.states[min(number, len(self.states) - 1)]
        return datetime.datetime.fromtimestamp(time.now(state), tz=datetime.UTC).date()

    def left_open(self, number: int, value: Json) -> Iterator[int]:
        """Iterate over the turns right before one that left a call with a value undone, the latest first.

        What was said in them of that value holds until the call is made.

        Args:
            number: The turn.
            value: The value, as a leaf of the call's arguments.
        """
        for turn in range(number - 1, -1, -1):
            awaited = self.dialogue.turns[turn].awaited
            if awaited is None or not awaited.tool:
                return
            if any(same_json(each, value) for _, each in leaves_of(awaited.arguments)):
                yield turn

    def issued(self) -> list[Json]:
        """Return every value in the outputs that only an output can tell."""
        kinds = self.domain.spec.kinds
        return list(
            dict.fromkeys(
                each.value
                for found in self.found
                for each in found
                if kinds[each.kind].origin == "issued" and not isinstance(each.value, dict | list)
            )
        )


def gather(
    dialogue: Dialogue, domain: Domain[Any], situations: Mapping[str, Situation | None] | None = None
) -> Evidence:
    """Run a record again from its seed. Where it goes astray, the record's own calls are followed all the same.

    Args:
        dialogue: The record.
        domain: Its world.
        situations: Situations of one's own by name, which come before those that ship; None for one of which nothing
            but the name is known.
    """
    state = first_state(domain, dialogue.seed, dialogue.scale)
    lens = _lens(dialogue, domain)
    states, results, astray = [state], [], []
    nth: collections.Counter[tuple[int, str]] = collections.Counter()
    for number, call in enumerate(dialogue.calls):
        nth[call.turn, call.name] += 1
        fault = fault_at(dialogue.faults, call.turn, call.name, nth[call.turn, call.name])
        made = ToolCall(call.name, call.arguments)
        outcome = refused_by(fault, state) if fault else domain.apply(state, made)
        state = outcome.state
        states.append(state)
        results.append(outcome.value)
        code = None if outcome.error is None else outcome.error.code
        if (outcome.value if lens is None else lens.shown_result(made, outcome.value)) != call.result:
            astray.append(f"call {number} ({call.name}) gives another result")
        elif code != call.error:
            astray.append(
                f"call {number} ({call.name}) ends with {code or 'no error'}, not {call.error or 'without one'}"
            )
        elif f"{state.digest:032x}" != call.digest:
            astray.append(f"call {number} ({call.name}) leads to another state")
    if state.sha256() != dialogue.sha256:
        astray.append("the final state is another")
    tools = domain.spec.tools
    found = tuple(
        [] if call.error or call.name not in tools else harvest(tools[call.name].returns, result)
        for call, result in zip(dialogue.calls, results, strict=True)
    )
    executed = tuple(
        call.executed(before, after) for call, before, after in zip(dialogue.calls, states, states[1:], strict=False)
    )
    every = {**_shipped(), **(situations or {})}
    names = [turn.target.removeprefix("aside:") for turn in dialogue.turns if turn.target.startswith("aside:")]
    asides = {name: each for name in names if (each := every.get(name)) is not None}
    return Evidence(
        dialogue, domain, tuple(states), tuple(results), tuple(astray), executed, found, lens,
        every.get(dialogue.situation), asides,
    )  # fmt: skip


def _lens(dialogue: Dialogue, domain: Domain[Any]) -> Lens | None:
    view = dialogue.view
    return None if view is None or next(view_faults(view, domain.spec), None) else lens_of(domain.spec, view)


@functools.cache
def _shipped() -> dict[str, Situation]:
    return {situation.name: situation for situation in load_situations()}
