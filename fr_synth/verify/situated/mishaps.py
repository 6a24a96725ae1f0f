"""What is thought and said in a situation when something goes wrong: words of the one list that there is for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.faults import FAULT_CODES
from fr_synth.language.mishaps import OUTAGE_REPLIES, mended, mixed_up, noun_of, slip_kind, undoing
from fr_synth.verify.mishaps import corrected, right_call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.episode.faults import FaultCode
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence

__all__ = ["is_wished", "outage_in", "outage_replies", "set_right"]


def outage_in(evidence: Evidence, number: int) -> FaultCode | None:
    """Return the code of the fault for which a turn ends without what was asked for; None where there is none."""
    unmet = evidence.dialogue.turns[number].goal.unmet
    return next((code for code in FAULT_CODES if code == unmet), None)


def outage_replies(evidence: Evidence, number: int) -> tuple[str, ...]:
    """Return the replies that a turn may end with in which something fails for good; none where nothing does."""
    code = outage_in(evidence, number)
    return () if code is None else OUTAGE_REPLIES[code]


def is_wished(evidence: Evidence, number: int) -> bool:
    """Return True if a call is one that the person asks for, or an attempt at it that goes wrong."""
    calls = evidence.dialogue.calls
    call = calls[number]
    if call.error is None and call.purpose != "slip":
        return call.user_requested
    right = right_call(calls, number, works=True)
    return right.user_requested if right is not None else call.purpose == "needed"


def set_right(evidence: Evidence, own: Sequence[int], number: int) -> tuple[str, ...]:
    """Return what may be thought before a call that sets right what went wrong just before; nothing for any other.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
        number: The call.
    """
    calls = evidence.dialogue.calls
    if number - 1 not in own:
        return ()
    before = calls[number - 1]
    if calls[number].purpose == "undo":
        return undoing(_noun(evidence, number - 1))
    if before.purpose == "undo" and number - 2 in own:
        return mixed_up(_noun(evidence, number - 2), undone=True)
    if before.purpose == "slip" and before.error is None:
        return mixed_up(_noun(evidence, number - 1), undone=False)
    if before.purpose == "slip":
        return (
            mended(slip_kind(str(value))) if (value := _wrong(evidence, number - 1)) is not None else mended("missing")
        )
    return next((mended(code) for code in FAULT_CODES if code == before.error), ())


def _noun(evidence: Evidence, number: int) -> str:
    call, name = evidence.dialogue.calls[number], corrected(evidence, number)
    right = right_call(evidence.dialogue.calls, number)
    if right is None or name not in evidence.domain.spec.tools[call.name].parameters:
        return ""
    return noun_of(evidence.domain.spec, call.name, name, str(right.arguments.get(name)))


def _wrong(evidence: Evidence, number: int) -> object | None:
    """Return what a wrongly written argument should have been; None for one that was left out."""
    call, name = evidence.dialogue.calls[number], corrected(evidence, number)
    right: CallRecord | None = right_call(evidence.dialogue.calls, number)
    return None if right is None or name not in call.arguments else right.arguments.get(name)
