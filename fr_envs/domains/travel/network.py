"""Carriers, routes and the timetable: functions of a world's seed, never stored.

A ``Network`` is what follows from a ``World`` row: which airports there are, which carriers serve which routes at which
local time, and from these every flight of every day. Only what people change (sold seats, announced disruptions) is
in the state. Flights are kept once computed; they depend on nothing but the row.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fr_envs.domains.travel.codes import Cipher, cipher, draw
from fr_envs.domains.travel.geography import Airport, airports, local_text, to_local, to_minutes, wall_text
from fr_envs.streams import generator, pick

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import World

__all__ = ["AIRCRAFT", "FAMILIES", "MULTIPLIERS", "Aircraft", "Carrier", "Flight", "Network", "Template", "network"]

FAMILIES = ("light", "classic", "flex", "business")
"""Fare families, from the tightest rules to the loosest; all but the last sit in economy."""

MULTIPLIERS = (0.8, 1.0, 1.45, 2.8)

_DAYS = 256
_KEPT_FLIGHTS = 50_000


class Aircraft(NamedTuple):
    """A type of aircraft: cruising speed in km/h, and seats as rows and letters of each cabin."""

    name: str
    speed: int
    business_rows: int
    business: str
    economy_rows: int
    economy: str

    @property
    def business_seats(self) -> int:
        """Count the seats of business class."""
        return self.business_rows * len(self.business)

    @property
    def economy_seats(self) -> int:
        """Count the seats of economy class."""
        return self.economy_rows * len(self.economy)


AIRCRAFT = (
    Aircraft("Embraer E190", 800, 3, "ACDF", 20, "ACDF"),
    Aircraft("Airbus A320", 830, 3, "ACDF", 25, "ABCDEF"),
    Aircraft("Boeing 787-9", 900, 5, "ADGK", 28, "ABCDEFGHJ"),
)


class Carrier(NamedTuple):
    """A fictional airline; fees in minor units of the world's currency."""

    code: str
    name: str
    hub: int
    level: float
    change_fee: int
    cancel_fee: int
    bag_fee: int


class Template(NamedTuple):
    """A flight of the timetable: every week on the days of ``weekdays`` (bit 0 is Monday)."""

    carrier: int
    number: int
    origin: int
    destination: int
    departs: int
    minutes: int
    aircraft: int
    weekdays: int
    fare: int


class Flight(NamedTuple):
    """One departure. Times in minutes since 1970 UTC; ``presold`` seats were sold before the world began."""

    key: int
    flight_id: str
    number: str
    carrier: Carrier
    origin: Airport
    destination: Airport
    day: int
    departs: int
    arrives: int
    departure: str
    arrival: str
    minutes: int
    aircraft: Aircraft
    presold_economy: int
    presold_business: int
    fare: int

    @property
    def international(self) -> bool:
        """Return True if the flight crosses a border."""
        return self.origin.country != self.destination.country


_FIRST = ("Aurora", "Borealis", "Cobalt", "Meridian", "Summit", "Lagoon", "Zephyr", "Harbour", "Falcon", "Juniper",
          "Solstice", "Vega", "Orchid", "Tundra", "Coral", "Larkspur", "Polar", "Saffron", "Kestrel",
          "Monsoon")  # fmt: skip
_LAST = ("Air", "Airways", "Wings", "Airlines", "Jet", "Aviation")


