"""The legal sequences of an episode, as docs/episodes.md draws them.

1. Calls give results, a reply is judged and ends the turn, the last reply ends the episode; then only reset goes on.
2. Nothing that an agent writes raises; the caller's own mistakes do.
3. Costs and penalties are taken as the rules say.
4. A fork, a restored snapshot and a pickled session stand where the first one stood and go their own ways.
"""

from __future__ import annotations

import pickle
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.episode.session import Session
from fr_envs.episode.task import Answer, Goal, RewardRules, Task, Turn
from fr_envs.episode.trajectory import play, replay
from fr_envs.errors import UsageError
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.small_world import LIBRARY

START = LIBRARY.initial(np.random.default_rng((1,)))
JOIN = ToolCall("join", {"name": "Ada"})
TASK = Task(
    "library",
    (1,),
    (
        Turn("Make me a card, I am Ada.", Goal(START.diff(play(LIBRARY, START, [JOIN]).state)), (JOIN,)),
        Turn("How many books have you?", Goal(answers=(Answer(7, "7"),)), tools=("list_books", "get_book")),
    ),
)


def session_of(task: Task | None = TASK, **options: Any) -> Session:
    session = Session(LIBRARY, **options)
    session.reset(task)
    return session


def test_an_episode_runs_from_message_to_message() -> None:
    session = Session(LIBRARY)
    assert session.over
    assert session.reset(TASK).message == TASK.turns[0].message == session.message
    seen = session.act({"name": "join", "arguments": {"name": "Ada"}})
    assert (seen.results, seen.message, seen.verdict, seen.terminated) == (
        ({"card_id": "CARD0001"},),
        None,
        None,
        False,
    )
    seen = session.act("Your card is CARD0001.")
    assert (seen.reward, seen.message, session.turn) == (1.0, TASK.turns[1].message, 1)
    session.call("list_books")
    seen = session.say("We have 7.")
    assert (seen.reward, seen.message, seen.terminated, session.over) == (1.0, None, True, True)
    assert (session.score(), session.reward, len(session.verdicts), session.current_turn) == (1.0, 2.0, 2, None)
    for move in (lambda: session.say("more"), lambda: session.call("join"), lambda: session.act("more")):
        with pytest.raises(UsageError, match="call reset"):
            move()


def test_an_answer_of_an_earlier_turn_does_not_count() -> None:
    session = session_of()
    session.call("list_books")
    session.say("Done.")
    assert session.say("Some.").reward == 0.0
    assert session.score() == 0.0


def test_what_was_obtained_earlier_counts_when_it_is_all_remembered_and_said() -> None:
    session = session_of()
    session.call("list_books")
    session.say("Done.")
    verdict = session.say("There are seven.").verdict
    assert verdict is not None
    assert (verdict.score, verdict.obtained, verdict.said) == (1.0, (False,), (True,))


def test_only_the_tools_of_the_turn_are_offered() -> None:
    session = session_of()
    assert session.tool_names == tuple(LIBRARY.spec.tools)
    session.say("Done.")
    assert session.tool_names == ("list_books", "get_book")
    assert [tool["function"]["name"] for tool in session.tools] == ["list_books", "get_book"]
    error = session.call("join", {"name": "Ada"})["error"]
    assert error == {"code": "unknown_tool", "message": "There is no tool 'join'. Tools: list_books, get_book."}
    assert session.steps == ()


def test_costs_are_taken_as_the_rules_say() -> None:
    session = session_of(rules=RewardRules(step_cost=0.25, invalid_penalty=1.0))
    calls = [{"name": "fly"}, {"name": "get_book", "arguments": {}}, {"arguments": {}}, {"name": "leave"}]
    seen = session.act(calls)
    assert [result["error"]["code"] for result in seen.results] == [
        "unknown_tool", "invalid_arguments", "malformed_call", "no_card",
    ]  # fmt: skip
    assert seen.reward == session.reward == -3.25
    session.call("join", {"name": "Ada"})
    assert session.say("Done.").reward == 0.75


