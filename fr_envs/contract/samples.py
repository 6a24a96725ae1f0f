"""Values drawn from JSON Schemas, so that a space can sample well-formed calls of any tool."""

from __future__ import annotations

import datetime
import math
import string
from typing import TYPE_CHECKING

from fr_envs.contract.schemas import parameters_schema
from fr_envs.errors import UsageError
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["sample_arguments", "sample_text", "sample_value"]

_WORDS = ("report", "north", "second", "draft", "blue", "summary", "notes", "early", "plan", "copy", "autumn", "list")
_PRINTABLE = string.ascii_letters + string.digits + "-_ ."
_CLASSES = {"d": string.digits, "w": string.ascii_letters + string.digits + "_", "s": " ", "n": "\n", "t": "\t"}
_CODES = {"x": 2, "u": 4}
"""How many hexadecimal digits follow in the code of a character."""

_DRAWS = 1000
"""How often a text is drawn anew until its length is right."""

_MOST = 6
"""How many times at most what may be repeated without bound is repeated."""


def sample_arguments(spec: DomainSpec, tool: str, rng: np.random.Generator) -> JsonObject:
    """Draw an arguments object that a tool's schema accepts; each optional argument is given half the time."""
    arguments: JsonObject = sample_value(parameters_schema(spec, tool), rng)
    return arguments


def sample_value(schema: JsonObject, rng: np.random.Generator) -> Json:
    """Draw a value of a schema: enumerations, ranges, patterns, dates, arrays and objects are kept to.

    Raises:
        UsageError: A pattern in it is more than a plain regular expression, or at odds with the length.
    """
    for key in ("enum", "anyOf", "oneOf"):
        if key in schema:
            chosen = pick(rng, schema[key])
            return chosen if key == "enum" else sample_value(chosen, rng)
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "string")
    if isinstance(kind, list):
        kind = pick(rng, kind)
    return _SAMPLERS[kind](schema, rng)


def _object(schema: JsonObject, rng: np.random.Generator) -> JsonObject:
    required = set(schema.get("required", ()))
    properties = schema.get("properties", {})
    given = [name for name in properties if name in required or rng.random() < 0.5]
    return {name: sample_value(properties[name], rng) for name in given}


def _array(schema: JsonObject, rng: np.random.Generator) -> list[Json]:
    least = schema.get("minItems", 0)
    count = int(rng.integers(least, min(schema.get("maxItems", least + 3), least + 3) + 1))
    items: list[Json] = []
    for _ in range(count):
        item = sample_value(schema.get("items", {}), rng)
        if not schema.get("uniqueItems") or item not in items:
            items.append(item)
    return items


def _number(schema: JsonObject, rng: np.random.Generator) -> float:
    step = float(schema.get("multipleOf", 0.01))
    low: float = schema["minimum"] if "minimum" in schema else schema.get("exclusiveMinimum", 0)
    high: float = schema["maximum"] if "maximum" in schema else schema.get("exclusiveMaximum", low + 1000)
    first = math.ceil(low / step) + (low == schema.get("exclusiveMinimum"))
    last = max(math.floor(high / step) - (high == schema.get("exclusiveMaximum")), first)
    return round(int(rng.integers(first, last + 1)) * step, 9)


def _integer(schema: JsonObject, rng: np.random.Generator) -> int:
    return int(_number({"multipleOf": 1, **schema}, rng))


def _string(schema: JsonObject, rng: np.random.Generator) -> str:
    if schema.get("format") in {"date", "date-time"}:
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=int(rng.integers(730)))
        return day.isoformat() + ("T09:00:00" if schema["format"] == "date-time" else "")
    least: int = schema.get("minLength", 0)
    if "pattern" in schema:
        return _bounded_text(schema["pattern"], rng, least, schema.get("maxLength", math.inf))
    most: int = schema.get("maxLength", 40)
    text: str = " ".join(_WORDS[int(i)] for i in rng.integers(len(_WORDS), size=int(rng.integers(1, 4))))[:most].strip()
    return text + "x" * (least - len(text))


def _bounded_text(pattern: str, rng: np.random.Generator, least: int, most: float) -> str:
    for _ in range(_DRAWS):
        text = sample_text(pattern, rng)
        if least <= len(text) <= most:
            return text
    raise UsageError(f"cannot draw a text of {least} to {most} characters of the pattern {pattern!r}")


