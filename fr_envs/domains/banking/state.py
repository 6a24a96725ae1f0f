"""What a bank is: rows and tables. Money is an integer of minor units (cents), a day an ISO date.

The ledger is double entry: each ``Entry`` carries postings that sum to zero per currency. A customer's account keeps
its balance beside the ledger; the bank's own accounts (``BANK:FEES`` …) are names in postings, and their balance is the
sum of these.
"""

from __future__ import annotations

from fr_envs.world.state import Record, State, Table

__all__ = [
    "Account", "Alert", "Bank", "Budget", "Card", "Clock", "Closure", "Counter", "Customer", "Dispute", "Entry",
    "Loan", "Mandate", "Message", "Payee", "Posting", "Quote", "Receipt", "Scheduled", "Session", "StandingOrder",
    "Statement", "Subscription", "Tariff", "Usage",
]  # fmt: skip


class Clock(Record, frozen=True):
    """The day, and what stays as it is in this world.

    Attributes:
        today: The day it is.
        rates_date: Day of the reference rates that hold in this world.
        user: Customer in whose name the agent acts.
        bank: Name of the bank.
        country: Country of the bank, ISO 3166 alpha-2.
        bank_code: The bank's national code, part of its IBANs.
        bic: The bank's BIC.
        salt: From which one-time codes are derived.
    """

    today: str
    rates_date: str
    user: str
    bank: str
    country: str
    bank_code: str
    bic: str
    salt: int


class Tariff(Record, frozen=True):
    """Prices of this bank, in minor units of the account's currency; rates in basis points (0.01 %)."""

    standard_fee: int
    instant_fee: int
    foreign_fee: int
    reissue_fee: int
    spread: int
    overdraft_rate: int
    loan_rate: int


class Session(Record, frozen=True):
    """Who is signed in, and the one-time code on its way; ``challenge_id`` is empty when there is none."""

    signed_in: bool = False
    code_confirmed: bool = False
    challenge_id: str = ""
    code: str = ""
    valid_until: str = ""


class Counter(Record, frozen=True):
    """Number of the next row of a table."""

    next: int


class Usage(Record, frozen=True):
    """How much left for payees on a day, in euro cents."""

    day: str
    amount: int


class Customer(Record, frozen=True):
    """A customer. ``number`` and ``pin`` sign in; limits in cents; ``limit`` is what may leave for payees in a day."""

    customer_id: str
    number: str
    pin: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    phone: str
    limit: int
    overdraft_cap: int
    loan_cap: int


class Account(Record, frozen=True):
    """An account.

    Attributes:
        account_id: Its identifier.
        customer_id: Whose it is.
        type: checking, savings or loan.
        currency: ISO 4217 code.
        iban: Its IBAN.
        nickname: What the customer calls it.
        status: open, closing or closed.
        balance: Sum of its postings.
        floor: Below this the balance never falls: 0, or minus the overdraft limit, or minus the sum lent.
        rate: Interest on savings, basis points a year.
        opened_on: First day.
    """

    account_id: str
    customer_id: str
    type: str
    currency: str
    iban: str
    nickname: str
    status: str
    balance: int
    floor: int
    rate: int
    opened_on: str


class Posting(Record, frozen=True, array_like=True):
    """One side of an entry: what an account gains (or loses, when negative)."""

    account: str
    currency: str
    amount: int


class Entry(Record, frozen=True):
    """One booked transaction.

    Attributes:
        entry_id: Its identifier, the transaction's.
        date: Day of booking.
        value_date: Day from which it counts at the other bank.
        type: opening, payment, credit, card, direct_debit, fee, interest, transfer, exchange, loan, refund or reversal.
        account_id: Customer's account that it is about first: the one debited, or credited when money comes in.
        other_id: Second customer's account that it touches; empty if none.
        direction: out or in, seen from ``account_id``.
        amount: What moves, fee excluded, in the currency of ``account_id``.
        fee: What the bank takes on top.
        counterparty: Who is on the other side.
        reference: The text that came with it.
        category: What it was for.
        status: booked, recalled, refunded or disputed.
        source_id: Card, mandate or payee behind it; empty if none.
        postings: The two or more sides; zero in sum per currency.
    """

    entry_id: str
    date: str
    value_date: str
    type: str
    account_id: str
    other_id: str
    direction: str
    amount: int
    fee: int
    counterparty: str
    reference: str
    category: str
    status: str
    source_id: str
    postings: tuple[Posting, ...]


class Statement(Record, frozen=True):
    """What a month did to an account."""

    statement_id: str
    account_id: str
    month: str
    opening: int
    closing: int
    credits: int
    debits: int
    count: int


