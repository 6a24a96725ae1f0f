"""verl's agent loop and tool, against the methods that verl 0.9 documents for their base classes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import pytest

from fr_envs import UsageError
from fr_envs.contract.view import ToolView, View
from fr_envs.trainers import verl
from fr_envs.trainers.rollout import with_base
from tests.fr_envs.trainers.tasks import TASK, TEXT, script

if TYPE_CHECKING:
    from pathlib import Path


class Merged(SimpleNamespace):
    token_ids: list[int]


class Base:
    """What verl's base class brings, with bytes as tokens."""

    def __init__(self, texts: list[str], response_length: int = 10_000, logs: bool = False) -> None:
        self.rollout_config = SimpleNamespace(response_length=response_length)
        self.texts = iter(texts)
        self.logs = logs
        self.server_manager = self
        self.tokenizer = self

    def decode(self, ids: list[int], skip_special_tokens: bool) -> str:
        return bytes(ids).decode()

    async def generate(self, *, request_id: str, prompt_ids: list[int], sampling_params: Any) -> Any:
        ids = list(next(self.texts).encode())
        return SimpleNamespace(token_ids=ids, log_probs=[-0.5] * len(ids) if self.logs else None)

    async def ct_build_initial_tokens(self, messages: Any, tools: Any) -> list[int]:
        assert tools
        return list(b"".join(each["content"].encode() for each in messages))

    async def ct_merge_assistant_token(
        self, tokens: list[int], new: list[int], mask: list[int], logs: Any, assistant_logprobs: Any
    ) -> Any:
        more = None if logs is None else [*logs, *assistant_logprobs]
        return Merged(token_ids=[*tokens, *new]), [*mask, *[1] * len(new)], more

    async def ct_merge_context_msg(
        self, before: Any, after: Any, tokens: list[int], mask: list[int], logs: Any, tools: Any
    ) -> Any:
        new = list("".join(each["content"] for each in after[len(before) :]).encode())
        more = None if logs is None else [*logs, *[0.0] * len(new)]
        return Merged(token_ids=[*tokens, *new]), [*mask, *[0] * len(new)], more


def played(row: Any, **given: Any) -> Any:
    made: Any = with_base(verl.Loop, Base)
    made.output, made.metrics = SimpleNamespace, dict
    return asyncio.run(made(script(), **given).run({}, extra_info=row))


@pytest.mark.parametrize("logs", [False, True])
def test_the_loop_plays_every_turn_and_trains_what_the_model_wrote(logs: bool) -> None:
    output = played({"task": TEXT}, logs=logs)
    assert (output.reward_score, output.extra_fields["turn_scores"]) == (1.0, [1.0, 1.0])
    trained = bytes(i for i, on in zip(output.response_ids, output.response_mask, strict=True) if on).decode()
    assert trained == "".join(script())
    assert b"Where am I?" in bytes(output.response_ids)
    assert bytes(output.prompt_ids).decode().endswith(TASK.turns[0].message)
    assert (output.response_logprobs is None) is not logs
    assert not logs or len(output.response_logprobs) == len(output.response_mask)


def test_the_loop_ends_where_there_is_no_more_room() -> None:
    output = played({"task": TEXT}, response_length=20)
    assert len(output.response_ids) == len(output.response_mask) == 20
    assert output.reward_score == 0.0
    with pytest.raises(UsageError, match=r"the row holds no task: give extra_info\.task"):
        played({})


class ToolBase:
    def __init__(self, config: Any, name: str) -> None:
        self.config, self.name = config, name


def test_tools_of_a_trajectory_share_a_world(tmp_path: Path) -> None:
    file = tmp_path / "tasks.jsonl"
    file.write_bytes(msgspec.json.encode(TASK) + b"\n")
    cls: Any = with_base(verl.Tool, ToolBase)
    cls.response = SimpleNamespace

    class AgentData:
        def __init__(self, task_id: str) -> None:
            kwargs = {"create_kwargs": {"task_id": task_id}}
            self.tools_kwargs = {"mkdir": kwargs, "pwd": kwargs}

    async def play() -> None:
        config = {"tasks": str(file), "rules": {"step_cost": 0.25}}
        mkdir, pwd = cls(config, "mkdir"), cls(config, "pwd")
        one, other = AgentData("t-1"), AgentData("t-1")
        name, _ = await mkdir.create(create_kwargs={"task_id": "t-1"})
        response, reward, _ = await mkdir.execute(name, {"path": "drafts"}, agent_data=one)
        assert ('"error"' not in response.text, reward) == (True, -0.25)
        again, _, _ = await mkdir.execute(name, {"path": "drafts"}, agent_data=one)
        assert "EEXIST" in again.text
        assert '"error"' not in (await mkdir.execute(name, {"path": "drafts"}, agent_data=other))[0].text
        assert '"path"' in (await pwd.execute(name, {}, agent_data=one))[0].text
        assert await pwd.calc_reward(name, agent_data=one) == -0.75
        assert await pwd.calc_reward(name, agent_data=AgentData("t-1")) == 0.0
        await pwd.release(name)
        with pytest.raises(UsageError, match=r"no task 't-9' in .*: give config\.tasks"):
            await pwd.execute(name, {}, agent_data=AgentData("t-9"))

    asyncio.run(play())


def test_a_tool_is_called_by_its_own_name_whatever_the_view_of_the_task(tmp_path: Path) -> None:
    file = tmp_path / "tasks.jsonl"
    view = View((ToolView("mkdir", "tool_7", parameters={"path": "arg_a"}), ToolView("pwd", "mkdir"), ToolView("ls")))
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(TASK, view=view)) + b"\n")
    cls: Any = with_base(verl.Tool, ToolBase)
    cls.response = SimpleNamespace

    class AgentData:
        tools_kwargs: ClassVar[Any] = {name: {"create_kwargs": {"task_id": "t-1"}} for name in ("mkdir", "cd")}

    async def play(name: str, arguments: Any) -> str:
        text: str = (await cls({"tasks": str(file)}, name).execute("i", arguments, agent_data=AgentData()))[0].text
        return text

    assert '"error"' not in asyncio.run(play("mkdir", {"path": "drafts"}))
    assert "There is no tool 'cd'" in asyncio.run(play("cd", {"path": "/"}))


def test_a_missing_library_is_one_line() -> None:
    for name in ("FunReasonLoop", "FunReasonTool"):
        with pytest.raises(UsageError, match=r"^verl is not installed: pip install verl=="):
            getattr(verl, name)
    with pytest.raises(AttributeError):
        verl.no_such_name  # noqa: B018