class Network:
    """The airports, carriers and flights of one world."""

    def __init__(self, world: World) -> None:
        """Draw everything from the world's seed."""
        self.world = world
        self.rng = generator(world.seed)
        self.airports = _choose_airports(self.rng, world.airports)
        self.index = {airport.code: i for i, airport in enumerate(self.airports)}
        self.carriers = _draw_carriers(self.rng, world)
        self.hubs = tuple(dict.fromkeys(carrier.hub for carrier in self.carriers))
        self.cities = tuple(dict.fromkeys(airport.city for airport in self.airports))
        self.templates = _draw_templates(self.rng, world, self.airports, self.carriers)
        self.by_route: dict[tuple[int, int], list[int]] = {}
        self.served: dict[int, dict[int, None]] = {}
        for i, template in enumerate(self.templates):
            self.by_route.setdefault((template.origin, template.destination), []).append(i)
            self.served.setdefault(template.origin, {})[template.destination] = None
        self.flight_ids: Cipher = cipher(world.seed, "FL", 5)
        self.fare_ids: Cipher = cipher(world.seed, "FA", 6)
        self.itinerary_ids: Cipher = cipher(world.seed, "IT", 10)
        self.option_ids: Cipher = cipher(world.seed, "OP", 9)
        self._flights: dict[int, Flight] = {}
        self._by_id: dict[str, Flight] = {}

    def flight(self, key: int) -> Flight | None:
        """Return the flight with that place in the timetable, None if none runs there."""
        found = self._flights.get(key)
        if found is None:
            template, offset = divmod(key, _DAYS)
            if template >= len(self.templates) or offset >= self.world.days:
                return None
            if not self.templates[template].weekdays >> (self.world.first_day + offset - 1) % 7 & 1:
                return None
            if len(self._flights) >= _KEPT_FLIGHTS:
                self._flights.clear()
                self._by_id.clear()
            found = self._flights[key] = self._flight(key, self.templates[template], self.world.first_day + offset)
            self._by_id[found.flight_id] = found
        return found

    def flight_on(self, template: int, day: int) -> Flight | None:
        """Return the flight of a template on a local day, None if none runs."""
        offset = day - self.world.first_day
        if not 0 <= offset < self.world.days:
            return None
        key = template * _DAYS + offset
        return self._flights.get(key) or self.flight(key)

    def flights(self, origin: int, destination: int, day: int) -> list[Flight]:
        """Return the flights from one airport (by place in ``airports``) to another on a local day, in no order."""
        templates = self.by_route.get((origin, destination), ())
        return [flight for template in templates if (flight := self.flight_on(template, day)) is not None]

    def read_flight(self, flight_id: str) -> Flight | None:
        """Return the flight of an identifier, None if there is none."""
        return self._by_id.get(flight_id) or self.flight(self.flight_ids.read(flight_id))

    def _flight(self, key: int, template: Template, day: int) -> Flight:
        origin, destination = self.airports[template.origin], self.airports[template.destination]
        carrier, aircraft = self.carriers[template.carrier], AIRCRAFT[template.aircraft]
        departs = to_minutes(day, template.departs, origin.tz)
        arrives = departs + template.minutes
        luck = draw(self.world.seed, 1, key)
        load = 1000 if luck % 100 < 8 else 500 + luck // 100 % 480
        demand = 750 + luck // 100_000 % 800
        premium = 300 + luck // 10**9 % 701
        return Flight(
            key, self.flight_ids.write(key), f"{carrier.code} {template.number}", carrier, origin, destination, day,
            departs, arrives, wall_text(day, template.departs), local_text(arrives, destination.tz), template.minutes,
            aircraft, aircraft.economy_seats * load // 1000, aircraft.business_seats * premium // 1000,
            template.fare * demand // 100_000 * 100,
        )  # fmt: skip

    def connections(self, origin: int, destination: int, day: int) -> list[tuple[Flight, Flight]]:
        """Return pairs of flights through a hub that leave enough time to change, in no order."""
        pairs = []
        for hub in self.hubs:
            if hub in (origin, destination) or (hub, destination) not in self.by_route:
                continue
            for first in self.flights(origin, hub, day):
                arrival_day = to_local(first.arrives, first.destination.tz).toordinal()
                onward = self.flights(hub, destination, arrival_day) + self.flights(hub, destination, arrival_day + 1)
                pairs += [(first, second) for second in onward if connects(first, second)]
        return pairs


LONGEST_LAYOVER = 8 * 60
"""Longest wait between two flights of one itinerary, in minutes."""


def connection_minutes(first: Flight, second: Flight) -> int:
    """Return the minimum connection time between two flights, in minutes."""
    return 75 if first.international or second.international else 45


def connects(first: Flight, second: Flight) -> bool:
    """Return True if a traveller can change from one flight to the other."""
    wait = second.departs - first.arrives
    return first.destination.code == second.origin.code and connection_minutes(first, second) <= wait <= LONGEST_LAYOVER


@functools.lru_cache(maxsize=64)
def network(world: World) -> Network:
    """Return the network of a world."""
    return Network(world)


@functools.cache
def _coordinates() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    points = np.radians(np.array([[airport.lat, airport.lon] for airport in airports()]))
    lat, lon = points[:, 0], points[:, 1]
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


