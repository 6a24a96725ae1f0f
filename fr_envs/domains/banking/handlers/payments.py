"""Payments: between own accounts, to payees, recalled, and for a day to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.banking.days import business_day_after, is_business_day
from fr_envs.domains.banking.handlers.paying import order_payee, repeated, send, terms_of, with_receipt
from fr_envs.domains.banking.handlers.transactions import own_entry
from fr_envs.domains.banking.ledger import (  # fmt: skip
    CODE_ABOVE,
    booked,
    clock,
    consume_code,
    draft,
    fresh,
    in_cents,
    major,
    own_account,
    payee_of,
    require_cover,
    require_open,
    to_euros,
    use_limit,
)
from fr_envs.domains.banking.state import Bank, Entry, Posting, Scheduled
from fr_envs.domains.banking.views import scheduled_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject


def _receipt(state: Bank, entry: Entry) -> JsonObject:
    account = state.accounts[entry.account_id]
    return {
        "transaction_id": entry.entry_id, "amount": major(entry.amount), "fee": major(entry.fee),
        "currency": account.currency, "value_date": entry.value_date, "new_balance": major(account.balance),
    }  # fmt: skip


def transfer_between_accounts(
    state: Bank, source_account_id: str, target_account_id: str, amount: float, reference: str,
    idempotency_key: str | None,
) -> Effect[Bank]:  # fmt: skip
    """Move money between two of the user's own accounts."""
    request = f"transfer {source_account_id} {target_account_id} {amount} {reference}"
    earlier = repeated(state, idempotency_key, request)
    if earlier is not None:
        return Effect(state, _receipt(state, earlier))
    source = require_open(own_account(state, source_account_id))
    target = require_open(own_account(state, target_account_id))
    if source_account_id == target_account_id:
        raise Refusal("same_account")
    if source.type == "loan" or target.type == "loan":
        raise Refusal("wrong_account_type")
    if source.currency != target.currency:
        raise Refusal("currency_mismatch")
    cents = in_cents(amount)
    require_cover(source, cents)
    sides = (
        Posting(source_account_id, source.currency, -cents),
        Posting(target_account_id, target.currency, cents),
    )
    state, entry = booked(state, draft(
        source, sides, cents, target.nickname, type="transfer", other_id=target_account_id, reference=reference,
        category="transfers",
    ))  # fmt: skip
    return Effect(with_receipt(state, idempotency_key, request, entry), _receipt(state, entry))


def preview_payment(state: Bank, account_id: str, payee_id: str, amount: float, speed: str) -> Effect[Bank]:
    """Tell what a payment would cost, when it would arrive and whether it needs a code."""
    account, payee = require_open(own_account(state, account_id)), payee_of(state, payee_id)
    if account.type == "loan":
        raise Refusal("wrong_account_type")
    terms, cents = terms_of(state, account, payee, speed), in_cents(amount)
    value = {
        "fee": major(terms.fee), "value_date": terms.value_date,
        "balance_after": major(account.balance - cents - terms.fee),
        "needs_code": to_euros(state, cents, account.currency) > CODE_ABOVE,
    }  # fmt: skip
    return Effect(state, value)


def pay_payee(
    state: Bank, account_id: str, payee_id: str, amount: float, reference: str, speed: str,
    idempotency_key: str | None,
) -> Effect[Bank]:  # fmt: skip
    """Pay a confirmed payee now."""
    request = f"pay {account_id} {payee_id} {amount} {reference} {speed}"
    earlier = repeated(state, idempotency_key, request)
    if earlier is not None:
        return Effect(consume_code(state), _receipt(state, earlier))
    account, payee, cents = own_account(state, account_id), payee_of(state, payee_id), in_cents(amount)
    after, entry = send(state, account, payee, cents, reference=reference, speed=speed)
    after = consume_code(use_limit(after, to_euros(state, cents, account.currency)))
    return Effect(with_receipt(after, idempotency_key, request, entry), _receipt(after, entry))


def recall_payment(state: Bank, transaction_id: str) -> Effect[Bank]:
    """Call a payment back that has not reached the other bank yet."""
    entry, account = own_entry(state, transaction_id)
    if entry.type != "payment" or entry.account_id != account.account_id:
        raise Refusal("not_a_payment")
    if entry.status != "booked":
        raise Refusal("already_recalled")
    if entry.value_date <= clock(state).today or account.status == "closed":
        raise Refusal("too_late")
    sides = (
        Posting(account.account_id, account.currency, entry.amount),
        Posting("BANK:CLEARING", account.currency, -entry.amount),
    )
    details = {"type": "reversal", "direction": "in", "category": entry.category, "reference": entry.reference}
    state, reversal = booked(state, draft(account, sides, entry.amount, entry.counterparty, **details))
    state = replace(state, entries=state.entries.put(transaction_id, replace(entry, status="recalled")))
    value = {
        "transaction_id": reversal.entry_id, "returned": major(entry.amount),
        "new_balance": major(state.accounts[account.account_id].balance), "currency": account.currency,
    }  # fmt: skip
    return Effect(state, value)


def schedule_payment(
    state: Bank, account_id: str, payee_id: str, amount: float, execution_date: str, reference: str
) -> Effect[Bank]:
    """Set up a payment for a business day to come."""
    account, cents = require_open(own_account(state, account_id)), in_cents(amount)
    if account.type == "loan":
        raise Refusal("wrong_account_type")
    payee = order_payee(state, payee_id, to_euros(state, cents, account.currency))
    if execution_date <= clock(state).today:
        raise Refusal("date_in_past")
    if not is_business_day(execution_date):
        after = business_day_after(execution_date)
        raise Refusal("no_business_day", f"{execution_date} is no business day; the next one is {after}.")
    state, row_id = fresh(consume_code(state), "scheduled")
    row = Scheduled(row_id, account_id, payee.payee_id, cents, reference, execution_date)
    state = replace(state, scheduled=state.scheduled.put(row_id, row))
    return Effect(state, scheduled_view(state, row))


def list_scheduled_payments(state: Bank) -> Effect[Bank]:
    """List the payments for days to come."""
    rows = [scheduled_view(state, row) for row in state.scheduled.values()]
    return Effect(state, {"scheduled_payments": rows, "count": len(rows)})


def _scheduled(state: Bank, scheduled_payment_id: str) -> Scheduled:
    row = state.scheduled.get(scheduled_payment_id)
    if row is None:
        raise Refusal("unknown_scheduled_payment")
    return row


def move_scheduled_payment(state: Bank, scheduled_payment_id: str, execution_date: str) -> Effect[Bank]:
    """Let a payment run on another business day."""
    row = _scheduled(state, scheduled_payment_id)
    if execution_date <= clock(state).today:
        raise Refusal("date_in_past")
    if not is_business_day(execution_date):
        after = business_day_after(execution_date)
        raise Refusal("no_business_day", f"{execution_date} is no business day; the next one is {after}.")
    moved = replace(row, next_date=execution_date)
    state = replace(state, scheduled=state.scheduled.put(scheduled_payment_id, moved))
    return Effect(state, {**scheduled_view(state, moved), "previous_date": row.next_date})


def cancel_scheduled_payment(state: Bank, scheduled_payment_id: str) -> Effect[Bank]:
    """Drop a payment that has not run yet."""
    row = _scheduled(state, scheduled_payment_id)
    view = scheduled_view(state, row)
    value = {name: view[name] for name in ("payee_name", "amount", "execution_date")}
    return Effect(replace(state, scheduled=state.scheduled.drop(scheduled_payment_id)), {**value, "cancelled": True})
