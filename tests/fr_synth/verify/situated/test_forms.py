"""Texts as instances of wordings: found step by step, as the wording's pattern would find them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.verify.situated.forms import Told, fits, is_marked, pattern_with, read_as

_PARTS = (
    "Pay", " the ", "rent", ", ", ". ", " ", "{a}", "{a.b|money}", "{c|quoted}", "{d|day}",
    "{e|plural:night}", "{f|nth}",
    "<now|today>", "<|please >", "<{a}|the {c|amount}>", "[the rent](rent)", "[it <now|>](=rent)",
)  # fmt: skip
_TEXTS = (
    "Pay", " the ", "rent", ", ", ". ", " ", "x", "€1,240.50", "12.00 SEK", '"a b"', "12 March", "1 night", "2 nights",
    "12th", "now", "today", "please ", "7", "\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PARTS), min_size=1, max_size=6), st.lists(st.sampled_from(_TEXTS), max_size=8))
def test_a_text_is_an_instance_where_the_pattern_says_so(parts: list[str], texts: list[str]) -> None:
    wording, text = "".join(parts), "".join(texts)
    pattern = rf"\s*{pattern_with(wording, lambda _: None)}\s*"
    assert (read_as(wording, text) is not None) == (re.fullmatch(pattern, text, re.DOTALL) is not None)


@pytest.mark.parametrize(
    ("wording", "text", "told"),
    [
        ("{a} and {b}", "x and y and z", ["x", "y and z"]),  # the first place takes as little as it can
        ("{a|amount}{b}", "12.5 kB", ["12.5", " kB"]),  # a form takes as much
        ("{a|quoted}{b}", '"x" or "y"', ['"x"', ' or "y"']),
        ("<{a|day}|{b}>!", "soon!", ["soon"]),
        ("In {a|plural:line}.", "In 1 line.", ["1 line"]),
        ("In {a|words:line}.", "In one line.", ["one line"]),
        ("In {a|words:line}.", "In no lines.", ["no lines"]),
        ("In {a|words:line}.", "In 40 lines.", ["40 lines"]),
        (" {a} ", "  x ", ["x"]),
        ("{a}", "", [""]),
    ],
)
def test_places_are_filled_as_the_pattern_fills_them(wording: str, text: str, told: list[str]) -> None:
    reading = read_as(wording, text)
    assert reading is not None
    assert [each.text for each in reading.told] == told


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("{a|day}.", "12."),
        ("Pay {a|quoted}", "Pay x"),
        ("<a|b> {c}!", "c x!"),
        ("{a|nth} x", "12 x"),
        ("{a|words:line}", "one lines"),
        ("{a|words:line}", "three line"),
    ],
)
def test_another_text_is_none(wording: str, text: str) -> None:
    assert read_as(wording, text) is None


def test_marks_catch_their_words() -> None:
    reading = read_as("Freeze [<my|the> card](card) now", "Freeze the card now")
    assert reading is not None
    assert [words for _, words in reading.marks] == ["the card"]
    assert is_marked(reading, "the card")
    assert not is_marked(reading, "card")


@pytest.mark.parametrize(
    ("words", "right"), [(["a, b"], True), (["a", "a, b"], True), (["b"], False), (["z"], False), ([], False)]
)
def test_one_of_some_words_fits_a_place(words: list[str], right: bool) -> None:
    reading = read_as("{one}, {two} or none", "a, b, c or none")
    assert reading is not None
    assert fits(reading, Told("one", (), "a"), words) is right


def test_small_letters_are_the_wordings_own() -> None:
    reading = read_as("Pay {a} for [The Rent](rent)", "pay Ada for The Rent", lower=True)
    assert reading is not None
    assert reading.told[0].text == "Ada"


def test_a_wording_of_nothing_reads_nothing_else() -> None:
    assert read_as("", "  ") is not None
    assert read_as("", "x") is None
