"""What was not taken: the attempts at messages that a record keeps are all there, and are what failed.

Part of the proof "text". An attempt is told to nobody but those who learn from it what not to write, so it may say
anything; but it has to be another message than the one that stands in its place, and where the critic found that a
call fails, the world has to refuse it there again.
"""

from __future__ import annotations

import collections
import json
import re
from typing import TYPE_CHECKING

from fr_envs.episode.faults import fault_at, refused_by
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.failed_attempt import MOST_CHARACTERS, MOST_KEPT, MOST_OF_FAULT
from fr_synth.trace.unseen import is_unseen
from fr_synth.verify.attempt_reasons import unreasonable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject
    from fr_envs.world.state import State
    from fr_synth.trace.failed_attempt import FailedAttempt
    from fr_synth.verify.evidence import Evidence

__all__ = ["attempt_faults"]


def attempt_faults(evidence: Evidence, number: int, end: int) -> Iterator[str]:
    """Iterate over what is wrong with the attempts of a turn.

    Args:
        evidence: The record.
        number: The turn.
        end: Index of the message after the turn's last.
    """
    turn, messages = evidence.dialogue.turns[number], evidence.dialogue.messages
    written = [at for at in range(turn.message, end) if messages[at]["role"] == "assistant"]
    if turn.attempts != len(written) + len(turn.failed):
        yield f"turn {number}: {turn.attempts} attempts, {len(turn.failed)} that failed, {len(written)} messages"
    places = [each.message for each in turn.failed]
    if places != sorted(places) or not set(places) <= set(written):
        yield f"turn {number}: an attempt that failed has no place among the messages of the assistant"
        return
    for each in turn.failed:
        for problem in _problems(evidence, number, each):
            yield f"turn {number}: an attempt at message {each.message} {problem}"


def _problems(evidence: Evidence, turn: int, attempt: FailedAttempt) -> Iterator[str]:
    yield from _misshapen(attempt)
    if _is_taken(evidence, attempt):
        yield "is said to have failed, and is what stands there"
    for call, code in _lightly_said(evidence, turn, attempt):
        yield f"is said to fail with {code}, and {call} does not"
    yield from unreasonable(evidence, turn, attempt, [_in_contract(evidence, call) for call in attempt.calls])


def _misshapen(attempt: FailedAttempt) -> Iterator[str]:
    if not attempt.faults or any(not fault.strip() or is_unseen(fault) for fault in attempt.faults):
        yield "failed for no reason that is told in words"
    if attempt.size > MOST_CHARACTERS or not attempt.plain:
        yield f"has more than {MOST_CHARACTERS} characters, or some that nobody sees"
    if attempt.calls and attempt.reply:
        yield "makes calls and replies"
    if attempt.cut and (attempt.calls or max(len(attempt.reasoning), len(attempt.reply)) > MOST_KEPT):
        yield f"is cut, and is left with calls or with more than {MOST_KEPT} characters"
    if any(len(fault) > MOST_OF_FAULT for fault in attempt.faults):
        yield f"failed for a reason of more than {MOST_OF_FAULT} characters"


def _is_taken(evidence: Evidence, attempt: FailedAttempt) -> bool:
    """Return True if an attempt is the very message that stands in its place.

    Where a dialogue has no thinking, one that failed for its thinking alone may make the same calls.
    """
    taken = evidence.dialogue.messages[attempt.message]
    thought = taken.get("reasoning_content")
    calls = [call["function"] for call in taken.get("tool_calls", ())]
    made = [{"name": each.name, "arguments": each.arguments} for each in attempt.calls]
    same = attempt.reply == taken["content"] and _written(made) == _written(calls)
    if thought is None:
        return same and not any("reasoning" in fault for fault in attempt.faults)
    return same and attempt.reasoning == thought


def _written(calls: list[JsonObject]) -> str:
    return json.dumps(calls, sort_keys=True)


_FAILS = re.compile(r"(\w[\w.-]*) fails with (\w+):")


def _lightly_said(evidence: Evidence, turn: int, attempt: FailedAttempt) -> Iterator[tuple[str, str]]:
    """Iterate over the calls that the critic said the world refuses, where it does not, and the code it named."""
    said = {fault: (found[1], found[2]) for fault in attempt.faults if (found := _FAILS.match(fault))}
    if attempt.cut:  # what is left of it cannot be run
        return
    refused = set(_refused(evidence, turn, attempt)) if said else set()
    yield from sorted(said[fault] for fault in said.keys() - refused)


def _refused(evidence: Evidence, turn: int, attempt: FailedAttempt) -> Iterator[str]:
    """Run the calls where the message stands, faults of the task included; tell which are refused, and why."""
    before = [call for call in evidence.dialogue.calls if call.message < attempt.message]
    state: State = evidence.states[len(before)]
    made = collections.Counter(call.name for call in before if call.turn == turn)
    for each in attempt.calls:
        call = _in_contract(evidence, each)
        made[call.name] += 1
        fault = fault_at(evidence.dialogue.faults, turn, call.name, made[call.name])
        outcome = refused_by(fault, state) if fault else evidence.domain.apply(state, call)
        if outcome.error is not None:
            yield f"{call.name} fails with {outcome.error.code}: {outcome.error.message}"[:MOST_OF_FAULT]
        state = outcome.state


def _in_contract(evidence: Evidence, call: ToolCall) -> ToolCall:
    view = evidence.dialogue.view
    if view is None or call.name not in {each.offered for each in view.tools}:
        return call
    return ToolCall(*view.contract_call(call.name, call.arguments))