class Card(Record, frozen=True):
    """A card. Status: active, frozen, blocked, in_delivery or replaced; ``spent`` counts in ``spent_month`` only."""

    card_id: str
    account_id: str
    type: str
    tail: str
    status: str
    limit: int
    spent: int
    spent_month: str
    expires: str
    arrives_on: str


class Subscription(Record, frozen=True):
    """A merchant's monthly charge to a card; ``next_date`` is empty once it is blocked."""

    subscription_id: str
    card_id: str
    merchant: str
    amount: int
    next_date: str
    category: str


class Payee(Record, frozen=True):
    """Somebody whom the customer pays; ``confirmed_on`` is empty until a one-time code has confirmed it."""

    payee_id: str
    name: str
    iban: str
    bic: str
    bank: str
    nickname: str
    added_on: str
    confirmed_on: str
    category: str


class Scheduled(Record, frozen=True):
    """A payment for a day to come; the row goes once it has run, failed or been cancelled."""

    scheduled_payment_id: str
    account_id: str
    payee_id: str
    amount: int
    reference: str
    next_date: str


class StandingOrder(Record, frozen=True):
    """A payment that repeats. Status: active or paused; ``due_on`` is ``next_date`` while active, else empty."""

    standing_order_id: str
    account_id: str
    payee_id: str
    amount: int
    frequency: str
    reference: str
    next_date: str
    due_on: str
    status: str
    new_amount: int
    effective_from: str


class Mandate(Record, frozen=True):
    """A creditor's right to collect; ``next_date`` is empty once it is revoked; ``cap`` 0 means none."""

    mandate_id: str
    account_id: str
    creditor: str
    creditor_iban: str
    reference: str
    amount: int
    frequency: str
    next_date: str
    status: str
    cap: int
    category: str


class Dispute(Record, frozen=True):
    """A card payment that the customer contests; ``decide_on`` is empty once it is decided or withdrawn."""

    dispute_id: str
    entry_id: str
    merchant: str
    amount: int
    reason: str
    status: str
    opened_on: str
    decide_on: str


class Quote(Record, frozen=True):
    """An offer to exchange at a fixed rate until the end of a day."""

    quote_id: str
    source_id: str
    target_id: str
    source_amount: int
    target_amount: int
    rate: float
    valid_until: str
    used: bool


class Loan(Record, frozen=True):
    """A loan, repaid monthly; ``next_date`` is empty once it is repaid. ``rate`` in basis points a year."""

    loan_id: str
    account_id: str
    pay_from: str
    purpose: str
    principal: int
    rate: int
    months: int
    instalment: int
    next_date: str
    status: str


class Alert(Record, frozen=True):
    """Tells the customer when a day ends with a balance below or above a threshold."""

    alert_id: str
    account_id: str
    direction: str
    threshold: int
    raised: bool


class Budget(Record, frozen=True):
    """What a month may cost in one category, in euro cents."""

    category: str
    amount: int


class Message(Record, frozen=True):
    """A message to the customer; ``code`` is empty unless it carries a one-time code."""

    message_id: str
    date: str
    subject: str
    text: str
    code: str


class Receipt(Record, frozen=True):
    """What an idempotency key has been used for."""

    request: str
    entry_id: str


class Closure(Record, frozen=True):
    """A request to close an account, waiting for its second confirmation. Status: pending, done or cancelled."""

    closure_id: str
    account_id: str
    payout_id: str
    status: str


class Bank(State, frozen=True):
    """The whole bank."""

    clock: Table[Clock] = Table("clock")
    tariff: Table[Tariff] = Table("tariff")
    session: Table[Session] = Table("session")
    counters: Table[Counter] = Table("counters")
    usage: Table[Usage] = Table("usage")
    customers: Table[Customer] = Table("customers")
    accounts: Table[Account] = Table("accounts", indexed=("customer_id", "iban"))
    entries: Table[Entry] = Table("entries", indexed=("account_id", "other_id"))
    statements: Table[Statement] = Table("statements", indexed=("account_id",))
    cards: Table[Card] = Table("cards")
    subscriptions: Table[Subscription] = Table("subscriptions", indexed=("next_date",))
    payees: Table[Payee] = Table("payees")
    scheduled: Table[Scheduled] = Table("scheduled", indexed=("next_date",))
    standing_orders: Table[StandingOrder] = Table("standing_orders", indexed=("due_on",))
    mandates: Table[Mandate] = Table("mandates", indexed=("next_date",))
    disputes: Table[Dispute] = Table("disputes", indexed=("decide_on",))
    quotes: Table[Quote] = Table("quotes")
    loans: Table[Loan] = Table("loans", indexed=("next_date",))
    alerts: Table[Alert] = Table("alerts")
    budgets: Table[Budget] = Table("budgets")
    messages: Table[Message] = Table("messages")
    receipts: Table[Receipt] = Table("receipts")
    closures: Table[Closure] = Table("closures")
