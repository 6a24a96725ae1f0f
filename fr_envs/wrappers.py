"""CallBudget: so many calls in an episode, and no more.

It wraps a ``ToolEnv`` and touches neither the world's state nor its seed. What it answers in the world's stead has the
form of every other error, ``{"error": {"code": …, "message": …}}``. Faults, tools that are missing for a while and long
results are data of tasks (``Task.faults``, ``Turn.tools``, the scale ``busy``), so that every way to play has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, SupportsFloat, TypeAlias

import gymnasium as gym
import msgspec
from gymnasium.utils import RecordConstructorArgs
from typing_extensions import override

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading import read_action
from fr_envs.errors import UsageError
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import Json

__all__ = ["CallBudget"]

_Env: TypeAlias = gym.Env[str, Any]
_Step: TypeAlias = tuple[str, SupportsFloat, bool, bool, dict[str, Any]]


def _answered(env: _Env, action: Json, answer: Callable[[ToolCall], Malformed | None]) -> Action:
    """Read an action and put an answer in the place of each call for which there is one."""
    read = read_action(action, env.get_wrapper_attr("session").offer)
    calls = tuple((answer(call) if isinstance(call, ToolCall) else None) or call for call in read.calls)
    return msgspec.structs.replace(read, calls=calls)


class CallBudget(gym.Wrapper[str, Any, str, Any], RecordConstructorArgs):
    """Lets an episode make so many calls; later ones are answered with ``budget_exhausted``, replies stay possible.

    ``info["calls_left"]`` says how many are left.

    Args:
        env: The environment.
        calls: Number of calls.
    """

    def __init__(self, env: _Env, calls: int = 20) -> None:
        """Take the number.

        Raises:
            UsageError: It is negative.
        """
        if calls < 0:
            raise UsageError(f"a budget is 0 or more, not {calls}")
        RecordConstructorArgs.__init__(self, calls=calls)
        gym.Wrapper.__init__(self, env)
        self.calls = self._left = calls

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode with the whole budget."""
        self._left = self.calls
        observation, info = self.env.reset(seed=seed, options=options)
        return observation, info | {"calls_left": self._left}

    @override
    def step(self, action: Any) -> _Step:
        """Take one step on the budget."""
        observation, reward, terminated, truncated, info = self.env.step(_answered(self.env, action, self._pay))
        return observation, reward, terminated, truncated, info | {"calls_left": self._left}

    def _pay(self, call: ToolCall) -> Malformed | None:
        if self._left == 0:
            text = f"All {self.calls} calls are used up. Reply to the user with what is known."
            return Malformed(text, call.id, "budget_exhausted")
        self._left -= 1
        return None
