"""First states: a company's travel desk in the middle of its business."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel import people
from fr_envs.domains.travel.catalogue import CARS, ROOMS, Catalogue, Hotel
from fr_envs.domains.travel.geography import to_local, to_minutes
from fr_envs.domains.travel.network import Flight, Network, network
from fr_envs.domains.travel.rates import RATES
from fr_envs.domains.travel.rules import connection_price, earned_points, points_price
from fr_envs.domains.travel.state import (
    Approval,
    Booking,
    Budget,
    Claim,
    Clock,
    Counter,
    Disruption,
    Hold,
    Invoice,
    Leg,
    Loyalty,
    Passenger,
    Payment,
    Points,
    Policy,
    Rental,
    Sold,
    Stay,
    Travel,
    Trip,
    Used,
    Waiting,
    World,
)
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    import numpy as np

    from fr_envs.world.domain import Scale
    from fr_envs.world.state import Key, Record

__all__ = ["SPAN", "begin", "initial"]

_PAST_DAYS = 3
_SIZES = {
    "tiny": (6, 2, 18, 3, 0),
    "small": (14, 3, 30, 4, 0),
    "medium": (60, 5, 60, 12, 30),
    "large": (200, 8, 90, 30, 150),
    "busy": (30, 5, 60, 36, 240),
}
"""Airports, carriers, days, travellers, and bookings beyond those that every world has."""

_PUT_OFF = 3  # days by which what is booked can be put off: there is a room, and the car, for so much longer
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_FIRST_DAY = dt.date(2026, 2, 1).toordinal()
_START_DAYS = 640
_SPAN_DAY = _FIRST_DAY + _PAST_DAYS - _EPOCH_DAY
SPAN = (_SPAN_DAY * 86_400, (_SPAN_DAY + _START_DAYS) * 86_400)
"""First and last moment at which a desk can begin, in seconds since 1970 UTC."""

_TRIPS = ("{} visit", "{} offsite", "Week in {}", "{} kick-off", "Client days in {}", "{} trade fair")


def initial(rng: np.random.Generator, scale: Scale) -> Travel:
    """Build a first state."""
    return _built(rng, scale, None)


def begin(rng: np.random.Generator, scale: Scale, moment: int) -> Travel:
    """Build a first state whose clock stands at ``moment``, in seconds since 1970 UTC."""
    return _built(rng, scale, moment // 60)


def _built(rng: np.random.Generator, scale: Scale, now: int | None) -> Travel:
    airports, carriers, days, travellers, more = _SIZES[scale]
    currency = pick(rng, list(RATES))
    first = _FIRST_DAY + int(rng.integers(0, _START_DAYS))
    company = f"{pick(rng, people.COMPANY_FIRST)} {pick(rng, people.COMPANY_LAST)}"
    world = World(
        seed=int(rng.integers(1, 1 << 62)), airports=airports, carriers=carriers, first_day=first, days=days,
        currency=currency, rate=round(RATES[currency] * 100), company=company,
    )  # fmt: skip
    desk = _Desk(rng, world, now)
    desk.add_travellers(travellers + int(rng.integers(0, 3)))
    desk.add_ways_to_pay()
    desk.add_journeys(more)
    desk.add_ground()
    desk.add_accounts()
    return desk.state()


@functools.lru_cache(maxsize=4096)
def _iso(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


class _Desk:
    """Collects the rows of a first state."""

    def __init__(self, rng: np.random.Generator, world: World, now: int | None) -> None:
        self.rng = rng
        self.world = world
        self.net: Network = network(world)
        self.home = pick(rng, self.net.hubs)
        tz = self.net.airports[self.home].tz
        self.now = to_minutes(world.first_day + _PAST_DAYS, 8 * 60 + int(rng.integers(0, 120)), tz)
        if now is not None:  # the timetable's days are counted from the day that it is at home
            self.now = now
            self.world = replace(world, first_day=to_local(now, tz).toordinal() - _PAST_DAYS)
            self.net = network(self.world)
        places = list(self.net.served.get(self.home, ()))
        routes = (self.net.by_route[self.home, place] for place in places)
        self._served = [[(number, self.net.templates[number].departs) for number in route] for route in routes]
        self._cities = [self.net.airports[place].city for place in places]
        self.seen: set[str] = set()  # cities to which somebody goes already
        self.goes: dict[int, set[str]] = {}  # the same for each traveller
        self.rows: dict[str, dict[Key, Record]] = {}
        self.counts: dict[str, int] = {}
        self.spent = 0
        self.used: dict[str, int] = {}
        self.flights_used: set[int] = set()
        self.limit = int(rng.integers(8, 16)) * 50 * world.rate

    def new(self, prefix: str) -> str:
        """Take the next identifier."""
        count = self.counts[prefix] = self.counts.get(prefix, 0) + 1
        return f"{prefix}{count:05d}"

    def put(self, table: str, key: str, row: Record) -> None:
        """Keep a row."""
        self.rows.setdefault(table, {})[key] = row

    def date(self, days: int) -> str:
        """Return the ISO date that many days from today."""
        return _iso(self.world.first_day + _PAST_DAYS + days)

    def add_travellers(self, count: int) -> None:
        """Save travellers; the first has every document, the second no passport, the third no licence."""
        rng = self.rng
        names = {
            f"{people.FIRST_NAMES[a]} {people.LAST_NAMES[b]}": None
            for a, b in rng.integers(0, (len(people.FIRST_NAMES), len(people.LAST_NAMES)), size=(count, 2)).tolist()
        }
        draws = rng.integers(0, 1 << 30, size=(len(names), 6)).tolist()
        for i, (name, (born, left, passport, licence, where, luck)) in enumerate(zip(names, draws, strict=True)):
            has_passport, has_licence = i != 1 and (i < 3 or luck % 4 > 0), i != 2 and (i < 2 or luck % 3 > 0)
            self.put("passengers", key := self.new("PAX"), Passenger(
                key, name, self.date(-7500 - born % 14000), people.DEPARTMENTS[where % len(people.DEPARTMENTS)],
                f"P{passport % 10**8:08d}" if has_passport else "",
                self.date(200 + left % 2500) if has_passport else "",
                f"L{licence % 10**7:07d}" if has_licence else "", self.date(200 + luck % 3000) if has_licence else "",
            ))  # fmt: skip
        self.people = [row for row in self.rows["passengers"].values() if isinstance(row, Passenger)]

    def add_ways_to_pay(self) -> None:
        """Save a company card, a travel account, a private card, and one card that has expired."""
        first = int(self.rng.integers(0, 9000))
        tails = [1000 + (first + i * 2357) % 9000 for i in range(4)]
        rate = self.world.rate
        kinds = (("company_card", "Visa", 40_000, 900), ("travel_account", "monthly account", 60_000, 1500),
                 ("private_card", "Mastercard", 2_500, 400), ("old_card", "Amex", 10_000, -20))  # fmt: skip
        for (kind, label, limit, days), tail in zip(kinds, tails, strict=True):
            key = self.new("PAY")
            expires = self.date(days + int(self.rng.integers(0, 300)) * (days > 0))
            self.put("payments", key, Payment(key, kind, label, str(tail), expires, limit * rate, 0))

    def pay(self, amount: int, subject: str, about: str, method: str = "PAY00001") -> None:
        """Write an invoice."""
        key = self.new("INV")
        self.spent += amount
        self.used[method] = self.used.get(method, 0) + amount
        self.put(
            "invoices",
            key,
            Invoice(key, self.date(min(0, -13 + len(self.rows.get("invoices", ())))), subject, about, amount, method),
        )

    def departures(self, low: int, high: int, shunned: Collection[str] | None = None) -> Iterator[Flight]:
        """Iterate over unused flights from home that leave between two numbers of hours from now, in random order.

        Those to shunned cities come last, by default to cities where somebody goes already: people say "the flight to
        Oslo", or "Ada's", and mean one.
        """
        net, tz = self.net, self.net.airports[self.home].tz
        start, end = ((at := to_local(self.now + h * 60, tz)).toordinal() * 1440 + at.hour * 60 for h in (low, high))
        days = range(max(start // 1440, self.world.first_day), end // 1440 + 1)
        served, used, flight_on = self._served, self.flights_used, net.flight_on
        cities, last = self._cities, self.seen if shunned is None else shunned
        order: list[int] = self.rng.permutation(len(served)).tolist()
        for place in sorted(order, key=lambda place: cities[place] in last):
            for template, leaves in served[place]:
                for day in days:
                    if start <= day * 1440 + leaves <= end:  # by the clocks at home, so no flight is built in vain
                        flight = flight_on(template, day)
                        if flight is not None and flight.key not in used:
                            yield flight

    def take(self, flights: Iterable[Flight], wanted: Callable[[Flight], bool] | None = None) -> Flight | None:
        """Return the first flight with seats in both cabins that is wanted, and use it up."""
        for flight in flights:
            room = flight.presold_economy < flight.aircraft.economy_seats - 12
            if room and flight.presold_business < flight.aircraft.business_seats and (wanted is None or wanted(flight)):
                self.flights_used.add(flight.key)
                self.seen.add(flight.destination.city)
                return flight
        return None

    def sell(self, flight: Flight, family: str) -> None:
        """Take a seat out of the inventory."""
        old = self.rows.setdefault("sold", {}).get(flight.flight_id)
        sold = old if isinstance(old, Sold) else Sold(flight.flight_id, 0, 0, 0)
        if family == "business":
            sold = replace(sold, business=sold.business + 1)
        else:
            sold = replace(sold, economy=sold.economy + 1)
        self.put("sold", flight.flight_id, sold)

    def book(self, flights: tuple[Flight, ...], family: str, person: int, status: str = "ticketed") -> Booking:
        """Keep a booking, paid unless it is only reserved."""
        key, price = self.new("BKG"), connection_price(flights, family)
        paid = status != "reserved"
        booking = Booking(
            key, self.people[person % len(self.people)].passenger_id, tuple(Leg(f.flight_id) for f in flights), family,
            status, price, due=0 if paid else self.now + 1200, bought=self.now - 4 * 1440 if paid else 0,
            payment_method_id="PAY00001" if paid else "",
        )  # fmt: skip
        self.goes.setdefault(person % len(self.people), set()).add(flights[-1].destination.city)
        for flight in flights:
            self.sell(flight, family)
        if paid:
            self.pay(price, f"Flight {flights[0].origin.city} to {flights[-1].destination.city}", key)
        self.put("bookings", key, booking)
        return booking

    def disrupt(self, flight: Flight, delay: int, ago: int = 60) -> None:
        """Announce a delay, or a cancellation (-1), some minutes ago; 0 keeps the flight on time."""
        self.put("disruptions", flight.flight_id, Disruption(flight.flight_id, delay, self.now - ago))

    def add_journeys(self, more: int) -> None:
        """Book what every desk has: soon, past, failing, later; then more of the same kind."""
        self._soon_and_past()
        self._failing()
        found = (self.take(self.departures(100, 300)) for _ in range(4))
        # The cheapest is still to be paid, so that points can cover it.
        later = sorted((flight for flight in found if flight), key=lambda flight: flight.fare)
        for i, (flight, family) in enumerate(zip(later, ("classic", "light", "flex", "classic"), strict=False)):
            self.book((flight,), family, i + 3, "reserved" if i in (0, 2) else "ticketed")
        self._hold_dear()
        self._wait_for_full()
        families = ("light", "classic", "flex", "business")
        for i in range(more):
            low, shunned = 24 + i * 5 % 300, self.goes.get(i % len(self.people), ())
            if another := self.take(self.departures(low, low + 200, shunned)):
                self.book((another,), families[int(self.rng.integers(4))], i)

    def _soon_and_past(self) -> None:
        if soon := self.take(self.departures(3, 23)):
            self.disrupt(soon, 0)
            self.book((soon,), "classic", 0)
        if soon := self.take(self.departures(3, 23), lambda flight: flight.international):
            self.disrupt(soon, 0)
            self.book((soon,), "flex", 1)
        if flown := self.take(self.departures(-70, -20)):
            self.disrupt(flown, 150, 3000)
            self._insure(self.book((flown,), "classic", 0, "flown"), "PLN1", claimed=True)

    def _has_another(self, flight: Flight) -> bool:
        """Return True if a flight can be replaced within two days."""
        ends = self.net.index[flight.origin.code], self.net.index[flight.destination.code]
        others = [f for day in (flight.day + 1, flight.day + 2) for f in self.net.flights(*ends, day)]
        return any(other.presold_economy < other.aircraft.economy_seats for other in others)

    def _failing(self) -> None:
        if stranded := self.take(self.departures(8, 60), self._has_another):
            self.disrupt(stranded, -1)
            self._insure(self.book((stranded,), "classic", 2), "PLN2")
        if late := self.take(self.departures(8, 80), self._has_another):
            self.disrupt(late, 120 + 5 * int(self.rng.integers(0, 40)))
            self.book((late,), "light", 0)

    def _insure(self, booking: Booking, plan: str, *, claimed: bool = False) -> None:
        key, price = self.new("POL"), max(500, booking.fare * 5 // 10_000 * 100)
        self.pay(price, "Travel insurance", key)
        self.put("policies", key, Policy(key, booking.booking_id, plan, price, "PAY00001"))
        if claimed:
            claim = self.new("CLM")
            self.put("claims", claim, Claim(
                claim, key, "delay", "We landed two and a half hours late.", 100 * self.world.rate,
                self.now + 60 * int(self.rng.integers(20, 70)), "processing",
            ))  # fmt: skip

    def _hold_dear(self) -> None:
        """Keep two business seats above the limit, of which one is approved."""
        reasons = ("Client meeting that cannot be moved", "Board meeting", "Contract signing in person")
        for approved in (False, True):
            if flight := self.take(self.departures(60, 260)):
                key, price = self.new("HLD"), connection_price((flight,), "business")
                self.sell(flight, "business")
                self.limit = min(self.limit, price * 8 // 1000 * 100)
                expires = self.now + int(self.rng.integers(400, 1400))
                person = pick(self.rng, self.people).passenger_id
                self.put("holds", key, Hold(key, person, (flight.flight_id,), "business", price, expires, "active"))
                if approved:
                    approval = self.new("APR")
                    self.put("approvals", approval, Approval(approval, key, pick(self.rng, reasons), price, "granted"))

    def _wait_for_full(self) -> None:
        for _, flight in zip(range(150), self.departures(30, 300), strict=False):
            if flight.presold_economy == flight.aircraft.economy_seats:
                key, person = self.new("WL"), self.people[-1].passenger_id
                joined = self.now - int(self.rng.integers(5, 30))
                self.put("waitlist", key, Waiting(key, flight.flight_id, person, joined, "waiting"))
                return

    def add_ground(self) -> None:
        """Book hotels and a car where somebody flies to, and collect one journey as a trip."""
        shelf = Catalogue(self.net)
        city = pick(self.rng, self.net.cities)
        first = self.world.first_day + _PAST_DAYS + 4 + int(self.rng.integers(0, 5))
        items: list[str] = []
        for hotel in shelf.hotels_in(city):
            if len(items) < 2 and (key := self._stay(shelf, hotel, first + 2 * len(items), 2 + len(items))):
                items.append(key)
        any(self._rental(shelf, place, first) for place in self.rng.permutation(len(self.net.airports)).tolist())
        name = pick(self.rng, _TRIPS).format(city)
        self.put("trips", key := self.new("TRP"), Trip(key, name, tuple(items[:1])))

    def _stay(self, shelf: Catalogue, hotel: Hotel, first: int, nights: int) -> str | None:
        for room, name in enumerate(ROOMS):
            days, asked = range(first, first + nights), range(first, first + nights + _PUT_OFF)
            if all(shelf.rooms_of_strangers(hotel, room, day) < hotel.rooms[room] for day in asked):
                key, price = self.new("STY"), shelf.room_price(hotel, room, first, nights)
                slept = {stay.passenger_id for stay in self.rows.get("stays", {}).values() if isinstance(stay, Stay)}
                person = pick(self.rng, [p.passenger_id for p in self.people if p.passenger_id not in slept])
                self.pay(price, f"{hotel.name}, {hotel.city}", key)
                self.put(
                    "stays", key, Stay(key, hotel.hotel_id, person, room, first, nights, price, "PAY00001", "booked")
                )
                for day in days:
                    self.put("rooms", f"{hotel.hotel_id}/{name}/{day}", Used(1))
                return key
        return None

    def _rental(self, shelf: Catalogue, place: int, first: int) -> bool:
        days, asked = range(first, first + 3), range(first, first + 3 + _PUT_OFF)
        for car in self.rng.permutation(len(CARS)).tolist():
            if all(shelf.cars_of_strangers(place, car, day) < shelf.fleet(place, car) for day in asked):
                key, price, airport = self.new("RNT"), shelf.car_price(place, car, 3), self.net.airports[place]
                self.pay(price, f"Car in {airport.city}", key)
                self.put("rentals", key, Rental(
                    key, airport.code, self.people[0].passenger_id, car, first, 3, price, "PAY00001", "booked"
                ))  # fmt: skip
                for day in days:
                    self.put("cars", f"{airport.code}/{CARS[car].name}/{day}", Used(1))
                return True
        return False

    def add_accounts(self) -> None:
        """Open the budget and the loyalty account, and count what was spent against cards."""
        rng, rate = self.rng, self.world.rate
        for method, amount in self.used.items():
            row = self.rows["payments"][method]
            assert isinstance(row, Payment)
            limit = max(row.limit, amount + 25_000 * rate)
            self.put("payments", method, replace(row, used=amount, limit=limit))
        total = self.spent + int(rng.integers(12, 40)) * 1000 * rate
        self.put("budget", "budget", Budget(total, self.spent, self.limit))
        points, flown = int(rng.integers(60, 160)) * 1000, int(rng.integers(1, 90)) * 1000
        unpaid = [r.fare for r in self.rows["bookings"].values() if isinstance(r, Booking) and r.status == "reserved"]
        points = max(points, -(-points_price(min(unpaid, default=0), rate) // 1000) * 1000)  # enough for the cheapest
        number = f"{int(rng.integers(10**8, 10**9))}"
        self.put("loyalty", "loyalty", Loyalty(number, pick(rng, people.PROGRAMMES), points, flown))
        for _ in range(2):
            self.put("points", self.new("PTS"), Points(
                self.date(-int(rng.integers(5, 60))), "Flight to " + pick(rng, list(self.net.cities)),
                earned_points(int(rng.integers(100, 900)) * rate, rate),
            ))  # fmt: skip

    def state(self) -> Travel:
        """Return the state of all rows."""
        self.put("world", "world", self.world)
        self.put("clock", "clock", Clock(self.now, self.net.airports[self.home].code))
        for prefix, count in self.counts.items():
            self.put("counters", prefix, Counter(count + 1))
        empty = Travel()
        filled = (table for table in empty.tables() if table.name in self.rows)
        tables = {table.name: type(table)(table.name, self.rows[table.name], table.indexed) for table in filled}
        return replace(empty, **tables)
