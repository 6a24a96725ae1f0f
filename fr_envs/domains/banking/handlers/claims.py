"""Direct debits that others collect, and disputes about card payments."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days, business_day_after
from fr_envs.domains.banking.handlers.transactions import own_entry
from fr_envs.domains.banking.ledger import booked, clock, draft, fresh, in_cents, major, require_open
from fr_envs.domains.banking.state import Bank, Dispute, Mandate, Posting
from fr_envs.domains.banking.views import dispute_view, mandate_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

_REFUND_DAYS = 56
_DISPUTE_DAYS = 120
_DECISION_DAYS = 10


def _mandate(state: Bank, mandate_id: str) -> Mandate:
    mandate = state.mandates.get(mandate_id)
    if mandate is None:
        raise Refusal("unknown_mandate", f"There is no mandate {mandate_id}.")
    if mandate.status == "revoked":
        raise Refusal("mandate_revoked")
    return mandate


def list_mandates(state: Bank) -> Effect[Bank]:
    """List who may collect from the user's accounts."""
    rows = [mandate_view(mandate) for mandate in state.mandates.values()]
    return Effect(state, {"mandates": rows, "count": len(rows)})


def revoke_mandate(state: Bank, mandate_id: str) -> Effect[Bank]:
    """Let a creditor collect no more."""
    mandate = replace(_mandate(state, mandate_id), status="revoked", next_date="")
    return Effect(replace(state, mandates=state.mandates.put(mandate_id, mandate)), mandate_view(mandate))


def set_mandate_cap(state: Bank, mandate_id: str, cap: float) -> Effect[Bank]:
    """Limit what a creditor may collect at a time."""
    mandate = replace(_mandate(state, mandate_id), cap=in_cents(cap))
    return Effect(replace(state, mandates=state.mandates.put(mandate_id, mandate)), mandate_view(mandate))


def refund_direct_debit(state: Bank, transaction_id: str) -> Effect[Bank]:
    """Take a direct debit back, within eight weeks and without giving a reason."""
    entry, account = own_entry(state, transaction_id)
    if entry.type != "direct_debit":
        raise Refusal("not_a_direct_debit")
    if entry.status != "booked":
        raise Refusal("already_refunded")
    if clock(state).today > add_days(entry.date, _REFUND_DAYS):
        raise Refusal("too_late")
    require_open(account)
    sides = (
        Posting(account.account_id, account.currency, entry.amount),
        Posting("BANK:CLEARING", account.currency, -entry.amount),
    )
    details = {"type": "refund", "direction": "in", "category": entry.category, "source_id": entry.source_id}
    state, refund = booked(state, draft(account, sides, entry.amount, entry.counterparty, **details))
    state = replace(state, entries=state.entries.put(transaction_id, replace(entry, status="refunded")))
    value = {
        "transaction_id": refund.entry_id, "creditor": entry.counterparty, "refunded": major(entry.amount),
        "new_balance": major(state.accounts[account.account_id].balance), "currency": account.currency,
    }  # fmt: skip
    return Effect(state, value)


def open_dispute(state: Bank, transaction_id: str, reason: str) -> Effect[Bank]:
    """Contest a card payment."""
    entry, account = own_entry(state, transaction_id)
    if entry.type != "card":
        raise Refusal("not_a_card_payment")
    if entry.status != "booked":
        raise Refusal("already_disputed")
    today = clock(state).today
    if today > add_days(entry.date, _DISPUTE_DAYS):
        raise Refusal("too_late")
    require_open(account)
    state, dispute_id = fresh(state, "disputes")
    decide_on = business_day_after(today, _DECISION_DAYS)
    row = Dispute(dispute_id, transaction_id, entry.counterparty, entry.amount, reason, "open", today, decide_on)
    state = replace(
        state,
        disputes=state.disputes.put(dispute_id, row),
        entries=state.entries.put(transaction_id, replace(entry, status="disputed")),
    )
    return Effect(state, dispute_view(row))


def list_disputes(state: Bank) -> Effect[Bank]:
    """List the disputes."""
    rows = [dispute_view(row) for row in state.disputes.values()]
    return Effect(state, {"disputes": rows, "count": len(rows)})


def withdraw_dispute(state: Bank, dispute_id: str) -> Effect[Bank]:
    """Take a dispute back."""
    row = state.disputes.get(dispute_id)
    if row is None:
        raise Refusal("unknown_dispute", f"There is no dispute {dispute_id}.")
    if row.status != "open":
        raise Refusal("dispute_decided")
    row = replace(row, status="withdrawn", decide_on="")
    entry = replace(state.entries[row.entry_id], status="booked")
    state = replace(
        state,
        disputes=state.disputes.put(dispute_id, row),
        entries=state.entries.put(row.entry_id, entry),
    )
    return Effect(state, dispute_view(row))
