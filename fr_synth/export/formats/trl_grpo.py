"""``trl-grpo``: a task a row for ``GRPOTrainer`` with an environment; what is beside ``prompt`` goes to ``reset``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row
from fr_synth.export.formats.text import first_messages

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    return {
        "id": example.id, "prompt": first_messages(example), "environment": example.domain, "task": example.task_text,
    }  # fmt: skip


FORMAT = Format(
    name="trl-grpo",
    summary="TRL's GRPOTrainer with environment_factory: the policy and first message, and the task for reset",
    rows=one_row(_row),
    usage=(
        "from datasets import load_dataset\nfrom fr_envs import Session\n\n"
        'dataset = load_dataset("DIR", split="train")\n'
        'session = Session(dataset[0]["environment"])  # as reset(self, *, task, environment, **row) starts it\n'
        'session.reset(dataset[0]["task"])'
    ),
    reasoning=(),
    whole=True,
)
