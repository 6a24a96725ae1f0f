"""How much is read, and what a value may hold: whatever passes here can be pickled, encoded and sent on."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fr_envs.json_values import Json

__all__ = [
    "FORM",
    "MAX_CALLS",
    "MAX_DEPTH",
    "MAX_TEXT",
    "MAX_VALUES",
    "MAX_WHOLE",
    "fault_of",
    "kind_of",
    "mended",
    "writable",
]

FORM = 'write {"name": "<tool>", "arguments": {…}}'
"""What every message about a broken call ends with."""

MAX_CALLS = 128
"""Calls that one message may hold."""

MAX_DEPTH = 64
"""Levels of lists and objects inside the arguments of a call."""

MAX_VALUES = 200_000
"""Values, counted at every level, that the arguments of a call may hold."""

MAX_TEXT = 1 << 19
"""Characters of a text in which calls are looked for."""

MAX_WHOLE = 1 << 25
"""Characters of a text that is one JSON value from end to end, or of words without any mark of a call."""

_HALF = re.compile("[\ud800-\udfff]")
_LEAST_INT, _MOST_INT = -(1 << 63), (1 << 64) - 1
_FLAT = frozenset({bool, type(None)})
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}


def kind_of(value: Json) -> str:
    """Return what a value is, in words: "a list", "nothing"."""
    if value is None or (isinstance(value, list | tuple) and not value):
        return "nothing"
    return _KINDS.get(type(value), f"a value of type {type(value).__name__}")


def mended(text: str) -> str:
    """Return a text with halves of surrogate pairs, which no encoding can write, replaced."""
    if text.isascii():
        return text
    return _HALF.sub("\ufffd", text) if _HALF.search(text) else text


def fault_of(arguments: Json) -> str:
    """Return why arguments cannot be kept, encoded or sent; empty if they can.

    O(size) up to ``MAX_VALUES`` values and ``MAX_DEPTH`` levels, beyond which a fault is returned; values that hold
    themselves are thereby too deep.

    Example:
        >>> fault_of({"amount": float("nan")})
        'hold a number that is not finite; give a number'
        >>> fault_of({"amount": 1.5})
        ''
    """
    level: list[Json] = [arguments]
    count = 0
    for _ in range(MAX_DEPTH + 1):
        below: list[Json] = []
        for value in level:
            found = _inside(value)
            if found.__class__ is str:
                return str(found)
            below.extend(found)
            count += len(value)
        if count > MAX_VALUES:
            return f"hold more than {MAX_VALUES:,} values; give fewer"
        if not below:
            return ""
        level = below
    return f"are nested too deeply, more than {MAX_DEPTH} levels; give flat arguments"


_HALF_FAULT = "hold a text that is no Unicode (half a surrogate pair); give whole characters"


def _inside(value: Json) -> str | list[Json]:
    """The containers directly inside a container, or a fault."""
    if len(value) > MAX_VALUES:
        return f"hold more than {MAX_VALUES:,} values; give fewer"
    if isinstance(value, Mapping):
        fault = next(filter(None, map(_key_fault, value)), "")
        if fault:
            return fault
        value = value.values()
    found: list[Json] = []
    for item in value:
        kind = item.__class__
        if kind in _FLAT or (kind is str and item.isascii()):
            continue
        if isinstance(item, dict | list | tuple):
            found.append(item)
        elif fault := _leaf_fault(item):
            return fault
    return found


def _key_fault(key: Json) -> str:
    if not isinstance(key, str):
        return "have a name that is no text; give an object by parameter"
    return _HALF_FAULT if _HALF.search(key) else ""


def _leaf_fault(item: Json) -> str:
    kind = item.__class__
    if kind is str:
        return _HALF_FAULT if _HALF.search(item) else ""
    return _number(item) if kind is int or kind is float else f"hold {kind_of(item)}; give JSON values"


def _number(value: float) -> str:
    if isinstance(value, int):
        return "" if _LEAST_INT <= value <= _MOST_INT else "hold an integer of more than 64 bits; give a smaller one"
    return "" if math.isfinite(value) else "hold a number that is not finite; give a number"


def writable(given: Json) -> Json:
    """Return what was handed over; where no file can hold it (nested without end, half a character), words instead."""
    if isinstance(given, str):
        return mended(given)
    if given is None or isinstance(given, bool | int | float):
        return given if not isinstance(given, float) or math.isfinite(given) else str(given)
    if isinstance(given, dict | list | tuple):
        fault = fault_of(given)
        return f"what cannot be written down: values that {fault}" if fault else given
    return f"what cannot be written down: {kind_of(given)}"
