"""What every payment to a payee meets: price, value date, cooling-off, idempotency. Used by tools and by the clock."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days, business_day_after
from fr_envs.domains.banking.ledger import (  # fmt: skip
    CODE_ABOVE,
    COOLING_DAYS,
    COOLING_LIMIT,
    booked,
    clock,
    draft,
    payee_of,
    require_cover,
    require_open,
    session,
    to_euros,
)
from fr_envs.domains.banking.state import Account, Bank, Entry, Payee, Posting, Receipt
from fr_envs.errors import Refusal

__all__ = ["Terms", "cooling_until", "order_payee", "repeated", "send", "terms_of", "with_receipt"]


class Terms(NamedTuple):
    """What a payment would cost and when it arrives; ``inside`` is the other customer's account, None elsewhere."""

    fee: int
    value_date: str
    inside: Account | None


def terms_of(state: Bank, account: Account, payee: Payee, speed: str) -> Terms:
    """Return price and value date of a payment."""
    tariff, today = state.tariff["now"], clock(state).today
    holders = state.accounts.keys_by("iban", payee.iban)
    if holders:
        return Terms(0, today, state.accounts[holders[0]])
    fee = tariff.standard_fee if account.currency == "EUR" else tariff.foreign_fee
    if speed == "instant":
        return Terms(fee + tariff.instant_fee, today, None)
    return Terms(fee, business_day_after(today), None)


def cooling_until(payee: Payee) -> str:
    """Return the first day on which a payee may get any amount."""
    return add_days(payee.confirmed_on, COOLING_DAYS)


def order_payee(state: Bank, payee_id: str, euros: int) -> Payee:
    """Return the payee of a new order that repeats or runs later, if it may be given.

    Raises:
        Refusal: unknown_payee, code_required.
    """
    payee = payee_of(state, payee_id)
    if euros > CODE_ABOVE and not session(state).code_confirmed:
        raise Refusal("code_required")
    return payee


def send(
    state: Bank, account: Account, payee: Payee, cents: int, *, reference: str, speed: str = "standard"
) -> tuple[Bank, Entry]:
    """Book a payment to a payee.

    Raises:
        Refusal: account_not_open, wrong_account_type, currency_mismatch, cooling_off, insufficient_funds.
    """
    if require_open(account).type == "loan":
        raise Refusal("wrong_account_type")
    terms = terms_of(state, account, payee, speed)
    if terms.inside is not None and terms.inside.currency != account.currency:
        raise Refusal("currency_mismatch", f"The payee's account is kept in {terms.inside.currency}.")
    if clock(state).today < cooling_until(payee) and to_euros(state, cents, account.currency) > COOLING_LIMIT:
        raise Refusal("cooling_off", f"Larger amounts may go to {payee.name} from {cooling_until(payee)} on.")
    require_cover(account, cents + terms.fee)
    target = terms.inside.account_id if terms.inside else "BANK:CLEARING"
    sides = [Posting(account.account_id, account.currency, -cents - terms.fee),
             Posting(target, account.currency, cents)]  # fmt: skip
    if terms.fee:
        sides.append(Posting("BANK:FEES", account.currency, terms.fee))
    return booked(state, draft(
        account, tuple(sides), cents, payee.name, fee=terms.fee, reference=reference, category=payee.category,
        source_id=payee.payee_id, value_date=terms.value_date, other_id=target if terms.inside else "",
    ))  # fmt: skip


def repeated(state: Bank, key: str | None, request: str) -> Entry | None:
    """Return the entry that a request with this key has led to before, None when it is new.

    Raises:
        Refusal: key_reused.
    """
    receipt = state.receipts.get(key) if key else None
    if receipt is None:
        return None
    if receipt.request != request:
        raise Refusal("key_reused")
    return state.entries[receipt.entry_id]


def with_receipt(state: Bank, key: str | None, request: str, entry: Entry) -> Bank:
    """Remember what a key has been used for."""
    if not key:
        return state
    return replace(state, receipts=state.receipts.put(key, Receipt(request, entry.entry_id)))
