"""Values that a world shows, each with the words that stand around it."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import Field
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.state import State

__all__ = [
    "Named",
    "fits",
    "in_json",
    "in_state",
    "item_kind",
    "kind_of",
    "likeness",
    "offered",
    "options_of",
    "telling",
    "words",
]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_QUOTED = re.compile(r"""(?:(?<!\w)'|["`])([^"'`\n]{1,40})["'`](?!\w)""")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w|\.\d)")
_LISTED = re.compile(
    r"(?:[:\[(]|such as|e\.g\.|either|options? (?:are|is)|one of)\s*((?:[^.,:;()\[\]\n\"']|\.(?=\w)|,|')+)"
)
_DATES = (("YYYY-MM-DD", "2024-11-15"), ("YYYY-MM-DD", "1990-01-31"), ("MM/YYYY", "12/2028"), ("MM/YY", "12/28"))
_NOISE = frozenset({"the", "of", "a", "an", "to", "by", "in", "for", "get", "set", "s"})

_ENTRY = 3
"""Words that an entry of a list may have; what is longer is prose."""

_CHANCE = 10
"""Whole numbers up to this size are equal by chance too often to tell anything."""

_HUGE = 10_000_000
"""Larger numbers are no arguments: what is computed with them may take for ever."""


class Named(NamedTuple):
    """A value and where it stands.

    Attributes:
        path: Names from the root; ``*`` for the items of an array, ``#`` for the keys of an object.
        value: The value: a text, a number or a truth value.
    """

    path: tuple[str, ...]
    value: Json


def words(text: str) -> frozenset[str]:
    """Split a name into its words, in lower case and without the plural's s."""
    found = (word.lower() for word in _WORD.findall(text))
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found) - _NOISE


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Say how much two sets of words have in common, from 0 to 1."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def telling(value: Json) -> bool:
    """Return True if two equal values of this sort are hardly equal by chance."""
    if isinstance(value, str):
        return len(value) > 1
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) > _CHANCE or value != int(value)


def in_json(value: Json, path: tuple[str, ...] = ()) -> Iterator[Named]:
    """Iterate over the plain values in a JSON value, and over the keys of its objects where they look like data."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield Named((*path, "#"), key)
            yield from in_json(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from in_json(item, (*path, "*"))
    elif value is not None:
        yield Named(path, value)


def in_state(state: State) -> list[Named]:
    """Return what a state holds; text that is JSON is read as such."""
    found: dict[str, Named] = {}
    for table, rows in state.to_json().items():
        for key, row in rows:
            for name, held in (row or {}).items():
                path = (str(key),) if name == "content" else (table, name)
                for each in _unfolded(held, path):
                    found.setdefault(repr(each), each)
    return list(found.values())


def _unfolded(held: Json, path: tuple[str, ...]) -> Iterator[Named]:
    if isinstance(held, str) and (held[:1] in {"{", "[", '"'} or held in {"true", "false"}):
        with contextlib.suppress(ValueError):
            held = json.loads(held)
    yield from _of_content(held, path)


def _of_content(value: Json, path: tuple[str, ...]) -> Iterator[Named]:
    """Read the form in which ``frozen_object`` writes contents: dictionaries as lists of pairs."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list):
        for item in next(iter(value.values())):
            if isinstance(item, list) and len(item) == 2 and isinstance(item[0], str | int):
                yield Named((*path, "#"), item[0])
                yield from _of_content(item[1], (*path, str(item[0])))
            else:
                yield from _of_content(item, (*path, "*"))
    elif isinstance(value, list):
        for item in value:
            yield from _of_content(item, (*path, "*"))
    elif isinstance(value, dict):
        yield from in_json(value, path)
    elif value is not None:
        yield Named(path, value)


def offered(text: str, kind: str) -> list[Json]:
    """Return the values that a description offers: quoted words, listed words, or the numbers in it."""
    if kind in {"number", "integer"}:
        numbers = [float(each) for each in _NUMBER.findall(text)]
        between = [sum(pair) / 2 for pair in itertools.pairwise(numbers)]
        return [int(each) if kind == "integer" else each for each in (*numbers, *between)]
    dates = [date for form, date in _DATES if form in text]
    if dates:
        return [*dates]
    return [word for word in dict.fromkeys([*_QUOTED.findall(text), *_listed(text)]) if word]


def _listed(text: str) -> Iterator[str]:
    """Iterate over what is enumerated: at least two entries of at most three words, after a colon or the like.

    What says who somebody is ("who gives it (person or shop)") enumerates nobody.
    """
    if re.match(r"(?:the )?(?:one |person |name )?(?:of )?whom?\b", text.strip(), re.IGNORECASE):
        return
    for part in _LISTED.findall(text):
        entries = [entry.strip(" \"'`") for entry in re.split(r",\s*(?:or\b|and\b)?|\bor\b|\band\b", part)]
        if len(entries) > 1:
            yield from (entry for entry in entries if 0 < len(entry.split()) <= _ENTRY)


def kind_of(field: Field) -> str:
    """Return the JSON type of a field; empty where any goes."""
    if field.array is not None:
        return "array"
    kind: Json = "object" if field.object is not None else (field.schema or {}).get("type", "")
    return kind if isinstance(kind, str) else ""


def item_kind(field: Field) -> str:
    """Return the JSON type of a field, of an array's items if it is one."""
    return kind_of(field.array) if field.array is not None else kind_of(field)


_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "": (str, int, float),
}  # fmt: skip


def fits(value: Json, kind: str) -> bool:
    """Return True if a plain value is of a JSON type."""
    if isinstance(value, bool) and kind != "boolean":
        return False
    if isinstance(value, int | float) and abs(value) > _HUGE:
        return False
    return isinstance(value, _PYTHON.get(kind, ()))


def options_of(field: Field) -> list[Json]:
    """Return the values that a field's schema or text names."""
    schema: JsonObject = field.schema or {}
    if "enum" in schema:
        return list(schema["enum"])
    if kind_of(field) == "boolean":
        return [True, False]
    return [value for value in offered(field.description, kind_of(field)) if fits(value, kind_of(field))]
