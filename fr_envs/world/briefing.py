"""What an agent is told of a first state beside the rules: the day, as people write it."""

from __future__ import annotations

import calendar
import datetime

__all__ = ["day_told"]


def day_told(day: str | int) -> str:
    """Return a sentence that tells the day.

    Args:
        day: ISO date, or a moment in seconds since 1970 UTC.

    Example:
        >>> day_told("2026-11-12")
        'Today is Thursday 12 November 2026.'
    """
    if isinstance(day, int):
        date = datetime.datetime.fromtimestamp(day, tz=datetime.UTC).date()
    else:
        date = datetime.date.fromisoformat(day)
    return f"Today is {calendar.day_name[date.weekday()]} {date.day} {calendar.month_name[date.month]} {date.year}."
