"""The rule that a read which nobody needs is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_synth.verify.evidence import Evidence

__all__ = ["distractor_faults"]

_MOST = 1  # distractors of a turn


def distractor_faults(evidence: Evidence, own: Sequence[int], needed: Collection[int]) -> Iterator[str]:
    """Iterate over what is wrong with the calls of a turn that are marked as distractors.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
        needed: Those of them that something needs.
    """
    calls, tools = evidence.dialogue.calls, evidence.domain.spec.tools
    distractor = [number for number in own if calls[number].distractor]
    if len(distractor) > _MOST:
        yield f"calls {', '.join(map(str, distractor))} are distractors of one turn, which may have {_MOST}"
    for number in distractor:
        name, before, after = calls[number].name, evidence.states[number], evidence.states[number + 1]
        if tools[name].effect != "read" or before.digest != after.digest:
            yield f"call {number} ({name}) is marked as a distractor and changes the world"
        if number in needed or calls[number].user_requested:
            yield f"call {number} ({name}) is marked as a distractor and needed"
        if calls[number].error is not None:
            yield f"call {number} ({name}) is marked as a distractor and fails"
