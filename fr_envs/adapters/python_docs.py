"""What a Python object's methods say about themselves: hints, docstrings or given function docs -> ToolSpec."""

from __future__ import annotations

import inspect
import re
import typing
from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.errors import SpecError
from fr_envs.spec import Field, Parameter, ToolSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_envs.state import Json, JsonObject

__all__ = ["ERRORS", "docs_by_name", "public_methods", "tool_from_docs", "tool_from_method"]

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
_ARGUMENT = re.compile(r"^\s*(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
_SECTION = re.compile(r"^(Args|Arguments|Parameters|Returns|Raises|Yields|Examples?|Notes?)\s*:\s*$")


def public_methods(kind: type) -> dict[str, Callable[..., Any]]:
    """Return the methods that are tools, by name, sorted: the public ones; what is no function is none."""
    found: dict[str, Callable[..., Any]] = {}
    for name, member in inspect.getmembers_static(kind):
        function = member.__func__ if isinstance(member, staticmethod | classmethod) else member
        if not name.startswith("_") and inspect.isfunction(function):
            found[name] = function
    return found


def docs_by_name(docs: Iterable[Mapping[str, Json]]) -> dict[str, JsonObject]:
    """Index function docs by name; each is bare, or wrapped as an OpenAI tool is.

    Raises:
        SpecError: One has no name.
    """
    found: dict[str, JsonObject] = {}
    for index, given in enumerate(docs):
        doc = given.get("function", given)
        if not isinstance(doc, dict) or not isinstance(doc.get("name"), str):
            raise SpecError("<docs>", f"/{index}", "is no function's doc", 'give {"name", "description", "parameters"}')
        found[doc["name"]] = doc
    return found


def tool_from_docs(doc: JsonObject, method: Callable[..., Any]) -> ToolSpec:
    """Build a tool from its function doc; defaults come from the method's signature.

    Raises:
        SpecError: The doc declares a parameter that the method does not take.
    """
    schema = doc.get("parameters", {})
    required = set(schema.get("required", ()))
    signature = _signature(method)
    open_ended = any(p.kind is p.VAR_KEYWORD for p in signature.values())
    parameters = {}
    for name, body in schema.get("properties", {}).items():
        if name not in signature and not open_ended:
            problem = "is in the doc but no parameter of the method"
            raise SpecError("<docs>", f"/{doc['name']}/parameters/{name}", problem, "take it out or add it")
        default = _default(signature[name]) if name in signature else None
        parameters[name] = Parameter(name, _field(body), name in required, None if name in required else default)
    returns = doc.get("response", {}).get("properties") or {"result": {}}
    return _tool(doc["name"], doc.get("description", ""), parameters, {n: _field(b) for n, b in returns.items()})


def tool_from_method(name: str, method: Callable[..., Any]) -> ToolSpec:
    """Build a tool from a method's hints and Google docstring."""
    summary, described, returned = _docstring(inspect.getdoc(method) or "")
    hints = _hints(method)
    parameters = {}
    for key, parameter in _signature(method).items():
        if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        field = Field(schema=_hint_schema(hints.get(key)), description=described.get(key, ""))
        required = parameter.default is parameter.empty
        parameters[key] = Parameter(key, field, required, None if required else _default(parameter))
    result = hints.get("return")
    if typing.is_typeddict(result):
        members = typing.get_type_hints(result)
        optional: frozenset[str] = getattr(result, "__optional_keys__", frozenset())
        returns = {n: Field(schema=_hint_schema(hint), optional=n in optional) for n, hint in members.items()}
    else:
        returns = {"result": Field(schema=_hint_schema(result), description=returned)}
    return _tool(name, summary, parameters, returns)


def _tool(name: str, text: str, parameters: dict[str, Parameter], returns: dict[str, Field]) -> ToolSpec:
    return ToolSpec(name, text.strip() or f"{name}.", parameters, returns, effect="write", errors=dict(ERRORS))


def _signature(method: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    given = inspect.signature(method).parameters
    return {name: p for name, p in given.items() if name not in {"self", "cls"}}


def _default(parameter: inspect.Parameter) -> Json:
    """Return the default where JSON can say it, else None: "not given"."""
    try:
        value: Json = msgspec.json.decode(msgspec.json.encode(parameter.default))
    except (TypeError, ValueError, msgspec.MsgspecError):
        return None
    return value


def _field(body: JsonObject) -> Field:
    text = str(body.get("description", ""))
    kind = _TYPES.get(body.get("type", ""), body.get("type", ""))
    if kind == "array" and isinstance(body.get("items"), dict):
        return Field(array=_field(body["items"]), description=text)
    if kind == "object" and body.get("properties"):
        members = {name: msgspec.structs.replace(_field(b), optional=True) for name, b in body["properties"].items()}
        return Field(object=members, description=text)
    schema: JsonObject = {"type": kind} if kind in _JSON_TYPES else {}
    return Field(schema=schema | {key: body[key] for key in _KEPT if key in body}, description=text)


def _hints(method: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(method)
    except (NameError, TypeError):  # a hint for type checkers alone names what is not there
        return {}


def _hint_schema(hint: Any) -> JsonObject:  # noqa: ANN401 - a type form
    if hint is None or hint is Any:
        return {}
    try:
        schema = msgspec.json.schema(hint)
    except (TypeError, ValueError, NotImplementedError):
        return {}
    if "$defs" in schema:  # references would point nowhere inside a contract
        return {"type": "object"} if "$ref" in schema else {}
    schema.pop("default", None)
    return schema


def _docstring(text: str) -> tuple[str, dict[str, str], str]:
    """Split a Google docstring into what stands before its sections, the arguments' texts, and the result's."""
    sections: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        heading = _SECTION.match(line)
        current = heading[1] if heading else current
        sections.setdefault(current, [])
        if not heading:
            sections[current].append(line)
    arguments: dict[str, str] = {}
    last = ""
    for line in next((sections[key] for key in ("Args", "Arguments", "Parameters") if key in sections), []):
        found = _ARGUMENT.match(line)
        if found:
            last = found[1]
            arguments[last] = found[2].strip()
        elif last and line.strip():
            arguments[last] += f" {line.strip()}"
    joined = {key: " ".join(line.strip() for line in lines if line.strip()) for key, lines in sections.items()}
    return joined[""], arguments, joined.get("Returns", "")
