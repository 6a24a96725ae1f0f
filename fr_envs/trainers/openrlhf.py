"""OpenRLHF: an agent for ``--agent_func_path``, over several turns of the user.

OpenRLHF puts text to text, so what comes back stands in the marks of the model's chat template: ``CHATML`` is that of
Qwen and many others. The task stands in the label of a row. A file of two lines is what the trainer is given::

    from fr_envs.trainers.openrlhf import agent_executor
    AgentExecutor = agent_executor()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fr_envs.trainers.parts.chat_marks import CHATML, Marks, put
from fr_envs.trainers.rollout import Rollout, library, tools_text, with_base

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["CHATML", "FunReasonAgent", "Marks", "agent_executor"]

_HOW = "openrlhf==0.11.2, in an environment of its own"


class FunReasonAgent:
    """One task; ``rules`` and ``marks`` belong to the class, since OpenRLHF makes instances without arguments."""

    rules: Mapping[str, Json] | None = None
    marks: Marks = CHATML
    number: Callable[[float], Any] = np.float64  # OpenRLHF is given a tensor

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Take nothing; ``reset`` brings the task."""
        self.rollout: Rollout | None = None

    async def reset(self, states: Mapping[str, Any], **kwargs: object) -> JsonObject:
        """Start the task that stands in the label; return the prompt, tools in its system message.

        Raises:
            UsageError: The label is no task.
        """
        self.rollout = Rollout(states["label"], rules=self.rules)
        marks, user = self.marks, self.rollout.opening[1]["content"]
        told = tools_text(self.rollout)
        return {"observation": put(marks.system, told) + put(marks.user, user) + marks.before}

    async def step(self, states: Mapping[str, Any], **kwargs: object) -> JsonObject:
        """Take one step: calls as text, or a reply to the user."""
        assert self.rollout is not None  # OpenRLHF resets before the first step
        marks, written = self.marks, states["action_text"]
        closed = marks.after.strip()
        shown = self.rollout.act(written.removesuffix(closed) if closed else written)
        forms = {"tool": marks.result, "user": marks.user}
        after = marks.after.removeprefix(closed) if closed and written.endswith(closed) else marks.after
        back = "".join(put(forms[each["role"]], each["content"]) for each in shown.messages)
        return {
            "rewards": self.number(shown.reward), "scores": self.number(self.rollout.earned), "done": shown.done,
            "environment_feedback": after + back + ("" if shown.done else marks.before),
            "sampling_params": states.get("sampling_params"), "extra_logs": {"score": self.rollout.session.score()},
        }  # fmt: skip


def agent_executor(rules: Mapping[str, Json] | None = None, marks: Marks = CHATML) -> type:
    """Return the class that OpenRLHF looks for under the name ``AgentExecutor``.

    Raises:
        UsageError: OpenRLHF is not installed.
    """
    agent = library("openrlhf.utils.agent", _HOW)
    cls = with_base(FunReasonAgent, agent.AgentInstanceBase)
    number = staticmethod(library("torch", _HOW).tensor)
    instance = type(cls.__name__, (cls,), {"rules": rules, "marks": marks, "number": number})

    def start(self: Any) -> None:  # noqa: ANN401 - an object of a class that is made here
        agent.MultiTurnAgentExecutor.__init__(self, instance)

    return type("AgentExecutor", (agent.MultiTurnAgentExecutor,), {"__init__": start})
