"""The saved travellers and their documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.lookup import day_of, new_id, passenger_named, today
from fr_envs.domains.travel.state import Passenger, Travel
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

_MOST = 40


def _row(passenger: Passenger) -> JsonObject:
    return {
        "passenger_id": passenger.passenger_id,
        "passenger_name": passenger.name,
        "birth_date": passenger.birth_date,
        "department": passenger.department,
        "passport_expires": passenger.passport_expires or None,
        "licence_expires": passenger.licence_expires or None,
    }


def list_passengers(state: Travel) -> Effect[Travel]:
    """List the saved travellers."""
    return Effect(state, {"passengers": [_row(passenger) for passenger in state.passengers.values()]})


def add_passenger(state: Travel, name: str, birth_date: str, department: str) -> Effect[Travel]:
    """Save a traveller."""
    if not 0 < day_of(birth_date) < today(state):
        raise Refusal("bad_date")
    if len(state.passengers) >= _MOST:
        raise Refusal("list_full")
    if state.passengers.keys_by("name", name):
        raise Refusal("already_saved")
    state, passenger_id = new_id(state, "PAX")
    passenger = Passenger(passenger_id, name, birth_date, department, "", "", "", "")
    return Effect(replace(state, passengers=state.passengers.put(passenger_id, passenger)), _row(passenger))


def _in_future(state: Travel, date: str) -> None:
    if day_of(date) <= today(state):
        raise Refusal("bad_date")


def add_passport(state: Travel, passenger_id: str, passport_number: str, expires_on: str) -> Effect[Travel]:
    """Put a traveller's passport on file."""
    passenger = passenger_named(state, passenger_id)
    _in_future(state, expires_on)
    passenger = replace(passenger, passport=passport_number, passport_expires=expires_on)
    return Effect(replace(state, passengers=state.passengers.put(passenger_id, passenger)), _row(passenger))


def add_driving_licence(state: Travel, passenger_id: str, licence_number: str, expires_on: str) -> Effect[Travel]:
    """Put a traveller's driving licence on file."""
    passenger = passenger_named(state, passenger_id)
    _in_future(state, expires_on)
    passenger = replace(passenger, licence=licence_number, licence_expires=expires_on)
    return Effect(replace(state, passengers=state.passengers.put(passenger_id, passenger)), _row(passenger))
