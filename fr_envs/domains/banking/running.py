"""What happens as days pass: payments fall due, disputes are decided, months close."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days, add_months, is_business_day, next_due
from fr_envs.domains.banking.handlers.cardflow import charge
from fr_envs.domains.banking.handlers.paying import send
from fr_envs.domains.banking.handlers.repayment import monthly_interest
from fr_envs.domains.banking.handlers.transactions import entries_of
from fr_envs.domains.banking.ledger import (  # fmt: skip
    booked,
    clock,
    draft,
    fresh,
    major,
    notify,
    own_accounts,
    require_cover,
    require_open,
    spendable,
)
from fr_envs.domains.banking.state import (  # fmt: skip
    Account,
    Bank,
    Dispute,
    Entry,
    Loan,
    Mandate,
    Posting,
    Scheduled,
    StandingOrder,
    Statement,
    Subscription,
)
from fr_envs.domains.banking.views import month_name, summary_of
from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import JsonObject

__all__ = ["Passed", "pass_days"]

_RETRY_DAYS = 7


class Passed(NamedTuple):
    """What days have done: the state after, what ran and what did not."""

    state: Bank
    executed: list[JsonObject]
    failed: list[JsonObject]


def pass_days(state: Bank, days: int) -> Passed:
    """Let days pass one by one."""
    passed = Passed(state, [], [])
    waiting = _unsettled(clock(state).today)
    for _ in range(days):
        now = clock(passed.state)
        today = add_days(now.today, 1)
        state = replace(passed.state, clock=passed.state.clock.put("now", replace(now, today=today)))
        if today.endswith("-01"):
            state = _close_month(state, now.today[:7])
        passed = passed._replace(state=state)
        waiting.append(today)
        if is_business_day(today):
            for due in waiting:
                passed = _run(passed, due)
            waiting = []
        passed = passed._replace(state=_raise_alerts(_decide(passed.state, today)))
    return passed


def _unsettled(today: str) -> list[str]:
    """Return the days since the last business day, today included: what fell due then has not run yet."""
    days: list[str] = []
    while not is_business_day(today):
        days.insert(0, today)
        today = add_days(today, -1)
    return days


def _run(passed: Passed, due: str) -> Passed:
    """Run what falls due on a day; own payments before what others collect."""
    state = passed.state
    for row in state.scheduled.by("next_date", due):
        passed = _attempt(passed, row, _run_scheduled, _after_scheduled)
    for order in state.standing_orders.by("due_on", due):
        passed = _attempt(passed, order, _run_order, _after_order)
    for mandate in state.mandates.by("next_date", due):
        passed = _attempt(passed, mandate, _collect, _after_mandate)
    for subscription in state.subscriptions.by("next_date", due):
        passed = _attempt(passed, subscription, _charge, _after_subscription)
    for loan in state.loans.by("next_date", due):
        passed = _attempt(passed, loan, _instalment, _after_loan)
    return passed


_Due = Scheduled | StandingOrder | Mandate | Subscription | Loan


def _attempt(
    passed: Passed,
    row: _Due,
    run: Callable[[Bank, _Due], tuple[Bank, Entry]],
    after: Callable[[Bank, _Due, bool], Bank],
) -> Passed:
    """Run one row; a refusal becomes a message, and the row moves on either way."""
    try:
        state, entry = run(passed.state, row)
    except Refusal as refusal:
        what = _name_of(passed.state, row)
        state = notify(after(passed.state, row, False), "Not executed", f"The {what} did not go through.")
        failure = {"summary": what, "reason": refusal.code}
        return Passed(state, passed.executed, [*passed.failed, failure])
    account = state.accounts[entry.account_id]
    done = {
        "transaction_id": entry.entry_id, "account_id": entry.account_id, "date": entry.date,
        "summary": summary_of(entry), "counterparty": entry.counterparty, "amount": major(entry.amount),
        "currency": account.currency,
    }  # fmt: skip
    return Passed(after(state, row, True), [*passed.executed, done], passed.failed)


def _name_of(state: Bank, row: _Due) -> str:
    if isinstance(row, Scheduled):
        return f"payment to {state.payees[row.payee_id].name}"
    if isinstance(row, StandingOrder):
        return f"standing order to {state.payees[row.payee_id].name}"
    if isinstance(row, Mandate):
        return f"direct debit by {row.creditor}"
    if isinstance(row, Subscription):
        return f"card payment at {row.merchant}"
    return f"instalment of the {row.purpose} loan"


def _run_scheduled(state: Bank, row: _Due) -> tuple[Bank, Entry]:
    assert isinstance(row, Scheduled)
    account, payee = state.accounts[row.account_id], state.payees[row.payee_id]
    return send(state, account, payee, row.amount, reference=row.reference)


def _after_scheduled(state: Bank, row: _Due, ran: bool) -> Bank:
    assert isinstance(row, Scheduled)
    return replace(state, scheduled=state.scheduled.drop(row.scheduled_payment_id))


def _due_amount(order: StandingOrder, day: str) -> int:
    return order.new_amount if order.effective_from and order.effective_from <= day else order.amount


def _run_order(state: Bank, row: _Due) -> tuple[Bank, Entry]:
    assert isinstance(row, StandingOrder)
    account, payee = state.accounts[row.account_id], state.payees[row.payee_id]
    return send(state, account, payee, _due_amount(row, row.next_date), reference=row.reference)


def _after_order(state: Bank, row: _Due, ran: bool) -> Bank:
    assert isinstance(row, StandingOrder)
    if row.effective_from and row.effective_from <= row.next_date:
        row = replace(row, amount=row.new_amount, new_amount=0, effective_from="")
    due = next_due(row.next_date, row.frequency)
    order = replace(row, next_date=due, due_on=due)
    return replace(state, standing_orders=state.standing_orders.put(order.standing_order_id, order))


def _collect(state: Bank, row: _Due) -> tuple[Bank, Entry]:
    assert isinstance(row, Mandate)
    if row.cap and row.amount > row.cap:
        raise Refusal("above_cap")
    account = require_open(state.accounts[row.account_id])
    require_cover(account, row.amount)
    sides = (
        Posting(account.account_id, account.currency, -row.amount),
        Posting("BANK:CLEARING", account.currency, row.amount),
    )
    return booked(state, draft(
        account, sides, row.amount, row.creditor, type="direct_debit", reference=row.reference,
        category=row.category, source_id=row.mandate_id,
    ))  # fmt: skip


def _after_mandate(state: Bank, row: _Due, ran: bool) -> Bank:
    assert isinstance(row, Mandate)
    mandate = replace(row, next_date=next_due(row.next_date, row.frequency))
    return replace(state, mandates=state.mandates.put(row.mandate_id, mandate))


def _charge(state: Bank, row: _Due) -> tuple[Bank, Entry]:
    assert isinstance(row, Subscription)
    return charge(state, state.cards[row.card_id], row.merchant, row.amount, row.category)


def _after_subscription(state: Bank, row: _Due, ran: bool) -> Bank:
    assert isinstance(row, Subscription)
    subscription = replace(row, next_date=add_months(row.next_date, 1))
    return replace(state, subscriptions=state.subscriptions.put(row.subscription_id, subscription))


def _instalment(state: Bank, row: _Due) -> tuple[Bank, Entry]:
    assert isinstance(row, Loan)
    account, lent = require_open(state.accounts[row.pay_from]), state.accounts[row.account_id]
    interest = monthly_interest(-lent.balance, row.rate)
    payment = min(row.instalment, -lent.balance + interest)
    require_cover(account, payment)
    sides = (
        Posting(account.account_id, "EUR", -payment),
        Posting(lent.account_id, "EUR", payment - interest),
        Posting("BANK:INTEREST", "EUR", interest),
    )
    return booked(state, draft(
        account, sides, payment, lent.nickname, type="loan", other_id=lent.account_id, category="loans",
        source_id=row.loan_id,
    ))  # fmt: skip


def _after_loan(state: Bank, row: _Due, ran: bool) -> Bank:
    assert isinstance(row, Loan)
    if not ran:
        loan = replace(row, next_date=add_days(row.next_date, _RETRY_DAYS))
    elif state.accounts[row.account_id].balance == 0:
        loan = replace(row, next_date="", status="repaid")
    else:
        loan = replace(row, next_date=add_months(row.next_date, 1))
    return replace(state, loans=state.loans.put(row.loan_id, loan))


def _decide(state: Bank, today: str) -> Bank:
    """Decide the disputes that are due: what was bought long before is not paid back."""
    for row in state.disputes.by("decide_on", today):
        state = _decide_one(state, row)
    return state


def _decide_one(state: Bank, row: Dispute) -> Bank:
    entry = state.entries[row.entry_id]
    won = row.reason in ("fraud", "duplicate") or row.opened_on <= add_days(entry.date, 30)
    if won:
        account = state.accounts[entry.account_id]
        sides = (
            Posting(account.account_id, account.currency, entry.amount),
            Posting("BANK:CLAIMS", account.currency, -entry.amount),
        )
        details = {"type": "refund", "direction": "in", "category": entry.category, "source_id": row.dispute_id}
        state, _ = booked(state, draft(account, sides, entry.amount, entry.counterparty, **details))
    entry = replace(state.entries[row.entry_id], status="refunded" if won else "booked")
    row = replace(row, status="accepted" if won else "rejected", decide_on="")
    state = replace(
        state,
        disputes=state.disputes.put(row.dispute_id, row),
        entries=state.entries.put(row.entry_id, entry),
    )
    return notify(state, "Your dispute", f"Your dispute about {row.merchant} has been {row.status}.")


def _close_month(state: Bank, month: str) -> Bank:
    """Book interest and write a statement for each of the user's accounts."""
    for account in own_accounts(state):
        if account.status != "closed" and account.type != "loan":
            state = _interest(_statement(state, account, month), account)
    return state


