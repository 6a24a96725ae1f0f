"""Days of the bank: ISO dates, TARGET business days, months."""

from __future__ import annotations

import calendar
import datetime
import functools

from fr_envs.domains.banking.first_state.frozen import frozen

__all__ = [
    "add_days", "add_months", "business_day_after", "day_of", "days_between", "days_from", "first_of_next_month",
    "is_business_day", "last_business_day", "months_from", "next_due", "on_business_day", "start_of",
]  # fmt: skip

_EPOCH = datetime.date(1970, 1, 1)
_DAY = 86_400
_STEPS = {"monthly": 1, "quarterly": 3, "yearly": 12}


@functools.lru_cache(maxsize=4096)
def is_business_day(day: str) -> bool:
    """Return True if payments between banks settle on ``day``."""
    return datetime.date.fromisoformat(day).weekday() < 5 and day not in frozen().closed


@functools.lru_cache(maxsize=4096)
def add_days(day: str, count: int) -> str:
    """Return the day ``count`` days later."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=count)).isoformat()


@functools.lru_cache(maxsize=4096)
def business_day_after(day: str, count: int = 1) -> str:
    """Return the ``count``-th business day after ``day``."""
    while count:
        day = add_days(day, 1)
        count -= is_business_day(day)
    return day


def on_business_day(day: str) -> str:
    """Return a day, or the business day after it where it is none."""
    return day if is_business_day(day) else business_day_after(day)


def last_business_day(day: str) -> str:
    """Return a day, or the business day before it where it is none."""
    return day if is_business_day(day) else last_business_day(add_days(day, -1))


@functools.lru_cache(maxsize=4096)
def add_months(day: str, count: int) -> str:
    """Return the same day ``count`` months later, or the month's last day where it is shorter."""
    date = datetime.date.fromisoformat(day)
    year, month = divmod(date.year * 12 + date.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(date.day, last)).isoformat()


def day_of(moment: int) -> str:
    """Return the day (UTC) of a moment in seconds since 1970."""
    return (_EPOCH + datetime.timedelta(seconds=moment)).isoformat()


def start_of(day: str) -> int:
    """Return the moment at which a day begins (UTC), in seconds since 1970."""
    return days_between(_EPOCH.isoformat(), day) * _DAY


def days_between(first: str, last: str) -> int:
    """Return how many days after ``first`` the day ``last`` is."""
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days


def days_from(first: str, count: int) -> list[str]:
    """Return so many days in a row."""
    start = datetime.date.fromisoformat(first).toordinal()
    return [day.isoformat() for day in map(datetime.date.fromordinal, range(start, start + count))]


def first_of_next_month(day: str) -> str:
    """Return the first day of the month after ``day``."""
    return add_months(day[:8] + "01", 1)


def next_due(day: str, frequency: str) -> str:
    """Return the day on which a repeating payment falls due after ``day``."""
    return add_days(day, 7) if frequency == "weekly" else add_months(day, _STEPS[frequency])


@functools.lru_cache(maxsize=128)  # first days of months
def months_from(start: str, count: int) -> tuple[list[str], list[int]]:
    """Return the days of so many months and one more, and where among them each of the months begins."""
    days = days_from(start, 31 * count + 32)
    return days, [days.index(add_months(start, n)) for n in range(count)]
