"""What a model says against its situation: words of the contrary, and slots that a wording leaves open."""

from __future__ import annotations

import pytest

from fr_envs.situation.loading import every_turn, load_situations
from fr_synth.verify.claims.wording.contraries import said_in
from fr_synth.verify.claims.wording.spoken import _spoken
from fr_synth.verify.situated.meaning.scope import words_beside
from fr_synth.verify.situated.turns import plain_text, told_in


def slots(text: str) -> dict[str, str]:
    return {each.slot: each.filler for each in said_in(text, doubtful=False)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The cheapest is _.", "The dearest is _."),
        ("It is confirmed now.", "It is unconfirmed now."),
        ("It is confirmed now.", "It isn't confirmed now."),
        ("The first payment is _.", "The second payment is _."),
        ("There are two files now.", "There are three files now."),
        ("It's above _.", "It's below _."),
        ("It goes after _.", "It goes before _."),
        ("That is above the limit.", "That is below the limit."),
        ("The folder is empty.", "The folder is full."),
        ("You get it tomorrow.", "You get it today."),
    ],
)
def test_contraries_fill_one_slot_otherwise(one: str, other: str) -> None:
    a, b = slots(one), slots(other)
    assert any(a[slot] != b[slot] for slot in a.keys() & b.keys()), (a, b)


@pytest.mark.parametrize("text", ["I look before I act.", "What is open?", "It would be closed then.", "Over to you."])
def test_what_is_open_or_of_no_value_has_no_slot(text: str) -> None:
    assert slots(text) == {}


def test_a_wording_with_a_place_takes_any_number() -> None:
    known = _spoken(("There <is one file|are {n|words} files> now.",)).said
    assert "*" in known["n file"]


def test_words_beside_a_place_stop_at_another_value() -> None:
    assert words_beside("You spent ", last=True) == ("spent",)
    assert words_beside("_ in assets and ", last=True) == ()
    assert words_beside(" DKK left of it", last=False) == ("left",)


def test_every_turn_of_every_situation_has_words() -> None:
    for situation in load_situations():
        for turn in every_turn(situation):
            assert told_in((turn,)), situation.name
            assert all(plain_text(wording).strip() or "{" in wording for wording in told_in((turn,)))
