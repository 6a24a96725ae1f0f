"""Accounts: look, open, close, overdraft."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.first_state.frozen import euro_rates
from fr_envs.domains.banking.iban import make_iban
from fr_envs.domains.banking.ledger import (  # fmt: skip
    account_number,
    booked,
    clock,
    consume_code,
    draft,
    fresh,
    in_cents,
    in_euros,
    major,
    own_account,
    own_accounts,
    require_open,
    to_euros,
)
from fr_envs.domains.banking.state import Account, Bank, Closure, Posting
from fr_envs.domains.banking.views import account_view, closure_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

_MOST_ACCOUNTS = 12


def list_accounts(state: Bank, type: str | None, include_closed: bool) -> Effect[Bank]:
    """List the user's accounts."""
    rows = [
        account_view(a)
        for a in own_accounts(state)
        if (include_closed or a.status != "closed") and type in (None, a.type)
    ]
    return Effect(state, {"accounts": rows, "count": len(rows)})


def get_account(state: Bank, account_id: str) -> Effect[Bank]:
    """Return one account."""
    account = own_account(state, account_id)
    value = {
        **account_view(account), "bic": clock(state).bic, "opened_on": account.opened_on,
        "overdraft_limit": major(-account.floor) if account.type == "checking" else 0.0,
        "interest_rate": major(account.rate),
    }  # fmt: skip
    return Effect(state, value)


def get_total_balance(state: Bank, currency: str) -> Effect[Bank]:
    """Add up all accounts at reference rates."""
    rates = euro_rates(clock(state).rates_date)
    if currency not in rates:
        raise Refusal("unknown_currency")
    accounts = [a for a in own_accounts(state) if a.status != "closed"]
    assets = sum(in_euros(state, a) for a in accounts if a.balance > 0) * rates[currency]
    debts = -sum(in_euros(state, a) for a in accounts if a.balance < 0) * rates[currency]
    value = {
        "assets": major(round(assets)), "debts": major(round(debts)), "total": major(round(assets) - round(debts)),
        "currency": currency,
    }  # fmt: skip
    return Effect(state, value)


def open_account(state: Bank, account_type: str, currency: str, nickname: str) -> Effect[Bank]:
    """Open an account."""
    now, mine = clock(state), own_accounts(state)
    if currency not in euro_rates(now.rates_date):
        raise Refusal("unknown_currency")
    if sum(a.status != "closed" for a in mine) >= _MOST_ACCOUNTS:
        raise Refusal("too_many_accounts")
    if any(a.nickname == nickname and a.status != "closed" for a in mine):
        raise Refusal("nickname_taken")
    state, account_id = fresh(state, "accounts")
    iban = make_iban(now.country, now.bank_code, account_number(now, account_id))
    rate = 150 if account_type == "savings" else 0
    account = Account(
        account_id, now.user, account_type, currency, iban, nickname, "open", 0, 0, rate, now.today
    )  # fmt: skip
    return Effect(replace(state, accounts=state.accounts.put(account_id, account)), account_view(account))


def rename_account(state: Bank, account_id: str, nickname: str) -> Effect[Bank]:
    """Give an account another nickname."""
    account = own_account(state, account_id)
    if account.status == "closed":
        raise Refusal("account_not_open")
    if any(a.nickname == nickname and a.status != "closed" for a in own_accounts(state)):
        raise Refusal("nickname_taken")
    account = replace(account, nickname=nickname)
    return Effect(replace(state, accounts=state.accounts.put(account_id, account)), account_view(account))


def set_overdraft(state: Bank, account_id: str, limit: float) -> Effect[Bank]:
    """Change how far a checking account may go below zero."""
    account, cents = require_open(own_account(state, account_id)), in_cents(limit)
    if account.type != "checking":
        raise Refusal("wrong_account_type")
    if to_euros(state, cents, account.currency) > state.customers[account.customer_id].overdraft_cap:
        raise Refusal("limit_too_high")
    if account.balance < -cents:
        raise Refusal("overdraft_in_use")
    after = replace(account, floor=-cents)
    value = {**account_view(after), "overdraft_limit": limit, "previous_limit": major(-account.floor)}
    return Effect(replace(state, accounts=state.accounts.put(account_id, after)), value)


