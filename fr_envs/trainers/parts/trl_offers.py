"""Environments for TRL by what they offer: the tools of a task, their name, and the class whose methods they are."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

from fr_envs.episode.offering import offering_of_task
from fr_envs.errors import UsageError
from fr_envs.trainers.parts.trl_tools import method_of
from fr_envs.trainers.parts.trl_world import REPLY, World
from fr_envs.world.registry import load_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fr_envs.episode.task import RewardRules, Task
    from fr_envs.json_values import JsonObject

__all__ = ["check_shown", "class_of", "is_hidden", "name_of", "shown"]


def shown(task: Task) -> list[JsonObject]:
    """Return the tools that a task offers in any of its turns, by their names; TRL shows them in that order."""
    return sorted(offering_of_task(load_domain(task.domain), task).tools, key=lambda tool: tool["function"]["name"])


def name_of(domain: str, tools: Sequence[JsonObject]) -> str:
    """Return the name of the environment with some tools of a world, sorted: the world's own if they are all of its."""
    whole = sorted(load_domain(domain).openai_tools, key=lambda tool: tool["function"]["name"])
    text = json.dumps(tools, ensure_ascii=False, sort_keys=True)
    return domain if tools == whole else f"{domain}-{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def is_hidden(tool: JsonObject) -> bool:
    """Return True if TRL does not take a method of this name for a tool."""
    name: str = tool["function"]["name"]
    return name.startswith("_") or name in ("reset", "get_reward")


def check_shown(task: Task, tools: Iterable[JsonObject]) -> None:
    """Make sure that TRL takes each tool of a task for one.

    Raises:
        UsageError: It does not; the message says which and what to do.
    """
    for tool in filter(is_hidden, tools):
        raise UsageError(
            f"task {task.id!r} offers a tool {tool['function']['name']!r}, a name that TRL shows no model; "
            "give the task a view in which it is called otherwise"
        )


def class_of(name: str, tools: Iterable[JsonObject], rules: RewardRules, *, own_names: bool) -> type[World]:
    """Return a class whose methods are some tools, and the one that answers the user.

    Args:
        name: Name of the environment.
        tools: OpenAI chat-completions tools that ``check_shown`` lets pass.
        rules: What pays and what costs.
        own_names: The tools stand under the contract's names, whatever a task's view calls them.
    """

    def reply_to_user(self: World, message: str) -> str:  # noqa: D417 - `self` is no argument of the tool
        """Answer the user; that ends the turn.

        Args:
            message: What you say to the user.

        Returns:
            What the user says next.
        """
        return self._say(message)

    reply_to_user.__annotations__ = {"message": str, "return": str}  # which TRL evaluates
    methods: dict[str, Any] = {REPLY: reply_to_user, "_rules": rules, "_own_names": own_names}
    for tool in tools:
        methods[tool["function"]["name"]] = _method(json.dumps(tool["function"]))
    return type(f"World_{name.replace('-', '_')}", (World,), methods)


@functools.lru_cache(maxsize=4096)
def _method(function: str) -> Callable[..., str]:
    """Return the method of a tool, which all classes share that show it alike."""
    return method_of(json.loads(function))
