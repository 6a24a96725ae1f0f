"""A bank: accounts, cards, payees, payments, loans and a double-entry ledger behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.loading import load_spec
from fr_envs.domains.banking import clockwork, watch
from fr_envs.domains.banking.first_state import bills
from fr_envs.domains.banking.handlers import (
    accounts,
    cards,
    claims,
    exchange,
    loans,
    payees,
    payments,
    profile,
    sessions,
    standing,
    transactions,
)
from fr_envs.domains.banking.hooks import HOOKS
from fr_envs.world.domain import Domain, handlers_in

if TYPE_CHECKING:
    from fr_envs.domains.banking.state import Bank

__all__ = ["DOMAIN"]

_MODULES = (
    sessions, profile, clockwork, accounts, transactions, cards, payees, payments, standing, claims, exchange, loans,
    watch, bills,
)  # fmt: skip

DOMAIN: Domain[Bank] = Domain(load_spec("banking"), handlers_in(*_MODULES), HOOKS)
