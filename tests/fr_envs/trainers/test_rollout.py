"""What all front doors stand on.

1. The reference earns 1, silence 0; what a rollout earns is the mean score of its turns less its costs.
2. A library that is missing is one line that says how to install it; one that is broken shows itself.
3. A class over a library's base has the methods of the door and is one of the library's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import UsageError
from fr_envs.contract.view import ToolView, View
from fr_envs.trainers.rollout import Rollout, library, tools_text, with_base
from tests.fr_envs.trainers.tasks import TASK, TEXT, script

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("pay", ["turns", "end"])
def test_a_rollout_earns_the_mean_score_less_its_costs(pay: str) -> None:
    rollout = Rollout(TEXT, rules={"pay": pay, "step_cost": 0.125})
    assert [each["role"] for each in rollout.opening] == ["system", "user"]
    assert rollout.opening[1]["content"] == TASK.turns[0].message
    earned = []
    for text in script():
        rollout.act(text)
        earned.append(rollout.earned)
    assert earned == [-0.125, 0.25, 0.125, 0.5]


def test_results_and_messages_come_back_as_chat_messages() -> None:
    rollout = Rollout(TASK)
    call = {"id": "c1", "type": "function", "function": {"name": "pwd", "arguments": "{}"}}
    shown = rollout.act({"role": "assistant", "content": None, "tool_calls": [call]})
    assert shown.messages[0]["tool_call_id"] == "c1"
    assert json.loads(shown.messages[0]["content"]) == shown.seen.results[0]
    assert rollout.act("Done.").messages == [{"role": "user", "content": "Where am I?"}]
    assert {tool["function"]["name"] for tool in rollout.tools} == {"ls", "pwd"}
    last = rollout.act("Somewhere.")
    assert (last.messages, last.done) == ([], True)


def test_what_is_offered_in_some_turn_is_known_from_the_beginning() -> None:
    early = msgspec.structs.replace(TASK.turns[0], tools=("mkdir",))
    named = View((ToolView("ls"), ToolView("pwd", name="where"), ToolView("mkdir"), ToolView("cat")))
    rollout = Rollout(msgspec.structs.replace(TASK, turns=(early, TASK.turns[1]), view=named))
    assert [tool["function"]["name"] for tool in rollout.tools] == ["mkdir"]
    assert [tool["function"]["name"] for tool in rollout.all_tools] == ["ls", "where", "mkdir"]
    rollout.session.reset()
    assert rollout.all_tools == rollout.tools


def test_tools_can_stand_in_the_system_message() -> None:
    text = tools_text(Rollout(TASK))
    assert text.startswith(Rollout(TASK).system)
    assert '"name": "mkdir"' in text


@pytest.mark.parametrize("task", ['{"no": "task"}', {"domain": "nowhere", "seed": [1], "turns": []}])
def test_a_task_that_is_none_is_refused(task: Any) -> None:
    with pytest.raises(UsageError):
        Rollout(task)


def test_a_missing_library_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_library.py").write_text("import no_such_library\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match=r"^no_such_library is not installed: pip install extra$"):
        library("no_such_library.deep.module", "extra")
    with pytest.raises(ModuleNotFoundError):
        library("broken_library", "extra")
    assert library("json", "extra") is json


def test_a_class_over_a_base_is_both() -> None:
    class Base:
        def reset(self) -> str:
            return "base"

        def close(self) -> str:
            return "closed"

    class Logic:
        """A door."""

        def reset(self) -> str:
            return "door"

    made: Any = with_base(Logic, Base)()
    assert isinstance(made, Base)
    assert (made.reset(), made.close(), type(made).__doc__) == ("door", "closed", "A door.")
