"""Offering: the tools of one turn, seen through a view or as the contract has them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fr_envs.contract.view import checked_view
from fr_envs.episode.reading.offer import Offer
from fr_envs.world.lens import Lens, lens_of

if TYPE_CHECKING:
    from fr_envs.contract.view import View
    from fr_envs.episode.task import Task
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall, ToolError

__all__ = ["Offering", "offering_of", "offering_of_task", "policy_at", "view_of"]


class Offering:
    """What an agent may call now, and what it means by it.

    Args:
        domain: The world.
        lens: What its names are seen through; None for the contract's own.
        offered: The tools that are there, by their names in the contract; None for all, or all of the view's.

    Attributes:
        plain: All tools of the world are there under their own names, so that a call goes to the world as it is.
        named: Name offered -> name in the contract, in the order offered.
    """

    def __init__(self, domain: Domain[Any], lens: Lens | None, offered: frozenset[str] | None) -> None:
        """Keep them; lists of tools are made when they are asked for."""
        self._domain = domain
        self.lens = lens
        self.plain = lens is None and offered is None
        if lens is None:
            self.named = {name: name for name in domain.spec.tools if offered is None or name in offered}
        else:
            self.named = lens.named(offered)

    @functools.cached_property
    def tools(self) -> list[JsonObject]:
        """The tools as OpenAI chat-completions tools. Shared: not to be changed."""
        if self.lens is None:
            return [tool for tool in self._domain.openai_tools if tool["function"]["name"] in self.named]
        return [self.lens.openai_tools[name] for name in self.named.values()]

    @functools.cached_property
    def offer(self) -> Offer:
        """The tools as ``read_action`` takes them."""
        return Offer(self.tools)

    def meant(self, call: ToolCall) -> ToolCall | ToolError:
        """Return the world's call that an agent's call means, or why it means none."""
        if call.name not in self.named:
            return Lens.no_tool(call.name, self.named)
        return call if self.lens is None else self.lens.meant(call)

    def omits(self, tool: str, parameter: str) -> bool:
        """Return True if a parameter is not offered; both by their names in the contract."""
        return self.lens is not None and parameter in self.lens.tools[tool].omitted

    def shown(self, call: ToolCall) -> ToolCall:
        """Return a call of the world's as the agent writes it."""
        return call if self.lens is None else self.lens.shown(call)

    def shown_error(self, call: ToolCall, error: ToolError) -> ToolError:
        """Return an error of the world's as the agent reads it."""
        return error if self.lens is None else self.lens.shown_error(call, error)


@functools.lru_cache(maxsize=256)
def offering_of(domain: Domain[Any], lens: Lens | None, offered: frozenset[str] | None) -> Offering:
    """Return what is offered; made once, as long as it is in use."""
    return Offering(domain, lens, offered)


def view_of(domain: Domain[Any], task: Task | None, view: View | None) -> Lens | None:
    """Return what the names of an episode are seen through: the task's view, else the session's, if any.

    Raises:
        UsageError: The view does not fit the world, or lacks a tool that the task needs.
    """
    chosen = view if task is None or task.view is None else task.view
    if chosen is None:
        return None
    turns = () if task is None else task.turns
    needed = dict.fromkeys(name for turn in turns for name in (*turn.tools, *(call.name for call in turn.calls)))
    return lens_of(domain.spec, checked_view(chosen, domain.spec, tuple(needed)))


def policy_at(domain: Domain[Any], lens: Lens | None, start: State | None) -> str:
    """Return the rules that an agent is told, with what there is to tell of the first state; None before the first."""
    told = "" if start is None else domain.briefing(start)
    policy = f"{domain.spec.policy}\n\n{told}" if told else domain.spec.policy
    return policy if lens is None else lens.text(policy)


def offering_of_task(domain: Domain[Any], task: Task) -> Offering:
    """Return what a task offers in any of its turns, for those who show tools once and for all.

    Raises:
        UsageError: The task's view does not fit the world, or lacks a tool that the task needs.
    """
    everything = any(not turn.tools for turn in task.turns)
    offered = None if everything else frozenset(name for turn in task.turns for name in turn.tools)
    return offering_of(domain, view_of(domain, task, None), offered)
