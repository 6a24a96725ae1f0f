"""ToolCall, ToolError, Malformed, Action: what an assistant's message means. ``fr_envs.reading`` reads it."""

from __future__ import annotations

import msgspec

from fr_envs.state import Json, JsonObject

__all__ = ["Action", "Malformed", "ToolCall", "ToolError"]


class ToolCall(msgspec.Struct, frozen=True):
    """One call of a tool.

    Attributes:
        name: Tool to call.
        arguments: Arguments by name; JSON values.
        id: Identifier that the caller gave the call, empty if none.
    """

    name: str
    arguments: JsonObject
    id: str = ""


class ToolError(msgspec.Struct, frozen=True):
    """Why a call did not go through; an observation, never an exception.

    Attributes:
        code: Stable code: one that the tool's contract declares, or one of the codes that every world shares
            (``unknown_tool``, ``invalid_arguments``, ``malformed_call``).
        message: What the agent reads.
        pointer: JSON pointer to the offending argument, empty if it is none in particular.
    """

    code: str
    message: str
    pointer: str = ""

    def to_json(self) -> Json:
        """Return ``{"error": {...}}``, the form in which an agent sees it."""
        body: JsonObject = {"code": self.code, "message": self.message}
        if self.pointer:
            body["pointer"] = self.pointer
        return {"error": body}


class Malformed(msgspec.Struct, frozen=True):
    """What looks like a call and cannot be run: it is answered with an error and never reaches the world.

    Attributes:
        message: What is wrong and how to mend it; the agent reads it.
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
