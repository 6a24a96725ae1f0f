"""Reading a bill: what is to be paid, and where to, out of its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.banking.first_state.frozen import CURRENCIES
from fr_envs.domains.banking.iban import iban_fault
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.domains.banking.state import Bank

_AMOUNT = re.compile(
    r"(?:\b([A-Z]{3})\s?)?(?<![\d.,])((?:\d{1,3}(?:,\d{3}){1,3}|\d{1,10})\.\d{2})(?![\d.])(?:\s?([A-Z]{3})\b)?",
    re.ASCII,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{8,30}\b", re.ASCII)


class _Sum(NamedTuple):
    """An amount as a bill has it; ``currency`` is empty where none stands beside it."""

    amount: float
    currency: str


def read_bill(state: Bank, text: str) -> Effect[Bank]:
    """Read a bill: the largest amount in it is taken for what is to be paid."""
    sums = [found for match in _AMOUNT.finditer(text) if (found := _sum(match)).amount > 0]
    if not sums:
        raise Refusal("no_amount")
    largest = max(sums, key=lambda found: found.amount)
    ibans = (iban for iban in _IBAN.findall(text) if not iban_fault(iban))
    value = {
        "amount": largest.amount, "currency": largest.currency or None, "iban": next(ibans, None),
        "amounts_found": len(sums),
    }  # fmt: skip
    return Effect(state, value)


def _sum(match: re.Match[str]) -> _Sum:
    before, digits, after = match.groups()
    currency = next((code for code in (before, after) if code in CURRENCIES), "")
    return _Sum(float(digits.replace(",", "")), currency)
