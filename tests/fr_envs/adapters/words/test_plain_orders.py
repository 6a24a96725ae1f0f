"""Words for the tools of strangers: what a stranger's class or service says, as a person asks for it.

1. A read without a verb is asked for by what it tells.
2. A name stands where the thing stands that lists show under it, and never behind "its".
3. What is changed by options is asked for as a change of one of them.
4. Days follow on those that the world shows, written as it writes them.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.adapters.words.grammar.phrases import phrase_of
from fr_envs.adapters.words.values.days import days_after, is_day
from fr_envs.adapters.words.wording import worded
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import DomainSpec

TEXT = {"schema": {"type": "string"}}
NUMBER = {"schema": {"type": "integer"}}
SINGER = {"kind": "name"}


def spec(tools: dict[str, Any], kinds: dict[str, Any] | None = None) -> DomainSpec:
    return worded(
        spec_from_dict({
            "name": "hall", "id": "Test/Hall-v0", "version": "1.0.0", "summary": "A hall.", "policy": "Be kind.",
            "kinds": kinds or {}, "facts": {}, "tools": tools,
        })
    )  # fmt: skip


def tool(description: str, effect: str, parameters: dict[str, Any], returns: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "effect": effect, "parameters": parameters, "returns": returns}


def asked(made: DomainSpec, name: str) -> tuple[str, ...]:
    return made.tools[name].request_templates


@pytest.mark.parametrize(
    ("name", "description", "asks"),
    [
        ("temperature", "Current temperature of the hall in °C.", "what's the current temperature of the hall?"),
        ("outstanding", "Total of all quotes, in euros", "what's the total of all quotes?"),
        ("order_status", "Order status", "what's the order status?"),
        ("balance", "The balance.", "what's the balance?"),
    ],
)
def test_a_read_without_a_verb_is_asked_for_by_what_it_tells(name: str, description: str, asks: str) -> None:
    assert asked(spec({name: tool(description, "read", {}, {"x": NUMBER})}), name)[0] == asks


def test_a_verb_that_reads_stays_one() -> None:
    assert phrase_of("check_stock", "Check stock of a product", reads=True).verb == "check"
    assert phrase_of("total", "Total of the bills", reads=True).wanted == "the total of the bills"
    assert phrase_of("total", "Total the bills", reads=True).verb == "total"


def test_a_bare_name_stands_for_what_lists_show_under_it() -> None:
    kinds = {"name": {"schema": {"type": "string"}, "origin": "named", "description": "A name."}}
    rows = {"result": {"array": {"object": {"name": SINGER, "voice": TEXT}}}}
    made = spec(
        {
            "get_singers": tool("All singers.", "read", {}, rows),
            "excuse": tool("Excuse a singer from a rehearsal.", "write", {"name": SINGER, "rehearsal": TEXT}, {}),
            "praise": tool("Send flowers out of the shop to cheer them.", "write", {"name": SINGER}, {}),
        },
        kinds,
    )
    assert asked(made, "excuse") == ("excuse {name} from {rehearsal}",)
    assert asked(made, "praise") == ("send flowers of {name} out of the shop",)


def test_whose_it_is_goes_without_saying_before_a_name() -> None:
    made = spec({"hand_out": tool("Hand an item out to its owner.", "write", {"item": TEXT, "owner": TEXT}, {})})
    assert asked(made, "hand_out") == ("hand {item} out to {owner}",)


def test_a_count_comes_first_and_a_price_is_what_something_is_had_at() -> None:
    parameters = {"name": {**TEXT, "description": "name of the wine"}, "bottles": NUMBER,
                  "price_per_bottle": {**NUMBER, "description": "in euros"}}  # fmt: skip
    made = spec({"buy": tool("Put newly bought bottles of a wine in the cellar.", "write", parameters, {})})
    assert asked(made, "buy") == (
        "put {bottles} newly bought bottles of {name} in the cellar at €{price_per_bottle} per bottle",
    )


def test_an_update_is_a_change_of_one_of_its_options() -> None:
    one = {"kind": "booking_id"}
    parameters = {"booking_id": one, "hours": {**NUMBER, "default": None}, "new_day": {**TEXT, "default": None}}
    kinds = {"booking_id": {"schema": {"type": "integer"}, "origin": "issued", "description": "Which booking."}}
    book = tool("Book a room.", "write", {}, {"booking_id": one})
    made = spec({"book": book, "update_booking": tool("Update Booking", "write", parameters, {})}, kinds)
    assert set(asked(made, "update_booking")) == {
        "change {booking_id} to {hours} hours", "change the day of {booking_id} to {new_day}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("description", "parameters", "asks"),
    [
        ("Create an event.", {"start": TEXT}, "create an event on {start}"),
        ("Create an event.", {"start": TEXT, "end": TEXT}, "create an event from {start} until {end}"),
        ("Move an event to another time.", {"event": TEXT, "new_start": TEXT}, "move {event} to {new_start}"),
        ("Book a room.", {"room": TEXT, "booked_by": TEXT}, "book {room} for {booked_by}"),
        ("Log a call.", {"call": TEXT, "answered_by": TEXT}, "log {call} by {answered_by}"),
    ],
)
def test_what_begins_or_is_had_by_somebody_is_said_so(description: str, parameters: Any, asks: str) -> None:
    assert asked(spec({"act": tool(description, "write", parameters, {})}), "act")[0] == asks


def test_letters_say_what_they_are() -> None:
    rack = {"schema": {"type": "string", "examples": ["A", "B"]}}
    made = spec({"move": tool("Move a wine to another rack.", "write", {"wine": TEXT, "rack": rack}, {})})
    assert asked(made, "move") == ("move {wine} to rack {rack}",)


def test_days_are_written_as_the_world_or_the_description_writes_them() -> None:
    shown = ["2026-09-14T09:00:00", "2026-09-16T18:00:00", "Dentist", 7]
    assert days_after("start", "", shown)[0] == "2026-09-18T09:00:00"
    assert days_after("day", "Day in YYYY-MM-DD format", shown)[0] == "2026-09-18"
    assert days_after("day", "", shown, "date")[0] == "2026-09-18"
    assert days_after("start", "e.g. 2026-01-01 10:00", ["2026-09-16"])[0] == "2026-09-18 09:00"
    assert not is_day("birth_date")


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_days_come_after_the_last_one_and_ends_after_beginnings(last: Any) -> None:
    first, ends = days_after("start", "", [str(last)]), days_after("end_date", "", [str(last)])
    assert str(last) < min(first)
    assert max(first) < min(ends)


def test_what_is_had_in_writing_is_said_with_what_it_is_of() -> None:
    code = {"schema": {"type": "string"}, "origin": "named", "description": "Code on the ticket.", "examples": ["K7QX"]}
    one = {"code": {"kind": "code"}}
    made = spec(
        {
            "get_ticket": tool("Get Ticket", "read", one, {"seats": NUMBER}),
            "refund_ticket": tool("Refund Ticket", "write", one, {"seats": NUMBER}),
        },
        {"code": code},
    )
    assert asked(made, "get_ticket") == ("tell me about ticket {code}",)
    assert asked(made, "refund_ticket") == ("refund ticket {code}",)
    assert made.kinds["code"].anaphora == ()


@pytest.mark.parametrize(
    ("description", "effect", "parameters", "asks"),
    [
        ("How much of the budget is left", "read", {}, "how much of the budget is left?"),
        ("List everything in the cellar", "read", {}, "what's in the cellar?"),
        ("Read the content of a note", "read", {"title": TEXT}, 'what\'s the content of the note called "{title}"?'),
        ("Delete a note", "write", {"title": TEXT}, 'delete the note called "{title}"'),
        ("Save a link", "write", {"link": TEXT, "url": TEXT}, "save {link} with the URL {url}"),
        ("Record a bill", "write", {"bill": TEXT, "paid_by": TEXT}, "record {bill} paid by {paid_by}"),
        ("Book a car in", "write", {"car": TEXT}, "book a {car} in"),
        ("Read the air", "read", {"latitude": NUMBER, "longitude": NUMBER},
         "what's the air with latitude {latitude} and longitude {longitude}?"),
    ],
)  # fmt: skip
def test_odds_and_ends_are_said_as_people_say_them(description: str, effect: str, parameters: Any, asks: str) -> None:
    assert asked(spec({"act": tool(description, effect, parameters, {"x": NUMBER})}), "act")[0] == asks


def test_what_is_had_by_a_common_noun_takes_an_article_and_no_count() -> None:
    garment = {"schema": {"type": "string", "examples": ["suit", "curtains"]}}
    parameters = {"customer": TEXT, "garment": garment, "pieces": {**NUMBER, "default": 1}}
    made = spec({"create_order": tool("Take in garments for cleaning.", "write", parameters, {})})
    assert asked(made, "create_order") == ("take in a {garment} for cleaning for {customer}",)
    assert made.tools["create_order"].parameters["pieces"].clause is None
    names = {"schema": {"type": "string", "examples": ["Stepladder", "Tent"]}}
    made = spec({"lend": tool("Lend an item to a person.", "write", {"item": names, "person": TEXT}, {})})
    assert asked(made, "lend") == ("lend {item} to {person}",)


def test_who_comes_are_as_many_places() -> None:
    parameters = {"tour": TEXT, "visitor": TEXT, "people": NUMBER}
    made = spec({"reserve": tool("Reserve places on a tour for a visitor.", "write", parameters, {})})
    assert asked(made, "reserve")[0] == "reserve {people} places on {tour} for {visitor}"


def test_what_begins_at_an_hour_is_at_it() -> None:
    hour = {**TEXT, "description": "new start time, HH:MM"}
    made = spec({"act": tool("Reschedule a tour.", "write", {"tour": TEXT, "day": TEXT, "start": hour}, {})})
    assert asked(made, "act") == ("reschedule {tour} to {day} at {start}",)


def test_a_service_that_reads_a_list_is_asked_to_show_it() -> None:
    rows = {"result": {"array": {"object": {"order": TEXT, "customer": TEXT}}}}
    made = spec({"read_orders": tool("All orders, newest last.", "read", {}, rows)})
    assert asked(made, "read_orders")[0] == "show me the list of orders"


@pytest.mark.parametrize(
    ("description", "parameters", "asks"),
    [
        ("Check a guest in.", {"guest": TEXT, "pitch": {"schema": {"type": "string", "examples": ["A1", "B2"]}}},
         "check {guest} in on pitch {pitch}"),
        ("Announce that a boat is late.", {"boat": TEXT, "minutes": {**NUMBER, "description": "by how many minutes"}},
         "announce that {boat} is late by {minutes} minutes"),
    ],
)  # fmt: skip
def test_spots_and_measures_are_said_as_people_say_them(description: str, parameters: Any, asks: str) -> None:
    assert asked(spec({"act": tool(description, "write", parameters, {})}), "act")[0] == asks


def test_a_stay_is_checked_out_and_nobody_for_it() -> None:
    one = {"kind": "stay_id"}
    kinds = {"stay_id": {"schema": {"type": "integer"}, "origin": "issued", "description": "Which stay."}}
    book = tool("Book a room.", "write", {}, {"stay_id": one})
    made = spec({"book": book, "checkout": tool("Check a guest out.", "write", {"stay_id": one}, {})}, kinds)
    assert asked(made, "checkout") == ("check {stay_id} out",)


def test_what_a_description_says_of_rows_is_not_asked_for() -> None:
    rows = {"result": {"array": {"object": {"name": TEXT, "goal": NUMBER, "streak": NUMBER}}}}
    made = spec({"get_habits": tool("Get all habits with goal and streak", "read", {}, rows)})
    assert asked(made, "get_habits")[0] == "which habits are there?"
    made = spec({"get_rooms": tool("Get all rooms with balconies", "read", {}, rows)})
    assert asked(made, "get_rooms")[0] == "which rooms are there with balconies?"


def test_what_is_taken_back_is_not_only_taken() -> None:
    one = {"kind": "box_no"}
    kinds = {"box_no": {"schema": {"type": "string"}, "origin": "issued", "description": "Which box."}}
    boxes = tool("Store a box.", "write", {}, {"box_no": one})
    made = spec({"store": boxes, "take_back": tool("Take a lent box back.", "write", {"box_no": one}, {})}, kinds)
    assert asked(made, "take_back") == ("take {box_no} back",)
