"""Environments for TRL by what they offer: the tools of a task, their name, and the class whose methods they are."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.episode.offering import Offering, offering_of_task
from fr_envs.errors import UsageError
from fr_envs.trainers.parts.trl_methods import REPLY_METHOD, ToolMethod
from fr_envs.trainers.parts.trl_tools import method_of
from fr_envs.trainers.parts.trl_world import REPLY, World
from fr_envs.world.registry import load_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.episode.task import RewardRules, Task
    from fr_envs.json_values import JsonObject

__all__ = ["Shown", "check_shown", "class_of", "is_hidden", "shown"]


class Shown(NamedTuple):
    """What TRL shows of a task.

    Attributes:
        name: Name of the environment: the world's own if it has all of its tools as they are.
        tools: The tools that the task offers in any of its turns, by their names, as TRL sorts them.
    """

    name: str
    tools: list[JsonObject]


def shown(task: Task) -> Shown:
    """Return what TRL shows of a task; worked out once for tasks that offer the same.

    Raises:
        UsageError: The task's view does not fit the world, or lacks a tool that the task needs.
    """
    return _shown(task.domain, offering_of_task(load_domain(task.domain), task))


@functools.lru_cache(maxsize=256)
def _shown(domain: str, offering: Offering) -> Shown:
    tools = sorted(offering.tools, key=_name)
    if len(tools) == len(whole := load_domain(domain).openai_tools) and tools == sorted(whole, key=_name):
        return Shown(domain, tools)
    text = json.dumps(tools, ensure_ascii=False, sort_keys=True)
    return Shown(f"{domain}-{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}", tools)


def _name(tool: JsonObject) -> str:
    name: str = tool["function"]["name"]
    return name


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
    methods: dict[str, Any] = {REPLY: REPLY_METHOD, "_rules": rules, "_own_names": own_names}
    for tool in tools:
        methods[tool["function"]["name"]] = _method(json.dumps(tool["function"]))
    return type(f"World_{name.replace('-', '_')}", (World,), methods)


@functools.lru_cache(maxsize=4096)
def _method(function: str) -> ToolMethod:
    """Return the method of a tool, which all classes share that show it alike."""
    return ToolMethod(method_of(json.loads(function)))
