"""Values in words: each filter on what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.situation.templates import FILTERS as WORDING_FILTERS
from fr_synth.language.formats import FILTERS, in_words

if TYPE_CHECKING:
    from fr_envs.json_values import Json

TODAY = "2026-11-12"


@pytest.mark.parametrize(
    ("value", "filters", "text"),
    [
        (1240, (), "1,240"),
        (1240.5, (), "1,240.50"),
        (12.0, (), "12"),
        (True, (), "yes"),
        (["a", "b", "c"], (), "a, b and c"),
        ("2026-12-01", (), "1 December"),
        ("2028-12-01", (), "1 December 2028"),
        ("2026-12-01T14:05", (), "1 December at 14:05"),
        ("plain words", (), "plain words"),
        (1240, ("amount",), "1,240"),
        (1240.5, ("money",), "€1,240.50"),
        (-3, ("money",), "-€3.00"),
        (310, ("money:SEK",), "310.00 SEK"),
        ("2026-12-01", ("day",), "1 December"),
        ("2026-12-01", ("date",), "Tuesday 1 December"),
        ("2026-12-01", ("weekday",), "Tuesday"),
        ("2026-12-01", ("nth",), "1st"),
        (22, ("nth",), "22nd"),
        ("NORDEA BANK", ("named",), "Nordea Bank"),
        ("Nordea AB", ("named",), "Nordea AB"),
        ("HSBC", ("named",), "HSBC"),
        ("HSBC BANK", ("named",), "HSBC Bank"),
        ("CH", ("country",), "Switzerland"),
        ("Ostheim", ("country",), "Ostheim"),
        ("2026-12", ("month",), "December"),
        ("2026-12-01T14:05", ("time",), "14:05"),
        (1, ("plural:night",), "1 night"),
        (3, ("plural:person",), "3 people"),
        ([1, 2], ("plural:file",), "2 files"),
        (3, ("words",), "three"),
        (40, ("words",), "40"),
        (1, ("words:booking",), "one booking"),
        (3, ("words:booking",), "three bookings"),
        (0, ("words:booking",), "no bookings"),
        ([], ("words:booking",), "no bookings"),
        ("/srv/a/notes.md", ("name",), "notes.md"),
        ("/srv/a/notes.md", ("folder",), "/srv/a"),
        ("Marta Kern", ("first",), "Marta"),
        ("Marta Kern", ("last",), "Kern"),
        ("x", ("quoted",), '"x"'),
        ("not_received", ("label", "title"), "Not received"),
        ("ABC", ("lower",), "abc"),
        (1200, ("size",), "1,200 bytes"),
        (215, ("hours",), "3 hours 35 minutes"),
        ("2026-11-12", ("when",), "today"),
        ("2026-11-13", ("when",), "tomorrow"),
        ("2026-11-15", ("when",), "on Sunday"),
        ("2026-12-15", ("when",), "on 15 December"),
    ],
)
def test_a_value_is_put_as_people_put_it(value: Json, filters: tuple[str, ...], text: str) -> None:
    assert in_words(value, filters, today=TODAY, currency="EUR") == text


def test_every_filter_is_tried_above() -> None:
    assert set(FILTERS) == {
        "money", "amount", "day", "date", "weekday", "nth", "month", "time", "plural", "words", "name", "folder",
        "first", "last", "quoted", "label", "lower", "title", "size", "when", "named", "country", "hours",
    }  # fmt: skip


def test_the_filters_are_those_that_wordings_are_held_to() -> None:
    assert frozenset(FILTERS) == WORDING_FILTERS


def test_an_unknown_filter_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        in_words(3, ("shouted",))
