"""Values drawn from JSON Schemas, so that a space can sample well-formed calls of any tool.

A schema is taken apart once, into functions of a generator; so is a pattern. Drawing again costs what the numbers cost.
"""

from __future__ import annotations

import datetime
import functools
import math
from typing import TYPE_CHECKING, TypeAlias

from fr_envs.contract.patterns import Numbers, draw_of, several
from fr_envs.contract.schemas import parameters_schema
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.contract.patterns import Source
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

    Draw: TypeAlias = Callable[[Source], Json]

__all__ = ["Numbers", "sample_arguments", "sample_text", "sample_value"]

_WORDS = ("report", "north", "second", "draft", "blue", "summary", "notes", "early", "plan", "copy", "autumn", "list")
_FIRST_DAY = datetime.date(2026, 1, 1)
_DAYS = 730
_FORMS = {
    "uuid": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
    "time": "(0[89]|1[0-9]):[0-5][0-9]:00",
    "duration": "PT[1-9][0-9]M",
    "decimal": "[1-9][0-9]{0,2}[.][0-9]{2}",
    "email": "[a-z]{3,8}@example[.]org",
    "uri": "https://example[.]org/[a-z]{3,8}",
}
"""Formats of texts, as what is drawn for each."""

_DRAWS = 1000
"""How often a text is drawn anew until its length is right."""

_KEPT = 1024
"""Tools whose schemas are kept taken apart."""

_kept: dict[tuple[int, str], tuple[DomainSpec, Draw]] = {}


def sample_arguments(spec: DomainSpec, tool: str, rng: Source) -> JsonObject:
    """Draw an arguments object that a tool's schema accepts; each optional argument is given half the time."""
    kept = _kept.get((id(spec), tool))
    if kept is None or kept[0] is not spec:
        while len(_kept) >= _KEPT:
            _kept.pop(next(iter(_kept)))
        kept = _kept[id(spec), tool] = spec, _of_schema(parameters_schema(spec, tool))
    arguments: JsonObject = kept[1](rng)
    return arguments


def sample_value(schema: JsonObject, rng: Source) -> Json:
    """Draw a value of a schema: enumerations, ranges, patterns, dates, arrays and objects are kept to.

    Raises:
        UsageError: A pattern in it is more than a plain regular expression, or at odds with the length.
    """
    return _of_schema(schema)(rng)


def sample_text(pattern: str, rng: Source) -> str:
    """Draw a text that a plain regular expression matches: literals, classes, groups, alternatives, repetitions.

    Raises:
        UsageError: The pattern uses more than that (look-around, back references).

    Example:
        >>> import numpy as np
        >>> sample_text("^ACC[0-9]{6}$", np.random.default_rng(1))
        'ACC457901'
    """
    return draw_of(pattern)(rng)


def _of_schema(schema: JsonObject) -> Draw:
    for key in ("enum", "anyOf", "oneOf"):
        if key in schema:
            return _choice(schema[key], listed=key == "enum")
    if "const" in schema:
        const = schema["const"]
        return lambda _rng: const
    kind = schema.get("type", "string")
    if not isinstance(kind, list):
        return _MAKERS[kind](schema)
    return _one_of([functools.partial(_MAKERS[each], schema) for each in kind])


def _choice(options: list[Json], *, listed: bool) -> Draw:
    if listed:
        return lambda rng: options[int(rng.integers(len(options)))]
    return _one_of([functools.partial(_of_schema, option) for option in options])


def _one_of(makers: list[functools.partial[Draw]]) -> Draw:
    """One of several, each taken apart when it is drawn first: what is never drawn may be more than can be drawn."""
    made: dict[int, Draw] = {}

    def draw(rng: Source) -> Json:
        index = int(rng.integers(len(makers)))
        if index not in made:
            made[index] = makers[index]()
        return made[index](rng)

    return draw


def _object(schema: JsonObject) -> Draw:
    required = set(schema.get("required", ()))
    properties = schema.get("properties", {})
    parts = {name: _late(part) for name, part in properties.items()}

    def draw(rng: Source) -> Json:
        given = [name for name in parts if name in required or rng.random() < 0.5]
        return {name: parts[name](rng) for name in given}

    return draw


def _late(schema: JsonObject) -> Draw:
    return _one_of([functools.partial(_of_schema, schema)])


def _array(schema: JsonObject) -> Draw:
    least = schema.get("minItems", 0)
    most = min(schema.get("maxItems", least + 3), least + 3)
    item_of = _late(schema.get("items", {}))
    unique = bool(schema.get("uniqueItems"))

    def draw(rng: Source) -> Json:
        items: list[Json] = []
        for _ in range(int(rng.integers(least, most + 1))):
            item = item_of(rng)
            if not unique or item not in items:
                items.append(item)
        return items

    return draw


def _number(schema: JsonObject) -> Callable[[Source], float]:
    step = float(schema.get("multipleOf", 0.01))
    low: float = schema["minimum"] if "minimum" in schema else schema.get("exclusiveMinimum", 0)
    high: float = schema["maximum"] if "maximum" in schema else schema.get("exclusiveMaximum", low + 1000)
    first = math.ceil(low / step) + (low == schema.get("exclusiveMinimum"))
    last = max(math.floor(high / step) - (high == schema.get("exclusiveMaximum")), first)
    return lambda rng: round(int(rng.integers(first, last + 1)) * step, 9)


def _integer(schema: JsonObject) -> Draw:
    number = _number({"multipleOf": 1, **schema})
    return lambda rng: int(number(rng))


def _string(schema: JsonObject) -> Draw:
    form = schema.get("format")
    if form in {"date", "date-time"}:
        hour = "T09:00:00" if form == "date-time" else ""
        return lambda rng: (_FIRST_DAY + datetime.timedelta(days=int(rng.integers(_DAYS)))).isoformat() + hour
    if form in _FORMS and "pattern" not in schema:
        return draw_of(_FORMS[form])
    least: int = schema.get("minLength", 0)
    if "pattern" in schema:
        return _bounded_text(schema["pattern"], least, schema.get("maxLength", math.inf))
    most: int = schema.get("maxLength", 40)

    def draw(rng: Source) -> str:
        picked = several(rng, len(_WORDS), int(rng.integers(1, 4)))
        text: str = " ".join([_WORDS[i] for i in picked])[:most].strip()
        return text + "x" * (least - len(text))

    return draw


def _bounded_text(pattern: str, least: int, most: float) -> Draw:
    text_of = draw_of(pattern)

    def draw(rng: Source) -> str:
        for _ in range(_DRAWS):
            text = text_of(rng)
            if least <= len(text) <= most:
                return text
        raise UsageError(f"cannot draw a text of {least} to {most} characters of the pattern {pattern!r}")

    return draw


_MAKERS: dict[str, Callable[[JsonObject], Draw]] = {
    "object": _object,
    "array": _array,
    "number": _number,
    "integer": _integer,
    "string": _string,
    "boolean": lambda _schema: lambda rng: bool(rng.integers(2)),
    "null": lambda _schema: lambda _rng: None,
}