def _interest(state: Bank, account: Account) -> Bank:
    if account.balance >= 0:
        cents = monthly_interest(account.balance, account.rate)
        name = "savings"
    else:  # never more than fits above the floor
        cents = -min(monthly_interest(-account.balance, state.tariff["now"].overdraft_rate), spendable(account))
        name = "the overdraft"
    if cents == 0:
        return state
    sides = (
        Posting(account.account_id, account.currency, cents),
        Posting("BANK:INTEREST", account.currency, -cents),
    )
    details = {"type": "interest", "direction": "in" if cents > 0 else "out", "category": "fees"}
    return booked(state, draft(account, sides, abs(cents), name, **details))[0]


def _statement(state: Bank, account: Account, month: str) -> Bank:
    gained, lost, count = 0, 0, 0
    for key in reversed(entries_of(state, account.account_id)):
        entry = state.entries[key]
        if entry.date[:7] < month:
            break
        if entry.date[:7] == month:
            amount = sum(p.amount for p in entry.postings if p.account == account.account_id)
            gained, lost, count = gained + max(amount, 0), lost - min(amount, 0), count + 1
    state, row_id = fresh(state, "statements")
    closing = account.balance
    row = Statement(row_id, account.account_id, month, closing - gained + lost, closing, gained, lost, count)
    state = replace(state, statements=state.statements.put(row_id, row))
    return notify(state, "New statement", f"The statement for {month_name(month)} is ready.")


def _raise_alerts(state: Bank) -> Bank:
    """Tell the customer once when a day ends beyond a threshold, and again only after it was back."""
    for alert in state.alerts.values():
        account = state.accounts[alert.account_id]
        below = alert.direction == "below"
        beyond = account.balance < alert.threshold if below else account.balance > alert.threshold
        if beyond != alert.raised and account.status != "closed":
            state = replace(state, alerts=state.alerts.put(alert.alert_id, replace(alert, raised=beyond)))
            if beyond:
                text = f"{account.nickname} is {alert.direction} {major(alert.threshold):.2f} {account.currency}."
                state = notify(state, "Balance alert", text)
    return state
