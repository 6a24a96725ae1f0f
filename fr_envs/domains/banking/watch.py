"""Alerts and budgets."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.handlers.transactions import spent_in
from fr_envs.domains.banking.ledger import clock, fresh, in_cents, major, own_account
from fr_envs.domains.banking.state import Alert, Bank, Budget
from fr_envs.domains.banking.views import alert_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

_MOST_ALERTS = 20


def list_alerts(state: Bank) -> Effect[Bank]:
    """List the balance alerts."""
    rows = [alert_view(state, alert) for alert in state.alerts.values()]
    return Effect(state, {"alerts": rows, "count": len(rows)})


def create_alert(state: Bank, account_id: str, threshold: float, direction: str) -> Effect[Bank]:
    """Watch an account's balance."""
    account, cents = own_account(state, account_id), in_cents(threshold)
    if account.status == "closed":
        raise Refusal("account_not_open")
    if len(state.alerts) >= _MOST_ALERTS:
        raise Refusal("too_many_alerts")
    wanted = (account_id, direction, cents)
    if any((a.account_id, a.direction, a.threshold) == wanted for a in state.alerts.values()):
        raise Refusal("alert_exists")
    state, alert_id = fresh(state, "alerts")
    alert = Alert(alert_id, account_id, direction, cents, raised=False)
    state = replace(state, alerts=state.alerts.put(alert_id, alert))
    return Effect(state, alert_view(state, alert))


def delete_alert(state: Bank, alert_id: str) -> Effect[Bank]:
    """Watch no more."""
    alert = state.alerts.get(alert_id)
    if alert is None:
        raise Refusal("unknown_alert", f"There is no alert {alert_id}.")
    value = {"threshold": major(alert.threshold), "deleted": True}
    return Effect(replace(state, alerts=state.alerts.drop(alert_id)), value)


def list_budgets(state: Bank) -> Effect[Bank]:
    """List the budgets with what this month has used up."""
    spent = spent_in(state, clock(state).today[:7])
    rows = [
        {
            "category": row.category, "budget": major(row.amount), "spent": major(spent.get(row.category, 0)),
            "left": major(row.amount - spent.get(row.category, 0)),
        }
        for row in state.budgets.values()
    ]  # fmt: skip
    return Effect(state, {"budgets": rows, "count": len(rows)})


def set_budget(state: Bank, category: str, amount: float) -> Effect[Bank]:
    """Set what a month may cost in a category."""
    old, cents = state.budgets.get(category), in_cents(amount)
    if old is not None and old.amount == cents:
        raise Refusal("nothing_changes")
    budgets = state.budgets.put(category, Budget(category, cents))
    value = {"category": category, "budget": major(cents), "previous_budget": major(old.amount) if old else None}
    return Effect(replace(state, budgets=budgets), value)


def delete_budget(state: Bank, category: str) -> Effect[Bank]:
    """Drop a budget."""
    if category not in state.budgets:
        raise Refusal("unknown_budget")
    return Effect(
        replace(state, budgets=state.budgets.drop(category)), {"category": category, "deleted": True}
    )  # fmt: skip
