"""Rows as agents see them. One shape per thing, wherever it appears, so that references mean the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.banking.ledger import major, spendable

if TYPE_CHECKING:
    from fr_envs.domains.banking.state import (
        Account,
        Alert,
        Bank,
        Card,
        Closure,
        Dispute,
        Entry,
        Loan,
        Mandate,
        Payee,
        Quote,
        Scheduled,
        StandingOrder,
        Statement,
        Subscription,
    )
    from fr_envs.json_values import JsonObject

__all__ = [
    "account_view", "alert_view", "card_view", "closure_view", "dispute_view", "loan_view", "mandate_view",
    "month_name", "order_view", "payee_view", "quote_view", "scheduled_view", "statement_view", "subscription_view",
    "summary_of", "transaction_view",
]  # fmt: skip

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_SUMMARIES = {
    "opening": "opening balance from ", "payment": "payment to ", "credit": "payment from ",
    "card": "card payment at ", "direct_debit": "direct debit by ", "fee": "fee for ",
    "interest": "interest from ", "transfer": "transfer to ", "exchange": "exchange into ",
    "loan": "loan payment to ", "loan_payout": "loan paid out by ", "refund": "refund from ",
    "reversal": "recall of the payment to ",
}  # fmt: skip


def month_name(month: str) -> str:
    """Return "October 2026" for "2026-10"."""
    return f"{_MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def summary_of(entry: Entry) -> str:
    """Return what an entry is in words: "payment to Stadtwerke"."""
    return f"{_SUMMARIES[entry.type]}{entry.counterparty}"


def account_view(account: Account) -> JsonObject:
    """Return an account."""
    return {
        "account_id": account.account_id, "type": account.type, "nickname": account.nickname,
        "currency": account.currency, "iban": account.iban, "iban_tail": account.iban[-4:],
        "balance": major(account.balance), "available": major(spendable(account)), "status": account.status,
    }  # fmt: skip


def closure_view(state: Bank, closure: Closure) -> JsonObject:
    """Return a request to close an account, and what tells that account."""
    account = state.accounts[closure.account_id]
    return {
        "closure_id": closure.closure_id, "account_id": closure.account_id, "closing_tail": account.iban[-4:],
        "closing_nickname": account.nickname,
    }  # fmt: skip


def quote_view(state: Bank, quote: Quote) -> JsonObject:
    """Return an exchange quote."""
    return {
        "quote_id": quote.quote_id, "source_amount": major(quote.source_amount),
        "source_currency": state.accounts[quote.source_id].currency, "target_amount": major(quote.target_amount),
        "target_currency": state.accounts[quote.target_id].currency, "bank_rate": quote.rate,
        "valid_until": quote.valid_until,
    }  # fmt: skip


def transaction_view(entry: Entry, account: Account) -> JsonObject:
    """Return an entry as seen from one of the accounts that it touches."""
    amount, direction = entry.amount, entry.direction
    if entry.account_id != account.account_id:
        amount = sum(p.amount for p in entry.postings if p.account == account.account_id)
        amount, direction = abs(amount), "in" if amount > 0 else "out"
    return {
        "transaction_id": entry.entry_id, "account_id": account.account_id, "date": entry.date,
        "summary": summary_of(entry), "counterparty": entry.counterparty, "direction": direction,
        "amount": major(amount), "currency": account.currency, "category": entry.category,
        "reference": entry.reference, "status": entry.status,
    }  # fmt: skip


def card_view(card: Card, today: str) -> JsonObject:
    """Return a card; what it has spent counts in the current month."""
    spent = card.spent if card.spent_month == today[:7] else 0
    return {
        "card_id": card.card_id, "account_id": card.account_id, "card_type": card.type, "card_tail": card.tail,
        "card_status": card.status, "monthly_limit": major(card.limit), "spent": major(spent),
        "left": major(max(0, card.limit - spent)), "expires": card.expires,
    }  # fmt: skip


def payee_view(payee: Payee) -> JsonObject:
    """Return a payee."""
    return {
        "payee_id": payee.payee_id, "payee_name": payee.name, "payee_nickname": payee.nickname or None,
        "iban": payee.iban, "bic": payee.bic or None, "added_on": payee.added_on, "confirmed": bool(payee.confirmed_on),
    }  # fmt: skip


def order_view(state: Bank, order: StandingOrder) -> JsonObject:
    """Return a standing order."""
    pending = order.effective_from != ""
    return {
        "standing_order_id": order.standing_order_id, "account_id": order.account_id, "payee_id": order.payee_id,
        "payee_name": state.payees[order.payee_id].name, "reference": order.reference, "amount": major(order.amount),
        "frequency": order.frequency, "next_date": order.next_date, "order_status": order.status,
        "new_amount": major(order.new_amount) if pending else None,
        "effective_from": order.effective_from if pending else None,
    }  # fmt: skip


def scheduled_view(state: Bank, payment: Scheduled) -> JsonObject:
    """Return a payment for a day to come."""
    return {
        "scheduled_payment_id": payment.scheduled_payment_id, "account_id": payment.account_id,
        "payee_id": payment.payee_id, "payee_name": state.payees[payment.payee_id].name,
        "amount": major(payment.amount), "reference": payment.reference, "execution_date": payment.next_date,
    }  # fmt: skip


def mandate_view(mandate: Mandate) -> JsonObject:
    """Return a direct debit mandate."""
    return {
        "mandate_id": mandate.mandate_id, "account_id": mandate.account_id, "creditor": mandate.creditor,
        "reference": mandate.reference, "amount": major(mandate.amount), "frequency": mandate.frequency,
        "next_date": mandate.next_date or None, "mandate_status": mandate.status,
        "cap": major(mandate.cap) if mandate.cap else None,
    }  # fmt: skip


def subscription_view(subscription: Subscription) -> JsonObject:
    """Return a merchant's monthly charge to a card."""
    return {
        "subscription_id": subscription.subscription_id, "card_id": subscription.card_id,
        "merchant": subscription.merchant, "amount": major(subscription.amount),
        "next_date": subscription.next_date or None, "blocked": not subscription.next_date,
    }  # fmt: skip


