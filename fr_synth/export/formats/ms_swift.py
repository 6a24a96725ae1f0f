"""``ms-swift``: OpenAI messages with thinking in the content, as its reader drops what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    return {"id": example.id, "messages": example.messages, "tools": example.tools}


FORMAT = Format(
    name="ms-swift",
    summary="ms-swift: OpenAI messages, thinking inside the content",
    rows=one_row(_row),
    usage="swift sft --dataset DIR/data/train-00000.jsonl --loss_scale last_round  # that is for --split-turns",
    reasoning=("inline", "none"),
    arguments=("text", "object"),
)
