"""Airports, routes and the time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.travel.geography import Airport, distance_km, local_text
from fr_envs.domains.travel.lookup import airport_place, home_of, net_of, now_of
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import Travel
    from fr_envs.json_values import JsonObject


def _row(airport: Airport) -> JsonObject:
    return {"airport_code": airport.code, "name": airport.name, "city": airport.city, "country": airport.country}


def find_airports(state: Travel, city: str) -> Effect[Travel]:
    """List the airports of a city."""
    wanted = city.strip().casefold()
    found = [_row(airport) for airport in net_of(state).airports if airport.city.casefold() == wanted]
    if not found:
        raise Refusal("unknown_city", f"No airport serves {city}.")
    return Effect(state, {"airports": found})


def find_nearest_airports(state: Travel, airport_code: str, within_km: int) -> Effect[Travel]:
    """List the airports around one airport, nearest first."""
    net = net_of(state)
    here = net.airports[airport_place(state, airport_code)]
    near = sorted((distance_km(here, other), other) for other in net.airports if other is not here)
    found = [{**_row(other), "distance_km": round(km)} for km, other in near[:10] if km <= within_km]
    if not found:
        raise Refusal("none_near", f"There is no other airport within {within_km} km.")
    return Effect(state, {"airports": found})


def get_airport(state: Travel, airport_code: str) -> Effect[Travel]:
    """Tell where an airport is and what its clocks show."""
    net = net_of(state)
    airport = net.airports[airport_place(state, airport_code)]
    value = {
        **_row(airport),
        "metro_code": airport.metro or None,
        "latitude": airport.lat,
        "longitude": airport.lon,
        "time_zone": airport.tz,
        "local_time": local_text(now_of(state), airport.tz),
    }
    return Effect(state, value)


def get_distance(state: Travel, origin: str, destination: str) -> Effect[Travel]:
    """Measure the great circle between two airports."""
    net = net_of(state)
    one, other = net.airports[airport_place(state, origin)], net.airports[airport_place(state, destination)]
    return Effect(state, {"origin": origin, "destination": destination, "distance_km": round(distance_km(one, other))})


def list_destinations(state: Travel, airport_code: str, limit: int, offset: int) -> Effect[Travel]:
    """List where an airport has nonstop flights to, by city."""
    net = net_of(state)
    served = sorted((net.airports[i].city, i) for i in net.served.get(airport_place(state, airport_code), ()))
    page = [_row(net.airports[i]) for _, i in served[offset : offset + limit]]
    return Effect(state, {"destinations": page, "total": len(served)})


def get_current_time(state: Travel) -> Effect[Travel]:
    """Tell the time at home."""
    home = home_of(state)
    now = local_text(now_of(state), home.tz)
    value = {"local_time": now, "date": now[:10], "city": home.city, "home_airport": home.code, "time_zone": home.tz}
    return Effect(state, value)
