"""Steps that several tools share: keeping seats, giving them back, how a booking looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.inventory import CLOSES, require_open, sell, status_of
from fr_envs.domains.travel.lookup import flights_of, major, net_of, new_id, now_of
from fr_envs.domains.travel.network import Flight, connects
from fr_envs.domains.travel.rules import connection_price, legs_of
from fr_envs.domains.travel.state import Booking, Hold, Travel
from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

__all__ = ["before_travel", "booking_row", "end_hold", "keep_seats", "read_itinerary"]

_DAY = 24 * 60


def read_itinerary(state: Travel, itinerary_id: str) -> tuple[Flight, Flight]:
    """Return the two flights of a connection; refuse what no search gives."""
    key, net = net_of(state).itinerary_ids.read(itinerary_id), net_of(state)
    first, second = net.flight(key >> 25), net.flight(key & ((1 << 25) - 1))
    if first is None or second is None or not connects(first, second):
        raise Refusal("unknown_itinerary")
    return first, second


def keep_seats(
    state: Travel, flights: tuple[Flight, ...], family: str, passenger_id: str
) -> tuple[Travel, Hold]:  # also used when a waiting list clears
    """Take seats out of the inventory for a day, or until sales close."""
    for flight in flights:
        require_open(state, flight, family)
        state = sell(state, flight, family)
    state, hold_id = new_id(state, "HLD")
    expires = min(now_of(state) + _DAY, flights[0].departs - CLOSES)
    price = connection_price(flights, family)
    hold = Hold(hold_id, passenger_id, tuple(f.flight_id for f in flights), family, price, expires, "active")
    return replace(state, holds=state.holds.put(hold_id, hold)), hold


def end_hold(state: Travel, hold: Hold, status: str) -> Travel:
    """Close a hold and give its seats back."""
    for flight in flights_of(state, hold.flights):
        state = sell(state, flight, hold.family, -1)
    return replace(state, holds=state.holds.put(hold.hold_id, replace(hold, status=status)))


def booking_row(state: Travel, booking: Booking) -> JsonObject:
    """Return a booking as listings show it."""
    flights = legs_of(state, booking)
    return {
        "booking_id": booking.booking_id,
        "passenger_name": state.passengers[booking.passenger_id].name,
        "origin_city": flights[0].origin.city,
        "destination_city": flights[-1].destination.city,
        "departure_date": flights[0].departure[:10],
        "departure": flights[0].departure,
        "fare_family": booking.family,
        "cabin": booking.cabin,
        "status": booking.status,
        "checked_in": booking.checked_in,
        "price": major(booking.fare + booking.extras),
    }


def before_travel(state: Travel, booking: Booking) -> None:
    """Refuse what can only be done to a booking that still lies ahead."""
    if booking.status not in ("reserved", "ticketed"):
        raise Refusal("booking_closed", f"The booking is {booking.status}.")
    if status_of(state, legs_of(state, booking)[0]).word in ("departed", "landed"):
        raise Refusal("booking_closed", "The journey has begun.")
