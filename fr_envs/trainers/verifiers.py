"""verifiers: tasks as a taskset, the user as an environment, the world as a tool server. For ``verifiers.v1``.

verifiers finds a taskset by the name of a module, so a file of your own hands them on::

    from fr_envs.trainers.verifiers import FunReasonEnv, FunReasonTaskset
    __all__ = ["FunReasonEnv", "FunReasonTaskset"]

``--env.taskset.tasks RUN`` says which tasks. The reward replays what the trace holds, so no state is shared.
"""

# Annotations are values here: pydantic reads them, and the classes are made inside a function.

import functools
from typing import Any

from fr_envs.episode.observation import read_task
from fr_envs.episode.task_file import read_tasks
from fr_envs.trainers.parts import verifiers_tools
from fr_envs.trainers.rollout import Rollout, library, task_text

__all__ = ["FunReasonData", "FunReasonEnv", "FunReasonTask", "FunReasonTaskset"]  # noqa: F822 - made below

_HOW = "verifiers==0.4.0, in an environment of its own"


@functools.cache
def _classes() -> dict[str, type]:  # noqa: C901 - a class after the other
    vf = library("verifiers.v1", _HOW)

    class FunReasonData(vf.TaskData):  # type: ignore[misc,name-defined]  # verifiers need not be installed
        """A task as JSON text, and the rules of its reward."""

        task: str
        rules: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it

    class FunReasonConfig(vf.TasksetConfig):  # type: ignore[misc,name-defined]
        """Where the tasks are, for which world, and what pays."""

        tasks: str = ""
        domain: str | None = None
        rules: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it

    class FunReasonTask(vf.Task[FunReasonData]):  # type: ignore[misc,name-defined]
        """One task."""

        @classmethod
        def toolsets(cls, config: Any) -> list[Any]:  # noqa: ANN401
            """Return a world of its own for each rollout."""
            return [verifiers_tools.WorldTools(vf.ToolsetConfig())]

        @vf.reward  # type: ignore[untyped-decorator]
        async def turns_score(self, trace: Any) -> float:  # noqa: ANN401
            """Mean score of the turns, from 0 to 1, less what the steps cost."""
            return verifiers_tools.earned(self.data.task, trace.messages, self.data.rules)

    class FunReasonTaskset(vf.Taskset[FunReasonTask, FunReasonConfig]):  # type: ignore[misc,name-defined]
        """The tasks of a run."""

        def load(self) -> Any:  # noqa: ANN401
            """Iterate over the tasks."""
            for task in read_tasks(self.config.tasks):
                if self.config.domain in (None, task.domain):
                    text, told = task_text(task), Rollout(task).system
                    data = FunReasonData(id=task.id, system_prompt=told, task=text, rules=self.config.rules)
                    yield FunReasonTask(data, self.config.task)

    class FunReasonEnvConfig(vf.EnvConfig):  # type: ignore[misc,name-defined]
        """One seat."""

        agent: vf.AgentConfig = vf.AgentConfig()  # type: ignore[name-defined]

    class FunReasonEnv(vf.Env[FunReasonEnvConfig]):  # type: ignore[misc,name-defined]
        """The user of a task: says one message after the other."""

        async def run(self, task: Any, agents: Any) -> None:  # noqa: ANN401
            """Play all turns; a rollout that ended says no more."""
            async with agents.agent.interaction(task) as talk:
                for turn in read_task(task.data.task).turns:
                    if (await talk.turn(turn.message)).terminated:
                        break

    made = (FunReasonData, FunReasonConfig, FunReasonTask, FunReasonTaskset, FunReasonEnvConfig, FunReasonEnv)
    for each in made:
        each.__qualname__ = each.__name__  # other processes look them up by module and name
    return {each.__name__: each for each in made}


def __getattr__(name: str) -> type:
    """Make the classes when they are first asked for.

    Raises:
        UsageError: verifiers is not installed.
    """
    if name.startswith("_") or name not in (*__all__, "FunReasonConfig", "FunReasonEnvConfig"):
        raise AttributeError(name)
    return _classes()[name]
