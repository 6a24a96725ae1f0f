"""Data that does not change: ECB rates, TARGET closing days, banks, IBAN formats, names. Made by ``freeze.py``."""

from __future__ import annotations

import bisect
import functools
from importlib.resources import files

import msgspec

__all__ = ["CURRENCIES", "Frozen", "NamePool", "euro_rates", "frozen", "last_rates_date", "pool_of"]


class NamePool(msgspec.Struct, frozen=True):
    """Names of one language."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    street: tuple[str, ...]
    town: tuple[str, ...]


class Frozen(msgspec.Struct, frozen=True):
    """The contents of ``data.json``; ``freeze.py`` names the sources.

    Attributes:
        rates: Date -> currency -> units for one euro.
        closed: Weekdays on which TARGET is closed.
        banks: Country -> bank code -> (BIC, name).
        formats: Country -> regular expression of its IBANs.
        names: Language -> pool.
        towns: Country -> its towns, where those of its language lie elsewhere.
    """

    rates: dict[str, dict[str, float]]
    closed: frozenset[str]
    banks: dict[str, dict[str, tuple[str, str]]]
    formats: dict[str, str]
    names: dict[str, NamePool]
    towns: dict[str, tuple[str, ...]]


@functools.cache
def frozen() -> Frozen:
    """Return the data; read once."""
    text = (files(__package__) / "data.json").read_bytes()
    return msgspec.json.decode(text, type=Frozen)


@functools.cache
def pool_of(country: str, language: str) -> NamePool:
    """Return the names of a language with the towns of a country."""
    data = frozen()
    pool = data.names[language]
    return msgspec.structs.replace(pool, town=data.towns.get(country, pool.town))


def last_rates_date(day: str) -> str:
    """Return the last day with rates that is no later than ``day``, or the first there is."""
    dates = list(frozen().rates)
    return dates[max(0, bisect.bisect_right(dates, day) - 1)]


CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD", "NZD", "SGD", "ZAR")
"""Currencies in which the bank keeps accounts; all have two decimals."""


@functools.cache
def euro_rates(date: str) -> dict[str, float]:
    """Return units of each currency for one euro on a day that has rates."""
    return {"EUR": 1.0, **frozen().rates[date]}
