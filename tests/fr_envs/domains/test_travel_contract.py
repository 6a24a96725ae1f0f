"""Every tool of the travel world, on every way through it.

1. A tool's result has the shape that its contract declares; a read hands back the very same state.
2. A refused call hands back the very same state.
3. Every tool succeeds, and every declared error is reached.
4. A seed and a scale give one state; a state survives JSON; applying a call changes no state that exists.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs
import numpy as np
import pytest
from msgspec.structs import replace

from fr_envs.contract.schemas import returns_schema
from fr_envs.domains.travel import DOMAIN
from fr_envs.domains.travel.state import Travel
from fr_envs.world.domain import SCALES, Outcome, Scale
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import Field, Parameter, ToolSpec
    from fr_envs.json_values import Json, JsonObject

SPEC = DOMAIN.spec
VALIDATORS = {name: jsonschema_rs.Draft202012Validator(returns_schema(SPEC, name)) for name in SPEC.tools}


def call(state: Travel, tool: str, **arguments: Json) -> Outcome[Travel]:
    """Run a call and check rules 1 and 2."""
    before = state.digest
    outcome = DOMAIN.apply(state, ToolCall(tool, arguments))
    assert state.digest == before
    if outcome.error is not None:
        assert outcome.state is state
        return outcome
    VALIDATORS[tool].validate(outcome.value)
    if SPEC.tools[tool].effect == "read":
        assert outcome.state is state
    for fact in SPEC.tools[tool].sets:
        about = SPEC.tools[tool].about(SPEC.facts[fact].about or "")
        assert about is None or DOMAIN.holds(outcome.state, fact, arguments[about])
    return outcome


class Walk:
    """A walk at random that knows the identifiers of earlier results, the latest best."""

    def __init__(self, seed: int, scale: Scale) -> None:
        self.rng = np.random.default_rng(seed)
        self.state = DOMAIN.initial(seed, scale)
        self.known: dict[str, list[Json]] = defaultdict(list)
        self.succeeded: set[str] = set()
        self.refused: set[tuple[str, str]] = set()

    def step(self) -> Outcome[Travel] | None:
        """Make one call; None when something that it needs is not known yet."""
        names = list(SPEC.tools)
        tool = SPEC.tools[names[int(self.rng.integers(len(names)))]]
        if tool.name == "wait_hours" and self.rng.random() < 0.7:
            return None  # too many of them and nothing is left ahead
        arguments = self._arguments(tool)
        if arguments is None:
            return None
        outcome = call(self.state, tool.name, **arguments)
        if outcome.error is not None:
            self.refused.add((tool.name, outcome.error.code))
            return outcome
        self.succeeded.add(tool.name)
        self._learn(tool.returns, outcome.value)
        self.state = outcome.state
        return outcome

    def _arguments(self, tool: ToolSpec) -> JsonObject | None:
        arguments: JsonObject = {}
        for parameter in sorted(tool.parameters.values(), key=lambda p: not self._issued(p)):
            if not parameter.required and self.rng.random() < 0.5:
                continue
            value = self._value(tool, parameter, arguments)
            if value is not None:
                arguments[parameter.name] = value
            elif parameter.required:
                return None
        return arguments

    @staticmethod
    def _issued(parameter: Parameter) -> bool:
        kind = parameter.field.kind
        return kind is not None and SPEC.kinds[kind].origin == "issued"

    def _value(self, tool: ToolSpec, parameter: Parameter, arguments: Mapping[str, Json]) -> Json:
        if self._issued(parameter):
            known = self.known[str(parameter.field.kind)]
            return known[-1 - int(self.rng.integers(len(known)) * self.rng.random())] if known else None
        value = DOMAIN.suggest(self.state, tool.name, parameter.name, arguments, self.rng)
        schema = parameter.field.schema
        if value is None and schema is not None and "enum" in schema:
            value = schema["enum"][int(self.rng.integers(len(schema["enum"])))]
        return value

    def _learn(self, fields: Mapping[str, Field], value: Mapping[str, Json]) -> None:
        for name, field in fields.items():
            if name in value:
                self._learn_one(field, value[name])

    def _learn_one(self, field: Field, value: Json) -> None:
        if value is None:
            return
        if field.array is not None:
            for item in value:
                self._learn_one(field.array, item)
        elif field.object is not None:
            self._learn(field.object, value)
        elif field.kind is not None and SPEC.kinds[field.kind].origin == "issued":
            known = self.known[field.kind]
            if value in known:
                known.remove(value)
            known.append(value)
            del known[:-10]


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


def day_after(date: str, days: int) -> str:
    return str(np.datetime64(date) + days)


def rich(state: Travel) -> Travel:
    """Give the state a budget, points and cards without end, so that only the rule under test refuses."""
    budget, account = state.budget["budget"], state.loyalty["loyalty"]
    payments = state.payments
    for key, method in payments.rows():
        payments = payments.put(key, replace(method, limit=10**12, expires="2099-01-01"))
    return replace(
        state, payments=payments, budget=state.budget.put("budget", replace(budget, total=10**12, limit=10**11)),
        loyalty=state.loyalty.put("loyalty", replace(account, points=10**9)),
    )  # fmt: skip


def poor(state: Travel) -> Travel:
    """Spend the whole budget."""
    budget = state.budget["budget"]
    return replace(state, budget=state.budget.put("budget", replace(budget, spent=budget.total)))


UNKNOWN = {
    "airport_code": "QQQ", "flight_id": "FL22222", "fare_id": "FA222222", "itinerary_id": "IT2222222222",
    "passenger_id": "PAX99999", "hold_id": "HLD99999", "approval_id": "APR99999", "booking_id": "BKG99999",
    "waitlist_id": "WL99999", "payment_method_id": "PAY99999", "invoice_id": "INV99999", "hotel_id": "HT2222",
    "room_offer_id": "RO22222222", "stay_id": "STY99999", "car_offer_id": "CO222222", "rental_id": "RNT99999",
    "policy_id": "POL99999",
    "leg_id": "BKG99999-1", "claim_id": "CLM99999", "trip_id": "TRP99999", "city_name": "Atlantis",
}  # fmt: skip
"""Identifiers of the right shape that the world of the fixture has not issued."""

ERRORS_BY_KIND = {
    "unknown_airport": "airport_code", "unknown_flight": "flight_id", "unknown_fare": "fare_id",
    "unknown_itinerary": "itinerary_id", "unknown_passenger": "passenger_id", "unknown_hold": "hold_id",
    "unknown_approval": "approval_id", "unknown_booking": "booking_id", "unknown_waitlist_entry": "waitlist_id",
    "unknown_payment_method": "payment_method_id", "unknown_invoice": "invoice_id", "unknown_hotel": "hotel_id",
    "unknown_stay": "stay_id", "unknown_rental": "rental_id", "unknown_policy": "policy_id",
    "unknown_claim": "claim_id", "unknown_leg": "leg_id", "unknown_trip": "trip_id", "unknown_city": "city_name",
}  # fmt: skip

GENERIC = [
    (tool.name, code)
    for tool in SPEC.tools.values()
    for code in tool.errors
    if code in ERRORS_BY_KIND
    and ERRORS_BY_KIND[code] in [p.field.kind for p in tool.parameters.values()]
    and code not in ("unknown_passenger", "unknown_payment_method")
]


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
