"""JSON Schemas of foreign tools -> fields of contracts: shapes become our own where those say the same."""

from __future__ import annotations

import json
import keyword
import re
from typing import TYPE_CHECKING

import jsonschema_rs

from fr_envs.adapters.references import SHARED
from fr_envs.contract.spec import Field, Kind, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.json_values import Json, JsonObject

__all__ = ["SharedKinds", "gives_members", "parameters_of", "plain_text", "returns_of", "unique_name"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


def unique_name(text: str, taken: Iterable[str]) -> str:
    """Return a name that contracts take: ``text`` itself where possible, else its nearest; none of ``taken``."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", text) or "_"
    plain = (plain if _NAME.match(plain) else f"_{plain}")[:64]
    if keyword.iskeyword(plain) or plain == "state":
        plain = f"{plain}_"
    number, name, used = 2, plain, set(taken)
    while name in used:
        name = f"{plain[:60]}_{number}"
        number += 1
    return name


class SharedKinds:
    """Kinds for schemas that many places share, each declared once.

    Attributes:
        kinds: By name.
    """

    def __init__(self) -> None:
        """Know none yet."""
        self.kinds: dict[str, Kind] = {}
        self._names: dict[str, str] = {}
        self._seen: dict[int, tuple[JsonObject, str]] = {}  # each is kept, so that no other gets its id

    def named(self, shared: JsonObject) -> str:
        """Return the kind of what a short schema stands for; see ``SHARED``."""
        if id(shared) not in self._seen:
            self._seen[id(shared)] = shared, self._name(shared)
        return self._seen[id(shared)][1]

    def _name(self, shared: JsonObject) -> str:
        schema = _own(shared["schema"])
        key = json.dumps([shared["name"], schema], sort_keys=True, default=str)
        if key not in self._names:
            plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", shared["name"]).lower()).strip(
                "_"
            )
            name = unique_name(plain if plain[:1].isalpha() else f"shared_{plain}", self.kinds)
            text = plain_text(schema.get("description")) if isinstance(schema, dict) else ""
            kind = Kind(
                name, schema if isinstance(schema, dict) else {}, "open", text or f"A {name.replace('_', ' ')}."
            )
            self.kinds[name], self._names[key] = kind, name
        return self._names[key]


def parameters_of(schema: JsonObject, kinds: SharedKinds) -> tuple[dict[str, Parameter], dict[str, str]]:
    """Return the parameters that a schema of arguments declares, and our name of each -> its owner's."""
    required = set(schema.get("required", ()))
    parameters: dict[str, Parameter] = {}
    arguments: dict[str, str] = {}
    for owned, body in schema.get("properties", {}).items():
        name = unique_name(owned, parameters)
        arguments[name] = owned
        parameters[name] = _parameter(name, body if isinstance(body, dict) else {}, kinds, required=owned in required)
    for owned in sorted(required - set(arguments.values())):  # asked for and not described: anything goes
        name = unique_name(owned, parameters)
        arguments[name] = owned
        parameters[name] = Parameter(name, Field(schema={}), required=True)
    return parameters, arguments


def _parameter(name: str, schema: JsonObject, kinds: SharedKinds, *, required: bool) -> Parameter:
    default = None if required else schema.get("default")
    if default is not None and not jsonschema_rs.is_valid(schema, default):
        default = None  # a default that its own schema refuses is none
    field = _field(schema, kinds)
    if field.nullable and (required or default is not None):
        field = Field(schema=_bare(schema), description=field.description)  # here null is a value of its own
    elif field.nullable:
        field = Field(**{**_parts(field), "nullable": False})  # null stands for "not given"
    return Parameter(name, field, required, default)


def _parts(field: Field) -> JsonObject:
    return {key: getattr(field, key) for key in field.__struct_fields__}


# --------------------------------------------------------------------------------------------------------- fields

_NOTES = frozenset({"description", "title", "default"})
_OBJECT = frozenset({"type", "properties", "required", "additionalProperties"})
_ARRAY = frozenset({"type", "items", "minItems", "maxItems"})


def plain_text(given: Json) -> str:
    """Return a text without the space around it; empty if it is none."""
    return given.strip() if isinstance(given, str) else ""


def _bare(schema: JsonObject) -> JsonObject:
    return {key: value for key, value in schema.items() if key not in _NOTES}


def _field(schema: Json, kinds: SharedKinds, *, optional: bool = False) -> Field:
    """Return the field that says what a schema says, or the schema itself in a field."""
    if not isinstance(schema, dict):
        return Field(schema={} if schema else {"not": {}}, optional=optional)
    description = plain_text(schema.get("description"))
    body, nullable = _without_null(_bare(schema))
    notes: JsonObject = {"description": description, "nullable": nullable, "optional": optional}
    if SHARED in body:
        return Field(kind=kinds.named(body[SHARED]), **notes)
    if _is_object(body):
        required = set(body.get("required", ()))
        members = {n: _field(part, kinds, optional=n not in required) for n, part in body["properties"].items()}
        return Field(object=members, **notes)
    if body.get("type") == "array" and "items" in body and body.keys() <= _ARRAY:
        bounds: JsonObject = {"min_items": body.get("minItems", 0), "max_items": body.get("maxItems")}
        return Field(array=_field(body["items"], kinds), **bounds, **notes) if bounds["max_items"] != 0 else Field(
            schema=_own(body), **notes)  # fmt: skip
    return Field(schema=_own(body), **notes)


def _own(schema: Json) -> Json:
    """Return a schema without the names of what is shared, deep in a place that cannot name it."""
    if isinstance(schema, list):
        return [_own(item) for item in schema]
    return {name: _own(part) for name, part in schema.items() if name != SHARED} if isinstance(schema, dict) else schema


def _without_null(schema: JsonObject) -> tuple[JsonObject, bool]:
    options = schema.get("anyOf")
    beside = {key: value for key, value in schema.items() if key != "anyOf"}
    two = isinstance(options, list) and len(options) == 2 and {"type": "null"} in options
    if two and isinstance(options, list) and beside.keys() <= {"examples"}:
        other = options[options[0] == {"type": "null"}]
        if not isinstance(other, dict) or "description" in other or (beside and "$ref" in other):
            return schema, False
        return {**_bare(other), **_without_nulls(beside)}, True
    kinds = schema.get("type")
    if isinstance(kinds, list) and len(kinds) == 2 and "null" in kinds and not schema.keys() & {"enum", "const"}:
        return {**schema, "type": kinds[kinds[0] == "null"]}, True
    return schema, False


def _without_nulls(beside: JsonObject) -> JsonObject:
    """Return what stands beside options, with no null among the examples."""
    examples = beside.get("examples")
    return {"examples": [each for each in examples if each is not None]} if isinstance(examples, list) else {}


def _is_object(schema: JsonObject) -> bool:
    members = schema.get("properties")
    return (
        schema.get("type") == "object"
        and isinstance(members, dict)
        and bool(members)
        and schema.keys() <= _OBJECT
        and schema.get("additionalProperties", False) is False
        and set(schema.get("required", ())) <= members.keys()
        and all(_NAME.fullmatch(name) for name in members)
    )


def gives_members(schema: Json) -> bool:
    """Return True if a result of this schema is an object whose members are the results; else it is one value."""
    if not isinstance(schema, dict):
        return False
    kept = {key: value for key, value in schema.items() if key in {"type", "properties", "required"}}
    return _is_object(kept) and not {"anyOf", "oneOf", "patternProperties"} & schema.keys()


def returns_of(schema: Json, kinds: SharedKinds, *, members: bool) -> dict[str, Field]:
    """Return the members of a result of a schema; of one that is no object with names, a member ``result``."""
    if schema is None:
        return {"result": Field(schema={}, description="What the tool answers.")}
    if not members:
        return {"result": _field(schema, kinds)}
    required = set(schema.get("required", ()))
    return {name: _field(part, kinds, optional=name not in required) for name, part in schema["properties"].items()}
