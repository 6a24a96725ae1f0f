"""The first of a list, and what its items come to, in a contract that has no words of ours for its members."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from fr_synth.verify.claims.figures.compare import SUPERLATIVE
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.shown.again import shown_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["misranked"]

_MEASURED: dict[str, tuple[bool, frozenset[str]]] = {
    word: (most, frozenset(fields.split()))
    for words, most, fields in (
        ("heaviest", True, "weight mass kg grams"),
        ("lightest", False, "weight mass kg grams"),
        ("longest", True, "minutes hours days nights weeks months duration length pages distance term"),
        ("shortest", False, "minutes hours days nights weeks months duration length pages distance term"),
        ("cheapest", False, "price fee cost costs postage rate fare rent charge amount total"),
        ("dearest priciest", True, "price fee cost costs postage rate fare rent charge amount total"),
        ("oldest", True, "age"),
        ("youngest", False, "age"),
        ("fullest", True, "used occupied taken"),
        ("tallest", True, "height"),
        ("widest", True, "width"),
        ("fastest", True, "speed"),
        ("slowest", False, "speed"),
    )
    for word in words.split()
}
_THE = re.compile(rf"\bthe (?P<word>{'|'.join(_MEASURED)})\b", re.IGNORECASE)
_IN_ALL = re.compile(r"\b(?:in all|in total|altogether|together|all told)\b")


def misranked(moment: Moment) -> Iterator[str]:
    """Iterate over firsts of a list that are not, and sums over a list that are those of a part of it.

    Args:
        moment: A reply.
    """
    for match in _THE.finditer(moment.text):
        if match["word"].lower() not in SUPERLATIVE.pattern or _is_unknown(moment, match):
            yield from _first(moment, match)
    yield from _sums(moment)


def _is_unknown(moment: Moment, match: re.Match[str]) -> bool:
    """Return True if no list has a member that the words which are held elsewhere speak of."""
    return not any("price" in name for _, _, rows in shown_to(moment).lists for name in rows[0]) and bool(match)


def _first(moment: Moment, match: re.Match[str]) -> Iterator[str]:
    most, fields = _MEASURED[match["word"].lower()]
    start, end = next(((a, b) for a, b in moment.clauses if a <= match.start() < b), (0, len(moment.text)))
    own = [c for c in moment.claims if start <= c.span.start < end and isinstance(c.span.value, str) and not c.plain]
    shown = shown_to(moment)
    named = [thing for claim in own if (thing := shown.named(claim)) is not None]
    if len({thing.key for thing in named}) != 1:
        return
    for _, _, rows in shown.lists:
        column = next((name for name in rows[0] if fields & set(tokens(name))), None)
        values = _numbers(rows, column)
        row = next((row for row in rows if str(next(iter(row.values()), "")) == named[0].key), None)
        if values and row is not None and row[str(column)] != (max(values) if most else min(values)):
            yield f"{named[0].key!r} is not the {match['word']} by {column}"
            return


def _numbers(rows: Sequence[JsonObject], column: str | None) -> list[Any]:
    values = [row.get(column) for row in rows] if column else []
    whole = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return values if whole and len(values) > 1 else []


def _sums(moment: Moment) -> Iterator[str]:
    """Yield a sum "in all" that is the sum of some items of a list, and not of all of those that are shown."""
    for claim in moment.claims:
        start, end = next(((a, b) for a, b in moment.clauses if a <= claim.span.start < b), (0, len(moment.text)))
        said = claim.span.value
        if not isinstance(said, float) or claim.places or claim.said or not _IN_ALL.search(moment.text, start, end):
            continue
        own = [c for c in moment.claims if start <= c.span.start < end and isinstance(c.span.value, float)]
        if len(own) > 1:
            continue  # what it is made up of stands beside it
        columns = [
            values for _, _, rows in shown_to(moment).lists for name in rows[0] if (values := _numbers(rows, name))
        ]
        if any(abs(math.fsum(values) - said) < _CENT for values in columns):
            continue
        if any(abs(math.fsum(values) - each - said) < _CENT for values in columns for each in values):
            yield f"{claim.span.text!r} leaves out one of the list"


_CENT = 0.005
