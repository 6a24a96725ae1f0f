"""What an expert has before the eyes in a turn: the calls so far and to come, and what each is there for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.json_values import Json, JsonObject, at_pointer, parts_of, siblings_at
from fr_synth.build.thought.endings import ENDINGS
from fr_synth.build.thought.frames import FRAMES
from fr_synth.build.thought.wording import clause, doing, filled, in_short, paraphrase, source_of, their
from fr_synth.language.reference_rules import spoken
from fr_synth.trace.dataflow.provenance import Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["Scene", "Use"]

_OWN_WORDS = 0.6  # share of calls told with their values; the others by what the tool does


class Use(NamedTuple):
    """What a call is there for: a later call that takes something from it.

    Attributes:
        pointer: The argument of the later call that it gives.
        step: The later call.
    """

    pointer: str
    step: ExecutedCall


class Scene:
    """A turn as an expert sees it.

    Attributes:
        spec: The contract.
        trace: The turn.
        steps: Every call of the dialogue up to the turn's end.
        rng: Chooses words.
    """

    def __init__(
        self, domain: Domain[Any], trace: TurnTrace, before: Sequence[ExecutedCall], rng: np.random.Generator
    ) -> None:
        """Look at a turn.

        Args:
            domain: The world.
            trace: The turn.
            before: Every step of earlier turns.
            rng: Chooses words.
        """
        self.spec: DomainSpec = domain.spec
        self.trace = trace
        self.steps = [*before, *trace.steps]
        self.rng = rng

    # ------------------------------------------------------------------------------------------------------- words

    def say(self, move: str, **words: str) -> str:
        """Return a sentence of a move with the words that are given; empty where none fits."""
        frames = FRAMES.get(move) or ENDINGS[move]
        return filled(frames, words, self.rng)

    def chance(self, share: float) -> bool:
        """Return True in a share of cases."""
        return bool(self.rng.random() < share)

    def tool(self, step: ExecutedCall) -> ToolSpec:
        """Return the contract of a call."""
        return self.spec.tools[step.call.name]

    def order(self, step: ExecutedCall) -> str:
        """Return a call as an order in lower case, with its values or by what the tool does."""
        if step.user_requested and self.chance(_OWN_WORDS) and self._is_plain(step):
            words = {name: text for name, text in spoken(step.sources, step.mentions).items() if len(text) <= _LONG}
            said = paraphrase(self.tool(step), words, self.rng)
            if said:
                return said.rstrip(".")
        return doing(self.tool(step))

    def _is_plain(self, step: ExecutedCall) -> bool:
        """Return True if a call can be told with its values in one breath: no counts, nothing that is worked out."""
        ways = all(m.way in ("fields", "where", "anaphora") and m.owner is None for m in step.mentions.values())
        return ways and not any(isinstance(value, int | list | dict) for value in step.call.arguments.values())

    def source(self, number: int) -> str:
        """Return words for a call that has told something."""
        return source_of(self.tool(self.steps[number]))

    def value(self, step: ExecutedCall, pointer: str) -> str:
        """Return an argument in words; empty where it is too long to be repeated."""
        kind = self.kind(step, pointer)
        return in_short(self.spec, at_pointer(step.call.arguments, pointer), kind)

    def kind(self, step: ExecutedCall, pointer: str) -> str | None:
        """Return the kind of an argument."""
        field = self.tool(step).parameters[parts_of(pointer)[0]].field
        return (field.array or field).kind

    def words(self, step: ExecutedCall, pointer: str) -> str:
        """Return how the message points at an argument, as somebody else says it; empty where it does not."""
        mention = step.mentions.get(pointer)
        return "" if mention is None or len(mention.text) > _LONG else their(mention.text)

    # ---------------------------------------------------------------------------------------- what a call is there for

    def use(self, position: int) -> Use | None:
        """Return the first later call that takes something from a call of the turn."""
        number = self.trace.first + position
        for later in self.trace.steps[position + 1 :]:
            for pointer, source in later.sources.items():
                if isinstance(source, Output) and source.step == number:
                    return Use(pointer, later)
        return None

    def enabled(self, position: int) -> tuple[str, ExecutedCall] | None:
        """Return (fact, call) of what a call of the turn makes true and the first later call that demands it."""
        sets = self.tool(self.trace.steps[position]).sets
        for fact in sets:
            for later in self.trace.steps[position + 1 :]:
                tool = self.tool(later)
                if fact in tool.needs or self.spec.facts[fact].violation in tool.errors:
                    return fact, later
        return (sets[0], self.trace.steps[-1]) if sets and position + 1 < len(self.trace.steps) else None

    def aim(self, position: int) -> ExecutedCall:
        """Return the request for which a supporting call is made in the end."""
        steps = self.trace.steps
        for _ in steps:
            if steps[position].user_requested or steps[position].error:
                break
            later = self.enabled(position) or self.use(position)
            if later is None:
                break
            position = next(k for k, step in enumerate(steps) if step is later[1])
        return steps[position]

    def fact(self, name: str) -> str:
        """Return what it means that a fact holds, as part of a sentence."""
        return clause(self.spec.facts[name].description)

    def others(self, step: ExecutedCall, kind: str | None) -> list[str]:
        """Return the names of reads that would give a kind as well, but have to be given an issued value first."""
        if kind is None or step.call.arguments:
            return []
        found = []
        for name, tool in self.spec.tools.items():
            if name == step.call.name or tool.effect != "read" or kind not in tool.output_kinds():
                continue
            demands = [parameter.field.kind for parameter in tool.parameters.values() if parameter.required]
            if any(self.spec.kinds[d].origin == "issued" and d != kind for d in demands if d):
                found.append(name)
        return found

    # ------------------------------------------------------------------------------------------------ what results show

    def rows(self, number: int, group: str | None) -> list[JsonObject]:
        """Return the rows of a list in the result of a call."""
        return siblings_at(self.steps[number].result, group)

    def kinds_of(self, number: int, group: str | None) -> Mapping[str, str]:
        """Return the kinds of the members of a list's rows in the result of a call, or of the result's own members."""
        fields = self.tool(self.steps[number]).returns
        field: Field | None = None
        for part in parts_of(group or ""):
            if part.isdigit():
                fields = (field.array.object if field and field.array else None) or {}
                continue
            field = fields.get(part)
            fields = (field.object if field else None) or fields
        if field is not None and field.array is not None:
            fields = field.array.object or {}
        return {name: each.kind for name, each in fields.items() if each.kind is not None}

    def scalars(self, step: ExecutedCall) -> Iterator[tuple[str, Json, str]]:
        """Iterate over (member, value, words) of the plain members of a result that can be told in a few words."""
        for name, value in step.result.items():
            field = self.tool(step).returns.get(name)
            if field is None:
                continue
            shown = in_short(self.spec, value, field.kind)
            if shown:
                yield name, value, shown


_LONG = 90  # characters of words that are repeated
