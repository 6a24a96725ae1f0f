"""What the bank knows beyond its contract: facts, what the customer can mean, and values that make sense now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fr_envs.domains.banking.clockwork import now_of, pass_until
from fr_envs.domains.banking.days import add_days, business_day_after
from fr_envs.domains.banking.first_state.frozen import frozen, pool_of
from fr_envs.domains.banking.first_state.people import HOMES
from fr_envs.domains.banking.handlers.transactions import entries_of
from fr_envs.domains.banking.iban import make_iban
from fr_envs.domains.banking.ledger import clock, major, own_accounts, session, spendable
from fr_envs.domains.banking.views import (  # fmt: skip
    account_view,
    alert_view,
    card_view,
    closure_view,
    dispute_view,
    loan_view,
    mandate_view,
    order_view,
    payee_view,
    quote_view,
    scheduled_view,
    statement_view,
    subscription_view,
    transaction_view,
)
from fr_envs.domains.banking.world import SPAN, begin, initial
from fr_envs.json_values import Json
from fr_envs.streams import pick
from fr_envs.world.briefing import day_told
from fr_envs.world.domain import Entities, Hooks, TimeHooks

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.domains.banking.state import Bank

__all__ = ["HOOKS"]

Arguments = Mapping[str, Json]


# Facts. Of something that does not exist every fact holds, so that the tool itself can say that it does not exist.


def _payee_confirmed(state: Bank, payee_id: str) -> bool:
    payee = state.payees.get(payee_id)
    return payee is None or bool(payee.confirmed_on)


def _payee_new(state: Bank, payee_id: str) -> bool:
    payee = state.payees.get(payee_id)
    return payee is None or not payee.confirmed_on


def _account_is(*statuses: str) -> Callable[[Bank, str], bool]:
    def predicate(state: Bank, account_id: str) -> bool:
        account = state.accounts.get(account_id)
        return account is None or account.status in statuses

    return predicate


def _card_is(*statuses: str) -> Callable[[Bank, str], bool]:
    def predicate(state: Bank, card_id: str) -> bool:
        card = state.cards.get(card_id)
        return card is None or card.status in statuses

    return predicate


def _others_iban(state: Bank, iban: str) -> bool:
    return all(account.customer_id != clock(state).user for account in state.accounts.by("iban", iban))


def _transaction_is(kind: str) -> Callable[[Bank, str], bool]:
    def predicate(state: Bank, transaction_id: str) -> bool:
        entry = state.entries.get(transaction_id)
        return entry is None or entry.type == kind

    return predicate


def _outgoing_payment(state: Bank, transaction_id: str) -> bool:
    """The customer's own account paid: what another customer pays to it is booked there too."""
    entry = state.entries.get(transaction_id)
    payer = None if entry is None else state.accounts.get(entry.account_id)
    own = payer is not None and payer.customer_id == clock(state).user
    return entry is None or (entry.type == "payment" and own)


def _mandate_active(state: Bank, mandate_id: str) -> bool:
    mandate = state.mandates.get(mandate_id)
    return mandate is None or mandate.status == "active"


def _order_paused(state: Bank, standing_order_id: str) -> bool:
    order = state.standing_orders.get(standing_order_id)
    return order is None or order.status == "paused"


# What the customer can mean.


def _transactions(state: Bank) -> Entities:
    """Each transaction as its first account sees it, which is how a search shows it too."""
    return {
        entry.entry_id: transaction_view(entry, account)
        for account in own_accounts(state)
        for entry in state.entries.by("account_id", account.account_id)
    }


def _pending_closures(state: Bank) -> Entities:
    return {c.closure_id: closure_view(state, c) for c in state.closures.values() if c.status == "pending"}


def _open_quotes(state: Bank) -> Entities:
    today = clock(state).today
    rows = (quote for quote in state.quotes.values() if not quote.used and quote.valid_until >= today)
    return {quote.quote_id: quote_view(state, quote) for quote in rows}


