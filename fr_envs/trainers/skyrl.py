"""SkyRL: a task as a text environment of ``skyrl_gym``, over several turns of the user.

The generator hands over the row of the data set as ``extras``; the task stands in ``extras["task"]``, or in
``extras["reward_spec"]["ground_truth"]``, as SkyRL's own data sets have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.errors import UsageError
from fr_envs.trainers.rollout import Rollout, library, tools_text, with_base

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject

__all__ = ["FunReasonSkyRL", "register"]

_HOW = "'funreason[skyrl]'"


class FunReasonSkyRL:
    """One task.

    Args:
        env_config: ``rules`` as plain data, ``max_steps`` of a turn, and ``user``; all may be left out.
        extras: The row, which holds the task.

    Raises:
        UsageError: The row holds no task, or the task or the rules are none.
    """

    def __init__(self, env_config: Mapping[str, Json] | None = None, extras: Mapping[str, Json] | None = None) -> None:
        """Read the task."""
        super().__init__()
        extras, config = extras or {}, dict(env_config or {})
        task = extras.get("task") or (extras.get("reward_spec") or {}).get("ground_truth")
        if task is None:
            raise UsageError("extras hold no task: give a column task, as funreason export --to trl-grpo writes it")
        self.rollout = Rollout(
            task, **{name: config[name] for name in ("rules", "max_steps", "user") if name in config}
        )

    def init(self, prompt: Sequence[JsonObject]) -> tuple[list[JsonObject], JsonObject]:
        """Return the first messages, the tools in the system message."""
        return [{"role": "system", "content": tools_text(self.rollout)}, self.rollout.opening[1]], {}

    def step(self, action: str) -> JsonObject:
        """Take one step: calls as text, or a reply to the user."""
        shown = self.rollout.act(action)
        turn = self.rollout.session.turn
        metadata = {"turn": turn, "score": self.rollout.session.score()}
        return {"observations": shown.messages, "reward": shown.reward, "done": shown.done, "metadata": metadata}

    def get_metrics(self) -> dict[str, Any]:
        """Return the mean score of the task's turns, and how many were answered."""
        session = self.rollout.session
        return {"score": session.score(), "turns": len(session.verdicts), "calls": len(session.steps)}

    def close(self) -> None:
        """Do nothing: nothing is held."""


def register(env_id: str = "funreason") -> str:
    """Make it known to ``skyrl_gym.make``; return the id.

    Raises:
        UsageError: SkyRL is not installed.
    """
    gym = library("skyrl_gym", _HOW)
    base = library("skyrl_gym.envs.base_text_env", _HOW).BaseTextEnv
    registration = library("skyrl_gym.envs.registration", _HOW)
    if env_id not in registration.registry:
        gym.register(id=env_id, entry_point=with_base(FunReasonSkyRL, base))
    return env_id
