"""Front doors with the libraries that they are for; each is skipped where its library is not.

In every one the reference plays a task of several turns from beginning to end and earns 1, and silence earns 0.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs.episode.task_file import read_tasks
from fr_synth import RunConfig, synthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.episode.task import Task
    from fr_envs.world.tool_call import ToolCall

pytestmark = [pytest.mark.conformance, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "run"
    synthesise(RunConfig(domains=("filesystem", "banking"), seed=7, turns=(2, 3)), folder, count=6)
    return folder


@pytest.fixture(scope="module")
def tasks(run: Path) -> list[Task]:
    return list(read_tasks(run))


def as_text(task: Task) -> str:
    return msgspec.json.encode(task).decode()


def offered(task: Task, call: ToolCall) -> dict[str, Any]:
    """A call of the reference in the names that the task offers."""
    shown = (call.name, call.arguments) if task.view is None else task.view.offered_call(call.name, call.arguments)
    return dict(zip(("name", "arguments"), shown, strict=True))


def script(task: Task) -> Iterator[str]:
    """What the reference writes, step by step."""
    for turn in task.turns:
        for call in turn.calls:
            yield f"<tool_call>{json.dumps(offered(task, call))}</tool_call>"
        yield turn.reply


def test_gem(run: Path, tasks: list[Task]) -> None:
    gem = pytest.importorskip("gem")
    from fr_envs.trainers.gem import register

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
    from fr_envs.trainers.skyrl import register

    for task in tasks:
        extras = {"reward_spec": {"ground_truth": as_text(task)}}
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

    from fr_envs.trainers.openenv import server_app
    from fr_envs.trainers.openenv_client import client_class, models

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()  # who comes before the server is up waits, and is not refused
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

    async with client(base_url=url) as one, client(base_url=url) as other:
        drawn = (await one.reset(seed=3)).observation
        again = (await other.reset(seed=3)).observation
        assert drawn.messages == again.messages
        first = await one.reset(task=as_text(task))
        assert first.observation.messages[1]["content"] == task.turns[0].message
        assert first.observation.tools
        results = [await one.step(action(message=text)) for text in script(task)]
        assert (results[-1].done, results[-1].observation.score) == (True, 1.0)
        assert sum(result.reward for result in results) == len(task.turns)
        assert (await one.state()).step_count == len(results)
        assert not (await other.step(action(message={"name": "pwd", "arguments": {}}))).done


def test_inspect(run: Path, tasks: list[Task], tmp_path: Path) -> None:
    ai = pytest.importorskip("inspect_ai")
    from inspect_ai.model import ModelOutput

    from fr_envs.trainers.inspect import funreason

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

    model = _scripted(answer)
    (log,) = ai.eval(funreason(run), model=model, log_dir=str(tmp_path), display="none")
    assert log.status == "success", log.error
    assert log.results.scores[0].metrics["mean"].value == 1.0
    assert any(each.minimum is not None for tool in seen for each in tool.parameters.properties.values())
    (log,) = ai.eval(
        funreason(run, domain="banking"),
        model=_scripted(lambda *_: ModelOutput.from_content("s", "Hm.")),
        log_dir=str(tmp_path),
        display="none",
    )
    assert log.results.scores[0].metrics["mean"].value < 0.5


def _scripted(answer: Any) -> Any:
    """A model that answers by a function; inspect's own one counts tokens with a file from the network."""
    from inspect_ai.model import GenerateConfig, ModelAPI, get_model, modelapi

    class Scripted(ModelAPI):  # type: ignore[misc]  # not there in every installation
        def __init__(self, model_name: str, base_url: Any = None, api_key: Any = None, **given: Any) -> None:
            super().__init__(model_name, base_url, api_key, [], GenerateConfig())

        async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> Any:
            return answer(input, tools, tool_choice, config)

    modelapi(name="scripted")(Scripted)
    return get_model("scripted/model", memoize=False)


