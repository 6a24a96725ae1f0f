"""Seats, fares and what happens to flights: the timetable of the seed plus what the state adds to it."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from fr_envs.domains.travel.codes import draw
from fr_envs.domains.travel.lookup import major, net_of, now_of
from fr_envs.domains.travel.network import FAMILIES, MULTIPLIERS, Flight
from fr_envs.domains.travel.state import Booking, Leg, Seat, Sold, Travel
from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

__all__ = [
    "CLOSES", "LONG_DELAY", "Cabin", "FlightStatus", "cabin_of", "disrupted", "fare_price", "first_free", "flight_row",
    "give_seat", "is_open", "lowest_price", "release_legs", "require_open", "seat_free", "seats_left", "sell",
    "status_of", "taken_seats",
]  # fmt: skip

CLOSES = 60
"""Sales close this many minutes before departure."""

LONG_DELAY = 120
"""From this delay on, in minutes, a traveller may be rebooked or refunded for nothing."""

_LAST_LIGHT = 9


class FlightStatus(NamedTuple):
    """What is known of a flight now: scheduled, delayed, cancelled, departed or landed; delay in minutes."""

    word: str
    delay: int


def status_of(state: Travel, flight: Flight) -> FlightStatus:
    """Return what is known of a flight at this moment."""
    now = now_of(state)
    noted = state.disruptions.get(flight.flight_id)
    delay, announced = (noted.delay, noted.announced) if noted else _fate(state, flight)
    if delay and now < announced:
        delay = 0
    if delay < 0:
        return FlightStatus("cancelled", 0)
    if now >= flight.arrives + delay:
        return FlightStatus("landed", delay)
    if now >= flight.departs + delay:
        return FlightStatus("departed", delay)
    return FlightStatus("delayed" if delay else "scheduled", delay)


def _fate(state: Travel, flight: Flight) -> tuple[int, int]:
    """Return the delay (-1: cancelled, 0: none) that the seed has in store, and when it is announced."""
    luck = draw(state.world["world"].seed, 2, flight.key)
    announced = flight.departs - 180 - luck // 1_000_000 % 1620
    if luck % 1000 < 30:
        return -1, announced
    return (20 + luck // 1000 % 45 * 5 if luck % 1000 < 140 else 0), announced


def disrupted(state: Travel, flight: Flight) -> bool:
    """Return True if a flight is cancelled or so late that its travellers have rights."""
    status = status_of(state, flight)
    return status.word == "cancelled" or (status.word == "delayed" and status.delay >= LONG_DELAY)


def seats_left(state: Travel, flight: Flight, family: str) -> int:
    """Count the seats still for sale in the cabin of a fare family."""
    sold = state.sold.get(flight.flight_id)
    if family == "business":
        return flight.aircraft.business_seats - flight.presold_business - (sold.business if sold else 0)
    left = flight.aircraft.economy_seats - flight.presold_economy
    return left - sold.economy + sold.released if sold else left


def is_open(state: Travel, flight: Flight, family: str) -> bool:
    """Return True if a fare family is on sale: the tightest one closes while seats are left for the others."""
    left = seats_left(state, flight, family)
    return left >= _LAST_LIGHT if family == "light" else left > 0


def fare_price(flight: Flight, family: str) -> int:
    """Return the price of a fare family, in minor units."""
    return round(flight.fare * MULTIPLIERS[FAMILIES.index(family)] / 100) * 100


def lowest_price(state: Travel, flight: Flight) -> int | None:
    """Return the lowest price on sale, in minor units; None when the flight is sold out."""
    return next((fare_price(flight, family) for family in FAMILIES if is_open(state, flight, family)), None)


def require_open(state: Travel, flight: Flight, family: str) -> None:
    """Refuse a flight that has left, is leaving or is cancelled, and a cabin that is full."""
    if status_of(state, flight).word == "cancelled" or flight.departs - now_of(state) < CLOSES:
        raise Refusal("not_bookable", "The flight is cancelled, has left or is about to leave.")
    if not is_open(state, flight, family):
        raise Refusal("sold_out")


def sell(state: Travel, flight: Flight, family: str, count: int = 1) -> Travel:
    """Take seats out of the inventory, or give them back when ``count`` is negative."""
    key = flight.flight_id
    sold = state.sold.get(key) or Sold(key, 0, 0, 0)
    if family == "business":
        sold = replace(sold, business=sold.business + count)
    else:
        sold = replace(sold, economy=sold.economy + count)
    empty = not (sold.business or sold.economy or sold.released)
    return replace(state, sold=state.sold.drop(key) if empty else state.sold.put(key, sold))


def release_legs(state: Travel, booking: Booking, legs: tuple[Leg, ...]) -> Travel:
    """Give the seats of some legs back, chosen seats included."""
    net, seats = net_of(state), state.seats
    for leg in legs:
        flight = net.read_flight(leg.flight_id)
        if flight is not None:
            state = sell(state, flight, booking.seated, -1)
        if leg.seat:
            seats = seats.drop(f"{leg.flight_id}/{leg.seat}")
    return replace(state, seats=seats)


class Cabin(NamedTuple):
    """The seats of one class on one flight: rows from ``first_row``, and which places strangers have."""

    name: str
    first_row: int
    rows: int
    letters: str
    factor: int
    shift: int
    strangers: int

    def taken(self, place: int) -> bool:
        """Return True if a stranger sits at a place; exactly ``strangers`` of all places are taken."""
        return (place * self.factor + self.shift) % (self.rows * len(self.letters)) < self.strangers

    def name_of(self, place: int) -> str:
        """Return the seat number of a place."""
        row, letter = divmod(place, len(self.letters))
        return f"{self.first_row + row}{self.letters[letter]}"

    def place_of(self, seat_number: str) -> int | None:
        """Return the place of a seat number, None if the cabin has no such seat."""
        row, letter = int(seat_number[:-1]) - self.first_row, self.letters.find(seat_number[-1])
        return row * len(self.letters) + letter if 0 <= row < self.rows and letter >= 0 else None


def cabin_of(state: Travel, flight: Flight, name: str) -> Cabin:
    """Return the economy or business cabin of a flight."""
    aircraft = flight.aircraft
    first, rows, letters, presold = (
        (1, aircraft.business_rows, aircraft.business, flight.presold_business)
        if name == "business"
        else (aircraft.business_rows + 1, aircraft.economy_rows, aircraft.economy, flight.presold_economy)
    )
    luck, count = draw(state.world["world"].seed, 3, flight.key, first), rows * len(letters)
    factor = next(f for f in range(count // 2 + luck % count, 4 * count) if gcd(f, count) == 1)
    # A fifth of the strangers picks no seat before the airport, which leaves everyone a choice even on a full flight.
    return Cabin(name, first, rows, letters, factor, luck // 1000 % count, presold * 4 // 5)


def taken_seats(state: Travel, flight_id: str) -> set[str]:
    """Return the seats that the world's own bookings have on a flight."""
    return {seat.seat_number for seat in state.seats.by("flight_id", flight_id)}


