"""Days that fit a world: those that follow on the ones that it shows, written as it writes them."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.participles import participle_in
from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import is_end, is_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.json_values import Json

__all__ = ["as_hour", "days_after", "days_for", "is_day", "moments_in", "said_as"]

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:([T ])\d\d:\d\d(:\d\d)?)?")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d)?|YYYY-MM-DD([T ])HH:MM(:SS)?", re.IGNORECASE)
_NONE = frozenset({"birth", "birthday", "born", "expires", "expiry", "time"})
_HOURS = ("09:00", "10:30", "14:00", "16:30")
_SOON = range(2, 12)  # days after the last one that is shown
_LATER = range(13, 21)
_WEEKEND = 5
_SEVERAL = 6


_HOUR = re.compile(r"\bHH:MM\b|\bhh:mm\b|\btime of (?:the )?day\b")


def as_hour(name: str, description: str) -> str:
    """Return the name of what begins or ends as that of an hour, where its description says that it is one.

    Example:
        >>> as_hour("start", "New start time, HH:MM"), as_hour("start", "YYYY-MM-DD HH:MM"), as_hour("day", "HH:MM")
        ('start_time', 'start', 'day')
    """
    begins = re.sub(r"^new_", "", name) in _BEGINS
    return f"{name}_time" if begins and _HOUR.search(description) and "YYYY" not in description else name


def said_as(name: str, description: str) -> str:
    """Return the name under which values for an argument are thought of: an hour's, or a stop's where one begins.

    Example:
        >>> said_as("start", "Where the ride starts"), said_as("start", "HH:MM"), said_as("room", "Where it is")
        ('station', 'start_time', 'room')
    """
    placed = re.sub(r"^new_", "", name) in _BEGINS and description.lower().startswith("where ")
    return "station" if placed else as_hour(name, description)


_BEGINS = frozenset({"begin", "end", "from", "start", "to", "until"})


def is_day(name: str) -> bool:
    """Return True for the name of a day that somebody chooses, or of a moment of one.

    Example:
        >>> is_day("due"), is_day("new_start"), is_day("start_time"), is_day("birth_date")
        (True, True, False, False)
    """
    words = re.sub(r"^(?:new|requested|preferred) ", "", spaced(name).lower())
    return (is_time(words) or words.startswith("due")) and not _NONE & set(words.split())


def moments_in(values: Iterable[object]) -> list[str]:
    """Return those of some values that are moments; where none is, those that are names, as of where a ride starts.

    Example:
        >>> moments_in(["09:00", "Old Town"]), moments_in(["Old Town", "zq"]), moments_in(["2026-05"])
        (['09:00'], ['Old Town'], [])
    """
    texts = [value for value in values if isinstance(value, str)]
    moments = [text for text in texts if _CLOCK_OR_DAY.match(text)]
    return moments or [text for text in texts if text[:1].isupper() and not any(map(str.isdigit, text))]


_CLOCK_OR_DAY = re.compile(r"\d\d?:\d\d|\d{4}-\d\d-\d\d")  # of what went through where anything does


def days_after(name: str, description: str, shown: Iterable[object], form: str = "") -> list[str]:
    """Return days for an argument after the last that a world shows; none where it shows none.

    Args:
        name: Name of the argument.
        description: What is said of it, which may say how a moment is written.
        shown: Values that the world shows.
        form: The format that its schema demands, if any.

    Example:
        >>> days_after("due", "", ["2026-09-16", "Ada"])[:2], days_after("day", "", ["Ada"])
        (['2026-09-18', '2026-09-21'], [])
        >>> days_after("start", "", ["2026-09-16T09:00:00"])[0]
        '2026-09-18T09:00:00'
    """
    found = [match for value in shown if isinstance(value, str) and (match := _MOMENT.fullmatch(value)) is not None]
    last = max((day for match in found if (day := _day(match[1])) is not None), default=None)
    if last is None:
        return []
    wanted = _LATER if is_end(re.sub(r"^new ", "", spaced(name).lower())) else _SOON
    days = [last + datetime.timedelta(days=each) for each in wanted]
    days = [day for day in days if day.weekday() < _WEEKEND][:_SEVERAL]
    return _as_written(days, description, found, form)


def days_for(name: str, description: str, shown: Mapping[Json, Iterable[frozenset[str]]], form: str = "") -> list[str]:
    """Return days for an argument: up to the last that a world shows for what is over by then, else after the last.

    Args:
        name: Name of the argument.
        description: What is said of it.
        shown: Values that the world shows, each with the words around it.
        form: The format that its schema demands, if any.

    Example:
        >>> shown = {"2026-11-25": [frozenset({"item", "found"})], "2026-12-09": [frozenset({"item", "due"})]}
        >>> days_for("found_on", "", shown)[:2], days_for("due", "", shown)[0]
        (['2026-11-25', '2026-11-24'], '2026-12-11')
    """
    done = participle_in(name)
    if not done:
        return days_after(name, description, shown, form)
    known = {value: around for value, around in shown.items() if isinstance(value, str)}
    own = [value for value, around in known.items() if any(done in each for each in around)]
    found = [match for value in own or known if (match := _MOMENT.fullmatch(value)) is not None]
    days = [day for match in found if (day := _day(match[1])) is not None]
    if not days:
        return []
    last = max(days) if own else min(days)
    return _as_written([last - datetime.timedelta(days=each) for each in range(_SEVERAL)], description, found, form)


def _as_written(days: list[datetime.date], description: str, found: list[re.Match[str]], form: str) -> list[str]:
    joint, seconds = _clock(description, [match for match in found if match[2]], form)
    return [f"{day}{joint}{_HOURS[k % len(_HOURS)]}{seconds}" if joint else str(day) for k, day in enumerate(days)]


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _clock(description: str, timed: list[re.Match[str]], form: str) -> tuple[str, str]:
    """Return what joins a day to an hour, and its seconds, as they are written; nothing where days stand alone."""
    if form == "date":
        return "", ""
    written = _WRITTEN.search(description)
    if written is not None:
        return written[1] or written[3], ":00" if written[2] or written[4] else ""
    if (timed and "YYYY-MM-DD" not in description) or form == "date-time":
        return (timed[0][2], ":00" if timed[0][3] else "") if timed else ("T", ":00")
    return "", ""
