"""Hotels and hire cars: functions of a world's seed, like the timetable; the state holds only what was taken."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.travel.codes import Cipher, cipher, draw
from fr_envs.domains.travel.lookup import net_of
from fr_envs.domains.travel.network import Network, network

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import Travel, Used, World

__all__ = ["CARS", "ROOMS", "SUPPLIERS", "Car", "Catalogue", "Hotel", "catalogue", "used"]

ROOMS = ("single", "double", "suite")

_SLOTS = 8
_KEPT_NIGHTS = 100_000
_NAMES = ("Alder", "Beacon", "Citadel", "Drift", "Elm", "Foundry", "Garden", "Harbour", "Ivory", "Jade", "Kingfisher",
          "Lantern", "Mill", "Northgate", "Opal", "Parade", "Quay", "Riverside", "Station", "Terrace", "Union",
          "Viaduct", "Willow", "Yard")  # fmt: skip
_KINDS = ("Hotel", "House", "Inn", "Suites", "Lodge", "Palace")
_QUARTERS = ("the old town", "the station", "the harbour", "the business district", "the university", "the airport")


class Hotel(NamedTuple):
    """A hotel; ``rates`` are base prices a night for each of ``ROOMS`` in minor units, ``rooms`` how many there are."""

    place: int
    hotel_id: str
    name: str
    city: str
    tz: str
    stars: int
    near: str
    breakfast: bool
    free_hours: int
    rates: tuple[int, int, int]
    rooms: tuple[int, int, int]


class Car(NamedTuple):
    """A class of hire car; ``rate`` is euros a day."""

    name: str
    model: str
    seats: int
    rate: int


CARS = (
    Car("economy", "Lynx 1.0", 4, 28), Car("compact", "Heron Hatch", 5, 36), Car("estate", "Heron Wagon", 5, 52),
    Car("suv", "Bison 4x4", 5, 71), Car("electric", "Volta E", 5, 58), Car("van", "Caravel 9", 9, 96),
)  # fmt: skip

SUPPLIERS = ("Milestone Rentals", "Greenlight Cars", "Compass Hire", "Roadrunner Auto")


class Catalogue:
    """The hotels and cars of one world."""

    def __init__(self, net: Network) -> None:
        """Number the hotels by city."""
        self.net = net
        self.world: World = net.world
        seed = net.world.seed
        self.city_index = {city.casefold(): i for i, city in enumerate(net.cities)}
        self.zones = {airport.city: airport.tz for airport in net.airports}
        self.hotel_ids: Cipher = cipher(seed, "HT", 4)
        self.offer_ids: Cipher = cipher(seed, "RO", 8)
        self.car_ids: Cipher = cipher(seed, "CO", 6)
        self._hotels: dict[int, Hotel | None] = {}
        self._nights: dict[int, int] = {}

    def hotel(self, place: int) -> Hotel | None:
        """Return the hotel with that number, None if there is none."""
        if place not in self._hotels:
            self._hotels[place] = self._draw_hotel(place) if place < _SLOTS * len(self.net.cities) else None
        return self._hotels[place]

    def _draw_hotel(self, place: int) -> Hotel | None:
        city, slot = divmod(place, _SLOTS)
        seed = self.world.seed
        if slot >= 4 + draw(seed, 10, city) % 4:
            return None
        luck = draw(seed, 11, place)
        stars = 2 + luck % 4
        rate = round((38 + stars * 24 + luck // 10 % 45) * self.world.rate / 100) * 100
        # Names differ within a city, because the slot shifts them.
        name = _NAMES[(draw(seed, 12, city) + slot * 5) % len(_NAMES)]
        town = self.net.cities[city]
        return Hotel(
            place, self.hotel_ids.write(place), f"{name} {_KINDS[luck // 1000 % len(_KINDS)]}", town, self.zones[town],
            stars, _QUARTERS[luck // 10_000 % len(_QUARTERS)], luck // 100_000 % 2 == 0, 24 * (1 + luck // 10**6 % 3),
            (rate, rate * 14 // 1000 * 100, rate * 26 // 1000 * 100),
            (4 + luck // 10**7 % 5, 6 + luck // 10**8 % 8, 1 + luck // 10**9 % 3),
        )  # fmt: skip

    def hotels_in(self, city: str) -> list[Hotel]:
        """Return the hotels of a city; none where there is no such city."""
        index = self.city_index.get(city.strip().casefold())
        if index is None:
            return []
        found = [self.hotel(index * _SLOTS + slot) for slot in range(_SLOTS)]
        return [hotel for hotel in found if hotel is not None]

    def rooms_of_strangers(self, hotel: Hotel, room: int, day: int) -> int:
        """Count the rooms of one type that others have on a night."""
        key = (hotel.place * 4 + room) << 20 | day
        count = self._nights.get(key)
        if count is None:
            if len(self._nights) >= _KEPT_NIGHTS:
                self._nights.clear()
            share = draw(self.world.seed, 13, hotel.place, room, day) % 125
            count = self._nights[key] = min(hotel.rooms[room], hotel.rooms[room] * share // 100)
        return count

    def room_price(self, hotel: Hotel, room: int, first: int, nights: int) -> int:
        """Return the price of a stay in minor units; Friday and Saturday nights cost a fifth more."""
        weekend = sum((day - 1) % 7 in (4, 5) for day in range(first, first + nights))
        return hotel.rates[room] * (5 * nights + weekend) // 500 * 100

    def fleet(self, airport: int, car: int) -> int:
        """Count the cars of one class at an airport."""
        return 3 + draw(self.world.seed, 20, airport, car) % 10

    def cars_of_strangers(self, airport: int, car: int, day: int) -> int:
        """Count the cars of one class that others have on a day."""
        return draw(self.world.seed, 21, airport, car, day) % (self.fleet(airport, car) + 1)

    def car_price(self, airport: int, car: int, days: int) -> int:
        """Return the price of a hire in minor units; from a week on a tenth less."""
        local = 85 + draw(self.world.seed, 22, airport, car) % 40
        total = CARS[car].rate * local * self.world.rate * days // 100 // 100 * 100
        return total * 9 // 1000 * 100 if days >= 7 else total

    def supplier(self, airport: int, car: int) -> str:
        """Return who hires out one class of car at an airport."""
        return SUPPLIERS[draw(self.world.seed, 23, airport, car) % len(SUPPLIERS)]


@functools.lru_cache(maxsize=64)
def _catalogue(world: World) -> Catalogue:
    return Catalogue(network(world))


def catalogue(state: Travel) -> Catalogue:
    """Return the hotels and cars of a state's world."""
    return _catalogue(net_of(state).world)


def used(table_row: Used | None) -> int:
    """Return the count of a row that may be missing."""
    return table_row.count if table_row else 0
