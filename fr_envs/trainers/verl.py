"""verl: an agent loop that plays every turn and sees every reply, and a tool for verl's own tool agent.

In the configuration of agent loops the loop is ``fr_envs.trainers.verl.FunReasonLoop``; the task stands in the row's
``extra_info["task"]``, as ``funreason export --to verl`` writes it. In that of tools the class is
``fr_envs.trainers.verl.FunReasonTool``, with ``config: {type: native, tasks: RUN}``. A tool never sees the reply and
knows one turn only, so rewards that pay for the reply come from the loop.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, ClassVar

from fr_envs.errors import UsageError
from fr_envs.trainers.parts.verl_tool import Tool
from fr_envs.trainers.rollout import Rollout, library, with_base

if TYPE_CHECKING:
    from collections.abc import Mapping

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