def dispute_view(dispute: Dispute) -> JsonObject:
    """Return a dispute."""
    return {
        "dispute_id": dispute.dispute_id, "transaction_id": dispute.entry_id, "merchant": dispute.merchant,
        "disputed_amount": major(dispute.amount), "reason": dispute.reason, "dispute_status": dispute.status,
        "opened_on": dispute.opened_on, "decision_expected": dispute.decide_on or None,
    }  # fmt: skip


def loan_view(state: Bank, loan: Loan) -> JsonObject:
    """Return a loan with what is still owed."""
    return {
        "loan_id": loan.loan_id, "purpose": loan.purpose, "principal": major(loan.principal),
        "outstanding": major(-state.accounts[loan.account_id].balance), "annual_rate": major(loan.rate),
        "instalment": major(loan.instalment), "next_date": loan.next_date or None, "pay_from_account_id": loan.pay_from,
        "loan_status": loan.status,
    }  # fmt: skip


def alert_view(state: Bank, alert: Alert) -> JsonObject:
    """Return a balance alert."""
    return {
        "alert_id": alert.alert_id, "account_id": alert.account_id,
        "account_nickname": state.accounts[alert.account_id].nickname, "direction": alert.direction,
        "threshold": major(alert.threshold),
    }  # fmt: skip


def statement_view(state: Bank, statement: Statement) -> JsonObject:
    """Return a statement's heading."""
    account = state.accounts[statement.account_id]
    return {
        "statement_id": statement.statement_id, "account_id": statement.account_id,
        "account_tail": account.iban[-4:], "account_nickname": account.nickname, "period": month_name(statement.month),
        "closing_balance": major(statement.closing),
    }  # fmt: skip
