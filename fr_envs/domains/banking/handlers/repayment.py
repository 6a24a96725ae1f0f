"""Arithmetic of loans, in integer cents."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Instalment", "instalment_of", "monthly_interest", "plan_of"]


class Instalment(NamedTuple):
    """One month of a repayment plan, in cents."""

    payment: int
    interest: int
    principal: int
    remaining: int


def monthly_interest(owed: int, rate: int) -> int:
    """Return a month's interest; ``rate`` in basis points a year."""
    return round(owed * rate / 120_000)


def instalment_of(principal: int, rate: int, months: int) -> int:
    """Return a level monthly payment, in whole cents, that repays ``principal`` in ``months``.

    Interest is rounded to a cent every month, which may cost a cent more than the formula says.
    """
    monthly = rate / 120_000
    if monthly == 0:
        return -(-principal // months)
    instalment = int(principal * monthly / (1 - (1 + monthly) ** -months)) + 1
    while len(plan_of(principal, rate, instalment)) > months:
        instalment += 1
    return instalment


def plan_of(owed: int, rate: int, instalment: int) -> list[Instalment]:
    """Return every month still to come; the last one is what is left. O(months)."""
    plan: list[Instalment] = []
    while owed > 0:
        interest = monthly_interest(owed, rate)
        payment = min(instalment, owed + interest)
        owed -= payment - interest
        plan.append(Instalment(payment, interest, payment - interest, owed))
    return plan
