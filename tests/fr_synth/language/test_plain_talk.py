"""What people say in worlds without stories.

1. One request a message, in one manner, tied to what came before; no greeting in the middle, no thanks in advance.
2. What was made is changed with a reason, and no reason comes up twice.
3. A thing dealt with last is "it" only where a phrase has room for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.world_file import ready
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.plain_talk import WAYS, Moment, say_plainly, with_pronouns
from fr_synth.language.questions import members_to_ask, question
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output, Said

if TYPE_CHECKING:
    from fr_synth.language.plain_talk import Way

TOOLS: list[Any] = [
    {"name": "book_room", "description": "Book a room.", "parameters": {"guest_name": "str", "nights": "int"}},
    {"name": "move_booking", "description": "Move a booking to another day.",
     "parameters": {"booking_id": "str", "day": "str"}},
    {"name": "cancel_booking", "description": "Cancel a booking.", "parameters": {"booking_id": "str"}},
    {"name": "list_bookings", "description": "List the bookings."},
]  # fmt: skip
WORLD: Any = ready(simulated_world(spec_from_tools(TOOLS, name="inn")))
STATE = WORLD.initial(3)


def step(tool: str, **arguments: Any) -> ExecutedCall:
    pointed = "booking_id" in arguments
    sources: dict[str, Any] = {
        f"/{name}": Output(0, "/booking_id") if name == "booking_id" else Said(0, str(value))
        for name, value in arguments.items()
    }
    mention = Mention(0, "booking_id", arguments.get("booking_id"), "that booking", "anaphora", {}, 0)
    return ExecutedCall(
        ToolCall(tool, arguments), {}, STATE, STATE, sources, {"/booking_id": mention} if pointed else {},
        user_requested=True, turn=0,
    )  # fmt: skip


BOOK = step("book_room", guest_name="Ada Kern", nights=2)
MOVE = step("move_booking", booking_id="BOO-1", day="12 March")
MADE = BOOK._replace(result={"booking_id": "BOO-1", "guest_name": "Ada Kern", "nights": 2, "status": "confirmed"})
CANCEL = step("cancel_booking", booking_id="BOO-1")


def said(one: ExecutedCall, moment: Moment, seed: int = 1) -> str:
    query = say_plainly(WORLD, [one], moment, np.random.default_rng(seed))
    assert query is not None
    return query.hard


@pytest.mark.parametrize("way", sorted(set(WAYS)))
def test_a_message_has_one_request_in_one_manner(way: Way) -> None:
    for seed in range(12):
        first = said(BOOK, Moment((), way), seed)
        assert re.search(r"for Ada Kern|Ada Kern would like", first)
        assert "for 2 nights" in first
        later = said(MOVE, Moment((BOOK,), way), seed)
        assert not re.search(r"\b(hi|hello|thanks in advance)\b", later.lower())
        assert later.endswith((".", "?"))


def test_a_change_of_mind_has_a_reason_and_each_reason_comes_once() -> None:
    for seed in range(20):
        moved = said(MOVE, Moment((BOOK,), "direct", off="change"), seed)
        assert not moved.startswith("Move")
        again = said(MOVE, Moment((BOOK,), "direct", moved, off="change"), seed)
        assert again[:14] != moved[:14]


def test_two_requests_are_not_said() -> None:
    assert say_plainly(WORLD, [BOOK, MOVE], Moment((), "direct"), np.random.default_rng(1)) is None


def test_it_stands_where_there_is_room() -> None:
    rng = np.random.default_rng(1)
    texts = {with_pronouns(WORLD, [CANCEL], [MADE], rng)[0].mentions["/booking_id"].text for _ in range(60)}
    assert texts == {"that booking", "the booking", "it"}
    assert with_pronouns(WORLD, [BOOK], [MADE], rng)[0] == BOOK
    assert with_pronouns(WORLD, [CANCEL], [], rng)[0] == CANCEL  # nothing was spoken of before


def test_what_is_wrong_is_a_sentence_of_its_own() -> None:
    tool: Any = {"name": "report_fault", "description": "Report a fault of a lift.", "parameters": {
        "lift": "str", "fault": "str"}}  # fmt: skip
    world: Any = ready(simulated_world(spec_from_tools([tool], name="lifts")))
    given = {"lift": "North lift", "fault": "it rattles badly"}
    one = BOOK._replace(call=ToolCall("report_fault", given), sources={f"/{n}": Said(0, v) for n, v in given.items()})
    query = say_plainly(world, [one], Moment((), "asking"), np.random.default_rng(1))
    assert query is not None
    assert query.hard.endswith("? It rattles badly.")


@pytest.mark.parametrize(
    ("member", "value", "asked"),
    [
        ("check_out", "2026-03-02", "when does that stay end"),
        ("starts_on", "2026-03-02", "when does that stay start"),
        ("price", 80, "how much is that stay"),
        ("guest_name", "Ada Kern", "who is that stay for"),
        ("weight_kg", 3, "how heavy is that stay"),
        ("copies", 3, "how many copies of that stay are there"),
        ("genre", "jazz", "which genre is that stay"),
        ("author", "Ada Kern", "who wrote that stay"),
    ],
)
def test_people_ask_for_what_they_want_to_know(member: str, value: Any, asked: str) -> None:
    assert question(member, value, "that stay") == asked


def test_what_is_known_is_not_asked() -> None:
    listed = step("list_bookings")
    assert members_to_ask(WORLD.spec, listed, [listed]) == []


def test_what_was_said_may_hold_lists_and_objects() -> None:
    held = {"guest_name": ["Ada Kern", {"with": "Bo"}], "nights": [2]}
    ordered = BOOK._replace(call=ToolCall("book_room", held))
    (kept,) = with_pronouns(WORLD, [CANCEL], [ordered], np.random.default_rng(1))
    assert kept == CANCEL
    seen = CANCEL._replace(result={"booking_id": "BOO-1", "nights": 7, "status": "open"})
    several = BOOK._replace(call=ToolCall("book_room", {"guest_name": [{"after": "BOO-1"}]}))
    assert members_to_ask(WORLD.spec, seen, [ordered]) == ["nights", "status"]
    assert members_to_ask(WORLD.spec, seen, [several]) == ["nights"], "what a list names is dealt with"