@functools.cache
def _distances() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return all great-circle distances in kilometres, by the chord of the unit sphere."""
    unit = _coordinates()
    return np.asarray(6371.0088 * np.arccos(np.clip(unit @ unit.T, -1.0, 1.0)), dtype=np.float64)


@functools.cache
def _metros() -> tuple[tuple[int, ...], ...]:
    groups: dict[str, list[int]] = {}
    for i, airport in enumerate(airports()):
        if airport.metro:
            groups.setdefault(airport.metro, []).append(i)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _choose_airports(rng: np.random.Generator, count: int) -> tuple[Airport, ...]:
    """Take two airports of one metropolis, then half the rest nearby and half anywhere."""
    metros = _metros()
    metro = pick(rng, metros)
    chosen = dict.fromkeys(metro[:2])
    near = np.argsort(_distances()[metro[0]])[: count + 20]
    for i in rng.permutation(near)[: count // 2]:
        chosen.setdefault(int(i))
    for i in rng.permutation(len(airports())):
        if len(chosen) >= count:
            break
        chosen.setdefault(int(i))
    return tuple(airports()[i] for i in list(chosen)[:count])


def _draw_carriers(rng: np.random.Generator, world: World) -> tuple[Carrier, ...]:
    first = rng.permutation(len(_FIRST))
    hubs = rng.permutation(world.airports)
    draws = rng.integers(0, 1 << 30, size=(world.carriers, 6)).tolist()
    carriers = []
    for i, (letter, digit, last, change, cancel, bag) in enumerate(draws):
        scale = world.rate / 100
        carriers.append(Carrier(
            code="JQKXYZVGBDHLMNPRST"[(letter + i) % 18] + "2345678"[digit % 7],
            name=f"{_FIRST[first[i]]} {_LAST[last % len(_LAST)]}", hub=int(hubs[i % world.airports]),
            level=0.85 + change % 40 / 100, change_fee=round((30 + change % 13 * 5) * scale) * 100,
            cancel_fee=round((40 + cancel % 17 * 5) * scale) * 100, bag_fee=round((20 + bag % 9 * 5) * scale) * 100,
        ))  # fmt: skip
    return tuple(carriers)


def _draw_templates(
    rng: np.random.Generator, world: World, places: tuple[Airport, ...], carriers: tuple[Carrier, ...]
) -> list[Template]:
    """Join each carrier's hub with every airport, add other routes at random, and give each its departures."""
    count, all_codes = len(places), _code_index()
    rows = [all_codes[place.code] for place in places]
    km = _distances()[np.ix_(rows, rows)]
    frequency = np.zeros((len(carriers), count, count), dtype=np.int64)
    others = rng.random((count, count)) < min(0.35, 4 / count)
    operator = rng.integers(0, len(carriers), size=(count, count))
    for i, carrier in enumerate(carriers):
        served = (others | others.T) & (np.minimum(operator, operator.T) == i)
        served[carrier.hub, :] = served[:, carrier.hub] = True
        frequency[i] = served & (km > 150)
    frequency *= 1 + (km < 6000) + rng.integers(0, 2, size=(count, count)) * (km < 2500)
    where = np.repeat(np.argwhere(frequency), frequency[frequency > 0], axis=0)
    length = km[where[:, 1], where[:, 2]]
    kind = (length > 1200).astype(np.int64) + (length > 5200)
    speeds = np.array([aircraft.speed for aircraft in AIRCRAFT])
    minutes = np.round((35 + length / speeds[kind] * 60) / 5).astype(np.int64) * 5
    departs = 360 + 5 * rng.integers(0, 199, size=len(where))
    weekdays = np.where(rng.random(len(where)) < 0.75, 127, rng.integers(1, 128, size=len(where)) | 0b0010101)
    level = np.array([carrier.level for carrier in carriers])
    fare = np.round((30 + 0.62 * length**0.82) * level[where[:, 0]] * world.rate).astype(np.int64)
    columns = (
        where[:, 0],
        np.arange(len(where)) + 101,
        where[:, 1],
        where[:, 2],
        departs,
        minutes,
        kind,
        weekdays,
        fare,
    )
    return [Template(*row) for row in np.stack(columns, axis=1).tolist()]


@functools.cache
def _code_index() -> dict[str, int]:
    return {airport.code: i for i, airport in enumerate(airports())}
