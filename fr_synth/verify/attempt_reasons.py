"""Why an attempt at a message was not taken: each reason is one that a check gives, and holds of what was written.

The checks that the reasoner's answers go through say what they find in fixed forms. Of each form it can be told from
the attempt and the replay whether it was so; a reason of no such form is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.episode.judging.verdicts import answer_said
from fr_envs.episode.task import judge
from fr_envs.json_values import leaves_of
from fr_synth.verify.faithful import leads_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_envs.world.tool_call import ToolCall
    from fr_synth.trace.failed_attempt import FailedAttempt
    from fr_synth.verify.evidence import Evidence

__all__ = ["unreasonable"]


def unreasonable(evidence: Evidence, turn: int, attempt: FailedAttempt, calls: Sequence[ToolCall]) -> Iterator[str]:
    """Iterate over what is wrong with the reasons for which an attempt is said to have failed.

    Args:
        evidence: The record and its replay.
        turn: Number of the turn.
        attempt: The attempt.
        calls: Its calls in the contract's names.
    """
    if attempt.cut:  # what is left of it shows neither
        return
    for fault in attempt.faults:
        holds = next((holds for form, holds in _FORMS if re.match(form, fault)), None)
        if holds is None:
            yield f"is said to have failed since {fault[:80]!r}, which no check says"
        elif not holds(_Case(evidence, turn, attempt, tuple(calls)), fault):
            yield f"is said to have failed since {fault[:80]!r}, which is not so"
    blank = not attempt.calls and not attempt.reply.strip()
    if blank and "the reply is empty" not in attempt.faults:
        yield "is empty, and is not said to be"


class _Case(NamedTuple):
    """An attempt in its place.

    Attributes:
        evidence: The record and its replay.
        turn: Number of the turn.
        attempt: The attempt.
        calls: Its calls in the contract's names.
    """

    evidence: Evidence
    turn: int
    attempt: FailedAttempt
    calls: tuple[ToolCall, ...]

    @property
    def replies(self) -> bool:
        """Whether it makes no call."""
        return not self.calls


def _is_silent(case: _Case, _fault: str) -> bool:
    return not case.attempt.reasoning.strip()


def _is_empty(case: _Case, _fault: str) -> bool:
    return case.replies and not case.attempt.reply.strip()


def _does_not_lead(case: _Case, fault: str) -> bool:
    name = fault.rsplit(" ", 1)[-1]
    reasoning = case.evidence.in_contract(case.attempt.reasoning)
    return any(call.name == name and not leads_to(reasoning, call, None) for call in case.calls)


def _fails(case: _Case, fault: str) -> bool:
    return any(fault.startswith(f"{call.name} fails with ") for call in case.calls)  # which is run elsewhere


def _is_untold(case: _Case, fault: str) -> bool:
    goal = case.evidence.dialogue.turns[case.turn].goal
    untold = (each for each in goal.answers if not answer_said(case.attempt.reply, each))
    return case.replies and any(fault == f"the reply does not tell {each.text!r}" for each in untold)


def _is_unreached(case: _Case, fault: str) -> bool:
    """Return True if the turn's goal is not reached at this point, in just this respect."""
    evidence, turn = case.evidence, case.evidence.dialogue.turns[case.turn]
    calls = evidence.dialogue.calls
    first = sum(call.turn < case.turn for call in calls)
    now = sum(call.message < case.attempt.message for call in calls)
    since = calls[0 if turn.kind == "no_call" else first : now]
    results = [call.result for call in since if call.error is None]
    silent = msgspec.structs.replace(turn.goal, mentions=(), unmet="")
    verdict = judge(silent, evidence.states[first], evidence.states[now], results, "")
    said = [f"not reached yet: {text}" for text in verdict.missing]
    said += [f"nobody asked for the change of {each.table}[{each.key}]" for each in verdict.forbidden]
    return case.replies and fault in said


def _is_told_by_nobody(case: _Case, fault: str) -> bool:
    name, _, rest = fault.partition(": ")
    pointer = rest.partition(" ")[0]
    return any(call.name == name and pointer in dict(leaves_of(call.arguments)) for call in case.calls)


def _are_several(case: _Case, _fault: str) -> bool:
    return len(case.calls) > 1


def _says_something(case: _Case, _fault: str) -> bool:
    return case.replies and bool(case.attempt.reply.strip())


def _has_words(case: _Case, fault: str) -> bool:
    words = re.search(r"(?:speaks of|knows) (['\"])(.*)\1", fault)
    return words is None or words[2].lower() in case.evidence.in_contract(case.attempt.reasoning).lower()


_FORMS: tuple[tuple[str, Callable[[_Case, str], bool]], ...] = (
    (r"there is no reasoning$", _is_silent),
    (r"the reply is empty$", _is_empty),
    (r"the reasoning does not lead to [\w.-]+$", _does_not_lead),
    (r"[\w.-]+ fails with \w+: ", _fails),
    (r"the reply does not tell ", _is_untold),
    (r"not reached yet: |nobody asked for the change of ", _is_unreached),
    (r"[\w.-]+: \S* was told by nobody", _is_told_by_nobody),
    (r"these calls depend on their order", _are_several),
    (r"the reply (?:lacks|passes results on)|.*; tell what is so$", _says_something),
    (r"the reasoning (?:speaks of|knows|names) ", _has_words),
)
"""Forms in which the checks of an answer say what is wrong with it, each with what has to be so then."""
