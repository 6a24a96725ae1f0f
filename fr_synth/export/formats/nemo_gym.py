"""``nemo-gym``: a turn a row, as a request of the responses interface; tools flat, what was said as its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.view import View
from fr_synth.export.formats.format import Format, Row
from fr_synth.export.formats.text import calls_of, compact, functions_of, turn_starts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _rows(example: Example) -> Iterator[Row]:
    tools = [{"type": "function", **function, "strict": False} for function in functions_of(example)]
    turns, view = example.task.turns, example.view or View(())
    for start in turn_starts(example):
        request = {"input": list(_items(start.history)), "tools": tools, "parallel_tool_calls": True}
        shown = [view.offered_call(call.name, call.arguments) for call in turns[start.number].calls]
        truth = [{"name": name, "arguments": compact(arguments)} for name, arguments in shown]
        yield Row({
            "id": f"{example.id}#{start.number}", "responses_create_params": request, "ground_truth": truth,
            "environment": example.domain, "turn": start.number, "task": example.task_text,
        })  # fmt: skip


def _items(messages: Sequence[JsonObject]) -> Iterator[JsonObject]:
    for message in messages:
        if message["role"] == "tool":
            yield {"type": "function_call_output", "call_id": message["tool_call_id"], "output": message["content"]}
            continue
        if message.get("content"):
            yield {"role": message["role"], "content": message["content"]}
        ids = [call["id"] for call in message.get("tool_calls") or ()]
        for name, call in zip(ids, calls_of(message), strict=True):
            yield {
                "type": "function_call", "call_id": name, "name": call["name"], "arguments": compact(call["arguments"])
            }  # fmt: skip


FORMAT = Format(
    name="nemo-gym",
    summary="NeMo Gym: a turn a row, as parameters of a response, with the reference calls",
    rows=_rows,
    usage="ng_collect_rollouts +input_jsonl_fpath=DIR/data/train-00000.jsonl",
    reasoning=(),
    whole=True,
)
