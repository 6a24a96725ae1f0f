"""Payment methods, invoices, the budget, loyalty points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.travel.lookup import budget_left, day_of, major, new_id, today, world_currency
from fr_envs.domains.travel.rates import RATES
from fr_envs.domains.travel.state import Invoice, Payment, Travel
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

_PRIVATE_LIMIT = 3000
_TIERS = ((60_000, "gold"), (25_000, "silver"), (0, "basic"))


def _method_row(method: Payment) -> JsonObject:
    return {
        "payment_method_id": method.payment_method_id,
        "type": method.type,
        "label": method.label,
        "ending": method.tail,
        "expires_on": method.expires,
        "available": major(max(0, method.limit - method.used)),
    }


def list_payment_methods(state: Travel) -> Effect[Travel]:
    """List the ways to pay."""
    rows = [_method_row(method) for method in state.payments.values()]
    return Effect(state, {"payment_methods": rows, "currency": world_currency(state)})


def add_payment_card(state: Travel, label: str, ending: str, expires_on: str) -> Effect[Travel]:
    """Save a private card."""
    if day_of(expires_on) <= today(state):
        raise Refusal("bad_date")
    if state.payments.keys_by("tail", ending):
        raise Refusal("already_saved")
    state, key = new_id(state, "PAY")
    method = Payment(key, "private_card", label, ending, expires_on, _PRIVATE_LIMIT * state.world["world"].rate, 0)
    return Effect(replace(state, payments=state.payments.put(key, method)), _method_row(method))


def remove_payment_method(state: Travel, payment_method_id: str) -> Effect[Travel]:
    """Forget a card; one has to stay."""
    if payment_method_id not in state.payments:
        raise Refusal("unknown_payment_method")
    if len(state.payments) == 1:
        raise Refusal("last_payment_method")
    state = replace(state, payments=state.payments.drop(payment_method_id))
    return Effect(state, {"payment_method_id": payment_method_id, "payment_methods_left": len(state.payments)})


def _invoice_row(invoice: Invoice) -> JsonObject:
    return {
        "invoice_id": invoice.invoice_id,
        "date": invoice.date,
        "subject": invoice.subject,
        "kind": "refund" if invoice.amount < 0 else "charge",
        "amount": major(abs(invoice.amount)),
    }


def list_invoices(state: Travel, limit: int, offset: int) -> Effect[Travel]:
    """List charges and refunds, newest first."""
    keys = state.invoices.keys()[::-1]
    page = [_invoice_row(state.invoices[key]) for key in keys[offset : offset + limit]]
    return Effect(state, {"invoices": page, "total": len(keys), "currency": world_currency(state)})


def get_invoice(state: Travel, invoice_id: str, currency: str | None) -> Effect[Travel]:
    """Write an invoice out, in another currency if wanted."""
    invoice = state.invoices.get(invoice_id)
    if invoice is None:
        raise Refusal("unknown_invoice")
    own = world_currency(state)
    wanted = currency or own
    if wanted not in RATES:
        raise Refusal("unknown_currency", f"Invoices are written in {', '.join(sorted(RATES))}.")
    amount = major(round(abs(invoice.amount) * RATES[wanted] / RATES[own]))
    method = state.payments.get(invoice.payment_method_id)
    row = _invoice_row(invoice)
    company = state.world["world"].company
    text = f"{invoice.invoice_id} · {invoice.date} · {company}\n{invoice.subject}\n{row['kind']}: {amount:.2f} {wanted}"
    value = {**row, "amount": amount, "currency": wanted, "paid_with": method.label if method else None, "text": text}
    return Effect(state, value)


def get_travel_budget(state: Travel) -> Effect[Travel]:
    """Tell what the company may still spend on travel."""
    budget = state.budget["budget"]
    value = {
        "total": major(budget.total),
        "spent": major(budget.spent),
        "remaining": major(budget_left(state)),
        "approval_limit": major(budget.limit),
        "currency": world_currency(state),
    }
    return Effect(state, value)


def get_loyalty_account(state: Travel) -> Effect[Travel]:
    """Tell how many points there are."""
    account = state.loyalty["loyalty"]
    value = {
        "loyalty_number": account.number,
        "programme": account.programme,
        "points": account.points,
        "tier": next(tier for least, tier in _TIERS if account.flown >= least),
    }
    return Effect(state, value)


def list_points_activity(state: Travel, limit: int) -> Effect[Travel]:
    """List the latest movements of points, newest first."""
    keys = state.points.keys()[::-1][:limit]
    rows = [state.points[key] for key in keys]
    return Effect(state, {"activity": [{"date": r.date, "reason": r.reason, "points": r.points} for r in rows]})
