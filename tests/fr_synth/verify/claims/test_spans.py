"""The parsers: what they find in a text, and what they leave alone."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.verify.claims.figures.derive import converts, equations, follows, same, totals
from fr_synth.verify.claims.parsing.dates import Clock, Day
from fr_synth.verify.claims.parsing.spans import parse, sentences
from fr_synth.verify.claims.wording.lexicon import acts_of, lemma, tool_acts

NUMBERS: list[tuple[str, float, str]] = [
    ("It costs 5.", 5.0, ""), ("1,240 is left", 1240.0, ""), ("1,405.55 in all", 1405.55, ""), ("just 0.20", 0.2, ""),
    ("12,345,678 of them", 12345678.0, ""), ("a difference of -33", -33.0, ""), ("it is \u221233.50 now", -33.5, ""),
    ("\u20ac5 more", 5.0, "EUR"), ("$12.50 each", 12.5, "USD"), ("\u00a37 off", 7.0, "GBP"),
    ("-\u20ac1,240.50", -1240.5, "EUR"),
    ("43.50 EUR are gone", 43.5, "EUR"), ("EUR 43.50 are gone", 43.5, "EUR"), ("20 euros", 20.0, "EUR"),
    ("20 dollars", 20.0, "USD"), ("1 pound", 1.0, "GBP"), ("3 francs", 3.0, "CHF"), ("17 %", 17.0, "%"),
    ("17%", 17.0, "%"), ("17 percent", 17.0, "percent"), ("6.90 % a year", 6.9, "%"), ("3899 bytes", 3899.0, "bytes"),
    ("3.9 kB", 3.9, "kb"), ("12 MB", 12.0, "mb"), ("12 km", 12.0, "km"), ("7 kilometres", 7.0, "kilometres"),
    ("2 nights", 2.0, "nights"), ("a 2-night stay", 2.0, "night"), ("3 hours", 3.0, "hours"), ("5 days", 5.0, "days"),
    ("84 months", 84.0, "months"), ("6050 points", 6050.0, "points"), ("15 minutes", 15.0, "minutes"),
    ("10k of it", 10000.0, ""), ("(17.99)", 17.99, ""), ("fee 0.20, value", 0.2, ""), ("three of them", 3.0, ""),
    ("Twelve are", 12.0, ""), ("twenty-one left", 21.0, ""), ("forty two lines", 42.0, ""), ("a dozen eggs", 12.0, ""),
    ("both cards", 2.0, ""), ("it ran twice", 2.0, ""), ("a hundred times", 100.0, ""), ("one booking", 1.0, ""),
    ("zero lines", 0.0, ""), ("1.405,55 is how others write it", 1405.55, ""), ("seventeen", 17.0, ""),
    ("ninety-nine", 99.0, ""), ("up to 50", 50.0, ""), ("ending in 4866", 4866.0, ""), ("5 GBP", 5.0, "GBP"),
]  # fmt: skip
DATES: list[tuple[str, Day]] = [
    ("on 12 March 2027", Day(2027, 3, 12)), ("on March 12, 2027", Day(2027, 3, 12)), ("2027-03-12", Day(2027, 3, 12)),
    ("12 March", Day(None, 3, 12)), ("March 12", Day(None, 3, 12)), ("the 12th of March", Day(None, 3, 12)),
    ("5 Nov 2026", Day(2026, 11, 5)), ("on the 15th", Day(day=15)), ("the 1st", Day(day=1)), ("the 22nd", Day(day=22)),
    ("from December", Day(month=12)), ("December's rent", Day(month=12)), ("December 2026", Day(2026, 12)),
    ("in May", Day(month=5)), ("for March", Day(month=3)), ("december stays", Day(month=12)), ("2027-06", Day(2027, 6)),
    ("tomorrow", Day(ahead=1)), ("today", Day(ahead=0)), ("yesterday", Day(ahead=-1)), ("in 14 days", Day(ahead=14)),
    ("3 days ago", Day(ahead=-3)), ("the day after tomorrow", Day(ahead=2)), ("next month", Day(months_ahead=1)),
    ("this month", Day(months_ahead=0)), ("last month", Day(months_ahead=-1)), ("on Friday", Day(weekday=4)),
    ("monday morning", Day(weekday=0)), ("12.03.2027", Day(2027, 3, 12)), ("1 January 2027.", Day(2027, 1, 1)),
]  # fmt: skip
TIMES: list[tuple[str, int]] = [
    ("at 08:40", 520), ("at 8:40 pm", 1240), ("before 2 pm", 840), ("by noon", 720), ("at midnight", 0),
    ("7 a.m.", 420),
    ("12 am", 0), ("12 pm", 720), ("at 23:59", 1439), ("6 o'clock", 360), ("at 17:04:09", 1024),
]  # fmt: skip
TEXTS: list[tuple[str, str, str]] = [
    ('called "Garden"', "quote", "Garden"), ("called \u201cGarden\u201d", "quote", "Garden"),
    ("run `wc -l`", "quote", "wc -l"),
    ("called 'Side business'", "quote", "Side business"), ("see /etc/hosts.", "path", "/etc/hosts"),
    ("see ~/.ssh/id_rsa.pub", "path", "~/.ssh/id_rsa.pub"), ("in notes.md", "path", "notes.md"),
    ("in ./src/main.py", "path", "./src/main.py"), ("in data/backup.csv", "path", "data/backup.csv"),
    ("/srv/backup/2026-10-29/indexer.ini", "path", "/srv/backup/2026-10-29/indexer.ini"),
    ("the .profile file", "path", ".profile"),
    ("a/b/c is deep", "path", "a/b/c"), ("archive.tar.gz", "path", "archive.tar.gz"),
    ("https://example.org/a?b=1", "path", "https://example.org/a?b=1"), ("ada@example.org", "mail", "ada@example.org"),
    ("ACC004821 is it", "identifier", "ACC004821"), ("flight H5 122", "identifier", "H5 122"),
    ("seat 4C", "identifier", "4C"),
    ("BE92489031972223", "identifier", "BE92489031972223"), ("+31612345678", "identifier", "+31612345678"),
    ("the 4x4", "identifier", "4x4"), ("BKG00003", "identifier", "BKG00003"), ("sha256", "identifier", "sha256"),
    ("an order-7F2", "identifier", "order-7F2"), ("by Ada Kern", "name", "Ada Kern"), ("for Priya", "name", "Priya"),
    ("Ada Kern's card", "name", "Ada Kern"), ("at Haus & Grund Kern", "name", "Haus & Grund Kern"),
    ("to Vincent van Gogh", "name", "Vincent van Gogh"), ("Bernard Kloss has it", "name", "Bernard Kloss"),
    ("in Oslo", "name", "Oslo"), ("from D\u2019Urbano", "name", "D\u2019Urbano"),
    ("Ottilie is on it", "name", "Ottilie"),
    ("Leo's version", "name", "Leo"), ("to M\u00e1laga", "name", "M\u00e1laga"),
]  # fmt: skip
NOTHING = [
    "and/or", "e.g. this", "i.e. that", "The card is active.", "It went through.", "Done.", "the one that works",
    "this one, please", "I have it", "Nothing has changed", "in and out", "May I?", "That is so", "Shall I?", "a.m.",
    "Moved there.", "Look it up", "the IT of it", "no one", "Everything is there", "You're welcome", "an SSH key",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "unit"), NUMBERS)
def test_numbers(text: str, value: float, unit: str) -> None:
    assert [(s.value, s.unit) for s in parse(text) if s.kind == "number"] == [(value, unit)]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_dates(text: str, day: Day) -> None:
    assert [s.value for s in parse(text)] == [day]


@pytest.mark.parametrize(("text", "minutes"), TIMES)
def test_times(text: str, minutes: int) -> None:
    assert [s.value for s in parse(text)] == [Clock(minutes)]


@pytest.mark.parametrize(("text", "kind", "value"), TEXTS)
def test_texts(text: str, kind: str, value: str) -> None:
    assert [(s.kind, s.value) for s in parse(text)] == [(kind, value)]


@pytest.mark.parametrize("text", NOTHING)
def test_what_claims_no_value(text: str) -> None:
    assert parse(text) == ()


def test_several_values_stand_in_order_and_none_inside_another() -> None:
    spans = parse('Moved 940.00 to "Rent 12" on 12 March 2027 at 10:30 for Ada Kern, see /srv/2027/a1.md')
    assert [s.kind for s in spans] == ["number", "quote", "date", "time", "name", "path"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(st.text(max_size=200))
def test_any_text_can_be_parsed(text: str) -> None:
    spans = parse(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert [text[a:b] for a, b in sentences(text) if not text[a:b].strip()] == []
    assert all(isinstance(e.holds, bool) for e in equations(text))


def test_a_sentence_is_not_cut_in_a_quotation() -> None:
    text = 'It says "one. Two." there. Next, Dr. Kern: 3.50.'
    assert [text[a:b] for a, b in sentences(text)] == ['It says "one. Two." there.', "Next, Dr. Kern: 3.50."]


TODAY = datetime.date(2026, 11, 12)


@pytest.mark.parametrize(
    ("day", "date", "fits"),
    [
        (Day(day=15), "2026-11-15", True),
        (Day(day=15), "2026-11-16", False),
        (Day(month=12), "2026-12-01", True),
        (Day(month=12), "2027-01-01", False),
        (Day(ahead=1), "2026-11-13", True),
        (Day(ahead=1), "2026-11-12", False),
        (Day(months_ahead=2), "2027-01-31", True),
        (Day(months_ahead=1), "2027-01-31", False),
        (Day(weekday=3), "2026-11-12", True),
        (Day(2026, 11, 12), "2026-11-12", True),
        (Day(2025, 11, 12), "2026-11-12", False),
    ],
)
def test_a_day_in_part_fits_a_date(day: Day, date: str, fits: bool) -> None:
    assert day.fits(datetime.date.fromisoformat(date), TODAY) is fits


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("2,310.55 \u2212 905.00 = 1,405.55", True),
        ("2,310.55 - 905.00 = 1,404.55", False),
        ("905 plus 100 makes 1,005", True),
        ("12 x 940 = 11,280", True),
        ("12 x 940 = 11,208", False),
        ("100 / 3 = 33.33", True),
        ("1 + 2 \u00d7 3 = 7", True),
        ("10 / 0 = 0", False),
        ("5 - 8 = -3", True),
    ],
)
def test_calculations_are_evaluated(text: str, holds: bool) -> None:
    assert [e.holds for e in equations(text)] == [holds]


def test_what_follows_from_known_numbers() -> None:
    assert follows(1405.55, [905.0], [2310.55], 2, [])
    assert not follows(1405.56, [905.0], [2310.55], 2, [])
    assert follows(36.0, [12.0], [3.0], None, [12.0])
    assert not follows(36.0, [12.0], [3.0], None, [])
    assert not follows(0.0, [12.0], [12.0], None, [])
    assert totals([[1.5, 2.5, 4.0]], 8.0)
    assert not totals([[1.5, 2.5, 4.0], [8.5]], 8.5)
    assert converts(3.9, "kb", 1, [3899])
    assert not converts(3.7, "kb", 1, [3899])
    assert same(3.333, 3.33, 2)


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("cancelled", "cancel"), ("booked", "book"), ("moved", "move"), ("copied", "copy"), ("frozen", "freeze"),
        ("sent", "send"), ("put", "put"), ("notified", "notify"), ("closed", "close"), ("stopped", "stop"),
        ("refunded", "refund"), ("added", "add"), ("paid", "pay"), ("unpacked", "unpack"), ("waived", "waive"),
    ],
)  # fmt: skip
def test_base_forms(word: str, base: str) -> None:
    assert lemma(word) == base


def test_opposite_acts_share_no_class() -> None:
    for one, other in (
        ("book", "cancel"),
        ("freeze", "unfreeze"),
        ("delete", "copy"),
        ("pause", "resume"),
        ("e-mail", "pay"),
    ):
        assert not acts_of(one) & acts_of(other)


def test_a_tool_does_what_its_verbs_say_and_its_nouns_do_not() -> None:
    assert "cancel" in tool_acts("cancel_booking", "Cancel a booking.", ("status",))
    assert "book" not in tool_acts("cancel_booking", "Cancel a booking.", ("status",))
    assert "delete" in tool_acts("rm", "Remove a file.", ())
    assert "unfreeze" not in tool_acts("freeze_card", "Stop a card until it is unfrozen.", ())


_PIECES = (
    '"',
    "one",
    "Rent",
    "5 EUR",
    "\u201cx",
    "y\u201d",
    "`a`",
    "12 March",
    "2027",
    "Ada Kern",
    "is",
    "at",
    " ",
    ".",
    "\n",
    "-",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=6), st.lists(st.sampled_from(_PIECES), max_size=6))
def test_what_stands_in_paragraphs_stands_where_it_is_written(one: list[str], other: list[str]) -> None:
    text = f"{' '.join(one)}\n\n{' '.join(other)}"
    spans = parse(text)
    assert all(
        text[span.start : span.end].strip('"`\u201c\u201d') == span.text for span in spans if span.kind != "number"
    )
    assert [span.start for span in spans] == sorted(span.start for span in spans)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pay 5.\n\nPay 6.\n\nPay Ada Kern 7.", ["5", "6", "Ada Kern", "7"]),
        ('He said "pay\n\n5" now.\n\nPay 6.', ["pay\n\n5", "6"]),  # a quotation goes on
        ("Take line one\n\nof 3.", ["one", "3"]),  # a word hangs on what follows
        ("\u201cPay\n\n5\u201d", ["Pay\n\n5"]),
        ('Say "pay".\n\nPay 6.', ["pay", "6"]),
    ],
)
def test_a_value_may_reach_over_paragraphs(text: str, found: list[str]) -> None:
    assert [span.text for span in parse(text)] == found
