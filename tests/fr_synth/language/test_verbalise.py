"""What is said can be heard again, and nothing is heard that was not said."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.contract.spec import Kind
from fr_synth.language.verbalise import fill, join_words, mentions_value, singular, spread, stands_in, verbalise

if TYPE_CHECKING:
    from fr_envs.json_values import Json


def kind(form: str) -> Kind:
    return Kind("kind", {}, "open", "A kind.", format=form)  # type: ignore[arg-type]


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_whole_numbers_are_heard_again(value: int) -> None:
    assert mentions_value(f"put {verbalise(value)} there", value)


@given(st.integers(min_value=1, max_value=10**9))
def test_amounts_are_heard_again_and_no_other(cents: int) -> None:
    amount = cents / 100
    text = f"move {verbalise(amount, kind('amount'))}, please."
    assert mentions_value(text, amount)
    assert not mentions_value(text, amount + 1)


@given(st.dates(min_value=datetime.date(1900, 1, 1)))
def test_dates_are_heard_again_and_no_other(day: datetime.date) -> None:
    text = f"on {verbalise(day.isoformat(), kind('date'))} or so"
    assert mentions_value(text, day.isoformat())
    assert not mentions_value(
        text, (day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day.replace(day=1)).isoformat()
    )


@given(st.text(min_size=1, max_size=30).filter(lambda text: text == text.strip() and "\x00" not in text))
def test_quoted_texts_are_heard_again(text: str) -> None:
    said = verbalise(text, kind("quoted"))
    assert said == f'"{text}"'
    assert mentions_value(f"write {said} to it", text) or text.lower() not in said.lower()


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1240.0, "amount", "1,240"),
        (1240.5, "amount", "1,240.50"),
        (3, "plain", "3"),
        (0.001234, "plain", "0.001234"),
        (True, "plain", "yes"),
        (False, "plain", "no"),
        ("standing_order", "label", "standing order"),
        ("2027-03-12", "date", "12 March 2027"),
        ("2027-03-12T09:40", "datetime", "12 March 2027 at 09:40"),
        ("some day", "date", "some day"),
        (["a", "b"], "plain", "a and b"),
        ({"b": 1, "a": None}, "plain", '{"a": null, "b": 1}'),
    ],
)
def test_values_are_said_as_people_say_them(value: Json, form: str, text: str) -> None:
    assert verbalise(value, kind(form)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("150", 5),
        ("1.5", 5),
        ("a bank", "ban"),
        ("nothing", ""),
        ("yes", True),
        ("null", None),
        ("x", {"x": 1}),
        ("1-2-3", 123),
        ("a 4x4 on the A4", 4),
        ("a.txt", ["a.txt", "b.txt"]),
        ("13 March 2027", "2027-03-12"),
    ],
)
def test_what_was_not_said_is_not_heard(text: str, value: Json) -> None:
    assert not mentions_value(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("move 1,240.00 now", 1240),
        ("it is -5", -5),
        ("A STANDING ORDER", "standing_order"),
        ("take a.txt and b.txt", ["a.txt", "b.txt"]),
        ("on 12 march 2027", "2027-03-12"),
        ("a ban on banks", "ban"),
    ],
)
def test_what_was_said_is_heard(text: str, value: Json) -> None:
    assert mentions_value(text, value)


def test_a_word_stands_on_its_own_letter_for_letter() -> None:
    assert stands_in("CAN", "fly to CAN today")
    assert not stands_in("CAN", "can you fly")
    assert not stands_in("CAN", "CANCEL it")


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_are_joined(words: list[str], text: str) -> None:
    assert join_words(words) == text


def test_a_template_is_filled_and_never_filled_twice() -> None:
    assert fill("move {amount} to {target}", {"amount": "{target}", "target": "B"}) == "move {target} to B"
    assert fill("{unknown} stays, {} goes", {"": "this"}) == "{unknown} stays, this goes"
    assert fill("an open { brace", {"x": "y"}) == "an open { brace"
    assert fill('the trip "{name}"', {"name": '"Rome"'}) == 'the trip "Rome"'


def test_one_of_something_is_singular_unless_words_have_to_stay() -> None:
    assert singular("1 nights, 21 nights, 1 bus, 1 glass") == "1 night, 21 nights, 1 bus, 1 glass"
    assert singular("for 1 nights", ["1 nights"]) == "for 1 nights"


def test_values_are_spread_over_lists() -> None:
    data = {"groups": [{"items": [{"n": 1}, {"n": 2}]}, {"items": []}, {"items": [{"n": 3}, {"other": 4}]}]}
    assert spread(data, ["groups", "items", "n"]) == [1, 2, 3]
    assert spread(data, ["absent"]) == []


@pytest.mark.parametrize(
    ("template", "word", "text"),
    [
        ("take in a {x} for Ada", "silk dress", "take in a silk dress for Ada"),
        ("take in a {x} for Ada", "curtains", "take in curtains for Ada"),
        ("take in a {x}", "apron", "take in an apron"),
        ("take in a {x}", "one-piece", "take in a one-piece"),
        ("take in the {x}", "curtains", "take in the curtains"),
        ("call in a {x}", "Oslo", "call in a Oslo"),
    ],
)
def test_an_article_goes_with_its_word(template: str, word: str, text: str) -> None:
    assert fill(template, {"x": word}) == text
