"""Standing orders."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.days import next_due
from fr_envs.domains.banking.handlers.paying import order_payee
from fr_envs.domains.banking.ledger import (  # fmt: skip
    CODE_ABOVE,
    clock,
    consume_code,
    fresh,
    in_cents,
    major,
    own_account,
    require_open,
    session,
    to_euros,
)
from fr_envs.domains.banking.state import Bank, StandingOrder
from fr_envs.domains.banking.views import order_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect


def _order(state: Bank, standing_order_id: str) -> StandingOrder:
    order = state.standing_orders.get(standing_order_id)
    if order is None:
        raise Refusal("unknown_standing_order", f"There is no standing order {standing_order_id}.")
    return order


def _with(state: Bank, order: StandingOrder) -> Bank:
    return replace(state, standing_orders=state.standing_orders.put(order.standing_order_id, order))


def list_standing_orders(state: Bank) -> Effect[Bank]:
    """List the standing orders."""
    rows = [order_view(state, order) for order in state.standing_orders.values()]
    return Effect(state, {"standing_orders": rows, "count": len(rows)})


def create_standing_order(
    state: Bank, account_id: str, payee_id: str, amount: float, frequency: str, first_date: str, reference: str
) -> Effect[Bank]:
    """Set up a payment that repeats."""
    account, cents = require_open(own_account(state, account_id)), in_cents(amount)
    if account.type == "loan":
        raise Refusal("wrong_account_type")
    order_payee(state, payee_id, to_euros(state, cents, account.currency))
    if first_date <= clock(state).today:
        raise Refusal("date_in_past")
    state, order_id = fresh(consume_code(state), "standing_orders")
    order = StandingOrder(
        order_id, account_id, payee_id, cents, frequency, reference, first_date, first_date, "active", 0, ""
    )
    state = _with(state, order)
    return Effect(state, order_view(state, order))


def update_standing_order(
    state: Bank, standing_order_id: str, amount: float, effective_from: str | None
) -> Effect[Bank]:
    """Change the amount, at once or from a day on."""
    order, cents = _order(state, standing_order_id), in_cents(amount)
    currency = state.accounts[order.account_id].currency
    if to_euros(state, cents, currency) > CODE_ABOVE and cents > order.amount and not session(state).code_confirmed:
        raise Refusal("code_required")
    if effective_from is None:
        changed = replace(order, amount=cents, new_amount=0, effective_from="")
    elif effective_from <= clock(state).today:
        raise Refusal("date_in_past")
    else:
        changed = replace(order, new_amount=cents, effective_from=effective_from)
    if changed == order:
        raise Refusal("nothing_changes")
    value = {
        "standing_order_id": standing_order_id, "payee_name": state.payees[order.payee_id].name,
        "previous_amount": major(order.amount), "amount": major(cents),
        "effective_from": effective_from or clock(state).today, "next_date": order.next_date,
    }  # fmt: skip
    return Effect(_with(consume_code(state), changed), value)


def pause_standing_order(state: Bank, standing_order_id: str) -> Effect[Bank]:
    """Stop a standing order for the time being."""
    order = _order(state, standing_order_id)
    if order.status == "paused":
        raise Refusal("already_paused")
    order = replace(order, status="paused", due_on="")
    state = _with(state, order)
    return Effect(state, order_view(state, order))


def resume_standing_order(state: Bank, standing_order_id: str) -> Effect[Bank]:
    """Let a paused standing order run again; what fell due meanwhile is left out."""
    order, today = _order(state, standing_order_id), clock(state).today
    due = order.next_date
    while due <= today:
        due = next_due(due, order.frequency)
    order = replace(order, status="active", next_date=due, due_on=due)
    state = _with(state, order)
    return Effect(state, order_view(state, order))


def cancel_standing_order(state: Bank, standing_order_id: str) -> Effect[Bank]:
    """End a standing order."""
    order = _order(state, standing_order_id)
    value = {"payee_name": state.payees[order.payee_id].name, "amount": major(order.amount), "cancelled": True}
    return Effect(replace(state, standing_orders=state.standing_orders.drop(standing_order_id)), value)
