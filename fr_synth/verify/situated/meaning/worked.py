"""Values that a situation works out, worked out again: what a rule gives from its inputs, or the most that it can give.

Nothing here is shared with what makes them. A rule whose inputs are not known for sure, or that writes whole texts, is
left to other proofs.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.conditions import matches, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Outcome", "outcome_of"]


class Outcome(NamedTuple):
    """What a rule can give.

    Attributes:
        values: Every value that it can give; empty for a range.
        low: Smallest number of a range.
        high: Largest.
    """

    values: tuple[Json, ...] = ()
    low: float = 0.0
    high: float = 0.0


def outcome_of(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome | None:
    """Return what a rule of a situation can give; None where that cannot be told.

    Args:
        rule: The rule, as a situation has it.
        value_of: Returns the value at a path; it raises ``LookupError`` where that is not known for sure.
    """
    name = next((each for each in _RULES if each in rule), None)
    if name is None:
        return None
    try:
        return _RULES[name](rule, value_of)
    except (LookupError, InvalidOperation, TypeError, ValueError):
        return None


def _number(value: Json) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return Decimal(str(value))


def _just(number: Decimal) -> Outcome:
    return Outcome((int(number) if number == number.to_integral_value() else float(number),))


def _terms(operand: Json, value_of: Callable[[str], Json]) -> Iterator[Decimal]:
    """Iterate over the numbers at some paths; a single path may lead to a list of them."""
    for each in operand:
        value = value_of(each) if isinstance(each, str) else each
        yield from map(_number, value if isinstance(value, list) else [value])


def _sum(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    return _just(sum(_terms(rule["sum"], value_of), Decimal(0)))


def _difference(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    first, *rest = _terms(rule["difference"], value_of)
    return _just(first - sum(rest, Decimal(0)))


def _product(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    result = Decimal(1)
    for each in _terms(rule["product"], value_of):
        result *= each
    return _just(result)


def _share(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome | None:
    part, whole = _terms(rule["share"], value_of)
    return _just(part / whole * 100) if whole else None


def _converted(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    amount, rate = _terms(rule["converted"], value_of)
    return _just((amount * rate).quantize(Decimal("0.01")))


def _total(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome | None:
    where = resolved(rule.get("where", {}), value_of)
    rows = [row for row in value_of(rule["total"]) if isinstance(row, dict) and matches(where, row)]
    return _just(sum((_number(row[rule["member"]]) for row in rows), Decimal(0))) if rows else None


def _count(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    return Outcome((len(value_of(rule["count"])),))


def _changed(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    sign = 1 if "raise" in rule else -1
    before = float(_number(value_of(rule["raise" if sign > 0 else "lower"])))
    ends = sorted(before * (1 + sign * percent / 100) for percent in rule.get("percent", [3, 8]))
    step = float(rule.get("round", 0.01))
    return Outcome((), ends[0] - step, ends[1] + step)


def _between(rule: JsonObject, _value_of: Callable[[str], Json]) -> Outcome:
    low, high = rule["between"]
    step = float(rule.get("round", 1))
    return Outcome((), low - step, high + step)


def _pick(rule: JsonObject, _value_of: Callable[[str], Json]) -> Outcome | None:
    plain = all(isinstance(each, str | int | float) for each in rule["pick"])
    return Outcome(tuple(rule["pick"])) if plain else None


def _days_after(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    low, high = rule.get("days", [1, 1])
    day = datetime.date.fromisoformat(str(value_of(rule["days_after"]))[:10])
    return Outcome(tuple((day + datetime.timedelta(days=each)).isoformat() for each in range(low, high + 1)))


def _first_of_month_after(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    day = datetime.date.fromisoformat(str(value_of(rule["first_of_month_after"]))[:10])
    year, month = divmod(day.year * 12 + day.month, 12)
    return Outcome((datetime.date(year, month + 1, 1).isoformat(),))


def _figure(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome | None:
    found = re.findall(r"\d+(?:\.\d+)?", " ".join(str(value_of(path)) for path in rule["figure"]))
    return _just(Decimal(found[-1])) if found else None


_PARTS: Mapping[str, Callable[[str], str]] = {
    "name": lambda text: text.rstrip("/").split("/")[-1],
    "folder": lambda text: "/".join(text.rstrip("/").split("/")[:-1]) or "/",
    "stem": lambda text: text.split("/")[-1].split(".")[0],
    "first": lambda text: text.split()[0],
    "last": lambda text: text.split()[-1],
    "rest": lambda text: " ".join(text.split(" ")[1:]),
    "month": lambda text: text[:7],
    "ending": lambda text: text[-4:],
    "key": lambda text: text.split(",")[0],
    "item": lambda text: text.split(",")[1],
}


def _part(rule: JsonObject, value_of: Callable[[str], Json]) -> Outcome:
    return Outcome((_PARTS[rule["take"]](str(value_of(rule["part"]))),))


_RULES: Mapping[str, Callable[[JsonObject, Callable[[str], Json]], Outcome | None]] = {
    "sum": _sum,
    "difference": _difference,
    "product": _product,
    "share": _share,
    "converted": _converted,
    "total": _total,
    "count": _count,
    "raise": _changed,
    "lower": _changed,
    "between": _between,
    "pick": _pick,
    "days_after": _days_after,
    "first_of_month_after": _first_of_month_after,
    "figure": _figure,
    "part": _part,
}
