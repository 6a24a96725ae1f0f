"""What a travel desk begins with, so that people can say what they mean and change what is booked.

1. Nobody has two journeys to one city, and few cities are gone to twice.
2. Two hotels of a city are booked for two travellers, and each stay can be put off by up to three days.
3. A hire car can be kept up to three days longer.
4. Another traveller can be saved, however many there are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_envs.episode.trajectory import first_state
from fr_envs.world.tool_call import ToolCall

TRAVEL = load_domain("travel")
SEEDS = st.integers(0, 10_000)


@settings(max_examples=20)
@given(seed=SEEDS, scale=st.sampled_from(["tiny", "small", "busy"]))
def test_nobody_has_two_journeys_to_one_city(seed: int, scale: str) -> None:
    state = first_state(TRAVEL, (seed,), scale)  # type: ignore[arg-type]
    rows = TRAVEL.apply(state, ToolCall("list_bookings", {"limit": 9})).value["bookings"]
    assert isinstance(rows, list)
    goes = Counter((row["passenger_name"], row["destination_city"]) for row in rows)
    assert set(goes.values()) <= {1} or scale == "tiny"  # few cities are served there
    if scale == "small":
        assert len({row["destination_city"] for row in rows}) >= len(rows) - 2


@settings(max_examples=20)
@given(seed=SEEDS, days=st.integers(1, 3))
def test_stays_can_be_put_off_and_are_of_two_travellers(seed: int, days: int) -> None:
    state = first_state(TRAVEL, (seed,), "small")
    stays = TRAVEL.apply(state, ToolCall("list_stays", {})).value["stays"]
    assert isinstance(stays, list)
    assert len({stay["passenger_name"] for stay in stays}) == len(stays)
    for stay in stays:
        later = (dt.date.fromisoformat(stay["check_in"]) + dt.timedelta(days)).isoformat()
        moved = TRAVEL.apply(state, ToolCall("move_stay", {"stay_id": stay["stay_id"], "check_in": later}))
        assert moved.error is None


@settings(max_examples=20)
@given(seed=SEEDS, days=st.integers(1, 3))
def test_a_hired_car_can_be_kept_longer(seed: int, days: int) -> None:
    state = first_state(TRAVEL, (seed,), "small")
    rentals = TRAVEL.apply(state, ToolCall("list_rentals", {})).value["rentals"]
    assert isinstance(rentals, list)
    for rental in rentals:
        kept = TRAVEL.apply(state, ToolCall("extend_rental", {"rental_id": rental["rental_id"], "extra_days": days}))
        assert kept.error is None


@settings(max_examples=20)
@given(seed=SEEDS)
def test_a_busy_desk_has_room_for_another_traveller(seed: int) -> None:
    state = first_state(TRAVEL, (seed,), "busy")
    new = ToolCall("add_passenger", {"name": "Ada Quill", "birth_date": "1990-04-02"})
    assert TRAVEL.apply(state, new).error is None
