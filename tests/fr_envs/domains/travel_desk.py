"""Travel worlds for tests: calls that are checked, walks at random, and states in which a user has come some way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import jsonschema_rs
import numpy as np
from msgspec.structs import replace

from fr_envs.contract.schemas import returns_schema
from fr_envs.domains.travel import DOMAIN
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import Field, Parameter, ToolSpec
    from fr_envs.domains.travel.state import Travel
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Outcome, Scale

SPEC = DOMAIN.spec

VALIDATORS = {name: jsonschema_rs.Draft202012Validator(returns_schema(SPEC, name)) for name in SPEC.tools}


def call(state: Travel, tool: str, **arguments: Json) -> Outcome[Travel]:
    """Run a call; its result has the declared shape, and a read or a refusal hands back the very same state."""
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
