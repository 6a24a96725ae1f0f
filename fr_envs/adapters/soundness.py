"""Contracts of foreign worlds held to reason: every tool must be within reach of somebody who knows nothing yet.

A shipped world's facts can hold at the beginning; in a foreign world nothing is known to hold that a tool could set.
So a tool is out of reach when it takes an issued value that no tool gives, when its facts contradict each other, or
when what it needs rests on it in the end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.facts import holds_at_first
from fr_envs.errors import SpecError
from fr_envs.graph import ApiGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.adapters.foreign import OnError
    from fr_envs.graph import Costs, Need
    from fr_envs.spec import DomainSpec, ToolSpec

__all__ = ["sound", "unsound"]


def unsound(spec: DomainSpec) -> Iterator[SpecError]:
    """Iterate over the faults of a contract that put tools out of reach, one a tool, in the order of the contract."""
    graph = ApiGraph(spec)
    first: frozenset[Need] = frozenset(("fact", name) for name in spec.facts if holds_at_first(spec, name))
    costs = graph.costs(first)
    for tool in spec.tools.values():
        problem = _contradiction(tool) or (
            _lack(graph, tool, costs) if math.isinf(costs.tool[tool.name]) else None
        )  # fmt: skip
        if problem is not None:
            yield SpecError(spec.source or spec.name, f"/tools/{tool.name}", *problem)


def sound(spec: DomainSpec, on_error: OnError) -> tuple[DomainSpec, tuple[SpecError, ...]]:
    """Return a contract without the tools that are out of reach, and what is wrong with those.

    Args:
        spec: The contract.
        on_error: Whether such a tool stops everything or is left out.

    Raises:
        SpecError: A tool is out of reach, and such stop; or none is left.
    """
    left_out: list[SpecError] = []
    while faults := list(unsound(spec)):
        if on_error == "stop":
            raise faults[0]
        left_out += faults
        gone = {fault.pointer for fault in faults}
        tools = {name: tool for name, tool in spec.tools.items() if f"/tools/{name}" not in gone}
        if not tools:
            raise SpecError(spec.source or spec.name, "/tools", f"none is left: {faults[0]}", "mend the contract")
        spec = msgspec.structs.replace(spec, tools=tools)
    return spec, tuple(left_out)


def _contradiction(tool: ToolSpec) -> tuple[str, str] | None:
    both = [name for name in tool.sets if name in tool.clears]
    if both:
        return f"{tool.name} both sets and clears {both[0]!r}", "decide which of the two it does"
    return None


def _lack(graph: ApiGraph, tool: ToolSpec, costs: Costs) -> tuple[str, str]:
    """Say what puts a tool out of reach, and what would mend it."""
    sort, what = next(need for need in graph.needs(tool.name) if math.isinf(costs.need.get(need, math.inf)))
    givers = graph.producers(what) if sort == "kind" else graph.setters(what)
    others = [name for name in givers if name != tool.name]
    if sort == "kind" and not others:
        return (
            f"{tool.name} takes the issued kind {what!r}, which no other tool gives",
            "give the kind to a result, or make its origin named",
        )
    if sort == "fact" and not others:
        return (
            f"{tool.name} needs the fact {what!r}, which it alone sets",
            "take it out of needs, or let another set it",
        )
    return (
        f"{tool.name} needs the {sort} {what!r}, which only {', '.join(others)} could give, out of reach in turn",
        "see to what those need",
    )
