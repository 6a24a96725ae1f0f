"""FailedAttempt: what a reasoner wrote in the place of a message, and why it was not taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.unseen import is_unseen, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import JsonObject

__all__ = ["MOST_CHARACTERS", "MOST_KEPT", "MOST_OF_FAULT", "FailedAttempt"]

MOST_CHARACTERS = 16_000
"""Characters of thought, calls (as JSON) and reply that are kept of an attempt; a longer one is kept in part."""

MOST_KEPT = 1_000
"""Characters of thought and of reply that are kept of one that is too long."""
MOST_OF_FAULT = 2_000
"""Characters that are kept of what the critic says of one fault."""


class FailedAttempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An attempt at a message that was not taken.

    Attributes:
        message: Index of the message that stands in its place.
        faults: What the critic found, in words; one or more.
        reasoning: What was thought before it.
        calls: The calls that it makes, in the names that the dialogue shows.
        reply: What it says where it makes no call.
        cut: It was too long, or held characters that nobody sees: this is what is left of it.
    """

    message: int
    faults: tuple[str, ...]
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = ()
    reply: str = ""
    cut: bool = False

    @property
    def size(self) -> int:
        """Characters of thought, calls and reply."""
        return len(self.reasoning) + len(self.reply) + len(_json(self.calls))

    @property
    def plain(self) -> bool:
        """Whether every character of thought, calls and reply can be seen."""
        return not is_unseen(self.reasoning + self.reply + _json(self.calls))

    @classmethod
    def of(cls, message: int, answer: JsonObject, faults: Sequence[str]) -> FailedAttempt:
        """Return an answer of a reasoner as it is kept.

        Args:
            message: Index of the message that was to be written.
            answer: Its reasoning, calls and reply.
            faults: What the critic found.
        """
        calls = tuple(ToolCall(call["name"], call["arguments"]) for call in answer["calls"])
        reply = "" if calls else str(answer["reply"] or "")
        told = tuple(fault[:MOST_OF_FAULT] for fault in faults)
        whole = cls(message, told, str(answer["reasoning"]), calls, reply)
        if whole.size <= MOST_CHARACTERS and whole.plain:
            return whole
        return cls(message, told, seen(whole.reasoning[:MOST_KEPT]), (), seen(reply[:MOST_KEPT]), cut=True)

    def as_message(self, first: int, *, thinking: bool) -> JsonObject:
        """Return the message that it would have been.

        Args:
            first: Number of its first call in the dialogue.
            thinking: Whether the dialogue has thinking.
        """
        thought: JsonObject = {"reasoning_content": self.reasoning} if thinking else {}
        made: JsonObject = {"tool_calls": [_wire(k, call) for k, call in enumerate(self.calls, first)]}
        return {"role": "assistant", "content": self.reply, **thought, **(made if self.calls else {})}


def _wire(number: int, call: ToolCall) -> JsonObject:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": f"call_{number}", "type": "function", "function": function}


def _json(calls: Sequence[ToolCall]) -> str:
    return json.dumps([[call.name, call.arguments] for call in calls], ensure_ascii=False) if calls else ""
