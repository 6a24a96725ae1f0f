"""Journeys in a travel world without want of money: flights held, booked, paid, late, sold out."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel import DOMAIN
from fr_envs.domains.travel.lookup import net_of
from fr_envs.domains.travel.state import Clock, Disruption, Sold, Travel
from tests.fr_envs.domains.travel_desk import call, day_after, rich

if TYPE_CHECKING:
    from fr_envs.domains.travel.network import Flight
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Outcome

DAY = 24 * 60


@functools.cache
def start() -> Travel:
    """Return a small world with money, points and a limit without end."""
    return rich(DOMAIN.initial(11, "small"))


def now(state: Travel) -> int:
    return state.clock["clock"].now


def home(state: Travel) -> int:
    return net_of(state).index[state.clock["clock"].home]


def date(state: Travel, ahead: int) -> str:
    return day_after(call(state, "get_current_time").value["date"], ahead)


def done(outcome: Outcome[Travel]) -> Outcome[Travel]:
    assert outcome.error is None, outcome.error
    return outcome


def flights_ahead(state: Travel, low: int, high: int) -> list[Flight]:
    """Return flights from home with seats in every cabin, leaving between two numbers of hours from now."""
    net, found = net_of(state), []
    for place in net.served[home(state)]:
        for day in range(net.world.first_day, net.world.first_day + net.world.days):
            for flight in net.flights(home(state), place, day):
                room = flight.aircraft.economy_seats - flight.presold_economy > 20
                room = room and flight.aircraft.business_seats - flight.presold_business > 1
                if room and low * 60 <= flight.departs - now(state) <= high * 60:
                    found.append(flight)
    return found


def on_time(state: Travel, flight: Flight) -> Travel:
    return disrupt(state, flight, 0)


def disrupt(state: Travel, flight: Flight, delay: int) -> Travel:
    row = Disruption(flight.flight_id, delay, now(state) - 1)
    return replace(state, disruptions=state.disruptions.put(flight.flight_id, row))


def fare_of(state: Travel, flight: Flight, family: str) -> str:
    fares = done(call(state, "list_fares", flight_id=flight.flight_id)).value["fares"]
    return str(next(fare["fare_id"] for fare in fares if fare["fare_family"] == family))


def held(state: Travel, flight: Flight, family: str, person: str = "PAX00001") -> tuple[Travel, str]:
    outcome = done(call(state, "hold_fare", fare_id=fare_of(state, flight, family), passenger_id=person))
    return outcome.state, outcome.value["hold_id"]


def booked(state: Travel, flight: Flight, family: str = "classic", person: str = "PAX00001") -> tuple[Travel, str]:
    """Hold and book; the booking still has to be paid."""
    state, hold_id = held(on_time(state, flight), flight, family, person)
    outcome = done(call(state, "book_hold", hold_id=hold_id))
    return outcome.state, outcome.value["booking_id"]


def paid(state: Travel, flight: Flight, family: str = "classic", person: str = "PAX00001") -> tuple[Travel, str]:
    state, booking_id = booked(state, flight, family, person)
    return done(call(state, "pay_booking", booking_id=booking_id, payment_method_id="PAY00001")).state, booking_id


def long_ago(state: Travel, booking_id: str) -> Travel:
    """Let a booking be older than the day in which it can be cancelled for nothing."""
    booking = state.bookings[booking_id]
    return replace(state, bookings=state.bookings.put(booking_id, replace(booking, bought=now(state) - 3 * DAY)))


def at(state: Travel, minutes: int) -> Travel:
    """Set the clock without letting anything happen."""
    return replace(state, clock=state.clock.put("clock", Clock(minutes, state.clock["clock"].home)))


def soon_and_later() -> tuple[Travel, Flight, str, Flight]:
    """Return a paid classic booking ten days ahead, its flight, and another flight on its route."""
    state = start()
    for flight in flights_ahead(state, 200, 320):
        route = net_of(state).index[flight.origin.code], net_of(state).index[flight.destination.code]
        for day in range(flight.day + 1, flight.day + 5):
            for other in net_of(state).flights(*route, day):
                if other in flights_ahead(state, 200, 480):
                    state, booking_id = paid(on_time(state, other), flight)
                    return state, flight, booking_id, other
    raise AssertionError("no route with two flights")


def stranded() -> tuple[Travel, str, list[JsonObject]]:
    """Return a booking on a cancelled flight, and the flights that it may take."""
    state = start()
    for flight in flights_ahead(state, 30, 200):
        failed, booking_id = paid(state, flight)
        failed = disrupt(failed, flight, -1)
        options = call(failed, "list_rebooking_options", booking_id=booking_id)
        if options.error is None:
            return failed, booking_id, options.value["options"]
    raise AssertionError("nobody can be rebooked")


def sold_out(state: Travel, flight: Flight) -> Travel:
    """Sell every economy seat of a flight."""
    left = flight.aircraft.economy_seats - flight.presold_economy
    return replace(state, sold=state.sold.put(flight.flight_id, Sold(flight.flight_id, left, 0, 0)))
