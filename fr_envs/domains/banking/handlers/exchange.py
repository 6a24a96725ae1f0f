"""Exchange between the user's accounts, at reference rates with the bank's spread."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days
from fr_envs.domains.banking.first_state.frozen import euro_rates
from fr_envs.domains.banking.ledger import (  # fmt: skip
    booked,
    clock,
    draft,
    format_id,
    fresh,
    in_cents,
    major,
    own_account,
    require_cover,
    require_open,
)
from fr_envs.domains.banking.state import Bank, Posting, Quote
from fr_envs.domains.banking.views import quote_view
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

_KEPT = 20


def get_exchange_rate(state: Bank, base_currency: str, quote_currency: str) -> Effect[Bank]:
    """Return the reference rate, and the bank's own."""
    date = clock(state).rates_date
    rates = euro_rates(date)
    if base_currency not in rates or quote_currency not in rates:
        raise Refusal("unknown_currency")
    middle = rates[quote_currency] / rates[base_currency]
    value = {
        "base_currency": base_currency, "quote_currency": quote_currency, "reference_rate": round(middle, 6),
        "bank_rate": _bank_rate(state, base_currency, quote_currency), "rates_date": date,
    }  # fmt: skip
    return Effect(state, value)


def _bank_rate(state: Bank, base: str, quote: str) -> float:
    if base == quote:
        return 1.0
    rates = euro_rates(clock(state).rates_date)
    return round(rates[quote] / rates[base] * (1 - state.tariff["now"].spread / 10_000), 6)


def get_exchange_quote(state: Bank, source_account_id: str, target_account_id: str, amount: float) -> Effect[Bank]:
    """Offer an exchange at a rate that is kept until tomorrow."""
    source = require_open(own_account(state, source_account_id))
    target = require_open(own_account(state, target_account_id))
    if source.type == "loan" or target.type == "loan":
        raise Refusal("wrong_account_type")
    if source.currency == target.currency:
        raise Refusal("same_currency")
    cents, rate = in_cents(amount), _bank_rate(state, source.currency, target.currency)
    if round(cents * rate) == 0:
        raise Refusal("amount_too_small")
    number = state.counters["quotes"].next
    state, quote_id = fresh(state, "quotes")
    until = add_days(clock(state).today, 1)
    quote = Quote(quote_id, source_account_id, target_account_id, cents, round(cents * rate), rate, until, used=False)
    quotes = state.quotes.drop(format_id("quotes", number - _KEPT)).put(quote_id, quote)
    return Effect(replace(state, quotes=quotes), quote_view(state, quote))


def execute_exchange(state: Bank, quote_id: str) -> Effect[Bank]:
    """Exchange as quoted."""
    quote = state.quotes.get(quote_id)
    if quote is None:
        raise Refusal("unknown_quote", f"There is no quote {quote_id}.")
    if quote.used:
        raise Refusal("quote_used")
    if clock(state).today > quote.valid_until:
        raise Refusal("quote_expired")
    source, target = require_open(state.accounts[quote.source_id]), require_open(state.accounts[quote.target_id])
    require_cover(source, quote.source_amount)
    sides = (
        Posting(source.account_id, source.currency, -quote.source_amount),
        Posting("BANK:FX", source.currency, quote.source_amount),
        Posting("BANK:FX", target.currency, -quote.target_amount),
        Posting(target.account_id, target.currency, quote.target_amount),
    )
    details = {"type": "exchange", "other_id": target.account_id, "category": "transfers"}
    state, entry = booked(state, draft(source, sides, quote.source_amount, target.currency, **details))
    state = replace(state, quotes=state.quotes.put(quote_id, replace(quote, used=True)))
    value = {
        "transaction_id": entry.entry_id, "source_amount": major(quote.source_amount),
        "source_currency": source.currency, "target_amount": major(quote.target_amount),
        "target_currency": target.currency, "source_balance": major(state.accounts[source.account_id].balance),
        "target_balance": major(state.accounts[target.account_id].balance),
    }  # fmt: skip
    return Effect(state, value)
