"""Which tool next: the three policies of sampling, each a function of where the walk stands.

``directed`` works backwards from the target over the AND/OR graph and, where the plan says yes and the world says no,
goes after the one thing that stood in the way, or stirs the world. ``paper`` and ``random`` are what it is read
against. None of them calls anything.
"""

from __future__ import annotations

import bisect
import collections
import functools
import itertools
import math
import types
from typing import TYPE_CHECKING, Literal, TypeAlias

from fr_envs.contract.spec import leaves
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.graph.api_graph import ApiGraph, Costs, Need
    from fr_synth.sample.walk import Walk

__all__ = ["CHOOSERS", "POLICIES", "Chooser", "SamplingPolicy", "is_user_requested"]

Chooser: TypeAlias = "Callable[[Walk, str, set[str]], str | None]"
"""From a walk, a target and the tools to avoid to the next tool; None when there is none."""

SamplingPolicy = Literal["directed", "paper", "random"]
"""How the next tool is chosen."""

POLICIES: tuple[SamplingPolicy, ...] = ("directed", "paper", "random")

_WRITE_WEIGHT = 0.15  # how readily a write that the user has to ask for serves as a stepping stone
_LOOK_LATER = 0.3  # the same for later turns, which have earlier ones to go back to
_LOOK_FIRST = 0.75  # share of first turns that begin by looking up what the user could have named
_LIKED = 4.0  # added weight of a producer for each way to point at what it shows
_NO_TELLERS: Mapping[str, int] = types.MappingProxyType({})
_DEAR = 0.35  # weight of a producer for each call that it costs more than the cheapest


@functools.lru_cache(maxsize=4096)
def _costs(graph: ApiGraph, known: frozenset[Need]) -> Costs:
    """Costs for what is known; a few such sets come up again and again."""
    return graph.costs(known)


def is_user_requested(walk: Walk, tool: str, target: str) -> bool:
    """Return True if the user asks for a call on the way to a target: for the target itself, and for every write.

    A write that is no enabling step shows in the world, so the user has to have asked for it.
    """
    spec = walk.domain.spec.tools[tool]
    return not spec.implicit and (tool == target or spec.effect == "write")


def _directed(walk: Walk, target: str, avoid: set[str]) -> str | None:
    costs = _costs(walk.graph, walk.needs())
    if not walk.turn_steps() and not avoid and walk.rng.random() < (_LOOK_LATER if walk.turn else _LOOK_FIRST):
        looked = _look(walk, target, costs)
        if looked is not None:
            return looked
    if costs.tool[target] == 0 and target not in avoid:
        return target
    if costs.tool[target] > 0 and not math.isinf(costs.tool[target]):
        return _backwards(walk, target, costs, avoid)
    return _mend(walk, target, costs, avoid) or _stir(walk, target, costs, avoid)


def _mend(walk: Walk, target: str, costs: Costs, avoid: set[str]) -> str | None:
    """Go after the one need that stood in the target's way: a fact to set right, or a value to point at."""
    unmet = walk.unmet_needs.get(target)
    if unmet is None:
        return None
    liked = _tellers(walk.graph, unmet[1]) if unmet[0] == "kind" else _NO_TELLERS
    producers = [n for n in _producers(walk, unmet) if n != target and n not in avoid and not math.isinf(costs.tool[n])]
    producer = _weighted(walk, [name for name in producers if name in liked] or producers, costs, liked)
    return _backwards(walk, producer, costs, avoid) if producer is not None and costs.tool[producer] > 0 else producer


@functools.lru_cache(maxsize=4096)
def _tellers(graph: ApiGraph, kind: str) -> Mapping[str, int]:
    """Return the tools that show values of a kind beside what people point at them by, with the number of ways."""
    spec = graph.spec
    ways = [set(way.by or filter(None, (way.least, way.most))) for way in spec.kinds[kind].references]
    found: dict[str, int] = {}
    for name in graph.producers(kind):
        tool = spec.tools[name]
        shown = [leaf.path for leaf in leaves(tool.returns)]
        for path in (leaf.path for leaf in leaves(tool.returns) if leaf.kind == kind):
            beside = {other[-1] for other in shown if other[:-1] == path[:-1]}
            fitting = sum(way <= beside for way in ways) + (".".join(path) in tool.nouns)
            if fitting:
                found[name] = max(fitting, found.get(name, 0))
    return found


def _look(walk: Walk, target: str, costs: Costs) -> str | None:
    """People often do not name a thing but point at it: choose a legal read that shows what the target takes."""
    kinds = walk.domain.spec.kinds
    shown = [what for sort, what in walk.graph.needs(target) if sort == "kind" and kinds[what].references]
    tools = walk.domain.spec.tools
    producers = dict.fromkeys(
        name for kind in shown for name in _listers(walk.graph, kind) if name in _tellers(walk.graph, kind)
    )
    reads = [name for name in producers if tools[name].effect == "read" and costs.tool[name] == 0 and name != target]
    return _weighted(walk, reads, costs)


@functools.lru_cache(maxsize=4096)
def _listers(graph: ApiGraph, kind: str) -> tuple[str, ...]:
    """Return the tools that list values of a kind (rather than give back the one they were asked about)."""
    tools = graph.spec.tools
    return tuple(
        name
        for name in graph.producers(kind)
        if any(leaf.kind == kind and "*" in leaf.path for leaf in leaves(tools[name].returns))
    )


