"""Frontier: what can be called now and how far everything else is, kept up to date call by call.

``ApiGraph.costs`` answers the same from scratch. A frontier answers after a change at the price of what the change
touched, so that a sampler can ask after every call. The additive costs are the least solution of
``cost(need) = 0 if known, else 1 + min over producers of the sum of their needs' costs``; the change is carried
through by the algorithm of Ramalingam and Reps ("An incremental algorithm for a generalization of the shortest-path
problem", 1996): a need whose ``cost`` no longer equals what its producers offer waits in a heap, cheapest first; one
that got cheaper takes the offer, one that got dearer is first put out of reach, so that no circle of tools supports
itself.
"""

from __future__ import annotations

import bisect
import heapq
import math
from typing import TYPE_CHECKING

from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import unfold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.graph.api_graph import ApiGraph, Need

__all__ = ["Frontier"]


class Frontier:
    """The legal tools and the relaxed distances for a set of known needs that changes.

    At every moment ``legal``, ``distance`` and ``plan`` equal those of ``ApiGraph`` for ``known``.

    Args:
        graph: The dependencies; shared, never changed.
        known: What is known at first, beside what the user can say.

    Raises:
        UsageError: The contract has no such kind or fact.

    Example:
        >>> from fr_envs import load_spec
        >>> from fr_envs.graph.api_graph import ApiGraph
        >>> graph = ApiGraph(load_spec("banking"))
        >>> frontier = Frontier(graph)
        >>> frontier.add([("fact", fact) for fact in graph.spec.facts])
        >>> frontier.legal == graph.legal(frontier.known)
        True
    """

    __slots__ = (
        "_cost",
        "_given",
        "_heap",
        "_legal",
        "_legal_at",
        "_missing",
        "_offer",
        "_total",
        "_wiring",
        "touched",
    )

    touched: int
    """How many times the last change looked at a tool's cost; the price of that change."""

    def __init__(self, graph: ApiGraph, known: Iterable[Need] = ()) -> None:
        """Compute everything once; O(E log V) for V tools and E pairs of (tool, need or gift)."""
        wiring = self._wiring = graph.wiring
        self._given = [False] * len(wiring.needs)
        self._cost: list[float] = [math.inf] * len(wiring.needs)
        self._offer: list[float] = [math.inf] * len(wiring.needs)
        self._total = [0] * len(wiring.tools)  # sum of the needs' costs, those out of reach left out
        self._missing = [len(needs) for needs in wiring.takes]  # number of needs out of reach
        self._heap: list[tuple[float, int]] = []
        self._legal = [name for name, needs in zip(wiring.tools, wiring.takes, strict=True) if not needs]
        self._legal_at = [i for i, needs in enumerate(wiring.takes) if not needs]
        self.touched = 0
        for tool in self._legal_at:
            for gift in wiring.gives[tool]:
                self._cheaper(gift, 1)
        self._give((*wiring.sayable, *wiring.numbers(known)))

    def fork(self) -> Frontier:
        """Return a copy that changes by itself. O(V)."""
        other = object.__new__(Frontier)
        other._wiring, other._heap, other.touched = self._wiring, [], 0
        other._given, other._cost, other._offer = self._given.copy(), self._cost.copy(), self._offer.copy()
        other._total, other._missing = self._total.copy(), self._missing.copy()
        other._legal, other._legal_at = self._legal.copy(), self._legal_at.copy()
        return other

    @property
    def known(self) -> frozenset[Need]:
        """What holds now, what the user can say included. O(V)."""
        needs = self._wiring.needs
        return frozenset(needs[i] for i, given in enumerate(self._given) if given)

    @property
    def legal(self) -> list[str]:
        """The tools that can be called now, in contract order; a new list. O(their number)."""
        return self._legal.copy()

    def add(self, needs: Iterable[Need]) -> None:
        """Let needs hold from now on. O(k log k) for the k tools touched.

        Raises:
            UsageError: The contract has no such kind or fact.
        """
        self._give(self._wiring.numbers(needs))

    def discard(self, needs: Iterable[Need]) -> None:
        """Let needs hold no longer; what the user can say stays. O(k log k) for the k tools touched.

        Raises:
            UsageError: The contract has no such kind or fact.
        """
        self.touched = 0
        for need in self._wiring.numbers(needs):
            if self._given[need] and need not in self._wiring.sayable:
                self._given[need] = False
                self._dearer(need)
        self._settle()

    def distance(self, tool: str) -> float:
        """Return how many calls stand before ``tool`` in the relaxed problem; 0 when it is legal, inf if never. O(1).

        Raises:
            UsageError: There is no such tool.
        """
        return self._cost_of(self._wiring.number_of(tool))

    def plan(self, tool: str) -> tuple[str, ...]:
        """Return a relaxed plan: the tools to call before ``tool``, in an order that works.

        O(the needs of the planned tools, and of each need the producers that cost more than the chosen one).

        Raises:
            UsageError: There is no such tool, or nothing reachable gives what it needs.
        """
        target = self._reachable(tool)
        return tuple(self._wiring.tools[i] for i in unfold(self._wiring.takes, self._support, target))

    def step_towards(self, tool: str) -> str:
        """Return the first tool of ``plan(tool)``, or ``tool`` itself when it is legal. O(depth of the plan).

        Raises:
            UsageError: There is no such tool, or nothing reachable gives what it needs.
        """
        following: int | None = self._reachable(tool)
        step = 0
        while following is not None:
            step = following
            supporters = (self._support(need) for need in self._wiring.takes[step])
            following = next((s for s in supporters if s is not None), None)
        return self._wiring.tools[step]

    def _reachable(self, tool: str) -> int:
        target = self._wiring.number_of(tool)
        if self._missing[target]:
            raise UsageError(f"{tool} is out of reach: nothing that can be called gives what it needs")
        return target

    def _support(self, need: int) -> int | None:
        cost = self._cost[need]
        return next(t for t in self._wiring.producers[need] if self._cost_of(t) + 1 == cost) if cost else None

    def _cost_of(self, tool: int) -> float:
        return math.inf if self._missing[tool] else self._total[tool]

    def _give(self, needs: Iterable[int]) -> None:
        self.touched = 0
        for need in needs:
            self._given[need] = True
            self._cheaper(need, 0)
        self._settle()

    def _cheaper(self, need: int, offer: float) -> None:
        if offer < self._offer[need]:
            self._offer[need] = offer
            heapq.heappush(self._heap, (offer, need))

    def _dearer(self, need: int) -> None:
        """What gave the best offer gives it no longer: ask every producer again."""
        offer = min((self._cost_of(tool) + 1 for tool in self._wiring.producers[need]), default=math.inf)
        if offer != self._offer[need]:
            self._offer[need] = offer
            heapq.heappush(self._heap, (min(offer, self._cost[need]), need))

    def _settle(self) -> None:
        heap, cost, offer = self._heap, self._cost, self._offer
        while heap:
            key, need = heapq.heappop(heap)
            old, new = cost[need], offer[need]
            if old == new or key != min(old, new):
                continue  # settled by now, or waiting under another key
            if new > old:
                new = math.inf
                if offer[need] < math.inf:
                    heapq.heappush(heap, (offer[need], need))
            cost[need] = new
            for tool in self._wiring.consumers[need]:
                self._carry(tool, old, new)

    def _carry(self, tool: int, old: float, new: float) -> None:
        """One need of ``tool`` went from ``old`` to ``new``: pass on what that does to its gifts."""
        self.touched += 1
        before = self._cost_of(tool)
        if old == math.inf:
            self._missing[tool] -= 1
        else:
            self._total[tool] -= int(old)
        if new == math.inf:
            self._missing[tool] += 1
        else:
            self._total[tool] += int(new)
        after = self._cost_of(tool)
        if before == after:
            return
        if not before or not after:
            self._open_or_close(tool, legal=not after)
        for gift in self._wiring.gives[tool]:
            if after < before:
                self._cheaper(gift, after + 1)
            elif before + 1 == self._offer[gift]:
                self._dearer(gift)

    def _open_or_close(self, tool: int, *, legal: bool) -> None:
        at = bisect.bisect_left(self._legal_at, tool)
        if legal:
            self._legal_at.insert(at, tool)
            self._legal.insert(at, self._wiring.tools[tool])
        else:
            del self._legal_at[at], self._legal[at]
