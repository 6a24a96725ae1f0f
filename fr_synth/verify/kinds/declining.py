"""Turns in which saying no is right: a tool is missing, nothing in the world does it, or the rules forbid it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_envs.world.tool_call import ToolCall
from fr_synth.verify.kinds.detours import way_to
from fr_synth.verify.kinds.world import bindings, offered, settable, state_at, would_work
from fr_synth.verify.words.pointing import ContractKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.world.state import State
    from fr_synth.trace.awaited import Awaited
    from fr_synth.verify.evidence import Evidence

__all__ = ["forbidden", "nothing_does_it", "withheld"]

# --------------------------------------------------------------------------------------------------- a tool is missing


def withheld(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The tool is not offered, it would do what is wanted, and nothing that is offered leads there."""
    there = set(offered(evidence, number))
    for name in awaited.withheld:
        if name in there:
            yield f"{name} is offered"
    if awaited.tool not in awaited.withheld:
        yield f"{awaited.tool} is not withheld"
        return
    state = state_at(evidence, number)
    call = ToolCall(awaited.tool, awaited.arguments)
    if not would_work(evidence, state, call):
        yield f"{awaited.tool} would not do it either"
        return
    way = _way_round(evidence, state, call)
    if way:
        yield f"there is a way round: {' and '.join(way)}"


def _way_round(evidence: Evidence, state: State, call: ToolCall) -> list[str]:
    """Return the tools of a way to what a call would do, or tell, by others; none where there is no such way."""
    outcome = evidence.domain.apply(state, call)
    if outcome.error is not None:
        return []
    if evidence.domain.spec.tools[call.name].effect == "write":
        return way_to(evidence, state, call, outcome.state)
    given = {repr(value) for value in scalars(call.arguments)}
    wanted = {repr(value) for value in scalars(outcome.value)} - given - _EMPTY
    return next(_tellers(evidence, state, call, wanted), []) if wanted else []


_EMPTY = frozenset({"None", "True", "False", "0", "''"})


def _tellers(evidence: Evidence, state: State, call: ToolCall, wanted: set[str]) -> Iterator[list[str]]:
    tools = evidence.domain.spec.tools
    for name in offered(evidence):
        if tools[name].effect == "read" and name != call.name:
            for arguments in bindings(evidence, state, tools[name], call.arguments):
                outcome = evidence.domain.apply(state, ToolCall(name, arguments))
                if outcome.error is None and wanted <= {repr(value) for value in scalars(outcome.value)}:
                    yield [name]


# ------------------------------------------------------------------------------------------------ nothing does it


def nothing_does_it(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The message wants something that no tool of the world speaks of, in one or more of the words for it."""
    if not awaited.about:
        yield "it does not say what nothing deals with"
    said, spoken = evidence.user_text(number).lower(), _spoken(ContractKey(evidence.domain.spec))
    words = [word for word in awaited.about if word.lower() in said]
    if awaited.about and not words:
        yield f"the message does not speak of {' or '.join(map(repr, awaited.about))}"
    for word in words:
        stem = word.lower()[:_STEM]
        tool = next((name for name, words in spoken.items() if any(each.startswith(stem) for each in words)), "")
        if tool:
            yield f"{tool} deals with {word!r}"


_STEM = 6  # letters by which "weather" and "weather's" are one word


@functools.lru_cache(maxsize=16)
def _spoken(contract: ContractKey) -> dict[str, frozenset[str]]:
    """Return the words of each tool: of its name, its description, and the phrases with which it is asked for."""
    return {
        name: frozenset(
            re.findall(r"[a-z]+", " ".join([name.replace("_", " "), tool.description, *tool.request_templates]).lower())
        )
        for name, tool in contract.spec.tools.items()
    }


# ------------------------------------------------------------------------------------------------ it is forbidden


def forbidden(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The world refuses the call with the error that is named, for good; or the rules that are told forbid it."""
    tool = evidence.domain.spec.tools.get(awaited.tool)
    if tool is None:
        return
    if awaited.rule in tool.errors:
        yield from _unrefused(evidence, number, awaited)
    elif " ".join(awaited.rule.split()) not in " ".join(evidence.domain.system_text_at(evidence.states[0]).split()):
        yield f"neither {awaited.tool} nor the policy knows the rule {awaited.rule!r}"
    elif not _covers(awaited.rule, tool.name, tool.description):
        yield f"the rule {awaited.rule!r} has nothing to do with {awaited.tool}"
    for call in evidence.dialogue.calls:
        if call.turn == number and call.error is not None and call.name != awaited.tool:
            yield f"{call.name} fails in it, and is not what is refused"


def _unrefused(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    outcome = evidence.domain.apply(state_at(evidence, number), ToolCall(awaited.tool, awaited.arguments))
    code = None if outcome.error is None else outcome.error.code
    if code != awaited.rule:
        yield f"{awaited.tool} is not refused with {awaited.rule}: it ends with {code or 'no error'}"
    elif settable(evidence.domain.spec, awaited.rule):
        yield f"{awaited.rule} only means that a step is missing, which can be made"


def _covers(rule: str, *told: str) -> bool:
    """Return True if a rule of the policy speaks of what a tool does."""
    words = {word[:5] for word in re.findall(r"[a-z]{4,}", rule.lower())}
    return bool(words & {word[:5] for word in re.findall(r"[a-z]{4,}", " ".join(told).replace("_", " ").lower())})
