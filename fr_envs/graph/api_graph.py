"""ApiGraph: which call can follow which, and why.

A tool is an AND over what it needs: every kind of its required parameters and every fact of its contract. Each kind or
fact is an OR over the tools that give it; a kind that the user can say costs nothing. The graph is derived from kinds
and facts alone, never written by hand. Distances are those of the delete-relaxed planning problem (clears are
ignored): the additive heuristic counts the calls of a plan as if they shared nothing, the max heuristic bounds it from
below (Bonet and Geffner, "Planning as heuristic search", 2001). For every tool
``max <= calls of the best relaxed plan <= calls of plan() <= add``, and all four are infinite together.
"""

from __future__ import annotations

import functools
import heapq
import math
import operator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from fr_envs.contract.roles import parameters_of, roles_in, roles_of
from fr_envs.errors import UsageError
from fr_envs.graph.edges import Edge, ForbiddenEdge, Relation, always_of, edges_of, forbidden_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fr_envs.contract.roles import Roles
    from fr_envs.contract.spec import DomainSpec, ToolSpec

__all__ = ["ApiGraph", "Costs", "Edge", "ForbiddenEdge", "Need", "Relation", "Wiring"]

Need: TypeAlias = tuple[Literal["kind", "fact"], str]
"""Something that a tool needs: a value of a kind, or a fact."""


class Costs(NamedTuple):
    """How far everything is from what is known: costs in calls, ``inf`` for out of reach.

    Attributes:
        need: Cost of having each kind or fact.
        tool: Cost of being allowed to call each tool; 0 when it is legal now.
        support: For each need that has to be worked for, the tool that gives it most cheaply; among equals the first of
            the contract.
    """

    need: Mapping[Need, float]
    tool: Mapping[str, float]
    support: Mapping[Need, str]


class Wiring(NamedTuple):
    """The AND/OR graph in numbers, for what has to be fast. Tools and needs are numbered in contract order.

    Attributes:
        tools: Name of each tool.
        tool_number: The way back.
        needs: Each kind and fact.
        need_number: The way back.
        sayable: Numbers of the kinds that the user can say.
        takes: For each tool, the needs that it cannot be called without.
        gives: For each tool, the needs that it supplies.
        consumers: For each need, the tools that cannot be called without it.
        producers: For each need, the tools that supply it.
    """

    tools: tuple[str, ...]
    tool_number: Mapping[str, int]
    needs: tuple[Need, ...]
    need_number: Mapping[Need, int]
    sayable: frozenset[int]
    takes: tuple[tuple[int, ...], ...]
    gives: tuple[tuple[int, ...], ...]
    consumers: tuple[tuple[int, ...], ...]
    producers: tuple[tuple[int, ...], ...]

    def numbers(self, needs: Iterable[Need]) -> list[int]:
        """Return the numbers of some needs.

        Raises:
            UsageError: The contract has no such kind or fact.
        """
        try:
            return [self.need_number[need] for need in needs]
        except KeyError as error:
            sort, name = error.args[0]
            raise UsageError(f"the contract has no {sort} {name!r}") from None

    def number_of(self, tool: str) -> int:
        """Return the number of a tool.

        Raises:
            UsageError: There is no such tool.
        """
        number = self.tool_number.get(tool)
        if number is None:
            raise UsageError(f"no tool {tool!r}; there are {', '.join(self.tools)}")
        return number


