"""A value is said in any form in which people write it, and in no other.

1. Numbers: by value, whatever the separators, signs, currencies and words; no part of something longer.
2. Dates and times: in figures and words, in any order that leaves no doubt.
3. Truth values: by yes and no, and by statements.
4. Names, paths, identifiers, codes: whole, without regard to case, accents, marks and underscores.
5. Whatever is written in one of the usual forms is heard, and a near miss never is.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.episode.judging.moments import moments
from fr_envs.episode.judging.saying import says, stated

SAID: list[tuple[str, Any]] = [
    ("It is 12.4.", 12.40),
    ("It is 12.40 EUR.", 12.4),
    ("It is EUR12.40.", 12.4),
    ("€12,40", 12.4),
    ("12.40€ is left", 12.4),
    ("1,065.00", 1065),
    ("1.065,00", 1065),
    ("1 065,00", 1065),
    ("1\u202f065.00", 1065),
    ("1'065.00", 1065),
    ("1065", 1065.0),
    ("$1,065", 1065),
    ("1,00,000 rupees", 100000),
    ("1,240,500", 1240500),
    ("1.2 million", 1_200_000),
    ("1.2k", 1200),
    ("**65**", 65),
    ("(65)", 65),
    ("`65`", 65),
    ("65.", 65),
    ("65, 66", 66),
    ("1,2,3", 2),
    ("65%", 65),
    ("65 %", 0.65),
    ("6 percent", 0.06),
    ("five files", 5),
    ("twenty-one of those", 21),
    ("one hundred and five", 105),
    ("two thousand three hundred", 2300),
    ("both of the files", 2),
    ("a dozen eggs", 12),
    ("-65", -65),
    ("−65.00", -65),
    ("-€65", -65),
    ("€-65", -65),
    ("minus 65", -65),
    ("overdrawn by 65", -65),
    ("65 below zero", -65),
    ("8,457.96 minus 868.58 owed", 868.58),
    ("343bytes", 343),
    ("4,821 km", 4821),
    ("No fee was charged.", 0),
    ("It is free.", 0),
    ("none", 0),
    ("rate 1.1004", 1.100385),
    ("5e-05", 0.00005),
    ("on 2026-12-01", "2026-12-01"),
    ("1 December 2026", "2026-12-01"),
    ("December 1st", "2026-12-01"),
    ("Dec. 1, 2026", "2026-12-01"),
    ("1 Dec", "2026-12-01"),
    ("the first of December", "2026-12-01"),
    ("the 1st of December 2026", "2026-12-01"),
    ("01.12.2026", "2026-12-01"),
    ("2026/12/01", "2026-12-01"),
    ("12/12/2026", "2026-12-12"),
    ("13/12/2026", "2026-12-13"),
    ("12/13/2026", "2026-12-13"),
    ("from 01/12/2026 to 13/12/2026", "2026-12-01"),
    ("Tuesday, 1 December", "2026-12-01"),
    ("22 to 25 April 2027", "2027-04-22"),
    ("January 2026", "2026-01"),
    ("14:05", "14:05"),
    ("2:05 pm", "14:05"),
    ("2.05 p.m.", "14:05"),
    ("3 pm", "15:00"),
    ("at noon", "12:00"),
    ("14h05", "14:05"),
    ("14:05:00", "14:05"),
    ("17 February 2027 at 2:14 pm", "2027-02-17T14:14:51"),
    ("2027-02-17 14:14", "2027-02-17T14:14:51"),
    ("Yes.", True),
    ("Yes, it matches.", True),
    ("They match.", True),
    ("Does it match? yes.", True),
    ("It is identical.", True),
    ("There is no difference between them.", True),
    ("True", True),
    ("No.", False),
    ("No, they differ.", False),
    ("It does not match.", False),
    ("The files aren't the same.", False),
    ("They are different.", False),
    ("The ticket is non-refundable.", False),
    ("Changeable: yes. Refundable: no.", False),
    ("The answer is no; they part at byte 1.", False),
    ("see a.txt.", "a.txt"),
    ("in /home/ada/a.txt", "a.txt"),
    ("/srv/vault.", "/srv/vault"),
    ("/srv/vault/", "/srv/vault"),
    ("krakow", "Kraków"),
    ("Xi’an", "Xi'an"),
    ("in transit", "in_transit"),
    ("in-transit", "in_transit"),
    ("Ada's card", "Ada"),
    ("**Ada Kern**", "Ada Kern"),
    ("“Basic” cover", "Basic"),
    ("EUR/USD", "USD"),
    ("€5", "EUR"),
    ("five euros", "EUR"),
    ("a bank in Germany", "DE"),
    ("in the UK", "GB"),
    ("NL50 FROM 5317 1776 06", "NL50FROM5317177606"),
    ("+49 30 123 456 78", "+493012345678"),
    ("ending in ...4821", "4821"),
    ("mode 0600", "0600"),
    ("-rw-r----- it is", "-rw-r-----"),
    ("- b\n- c\n- a", ["a", "b", "c"]),
    ("- luca, Oulu\n- rosa, Malmo", "luca, Oulu\nrosa, Malmo\n"),
    ("Nothing at all: none.", []),
    ("it is not set", None),
]

UNSAID: list[tuple[str, Any]] = [
    ("6.65", 65),
    ("-65", 65),
    ("65", -65),
    ("165", 65),
    ("65.5", 65),
    ("650", 65),
    ("A65", 65),
    ("SO-65", 65),
    ("65-70", 65),
    ("10:20", 10),
    ("3.65.2", 65),
    ("file65.txt", 65),
    ("65.txt", 65),
    ("1 December 2026", 2026),
    ("one of them", 1),
    ("no one", 1),
    ("the new one", 1),
    ("Nothing was changed.", 0),
    ("1065.5", 1065),
    ("1.10", 1.100385),
    ("INV00014", 14),
    ("6D", 6),
    ("2 December", "2026-12-01"),
    ("1 December 2025", "2026-12-01"),
    ("01/12/2026", "2026-12-01"),
    ("01/12/2026", "2026-01-12"),
    ("12 January 2026", "2026-12-01"),
    ("December", "2026-12-01"),
    ("14:50", "14:05"),
    ("2:05 am", "14:05"),
    ("17 February 2027", "2027-02-17T14:14:51"),
    ("It matches.", False),
    ("It does not match.", True),
    ("I checked whether it matches.", True),
    ("Does it match?", True),
    ("Done.", True),
    ("Done.", False),
    ("1", True),
    ("a.txt.bak", "a.txt"),
    ("data.txt", "a.txt"),
    ("/srv/vault", "/srv"),
    ("/srv/vault", "vault"),
    ("non-refundable", "refundable"),
    ("my-report", "report"),
    ("bank", "an"),
    ("Adam", "Ada"),
    ("a@b.com", "a@b.co"),
    ("ACC0001234", "ACC000123"),
    ("b and c", ["a", "b", "c"]),
    ("luca, Oulu", "luca, Oulu\nrosa, Malmo\n"),
    ("", ""),
    ("anything", ""),
    ("anything", " "),
]


@pytest.mark.parametrize(("text", "value"), SAID)
def test_what_is_said_in_a_usual_form_is_heard(text: str, value: Any) -> None:
    assert says(text, value)


@pytest.mark.parametrize(("text", "value"), UNSAID)
def test_what_is_not_said_is_not_heard(text: str, value: Any) -> None:
    assert not says(text, value)


MONEY = [
    "{:,.2f}",
    "{:.2f}",
    "EUR {:,.2f}",
    "€{:,.2f}",
    "{:,.2f} EUR",
    "**{:,.2f}**",
    "({:,.2f})",
    "The balance is {:,.2f}.",
    "{:_.2f}",
]


@given(st.integers(0, 99_999_999), st.sampled_from(MONEY), st.sampled_from(["", "Swiss", "German", "French"]))
def test_amounts_are_heard_in_every_style(cents: int, form: str, style: str) -> None:
    marks = {"": ",.", "Swiss": "'.", "German": ".,", "French": "\u202f,"}[style]
    told = form.format(cents / 100).translate({ord(","): marks[0], ord("."): marks[1]})
    told = told.removesuffix(marks[1]) if told.endswith(marks[1]) and form.endswith(".") else told
    assert says(told, cents / 100), told
    assert not says(told, cents / 100 + 1), told
    assert not says(told, -cents / 100 - 0.01), told


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1)), st.integers(0, 6))
def test_days_are_heard_in_every_style(day: datetime.date, number: int) -> None:
    forms = ["{0:%Y-%m-%d}", "{0.day} {0:%B} {0.year}", "{0:%B} {0.day}, {0.year}", "{0:%d.%m.%Y}", "{0:%b} {0.day}"]
    forms += ["the {0.day}th of {0:%B}", "{0:%A}, {0.day} {0:%b} {0.year}"]
    told = f"It is due on {forms[number].format(day)}, at the latest."
    assert says(told, day.isoformat()), told
    assert not says(told, (day + datetime.timedelta(days=1)).isoformat()), told


@given(st.times())
def test_times_are_heard_in_both_clocks(time: datetime.time) -> None:
    value = f"{time:%H:%M}"
    for told in (f"at {time:%H:%M}", f"at {time:%I:%M %p}", f"at {time:%I:%M%p}".lower()):
        assert says(told, value), told
        assert not says(told, f"{(time.hour + 12) % 24:02}:{time.minute:02}"), told


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_another_number_is_never_heard(told: int, value: int) -> None:
    assert says(f"It is {told}.", value) == (told == value)


@given(st.text(max_size=200), st.text(max_size=20) | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_text_is_read(text: str, value: Any) -> None:
    assert says(text, value) in (True, False)
    assert stated(text).text == stated(text).text.strip()


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), 2**63])
def test_numbers_of_any_size_are_looked_for(value: float) -> None:
    assert not says("5% of 1.5 and 1e15 and 12", value)
    assert says(f"It is {2**63}.", 2**63)


def test_stated_lists_what_a_text_states() -> None:
    found = stated('I paid €12.40 on 1 December 2026 at 14:05 from ACC000123 for "Giro", see /srv/a.txt.')
    assert [number.readings[0] for number in found.numbers] == [12.4]
    assert [(m.date, m.time) for m in found.moments] == [((2026, 12, 1), None), (None, (14, 5, None))]
    assert (found.codes, found.paths, found.quoted) == (("ACC000123",), ("/srv/a.txt",), ("Giro",))


def test_a_date_that_the_calendar_lacks_is_none() -> None:
    found = moments("31 February 2026 and 2026-02-31 and 25:00")
    assert [(moment.date, moment.time) for moment in found] == [((2026, 2, None), None)]
