"""The rule by which a call that fails may stand in a record: it runs into an error, and a way on that works follows.

1. The error is one that the tool declares and that an agent may run into unawares: none that the rules tell everybody.
2. Run in the world as it is, the call fails with that error and leaves the state as it was.
3. It goes out alone, so that the error is seen before anything else is done.
4. Later in the turn the tool is called again and works: with the same arguments, after calls without which it would
   fail again, or with another value for one argument.
5. A turn has one such call at most.

Where the goal says that what was asked for cannot be done (``Goal.unmet``), rule 4 is turned round: no call of the tool
works in the turn. Calls that a fault of the task meets, and the agent's own mistakes, have rules of their own
(``fr_synth.verify.mishaps``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.faults import is_fault
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json
    from fr_synth.verify.evidence import Evidence

__all__ = ["recovery_faults"]

_MOST = 1  # calls of a turn that may fail


def recovery_faults(evidence: Evidence, own: Sequence[int]) -> Iterator[str]:
    """Iterate over what is wrong with the calls of a turn that fail.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
    """
    calls = evidence.dialogue.calls
    failed = [k for k in own if calls[k].error and not is_fault(calls[k].error) and calls[k].purpose != "slip"]
    if len(failed) > _MOST:
        yield f"calls {', '.join(map(str, failed))} fail in one turn, which may run into {_MOST} error"
    for number in failed:
        for problem in _problems(evidence, number, own):
            yield f"call {number} ({calls[number].name}) {problem}"


def _problems(evidence: Evidence, number: int, own: Sequence[int]) -> Iterator[str]:
    calls = evidence.dialogue.calls
    call = calls[number]
    code = call.error or ""
    if code not in unexpected_errors(evidence.domain.spec, call.name):
        yield f"fails with {code}, which is no error to run into unawares"
    before = evidence.states[number]
    outcome = evidence.domain.apply(before, ToolCall(call.name, call.arguments))
    if outcome.error is None or outcome.error.code != code or evidence.states[number + 1].digest != before.digest:
        yield f"does not fail with {code} and nothing else"
    if sum(calls[other].message == call.message for other in own) > 1:
        yield "goes out together with others and fails"
    again = next((calls[k] for k in own if k > number and calls[k].name == call.name and calls[k].error is None), None)
    if evidence.dialogue.turns[call.turn].goal.unmet == code:
        if again is not None:
            yield "fails for good, and yet works after it"
    elif again is None:
        yield "fails, and no call of the same tool works after it"
    elif again.arguments != call.arguments and second_choice(call.arguments, again.arguments) is None:
        yield "fails, and what works after it is another call altogether"


def unexpected_errors(spec: DomainSpec, tool: str) -> tuple[str, ...]:
    """Return the errors that a tool declares and that an agent may run into unawares.

    Left out is what the rules tell everybody: to sign in first, to have a code for large amounts.
    """
    told = {fact.violation for fact in spec.facts.values() if fact.about is None}
    return tuple(code for code in spec.tools[tool].errors if code not in told)


def second_choice(failed: Mapping[str, Json], worked: Mapping[str, Json]) -> str | None:
    """Return the one argument in which two calls of a tool differ; None if they differ in none or in several."""
    if failed.keys() != worked.keys():
        return None
    other = [name for name, value in failed.items() if worked[name] != value]
    return other[0] if len(other) == 1 else None
