"""First states: a bank, its other customers, and everything that belongs to the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.domains.banking.days import add_days, day_of, start_of
from fr_envs.domains.banking.first_state.belongings import furnish
from fr_envs.domains.banking.first_state.builder import Builder, Sizes
from fr_envs.domains.banking.first_state.draws import Draws
from fr_envs.domains.banking.first_state.frozen import frozen, last_rates_date, pool_of
from fr_envs.domains.banking.first_state.people import HOMES, bank_name, customer
from fr_envs.domains.banking.state import Bank, Clock, Customer, Session, Tariff, Usage
from fr_envs.world.state import Table

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.world.domain import Scale

__all__ = ["SPAN", "begin", "initial"]


class _Scale(NamedTuple):
    """How many other accounts the bank has, and how much the user has."""

    others: int
    user: Sizes


_SCALES: dict[Scale, _Scale] = {
    "tiny": _Scale(3, Sizes(1, 1, 2, 2, 1)),
    "small": _Scale(8, Sizes(2, 2, 4, 10, 2)),
    "medium": _Scale(2_000, Sizes(4, 4, 12, 40, 6)),
    "large": _Scale(99_990, Sizes(5, 5, 20, 60, 8)),
    "busy": _Scale(60, Sizes(5, 5, 60, 400, 24)),
}
_FIRST_DAY = "2023-05-10"
_DAYS = 1_500
SPAN = (start_of(_FIRST_DAY), start_of(add_days(_FIRST_DAY, _DAYS)))
"""First and last moment at which a bank can begin, in seconds since 1970 UTC."""


def _clock(draws: Draws, user: str, day: str | None) -> Clock:
    country = draws.pick(tuple(HOMES))
    own = add_days(_FIRST_DAY, draws.within(0, _DAYS))
    today = own if day is None else day
    name = bank_name(pool_of(country, HOMES[country]), draws)
    letters = "".join(chr(65 + draws.within(0, 25)) for _ in range(4))
    known = frozen().banks[country]
    code = next(iter(known))
    own = letters if code.isalpha() else _free_code(draws, len(code), known)
    return Clock(
        today=today, rates_date=last_rates_date(today), user=user, bank=name, country=country, bank_code=own,
        bic=f"{letters}{country}{draws.within(20, 99)}XXX", salt=draws.within(10_000, 999_999_999),
    )  # fmt: skip


def _free_code(draws: Draws, width: int, known: dict[str, tuple[str, str]]) -> str:
    code = f"{draws.within(10 ** (width - 1), 10**width - 1)}"
    return _free_code(draws, width, known) if code in known else code


def _tariff(draws: Draws) -> Tariff:
    return Tariff(
        standard_fee=draws.pick((0, 10, 20, 35)), instant_fee=draws.pick((50, 75, 99, 150)),
        foreign_fee=draws.pick((800, 1000, 1250, 1500)), reissue_fee=draws.pick((500, 800, 1000, 1500)),
        spread=draws.pick((40, 75, 100, 150)), overdraft_rate=draws.pick((790, 990, 1190)),
        loan_rate=draws.pick((390, 490, 590, 690)),
    )  # fmt: skip


def _others(builder: Builder, count: int, draws: Draws) -> dict[str, Customer]:
    """Give the bank other customers, one to three accounts each."""
    found: dict[str, Customer] = {}
    while count > 0:
        row = customer(builder.new_id("customers"), builder.clock.country, draws)
        found[row.customer_id] = row
        for _ in range(min(count, draws.pick((1, 1, 2, 3)))):
            currency = "EUR" if draws.chance(0.85) else draws.pick(("USD", "GBP", "CHF"))
            kind = "checking" if draws.chance(0.7) else "savings"
            builder.open(row.customer_id, kind, currency, kind.capitalize(), draws.price(5_000, 2_000_000))
            count -= 1
    return found


def initial(rng: np.random.Generator, scale: Scale) -> Bank:
    """Build a first state: everything in it follows from ``rng`` and ``scale``."""
    return _built(rng, scale, None)


def begin(rng: np.random.Generator, scale: Scale, moment: int) -> Bank:
    """Build a first state on the day of a moment, in seconds since 1970 UTC."""
    return _built(rng, scale, day_of(moment))


def _built(rng: np.random.Generator, scale: Scale, day: str | None) -> Bank:
    draws, sizes = Draws(rng), _SCALES[scale]
    builder = Builder(draws)
    builder.clock = _clock(draws, builder.new_id("customers"), day)
    user = customer(builder.clock.user, builder.clock.country, draws)
    tariff = _tariff(draws)
    customers = _others(builder, sizes.others, draws)
    furnish(builder, tariff, sizes.user)
    return msgspec.structs.replace(
        builder.state(),
        clock=Table("clock", {"now": builder.clock}),
        tariff=Table("tariff", {"now": tariff}),
        session=Table("session", {"me": Session(signed_in=draws.chance(0.97))}),
        usage=Table("usage", {"me": Usage("", 0)}),
        customers=Table("customers", {user.customer_id: user, **customers}),
    )