class ApiGraph:
    """The dependencies between the tools of one contract. Immutable.

    It is no acyclic graph: ``get_account`` takes an account's identifier and gives it again. What an order of the tools
    is wanted for (a drawing, a curriculum), ``strata`` gives it.

    Args:
        spec: The contract.

    Example:
        >>> from fr_envs import load_spec
        >>> graph = ApiGraph(load_spec("banking"))
        >>> "list_accounts" in graph.producers("account_id")
        True
    """

    def __init__(self, spec: DomainSpec) -> None:
        """Derive the graph; linear in what the tools need and give. Edges are only made when asked for."""
        self.spec = spec
        self.wiring = _wire(spec)
        self._named: dict[tuple[str, Need], tuple[str, ...]] = {}
        self._givers: dict[tuple[str, str], tuple[str, ...]] = {}

    @functools.cached_property
    def roles(self) -> Roles:
        """What roles permit."""
        return roles_in(self.spec)

    @functools.cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that some tool cannot be called without, in the order of the contract."""
        return tuple(name for name in self.spec.facts if self.consumers(("fact", name)))

    def tool(self, name: str) -> ToolSpec:
        """Return a tool's contract.

        Raises:
            UsageError: There is no such tool.
        """
        self.wiring.number_of(name)
        return self.spec.tools[name]

    def producers(self, kind: str) -> tuple[str, ...]:
        """Return the tools whose result holds a value of ``kind``, in the order of the contract. O(their number)."""
        return self._names("producers", ("kind", kind))

    def givers(self, kind: str, tool: str) -> tuple[str, ...]:
        """Return those producers of ``kind`` from which a value may go into some parameter of ``tool``.

        Raises:
            UsageError: There is no such tool.
        """
        if not self.roles.declared:
            return self.producers(kind)
        if (kind, tool) not in self._givers:
            taken = roles_of(kind, parameters_of(self.tool(tool)))
            self._givers[kind, tool] = tuple(
                name for name in self.producers(kind) if self._gives(self.spec.tools[name], kind, taken)
            )
        return self._givers[kind, tool]

    def _gives(self, tool: ToolSpec, kind: str, taken: Sequence[str]) -> bool:
        given = roles_of(kind, tool.returns)
        return any(self.roles.permits(kind, one, other) for one in given for other in taken)

    def setters(self, fact: str) -> tuple[str, ...]:
        """Return the tools after which ``fact`` holds, in the order of the contract. O(their number)."""
        return self._names("producers", ("fact", fact))

    def consumers(self, need: Need) -> tuple[str, ...]:
        """Return the tools that cannot be called without ``need``, in the order of the contract. O(their number)."""
        return self._names("consumers", need)

    def _names(self, side: Literal["producers", "consumers"], need: Need) -> tuple[str, ...]:
        known = self._named.get((side, need))
        if known is None:
            number = self.wiring.need_number.get(need)
            found: Sequence[int] = () if number is None else getattr(self.wiring, side)[number]
            known = tuple(self.wiring.tools[tool] for tool in found)
            if number is not None:  # as many as the contract has
                self._named[side, need] = known
        return known

    def needs(self, tool: str) -> tuple[Need, ...]:
        """Return what a tool cannot be called without: the kinds of its required parameters, then its facts."""
        wiring = self.wiring
        return tuple(wiring.needs[need] for need in wiring.takes[wiring.number_of(tool)])

    def sayable(self, need: Need) -> bool:
        """Return True if a user can supply it: a kind that is named or open."""
        sort, name = need
        return sort == "kind" and name in self.spec.kinds and self.spec.kinds[name].origin != "issued"

    def legal(self, known: Iterable[Need]) -> list[str]:
        """Return the tools that can be called when ``known`` holds and the user says what he can, in contract order.

        O(all needs of all tools).

        Raises:
            UsageError: The contract has no such kind or fact.
        """
        wiring = self.wiring
        have = {*wiring.sayable, *wiring.numbers(known)}
        return [name for name, needs in zip(wiring.tools, wiring.takes, strict=True) if have.issuperset(needs)]

    def distance(self, tool: str, known: Iterable[Need] = (), *, heuristic: Literal["add", "max"] = "add") -> float:
        """Return how many calls stand before ``tool`` in the relaxed problem; 0 when it is legal, inf if never.

        Raises:
            UsageError: There is no such tool, kind or fact.
        """
        self.wiring.number_of(tool)
        return self.costs(known, heuristic=heuristic).tool[tool]

    def costs(self, known: Iterable[Need] = (), *, heuristic: Literal["add", "max"] = "add") -> Costs:
        """Return the relaxed cost of everything, by Dijkstra's algorithm over the AND/OR graph.

        O(E log V) for V tools and E pairs of (tool, need or gift). Costs are whole numbers, exact however large.

        Raises:
            UsageError: The contract has no such kind or fact.
        """
        wiring = self.wiring
        need_cost: list[float] = [math.inf] * len(wiring.needs)
        for need in (*wiring.sayable, *wiring.numbers(known)):
            need_cost[need] = 0
        tool_cost = _spread(wiring, need_cost, heuristic)
        support: dict[Need, str] = {}
        for need, cost in enumerate(need_cost):
            if 0 < cost < math.inf:
                cheapest = next(tool for tool in wiring.producers[need] if tool_cost[tool] + 1 == cost)
                support[wiring.needs[need]] = wiring.tools[cheapest]
        by_need = dict(zip(wiring.needs, need_cost, strict=True))
        return Costs(by_need, dict(zip(wiring.tools, tool_cost, strict=True)), support)

    def plan(self, tool: str, known: Iterable[Need] = ()) -> tuple[str, ...]:
        """Return a relaxed plan: the tools to call before ``tool``, cheapest supporters, in an order that works.

        O(E log V), as ``costs``.

        Raises:
            UsageError: There is no such tool, kind or fact, or nothing reachable gives what the tool needs.
        """
        wiring = self.wiring
        target = wiring.number_of(tool)
        costs = self.costs(known)
        if costs.tool[tool] == math.inf:
            raise UsageError(f"{tool} is out of reach: nothing that can be called gives what it needs")

        def support(need: int) -> int | None:
            name = costs.support.get(wiring.needs[need])
            return None if name is None else wiring.tool_number[name]

        return tuple(wiring.tools[number] for number in _unfold(wiring.takes, support, target))

    def strata(self) -> tuple[tuple[str, ...], ...]:
        """Return the tools in layers: by the fewest calls, one after the other, that must come before each.

        A tool that nothing can open stands in a last layer of its own. O(E log V).
        """
        costs = self.costs(heuristic="max").tool
        layers: dict[float, list[str]] = {}
        for name, cost in costs.items():
            layers.setdefault(cost, []).append(name)
        return tuple(tuple(layers[cost]) for cost in sorted(layers))

    def edges(self) -> list[Edge]:
        """Return every edge, in contract order of source and target. O(pairs that share a kind or fact)."""
        return edges_of(self.spec)

    def forbidden(self) -> list[ForbiddenEdge]:
        """Return the pairs of places that agree in kind and are no edge, as roles forbid it; in the same order."""
        return forbidden_of(self.spec)

    def always(self, tool: str) -> tuple[str, ...]:
        """Return the facts that a tool needs, and those that it demands of the values that it takes, each once.

        Raises:
            UsageError: There is no such tool.
        """
        return always_of(self.tool(tool))

    def demanded(self, tool: str) -> tuple[str, ...]:
        """Return what the rules demand of a tool in some cases: facts with a violation that it declares for no demand.

        Raises:
            UsageError: There is no such tool.
        """
        return rules_of(self.spec, self.tool(tool))


def _wire(spec: DomainSpec) -> Wiring:
    needs: tuple[Need, ...] = (*(("kind", kind) for kind in spec.kinds), *(("fact", fact) for fact in spec.facts))
    number = {need: i for i, need in enumerate(needs)}
    takes: list[tuple[int, ...]] = []
    gives: list[tuple[int, ...]] = []
    consumers: list[list[int]] = [[] for _ in needs]
    producers: list[list[int]] = [[] for _ in needs]
    for i, tool in enumerate(spec.tools.values()):
        for kinds, facts, forward, back in (
            (tool.input_kinds(), tool.needs, takes, consumers),
            (tool.output_kinds(), tool.sets, gives, producers),
        ):
            found = (*(number["kind", kind] for kind in kinds), *(number["fact", fact] for fact in facts))
            forward.append(found)
            for need in found:
                back[need].append(i)
    return Wiring(
        tools=tuple(spec.tools), tool_number={name: i for i, name in enumerate(spec.tools)},
        needs=needs, need_number=number,
        sayable=frozenset(number["kind", kind.name] for kind in spec.kinds.values() if kind.origin != "issued"),
        takes=tuple(takes), gives=tuple(gives),
        consumers=tuple(map(tuple, consumers)), producers=tuple(map(tuple, producers)),
    )  # fmt: skip


def _spread(wiring: Wiring, need_cost: list[float], heuristic: Literal["add", "max"]) -> list[float]:
    """Lower ``need_cost`` in place from what costs 0 to what that opens; return the cost of each tool."""
    missing = [len(needs) for needs in wiring.takes]
    total: list[float] = [0] * len(wiring.tools)
    heap: list[tuple[float, int]] = [(0, need) for need, cost in enumerate(need_cost) if cost == 0]
    join = operator.add if heuristic == "add" else max
    for tool in (tool for tool, count in enumerate(missing) if count == 0):
        _lower(need_cost, wiring.gives[tool], 1, heap)
    while heap:
        cost, need = heapq.heappop(heap)
        if cost > need_cost[need]:
            continue  # a cheaper way was found since
        for tool in wiring.consumers[need]:
            total[tool] = join(total[tool], cost)
            missing[tool] -= 1
            if missing[tool] == 0:
                _lower(need_cost, wiring.gives[tool], total[tool] + 1, heap)
    return [math.inf if missing[tool] else cost for tool, cost in enumerate(total)]


def _lower(need_cost: list[float], needs: Iterable[int], cost: float, heap: list[tuple[float, int]]) -> None:
    for need in needs:
        if cost < need_cost[need]:
            need_cost[need] = cost
            heapq.heappush(heap, (cost, need))


def _unfold(takes: Sequence[Sequence[int]], support: Callable[[int], int | None], target: int) -> list[int]:
    """Return the supporters of ``target`` and theirs, each once and before what it supports.

    Args:
        takes: For each tool, the needs that it cannot be called without.
        support: For a need the tool that gives it, None if it holds already. Supporters must not go in a circle.
        target: The tool to reach.
    """
    ordered: dict[int, None] = {}
    stack = [(target, iter(takes[target]))]
    while stack:
        tool, rest = stack[-1]
        supporters = (support(need) for need in rest)
        following = next((s for s in supporters if s is not None and s not in ordered), None)
        if following is None:
            ordered[tool] = None
            stack.pop()
        else:
            stack.append((following, iter(takes[following])))
    del ordered[target]
    return list(ordered)
