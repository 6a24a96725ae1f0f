"""Words for strangers' tools whose descriptions say more, or less, than an order does.

1. Of two deeds the first is asked for; of a text what it is about, and not what it is good for.
2. Whatever there is, and who, is asked for as such, without what a list says of its rows.
3. What was done to a thing is said by its participle, in one clause.
4. Where something begins is no day.
"""

from typing import Any

import numpy as np
import pytest

from fr_envs.adapters.enrich import _effect
from fr_envs.adapters.sampling_hooks import suggestions_of
from fr_envs.adapters.words.wording import worded
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import DomainSpec

TEXT = {"schema": {"type": "string"}}
HERE = {"schema": {"type": "string", "examples": ["Boat shed", "Yard"]}}
NUMBER = {"schema": {"type": "integer"}}
BOAT = {"kind": "boat_id"}
BOATS = {"result": {"array": {"object": {"boat_id": BOAT, "start": {"kind": "start"}, "skipper": TEXT}}}}


def spec(**tools: tuple[str, str, dict[str, Any], dict[str, Any]]) -> DomainSpec:
    given = {
        name: {"description": text, "effect": effect, "parameters": takes, "returns": gives}
        for name, (text, effect, takes, gives) in tools.items()
    }
    given["list_boats"] = {"description": "All boats.", "effect": "read", "parameters": {}, "returns": BOATS}
    own = {"schema": {"type": "string"}, "origin": "issued", "description": "A boat."}
    start = {"schema": {"type": "string"}, "origin": "named", "description": "Where the trip starts"}
    return worded(
        spec_from_dict({
            "name": "harbour", "id": "Test/Harbour-v0", "version": "1.0.0", "summary": "A harbour.",
            "policy": "Be kind.", "kinds": {"boat_id": own, "start": start}, "facts": {}, "tools": given,
        })
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "takes", "asks"),
    [
        ("Log a trip and update all the hours.", {"boat_id": BOAT}, "log a trip on {boat_id}"),
        ("Record a race and rate every crew.", {"one": BOAT, "other": BOAT}, "record a race between {one} and {other}"),
        (
            "Register an anchor.", {"title": TEXT, "location": TEXT, "found_on": TEXT},
            'register an anchor called "{title}", found in {location} on {found_on}',
        ),
        (
            "Register an anchor.",
            {"title": TEXT, "location": HERE, "found_on": TEXT},
            'register an anchor called "{title}", found in the {location} on {found_on}',
        ),
        ("Enter a rope.", {"bought_on": TEXT}, "enter a rope, bought on {bought_on}"),
    ],
)  # fmt: skip
def test_an_order_says_its_first_deed_and_what_was_done_before(text: str, takes: dict[str, Any], asks: str) -> None:
    assert spec(do_it=(text, "write", takes, {})).tools["do_it"].request_templates[0] == asks


ROWS = {"result": {"array": {"object": {"boat_id": BOAT, "free_berths": NUMBER}}}}


@pytest.mark.parametrize(
    ("text", "takes", "gives", "asks"),
    [
        ("List everything that was washed ashore.", {}, ROWS, "what was washed ashore?"),
        ("List docks with the number of free berths.", {}, ROWS, "which docks are there?"),
        ("Get the names of everybody who is aboard a boat.", {"boat_id": BOAT}, {"result": {"array": TEXT}},
         "who is aboard {boat_id}?"),
        ("Write the report with all details of a boat which can be sent to its owner.", {"boat_id": BOAT},
         {"result": TEXT}, "write a report about {boat_id}"),
    ],
)  # fmt: skip
def test_a_look_asks_for_what_there_is(text: str, takes: dict[str, Any], gives: dict[str, Any], asks: str) -> None:
    assert spec(tell=(text, "read", takes, gives)).tools["tell"].request_templates[0] == asks


def test_an_option_behind_whatever_there_is_has_a_verb_of_its_own() -> None:
    status = {"status": {**TEXT, "default": None}}
    made = spec(find=("List everything that was washed ashore, optionally by status.", "read", status, ROWS))
    assert made.tools["find"].parameters["status"].clause == "and is {}"


@pytest.mark.parametrize(
    ("text", "takes", "gives", "effect"),
    [
        ("Write the report of a boat.", {"boat_id": BOAT}, {"result": TEXT}, "read"),
        ("Write a message to the owner of a boat.", {"boat_id": BOAT}, {"result": TEXT}, "write"),
        ("Write the note down.", {"text": TEXT}, {"result": TEXT}, "write"),
        ("Write the report of a boat.", {"boat_id": BOAT}, {"report_no": NUMBER}, "write"),
    ],
)
def test_what_only_makes_a_text_is_a_read(
    text: str, takes: dict[str, Any], gives: dict[str, Any], effect: str
) -> None:  # fmt: skip
    assert _effect(spec(boat_report=(text, "write", takes, gives)).tools["boat_report"]) == effect


def test_where_something_begins_is_no_day() -> None:
    takes = {"start": {"kind": "start", "description": "Where the trip starts"}}
    made = spec(add_trip=("Add a trip.", "write", takes, {}))
    assert made.tools["add_trip"].request_templates == ("add a trip from {start}",)
    told = suggestions_of(made)["add_trip.start"](None, {}, np.random.default_rng(0))
    assert not any(letter.isdigit() for letter in told)
    assert [each.text for each in made.kinds["boat_id"].references] == ["{skipper}'s boat"]
