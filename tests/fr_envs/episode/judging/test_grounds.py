"""What a reply may tell without anybody having told it: one step of arithmetic, conversion by a rate included."""

from __future__ import annotations

import pytest

from fr_envs.episode.judging.grounds import Grounds, passes_on
from fr_envs.episode.judging.numerals import numbers

CONVERSION = Grounds([{"total_cost": 2367.0, "currency": "DKK"}, {"reference_rate": 0.133806}])


@pytest.mark.parametrize(("told", "follows"), [("316.72", True), ("316.73", False), ("361.72", False)])
def test_an_amount_by_a_rate_follows_to_the_cent(told: str, follows: bool) -> None:
    (number,) = numbers(told)
    assert CONVERSION.derives(number) is follows


@pytest.mark.parametrize(("told", "follows"), [("155,337", False), ("296,000", True)])
def test_nothing_follows_from_a_long_number_in_a_name(told: str, follows: bool) -> None:
    (number,) = numbers(told)
    assert Grounds([{"number": "318013908", "points": 148000, "bookings": 2, "open": 0}]).derives(number) is follows


def test_two_amounts_are_not_taken_for_an_amount_and_a_rate() -> None:
    (number,) = numbers("33.63")
    assert not Grounds([{"price": 12.55, "fee": 2.68}]).derives(number)


@pytest.mark.parametrize(
    ("reply", "passed"),
    [
        ("3\n6097\n/tmp/thumbs", True),
        ("| files | 3 |\n| size | 6097 |\n| path | /tmp/thumbs |", True),
        ("The files is 3. The size is 6097. The path is /tmp/thumbs.", True),
        ("3 files, 6,097 bytes", False),
        ("- 3\n- 6097", False),
        ("/tmp/thumbs has 3 files of 6097 bytes.", False),
    ],
)
def test_a_whole_result_without_a_word_is_passed_on(reply: str, passed: bool) -> None:
    result = {"path": "/tmp/thumbs", "size": 6097, "files": 3, "directories": []}
    assert passes_on(reply, [result], [3, 6097], "What's in /tmp/thumbs?") is passed
