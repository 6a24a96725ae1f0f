"""Types as tool lists spell them -> JSON Schema: ``str``, ``list[int]``, ``Optional[Dict[str, Any]]``, "int, optional".

JSON Schema has seven types. Lists that people and models wrote have Python's, Java's and the database's, in capitals,
with items in brackets and "optional" behind a comma. A text is parsed here, never evaluated.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["TypeText", "read_type"]


class TypeText(NamedTuple):
    """What a type's text says.

    Attributes:
        schema: JSON Schema; empty for anything.
        optional: The text says whether a value may be left out; None where it says nothing of that.
    """

    schema: JsonObject
    optional: bool | None


_PLAIN: dict[str, JsonObject] = {
    name: schema
    for names, schema in (
        ("string str text char character varchar name file filepath path bytes byte base64 binary", {"type": "string"}),
        ("integer int int32 int64 long short bigint uint natural", {"type": "integer"}),
        ("number float float32 float64 double decimal numeric real complex num", {"type": "number"}),
        ("boolean bool", {"type": "boolean"}),
        ("null none nonetype void nil", {"type": "null"}),
        ("any anytype all mixed unknown variant", {}),
        ("date", {"type": "string", "format": "date"}),
        ("datetime timestamp date-time", {"type": "string", "format": "date-time"}),
        ("time", {"type": "string", "format": "time"}),
        ("email", {"type": "string", "format": "email"}),
        ("uri url", {"type": "string", "format": "uri"}),
        ("uuid guid", {"type": "string", "format": "uuid"}),
        ("enum literal select", {"type": "string"}),
        ("object dict dictionary map mapping hashmap json record struct hash typeddict", {"type": "object"}),
        ("array list arraylist sequence iterable collection vector tuple ndarray", {"type": "array"}),
        ("set frozenset hashset", {"type": "array", "uniqueItems": True}),
        ("function callable", {"type": "string"}),
    )
    for name in names.split()
}  # fmt: skip
_WORD = r"[A-Za-z_][\w.-]*"
_VALUE = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?"""
_TOKEN = re.compile(rf"\s*(?:{_WORD}|\.\.\.|\[\]|[\[\]<>(){{}}|,?]|{_VALUE})")
_OPENING = {"[": "]", "<": ">", "(": ")", "{": "}"}
_BEHIND = re.compile(r"[,;(]\s*(optional|required|nullable|default\b.*|by default\b.*)\)?\s*$", re.IGNORECASE)
_OF = re.compile(r"^\s*(?:an?\s+)?(array|list|set|tuple|sequence)s?\s+of\s+(.+)$", re.IGNORECASE)
_EITHER = re.compile(r"\s+or\s+", re.IGNORECASE)
_LONGEST = 400  # characters of a type's text
_DEEPEST = 20  # brackets inside brackets


def read_type(text: str) -> TypeText:
    """Return what a type's text means.

    Raises:
        ValueError: It names no type that is known; the message says which word.

    Example:
        >>> read_type("List[int], optional")
        TypeText(schema={'type': 'array', 'items': {'type': 'integer'}}, optional=True)
        >>> read_type("str | None").schema
        {'type': ['string', 'null']}
    """
    if len(text) > _LONGEST:
        raise ValueError("a type of more than 400 characters")
    optional: bool | None = None
    body = text.strip()
    while found := _BEHIND.search(body):
        word = found[1].lower()
        optional = word != "required" if word in {"optional", "required"} else True
        body = body[: found.start()].strip()
    lead, _, rest = body.partition(" ")
    if lead.lower().strip(",") in {"optional", "required"} and rest:
        optional, body = lead.lower().startswith("optional"), rest.strip()
    schema = _schema(body, 0)
    if optional is None and re.match(r"(typing\.)?optional\s*\[", body, re.IGNORECASE):
        optional = True
    return TypeText(schema, optional)


def _schema(text: str, depth: int) -> JsonObject:
    listed = _OF.match(text)
    if listed and depth < _DEEPEST:
        items = _schema(listed[2], depth + 1)
        return {**_PLAIN[listed[1].lower()], **({"items": items} if items else {})}
    parts = _EITHER.split(text)
    if len(parts) > 1 and depth < _DEEPEST:
        return _either([_schema(part, depth + 1) for part in parts])
    reading = _Reading(text)
    schema = reading.union(0)
    if reading.left:
        raise ValueError(f"{reading.left[0]!r} in the type {text!r}")
    return schema


