"""Conditions: a closed little language that says which of a world's things is meant, or whether something holds.

A condition is a plain value (the member is equal to it) or an object with one or more of these operators:

==========  ===========================================================================================
operator    holds if the member
==========  ===========================================================================================
is          is equal to the operand
not         is there and differs from the operand
in          is one of a list
mentions    is a text in which the operand stands as a word or words, upper and lower case alike
starts      is a text that begins with the operand
ends        is a text that ends with the operand
above       is greater than the operand (numbers), or comes after it (texts: dates in ISO form)
below       is smaller, or comes before
least       is not below the operand
most        is not above the operand
empty       is missing, null or an empty text or list (operand true), or is none of these (false)
==========  ===========================================================================================

An operand that is a text beginning with ``$`` names a path whose value is taken instead ("$rent.amount"). Where several
operators stand together, all have to hold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["OPERATORS", "holds", "matches", "resolved"]


def _comparable(a: Json, b: Json) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return False
    number = isinstance(a, int | float) and isinstance(b, int | float)
    return number or (isinstance(a, str) and isinstance(b, str))


def _mentions(value: Json, words: Json) -> bool:
    if not isinstance(value, str) or not isinstance(words, str) or not words:
        return False
    return re.search(rf"(?<!\w){re.escape(words.casefold())}(?!\w)", value.casefold()) is not None


def _both_texts(value: Json, operand: Json) -> bool:
    return isinstance(value, str) and isinstance(operand, str)


OPERATORS: Mapping[str, Callable[[Json, Json], bool]] = {
    "is": lambda value, operand: bool(value == operand),
    "not": lambda value, operand: bool(value is not None and value != operand),
    "in": lambda value, operand: isinstance(operand, list) and value in operand,
    "mentions": _mentions,
    "starts": lambda value, operand: _both_texts(value, operand) and value.startswith(operand),
    "ends": lambda value, operand: _both_texts(value, operand) and value.endswith(operand),
    "above": lambda value, operand: _comparable(value, operand) and bool(value > operand),
    "below": lambda value, operand: _comparable(value, operand) and bool(value < operand),
    "least": lambda value, operand: _comparable(value, operand) and bool(value >= operand),
    "most": lambda value, operand: _comparable(value, operand) and bool(value <= operand),
    "empty": lambda value, operand: (value is None or value == "" or value == []) is bool(operand),
}
"""Every operator by name: whether a value and an operand meet it."""


def holds(condition: Json, value: Json) -> bool:
    """Return True if a value meets a condition whose operands are resolved.

    Args:
        condition: A plain value, or an object of operators.
        value: The value; None for a member that is missing.

    Example:
        >>> holds({"mentions": "rent"}, "Rent flat 4"), holds({"above": 10, "most": 20}, 20), holds("EUR", "USD")
        (True, True, False)
    """
    if not isinstance(condition, dict):
        return bool(value == condition)
    for name, operand in condition.items():  # asked of every thing of a world
        if name not in OPERATORS or not OPERATORS[name](value, operand):
            return False
    return True


def matches(conditions: JsonObject, members: Mapping[str, Json]) -> bool:
    """Return True if the members of something meet every condition, each named after a member.

    Example:
        >>> matches({"type": "savings", "balance": {"above": 0}}, {"type": "savings", "balance": 12.5})
        True
    """
    for name, condition in conditions.items():  # noqa: SIM110 -- asked of every thing of a world
        if not holds(condition, members.get(name)):
            return False
    return True


def resolved(condition: Json, value_of: Callable[[str], Json]) -> Json:
    """Return a condition with every operand that names a path replaced by the value there.

    Args:
        condition: The condition, or several by member.
        value_of: Returns the value at a path.
    """
    if isinstance(condition, str) and condition.startswith("$"):
        return value_of(condition[1:])
    if isinstance(condition, dict):
        return {name: resolved(operand, value_of) for name, operand in condition.items()}
    if isinstance(condition, list):
        return [resolved(operand, value_of) for operand in condition]
    return condition
