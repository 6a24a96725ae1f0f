"""The wrapper answers in the world's stead and touches neither its state nor its seed."""

from __future__ import annotations

import json
from typing import Any

import gymnasium as gym
import pytest

from fr_envs.env import ToolEnv
from fr_envs.errors import UsageError
from fr_envs.wrappers import CallBudget
from tests.fr_envs.small_world import LIBRARY

JOIN = {"name": "join", "arguments": {"name": "Ada"}}
LIST = {"name": "list_books", "arguments": {}}


def started(env: Any, seed: int = 1) -> Any:
    env.reset(seed=seed)
    return env


def test_a_budget_runs_out_and_replies_stay_possible() -> None:
    env = CallBudget(ToolEnv(LIBRARY), 1)
    assert env.reset(seed=1)[1]["calls_left"] == 1
    step = env.step([JOIN, LIST])
    results = json.loads(step[0])
    assert results[0] == {"card_id": "CARD0001"}
    assert results[1]["error"]["code"] == "budget_exhausted"
    assert step[4]["calls_left"] == 0
    assert env.step("Done.")[2]


def test_a_negative_budget_is_the_callers_mistake() -> None:
    with pytest.raises(UsageError):
        CallBudget(ToolEnv(LIBRARY), -1)


def test_a_wrapper_says_how_it_was_made() -> None:
    env = CallBudget(ToolEnv(LIBRARY), 5)
    assert isinstance(env, gym.Wrapper)
    assert started(env).step(LIST)[4]["calls_left"] == 4
    assert env._saved_kwargs == {"calls": 5}
