"""JSON values: their types, pointers into them (RFC 6901), and one walk over their leaves."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Json",
    "JsonObject",
    "PlainValue",
    "at_pointer",
    "escape",
    "last_of",
    "leaves_of",
    "member_of",
    "parts_of",
    "pointer_of",
    "scalars",
    "siblings_at",
    "unescape",
    "with_clean_descriptions",
]

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, or a list or string-keyed dict of such.

``Any``, since what is read from such a value is checked where it is used: contracts and schemas say what it is.
"""

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object."""


class PlainValue(NamedTuple):
    """A plain value in a JSON value.

    Attributes:
        pointer: JSON pointer to it; empty where the value itself is plain.
        value: The plain value: None, bool, int, float or str.
    """

    pointer: str
    value: Json


def escape(name: str) -> str:
    """Return a member's name as it stands in a JSON pointer.

    Example:
        >>> escape("a/b")
        'a~1b'
    """
    return name.replace("~", "~0").replace("/", "~1") if "/" in name or "~" in name else name


def unescape(part: str) -> str:
    """Return the member's name that a part of a JSON pointer stands for."""
    return part.replace("~1", "/").replace("~0", "~") if "~" in part else part


def pointer_of(parts: Iterable[str | int]) -> str:
    """Return the JSON pointer that goes through members and items.

    Example:
        >>> pointer_of(["rows", 0, "a/b"])
        '/rows/0/a~1b'
    """
    return "".join(f"/{escape(str(part))}" for part in parts)


def parts_of(pointer: str) -> list[str]:
    """Return the members and items that a JSON pointer goes through, outermost first.

    Example:
        >>> parts_of("/rows/0/a~1b"), parts_of("")
        (['rows', '0', 'a/b'], [])
    """
    return [unescape(part) for part in pointer.split("/")[1:]]


def last_of(pointer: str) -> str:
    """Return the name of the innermost member that a JSON pointer goes through; empty for the whole value.

    Example:
        >>> last_of("/rows/0/a~1b")
        'a/b'
    """
    return unescape(pointer.rpartition("/")[2])


def member_of(pointer: str) -> str:
    """Return the name of the outermost member that a JSON pointer goes through; empty for the whole value.

    Example:
        >>> member_of("/rows/0/name"), member_of("/a~1b")
        ('rows', 'a/b')
    """
    return unescape(pointer[1:].partition("/")[0])


def leaves_of(value: Json, pointer: str = "") -> Iterator[PlainValue]:
    """Iterate over the plain values in a JSON value, depth first; O(size).

    Args:
        value: The value.
        pointer: Where it stands itself.

    Example:
        >>> list(leaves_of({"a/b": [1, {"c": None}]}))
        [PlainValue(pointer='/a~1b/0', value=1), PlainValue(pointer='/a~1b/1/c', value=None)]
    """
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves_of(member, f"{pointer}/{escape(name)}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from leaves_of(item, f"{pointer}/{number}")
    else:
        yield PlainValue(pointer, value)


def scalars(value: Json) -> list[Json]:
    """Return the plain values in a JSON value, depth first: those of ``leaves_of``, several times as fast."""
    found: list[Json] = []
    _collect(value, found)
    return found


def _collect(value: Json, found: list[Json]) -> None:
    if isinstance(value, dict):
        for member in value.values():
            _collect(member, found)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, found)
    else:
        found.append(value)


def at_pointer(value: Json, pointer: str) -> Json:
    """Return what a JSON pointer points at.

    Raises:
        LookupError: Nothing stands there.

    Example:
        >>> at_pointer({"a/b": [1, 2]}, "/a~1b/1")
        2
    """
    for part in parts_of(pointer):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise LookupError(pointer)
    return value


def siblings_at(result: JsonObject, group: str | None) -> list[JsonObject]:
    """Return the objects of a list in a result; none where there is no list."""
    found = [] if group is None else at_pointer(result, group)
    return [item for item in found if isinstance(item, dict)]


def with_clean_descriptions(schema: Json) -> Json:
    r"""Return a JSON Schema whose descriptions, taken from docstrings, stand without the indentation of their source.

    msgspec 0.23 takes it off itself, 0.22 does not, and what is shipped is to be the same with either.

    Example:
        >>> with_clean_descriptions({"description": "One.\n\n    More."})
        {'description': 'One.\n\nMore.'}
    """
    if isinstance(schema, list):
        return [with_clean_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    cleaned = {name: with_clean_descriptions(each) for name, each in schema.items()}
    text = cleaned.get("description")
    return {**cleaned, "description": inspect.cleandoc(text)} if isinstance(text, str) else cleaned