def request_account_closure(state: Bank, account_id: str, payout_account_id: str) -> Effect[Bank]:
    """Ask for an account to be closed; nothing is closed before the second confirmation."""
    account = require_open(own_account(state, account_id))
    payout = require_open(own_account(state, payout_account_id))
    if account.type == "loan" or payout.type == "loan":
        raise Refusal("wrong_account_type")
    if account_id == payout_account_id:
        raise Refusal("same_account")
    if account.currency != payout.currency:
        raise Refusal("currency_mismatch")
    if account.balance < 0:
        raise Refusal("account_overdrawn")
    if _bound(state, account_id):
        raise Refusal("account_in_use", _bound(state, account_id))
    state, closure_id = fresh(state, "closures")
    closure = Closure(closure_id, account_id, payout_account_id, "pending")
    state = replace(
        state,
        closures=state.closures.put(closure_id, closure),
        accounts=state.accounts.put(account_id, replace(account, status="closing")),
    )
    value = {
        **closure_view(state, closure), "to_be_paid_out": major(account.balance),
        "payout_account_id": payout_account_id,
    }  # fmt: skip
    return Effect(state, value)


def _bound(state: Bank, account_id: str) -> str:
    """Return what still hangs on an account; empty if nothing does."""
    checks = (
        ("a standing order", (o.account_id for o in state.standing_orders.values())),
        ("a scheduled payment", (p.account_id for p in state.scheduled.values())),
        ("a direct debit mandate", (m.account_id for m in state.mandates.values() if m.next_date)),
        ("a card", (c.account_id for c in state.cards.values() if c.status not in ("blocked", "replaced"))),
        ("an open dispute", (state.entries[d.entry_id].account_id for d in state.disputes.values() if d.decide_on)),
        ("a loan", (loan.pay_from for loan in state.loans.values() if loan.next_date)),
    )
    found = next((what for what, ids in checks if account_id in ids), "")
    return f"The account is still used by {found}." if found else ""


def _pending(state: Bank, closure_id: str) -> Closure:
    closure = state.closures.get(closure_id)
    if closure is None or closure.status != "pending":
        raise Refusal("unknown_closure")
    return closure


def confirm_account_closure(state: Bank, closure_id: str) -> Effect[Bank]:
    """Close the account for good and pay out what it holds."""
    closure = _pending(state, closure_id)
    account, payout = state.accounts[closure.account_id], require_open(state.accounts[closure.payout_id])
    state, amount = consume_code(state), account.balance
    if amount:
        sides = (
            Posting(account.account_id, account.currency, -amount),
            Posting(payout.account_id, payout.currency, amount),
        )
        details = {"type": "transfer", "other_id": payout.account_id, "category": "transfers"}
        entry = draft(account, sides, amount, payout.nickname, reference="Closing of the account", **details)
        state, _ = booked(state, entry)
    closed = replace(state.accounts[account.account_id], status="closed")
    state = replace(
        state,
        accounts=state.accounts.put(account.account_id, closed),
        closures=state.closures.put(closure_id, replace(closure, status="done")),
    )
    value = {
        "account_id": account.account_id, "closed": True, "paid_out": major(amount),
        "payout_account_id": payout.account_id,
    }  # fmt: skip
    return Effect(state, value)


def cancel_account_closure(state: Bank, closure_id: str) -> Effect[Bank]:
    """Keep the account after all."""
    closure = _pending(state, closure_id)
    account = replace(state.accounts[closure.account_id], status="open")
    state = replace(
        state,
        accounts=state.accounts.put(account.account_id, account),
        closures=state.closures.put(closure_id, replace(closure, status="cancelled")),
    )
    return Effect(state, {"account_id": account.account_id, "status": "open"})
