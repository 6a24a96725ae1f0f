"""``bfcl``: questions, possible answers and documents of functions, as the Berkeley leaderboard keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Contents, Format, Row
from fr_synth.export.formats.text import compact, python_call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _rows(example: Example) -> Iterator[Row]:
    task = example.task
    world = _class(example.domain)
    name = f"multi_turn_{example.id}"
    calls = [[python_call(call.name, call.arguments) for call in turn.calls] for turn in task.turns]
    yield Row({
        "id": name,
        "question": [[{"role": "user", "content": turn.message}] for turn in task.turns],
        "initial_config": {world: {"domain": task.domain, "seed": task.seed, "scale": task.scale}},
        "path": [f"{world}.{call.name}" for turn in task.turns for call in turn.calls],
        "involved_classes": [world],
    }, "questions")  # fmt: skip
    yield Row({"id": name, "ground_truth": calls}, "possible_answer")


def _class(domain: str) -> str:
    """Return the name of a world as a class: ``paint_shop`` is PaintShop."""
    return "".join(word[:1].upper() + word[1:] for word in domain.replace("+", "_").split("_"))


def _files(contents: Contents) -> Mapping[str, str]:
    """Return the documents of each world's functions, one a line, with ``dict`` for objects."""
    return {
        f"multi_turn_func_doc/{domain}.json": "".join(compact(_document(tool)) + "\n" for tool in tools.values())
        for domain, tools in sorted(contents.tools.items())
    }


def _document(function: JsonObject) -> JsonObject:
    return {
        "name": function["name"],
        "description": function.get("description", ""),
        "parameters": _as_dict(function["parameters"]),
        "response": {"type": "dict", "properties": {}},
    }


def _as_dict(schema: Json) -> Json:
    """Return a schema in which the type of objects is called ``dict``, and that of numbers ``float``."""
    if isinstance(schema, list):
        return [_as_dict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    names = {"object": "dict", "number": "float"}
    kept = {
        key: value if key in {"enum", "const", "default", "examples"} else _as_dict(value)
        for key, value in schema.items()
    }
    if isinstance(kept.get("type"), str):
        kept["type"] = names.get(kept["type"], kept["type"])
    return kept


_VALUES = {"enum", "const", "default", "examples"}  # members of a schema that are no schemas


FORMAT = Format(
    name="bfcl",
    summary="the Berkeley leaderboard's multi-turn form: questions, possible answers, documents of functions",
    rows=_rows,
    usage=(
        "from datasets import load_dataset\n\n"
        'questions, answers = (load_dataset("DIR", part) for part in ("questions", "possible_answer"))'
    ),
    reasoning=(),
    whole=True,
    files=_files,
)
