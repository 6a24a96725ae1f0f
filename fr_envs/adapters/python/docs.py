"""What a Python object's methods say about themselves: hints, docstrings or given function docs -> foreign tools.

Both are turned into JSON Schemas and nothing more; ``fr_envs.adapters.foreign`` makes the contract of them, as of every
other foreign tool.
"""

from __future__ import annotations

import contextlib
import inspect
import types
import typing
from typing import TYPE_CHECKING, Any

from fr_envs.adapters.foreign import ForeignTool, effect_by_name
from fr_envs.adapters.python.docstrings import docstring_parts
from fr_envs.adapters.python.values import plain, schema_of
from fr_envs.errors import SpecError
from fr_envs.json_values import pointer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["ERRORS", "by_place_alone", "hints_of", "tools_of_docs", "tools_of_methods"]

ERRORS = {
    "tool_failed": "The tool failed.",
    "time_limit": "The tool took too long and was stopped.",
    "no_json": "The tool gave what cannot be shown.",
}
"""Codes with which any tool of a Python object can refuse."""

_TYPES = {
    "dict": "object", "float": "number", "tuple": "array", "list": "array", "str": "string", "int": "integer",
    "bool": "boolean",
}  # fmt: skip
"""Names that function docs use besides those of JSON Schema."""

_JSON_TYPES = frozenset({"object", "number", "array", "string", "integer", "boolean", "null"})
_KEPT = ("enum", "minimum", "maximum", "pattern", "minLength", "maxLength", "format")


def tools_of_docs(
    docs: Iterable[Mapping[str, Json]], methods: Mapping[str, Callable[..., Any]], source: str
) -> Iterator[ForeignTool | SpecError]:
    """Iterate over the tools that function docs describe, each doc bare or wrapped as an OpenAI tool is.

    Defaults come from the methods' signatures. A doc that fits no method gives its fault.
    """
    for index, given in enumerate(docs):
        doc = given.get("function", given)
        if not isinstance(doc, dict) or not isinstance(doc.get("name"), str):
            fix = 'give {"name", "description", "parameters"}'
            yield SpecError("<docs>", f"/{index}", "is no function's doc", fix)
        elif doc["name"] not in methods:
            yield SpecError(
                source, pointer_of([doc["name"]]), "the object has no such public method", "take the doc out"
            )
        else:
            yield _tool_of_doc(doc, methods[doc["name"]])


def tools_of_methods(methods: Mapping[str, Callable[..., Any]]) -> Iterator[ForeignTool]:
    """Iterate over the tools that methods are by their hints and docstrings."""
    for name, method in methods.items():
        yield _tool_of_method(name, method)


def _tool_of_doc(doc: JsonObject, method: Callable[..., Any]) -> ForeignTool | SpecError:
    given = doc.get("parameters", {})
    required = list(given.get("required", ()))
    signature = _signature(method)
    open_ended = any(p.kind is p.VAR_KEYWORD for p in signature.values())
    properties: JsonObject = {}
    for name, body in given.get("properties", {}).items():
        if name not in signature and not open_ended:
            problem = "is in the doc but no parameter of the method"
            return SpecError("<docs>", pointer_of([doc["name"], "parameters", name]), problem, "take it out or add it")
        default = _default(signature[name]) if name in signature and name not in required else None
        properties[name] = _schema(body) | ({} if default is None else {"default": default})
    answered = doc.get("response", {}).get("properties")
    returns = None if not answered else {
        "type": "object",
        "properties": {name: _schema(body) for name, body in answered.items()},
        "required": list(answered),
    }  # fmt: skip
    return _tool(doc["name"], str(doc.get("description", "")), (properties, required), returns)


def _tool_of_method(name: str, method: Callable[..., Any]) -> ForeignTool:
    summary, described, returned = docstring_parts(inspect.getdoc(method) or "", _signature(method))
    hints = hints_of(method)
    properties: JsonObject = {}
    required = []
    for key, parameter in _signature(method).items():
        if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        schema = {**schema_of(hints.get(key)), "description": described.get(key, "")}
        default = _default(parameter)
        properties[key] = schema if default is None else {**schema, "default": default}
        if parameter.default is parameter.empty:
            required.append(key)
    result = hints.get("return")
    returns: Json = {**schema_of(result, given=True), "description": returned}
    if returns.get("type") == "object" and returns.get("properties"):
        returns.pop("title", None)
    return _tool(name, summary, (properties, required), returns)


def _tool(name: str, text: str, takes: tuple[JsonObject, list[str]], returns: Json) -> ForeignTool:
    properties, required = takes
    return ForeignTool(
        name=name, description=text.strip() or f"{name}.", returns=returns, effect=effect_by_name(name),
        parameters={"type": "object", "properties": properties, "required": required}, pointer=pointer_of([name]),
        errors=ERRORS,
    )  # fmt: skip


def _signature(method: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    given = inspect.signature(method).parameters
    return {name: p for name, p in given.items() if name not in {"self", "cls"}}


def by_place_alone(method: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters of a method that are given by their place and cannot be named in a call."""
    return tuple(name for name, p in _signature(method).items() if p.kind is p.POSITIONAL_ONLY)


def _default(parameter: inspect.Parameter) -> Json:
    """Return the default where there is one and JSON can say it, else None: "not given"."""
    if parameter.default is parameter.empty:
        return None
    try:
        return plain(parameter.default)
    except (TypeError, ValueError, RecursionError):
        return None


def _schema(body: JsonObject) -> JsonObject:
    """Return the JSON Schema that a function doc means, which has types and words of its own."""
    text = {"description": str(body["description"])} if body.get("description") else {}
    kind = _TYPES.get(body.get("type", ""), body.get("type", ""))
    if kind == "array" and isinstance(body.get("items"), dict):
        return {"type": "array", "items": _schema(body["items"]), **text}
    if kind == "object" and body.get("properties"):
        return {"type": "object", "properties": {n: _schema(b) for n, b in body["properties"].items()}, **text}
    schema: JsonObject = {"type": kind} if kind in _JSON_TYPES else {}
    return schema | {key: body[key] for key in _KEPT if key in body} | text


def hints_of(method: Callable[..., Any]) -> dict[str, Any]:
    """Return the type hints of a method, by parameter, and of its result under ``return``; those that can be read.

    What a hint for type checkers alone names is not there; the other hints are read without it.
    """
    names = getattr(inspect.unwrap(method), "__globals__", {})
    found: dict[str, Any] = {}
    for name, written in getattr(method, "__annotations__", {}).items():
        alone = types.SimpleNamespace(__annotations__={name: written})
        with contextlib.suppress(NameError, TypeError, AttributeError, SyntaxError):
            found |= typing.get_type_hints(alone, names, include_extras=True)
    return found
