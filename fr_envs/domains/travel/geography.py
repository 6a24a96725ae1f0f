"""Where airports are, and what time it is there."""

from __future__ import annotations

import datetime as dt
import functools
import json
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

from haversine import haversine

__all__ = ["Airport", "airports", "distance_km", "local_text", "to_local", "to_minutes", "zone"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


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
    midnight = dt.date.fromordinal(day)
    hour, rest = divmod(minute, 60)
    wall = dt.datetime(midnight.year, midnight.month, midnight.day, hour, rest, tzinfo=zone(tz))
    return int((wall - _EPOCH).total_seconds()) // 60


def local_text(minutes: int, tz: str) -> str:
    """Return the wall time in ``tz`` as ``2027-03-12T09:40``."""
    return to_local(minutes, tz).isoformat()[:16]


def distance_km(one: Airport, other: Airport) -> float:
    """Return the great-circle distance in kilometres."""
    return float(haversine((one.lat, one.lon), (other.lat, other.lon)))
