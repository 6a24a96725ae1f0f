"""The rule that a read which nobody needs is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_synth.verify.evidence import Evidence

__all__ = ["not_idle"]

_MOST = 1  # distractors of a turn


def not_idle(evidence: Evidence, own: Sequence[int], needed: Collection[int]) -> Iterator[str]:
    """Iterate over what is wrong with the calls of a turn that are marked as distractors.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
        needed: Those of them that something needs.
    """
    calls, tools = evidence.dialogue.calls, evidence.domain.spec.tools
    idle = [number for number in own if calls[number].distractor]
    if len(idle) > _MOST:
        yield f"calls {', '.join(map(str, idle))} are distractors of one turn, which may have {_MOST}"
    for number in idle:
        name, before, after = calls[number].name, evidence.states[number], evidence.states[number + 1]
        if tools[name].effect != "read" or before.digest != after.digest:
            yield f"call {number} ({name}) is marked as a distractor and changes the world"
        if number in needed or calls[number].wanted:
            yield f"call {number} ({name}) is marked as a distractor and needed"
        if calls[number].error is not None:
            yield f"call {number} ({name}) is marked as a distractor and fails"
