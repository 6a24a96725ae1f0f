"""TRL: environments for ``GRPOTrainer(environment_factory=…)``, over several turns of the user.

TRL makes a tool of each method and reads its schema from type hints and docstring, so a class is made for each offer of
tools. What hints cannot say (patterns, bounds, defaults, members of objects) stands in the descriptions. TRL ends a
rollout with the first message without a call; where the user has more to say, ``reply_to_user`` is the tool that
answers and gives the user's next message. The last message may be either: ``reward`` reads it from the completion.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from fr_envs.episode.judging.reward import read_rules
from fr_envs.episode.observation import read_task
from fr_envs.errors import UsageError
from fr_envs.trainers.parts.trl_tools import method_of
from fr_envs.trainers.parts.trl_world import REPLY, World
from fr_envs.world.registry import load_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fr_envs.episode.task import RewardRules, Task
    from fr_envs.json_values import Json

__all__ = ["environment_factories", "environment_of", "reward"]


def reward(
    completions: Sequence[Sequence[Mapping[str, Any]]], environments: Sequence[World], **row: object
) -> list[float]:
    """Return what each rollout earned, for ``reward_funcs``: mean score of the turns less the costs of the rules."""
    return [world._earned(completion) for completion, world in zip(completions, environments, strict=True)]


def environment_of(task: Task | Mapping[str, Json] | str) -> str:
    """Return the name of the environment that offers the tools of a task, for a row's column ``environment``."""
    played = read_task(task)
    names = _offered(played)
    return (
        f"{played.domain}-{hashlib.blake2b(' '.join(names).encode(), digest_size=4).hexdigest()}"
        if names
        else played.domain
    )


def environment_factories(
    tasks: Iterable[Task | Mapping[str, Json] | str], rules: RewardRules | Mapping[str, Json] | None = None
) -> dict[str, Callable[[], World]]:
    """Return what TRL takes as ``environment_factory``: a class for each offer of tools in some tasks, by its name.

    The whole world's tools stand under the world's own name, which is what ``funreason export`` writes in a row.

    Args:
        tasks: What is to be played; as objects, as plain data, or as JSON texts.
        rules: What pays and what costs; as an object or as plain data.

    Raises:
        UsageError: One of them is no task, or the rules are none.
    """
    made: dict[str, Callable[[], World]] = {}
    given = read_rules(rules)
    for task in map(read_task, tasks):
        for name, tools in ((task.domain, ()), (environment_of(task), _offered(task))):
            if name not in made:
                made[name] = _class(name, task.domain, tools, given)
    if not made:
        raise UsageError("no tasks, so there is no environment to make")
    return made


def _offered(task: Task) -> tuple[str, ...]:
    """Return the tools that a task offers in any of its turns, sorted; empty for all of the world's."""
    return () if any(not turn.tools for turn in task.turns) else tuple(sorted({n for t in task.turns for n in t.tools}))


def _class(name: str, domain: str, offered: tuple[str, ...], rules: RewardRules) -> type[World]:
    def reply_to_user(self: World, message: str) -> str:  # noqa: D417 - `self` is no argument of the tool
        """Answer the user; that ends the turn.

        Args:
            message: What you say to the user.

        Returns:
            What the user says next.
        """
        return self._say(message)

    reply_to_user.__annotations__ = {"message": str, "return": str}  # which TRL evaluates
    methods: dict[str, Any] = {REPLY: reply_to_user, "_rules": rules}
    for tool in load_domain(domain).openai_tools:
        if not offered or tool["function"]["name"] in offered:
            methods[tool["function"]["name"]] = method_of(tool["function"])
    return type(f"World_{name.replace('-', '_')}", (World,), methods)
