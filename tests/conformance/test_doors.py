"""Front doors with the libraries that they are for; each is skipped where its library is not.

In every one the reference plays a task of several turns from beginning to end and earns 1, and silence earns 0.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.episode.task_file import read_tasks
from fr_synth import RunConfig, synthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.episode.task import Task

pytestmark = [pytest.mark.conformance, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "run"
    synthesise(RunConfig(domains=("filesystem", "banking"), seed=7, turns=(2, 3)), folder, count=6)
    return folder


@pytest.fixture(scope="module")
def tasks(run: Path) -> list[Task]:
    return list(read_tasks(run))


def script(task: Task) -> Iterator[str]:
    """What the reference writes, step by step."""
    for turn in task.turns:
        for call in turn.calls:
            yield f"<tool_call>{json.dumps({'name': call.name, 'arguments': call.arguments})}</tool_call>"
        yield turn.reply


def test_gem(run: Path, tasks: list[Task]) -> None:
    gem = pytest.importorskip("gem")
    from fr_envs.serve.gem import register

    env = gem.make(register(), tasks=str(run), domain="filesystem")
    assert isinstance(env, gem.Env)
    shown, _ = env.reset(seed=3)
    assert shown.startswith("Tools:\n{")
    assert env.step(env.sample_random_action())[0].startswith("{")
    task = env.env.session.task
    env = env.spawn()
    assert env.reset(seed=3)[0] == shown
    steps = [env.step(text) for text in script(task)]
    assert (sum(step[1] for step in steps), steps[-1][2]) == (len(task.turns), True)
    twin = env.spawn(same_state=True)
    assert twin.env.session.score() == 1.0
    vector = gem.make_vec([register()] * 2, tasks=str(run), domain="filesystem", seed=5)
    texts, _ = vector.reset()
    assert texts[0] != texts[1]
    assert len(vector.step(["Done.", "Done."])[0]) == 2


def test_skyrl(tasks: list[Task]) -> None:
    skyrl_gym = pytest.importorskip("skyrl_gym")
    from fr_envs.serve.inspect import _text
    from fr_envs.serve.skyrl import register

    for task in tasks:
        extras = {"reward_spec": {"ground_truth": _text(task)}}
        env = skyrl_gym.make(register(), env_config={"rules": {"pay": "end"}}, extras=extras)
        messages, _ = env.init([{"role": "user", "content": "…"}])
        assert [each["role"] for each in messages] == ["system", "user"]
        steps = [env.step(text) for text in script(task)]
        assert [step["reward"] for step in steps[:-1]] == [0.0] * (len(steps) - 1)
        assert (steps[-1]["reward"], steps[-1]["done"]) == (len(task.turns), True)
        assert env.get_metrics()["score"] == 1.0
        assert env.aggregate_metrics([env.get_metrics()])["score"] == 1.0
        env.close()


def test_openenv(run: Path, tasks: list[Task]) -> None:
    pytest.importorskip("openenv.core")
    import socket
    import threading

    import uvicorn

    from fr_envs.serve.openenv import client_class, models, server_app

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(server_app("filesystem", str(run)), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            asyncio.run(_openenv(client_class(), models()[0], f"http://127.0.0.1:{port}", tasks))
        finally:
            server.should_exit = True
            thread.join()


async def _openenv(client: Any, action: Any, url: str, tasks: list[Task]) -> None:
    task = next(each for each in tasks if each.domain == "filesystem")
    from fr_envs.serve.inspect import _text

    async with client(base_url=url) as one, client(base_url=url) as other:
        drawn = (await one.reset(seed=3)).observation
        again = (await other.reset(seed=3)).observation
        assert drawn.messages == again.messages
        first = await one.reset(task=_text(task))
        assert first.observation.messages[1]["content"] == task.turns[0].message
        assert first.observation.tools
        results = [await one.step(action(message=text)) for text in script(task)]
        assert (results[-1].done, results[-1].observation.score) == (True, 1.0)
        assert sum(result.reward for result in results) == len(task.turns)
        assert (await one.state()).step_count == len(results)
        assert not (await other.step(action(message={"name": "pwd", "arguments": {}}))).done


def test_inspect(run: Path, tasks: list[Task], tmp_path: Path) -> None:
    ai = pytest.importorskip("inspect_ai")
    from inspect_ai.model import ModelOutput, get_model

    from fr_envs.serve.inspect import funreason

    by_message = {task.turns[0].message: list(script(task)) for task in tasks}
    seen: list[Any] = []

    def answer(messages: Any, tools: Any, tool_choice: Any, config: Any) -> ModelOutput:
        seen.extend(tools)
        asked = next(each.text for each in messages if each.role == "user")
        text = by_message[asked][sum(each.role == "assistant" for each in messages)]
        if not text.startswith("<tool_call>"):
            return ModelOutput.from_content("mockllm", text)
        call = json.loads(text.removeprefix("<tool_call>").removesuffix("</tool_call>"))
        return ModelOutput.for_tool_call("mockllm", call["name"], call["arguments"])

    model = get_model("mockllm/model", custom_outputs=answer)
    (log,) = ai.eval(funreason(run), model=model, log_dir=str(tmp_path), display="none")
    assert log.status == "success", log.error
    assert log.results.scores[0].metrics["mean"].value == 1.0
    assert any(each.minimum is not None for tool in seen for each in tool.parameters.properties.values())
    (log,) = ai.eval(funreason(run, domain="banking"), model="mockllm/model", log_dir=str(tmp_path), display="none")
    assert log.results.scores[0].metrics["mean"].value < 0.5