def _backwards(walk: Walk, target: str, costs: Costs, avoid: set[str]) -> str | None:
    """Go from the target to what it lacks, to a tool that gives it, and on, until a tool is legal."""
    tool, seen = target, {target}
    while costs.tool[tool] > 0:
        missing = [need for need in walk.graph.needs(tool) if costs.need.get(need, math.inf) > 0]
        need = pick(walk.rng, missing)
        producers = [name for name in _producers(walk, need) if name not in seen and not math.isinf(costs.tool[name])]
        fresh = [name for name in producers if name not in avoid or costs.tool[name] > 0]
        liked = _tellers(walk.graph, need[1]) if need[0] == "kind" else _NO_TELLERS
        if not fresh:
            stuck = _weighted(walk, producers, costs)
            return _stir(walk, stuck or target, costs, avoid)
        tool = _weighted(walk, fresh, costs, liked) or target
        seen.add(tool)
    return tool


def _producers(walk: Walk, need: Need) -> tuple[str, ...]:
    return walk.graph.producers(need[1]) if need[0] == "kind" else walk.graph.setters(need[1])


def _weighted(walk: Walk, tools: list[str], costs: Costs, liked: Mapping[str, int] = _NO_TELLERS) -> str | None:
    if not tools:
        return None
    least = min(costs.tool[name] for name in tools)
    weights = [
        (_WRITE_WEIGHT if is_user_requested(walk, name, "") else 1.0)
        * (1.0 + _LIKED * liked.get(name, 0))
        * _DEAR ** (costs.tool[name] - least)
        for name in tools
    ]
    reach_of = list(itertools.accumulate(weights))
    return tools[min(bisect.bisect_right(reach_of, walk.rng.random() * reach_of[-1]), len(tools) - 1)]


@functools.lru_cache(maxsize=65536)
def _gifts(graph: ApiGraph, tool: str) -> frozenset[Need]:
    return frozenset(graph.wiring.needs[need] for need in graph.wiring.gives[graph.wiring.number_of(tool)])


@functools.lru_cache(maxsize=65536)
def _takes(graph: ApiGraph, tool: str) -> frozenset[Need]:
    return frozenset(graph.needs(tool))


def _stir(walk: Walk, target: str, costs: Costs, avoid: set[str]) -> str | None:
    """The plan says yes and the world says no: learn more of what the target takes, or change what it is about."""
    kinds = {need for need in walk.graph.needs(target) if need[0] == "kind"}
    shown = {need for need in _gifts(walk.graph, target) if not walk.graph.sayable(need)}
    legal = [name for name, cost in costs.tool.items() if cost == 0 and name != target and name not in avoid]
    unseen = shown - walk.needs()  # with none of these known so far, there may be none in the world
    makers = _makers(walk, unseen or shown, costs, target)
    if makers and walk.rng.random() < (_MAKE_UNSEEN if unseen else _MAKE):
        return _backwards(walk, pick(walk.rng, makers), costs, avoid)
    close = [
        name
        for name in legal
        if not kinds.isdisjoint(_gifts(walk.graph, name)) or not kinds.isdisjoint(_takes(walk.graph, name))
    ]
    return _weighted(walk, close or legal, costs)


def _makers(walk: Walk, shown: set[Need], costs: Costs, target: str) -> list[str]:
    """Return the writes that make what the target shows, and those that undo what it would bring about.

    With nothing there a target has nothing to tell; with all done already it has nothing to do.
    """
    tools = walk.domain.spec.tools
    brings = set(tools[target].sets)
    return [
        name
        for name, cost in costs.tool.items()
        if tools[name].effect == "write"
        and name != target
        and not math.isinf(cost)
        and (shown.intersection(_gifts(walk.graph, name)) or brings.intersection(tools[name].clears))
    ]


_MAKE = 0.3  # share of stirring that makes something for the target to show
_MAKE_UNSEEN = 0.7  # the same where nothing of the sort has come up at all


def _paper(walk: Walk, target: str, avoid: set[str]) -> str | None:
    costs = _costs(walk.graph, walk.needs())
    if costs.tool[target] == 0 and target not in avoid:
        return target
    legal = [name for name, cost in costs.tool.items() if cost == 0 and name not in avoid and name != target]
    if not legal:
        return None
    hops = _hops(walk.graph, target)
    nearest = min(hops.get(name, math.inf) for name in legal)
    near = [name for name in legal if hops.get(name, math.inf) == nearest]
    return pick(walk.rng, near)


@functools.lru_cache(maxsize=4096)
def _hops(graph: ApiGraph, target: str) -> dict[str, int]:
    """Edges from each tool to the target, which is what is left of ``dist`` when dependencies are names alone."""
    wiring = graph.wiring
    found = {wiring.number_of(target): 0}
    queue = collections.deque(found)
    while queue:
        tool = queue.popleft()
        for need in wiring.takes[tool]:
            for producer in wiring.producers[need]:
                if producer not in found:
                    found[producer] = found[tool] + 1
                    queue.append(producer)
    return {wiring.tools[tool]: hops for tool, hops in found.items()}


def _random(walk: Walk, target: str, avoid: set[str]) -> str | None:
    del target
    legal = [name for name in walk.graph.legal(walk.needs()) if name not in avoid]
    return pick(walk.rng, legal) if legal else None


CHOOSERS: dict[SamplingPolicy, Chooser] = {
    "directed": _directed,
    "paper": _paper,
    "random": _random,
}
"""Every policy's function."""
