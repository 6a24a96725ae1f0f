"""Wrappers answer in the world's stead and touch neither its state nor its seed."""

from __future__ import annotations

import json
from typing import Any

import gymnasium as gym
import pytest

from fr_envs.env import ToolEnv
from fr_envs.errors import UsageError
from fr_envs.wrappers import CallBudget, LongOutputs, TransientFaults, WithheldTools
from tests.fr_envs.small_world import LIBRARY

JOIN = {"name": "join", "arguments": {"name": "Ada"}}
LIST = {"name": "list_books", "arguments": {}}


def code_of(step: Any) -> str | None:
    error = json.loads(step[0]).get("error")
    return None if error is None else str(error["code"])


def started(env: Any, seed: int = 1) -> Any:
    env.reset(seed=seed)
    return env


def test_a_fault_changes_nothing_and_the_same_call_goes_through_again() -> None:
    env = started(TransientFaults(ToolEnv(LIBRARY), 1.0))
    digest = env.unwrapped.session.digest
    assert code_of(env.step(JOIN)) in {"unavailable", "rate_limited"}
    assert env.unwrapped.session.digest == digest
    assert code_of(env.step(JOIN)) is None
    assert code_of(env.step(LIST)) in {"unavailable", "rate_limited"}


def test_faults_follow_the_seed() -> None:
    def codes(seed: int) -> list[str | None]:
        env = started(TransientFaults(ToolEnv(LIBRARY, max_steps=None), 0.3, seed=seed))
        return [code_of(env.step(LIST)) for _ in range(60)]

    assert codes(1) == codes(1) != codes(2)
    env = started(TransientFaults(ToolEnv(LIBRARY, max_steps=None), 0.3, seed=1))
    assert [code_of(env.step(LIST)) for _ in range(60)] == codes(1)
    env.reset()  # without a seed the faults go on where they were
    assert [code_of(env.step(LIST)) for _ in range(60)] != codes(1)
    assert 5 < len([code for code in codes(1) if code]) < 30


def test_a_fault_may_be_terse() -> None:
    env = started(TransientFaults(ToolEnv(LIBRARY), 1.0, wording="terse"))
    assert json.loads(env.step(LIST)[0])["error"]["message"] in {"503", "429"}
    assert started(TransientFaults(ToolEnv(LIBRARY), 1.0)).step("A reply is no call.")[2]


def test_withheld_tools_are_neither_offered_nor_run() -> None:
    env = WithheldTools(ToolEnv(LIBRARY), ["join"])
    names = [tool["function"]["name"] for tool in env.reset(seed=1)[1]["tools"]]
    assert "join" not in names
    step = env.step(JOIN)
    assert code_of(step) == "unknown_tool"
    assert "join" not in json.loads(step[0])["error"]["message"].split("Tools: ")[1]
    assert "join" not in [tool["function"]["name"] for tool in step[4]["tools"]]
    assert code_of(env.step(LIST)) is None


def test_withheld_tools_come_back_in_their_turn() -> None:
    env = WithheldTools(ToolEnv(LIBRARY), ["join"], until_turn=0)
    assert "join" in [tool["function"]["name"] for tool in env.reset(seed=1)[1]["tools"]]
    assert code_of(env.step(JOIN)) is None


def test_long_outputs_put_a_log_before_results_alone() -> None:
    env = started(LongOutputs(ToolEnv(LIBRARY), 500))
    first, second = env.step(LIST)[0], env.step(LIST)[0]
    log, result = first.rsplit("\n", 1)
    assert len(log) >= 499
    assert json.loads(result)["total"] == 7
    assert first != second
    env.reset(seed=1)
    assert env.step(LIST)[0] == first
    assert env.step("Bye.")[0] == ""


def test_a_budget_runs_out_and_replies_stay_possible() -> None:
    env = CallBudget(ToolEnv(LIBRARY), 1)
    assert env.reset(seed=1)[1]["calls_left"] == 1
    step = env.step([JOIN, LIST])
    results = json.loads(step[0])
    assert results[0] == {"card_id": "CARD0001"}
    assert results[1]["error"]["code"] == "budget_exhausted"
    assert step[4]["calls_left"] == 0
    assert env.step("Done.")[2]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda env: TransientFaults(env, 1.5),
        lambda env: TransientFaults(env, wording="rude"),  # type: ignore[arg-type]
        lambda env: WithheldTools(env, ["fly"]),
        lambda env: LongOutputs(env, -1),
        lambda env: CallBudget(env, -1),
    ],
)
def test_odd_options_are_the_callers_mistake(wrap: Any) -> None:
    with pytest.raises(UsageError):
        wrap(ToolEnv(LIBRARY))


def test_wrappers_stand_on_each_other_and_say_how_they_were_made() -> None:
    env = CallBudget(LongOutputs(WithheldTools(TransientFaults(ToolEnv(LIBRARY), 0.0), ["leave"]), 10), 5)
    assert isinstance(env, gym.Wrapper)
    assert started(env).step(LIST)[4]["calls_left"] == 4
    assert env._saved_kwargs == {"calls": 5}
