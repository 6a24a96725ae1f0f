"""What a model adds to what its situation says: the first of a list, and how long something takes, worked out again.

A sentence that the situation has not may be as true as any other; but then it can be proven from what was shown. The
cheapest is the first of the list that this turn is about, not of some list; so many days lie between two days that are
known, or somebody has told them.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from fr_synth.verify.claims.figures.compare import BEST, SUPERLATIVE
from fr_synth.verify.claims.figures.derive import converts
from fr_synth.verify.claims.figures.reference.refilled import fits_some, parts_of
from fr_synth.verify.claims.figures.situated.as_told import tells
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.dates import Day, iso_day
from fr_synth.verify.claims.parsing.numbers import UNITS
from fr_synth.verify.situated.meaning.scope import scope_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.situated.meaning.scope import Scope

__all__ = ["unproven"]


def unproven(moment: Moment) -> Iterator[str]:
    """Iterate over firsts and spans of time in sentences of a model's own that do not follow from what was shown.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    spans = [claim for claim in moment.claims if _is_span(claim)]
    if scope is None or not (spans or SUPERLATIVE.search(moment.text)):
        return
    parts = parts_of(moment.text)
    at = 0
    for text in parts[1:] or parts:
        start = moment.text.index(text, at)
        at = start + len(text)
        if not fits_some(scope.wordings, text):
            own = [claim for claim in moment.claims if start <= claim.span.start < at]
            yield from _firsts(moment, scope, (start, at), own)
            yield from (
                f"nothing known lasts {claim.span.text} {claim.span.unit}"
                for claim in own
                if claim in spans and not _lasts(moment, scope, claim)
            )


# ------------------------------------------------------------------------------------------------------------ firsts


def _firsts(moment: Moment, scope: Scope, part: tuple[int, int], own: Sequence[Claim]) -> Iterator[str]:
    """Iterate over things of which a sentence says that they are the first of their list, and that are not."""
    for match in SUPERLATIVE.finditer(moment.text, *part):
        things = [claim for claim in own if isinstance(claim.span.value, str) and not claim.plain]
        behind = [claim for claim in things if claim.span.start >= match.end()]
        claim = next(iter(behind or things[-1:]), None)
        if claim is None or any(a.span.start < match.end() and match.start() < a.span.end for a in own):
            continue
        most, fields = BEST.get(match[1].lower(), (match[1].lower().startswith("most"), BEST["cheapest"][1]))
        if any(tells(slot, claim, moment) for slot in scope.slots) and match[1].lower() in " ".join(scope.wordings):
            continue
        them = _OF_THEM.match(moment.text, match.end()) is not None
        if not _is_first(moment, claim, fields, most=most, them=them):
            yield f"{claim.span.text!r} is not shown to be the {match[1]} of any list"


_OF_THEM = re.compile(r"(?: one)? of (?:them|these|those|all|the lot)\b")


def _is_first(moment: Moment, claim: Claim, fields: frozenset[str], *, most: bool, them: bool) -> bool:
    """Return True if a thing is the first of all lists of the turn that have it, or of the last list before the turn.

    Args:
        moment: The text.
        claim: The thing.
        fields: Words in the names of what the list may go by.
        most: It is said to have the most.
        them: It is said to be so of what was just listed.
    """
    rows = moment.sources.rows
    listed = [place for place in claim.places if place.row >= 0 and rows[place.row].list]
    now = [place for place in listed if rows[place.row].call in moment.ran]
    if not now and (them or any(rows[k].list for k in moment.sources.of_calls(moment.ran))):
        return False
    last = max((rows[place.row].call for place in listed), default=-1)
    first: dict[tuple[int, str], bool] = {}
    for place in listed if them else now or [place for place in listed if rows[place.row].call == last]:
        row = rows[place.row]
        mates = [rows[k].fields for k in moment.sources.of_calls([row.call]) if rows[k].list == row.list]
        held = [_leads(row.fields, mates, name, most=most) for name in row.fields if fields & set(tokens(name))]
        held = [each for each in held if each is not None]
        if held and len({str(each.get(place.field)) for each in mates}) >= _SEVERAL:
            first[row.call, row.list] = first.get((row.call, row.list), False) or any(held)
    return bool(first) and all(first.values())


