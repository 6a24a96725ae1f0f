"""Who and what a first state is made of: customers, companies, texts."""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.banking.first_state.frozen import NamePool, frozen, pool_of
from fr_envs.domains.banking.state import Customer

if TYPE_CHECKING:
    from fr_envs.domains.banking.first_state.draws import Draws

__all__ = ["BILLS", "HOMES", "SHOPS", "Bill", "bank_name", "company", "customer", "landlord", "shop"]


class Bill(NamedTuple):
    """Something that is collected or paid again and again; amounts in cents."""

    pattern: str
    reference: str
    category: str
    low: int
    high: int
    frequency: str


HOMES = {"DE": "de", "AT": "de", "CH": "de", "NL": "nl", "BE": "nl", "IE": "en", "GB": "en", "LT": "en", "FI": "en",
         "DK": "en"}  # fmt: skip
"""Language of names by the bank's country."""

BILLS = (
    Bill("Stadtwerke {town}", "Electricity", "utilities", 3500, 16000, "monthly"),
    Bill("{last} Energy", "Electricity", "utilities", 4000, 15000, "monthly"),
    Bill("{town} Water", "Water", "utilities", 2000, 7000, "quarterly"),
    Bill("{last} Telecom", "Mobile phone", "utilities", 900, 4900, "monthly"),
    Bill("Fibre {town}", "Internet", "utilities", 2500, 5900, "monthly"),
    Bill("{last} & {last2} Insurance", "Liability insurance", "insurance", 800, 24000, "quarterly"),
    Bill("{town} Mutual", "Car insurance", "insurance", 4000, 19000, "monthly"),
    Bill("{last} Health", "Health insurance", "insurance", 9000, 38000, "monthly"),
    Bill("Fitness {town}", "Membership", "leisure", 1900, 6900, "monthly"),
    Bill("{town} Transit", "Season ticket", "transport", 2900, 9900, "monthly"),
    Bill("{last} Publishing", "Newspaper", "leisure", 1200, 4500, "monthly"),
    Bill("Music School {town}", "Piano lessons", "education", 4500, 14000, "monthly"),
    Bill("{town} Animal Shelter", "Donation", "donations", 500, 5000, "monthly"),
    Bill("Tax Office {town}", "Vehicle tax", "taxes", 6000, 32000, "yearly"),
)

SHOPS = (
    ("{last} Market", "groceries", 600, 14000), ("{last}'s Bakery", "groceries", 250, 2500),
    ("{town} Organics", "groceries", 800, 9000), ("Cafe {last}", "dining", 350, 3200),
    ("Trattoria {last}", "dining", 1800, 9500), ("{last} Books", "shopping", 700, 6500),
    ("{last} Electronics", "shopping", 1500, 90000), ("{town} Cycles", "shopping", 900, 60000),
    ("{last} Shoes", "shopping", 3500, 16000), ("Garage {last}", "transport", 4500, 70000),
    ("{town} Fuel", "transport", 2500, 9500), ("Pharmacy {last}", "health", 400, 6500),
    ("Dr. {last}", "health", 3000, 24000), ("Cinema {town}", "leisure", 900, 4200),
    ("Hotel {last}", "travel", 7000, 62000), ("{last} Tours", "travel", 9000, 120000),
    ("{last} Florists", "gifts", 1200, 7500), ("Toys {last}", "gifts", 900, 8000),
)  # fmt: skip
_LANDLORDS = ("Haus & Grund {last}", "{last} Property", "{last} & {last2} Lettings", "Residences {town}", "Immo {last}")
_BANKS = ("{last} & {last2} Bank", "Banque {last}", "{last} Savings Bank", "Bank of {town}", "{town} Direct Bank")


def _fill(pattern: str, pool: NamePool, draws: Draws) -> str:
    return pattern.format(last=draws.pick(pool.last), last2=draws.pick(pool.last), town=draws.pick(pool.town))


def company(bill: Bill, pool: NamePool, draws: Draws) -> str:
    """Return the name of a company that sends a kind of bill."""
    return _fill(bill.pattern, pool, draws)


def landlord(pool: NamePool, draws: Draws) -> str:
    """Return the name of somebody who lets flats."""
    return _fill(draws.pick(_LANDLORDS), pool, draws)


def shop(pattern: str, pool: NamePool, draws: Draws) -> str:
    """Return the name of a shop."""
    return _fill(pattern, pool, draws)


def bank_name(pool: NamePool, draws: Draws) -> str:
    """Return the name of the bank."""
    return _fill(draws.pick(_BANKS), pool, draws)


@functools.lru_cache(maxsize=4096)
def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


_PREFIXES = {"DE": "+49", "AT": "+43", "CH": "+41", "NL": "+31", "BE": "+32", "IE": "+353", "GB": "+44", "LT": "+370",
             "FI": "+358", "DK": "+45"}  # fmt: skip


def customer(customer_id: str, country: str, draws: Draws) -> Customer:
    """Return a customer who lives in the bank's country."""
    names = frozen().names
    language = HOMES[country] if draws.chance(0.7) else draws.pick(tuple(names))
    pool, home = names[language], pool_of(country, HOMES[country])
    first, last = draws.pick(pool.first), draws.pick(pool.last)
    mail = f"{_ascii(first)}.{_ascii(last)}@{draws.pick(('example.com', 'example.org', 'example.net'))}"
    pin = draws.within(0, 9999)
    return Customer(
        customer_id=customer_id, number=f"{draws.within(10_000_000, 99_999_999)}", pin=f"{pin:04d}",
        name=f"{first} {last}", street=f"{draws.pick(home.street)} {draws.within(1, 140)}",
        postal_code=f"{draws.within(1000, 99999)}", city=draws.pick(home.town), country=country, email=mail,
        phone=f"{_PREFIXES[country]}{draws.within(100_000_000, 999_999_999)}",
        limit=draws.pick((500_000, 750_000, 1_000_000, 1_500_000)),
        overdraft_cap=draws.pick((100_000, 200_000, 300_000, 500_000)),
        loan_cap=draws.pick((2_500_000, 4_000_000, 6_000_000)),
    )  # fmt: skip