def test_a_turn_that_takes_too_many_steps_is_cut_off() -> None:
    session = session_of(max_steps=2)
    assert not session.act({"name": "list_books"}).truncated
    seen = session.act({"name": "list_books"})
    assert (seen.truncated, seen.terminated, session.over) == (True, False, True)
    patient = session_of(max_steps=2)
    patient.act({"name": "list_books"})
    patient.say("Done.")
    assert not patient.act({"name": "list_books"}).truncated, "each turn has its own steps"
    free = session_of(max_steps=None)
    assert not any(free.act({"name": "list_books"}).truncated for _ in range(60))


def test_a_free_session_is_judged_by_nobody() -> None:
    session = session_of(None)
    assert (session.message, session.task, session.score()) == (None, None, 0.0)
    seen = session.say("Bye.")
    assert (seen.verdict, seen.reward, seen.terminated) == (None, 0.0, True)
    assert session.reset(seed=(1, 2), scale="tiny").message is None
    assert session.trajectory.seed == (1, 2)
    assert session.policy == LIBRARY.spec.policy


@pytest.mark.slow
@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.binary())
def test_nothing_that_an_agent_writes_raises(written: Any) -> None:
    session = session_of()
    digest = session.digest
    session.act(written)
    assert session.digest == digest


@pytest.mark.parametrize(
    ("task", "problem"),
    [
        ("{", "this is no task"),
        ({"domain": "library"}, "this is no task"),
        (msgspec.to_builtins(msgspec.structs.replace(TASK, version=9)), "a task of version 9"),
        (msgspec.structs.replace(TASK, domain="zoo"), "the task is for 'zoo', the session plays 'library'"),
        (msgspec.structs.replace(TASK, turns=()), "has no turns"),
        (msgspec.structs.replace(TASK, turns=(Turn("x", Goal(), tools=("fly",)),)), "'library' has not: fly"),
        (msgspec.structs.replace(TASK, seed=(-1,)), "integers from 0"),
    ],
)
def test_a_task_that_cannot_be_played_is_refused(task: Any, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Session(LIBRARY).reset(task)


def test_a_task_may_come_as_json_or_plain_data() -> None:
    for form in (msgspec.json.encode(TASK).decode(), msgspec.to_builtins(TASK)):
        session = Session(LIBRARY)
        session.reset(form)
        assert session.task == TASK


def test_forks_and_snapshots_go_their_own_ways() -> None:
    session = session_of()
    with pytest.raises(UsageError, match="no episode was started"):
        Session(LIBRARY).snapshot()
    session.call("join", {"name": "Ada"})
    mark, twin = session.snapshot(), session.fork()
    twin.say("Done.")
    assert (session.turn, twin.turn, twin.tool_names) == (0, 1, ("list_books", "get_book"))
    session.call("leave")
    assert session.digest != twin.digest
    session.restore(mark)
    assert session.snapshot() == mark
    session.restore(twin.snapshot())
    assert session.tool_names == tuple(tool["function"]["name"] for tool in session.tools) == ("list_books", "get_book")
    session.restore(mark)
    assert session.tool_names == tuple(LIBRARY.spec.tools), "the tools offered are those of the turn that is restored"
    assert "error" not in session.call("leave")
    session.restore(mark)
    assert len(session.diff()) == 2
    assert replay(LIBRARY, START, session.trajectory.steps) is None


def test_a_session_survives_pickling() -> None:
    session = session_of()
    session.call("list_books")
    session.say("Done.")
    session.call("list_books")
    twin = pickle.loads(pickle.dumps(session))
    assert (twin.digest, twin.steps, twin.turn, twin.task) == (session.digest, session.steps, 1, TASK)
    assert twin.say("There are 7.").reward == session.say("There are 7.").reward == 1.0
    assert pickle.loads(pickle.dumps(Session("banking"))).domain is Session("banking").domain
