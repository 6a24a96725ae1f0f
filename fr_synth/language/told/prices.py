"""What changes cost: what something comes to, and what it comes to now that it is another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import with_article
from fr_envs.adapters.words.grammar.phrases import is_identifier
from fr_synth.language.told.values import CURRENCIES, is_amount, plain_words, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import Field
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.told.things import Things

__all__ = ["altogether", "dearer", "falls_due", "instead", "is_fee", "now_at", "piece_of_amount"]

_RATE = re.compile(r"((?:[a-z]+ )?(?:charge|cost|fee|price|rate|rent)) per ([a-z]+)")


def is_fee(name: str) -> bool:
    """Return True for a member that says what somebody or something takes: a fee, a rate by the day or the piece.

    Example:
        >>> is_fee("rate_per_day"), is_fee("fee_eur"), is_fee("dogs_per_day")
        (True, True, False)
    """
    words = [word for word in plain_words(name) if word not in CURRENCIES]
    return words[-1:] in (["fee"], ["rate"]) or _RATE.fullmatch(" ".join(words)) is not None


def falls_due(name: str, made: JsonObject) -> bool:
    """Return True if a price is due for what was made: one by the month is not for what goes on for no months.

    Args:
        name: The price.
        made: What was made.

    Example:
        >>> falls_due("fee_per_year_eur", {"audition_id": "A1"}), falls_due("fee_per_year_eur", {"years": 2})
        (False, True)
    """
    match = re.search(r"\bper (month|week|year)\b", " ".join(plain_words(name)))
    return match is None or any(plain_words(each)[-1] == f"{match[1]}s" for each in made)


def piece_of_amount(name: str, text: str) -> str:
    """Return what something comes to, behind the sentence that says that it was done.

    Example:
        >>> piece_of_amount("total_eur", "€60"), piece_of_amount("price", "£50"), piece_of_amount("fare", "240")
        (', for €60 in all', ', for £50', ', at a fare of 240')
        >>> piece_of_amount("deposit_eur", "€20")
        ', with a deposit of €20'
        >>> piece_of_amount("rate_per_day", "35"), piece_of_amount("fee_per_day_eur", "€35")
        (', at a rate of 35 a day', ', for €35 a day')
        >>> piece_of_amount("to_pay", "€24")
        ', €24 to pay'
    """
    words = [word for word in plain_words(name) if word not in CURRENCIES]
    plain = " ".join(words)
    last = words[-1] if words else ""
    clear = text[:1] in "€$£" or text[-1:].isalpha()
    rate = _RATE.fullmatch(plain)
    if rate is not None:
        each = with_article(rate[2])
        return f", for {text} {each}" if clear else f", at {with_article(rate[1])} of {text} {each}"
    if words == ["to", "pay"]:
        return f", {text} to pay"
    if last in ("total", "sum", "amount") or words[:1] == ["total"]:
        return f", for {text} in all" if clear else f", for a total of {text}"
    if last in ("price", "cost", "rent") and len(words) == 1 and clear:
        return f", for {text}"
    return f", {'at' if last in _RATES else 'with'} {with_article(plain or 'price')} of {text}"


_RATES = frozenset({"charge", "cost", "fare", "fee", "price", "rate", "rent"})


def instead(things: Things, name: str, rows: tuple[JsonObject, JsonObject], fields: Mapping[str, Field]) -> str:
    """Return what an amount is now and what it was before, as a sentence.

    Args:
        things: What is known.
        name: The amount.
        rows: What has it, before and now.
        fields: The contract's fields of both.
    """
    words = " ".join(word for word in plain_words(name) if word not in CURRENCIES)
    before, now = (said(things.spec, name, row, fields) for row in rows)
    return f"The {'price' if words == 'fee' else words} is now {now} instead of {before}"


def now_at(
    things: Things, name: str, rows: tuple[JsonObject, JsonObject], fields: Mapping[str, Field], text: str
) -> str:
    """Return what something comes to after a change, and before it where that can be reckoned, as a sentence.

    Args:
        things: What was known before the change.
        name: The amount.
        rows: What has it, as it was known before and as it is now.
        fields: The contract's fields of it.
        text: The amount in words.
    """
    was = _reckoned(things, name, rows, fields)
    if was is not None and was != rows[1][name]:
        return instead(things, name, ({**rows[0], name: was}, rows[1]), fields)
    words = " ".join(word for word in plain_words(name) if word not in CURRENCIES)
    return f"The {words or 'price'} is now {text}"


def _reckoned(things: Things, name: str, rows: tuple[JsonObject, JsonObject], fields: Mapping[str, Field]) -> Json:
    """Return what something came to before: so many times the price of what it was about; None where nobody knows."""
    old, now = rows
    for kind, member in ((fields[each].kind or each, each) for each in now if each in fields and is_identifier(each)):
        one, other = things.of(kind, old.get(member)), things.of(kind, now[member])
        if one is None or other is None:
            continue
        for price in (each for each in other.row if is_amount(each)):
            for count, number in now.items():
                whole = isinstance(number, int) and not isinstance(number, bool) and isinstance(old.get(count), int)
                if whole and _times(other.row[price], number) == now[name]:
                    return _times(one.row.get(price), old.get(count))
    return None


def _times(price: Json, count: Json) -> float | int | None:
    numbers = isinstance(price, int | float) and isinstance(count, int | float)
    return price * count if numbers and isinstance(price, int | float) and isinstance(count, int | float) else None


def altogether(news: Sequence[str]) -> list[str]:
    """Return news in which how long something is now and what it comes to are one sentence.

    Example:
        >>> altogether(["That makes 7 nights in all", "The total is now £385"])
        ['That makes 7 nights and £385 altogether']
    """
    told = "\n".join(news)
    return _BOTH.sub(r"That makes \1 and \2 altogether", _ONE_WAY.sub(r"\2\n\1", told)).splitlines()


_ONE_WAY = re.compile(r"(The total(?: price| cost)? is now \S+)\n(That makes [^\n]+ in all)")
_BOTH = re.compile(r"That makes ([^\n]+) in all\nThe total(?: price| cost)? is now ([^\s.]+(?:\.\d+)?)(?=\n|$)")


def dearer(before: Things, old: JsonObject, now: tuple[JsonObject, Mapping[str, Field]]) -> Iterator[str]:
    """Say what something costs since it is about another thing, and what it cost before, where both are known.

    Args:
        before: What was known before the change.
        old: What was told of the thing before.
        now: What is told of it now, and the contract's fields of it.
    """
    row, fields = now
    if any(is_amount(name) for name in row):
        return
    for name in row:
        if name in fields and is_identifier(name) and name in old and old[name] != row[name]:
            kind = fields[name].kind or name
            yield from _apart(before, kind, (old[name], row[name]))


def _apart(things: Things, kind: str, values: tuple[Json, Json]) -> Iterator[str]:
    one, other = (things.of(kind, value) for value in values)
    if one is None or other is None:
        return
    amounts = [name for name in other.row if is_amount(name) and one.row.get(name) is not None]
    for name in amounts[:1]:
        if one.row[name] != other.row[name]:
            yield instead(things, name, (one.row, other.row), other.fields)
