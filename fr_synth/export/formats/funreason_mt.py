"""``funreason-mt``: the form of the data set released with the paper: a numbered column a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Format, one_row
from fr_synth.export.formats.text import called

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _row(example: Example) -> JsonObject:
    return {str(number): _message(message, example) for number, message in enumerate(example.messages)}


def _message(message: JsonObject, example: Example) -> JsonObject:
    content = message.get("content") or ""
    if message.get("tool_calls"):
        content += called(message)
    found = {"role": message["role"], "content": content}
    return {**found, "tools": example.tools} if message["role"] == "system" else found


def _features(longest: int) -> list[JsonObject]:
    """Return the columns: short dialogues have none of the later ones, which a reader then finds empty."""
    member: list[JsonObject] = [{"name": "role", "dtype": "string"}, {"name": "content", "dtype": "string"}]
    tools: JsonObject = {"name": "tools", "dtype": "string"}
    return [{"name": str(number), "struct": member if number else [*member, tools]} for number in range(longest)]


FORMAT = Format(
    name="funreason-mt",
    summary="the released FunReason-MT form: thinking, then a Python list of calls",
    rows=one_row(_row),
    usage='rows = [json.loads(line) for line in open("DIR/data/train-00000.jsonl")]',
    reasoning=("inline", "none"),
    arguments=("object",),
    features=_features,
)
