"""A call of a tool, and why one did not go through."""

from __future__ import annotations

import msgspec

from fr_envs.json_values import Json, JsonObject

__all__ = ["ToolCall", "ToolError"]


class ToolCall(msgspec.Struct, frozen=True, gc=False):
    """One call of a tool.

    Attributes:
        name: Tool to call.
        arguments: Arguments by name; JSON values.
        id: Identifier that the caller gave the call, empty if none.
    """

    name: str
    arguments: JsonObject
    id: str = ""


class ToolError(msgspec.Struct, frozen=True, gc=False):
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
