"""Check-in and boarding passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.inventory import cabin_of, first_free, give_seat, status_of
from fr_envs.domains.travel.lookup import booking_named, home_text, now_of
from fr_envs.domains.travel.rules import legs_of
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.domains.travel.network import Flight
    from fr_envs.domains.travel.state import Booking, Travel
    from fr_envs.json_values import JsonObject

OPENS = 24 * 60
"""Check-in opens this many minutes before the first departure."""

SHUTS = 60
"""Check-in closes this many minutes before the first departure."""


def check_in(state: Travel, booking_id: str) -> Effect[Travel]:
    """Check the traveller of a booking in, and give out seats where none was chosen."""
    booking = booking_named(state, booking_id)
    if booking.checked_in:
        raise Refusal("already_checked_in")
    flights = legs_of(state, booking)
    _require_window(state, flights)
    for leg, flight in zip(booking.legs, flights, strict=True):
        if not leg.seat:
            seat = first_free(state, cabin_of(state, flight, booking.cabin), flight.flight_id)
            state = give_seat(state, state.bookings[booking_id], flight.flight_id, seat)
    booking = replace(state.bookings[booking_id], checked_in=True)
    state = replace(state, bookings=state.bookings.put(booking_id, booking))
    value = {"booking_id": booking_id, "legs": _passes(state, booking), "status": "checked_in"}
    return Effect(state, value)


def _require_window(state: Travel, flights: list[Flight]) -> None:
    if any(status_of(state, flight).word == "cancelled" for flight in flights):
        raise Refusal("flight_cancelled")
    ahead = flights[0].departs + status_of(state, flights[0]).delay - now_of(state)
    if ahead > OPENS:
        opens = home_text(state, now_of(state) + ahead - OPENS)
        raise Refusal("check_in_not_open", f"Check-in opens at {opens}, home time.")
    if ahead < SHUTS:
        raise Refusal("check_in_closed")


def _passes(state: Travel, booking: Booking) -> list[JsonObject]:
    return [
        {
            "flight_number": flight.number,
            "origin_city": flight.origin.city,
            "destination_city": flight.destination.city,
            "departure": flight.departure,
            "seat_number": leg.seat,
        }
        for leg, flight in zip(booking.legs, legs_of(state, booking), strict=True)
    ]


def get_boarding_pass(state: Travel, booking_id: str) -> Effect[Travel]:
    """Give the boarding passes of a booking."""
    booking = booking_named(state, booking_id)
    name = state.passengers[booking.passenger_id].name
    passes = _passes(state, booking)
    text = "\n".join(
        f"{name} · {p['flight_number']} {p['origin_city']} to {p['destination_city']} · {p['departure']} · "
        f"seat {p['seat_number']}"
        for p in passes
    )
    value = {"booking_id": booking_id, "passenger_name": name, "legs": passes, "text": text}
    return Effect(state, value)


def undo_check_in(state: Travel, booking_id: str) -> Effect[Travel]:
    """Take a check-in back; the seats stay."""
    booking = booking_named(state, booking_id)
    if status_of(state, legs_of(state, booking)[0]).word in ("departed", "landed"):
        raise Refusal("booking_closed", "The journey has begun.")
    state = replace(state, bookings=state.bookings.put(booking_id, replace(booking, checked_in=False)))
    return Effect(state, {"booking_id": booking_id, "status": "not_checked_in"})
