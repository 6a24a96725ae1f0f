"""Does a text name a day, as people name days: without the year, by the weekday, or from today?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.verify.claims.parsing.dates import Day, days_in, iso_day

if TYPE_CHECKING:
    import datetime

    from fr_envs.json_values import Json

__all__ = ["names_day"]

_NEAR = 183  # days: a day and month without a year mean the nearest one
_WEEK = 7


def names_day(text: str, value: Json, today: datetime.date | None) -> bool:
    """Return True if a text names a day or month in words that can mean no other.

    Args:
        text: What was said.
        value: An ISO date or month.
        today: The world's date when it was said; None where it has none.

    Example:
        >>> import datetime
        >>> day = datetime.date(2026, 11, 12)
        >>> names_day("from 1 December", "2026-12-01", day), names_day("by 1 December", "2027-12-01", day)
        (True, False)
    """
    if not isinstance(value, str) or len(value) not in (len("2027-03"), len("2027-03-12")) or today is None:
        return False
    date = iso_day(value)
    if date is None:
        return False
    whole_month = len(value) == len("2027-03")
    return any(_means(day, date, today, whole_month=whole_month) for _, _, day in days_in(text))


def _means(day: Day, date: datetime.date, today: datetime.date, *, whole_month: bool) -> bool:
    if not day.fits(date, today):
        return False
    if day.ahead is not None:
        return not whole_month
    if day.months_ahead is not None:
        return whole_month or date.day == 1
    if day.day is None and day.weekday is None:
        near = day.year is not None or abs((date - today).days) <= _NEAR
        return near and (whole_month or date.day == 1)
    if whole_month:
        return False
    if day.day is None:
        return 0 <= (date - today).days <= _WEEK
    if day.month is None:
        return 0 <= (date - today).days <= 31
    return day.year is not None or abs((date - today).days) <= _NEAR
