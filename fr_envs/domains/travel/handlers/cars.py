"""Hire cars: looking, hiring, keeping longer, cancelling."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.travel.catalogue import CARS, catalogue, used
from fr_envs.domains.travel.geography import to_minutes
from fr_envs.domains.travel.handlers.ground import rental_row
from fr_envs.domains.travel.lookup import (
    airport_place,
    charge,
    iso_day,
    major,
    net_of,
    new_id,
    now_of,
    passenger_named,
    refund,
    world_currency,
    world_day,
)
from fr_envs.domains.travel.state import Rental, Travel, Used
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

_PICKUP = 9 * 60
_OFFSET, _DAYS = 256, 32
_FREE_HOURS = 24
_LATE_FEE = 30


def _left(state: Travel, airport: int, car: int, first: int, days: int) -> int:
    """Return how many cars of a class are free on every day of a hire."""
    shelf = catalogue(state)
    fleet = shelf.fleet(airport, car)
    code = net_of(state).airports[airport].code
    return min(
        fleet - shelf.cars_of_strangers(airport, car, day) - used(state.cars.get(_day(code, car, day)))
        for day in range(first, first + days)
    )


def _day(code: str, car: int, day: int) -> str:
    return f"{code}/{CARS[car].name}/{day}"


def _take(state: Travel, rental: Rental, first: int, days: int, count: int) -> Travel:
    cars = state.cars
    for day in range(first, first + days):
        key = _day(rental.airport, rental.car, day)
        after = used(cars.get(key)) + count
        cars = cars.put(key, Used(after)) if after else cars.drop(key)
    return replace(state, cars=cars)


def _require_end(state: Travel, first: int, days: int) -> None:
    world = state.world["world"]
    if first + days > world.first_day + world.days:
        raise Refusal("date_out_of_range", f"Cars can be hired until {iso_day(world.first_day + world.days - 1)}.")


def search_cars(state: Travel, airport_code: str, pickup_date: str, days: int) -> Effect[Travel]:
    """List the classes of car that are free on every day."""
    airport, first = airport_place(state, airport_code), world_day(state, pickup_date)
    _require_end(state, first, days)
    shelf, offset = catalogue(state), first - state.world["world"].first_day
    rows = [
        {
            "car_offer_id": shelf.car_ids.write(((airport * 8 + car) * _OFFSET + offset) * _DAYS + days),
            "car_class": CARS[car].name,
            "model": CARS[car].model,
            "supplier": shelf.supplier(airport, car),
            "passenger_seats": CARS[car].seats,
            "price": major(shelf.car_price(airport, car, days)),
            "cars_left": left,
        }
        for car in range(len(CARS))
        if (left := _left(state, airport, car, first, days)) > 0
    ]
    if not rows:
        raise Refusal("no_cars")
    return Effect(state, {"cars": sorted(rows, key=lambda row: (row["price"], row["car_class"]))})


def rent_car(state: Travel, car_offer_id: str, passenger_id: str, payment_method_id: str) -> Effect[Travel]:
    """Hire and pay a car."""
    shelf, net, world = catalogue(state), net_of(state), state.world["world"]
    rest, days = divmod(shelf.car_ids.read(car_offer_id), _DAYS)
    rest, offset = divmod(rest, _OFFSET)
    airport, car = divmod(rest, 8)
    if airport >= len(net.airports) or car >= len(CARS) or not days or offset + days > world.days:
        raise Refusal("unknown_offer")
    driver, first = passenger_named(state, passenger_id), world.first_day + offset
    place = net.airports[airport]
    if driver.licence_expires < iso_day(first + days):
        raise Refusal("licence_expires")
    if to_minutes(first, 23 * 60, place.tz) < now_of(state) or _left(state, airport, car, first, days) < 1:
        raise Refusal("offer_gone")
    price = shelf.car_price(airport, car, days)
    state, rental_id = new_id(state, "RNT")
    state, invoice_id = charge(state, payment_method_id, price, f"Car in {place.city}", rental_id)
    rental = Rental(rental_id, place.code, passenger_id, car, first, days, price, payment_method_id, "booked")
    state = _take(replace(state, rentals=state.rentals.put(rental_id, rental)), rental, first, days, 1)
    return Effect(state, {**rental_row(state, rental), "invoice_id": invoice_id})


def list_rentals(state: Travel) -> Effect[Travel]:
    """List the hire cars."""
    return Effect(state, {"rentals": [rental_row(state, rental) for rental in state.rentals.values()]})


def _open_rental(state: Travel, rental_id: str) -> tuple[Rental, int]:
    """Return a hire that is booked, and the hours until the car is picked up (negative once it is)."""
    rental = state.rentals.get(rental_id)
    if rental is None:
        raise Refusal("unknown_rental")
    net = net_of(state)
    tz = net.airports[net.index[rental.airport]].tz
    if rental.status != "booked" or to_minutes(rental.first + rental.days, _PICKUP, tz) <= now_of(state):
        raise Refusal("rental_closed", "The hire is cancelled or over.")
    return rental, (to_minutes(rental.first, _PICKUP, tz) - now_of(state)) // 60


def extend_rental(state: Travel, rental_id: str, extra_days: int) -> Effect[Travel]:
    """Keep a car longer, at the same price a day."""
    rental, _ = _open_rental(state, rental_id)
    end = rental.first + rental.days
    _require_end(state, end, extra_days)
    place = airport_place(state, rental.airport)
    if rental.days + extra_days >= _DAYS or _left(state, place, rental.car, end, extra_days) < 1:
        raise Refusal("no_cars")
    price = rental.price // rental.days * extra_days
    state = charge(state, rental.payment_method_id, price, "Car kept longer", rental_id).state
    state = _take(state, rental, end, extra_days, 1)
    rental = replace(rental, days=rental.days + extra_days, price=rental.price + price)
    state = replace(state, rentals=state.rentals.put(rental_id, rental))
    return Effect(state, {**rental_row(state, rental), "amount": major(price)})


def cancel_rental(state: Travel, rental_id: str) -> Effect[Travel]:
    """Cancel a hire: free until a day before, then for a fee."""
    rental, hours = _open_rental(state, rental_id)
    if hours < 0:
        raise Refusal("rental_closed", "The car has been picked up.")
    fee = 0 if hours >= _FREE_HOURS else min(rental.price, _LATE_FEE * state.world["world"].rate)
    state = refund(state, rental.payment_method_id, rental.price - fee, "Car cancelled", rental_id)
    state = _take(state, rental, rental.first, rental.days, -1)
    state = replace(state, rentals=state.rentals.put(rental_id, replace(rental, status="cancelled")))
    value = {"rental_id": rental_id, "status": "cancelled", "fee": major(fee), "refund": major(rental.price - fee)}
    return Effect(state, {**value, "currency": world_currency(state)})
