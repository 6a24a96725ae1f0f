"""The tasks of one world as an environment; ``fr_envs.trainers.openenv`` puts it over OpenEnv's base class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.episode.task_deck import TaskDeck
from fr_envs.errors import UsageError
from fr_envs.streams import generator
from fr_envs.trainers.openenv_client import models
from fr_envs.trainers.rollout import Rollout, library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.task import RewardRules
    from fr_envs.episode.task_deck import Tasks
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.trainers.rollout import Shown

__all__ = ["World"]

_HOW = "'funreason[openenv]'"


class World:
    """Logic of the environment.

    Args:
        domain: Short name of the world.
        tasks: A run folder, a file of tasks, or tasks; None if each reset brings one.
        rules: What pays and what costs; as an object or as plain data.
    """

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(
        self, domain: str, tasks: Tasks | None = None, rules: RewardRules | Mapping[str, Json] | None = None
    ) -> None:
        """Find the tasks."""
        super().__init__()
        self._deck = None if tasks is None else TaskDeck(tasks, domain)
        self._rules = rules
        self._rng = generator(0)
        self._rollout: Rollout | None = None
        self._steps = 0
        self._episode: str | None = None

    def reset(self, seed: int | None = None, episode_id: str | None = None, **row: Any) -> Any:  # noqa: ANN401
        """Play the next task, or the one that is given as ``task``.

        Raises:
            UsageError: There is no task to play, or what is given is none.
        """
        if seed is not None:
            self._rng = generator(seed)
            if self._deck is not None:
                self._deck.shuffle(self._rng)
        task = row.get("task")
        if task is None and self._deck is not None:
            task = self._deck.draw(self._rng)
        if task is None:
            raise UsageError("no task to play: start the server with tasks, or give reset(task=…)")
        self._rollout = Rollout(task, rules=self._rules)
        self._steps, self._episode = 0, episode_id
        return self._seen(self._rollout, self._rollout.opening, None)

    def step(self, action: Any, timeout_s: float | None = None, **kwargs: object) -> Any:  # noqa: ANN401
        """Take one step: whatever the model wrote.

        Raises:
            UsageError: No episode is going on.
        """
        if self._rollout is None:
            raise UsageError("no episode was started; call reset")
        shown = self._rollout.act(action.message)
        self._steps += 1
        return self._seen(self._rollout, shown.messages, shown)

    def _seen(self, rollout: Rollout, messages: list[JsonObject], shown: Shown | None) -> Any:  # noqa: ANN401
        return models()[1](
            messages=messages, tools=rollout.tools, turn=rollout.session.turn, score=rollout.session.score(),
            reward=None if shown is None else shown.reward, done=shown is not None and shown.done,
        )  # fmt: skip

    @property
    def state(self) -> Any:  # noqa: ANN401 - OpenEnv's own type
        """Where the episode stands."""
        turn = 0 if self._rollout is None else self._rollout.session.turn
        return library("openenv.core", _HOW).State(episode_id=self._episode, step_count=self._steps, turn=turn)
