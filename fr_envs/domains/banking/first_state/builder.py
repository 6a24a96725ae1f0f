"""Rows of a first state as they are collected, and the tables made of them at the end."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import force_setattr

from fr_envs.domains.banking.days import add_days
from fr_envs.domains.banking.iban import make_iban
from fr_envs.domains.banking.ledger import account_number, format_id
from fr_envs.domains.banking.state import Account, Bank, Clock, Counter, Entry, Posting, Statement
from fr_envs.world.state import Record, Table

if TYPE_CHECKING:
    from fr_envs.domains.banking.first_state.draws import Draws

__all__ = ["Builder", "Sizes"]

_EMPTY = Bank()
_COUNTED = (
    "customers", "accounts", "entries", "statements", "cards", "subscriptions", "payees", "scheduled",
    "standing_orders", "mandates", "disputes", "quotes", "loans", "alerts", "messages", "closures", "challenges",
)  # fmt: skip
_OPENED_BEFORE = (400, 3_000)


class Sizes(NamedTuple):
    """How much the user has: at most so many further accounts, cards, payees; card payments; months of history."""

    accounts: int
    cards: int
    payees: int
    shopping: int
    months: int


class Builder:
    """Collects rows, hands out identifiers, keeps balances equal to the sum of postings."""

    clock: Clock

    def __init__(self, draws: Draws) -> None:
        """Start every counter somewhere."""
        self.draws = draws
        self.rows: dict[str, dict[str, Any]] = {name: {} for name in _EMPTY.__struct_fields__}
        self._next = {name: draws.within(1_000, 300_000) for name in _COUNTED}
        self.by_iban: dict[str, str] = {}
        self._balances: dict[str, int] = {}
        self._pending: list[Entry] = []

    def new_id(self, table: str) -> str:
        """Return an identifier; one or two numbers are skipped now and then."""
        numbers = self._next
        number = numbers[table]
        numbers[table] = number + 1 + int(self.draws.unit() * 3)
        return format_id(table, number)

    def add(self, table: str, key: str, row: Record) -> None:
        """Put a row."""
        self.rows[table][key] = row

    def open(
        self, customer_id: str, kind: str, currency: str, nickname: str, balance: int, **details: int
    ) -> str:  # fmt: skip
        """Open an account with a first entry that brings what it holds."""
        account_id = self.new_id("accounts")
        now = self.clock
        iban = make_iban(now.country, now.bank_code, account_number(now, account_id))
        opened = add_days(now.today, -self.draws.within(*_OPENED_BEFORE))
        self.rows["accounts"][account_id] = Account(
            account_id, customer_id, kind, currency, iban, nickname, "open", 0, details.get("floor", 0),
            details.get("rate", 0), opened,
        )  # fmt: skip
        self.by_iban[iban] = account_id
        self._balances[account_id] = 0
        if balance:
            self.fund(account_id, balance)
        return account_id

    def fund(self, account_id: str, cents: int) -> None:
        """Bring money into an account on the day that it was opened, booked before everything else of the user."""
        account = self.rows["accounts"][account_id]
        sides = (Posting("BANK:OPENING", account.currency, -cents), Posting(account_id, account.currency, cents))
        entry = Entry(
            self.new_id("entries"), account.opened_on, account.opened_on, "opening", account_id, "",
            "in" if cents > 0 else "out", abs(cents), 0, self.clock.bank, "", "other", "booked", "", sides,
        )  # fmt: skip
        self.rows["entries"][entry.entry_id] = entry
        self._balances[account_id] += cents

    def remember(self, entry: Entry) -> None:
        """Keep an entry of the user's history for ``book_history``."""
        self._pending.append(entry)

    def lowest(self, account_id: str) -> int:
        """Return the lowest sum that the history so far leads an account to, from 0."""
        total = lowest = 0
        self._pending.sort(key=_date_of)  # stable, so that what is remembered later still comes behind
        for entry in self._pending:
            for side in entry.postings:
                if side.account == account_id:
                    total += side.amount
            if total < lowest:
                lowest = total
        return lowest

    def categories(self, month: str) -> set[str]:
        """Return the categories of what was booked in a month."""
        return {entry.category for entry in self._pending if entry.date.startswith(month)}

    def book_history(self, months: list[str], accounts: list[str]) -> None:
        """Book the history in order of days and write the statements of complete months."""
        moved: dict[tuple[str, str], list[int]] = {}
        booked, balances = self.rows["entries"], self._balances
        number, unit = self._next["entries"], self.draws.unit
        for entry in sorted(self._pending, key=_date_of):
            entry_id = format_id("entries", number)
            number += 1 + int(unit() * 3)  # as ``new_id`` does
            force_setattr(entry, "entry_id", entry_id)  # nobody else has seen it as yet
            booked[entry_id] = entry
            for side in entry.postings:
                account = side.account
                if account in balances:
                    amounts = moved.get(place := (account, entry.date[:7]))
                    if amounts is None:
                        amounts = moved[place] = []
                    amounts.append(side.amount)
        self._next["entries"] = number
        for account_id in accounts:
            balance = self._balances[account_id]
            for month in months:
                amounts = moved.pop((account_id, month), [])
                closing = balance + sum(amounts)
                row_id = self.new_id("statements")
                gained = sum(a for a in amounts if a > 0)
                self.rows["statements"][row_id] = Statement(
                    row_id, account_id, month, balance, closing, gained, balance + gained - closing, len(amounts)
                )
                balance = closing
            self._balances[account_id] = balance
        for (account_id, _), amounts in moved.items():  # the month that is not over, and other customers
            self._balances[account_id] += sum(amounts)

    def state(self) -> Bank:
        """Return the state with every table built."""
        accounts = self.rows["accounts"]
        for account_id, balance in self._balances.items():
            a = accounts[account_id]
            accounts[account_id] = Account(
                account_id, a.customer_id, a.type, a.currency, a.iban, a.nickname, a.status, balance, a.floor, a.rate,
                a.opened_on,
            )  # fmt: skip
        self.rows["counters"] = {name: Counter(number) for name, number in self._next.items()}
        filled = {
            name: Table(name, rows, getattr(_EMPTY, name).indexed)
            for name, rows in self.rows.items()
            if rows
        }  # fmt: skip
        return Bank(**filled)


_date_of = operator.attrgetter("date")
