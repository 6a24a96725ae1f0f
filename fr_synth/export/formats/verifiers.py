"""``verifiers``: a task a row, with the policy and first message as prompt and the task as JSON text in ``info``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row
from fr_synth.export.formats.text import first_messages

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    turn = example.task.turns[0]
    return {
        "id": example.id, "prompt": first_messages(example), "answer": turn.reply, "task": example.domain,
        "info": example.task_text,
    }  # fmt: skip


FORMAT = Format(
    name="verifiers",
    summary="verifiers: prompt, reference answer and the task in info",
    rows=one_row(_row),
    usage=(
        "from datasets import load_dataset\nfrom fr_envs import Session\n\n"
        'dataset = load_dataset("DIR", split="train")\n'
        'session = Session(dataset[0]["task"])\nsession.reset(dataset[0]["info"])'
    ),
    reasoning=(),
    whole=True,
)
