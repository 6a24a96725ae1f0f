"""Doors that serve: NeMo Gym, OpenEnv, inspect_ai, verifiers, as far as they go without their libraries.

``make conformance`` has them with the libraries themselves.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import UsageError
from fr_envs.contract.view import ToolView, View
from fr_envs.trainers import inspect, nemo_gym, openenv, openenv_client, verifiers
from fr_envs.trainers.parts.nemo_turns import read_arguments
from fr_envs.trainers.parts.verifiers_tools import earned, plain_messages
from tests.fr_envs.trainers.tasks import TASK, TEXT

if TYPE_CHECKING:
    from pathlib import Path


def output(turn: int, text: str | None = None, **instead: Any) -> list[dict[str, Any]]:
    """What a response holds when the reference plays a turn."""
    calls = [{"name": c.name, "arguments": json.dumps(c.arguments)} for c in TASK.turns[turn].calls]
    said = TASK.turns[turn].reply if text is None else text
    return [
        *({"type": "function_call", "call_id": "c", **call, **instead} for call in calls),
        {"type": "function_call_output", "call_id": "c", "output": "{}"},
        {"type": "reasoning", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": said}]},
    ]


@pytest.mark.parametrize("pay", ["turns", "end"])
@pytest.mark.parametrize("turn", [0, 1])
def test_nemo_gym_judges_one_turn_by_replay(turn: int, pay: str) -> None:
    turns = nemo_gym.Turns({"pay": pay, "step_cost": 0.125})
    assert turns.verify(TEXT, turn, output(turn)) == 0.75
    assert turns.verify(TEXT, turn, output(turn, "I know nothing of it.", name="no_such")) == -0.25
    assert turns.verify(TEXT, turn, []) == -0.125


def test_nemo_gym_calls_tools_of_the_session_that_was_seeded() -> None:
    turns = nemo_gym.Turns()
    assert turns.call("a", "pwd", {})["error"]["code"] == "no_session"
    turns.seed("a", TEXT, 1)
    turns.seed("b", TEXT)
    assert "error" in turns.call("a", "ls", {"path": "nowhere"})
    assert turns.call("a", "mkdir", {"path": "more"})["error"]["code"] == "unknown_tool"  # the turn offers two tools
    assert "error" not in turns.call("b", "mkdir", {"path": "drafts"})
    assert turns.call("b", "pwd", "no object")["error"]["code"] == "malformed_call"
    with pytest.raises(UsageError, match="the task has no turn 2"):
        turns.seed("c", TEXT, 2)


def test_nemo_gym_plays_earlier_turns_under_the_names_of_the_task() -> None:
    """A world that the first turn did not change would have no folder to list."""
    view = View((ToolView("mkdir", name="make_folder"), ToolView("pwd", name="where"), ToolView("ls", name="listing")))
    turns = nemo_gym.Turns()
    turns.seed("a", msgspec.json.encode(msgspec.structs.replace(TASK, view=view)).decode(), 1)
    assert "error" not in turns.call("a", "listing", {"path": "drafts"})


def test_nemo_gym_keeps_so_many_sessions() -> None:
    turns = nemo_gym.Turns()
    for number in range(5):
        turns.seed(str(number), TEXT)
    assert list(turns.sessions) == ["0", "1", "2", "3", "4"]
    turns.most = 2
    turns.seed("5", TEXT)
    assert list(turns.sessions) == ["4", "5"]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"path": "/"}', b"[", b"\xff"])
def test_nemo_gym_reads_any_body(body: bytes) -> None:
    turns = nemo_gym.Turns()
    turns.seed("a", TEXT)
    assert isinstance(turns.call("a", "ls", read_arguments(body)), dict)


def test_openenv_needs_a_task() -> None:
    world = openenv.World("filesystem")
    with pytest.raises(UsageError, match="no task to play: start the server with tasks"):
        world.reset(seed=3)
    with pytest.raises(UsageError, match="no episode was started"):
        world.step(None)
    with pytest.raises(UsageError, match="no task for the world 'banking'"):
        openenv.World("banking", [TASK])


def test_verifiers_messages_are_openais() -> None:
    class Message:
        def __init__(self, **plain: Any) -> None:
            self.plain = plain

        def model_dump(self, exclude_none: bool) -> dict[str, Any]:
            return {key: value for key, value in self.plain.items() if value is not None or not exclude_none}

    call = {"id": "c", "name": "pwd", "arguments": "{}"}
    plain = plain_messages([Message(role="assistant", content=None, tool_calls=[call]), Message(role="user")])
    function = {"name": "pwd", "arguments": "{}"}
    assert plain == [
        {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": function}]},
        {"role": "user"},
    ]


@pytest.mark.parametrize("pay", ["turns", "end"])
def test_a_trace_of_verifiers_earns_what_its_rules_pay(pay: str) -> None:
    class Message:
        def __init__(self, **plain: Any) -> None:
            self.plain = plain

        def model_dump(self, exclude_none: bool) -> dict[str, Any]:
            return dict(self.plain)

    said = [Message(role="user", content=TASK.turns[0].message)]
    for call in TASK.turns[0].calls:
        arguments = json.dumps(call.arguments)
        said.append(Message(role="assistant", tool_calls=[{"id": "c", "name": call.name, "arguments": arguments}]))
        said.append(Message(role="tool", tool_call_id="c", content="{}"))
    said.append(Message(role="assistant", content=TASK.turns[0].reply))
    steps = len(TASK.turns[0].calls) + 1
    rules = {"pay": pay, "step_cost": 0.125}
    assert earned(TEXT, said, {}) == 1 / len(TASK.turns)
    assert earned(TEXT, said, rules) == 1 / len(TASK.turns) - 0.125 * steps


def test_a_missing_library_is_one_line(tmp_path: Path) -> None:
    makes: list[Any] = [
        nemo_gym.server_class, openenv_client.models, openenv_client.client_class,
        lambda: openenv.server_app("filesystem"),
        lambda: inspect.funreason(tmp_path), lambda: verifiers.FunReasonTaskset,
    ]  # fmt: skip
    for make in makes:
        with pytest.raises(UsageError, match=r"^\w+ is not installed: pip install \S+"):
            make()
    with pytest.raises(AttributeError):
        verifiers.no_such_name  # noqa: B018
