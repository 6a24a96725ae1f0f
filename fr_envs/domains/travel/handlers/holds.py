"""Seats kept for a traveller, and leave to book what is dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.inventory import CLOSES
from fr_envs.domains.travel.journeys import end_hold, keep_seats, read_itinerary
from fr_envs.domains.travel.lookup import (
    budget_left,
    flights_of,
    hold_named,
    home_text,
    major,
    net_of,
    new_id,
    now_of,
    passenger_named,
)
from fr_envs.domains.travel.network import FAMILIES
from fr_envs.domains.travel.rules import bookable
from fr_envs.domains.travel.state import Approval, Booking, Hold, Leg, Travel
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

_DAY = 24 * 60


def _row(state: Travel, hold: Hold) -> JsonObject:
    flights = flights_of(state, hold.flights)
    return {
        "hold_id": hold.hold_id,
        "passenger_name": state.passengers[hold.passenger_id].name,
        "origin_city": flights[0].origin.city,
        "destination_city": flights[-1].destination.city,
        "departure_date": flights[0].departure[:10],
        "flight_numbers": " and ".join(flight.number for flight in flights),
        "fare_family": hold.family,
        "price": major(hold.price),
        "expires": home_text(state, hold.expires),
        "needs_approval": not bookable(state, hold),
    }


def hold_fare(state: Travel, fare_id: str, passenger_id: str) -> Effect[Travel]:
    """Keep a seat on a flight at a fare."""
    key, net = net_of(state).fare_ids.read(fare_id), net_of(state)
    flight = net.flight(key >> 2)
    if flight is None:
        raise Refusal("unknown_fare")
    passenger_named(state, passenger_id)
    state, hold = keep_seats(state, (flight,), FAMILIES[key & 3], passenger_id)
    return Effect(state, _row(state, hold))


def hold_connection(state: Travel, itinerary_id: str, passenger_id: str, fare_family: str) -> Effect[Travel]:
    """Keep seats on both flights of a connection."""
    flights = read_itinerary(state, itinerary_id)
    passenger_named(state, passenger_id)
    state, hold = keep_seats(state, flights, fare_family, passenger_id)
    return Effect(state, _row(state, hold))


def list_holds(state: Travel) -> Effect[Travel]:
    """List the holds that are still active."""
    return Effect(state, {"holds": [_row(state, hold) for hold in state.holds.by("status", "active")]})


def release_hold(state: Travel, hold_id: str) -> Effect[Travel]:
    """Give the seats of a hold back."""
    hold = hold_named(state, hold_id)
    state = end_hold(state, hold, "released")
    return Effect(state, {"hold_id": hold_id, "seats_released": len(hold.flights)})


def request_approval(state: Travel, hold_id: str, reason: str) -> Effect[Travel]:
    """Ask for leave to book a hold above the limit; the answer comes at once."""
    hold = hold_named(state, hold_id)
    if bookable(state, hold):
        raise Refusal("approval_not_needed")
    if hold.price > budget_left(state):
        raise Refusal("over_budget")
    state, approval_id = new_id(state, "APR")
    approval = Approval(approval_id, hold_id, reason, hold.price, "granted")
    state = replace(state, approvals=state.approvals.put(approval_id, approval))
    return Effect(state, _approval_row(state, approval))


def _approval_row(state: Travel, approval: Approval) -> JsonObject:
    hold = state.holds[approval.hold_id]
    return {
        "approval_id": approval.approval_id,
        "hold_id": approval.hold_id,
        "passenger_name": state.passengers[hold.passenger_id].name,
        "destination_city": flights_of(state, hold.flights)[-1].destination.city,
        "amount": major(approval.amount),
        "reason": approval.reason,
        "status": approval.status,
    }


def list_approvals(state: Travel) -> Effect[Travel]:
    """List the approvals that were asked for."""
    return Effect(state, {"approvals": [_approval_row(state, approval) for approval in state.approvals.values()]})


def withdraw_approval(state: Travel, approval_id: str) -> Effect[Travel]:
    """Take an approval back while nothing is booked on it."""
    approval = state.approvals.get(approval_id)
    if approval is None:
        raise Refusal("unknown_approval")
    if approval.status == "withdrawn" or state.holds[approval.hold_id].status == "used":
        raise Refusal("approval_closed")
    approval = replace(approval, status="withdrawn")
    state = replace(state, approvals=state.approvals.put(approval_id, approval))
    return Effect(state, {"approval_id": approval_id, "status": approval.status})


def book_hold(state: Travel, hold_id: str) -> Effect[Travel]:
    """Turn a hold into a booking that waits to be paid."""
    hold = hold_named(state, hold_id)
    flights = flights_of(state, hold.flights)
    state, booking_id = new_id(state, "BKG")
    due = min(now_of(state) + _DAY, flights[0].departs - CLOSES)
    booking = Booking(
        booking_id, hold.passenger_id, tuple(map(Leg, hold.flights)), hold.family, "reserved", hold.price, due=due
    )
    state = replace(
        state, bookings=state.bookings.put(booking_id, booking),
        holds=state.holds.put(hold_id, replace(hold, status="used")),
    )  # fmt: skip
    value = {
        "booking_id": booking_id,
        "passenger_name": state.passengers[hold.passenger_id].name,
        "destination_city": flights[-1].destination.city,
        "price": major(hold.price),
        "status": "reserved",
        "pay_by": home_text(state, due),
    }
    return Effect(state, value)
