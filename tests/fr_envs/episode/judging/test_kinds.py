"""Replies in turns where another move than to act is right.

1. A question is told from an offer of help, saying no from a friendly word.
2. Each kind pays the move that it asks for, and nothing else.
3. A call that is barred, or any call in small talk, spoils it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.episode.judging.declining import declines
from fr_envs.episode.judging.kinds import Said, asks, unmet
from fr_envs.episode.task import Goal

if TYPE_CHECKING:
    from fr_envs.episode.turn_kind import TurnKind

MENTIONS = Goal(mentions=("amount", "how much"), barred=("pay_payee",))


@pytest.mark.parametrize(
    ("reply", "asking"),
    [
        ("How much is it to be?", True),
        ("Please tell me the amount.", True),
        ("I just need to know the day first.", True),
        ("Let me know which one you mean.", True),
        ("I’ll wait for your yes.", True),
        ("Done. Is there anything else?", False),
        ("You're welcome! Can I help with something else?", False),
        ("The balance is 12.00.", False),
    ],
)
def test_a_question_is_told_from_an_offer(reply: str, asking: bool) -> None:
    assert asks(reply) is asking


@pytest.mark.parametrize(
    ("reply", "declining"),
    [
        ("I can't do that here.", True),
        ("That isn’t possible.", True),
        ("There is no tool for alerts.", True),
        ("The root can never be removed.", True),
        ("Only checking accounts can have an overdraft, so this one may not.", True),
        ("With pleasure, it is set up.", False),
    ],
)
def test_saying_no_is_heard(reply: str, declining: bool) -> None:
    assert declines(reply) is declining


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("ask", "Which amount should it be?"),
        ("missing_tool", "I can't: no tool takes an amount."),
        ("out_of_scope", "That isn't possible, whatever the amount. The branch can help."),
        ("refuse", "No, the amount is above what is allowed."),
        ("confirm", "The amount and how much: shall I?"),
        ("no_call", "The amount was 12.00."),
    ],
)
def test_each_kind_pays_its_own_move(kind: TurnKind, reply: str) -> None:
    assert unmet(kind, MENTIONS, Said(reply), [], 0) == []
    assert unmet(kind, MENTIONS, Said("Done."), [], 0)
    assert unmet(kind, MENTIONS, Said(reply), ["pay_payee"], 1) == [
        "no call of pay_payee before that",
        *(["a reply without a call"] if kind == "no_call" else []),
    ]


def test_small_talk_is_neither_asked_back_nor_refused() -> None:
    talk = Goal()
    assert unmet("no_call", talk, Said("No problem, any time!"), [], 0) == []
    for reply in ("…", "Which one do you mean?", "I'm sorry, I can't do that."):
        assert unmet("no_call", talk, Said(reply), [], 0)
    assert unmet("no_call", talk, Said("You're welcome!"), [], 1) == ["a reply without a call"]


def test_what_is_let_be_is_left_in_words_that_are_no_question() -> None:
    goal = Goal(mentions=("leave", "left"), barred=("close_account",))
    assert unmet("no_call", goal, Said("I leave it. Until when?", "No, leave it."), [], 0) == []
    assert unmet("no_call", goal, Said("Fine. Shall I leave it?", "No, wait."), [], 0) == [
        "a reply that mentions leave or left"
    ]


def test_what_waits_for_a_yes_tells_all_that_would_happen() -> None:
    goal = Goal(mentions=("1,200.00", "Anna"))
    assert unmet("confirm", goal, Said("I'd send 1200 to Anna. Shall I?"), [], 0) == []
    assert unmet("confirm", goal, Said("I'd send 1200. Shall I?"), [], 0) == ["a reply that mentions Anna"]


@pytest.mark.parametrize(
    ("reply", "lays_out"),
    [
        ("Which one do you mean?", False),
        ("Which of them shall it be, dario or somebody else?", False),
        ("Whose shall I look up: Dario's or petra's?", True),
        ("dario, petra or sigrid?", True),
        ("The first or the second of those?", True),
        ("The former or the latter?", True),
    ],
)
def test_a_choice_names_again_what_was_told_before(reply: str, lays_out: bool) -> None:
    goal = Goal(mentions=("dario", "petra", "sigrid"))
    assert (unmet("choose", goal, Said(reply), (), 0) == []) is lays_out
