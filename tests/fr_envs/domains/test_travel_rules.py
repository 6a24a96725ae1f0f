"""The rules of the travel world, one by one.

1. What a cancelled booking gives back follows its fare: nothing (light), all but a fee (classic), all (flex, business).
2. Within a day of paying, a journey a week ahead is refunded in full; so is one whose flight fails.
3. A change costs its fee and the difference; only flex and business give a lower price back.
4. Time alone ends holds, unpaid bookings, waiting lists and journeys, and pays points and claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from fr_envs.domains.travel import DOMAIN
from fr_envs.domains.travel.inventory import cabin_of
from fr_envs.domains.travel.lookup import net_of
from fr_envs.domains.travel.network import AIRCRAFT
from fr_envs.domains.travel.state import Disruption, Travel
from tests.fr_envs.domains.travel_desk import call, day_after
from tests.fr_envs.domains.travel_journeys import (
    DAY,
    at,
    booked,
    date,
    disrupt,
    done,
    fare_of,
    flights_ahead,
    held,
    long_ago,
    now,
    paid,
    sold_out,
    soon_and_later,
    start,
    stranded,
)

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Outcome


# ---------------------------------------------------------------------------------------------- refunds and changes


@pytest.mark.parametrize("family", ["light", "classic", "flex", "business"])
def test_a_refund_follows_the_fare(family: str) -> None:
    flight = flights_ahead(start(), 200, 320)[0]
    state, booking_id = paid(start(), flight, family)
    state = long_ago(state, booking_id)
    rules = call(state, "get_fare_rules", fare_id=fare_of(state, flight, family)).value
    price = state.bookings[booking_id].fare / 100
    expected = max(0.0, price - rules["cancellation_fee"]) if rules["refundable"] else 0.0
    quote = done(call(state, "quote_cancellation", booking_id=booking_id)).value
    before = call(state, "get_travel_budget").value["remaining"]
    outcome = done(call(state, "cancel_booking", booking_id=booking_id))
    assert quote["refund"] == outcome.value["refund"] == pytest.approx(expected)
    assert quote["fee"] == pytest.approx(price - expected)
    assert call(outcome.state, "get_travel_budget").value["remaining"] == pytest.approx(before + expected)
    assert DOMAIN.holds(outcome.state, "ticketed", booking_id) is False


def test_a_fresh_booking_a_week_ahead_is_refunded_in_full() -> None:
    state, booking_id = paid(start(), flights_ahead(start(), 200, 320)[0], "light")
    quote = done(call(state, "quote_cancellation", booking_id=booking_id)).value
    assert quote["refund"] == state.bookings[booking_id].fare / 100
    assert quote["fee"] == 0


@pytest.mark.parametrize(("delay", "whole"), [(-1, True), (120, True), (115, False)])
def test_a_failed_flight_is_refunded_in_full(delay: int, whole: bool) -> None:
    flight = flights_ahead(start(), 30, 100)[0]
    state, booking_id = paid(start(), flight, "light")
    state = done(call(state, "add_bag", booking_id=booking_id, payment_method_id="PAY00001")).state
    booking = state.bookings[booking_id]
    quote = done(call(disrupt(state, flight, delay), "quote_cancellation", booking_id=booking_id)).value
    assert quote["refund"] == ((booking.fare + booking.extras) / 100 if whole else 0)


def test_points_come_back_as_points() -> None:
    flight = flights_ahead(start(), 200, 320)[0]
    state, booking_id = booked(start(), flight, "flex")
    before = state.loyalty["loyalty"].points
    outcome = done(call(state, "pay_with_points", booking_id=booking_id))
    assert outcome.state.loyalty["loyalty"].points == before - outcome.value["points_used"]
    back = done(call(long_ago(outcome.state, booking_id), "cancel_booking", booking_id=booking_id))
    assert back.value["points_back"] == outcome.value["points_used"]
    assert back.value["refund"] == 0
    assert back.state.loyalty["loyalty"].points == before


@pytest.mark.parametrize("family", ["classic", "flex"])
def test_a_change_costs_its_fee_and_the_difference(family: str) -> None:
    state, flight, _, other = soon_and_later()
    for old, new in ((flight, other), (other, flight)):
        changed, booking_id = paid(state, old, family)
        carrier, fare = old.carrier, changed.bookings[booking_id].fare
        fee = 0 if family == "flex" else carrier.change_fee
        difference = round(new.fare * (1.45 if family == "flex" else 1) / 100) * 100 - fare
        difference = difference if family == "flex" else max(0, difference)
        arguments = {"booking_id": booking_id, "flight_id": new.flight_id}
        quote = done(call(changed, "quote_change", **arguments)).value
        assert quote["total"] == pytest.approx((fee + difference) / 100)
        after = done(call(changed, "change_flight", **arguments, payment_method_id="PAY00002"))
        assert after.state.bookings[booking_id].fare == fare + difference
        spent = after.state.budget["budget"].spent - changed.budget["budget"].spent
        assert spent == fee + difference
        assert [leg.flight_id for leg in after.state.bookings[booking_id].legs] == [new.flight_id]


def test_change_options_can_be_taken() -> None:
    state, _, booking_id, other = soon_and_later()
    options = done(call(state, "list_change_options", booking_id=booking_id, date=other.departure[:10])).value
    assert other.flight_id in [row["flight_id"] for row in options["flights"]]


def test_an_upgrade_keeps_the_rules_of_the_fare() -> None:
    flight = flights_ahead(start(), 200, 320)[0]
    state, booking_id = paid(start(), flight, "light")
    upgraded = done(call(state, "upgrade_with_points", booking_id=booking_id))
    assert upgraded.value["cabin"] == "business"
    assert call(upgraded.state, "get_booking", booking_id=booking_id).value["fare_family"] == "light"
    quote = call(long_ago(upgraded.state, booking_id), "quote_cancellation", booking_id=booking_id).value
    assert quote["refund"] == 0
    seats = done(call(upgraded.state, "list_seat_choices", leg_id=f"{booking_id}-1")).value["seats"]
    assert seats == call(upgraded.state, "get_seat_map", flight_id=flight.flight_id, cabin="business").value["seats"]
    arguments = {"leg_id": f"{booking_id}-1", "seat_number": seats[0]["seat_number"]}
    seated = done(call(upgraded.state, "choose_seat", **arguments)).state
    assert f"{flight.flight_id}/{seats[0]['seat_number']}" in seated.seats


def test_whoever_is_stranded_is_rebooked_for_nothing() -> None:
    state, booking_id, options = stranded()
    spent = state.budget["budget"].spent
    outcome = done(call(state, "rebook_disrupted", option_id=options[-1]["option_id"]))
    assert outcome.state.budget["budget"].spent == spent
    assert not DOMAIN.holds(outcome.state, "disrupted", booking_id)


# ---------------------------------------------------------------------------------------------- check-in and documents


def test_the_way_to_a_boarding_pass() -> None:
    flight = next(f for f in flights_ahead(start(), 30, 80) if f.international)
    state, booking_id = paid(start(), flight, "classic", "PAX00002")
    state = at(state, flight.departs - DAY + 1)
    early = at(state, flight.departs - DAY - 1)
    refused = call(state, "check_in", booking_id=booking_id)
    assert refused.error is not None
    assert refused.error.code == "passport_missing"
    document: JsonObject = {"passenger_id": "PAX00002", "passport_number": "C1234567", "expires_on": "2099-01-01"}
    refused = call(done(call(early, "add_passport", **document)).state, "check_in", booking_id=booking_id)
    assert refused.error is not None
    assert refused.error.code == "check_in_not_open"
    state = done(call(state, "add_passport", **document)).state
    checked = done(call(state, "check_in", booking_id=booking_id))
    seat = checked.value["legs"][0]["seat_number"]
    assert seat
    boarding = done(call(checked.state, "get_boarding_pass", booking_id=booking_id)).value
    assert seat in boarding["text"]
    undone = done(call(checked.state, "undo_check_in", booking_id=booking_id)).state
    assert not DOMAIN.holds(undone, "checked_in", booking_id)
    assert f"{flight.flight_id}/{seat}" in undone.seats


def test_a_passport_has_to_be_valid_on_arrival() -> None:
    flight = next(f for f in flights_ahead(start(), 30, 80) if f.international)
    state, booking_id = paid(start(), flight)
    passenger = state.passengers["PAX00001"]
    for expires, enough in ((flight.arrival[:10], True), (day_after(flight.arrival[:10], -1), False)):
        people = state.passengers.put("PAX00001", replace(passenger, passport_expires=expires))
        assert DOMAIN.holds(replace(state, passengers=people), "documents_complete", booking_id) is enough


# ---------------------------------------------------------------------------------------------- time


def events(outcome: Outcome[Travel]) -> list[str]:
    return [event["event"] for event in done(outcome).value["events"]]


def test_a_hold_expires_and_gives_its_seat_back() -> None:
    flight = flights_ahead(start(), 200, 320)[0]
    state, hold_id = held(start(), flight, "classic")
    late = call(state, "wait_hours", hours=25)
    assert "hold_expired" in events(late)
    assert late.state.holds[hold_id].status == "expired"
    assert flight.flight_id not in late.state.sold


def test_an_unpaid_booking_lapses() -> None:
    state, booking_id = booked(start(), flights_ahead(start(), 200, 320)[0])
    late = call(state, "wait_hours", hours=25)
    assert "booking_lapsed" in events(late)
    assert late.state.bookings[booking_id].status == "lapsed"


def test_a_flown_journey_earns_points() -> None:
    flight = flights_ahead(start(), 10, 60)[0]
    state, booking_id = paid(start(), flight)
    before = sum(row.points for row in state.points.values())
    late = call(state, "wait_hours", hours=100)
    assert late.state.bookings[booking_id].status == "flown"
    assert sum(row.points for row in late.state.points.values()) > before
    refused = call(late.state, "add_bag", booking_id=booking_id, payment_method_id="PAY00001")
    assert refused.error is not None
    assert refused.error.code == "not_ticketed"


@pytest.mark.parametrize("points", [False, True])
def test_who_stays_on_a_cancelled_flight_gets_everything_back(points: bool) -> None:
    flight = flights_ahead(start(), 10, 60)[0]
    state, booking_id = booked(start(), flight)
    tool, how = ("pay_with_points", {}) if points else ("pay_booking", {"payment_method_id": "PAY00001"})
    state = disrupt(done(call(state, tool, booking_id=booking_id, **how)).state, flight, -1)
    late = done(call(state, "wait_hours", hours=100))
    assert late.state.bookings[booking_id].status == "cancelled"
    invoices = [row.amount for row in late.state.invoices.by("about", booking_id)]
    assert sum(invoices) == 0


def test_a_claim_is_paid_after_three_days() -> None:
    state = start()
    claimed = done(call(state, "file_claim", policy_id="POL00002", claim_reason="cancellation"))
    late = done(call(claimed.state, "wait_hours", hours=73))
    assert late.state.claims[claimed.value["claim_id"]].status == "paid"
    assert -claimed.value["amount"] * 100 in [row.amount for row in late.state.invoices.values()]


def test_illness_pays_what_the_airline_keeps() -> None:
    state, booking_id = paid(start(), flights_ahead(start(), 200, 320)[0])
    state = long_ago(state, booking_id)
    arguments = {"booking_id": booking_id, "plan_id": "PLN3", "payment_method_id": "PAY00001"}
    insured = done(call(state, "buy_insurance", **arguments))
    cancelled = done(call(insured.state, "cancel_booking", booking_id=booking_id))
    policy = insured.value["policy_id"]
    claim = done(call(cancelled.state, "file_claim", policy_id=policy, claim_reason="illness"))
    assert claim.value["amount"] == pytest.approx(cancelled.value["fee"])


def test_waiting_lists_clear_or_close() -> None:
    ends = set()
    for flight in flights_ahead(start(), 100, 160)[:12]:
        state = sold_out(start(), flight)
        joined = done(call(state, "join_waitlist", flight_id=flight.flight_id, passenger_id="PAX00003"))
        late = done(call(joined.state, "wait_hours", hours=160)).state
        entry = late.waitlist[joined.value["waitlist_id"]]
        ends.add(entry.status)
        if entry.status == "cleared":
            assert late.sold[flight.flight_id].released == 1
            assert "PAX00003" in [hold.passenger_id for hold in late.holds.values() if hold.status == "expired"]
        cancelled = disrupt(joined.state, flight, -1)
        assert done(call(cancelled, "wait_hours", hours=160)).state.waitlist[entry.waitlist_id].status == "closed"
    assert ends == {"cleared", "closed"}


def test_news_of_a_booked_flight_is_told_once() -> None:
    flight = flights_ahead(start(), 60, 100)[0]
    state, booking_id = paid(start(), flight)
    for delay, word in ((90, "flight_delayed"), (-1, "flight_cancelled")):
        row = Disruption(flight.flight_id, delay, now(state) + 60)
        told = call(replace(state, disruptions=state.disruptions.put(flight.flight_id, row)), "wait_hours", hours=2)
        assert {"event": word, "about": booking_id} in [
            {"event": event["event"], "about": event["about"]} for event in told.value["events"]
        ]
        assert word not in [e["event"] for e in call(told.state, "wait_hours", hours=1).value["events"]
                            if e["about"] == booking_id]  # fmt: skip


def test_waiting_twice_is_waiting_once() -> None:
    state = start()
    twice = done(call(done(call(state, "wait_hours", hours=30)).state, "wait_hours", hours=40))
    assert twice.state.bookings == done(call(state, "wait_hours", hours=70)).state.bookings


# ---------------------------------------------------------------------------------------------- hotels, cars, invoices


def test_a_stay_is_moved_and_cancelled_by_the_hotels_rules() -> None:
    state = start()
    stay = call(state, "list_stays").value["stays"][0]
    moves = (call(state, "move_stay", stay_id=stay["stay_id"], check_in=date(state, ahead)) for ahead in range(8, 20))
    moved = next(move for move in moves if move.error is None and move.value["price_difference"])
    assert moved.value["price"] == pytest.approx(stay["price"] + moved.value["price_difference"])
    cancelled = done(call(moved.state, "cancel_stay", stay_id=stay["stay_id"]))
    assert cancelled.value["fee"] == 0
    assert cancelled.value["refund"] == moved.value["price"]
    first = state.stays[stay["stay_id"]].first
    late = at(state, (first - 719163) * DAY)  # midnight before arrival, as far as time zones go
    assert done(call(late, "cancel_stay", stay_id=stay["stay_id"])).value["fee"] > 0


def test_a_car_is_kept_longer_and_cancelled_for_a_fee() -> None:
    state = start()
    rental = call(state, "list_rentals").value["rentals"][0]
    longer = call(state, "extend_rental", rental_id=rental["rental_id"], extra_days=1)
    if longer.error is None:
        assert longer.value["price"] == pytest.approx(rental["price"] + longer.value["amount"])
        assert longer.value["days"] == rental["days"] + 1
    assert done(call(state, "cancel_rental", rental_id=rental["rental_id"])).value["fee"] == 0


def test_an_invoice_in_another_currency() -> None:
    own = call(start(), "get_invoice", invoice_id="INV00001").value
    other = call(start(), "get_invoice", invoice_id="INV00001", currency="USD").value
    again = call(start(), "get_invoice", invoice_id="INV00001", currency=own["currency"]).value
    assert own == again
    assert other["currency"] == "USD"
    assert f"{other['amount']:.2f} USD" in other["text"]


def test_a_trip_adds_up() -> None:
    state = done(call(start(), "create_trip", trip_name="Road show")).state
    for tool, key, identifier in (
        ("add_booking_to_trip", "booking_id", "BKG00001"), ("add_stay_to_trip", "stay_id", "STY00001"),
        ("add_rental_to_trip", "rental_id", "RNT00001"),
    ):  # fmt: skip
        state = done(call(state, tool, trip_id="TRP00002", **{key: identifier})).state
    trip = call(state, "get_trip", trip_id="TRP00002").value
    booking, stay, rental = state.bookings["BKG00001"], state.stays["STY00001"], state.rentals["RNT00001"]
    assert trip["total_cost"] == pytest.approx((booking.fare + booking.extras + stay.price + rental.price) / 100)
    assert len(trip["text"].splitlines()) == 4
    assert [row["items"] for row in call(state, "list_trips").value["trips"]][-1] == 3


def test_seats_of_every_kind_are_found() -> None:
    net = net_of(start())
    for aircraft in AIRCRAFT:
        flight = next(
            found
            for template in range(len(net.templates))
            if (found := net.flight_on(template, net.world.first_day + 6)) and found.aircraft == aircraft
        )
        sides = set()
        for position in ("window", "aisle", "middle"):
            outcome = call(start(), "get_seat_map", flight_id=flight.flight_id, position=position, limit=40)
            if outcome.error is None:
                assert {seat["position"] for seat in outcome.value["seats"]} == {position}
                sides |= {seat["side"] for seat in outcome.value["seats"]}
        assert {"left", "right"} <= sides
        free = call(start(), "get_seat_map", flight_id=flight.flight_id, limit=40).value["seats"]
        cabin = cabin_of(start(), flight, "economy")
        assert not any(cabin.taken(cabin.place_of(seat["seat_number"]) or 0) for seat in free)
