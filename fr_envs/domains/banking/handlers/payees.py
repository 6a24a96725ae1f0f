"""Payees: whom the customer pays."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days
from fr_envs.domains.banking.iban import bank_of, bic_fits, bic_form, iban_fault
from fr_envs.domains.banking.ledger import COOLING_DAYS, COOLING_LIMIT, clock, consume_code, fresh, major, payee_of
from fr_envs.domains.banking.state import Bank, Payee
from fr_envs.domains.banking.views import payee_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect


def _require_iban(iban: str) -> None:
    fault = iban_fault(iban)
    if fault:
        raise Refusal(fault)


def check_iban(state: Bank, iban: str) -> Effect[Bank]:
    """Check an IBAN and tell its bank."""
    _require_iban(iban)
    now, bank = clock(state), bank_of(iban)
    if state.accounts.keys_by("iban", iban):
        name, bic = now.bank, now.bic
    else:
        name, bic = (bank.name, bank.bic) if bank else ("", "")
    return Effect(state, {"iban": iban, "country": iban[:2], "bank_name": name or None, "bic": bic or None})


def list_payees(state: Bank, limit: int, offset: int) -> Effect[Bank]:
    """List the payees."""
    keys = state.payees.keys()
    rows = [payee_view(state.payees[key]) for key in keys[offset : offset + limit]]
    return Effect(state, {"payees": rows, "total": len(keys)})


def get_payee(state: Bank, payee_id: str) -> Effect[Bank]:
    """Return one payee."""
    payee = payee_of(state, payee_id)
    free_from = add_days(payee.confirmed_on, COOLING_DAYS) if payee.confirmed_on else None
    return Effect(state, {**payee_view(payee), "bank_name": payee.bank or None, "full_amounts_from": free_from})


def add_payee(state: Bank, payee_name: str, iban: str, bic: str | None) -> Effect[Bank]:
    """Save a payee, still to be confirmed."""
    _require_iban(iban)
    if bic is not None and not (bic_form(bic) and bic_fits(bic, iban)):
        raise Refusal("bic_invalid")
    if any(payee.iban == iban for payee in state.payees.values()):
        raise Refusal("payee_exists")
    now = clock(state)
    holders = state.accounts.by("iban", iban)
    if holders and holders[0].customer_id == now.user:
        raise Refusal("own_account")
    bank = bank_of(iban)
    known_bic, name = (now.bic, now.bank) if holders else bank or ("", "")
    if bic is None and not known_bic:
        raise Refusal("bic_required")
    state, payee_id = fresh(state, "payees")
    payee = Payee(payee_id, payee_name, iban, bic or known_bic, name, "", now.today, "", "other")
    return Effect(replace(state, payees=state.payees.put(payee_id, payee)), payee_view(payee))


def confirm_payee(state: Bank, payee_id: str) -> Effect[Bank]:
    """Confirm a payee; from then on money can go there."""
    payee = payee_of(state, payee_id)
    if payee.confirmed_on:
        raise Refusal("already_confirmed")
    today = clock(state).today
    state = replace(
        consume_code(state), payees=state.payees.put(payee_id, replace(payee, confirmed_on=today))
    )  # fmt: skip
    value = {
        "payee_id": payee_id, "payee_name": payee.name, "confirmed": True,
        "full_amounts_from": add_days(today, COOLING_DAYS), "limit_until_then": major(COOLING_LIMIT),
    }  # fmt: skip
    return Effect(state, value)


def rename_payee(state: Bank, payee_id: str, nickname: str) -> Effect[Bank]:
    """Give a payee a nickname."""
    payee = replace(payee_of(state, payee_id), nickname=nickname)
    return Effect(replace(state, payees=state.payees.put(payee_id, payee)), payee_view(payee))


def remove_payee(state: Bank, payee_id: str) -> Effect[Bank]:
    """Forget a payee that nothing uses any more."""
    payee = payee_of(state, payee_id)
    if _in_use(state, payee_id):
        raise Refusal("payee_in_use")
    return Effect(
        replace(state, payees=state.payees.drop(payee_id)), {"payee_name": payee.name, "removed": True}
    )  # fmt: skip


def _in_use(state: Bank, payee_id: str) -> bool:
    orders = any(o.payee_id == payee_id for o in state.standing_orders.values())
    return orders or any(p.payee_id == payee_id for p in state.scheduled.values())