def test_trl_shows_tools_with_their_schemas(tasks: list[Task]) -> None:
    utils = pytest.importorskip("transformers.utils")
    from fr_envs import load_domain

    for name in ("filesystem", "banking", "travel", "workspace"):
        from fr_envs.trainers.parts.trl_tools import method_of

        for tool in load_domain(name).openai_tools:
            world = type("World", (), {tool["function"]["name"]: method_of(tool["function"])})()
            shown = utils.get_json_schema(getattr(world, tool["function"]["name"]))["function"]
            ours = tool["function"]["parameters"]
            assert shown["description"] == " ".join(tool["function"]["description"].split()) or shown["description"]
            theirs = shown["parameters"]
            assert set(theirs["properties"]) == set(ours["properties"])
            assert set(theirs.get("required", ())) == set(ours["required"])
            for key, each in ours["properties"].items():
                assert theirs["properties"][key]["type"] == each.get("type", theirs["properties"][key]["type"])
                assert theirs["properties"][key].get("enum") == each.get("enum")
                for word in ("pattern", "minimum", "maximum", "default", "format"):
                    if word in each:
                        assert json.dumps(each[word], ensure_ascii=False) in theirs["properties"][key]["description"]


def test_trl_plays_several_turns_and_trains(run: Path, tasks: list[Task], tmp_path: Path) -> None:
    trl = pytest.importorskip("trl")
    import datasets
    import transformers

    from fr_envs.trainers.trl import environment_factories, environment_of, reward
    from fr_synth import export_run
    from tests.conformance.byte_tokenizer import tokenizer

    export_run(run, tmp_path / "out", "trl-grpo")
    rows = datasets.load_dataset(str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache"))
    rows = rows.map(lambda row: {"environment": environment_of(row["task"])})
    reader = tokenizer("qwen3.jinja")
    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = transformers.Qwen3Config(
        vocab_size=len(reader), num_key_value_heads=1, head_dim=8, max_position_embeddings=200_000, **sizes
    )
    scripts = {task.turns[0].message: trl_script(task) for task in tasks}

    class Scripted(trl.GRPOTrainer):  # type: ignore[misc,name-defined]
        """What the model writes is put aside for what the reference writes."""

        def _generate_single_turn(self, prompt_ids: Any, *args: Any, **kwargs: Any) -> Any:
            made = super()._generate_single_turn(prompt_ids, *args, **kwargs)
            completions = list(made[0])
            for at, ids in enumerate(prompt_ids):
                text = reader.decode(ids)
                asked = next(words for words in scripts if words in text)
                said = text[text.index(asked) :].count("<|im_start|>assistant") - 1
                if said < len(scripts[asked]):
                    completions[at] = reader(scripts[asked][said])["input_ids"]
            return (completions, *made[1:])

    seen: list[float] = []

    def kept(**given: Any) -> list[float]:
        seen.extend(reward(**given))
        return seen[-len(given["completions"]) :]

    arguments = trl.GRPOConfig(
        output_dir=str(tmp_path / "trained"), max_steps=2, per_device_train_batch_size=2, num_generations=2,
        max_completion_length=6000, report_to=[], use_cpu=True, save_strategy="no", bf16=False, temperature=1.0,
        max_tool_calling_iterations=40, generation_kwargs={"max_new_tokens": 4}, logging_steps=1,
    )  # fmt: skip
    trainer = Scripted(
        transformers.Qwen3ForCausalLM(config), reward_funcs=[kept], args=arguments, train_dataset=rows,
        processing_class=reader, environment_factory=environment_factories(tasks),
    )  # fmt: skip
    trainer.train()
    assert trainer.state.global_step == 2
    assert len(seen) >= 4
    assert seen == [1.0] * len(seen)


def trl_script(task: Task) -> list[str]:
    """What the reference writes in TRL: every reply but the last is a call."""
    from fr_envs.trainers.parts.trl_world import REPLY

    texts = []
    for number, turn in enumerate(task.turns):
        calls = [offered(task, call) for call in turn.calls]
        if number + 1 < len(task.turns):
            calls.append({"name": REPLY, "arguments": {"message": turn.reply}})
        texts += [f"<tool_call>\n{json.dumps(call)}\n</tool_call><|im_end|>" for call in calls]
    return [*texts, f"{task.turns[-1].reply}<|im_end|>"]


def test_verifiers(run: Path, tasks: list[Task]) -> None:
    vf = pytest.importorskip("verifiers.v1")
    from mcp.server.mcpserver import MCPServer

    from fr_envs.trainers import verifiers as door

    config = door.FunReasonConfig(id="tasks", tasks=str(run), domain="banking")
    listed = list(door.FunReasonTaskset(config))
    assert [each.data.id for each in listed] == [task.id for task in tasks if task.domain == "banking"]
    asyncio.run(_verified(vf, door, listed, {task.id: task for task in tasks}, MCPServer("world")))


async def _verified(vf: Any, door: Any, listed: list[Any], tasks: dict[str, Task], server: Any) -> None:
    from fr_envs.trainers.parts.verifiers_tools import earned

    tools: Any = None
    for each in listed:
        task = tasks[each.data.id]
        (tools,) = type(each).toolsets(each.config)
        await tools.setup_task(each.data)
        spoken: list[Any] = [vf.SystemMessage(content=each.data.system_prompt)]
        talk = _Talk(vf, task, tools, spoken)
        await door.FunReasonEnv.run(None, each, talk)
        assert earned(as_text(task), spoken, {}) == 1.0
        trace = type("Said", (), {"messages": spoken})()
        assert await each.turns_score(trace) == 1.0
        trace.messages = spoken[:2]
        assert await each.turns_score(trace) == 0.0
    tools.register(server)
    listed_tools = {tool.name: tool.input_schema for tool in await server.list_tools()}
    assert listed_tools == {
        tool["function"]["name"]: tool["function"]["parameters"] for tool in tools.rollout.all_tools
    }
    last = tasks[listed[-1].data.id]
    shown = offered(last, next(call for turn in last.turns for call in turn.calls))
    await server.call_tool(shown["name"], shown["arguments"])


class _Talk:
    """The reference in the seat of the agent."""

    def __init__(self, vf: Any, task: Task, tools: Any, spoken: list[Any]) -> None:
        self.vf, self.task, self.tools, self.spoken = vf, task, tools, spoken
        self.agent = self
        self.turns = iter(task.turns)

    def interaction(self, task: Any) -> Any:
        return self

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *error: object) -> None:
        return None

    async def turn(self, message: str) -> Any:
        turn = next(self.turns)
        assert message == turn.message
        self.spoken.append(self.vf.UserMessage(content=message))
        for number, call in enumerate(turn.calls):
            shown = offered(self.task, call)
            made = self.vf.ToolCall(id=f"c{number}", name=shown["name"], arguments=json.dumps(shown["arguments"]))
            self.spoken.append(self.vf.AssistantMessage(content="", tool_calls=[made]))
            result = self.tools.rollout.session.act(shown).results[0]
            self.spoken.append(self.vf.ToolMessage(tool_call_id=f"c{number}", content=json.dumps(result)))
        self.spoken.append(self.vf.AssistantMessage(content=turn.reply))
        return self.vf.agent.Segment(messages=[])


