"""Where arguments go in a request, and how they are written there: ``style`` and ``explode`` as the standard says.

Values are percent-encoded by themselves, so that what delimits them stays apart from what stands in them. A null is not
written. What no style can say (an empty segment of a path, a header of more than a line) is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json

__all__ = ["STYLES", "ParameterPlace", "Where", "cookie_of", "header_of", "pairs_of", "segment_of"]

Where = Literal["path", "query", "header", "cookie", "body", "whole_body"]

STYLES: Mapping[str, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
"""The styles of each part of a request, the one that is taken if none is given first."""

_RESERVED = ":/?#[]@!$&'()*+,;="
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


class ParameterPlace(NamedTuple):
    """Where an argument goes in a request.

    Attributes:
        where: Part of the request; ``whole_body`` is the body itself, ``body`` a member of it.
        name: Name there.
        style: How it is written, one of ``STYLES``.
        explode: Each item of a list, each member of an object is written apart.
        reserved: Characters that mean something in a URL stay as they are.
        as_json: It is written as JSON text.
    """

    where: Where
    name: str
    style: str = "form"
    explode: bool = True
    reserved: bool = False
    as_json: bool = False


def segment_of(place: ParameterPlace, value: Json) -> str:
    """Return what stands for a parameter in a path.

    Raises:
        Refusal: It would be nothing, which leads to another path.

    Example:
        >>> segment_of(ParameterPlace("path", "ids", "label", explode=True), [3, "a/b"])
        '.3.a%2Fb'
    """
    if value in ("", None, [], {}):
        raise Refusal("tool_failed", f"A path cannot hold an empty {place.name}.")
    if place.as_json:
        return quote(json.dumps(value, ensure_ascii=False), safe="")
    if place.style == "matrix":
        written = "".join(f";{name}={text}" if text else f";{name}" for name, text in _apart(place, value, ","))
    else:
        items = _items(place, value)
        between = "." if place.style == "label" and place.explode else ","
        written = ("." if place.style == "label" and items else "") + between.join(items)
    if not written:
        raise Refusal("tool_failed", f"A path cannot hold an empty {place.name}.")
    return written.replace(".", "%2E") if written.strip(".") == "" else written  # dots alone lead to another path


def pairs_of(place: ParameterPlace, value: Json) -> list[str]:
    """Return the pairs ``name=value`` of a parameter in a query, or in a form.

    Example:
        >>> pairs_of(ParameterPlace("query", "tag", "pipeDelimited", explode=False), ["a b", "c"])
        ['tag=a%20b%7Cc']
        >>> pairs_of(ParameterPlace("query", "filter", "deepObject"), {"from": 1, "to": 2})
        ['filter%5Bfrom%5D=1', 'filter%5Bto%5D=2']
    """
    if place.as_json:
        return [f"{quote(place.name, safe='')}={quote(json.dumps(value, ensure_ascii=False), safe='')}"]
    if place.style == "deepObject" and isinstance(value, dict):
        return [f"{quote(name, safe='')}={text}" for name, text in _deep(place, place.name, value)]
    return [f"{name}={text}" for name, text in _apart(place, value, _DELIMITERS.get(place.style, ","))]


def header_of(place: ParameterPlace, value: Json) -> str:
    """Return a header's value.

    Raises:
        Refusal: It cannot stand in a header.
    """
    if place.as_json:
        text = json.dumps(value)
    elif isinstance(value, dict):
        text = ",".join(f"{k}={_text(v)}" if place.explode else f"{k},{_text(v)}" for k, v in value.items())
    else:
        text = ",".join(map(_text, value)) if isinstance(value, list) else _text(value)
    if not text.isprintable() or not text.isascii():
        raise Refusal("tool_failed", "A header can hold printable ASCII characters only.")
    return text


def cookie_of(place: ParameterPlace, value: Json) -> str:
    """Return a cookie, or several in one line."""
    return "; ".join(pairs_of(place, value))


def _deep(place: ParameterPlace, name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _deep(place, f"{name}[{key}]", part)
    elif isinstance(value, list):
        for part in value:
            yield from _deep(place, name, part)
    elif value is not None:
        yield name, _quoted(place, value)


def _apart(place: ParameterPlace, value: Json, delimiter: str) -> list[tuple[str, str]]:
    """Return names and values: one pair, or where it explodes one for each item or member."""
    name = quote(place.name, safe="")
    if isinstance(value, dict | list) and not place.explode:
        written = _items(place, value)
        return [(name, delimiter.join(written))] if written else []
    if isinstance(value, dict):
        return [(quote(key, safe=""), _quoted(place, part)) for key, part in value.items() if part is not None]
    items = value if isinstance(value, list) else [value]
    return [(name, _quoted(place, item)) for item in items if item is not None]


def _items(place: ParameterPlace, value: Json) -> list[str]:
    """Return the texts that a value comes to where all of it stands in one place."""
    if isinstance(value, list):
        return [_quoted(place, item) for item in value if item is not None]
    if not isinstance(value, dict):
        return [_quoted(place, value)]
    members = [(quote(key, safe=""), _quoted(place, part)) for key, part in value.items() if part is not None]
    if place.explode:
        return [f"{key}={text}" for key, text in members]
    return [text for member in members for text in member]


def _quoted(place: ParameterPlace, value: Json) -> str:
    return quote(_text(value), safe=_RESERVED if place.reserved and place.where == "query" else "")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
