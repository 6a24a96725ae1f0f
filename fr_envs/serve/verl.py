"""verl: an agent loop that plays every turn and sees every reply, and a tool for verl's own tool agent.

In the configuration of agent loops the loop is ``fr_envs.serve.verl.FunReasonLoop``; the task stands in the row's
``extra_info["task"]``, as ``funreason export --to verl`` writes it. In that of tools the class is
``fr_envs.serve.verl.FunReasonTool``, with ``config: {type: native, tasks: RUN}``. A tool never sees the reply and
knows one turn only, so rewards that pay for the reply come from the loop.
"""

from __future__ import annotations

import functools
import itertools
import weakref
from typing import TYPE_CHECKING, Any, ClassVar

from fr_envs.episode.task_file import read_tasks
from fr_envs.errors import UsageError
from fr_envs.serve.rollout import Rollout, library, result_text, with_base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.task import Task
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Loop", "Tool"]

_HOW = "verl==0.9.1, in an environment of its own"

_numbers = itertools.count()


class Loop:
    """Logic of the agent loop; the base class brings the tokens, the server and the configuration."""

    rules: ClassVar[Mapping[str, Json] | None] = None
    output: ClassVar[Any] = None  # what makes the output, and in it the metrics
    metrics: ClassVar[Any] = None

    async def run(self: Any, sampling_params: JsonObject, **row: Any) -> Any:  # noqa: ANN401 - verl's own types
        """Play the task of a row from its first message to its last.

        Raises:
            UsageError: The row holds no task.
        """
        task = (row.get("extra_info") or {}).get("task")
        if task is None:
            raise UsageError("the row holds no task: give extra_info.task, as funreason export --to verl writes it")
        rollout = Rollout(task, rules=self.rules)
        messages = rollout.opening
        room = self.rollout_config.response_length
        tokens: list[int] = await self.ct_build_initial_tokens(messages, tools=rollout.tools)
        mask: list[int] = []
        logs: list[float] | None = None
        request = f"funreason-{next(_numbers)}"
        moves = 0
        while not rollout.session.over and len(mask) < room:
            made = await self.server_manager.generate(
                request_id=request, prompt_ids=tokens, sampling_params=sampling_params
            )
            moves += 1
            merged, mask, logs = await self.ct_merge_assistant_token(
                tokens, made.token_ids, mask, logs if mask else ([] if made.log_probs else None),
                assistant_logprobs=made.log_probs or None,
            )  # fmt: skip
            tokens = merged.token_ids
            written = self.tokenizer.decode(made.token_ids, skip_special_tokens=True)
            shown = rollout.act(written)
            before = [*messages, {"role": "assistant", "content": written}]
            messages = [*before, *shown.messages]
            if not shown.done:
                merged, mask, logs = await self.ct_merge_context_msg(
                    before, messages, tokens, mask, logs, tools=rollout.tools
                )
                tokens = merged.token_ids
        start = len(tokens) - len(mask)
        return self.output(
            prompt_ids=tokens[:start], response_ids=tokens[start:][:room], response_mask=mask[:room],
            response_logprobs=logs[:room] if logs else None, reward_score=rollout.earned, num_turns=len(messages),
            metrics=self.metrics(), extra_fields={"turn_scores": [v.score for v in rollout.session.verdicts],
                                                  "tool_rewards": [], "moves": moves},
        )  # fmt: skip


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
            Tool._worlds[agent_data] = Rollout(tasks[row["task_id"]], rules=self.config.get("rules"))
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


def __getattr__(name: str) -> type:
    """Make the classes that verl is given, over its own base classes.

    Raises:
        UsageError: verl is not installed.
    """
    if name == "FunReasonLoop":
        loops = library("verl.experimental.agent_loop.agent_loop", _HOW)
        made = with_base(Loop, loops.AgentLoopBase)
        made.output, made.metrics = loops.AgentLoopOutput, loops.AgentLoopMetrics  # type: ignore[attr-defined]
    elif name == "FunReasonTool":
        made = with_base(Tool, library("verl.tools.base_tool", _HOW).BaseTool)
        made.response = library("verl.tools.schemas", _HOW).ToolResponse  # type: ignore[attr-defined]
    else:
        raise AttributeError(name)
    made.__name__ = made.__qualname__ = name
    globals()[name] = made  # the same class from now on
    return made
