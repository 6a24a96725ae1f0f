"""Reward rules.

1. Scores are paid with each reply or at the end, and come to the same sum; costs are taken at each step.
2. Without partial credit only the whole goal pays.
3. Terse errors give their code alone; the score does not depend on it.
4. Rules can be plain data, wherever rules are taken; what is none is refused in one line.
"""

from __future__ import annotations

import pickle
from typing import Any

import gymnasium as gym
import pytest

import fr_envs
from fr_envs import RewardRules, Session, UsageError
from fr_envs.episode.judging.reward import read_rules
from fr_envs.episode.task import Answer, Goal, Task, Turn

HERE = "/home/"


def task() -> Task:
    session = Session("filesystem")
    session.reset(seed=7)
    here = session.call("pwd")["path"]
    where = Turn("Where am I?", Goal(answers=(Answer(here, here),)))
    both = Goal(answers=(Answer(here, here), Answer("no such thing", "no such thing")))
    return Task("filesystem", (7,), (where, Turn("And what is there?", both)))


def rewards(**rules: Any) -> list[float]:
    session = Session("filesystem", rules=rules)
    played = task()
    session.reset(played)
    here = played.turns[0].goal.answers[0].text
    steps = [{"name": "pwd", "arguments": {}}, f"You are in {here}.", {"name": "pwd", "arguments": {}}]
    return [round(session.act(step).reward, 6) for step in [*steps, f"You are in {here}."]]


def test_scores_are_paid_with_each_reply_or_at_the_end() -> None:
    assert rewards() == [0.0, 1.0, 0.0, 0.5]
    assert rewards(pay="end") == [0.0, 0.0, 0.0, 1.5]
    assert rewards(pay="end", step_cost=0.25) == [-0.25, -0.25, -0.25, 1.25]


def test_an_episode_that_is_cut_off_is_paid_what_it_earned() -> None:
    session = Session("filesystem", rules={"pay": "end"}, max_steps=1)
    session.reset(played := task())
    session.max_steps = 2
    session.call("pwd")
    session.say(f"You are in {played.turns[0].goal.answers[0].text}.")
    session.call("pwd")
    assert session.reward == 0.0
    assert session.act({"name": "pwd", "arguments": {}}).reward == 1.0


def test_without_partial_credit_only_the_whole_goal_pays() -> None:
    assert rewards(partial=False) == [0.0, 1.0, 0.0, 0.0]


def test_terse_errors_give_their_code_alone() -> None:
    terse, helpful = (Session("filesystem", rules=RewardRules(errors=kind)) for kind in ("terse", "helpful"))
    for wrong in ({"name": "no_such", "arguments": {}}, {"name": "cd", "arguments": {"folder": "/nowhere"}}, "[cd(]"):
        terse.reset(seed=1)
        helpful.reset(seed=1)
        short, long = terse.act(wrong).results[0], helpful.act(wrong).results[0]
        assert short == {"error": {"code": long["error"]["code"]}}
        assert long["error"]["message"]
    assert pickle.loads(pickle.dumps(terse)).fork().rules.errors == "terse"


def test_rules_reach_environments_and_transcripts() -> None:
    env = gym.make("FunReason/FileSystem-v0", rules={"errors": "terse", "step_cost": 0.5})
    env.reset(seed=1)
    observation, reward, *_ = env.step({"name": "no_such", "arguments": {}})
    assert (observation, reward) == ('{"error":{"code":"unknown_tool"}}', -0.5)
    said = [{"role": "user", "content": "Where am I?"}, {"role": "assistant", "content": "Here."}]
    assert fr_envs.score(task(), said, rules={"step_cost": 0.5}).reward == -0.5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"step_cost": -1}, "the reward rule step_cost is -1"),
        ({"invalid_penalty": -0.5}, "invalid_penalty is -0.5"),
        ({"unsaid": 2}, "unsaid is 2"),
        ({"pay": "later"}, "'later'"),
        ({"no_rule": 1}, "`no_rule`.*; there are step_cost"),
        ({"step_cost": "much"}, "these are no reward rules"),
        ("dense", "these are no reward rules"),
    ],
)
def test_rules_that_are_none_are_refused(given: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        read_rules(given)
    assert "\n" not in str(caught.value)


def test_rules_are_held_to_their_choices() -> None:
    with pytest.raises(UsageError, match="errors is 'loud': give helpful or terse"):
        RewardRules(errors="loud")  # type: ignore[arg-type]
