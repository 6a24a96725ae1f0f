"""What every handler asks of a state: the time, a row by its identifier, money in and out."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from msgspec.structs import replace

from fr_envs.domains.travel.geography import Airport, local_text, to_local
from fr_envs.domains.travel.network import Flight, Network, network
from fr_envs.domains.travel.state import Booking, Counter, Hold, Invoice, Passenger, Points, Travel
from fr_envs.errors import Refusal

__all__ = [
    "Charged", "New", "add_points", "airport_place", "booking_named", "budget_left", "charge", "day_of", "flight_named",
    "flights_of", "hold_named", "home_of", "home_text", "iso_day", "major", "net_of", "new_id", "now_of",
    "passenger_named", "refund", "today", "world_currency", "world_day",
]  # fmt: skip


def net_of(state: Travel) -> Network:
    """Return the timetable."""
    return network(state.world["world"])


def now_of(state: Travel) -> int:
    """Return the time in minutes since 1970 UTC."""
    return state.clock["clock"].now


def home_of(state: Travel) -> Airport:
    """Return the airport by whose clocks the user lives."""
    net = net_of(state)
    return net.airports[net.index[state.clock["clock"].home]]


def today(state: Travel) -> int:
    """Return the ordinal of the day that the user's calendar shows."""
    return to_local(now_of(state), home_of(state).tz).toordinal()


def home_text(state: Travel, minutes: int) -> str:
    """Return a moment as the user's wall time."""
    return local_text(minutes, home_of(state).tz)


def major(minor: int) -> float:
    """Return minor units as an amount with two decimals."""
    return round(minor / 100, 2)


def iso_day(day: int) -> str:
    """Return the ISO date of an ordinal."""
    return dt.date.fromordinal(day).isoformat()


def world_day(state: Travel, date: str) -> int:
    """Return the ordinal of a date from today to the end of the timetable."""
    world = state.world["world"]
    day = day_of(date)
    if not max(world.first_day, today(state)) <= day < world.first_day + world.days:
        last = iso_day(world.first_day + world.days - 1)
        raise Refusal("date_out_of_range", f"Dates from {iso_day(today(state))} to {last} can be booked.")
    return day


def day_of(date: str) -> int:
    """Return the ordinal of an ISO date; 0 for a day that no calendar has."""
    try:
        return dt.date.fromisoformat(date).toordinal()
    except ValueError:
        return 0


def airport_place(state: Travel, code: str) -> int:
    """Return the place of an airport in the network."""
    place = net_of(state).index.get(code)
    if place is None:
        raise Refusal("unknown_airport")
    return place


def flight_named(state: Travel, flight_id: str) -> Flight:
    """Return a flight of the timetable."""
    flight = net_of(state).read_flight(flight_id)
    if flight is None:
        raise Refusal("unknown_flight")
    return flight


def booking_named(state: Travel, booking_id: str) -> Booking:
    """Return a booking."""
    booking = state.bookings.get(booking_id)
    if booking is None:
        raise Refusal("unknown_booking")
    return booking


def hold_named(state: Travel, hold_id: str) -> Hold:
    """Return a hold that is still active."""
    hold = state.holds.get(hold_id)
    if hold is None:
        raise Refusal("unknown_hold")
    if hold.status != "active":
        raise Refusal("hold_not_active", f"The hold is {hold.status}.")
    return hold


def passenger_named(state: Travel, passenger_id: str) -> Passenger:
    """Return a traveller."""
    passenger = state.passengers.get(passenger_id)
    if passenger is None:
        raise Refusal("unknown_passenger")
    return passenger


def flights_of(state: Travel, flight_ids: tuple[str, ...]) -> list[Flight]:
    """Return the flights of a hold or a booking, in order."""
    net = net_of(state)
    return [flight for flight in map(net.read_flight, flight_ids) if flight is not None]


class New(NamedTuple):
    """A fresh identifier, and the state whose counter has moved on."""

    state: Travel
    id: str


def new_id(state: Travel, prefix: str) -> New:
    """Take the next identifier of one kind."""
    counter = state.counters.get(prefix) or Counter(1)
    counters = state.counters.put(prefix, Counter(counter.next + 1))
    return New(replace(state, counters=counters), f"{prefix}{counter.next:05d}")


def budget_left(state: Travel) -> int:
    """Return what remains of the travel budget, in minor units."""
    budget = state.budget["budget"]
    return budget.total - budget.spent


class Charged(NamedTuple):
    """The state after a payment, and its invoice."""

    state: Travel
    invoice_id: str


def charge(state: Travel, payment_method_id: str, amount: int, subject: str, about: str) -> Charged:
    """Take money by a payment method, count it against the budget and write the invoice."""
    method = state.payments.get(payment_method_id)
    if method is None:
        raise Refusal("unknown_payment_method")
    if day_of(method.expires) < today(state):
        raise Refusal("payment_declined", "The payment method has expired.")
    if method.used + amount > method.limit:
        raise Refusal("payment_declined", "The payment method's limit does not cover the amount.")
    if amount > budget_left(state):
        raise Refusal("over_budget")
    return _enter(state, payment_method_id, amount, subject, about)


def refund(state: Travel, payment_method_id: str, amount: int, subject: str, about: str) -> Travel:
    """Give money back by the way it came, to the budget too."""
    if not amount:
        return state
    return _enter(state, payment_method_id, -amount, subject, about).state


def _enter(state: Travel, payment_method_id: str, amount: int, subject: str, about: str) -> Charged:
    method, budget = state.payments.get(payment_method_id), state.budget["budget"]
    payments = state.payments
    if method is not None:  # a card may be gone when its refund comes
        payments = payments.put(payment_method_id, replace(method, used=method.used + amount))
    state, invoice_id = new_id(state, "INV")
    invoice = Invoice(invoice_id, iso_day(today(state)), subject, about, amount, payment_method_id)
    return Charged(
        replace(
            state, payments=payments, invoices=state.invoices.put(invoice_id, invoice),
            budget=state.budget.put("budget", replace(budget, spent=budget.spent + amount)),
        ),
        invoice_id,
    )  # fmt: skip


def add_points(state: Travel, points: int, reason: str) -> Travel:
    """Add (or, if negative, take) loyalty points and write the movement down."""
    if not points:
        return state
    state, key = new_id(state, "PTS")
    account = state.loyalty["loyalty"]
    return replace(
        state, points=state.points.put(key, Points(iso_day(today(state)), reason, points)),
        loyalty=state.loyalty.put("loyalty", replace(account, points=account.points + points)),
    )  # fmt: skip


def world_currency(state: Travel) -> str:
    """Return the currency of all prices."""
    return state.world["world"].currency
