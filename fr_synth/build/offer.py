"""Which tools a dialogue offers: those that it calls, others near them in the graph, and some far from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np

    from fr_envs.graph.api_graph import ApiGraph

__all__ = ["ALL_TOOLS", "tools_offered"]

ALL_TOOLS = (0, 0)
"""The span that stands for every tool of a world."""

_NEAR = 0.6  # share of the tools beside those that are called which stand near them in the graph


def tools_offered(
    graph: ApiGraph, called: Collection[str], span: tuple[int, int], rng: np.random.Generator
) -> tuple[str, ...]:
    """Return the names of the tools to offer, in the order of the contract; none for all of the world's.

    Args:
        graph: The world's graph.
        called: Tools that the dialogue calls; they are always among them.
        span: Least and most tools, or ``ALL_TOOLS``. A dialogue that calls more has two others beside them.
        rng: Chooses.
    """
    tools = tuple(graph.spec.tools)
    if span == ALL_TOOLS:
        return ()
    count = max(int(rng.integers(span[0], span[1] + 1)), len(set(called)) + _BESIDE)
    if count >= len(tools):
        return ()
    chosen = dict.fromkeys(name for name in tools if name in called)
    near = [name for name in _neighbours(graph, chosen) if name not in chosen]
    wanted = count - len(chosen)
    for number in rng.permutation(len(near))[: round(wanted * _NEAR)]:
        chosen[near[int(number)]] = None
    others = [name for name in tools if name not in chosen]
    for number in rng.permutation(len(others))[: count - len(chosen)]:
        chosen[others[int(number)]] = None
    return tuple(name for name in tools if name in chosen)


_BESIDE = 2


def _neighbours(graph: ApiGraph, called: Collection[str]) -> list[str]:
    """Return the tools that give what some tools take, or take what they give, in the order of the contract."""
    near, own = set[str](), frozenset(called)
    for name in called:
        for need in graph.needs(name):
            near.update(graph.producers(need[1]) if need[0] == "kind" else graph.setters(need[1]))
    for name in graph.spec.tools:
        if any(need[0] == "kind" and not own.isdisjoint(graph.producers(need[1])) for need in graph.needs(name)):
            near.add(name)
    return [name for name in graph.spec.tools if name in near]
