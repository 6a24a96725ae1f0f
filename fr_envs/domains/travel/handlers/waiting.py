"""Time passes here and nowhere else; what is due by then happens."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from fr_envs.domains.travel.codes import draw
from fr_envs.domains.travel.inventory import release_legs, status_of
from fr_envs.domains.travel.journeys import end_hold, keep_seats
from fr_envs.domains.travel.lookup import add_points, flight_named, home_text, net_of, now_of, refund
from fr_envs.domains.travel.rules import earned_points, legs_of
from fr_envs.domains.travel.state import Booking, Sold, Travel, Waiting
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject

_WAITLIST_SHUTS = 6 * 60


class _Due(NamedTuple):
    """Something that happens at ``at``; sorted by time, then by what and to whom."""

    at: int
    what: str
    id: str


class _Passed(NamedTuple):
    """What time has done."""

    state: Travel
    events: list[JsonObject]


def wait_hours(state: Travel, hours: int) -> Effect[Travel]:
    """Let time pass."""
    end = now_of(state) + hours * 60
    world = state.world["world"]
    if end >= (world.first_day + world.days - 719163) * 24 * 60:
        raise Refusal("end_of_timetable")
    before = state
    state, events = _pass(state, end)
    now = home_text(state, end)
    return Effect(state, {"local_time": now, "date": now[:10], "events": [*events, *_announcements(before, state)]})


def pass_until(desk: Travel, moment: int) -> Travel:
    """Return the desk at a later moment, in seconds since 1970 UTC; beyond the timetable too, where nothing flies."""
    end = moment // 60
    return _pass(desk, end).state if end > now_of(desk) else desk


def _pass(state: Travel, end: int) -> _Passed:
    """Let time pass until ``end``, in minutes since 1970 UTC; what is due by then happens, in order."""
    start = now_of(state)
    events: list[JsonObject] = []
    agenda = [due for due in _agenda(state) if due.at <= end]
    heapq.heapify(agenda)
    while agenda:
        due = heapq.heappop(agenda)
        at, holds = max(due.at, start), state.holds
        state = replace(state, clock=state.clock.put("clock", replace(state.clock["clock"], now=at)))
        state = _HAPPEN[due.what](state, due.id)
        events.append({"event": due.what, "about": due.id, "time": home_text(state, at)})
        if len(state.holds) > len(holds):  # a waiting list has cleared: its hold may expire within this very wait
            hold = state.holds[state.holds.keys()[-1]]
            if hold.expires <= end:
                heapq.heappush(agenda, _Due(hold.expires, "hold_expired", hold.hold_id))
    return _Passed(replace(state, clock=state.clock.put("clock", replace(state.clock["clock"], now=end))), events)


def _agenda(state: Travel) -> Iterator[_Due]:
    """Iterate over everything that is still to happen, near or far."""
    for hold in state.holds.by("status", "active"):
        yield _Due(hold.expires, "hold_expired", hold.hold_id)
    for booking in state.bookings.by("status", "reserved"):
        yield _Due(booking.due, "booking_lapsed", booking.booking_id)
    for booking in state.bookings.by("status", "ticketed"):
        last = legs_of(state, booking)[-1]
        yield _Due(last.arrives + 300, "journey_over", booking.booking_id)
    for claim in state.claims.by("status", "processing"):
        yield _Due(claim.decides, "claim_paid", claim.claim_id)
    for waiting in state.waitlist.by("status", "waiting"):
        yield _waiting_due(state, waiting)


def _waiting_due(state: Travel, waiting: Waiting) -> _Due:
    """Three in five of those who wait get a seat, half an hour to a day and a half after they joined."""
    flight = flight_named(state, waiting.flight_id)
    luck = draw(state.world["world"].seed, 4, flight.key, waiting.joined)
    clears, shuts = waiting.joined + 30 + luck // 100 % 2160, flight.departs - _WAITLIST_SHUTS
    if luck % 5 < 3 and clears < shuts and status_of(state, flight).word != "cancelled":
        return _Due(clears, "waitlist_cleared", waiting.waitlist_id)
    return _Due(shuts, "waitlist_closed", waiting.waitlist_id)


def _expire_hold(state: Travel, hold_id: str) -> Travel:
    return end_hold(state, state.holds[hold_id], "expired")


def _lapse_booking(state: Travel, booking_id: str) -> Travel:
    return _end(state, state.bookings[booking_id], "lapsed")


def _end(state: Travel, booking: Booking, status: str) -> Travel:
    """Close a booking that nobody flew, and give its seats back."""
    state = release_legs(state, booking, booking.legs)
    legs = tuple(replace(leg, seat="") for leg in booking.legs)
    booking = replace(booking, status=status, legs=legs, checked_in=False)
    return replace(state, bookings=state.bookings.put(booking.booking_id, booking))


def _end_journey(state: Travel, booking_id: str) -> Travel:
    """Pay out the points of a journey that took place; who was left behind by a cancelled flight gets the fare back."""
    booking = state.bookings[booking_id]
    flights = legs_of(state, booking)
    if any(status_of(state, flight).word == "cancelled" for flight in flights):
        state = add_points(state, booking.points, f"Refund of {booking_id}")
        if not booking.points:
            back = booking.fare + booking.extras
            state = refund(state, booking.payment_method_id, back, "Refund: flight cancelled", booking_id)
        return _end(state, booking, "cancelled")
    earned = 0 if booking.points else earned_points(booking.fare, state.world["world"].rate)
    state = add_points(state, earned, f"Flight to {flights[-1].destination.city}")
    account = state.loyalty["loyalty"]
    state = replace(state, loyalty=state.loyalty.put("loyalty", replace(account, flown=account.flown + earned)))
    return replace(state, bookings=state.bookings.put(booking_id, replace(booking, status="flown")))


def _pay_claim(state: Travel, claim_id: str) -> Travel:
    claim = state.claims[claim_id]
    policy = state.policies[claim.policy_id]
    state = refund(state, policy.payment_method_id, claim.amount, "Insurance claim", claim_id)
    return replace(state, claims=state.claims.put(claim_id, replace(claim, status="paid")))


def _clear_waiting(state: Travel, waitlist_id: str) -> Travel:
    """Give a seat that a stranger returned to who waits, as a hold."""
    waiting = state.waitlist[waitlist_id]
    flight = flight_named(state, waiting.flight_id)
    if status_of(state, flight).word == "cancelled":  # announced while the traveller was waiting
        return _close_waiting(state, waitlist_id)
    sold = state.sold.get(flight.flight_id) or Sold(flight.flight_id, 0, 0, 0)
    state = replace(state, sold=state.sold.put(flight.flight_id, replace(sold, released=sold.released + 1)))
    state, _ = keep_seats(state, (flight,), "classic", waiting.passenger_id)
    return replace(state, waitlist=state.waitlist.put(waitlist_id, replace(waiting, status="cleared")))


def _close_waiting(state: Travel, waitlist_id: str) -> Travel:
    waiting = state.waitlist[waitlist_id]
    return replace(state, waitlist=state.waitlist.put(waitlist_id, replace(waiting, status="closed")))


_HAPPEN = {
    "hold_expired": _expire_hold,
    "booking_lapsed": _lapse_booking,
    "journey_over": _end_journey,
    "claim_paid": _pay_claim,
    "waitlist_cleared": _clear_waiting,
    "waitlist_closed": _close_waiting,
}


def _announcements(before: Travel, after: Travel) -> list[JsonObject]:
    """List the delays and cancellations of booked flights that became known."""
    found, net = [], net_of(after)
    for booking in after.bookings.by("status", "ticketed"):
        for leg in booking.legs:
            flight = net.read_flight(leg.flight_id)
            assert flight is not None
            old, new = status_of(before, flight), status_of(after, flight)
            if (new.delay, new.word == "cancelled") != (old.delay, old.word == "cancelled"):
                word = "flight_cancelled" if new.word == "cancelled" else "flight_delayed"
                found.append({"event": word, "about": booking.booking_id, "time": home_text(after, now_of(after))})
    return found
