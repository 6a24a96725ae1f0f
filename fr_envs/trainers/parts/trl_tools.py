"""Tools as Python methods whose type hints and docstring say what their schemas say, as far as that can be said."""

from __future__ import annotations

import inspect
import json
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import JsonObject

__all__ = ["described", "hint_of", "method_of"]

_HINTS: Mapping[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}
_SAID_BY_HINTS = frozenset({"type", "description", "enum", "items", "title"})


def method_of(function: JsonObject) -> Callable[..., str]:
    """Return a method that calls a tool by its name; what is not given is left to the world.

    Args:
        function: The tool without its envelope: ``name``, ``description``, ``parameters``.
    """
    name, schema = function["name"], function["parameters"]

    def method(world: Any, /, **arguments: Any) -> str:  # noqa: ANN401 - what a model gives
        given = {key: value for key, value in arguments.items() if value is not None or key in required}
        told: str = world._call(name, given)
        return told

    required = set(schema.get("required", ()))
    parameters = [inspect.Parameter("_world", inspect.Parameter.POSITIONAL_ONLY)]
    hints: dict[str, Any] = {}
    members = schema.get("properties", {})
    odd = {key: each for key, each in members.items() if not key.isidentifier() or iskeyword(key)}  # no hint names them
    lines = [
        f"{function['description']} Also takes: {json.dumps(odd)}" if odd else function["description"],
        "",
        "Args:",
    ]
    for key, each in sorted(members.items(), key=lambda item: item[0] not in required):
        if key in odd:
            continue
        hint = hint_of(each)
        hints[key] = hint if key in required else hint | None
        default = inspect.Parameter.empty if key in required else None
        parameters.append(
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[key])
        )
        lines.append(f"    {key}: {described(each)}")
    if not hints:
        lines = lines[:1]
    method.__name__ = method.__qualname__ = name
    method.__doc__ = "\n".join([*lines, "", "Returns:", "    The result as JSON."])
    method.__signature__ = inspect.Signature(parameters, return_annotation=str)  # type: ignore[attr-defined]
    method.__annotations__ = hints | {"return": str}
    return method


def hint_of(schema: JsonObject) -> Any:  # noqa: ANN401 - a type hint
    """Return the type hint that says most of a schema."""
    if schema.get("enum"):
        return Literal[tuple(schema["enum"])]
    if "anyOf" in schema or "oneOf" in schema:
        return _union([hint_of(each) for each in schema.get("anyOf") or schema["oneOf"]])
    kind = schema.get("type")
    if isinstance(kind, list):
        return _union([hint_of({**schema, "type": each}) for each in kind])
    if kind == "array":
        return list[hint_of(schema["items"])] if schema.get("items") else list  # type: ignore[misc]
    return _HINTS.get(kind or "", dict)


def _union(hints: list[Any]) -> Any:  # noqa: ANN401 - a type hint
    whole = hints[0]
    for hint in hints[1:]:
        whole = whole | hint
    return whole


def described(schema: JsonObject) -> str:
    """Return a description on one line, and after it what a hint cannot say."""
    text = " ".join(str(schema.get("description", "")).split())
    more = {key: value for key, value in schema.items() if key not in _SAID_BY_HINTS}
    if schema.get("items") and set(schema["items"]) - {"type"}:
        more["items"] = schema["items"]
    if not more:
        return text
    return f"{text} Schema: {json.dumps(more, ensure_ascii=False)}".strip()
