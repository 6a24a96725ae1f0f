"""Calls for which a yes is wanted: somebody has asked for them, and what was to be confirmed comes after the yes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.situation.conditions import matches
from fr_synth.verify.kinds.waiting import orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence

__all__ = ["consented"]

_YES = re.compile(
    r"\b(?:yes|yeah|yep|yup|aye|sure|okay|ok|go|do|please|right|correct|exactly|absolutely|certainly|confirm\w*|agreed?|"
    r"fine|indeed|of course|let's|all clear|definitely)\b",
    re.IGNORECASE,
)


def consented(evidence: Evidence, number: int) -> Iterator[str]:
    """Every grave call of a turn is one that the person asks for, and none comes before the yes that was waited for."""
    for call in evidence.dialogue.calls:
        if call.turn == number and _is_grave(evidence, call):
            yield from _ordered(evidence, call)


def _is_grave(evidence: Evidence, call: CallRecord) -> bool:
    tool = evidence.domain.spec.tools.get(call.name)
    works = call.error is None and call.purpose != "slip"
    return works and tool is not None and tool.consent is not None and matches(tool.consent, call.arguments)


def _ordered(evidence: Evidence, call: CallRecord) -> Iterator[str]:
    turns = evidence.dialogue.turns
    if turns[call.turn].kind != "act":
        yield f"{call.name} wants a yes, and is called in a turn that is not to be acted on"
    if not call.user_requested:
        yield f"{call.name} wants a yes, and nobody has asked for it"
    for number, turn in enumerate(turns):
        awaited = turn.awaited
        if turn.kind != "confirm" or awaited is None or awaited.tool != call.name:
            continue
        if number >= call.turn and awaited.arguments == call.arguments:
            yield f"{call.name} is called before the yes that is waited for in turn {number}"
        if number == call.turn - 1 and not _agrees(evidence, call):
            yield f"{call.name} is called, and the message says no yes to it"


def _agrees(evidence: Evidence, call: CallRecord) -> bool:
    said = evidence.user_text(call.turn)
    return _YES.search(said) is not None or orders(said, evidence.domain.spec.tools[call.name])
