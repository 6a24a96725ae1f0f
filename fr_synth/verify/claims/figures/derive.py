"""Values that follow from known ones: sums, differences, products, shares, counts, conversions, and equations."""

from __future__ import annotations

import functools
import itertools
import math
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.parsing.numbers import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Equation", "converts", "equations", "follows", "same", "totals"]


class Equation(NamedTuple):
    """A calculation that a text shows.

    Attributes:
        start: First character.
        end: Character after the last.
        operands: Numbers that go in.
        result: Number that is said to come out.
        holds: The result is right, to the decimals in which it is written.
    """

    start: int
    end: int
    operands: tuple[float, ...]
    result: float
    holds: bool


_N = r"[€$£]?[-\u2212]?\d[\d,]*(?:\.\d+)?(?:\s?%)?(?: ?(?:[A-Z]{3}|[a-z]{1,12})(?= ?[-+\u2212\u2013\u00d7*x/÷=]))?"
_OP = r"\s*(?:[-+\u2212\u2013\u00d7*x/÷]|plus|minus|times|less|divided by|and)\s*"
_EQUATION = re.compile(
    rf"(?P<left>{_N}(?:{_OP}{_N})+)\s*(?:=|is|are|makes?|gives?|leaves?|equals|comes? to|→)\s*(?P<right>{_N})"
)
_TERM = re.compile(
    r"(?P<op>[-+\u2212\u2013\u00d7*x/÷]|plus|minus|times|less|divided by|"
    r"and)?\s*[€$£]?(?P<n>\d[\d,]*(?:\.\d+)?)(?P<p>\s?%)?"
)


def equations(text: str) -> tuple[Equation, ...]:
    """Return the calculations that a text shows.

    Example:
        >>> [(e.result, e.holds) for e in equations("2,310.55 \u2212 905.00 = 1,405.55, and 3 x 4 is 13")]
        [(1405.55, True), (13.0, False)]
    """
    return _equations(text) if _THREE.search(text) else ()


_THREE = re.compile(r"\d\D+\d[\d,.]*\D+\d")  # a calculation has three numbers


@functools.lru_cache(maxsize=256)
def _equations(text: str) -> tuple[Equation, ...]:
    return tuple(_shown(text))


def _shown(text: str) -> Iterator[Equation]:
    for match in _EQUATION.finditer(text):
        terms = [(m["op"] or "+", _float(m["n"]) * (0.01 if m["p"] else 1)) for m in _TERM.finditer(match["left"])]
        operands = tuple(_float(m["n"]) for m in _TERM.finditer(match["left"]))
        right = _TERM.search(match["right"])
        if right is None or len(terms) < 2:
            continue
        result = _float(right["n"])
        if match["right"].lstrip("€$£").startswith(("-", "\u2212")):
            result = -result
        value = _value(terms)
        holds = value is not None and same(value, result, len(right["n"].partition(".")[2]))
        yield Equation(match.start(), match.end(), operands, result, holds)


def _float(digits: str) -> float:
    return float(digits.replace(",", ""))


def _value(terms: Sequence[tuple[str, float]]) -> float | None:
    """Evaluate from left to right, products and quotients before sums; None where a divisor is zero."""
    total = [terms[0][1]]
    for op, number in terms[1:]:
        if op in ("\u00d7", "*", "x", "times"):
            total[-1] *= number
        elif op in ("/", "÷", "divided by"):
            if number == 0:
                return None
            total[-1] /= number
        else:
            total.append(-number if op in ("-", "\u2212", "\u2013", "minus", "less") else number)
    return math.fsum(total)


def same(value: float, said: float, places: int | None) -> bool:
    """Return True if a number is what was said, to the decimals in which it was said (two where none is written)."""
    return abs(value - said) <= 0.5 * 10.0 ** -(places if places else 2 if said % 1 else 0) + 1e-9 and (
        bool(places) or abs(value - said) < 1e-6 or not float(said).is_integer()
    )


def follows(
    said: float, near: Sequence[float], known: Iterable[float], places: int | None, counts: Sequence[float]
) -> bool:
    """Return True if a number is the sum or difference of one ``near`` and another known one, or goes by a count.

    Args:
        said: The number; nothing is nobody's sum.
        near: Numbers that the text tells.
        known: Numbers that it may be worked out with.
        places: Decimals that are written; None for none.
        counts: Those of ``near`` that count something, by which an amount can be multiplied or divided.
    """
    others = [number for number in known if number]
    for a, b in itertools.product([number for number in near if abs(number) > _NOTHING], others):
        if said and any(_alike(value, said) for value in (a + b, a - b, b - a)):
            return True
    for a, b in itertools.product([number for number in counts if _is_count(number)], others):
        if _alike(a * b, said) or (abs(a) > 1 and places and same(b / a, said, places)):
            return True
    return False


_NOTHING = 1e-9


def _is_count(number: float) -> bool:
    return bool(number) and float(number).is_integer() and abs(number) <= _MOST


_MOST = 366  # days of a year


def _alike(value: float, said: float) -> bool:
    return abs(value - said) < 0.005


def totals(columns: Iterable[Sequence[float]], said: float) -> bool:
    """Return True if a number is the sum, the range or the mean of the numbers in one column."""
    for column in columns:
        if len(column) < 2:
            continue
        if _alike(math.fsum(column), said) or _alike(max(column) - min(column), said):
            return True
        if _alike(round(math.fsum(column) / len(column), 2), said):
            return True
    return False


def converts(said: float, unit: str, places: int | None, known: Iterable[float]) -> bool:
    """Return True if a number in a unit (kB, hours) is a known number of smaller units, rounded as it is written."""
    base = UNITS.get(unit)
    factors = [base[1]] if base else []
    if unit in ("kb", "mb", "gb"):
        factors.append(1024.0 ** ("kb", "mb", "gb").index(unit) * 1024)
    if unit in ("hour", "hours", "h"):
        factors.append(60.0)
    if unit in ("week", "weeks"):
        factors.append(7.0)
    if unit in ("year", "years"):
        factors.append(12.0)
    step = 0.5 * 10.0 ** -(places or 0)
    return any(factor != 1 and abs(value / factor - said) <= step + 1e-9 for factor in factors for value in known)
