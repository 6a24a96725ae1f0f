"""``inspect``: a task a sample for inspect_ai, with the first messages as input and the reference reply as target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row
from fr_synth.export.formats.text import first_messages

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    task = example.task
    return {
        "id": example.id,
        "input": first_messages(example),
        "target": task.turns[0].reply,
        "metadata": {
            "domain": example.domain, "kinds": example.kinds, "turns": len(task.turns), "task": example.task_text
        },
    }  # fmt: skip


FORMAT = Format(
    name="inspect",
    summary="samples for inspect_ai: input, target, and the task in the metadata",
    rows=one_row(_row),
    usage='from inspect_ai.dataset import json_dataset\n\ndataset = json_dataset("DIR/data/train-00000.jsonl")',
    reasoning=(),
    whole=True,
)
