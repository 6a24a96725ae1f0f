"""rLLM: a task as a ``BaseEnv``, over several turns of the user; the task stands in the row's ``task``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.errors import UsageError
from fr_envs.trainers.rollout import Rollout, library, with_base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.task import RewardRules, Task
    from fr_envs.json_values import Json, JsonObject

__all__ = ["FunReasonRllm", "env_class"]

_HOW = "rllm, in an environment of its own"


class FunReasonRllm:
    """One task.

    Args:
        task: What to play; as an object, as plain data, or as JSON text.
        rules: What pays and what costs; as an object or as plain data.
    """

    def __init__(
        self, task: Task | Mapping[str, Json] | str, rules: RewardRules | Mapping[str, Json] | None = None
    ) -> None:
        """Keep the task; ``reset`` starts it."""
        super().__init__()
        self.task = task
        self.rules = rules
        self.rollout: Rollout | None = None

    def reset(self) -> tuple[JsonObject, JsonObject]:
        """Start the task: the first messages and the tools.

        Raises:
            UsageError: The task or the rules are none.
        """
        self.rollout = Rollout(self.task, rules=self.rules)
        return {"messages": self.rollout.opening, "tools": self.rollout.tools}, {}

    def step(self, action: Json) -> tuple[JsonObject, float, bool, JsonObject]:
        """Take one step: whatever the model wrote, as text or as a message.

        Raises:
            UsageError: No episode is going on.
        """
        if self.rollout is None:
            raise UsageError("no episode was started; call reset")
        shown = self.rollout.act(getattr(action, "action", action))  # rLLM wraps it in an Action
        info = {"score": self.rollout.session.score(), "turn": self.rollout.session.turn}
        return {"messages": shown.messages, "tools": self.rollout.tools}, shown.reward, shown.done, info

    def close(self) -> None:
        """Do nothing: nothing is held."""

    @staticmethod
    def from_dict(env_args: Mapping[str, Any]) -> FunReasonRllm:
        """Make one from a row of the data set; the class is that of rLLM where it is installed.

        Raises:
            UsageError: The row holds no task.
        """
        if "task" not in env_args:
            raise UsageError("the row holds no task: give a column task, as funreason export --to trl-grpo writes it")
        return FunReasonRllm(env_args["task"], env_args.get("rules"))

    @staticmethod
    def is_multithread_safe() -> bool:
        """Return True: nothing is shared between environments that changes."""
        return True


def env_class() -> type:
    """Return the class, over rLLM's own base.

    Raises:
        UsageError: rLLM is not installed.
    """
    made = with_base(FunReasonRllm, library("rllm.environments.base.base_env", _HOW).BaseEnv)
    made.from_dict = staticmethod(lambda env_args: made(env_args["task"], env_args.get("rules")))  # type: ignore[attr-defined]
    return made
