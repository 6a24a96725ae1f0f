"""``trl``: rows for ``SFTTrainer``; parts of dialogues as prompt and completion, for a loss on the last message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    said: JsonObject = {"messages": example.messages, "mistakes": example.mistakes}
    if example.step is not None:
        said = {"prompt": example.messages[:-1], "completion": example.messages[-1:]}
    return {"id": example.id, **said, "tools": example.tools}


FORMAT = Format(
    name="trl",
    summary="TRL's SFTTrainer: conversational rows with tools",
    rows=one_row(_row),
    usage=(
        "from datasets import load_dataset\nfrom trl import SFTConfig, SFTTrainer\n\n"
        'dataset = load_dataset("DIR", split="train")\n'
        "# whole dialogues: the loss on all that the assistant writes; a short max_length would drop rows\n"
        "config = SFTConfig(assistant_only_loss=True, max_length=32_768)\n"
        "SFTTrainer(model, config, train_dataset=dataset, processing_class=tokenizer).train()"
    ),
)
