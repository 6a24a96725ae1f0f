"""Doors for trainers that read and write text: GEM, SkyRL, OpenRLHF, rLLM, against their documented signatures.

``make conformance`` has them with the libraries themselves.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from fr_envs import UsageError
from fr_envs.trainers import gem, openrlhf, rllm, skyrl
from tests.fr_envs.trainers.tasks import TASK, TEXT, script


def test_gem_has_five_results() -> None:
    env = gem.FunReasonGem(tasks=[TASK], domain="filesystem", seed=3)
    shown, info = env.reset()
    assert shown.startswith('Tools:\n{"name": ')
    assert shown.endswith(f"User: {TASK.turns[0].message}")
    assert info["turn"] == 0
    assert env.step(env.sample_random_action())[0].startswith("{")
    assert env.reset(seed=3)[0] == shown
    twin = env.spawn(same_state=True)
    steps = [env.step(text) for text in script()]
    assert [step[1:3] for step in steps] == [(0.0, False), (1.0, False), (0.0, False), (1.0, True)]
    assert twin.step("Done.")[:2] == ("Where am I?", 0.0)
    other = env.spawn(rules={"step_cost": 1})
    other.reset()
    assert other.step("Hm.")[1] == -1


def test_skyrl_steps_through_all_turns() -> None:
    env = skyrl.FunReasonSkyRL({"rules": {"pay": "end"}, "max_steps": 9}, {"task": TEXT})
    messages, more = env.init([])
    assert ([each["role"] for each in messages], more) == (["system", "user"], {})
    steps = [env.step(text) for text in script()]
    assert [(step["reward"], step["done"]) for step in steps] == [(0, False)] * 3 + [(2.0, True)]
    assert steps[0]["observations"][0]["role"] == "tool"
    assert steps[1]["observations"] == [{"role": "user", "content": "Where am I?"}]
    assert steps[1]["metadata"] == {"turn": 1, "score": 0.5}
    assert env.get_metrics() == {"score": 1.0, "turns": 2, "calls": 2}
    env.close()
    assert skyrl.FunReasonSkyRL({}, {"reward_spec": {"ground_truth": TEXT}}).rollout.session.task == TASK
    with pytest.raises(UsageError, match="extras hold no task: give a column task"):
        skyrl.FunReasonSkyRL({}, {"answer": 4})


@pytest.mark.parametrize("end", ["", "<|im_end|>"])
def test_openrlhf_speaks_in_the_marks_of_the_template(end: str) -> None:
    async def play() -> tuple[str, list[Any]]:
        agent = openrlhf.FunReasonAgent()
        prompt = (await agent.reset({"observation": "", "label": TEXT}))["observation"]
        states = [{"action_text": text + end, "label": TEXT, "sampling_params": None} for text in script()]
        return prompt, [await agent.step(state) for state in states]

    prompt, steps = asyncio.run(play())
    assert prompt.startswith("<|im_start|>system\n")
    assert prompt.endswith("Make a folder drafts, please.<|im_end|>\n<|im_start|>assistant\n")
    assert [step["rewards"].item() for step in steps] == [0, 1, 0, 1]
    assert (steps[-1]["scores"].item(), steps[-1]["done"]) == (1.0, True)
    after = "\n" if end else "<|im_end|>\n"
    said = f"{after}<|im_start|>user\nWhere am I?<|im_end|>\n<|im_start|>assistant\n"
    assert steps[1]["environment_feedback"] == said
    assert steps[0]["environment_feedback"].startswith(f"{after}<|im_start|>user\n<tool_response>\n{{")
    assert steps[-1]["environment_feedback"] == after


def test_rllm_has_four_results() -> None:
    env = rllm.FunReasonRllm.from_dict({"task": TEXT, "rules": {"step_cost": 0.25}, "uid": 3})
    with pytest.raises(UsageError, match="no episode was started; call reset"):
        env.step("Hm.")
    seen, _ = env.reset()
    assert [each["role"] for each in seen["messages"]] == ["system", "user"]
    assert seen["tools"]
    first, *texts = script()
    steps = [env.step(SimpleNamespace(action=first)), *(env.step(text) for text in texts)]
    assert [step[1:3] for step in steps] == [(-0.25, False), (0.75, False), (-0.25, False), (0.75, True)]
    assert steps[-1][3] == {"score": 1.0, "turn": 2}
    assert env.is_multithread_safe()
    env.close()
    with pytest.raises(UsageError, match="the row holds no task"):
        rllm.FunReasonRllm.from_dict({})


@pytest.mark.parametrize(
    ("make", "package"),
    [
        (gem.register, "gem"),
        (gem.env_class, "gem"),
        (skyrl.register, "skyrl_gym"),
        (openrlhf.agent_executor, "openrlhf"),
        (rllm.env_class, "rllm"),
    ],
)
def test_a_missing_library_is_one_line(make: Any, package: str) -> None:
    pytest.importorskip("gymnasium")
    with pytest.raises(UsageError, match=rf"^{package} is not installed: pip install \S+"):
        make()
