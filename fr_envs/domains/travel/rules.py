"""The rules of fares, refunds, changes, points and insurance, as plain functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.travel.inventory import disrupted, fare_price, status_of
from fr_envs.domains.travel.lookup import flights_of, now_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.domains.travel.network import Carrier, Flight
    from fr_envs.domains.travel.state import Booking, Hold, Travel

__all__ = [
    "GRACE", "MOST_BAGS", "PLANS", "FareRules", "Plan", "bookable", "cancellation_refund", "claim_amount",
    "connection_price", "documents_cover", "earned_points", "legs_of", "points_price", "rules_of", "upgrade_points",
]  # fmt: skip

GRACE = 24 * 60
"""Within this time of paying, in minutes, a booking that leaves in a week or later is refunded in full."""

MOST_BAGS = 5
"""Bags that can be bought for one booking."""

_GRACE_AHEAD = 7 * 24 * 60


class FareRules(NamedTuple):
    """What a fare allows: fees in minor units, None where it cannot be done; bags included."""

    change: int | None
    cancel: int | None
    bags: int
    seat_choice: bool


def rules_of(carrier: Carrier, family: str) -> FareRules:
    """Return the rules of a fare family of a carrier."""
    if family == "light":
        return FareRules(None, None, 0, seat_choice=False)
    if family == "classic":
        return FareRules(carrier.change_fee, carrier.cancel_fee, 1, seat_choice=True)
    return FareRules(0, 0, 2 if family == "business" else 1, seat_choice=True)


def connection_price(flights: Sequence[Flight], family: str) -> int:
    """Return the price of a journey: one flight at its fare, several at 15 % less together."""
    total = sum(fare_price(flight, family) for flight in flights)
    return total if len(flights) == 1 else total * 85 // 10000 * 100


def legs_of(state: Travel, booking: Booking) -> list[Flight]:
    """Return the flights of a booking, in order."""
    return flights_of(state, tuple(leg.flight_id for leg in booking.legs))


def cancellation_refund(state: Travel, booking: Booking) -> int:
    """Return what comes back when a paid booking is cancelled now, in minor units."""
    flights, now = legs_of(state, booking), now_of(state)
    if any(disrupted(state, flight) for flight in flights):
        return booking.fare + booking.extras
    if now - booking.bought <= GRACE and flights[0].departs - now >= _GRACE_AHEAD:
        return booking.fare + booking.extras
    fee = rules_of(flights[0].carrier, booking.family).cancel
    return 0 if fee is None else max(0, booking.fare - fee)


def points_price(amount: int, rate: int) -> int:
    """Return how many points pay for an amount in minor units: eighty for the worth of a euro."""
    return amount * 80 // rate


def upgrade_points(flights: Sequence[Flight]) -> int:
    """Return how many points lift a journey into business class."""
    return sum(4000 + 25 * flight.minutes for flight in flights)


def earned_points(fare: int, rate: int) -> int:
    """Return the points that a flown fare in minor units earns: five for the worth of a euro."""
    return fare * 5 // rate


def bookable(state: Travel, hold: Hold) -> bool:
    """Return True if a hold is within the limit or has approval."""
    if hold.price <= state.budget["budget"].limit:
        return True
    return any(approval.status == "granted" for approval in state.approvals.by("hold_id", hold.hold_id))


def documents_cover(state: Travel, booking: Booking) -> bool:
    """Return True if the traveller has a passport for every border of the journey, valid on the day."""
    abroad = [flight for flight in legs_of(state, booking) if flight.international]
    expires = state.passengers[booking.passenger_id].passport_expires
    return all(expires >= flight.arrival[:10] for flight in abroad)


class Plan(NamedTuple):
    """A kind of insurance: price as a share of the fare, and the reasons that it pays for."""

    plan_id: str
    name: str
    percent: int
    covers: tuple[str, ...]


PLANS = (
    Plan("PLN1", "Basic", 4, ("delay",)),
    Plan("PLN2", "Plus", 7, ("delay", "cancellation")),
    Plan("PLN3", "Complete", 11, ("delay", "cancellation", "illness")),
)


def claim_amount(state: Travel, booking: Booking, reason: str, rate: int) -> int:
    """Return what insurance pays for a reason, in minor units; 0 where nothing of the kind has happened.

    A long delay pays 100 euros, a cancellation by the carrier 200, illness what a cancelled booking did not give back.
    """
    if reason == "illness":
        given = -sum(i.amount for i in state.invoices.by("about", booking.booking_id) if i.amount < 0)
        return max(0, booking.fare - given) if booking.status == "cancelled" and not booking.points else 0
    statuses = [status_of(state, flight) for flight in legs_of(state, booking)]
    if reason == "cancellation":
        return 200 * rate if any(status.word == "cancelled" for status in statuses) else 0
    return 100 * rate if any(status.delay >= 120 for status in statuses) else 0
