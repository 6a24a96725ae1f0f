"""A travel world: real airports and time zones, fictional airlines, a company's travel desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.loading import load_spec
from fr_envs.domains.travel.handlers import (
    bookings,
    cars,
    changes,
    checkin,
    flights,
    holds,
    hotels,
    insurance,
    money,
    places,
    travellers,
    trips,
    waiting,
)
from fr_envs.domains.travel.hooks import HOOKS
from fr_envs.world.domain import Domain, handlers_in

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import Travel

__all__ = ["DOMAIN"]

_MODULES = (
    places, flights, holds, bookings, changes, checkin, travellers, money, hotels, cars, insurance, trips, waiting
)  # fmt: skip

DOMAIN: Domain[Travel] = Domain(load_spec("travel"), handlers_in(*_MODULES), HOOKS)
