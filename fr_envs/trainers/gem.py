"""GEM: a world as a ``gem.Env``: ``gem.make("funreason", tasks=RUN, domain="banking")``.

Each reset plays the next task of an order that the seed draws; the observation of a reset holds policy, tools and the
user's message, since GEM's agents read text alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.env import ToolEnv
from fr_envs.trainers.rollout import library, with_base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.task import RewardRules
    from fr_envs.episode.task_deck import Tasks
    from fr_envs.json_values import Json, JsonObject

__all__ = ["FunReasonGem", "env_class", "register"]

_HOW = "gem-llm==0.1.0, in an environment of its own"


class FunReasonGem:
    """The tasks of one world.

    Args:
        tasks: A run folder, a file of tasks, or tasks.
        domain: Short name of the world.
        rules: What pays and what costs; as an object or as plain data.
        seed: Seed of the order of tasks, as ``gem.make_vec`` gives it.

    Raises:
        UsageError: There is no such world, or no task for it.
    """

    def __init__(
        self,
        *,
        tasks: Tasks,
        domain: str,
        rules: RewardRules | Mapping[str, Json] | None = None,
        seed: int | None = None,
    ) -> None:
        """Take the tasks."""
        self.env = ToolEnv(domain, tasks=tasks, rules=rules)
        self._given = {"tasks": tasks, "domain": domain, "rules": rules}
        self._seed = seed

    def reset(self, seed: int | None = None) -> tuple[str, JsonObject]:
        """Play the next task; with a seed, the first of a new order."""
        first, self._seed = (self._seed if seed is None else seed), None
        shown, info = self.env.reset(seed=first)
        listed = "\n".join(_line(tool) for tool in info["tools"])
        return f"Tools:\n{listed}\n\n{shown}", info

    def step(self, action: str) -> tuple[str, float, bool, bool, JsonObject]:
        """Take one step: calls as text, or a reply."""
        return self.env.step(action)

    def sample_random_action(self) -> str:
        """Return a well-formed call of one of the tools."""
        return str(self.env.action_space.sample())

    def spawn(self, same_state: bool = False, **changed: object) -> FunReasonGem:
        """Return another one of the same tasks; with ``same_state`` it stands where this one stands."""
        twin = type(self)(**(self._given | changed))  # type: ignore[arg-type]  # as a constructor is called
        if same_state:
            twin.env.session = self.env.session.fork()
        return twin


def _line(tool: JsonObject) -> str:
    from fr_envs.trainers.rollout import result_text

    return result_text(tool["function"])


def env_class() -> type:
    """Return the class, over GEM's own base.

    Raises:
        UsageError: GEM is not installed.
    """
    return with_base(FunReasonGem, library("gem", _HOW).Env)


def register(env_id: str = "funreason") -> str:
    """Make it known to ``gem.make``; return the id.

    Raises:
        UsageError: GEM is not installed.
    """
    registration = library("gem.envs.registration", _HOW)
    if env_id not in registration.ENV_REGISTRY:
        registration.register(env_id, entry_point=env_class())
    return env_id
