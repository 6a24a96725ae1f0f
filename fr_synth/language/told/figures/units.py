"""Units that stand beside numbers: "2 kg of sugar", where a row says that sugar comes in kg."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.mass import is_mass
from fr_envs.adapters.words.values.portions import AMOUNTS
from fr_synth.language.told.values import figure, is_plural, one_of, plain_words, portion
from fr_synth.language.verbalise import verbalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.json_values import Json
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["MASSES", "amount_of", "asked_for", "in_that_unit", "measured", "unit_in", "units_known", "with_units"]

_PIECES = frozenset({"ea", "each", "item", "items", "pc", "pcs", "piece", "pieces", "unit", "units", "x"})
_SPELT = {"l": "litres", "ltr": "litres", "liter": "litres", "liters": "litres", "litre": "litres", "pct": "percent"}
MASSES = frozenset(
    {"cl", "cm", "dl", "g", "grams", "kg", "km", "litres", "m", "metres", "mg", "ml", "mm", "t", "tonnes"}
)
"""Units so many of which are one amount: "3 kg of flour is left"."""


def unit_in(row: Mapping[str, Json]) -> str:
    """Return the unit that a row says its numbers are in; empty where it says none.

    Example:
        >>> unit_in({"item": "flour", "unit": "kg", "quantity": 3}), unit_in({"item": "flour"})
        ('kg', '')
    """
    said = (value for name, value in row.items() if plain_words(name)[-1] in ("unit", "units", "uom"))
    return next((value for value in said if isinstance(value, str) and value), "")


def in_that_unit(row: Mapping[str, Json]) -> list[str]:
    """Return the numbers of a row that are in the unit which it says: the one before it, else how much there is.

    Example:
        >>> in_that_unit({"dose": 5, "unit": "mg", "pills_left": 42})
        ['dose']
        >>> in_that_unit({"item": "flour", "unit": "kg", "quantity": 3, "minimum": 4, "price": 2})
        ['quantity', 'minimum']
    """
    if not unit_in(row):
        return []
    names = list(row)
    numbers = [n for n, v in row.items() if isinstance(v, int | float) and not isinstance(v, bool)]
    before = [names[k - 1] for k, name in enumerate(names) if k and row[name] == unit_in(row)]
    own = [name for name in before if name in numbers]
    much = [name for name in numbers if _MUCH & set(plain_words(name))]
    return own or [name for name in much if plain_words(name)[-1] not in ("price", "cost", "value")]


_MUCH = frozenset({
    "amount", "available", "capacity", "left", "length", "level", "max", "maximum", "min", "minimum", "quantity", "qty",
    "remaining", "stock", "threshold", "volume", "weight",
})  # fmt: skip


def measured(number: Json, unit: str, what: str = "") -> str:
    """Return how much there is, of what if that is to be said; pieces are not said, only what there are of them.

    Example:
        >>> measured(1.3, "kg", "sugar"), measured(6, "pieces", "eggs"), measured(1.0, "tins", "soup")
        ('1.3 kg of sugar', '6 eggs', '1 tin of soup')
        >>> measured(24.0, "l"), measured(3, "pcs")
        ('24 litres', '3')
    """
    word = "" if unit.lower() in _PIECES and not is_mass(what) else _SPELT.get(unit.lower(), unit)
    word = one_of(word) if number == 1 and word.islower() and is_plural(word) else word
    if not word:
        return portion(number, what) if what else figure(number)
    of = "" if not what or what == word else f" of {what}"
    return f"{figure(number)} {word}{of}"


def units_known(steps: Iterable[ExecutedCall]) -> dict[str, str]:
    """Return the unit of each thing that rows tell of, and of what calls were made for that answered in one.

    Args:
        steps: The calls.
    """
    found: dict[str, set[str]] = {}
    for step in steps:
        if step.error:
            continue
        given = [value for value in step.call.arguments.values() if isinstance(value, str)]
        for what, unit in (*_told(step.result), *((each, unit_in(step.result)) for each in given)):
            if unit:
                found.setdefault(what, set()).add(unit)
    return {what: next(iter(units)) for what, units in found.items() if len(units) == 1}


def _told(value: Json) -> Iterator[tuple[str, str]]:
    """Iterate over the texts of rows, each with the unit that its row, or an object in it, says."""
    if isinstance(value, list):
        for item in value:
            yield from _told(item)
    elif isinstance(value, dict):
        inside = [unit_in(each) for each in value.values() if isinstance(each, dict)]
        unit = unit_in(value) or next(filter(None, inside), "")
        yield from ((each, unit) for each in value.values() if isinstance(each, str) and each != unit)
        for each in value.values():
            yield from _told(each) if isinstance(each, dict | list) else ()


def amount_of(step: ExecutedCall) -> Iterator[tuple[int | float, str]]:
    """Iterate over how much of what a call says: each of its amounts with each text beside it.

    Args:
        step: The call.
    """
    arguments = step.call.arguments
    for name, number in arguments.items():
        if isinstance(number, int | float) and not isinstance(number, bool) and " ".join(plain_words(name)) in AMOUNTS:
            yield from ((number, what) for what in arguments.values() if isinstance(what, str) and what)


def with_units(text: str, step: ExecutedCall, units: Mapping[str, str]) -> str:
    """Return a text in which what a call says so much of stands with its unit.

    Args:
        text: The text, with the bare number before what there is so much of.
        step: The call.
        units: Known units.
    """
    for number, what in amount_of(step):
        forms = {verbalise(number), figure(number), str(number)}
        told = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        told = rf"(?<![\w.,€$£-])(?:{told}) (?:of )?(?:the |an? )?{re.escape(what)}(?!\w)"
        plain = measured(number, units.get(what, "units" if is_mass(what) else "pieces"), what)
        text = re.sub(told, plain.replace("\\", r"\\"), text)
    return text


def asked_for(text: str, step: ExecutedCall, units: Mapping[str, str]) -> str:
    """Return a question for how much of something there is: "how much sugar is left", "how many eggs are left".

    Args:
        text: The question.
        step: The call.
        units: Known units.
    """
    for what in step.call.arguments.values():
        if not isinstance(what, str) or (f" of {what} " not in f"{text} " and f" {what} " not in f"{text} "):
            continue
        counted = is_plural(what) and not is_mass(what) and not _weighed(units.get(what, ""))
        very = re.escape(what)
        if counted:
            text = re.sub(rf"\bhow much of (?:the )?{very} is\b", f"how many {what} are", text)
        elif is_mass(what):
            text = re.sub(rf"\bhow much of (?:the |an? )?{very} is\b", f"how much {what} is", text)
    return text


def _weighed(unit: str) -> bool:
    return bool(unit) and unit.lower() not in _PIECES