def _leads(fields: JsonObject, mates: Sequence[JsonObject], name: str, *, most: bool) -> bool | None:
    """Return whether a thing has the most, or the least, of some member in its list; None where that is not known."""
    column: list[Any] = [each[name] for each in mates if isinstance(each.get(name), int | float | str)]
    if fields[name] is None or len({type(value) for value in column}) != 1 or len(set(map(str, column))) < _SEVERAL:
        return None
    return bool(fields[name] == sorted(column, reverse=most)[0])


_SEVERAL = 2


# ------------------------------------------------------------------------------------------------------------- spans


_OF_TIME = frozenset({"day", "night", "week", "month", "year", "hour", "minute"})


def _is_span(claim: Claim) -> bool:
    """Return True if this is a number of days, hours and the like that nobody has told."""
    unit = UNITS.get(claim.span.unit)
    return unit is not None and unit[0] in _OF_TIME and not claim.said and not claim.places


def _lasts(moment: Moment, scope: Scope, claim: Claim) -> bool:
    """Return True if a span of time is one that the situation tells, converted, or lies between two known moments."""
    said = claim.span.value
    if not isinstance(said, float) or any(tells(slot, claim, moment) for slot in scope.slots):
        return True
    base, factor = UNITS[claim.span.unit]
    rows = [moment.sources.rows[k] for k in moment.sources.of_calls([*moment.ran, *moment.ahead])]
    numbers = [
        value
        for row in rows
        for name, value in row.fields.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and _LONG.search(name)
    ]
    spoken = [c.span for c in moment.claims if c is not claim]
    spoken += [span for _, span in moment.sources.said]
    told = [
        span.value for span in spoken if isinstance(span.value, float) and UNITS.get(span.unit, ("",))[0] in _OF_TIME
    ]
    if converts(said, claim.span.unit, claim.span.places, [*numbers, *told]) or said * factor in (*numbers, *told):
        return True
    if any(said == abs(a + sign * b) for a, b in itertools.permutations([*numbers, *told], 2) for sign in (1, -1)):
        return True
    return any(_fits(said, base, factor, a, b) for a, b in itertools.combinations(_known_days(moment, claim), 2))


_LONG = re.compile(r"minutes|hours|days|nights|weeks|months|years|duration|delay|term", re.IGNORECASE)
_ROUNDED = {"week": 7, "month": 30.44, "year": 365.25}


def _fits(said: float, base: str, factor: float, one: datetime.date, other: datetime.date) -> bool:
    days = abs((one - other).days)
    if base in ("hour", "minute"):
        return said * factor == days * (24 if base == "hour" else 1440)
    return abs(days / _ROUNDED.get(base, 1) - said * factor) <= (0.5 if base in _ROUNDED else 0)


def _known_days(moment: Moment, claim: Claim) -> list[datetime.date]:
    """Return the days that a text tells, that the turn's own calls have outside of lists, and the world's."""
    sources = moment.sources
    found = {sources.today} if sources.today else set()
    for each in moment.claims:
        if isinstance(each.span.value, Day):
            found |= {day for place in each.places if (day := iso_day(str(place.value)))}
            found |= {each.span.value.full} if each.span.value.full else set()
        elif each is not claim:
            rows = {place.row for place in each.places if place.row >= 0}
            found |= {day for k in rows for value in sources.rows[k].fields.values() if (day := _day(value))}
    for k in sources.of_calls([*moment.ran, *moment.ahead]):
        if not sources.rows[k].list:
            found |= {day for value in sources.rows[k].fields.values() if (day := _day(value))}
    return sorted(found)


def _day(value: object) -> datetime.date | None:
    return iso_day(value) if isinstance(value, str) else None
