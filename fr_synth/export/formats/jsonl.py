"""``jsonl``: the rows as they are, one dialogue a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT", "plain"]


def plain(example: Example) -> JsonObject:
    """Return a row with the members of ``dialogues.jsonl``."""
    return {
        "id": example.id, "domain": example.domain, "messages": example.messages, "tools": example.tools,
        "kinds": example.kinds, "traits": example.traits, "mistakes": example.mistakes,
    }  # fmt: skip


FORMAT = Format(
    name="jsonl",
    summary="plain JSON lines: messages, tools as JSON text, kinds of the turns",
    rows=one_row(plain),
    usage='from datasets import load_dataset\n\ndataset = load_dataset("DIR")',
)
