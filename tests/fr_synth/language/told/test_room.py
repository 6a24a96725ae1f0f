"""What there is room for, as results tell: places left, a capacity, and what is asked of something sold out."""

from __future__ import annotations

from typing import Any, cast

import pytest

from fr_envs.world.tool_call import ToolCall
from fr_synth.language.told.room import asks_of_none, exceeds_room
from fr_synth.language.told.rows import sold_out_first
from fr_synth.language.told.things import Thing
from fr_synth.trace.dataflow.executed import ExecutedCall

TOUR = {"tour_id": 3, "title": "Sunset Walk", "places_left": 2, "price_eur": 15.0}
STUDIO = {"studio_id": "S1", "name": "Attic", "max_musicians": 3}
SHELF = {"item_id": "I1", "name": "Chain", "in_stock": 5}
BOOKING = {"booking_id": "DT-2", "tour_id": 3, "children": 2}


def shown(*rows: dict[str, Any]) -> list[ExecutedCall]:
    """Return look-ups that have shown some rows, one each."""
    state = cast("Any", None)
    return [ExecutedCall(ToolCall("look", {}), {"rows": [row]}, state, state, {}, {}, user_requested=True, turn=0)
            for row in rows]  # fmt: skip


@pytest.mark.parametrize(
    ("own", "wanted", "too_many"),
    [
        (3, {"children": 3}, True),
        (3, {"children": 2}, False),
        (3, {"hours": 3}, False),
        ("DT-2", {"children": 3}, True),  # a booking has the room of its tour
        ("S1", {"musicians": 4}, True),
        ("S1", {"players": 3}, False),
        ("S1", {"hours": 4}, False),
        ("I1", {"stock": 6}, True),
    ],
)
def test_no_more_is_wanted_than_there_is_room_for(own: Any, wanted: dict[str, Any], *, too_many: bool) -> None:
    assert exceeds_room(shown(TOUR, STUDIO, SHELF, BOOKING), [own], wanted) is too_many


@pytest.mark.parametrize(
    ("left", "tool", "asks"),
    [(0, "ticket_prices", True), (0, "hall_of", True), (0, "join_waiting_list", False), (4, "fares", False)],
)
def test_nobody_asks_more_of_what_is_sold_out(left: int, tool: str, *, asks: bool) -> None:
    assert asks_of_none(shown({"concert_id": 2, "tickets_left": left}), tool, [2]) is asks


def test_no_more_places_are_moved_than_are_left_there() -> None:
    shown_before = shown(
        {"booking_id": "B1", "workshop_id": "W1", "places": 4}, {"workshop_id": "W2", "places_left": 3}
    )
    assert exceeds_room(shown_before, ["B1", "W2"], {})
    assert not exceeds_room(shown_before[:1], ["B1", "W2"], {})


def test_what_is_sold_out_is_said_first_and_has_no_price() -> None:
    row = {"title": "Organ Night", "tickets_left": 0}
    thing = Thing("Organ Night", "concert", row, {}, frozenset({"title"}))
    assert sold_out_first(thing, ["on 27 March 2026", "no tickets left", "from €12"]) == [
        "no tickets left", "on 27 March 2026",
    ]  # fmt: skip
    there = thing._replace(row={"tickets_left": 3})
    assert sold_out_first(there, ["3 tickets left", "€12"]) == ["3 tickets left", "€12"]