def test_openrlhf(tasks: list[Task]) -> None:
    agents = pytest.importorskip("openrlhf.utils.agent")
    import torch

    from fr_envs.trainers.openrlhf import agent_executor

    class Reader:
        """Tokens are bytes."""

        def __call__(self, text: str, **kwargs: Any) -> Any:
            return {"input_ids": torch.tensor([list(text.encode())])}

    class Engine:
        def __init__(self, texts: list[str]) -> None:
            self.texts = iter(texts)

        async def generate(self, tokens: Any, *args: Any, **kwargs: Any) -> Any:
            text = next(self.texts) + "<|im_end|>"
            made = {"token_ids": list(text.encode()), "text": text, "finish_reason": "stop", "logprobs": None}
            return type("Made", (), {"outputs": [type("Output", (), made)]})

    for task in tasks:
        executor = agent_executor()()
        assert isinstance(executor, agents.AgentExecutorBase)
        sampling = type("Sampling", (), {"max_tokens": 100, "logprobs": None})()
        made = asyncio.run(executor.execute("", as_text(task), sampling, 10**6, Reader(), Engine(list(script(task)))))
        assert (float(made["scores"]), made["reward"], made["truncated"]) == (1.0, len(task.turns), False)
        written = [bytes(made["observation_tokens"][a:b]).decode() for a, b in made["action_ranges"]]
        assert written == [text + "<|im_end|>" for text in script(task)]


EXAMPLES = Path(__file__).parents[2] / "examples" / "trainers"


