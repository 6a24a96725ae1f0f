"""Travel insurance and claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.journeys import before_travel
from fr_envs.domains.travel.lookup import booking_named, charge, home_text, major, new_id, now_of, world_currency
from fr_envs.domains.travel.rules import PLANS, Plan, claim_amount, legs_of
from fr_envs.domains.travel.state import Booking, Claim, Policy, Travel
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

CLAIM_HOURS = 72
"""Hours from a claim until its money comes."""


def _price(booking: Booking, plan: Plan) -> int:
    return max(500, booking.fare * plan.percent // 10_000 * 100)


def list_insurance_plans(state: Travel, booking_id: str) -> Effect[Travel]:
    """List insurance for a booking."""
    booking = booking_named(state, booking_id)
    before_travel(state, booking)
    rows = [
        {
            "plan_id": plan.plan_id,
            "plan_name": plan.name,
            "price": major(_price(booking, plan)),
            "covers": list(plan.covers),
        }
        for plan in PLANS
    ]
    return Effect(state, {"booking_id": booking_id, "plans": rows, "currency": world_currency(state)})


def buy_insurance(state: Travel, booking_id: str, plan_id: str, payment_method_id: str) -> Effect[Travel]:
    """Insure a booking."""
    booking = booking_named(state, booking_id)
    before_travel(state, booking)
    if state.policies.keys_by("booking_id", booking_id):
        raise Refusal("already_insured")
    plan = next(plan for plan in PLANS if plan.plan_id == plan_id)
    price = _price(booking, plan)
    state, policy_id = new_id(state, "POL")
    state, invoice_id = charge(state, payment_method_id, price, f"{plan.name} insurance", policy_id)
    policy = Policy(policy_id, booking_id, plan_id, price, payment_method_id)
    state = replace(state, policies=state.policies.put(policy_id, policy))
    return Effect(state, {**_row(state, policy), "invoice_id": invoice_id})


def _row(state: Travel, policy: Policy) -> JsonObject:
    booking = state.bookings[policy.booking_id]
    plan = next(plan for plan in PLANS if plan.plan_id == policy.plan_id)
    return {
        "policy_id": policy.policy_id,
        "booking_id": policy.booking_id,
        "plan_name": plan.name,
        "covers": list(plan.covers),
        "destination_city": legs_of(state, booking)[-1].destination.city,
        "passenger_name": state.passengers[booking.passenger_id].name,
        "price": major(policy.price),
    }


def list_insurance_policies(state: Travel) -> Effect[Travel]:
    """List the insurance that was bought."""
    return Effect(state, {"policies": [_row(state, policy) for policy in state.policies.values()]})


def file_claim(state: Travel, policy_id: str, claim_reason: str, description: str) -> Effect[Travel]:
    """Claim on a policy."""
    policy = state.policies.get(policy_id)
    if policy is None:
        raise Refusal("unknown_policy")
    plan = next(plan for plan in PLANS if plan.plan_id == policy.plan_id)
    if claim_reason not in plan.covers:
        raise Refusal("not_covered", f"{plan.name} covers {', '.join(plan.covers)}.")
    if any((claim.policy_id, claim.reason) == (policy_id, claim_reason) for claim in state.claims.values()):
        raise Refusal("already_claimed")
    amount = claim_amount(state, state.bookings[policy.booking_id], claim_reason, state.world["world"].rate)
    if not amount:
        raise Refusal("nothing_to_claim")
    state, claim_id = new_id(state, "CLM")
    decides = now_of(state) + CLAIM_HOURS * 60
    claim = Claim(claim_id, policy_id, claim_reason, description, amount, decides, "processing")
    return Effect(replace(state, claims=state.claims.put(claim_id, claim)), _claim_row(state, claim))


def _claim_row(state: Travel, claim: Claim) -> JsonObject:
    return {
        "claim_id": claim.claim_id,
        "policy_id": claim.policy_id,
        "claim_reason": claim.reason,
        "amount": major(claim.amount),
        "currency": world_currency(state),
        "status": claim.status,
        "pays_on": home_text(state, claim.decides),
    }


def list_claims(state: Travel) -> Effect[Travel]:
    """List the claims."""
    return Effect(state, {"claims": [_claim_row(state, claim) for claim in state.claims.values()]})


def get_claim(state: Travel, claim_id: str) -> Effect[Travel]:
    """Tell how a claim stands."""
    claim = state.claims.get(claim_id)
    if claim is None:
        raise Refusal("unknown_claim")
    return Effect(state, {**_claim_row(state, claim), "description": claim.description})
