"""Which tool next: the three policies of sampling, each a function of where the walk stands.

``directed`` works backwards from the target over the AND/OR graph and, where the plan says yes and the world says no,
goes after the one thing that stood in the way, or explores the world. ``paper`` and ``random`` are what it is read
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

_NO_TOOLS: Mapping[str, int] = types.MappingProxyType({})


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
    if _looks_around(walk, avoid):
        looked = _look(walk, target, costs)
        if looked is not None:
            return looked
    if costs.tool[target] == 0 and target not in avoid:
        return target
    if 0 < costs.tool[target] < math.inf:
        return _backwards(walk, target, costs, avoid)
    return _fix(walk, target, costs, avoid) or _explore(walk, target, costs, avoid)


def _looks_around(walk: Walk, avoid: set[str]) -> bool:
    """Return True if a turn begins by looking up what the user could have named."""
    if walk.turn_steps() or avoid:
        return False
    share = walk.weights.look_later if walk.turn else walk.weights.look_first
    return walk.rng.random() < share


def _fix(walk: Walk, target: str, costs: Costs, avoid: set[str]) -> str | None:
    """Go after the one need that stood in the target's way: a fact to set right, or a value to point at."""
    unmet = walk.unmet_need(target)
    if unmet is None:
        return None
    pointing = _pointing_tools(walk.graph, unmet)
    producers = _producers(walk, target, unmet, costs, without={target, *avoid})
    producer = _weighted(walk, [name for name in producers if name in pointing] or producers, costs, pointing)
    if producer is None or costs.tool[producer] == 0:
        return producer
    return _backwards(walk, producer, costs, avoid)


def _pointing_tools(graph: ApiGraph, need: Need) -> Mapping[str, int]:
    """Return the tools that show values of a kind beside what people point at them by; none for a fact."""
    return _tellers(graph, need[1]) if need[0] == "kind" else _NO_TOOLS


@functools.lru_cache(maxsize=4096)
def _tellers(graph: ApiGraph, kind: str) -> Mapping[str, int]:
    """Return the tools that show values of a kind beside what people point at them by, with the number of ways."""
    found = {name: _ways_to_point(graph, name, kind) for name in graph.producers(kind)}
    return {name: ways for name, ways in found.items() if ways}


def _ways_to_point(graph: ApiGraph, tool: str, kind: str) -> int:
    """Return in how many ways people can point at a value of a kind where a tool shows it best."""
    spec = graph.spec.tools[tool]
    ways = [set(way.by or filter(None, (way.least, way.most))) for way in graph.spec.kinds[kind].references]
    shown = [leaf.path for leaf in leaves(spec.returns)]
    fitting = [0]
    for path in (leaf.path for leaf in leaves(spec.returns) if leaf.kind == kind):
        beside = {other[-1] for other in shown if other[:-1] == path[:-1]}
        fitting.append(sum(way <= beside for way in ways) + (".".join(path) in spec.nouns))
    return max(fitting)


def _look(walk: Walk, target: str, costs: Costs) -> str | None:
    """People often do not name a thing but point at it: choose a legal read that shows what the target takes."""
    tools = walk.domain.spec.tools
    reads = [
        name
        for name in _showing(walk.graph, target)
        if tools[name].effect == "read" and costs.tool[name] == 0 and name != target
    ]
    return _weighted(walk, reads, costs)


@functools.lru_cache(maxsize=4096)
def _showing(graph: ApiGraph, target: str) -> tuple[str, ...]:
    """Return the tools that list what a tool takes and people point at, each beside what they point at it by."""
    kinds = graph.spec.kinds
    taken = [what for sort, what in graph.needs(target) if sort == "kind" and kinds[what].references]
    listers = {kind: [name for name in _listers(graph, kind) if name in _tellers(graph, kind)] for kind in taken}
    return tuple(dict.fromkeys(name for kind in taken for name in _an_experts(graph, ("kind", kind), listers[kind])))


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
        producers = _producers(walk, tool, need, costs, without=seen)
        fresh = [name for name in producers if name not in avoid or costs.tool[name] > 0]
        if not fresh:
            return _explore(walk, _weighted(walk, producers, costs) or target, costs, avoid)
        tool = _weighted(walk, fresh, costs, _pointing_tools(walk.graph, need)) or target
        seen.add(tool)
    return tool


