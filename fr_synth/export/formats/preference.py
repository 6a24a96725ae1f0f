"""``preference``: what was written beside what was rejected in its place, as TRL's ``DPOTrainer`` reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    return {
        "id": example.id,
        "prompt": example.messages[:-1],
        "chosen": example.messages[-1:],
        "rejected": [example.rejected],
        "tools": example.tools,
        "faults": example.faults,
    }


FORMAT = Format(
    name="preference",
    summary="TRL's DPOTrainer: messages beside attempts at them that failed",
    rows=one_row(_row),
    usage=(
        "from datasets import load_dataset\nfrom trl import DPOConfig, DPOTrainer\n\n"
        'dataset = load_dataset("DIR", split="train")\n'
        "config = DPOConfig(max_length=32_768)  # a short one would cut off what the two differ in\n"
        "DPOTrainer(model, args=config, train_dataset=dataset, processing_class=tokenizer).train()"
    ),
    pairs=True,
)
