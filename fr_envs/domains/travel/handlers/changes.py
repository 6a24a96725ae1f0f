"""Another flight for a booking: at the traveller's request, or because the first one fails."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from fr_envs.domains.travel.inventory import (
    CLOSES,
    disrupted,
    fare_price,
    flight_row,
    is_open,
    release_legs,
    require_open,
    sell,
)
from fr_envs.domains.travel.journeys import before_travel
from fr_envs.domains.travel.lookup import (
    booking_named,
    charge,
    flight_named,
    major,
    net_of,
    now_of,
    refund,
    world_currency,
    world_day,
)
from fr_envs.domains.travel.network import Flight, connects
from fr_envs.domains.travel.rules import legs_of, rules_of
from fr_envs.domains.travel.state import Booking, Leg, Travel
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

_OPTION_DAYS = 3
_MOST_OPTIONS = 6


class _Change(NamedTuple):
    """Which leg changes, to which flight, and what it costs in minor units (negative: money back)."""

    booking: Booking
    leg: int
    flight: Flight
    fee: int
    difference: int


def _change(state: Travel, booking_id: str, flight_id: str) -> _Change:
    booking, flight = booking_named(state, booking_id), flight_named(state, flight_id)
    before_travel(state, booking)
    if booking.checked_in:
        raise Refusal("already_checked_in")
    fee = rules_of(legs_of(state, booking)[0].carrier, booking.family).change
    if fee is None or booking.points:
        raise Refusal("not_changeable")
    leg = _leg_for(state, booking, flight)
    require_open(state, flight, booking.seated)
    old = legs_of(state, booking)[leg]
    difference = fare_price(flight, booking.family) - fare_price(old, booking.family)
    if booking.family == "classic":
        difference = max(0, difference)
    # Two flights together cost less than each alone, so what comes back has to leave something of the fare.
    return _Change(booking, leg, flight, fee, max(difference, 100 - booking.fare))


def _leg_for(state: Travel, booking: Booking, flight: Flight) -> int:
    """Return which leg a flight can take the place of."""
    flights = legs_of(state, booking)
    route = (flight.origin.code, flight.destination.code)
    leg = next((i for i, old in enumerate(flights) if (old.origin.code, old.destination.code) == route), None)
    if leg is None:
        raise Refusal("other_route")
    if flights[leg].flight_id == flight.flight_id:
        raise Refusal("same_flight")
    if not _still_connects(flights, leg, flight):
        raise Refusal("breaks_connection")
    return leg


def _still_connects(flights: list[Flight], leg: int, flight: Flight) -> bool:
    chain = [*flights[:leg], flight, *flights[leg + 1 :]]
    return all(connects(one, other) for one, other in itertools.pairwise(chain))


def _value(state: Travel, change: _Change) -> JsonObject:
    return {
        "booking_id": change.booking.booking_id,
        "flight_id": change.flight.flight_id,
        "flight_number": change.flight.number,
        "departure": change.flight.departure,
        "change_fee": major(change.fee),
        "fare_difference": major(change.difference),
        "total": major(change.fee + change.difference),
        "currency": world_currency(state),
    }


def list_change_options(state: Travel, booking_id: str, date: str) -> Effect[Travel]:
    """List the flights of a day that a booking could be moved to."""
    booking, day, net = booking_named(state, booking_id), world_day(state, date), net_of(state)
    before_travel(state, booking)
    options = []
    for leg, old in enumerate(legs := legs_of(state, booking)):
        for flight in net.flights(net.index[old.origin.code], net.index[old.destination.code], day):
            ahead = flight.departs - now_of(state) >= CLOSES and flight.key != old.key
            if ahead and is_open(state, flight, booking.seated) and _still_connects(legs, leg, flight):
                options.append(flight)
    if not options:
        raise Refusal("no_flights")
    options.sort(key=lambda flight: (flight.departs, flight.key))
    return Effect(state, {"booking_id": booking_id, "flights": [flight_row(state, flight) for flight in options]})


def quote_change(state: Travel, booking_id: str, flight_id: str) -> Effect[Travel]:
    """Tell what it would cost to move a booking to another flight."""
    return Effect(state, _value(state, _change(state, booking_id, flight_id)))


def change_flight(state: Travel, booking_id: str, flight_id: str, payment_method_id: str) -> Effect[Travel]:
    """Move a booking to another flight on the same route."""
    change = _change(state, booking_id, flight_id)
    value = _value(state, change)
    if payment_method_id not in state.payments:
        raise Refusal("unknown_payment_method")
    total, invoice_id = change.fee + change.difference, None
    if total > 0:
        state, invoice_id = charge(state, payment_method_id, total, "Change of flight", booking_id)
    else:
        state = refund(state, change.booking.payment_method_id, -total, "Change of flight", booking_id)
    booking = replace(change.booking, fare=change.booking.fare + change.difference)
    state = _swap(state, booking, change.leg, change.flight)
    return Effect(state, {**value, "invoice_id": invoice_id})


def _swap(state: Travel, booking: Booking, leg: int, flight: Flight) -> Travel:
    state = release_legs(state, booking, booking.legs[leg : leg + 1])
    state = sell(state, flight, booking.seated)
    legs = (*booking.legs[:leg], Leg(flight.flight_id), *booking.legs[leg + 1 :])
    bookings = state.bookings.put(booking.booking_id, replace(booking, legs=legs, checked_in=False))
    return replace(state, bookings=bookings)


def _options(state: Travel, booking: Booking) -> list[tuple[int, Flight]]:
    """Return flights that can replace the first leg that fails, soonest first, with the place of that leg."""
    if booking.status not in ("reserved", "ticketed"):
        raise Refusal("booking_closed", f"The booking is {booking.status}.")
    flights, net, now = legs_of(state, booking), net_of(state), now_of(state)
    leg = next(i for i, flight in enumerate(flights) if disrupted(state, flight))
    old = flights[leg]
    ends = net.index[old.origin.code], net.index[old.destination.code]
    found = [
        flight
        for day in range(old.day, old.day + _OPTION_DAYS + 1)
        for flight in net.flights(*ends, day)
        if flight.key != old.key
        and flight.departs - now >= CLOSES
        and is_open(state, flight, "business" if booking.cabin == "business" else "classic")
        and not disrupted(state, flight)
        and _still_connects(flights, leg, flight)
    ]
    found.sort(key=lambda flight: (flight.departs, flight.key))
    return [(leg, flight) for flight in found[:_MOST_OPTIONS]]


def list_rebooking_options(state: Travel, booking_id: str) -> Effect[Travel]:
    """List flights that a stranded traveller may take for nothing."""
    booking, ids = booking_named(state, booking_id), net_of(state).option_ids
    options = [
        {"option_id": ids.write(int(booking_id[3:]) << 25 | flight.key), **flight_row(state, flight)}
        for _, flight in _options(state, booking)
    ]
    if not options:
        raise Refusal("no_options")
    return Effect(state, {"booking_id": booking_id, "options": options})


def rebook_disrupted(state: Travel, option_id: str) -> Effect[Travel]:
    """Put a stranded traveller on another flight for nothing."""
    number, key = divmod(net_of(state).option_ids.read(option_id), 1 << 25)
    booking_id = f"BKG{number:05d}"
    booking = state.bookings.get(booking_id)
    if booking is None or not any(disrupted(state, flight) for flight in legs_of(state, booking)):
        raise Refusal("not_an_option")
    chosen = next(((leg, flight) for leg, flight in _options(state, booking) if flight.key == key), None)
    if chosen is None:
        raise Refusal("not_an_option")
    leg, flight = chosen
    state = _swap(state, booking, leg, flight)
    value = {
        "booking_id": booking_id,
        "flight_id": flight.flight_id,
        "flight_number": flight.number,
        "departure": flight.departure,
        "arrival": flight.arrival,
    }
    return Effect(state, value)
