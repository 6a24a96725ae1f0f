"""Offer: the tools that are offered now, in the form in which reading needs them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Offer", "Parameters", "Tools", "bare_name", "offer_of", "typed"]

_PREFIX = re.compile(r"(?:(?:multi_tool_use|functions?|tools?|default_api|api|assistant)[.:/]+)+")
_SUFFIX = re.compile(r"(?:\.call|[:#]\d+)\Z")
_KEPT = 64
"""Lists of tools whose offers are remembered."""

_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_LEAF = ("integer", "number")


class Parameters(NamedTuple):
    """The parameters of a tool.

    Attributes:
        schemas: JSON Schema of each, in the order declared.
        required: Names of those that must be given.
    """

    schemas: Mapping[str, Mapping[str, Json]]
    required: frozenset[str]

    @property
    def sole(self) -> str | None:
        """The one that a bare value must be meant for: the only required one, or the only one."""
        names = tuple(self.required) if len(self.required) == 1 else tuple(self.schemas)
        return names[0] if len(names) == 1 else None

    def covers(self, names: Sequence[str]) -> bool:
        """Say whether some names are parameters, and all required ones are among them."""
        return self.schemas.keys() >= set(names) and self.required <= set(names)


class Offer:
    """The tools offered now.

    Args:
        tools: As OpenAI, Anthropic or MCP lists them; what is none of these is left out.

    Example:
        >>> offer = Offer([{"name": "cd", "inputSchema": {"properties": {"path": {"type": "string"}}}}])
        >>> offer.resolve("functions.cd"), "rm" in offer
        ('cd', False)
    """

    __slots__ = ("_tools",)

    def __init__(self, tools: Sequence[JsonObject]) -> None:
        """Take names and parameters out of the tools."""
        self._tools = dict(filter(None, map(_tool, tools)))

    def __contains__(self, name: object) -> bool:
        return name in self._tools

    def __getitem__(self, name: str) -> Parameters:
        return self._tools[name]

    def parameters(self) -> Iterable[Parameters]:
        """Return the parameters of each tool."""
        return self._tools.values()

    def resolve(self, name: str) -> str:
        """Return the offered name that is meant by ``functions.mkdir``, ``mkdir:0``, ``mkdir.call``; else the same."""
        if name in self._tools:
            return name
        bare = bare_name(name)
        return bare if bare in self._tools else bare_name(_PREFIX.sub("", name) or name)

    def value(self, tool: str, parameter: str, written: str) -> Json:
        """Return the value that a text between tags stands for, by the parameter's schema."""
        schema = self._tools[tool].schemas.get(parameter) if tool in self._tools else None
        return typed(written, schema)


Tools: TypeAlias = "Offer | Sequence[JsonObject] | None"


def bare_name(name: str) -> str:
    """Return a name without the namespace and the number that some models write around it."""
    return _SUFFIX.sub("", _PREFIX.sub("", name, count=1)) or name


def _tool(given: Json) -> tuple[str, Parameters] | None:
    if not isinstance(given, Mapping):
        return None
    inner = given.get("function")
    body = inner if isinstance(inner, Mapping) else given
    name = body.get("name")
    found = (body.get(key) for key in ("parameters", "input_schema", "inputSchema"))
    schema = next((s for s in found if isinstance(s, Mapping)), {})
    properties, required = schema.get("properties"), schema.get("required")
    schemas = {k: v if isinstance(v, Mapping) else {} for k, v in (properties or {}).items()} if isinstance(
        properties, Mapping) else {}  # fmt: skip
    needed = frozenset(n for n in required if isinstance(n, str)) if isinstance(required, list | tuple) else frozenset()
    return (name, Parameters(schemas, needed)) if isinstance(name, str) else None


_offers: dict[int, tuple[Sequence[JsonObject], int, Offer]] = {}


def offer_of(tools: Tools) -> Offer | None:
    """Return the offer of some tools; remembered by the list's identity. None if the tools are unknown."""
    if tools is None or isinstance(tools, Offer):
        return tools
    kept = _offers.get(id(tools))
    if kept is not None and kept[0] is tools and kept[1] == len(tools):
        return kept[2]
    offer = Offer(tools)
    while len(_offers) >= _KEPT:
        _offers.pop(next(iter(_offers)), None)
    _offers[id(tools)] = (tools, len(tools), offer)
    return offer


# ---------------------------------------------------------------------------------------------- values by schema


def _types(schema: Mapping[str, Json]) -> frozenset[str]:
    """Names of the JSON types that a schema allows; empty if it does not say."""
    found: set[str] = set()
    stack: list[Json] = [schema]
    for _ in range(64):
        if not stack:
            break
        part = stack.pop()
        if not isinstance(part, Mapping):
            continue
        kind = part.get("type")
        found.update(n for n in (kind if isinstance(kind, list | tuple) else (kind,)) if isinstance(n, str))
        for key in ("anyOf", "oneOf", "allOf"):
            options = part.get(key)
            stack.extend(options if isinstance(options, list | tuple) else ())
        listed = part.get("enum")
        if kind is None and isinstance(listed, list | tuple):
            found.update(_NAMES.get(type(item), "string") for item in listed[:64])
    return frozenset(found)


_NAMES: dict[type, str] = {bool: "boolean", int: "integer", float: "number", type(None): "null", str: "string"}


def typed(written: str, schema: Mapping[str, Json] | None) -> Json:
    """Return the value that a text between tags stands for; the text itself where a schema or nothing else says so."""
    kinds = frozenset() if schema is None else _types(schema)
    text = _trimmed(written)
    if "string" in kinds and not ("null" in kinds and text.strip() in ("null", "None")):
        return text
    word = text.strip()
    if "boolean" in kinds and word.lower() in _BOOLEANS:
        return _BOOLEANS[word.lower()]
    if word in ("null", "None") and (not kinds or "null" in kinds):
        return None
    return _decoded(word, text, quoted=bool(kinds))


def _decoded(word: str, text: str, *, quoted: bool) -> Json:
    """A JSON value, or the text where it is none; a quoted text is taken out of its quotes only where asked."""
    try:
        value = json.loads(word)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, str) and not quoted else value


def _trimmed(written: str) -> str:
    """Without the one line break after the opening and before the closing tag."""
    text = written.removeprefix("\r\n") if written.startswith("\r\n") else written.removeprefix("\n")
    return text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
