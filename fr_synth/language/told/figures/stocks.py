"""How much of something there is, told as an answer, and what is left of it after something was taken or brought."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import is_identifier
from fr_envs.episode.task import Answer
from fr_synth.language.told.figures.units import MASSES, in_that_unit, measured, unit_in
from fr_synth.language.told.predicates import predicate
from fr_synth.language.told.values import figure, is_amount, is_plural, plain_words
from fr_synth.language.verbalise import join_words
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["flat", "left_over", "of_stock"]

_THERE = frozenset({"amount", "level", "length", "quantity", "qty", "stock", "volume", "weight"})
_REMAINS = frozenset({"left", "remaining"})
_BOUNDS = frozenset({"capacity", "max", "maximum", "min", "minimum", "reorder", "target", "threshold"})


def flat(row: JsonObject, fields: Mapping[str, Field]) -> tuple[JsonObject, dict[str, Field]]:
    """Return a row in which an object of a number and its unit has become its members, with the contract's fields.

    Args:
        row: The row.
        fields: The contract's fields of it.
    """
    found: JsonObject = {}
    known: dict[str, Field] = {}
    for name, value in row.items():
        field = fields.get(name)
        if isinstance(value, dict) and unit_in(value) and field is not None and field.object is not None:
            found |= value
            known |= field.object
        else:
            found[name] = value
            known |= {name: field} if field is not None else {}
    return found, known


def of_stock(things: Things, tool: ToolSpec, step: ExecutedCall) -> Reply | None:
    """Return how much there is of the one thing that was asked for, and what else its row tells; None for others.

    Args:
        things: What is known.
        tool: The tool.
        step: The call.

    Example:
        "1.3 kg of sugar is left; the minimum is 1.8 kg."
    """
    row, fields = flat(step.result, tool.returns)
    unit = unit_in(row)
    given = [value for value in step.call.arguments.values() if isinstance(value, str)]
    what = next((value for value in row.values() if value in given), given[0] if len(given) == 1 else "")
    numbers = [name for name in in_that_unit(row) if name in fields]
    much = next((name for name in numbers if set(plain_words(name)) & (_THERE | _REMAINS) and not _is_bound(name)), "")
    if not unit or not isinstance(what, str) or not what or not much:
        return None
    if not what[:1].islower() and not set(plain_words(much)) & _REMAINS:
        return None
    asks = f"{tool.description} {much}".lower()
    told = measured(row[much], unit, what)
    there = "left" if re.search(r"left|remain", asks) else "in stock"
    told = told if row[much] else f"no {what}"
    parts = [f"{told} {_be(told, row[much]) if row[much] else 'are' if is_plural(what) else 'is'} {there}"]
    answers = [Answer(row[much], figure(row[much]))]
    for name in numbers:
        if name != much and _is_bound(name):
            parts.append(f"the {' '.join(plain_words(name))} is {measured(row[name], unit)}")
            answers.append(Answer(row[name], figure(row[name])))
    behind, more = _besides(things, things.shown(fields, row), [name for name in fields if name not in numbers], what)
    return Reply(f"{_upper('; '.join(parts))}{behind}.", (*answers, *more))


def _besides(things: Things, thing: Thing, names: list[str], what: str) -> tuple[str, tuple[Answer, ...]]:
    """Return what else a row tells, behind a comma: "best before 1 October 2026"."""
    told = [name for name in names if isinstance(thing.row.get(name), str) and thing.row[name] != what]
    told = [name for name in told if plain_words(name)[-1] not in ("unit", "units", "uom") and not is_identifier(name)]
    found = [p for name in told if (p := predicate(things, thing, name)) is not None and p.bare]
    answers = tuple(answer for each in found for answer in each.answers)
    return (f", {join_words([_dated(p.bare, p.rest) for p in found])}" if found else ""), answers


def _dated(bare: str, rest: str) -> str:
    return rest if bare[:1].isdigit() and rest.endswith(bare) else bare


def left_over(step: ExecutedCall, row: JsonObject, units: Mapping[str, str]) -> Iterator[str]:
    """Say what is left, or there now, of what was taken or brought, where its unit or its name tells that.

    Args:
        step: The call that took or brought it.
        row: What came back.
        units: Known units.
    """
    given = step.call.arguments
    what = next((v for v in given.values() if isinstance(v, str) and v in units), "")
    unit = unit_in(row) or units.get(what, "")
    moved = any(_is_number(v) and not is_amount(n) and "per" not in plain_words(n) for n, v in given.items())
    if not unit or not what or not moved or any(is_identifier(name) and name not in given for name in row):
        return
    for name, value in row.items():
        words = plain_words(name)
        if not _is_number(value) or _is_bound(name) or given.get(name) == value or is_amount(name):
            continue
        told = measured(value, unit)
        if value == 0:
            yield f"There is no {what} left now" if not is_plural(what) else f"There are no {what} left now"
            return
        if set(words) & _REMAINS:
            yield f"{_upper(told)} {_be(told, value)} left"
            return
        if words[-1] in _THERE:
            yield f"That makes {told} in stock"
            return


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_bound(name: str) -> bool:
    return bool(set(plain_words(name)) & _BOUNDS)


def _be(told: str, number: Json) -> str:
    """Return the verb for so much of something: what is weighed is one amount."""
    word = told.split()[1] if len(told.split()) > 1 else ""
    return "is" if number == 1 or word in MASSES or (word and not is_plural(word)) else "are"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
