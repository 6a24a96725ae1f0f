"""Orders as people word them.

1. The record of a deed gives way to the deed, except for people.
2. How long something is stands before what it is, where much else is told.
3. What is left over follows in a clause of its own, whose first word says what it is.
4. A wish is somebody's only where a person is named for whom it is.
"""

from __future__ import annotations

import pytest

from fr_envs.adapters.words.grammar.shaping import shaped, wished_by


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("book a stay on {pitch_id} for {guest}", "book {pitch_id} for {guest}"),
        ("create a reservation for {customer_id}", "create a reservation for {customer_id}"),
        ("plan a visit of {tuner} to {piano_id}", "plan a visit by {tuner} to {piano_id}"),
        ("book a lesson with {teacher_id} for {pupil}", "book a lesson with {teacher_id} for {pupil}"),
        ("book a lesson with {teacher_id} for {pupil} on {day} for {minutes} minutes",
         "book a {minutes}-minute lesson with {teacher_id} for {pupil} on {day}"),
        ("schedule a parcel pickup at {address} for {sender} on {date} with a weight of {weight_kg} kg",
         "schedule a parcel pickup at {address} for {sender} on {date}; the parcel weighs {weight_kg} kg"),
        ("register a visit of {yacht} at {berth_id} for {skipper} from {day} until {end}",
         "register a visit of {yacht} at {berth_id} from {day} until {end}; the skipper is {skipper}"),
        ("register {participant} for {class_id} for {seats} seats",
         "register {participant} for {class_id}, {seats} seats"),
    ],
)  # fmt: skip
def test_an_order_is_worded_as_the_deed(order: str, told: str) -> None:
    assert shaped(order, ()) == told


@pytest.mark.parametrize(
    ("order", "wishes"),
    [
        ("book {room_id} for {guest} on {day}", ["{guest} would like to book {room_id} on {day}"]),
        ("book {room_id} for {nights} nights", []),
        ("cancel {booking_id} for {guest}", []),
        ("book {room_id} for {dog} on {day}", []),
    ],
)
def test_a_wish_is_that_of_whom_it_is_for(order: str, wishes: list[str]) -> None:
    assert list(wished_by(order)) == wishes
