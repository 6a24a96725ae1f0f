"""A tool of a world for verl's own tool agent; ``fr_envs.trainers.verl`` puts it over verl's base class."""

from __future__ import annotations

import functools
import itertools
import weakref
from typing import TYPE_CHECKING, Any, ClassVar

from fr_envs.episode.task_file import read_tasks
from fr_envs.errors import UsageError
from fr_envs.trainers.rollout import Rollout, result_text, under_own_names

if TYPE_CHECKING:
    from fr_envs.episode.task import Task
    from fr_envs.json_values import JsonObject

__all__ = ["Tool"]

_numbers = itertools.count()


class Tool:
    """Logic of the tool: all tools of a trajectory share one world, known by verl's agent data."""

    _worlds: ClassVar[weakref.WeakKeyDictionary[Any, Rollout]] = weakref.WeakKeyDictionary()
    response: ClassVar[Any] = None  # what makes a response

    def _begun(self: Any, agent_data: Any) -> Rollout:  # noqa: ANN401 - verl's own types
        """Return the world of a trajectory, begun on its first call."""
        if agent_data not in Tool._worlds:
            row = agent_data.tools_kwargs.get(self.name, {}).get("create_kwargs", {})
            tasks = _tasks(str(self.config.get("tasks", "")))
            if row.get("task_id") not in tasks:
                raise UsageError(f"no task {row.get('task_id')!r} in {self.config.get('tasks')}: give config.tasks")
            played = under_own_names(tasks[row["task_id"]])  # one configuration for all rows: no room for views
            Tool._worlds[agent_data] = Rollout(played, rules=self.config.get("rules"))
        return Tool._worlds[agent_data]

    async def create(self, instance_id: str | None = None, **kwargs: object) -> tuple[str, Any]:
        """Return a name for the call; verl asks for one before each."""
        return instance_id or f"funreason-{next(_numbers)}", self.response()

    async def execute(
        self: Any,
        instance_id: str,
        parameters: JsonObject,
        **kwargs: Any,  # noqa: ANN401 - verl's own types
    ) -> tuple[Any, float, JsonObject]:
        """Call the tool; the reward is what the step costs."""
        shown = self._begun(kwargs["agent_data"]).act({"name": self.name, "arguments": parameters})
        return self.response(text=result_text(shown.seen.results[0])), shown.reward, {}

    async def calc_reward(self, instance_id: str, **kwargs: Any) -> float:  # noqa: ANN401 - verl's own types
        """Return what the trajectory earned so far; 0 where it has called nothing."""
        world = Tool._worlds.get(kwargs.get("agent_data"))
        return 0.0 if world is None else world.earned

    async def release(self, instance_id: str, **kwargs: object) -> None:
        """Do nothing: a world goes with its trajectory."""


@functools.lru_cache(maxsize=8)
def _tasks(source: str) -> dict[str, Task]:
    return {task.id: task for task in read_tasks(source)}
