"""The ledger: ids, booking, limits that every payment meets."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.first_state.frozen import euro_rates
from fr_envs.domains.banking.state import Account, Bank, Clock, Counter, Entry, Message, Payee, Posting, Session, Usage
from fr_envs.errors import Refusal

__all__ = [
    "CODE_ABOVE", "COOLING_DAYS", "COOLING_LIMIT", "account_number", "booked", "clock", "consume_code", "draft",
    "format_id", "fresh", "in_cents", "in_euros", "major", "notify", "own_account", "own_accounts", "payee_of",
    "require_cover", "require_open", "session", "spendable", "to_euros", "use_limit",
]  # fmt: skip

CODE_ABOVE = 100_000
"""Payments to others above this many cents need a confirmed one-time code."""

COOLING_DAYS = 2
"""Days after its confirmation during which a payee gets no more than ``COOLING_LIMIT`` a payment."""

COOLING_LIMIT = 50_000
"""In euro cents."""

_MOST = 1e12
_INBOX = 40
_IDS = {
    "entries": "TXN", "accounts": "ACC", "customers": "CUS", "cards": "CRD",
    "payees": "PAY", "scheduled": "SP", "standing_orders": "SO", "mandates": "MND",
    "disputes": "DSP", "quotes": "QTE", "loans": "LN", "alerts": "ALT",
    "messages": "MSG", "closures": "CLO", "statements": "STM", "subscriptions": "SUB",
    "challenges": "CHL",
}  # fmt: skip


def clock(state: Bank) -> Clock:
    """Return the day and the bank's own data."""
    return state.clock["now"]


def session(state: Bank) -> Session:
    """Return who is signed in."""
    return state.session["me"]


def major(cents: int) -> float:
    """Return an amount as agents see it."""
    return round(cents / 100, 2)


def in_cents(amount: float) -> int:
    """Return an amount as the ledger keeps it; what is beyond all money counts as ``_MOST``."""
    return round(min(amount, _MOST) * 100)


def format_id(table: str, number: int) -> str:
    """Return the identifier with a number."""
    return f"{_IDS[table]}{number:06d}"


def account_number(now: Clock, account_id: str) -> int:
    """Return the number inside an account's IBAN: another for each identifier, as the factor has no part in ten."""
    return int(account_id[3:]) * 2_654_435_761 + now.salt


def fresh(state: Bank, table: str) -> tuple[Bank, str]:
    """Return the state with the table's counter moved on, and a new identifier."""
    number = state.counters[table].next
    return replace(state, counters=state.counters.put(table, Counter(number + 1))), format_id(table, number)


def own_accounts(state: Bank) -> list[Account]:
    """Return the user's accounts, closed ones included."""
    return state.accounts.by("customer_id", clock(state).user)


def own_account(state: Bank, account_id: str) -> Account:
    """Return one of the user's accounts.

    Raises:
        Refusal: unknown_account.
    """
    account = state.accounts.get(account_id)
    if account is None or account.customer_id != clock(state).user:
        raise Refusal("unknown_account", f"You have no account {account_id}.")
    return account


def payee_of(state: Bank, payee_id: str) -> Payee:
    """Return a payee.

    Raises:
        Refusal: unknown_payee.
    """
    payee = state.payees.get(payee_id)
    if payee is None:
        raise Refusal("unknown_payee", f"There is no payee {payee_id}.")
    return payee


def require_open(account: Account) -> Account:
    """Return the account if it is open.

    Raises:
        Refusal: account_not_open.
    """
    if account.status != "open":
        raise Refusal("account_not_open", f"Account {account.account_id} is {account.status}.")
    return account


def spendable(account: Account) -> int:
    """Return what can leave an account."""
    return 0 if account.type == "loan" else account.balance - account.floor


def require_cover(account: Account, cents: int) -> None:
    """Refuse what an account cannot cover.

    Raises:
        Refusal: insufficient_funds.
    """
    if cents > spendable(account):
        text = f"{major(cents):.2f} needed, {major(spendable(account)):.2f} {account.currency} available."
        raise Refusal("insufficient_funds", text)


def to_euros(state: Bank, cents: int, currency: str) -> int:
    """Return an amount in euro cents at the reference rate."""
    return cents if currency == "EUR" else round(cents / euro_rates(clock(state).rates_date)[currency])


def in_euros(state: Bank, account: Account) -> int:
    """Return an account's balance in euro cents."""
    return to_euros(state, account.balance, account.currency)


def consume_code(state: Bank) -> Bank:
    """Use up the confirmed code, if there is one."""
    me = session(state)
    if not me.code_confirmed:
        return state
    return replace(state, session=state.session.put("me", Session(signed_in=me.signed_in)))


def use_limit(state: Bank, euros: int) -> Bank:
    """Count an amount in euro cents against what may leave for payees today.

    Raises:
        Refusal: code_required, limit_exceeded.
    """
    if euros > CODE_ABOVE and not session(state).code_confirmed:
        raise Refusal("code_required")
    now = clock(state)
    usage = state.usage["me"]
    total = euros + (usage.amount if usage.day == now.today else 0)
    limit = state.customers[now.user].limit
    if total > limit:
        text = f"At most {major(limit):.2f} EUR a day may go to payees; {major(total):.2f} EUR would."
        raise Refusal("limit_exceeded", text)
    return replace(state, usage=state.usage.put("me", Usage(now.today, total)))


def draft(
    account: Account, postings: tuple[Posting, ...], amount: int, counterparty: str, **details: str | int
) -> Entry:
    """Return an entry that is not booked yet: money out of ``account`` unless ``direction`` says in."""
    fields: dict[str, str | int] = {
        "type": "payment", "other_id": "", "direction": "out", "fee": 0, "reference": "", "category": "other",
        "source_id": "", "value_date": "", **details,
    }  # fmt: skip
    return Entry(
        entry_id="", date="", account_id=account.account_id, amount=amount, counterparty=counterparty,
        status="booked", postings=postings, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def booked(state: Bank, entry: Entry) -> tuple[Bank, Entry]:
    """Return the state with an entry booked today and every balance moved, and the entry as booked."""
    today = state.clock["now"].today
    number = state.counters["entries"].next
    entry_id = format_id("entries", number)
    entry = replace(entry, entry_id=entry_id, date=today, value_date=entry.value_date or today)
    accounts = state.accounts
    for account_id, _, amount in ((p.account, p.currency, p.amount) for p in entry.postings):
        row = accounts.get(account_id)
        if row is not None:
            accounts = accounts.put(account_id, replace(row, balance=row.balance + amount))
    return replace(
        state, accounts=accounts, entries=state.entries.put(entry_id, entry),
        counters=state.counters.put("entries", Counter(number + 1)),
    ), entry  # fmt: skip


def notify(state: Bank, subject: str, text: str, code: str = "") -> Bank:
    """Put a message into the inbox, which keeps the newest only."""
    number = state.counters["messages"].next
    state, message_id = fresh(state, "messages")
    message = Message(message_id, clock(state).today, subject, text, code)
    kept = state.messages.drop(format_id("messages", number - _INBOX)).put(message_id, message)
    return replace(state, messages=kept)
