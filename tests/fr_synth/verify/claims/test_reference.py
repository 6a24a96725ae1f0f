"""A model's text beside the situation's: another value in its sentences is refused, a near twin passes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fr_synth.verify.claims.situated_scenes import money
from tests.fr_synth.verify.claims.test_turned_words import dialogues, texts, told

_END = r"\Z"
CASES = (  # situation, world, what stands there, the lie, what is as true in other words
    (
        "moving_house", "banking", r"\AChanged: ([^,]+), (\w+) ([^.]+)\.",
        r"Changed: \3, \2 \1.", r"I have changed it: \1, \2 \3.",
    ),
    ("fare_rules_before_buying", "travel", r"(?<=On )classic", "light", "the classic fare"),
    ("fare_rules_before_buying", "travel", r"(?<=possible on )classic", "business", "a classic fare"),
    ("light_ticket_is_kept", "travel", r"(?<=no refund on )a light(?= fare)", "a business", "the light"),
    (
        "cancelled_flight_rebooked", "travel", r"landing, (\d\d:\d\d) on (\w+day), because",
        r"landing, \1 on Wednesday, since", r"landing, \1 on \2, since",
    ),
    ("overdraft_for_the_gap", "banking", r"up to €", "up to €-", "up to EUR "),
    ("release_folder", "filesystem", r"(?<=release) is there", "/INSTALL.md is there", " is ready"),
    ("insure_the_trip", "travel", r"(PAY\w+) pays ([\d.,]+) ([A-Z]{3})", r"\3 pays \2 \1", r"\1 pays \3 \2"),
    (
        "card_mislaid", "banking", r"Several active cards could",
        "Several in_delivery cards could", "Several active cards could just as well",
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[3]}")
def test_another_value_in_a_sentence_of_the_situation_is_refused(case: tuple[str, str, str, str, str]) -> None:
    situation, world, pattern, lie, twin = case
    assert told(situation, world, pattern, lie) != []
    assert told(situation, world, pattern, twin) == []


def result(situation: str, world: str, pattern: str, tool: str) -> dict[str, Any]:
    """The first result of a tool in the dialogue that has the first text that a pattern fits."""
    found = next(each for each in texts(situation, world) if re.search(pattern, each.text, re.DOTALL))
    return next(call.result for call in found.dialogue.calls if call.name == tool and call.error is None)


def said(situation: str, world: str, pattern: str) -> str:
    """What stands where a pattern fits a text for the first time."""
    return next(match[0] for each in texts(situation, world) if (match := re.search(pattern, each.text)))


def test_a_user_of_the_list_is_refused_in_the_place_of_the_one_who_is_looked_up() -> None:
    pattern = r"(?<=so I open )(\w+)(?='s own record)"
    mine = said("yearly_account_review", "filesystem", pattern)
    users = result("yearly_account_review", "filesystem", pattern, "getent_passwd")["users"]
    other = next(row["user"] for row in users if row["user"] not in (mine, "root"))
    assert told("yearly_account_review", "filesystem", pattern, other) != []
    assert told("yearly_account_review", "filesystem", r"so I open(?= \w+'s own record)", "and so I'll open") == []


def test_a_place_of_another_hotel_is_refused() -> None:
    pattern = r"(?<=stars, near )[a-z ]+(?=:)"
    mine = said("conference_hotel", "travel", pattern)
    hotels = result("conference_hotel", "travel", pattern, "search_hotels")["hotels"]
    other = next(row["near"] for row in hotels if row["near"] != mine)
    assert told("conference_hotel", "travel", pattern, other) != []
    assert told("conference_hotel", "travel", pattern, f"{mine} there") == []


def test_the_first_of_an_earlier_list_is_not_the_first_of_what_was_just_listed() -> None:
    ends = r"(?<=for the whole stay\.)\Z"
    hotels = result("conference_hotel", "travel", ends, "search_hotels")["hotels"]
    rooms = next(v for v in result("conference_hotel", "travel", ends, "list_room_offers").values() if type(v) is list)
    room = min(rooms, key=lambda row: row["price"])["room_type"]
    cheapest = min(hotels, key=lambda row: row["price"])["hotel_name"]
    assert told("conference_hotel", "travel", ends, f" The cheapest of them is {cheapest}.") != []
    assert told("conference_hotel", "travel", ends, f" The cheapest of them is the {room}.") == []


def test_a_span_of_time_does_not_follow_from_amounts() -> None:
    ends = r"(?<=for cancelling\.)\Z"
    rules = result("fare_rules_before_buying", "travel", ends, "get_fare_rules")
    more = abs(rules["cancellation_fee"] - rules["change_fee"])
    assert told("fare_rules_before_buying", "travel", ends, f" That is {more:.0f} days off.") != []
    assert told("fare_rules_before_buying", "travel", ends, f" The difference is {money(more)}.") == []


def test_every_dialogue_that_is_played_here_passes_as_it_is() -> None:
    assert all(dialogues(situation, world) for situation, world, *_ in CASES)
