"""Turns in which a person lets be what they were asked about: it is not done then, and not later either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.situation.declining import declines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.awaited import Awaited
    from fr_synth.verify.evidence import Evidence

__all__ = ["let_be"]


def let_be(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The turn before asks for a yes to the call, the message says no, and the tool is not called any more."""
    turns, calls = evidence.dialogue.turns, evidence.dialogue.calls
    before = turns[number - 1] if number else None
    if before is None or before.awaited is None or before.kind != "confirm":
        yield "a call is awaited where nothing was asked"
        return
    if (awaited.tool, awaited.arguments) != (before.awaited.tool, before.awaited.arguments):
        yield "it is about another call than the one that was asked about"
    if not declines(evidence.user_text(number)):
        yield "the message does not let be what was asked about"
    if "change_of_mind" not in turns[number].traits:
        yield "what was wanted is let be, and the turn is not marked as a change of mind"
    if any(call.turn >= number and call.name == awaited.tool and call.error is None for call in calls):
        yield f"{awaited.tool} is called all the same"
