"""Bookings: paying, looking at them, seats, bags, cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.handlers.seating import free_seats
from fr_envs.domains.travel.inventory import cabin_of, give_seat, release_legs, seat_free, seats_left, sell, status_of
from fr_envs.domains.travel.journeys import before_travel, booking_row
from fr_envs.domains.travel.lookup import (
    add_points,
    booking_named,
    charge,
    home_text,
    major,
    now_of,
    refund,
    world_currency,
)
from fr_envs.domains.travel.rules import MOST_BAGS, cancellation_refund, legs_of, points_price, rules_of, upgrade_points
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.domains.travel.network import Flight
    from fr_envs.domains.travel.state import Booking, Travel
    from fr_envs.json_values import JsonObject


def list_bookings(state: Travel, status: str, limit: int, offset: int) -> Effect[Travel]:
    """List bookings, oldest first."""
    rows = list(state.bookings.values()) if status == "all" else state.bookings.by("status", status)
    page = [booking_row(state, booking) for booking in rows[offset : offset + limit]]
    return Effect(state, {"bookings": page, "total": len(rows)})


def get_booking(state: Travel, booking_id: str) -> Effect[Travel]:
    """Tell everything about a booking."""
    booking = booking_named(state, booking_id)
    legs: list[JsonObject] = []
    for leg, flight in zip(booking.legs, legs_of(state, booking), strict=True):
        status = status_of(state, flight)
        legs.append({
            "leg_id": f"{booking_id}-{len(legs) + 1}",
            "flight_id": flight.flight_id,
            "flight_number": flight.number,
            "origin": flight.origin.code,
            "origin_city": flight.origin.city,
            "destination": flight.destination.code,
            "destination_city": flight.destination.city,
            "date": flight.departure[:10],
            "departure_time": flight.departure[11:],
            "departure": flight.departure,
            "arrival": flight.arrival,
            "seat_number": leg.seat or None,
            "status": status.word,
            "delay_minutes": status.delay,
        })  # fmt: skip
    value = {
        **booking_row(state, booking),
        "passenger_id": booking.passenger_id,
        "bags_paid": booking.bags,
        "pay_by": home_text(state, booking.due) if booking.status == "reserved" else None,
        "legs": legs,
    }
    return Effect(state, value)


def _unpaid(state: Travel, booking_id: str) -> Booking:
    booking = booking_named(state, booking_id)
    if booking.status != "reserved":
        raise Refusal("nothing_to_pay", f"The booking is {booking.status}.")
    return booking


def _journey(state: Travel, booking: Booking) -> str:
    flights = legs_of(state, booking)
    return f"Flight {flights[0].origin.city} to {flights[-1].destination.city}"


def pay_booking(state: Travel, booking_id: str, payment_method_id: str) -> Effect[Travel]:
    """Pay a reserved booking; the tickets are issued."""
    booking = _unpaid(state, booking_id)
    state, invoice_id = charge(state, payment_method_id, booking.fare, _journey(state, booking), booking_id)
    booking = replace(booking, status="ticketed", bought=now_of(state), payment_method_id=payment_method_id)
    state = replace(state, bookings=state.bookings.put(booking_id, booking))
    value = {
        "booking_id": booking_id,
        "status": booking.status,
        "amount": major(booking.fare),
        "currency": world_currency(state),
        "invoice_id": invoice_id,
    }
    return Effect(state, value)


def pay_with_points(state: Travel, booking_id: str) -> Effect[Travel]:
    """Pay a reserved booking with loyalty points."""
    booking = _unpaid(state, booking_id)
    points = points_price(booking.fare, state.world["world"].rate)
    if points > state.loyalty["loyalty"].points:
        raise Refusal("not_enough_points", f"It takes {points} points.")
    state = add_points(state, -points, _journey(state, booking))
    booking = replace(booking, status="ticketed", bought=now_of(state), points=points)
    state = replace(state, bookings=state.bookings.put(booking_id, booking))
    value = {
        "booking_id": booking_id,
        "status": booking.status,
        "points_used": points,
        "points_left": state.loyalty["loyalty"].points,
    }
    return Effect(state, value)


def _leg(state: Travel, leg_id: str) -> tuple[Booking, Flight]:
    """Return the booking and the flight of a leg."""
    booking_id, _, number = leg_id.partition("-")
    booking = state.bookings.get(booking_id)
    if booking is None or int(number) > len(booking.legs):
        raise Refusal("unknown_leg")
    return booking, legs_of(state, booking)[int(number) - 1]


def list_seat_choices(state: Travel, leg_id: str, position: str, limit: int) -> Effect[Travel]:
    """List the free seats in the cabin of a booking from the front."""
    booking, flight = _leg(state, leg_id)
    seats = free_seats(state, cabin_of(state, flight, booking.cabin), flight.flight_id, position, limit)
    return Effect(state, {"leg_id": leg_id, "cabin": booking.cabin, "seats": seats})


def choose_seat(state: Travel, leg_id: str, seat_number: str) -> Effect[Travel]:
    """Give the traveller of a booking a seat on one of its flights."""
    booking, flight = _leg(state, leg_id)
    before_travel(state, booking)
    if not rules_of(flight.carrier, booking.seated).seat_choice:
        raise Refusal("seat_choice_not_included")
    cabin = cabin_of(state, flight, booking.cabin)
    if cabin.place_of(seat_number) is None:
        raise Refusal("no_such_seat")
    if not seat_free(state, cabin, flight.flight_id, seat_number):
        raise Refusal("seat_taken")
    state = give_seat(state, booking, flight.flight_id, seat_number)
    return Effect(state, {"leg_id": leg_id, "flight_number": flight.number, "seat_number": seat_number})


def add_bag(state: Travel, booking_id: str, payment_method_id: str) -> Effect[Travel]:
    """Buy one more checked bag."""
    booking = booking_named(state, booking_id)
    before_travel(state, booking)
    if booking.bags >= MOST_BAGS:
        raise Refusal("too_many_bags")
    flights = legs_of(state, booking)
    fee = sum(flight.carrier.bag_fee for flight in flights)
    state, invoice_id = charge(state, payment_method_id, fee, "Checked bag", booking_id)
    booking = replace(booking, bags=booking.bags + 1, extras=booking.extras + fee)
    included = rules_of(flights[0].carrier, booking.seated).bags
    value = {
        "booking_id": booking_id,
        "amount": major(fee),
        "currency": world_currency(state),
        "bags_in_all": included + booking.bags,
        "invoice_id": invoice_id,
    }
    return Effect(replace(state, bookings=state.bookings.put(booking_id, booking)), value)


def upgrade_with_points(state: Travel, booking_id: str) -> Effect[Travel]:
    """Lift a booking into business class for loyalty points."""
    booking = booking_named(state, booking_id)
    before_travel(state, booking)
    if booking.checked_in:
        raise Refusal("already_checked_in")
    if booking.seated == "business":
        raise Refusal("already_business")
    flights = legs_of(state, booking)
    if any(seats_left(state, flight, "business") < 1 for flight in flights):
        raise Refusal("sold_out")
    points = upgrade_points(flights)
    if points > state.loyalty["loyalty"].points:
        raise Refusal("not_enough_points", f"It takes {points} points.")
    state = add_points(release_legs(state, booking, booking.legs), -points, f"Upgrade of {booking_id}")
    for flight in flights:
        state = sell(state, flight, "business")
    legs = tuple(replace(leg, seat="") for leg in booking.legs)
    booking = replace(booking, upgraded=True, legs=legs)
    state = replace(state, bookings=state.bookings.put(booking_id, booking))
    value = {"booking_id": booking_id, "points_used": points, "points_left": state.loyalty["loyalty"].points}
    return Effect(state, {**value, "cabin": booking.cabin})


def quote_cancellation(state: Travel, booking_id: str) -> Effect[Travel]:
    """Tell what would come back if a booking were cancelled now."""
    booking = _cancellable(state, booking_id)
    back = cancellation_refund(state, booking) if booking.status == "ticketed" else 0
    return Effect(state, _cancellation(state, booking, back))


def _cancellable(state: Travel, booking_id: str) -> Booking:
    booking = booking_named(state, booking_id)
    before_travel(state, booking)
    if booking.checked_in:
        raise Refusal("already_checked_in")
    return booking


def _cancellation(state: Travel, booking: Booking, back: int) -> JsonObject:
    share = back / booking.fare if booking.fare else 0.0
    paid = booking.status == "ticketed"
    return {
        "booking_id": booking.booking_id,
        "refund": 0.0 if booking.points else major(back),
        "points_back": min(booking.points, int(booking.points * share)),
        "fee": major(booking.fare + booking.extras - back) if paid and not booking.points else 0.0,
        "currency": world_currency(state),
    }


def cancel_booking(state: Travel, booking_id: str) -> Effect[Travel]:
    """Cancel a booking; what its rules give back goes where it came from."""
    booking = _cancellable(state, booking_id)
    back = cancellation_refund(state, booking) if booking.status == "ticketed" else 0
    value = _cancellation(state, booking, back)
    state = release_legs(state, booking, booking.legs)
    if booking.points:
        state = add_points(state, value["points_back"], f"Refund of {booking_id}")
    else:
        state = refund(state, booking.payment_method_id, back, f"Refund: {_journey(state, booking)}", booking_id)
    legs = tuple(replace(leg, seat="") for leg in booking.legs)
    booking = replace(booking, status="cancelled", legs=legs)
    return Effect(replace(state, bookings=state.bookings.put(booking_id, booking)), {**value, "status": "cancelled"})
