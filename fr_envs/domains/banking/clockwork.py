"""The day it is, and letting days pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domain import Effect
from fr_envs.domains.banking.days import business_day_after, is_business_day
from fr_envs.domains.banking.ledger import clock
from fr_envs.domains.banking.running import pass_days

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
