"""Schemas as OpenAPI writes them -> JSON Schema 2020-12: the older dialect, and objects put together with ``allOf``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.adapters.references import SHARED

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["examples_of", "modern", "with_examples"]

_LITERAL = frozenset({"const", "default", "enum", SHARED})
_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions"})
_DROPPED = frozenset({"discriminator", "example", "examples", "externalDocs", "xml"})  # examples come back in one form


def modern(schema: Json, *, old: bool, examples: bool = True) -> Json:
    """Return a schema without references in plain JSON Schema 2020-12.

    Args:
        schema: The schema.
        old: It is of OpenAPI 3.0: ``nullable``, and ``exclusiveMinimum`` as a switch.
        examples: Keep the examples, as a list with each plain value.
    """
    if isinstance(schema, list):
        return [modern(item, old=old, examples=examples) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        name: _member(name, value, old=old, examples=examples) for name, value in schema.items() if name not in _DROPPED
    }
    made = _typed(_merged(made))
    if examples:
        made = with_examples(made, examples_of(schema))
    return _nullable(_bounds(made)) if old else made


def _typed(schema: JsonObject) -> JsonObject:
    """Say of a schema with members and nothing else that it is an object: many documents leave that to be seen."""
    members = schema.get("properties")
    if not isinstance(members, dict) or not members or schema.keys() & _SAYS_MORE:
        return schema
    return {"type": "object", **schema}


_SAYS_MORE = frozenset({"type", "$ref", "allOf", "anyOf", "oneOf", "not", "if", "enum", "const", "items"})


def examples_of(node: JsonObject) -> list[Json]:
    """Return the examples of a schema, a parameter or a body: a list, a member of its own, or objects by name."""
    given = node.get("examples")
    found: list[Json] = list(given) if isinstance(given, list) else []
    if isinstance(given, dict):
        found = [each["value"] for each in given.values() if isinstance(each, dict) and "value" in each]
    if node.get("example") is not None and node["example"] not in found:
        found.insert(0, node["example"])
    return found


def with_examples(schema: JsonObject, given: list[Json]) -> JsonObject:
    """Return a schema with examples, those of objects and lists with their members and items.

    Example:
        >>> with_examples({"properties": {"name": {"type": "string"}}}, [{"name": "Rex"}])
        {'properties': {'name': {'type': 'string', 'examples': ['Rex']}}}
    """
    if not given or not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("properties"), dict):
        rows = [each for each in given if isinstance(each, dict)]
        members = {
            name: with_examples(part, [row[name] for row in rows if row.get(name) is not None])
            for name, part in schema["properties"].items()
        }
        return {**schema, "properties": members}
    if isinstance(schema.get("items"), dict):
        items = [item for each in given if isinstance(each, list) for item in each]
        return {**schema, "items": with_examples(schema["items"], items)}
    known = schema.get("examples", [])
    plain = [each for each in given if each is not None and not isinstance(each, dict | list)]
    more = [each for k, each in enumerate(plain) if each not in known and each not in plain[:k]]
    return {**schema, "examples": [*known, *more]} if more else schema


def _member(name: str, value: Json, *, old: bool, examples: bool = True) -> Json:
    if name in _LITERAL:
        return value
    if name in _NAMED and isinstance(value, dict):
        return {key: modern(each, old=old, examples=examples) for key, each in value.items()}
    return modern(value, old=old, examples=examples)


def _bounds(schema: JsonObject) -> JsonObject:
    made = dict(schema)
    for switch, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(switch), bool):
            on = made.pop(switch)
            if on and bound in made:
                made[switch] = made.pop(bound)
    return made


def _nullable(schema: JsonObject) -> JsonObject:
    if schema.get("nullable") is not True:
        return {name: value for name, value in schema.items() if name != "nullable"}
    made: JsonObject = {name: value for name, value in schema.items() if name != "nullable"}
    notes: JsonObject = {name: made.pop(name) for name in ("description", "title", "default") if name in made}
    return {"anyOf": [made, {"type": "null"}], **notes}


def _merged(schema: JsonObject) -> JsonObject:
    """Lay plain objects under ``allOf`` together into one; anything else stays as it is."""
    parts = schema.get("allOf")
    if not isinstance(parts, list) or not parts:
        return schema
    rest = {name: value for name, value in schema.items() if name != "allOf"}
    if len(parts) == 1 and isinstance(parts[0], dict) and not rest.keys() - {"description", "title", "default"}:
        return {**parts[0], **rest}
    pieces = [*parts, rest]
    if not all(_is_plain(piece) for piece in pieces):
        return schema
    properties = {name: part for piece in pieces for name, part in piece.get("properties", {}).items()}
    required = sorted({name for piece in pieces for name in piece.get("required", ())})
    notes = {name: piece[name] for piece in pieces for name in ("title", "description") if name in piece}
    return {"type": "object", "properties": properties, **({"required": required} if required else {}), **notes}


def _is_plain(piece: Json) -> bool:
    if not isinstance(piece, dict) or not piece.keys() <= _PLAIN or piece.get("type", "object") != "object":
        return False
    required = piece.get("required", [])
    named = isinstance(required, list) and all(isinstance(name, str) for name in required)
    return named and isinstance(piece.get("properties", {}), dict)


_PLAIN = frozenset({"type", "properties", "required", "description", "title"})
