"""Sentences in a contract's own words: each value has to be its member's, and nothing there may be turned round."""

from __future__ import annotations

import pytest

from tests.fr_synth.verify.claims import scenes


def test_a_sentence_in_the_contracts_words_passes() -> None:
    assert scenes.problems(scenes.card(), "The card ending in {tail} is frozen.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The card ending in {other_tail} is frozen.",
        "The card ending in {tail} is not frozen.",
        "The card ending in {tail} is pending.",
        "Nobody can pay with the {other} card now.",
    ],
)
def test_a_sentence_turned_round_is_found(text: str) -> None:
    assert scenes.problems(scenes.card(), text) != []


def test_a_value_of_another_member_is_found() -> None:
    true = scenes.problems(scenes.rent(), "The standing order to {payee} is {new} now.")
    assert true == []
    assert scenes.problems(scenes.rent(), "The standing order to {payee} is {other_amount} now.") != []


@pytest.mark.parametrize("text", ["A new account was opened.", "A copy has been made."])
def test_a_thing_that_nothing_made_is_found(text: str) -> None:
    assert scenes.problems(scenes.card(), text) != []
