"""How hotel bookings and hire cars look in listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.travel.catalogue import CARS, ROOMS, catalogue
from fr_envs.domains.travel.lookup import iso_day, major, net_of

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import Rental, Stay, Travel
    from fr_envs.json_values import JsonObject

__all__ = ["rental_row", "stay_row"]


def stay_row(state: Travel, stay: Stay) -> JsonObject:
    """Return a stay as listings show it."""
    shelf = catalogue(state)
    hotel = shelf.hotel(shelf.hotel_ids.read(stay.hotel_id))
    assert hotel is not None
    return {
        "stay_id": stay.stay_id,
        "hotel_name": hotel.name,
        "city": hotel.city,
        "room_type": ROOMS[stay.room],
        "check_in": iso_day(stay.first),
        "check_out": iso_day(stay.first + stay.nights),
        "nights": stay.nights,
        "passenger_name": state.passengers[stay.passenger_id].name,
        "price": major(stay.price),
        "status": stay.status,
    }


def rental_row(state: Travel, rental: Rental) -> JsonObject:
    """Return a hire as listings show it."""
    net = net_of(state)
    return {
        "rental_id": rental.rental_id,
        "car_class": CARS[rental.car].name,
        "model": CARS[rental.car].model,
        "city": net.airports[net.index[rental.airport]].city,
        "pickup_date": iso_day(rental.first),
        "return_date": iso_day(rental.first + rental.days),
        "days": rental.days,
        "driver_name": state.passengers[rental.passenger_id].name,
        "price": major(rental.price),
        "status": rental.status,
    }
