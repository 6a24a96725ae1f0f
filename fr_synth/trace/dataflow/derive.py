"""Derived values: the closed list of expressions over known values, and their evaluation.

A ``Derived`` source names one of ``EXPRESSIONS`` and its inputs in order. Evaluation parses nothing but what the inputs
give: numbers, ISO dates, lists.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from fr_synth.trace.dataflow.provenance import Derived

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import Json
    from fr_synth.trace.dataflow.provenance import Default, Output, Said

__all__ = ["EXPRESSIONS", "DerivationError", "evaluate", "value_of"]


class DerivationError(ValueError):
    """A value cannot be derived: the expression is none, or its inputs do not fit it."""


def value_of(text: str) -> Json:
    """Return the number that a text writes, with or without thousands; the text itself where it writes none.

    Example:
        >>> value_of("1,240.50"), value_of("2026-12-01")
        (1240.5, '2026-12-01')
    """
    plain = text.strip().strip("\"'")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+(\.\d+)?", plain):
        number = Decimal(plain.replace(",", ""))
        return int(number) if number == number.to_integral_value() else float(number)
    return plain


def _number(value: Json) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DerivationError(f"{value!r} is no number")
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise DerivationError(f"{value!r} is no number") from error


def _plain(number: Decimal) -> Json:
    return int(number) if number == number.to_integral_value() else float(number)


def _date(value: Json) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise DerivationError(f"{value!r} is no date") from error


def _numbers(values: tuple[Json, ...]) -> list[Decimal]:
    flat = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if not flat:
        raise DerivationError("no numbers")
    return [_number(each) for each in flat]


def _difference(*values: Json) -> Json:
    first, *rest = _numbers(values)
    return _plain(first - sum(rest, Decimal(0)))


def _product(*values: Json) -> Json:
    result = Decimal(1)
    for each in _numbers(values):
        result *= each
    return _plain(result)


def _share(part: Json, whole: Json) -> Json:
    if not _number(whole):
        raise DerivationError("a share of nothing")
    return _plain(_number(part) / _number(whole) * 100)


def _count(*values: Json) -> Json:
    return len(values[0]) if len(values) == 1 and isinstance(values[0], list) else len(values)


def _days_after(day: Json, days: Json) -> Json:
    try:
        return (_date(day) + datetime.timedelta(days=int(_number(days)))).isoformat()
    except OverflowError as error:
        raise DerivationError("too far away") from error


def _first_of_month_after(day: Json) -> Json:
    date = _date(day).replace(day=28) + datetime.timedelta(days=4)
    return date.replace(day=1).isoformat()


def _rounded(value: Json, step: Json) -> Json:
    if _number(step) <= 0:
        raise DerivationError("rounded to nothing")
    return _plain((_number(value) / _number(step)).quantize(Decimal(1)) * _number(step))


def _texts(*values: Json) -> list[str]:
    if not all(isinstance(each, str) and each for each in values):
        raise DerivationError("no texts")
    return [str(each) for each in values]


def _inside(folder: Json, name: Json) -> Json:
    above, below = _texts(folder, name)
    return f"{above.rstrip('/')}/{below}"


def _beside(path: Json, name: Json) -> Json:
    return _inside(_texts(path)[0].rpartition("/")[0] or "/", name)


def _written(value: Json) -> str:
    """Return a value as it stands in a file: amounts with two decimals, everything else as it is."""
    if value is None or isinstance(value, bool | list | dict):
        raise DerivationError(f"{value!r} is nothing to write down")
    if isinstance(value, float) and round(value, 2) == value:
        return f"{value:.2f}"
    return str(value)


def _cell(value: Json) -> str:
    text = _written(value)
    if "," not in text and '"' not in text:
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _row(*values: Json) -> Json:
    return ",".join(map(_cell, values))


def _figure(text: Json) -> Json:
    found = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", text) if isinstance(text, str) else []
    if not found:
        raise DerivationError(f"{text!r} holds no figure")
    return _plain(Decimal(found[-1]))


def _converted(amount: Json, rate: Json) -> Json:
    return _plain((_number(amount) * _number(rate)).quantize(Decimal("0.01")))


def _phrase(*values: Json) -> Json:
    return " ".join(map(_written, values))


def _lines(*values: Json) -> Json:
    return "".join(f"{_written(value)}\n" for value in values)


EXPRESSIONS: Mapping[str, Callable[..., Json]] = {
    "sum": lambda *values: _plain(sum(_numbers(values), Decimal(0))),
    "difference": _difference,
    "product": _product,
    "percentage": _share,
    "count": _count,
    "least": lambda *values: _plain(min(_numbers(values))),
    "most": lambda *values: _plain(max(_numbers(values))),
    "rounded": _rounded,
    "days_after": _days_after,
    "first_of_month_after": _first_of_month_after,
    "inside": _inside,
    "beside": _beside,
    "containing": lambda word: f"*{_texts(word)[0]}*",
    "ending_in": lambda word: f"*{_texts(word)[0]}",
    "converted": _converted,
    "figure": _figure,
    "row": _row,
    "phrase": _phrase,
    "lines": _lines,
}
"""Every expression by name: what it makes of its inputs' values."""


def evaluate(source: Derived, given: Callable[[Said | Output | Default], Json]) -> Json:
    """Return the value of a derived source.

    Args:
        source: The expression and its inputs.
        given: Returns the value of a plain source.

    Raises:
        DerivationError: There is no such expression, it has no inputs, or they do not fit it.

    Example:
        >>> from fr_synth.trace.dataflow.provenance import Said
        >>> evaluate(Derived("sum", (Said(0, "2"), Said(0, "3"))), lambda each: value_of(each.text))
        5
    """
    expression = EXPRESSIONS.get(source.expression)
    if expression is None:
        raise DerivationError(f"no expression {source.expression!r}; there are {', '.join(EXPRESSIONS)}")
    if not source.inputs:
        raise DerivationError(f"{source.expression} of nothing")
    values = [evaluate(each, given) if isinstance(each, Derived) else given(each) for each in source.inputs]
    try:
        return expression(*values)
    except (ArithmeticError, TypeError) as error:
        raise DerivationError(f"{source.expression} does not go with its inputs: {error}") from error
