"""Parameters as tool lists spell them -> JSON Schema 2020-12, members of members included.

What is JSON Schema already stays as it is. Types that are spelled otherwise are read (``type_texts``); members that
stand without ``properties``, as a list, or with ``required`` of their own find their places. What cannot be read is
named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.lists.type_texts import read_type
from fr_envs.errors import SpecError
from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["json_schema", "parameters_object"]

_TYPES = frozenset({"string", "integer", "number", "boolean", "null", "object", "array"})
_INSIDE = ("items", "additionalProperties", "not", "contains", "propertyNames", "additionalItems")
_BRANCHES = ("anyOf", "oneOf", "allOf", "prefixItems")
_GROUPS = ("properties", "patternProperties", "$defs", "definitions")
_KEYWORDS = frozenset({
    *_INSIDE, *_BRANCHES, *_GROUPS, "$anchor", "$comment", "$id", "$ref", "$schema", "const", "default",
    "dependentRequired", "dependentSchemas", "deprecated", "description", "else", "enum", "example", "examples",
    "exclusiveMaximum",
    "exclusiveMinimum", "format", "if", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
    "minProperties", "minimum", "multipleOf", "nullable", "optional", "pattern", "readOnly", "required", "strict",
    "then", "title", "type", "unevaluatedProperties", "uniqueItems", "writeOnly",
})  # fmt: skip
_MEND = "spell it as JSON Schema does: string, integer, number, boolean, object, array"


class _Member(NamedTuple):
    """A member of an object, and whether it must be given; None where nothing says so."""

    schema: Json
    required: bool | None


def parameters_object(given: Json, source: str, pointer: str) -> Json:
    """Return the JSON Schema of a tool's arguments.

    Args:
        given: What the list has in its place: a schema of an object, parameters by name, or a list of parameters.
        source: File or name that errors give.
        pointer: Where it stands there.

    Raises:
        SpecError: Some of it cannot be read.

    Example:
        >>> parameters_object({"city": {"type": "str"}, "days": "int, optional"}, "tools.json", "/0")["required"]
        ['city']
    """
    if given is None:
        return {"type": "object"}
    if isinstance(given, list):
        return _object(
            _by_name(given, source, pointer), {"type": "object"}, _Place(source, pointer, all_required=False)
        )
    if isinstance(given, dict) and not _is_schema(given):
        return _object(given, {"type": "object"}, _Place(source, pointer, all_required=True))
    return json_schema(given, source, pointer)


class _Place(NamedTuple):
    """Where an object stands, and whether its members are required that nothing is said of."""

    source: str
    pointer: str
    all_required: bool


def json_schema(given: Json, source: str, pointer: str) -> Json:
    """Return a schema with every type in it spelled as JSON Schema spells it.

    Args:
        given: The schema, or the text of a type.
        source: File or name that errors give.
        pointer: Where it stands there.

    Raises:
        SpecError: A type cannot be read.
    """
    return _read(given, source, pointer).schema


def _read(given: Json, source: str, pointer: str) -> _Member:
    if isinstance(given, str):  # "city": "str"
        return _typed({}, given, source, pointer)
    if not isinstance(given, dict):
        return _Member(given, None)
    made: JsonObject = {name: value for name, value in given.items() if name not in ("type", "optional")}
    if isinstance(made.get("required"), bool | str):
        made.pop("required")
    made |= {name: _deeper(name, part, source, f"{pointer}/{name}") for name, part in made.items()}
    typed = _typed(made, given.get("type"), source, f"{pointer}/type")
    schema = _with_members(typed.schema, source, pointer)
    return _Member(schema, _said(given, typed.required))


def _deeper(name: str, part: Json, source: str, pointer: str) -> Json:
    """Return a member of a schema with the schemas in it read; ``properties`` comes later."""
    if name in _INSIDE and isinstance(part, dict | str):
        return json_schema(part, source, pointer)
    if name in _BRANCHES and isinstance(part, list):
        return [json_schema(each, source, f"{pointer}/{i}") for i, each in enumerate(part)]
    if name in _GROUPS[1:] and isinstance(part, dict):
        return {key: json_schema(each, source, f"{pointer}/{escape(key)}") for key, each in part.items()}
    return part


def _said(given: JsonObject, by_type: bool | None) -> bool | None:
    """Return whether a member must be given, as far as its own schema says."""
    required, optional = given.get("required"), given.get("optional")
    if isinstance(required, bool | str):
        return str(required).lower() in {"true", "yes"}
    if isinstance(optional, bool):
        return not optional
    return by_type


def _typed(schema: JsonObject, spelled: Json, source: str, pointer: str) -> _Member:
    """Return a schema with its type read, and whether the type's text says that it must be given."""
    if isinstance(spelled, list):
        options = [_typed({}, each, source, f"{pointer}/{i}").schema for i, each in enumerate(spelled)]
        plain = [option.get("type") for option in options if option.keys() == {"type"}]
        same = len(plain) == len(options) and all(isinstance(name, str) for name in plain)
        return _Member({"type": plain, **schema} if same else {"anyOf": options, **schema}, None)
    if spelled is None:
        return _Member(schema, None)
    if not isinstance(spelled, str):
        raise SpecError(source, pointer, f"is no type: {spelled!r:.80}", _MEND)
    if spelled in _TYPES:
        return _Member({"type": spelled, **schema}, None)
    try:
        text = read_type(spelled)
    except ValueError as error:
        raise SpecError(source, pointer, f"is no type that is known: {error}", _MEND) from error
    read = dict(text.schema)
    if "enum" in schema:
        read.pop("enum", None)
        if spelled.lower() in {"enum", "literal"}:
            read.pop("type", None)
    return _Member({**read, **schema}, None if text.optional is None else not text.optional)