_SAMPLERS: dict[str, Callable[[JsonObject, np.random.Generator], Json]] = {
    "object": _object,
    "array": _array,
    "number": _number,
    "integer": _integer,
    "string": _string,
    "boolean": lambda _schema, rng: bool(rng.integers(2)),
    "null": lambda _schema, _rng: None,
}


# ---------------------------------------------------------------------------------------- texts of a pattern


def sample_text(pattern: str, rng: np.random.Generator) -> str:
    """Draw a text that a plain regular expression matches: literals, classes, groups, alternatives, repetitions.

    Raises:
        UsageError: The pattern uses more than that (look-around, back references).

    Example:
        >>> import numpy as np
        >>> sample_text("^ACC[0-9]{6}$", np.random.default_rng(1))
        'ACC457901'
    """
    reader = _Pattern(pattern, rng)
    text = reader.alternatives()
    if reader.rest:
        raise UsageError(f"cannot draw a text of the pattern {pattern!r}: {reader.rest!r} is too much")
    return text


class _Pattern:
    """Reads a pattern from left to right and draws as it goes."""

    def __init__(self, pattern: str, rng: np.random.Generator) -> None:
        self.pattern = pattern
        self.rest = pattern
        self.rng = rng

    def take(self, count: int = 1) -> str:
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def fail(self) -> UsageError:
        return UsageError(f"cannot draw a text of the pattern {self.pattern!r}: stuck at {self.rest!r}")

    def alternatives(self) -> str:
        options = [self.sequence()]
        while self.rest[:1] == "|":
            self.take()
            options.append(self.sequence())
        return pick(self.rng, options)

    def sequence(self) -> str:
        return "".join(self.pieces())

    def pieces(self) -> Iterator[str]:
        while self.rest and self.rest[0] not in "|)":
            if self.rest[0] in "^$":
                self.take()
                continue
            yield self.repeated()

    def repeated(self) -> str:
        """An atom as often as its quantifier lets it stand; the atom is drawn anew each time."""
        before = self.rest
        drawn = [self.atom()]
        least, most = self.quantifier()
        after = self.rest
        count = int(self.rng.integers(least, most + 1))
        for _ in range(count - 1):
            self.rest = before
            drawn.append(self.atom())
        self.rest = after
        return "".join(drawn[:count])

    def quantifier(self) -> tuple[int, int]:
        mark = self.rest[:1]
        if mark in {"?", "*", "+"}:
            self.take()
            return {"?": (0, 1), "*": (0, _MOST), "+": (1, _MOST)}[mark]
        if mark != "{":
            return 1, 1
        bounds, closing, self.rest = self.rest[1:].partition("}")
        least, comma, most = bounds.partition(",")
        if not closing or not least.isdigit():
            raise self.fail()
        return int(least), int(most) if most else int(least) + (_MOST if comma else 0)

    def atom(self) -> str:
        mark = self.take()
        if mark == "(":
            return self.group()
        if mark == "[":
            return self.pick(self.characters())
        if mark == "\\":
            return self.pick(self.escaped())
        return self.pick(_PRINTABLE) if mark == "." else mark

    def group(self) -> str:
        if self.rest[:1] == "?" and self.take(2) != "?:":
            raise self.fail()
        text = self.alternatives()
        if self.take() != ")":
            raise self.fail()
        return text

    def escaped(self) -> str:
        mark = self.take()
        if mark in _CODES:
            digits = self.take(_CODES[mark])
            if len(digits) < _CODES[mark] or not set(digits) <= set(string.hexdigits):
                raise self.fail()
            return chr(int(digits, 16))
        if mark.isalnum() and mark not in _CLASSES:
            raise self.fail()
        return _CLASSES.get(mark, mark)

    def characters(self) -> str:
        negated = self.rest[:1] == "^"
        self.take(int(negated))
        found = ""
        while not found or self.rest[:1] != "]":
            mark = self.take()
            if not mark:
                raise self.fail()
            low = self.escaped() if mark == "\\" else mark
            if self.rest[:1] == "-" and self.rest[1:2] != "]" and len(low) == 1:
                self.take()
                found += "".join(map(chr, range(ord(low), ord(self.take()) + 1)))
            else:
                found += low
        self.take()
        return "".join(c for c in _PRINTABLE if c not in found) if negated else found

    def pick(self, characters: str) -> str:
        return pick(self.rng, characters)