def seat_free(state: Travel, cabin: Cabin, flight_id: str, seat_number: str) -> bool:
    """Return True if nobody has a seat; it has to be one of the cabin's."""
    place = cabin.place_of(seat_number)
    return place is not None and not cabin.taken(place) and f"{flight_id}/{seat_number}" not in state.seats


def first_free(state: Travel, cabin: Cabin, flight_id: str) -> str:
    """Return the free seat furthest forward; there always is one for who has a ticket."""
    places = range(cabin.rows * len(cabin.letters))
    names = (cabin.name_of(place) for place in places if not cabin.taken(place))
    return next(name for name in names if f"{flight_id}/{name}" not in state.seats)


def give_seat(state: Travel, booking: Booking, flight_id: str, seat_number: str) -> Travel:
    """Put a booking on a seat, and give back the one that it had on that flight."""
    key, seats = f"{flight_id}/{seat_number}", state.seats
    legs = []
    for leg in booking.legs:
        if leg.flight_id == flight_id:
            if leg.seat:
                seats = seats.drop(f"{flight_id}/{leg.seat}")
            leg = Leg(flight_id, seat_number)
        legs.append(leg)
    seats = seats.put(key, Seat(flight_id, seat_number, booking.booking_id))
    bookings = state.bookings.put(booking.booking_id, replace(booking, legs=tuple(legs)))
    return replace(state, seats=seats, bookings=bookings)


def flight_row(state: Travel, flight: Flight) -> JsonObject:
    """Return a flight as listings show it."""
    price = lowest_price(state, flight)
    return {
        "flight_id": flight.flight_id,
        "flight_number": flight.number,
        "carrier": flight.carrier.name,
        "origin": flight.origin.code,
        "origin_city": flight.origin.city,
        "destination": flight.destination.code,
        "destination_city": flight.destination.city,
        "date": flight.departure[:10],
        "departure_time": flight.departure[11:],
        "departure": flight.departure,
        "arrival": flight.arrival,
        "duration_minutes": flight.minutes,
        "price": None if price is None else major(price),
        "seats_left": seats_left(state, flight, "classic"),
    }
