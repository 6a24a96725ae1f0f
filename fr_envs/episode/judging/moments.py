"""Dates and times in a text, in the forms in which people write them."""

from __future__ import annotations

import calendar
import contextlib
import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Date", "Moment", "Time", "moments", "same_date", "same_time", "value_moment"]


class Date(NamedTuple):
    """A day, a month, or a day of any year.

    Attributes:
        year: None where the text leaves it out.
        month: From 1 to 12.
        day: From 1 to 31; None for a whole month.
    """

    year: int | None
    month: int
    day: int | None


class Time(NamedTuple):
    """A time of day.

    Attributes:
        hour: From 0 to 23.
        minute: From 0 to 59.
        second: None where the text leaves it out.
    """

    hour: int
    minute: int
    second: int | None = None


class Moment(NamedTuple):
    """A date or a time, and where it stands.

    Attributes:
        date: None for a time alone.
        time: None for a date alone.
        start: Index of its first character.
        end: Index after its last.
    """

    date: Date | None
    time: Time | None
    start: int
    end: int


_LONG = [name.lower() for name in calendar.month_name[1:]]
_MONTHS = {name: number for number, name in enumerate(_LONG, start=1)}
_MONTHS |= {name[:3]: number for number, name in enumerate(_LONG, start=1)} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_UNITS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
_TEENS = "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
_SPELT = {word: number for number, word in enumerate(f"{_UNITS} {_TEENS}".split(), start=1)}
_SPELT |= {f"twenty-{word}": 20 + number for number, word in enumerate(_UNITS.split()[:9], start=1)}
_SPELT |= {"thirtieth": 30, "thirty-first": 31}
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(sorted(_SPELT, key=len, reverse=True))})"
_YEAR = r"(?:19|20|21)\d\d"  # what else has four digits is the tail of a card or a PIN
_LEFT = r"(?<![\w.,/:-])"
_DAY_FIRST = rf"{_LEFT}(?P<d>{_DAY})\.?(?:\s+of)?[ \t.-]*(?P<m>{_MONTH})\b\.?(?:,?[ -]?(?P<y>{_YEAR})\b)?"
_MONTH_FIRST = (
    rf"\b(?P<m>{_MONTH})\b\.?\s+(?:the\s+)?(?P<d>{_DAY})\b(?![.:]\d)(?:,?\s+(?P<y>{_YEAR})\b(?![.,]\d|\s*[%€$£]))?"
)
_MONTH_ALONE = rf"\b(?P<m>{_MONTH})\b\.?,?(?:\s+of)?\s+(?P<y>{_YEAR})\b(?![.,]\d)"
_SPAN = (
    rf"{_LEFT}(?P<d>{_DAY})\.?[ \t]*(?:-|–|to|until|till|through|and|or)"
    rf"\s*(?={_DAY}\.?(?:\s+of)?\s+(?P<m>{_MONTH})\b(?:,?\s+(?P<y>{_YEAR})\b)?)"
)
_CLOCK = r"(?P<H>[01]?\d|2[0-4]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d)(?:\.\d+)?)?"
_HALF = r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?|\s+(?:in\s+the\s+|at\s+)(?P<part>morning|afternoon|evening|night)\b)"
_ISO = r"(?<![\w./-])(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\w/-]|\.\w)"
_ISO_TIME = rf"(?<![\w./-])(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)[Tt]{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?(?![\w:])"
_TRIPLE = r"(?<![\w./:-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d)(?![\w/-]|\.\d)"
_YEAR_MONTH = r"(?<![\w./-])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])(?![\w/-]|\.\w)"
_MONTH_YEAR = r"(?<![\w./-])(?P<m>0[1-9]|1[0-2])/(?P<y>(?:19|20)\d\d)(?![\w/-]|\.\w)"
_TIME = rf"(?<![\w:.]){_CLOCK}(?:{_HALF})?(?![\w:])(?!\.\d)"
_HOURS = rf"(?<![\w:.,-])(?P<H>1[0-2]|0?[1-9])(?:\.(?P<M>[0-5]\d))?(?:\s*o'clock)?{_HALF}"
_FRENCH = r"(?<![\w:.])(?P<H>[01]?\d|2[0-3])h(?P<M>[0-5]\d)(?!\w)"
_NAMED = r"\b(?P<name>noon|midday|midnight)\b"


def _year(found: re.Match[str]) -> int | None:
    text = found.groupdict().get("y")
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


def _day(text: str) -> int:
    return _SPELT[text.lower()] if text.lower() in _SPELT else int(re.sub(r"\D", "", text))


def _dated(year: int | None, month: int, day: int | None) -> Date | None:
    """Return a date, None where the calendar has none such."""
    with contextlib.suppress(ValueError):
        datetime.date(year if year else 2000, month, 1 if day is None else day)
        return Date(year, month, day)
    return None


def _spoken(found: re.Match[str]) -> Date | None:
    if found["m"].lower() == "may" and found["m"][0] != "M":  # "you may 5"
        return None
    day = found.groupdict().get("d")
    return _dated(_year(found), _MONTHS[found["m"].lower()], None if day is None else _day(day))


def _numeric(found: re.Match[str]) -> Date | None:
    parts = found.groupdict()
    return _dated(_year(found), int(parts["m"]), int(parts["d"]) if parts.get("d") else None)


