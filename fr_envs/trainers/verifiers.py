"""verifiers: tasks as a taskset, the user as an environment, the world as a tool server. For ``verifiers.v1``.

verifiers finds a taskset by the name of a module, so a file of your own hands them on::

    from fr_envs.trainers.verifiers import FunReasonEnv, FunReasonTaskset
    __all__ = ["FunReasonEnv", "FunReasonTaskset"]

``--env.taskset.tasks RUN`` says which tasks. The reward replays what the trace holds, so no state is shared.
"""

# Annotations are values here: pydantic reads them, and the classes are made inside a function.

import functools
from typing import TYPE_CHECKING, Any

from fr_envs.episode.judging.transcripts import score
from fr_envs.episode.task_file import read_tasks
from fr_envs.trainers.rollout import Rollout, library, result_text

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

__all__ = ["FunReasonData", "FunReasonEnv", "FunReasonTask", "FunReasonTaskset", "WorldTools", "plain_messages"]  # noqa: F822 - made below


_HOW = "verifiers==0.4.0, in an environment of its own"


def plain_messages(messages: Any) -> "list[JsonObject]":  # noqa: ANN401 - verifiers' own types
    """Return the messages of a trace as OpenAI has them."""
    plain = []
    for each in messages:
        message = each.model_dump(exclude_none=True)
        calls = message.pop("tool_calls", None) or ()
        if calls:
            message["tool_calls"] = [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {"name": call["name"], "arguments": call["arguments"]},
                }
                for call in calls
            ]
        plain.append(message)
    return plain


@functools.cache
def _classes() -> dict[str, type]:  # noqa: C901 - a class after the other
    vf = library("verifiers.v1", _HOW)

    class FunReasonData(vf.TaskData):  # type: ignore[misc,name-defined]  # verifiers need not be installed
        """A task as JSON text."""

        task: str

    class FunReasonConfig(vf.TasksetConfig):  # type: ignore[misc,name-defined]
        """Where the tasks are, for which world, and what pays."""

        tasks: str = ""
        domain: str | None = None

    class WorldTools(vf.Toolset[vf.ToolsetConfig]):  # type: ignore[misc,name-defined]
        """The tools of one rollout's world, with their whole schemas."""

        TOOL_PREFIX = None

        async def setup_task(self, task: Any) -> None:  # noqa: ANN401
            """Start the task of the rollout."""
            self.rollout = Rollout(task.task, max_steps=None)

        def register(self, mcp: Any) -> None:  # noqa: ANN401
            """Offer each tool of the task."""
            for tool in self.rollout.tools:
                _offer(mcp, self.rollout, tool["function"])

    class FunReasonTask(vf.Task[FunReasonData]):  # type: ignore[misc,name-defined]
        """One task."""

        @classmethod
        def toolsets(cls, config: Any) -> list[Any]:  # noqa: ANN401
            """Return a world of its own for each rollout."""
            return [WorldTools(vf.ToolsetConfig())]

        @vf.reward  # type: ignore[untyped-decorator]
        async def turns_score(self, trace: Any) -> float:  # noqa: ANN401
            """Mean score of the turns, from 0 to 1."""
            return score(self.data.task, plain_messages(trace.messages)).score

    class FunReasonTaskset(vf.Taskset[FunReasonTask, FunReasonConfig]):  # type: ignore[misc,name-defined]
        """The tasks of a run."""

        def load(self) -> Any:  # noqa: ANN401
            """Iterate over the tasks."""
            import msgspec

            for task in read_tasks(self.config.tasks):
                if self.config.domain in (None, task.domain):
                    text = msgspec.json.encode(task).decode()
                    told = Rollout(task).system
                    data = FunReasonData(id=task.id, system_prompt=told, task=text)
                    yield FunReasonTask(data, self.config.task)

    class FunReasonEnvConfig(vf.EnvConfig):  # type: ignore[misc,name-defined]
        """One seat."""

        agent: vf.AgentConfig = vf.AgentConfig()  # type: ignore[name-defined]

    class FunReasonEnv(vf.Env[FunReasonEnvConfig]):  # type: ignore[misc,name-defined]
        """The user of a task: says one message after the other."""

        async def run(self, task: Any, agents: Any) -> None:  # noqa: ANN401
            """Play all turns; a rollout that ended says no more."""
            from fr_envs.episode.observation import read_task

            async with agents.agent.interaction(task) as talk:
                for turn in read_task(task.data.task).turns:
                    if (await talk.turn(turn.message)).terminated:
                        break

    made = (
        FunReasonData,
        FunReasonConfig,
        WorldTools,
        FunReasonTask,
        FunReasonTaskset,
        FunReasonEnvConfig,
        FunReasonEnv,
    )
    for each in made:
        each.__qualname__ = each.__name__  # other processes look them up by module and name
    return {each.__name__: each for each in made}


def _offer(mcp: Any, rollout: Rollout, function: "JsonObject") -> None:  # noqa: ANN401 - a server of mcp
    from fr_envs.trainers.trl_tools import method_of

    class World:
        def _call(self, name: str, arguments: "JsonObject") -> str:
            return result_text(rollout.act({"name": name, "arguments": arguments}).seen.results[0])

    method = method_of(function).__get__(World())
    mcp.add_tool(method, name=function["name"], description=function["description"], structured_output=False)
    tools = getattr(mcp, "_tool_manager", None)
    offered = tools.get_tool(function["name"]) if tools is not None else None
    if offered is not None:
        offered.parameters = function["parameters"]  # all that the hints of the method cannot say


def __getattr__(name: str) -> type:
    """Make the classes when they are first asked for.

    Raises:
        UsageError: verifiers is not installed.
    """
    if name.startswith("_") or name not in (*__all__, "FunReasonConfig", "FunReasonEnvConfig"):
        raise AttributeError(name)
    return _classes()[name]