@pytest.mark.parametrize(("example", "library"), [("play_gem", "gem"), ("play_skyrl", "skyrl_gym")])
def test_examples_run(example: str, library: str, run: Path, tmp_path: Path) -> None:
    pytest.importorskip(library)
    words = [sys.executable, str(EXAMPLES / f"{example}.py"), str(run)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_example_for_openenv_serves(run: Path, tasks: list[Task]) -> None:
    pytest.importorskip("openenv.core")
    import socket

    from fr_envs.trainers.openenv_client import client_class, models

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, str(EXAMPLES / "serve_openenv.py"), str(run), "filesystem", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            next(line for line in server.stderr if "running on" in line)
            asyncio.run(_openenv(client_class(), models()[0], f"http://127.0.0.1:{port}", tasks))
        finally:
            server.terminate()


def test_the_example_for_trl_trains(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("trl")
    import transformers

    from fr_synth import export_run
    from tests.conformance.byte_tokenizer import tokenizer

    export_run(run, tmp_path / "sets", "trl-grpo")
    reader = tokenizer("qwen3.jinja")
    reader.save_pretrained(tmp_path / "model")
    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = transformers.Qwen3Config(
        vocab_size=len(reader), num_key_value_heads=1, head_dim=8, max_position_embeddings=200_000, **sizes
    )
    transformers.Qwen3ForCausalLM(config).save_pretrained(tmp_path / "model")
    words = [sys.executable, str(EXAMPLES / "train_trl.py"), str(tmp_path / "sets"), str(tmp_path / "model")]
    environment = os.environ | {"HF_HOME": str(tmp_path / "home"), "TRL_EXPERIMENTAL_SILENCE": "1"}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("2 steps")


def test_the_example_for_openrlhf_is_an_executor(monkeypatch: pytest.MonkeyPatch) -> None:
    agents = pytest.importorskip("openrlhf.utils.agent")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    executor = importlib.import_module("openrlhf_agent").AgentExecutor()
    assert isinstance(executor, agents.AgentExecutorBase)


def test_the_example_for_inspect_is_a_task(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("inspect_ai")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    inspect_tasks = importlib.import_module("inspect_tasks")

    assert len(inspect_tasks.tool_worlds(str(run), domain="banking").dataset) == 3


def test_the_example_for_verifiers_is_a_taskset(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("verifiers.v1")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from verifiers.v1.utils.loaders import environment_class, taskset_class, taskset_config_type

    config = taskset_config_type("funreason_tasks")(id="funreason_tasks", tasks=str(run))
    assert len(list(taskset_class("funreason_tasks")(config))) == 6
    assert environment_class is not None


def test_nemo_gym(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nemo_gym.base_resources_server")
    from fastapi.testclient import TestClient
    from nemo_gym.base_resources_server import BaseResourcesServerConfig

    monkeypatch.syspath_prepend(str(EXAMPLES))
    serve_nemo_gym = importlib.import_module("serve_nemo_gym")

    config = BaseResourcesServerConfig(host="127.0.0.1", port=1, entrypoint="app.py", name="funreason")
    server = serve_nemo_gym.FunReasonServer.model_construct(config=config, server_client=None)
    client = TestClient(server.setup_webserver())
    empty: Any = {"input": []}
    for task in tasks:
        for number, turn in enumerate(task.turns):
            row = {"task": as_text(task), "turn": number, "responses_create_params": empty}
            assert client.post("/seed_session", json=row).status_code == 200
            output: list[Any] = []
            for call in turn.calls:
                shown = offered(task, call)
                told = client.post(f"/{shown['name']}", json=shown["arguments"])
                named = {"call_id": "c", "name": shown["name"], "arguments": json.dumps(shown["arguments"])}
                output += [{"type": "function_call", **named}]
                output += [{"type": "function_call_output", "call_id": "c", "output": told.text}]
            said = {"type": "output_text", "text": turn.reply, "annotations": []}
            output += [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [said]}]
            response = {"id": "r", "created_at": 1, "model": "m", "object": "response", "output": output}
            response |= {"parallel_tool_calls": True, "tool_choice": "auto", "tools": []}
            judged = client.post("/verify", json=row | {"response": response})
            assert judged.json()["reward"] == 1.0
            none = client.post("/verify", json=row | {"response": response | {"output": []}})
            assert none.json()["reward"] < 1.0
