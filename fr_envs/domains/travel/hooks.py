"""What the world knows beyond its contract: facts, what a user can mean, and values that make sense now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from fr_envs.domains.travel import people
from fr_envs.domains.travel.handlers.ground import rental_row, stay_row
from fr_envs.domains.travel.handlers.waiting import pass_until
from fr_envs.domains.travel.inventory import disrupted
from fr_envs.domains.travel.journeys import booking_row
from fr_envs.domains.travel.lookup import day_of, flights_of, home_text, iso_day, net_of, now_of, today
from fr_envs.domains.travel.rates import RATES
from fr_envs.domains.travel.rules import PLANS, bookable, documents_cover, legs_of, rules_of
from fr_envs.domains.travel.world import SPAN, begin, initial
from fr_envs.json_values import Json, JsonObject
from fr_envs.streams import pick
from fr_envs.world.briefing import day_told
from fr_envs.world.domain import Entities, Hooks, TimeHooks

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.domains.travel.network import Network
    from fr_envs.domains.travel.state import Booking, Travel

__all__ = ["HOOKS"]

Arguments = Mapping[str, Json]


# Facts. Of something that does not exist every fact holds, so that the tool itself can say that it does not exist.


def _of_booking(holds: Callable[[Travel, Booking], bool]) -> Callable[[Travel, str], bool]:
    def predicate(state: Travel, booking_id: str) -> bool:
        booking = state.bookings.get(booking_id)
        return booking is None or holds(state, booking)

    return predicate


def _cleared_to_book(state: Travel, hold_id: str) -> bool:
    hold = state.holds.get(hold_id)
    return hold is None or bookable(state, hold)


def _licence_on_file(state: Travel, passenger_id: str) -> bool:
    passenger = state.passengers.get(passenger_id)
    return passenger is None or bool(passenger.licence)


def _stay_kept(state: Travel, stay_id: str) -> bool:
    stay = state.stays.get(stay_id)
    return stay is None or stay.status != "cancelled"


def _rental_kept(state: Travel, rental_id: str) -> bool:
    rental = state.rentals.get(rental_id)
    return rental is None or rental.status != "cancelled"


def _changeable(state: Travel, booking: Booking) -> bool:
    return not booking.points and rules_of(legs_of(state, booking)[0].carrier, booking.family).change is not None


def _uninsured(state: Travel, booking: Booking) -> bool:
    return not state.policies.keys_by("booking_id", booking.booking_id)


_FACTS: dict[str, Callable[..., bool]] = {
    "still_booked": _of_booking(lambda _, booking: booking.status in ("reserved", "ticketed")),
    "reserved": _of_booking(lambda _, booking: booking.status == "reserved"),
    "ticketed": _of_booking(lambda _, booking: booking.status == "ticketed"),
    "cancelled": _of_booking(lambda _, booking: booking.status == "cancelled"),
    "checked_in": _of_booking(lambda _, booking: booking.checked_in),
    "paid_with_points": _of_booking(lambda _, booking: bool(booking.points)),
    "changeable": _of_booking(_changeable),
    "uninsured": _of_booking(_uninsured),
    "stay_kept": _stay_kept,
    "rental_kept": _rental_kept,
    "documents_complete": _of_booking(documents_cover),
    "disrupted": _of_booking(lambda state, booking: any(disrupted(state, f) for f in legs_of(state, booking))),
    "cleared_to_book": _cleared_to_book,
    "licence_on_file": _licence_on_file,
}


# What a user can mean.


def _rows(rows: Iterable[JsonObject], key: str) -> Entities:
    return {row[key]: row for row in rows}


def _airports(state: Travel) -> Entities:
    return {a.code: {"city": a.city, "name": a.name, "country": a.country} for a in net_of(state).airports}


def _passengers(state: Travel) -> Entities:
    return {p.passenger_id: {"passenger_name": p.name, "department": p.department} for p in state.passengers.values()}


def _payments(state: Travel) -> Entities:
    return {m.payment_method_id: {"type": m.type, "label": m.label, "ending": m.tail} for m in state.payments.values()}


def _bookings(state: Travel) -> Entities:
    return _rows((booking_row(state, booking) for booking in state.bookings.values()), "booking_id")


def _stays(state: Travel) -> Entities:
    return _rows((stay_row(state, stay) for stay in state.stays.values()), "stay_id")


def _rentals(state: Travel) -> Entities:
    return _rows((rental_row(state, rental) for rental in state.rentals.values()), "rental_id")


def _holds(state: Travel) -> Entities:
    found = {}
    for hold in state.holds.by("status", "active"):
        found[hold.hold_id] = {
            "destination_city": flights_of(state, hold.flights)[-1].destination.city,
            "passenger_name": state.passengers[hold.passenger_id].name,
            "price": hold.price / 100,
        }
    return found


def _approvals(state: Travel) -> Entities:
    found = {}
    for approval in state.approvals.values():
        hold = state.holds[approval.hold_id]
        found[approval.approval_id] = {
            "destination_city": flights_of(state, hold.flights)[-1].destination.city,
            "passenger_name": state.passengers[hold.passenger_id].name,
        }
    return found


def _waitlist(state: Travel) -> Entities:
    found = {}
    for waiting in state.waitlist.values():
        flight = flights_of(state, (waiting.flight_id,))[0]
        found[waiting.waitlist_id] = {
            "destination_city": flight.destination.city,
            "flight_number": flight.number,
            "passenger_name": state.passengers[waiting.passenger_id].name,
        }
    return found


def _invoices(state: Travel) -> Entities:
    return {
        invoice.invoice_id: {
            "subject": invoice.subject,
            "date": invoice.date,
            "kind": "refund" if invoice.amount < 0 else "charge",
            "amount": abs(invoice.amount) / 100,
        }
        for invoice in state.invoices.values()
    }


def _policies(state: Travel) -> Entities:
    plans = {plan.plan_id: plan.name for plan in PLANS}
    found = {}
    for policy in state.policies.values():
        row = booking_row(state, state.bookings[policy.booking_id])
        found[policy.policy_id] = {
            "destination_city": row["destination_city"],
            "passenger_name": row["passenger_name"],
            "plan_name": plans[policy.plan_id],
        }
    return found


def _claims(state: Travel) -> Entities:
    return {
        c.claim_id: {"claim_reason": c.reason, "amount": c.amount / 100, "pays_on": home_text(state, c.decides)}
        for c in state.claims.values()
    }


def _trips(state: Travel) -> Entities:
    return {t.trip_id: {"trip_name": t.name, "items": len(t.items)} for t in state.trips.values()}


_ENTITIES: dict[str, Callable[[Travel], Entities]] = {
    "airport_code": _airports, "passenger_id": _passengers, "payment_method_id": _payments, "booking_id": _bookings,
    "stay_id": _stays, "rental_id": _rentals, "hold_id": _holds, "approval_id": _approvals, "waitlist_id": _waitlist,
    "invoice_id": _invoices, "policy_id": _policies, "claim_id": _claims, "trip_id": _trips,
}  # fmt: skip


# Values that make sense now.


def _city(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return pick(rng, net_of(state).cities)


def _last_day(state: Travel) -> int:
    world = state.world["world"]
    return world.first_day + world.days - 1


def _day(state: Travel, rng: np.random.Generator, spare: int = 0) -> str:
    first = today(state)
    return iso_day(first + int(rng.integers(1, max(2, _last_day(state) - first - spare))))


def _date(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return _day(state, rng)


def _stay_date(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return _day(state, rng, 6)


_SOON = 0.2
"""Share of searches for a flight that leaves today or within two days."""


def _flight_date(state: Travel, arguments: Arguments, rng: np.random.Generator) -> Json:
    """Return a day on which something flies between the two airports, if a few tries find one."""
    net = net_of(state)
    ends = net.index.get(str(arguments.get("origin"))), net.index.get(str(arguments.get("destination")))
    soon = rng.random() < _SOON
    for _ in range(4):
        date = iso_day(today(state) + int(rng.integers(0, 3))) if soon else _day(state, rng)
        if _flies(net, ends, date):
            return date
    return _day(state, rng)


def _flies(net: Network, ends: tuple[int | None, int | None], date: str) -> bool:
    one, other = ends
    weekday = day_of(date) - 1
    return (
        one is not None
        and other is not None
        and any(net.templates[i].weekdays >> weekday % 7 & 1 for i in net.by_route.get((one, other), ()))
    )


def _birth_date(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return iso_day(today(state) - int(rng.integers(19 * 365, 65 * 365)))


def _expiry(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return iso_day(today(state) + int(rng.integers(400, 3600)))


def _name(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return f"{pick(rng, people.FIRST_NAMES)} {pick(rng, people.LAST_NAMES)}"


def _document(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return f"{pick(rng, 'CFGHJKLNPRTX')}{int(rng.integers(10**7, 10**8))}"


def _ending(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return str(int(rng.integers(1000, 10000)))


def _currency(state: Travel, _: Arguments, rng: np.random.Generator) -> Json:
    return pick(rng, [code for code in RATES if code != state.world["world"].currency])


def _claim_reason(state: Travel, arguments: Arguments, rng: np.random.Generator) -> Json:
    policy = state.policies.get(str(arguments.get("policy_id")))
    covers = next((plan.covers for plan in PLANS if policy and plan.plan_id == policy.plan_id), ("delay",))
    return pick(rng, covers)


HOOKS: Hooks[Travel] = Hooks(
    initial=initial,
    facts=_FACTS,
    entities=_ENTITIES,
    suggest={
        "city_name": _city, "date": _date, "search_flights.date": _flight_date,
        "search_hotels.check_in": _stay_date, "list_room_offers.check_in": _stay_date, "move_stay.check_in": _stay_date,
        "search_cars.pickup_date": _stay_date, "add_passenger.birth_date": _birth_date,
        "add_passport.expires_on": _expiry, "add_driving_licence.expires_on": _expiry,
        "add_payment_card.expires_on": _expiry, "new_name": _name, "document_number": _document,
        "card_ending": _ending, "currency": _currency, "claim_reason": _claim_reason,
    },
    busy=True,
    time=TimeHooks(lambda state: now_of(state) * 60, pass_until, begin, SPAN),
    briefing=lambda state: f"{day_told(iso_day(today(state)))} Prices are in {state.world['world'].currency}.",
)  # fmt: skip