def _with_members(schema: JsonObject, source: str, pointer: str) -> JsonObject:
    """Return an object's schema with its members read; those that stand without ``properties`` as well."""
    members = schema.get("properties")
    if not isinstance(members, dict | list):
        stray = {} if schema.get("type") != "object" else {
            name: part for name, part in schema.items() if name not in _KEYWORDS and isinstance(part, dict)
        }  # fmt: skip
        if not stray:
            return schema
        rest = {name: part for name, part in schema.items() if name not in stray}
        return _object(stray, rest, _Place(source, pointer, all_required="required" not in schema))
    if isinstance(members, list):
        members = _by_name(members, source, f"{pointer}/properties")
    rest = {name: part for name, part in schema.items() if name != "properties"}
    return _object(members, {"type": "object", **rest}, _Place(source, f"{pointer}/properties", all_required=False))


def _object(members: Mapping[str, Json], around: JsonObject, place: _Place) -> JsonObject:
    read = {name: _read(part, place.source, f"{place.pointer}/{escape(name)}") for name, part in members.items()}
    listed = around.get("required")
    required = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    for name, member in read.items():
        default = isinstance(member.schema, dict) and "default" in member.schema
        must = member.required if member.required is not None else place.all_required and not default
        if must and name not in required:
            required.append(name)
        elif member.required is False and name in required and not isinstance(listed, list):
            required.remove(name)
    made = {**around, "properties": {name: member.schema for name, member in read.items()}}
    if required:
        made["required"] = required
    elif not isinstance(listed, list):
        made.pop("required", None)
    return made


def _by_name(listed: list[Json], source: str, pointer: str) -> dict[str, Json]:
    """Return parameters that stand in a list, by the name that each gives itself."""
    found: dict[str, Json] = {}
    for i, each in enumerate(listed):
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(name, str) or not name:
            raise SpecError(source, f"{pointer}/{i}", "names no parameter", 'give {"name", "type", "description"}')
        inner = each["schema"] if isinstance(each.get("schema"), dict) else {}
        found[name] = {**inner, **{key: part for key, part in each.items() if key not in ("name", "schema")}}
    return found


def _is_schema(given: JsonObject) -> bool:
    """Return True for the schema of an object, False for parameters by name."""
    members = given.get("properties")
    if (
        not given
        or isinstance(members, list)
        or (isinstance(members, dict) and not isinstance(members.get("type"), str))
    ):
        return True
    if given.keys() & {"$ref", "allOf", "anyOf", "oneOf"}:
        return True
    spelled = given.get("type")
    if isinstance(spelled, str) and (given.keys() <= _KEYWORDS or _type_of(spelled) == "object"):
        return True
    return not all(isinstance(part, dict) or (isinstance(part, str) and _type_of(part)) for part in given.values())


def _type_of(spelled: str) -> Json:
    """Return the JSON type that a text spells; empty if it is none."""
    try:
        return read_type(spelled).schema.get("type", "any")
    except ValueError:
        return ""
