"""``parquet``: plain columns; what is nested is JSON text, which every version of every reader gives back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Column, Format, Row, one_row
from fr_synth.export.formats.text import compact

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    return {
        "id": example.id, "domain": example.domain, "messages": compact(example.messages), "tools": example.tools,
        "kinds": compact(example.kinds),
    }  # fmt: skip


def _columns(row: Row) -> dict[str, Column]:
    return dict.fromkeys(row.value, "string")


FORMAT = Format(
    name="parquet",
    summary="Parquet with messages, tools and kinds as JSON text",
    rows=one_row(_row),
    usage=(
        "import json\n\nfrom datasets import load_dataset\n\n"
        'dataset = load_dataset("DIR")\nmessages = json.loads(dataset["train"][0]["messages"])'
    ),
    columns=_columns,
)
