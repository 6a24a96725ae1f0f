"""What comes back for what is cancelled, at any moment of random walks, against rules written down a second time.

1. A booking gives back everything when a flight is cancelled or late by two hours, or within a day of paying if the
   journey begins a week later or more; else what its fare says: nothing (light), all but the airline's fee (classic),
   the fare (flex, business). What points have paid comes back as points.
2. A stay costs nothing until the hotel's deadline before 15:00 of the first day, then a night; a hire nothing until a
   day before pick-up at 09:00, then 30 euros at most.
3. What comes back is booked once: to the way of paying, to the budget, and as one invoice; seats, rooms and cars too.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from fr_envs.domains.travel.catalogue import catalogue
from fr_envs.domains.travel.inventory import status_of
from fr_envs.domains.travel.lookup import net_of
from tests.fr_envs.domains.travel_checks import check_all
from tests.fr_envs.domains.travel_desk import Walk, call

if TYPE_CHECKING:
    from fr_envs.domains.travel.network import Flight
    from fr_envs.domains.travel.state import Booking, Rental, Stay, Travel
    from fr_envs.json_values import JsonObject

DAY = 24 * 60


def legs(state: Travel, booking: Booking) -> list[Flight]:
    found = [net_of(state).read_flight(leg.flight_id) for leg in booking.legs]
    return [flight for flight in found if flight is not None]


def back_of_booking(state: Travel, booking: Booking) -> int:
    """What rule 1 says, in minor units."""
    if booking.status == "reserved":
        return 0
    flights, now = legs(state, booking), state.clock["clock"].now
    statuses = [status_of(state, flight) for flight in flights]
    failed = any(s.word == "cancelled" or (s.word == "delayed" and s.delay >= 120) for s in statuses)
    if failed or (now <= booking.bought + DAY and flights[0].departs >= now + 7 * DAY):
        return booking.fare + booking.extras
    fees = {"light": booking.fare, "classic": flights[0].carrier.cancel_fee}
    return max(0, booking.fare - fees.get(booking.family, 0))


def minutes_until(state: Travel, day: int, hour: int, tz: str) -> float:
    moment = dt.datetime.combine(dt.date.fromordinal(day), dt.time(hour), ZoneInfo(tz))
    return moment.timestamp() / 60 - state.clock["clock"].now


def back_of_stay(state: Travel, stay: Stay) -> int:
    """What rule 2 says of a stay that lies ahead."""
    shelf = catalogue(state)
    hotel = shelf.hotel(shelf.hotel_ids.read(stay.hotel_id))
    assert hotel is not None
    late = minutes_until(state, stay.first, 15, hotel.tz) < hotel.free_hours * 60
    return stay.price - (stay.price // stay.nights if late else 0)


def back_of_rental(state: Travel, rental: Rental) -> int:
    """What rule 2 says of a hire that lies ahead."""
    net = net_of(state)
    late = minutes_until(state, rental.first, 9, net.airports[net.index[rental.airport]].tz) < DAY
    return rental.price - (min(rental.price, 30 * state.world["world"].rate) if late else 0)


def check_money(state: Travel, after: Travel, method: str, back: int) -> None:
    """Rule 3: one invoice over the sum, on the way of paying and on the budget."""
    new = [row for key, row in after.invoices.rows() if key not in state.invoices]
    assert [row.amount for row in new] == ([-back] if back else [])
    assert state.budget["budget"].spent - after.budget["budget"].spent == back
    if method in state.payments:
        assert state.payments[method].used - after.payments[method].used == back


def cancel_everything(first: Travel, state: Travel, seen: Counter[str]) -> None:
    """Cancel each thing that is open, on a fork of its own."""
    for booking in state.bookings.values():
        outcome = call(state, "cancel_booking", booking_id=booking.booking_id)
        if outcome.error is not None:
            assert outcome.error.code in ("booking_closed", "already_checked_in")
            continue
        back = back_of_booking(state, booking)
        if booking.points:
            assert outcome.value["refund"] == 0
            assert outcome.value["points_back"] == min(booking.points, booking.points * back // booking.fare)
            back = 0
        assert outcome.value["refund"] == pytest.approx(back / 100)
        check_money(state, outcome.state, booking.payment_method_id, back)
        check_all(first, outcome.state)
        seen["whole" if back > booking.fare else "none" if not back else booking.family] += 1
    for stay in state.stays.values():
        outcome = call(state, "cancel_stay", stay_id=stay.stay_id)
        if outcome.error is None:
            back = back_of_stay(state, stay)
            assert outcome.value["refund"] == pytest.approx(back / 100)
            check_money(state, outcome.state, stay.payment_method_id, back)
            check_all(first, outcome.state)
            seen["stay" if back == stay.price else "late stay"] += 1
    for rental in state.rentals.values():
        outcome = call(state, "cancel_rental", rental_id=rental.rental_id)
        if outcome.error is None:
            back = back_of_rental(state, rental)
            assert outcome.value["refund"] == pytest.approx(back / 100)
            check_money(state, outcome.state, rental.payment_method_id, back)
            check_all(first, outcome.state)
            seen["hire" if back == rental.price else "late hire"] += 1


@pytest.mark.slow
def test_refunds_follow_the_rules_at_any_moment() -> None:
    seen: Counter[str] = Counter()
    for seed in range(300, 320):
        walk = Walk(seed, "medium" if seed % 5 == 0 else "small")
        first = walk.state
        for step in range(300):
            walk.step()
            if step % 60:
                continue
            cancel_everything(first, walk.state, seen)
            later = call(walk.state, "wait_hours", hours=int(walk.rng.integers(1, 150)))
            if later.error is None:
                cancel_everything(first, later.state, seen)
    assert seen.keys() >= {"none", "classic", "flex", "business", "whole", "stay", "late stay", "hire", "late hire"}
    assert seen.total() > 500


@pytest.mark.parametrize("seed", range(6))
def test_the_last_free_hour_is_the_last(seed: int) -> None:
    state = Walk(seed, "small").state
    net, shelf = net_of(state), catalogue(state)
    for rental in state.rentals.values():
        ahead = minutes_until(state, rental.first, 9, net.airports[net.index[rental.airport]].tz) - DAY
        check_last_hour(state, "cancel_rental", {"rental_id": rental.rental_id}, ahead)
    for stay in state.stays.values():
        hotel = shelf.hotel(shelf.hotel_ids.read(stay.hotel_id))
        assert hotel is not None
        ahead = minutes_until(state, stay.first, 15, hotel.tz) - hotel.free_hours * 60
        check_last_hour(state, "cancel_stay", {"stay_id": stay.stay_id}, ahead)


def check_last_hour(state: Travel, tool: str, arguments: JsonObject, ahead: float) -> None:
    """Cancel within the last hour before a deadline that is so many minutes ahead, and an hour later."""
    hours = int(ahead // 60)
    in_time = waited(state, hours)
    assert call(in_time, tool, **arguments).value["fee"] == 0
    assert call(waited(in_time, 1), tool, **arguments).value["fee"] > 0


def waited(state: Travel, hours: int) -> Travel:
    while hours > 0:
        state = call(state, "wait_hours", hours=min(hours, 100)).state
        hours -= 100
    return state
