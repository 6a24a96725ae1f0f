"""``sharegpt``: conversations of system, human, gpt and tool, with calls and results between tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row
from fr_synth.export.formats.text import calls_of, compact

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]

_ROLES = {"system": "system", "user": "human", "assistant": "gpt", "tool": "tool"}


def _row(example: Example) -> JsonObject:
    said = [{"from": _ROLES[message["role"]], "value": _value(message)} for message in example.messages]
    return {"id": example.id, "conversations": said, "tools": example.tools}


def _value(message: JsonObject) -> str:
    content: str = message.get("content") or ""
    if message["role"] == "tool":
        return f"<tool_response>\n{content}\n</tool_response>"
    calls = [f"<tool_call>\n{compact(call)}\n</tool_call>" for call in calls_of(message)]
    return content + "\n".join(calls)


FORMAT = Format(
    name="sharegpt",
    summary="ShareGPT conversations with calls between <tool_call> tags",
    rows=one_row(_row),
    usage='from datasets import load_dataset\n\ndataset = load_dataset("DIR")',
    reasoning=("inline", "none"),
    arguments=("object",),
)
