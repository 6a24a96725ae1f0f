"""Second thoughts in worlds of which only the words of the tools are known.

1. No turn changes, looks up or ends what it makes, and none is about what is over.
2. Nothing is asked for twice, and no tool a third time.
3. Weights that allow them allow them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.world_file import ready
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.second_thoughts import second_thoughts
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.sample.weights import DEFAULT_WEIGHTS, PLAIN_WEIGHTS
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Output, Said

if TYPE_CHECKING:
    from fr_envs.world.state import State
    from fr_synth.sample.weights import SamplerWeights

TEXT = {"type": "string"}
TOOLS: list[Any] = [
    {"name": "create_task", "description": "Create a task.", "parameters": {"title": "str"}},
    {"name": "list_tasks", "description": "List the tasks."},
    {"name": "get_task", "description": "Get a task.", "parameters": {"task_id": "str"}},
    {"name": "update_task", "description": "Update a task.", "parameters": {"task_id": "str", "title": "str"}},
    {"name": "delete_task", "description": "Delete a task.", "parameters": {"task_id": "str"}},
]
WORLD: Any = ready(simulated_world(spec_from_tools(TOOLS, name="tasks")))


NO_THREAD = msgspec.structs.replace(PLAIN_WEIGHTS, one_thread=False)


class Play:
    """Turns of requests, one after the other."""

    def __init__(self, weights: SamplerWeights = NO_THREAD) -> None:
        state = WORLD.initial(7)
        self.walk = Walk(WORLD, ApiGraph(WORLD.spec), state, np.random.default_rng(1), WalkSettings(weights=weights))

    def ask(self, *requests: tuple[str, dict[str, Any], int | None]) -> bool:
        """Return True if a turn of requests has second thoughts; take it if not.

        Each is a tool, its arguments, and the number of the call whose result its identifier is.
        """
        steps: list[ExecutedCall] = []
        state: State = self.walk.state
        for tool, arguments, source in requests:
            steps.append(self._step(state, tool, arguments, source))
            state = steps[-1].after
        if second_thoughts(self.walk, steps):
            return True
        for step in steps:
            self.walk.take(step)
        self.walk.next_turn()
        return False

    def _step(self, state: State, tool: str, arguments: dict[str, Any], source: int | None) -> ExecutedCall:
        outcome = WORLD.apply(state, ToolCall(tool, arguments))
        assert outcome.error is None
        sources: dict[str, Any] = {
            f"/{name}": Said(self.walk.turn, str(value)) if name != "task_id" or source is None
            else Output(source, "/task_id")
            for name, value in arguments.items()
        }  # fmt: skip
        return ExecutedCall(
            ToolCall(tool, arguments), outcome.value, state, outcome.state, sources, {}, user_requested=True,
            turn=self.walk.turn,
        )  # fmt: skip


MAKE = ("create_task", {"title": "Pay the gas bill"}, None)
MADE = {"task_id": "TAS-1036"}
OLD = {"task_id": "TAS-1001"}


def test_what_is_made_is_left_alone_in_the_same_breath() -> None:
    for tool, more in (("get_task", {}), ("update_task", {"title": "Pay it"}), ("delete_task", {})):
        assert Play().ask(MAKE, (tool, {**MADE, **more}, 0))
        assert not Play(DEFAULT_WEIGHTS).ask(MAKE, (tool, {**MADE, **more}, 0))


def test_what_is_made_is_not_over_at_once() -> None:
    play = Play()
    assert not play.ask(MAKE)
    assert play.ask(("delete_task", MADE, 0))
    assert not play.ask(("update_task", {**MADE, "title": "Pay it"}, 0))
    assert not play.ask(("delete_task", MADE, 0))


def test_one_looks_before_one_changes() -> None:
    look, change = ("get_task", OLD, None), ("update_task", {**OLD, "title": "Pay it"}, None)
    assert Play().ask(change, look)
    assert not Play().ask(look, change)
    assert Play().ask(change, ("delete_task", OLD, None))


def test_nothing_is_asked_for_over_and_over() -> None:
    play = Play()
    assert not play.ask(MAKE)
    assert play.ask(MAKE)
    assert not play.ask(("create_task", {"title": "Water the plants"}, None))
    assert play.ask(("create_task", {"title": "Book the dentist"}, None))
    assert not play.ask(("delete_task", OLD, None))
    assert play.ask(("delete_task", {"task_id": "TAS-1008"}, None))
