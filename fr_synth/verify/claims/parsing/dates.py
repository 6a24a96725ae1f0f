"""Days and times in text: written out, in figures, in part ("the 15th", "December"), or from today ("tomorrow")."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.parsing.wordsets import letters_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Clock", "Day", "days_in", "iso_day", "iso_time", "times_in"]


class Day(NamedTuple):
    """A day, or what is said of one; None for each part that is not said.

    Attributes:
        year: Year.
        month: Month, 1 to 12.
        day: Day of the month, 1 to 31.
        weekday: Day of the week, 0 for Monday.
        ahead: Days from today.
        months_ahead: Months from this one.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    ahead: int | None = None
    months_ahead: int | None = None

    def fits(self, date: datetime.date, today: datetime.date | None) -> bool:
        """Return True if a date can be the one that is meant, where it is ``today`` (None if nobody knows)."""
        if self.ahead is not None:
            return today is not None and date == today + datetime.timedelta(days=self.ahead)
        if self.months_ahead is not None:
            if today is None:
                return False
            month = today.year * 12 + today.month - 1 + self.months_ahead
            return (date.year, date.month) == (month // 12, month % 12 + 1)
        said = ((self.year, date.year), (self.month, date.month), (self.day, date.day), (self.weekday, date.weekday()))
        return all(part is None or part == own for part, own in said)

    @property
    def full(self) -> datetime.date | None:
        """The date, where year, month and day are said and there is such a day."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return datetime.date(self.year, self.month, self.day)
        except ValueError:
            return None


class Clock(NamedTuple):
    """A time of day in minutes since midnight."""

    minutes: int


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SHORT = {month[:3]: k for k, month in enumerate(_MONTHS, 1)} | {"sept": 9}
_MONTH = {**{month: k for k, month in enumerate(_MONTHS, 1)}, **_SHORT}
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NAME = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b"
)
_ORDINAL = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (  # with what stands, some of it, in all that fits
    (re.compile(r"(?<![\w-])(?P<year>[12]\d{3})-(?P<month>\d{2})-(?P<day>\d{2})(?:T(?=\d)|(?![\w-]))"), ("-",)),
    (re.compile(rf"(?<![\w.,:/-]){_ORDINAL}(?: of)? {_NAME}(?:,? (?P<year>[12]\d{{3}})\b)?"), (" ",)),
    (re.compile(rf"\b{_NAME} {_ORDINAL}(?:,? (?P<year>[12]\d{{3}}))?(?![\w:]|[.,]\d)"), (" ",)),
    (re.compile(rf"\b{_NAME},? (?:of )?(?P<year>[12]\d{{3}})(?![\w.,:/-]*\d)"), (" ",)),
    (re.compile(r"(?<![\w-])(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])(?![\w-])"), ("-",)),
    (
        re.compile(
            r"\bthe (?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b(?! (?:of|one|row|line|row|entry|time|"
            r"column|item)\b)"
        ),
        ("the ",),
    ),
    (
        re.compile(
            r"(?<![\w.,/:-])(?P<day>[12]?\d|3[01])[./](?P<month>0?[1-9]|"
            r"1[0-2])[./](?P<year>[12]\d{3})(?![\w/])"
        ),
        (".", "/"),
    ),
)
_LONG_ALONE = re.compile(
    r"\b(?P<month>January|February|April|June|July|August|September|October|November|December|"
    r"(?:january|february|april|june|july|august|september|october|november|december)|"
    r"(?<=\bin )(?:March|May)|(?<=\bfrom )(?:March|May)|(?<=\bfor )(?:March|May)|(?<=\bof )(?:March|May)|"
    r"(?<=\buntil )(?:March|May)|(?<=\bto )(?:March|May)|(?<=\band )(?:March|May)|(?<=\bsince )(?:March|May)|"
    r"(?:March|May)(?=[\u2019']s\b))(?:[\u2019']s)?\b"
)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_RELATIVE: tuple[tuple[str, Day], ...] = (
    ("the day after tomorrow", Day(ahead=2)),
    ("day after tomorrow", Day(ahead=2)),
    ("the day before yesterday", Day(ahead=-2)),
    ("tomorrow", Day(ahead=1)),
    ("yesterday", Day(ahead=-1)),
    ("today", Day(ahead=0)),
    ("next month", Day(months_ahead=1)),
    ("last month", Day(months_ahead=-1)),
    ("this month", Day(months_ahead=0)),
)
_RELATIVES = dict(_RELATIVE)
_RELATIVE_WORDS = re.compile(r"\b(" + "|".join(word for word, _ in _RELATIVE) + r")\b", re.IGNORECASE)
_IN_DAYS = re.compile(r"\bin (?P<n>\d{1,3}) days\b|\b(?P<ago>\d{1,3}) days ago\b")


def days_in(text: str) -> Iterator[tuple[int, int, Day]]:
    """Iterate over (start, end, day) for the days of a text; a longer reading comes before a shorter one at its place.

    Example:
        >>> [day.full.isoformat() for _, _, day in days_in("12 March 2027 and 2027-04-01") if day.full]
        ['2027-04-01', '2027-03-12']
    """
    words = letters_in(text)
    in_month = not words.isdisjoint(_MONTH)
    for pattern, needs in (_PATTERNS if in_month else _IN_FIGURES) if _DIGIT.search(text) else ():
        for match in pattern.finditer(text) if any(each in text for each in needs) else ():
            yield match.start(), match.end(), _day(match.groupdict())
    if not words.isdisjoint(_RELATIVE_ENDS):
        yield from _relative(text)
    for match in _WEEKDAY.finditer(text) if not words.isdisjoint(_WEEKDAYS) else ():
        yield match.start(), match.end(), Day(weekday=_WEEKDAYS.index(match["weekday"].lower()))
    for match in _LONG_ALONE.finditer(text) if in_month else ():
        yield match.start(), match.end(), Day(month=_MONTH[match["month"].lower()])


def _relative(text: str) -> Iterator[tuple[int, int, Day]]:
    for match in _RELATIVE_WORDS.finditer(text):
        yield match.start(), match.end(), _RELATIVES[match[1].lower()]
    for match in _IN_DAYS.finditer(text):
        ahead = int(match["n"]) if match["n"] else -int(match["ago"])
        yield match.start(), match.end(), Day(ahead=ahead)


_DIGIT = re.compile(r"\d")
_IN_FIGURES = (_PATTERNS[0], *_PATTERNS[4:])
_RELATIVE_ENDS = word_set("tomorrow yesterday today month days")


def _day(parts: dict[str, str | None]) -> Day:
    month = parts.get("month")
    number = None if month is None else int(month) if month.isdecimal() else _MONTH[month.lower().rstrip(".")]
    year, day = parts.get("year"), parts.get("day")
    return Day(None if year is None else int(year), number, None if day is None else int(day))


_CLOCK = re.compile(
    r"(?<![\d:.,-])(?P<hour>[01]?\d|"
    r"2[0-3])[:.](?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?m\b\.?)?(?![\d:])"
)
_HALF = re.compile(r"(?<![\d:.,-])(?P<hour>1[0-2]|[1-9])\s?(?P<half>[ap])\.?m\b\.?")
_NAMED = re.compile(r"\b(noon|midday|midnight)\b", re.IGNORECASE)
_OCLOCK = re.compile(r"(?<![\d:.,-])(?P<hour>[01]?\d|2[0-3]) ?o['\u2019]clock\b")


def times_in(text: str) -> Iterator[tuple[int, int, Clock]]:
    """Iterate over (start, end, time of day) for the times of a text.

    Example:
        >>> [clock.minutes for _, _, clock in times_in("08:40, 2 pm or noon")]
        [520, 840, 720]
    """
    words = letters_in(text)
    if _DIGIT.search(text):
        yield from _in_digits(text, words)
    if not words.isdisjoint(_TIMES):
        for match in _NAMED.finditer(text):
            yield match.start(), match.end(), Clock(0 if match[1].lower() == "midnight" else 720)


_TIMES = word_set("noon midday midnight")
_HALVES = word_set("am pm m clock")


def _in_digits(text: str, words: frozenset[str]) -> Iterator[tuple[int, int, Clock]]:
    for pattern in (_CLOCK, _HALF, _OCLOCK) if not words.isdisjoint(_HALVES) else (_CLOCK,) if ":" in text else ():
        for match in pattern.finditer(text):
            parts = match.groupdict()
            if pattern is _CLOCK and ":" not in match[0] and parts["half"] is None:
                continue  # "10.30" is an amount as well
            yield match.start(), match.end(), Clock(_minutes(parts))


def _minutes(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    half = parts.get("half")
    if half is not None:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(parts.get("minute") or 0)


_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})$")
_ISO_TIME = re.compile(r"(?:^|[T ])(\d{2}):(\d{2})(?::\d{2})?")


def iso_day(value: str) -> datetime.date | None:
    """Return the day of an ISO date, date-time or month (its first); None for other text."""
    match = _ISO_DAY.match(value) or _ISO_MONTH.match(value)
    if match is None:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]) if match.lastindex == 3 else 1)
    except ValueError:
        return None


def iso_time(value: str) -> Clock | None:
    """Return the time of day of an ISO date-time or time; None for other text."""
    if len(value) > 32:
        return None
    match = _ISO_TIME.search(value)
    return None if match is None else Clock(int(match[1]) * 60 + int(match[2]))
