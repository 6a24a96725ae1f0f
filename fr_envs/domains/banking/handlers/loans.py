"""Loans: look, simulate, take, repay early."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_months
from fr_envs.domains.banking.handlers.repayment import instalment_of, plan_of
from fr_envs.domains.banking.iban import make_iban
from fr_envs.domains.banking.ledger import (  # fmt: skip
    account_number,
    booked,
    clock,
    consume_code,
    draft,
    fresh,
    in_cents,
    major,
    own_account,
    own_accounts,
    require_cover,
    require_open,
)
from fr_envs.domains.banking.state import Account, Bank, Loan, Posting
from fr_envs.domains.banking.views import loan_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect


def _loan(state: Bank, loan_id: str) -> Loan:
    loan = state.loans.get(loan_id)
    if loan is None:
        raise Refusal("unknown_loan", f"You have no loan {loan_id}.")
    return loan


def list_loans(state: Bank) -> Effect[Bank]:
    """List the loans."""
    rows = [loan_view(state, loan) for loan in state.loans.values()]
    return Effect(state, {"loans": rows, "count": len(rows)})


def get_repayment_plan(state: Bank, loan_id: str, limit: int, offset: int) -> Effect[Bank]:
    """Return the instalments still to come."""
    loan = _loan(state, loan_id)
    plan = plan_of(-state.accounts[loan.account_id].balance, loan.rate, loan.instalment)
    rows = [
        {
            "due_date": add_months(loan.next_date, offset + i), "payment": major(part.payment),
            "interest": major(part.interest), "principal_part": major(part.principal),
            "remaining": major(part.remaining),
        }
        for i, part in enumerate(plan[offset : offset + limit])
    ]  # fmt: skip
    value = {
        "loan_id": loan_id, "instalments": rows, "instalments_left": len(plan),
        "last_due_date": add_months(loan.next_date, len(plan) - 1) if plan else None,
        "interest_left": major(sum(part.interest for part in plan)),
    }  # fmt: skip
    return Effect(state, value)


def simulate_loan(state: Bank, amount: float, months: int) -> Effect[Bank]:
    """Tell what a loan would cost."""
    rate, cents = state.tariff["now"].loan_rate, in_cents(amount)
    instalment = instalment_of(cents, rate, months)
    plan = plan_of(cents, rate, instalment)
    interest = sum(part.interest for part in plan)
    value = {
        "instalment": major(instalment), "annual_rate": major(rate), "total_interest": major(interest),
        "total_cost": major(cents + interest),
    }  # fmt: skip
    return Effect(state, value)


def take_loan(state: Bank, account_id: str, amount: float, months: int, purpose: str) -> Effect[Bank]:
    """Lend money to the user, paid into a checking account."""
    account, now, cents = require_open(own_account(state, account_id)), clock(state), in_cents(amount)
    if account.type != "checking" or account.currency != "EUR":
        raise Refusal("wrong_account_type")
    owed = -sum(a.balance for a in own_accounts(state) if a.type == "loan")
    if owed + cents > state.customers[now.user].loan_cap:
        raise Refusal("loan_declined", f"{major(state.customers[now.user].loan_cap - owed):.2f} EUR could be lent.")
    if any(loan.purpose == purpose and loan.next_date for loan in state.loans.values()):
        raise Refusal("loan_exists")
    state, loan_account_id = fresh(consume_code(state), "accounts")
    state, loan_id = fresh(state, "loans")
    rate = state.tariff["now"].loan_rate
    iban = make_iban(now.country, now.bank_code, account_number(now, loan_account_id))
    name = f"{purpose.capitalize()} loan"
    row = Account(
        loan_account_id, now.user, "loan", "EUR", iban, name, "open", 0, -cents, 0, now.today
    )  # fmt: skip
    next_date = add_months(now.today, 1)
    loan = Loan(loan_id, loan_account_id, account_id, purpose, cents, rate, months,
                instalment_of(cents, rate, months), next_date, "running")  # fmt: skip
    state = replace(
        state,
        accounts=state.accounts.put(loan_account_id, row),
        loans=state.loans.put(loan_id, loan),
    )
    sides = (Posting(loan_account_id, "EUR", -cents), Posting(account_id, "EUR", cents))
    details = {"type": "loan_payout", "direction": "in", "other_id": loan_account_id, "category": "loans"}
    state, entry = booked(state, draft(account, sides, cents, now.bank, source_id=loan_id, **details))
    return Effect(state, {**loan_view(state, loan), "transaction_id": entry.entry_id})


def repay_loan(state: Bank, loan_id: str, account_id: str, amount: float) -> Effect[Bank]:
    """Repay a part of a loan, or all of it, ahead of the plan."""
    loan, account, cents = _loan(state, loan_id), require_open(own_account(state, account_id)), in_cents(amount)
    if account.type == "loan" or account.currency != "EUR":
        raise Refusal("wrong_account_type")
    owed = -state.accounts[loan.account_id].balance
    if owed == 0:
        raise Refusal("loan_repaid")
    if cents > owed:
        raise Refusal("more_than_owed", f"{major(owed):.2f} EUR are still owed.")
    require_cover(account, cents)
    sides = (Posting(account_id, "EUR", -cents), Posting(loan.account_id, "EUR", cents))
    details = {"type": "loan", "other_id": loan.account_id, "category": "loans"}
    counterparty = state.accounts[loan.account_id].nickname
    state, entry = booked(state, draft(account, sides, cents, counterparty, source_id=loan_id, **details))
    if cents == owed:
        state = replace(state, loans=state.loans.put(loan_id, replace(loan, next_date="", status="repaid")))
    value = {
        "transaction_id": entry.entry_id, "loan_id": loan_id, "repaid": amount, "outstanding": major(owed - cents),
        "new_balance": major(state.accounts[account_id].balance),
    }  # fmt: skip
    return Effect(state, value)
