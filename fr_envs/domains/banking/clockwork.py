"""The day it is, and letting days pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.banking.days import business_day_after, day_of, days_between, is_business_day, start_of
from fr_envs.domains.banking.ledger import clock
from fr_envs.domains.banking.running import pass_days
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from fr_envs.domains.banking.state import Bank


def get_date(state: Bank) -> Effect[Bank]:
    """Return the day it is."""
    today = clock(state).today
    value = {
        "date": today, "business_day": is_business_day(today), "next_business_day": business_day_after(today)
    }  # fmt: skip
    return Effect(state, value)


def wait_days(state: Bank, days: int) -> Effect[Bank]:
    """Let days pass; whatever falls due runs."""
    state, done, failed = pass_days(state, days)
    return Effect(state, {"date": clock(state).today, "executed": done, "failed": failed})


def now_of(bank: Bank) -> int:
    """Return the moment at which the bank's day began, in seconds since 1970 UTC."""
    return start_of(clock(bank).today)


def pass_until(bank: Bank, moment: int) -> Bank:
    """Return the bank on the day of a later moment; whatever falls due until then has run."""
    days = days_between(clock(bank).today, day_of(moment))
    return pass_days(bank, days).state if days > 0 else bank
