"""Minutes as people say them, and as the judge and the proofs read them again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.episode.judging.saying import says
from fr_synth.language.formats import in_words
from fr_synth.verify.claims.parsing.numbers import numbers_in


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (120, "2 hours"),
        (61, "1 hour 1 minute"),
        (215, "3 hours 35 minutes"),
    ],
)
def test_minutes_are_said_in_hours_from_an_hour_on(minutes: int, words: str) -> None:
    assert in_words(minutes, ("hours",)) == words


@given(st.integers(1, 5000))
def test_whoever_says_hours_says_the_minutes(minutes: int) -> None:
    assert says(f"You wait {in_words(minutes, ('hours',))} there.", minutes)
    assert not says(f"You wait {in_words(minutes + 7, ('hours',))} there.", minutes)


@pytest.mark.parametrize("form", ["3 h 35 min", "3h35min", "3 hours and 35 minutes", "3 hrs, 35 mins", "3h 35m"])
def test_hours_with_minutes_are_one_number(form: str) -> None:
    assert says(f"The wait is {form}.", 215)
    assert not says(f"The wait is {form}.", 35)
    assert [(each.value, each.unit) for each in numbers_in(f"The wait is {form}.")] == [(215.0, "minutes")]
