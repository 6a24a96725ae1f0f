"""Flights, connections, fares and seats on offer; the waiting list of full flights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.geography import local_text
from fr_envs.domains.travel.handlers.seating import free_seats
from fr_envs.domains.travel.inventory import (
    cabin_of,
    fare_price,
    flight_row,
    is_open,
    require_open,
    seats_left,
    status_of,
)
from fr_envs.domains.travel.lookup import (
    airport_place,
    flight_named,
    home_text,
    major,
    net_of,
    new_id,
    now_of,
    passenger_named,
    world_day,
)
from fr_envs.domains.travel.network import FAMILIES, Flight
from fr_envs.domains.travel.rules import connection_price, rules_of
from fr_envs.domains.travel.state import Travel, Waiting
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject


def _route(state: Travel, origin: str, destination: str) -> tuple[int, int]:
    ends = airport_place(state, origin), airport_place(state, destination)
    if ends[0] == ends[1]:
        raise Refusal("same_airport")
    return ends


def search_flights(state: Travel, origin: str, destination: str, date: str, sort: str) -> Effect[Travel]:
    """List the nonstop flights of a day that have not left yet."""
    day = world_day(state, date)
    now = now_of(state)
    flights = [f for f in net_of(state).flights(*_route(state, origin, destination), day) if f.departs > now]
    if not flights:
        raise Refusal("no_flights")
    rows = [flight_row(state, flight) for flight in flights]
    rows.sort(key=lambda row: (row["price"] is None, row["price"] or 0) if sort == "price" else (row[sort], ""))
    return Effect(state, {"flights": rows})


def search_connections(state: Travel, origin: str, destination: str, date: str, limit: int) -> Effect[Travel]:
    """List journeys with one change, earliest arrival first."""
    day, net = world_day(state, date), net_of(state)
    pairs = net.connections(*_route(state, origin, destination), day)
    now = now_of(state)
    pairs = [pair for pair in pairs if pair[0].departs > now and all(is_open(state, f, "classic") for f in pair)]
    if not pairs:
        raise Refusal("no_flights")
    pairs.sort(key=lambda pair: (pair[1].arrives, pair[0].key, pair[1].key))
    return Effect(state, {"connections": [_connection(state, *pair) for pair in pairs[:limit]]})


def _connection(state: Travel, first: Flight, second: Flight) -> JsonObject:
    return {
        "itinerary_id": net_of(state).itinerary_ids.write(first.key << 25 | second.key),
        "via": first.destination.code,
        "via_city": first.destination.city,
        "flight_numbers": f"{first.number} and {second.number}",
        "departure_time": first.departure[11:],
        "departure": first.departure,
        "arrival": second.arrival,
        "duration_minutes": second.arrives - first.departs,
        "layover_minutes": second.departs - first.arrives,
        "price": major(connection_price((first, second), "classic")),
        "seats_left": min(seats_left(state, flight, "classic") for flight in (first, second)),
    }


def get_flight_status(state: Travel, flight_id: str) -> Effect[Travel]:
    """Tell whether a flight is on time."""
    flight = flight_named(state, flight_id)
    status = status_of(state, flight)
    expected = local_text(flight.departs + status.delay, flight.origin.tz)
    value = {
        "flight_id": flight_id,
        "flight_number": flight.number,
        "origin_city": flight.origin.city,
        "destination_city": flight.destination.city,
        "status": status.word,
        "delay_minutes": status.delay,
        "departure": flight.departure,
        "expected_departure": None if status.word == "cancelled" else expected,
        "aircraft": flight.aircraft.name,
    }
    return Effect(state, value)


def list_fares(state: Travel, flight_id: str) -> Effect[Travel]:
    """List the fares on sale on a flight."""
    flight = flight_named(state, flight_id)
    ids = net_of(state).fare_ids
    fares = [
        {
            "fare_id": ids.write(flight.key << 2 | i),
            "fare_family": family,
            "price": major(fare_price(flight, family)),
            "bags_included": rules_of(flight.carrier, family).bags,
            "seats_left": seats_left(state, flight, family),
        }
        for i, family in enumerate(FAMILIES)
        if is_open(state, flight, family)
    ]
    if not fares:
        raise Refusal("sold_out")
    return Effect(state, {"flight_id": flight_id, "flight_number": flight.number, "fares": fares})


def get_fare_rules(state: Travel, fare_id: str) -> Effect[Travel]:
    """Tell what a fare allows."""
    key = net_of(state).fare_ids.read(fare_id)
    flight = net_of(state).flight(key >> 2)
    if flight is None:
        raise Refusal("unknown_fare")
    rules = rules_of(flight.carrier, FAMILIES[key & 3])
    value = {
        "fare_id": fare_id,
        "fare_family": FAMILIES[key & 3],
        "changeable": rules.change is not None,
        "change_fee": None if rules.change is None else major(rules.change),
        "refundable": rules.cancel is not None,
        "cancellation_fee": None if rules.cancel is None else major(rules.cancel),
        "bags_included": rules.bags,
        "seat_choice": rules.seat_choice,
    }
    return Effect(state, value)


def get_seat_map(state: Travel, flight_id: str, cabin: str, position: str, limit: int) -> Effect[Travel]:
    """List the free seats of a cabin from the front."""
    flight = flight_named(state, flight_id)
    seats = free_seats(state, cabin_of(state, flight, cabin), flight_id, position, limit)
    return Effect(state, {"flight_id": flight_id, "cabin": cabin, "seats": seats})


def join_waitlist(state: Travel, flight_id: str, passenger_id: str) -> Effect[Travel]:
    """Put a traveller in the queue for a sold-out flight."""
    flight, passenger = flight_named(state, flight_id), passenger_named(state, passenger_id)
    if any((w.flight_id, w.passenger_id) == (flight_id, passenger_id) for w in state.waitlist.by("status", "waiting")):
        raise Refusal("already_waiting")
    if is_open(state, flight, "classic"):
        raise Refusal("seats_available")
    try:
        require_open(state, flight, "classic")
    except Refusal as refusal:
        if refusal.code != "sold_out":
            raise
    state, waitlist_id = new_id(state, "WL")
    waiting = Waiting(waitlist_id, flight_id, passenger_id, now_of(state), "waiting")
    state = replace(state, waitlist=state.waitlist.put(waitlist_id, waiting))
    value = {"waitlist_id": waitlist_id, "flight_number": flight.number, "passenger_name": passenger.name}
    return Effect(state, value)


def list_waitlist(state: Travel) -> Effect[Travel]:
    """List who is waiting for which flight."""
    net, rows = net_of(state), []
    for waiting in state.waitlist.values():
        flight = net.read_flight(waiting.flight_id)
        assert flight is not None
        rows.append({
            "waitlist_id": waiting.waitlist_id,
            "flight_id": waiting.flight_id,
            "flight_number": flight.number,
            "destination_city": flight.destination.city,
            "date": flight.departure[:10],
            "passenger_name": state.passengers[waiting.passenger_id].name,
            "status": waiting.status,
            "joined": home_text(state, waiting.joined),
        })  # fmt: skip
    return Effect(state, {"waitlist": rows})


def leave_waitlist(state: Travel, waitlist_id: str) -> Effect[Travel]:
    """Take a traveller out of a queue."""
    waiting = state.waitlist.get(waitlist_id)
    if waiting is None:
        raise Refusal("unknown_waitlist_entry")
    if waiting.status != "waiting":
        raise Refusal("not_waiting", f"The entry is {waiting.status}.")
    flight = flight_named(state, waiting.flight_id)
    rows = state.waitlist.put(waitlist_id, replace(waiting, status="left"))
    return Effect(replace(state, waitlist=rows), {"waitlist_id": waitlist_id, "flight_number": flight.number})
