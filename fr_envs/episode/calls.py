"""Malformed and Action: what an assistant's message means. ``fr_envs.episode.reading`` reads it."""

from __future__ import annotations

import msgspec

from fr_envs.world.tool_call import ToolCall, ToolError

__all__ = ["Action", "Malformed"]


class Malformed(msgspec.Struct, frozen=True):
    """What looks like a call and cannot be run: it is answered with an error and never reaches the world.

    Attributes:
        message: What is wrong and how to fix it; the agent reads it.
        id: Identifier that the caller gave the call, empty if none.
        code: ``malformed_call`` from the readers; a wrapper that puts a fault in a call's place has codes of its own.
    """

    message: str
    id: str = ""
    code: str = "malformed_call"

    @property
    def error(self) -> ToolError:
        """The error that an agent observes."""
        return ToolError(self.code, self.message)


class Action(msgspec.Struct, frozen=True):
    """What an assistant's message means: calls where there are any, else a reply to the user.

    Attributes:
        calls: In the order written.
        text: The reply; what was said beside the calls where there are any.
        reasoning: What was thought before; it plays no part in the episode.
    """

    calls: tuple[ToolCall | Malformed, ...] = ()
    text: str = ""
    reasoning: str = ""
