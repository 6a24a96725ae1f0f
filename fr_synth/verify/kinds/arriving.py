"""Turns with which tools come that were missing: announced as they are, missing before, and used at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.schemas import openai_tools
from fr_synth.trace.arrivals import announced_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.evidence import Evidence

__all__ = ["arrivals"]


def arrivals(evidence: Evidence, number: int) -> Iterator[str]:
    """What a message announces was missing right before it, stands there as it is offered, and is called."""
    dialogue = evidence.dialogue
    turn = dialogue.turns[number]
    told = announced_in(str(dialogue.messages[turn.message]["content"])).tools
    known = evidence.lens.openai_tools if evidence.lens is not None else None
    own = known or {tool["function"]["name"]: tool for tool in openai_tools(evidence.domain.spec)}
    if list(told) != [own.get(name) for name in turn.announced]:
        yield "it announces other tools than those that come with it, or otherwise than they are offered"
    if not turn.announced:
        return
    before = dialogue.turns[number - 1] if number else None
    missing = before.awaited if before is not None and before.kind == "missing_tool" else None
    if missing is None or set(turn.announced) != {missing.tool}:
        yield "it announces tools of which none was missing in the turn before it"
        return
    if turn.kind != "act" or not dialogue.offered:
        yield "tools come with a turn that is not to be acted on, or all were there from the beginning"
    calls = [call for call in dialogue.calls if call.turn == number and call.name == missing.tool]
    if not any(call.error is None and call.arguments == missing.arguments for call in calls):
        yield f"{missing.tool} has come, and is not called for what was wanted"
