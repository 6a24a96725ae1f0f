"""Wordings filled: alternatives leave no gaps behind, and a value is told letter by letter."""

from __future__ import annotations

import numpy as np
import pytest

from fr_envs.situation.spec import Persona
from fr_synth.situations.listing import listed
from fr_synth.situations.rendering import as_spoken_by, render
from fr_synth.situations.scope import Result, Scope, Worked

DRAWING = "/srv\n  README.md\n  src/\n    main.py\tlast"
SCOPE = Scope({"tree": Result(0, "", {"drawing": DRAWING})})


@pytest.mark.parametrize("wording", ["It holds:\n{tree.drawing}", "It holds:\n{tree.drawing} <|>"])
def test_blanks_within_a_value_stay_while_those_of_an_empty_alternative_go(wording: str) -> None:
    assert render(wording, SCOPE, np.random.default_rng(0)).text == f"It holds:\n{DRAWING}"


def test_an_empty_alternative_leaves_no_gap() -> None:
    told = render("Well <|> , here  it is <|> .", SCOPE, np.random.default_rng(0))

    assert told.text == "Well, here it is."


def test_a_manner_changes_no_blank_of_a_value() -> None:
    texting = Persona(name="texting", tones=("plain",), lower=True, loose=True)

    told = as_spoken_by(texting, "Is this  right:\n{tree.drawing}", SCOPE, np.random.default_rng(0), first=True)

    assert told.text == f"is this right:\n{DRAWING}"


@pytest.mark.parametrize("wording", [
    "Thank you, that is all.", "Great, thanks, bye.", "My card was stolen.", "I wonder if I still need that account.",
])  # fmt: skip
def test_nobody_thanks_twice_nor_lightly_in_trouble_nor_for_nothing(wording: str) -> None:
    thankful = Persona(name="thankful", tones=("plain",), closers=(" Thanks so much!",))

    said = [
        as_spoken_by(thankful, text, SCOPE, np.random.default_rng(0), first=False).text for text in (wording, "Go.")
    ]

    assert said == [wording, "Go. Thanks so much!"]


def test_a_list_tells_the_year_of_all_days_or_of_none() -> None:
    rule = {"list": "found.rows", "item": "{name} on {day|day}"}
    far, near = {"name": "one", "day": "2024-03-02"}, {"name": "two", "day": "2026-05-05"}
    scope = Scope({"today": Worked("2026-05-07"), "found": Result(0, "", {"rows": [near, far]})})

    mixed = listed(rule, scope, np.random.default_rng(0))
    alike = listed({**rule, "where": {"name": "two"}}, scope, np.random.default_rng(0))

    assert mixed is not None
    assert mixed.value == "two on 5 May 2026 and one on 2 March 2024"
    assert alike is not None
    assert alike.value == "two on 5 May"
