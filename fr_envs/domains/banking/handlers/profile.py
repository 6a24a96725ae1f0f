"""The customer's own data and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.banking.ledger import (  # fmt: skip
    CODE_ABOVE,
    COOLING_DAYS,
    COOLING_LIMIT,
    clock,
    consume_code,
    in_cents,
    major,
)
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.domains.banking.state import Bank, Customer
    from fr_envs.json_values import JsonObject

_HIGHEST_LIMIT = 5_000_000


def _user(state: Bank) -> Customer:
    return state.customers[clock(state).user]


def _address(user: Customer) -> JsonObject:
    return {"street": user.street, "postal_code": user.postal_code, "city": user.city, "country": user.country}


def get_profile(state: Bank) -> Effect[Bank]:
    """Return the customer's data."""
    user = _user(state)
    value = {
        "name": user.name, **_address(user), "email": user.email, "phone": user.phone,
        "daily_limit": major(user.limit), "bank": clock(state).bank,
    }  # fmt: skip
    return Effect(state, value)


def update_address(state: Bank, street: str, postal_code: str, city: str, country: str | None) -> Effect[Bank]:
    """Move the customer."""
    user = _user(state)
    moved = replace(user, street=street, postal_code=postal_code, city=city, country=country or user.country)
    if moved == user:
        raise Refusal("nothing_changes")
    return Effect(replace(state, customers=state.customers.put(user.customer_id, moved)), _address(moved))


def update_email(state: Bank, email: str) -> Effect[Bank]:
    """Replace the mail address."""
    user = _user(state)
    if email == user.email:
        raise Refusal("nothing_changes")
    customers = state.customers.put(user.customer_id, replace(user, email=email))
    return Effect(replace(state, customers=customers), {"email": email, "previous_email": user.email})


def update_phone(state: Bank, phone: str) -> Effect[Bank]:
    """Replace the number that codes are sent to."""
    user = _user(state)
    if phone == user.phone:
        raise Refusal("nothing_changes")
    customers = state.customers.put(user.customer_id, replace(user, phone=phone))
    return Effect(replace(consume_code(state), customers=customers), {"phone": phone})


def set_daily_limit(state: Bank, amount: float) -> Effect[Bank]:
    """Change what may go to payees in a day."""
    user, cents = _user(state), in_cents(amount)
    if cents > _HIGHEST_LIMIT:
        raise Refusal("limit_too_high")
    customers = state.customers.put(user.customer_id, replace(user, limit=cents))
    value = {"daily_limit": amount, "previous_limit": major(user.limit)}
    return Effect(replace(consume_code(state), customers=customers), value)


def get_tariff(state: Bank) -> Effect[Bank]:
    """Return the bank's prices and thresholds."""
    tariff = state.tariff["now"]
    value = {
        "standard_fee": major(tariff.standard_fee), "instant_fee": major(tariff.instant_fee),
        "foreign_fee": major(tariff.foreign_fee), "card_reissue_fee": major(tariff.reissue_fee),
        "exchange_spread_percent": major(tariff.spread), "overdraft_rate_percent": major(tariff.overdraft_rate),
        "loan_rate_percent": major(tariff.loan_rate), "code_above": major(CODE_ABOVE),
        "cooling_off_days": COOLING_DAYS, "cooling_off_limit": major(COOLING_LIMIT),
    }  # fmt: skip
    return Effect(state, value)
