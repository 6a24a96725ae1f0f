"""What is thought and said in a situation when something goes wrong: words of the one list that there is for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.faults import FAULT_CODES
from fr_synth.language.mishaps import (
    NOTHING_WRONG,
    WhatWentWrong,
    mended,
    mixed_up,
    slip_kind,
    tried_again,
    what_was_told,
    what_was_wrong,
)
from fr_synth.language.mishaps import outage_replies as replies_to
from fr_synth.verify.mishaps import corrected, misread_in, right_call

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
    return () if code is None else replies_to(code)


def is_wished(evidence: Evidence, number: int) -> bool:
    """Return True if a call is one that the person asks for, or an attempt at it that goes wrong."""
    calls = evidence.dialogue.calls
    call = calls[number]
    if call.error is None and call.purpose != "slip":
        return call.user_requested
    right = right_call(calls, number, works=True)
    return right.user_requested if right is not None else call.purpose == "needed"


def set_right(evidence: Evidence, own: Sequence[int], number: int) -> WhatWentWrong:
    """Return what may be thought before a call that sets right what went wrong just before; nothing for any other.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
        number: The call.
    """
    calls = evidence.dialogue.calls
    if number - 1 not in own:
        return NOTHING_WRONG
    before = calls[number - 1]
    if before.purpose == "slip" and before.error is None:
        return mixed_up({**_case(evidence, number - 1), **misread_in(evidence, number - 1)})
    if before.purpose == "slip":
        wrong, right = _values(evidence, number - 1)
        return mended(slip_kind(wrong, right), _case(evidence, number - 1))
    told = what_was_told(evidence.results[number - 1])
    writes = evidence.domain.spec.tools[before.name].effect == "write"
    again = (tried_again(code, told, writes=writes) for code in FAULT_CODES if code == before.error)
    return next(again, NOTHING_WRONG)


def _case(evidence: Evidence, number: int) -> dict[str, str]:
    """Return what was wrong with a slip, by the names that wordings have for it."""
    call, name = evidence.dialogue.calls[number], corrected(evidence, number)
    right = right_call(evidence.dialogue.calls, number)
    if right is None or name not in evidence.domain.spec.tools[call.name].parameters:
        return {}
    given = (call.arguments, right.arguments)
    told = evidence.results[number] if call.error else None
    return what_was_wrong(evidence.domain.spec, call.name, *given, told)


def _values(evidence: Evidence, number: int) -> tuple[str, str]:
    """Return what a slip has for the argument that is wrong, and what it should have been."""
    call, name = evidence.dialogue.calls[number], corrected(evidence, number)
    right: CallRecord | None = right_call(evidence.dialogue.calls, number)
    return str(call.arguments.get(name)), "" if right is None else str(right.arguments.get(name))