def _clock(found: re.Match[str]) -> Time | None:
    parts = found.groupdict()
    if parts.get("name"):
        return Time(0 if parts["name"].lower() == "midnight" else 12, 0)
    hour = int(parts["H"])
    part = (parts.get("part") or "").lower()
    half = (parts.get("half") or {"": "", "morning": "a"}.get(part, "p")).lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    second = parts.get("S")
    return None if hour > 23 else Time(hour, int(parts.get("M") or 0), None if second is None else int(second))


class _Reader(NamedTuple):
    """One form of dates or times.

    Attributes:
        pattern: The form.
        date: Reads the date in it; None for a form of times alone.
        timed: There is a time in it.
        needs: Small letters of which some stand in every text that has it: to look for them is quicker by far.
    """

    pattern: re.Pattern[str]
    date: Callable[[re.Match[str]], Date | None] | None
    timed: bool
    needs: tuple[str, ...]


_SHORT_MONTHS = tuple(name[:3] for name in _LONG)
_READERS = tuple(
    _Reader(re.compile(pattern, re.IGNORECASE), date, timed, needs)
    for pattern, date, timed, needs in (
        (_ISO_TIME, _numeric, True, ("t",)),
        (_ISO, _numeric, False, ("-", "/", ".")),
        (_YEAR_MONTH, _numeric, False, ("-",)),
        (_MONTH_YEAR, _numeric, False, ("/",)),
        (_SPAN, _spoken, False, _SHORT_MONTHS),
        (_DAY_FIRST, _spoken, False, _SHORT_MONTHS),
        (_MONTH_FIRST, _spoken, False, _SHORT_MONTHS),
        (_MONTH_ALONE, _spoken, False, _SHORT_MONTHS),
        (_TIME, None, True, (":",)),
        (_FRENCH, None, True, ("h",)),
        (_HOURS, None, True, ("m", "morning", "afternoon", "evening", "night")),
        (_NAMED, None, True, ("noon", "midday", "midnight")),
    )
)
_TRIPLES = re.compile(_TRIPLE)


def moments(text: str) -> tuple[Moment, ...]:
    """Return the dates and times that stand in a text, by where they stand.

    ``03/04/2026`` is read only where the text settles which is the month: by a part above 12 here, or in another date
    of this form. With dots the day comes first.

    Example:
        >>> [moment.date for moment in moments("due December 1st")]
        [Date(year=None, month=12, day=1)]
    """
    if not any(letter.isdigit() for letter in text) and not _WORDY.search(text):
        return ()
    found: list[Moment] = []
    left = text
    for moment in _read(text, found):
        left = f"{left[: moment.start]}{'|' * (moment.end - moment.start)}{left[moment.end :]}"
    found += _triples(left)
    return tuple(sorted(found, key=lambda moment: moment.start))


_WORDY = re.compile(r"noon|midday|midnight|first|second|third|th\b", re.IGNORECASE)


def _read(text: str, found: list[Moment]) -> Iterator[Moment]:
    taken: list[tuple[int, int]] = []
    letters = text.casefold() if text.isascii() else None  # elsewhere a letter can look like one of ours
    for reader in _READERS:
        if letters is not None and not any(each in letters for each in reader.needs):
            continue
        for match in reader.pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            date = reader.date(match) if reader.date else None
            time = _clock(match) if reader.timed else None
            if (date is None) == (reader.date is not None) or (reader.timed and time is None):
                continue
            moment = Moment(date, time, match.start(), match.end())
            taken.append((moment.start, moment.end))
            found.append(moment)
            yield moment


def _triples(text: str) -> Iterator[Moment]:
    matches = list(_TRIPLES.finditer(text))
    day_first = any(int(match["a"]) > 12 and match["sep"] != "." for match in matches)
    month_first = any(int(match["b"]) > 12 and match["sep"] != "." for match in matches)
    for match in matches:
        first, second = int(match["a"]), int(match["b"])
        settled = match["sep"] == "." or first == second or day_first != month_first
        if not settled:
            continue
        if match["sep"] != "." and month_first and not day_first:
            first, second = second, first
        date = _dated(_year(match), second, first)
        if date is not None:
            yield Moment(date, None, match.start(), match.end())


def same_date(stated: Date, meant: Date) -> bool:
    """Return True if a stated date is the one that is meant; a year may be left out."""
    if (stated.month, stated.day) != (meant.month, meant.day):
        return False
    return stated.year == meant.year or (stated.year is None and stated.day is not None)


def same_time(stated: Time, meant: Time) -> bool:
    """Return True if a stated time is the one that is meant; seconds may be left out."""
    if (stated.hour, stated.minute) != (meant.hour, meant.minute):
        return False
    return stated.second is None or stated.second == (meant.second or 0)


_VALUE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d)(?:-(?P<d>\d\d))?)?(?P<sep>[T ])?"
    r"(?:(?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?"
)


def value_moment(value: str) -> Moment | None:
    """Read a value that is a date, a month, a time, or a date and a time, as tools give them; None if it is none.

    Example:
        >>> value_moment("2026-12-01T14:05").time
        Time(hour=14, minute=5, second=None)
    """
    found = _VALUE.fullmatch(value) if 5 <= len(value) <= 35 and value[0].isdigit() else None
    if found is None or (found["sep"] is None) != (found["y"] is None or found["H"] is None):
        return None
    date = _numeric(found) if found["y"] else None
    time = _clock(found) if found["H"] else None
    if (date is None) != (found["y"] is None) or (time is None) != (found["H"] is None):
        return None
    return Moment(date, time, 0, len(value))
