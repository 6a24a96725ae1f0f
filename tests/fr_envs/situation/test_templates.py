"""Wordings as data: what they mean, and that whatever is no wording says where it goes wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.situation.templates import Choice, Fill, Mark, TemplateError, parse, parts_in


def test_a_wording_is_read_part_by_part() -> None:
    hello, comma, mark, verb, fill, stop = parse("<Hi|Hello>, [the {rent.reference}](rent) is {rent.amount|money:EUR}.")
    assert hello == Choice((("Hi",), ("Hello",)))
    assert (comma, verb, stop) == (", ", " is ", ".")
    assert mark == Mark(("the ", Fill("rent.reference", ())), "rent", (), again=False)
    assert fill == Fill("rent.amount", ("money:EUR",))


def test_marks_name_members_or_what_came_last() -> None:
    assert parse("[the 12.99](charge|amount, date)") == (
        Mark(("the 12.99",), "charge", ("amount", "date"), again=False),
    )
    assert parse("[it](=charge)") == (Mark(("it",), "charge", (), again=True),)


def test_alternatives_can_be_empty_and_nested() -> None:
    (choice,) = parse("<|please <do|make>>")
    assert isinstance(choice, Choice)
    assert choice.options[0] == ()
    assert choice.options[1][1] == Choice((("do",), ("make",)))


def test_places_and_marks_are_found_in_every_alternative() -> None:
    found = [part.path for part in parts_in(parse("<{a}|[{b}](c)> {d}"))]
    assert found == ["a", "c", "b", "d"]


@pytest.mark.parametrize(
    "text", ["{", "{}", "{ }", "<a|b", "<a>", "[a]", "[a](", "[a]()", "a}", "a>", "a]", "[a](b", "<a|{>"]
)
def test_what_is_no_wording_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        parse(text)


@given(st.text(alphabet="ab <>|{}[]().=", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parts = parse(text)
    except TemplateError:
        return
    assert all(parts)
