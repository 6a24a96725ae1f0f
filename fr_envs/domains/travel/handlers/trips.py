"""Trips: bookings, stays and hire cars that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.handlers.ground import rental_row, stay_row
from fr_envs.domains.travel.journeys import booking_row
from fr_envs.domains.travel.lookup import booking_named, major, new_id, world_currency
from fr_envs.domains.travel.state import Travel, Trip
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject


def create_trip(state: Travel, trip_name: str) -> Effect[Travel]:
    """Open a trip to collect bookings in."""
    if state.trips.keys_by("name", trip_name):
        raise Refusal("name_taken")
    state, trip_id = new_id(state, "TRP")
    state = replace(state, trips=state.trips.put(trip_id, Trip(trip_id, trip_name, ())))
    return Effect(state, {"trip_id": trip_id, "trip_name": trip_name})


def list_trips(state: Travel) -> Effect[Travel]:
    """List the trips."""
    rows = [
        {"trip_id": trip.trip_id, "trip_name": trip.name, "items": len(trip.items)} for trip in state.trips.values()
    ]
    return Effect(state, {"trips": rows})


def _trip(state: Travel, trip_id: str) -> Trip:
    trip = state.trips.get(trip_id)
    if trip is None:
        raise Refusal("unknown_trip")
    return trip


def _add(state: Travel, trip_id: str, item: str) -> Effect[Travel]:
    trip = _trip(state, trip_id)
    if item in trip.items:
        raise Refusal("already_in_trip")
    trip = replace(trip, items=(*trip.items, item))
    state = replace(state, trips=state.trips.put(trip_id, trip))
    return Effect(state, {"trip_id": trip_id, "trip_name": trip.name, "items": len(trip.items)})


def add_booking_to_trip(state: Travel, trip_id: str, booking_id: str) -> Effect[Travel]:
    """Put a flight booking into a trip."""
    booking_named(state, booking_id)
    return _add(state, trip_id, booking_id)


def add_stay_to_trip(state: Travel, trip_id: str, stay_id: str) -> Effect[Travel]:
    """Put a hotel booking into a trip."""
    if stay_id not in state.stays:
        raise Refusal("unknown_stay")
    return _add(state, trip_id, stay_id)


def add_rental_to_trip(state: Travel, trip_id: str, rental_id: str) -> Effect[Travel]:
    """Put a hire car into a trip."""
    if rental_id not in state.rentals:
        raise Refusal("unknown_rental")
    return _add(state, trip_id, rental_id)


def _line(state: Travel, item: str) -> tuple[str, float]:
    """Return an item as a line of text that begins with its date, and its price."""
    row: JsonObject
    booking, stay = state.bookings.get(item), state.stays.get(item)
    if booking is not None:
        row = booking_row(state, booking)
        words = f"{row['departure']} flight {row['origin_city']} to {row['destination_city']}, {row['passenger_name']}"
    elif stay is not None:
        row = stay_row(state, stay)
        words = f"{row['check_in']} {row['hotel_name']}, {row['city']}, {row['nights']} nights"
    else:
        row = rental_row(state, state.rentals[item])
        words = f"{row['pickup_date']} {row['model']} in {row['city']}, {row['days']} days"
    return f"{words} ({row['status']})", 0.0 if row["status"] in ("cancelled", "lapsed") else row["price"]


def get_trip(state: Travel, trip_id: str) -> Effect[Travel]:
    """Write the itinerary of a trip and add up what it costs."""
    trip = _trip(state, trip_id)
    lines = sorted(_line(state, item) for item in trip.items)
    total = major(round(sum(price for _, price in lines) * 100))
    text = "\n".join([trip.name, *(line for line, _ in lines)])
    value = {"trip_id": trip_id, "trip_name": trip.name, "items": len(lines), "total_cost": total, "text": text}
    return Effect(state, {**value, "currency": world_currency(state)})
