"""Lies that somebody who knows no rule has written into a model's texts, each beside what is as true as before."""

from __future__ import annotations

import pytest

from tests.fr_synth.verify.claims.test_turned_words import told

_END = r"\Z"
CASES = (  # situation, world, what stands there, the lie, what is as true in other words
    # a word with a contrary, in its place
    ("rent_goes_up", "banking", r"(?<=, )up(?= from)", "down", "raised"),
    (
        "rent_goes_up", "banking", r"already has the new amount",
        "still has the old amount", "has the new amount already",
    ),
    ("someone_new_to_pay", "banking", r"Until(?= \d+ \w+ you)", "From", "Up to"),
    ("fare_rules_before_buying", "travel", r"plus(?= the difference)", "less", "and"),
    ("thumbnails_grow", "filesystem", r"(?<=bytes )altogether", "each", "in all"),
    ("hotel_not_needed", "travel", r"That was in time", "That was too late", "This was in time"),
    ("fresh_start", "filesystem", r"That includes", "That leaves out", "This includes"),
    ("aunt_says_borrow", "banking", r"A loan is cheaper", "An overdraft is cheaper", "The loan is cheaper"),
    # a sentence that denies, or supposes, and the same without
    ("let_it_lapse", "travel", r"Nobody paid for", "Somebody paid for", "No one paid for"),
    ("project_changes_hands", "filesystem", r"but change nothing", "and change it", "but not change it"),
    ("insure_the_trip", "travel", r"(?<=The others )don't include", "include", "do not include"),
    # so much a month, a day
    ("new_card_in_the_post", "banking", r"(?<=up to €)([\d,.]+) a month", r"\1 a day", r"\1 in a month"),
    ("borrow_for_big_day", "banking", r"(?<=at )([\d.]+ %)", r"\1 a month", r"\1"),
    # one thing of a contract for another
    ("put_together_as_trip", "travel", r"(?<='s )flight(?= to)", "hotel", "own flight"),
    # what rests on nothing
    (
        "light_ticket_is_kept", "travel", r"(?<=no refund )on a light fare",
        "within a day of the flight", "with a light fare",
    ),
    (
        "cancelled_flight_rebooked", "travel", r"There is nothing to pay\.",
        "The rest is to be paid at the airport.", "You pay nothing.",
    ),
    (
        "light_ticket_is_kept", "travel", r"(?<=is lost\.)" + _END,
        " There are no refunds at all.", " Anything else?",
    ),
    # names that hang together
    (
        "too_expensive_after_all", "travel", r"The ([A-Z]\w+) one ends (.*?)The one to ([A-Z]\w+) still",
        r"The \3 one ends \2The one to \1 still", r"The one to \1 ends \2The one to \3 still",
    ),
    # which one it is, where the result tells it
    ("lost_chapter", "filesystem", r"The first(?= chapter isn't)", "The second", "So the first"),
    # a row of things
    ("lost_in_the_terminal", "filesystem", r"(?<=the folders )(\w+), ", r"\1, music, ", r"\1 and "),
    # figures of a model's own
    ("holiday_money", "banking", r"(?<=is left\.)" + _END, " That is 31.6 % of it.", " Anything else?"),
    ("burst_pipe", "filesystem", _END, " That makes 97 directories in all.", ""),
    ("planned_payment_not_needed", "banking", r"(?<=is scheduled: )€", "$", "EUR "),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[3]}")
def test_a_lie_is_refused_and_its_near_twin_passes(case: tuple[str, str, str, str, str]) -> None:
    situation, world, pattern, lie, twin = case
    assert told(situation, world, pattern, lie) != []
    assert told(situation, world, pattern, twin) == []
