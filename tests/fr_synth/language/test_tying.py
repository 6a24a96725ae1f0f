"""Ties: a request says how it follows, and a reason stands where it can be understood."""

from __future__ import annotations

import pytest

from fr_synth.language.tying import Tie, can_lead, ended, frames_for, with_reason

CHEAP = Tie("decide", "is the cheapest", "the Kiln")


def test_a_reason_said_first_leaves_the_thing_to_be_it() -> None:
    assert with_reason(CHEAP, "book the Kiln for Ada", before=True) == "the Kiln is the cheapest, so book it for Ada"
    assert with_reason(CHEAP, "book the Kiln for Ada", before=False) == "book the Kiln for Ada, as it's the cheapest"


@pytest.mark.parametrize("request_text", ["sign Ada up for the Kiln course", "book it", "put the Kiln's lid on"])
def test_nothing_leads_that_would_leave_a_hole(request_text: str) -> None:
    assert not can_lead(CHEAP, request_text)


def test_a_person_is_they() -> None:
    tie = Tie("decide", "hasn't paid yet", "Ada Lund", somebody=True)
    assert with_reason(tie, "note that Ada Lund has paid", before=True) == (
        "note that Ada Lund has paid, as they haven't paid yet"
    )


def test_a_question_asks_for_now_where_something_has_changed() -> None:
    frames = frames_for(Tie("see"), "direct", order=False, text="which pens are free?")
    assert {ended(frame.format("which pens are free?")) for frame in frames} == {
        "and which pens are free now?",
        "so which pens are free now?",
    }
    assert not any(
        "now" in frame for frame in frames_for(Tie("see"), "direct", order=False, text="how many are there?")
    )


@pytest.mark.parametrize("way", ["direct", "polite", "asking", "brisk"])
@pytest.mark.parametrize("purpose", ["decide", "take up", "react", "put right", "go on", "again", "see"])
def test_every_purpose_has_words_in_every_manner(purpose: str, way: str) -> None:
    tie = Tie(purpose, "is the cheapest" if purpose == "decide" else "")  # type: ignore[arg-type]
    frames = frames_for(tie, way, order=True, text="book it")
    assert frames
    assert all(frame.count("{}") == 1 for frame in frames)
