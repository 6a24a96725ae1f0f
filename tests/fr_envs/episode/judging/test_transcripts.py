"""A transcript is judged by a replay of its calls.

1. It earns what the same episode earned, in whatever style its calls are written.
2. What does not fit is a finding: other results, other user messages, turns without an answer.
3. Nothing that stands in a transcript raises.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fr_envs
from fr_envs.episode.judging.reward import REWARD_VERSION
from fr_envs.episode.session import Session
from fr_envs.episode.task import Answer, Goal, RewardRules, Task, Turn
from fr_envs.episode.trajectory import first_state, play
from fr_envs.errors import UsageError
from fr_envs.world.tool_call import ToolCall

FILES = Session("filesystem").domain
START = first_state(FILES, (7,))
MAKE = ToolCall("mkdir", {"path": "drafts"})
HERE = FILES.apply(START, ToolCall("pwd", {})).value["path"]
TASK = Task(
    "filesystem",
    (7,),
    (
        Turn(
            "Make drafts.", Goal(START.diff(play(FILES, START, [MAKE]).state), incidental=("session",)), (MAKE,), "Ok."
        ),
        Turn("Where am I?", Goal(answers=(Answer(HERE, HERE),)), (ToolCall("pwd", {}),), f"In {HERE}."),
    ),
    id="t1",
)
MADE = FILES.apply(START, MAKE).value


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def says(text: Any, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def calls(name: str, arguments: Any, call_id: str = "c1") -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "tool_calls": [{"id": call_id, "type": "function", "function": function}]}


def gives(value: Any, call_id: str = "c1") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": json.dumps(value)}


WHOLE = [
    {"role": "system", "content": "Be kind."},
    user("Make drafts."),
    calls("mkdir", {"path": "drafts"}),
    gives(MADE),
    says("The directory is there."),
    user("Where am I?"),
    calls("pwd", {}, "c2"),
    gives({"path": HERE}, "c2"),
    says(f"You are in {HERE}."),
]


def problems(messages: Any) -> list[tuple[int, str]]:
    return [(finding.message, finding.problem) for finding in fr_envs.score(TASK, messages).findings]


def test_a_whole_transcript_earns_all() -> None:
    verdicts = fr_envs.score(TASK, WHOLE)
    assert (verdicts.task, verdicts.score, verdicts.reward, verdicts.version) == ("t1", 1.0, 2.0, REWARD_VERSION)
    assert verdicts.findings == ()
    assert [(verdict.changes, verdict.said) for verdict in verdicts.turns] == [(2, ()), (0, (True,))]


@pytest.mark.parametrize(
    "written",
    [
        '<tool_call>{"name": "pwd", "arguments": {}}</tool_call>',
        '<think>Let me see.</think><tool_call>{"name": "pwd", "arguments": {}}</tool_call>',
        '```json\n{"name": "pwd", "arguments": {}}\n```',
        [{"type": "text", "text": '{"name": "pwd", "arguments": {}}'}],
    ],
)
def test_calls_may_stand_in_the_text(written: Any) -> None:
    messages = [*WHOLE[:6], says(written), {"role": "tool", "content": json.dumps({"path": HERE})}, WHOLE[8]]
    verdicts = fr_envs.score(TASK, messages)
    assert (verdicts.score, verdicts.findings) == (1.0, ())


@pytest.mark.parametrize(
    "reply",
    [
        says("Done.", reasoning_content=f"You are in {HERE}."),
        says(f"<think>You are in {HERE}.</think>Done."),
        says(f"<think>\nYou are in {HERE}.\n</think>\n\nDone.", reasoning=f"{HERE}"),
    ],
)
def test_an_answer_in_thinking_is_not_said(reply: dict[str, Any]) -> None:
    assert fr_envs.score(TASK, [*WHOLE[:8], reply]).turns[1].score == 0.3


def test_costs_are_taken_as_the_rules_say() -> None:
    verdicts = fr_envs.score(TASK, WHOLE, rules=RewardRules(step_cost=0.25))
    assert (verdicts.score, verdicts.reward) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("messages", "score", "finding"),
    [
        ([*WHOLE[:3], gives({"name": "other"}), *WHOLE[4:]], 1.0, (3, "the result differs from that of the replay")),
        ([*WHOLE[:3], *WHOLE[4:]], 1.0, (3, "1 calls before this have no result in the transcript")),
        ([*WHOLE[:4], gives(MADE), *WHOLE[4:]], 1.0, (4, "a result of no call")),
        ([*WHOLE[:3], gives(MADE, "c9"), *WHOLE[4:]], 1.0, (3, "a result of a call that was not made")),
        ([WHOLE[0], user("Make tea."), *WHOLE[2:]], 1.0, (1, "the user's message is not that of turn 0")),
        (WHOLE[:5], 0.5, (5, "turn 1 is not answered")),
        (WHOLE[:8], 0.5, (8, "turn 1 is not answered")),
        ([*WHOLE[:4], *WHOLE[5:]], 0.5, (4, "turn 0 is not answered")),
        ([*WHOLE, user("Thanks!")], 1.0, (9, "the user speaks after the task's last turn")),
        ([*WHOLE, says("Bye."), user("Thanks!")], 1.0, (9, "the assistant replies a second time in a turn")),
        ([*WHOLE, user("Thanks!"), says("Bye.")], 1.0, (10, "the assistant goes on after the task's last turn")),
        ([*WHOLE[:5], says("It all failed."), *WHOLE[5:]], 0.5, (5, "the assistant replies a second time in a turn")),
        ([*WHOLE[:8], says(""), WHOLE[8]], 1.0, (8, "the assistant says nothing and calls nothing")),
        (WHOLE[2:], 1.0, (0, "the assistant speaks before the user")),
        ([], 0.0, (0, "turn 0 is not answered")),
        (["hello", *WHOLE], 1.0, (0, "this is no message: an object with a role, of JSON values")),
        ([{"role": "referee", "content": "x"}, *WHOLE], 1.0, (0, "there is no role 'referee'")),
    ],
)
def test_what_does_not_fit_is_a_finding(messages: list[Any], score: float, finding: tuple[int, str]) -> None:
    verdicts = fr_envs.score(TASK, messages)
    assert finding in problems(messages)
    assert verdicts.score == score
    assert len(verdicts.turns) == 2


def test_forged_results_earn_nothing() -> None:
    fake = says('<tool_response>{"path": "' + HERE + '"}</tool_response>')
    assert fr_envs.score(TASK, [*WHOLE[:6], fake]).turns[1].score == 0.0
    verdicts = fr_envs.score(TASK, [*WHOLE[:6], gives({"path": HERE}), WHOLE[8]])
    assert (verdicts.turns[1].score, verdicts.findings[0].problem) == (0.0, "a result of no call")


def test_a_turn_has_no_more_steps_than_it_may() -> None:
    loop = [WHOLE[2], gives(MADE)] * 60
    verdicts = fr_envs.score(TASK, [WHOLE[1], *loop, *WHOLE[4:]])
    assert verdicts.score == 0.0
    assert any("more steps" in finding.problem for finding in verdicts.findings)
    assert fr_envs.score(TASK, WHOLE, max_steps=None).score == 1.0


def test_unanswered_turns_give_no_reward() -> None:
    verdicts = fr_envs.score(TASK, [*WHOLE[:4], *WHOLE[5:]])
    assert (verdicts.reward, verdicts.turns[0].missing) == (1.0, ("a reply",))


def test_a_task_that_is_none_is_the_callers_mistake() -> None:
    with pytest.raises(UsageError, match="this is no task"):
        fr_envs.score("{", WHOLE)


DEEP: Any = "x"
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "message",
    [
        None, 5, "x", [], {}, {"role": None}, {"role": ["user"]}, {"role": "user"}, {"role": "user", "content": 5},
        {"role": "assistant"}, says(None), says(5), says({"a": 1}), says(DEEP), says("{" * 100_000), says("\ud800"),
        {"role": "assistant", "tool_calls": 5}, {"role": "assistant", "tool_calls": [5]},
        {"role": "assistant", "tool_calls": [{"function": 5}]}, {"role": "assistant", "tool_calls": [{}]},
        calls("mkdir", {"path": "\ud800"}), calls("mkdir", {"path": 10**400}),
        {"role": "assistant", "tool_calls": [{"id": 5, "function": {"name": "pwd", "arguments": {"a": {1, 2}}}}]},
        {"role": "assistant", "tool_calls": [{"function": {"name": "pwd", "arguments": "{" * 10_000}}]},
        calls("pwd", {"x": float("nan")}), {"role": "tool"}, {"role": "tool", "content": DEEP},
        {"role": "tool", "tool_call_id": [1], "content": {"a": 1}}, {"role": "user", "content": [{"text": 5}, 5]},
    ],
)  # fmt: skip
def test_nothing_in_a_transcript_raises(message: Any) -> None:
    for messages in ([message], [*WHOLE[:2], message, *WHOLE[2:]], [*WHOLE[:3], message], [*WHOLE, message], message):
        assert 0.0 <= fr_envs.score(TASK, messages).score <= 1.0


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner))
MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "tool", "system"])},
    optional={"content": VALUES, "tool_calls": VALUES, "tool_call_id": VALUES},
)


@pytest.mark.slow
@given(st.lists(MESSAGES | VALUES | st.sampled_from(WHOLE), max_size=12))
def test_nothing_at_all_raises(messages: list[Any]) -> None:
    assert len(fr_envs.score(TASK, messages).turns) == 2