def _statements(state: Bank) -> Entities:
    own = [account.account_id for account in own_accounts(state)]
    rows = [row for account_id in own for row in state.statements.by("account_id", account_id)]
    return {row.statement_id: statement_view(state, row) for row in rows}


_ENTITIES: dict[str, Callable[[Bank], Entities]] = {
    "account_id": lambda s: {a.account_id: account_view(a) for a in own_accounts(s) if a.status != "closed"},
    "transaction_id": _transactions,
    "card_id": lambda s: {c.card_id: card_view(c, clock(s).today) for c in s.cards.values() if c.status != "replaced"},
    "payee_id": lambda s: {p.payee_id: payee_view(p) for p in s.payees.values()},
    "standing_order_id": lambda s: {o.standing_order_id: order_view(s, o) for o in s.standing_orders.values()},
    "scheduled_payment_id": lambda s: {p.scheduled_payment_id: scheduled_view(s, p) for p in s.scheduled.values()},
    "mandate_id": lambda s: {m.mandate_id: mandate_view(m) for m in s.mandates.values()},
    "subscription_id": lambda s: {b.subscription_id: subscription_view(b) for b in s.subscriptions.values()},
    "dispute_id": lambda s: {d.dispute_id: dispute_view(d) for d in s.disputes.values()},
    "loan_id": lambda s: {n.loan_id: loan_view(s, n) for n in s.loans.values()},
    "statement_id": _statements,
    "closure_id": _pending_closures,
    "quote_id": _open_quotes,
    "alert_id": lambda s: {a.alert_id: alert_view(s, a) for a in s.alerts.values()},
}


# Values that make sense now.