class _Reading:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left: list[str] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise ValueError(f"the type {text!r}")
            self.left.append(found[0].strip())
            at = found.end()

    def taken(self, *wanted: str) -> str:
        if self.left and (not wanted or self.left[0] in wanted):
            return self.left.pop(0)
        return ""

    def union(self, depth: int) -> JsonObject:
        if depth > _DEEPEST:
            raise ValueError("a type that is nested too deep")
        options = [self.suffixed(depth)]
        while self.taken("|"):
            options.append(self.suffixed(depth))
        return _either(options)

    def suffixed(self, depth: int) -> JsonObject:
        """Read a type and what stands behind it: ``str[]``, ``str?``."""
        schema = self.single(depth)
        while mark := self.taken("[]", "?"):
            schema = _either([schema, {"type": "null"}]) if mark == "?" else _listed(schema)
        return schema

    def single(self, depth: int) -> JsonObject:
        token = self.taken()
        word = token.rpartition(".")[2].lower()
        inner = _OPENING.get(self.left[0]) if self.left else None
        if inner is not None and re.match(r"[A-Za-z_]", token):
            self.taken()
            return self.generic(word, inner, depth)
        if token in {"[", "("}:
            items = self.arguments(_OPENING[token], depth)
            return _listed(items[0]) if len(items) == 1 and token == "[" else _either(items)
        word = word if word in _PLAIN else word.removesuffix("s")  # a list of integers
        if word not in _PLAIN:
            raise ValueError(f"{token or 'nothing'!r} in the type {self.text!r}")
        return dict(_PLAIN[word])

    def generic(self, word: str, closing: str, depth: int) -> JsonObject:
        if word in {"literal", "enum"}:
            return self.literal(closing)
        if word not in {*_PLAIN, "optional", "union", "annotated", "required", "notrequired"}:
            raise ValueError(f"{word!r} in the type {self.text!r}")
        inner = self.arguments(closing, depth)
        if word == "optional":
            return _either([*inner, {"type": "null"}])
        if word == "union":
            return _either(inner)
        return _filled(word, inner)

    def literal(self, closing: str) -> JsonObject:
        values: list[Json] = []
        while (token := self.taken()) != closing:
            if not token:
                raise ValueError(f"an open bracket in the type {self.text!r}")
            if token != ",":
                values.append(ast.literal_eval(token) if token[0] in "'\"-0123456789" else token)
        return {"enum": values} if values else {"type": "string"}

    def arguments(self, closing: str, depth: int) -> list[JsonObject]:
        found = []
        while not self.taken(closing):
            if not self.left:
                raise ValueError(f"an open bracket in the type {self.text!r}")
            if self.taken(",", "..."):
                continue
            found.append(self.union(depth + 1))
        return found


def _filled(word: str, inner: list[JsonObject]) -> JsonObject:
    """Return a type with what stands in its brackets."""
    if word not in _PLAIN:  # Annotated, Required
        return inner[0] if inner else {}
    schema = dict(_PLAIN[word])
    if not inner:
        return schema
    if schema.get("type") == "object":
        return {**schema, "additionalProperties": inner[-1]} if inner[-1] else schema
    if schema.get("type") != "array":
        return schema
    if word == "tuple" and len(inner) > 1:
        return {**schema, "prefixItems": inner, "minItems": len(inner), "maxItems": len(inner)}
    return {**schema, "items": inner[0]} if inner[0] else schema


def _listed(schema: JsonObject) -> JsonObject:
    return {"type": "array", "items": schema} if schema else {"type": "array"}


def _either(options: list[JsonObject]) -> JsonObject:
    """Return the schema of a value of any of some types."""
    once = [option for k, option in enumerate(options) if option not in options[:k]]
    if len(once) == 1 or {} in once:
        return once[0] if len(once) == 1 else {}
    if all(option.keys() == {"type"} and isinstance(option["type"], str) for option in once):
        names = [option["type"] for option in once]
        if set(names) == {"integer", "number"}:
            return {"type": "number"}
        return {"type": names}
    return {"anyOf": once}
