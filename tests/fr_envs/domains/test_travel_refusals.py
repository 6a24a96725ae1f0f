"""Every refusal that the contract of the travel world declares has a way to it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
from msgspec.structs import replace

from fr_envs.domains.travel.catalogue import catalogue
from fr_envs.domains.travel.inventory import cabin_of
from fr_envs.domains.travel.lookup import day_of, flight_named, net_of
from fr_envs.domains.travel.state import Sold, Travel
from fr_envs.world.domain import Outcome
from tests.fr_envs.domains.travel_desk import GENERIC, SPEC, call, day_after, poor
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
    paid,
    sold_out,
    soon_and_later,
    start,
    stranded,
)

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

Scenario: TypeAlias = Callable[[], Outcome[Travel]]

SCENARIOS: dict[tuple[str, str], Scenario] = {}


def reaches(*pairs: tuple[str, str]) -> Callable[[Callable[..., Outcome[Travel]]], Callable[..., Outcome[Travel]]]:
    """Register a scenario; with several pairs it takes the tool and the code."""

    def register(function: Callable[..., Outcome[Travel]]) -> Callable[..., Outcome[Travel]]:
        for pair in pairs:
            SCENARIOS[pair] = functools.partial(function, *pair) if len(pairs) > 1 else function
        return function

    return register


def paying() -> dict[str, tuple[Travel, JsonObject]]:
    """Return for every tool that charges a call that would succeed."""
    state, _, booking_id, other = soon_and_later()
    unpaid, unpaid_id = booked(state, flights_ahead(state, 200, 320)[1])
    hotel = next(
        h for city in net_of(state).cities
        for h in call(state, "search_hotels", city=city, check_in=date(state, 9), nights=2).value.get("hotels", [])
    )  # fmt: skip
    room = call(state, "list_room_offers", hotel_id=hotel["hotel_id"], check_in=date(state, 9), nights=2).value
    car = call(
        state, "search_cars", airport_code=state.clock["clock"].home, pickup_date=date(state, 9), days=2
    ).value["cars"][0]["car_offer_id"]  # fmt: skip
    cheap = replace(state, stays=state.stays.put("STY00001", replace(state.stays["STY00001"], price=100)))
    with_one = {"payment_method_id": "PAY00001", "passenger_id": "PAX00001"}
    pay = {"payment_method_id": "PAY00001"}
    return {
        "pay_booking": (unpaid, {"booking_id": unpaid_id, **pay}),
        "add_bag": (state, {"booking_id": booking_id, **pay}),
        "change_flight": (state, {"booking_id": booking_id, "flight_id": other.flight_id, **pay}),
        "book_room": (state, {"room_offer_id": room["offers"][0]["room_offer_id"], **with_one}),
        "rent_car": (state, {"car_offer_id": car, **with_one}),
        "buy_insurance": (state, {"booking_id": booking_id, "plan_id": "PLN2", **pay}),
        "move_stay": (cheap, {"stay_id": "STY00001", "check_in": dearer_date(cheap)}),
        "extend_rental": longer_rental(state),
    }


def dearer_date(state: Travel) -> str:
    """Return a date on which the first stay would cost more."""
    days = (date(state, ahead) for ahead in range(1, 26))
    moves = ((day, call(state, "move_stay", stay_id="STY00001", check_in=day)) for day in days)
    return next(day for day, move in moves if move.error is None and move.value["price_difference"] > 0)


def longer_rental(state: Travel) -> tuple[Travel, JsonObject]:
    """Rent a car that is free for longer, and return the call that keeps it."""
    for ahead in range(1, 15):
        arguments: JsonObject = {"airport_code": state.clock["clock"].home, "pickup_date": date(state, ahead)}
        for car in call(state, "search_cars", **arguments, days=2).value.get("cars", []):
            arguments = {"car_offer_id": car["car_offer_id"], "passenger_id": "PAX00001"}
            rented = done(call(state, "rent_car", **arguments, payment_method_id="PAY00001"))
            extend: JsonObject = {"rental_id": rented.value["rental_id"], "extra_days": 1}
            if call(rented.state, "extend_rental", **extend).error is None:
                return rented.state, extend
    raise AssertionError("no car can be kept longer")


PAYING = ("pay_booking", "add_bag", "change_flight", "book_room", "rent_car", "buy_insurance", "move_stay",
          "extend_rental")  # fmt: skip


@reaches(*[(tool, code) for tool in PAYING
           for code in ("unknown_payment_method", "payment_declined", "over_budget")])  # fmt: skip
def refused_payment(tool: str, code: str) -> Outcome[Travel]:
    state, arguments = paying()[tool]
    method = state.payments["PAY00001"]
    if code == "over_budget":
        state = poor(state)
    elif code == "payment_declined":
        state = replace(state, payments=state.payments.put("PAY00001", replace(method, limit=0)))
        expired = replace(state, payments=state.payments.put("PAY00001", replace(method, expires="2020-01-01")))
        declined = call(expired, tool, **arguments).error
        assert declined is not None
        assert (declined.code, declined.message) == (code, "The payment method has expired.")
    else:
        state = replace(state, payments=state.payments.drop("PAY00001"))
    return call(state, tool, **arguments)


@reaches(("book_room", "unknown_passenger"), ("rent_car", "unknown_passenger"))
def nobody_to_pay_for(tool: str, _: str) -> Outcome[Travel]:
    state, arguments = paying()[tool]
    return call(state, tool, **{**arguments, "passenger_id": "PAX99999"})


@reaches(("hold_fare", "unknown_passenger"), ("hold_connection", "unknown_passenger"),
         ("join_waitlist", "unknown_passenger"), ("add_passport", "unknown_passenger"),
         ("add_driving_licence", "unknown_passenger"))  # fmt: skip
def nobody(tool: str, _: str) -> Outcome[Travel]:
    state, flight = start(), flights_ahead(start(), 200, 320)[0]
    arguments: dict[str, JsonObject] = {
        "hold_fare": {"fare_id": fare_of(state, flight, "flex")},
        "hold_connection": {"itinerary_id": connection(state)},
        "join_waitlist": {"flight_id": flight.flight_id},
        "add_passport": {"passport_number": "C1234567", "expires_on": "2099-01-01"},
        "add_driving_licence": {"licence_number": "C1234567", "expires_on": "2099-01-01"},
    }
    return call(state, tool, passenger_id="PAX99999", **arguments[tool])


def connection(state: Travel, ahead: int = 9) -> str:
    net = net_of(state)
    for origin in net.airports:
        for target in net.airports:
            if origin is not target:
                found = call(state, "search_connections", origin=origin.code, destination=target.code,
                             date=date(state, ahead))  # fmt: skip
                if found.error is None:
                    return str(found.value["connections"][0]["itinerary_id"])
    raise AssertionError("no connection")


def connected() -> tuple[Travel, str]:
    """Return a paid booking of two flights."""
    state = start()
    hold = done(call(state, "hold_connection", itinerary_id=connection(state), passenger_id="PAX00001"))
    booking = done(call(hold.state, "book_hold", hold_id=hold.value["hold_id"]))
    arguments = {"booking_id": booking.value["booking_id"], "payment_method_id": "PAY00001"}
    return done(call(booking.state, "pay_booking", **arguments)).state, booking.value["booking_id"]


@reaches(("find_nearest_airports", "none_near"))
def lonely() -> Outcome[Travel]:
    codes = [airport.code for airport in net_of(start()).airports]
    outcomes = (call(start(), "find_nearest_airports", airport_code=code, within_km=50) for code in codes)
    return next(outcome for outcome in outcomes if outcome.error)


@reaches(("wait_hours", "end_of_timetable"))
def too_long() -> Outcome[Travel]:
    state = start()
    for _ in range(3):
        outcome = call(state, "wait_hours", hours=240)
        if outcome.error:
            return outcome
        state = outcome.state
    raise AssertionError("the timetable does not end")


@reaches(("search_flights", "same_airport"), ("search_connections", "same_airport"))
def nowhere(tool: str, _: str) -> Outcome[Travel]:
    code = start().clock["clock"].home
    return call(start(), tool, origin=code, destination=code, date=date(start(), 4))


@reaches(("search_flights", "no_flights"), ("search_connections", "no_flights"))
def no_way(tool: str, _: str) -> Outcome[Travel]:
    codes = [airport.code for airport in net_of(start()).airports]
    return next(
        outcome for a in codes for b in codes if a != b
        if (outcome := call(start(), tool, origin=a, destination=b, date=date(start(), 4))).error
    )  # fmt: skip


@reaches(*[(tool, "date_out_of_range") for tool in ("search_flights", "search_connections", "list_change_options",
           "search_hotels", "list_room_offers", "move_stay", "search_cars", "extend_rental")])  # fmt: skip
def beyond(tool: str, _: str) -> Outcome[Travel]:
    state, code = start(), start().clock["clock"].home
    hotels = call(state, "search_hotels", city=net_of(state).cities[0], check_in=date(state, 4), nights=1).value
    other = next(airport.code for airport in net_of(state).airports if airport.code != code)
    arguments: dict[str, JsonObject] = {
        "search_flights": {"origin": code, "destination": other, "date": "2020-01-01"},
        "search_connections": {"origin": code, "destination": other, "date": "2099-02-28"},
        "list_change_options": {"booking_id": "BKG00001", "date": "2099-01-01"},
        "search_hotels": {"city": net_of(state).cities[0], "check_in": date(state, 26), "nights": 5},
        "list_room_offers": {"hotel_id": hotels["hotels"][0]["hotel_id"], "check_in": "2020-01-01", "nights": 1},
        "move_stay": {"stay_id": "STY00001", "check_in": "2020-01-01"},
        "search_cars": {"airport_code": code, "pickup_date": date(state, 25), "days": 14},
        "extend_rental": {"rental_id": "RNT00001", "extra_days": 14},
    }
    if tool == "extend_rental":
        row = state.rentals["RNT00001"]
        last = net_of(state).world.first_day + net_of(state).world.days
        state = replace(state, rentals=state.rentals.put("RNT00001", replace(row, first=last - row.days - 1)))
    return call(state, tool, **arguments[tool])


@reaches(("list_fares", "sold_out"), ("hold_fare", "sold_out"), ("hold_connection", "sold_out"),
         ("quote_change", "sold_out"), ("change_flight", "sold_out"), ("upgrade_with_points", "sold_out"),
         ("get_seat_map", "no_such_seats"), ("list_seat_choices", "no_such_seats"))  # fmt: skip
def full(tool: str, _: str) -> Outcome[Travel]:
    state, flight, booking_id, other = soon_and_later()
    state, business = paid(state, flight, "business")
    everything = replace(state, sold=Travel().sold)
    for f in (flight, other):
        row = Sold(f.flight_id, f.aircraft.economy_seats - f.presold_economy,
                   f.aircraft.business_seats - f.presold_business, 0)  # fmt: skip
        everything = replace(everything, sold=everything.sold.put(f.flight_id, row))
    if tool == "hold_connection":
        itinerary = connection(state)
        key = net_of(state).itinerary_ids.read(itinerary)
        first = net_of(state).flight(key >> 25)
        assert first is not None
        return call(sold_out(state, first), tool, itinerary_id=itinerary, passenger_id="PAX00001")
    arguments: dict[str, JsonObject] = {
        "list_fares": {"flight_id": other.flight_id},
        "hold_fare": {"fare_id": fare_of(state, other, "classic"), "passenger_id": "PAX00001"},
        "quote_change": {"booking_id": booking_id, "flight_id": other.flight_id},
        "change_flight": {"booking_id": booking_id, "flight_id": other.flight_id, "payment_method_id": "PAY00001"},
        "upgrade_with_points": {"booking_id": booking_id},
        "list_seat_choices": {"leg_id": f"{business}-1", "position": "middle"},
        "get_seat_map": {"flight_id": flight.flight_id, "cabin": "business", "position": "middle"},
    }
    return call(everything, tool, **arguments[tool])


@reaches(("hold_fare", "not_bookable"), ("hold_connection", "not_bookable"), ("join_waitlist", "not_bookable"),
         ("quote_change", "not_bookable"), ("change_flight", "not_bookable"))  # fmt: skip
def cancelled_flight(tool: str, _: str) -> Outcome[Travel]:
    state, _flight, booking_id, other = soon_and_later()
    fare, itinerary = fare_of(state, other, "classic"), connection(state)
    first = net_of(state).flight(net_of(state).itinerary_ids.read(itinerary) >> 25)
    assert first is not None
    gone = disrupt(disrupt(state, other, -1), first, -1)
    if tool == "join_waitlist":
        gone = sold_out(gone, other)
    arguments: dict[str, JsonObject] = {
        "hold_fare": {"fare_id": fare, "passenger_id": "PAX00001"},
        "hold_connection": {"itinerary_id": itinerary, "passenger_id": "PAX00001"},
        "join_waitlist": {"flight_id": other.flight_id, "passenger_id": "PAX00001"},
        "quote_change": {"booking_id": booking_id, "flight_id": other.flight_id},
        "change_flight": {"booking_id": booking_id, "flight_id": other.flight_id, "payment_method_id": "PAY00001"},
    }
    return call(gone, tool, **arguments[tool])


@reaches(("join_waitlist", "seats_available"))
def seats_left() -> Outcome[Travel]:
    flight = flights_ahead(start(), 200, 320)[0]
    return call(start(), "join_waitlist", flight_id=flight.flight_id, passenger_id="PAX00001")


@reaches(("join_waitlist", "already_waiting"), ("leave_waitlist", "not_waiting"))
def waiting_twice(tool: str, _: str) -> Outcome[Travel]:
    flight = flights_ahead(start(), 200, 320)[0]
    arguments = {"flight_id": flight.flight_id, "passenger_id": "PAX00001"}
    joined = done(call(sold_out(start(), flight), "join_waitlist", **arguments))
    if tool == "join_waitlist":
        return call(joined.state, tool, **arguments)
    left = done(call(joined.state, tool, waitlist_id=joined.value["waitlist_id"])).state
    return call(left, tool, waitlist_id=joined.value["waitlist_id"])


@reaches(("release_hold", "hold_not_active"), ("book_hold", "hold_not_active"), ("request_approval", "hold_not_active"))
def spent_hold(tool: str, _: str) -> Outcome[Travel]:
    state, hold_id = held(start(), flights_ahead(start(), 200, 320)[0], "classic")
    state = done(call(state, "release_hold", hold_id=hold_id)).state
    return call(state, tool, hold_id=hold_id, **({"reason": "Board meeting"} if tool == "request_approval" else {}))


@reaches(("request_approval", "approval_not_needed"))
def cheap_hold() -> Outcome[Travel]:
    state, hold_id = held(start(), flights_ahead(start(), 200, 320)[0], "classic")
    return call(state, "request_approval", hold_id=hold_id, reason="Board meeting")


def dear_hold() -> tuple[Travel, str]:
    state = start()
    state = replace(state, budget=state.budget.put("budget", replace(state.budget["budget"], limit=100)))
    return held(state, flights_ahead(state, 200, 320)[0], "business")


@reaches(("request_approval", "over_budget"))
def dear_and_poor() -> Outcome[Travel]:
    state, hold_id = dear_hold()
    return call(poor(state), "request_approval", hold_id=hold_id, reason="Board meeting")


@reaches(("book_hold", "approval_required"))
def not_approved() -> Outcome[Travel]:
    state, hold_id = dear_hold()
    approved = done(call(state, "request_approval", hold_id=hold_id, reason="Board meeting"))
    done(call(approved.state, "book_hold", hold_id=hold_id))
    taken_back = done(call(approved.state, "withdraw_approval", approval_id=approved.value["approval_id"]))
    return call(taken_back.state, "book_hold", hold_id=hold_id)


@reaches(("withdraw_approval", "approval_closed"))
def used_approval() -> Outcome[Travel]:
    state, hold_id = dear_hold()
    approved = done(call(state, "request_approval", hold_id=hold_id, reason="Board meeting"))
    state = done(call(approved.state, "book_hold", hold_id=hold_id)).state
    return call(state, "withdraw_approval", approval_id=approved.value["approval_id"])


@reaches(("pay_booking", "nothing_to_pay"), ("pay_with_points", "nothing_to_pay"))
def paid_twice(tool: str, _: str) -> Outcome[Travel]:
    extra = {"payment_method_id": "PAY00001"} if tool == "pay_booking" else {}
    return call(start(), tool, booking_id="BKG00001", **extra)


@reaches(("pay_with_points", "not_enough_points"), ("upgrade_with_points", "not_enough_points"))
def no_points(tool: str, _: str) -> Outcome[Travel]:
    make = booked if tool == "pay_with_points" else paid
    state, booking_id = make(start(), flights_ahead(start(), 200, 320)[0])
    account = replace(state.loyalty["loyalty"], points=10)
    return call(replace(state, loyalty=state.loyalty.put("loyalty", account)), tool, booking_id=booking_id)


CLOSED = ("quote_cancellation", "cancel_booking", "list_insurance_plans", "list_rebooking_options")
UNDER_WAY = ("add_bag", "upgrade_with_points", "list_change_options", "quote_change", "change_flight", "buy_insurance",
             "undo_check_in")  # fmt: skip


@reaches(*[(tool, "booking_closed") for tool in (*CLOSED, *UNDER_WAY)])
def closed(tool: str, _: str) -> Outcome[Travel]:
    state, flight, booking_id, other = soon_and_later()
    if tool in UNDER_WAY:
        row = replace(state.bookings[booking_id], checked_in=tool == "undo_check_in")
        state = at(replace(state, bookings=state.bookings.put(booking_id, row)), flight.departs + 1)
    else:
        state = done(call(state, "cancel_booking", booking_id=booking_id)).state
        state = disrupt(state, flight, -1)
    extra: dict[str, JsonObject] = {
        "add_bag": {"payment_method_id": "PAY00001"},
        "list_change_options": {"date": other.departure[:10]},
        "quote_change": {"flight_id": other.flight_id},
        "change_flight": {"flight_id": other.flight_id, "payment_method_id": "PAY00001"},
        "buy_insurance": {"plan_id": "PLN1", "payment_method_id": "PAY00001"},
    }
    return call(state, tool, booking_id=booking_id, **extra.get(tool, {}))


@reaches(*[(tool, "already_checked_in") for tool in ("upgrade_with_points", "quote_cancellation", "cancel_booking",
           "quote_change", "change_flight", "check_in")])  # fmt: skip
def checked_in(tool: str, _: str) -> Outcome[Travel]:
    state, _flight, booking_id, other = soon_and_later()
    state = replace(
        state, bookings=state.bookings.put(booking_id, replace(state.bookings[booking_id], checked_in=True))
    )
    extra: JsonObject = {"flight_id": other.flight_id} if tool in ("quote_change", "change_flight") else {}
    if tool == "change_flight":
        extra["payment_method_id"] = "PAY00001"
    return call(state, tool, booking_id=booking_id, **extra)


@reaches(("check_in", "flight_cancelled"), ("check_in", "check_in_not_open"), ("check_in", "check_in_closed"))
def outside_the_window(_: str, code: str) -> Outcome[Travel]:
    state, flight, booking_id, _other = soon_and_later()
    ahead = {"flight_cancelled": DAY - 5, "check_in_not_open": DAY + 5, "check_in_closed": 30}[code]
    state = at(state, flight.departs - ahead)
    return call(disrupt(state, flight, -1) if code == "flight_cancelled" else state, "check_in", booking_id=booking_id)


@reaches(("check_in", "not_ticketed"), ("add_bag", "not_ticketed"), ("upgrade_with_points", "not_ticketed"),
         ("list_change_options", "not_ticketed"),
         ("quote_change", "not_ticketed"), ("change_flight", "not_ticketed"),
         ("buy_insurance", "not_ticketed"), ("get_boarding_pass", "not_checked_in"),
         ("undo_check_in", "not_checked_in"), ("list_rebooking_options", "not_disrupted"))  # fmt: skip
def too_early(tool: str, _: str) -> Outcome[Travel]:
    flight = flights_ahead(start(), 200, 320)[0]
    state, booking_id = booked(start(), flight)
    values: JsonObject = {
        "booking_id": booking_id, "payment_method_id": "PAY00001", "flight_id": flight.flight_id,
        "date": date(state, 9), "plan_id": "PLN1",
    }  # fmt: skip
    wanted = {name: values[name] for name in SPEC.tools[tool].parameters}
    return call(state, tool, **wanted)


@reaches(("check_in", "passport_missing"))
def no_passport() -> Outcome[Travel]:
    flight = next(f for f in flights_ahead(start(), 30, 80) if f.international)
    state, booking_id = paid(start(), flight, "classic", "PAX00002")
    return call(state, "check_in", booking_id=booking_id)


@reaches(("rent_car", "licence_missing"), ("rent_car", "licence_expires"))
def no_licence(_: str, code: str) -> Outcome[Travel]:
    state, arguments = paying()["rent_car"]
    driver = state.passengers["PAX00001"]
    changed = replace(driver, licence="" if code == "licence_missing" else "L1", licence_expires=date(state, 9))
    return call(replace(state, passengers=state.passengers.put("PAX00001", changed)), "rent_car", **arguments)


@reaches(("choose_seat", "booking_closed"), ("choose_seat", "no_such_seat"), ("choose_seat", "seat_taken"),
         ("choose_seat", "seat_choice_not_included"))  # fmt: skip
def wrong_seat(_: str, code: str) -> Outcome[Travel]:
    flight = flights_ahead(start(), 200, 320)[0]
    state, booking_id = paid(start(), flight, "light" if code == "seat_choice_not_included" else "classic")
    cabin = cabin_of(state, flight, "economy")
    taken = next(place for place in range(99) if cabin.taken(place))
    seat = "99A" if code == "no_such_seat" else cabin.name_of(taken)
    if code == "booking_closed":
        state = done(call(state, "cancel_booking", booking_id=booking_id)).state
    return call(state, "choose_seat", leg_id=f"{booking_id}-1", seat_number=seat)


@reaches(("add_bag", "too_many_bags"))
def six_bags() -> Outcome[Travel]:
    state, booking_id = paid(start(), flights_ahead(start(), 200, 320)[0])
    for _ in range(5):
        state = done(call(state, "add_bag", booking_id=booking_id, payment_method_id="PAY00001")).state
    return call(state, "add_bag", booking_id=booking_id, payment_method_id="PAY00001")


@reaches(("upgrade_with_points", "already_business"))
def business_already() -> Outcome[Travel]:
    state, booking_id = paid(start(), flights_ahead(start(), 200, 320)[0], "business")
    return call(state, "upgrade_with_points", booking_id=booking_id)


@reaches(("list_change_options", "no_flights"))
def nothing_else() -> Outcome[Travel]:
    state, booking_id = connected()
    outcomes = (call(state, "list_change_options", booking_id=booking_id, date=date(state, n)) for n in range(1, 20))
    return next(outcome for outcome in outcomes if outcome.error)


@reaches(*[(tool, code) for tool in ("quote_change", "change_flight")
           for code in ("not_changeable", "other_route", "same_flight", "breaks_connection")])  # fmt: skip
def bad_change(tool: str, code: str) -> Outcome[Travel]:
    state, flight, booking_id, other = soon_and_later()
    target = other
    if code == "not_changeable":
        state, booking_id = paid(state, flight, "light")
    elif code == "other_route":
        target = next(f for f in flights_ahead(state, 200, 320) if f.destination != flight.destination)
    elif code == "same_flight":
        target = flight
    else:
        state, booking_id = connected()
        leg = flight_named(state, state.bookings[booking_id].legs[0].flight_id)
        net = net_of(state)
        ends = net.index[leg.origin.code], net.index[leg.destination.code]
        days = range(leg.day + 2, leg.day + 10)
        target = next(f for day in days for f in net.flights(*ends, day))
    extra = {"payment_method_id": "PAY00001"} if tool == "change_flight" else {}
    return call(state, tool, booking_id=booking_id, flight_id=target.flight_id, **extra)


@reaches(("list_rebooking_options", "no_options"), ("rebook_disrupted", "not_an_option"),
         ("rebook_disrupted", "booking_closed"))  # fmt: skip
def no_way_out(tool: str, code: str) -> Outcome[Travel]:
    state, booking_id, options = stranded()
    if code == "booking_closed":
        state = done(call(state, "cancel_booking", booking_id=booking_id)).state
    if tool == "rebook_disrupted" and code == "not_an_option":
        taken = done(call(state, tool, option_id=options[0]["option_id"])).state
        again = call(taken, tool, option_id=options[0]["option_id"])
        assert again.error == call(start(), tool, option_id="OP222222222").error
        state = disrupt(state, flight_named(state, options[0]["flight_id"]), -1)
    if tool == "rebook_disrupted":
        return call(state, tool, option_id=options[0]["option_id"])
    while (outcome := call(state, tool, booking_id=booking_id)).error is None:
        for row in outcome.value["options"]:
            state = disrupt(state, flight_named(state, row["flight_id"]), -1)
    return outcome


@reaches(("add_passenger", "bad_date"), ("add_passport", "bad_date"), ("add_driving_licence", "bad_date"),
         ("add_payment_card", "bad_date"))  # fmt: skip
def bad_date(tool: str, _: str) -> Outcome[Travel]:
    arguments: dict[str, JsonObject] = {
        "add_passenger": {"name": "Ann Other", "birth_date": "2099-01-01"},
        "add_passport": {"passenger_id": "PAX00001", "passport_number": "C1234567", "expires_on": "2020-01-01"},
        "add_driving_licence": {"passenger_id": "PAX00001", "licence_number": "C1234567", "expires_on": "2020-02-28"},
        "add_payment_card": {"label": "Blue", "ending": "0001", "expires_on": "2020-01-01"},
    }
    return call(start(), tool, **arguments[tool])


@reaches(("add_passenger", "already_saved"), ("add_passenger", "list_full"))
def no_more_people(_: str, code: str) -> Outcome[Travel]:
    state, name = start(), start().passengers["PAX00001"].name
    if code == "list_full":
        for number in range(40 - len(state.passengers)):
            arguments = {"name": f"Guest {number}", "birth_date": "1980-05-05", "department": "sales"}
            state = done(call(state, "add_passenger", **arguments)).state
        name = "One More"
    return call(state, "add_passenger", name=name, birth_date="1980-05-05")


@reaches(("add_payment_card", "already_saved"))
def same_card() -> Outcome[Travel]:
    card: JsonObject = {"label": "Blue", "ending": "0001", "expires_on": "2099-01-01"}
    return call(done(call(start(), "add_payment_card", **card)).state, "add_payment_card", **card)


@reaches(("remove_payment_method", "last_payment_method"), ("remove_payment_method", "unknown_payment_method"))
def last_card(_: str, code: str) -> Outcome[Travel]:
    state = start()
    for key in state.payments.keys()[1:]:
        state = done(call(state, "remove_payment_method", payment_method_id=key)).state
    key = state.payments.keys()[0] if code == "last_payment_method" else "PAY99999"
    return call(state, "remove_payment_method", payment_method_id=key)


@reaches(("get_invoice", "unknown_currency"))
def odd_currency() -> Outcome[Travel]:
    return call(start(), "get_invoice", invoice_id="INV00001", currency="XXX")


@reaches(("search_hotels", "no_rooms"), ("list_room_offers", "no_rooms"), ("move_stay", "no_rooms"),
         ("book_room", "offer_gone"))  # fmt: skip
def no_rooms(tool: str, _: str) -> Outcome[Travel]:
    state, arguments = paying()["book_room"]
    if tool == "book_room":
        while (outcome := call(state, tool, **arguments)).error is None:
            state = outcome.state
        return outcome
    stay, days = state.stays["STY00001"], range(1, 26)
    hotel = catalogue(state).hotel(catalogue(state).hotel_ids.read(stay.hotel_id))
    assert hotel is not None
    for ahead in days:
        for other in catalogue(state).hotels_in(hotel.city):
            state = every_room(state, other.hotel_id, ahead)
    if tool == "search_hotels":
        return call(state, tool, city=hotel.city, check_in=date(state, 5), nights=2)
    if tool == "list_room_offers":
        return call(state, tool, hotel_id=hotel.hotel_id, check_in=date(state, 5), nights=2)
    far = next(date(state, ahead) for ahead in days if abs(day_of(date(state, ahead)) - stay.first) > stay.nights)
    return call(state, tool, stay_id="STY00001", check_in=far)


def every_room(state: Travel, hotel_id: str, ahead: int) -> Travel:
    """Book every room of a hotel for one night."""
    search: JsonObject = {"hotel_id": hotel_id, "check_in": date(state, ahead), "nights": 1}
    while (found := call(state, "list_room_offers", **search)).error is None:
        for offer in found.value["offers"]:
            arguments = {"room_offer_id": offer["room_offer_id"], "passenger_id": "PAX00001"}
            state = done(call(state, "book_room", **arguments, payment_method_id="PAY00001")).state
    return state


@reaches(("book_room", "unknown_offer"), ("rent_car", "unknown_offer"))
def invented_offer(tool: str, _: str) -> Outcome[Travel]:
    state, arguments = paying()[tool]
    key = next(name for name in arguments if name.endswith("offer_id"))
    return call(state, tool, **{**arguments, key: str(arguments[key])[:2] + "2" * (len(arguments[key]) - 2)})


@reaches(("move_stay", "same_date"), ("move_stay", "stay_closed"), ("cancel_stay", "stay_closed"))
def stay_over(tool: str, code: str) -> Outcome[Travel]:
    state = start()
    stay = call(state, "list_stays").value["stays"][0]
    if code == "stay_closed":
        state = done(call(state, "cancel_stay", stay_id=stay["stay_id"])).state
    extra: JsonObject = {"check_in": stay["check_in"]} if tool == "move_stay" else {}
    return call(state, tool, stay_id=stay["stay_id"], **extra)


@reaches(("search_cars", "no_cars"), ("extend_rental", "no_cars"), ("rent_car", "offer_gone"))
def no_cars(tool: str, _: str) -> Outcome[Travel]:
    state, arguments = longer_rental(start())
    rental = state.rentals[arguments["rental_id"]]
    if tool == "extend_rental":
        return call(every_car(state, rental.airport, rental.first + rental.days), tool, **arguments)
    if tool == "search_cars":
        day = day_after("1970-01-01", rental.first - 719163)
        full_day = every_car(state, rental.airport, rental.first)
        return call(full_day, tool, airport_code=rental.airport, pickup_date=day, days=1)
    state, arguments = paying()["rent_car"]
    while (outcome := call(state, tool, **arguments)).error is None:
        state = outcome.state
    return outcome


def every_car(state: Travel, airport: str, day: int) -> Travel:
    """Rent every car of an airport on one day."""
    pickup = day_after("1970-01-01", day - 719163)
    search: JsonObject = {"airport_code": airport, "pickup_date": pickup, "days": 1}
    while (found := call(state, "search_cars", **search)).error is None:
        for car in found.value["cars"]:
            arguments = {"car_offer_id": car["car_offer_id"], "passenger_id": "PAX00001"}
            state = done(call(state, "rent_car", **arguments, payment_method_id="PAY00001")).state
    return state


@reaches(("extend_rental", "rental_closed"), ("cancel_rental", "rental_closed"))
def rental_over(tool: str, _: str) -> Outcome[Travel]:
    state, row = start(), start().rentals["RNT00001"]
    if tool == "cancel_rental":
        return call(at(state, (row.first - 719163 + 1) * DAY + 600), tool, rental_id="RNT00001")
    state = done(call(state, "cancel_rental", rental_id="RNT00001")).state
    return call(state, tool, rental_id="RNT00001", extra_days=1)


@reaches(("buy_insurance", "already_insured"))
def insured_twice() -> Outcome[Travel]:
    state, arguments = paying()["buy_insurance"]
    return call(done(call(state, "buy_insurance", **arguments)).state, "buy_insurance", **arguments)


@reaches(("file_claim", "not_covered"), ("file_claim", "already_claimed"), ("file_claim", "nothing_to_claim"))
def bad_claim(_: str, code: str) -> Outcome[Travel]:
    reason: Json = {"not_covered": "illness", "already_claimed": "cancellation", "nothing_to_claim": "delay"}[code]
    state = start()
    if code == "already_claimed":
        state = done(call(state, "file_claim", policy_id="POL00002", claim_reason=reason)).state
    return call(state, "file_claim", policy_id="POL00002", claim_reason=reason)


@reaches(("create_trip", "name_taken"))
def same_name() -> Outcome[Travel]:
    return call(done(call(start(), "create_trip", trip_name="Tour")).state, "create_trip", trip_name="Tour")


@reaches(("add_booking_to_trip", "already_in_trip"), ("add_stay_to_trip", "already_in_trip"),
         ("add_rental_to_trip", "already_in_trip"))  # fmt: skip
def in_trip(tool: str, _: str) -> Outcome[Travel]:
    state = done(call(start(), "create_trip", trip_name="Tour")).state
    items = {"add_booking_to_trip": "BKG00001", "add_stay_to_trip": "STY00001", "add_rental_to_trip": "RNT00001"}
    key = next(name for name in SPEC.tools[tool].parameters if name != "trip_id")
    arguments = {"trip_id": "TRP00002", key: items[tool]}
    return call(done(call(state, tool, **arguments)).state, tool, **arguments)


@pytest.mark.parametrize(("tool", "code"), list(SCENARIOS))
def test_a_refusal_is_reached(tool: str, code: str) -> None:
    outcome = SCENARIOS[tool, code]()
    assert outcome.error is not None
    assert outcome.error.code == code


def test_no_declared_refusal_is_left_out() -> None:
    declared = {(tool.name, code) for tool in SPEC.tools.values() for code in tool.errors}
    assert declared == set(SCENARIOS) | set(GENERIC)
