"""Transactions: list, search, read, sort into categories; statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.banking.ledger import in_cents, major, own_account, own_accounts, to_euros
from fr_envs.domains.banking.views import month_name, statement_view, summary_of, transaction_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.domains.banking.state import Account, Bank, Entry


def entries_of(bank: Bank, account_id: str) -> list[str]:
    """Return the identifiers of an account's entries, oldest first."""
    first, second = bank.entries.keys_by("account_id", account_id), bank.entries.keys_by("other_id", account_id)
    return [str(key) for key in (sorted([*first, *second]) if second else first)]


def own_entry(bank: Bank, transaction_id: str) -> tuple[Entry, Account]:
    """Return one of the user's entries and the account that it is about first.

    Raises:
        Refusal: unknown_transaction.
    """
    entry = bank.entries.get(transaction_id)
    if entry is not None:
        user = bank.clock["now"].user
        for account_id in (entry.account_id, entry.other_id):
            account = bank.accounts.get(account_id)
            if account is not None and account.customer_id == user:
                return entry, account
    raise Refusal("unknown_transaction", f"You have no transaction {transaction_id}.")


def list_transactions(
    state: Bank, account_id: str, from_date: str | None, to_date: str | None, limit: int, offset: int
) -> Effect[Bank]:
    """List an account's transactions, newest first."""
    account = own_account(state, account_id)
    if from_date and to_date and from_date > to_date:
        raise Refusal("bad_period")
    keys = entries_of(state, account_id)[::-1]
    if from_date or to_date:
        low, high = from_date or "", to_date or "9999"
        keys = [key for key in keys if low <= state.entries[key].date <= high]
    rows = [transaction_view(state.entries[key], account) for key in keys[offset : offset + limit]]
    return Effect(state, {"transactions": rows, "total": len(keys)})


def search_transactions(
    state: Bank, text: str | None, category: str | None, direction: str | None, min_amount: float | None,
    max_amount: float | None, from_date: str | None, to_date: str | None, limit: int, offset: int,
) -> Effect[Bank]:  # fmt: skip
    """Search all of the user's accounts, newest first."""
    if from_date and to_date and from_date > to_date:
        raise Refusal("bad_period")
    low = in_cents(min_amount) if min_amount is not None else 0
    high = in_cents(max_amount) if max_amount is not None else 1 << 62
    if low > high:
        raise Refusal("bad_range")
    first, last, wanted = from_date or "", to_date or "9999", (text or "").casefold()
    found = [
        (entry, account)
        for entry, account in _all_entries(state)
        if low <= entry.amount <= high
        and first <= entry.date <= last
        and category in (None, entry.category)
        and direction in (None, entry.direction)
        and (not wanted or wanted in f"{summary_of(entry)}\n{entry.reference}".casefold())
    ]
    found.sort(key=lambda pair: pair[0].entry_id, reverse=True)
    rows = [transaction_view(entry, account) for entry, account in found[offset : offset + limit]]
    return Effect(state, {"transactions": rows, "total": len(found)})


def _all_entries(state: Bank) -> Iterator[tuple[Entry, Account]]:
    for account in own_accounts(state):
        for entry in state.entries.by("account_id", account.account_id):
            yield entry, account


def get_transaction(state: Bank, transaction_id: str) -> Effect[Bank]:
    """Return one transaction."""
    entry, account = own_entry(state, transaction_id)
    value = {
        **transaction_view(entry, account), "transaction_type": entry.type, "value_date": entry.value_date,
        "fee": major(entry.fee),
    }  # fmt: skip
    return Effect(state, value)


def categorize_transaction(state: Bank, transaction_id: str, category: str) -> Effect[Bank]:
    """Sort a transaction into another category."""
    entry, _ = own_entry(state, transaction_id)
    if entry.category == category:
        raise Refusal("nothing_changes")
    entries = state.entries.put(transaction_id, replace(entry, category=category))
    value = {
        "transaction_id": transaction_id, "summary": summary_of(entry), "category": category,
        "previous_category": entry.category,
    }  # fmt: skip
    return Effect(replace(state, entries=entries), value)


def spent_in(bank: Bank, month: str) -> dict[str, int]:
    """Return what left the user's accounts in a month and did not come back, in euro cents by category.

    What moves between the user's own accounts does not count.
    """
    totals: dict[str, int] = {}
    for entry, account in _all_entries(bank):
        if entry.date[:7] == month and entry.direction == "out" and entry.status not in ("recalled", "refunded"):
            if entry.type in ("transfer", "exchange", "loan"):
                continue
            cents = to_euros(bank, entry.amount + entry.fee, account.currency)
            totals[entry.category] = totals.get(entry.category, 0) + cents
    return totals


def get_spending(state: Bank, month: str) -> Effect[Bank]:
    """Add up a month's spending by category."""
    totals = spent_in(state, month)
    rows = [
        {"category": category, "spent": major(cents)}
        for category, cents in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]
    return Effect(state, {"period": month_name(month), "categories": rows, "total": major(sum(totals.values()))})


def list_statements(state: Bank, account_id: str, limit: int, offset: int) -> Effect[Bank]:
    """List an account's monthly statements, newest first."""
    own_account(state, account_id)
    rows = sorted(state.statements.by("account_id", account_id), key=lambda s: s.month, reverse=True)
    shown = [statement_view(state, row) for row in rows[offset : offset + limit]]
    return Effect(state, {"statements": shown, "total": len(rows)})


def get_statement(state: Bank, statement_id: str) -> Effect[Bank]:
    """Return one statement."""
    statement = state.statements.get(statement_id)
    if statement is None:
        raise Refusal("unknown_statement")
    value = {
        **statement_view(state, statement), "opening_balance": major(statement.opening),
        "credits": major(statement.credits), "debits": major(statement.debits), "count": statement.count,
        "currency": state.accounts[statement.account_id].currency,
    }  # fmt: skip
    return Effect(state, value)
