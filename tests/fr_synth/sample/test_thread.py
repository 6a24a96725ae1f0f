"""One thread in worlds without stories.

1. A turn has one request, and it is about what the dialogue is about.
2. What is made is not called off; what is over is left alone; nothing becomes what it is.
3. A thing is asked about as long as there is news of it.
4. Tools that nobody asks for, and such as say that they act where nothing shows for it, are not aimed at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.world_file import ready
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.tying import Tie
from fr_synth.sample.thread import ends_made, follows, next_targets, role_of
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.sample.weights import PLAIN_WEIGHTS
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Output, Said
from fr_synth.trace.target import ToolTarget

if TYPE_CHECKING:
    from fr_envs.contract.spec import ToolSpec
    from fr_synth.sample.thread import Role

TOOLS: list[Any] = [
    {"name": "create_task", "description": "Create a task.", "parameters": {"title": "str"}},
    {"name": "list_tasks", "description": "List the tasks."},
    {
        "name": "update_task",
        "description": "Update a task.",
        "parameters": {"task_id": "str", "title": "str, optional", "priority": "str, optional"},
    },
    {"name": "delete_task", "description": "Delete a task.", "parameters": {"task_id": "str"}},
    {"name": "ping", "description": "Health check of the service.", "parameters": {}},
]
WORLD: Any = ready(simulated_world(spec_from_tools(TOOLS, name="tasks")))
MAKE = ("create_task", {"title": "Pay the gas bill"}, None)
MADE = {"task_id": "TAS-1036"}
OLD = {"task_id": "TAS-1001"}


class Play:
    """Turns of one request each, taken where they follow."""

    def __init__(self) -> None:
        state = WORLD.initial(7)
        weights = WalkSettings(weights=PLAIN_WEIGHTS)
        self.walk = Walk(WORLD, ApiGraph(WORLD.spec), state, np.random.default_rng(1), weights)

    def step(self, tool: str, arguments: dict[str, Any], source: int | None = None) -> ExecutedCall:
        outcome = WORLD.apply(self.walk.state, ToolCall(tool, arguments))
        assert outcome.error is None
        sources: dict[str, Any] = {
            f"/{name}": Output(source or 0, "/task_id") if name == "task_id" else Said(self.walk.turn, str(value))
            for name, value in arguments.items()
        }
        return ExecutedCall(
            ToolCall(tool, arguments), outcome.value, self.walk.state, outcome.state, sources, {},
            user_requested=True, turn=self.walk.turn,
        )  # fmt: skip

    def ask(self, tool: str, arguments: dict[str, Any], source: int | None = None, *, left: int = 3) -> bool:
        step = self.step(tool, arguments, source)
        if not follows(self.walk, [step], left):
            return False
        self.walk.take(step)
        self.walk.next_turn()
        return True


def test_a_turn_has_one_request() -> None:
    play = Play()
    assert not follows(play.walk, [play.step(*MAKE), play.step("list_tasks", {})], 3)
    assert not follows(play.walk, [], 3)


def test_one_goes_on_with_what_was_made_and_not_with_something_else() -> None:
    play = Play()
    assert play.ask(*MAKE)
    assert not play.ask("update_task", {**OLD, "priority": "low"})
    assert play.ask("update_task", {**MADE, "priority": "high"})
    assert not play.ask("update_task", {**MADE, "priority": "low"})  # a tool is asked for once


def test_what_was_made_is_not_called_off() -> None:
    play = Play()
    assert play.ask(*MAKE)
    assert not play.ask("delete_task", MADE, left=1)
    assert play.ask("update_task", {**MADE, "priority": "high"})
    assert not play.ask("delete_task", MADE, left=1)
    step = play.step("delete_task", MADE)
    assert ends_made(play.walk, [step], len(play.walk.steps)) == "undo"


def test_what_was_just_said_is_not_said_otherwise() -> None:
    play = Play()
    assert play.ask(*MAKE)
    assert not play.ask("update_task", {**MADE, "title": "Pay the water bill"})
    assert play.ask("update_task", {**MADE, "priority": "high"})


def test_nothing_becomes_what_it_is_or_is_called_like_another() -> None:
    play = Play()
    assert play.ask("list_tasks", {})
    title = play.walk.steps[0].result["tasks"]
    assert isinstance(title, list)
    row: Any = title[0]
    assert not play.ask("update_task", {"task_id": row["task_id"], "title": row["title"]})
    assert not play.ask("create_task", {"title": row["title"]})
    assert play.ask("update_task", {"task_id": row["task_id"], "title": "Something else"})


def test_nobody_asks_for_plumbing() -> None:
    walk = Play().walk
    aims = next_targets(walk, [ToolTarget("ping"), ToolTarget("create_task")], 3)
    assert ToolTarget("ping") not in aims
    assert ToolTarget("create_task") in aims


@pytest.mark.parametrize(
    ("name", "role"),
    [("create_task", "make"), ("list_tasks", "look"), ("update_task", "change"), ("delete_task", "undo")],
)
def test_a_name_tells_what_a_tool_is_for(name: str, role: Role) -> None:
    tool: ToolSpec = WORLD.spec.tools[name]
    assert role_of(tool) == role


@pytest.mark.parametrize(
    ("name", "effect", "role"),
    [("get_order", "read", "work out"), ("order_report", "read", "plumbing"), ("dispose", "write", "undo")],
)
def test_what_looks_an_order_up_places_none(name: str, effect: str, role: Role) -> None:
    spec = spec_from_tools([{"name": name, "description": "Do it.", "parameters": {}}], name="world")
    assert role_of(msgspec.structs.replace(spec.tools[name], effect=effect)) == role


def test_it_is_said_otherwise_where_that_is_the_purpose() -> None:
    play = Play()
    assert play.ask(*MAKE)
    step = play.step("update_task", {**MADE, "title": "Pay the water bill"})
    assert not follows(play.walk, [step], 3)
    assert follows(play.walk, [step], 3, tie=Tie("put right"))
