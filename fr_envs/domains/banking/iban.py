"""IBANs: make them, check them, tell the bank."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from fr_envs.domains.banking.first_state.frozen import frozen

__all__ = ["BankOf", "bank_of", "bic_fits", "bic_form", "iban_fault", "make_iban", "make_number"]

_DIGITS = {letter: str(value) for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_NUMBERS = str.maketrans(_DIGITS)
_ACCOUNT_DIGITS = {"DE": 10, "AT": 11, "NL": 10, "IE": 14, "LT": 11, "GB": 14, "BE": 7, "DK": 10, "FI": 10, "CH": 12}
_BANK_CODES = {"DE": 8, "AT": 5, "NL": 4, "IE": 4, "LT": 5, "GB": 4, "BE": 3, "DK": 4, "FI": 3, "CH": 5}
_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


class BankOf(NamedTuple):
    """The bank behind an IBAN."""

    bic: str
    name: str


def make_number(country: str, bank_code: str, number: int) -> str:
    """Return the account's part of an IBAN, national check digits included."""
    width = _ACCOUNT_DIGITS[country]
    digits = f"{number % 10**width:0{width}d}"
    if country == "BE":  # the last two digits are the rest of the first ten by 97, which is never written as 00
        return f"{digits}{int(bank_code + digits) % 97 or 97:02d}"
    if country == "FI":  # the last digit makes the Luhn sum a multiple of ten
        doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(bank_code + digits))]
        return f"{digits}{-sum(d // 10 + d % 10 for d in doubled) % 10}"
    return digits


def make_iban(country: str, bank_code: str, number: int) -> str:
    """Return a valid IBAN."""
    bban = bank_code + make_number(country, bank_code, number)
    check = 98 - int(f"{bban}{country}00".translate(_NUMBERS)) % 97
    return f"{country}{check:02d}{bban}"


@functools.cache
def _format(country: str) -> re.Pattern[str] | None:
    pattern = frozen().formats.get(country)
    return None if pattern is None else re.compile(pattern, re.ASCII)


def iban_fault(iban: str) -> str:
    """Return what is wrong with an IBAN: ``iban_country_unknown``, ``iban_invalid``, or nothing when it is right."""
    form = _format(iban[:2])
    if form is None:
        return "iban_country_unknown"
    if form.match(iban[4:]) is None or int((iban[4:] + iban[:4]).translate(_NUMBERS)) % 97 != 1:
        return "iban_invalid"
    return "" if "02" <= iban[2:4] <= "98" else "iban_invalid"


def bank_of(iban: str) -> BankOf | None:
    """Return the bank of an IBAN, None where the directory does not have it."""
    found = frozen().banks.get(iban[:2], {}).get(iban[4 : 4 + _BANK_CODES.get(iban[:2], 0)])
    return None if found is None else BankOf(*found)


def bic_form(bic: str) -> bool:
    """Return True if a text is formed as a BIC."""
    return _BIC.fullmatch(bic) is not None


def bic_fits(bic: str, iban: str) -> bool:
    """Return True if BIC and IBAN name the same country, and the same bank where the directory has it."""
    known = bank_of(iban)
    if known is not None:
        return bic[:8] == known.bic[:8]
    return bic[4:6] == iban[:2]
