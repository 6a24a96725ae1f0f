"""Cards, what is paid with them, and what merchants charge to them every month."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days, add_months
from fr_envs.domains.banking.handlers.cardflow import charge
from fr_envs.domains.banking.ledger import (  # fmt: skip
    booked,
    clock,
    consume_code,
    draft,
    fresh,
    in_cents,
    major,
    require_cover,
    require_open,
)
from fr_envs.domains.banking.state import Bank, Card, Posting
from fr_envs.domains.banking.views import card_view, subscription_view, transaction_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

_DELIVERY_DAYS = 5
_HIGHEST_LIMIT = 2_000_000


def _card(state: Bank, card_id: str) -> Card:
    card = state.cards.get(card_id)
    if card is None:
        raise Refusal("unknown_card", f"You have no card {card_id}.")
    return card


def _with(state: Bank, card: Card) -> Effect[Bank]:
    after = replace(state, cards=state.cards.put(card.card_id, card))
    return Effect(after, card_view(card, clock(state).today))


def list_cards(state: Bank) -> Effect[Bank]:
    """List the cards, replaced ones left out."""
    today = clock(state).today
    rows = [card_view(card, today) for card in state.cards.values() if card.status != "replaced"]
    return Effect(state, {"cards": rows, "count": len(rows)})


def get_card(state: Bank, card_id: str) -> Effect[Bank]:
    """Return one card."""
    card = _card(state, card_id)
    return Effect(state, {**card_view(card, clock(state).today), "arrives_on": card.arrives_on or None})


def freeze_card(state: Bank, card_id: str) -> Effect[Bank]:
    """Stop a card until it is unfrozen."""
    card = _card(state, card_id)
    if card.status != "active":
        raise Refusal("card_not_active", f"The card is {card.status}.")
    return _with(state, replace(card, status="frozen"))


def unfreeze_card(state: Bank, card_id: str) -> Effect[Bank]:
    """Let a frozen card pay again."""
    return _with(state, replace(_card(state, card_id), status="active"))


def report_card_lost(state: Bank, card_id: str) -> Effect[Bank]:
    """Block a card for good."""
    card = _card(state, card_id)
    if card.status in ("blocked", "replaced"):
        raise Refusal("card_not_active", f"The card is {card.status}.")
    return _with(state, replace(card, status="blocked"))


def reissue_card(state: Bank, card_id: str) -> Effect[Bank]:
    """Send a new card for a blocked one."""
    old = _card(state, card_id)
    account = require_open(state.accounts[old.account_id])
    fee, now = state.tariff["now"].reissue_fee, clock(state)
    require_cover(account, fee)
    sides = (
        Posting(account.account_id, account.currency, -fee),
        Posting("BANK:FEES", account.currency, fee),
    )
    details = {"type": "fee", "category": "fees", "source_id": card_id}
    state, _ = booked(state, draft(account, sides, fee, "a new card", **details))
    state, new_id = fresh(state, "cards")
    tail = f"{(int(old.tail) * 31 + int(new_id[3:]) * 7 + now.salt) % 10_000:04d}"
    arrives = add_days(now.today, _DELIVERY_DAYS)
    new = replace(
        old, card_id=new_id, tail=tail, status="in_delivery", expires=add_months(now.today, 48)[:7], arrives_on=arrives
    )
    cards = state.cards.put(new_id, new).put(card_id, replace(old, status="replaced"))
    subscriptions = state.subscriptions  # merchants follow the card to its successor
    for row in [s for s in subscriptions.values() if s.card_id == card_id]:
        subscriptions = subscriptions.put(row.subscription_id, replace(row, card_id=new_id))
    value = {**card_view(new, now.today), "arrives_on": arrives, "fee": major(fee)}
    return Effect(replace(state, cards=cards, subscriptions=subscriptions), value)


def activate_card(state: Bank, card_id: str) -> Effect[Bank]:
    """Take a delivered card into use."""
    card = _card(state, card_id)
    if card.status != "in_delivery":
        raise Refusal("already_active", f"The card is {card.status}.")
    if clock(state).today < card.arrives_on:
        raise Refusal("not_delivered", f"The card arrives on {card.arrives_on}.")
    return _with(consume_code(state), replace(card, status="active", arrives_on=""))


def set_card_limit(state: Bank, card_id: str, limit: float) -> Effect[Bank]:
    """Change what a card may spend in a month."""
    card, cents = _card(state, card_id), in_cents(limit)
    if card.status in ("blocked", "replaced"):
        raise Refusal("card_not_active", f"The card is {card.status}.")
    if cents > _HIGHEST_LIMIT:
        raise Refusal("limit_too_high")
    return _with(state, replace(card, limit=cents))


def pay_by_card(state: Bank, card_id: str, merchant: str, amount: float) -> Effect[Bank]:
    """Pay a merchant online."""
    card = _card(state, card_id)
    state, entry = charge(state, card, merchant, in_cents(amount), "shopping")
    account = state.accounts[card.account_id]
    return Effect(state, {**transaction_view(entry, account), "card_id": card_id})


def list_subscriptions(state: Bank) -> Effect[Bank]:
    """List what merchants charge to the cards every month."""
    rows = [subscription_view(row) for row in state.subscriptions.values()]
    return Effect(state, {"subscriptions": rows, "count": len(rows)})


def block_subscription(state: Bank, subscription_id: str) -> Effect[Bank]:
    """Refuse a merchant's charges from now on."""
    row = state.subscriptions.get(subscription_id)
    if row is None:
        raise Refusal("unknown_subscription")
    if not row.next_date:
        raise Refusal("already_blocked")
    row = replace(row, next_date="")
    after = replace(state, subscriptions=state.subscriptions.put(subscription_id, row))
    return Effect(after, subscription_view(row))
