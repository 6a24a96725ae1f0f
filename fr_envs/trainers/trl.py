"""TRL: environments for ``GRPOTrainer(environment_factory=…)``, over several turns of the user.

TRL makes a tool of each method and reads its schema from type hints and docstring, so a class is made for each offer of
tools, under the names of the task's view. What hints cannot say (patterns, bounds, defaults, members of objects) stands
in the descriptions. TRL ends a rollout with the first message without a call; where the user has more to say,
``reply_to_user`` is the tool that answers and gives the user's next message. The last message may be either: ``reward``
reads it from the completion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.episode.judging.reward import read_rules
from fr_envs.episode.observation import read_task
from fr_envs.errors import UsageError
from fr_envs.trainers.parts.trl_offers import check_shown, class_of, is_hidden, shown
from fr_envs.world.registry import load_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fr_envs.episode.task import RewardRules, Task
    from fr_envs.json_values import Json
    from fr_envs.trainers.parts.trl_world import World

__all__ = ["environment_factories", "environment_of", "reward"]


def reward(
    completions: Sequence[Sequence[Mapping[str, Any]]], environments: Sequence[World], **row: object
) -> list[float]:
    """Return what each rollout earned, for ``reward_funcs``: mean score of the turns less the costs of the rules."""
    return [world._earned(completion) for completion, world in zip(completions, environments, strict=True)]


def environment_of(task: Task | Mapping[str, Json] | str) -> str:
    """Return the name of the environment that offers the tools of a task, for a row's column ``environment``."""
    return shown(read_task(task)).name


def environment_factories(
    tasks: Iterable[Task | Mapping[str, Json] | str], rules: RewardRules | Mapping[str, Json] | None = None
) -> dict[str, Callable[[], World]]:
    """Return what TRL takes as ``environment_factory``: a class for each offer of tools in some tasks, by its name.

    The whole world's tools stand under the world's own name, which is what ``funreason export`` writes in a row. There
    a task is played under the names of the contract, whatever its view calls them.

    Args:
        tasks: What is to be played; as objects, as plain data, or as JSON texts.
        rules: What pays and what costs; as an object or as plain data.

    Raises:
        UsageError: One of them is no task, or offers a tool under a name that TRL does not show; or the rules are none.
    """
    made: dict[str, Callable[[], World]] = {}
    given = read_rules(rules)
    for task in map(read_task, tasks):
        own = load_domain(task.domain).openai_tools
        if task.domain not in made and not any(map(is_hidden, own)):
            made[task.domain] = class_of(task.domain, own, given, own_names=True)
        name, tools = shown(task)
        if name not in made:
            check_shown(task, tools)
            made[name] = class_of(name, tools, given, own_names=False)
    if not made:
        raise UsageError("no tasks, so there is no environment to make")
    return made
