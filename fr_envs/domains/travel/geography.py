"""Where airports are, and what time it is there."""

from __future__ import annotations

import datetime as dt
import functools
import json
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

from haversine import haversine

__all__ = ["Airport", "airports", "distance_km", "local_text", "to_local", "to_minutes", "wall_text", "zone"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = _EPOCH.toordinal()


class Airport(NamedTuple):
    """An airport; a row of ``airports.json``.

    Attributes:
        code: IATA code.
        name: Official name.
        city: City that it serves.
        country: ISO 3166 code.
        metro: Code of the metropolitan area, "" if it is the only airport there.
        lat: Latitude in degrees.
        lon: Longitude in degrees.
        tz: Name of its time zone.
    """

    code: str
    name: str
    city: str
    country: str
    metro: str
    lat: float
    lon: float
    tz: str


@functools.cache
def airports() -> tuple[Airport, ...]:
    """Return every airport, sorted by code."""
    text = (files(__package__) / "airports.json").read_text(encoding="utf-8")
    return tuple(Airport(*row) for row in json.loads(text))


@functools.cache
def zone(name: str) -> ZoneInfo:
    """Return a time zone as the package tzdata has it, so that every machine has the same one."""
    with (files("tzdata") / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def to_local(minutes: int, tz: str) -> dt.datetime:
    """Return the wall time in ``tz`` at ``minutes`` since 1970 UTC."""
    return dt.datetime.fromtimestamp(minutes * 60, zone(tz))


def to_minutes(day: int, minute: int, tz: str) -> int:
    """Return minutes since 1970 UTC: ``minute`` after midnight by the clocks of ``tz`` on the day of that ordinal."""
    wall_minutes = (day - _EPOCH_DAY) * _DAY + minute
    ahead = _steady_offset(wall_minutes // _FORTNIGHT, tz)
    if ahead is not None:
        return wall_minutes - ahead
    midnight = dt.date.fromordinal(day)
    hour, rest = divmod(minute, 60)
    wall = dt.datetime(midnight.year, midnight.month, midnight.day, hour, rest, tzinfo=zone(tz))
    return int((wall - _EPOCH).total_seconds()) // 60


def local_text(minutes: int, tz: str) -> str:
    """Return the wall time in ``tz`` as ``2027-03-12T09:40``."""
    ahead = _steady_offset(minutes // _FORTNIGHT, tz)
    if ahead is None:
        return to_local(minutes, tz).isoformat()[:16]
    day, minute = divmod(minutes + ahead, _DAY)
    return wall_text(day + _EPOCH_DAY, minute)


def wall_text(day: int, minute: int) -> str:
    """Return ``minute`` after midnight on the day of that ordinal as ``2027-03-12T09:40``."""
    hour, rest = divmod(minute, 60)
    return f"{_iso(day)}T{hour:02d}:{rest:02d}"


@functools.lru_cache(maxsize=4096)
def _iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


@functools.lru_cache(maxsize=1 << 15)
def _steady_offset(fortnight: int, tz: str) -> int | None:
    """Return the minutes that the clocks of ``tz`` are ahead of UTC all through a fortnight; None if they change in it.

    Looked at are its two ends and a day more on either side, as wall time is less than a day away from UTC: nowhere do
    clocks change and change back within so few days. To ask a zone costs several times as much as to add a number.
    """
    if not 0 < fortnight < _FORTNIGHTS:
        return None
    own, start = zone(tz), (fortnight * _FORTNIGHT - _DAY) * 60
    before, after = (dt.datetime.fromtimestamp(at, own).utcoffset() for at in (start, start + _ENDS))
    if before is None or before != after:
        return None
    minutes, rest = divmod(before, dt.timedelta(minutes=1))
    return None if rest else minutes


_DAY = 24 * 60
_FORTNIGHT = 14 * _DAY
_FORTNIGHTS = 3_400  # from 1970 to 2100; what lies beyond is asked of the zone
_ENDS = (_FORTNIGHT + 2 * _DAY) * 60  # seconds between the two moments looked at


def distance_km(one: Airport, other: Airport) -> float:
    """Return the great-circle distance in kilometres."""
    return float(haversine((one.lat, one.lon), (other.lat, other.lon)))
