"""Reasons: what is said for a choice is what the rows show, and nothing is said where they show nothing.

1. No other row has as low a price, as many places, or as early a day.
2. What nobody can have is no rival, and is not chosen.
3. What is still open is said where others are not; what is so of all says nothing for one.
4. More is ordered of what there is too little of, and not of what there is enough of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.sample.purpose.reasons import Deed, drains_again, is_idle, reason_in

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

BOATS: list[JsonObject] = [
    {"boat": "Elsa", "price": 30, "seats_left": 2, "departs": "2026-05-04", "status": "ok"},
    {"boat": "Tern", "price": 20, "seats_left": 1, "departs": "2026-05-03", "status": "out of order"},
    {"boat": "Puffin", "price": 25, "seats_left": 6, "departs": "2026-05-09", "status": "ok"},
]


@pytest.mark.parametrize(
    ("rows", "chosen", "reason"),
    [
        ([BOATS[0], BOATS[2]], 1, "is the cheapest"),
        (BOATS, 2, "is the cheapest that can be had"),
        (BOATS, 1, ""),
        ([BOATS[0], {**BOATS[2], "price": 30}], 1, "has the most seats left"),
        ([{"day": "2026-05-04"}, {"day": "2026-05-02"}], 1, "is the earliest"),
        ([{"day": "2026-05-02"}, {"day": "2026-05-02"}], 1, ""),
        ([BOATS[0]], 0, ""),
    ],
)
def test_who_books_has_a_reason_that_the_rows_prove(rows: list[JsonObject], chosen: int, reason: str) -> None:
    assert reason_in(rows, rows[chosen], Deed({"book"}, {})) == reason


@given(st.lists(st.integers(1, 99), min_size=2, max_size=6))
def test_the_cheapest_is_cheaper_than_every_other(prices: list[int]) -> None:
    rows: list[Any] = [{"id": k, "price": price} for k, price in enumerate(prices)]
    for row in rows:
        found = reason_in(rows, row, Deed({"book"}, {}))
        assert bool(found) == all(row["price"] < each["price"] for each in rows if each is not row)


@pytest.mark.parametrize(
    ("before", "after", "others", "reason"),
    [
        ({"paid": False}, {"paid": True}, [{"paid": True}], "is the only one that hasn't been paid"),
        ({"paid": False}, {"paid": True}, [{"paid": True}, {"paid": False}], "hasn't been paid yet"),
        ({"paid": False}, {"paid": True}, [{"paid": False}], ""),
        (
            {"fed_today": False},
            {"fed_today": True},
            [{"fed_today": True}],
            "is the only one that hasn't been fed today",
        ),
        ({"active": False}, {"active": True}, [{"active": True}], ""),
        ({"state": "waiting"}, {"state": "printed"}, [{"state": "printed"}], "is the only one that's still waiting"),
        ({"state": "printed"}, {"state": "waiting"}, [{"state": "waiting"}], ""),
    ],
)
def test_what_is_open_is_seen_to(before: JsonObject, after: JsonObject, others: list[JsonObject], reason: str) -> None:
    assert reason_in([before, *others], before, Deed({"mark"}, after)) == reason


def test_a_person_pays_and_nothing_that_ends_has_such_a_reason() -> None:
    rows: list[JsonObject] = [{"paid": False, "price": 3}, {"paid": True, "price": 5}]
    assert reason_in(rows, rows[0], Deed({"record"}, {"paid": True}, somebody=True)) == (
        "is the only one who hasn't paid"
    )
    assert not reason_in(rows, rows[0], Deed({"cancel"}, {"paid": True}))


def test_more_is_ordered_of_what_runs_low() -> None:
    low: JsonObject = {"item": "rope", "quantity": 2, "minimum": 5}
    enough: JsonObject = {"item": "tar", "quantity": 9, "minimum": 5}
    assert reason_in([low, enough], low, Deed({"order"}, {})) == "is below the minimum"
    assert not reason_in([low, enough], enough, Deed({"order"}, {}))
    assert is_idle(enough, {"order"})
    assert not is_idle(low, {"order"})
    assert drains_again({"order"}, {"take", "out"})
    assert not drains_again({"take", "out"}, {"order"})
