"""Hotels: looking, booking, moving, cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.catalogue import ROOMS, Catalogue, Hotel, catalogue, used
from fr_envs.domains.travel.geography import to_minutes
from fr_envs.domains.travel.handlers.ground import stay_row
from fr_envs.domains.travel.lookup import (
    charge,
    iso_day,
    major,
    new_id,
    now_of,
    passenger_named,
    refund,
    world_currency,
    world_day,
)
from fr_envs.domains.travel.state import Stay, Travel, Used
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

_ARRIVAL = 15 * 60
_OFFSET, _NIGHTS = 256, 32


def _left(state: Travel, hotel: Hotel, room: int, first: int, nights: int) -> int:
    """Return how many rooms of a type are free on every night of a stay."""
    shelf = catalogue(state)
    return min(
        hotel.rooms[room] - shelf.rooms_of_strangers(hotel, room, day) - used(state.rooms.get(_night(hotel, room, day)))
        for day in range(first, first + nights)
    )


def _night(hotel: Hotel, room: int, day: int) -> str:
    return f"{hotel.hotel_id}/{ROOMS[room]}/{day}"


def _take(state: Travel, hotel: Hotel, stay: Stay, count: int) -> Travel:
    rooms = state.rooms
    for day in range(stay.first, stay.first + stay.nights):
        key = _night(hotel, stay.room, day)
        after = used(rooms.get(key)) + count
        rooms = rooms.put(key, Used(after)) if after else rooms.drop(key)
    return replace(state, rooms=rooms)


def _first_night(state: Travel, check_in: str, nights: int) -> int:
    first = world_day(state, check_in)
    world = state.world["world"]
    if first + nights > world.first_day + world.days:
        raise Refusal(
            "date_out_of_range", f"The last night that can be booked is {iso_day(world.first_day + world.days - 1)}."
        )
    return first


def _open_rooms(state: Travel, hotel: Hotel, first: int, nights: int) -> list[int]:
    return [room for room in range(len(ROOMS)) if _left(state, hotel, room, first, nights) > 0]


def search_hotels(state: Travel, city: str, check_in: str, nights: int) -> Effect[Travel]:
    """List the hotels of a city with a room for every night."""
    shelf = catalogue(state)
    hotels = shelf.hotels_in(city)
    if not hotels:
        raise Refusal("unknown_city", f"There are no hotels in {city}.")
    first = _first_night(state, check_in, nights)
    rows = []
    for hotel in hotels:
        rooms = _open_rooms(state, hotel, first, nights)
        if rooms:
            price = min(shelf.room_price(hotel, room, first, nights) for room in rooms)
            rows.append({**_hotel_row(hotel), "price": major(price)})
    if not rows:
        raise Refusal("no_rooms")
    return Effect(state, {"hotels": sorted(rows, key=lambda row: (row["price"], row["hotel_id"]))})


def _hotel_row(hotel: Hotel) -> JsonObject:
    return {
        "hotel_id": hotel.hotel_id,
        "hotel_name": hotel.name,
        "city": hotel.city,
        "stars": hotel.stars,
        "near": hotel.near,
        "breakfast_included": hotel.breakfast,
    }


def _hotel(shelf: Catalogue, hotel_id: str) -> Hotel:
    hotel = shelf.hotel(shelf.hotel_ids.read(hotel_id))
    if hotel is None:
        raise Refusal("unknown_hotel")
    return hotel


def get_hotel(state: Travel, hotel_id: str) -> Effect[Travel]:
    """Tell about a hotel."""
    hotel = _hotel(catalogue(state), hotel_id)
    value = {
        **_hotel_row(hotel),
        "free_cancellation_hours": hotel.free_hours,
        "check_in_time": "15:00",
        "rooms_in_all": sum(hotel.rooms),
    }
    return Effect(state, value)


def list_room_offers(state: Travel, hotel_id: str, check_in: str, nights: int) -> Effect[Travel]:
    """List the types of room that a hotel has free for every night."""
    shelf = catalogue(state)
    hotel, first = _hotel(shelf, hotel_id), _first_night(state, check_in, nights)
    offset = first - state.world["world"].first_day
    offers = [
        {
            "room_offer_id": shelf.offer_ids.write(((hotel.place * 4 + room) * _OFFSET + offset) * _NIGHTS + nights),
            "room_type": ROOMS[room],
            "price": major(shelf.room_price(hotel, room, first, nights)),
            "rooms_left": _left(state, hotel, room, first, nights),
        }
        for room in _open_rooms(state, hotel, first, nights)
    ]
    if not offers:
        raise Refusal("no_rooms")
    value = {"hotel_name": hotel.name, "check_in": check_in, "nights": nights, "offers": offers}
    return Effect(state, value)


def book_room(state: Travel, room_offer_id: str, passenger_id: str, payment_method_id: str) -> Effect[Travel]:
    """Book and pay a room."""
    shelf, world = catalogue(state), state.world["world"]
    rest, nights = divmod(shelf.offer_ids.read(room_offer_id), _NIGHTS)
    rest, offset = divmod(rest, _OFFSET)
    place, room = divmod(rest, 4)
    hotel, first = shelf.hotel(place), world.first_day + offset
    if hotel is None or room >= len(ROOMS) or not nights or offset + nights > world.days:
        raise Refusal("unknown_offer")
    passenger = passenger_named(state, passenger_id)
    if to_minutes(first, 23 * 60, hotel.tz) < now_of(state) or _left(state, hotel, room, first, nights) < 1:
        raise Refusal("offer_gone")
    price = shelf.room_price(hotel, room, first, nights)
    state, stay_id = new_id(state, "STY")
    state, invoice_id = charge(state, payment_method_id, price, f"{hotel.name}, {hotel.city}", stay_id)
    stay = Stay(stay_id, hotel.hotel_id, passenger_id, room, first, nights, price, payment_method_id, "booked")
    state = _take(replace(state, stays=state.stays.put(stay_id, stay)), hotel, stay, 1)
    value = {**stay_row(state, stay), "passenger_name": passenger.name, "invoice_id": invoice_id}
    return Effect(state, value)


def list_stays(state: Travel) -> Effect[Travel]:
    """List the hotel bookings."""
    return Effect(state, {"stays": [stay_row(state, stay) for stay in state.stays.values()]})


def _open_stay(state: Travel, stay_id: str) -> tuple[Stay, Hotel, int]:
    """Return a stay that lies ahead, its hotel, and the hours until arrival."""
    stay = state.stays.get(stay_id)
    if stay is None:
        raise Refusal("unknown_stay")
    hotel = _hotel(catalogue(state), stay.hotel_id)
    ahead = to_minutes(stay.first, _ARRIVAL, hotel.tz) - now_of(state)
    if stay.status != "booked" or ahead <= 0:
        raise Refusal("stay_closed", "The stay is cancelled or has begun.")
    return stay, hotel, ahead // 60


def move_stay(state: Travel, stay_id: str, check_in: str) -> Effect[Travel]:
    """Move a stay to another first night; the difference in price is charged or given back."""
    stay, hotel, _ = _open_stay(state, stay_id)
    first = _first_night(state, check_in, stay.nights)
    if first == stay.first:
        raise Refusal("same_date")
    state = _take(state, hotel, stay, -1)
    if _left(state, hotel, stay.room, first, stay.nights) < 1:
        raise Refusal("no_rooms")
    price = catalogue(state).room_price(hotel, stay.room, first, stay.nights)
    difference = price - stay.price
    if difference > 0:
        state = charge(state, stay.payment_method_id, difference, f"{hotel.name}: other dates", stay_id).state
    else:
        state = refund(state, stay.payment_method_id, -difference, f"{hotel.name}: other dates", stay_id)
    stay = replace(stay, first=first, price=price)
    state = _take(replace(state, stays=state.stays.put(stay_id, stay)), hotel, stay, 1)
    return Effect(state, {**stay_row(state, stay), "price_difference": major(difference)})


def cancel_stay(state: Travel, stay_id: str) -> Effect[Travel]:
    """Cancel a stay: free until the hotel's deadline, then the first night is lost."""
    stay, hotel, hours = _open_stay(state, stay_id)
    fee = 0 if hours >= hotel.free_hours else min(stay.price, stay.price // stay.nights)
    state = refund(state, stay.payment_method_id, stay.price - fee, f"{hotel.name}: cancelled", stay_id)
    state = _take(state, hotel, stay, -1)
    state = replace(state, stays=state.stays.put(stay_id, replace(stay, status="cancelled")))
    value = {"stay_id": stay_id, "status": "cancelled", "fee": major(fee), "refund": major(stay.price - fee)}
    return Effect(state, {**value, "currency": world_currency(state)})
