"""Links: a day right behind what it is the day of, and the time of a day; both have to be of the same thing."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.parsing.dates import Clock, Day, iso_day

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["unlinked"]

_ON = re.compile(r" (?:on|of|dated|from)(?: the)? ")
_AT = re.compile(r",? (?:at )?")
_ON_DAY = re.compile(r"(?:,| on) (?:the )?")
_WEEKDAY = re.compile(r",? (?:the )?")


def unlinked(moment: Moment) -> Iterator[str]:
    """Iterate over days that nothing known has beside what they are said of, and over times of another day."""
    claims = [claim for claim in moment.claims if not claim.plain]
    for one, other in itertools.pairwise(claims):
        between = moment.text[one.span.end : other.span.start]
        if one.span.value == other.span.value and _is_set_apart(moment.text, one, between):
            yield f"{moment.text[one.span.start : other.span.end]!r} sets a value against itself"
        if _WEEKDAY.fullmatch(between) and _clash(moment, one.span.value, other.span.value):
            yield f"{moment.text[one.span.start : other.span.end]!r} is no such day"
        if one.said and other.said:
            continue
        if _is_some_day(moment, one) and isinstance(other.span.value, Clock) and _AT.fullmatch(between):
            wrong = _of_another_day(moment, one, other)
        elif isinstance(one.span.value, Clock) and _is_some_day(moment, other) and _ON_DAY.fullmatch(between):
            wrong = _of_another_day(moment, other, one)
        else:
            wrong = _is_day(other) and _ON.fullmatch(between) is not None and _apart(moment, one, other)
        if wrong:
            yield f"{moment.text[one.span.start : other.span.end]!r} are no such pair"


_AGAINST = re.compile(
    r"(?: [A-Z]{3})?,? (?:and |but )?(?:not|instead of|rather than|no longer)(?: (?:on|at|the))* [\"\u201c]?[€$£]?"
)
_TO = re.compile(r"(?: [A-Z]{3})? (?:to|into) (?:the )?[\"\u201c]?[€$£]?")
_FROM = re.compile(r"\bfrom (?:the )?[\"\u201c]?[€$£]?$")


def _is_set_apart(text: str, one: Claim, between: str) -> bool:
    """Return True if words set a value against the next one: "A and not B", "from A to B"."""
    if _AGAINST.fullmatch(between):
        return True
    return _TO.fullmatch(between) is not None and _FROM.search(text, 0, one.span.start) is not None


def _clash(moment: Moment, one: object, other: object) -> bool:
    """Return True if a day of the week stands before a day of a month that falls on another one."""
    if not (isinstance(one, Day) and isinstance(other, Day)) or one.weekday is None or other.day is None:
        return False
    if other.full is not None:
        return other.full.weekday() != one.weekday
    days = [day for day, _ in moment.sources.days if other.fits(day, moment.sources.today)]
    days += [day for _, span in moment.sources.said if (day := _full(span.value)) and other.fits(day, None)]
    return bool(days) and all(day.weekday() != one.weekday for day in days)


def _full(value: object) -> datetime.date | None:
    return value.full if isinstance(value, Day) else None


def _is_day(claim: Claim) -> bool:
    return isinstance(claim.span.value, Day) and claim.span.value.full is not None


def _is_some_day(moment: Moment, claim: Claim) -> bool:
    """Return True if this is a day in full; in a model's words, one of the week or of a month, too."""
    loose = moment.evidence.dialogue.teacher != "scripted"
    return isinstance(claim.span.value, Day) if loose else _is_day(claim)


def _of_another_day(moment: Moment, day: Claim, time: Claim) -> bool:
    """Return True if every known moment at a time has a day of its own, and none of them is the one that is told."""
    said = day.span.value
    days = [iso_day(str(place.value)) for place in time.places]
    if not isinstance(said, Day) or not days:
        return False
    return all(d is not None and not said.fits(d, moment.sources.today) for d in days)


def _apart(moment: Moment, one: Claim, other: Claim) -> bool:
    """Return True if both are told by results, and no row has both within its scope."""
    rows, others = ({place.row for place in claim.places if place.row >= 0} for claim in (one, other))
    scopes = [moment.sources.scope(row) for row in rows | others]
    return bool(rows and others) and not any(rows & scope and others & scope for scope in scopes)
