"""Every tool of the travel world, on every way through it.

1. A tool's result has the shape that its contract declares; a read hands back the very same state.
2. A refused call hands back the very same state.
3. Every tool succeeds, and every declared error is reached.
4. A seed and a scale give one state; a state survives JSON; applying a call changes no state that exists.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs
import pytest

from fr_envs.domains.travel import DOMAIN
from fr_envs.domains.travel.state import Travel
from fr_envs.world.domain import SCALES, Scale
from tests.fr_envs.domains.travel_desk import (
    ERRORS_BY_KIND,
    GENERIC,
    SPEC,
    Walk,
    call,
    day_after,
)

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject


@pytest.mark.parametrize("scale", SCALES)
def test_random_walks_keep_the_contract(scale: Scale) -> None:
    succeeded: set[str] = set()
    for seed in range(6 if scale in ("tiny", "small") else 2):
        walk = Walk(seed, scale)
        for _ in range(250):
            walk.step()
        succeeded |= walk.succeeded
    assert len(succeeded) > 50


class Desk(NamedTuple):
    """A small world and what a user finds out first."""

    state: Travel
    home: str
    today: str
    people: list[JsonObject]
    bookings: list[JsonObject]
    flights: list[JsonObject]


@pytest.fixture(scope="module")
def desk() -> Desk:
    state = DOMAIN.initial(11, "small")
    now = call(state, "get_current_time").value
    people = call(state, "list_passengers").value["passengers"]
    bookings = call(state, "list_bookings").value["bookings"]
    home = now["home_airport"]
    flights: list[JsonObject] = []
    for place in call(state, "list_destinations", airport_code=home).value["destinations"]:
        for ahead in (9, 12, 15):
            date = day_after(now["date"], ahead)
            found = call(state, "search_flights", origin=home, destination=place["airport_code"], date=date)
            flights += [] if found.error else found.value["flights"]
    return Desk(state, home, now["date"], people, bookings, flights)


UNKNOWN = {
    "airport_code": "QQQ", "flight_id": "FL22222", "fare_id": "FA222222", "itinerary_id": "IT2222222222",
    "passenger_id": "PAX99999", "hold_id": "HLD99999", "approval_id": "APR99999", "booking_id": "BKG99999",
    "waitlist_id": "WL99999", "payment_method_id": "PAY99999", "invoice_id": "INV99999", "hotel_id": "HT2222",
    "room_offer_id": "RO22222222", "stay_id": "STY99999", "car_offer_id": "CO222222", "rental_id": "RNT99999",
    "policy_id": "POL99999",
    "leg_id": "BKG99999-1", "claim_id": "CLM99999", "trip_id": "TRP99999", "city_name": "Atlantis",
}  # fmt: skip
"""Identifiers of the right shape that the world of the fixture has not issued."""


@pytest.mark.parametrize(("tool", "code"), GENERIC)
def test_an_unknown_identifier_is_refused(desk: Desk, tool: str, code: str) -> None:
    arguments: JsonObject = {}
    for parameter in SPEC.tools[tool].parameters.values():
        if not parameter.required:
            continue
        kind = str(parameter.field.kind)
        arguments[parameter.name] = {
            "date": day_after(desk.today, 3), "passenger_id": "PAX00001", "payment_method_id": "PAY00001",
            "booking_id": "BKG00001", "trip_id": "TRP00001", "seat_number": "9C", "plan_id": "PLN1",
                "option_id": "OP222222222",
            "reason": "Board meeting", "night_count": 2, "day_count": 2, "claim_reason": "delay",
            "document_number": "X1234567", "stay_id": "STY00001", "rental_id": "RNT00001",
        }.get(kind, UNKNOWN.get(kind))  # fmt: skip
        if kind == ERRORS_BY_KIND[code]:
            arguments[parameter.name] = UNKNOWN[kind]
        elif kind == "airport_code":
            arguments[parameter.name] = desk.home
    outcome = call(desk.state, tool, **arguments)
    assert outcome.error is not None
    assert outcome.error.code == code


@pytest.mark.parametrize("scale", SCALES)
def test_a_seed_gives_one_state(scale: Scale) -> None:
    one, same, other = DOMAIN.initial(5, scale), DOMAIN.initial(5, scale), DOMAIN.initial(6, scale)
    assert one.digest == same.digest
    assert one.sha256() == same.sha256()
    assert one.digest != other.digest


def test_a_state_survives_json() -> None:
    state = DOMAIN.initial(7, "small")
    again = Travel.from_json(json.loads(json.dumps(state.to_json())))
    assert again.digest == state.digest
    assert again == state


def test_hooks_name_only_what_exists() -> None:
    assert set(DOMAIN.hooks.entities) <= set(SPEC.kinds)
    for name in DOMAIN.hooks.suggest:
        tool, _, parameter = name.partition(".")
        assert name in SPEC.kinds or parameter in SPEC.tools[tool].parameters


@pytest.mark.parametrize("scale", SCALES)
def test_entities_have_what_references_need(scale: Scale) -> None:
    state = DOMAIN.initial(3, scale)
    for kind, hook in DOMAIN.hooks.entities.items():
        for identifier, fields in hook(state).items():
            assert jsonschema_rs.is_valid(SPEC.kinds[kind].schema, identifier)
            assert any(set(reference.by) <= set(fields) for reference in SPEC.kinds[kind].references if reference.by)
