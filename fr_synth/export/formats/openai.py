"""``openai``: chat rows for fine-tuning; no thinking, arguments as text, earlier answers of a part without weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.example import tools_in
from fr_synth.export.formats.format import Format, one_row

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    last = len(example.messages) - 1
    messages = [
        _message(message, weighed=example.step is None or at == last) for at, message in enumerate(example.messages)
    ]
    several = any(len(message.get("tool_calls", ())) > 1 for message in messages)
    return {"messages": messages, "tools": tools_in(example.tools), "parallel_tool_calls": several}


def _message(message: JsonObject, *, weighed: bool) -> JsonObject:
    match message["role"]:
        case "tool":
            return {"role": "tool", "tool_call_id": message["tool_call_id"], "content": message["content"]}
        case "assistant":
            found = {"role": "assistant", "content": message.get("content") or None}
            found |= {"tool_calls": message["tool_calls"]} if message.get("tool_calls") else {}
            return found if weighed else {**found, "weight": 0}
        case role:
            return {"role": role, "content": message["content"]}


FORMAT = Format(
    name="openai",
    summary="fine-tuning rows of OpenAI's chat form",
    rows=one_row(_row),
    usage='client.files.create(file=open("DIR/data/train-00000.jsonl", "rb"), purpose="fine-tune")',
    reasoning=("none", "inline"),
    arguments=("text",),
)
