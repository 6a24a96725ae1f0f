"""Edges in such an order that a dialogue has a thread: each begins where the one before it ends.

Whoever has changed a standing order goes on with that order, or with the account it is paid from. So the edges of a
dialogue make up a trail through the graph, as far as any are left that do: the second takes what the consumer of the
first gives, the third what that of the second gives. A trail begins with something to see, where the dialogue has a
turn for that, or with what is looked up unasked, so that a first message has one request and not two.
"""

from __future__ import annotations

import collections
import itertools
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.trace.target import EdgeTarget

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_synth.trace.target import Target

__all__ = ["Seen", "seen_in", "threaded"]


class Seen(NamedTuple):
    """Where the things of a world are seen.

    Attributes:
        unasked: (tool, kind) where an expert looks for a thing that somebody names, without being asked to.
        lists: Tools that show all there is of something to whoever asks, and need nothing.
        has_room: A dialogue has a turn in which the user only looks at such a list.
    """

    unasked: frozenset[tuple[str, str]] = frozenset()
    lists: frozenset[str] = frozenset()
    has_room: bool = False


def seen_in(spec: DomainSpec, *, has_room: bool) -> Seen:
    """Return where the things of a world are seen.

    Args:
        spec: Contract of the world.
        has_room: A dialogue has a turn in which the user only looks at a list.
    """
    unasked = {(name, kind.name) for kind in spec.kinds.values() for name in kind.canonical}
    reads = (tool for tool in spec.tools.values() if tool.effect == "read" and not tool.implicit)
    return Seen(frozenset(unasked), frozenset(tool.name for tool in reads if not tool.input_kinds()), has_room)


def threaded(targets: Sequence[Target], begins: Collection[int], seen: Seen) -> tuple[Target, ...]:
    """Return targets in an order in which edges between two beginnings follow from each other.

    Args:
        targets: The targets, in the order in which they come where nothing speaks for another one; none twice.
        begins: Places at which a dialogue begins.
        seen: Where things are seen.

    Example:
        >>> edges = [EdgeTarget(*each, "id") for each in (("list", "pay"), ("block", "order"), ("pay", "block"))]
        >>> [str(edge) for edge in threaded(edges, {0}, Seen(frozenset({("list", "id")})))]
        ['list>pay:id', 'pay>block:id', 'block>order:id']
    """
    left = _Left(targets)
    found: list[Target] = []
    trail: list[EdgeTarget] = []
    while len(found) < len(targets):
        if len(found) in begins:
            trail = []
        chosen = left.going_on(trail) or left.beginning(seen)
        left.take(chosen)
        found.append(chosen)
        if isinstance(chosen, EdgeTarget):
            trail.append(chosen)
    return tuple(found)


class _Left:
    """The targets that are still to come, in order."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = dict.fromkeys(targets)
        self._from: dict[str, dict[EdgeTarget, None]] = collections.defaultdict(dict)
        for target in targets:
            if isinstance(target, EdgeTarget):
                self._from[target.producer][target] = None

    def take(self, target: Target) -> None:
        """Take a target out."""
        del self._targets[target]
        if isinstance(target, EdgeTarget):
            del self._from[target.producer][target]

    def going_on(self, trail: Sequence[EdgeTarget]) -> EdgeTarget | None:
        """Return an edge that begins where a trail ends, or else where it was before; none back to where it was."""
        been = {name for edge in trail for name in (edge.producer, edge.tool)}
        places = dict.fromkeys([*(edge.tool for edge in trail[::-1]), *(edge.producer for edge in trail[::-1])])
        for place in places:
            edge = _first(self._from[place], been, trail[-1].kind)
            if edge is not None:
                return edge
        return None

    def beginning(self, seen: Seen) -> Target:
        """Return the first target of those with which a dialogue begins best."""
        lists, others = self._listed(seen), self._others(seen)
        kinds = (lists, self._unasked(seen), others) if seen.has_room else (self._unasked(seen), others, lists)
        return next(itertools.chain(*kinds, self._targets))

    def _edges(self) -> Iterator[EdgeTarget]:
        return (target for target in self._targets if isinstance(target, EdgeTarget))

    def _unasked(self, seen: Seen) -> Iterator[EdgeTarget]:
        return (edge for edge in self._edges() if (edge.producer, edge.kind) in seen.unasked)

    def _listed(self, seen: Seen) -> Iterator[EdgeTarget]:
        own = (edge for edge in self._edges() if edge.producer in seen.lists)
        return (edge for edge in own if (edge.producer, edge.kind) not in seen.unasked)

    def _others(self, seen: Seen) -> Iterator[EdgeTarget]:
        return (edge for edge in self._edges() if edge.producer not in seen.lists)


def _first(edges: Iterable[EdgeTarget], been: Collection[str], kind: str) -> EdgeTarget | None:
    """Return the first edge to a new place, best one along which another kind of thing goes than along the last."""
    fresh = [edge for edge in edges if edge.tool not in been]
    return next((edge for edge in fresh if edge.kind != kind), None) or next(iter(fresh), None)
