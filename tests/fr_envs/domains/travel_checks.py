"""What has to hold of a travel world at any moment."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from fr_envs.domains.travel.catalogue import CARS, ROOMS, catalogue
from fr_envs.domains.travel.inventory import cabin_of
from fr_envs.domains.travel.lookup import net_of
from fr_envs.domains.travel.network import connects

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import Booking, Travel

LIVE = ("reserved", "ticketed", "flown")


def cabin_name(family: str) -> str:
    return "business" if family == "business" else "economy"


def live_bookings(state: Travel) -> list[Booking]:
    return [booking for booking in state.bookings.values() if booking.status in LIVE]


def check_seats(state: Travel) -> None:
    net = net_of(state)
    owners = {}
    for booking in live_bookings(state):
        for leg in booking.legs:
            flight = net.read_flight(leg.flight_id)
            assert flight is not None
            if leg.seat:
                key = f"{leg.flight_id}/{leg.seat}"
                assert key not in owners
                owners[key] = booking.booking_id
                cabin = cabin_of(state, flight, booking.cabin)
                place = cabin.place_of(leg.seat)
                assert place is not None
                assert not cabin.taken(place)
    assert {key: seat.booking_id for key, seat in state.seats.rows()} == owners


def check_inventory(state: Travel) -> None:
    net = net_of(state)
    sold: Counter[tuple[str, str]] = Counter()
    for booking in live_bookings(state):
        sold.update((leg.flight_id, booking.cabin) for leg in booking.legs)
    for hold in state.holds.by("status", "active"):
        sold.update((flight, cabin_name(hold.family)) for flight in hold.flights)
    released = 0
    for key, row in state.sold.rows():
        assert row.economy == sold.pop((str(key), "economy"), 0)
        assert row.business == sold.pop((str(key), "business"), 0)
        released += row.released
        flight = net.read_flight(row.flight_id)
        assert flight is not None
        assert 0 <= row.economy <= flight.aircraft.economy_seats - flight.presold_economy + row.released
        assert 0 <= row.business <= flight.aircraft.business_seats - flight.presold_business
    assert not sold
    assert released == len(state.waitlist.by("status", "cleared"))


def check_ground(state: Travel) -> None:
    shelf, net = catalogue(state), net_of(state)
    rooms: Counter[str] = Counter()
    for stay in state.stays.values():
        if stay.status == "booked":
            hotel = shelf.hotel(shelf.hotel_ids.read(stay.hotel_id))
            assert hotel is not None
            for day in range(stay.first, stay.first + stay.nights):
                rooms[key := f"{stay.hotel_id}/{ROOMS[stay.room]}/{day}"] += 1
                assert rooms[key] <= hotel.rooms[stay.room] - shelf.rooms_of_strangers(hotel, stay.room, day)
    assert {key: row.count for key, row in state.rooms.rows()} == rooms
    cars: Counter[str] = Counter()
    for rental in state.rentals.values():
        if rental.status == "booked":
            place = net.index[rental.airport]
            for day in range(rental.first, rental.first + rental.days):
                cars[key := f"{rental.airport}/{CARS[rental.car].name}/{day}"] += 1
                free = shelf.fleet(place, rental.car) - shelf.cars_of_strangers(place, rental.car, day)
                assert cars[key] <= free
    assert {key: row.count for key, row in state.cars.rows()} == cars


def check_itineraries(state: Travel) -> None:
    net = net_of(state)
    for booking in state.bookings.values():
        flights = [net.read_flight(leg.flight_id) for leg in booking.legs]
        for first, second in itertools.pairwise(flights):
            assert first is not None
            assert second is not None
            assert connects(first, second)


def check_money(first: Travel, state: Travel) -> None:
    budget = state.budget["budget"]
    assert budget.spent == sum(invoice.amount for invoice in state.invoices.values())
    assert budget.spent <= budget.total
    for key, method in state.payments.rows():
        assert method.used == sum(i.amount for i in state.invoices.values() if i.payment_method_id == key)
    gained = sum(row.points for row in state.points.values()) - sum(row.points for row in first.points.values())
    assert state.loyalty["loyalty"].points == first.loyalty["loyalty"].points + gained
    assert state.loyalty["loyalty"].points >= 0


def check_all(first: Travel, state: Travel) -> None:
    check_seats(state)
    check_inventory(state)
    check_ground(state)
    check_itineraries(state)
    check_money(first, state)
