"""Turns are judged by state and answers.

1. The score is the share of changes and answers that were reached.
2. A change that nobody asked for zeroes the turn, unless its table is incidental.
3. An answer was obtained from a tool, as a whole; True is not 1, 100 is 100.0.
4. Where to ask or to refuse is right, the reply must name what the turn is about.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fr_envs.episode.task import Answer, Goal, Task, Turn, Verdict, judge
from fr_envs.episode.trajectory import play
from fr_envs.json_values import scalars
from fr_envs.world.state import Change
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.small_world import LIBRARY, Library

START = LIBRARY.initial(1)
JOIN = ToolCall("join", {"name": "Ada"})
BORROW = ToolCall("borrow", {"book_id": "BOOK001"})
REVIEW = ToolCall("review_book", {"book_id": "BOOK002", "stars": 4})
INCIDENTAL = ("desk", "counters")


def after(*calls: ToolCall) -> Library:
    state = play(LIBRARY, START, calls).state
    assert isinstance(state, Library)
    return state


def goal_of(*calls: ToolCall, **more: Any) -> Goal:
    changes = tuple(change for change in START.diff(after(*calls)) if change.table not in INCIDENTAL)
    return Goal(changes, incidental=INCIDENTAL, **more)


def judged(goal: Goal, *calls: ToolCall, reply: str = "") -> Verdict:
    played = play(LIBRARY, START, calls)
    return judge(goal, START, played.state, [step.value for step in played.steps if step.error is None], reply)


def test_every_way_to_the_goal_earns_the_same() -> None:
    goal = goal_of(JOIN, BORROW, REVIEW)
    detour = (JOIN, ToolCall("list_books", {}), REVIEW, ToolCall("no_such_tool", {}), BORROW)
    assert judged(goal, JOIN, BORROW, REVIEW) == judged(goal, *detour) == Verdict(1.0, 2, 2, (), ())


def test_half_of_the_goal_earns_half() -> None:
    verdict = judged(goal_of(JOIN, BORROW, REVIEW), JOIN, BORROW)
    assert verdict == Verdict(0.5, 1, 2, (), ("books[BOOK002] changed",))


def test_a_row_that_looks_otherwise_is_not_reached() -> None:
    worse = ToolCall("review_book", {"book_id": "BOOK002", "stars": 1})
    assert judged(goal_of(JOIN, REVIEW), JOIN, worse) == Verdict(0.0, 0, 1, (), ("books[BOOK002] changed",))


def test_a_change_that_nobody_asked_for_zeroes_the_turn() -> None:
    verdict = judged(goal_of(JOIN, BORROW), JOIN, BORROW, REVIEW)
    assert (verdict.score, verdict.reached, verdict.missing) == (0.0, 1, ())
    assert [(change.table, change.key) for change in verdict.forbidden] == [("books", "BOOK002")]


def test_incidental_changes_do_no_harm() -> None:
    look = ToolCall("list_books", {})
    assert judged(Goal(answers=(Answer(7, "7"),), incidental=INCIDENTAL), JOIN, look, reply="7").score == 1.0
    assert judged(Goal(answers=(Answer(7, "7"),)), JOIN, look, reply="7").score == 0.0


def test_a_row_that_is_to_go_is_said_so() -> None:
    change = Change("books", "BOOK003", {"title": "x"}, None)
    assert judged(Goal((change,))).missing == ("books[BOOK003] removed",)


@pytest.mark.parametrize(
    ("value", "text", "obtained", "given"),
    [
        (100, "100.00", {"a": [{"b": 100.0}]}, True),
        (100.0, "100.00", {"a": 100}, True),
        (1, "1", {"a": True}, False),
        (True, "yes", {"a": 1}, False),
        (True, "yes", {"a": True}, True),
        ("5", "5", {"a": 5}, False),
        ("", "", {}, False),
        (None, "none", {"a": None}, True),
        (float("nan"), "nothing", {"a": float("nan")}, True),
    ],
)
def test_without_a_reply_an_answer_has_to_be_obtained(value: Any, text: str, obtained: Any, given: bool) -> None:
    verdict = judge(Goal(answers=(Answer(value, text),)), START, START, [obtained], "")
    assert (verdict.score, verdict.missing) == ((1.0, ()) if given else (0.0, (f"answer {text!r}",)))
    assert (verdict.obtained, verdict.said) == ((given,), ())


@pytest.mark.parametrize(
    ("reply", "score"),
    [("Which book do you mean?", 1.0), ("Which BOOK?", 1.0), ("Which one?", 0.0), ("Which bookcase?", 0.0)],
)
def test_to_ask_is_right_when_it_names_what_is_missing(reply: str, score: float) -> None:
    verdict = judge(Goal(mentions=("book", "title")), START, START, [], reply)
    assert (verdict.score, verdict.expected) == (score, 1)
    assert verdict.missing == (() if score else ("a reply that mentions book or title",))


def test_to_act_where_asking_was_right_zeroes_the_turn() -> None:
    assert judge(Goal(mentions=("book",)), START, after(JOIN), [], "Which book?").score == 0.0


def test_a_goal_of_nothing_earns_nothing() -> None:
    assert judged(Goal()) == Verdict(0.0, 0, 0, (), ())


def test_scalars_come_depth_first() -> None:
    assert scalars({"a": [1, {"b": (None, "x")}], "c": True}) == [1, None, "x", True]
    assert scalars(5) == [5]


def test_a_task_survives_json() -> None:
    turn = Turn(
        "Lend me one.", goal_of(JOIN, BORROW, answers=(Answer(7, "7"),)), (JOIN, BORROW), "Done.", "act", ("join",)
    )
    task = Task("library", (1, 2), (turn,), "tiny", "t1")
    assert msgspec.json.decode(msgspec.json.encode(task), type=Task) == task
