"""What every charge to a card meets, whoever starts it."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.ledger import booked, clock, draft, major, require_cover, require_open
from fr_envs.domains.banking.state import Bank, Card, Entry, Posting
from fr_envs.errors import Refusal

__all__ = ["charge"]


def charge(state: Bank, card: Card, merchant: str, cents: int, category: str) -> tuple[Bank, Entry]:
    """Charge a card and book it.

    Raises:
        Refusal: card_not_active, limit_exceeded, account_not_open, insufficient_funds.
    """
    if card.status != "active":
        raise Refusal("card_not_active", f"The card is {card.status}.")
    month = clock(state).today[:7]
    if month > card.expires:
        raise Refusal("card_not_active", f"The card has expired in {card.expires}.")
    spent = cents + (card.spent if card.spent_month == month else 0)
    if spent > card.limit:
        raise Refusal("limit_exceeded", f"The card may spend {major(card.limit):.2f} a month.")
    account = require_open(state.accounts[card.account_id])
    require_cover(account, cents)
    sides = (
        Posting(account.account_id, account.currency, -cents),
        Posting("BANK:CARDS", account.currency, cents),
    )
    details = {"type": "card", "category": category, "source_id": card.card_id}
    state, entry = booked(state, draft(account, sides, cents, merchant, **details))
    cards = state.cards.put(card.card_id, replace(card, spent=spent, spent_month=month))
    return replace(state, cards=cards), entry