def _producers(walk: Walk, tool: str, need: Need, costs: Costs, without: set[str]) -> list[str]:
    """Return the tools within reach that give what a tool needs, but for some."""
    found = walk.graph.givers(need[1], tool) if need[0] == "kind" else walk.graph.setters(need[1])
    reach = [name for name in found if name not in without and not math.isinf(costs.tool[name])]
    return _an_experts(walk.graph, need, reach)


def _an_experts(graph: ApiGraph, need: Need, tools: list[str]) -> list[str]:
    """Return those tools with which an expert looks a kind up, where the contract says and there are any; else all."""
    canonical = graph.spec.kinds[need[1]].canonical if need[0] == "kind" else ()
    return [name for name in tools if name in canonical] or tools


def _weighted(walk: Walk, tools: list[str], costs: Costs, pointing: Mapping[str, int] = _NO_TOOLS) -> str | None:
    """Choose a tool: rather one that costs little, asks nothing of the user and shows what can be pointed at."""
    if not tools:
        return None
    by, least = walk.weights, min(costs.tool[name] for name in tools)
    weights = [
        (by.write_weight if is_user_requested(walk, name, "") else 1.0)
        * (1.0 + by.reference_weight * pointing.get(name, 0))
        * by.cost_discount ** (costs.tool[name] - least)
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


def _explore(walk: Walk, target: str, costs: Costs, avoid: set[str]) -> str | None:
    """The plan says yes and the world says no: learn more of what the target takes, or change what it is about."""
    shown = _shown_alone(walk.graph, target)
    unseen = shown - walk.needs()  # with none of these known so far, there may be none in the world
    makers = _makers(walk, unseen or shown, costs, target)
    share = walk.weights.make_unseen if unseen else walk.weights.make_shown
    if makers and walk.rng.random() < share:
        return _backwards(walk, pick(walk.rng, makers), costs, avoid)
    legal = _legal(costs, without={target, *avoid})
    taken = _kinds_taken(walk.graph, target)
    joining = [name for name in legal if _joins(walk.graph, name, taken)]
    close = joining or [name for name in legal if _deals_with(walk.graph, name, taken)]
    return _weighted(walk, close or legal, costs)


def _joins(graph: ApiGraph, tool: str, needs: frozenset[Need]) -> bool:
    """Return True if a read takes one of some needs and gives another: the flights that a booking can change to."""
    taken = needs & _takes(graph, tool)
    gives = (needs - taken) & _gifts(graph, tool)
    return bool(taken and gives) and graph.spec.tools[tool].effect == "read"


@functools.lru_cache(maxsize=65536)
def _shown_alone(graph: ApiGraph, tool: str) -> frozenset[Need]:
    """Return what a tool gives that nobody could say."""
    return frozenset(need for need in _gifts(graph, tool) if not graph.sayable(need))


@functools.lru_cache(maxsize=65536)
def _kinds_taken(graph: ApiGraph, tool: str) -> frozenset[Need]:
    return frozenset(need for need in graph.needs(tool) if need[0] == "kind")


def _legal(costs: Costs, without: set[str]) -> list[str]:
    """Return the tools that can be called now, but for some."""
    return [name for name, cost in costs.tool.items() if cost == 0 and name not in without]


def _deals_with(graph: ApiGraph, tool: str, needs: frozenset[Need]) -> bool:
    """Return True if a tool gives or takes one of some needs."""
    return not (needs.isdisjoint(_gifts(graph, tool)) and needs.isdisjoint(_takes(graph, tool)))


def _makers(walk: Walk, shown: frozenset[Need], costs: Costs, target: str) -> list[str]:
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


def _paper(walk: Walk, target: str, avoid: set[str]) -> str | None:
    costs = _costs(walk.graph, walk.needs())
    if costs.tool[target] == 0 and target not in avoid:
        return target
    legal = _legal(costs, without={target, *avoid})
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
