"""Comparisons: before noon, above 1,000, the cheapest; held against the rows and numbers that they are about."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.dates import Clock, Day, iso_day, iso_time

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["BEST", "SUPERLATIVE", "Measure", "comparison", "holds", "uncompared"]


class Measure(NamedTuple):
    """What a comparison compares with.

    Attributes:
        less: True for before, below, under; False for after, above, over.
        value: A number, a time of day or a date.
    """

    less: bool
    value: float | Clock | datetime.date


_LESS = (
    r"before|below|under|less than|fewer than|earlier than|cheaper than|smaller than|older "
    r"than|shorter than|lower than|up to|at most|by"
)

_MORE = (
    r"after|above|over|more than|later than|larger than|bigger than|greater than|newer than|"
    r"longer than|higher than|at least|from|exceeds?"
)

_COMPARES = re.compile(
    rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE}))\s(?:the |your |a )?(?:limit of |threshold of "
    rf")?$"
)


_NEAR = 48  # characters in which a comparison stands before what it compares with


def comparison(text: str, clause: tuple[int, int], own: Sequence[Claim]) -> Measure | None:
    """Return what the first comparison in a clause compares with, None if there is none."""
    for claim in own:
        match = _COMPARES.search(text, max(clause[0], claim.span.start - _NEAR), claim.span.start)
        value = claim.span.value
        if match is None or isinstance(value, str):
            continue
        if isinstance(value, Day):
            if value.full is None:
                continue
            return Measure(match["less"] is not None, value.full)
        return Measure(match["less"] is not None, value)
    return None


def holds(measure: Measure, fields: Mapping[str, Json]) -> bool:
    """Return True if the first member of a row that can be compared is on the right side."""
    for value in fields.values():
        own = _comparable(value, measure.value)
        if own is not None:
            return own < measure.value if measure.less else own > measure.value  # type: ignore[operator]
    return False


def _comparable(value: Json, like: float | Clock | datetime.date) -> float | Clock | datetime.date | None:
    if isinstance(like, float):
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    return iso_time(value) if isinstance(like, Clock) else iso_day(value)


_PAIR = re.compile(
    r"\s*(?:EUR|USD|GBP|€)?\s*(?:is|are|was|were|lies|stays|goes)?\s*(?P<not>not |n[\u2019']t )?"
    r"(?:(?P<less>below|under|less than|lower than|fewer than|smaller than|cheaper than|earlier than|before)"
    r"|(?P<more>above|over|more than|higher than|larger than|bigger than|greater than|later "
    r"than|exceeds|beyond|after))"
    r"\s(?:the |your |a |our )?(?:limit of |threshold of |daily limit of |cap of )?$"
)
BEST: dict[str, tuple[bool, frozenset[str]]] = {
    word: (most, frozenset(fields.split()))
    for words, most, fields in (
        ("cheapest", False, "price fee amount cost total"),
        ("dearest priciest", True, "price fee amount cost total"),
        ("largest biggest heaviest", True, "size amount price balance points distance"),
        ("smallest", False, "size amount price balance points distance"),
        ("highest", True, "price amount balance fee rate stars size"),
        ("lowest", False, "price amount balance fee rate stars size"),
        ("latest newest", True, "date modified departure departure_time"),
        ("oldest earliest", False, "date modified departure departure_time"),
        ("nearest closest", False, "distance"),
        ("farthest furthest", True, "distance"),
    )
    for word in words.split()
}
SUPERLATIVE = re.compile(rf"\b(most expensive|least expensive|{'|'.join(BEST)})\b", re.IGNORECASE)


def uncompared(moment: Moment, clause: tuple[int, int], own: Sequence[Claim]) -> Iterator[str]:
    """Iterate over the comparisons of a clause that do not hold."""
    text = moment.text
    for left, right in itertools.pairwise(own):
        a, b = left.span.value, right.span.value
        match = _PAIR.fullmatch(text, left.span.end, right.span.start)
        if match is None or type(a) is not type(b) or isinstance(a, str | Day) or b == 0:
            continue
        less = (match["less"] is not None) != (match["not"] is not None)
        wrong = a >= b if less else a <= b  # type: ignore[operator]
        if wrong and not (a == b and match["not"] is not None):
            yield f"{text[left.span.start : right.span.end]!r} does not hold"
    yield from _superlatives(moment, clause, own)


def _superlatives(moment: Moment, clause: tuple[int, int], own: Sequence[Claim]) -> Iterator[str]:
    for match in SUPERLATIVE.finditer(moment.text, *clause):
        if any(claim.span.start < match.end() and match.start() < claim.span.end for claim in own):
            continue
        word = match[1].lower()
        most, fields = BEST.get(word, (word.startswith("most"), BEST["cheapest"][1]))
        near = [claim for claim in own if claim.span.start >= match.end()] or list(own)
        if moment.text.startswith(" of all", match.end()):  # "(modified 3 May, the smallest of all)"
            near = [claim for claim in own if claim.span.end <= match.start()][-1:]
            fields = frozenset(word for claim in near for place in claim.places for word in tokens(place.field))
        subject = _IS_THE.search(moment.text, clause[0], match.start())
        own_kind = subject is not None and any(claim.span.end == subject.start() for claim in own)
        if subject is not None and own_kind:
            near = [claim for claim in own if claim.span.end == subject.start()]
        rows = [{place.row for place in claim.places if place.row >= 0} for claim in near]
        rows = [each for each in rows if each]
        if rows and not any(_is_best(moment, each, most, fields, own_kind=own_kind) for each in rows):
            yield f"{match[0]!r} does not hold of {near[0].span.text!r}"


_IS_THE = re.compile(r" (?:is|was|are|were) the $")


def _is_best(moment: Moment, rows: set[int], most: bool, fields: frozenset[str], *, own_kind: bool = False) -> bool:
    """Return True if one of the rows is the first or last of its list; a row that is in no list can't be judged.

    Of files and folders in one list, with ``own_kind`` each is held to its own.
    """
    sources = moment.sources
    judged = False
    for number in rows:
        row = sources.rows[number]
        if not row.list:
            continue
        names = [name for name in row.fields if fields & set(tokens(name))]
        mates = [other for other in sources.of_calls([row.call]) if sources.rows[other].list == row.list]
        kind = row.fields.get("type") if own_kind else None
        mates = [other for other in mates if kind is None or sources.rows[other].fields.get("type") == kind]
        for name in names:
            column = [v for other in mates if (v := sources.rows[other].fields.get(name)) is not None]
            if len({type(v) for v in column}) > 1 or row.fields.get(name) is None:
                continue
            judged = True
            if row.fields[name] == (max(column) if most else min(column)):
                return True
    return not judged