def _user_number(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments, rng
    return state.customers[clock(state).user].number


def _user_pin(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments, rng
    return state.customers[clock(state).user].pin


def _spare(state: Bank, arguments: Arguments) -> int:
    """Return what the account in the arguments can pay, in cents; 0 where it is unknown."""
    account_id = arguments.get("source_account_id", arguments.get("account_id"))
    account = state.accounts.get(account_id) if isinstance(account_id, str) else None
    return max(0, spendable(account)) if account is not None else 0


def _amount(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    """An amount that people pay and the account covers; new payees get small amounts only."""
    most = _spare(state, arguments) or 40_000
    if "payee_id" in arguments:
        most = min(most, 48_000)
    if most < 500:
        return None
    cents = int(rng.integers(500, min(most, 90_000) + 1))
    return major(cents - cents % 50 if rng.random() < 0.6 else cents)


def _card_amount(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    card = state.cards.get(str(arguments.get("card_id")))
    if card is None:
        return None
    view = card_view(card, clock(state).today)
    most = min(spendable(state.accounts[card.account_id]), round(view["left"] * 100), 20_000)
    return major(int(rng.integers(100, most + 1))) if most > 100 else None


def _loan_amount(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    cap = state.customers[clock(state).user].loan_cap
    owed = -sum(account.balance for account in own_accounts(state) if account.type == "loan")
    most = min(cap - owed, 1_500_000) // 10_000
    return float(int(rng.integers(5, most + 1)) * 100) if most > 5 else None


_IN_FULL = 0.25
"""Share of repayments that end the loan, where the account covers that."""


def _repayment(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    loan = state.loans.get(str(arguments.get("loan_id")))
    owed = -state.accounts[loan.account_id].balance if loan is not None else 0
    spare = _spare(state, arguments)
    most = min(owed, spare, 60_000)
    if 0 < owed <= spare and rng.random() < _IN_FULL:
        return major(owed)
    return major(int(rng.integers(100, most + 1))) if most > 100 else None


def _order_amount(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    order = state.standing_orders.get(str(arguments.get("standing_order_id")))
    if order is None:
        return None
    return major(max(500, order.amount + int(rng.choice([-1500, -1000, -500, 500, 1000, 2000, 2500]))))


def _future_business_day(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    return business_day_after(clock(state).today, int(rng.integers(2, 25)))


def _future_day(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    return add_days(clock(state).today, int(rng.integers(3, 45)))


def _new_iban(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    """An IBAN of somebody at a bank near by, or at the customer's own where its BIC goes with it."""
    now, countries = clock(state), tuple(HOMES)
    if arguments.get("bic") == now.bic:
        return make_iban(now.country, now.bank_code, int(rng.integers(10**8, 10**14)))
    country = now.country if rng.random() < 0.7 else pick(rng, countries)
    banks = tuple(frozen().banks[country])
    return make_iban(country, pick(rng, banks), int(rng.integers(10**8, 10**14)))


def _new_name(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    pool = pool_of(clock(state).country, HOMES[clock(state).country])
    return f"{pick(rng, pool.first)} {pick(rng, pool.last)}"


def _past_month(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    return add_days(clock(state).today[:8] + "01", -int(rng.integers(0, 2)) * 15)[:7]


def _own_words(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    """Words that some transaction of the customer has."""
    del arguments
    accounts = own_accounts(state)
    keys = [key for account in accounts[:2] for key in entries_of(state, account.account_id)]
    return state.entries[pick(rng, keys)].counterparty if keys else None


def _past_day(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    return add_days(clock(state).today, -int(rng.integers(5, 50)))


def _budgeted(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del arguments
    names = [row.category for row in state.budgets.values()]
    return pick(rng, names) if names else None


def _limit(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    del state, arguments
    return float(int(rng.integers(2, 40)) * 50)


_WITH_IBAN = 0.4
"""Share of bills that say where to pay."""


def _bill(state: Bank, arguments: Arguments, rng: np.random.Generator) -> Json:
    """The text of a bill for something that the customer pays for."""
    merchant = _own_words(state, arguments, rng) or "Repairs"
    number, cents = int(rng.integers(100, 9999)), int(rng.integers(700, 60_000))
    bill = f"Invoice {number}, {merchant}: {major(cents):.2f} EUR, due {add_days(clock(state).today, 14)}"
    return f"{bill}, to {_new_iban(state, {}, rng)}" if rng.random() < _WITH_IBAN else bill


_SUGGEST: dict[str, Callable[[Bank, Arguments, np.random.Generator], Json]] = {
    "customer_number": _user_number,
    "pin": _user_pin,
    "money": _amount,
    "pay_by_card.amount": _card_amount,
    "take_loan.amount": _loan_amount,
    "simulate_loan.amount": _loan_amount,
    "repay_loan.amount": _repayment,
    "update_standing_order.amount": _order_amount,
    "schedule_payment.execution_date": _future_business_day,
    "move_scheduled_payment.execution_date": _future_business_day,
    "create_standing_order.first_date": _future_day,
    "update_standing_order.effective_from": _future_day,
    "date": _past_day,
    "iban": _new_iban,
    "payee_name": _new_name,
    "month": _past_month,
    "search_text": _own_words,
    "read_bill.text": _bill,
    "delete_budget.category": _budgeted,
    "limit_amount": _limit,
}

HOOKS: Hooks[Bank] = Hooks(
    initial=initial,
    facts={
        "signed_in": lambda state: session(state).signed_in,
        "code_confirmed": lambda state: session(state).code_confirmed,
        "account_kept": _account_is("open", "closing"),
        "account_open": _account_is("open"),
        "others_iban": _others_iban,
        "outgoing_payment": _outgoing_payment,
        "direct_debit": _transaction_is("direct_debit"),
        "card_payment": _transaction_is("card"),
        "payee_confirmed": _payee_confirmed,
        "payee_new": _payee_new,
        "mandate_active": _mandate_active,
        "card_in_force": _card_is("active", "frozen", "in_delivery"),
        "card_active": _card_is("active"),
        "card_frozen": _card_is("frozen"),
        "card_on_its_way": _card_is("in_delivery"),
        "card_blocked": _card_is("blocked"),
        "order_paused": _order_paused,
    },
    entities=_ENTITIES,
    suggest=_SUGGEST,
    incidental=frozenset({"session", "messages", "usage", "quotes", "counters", "receipts"}),
    time=TimeHooks(now_of, pass_until, begin, SPAN),
    briefing=lambda bank: day_told(bank.clock["now"].today),
    busy=True,
)
