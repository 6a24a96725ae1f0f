"""The search that does not give up: makes many things, lets the world change, and watches for one that has become fit.

Some edges need luck that no call brings about: a flight that somebody has reserved is delayed, a card that was ordered
arrives. These candidates start from a walk in which the source has gone through many times. Which of the things it has
told is fit for the target is looked up in the world's facts before a call is spent on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.contract.spec import leaves
from fr_envs.graph.fact_reachability import FactReachability
from fr_envs.graph.witness.value_walk import values_beside, walk_values
from fr_envs.search.walks import Pin
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import Leaf
    from fr_envs.graph.api_graph import ApiGraph, Edge
    from fr_envs.graph.witness.value_walk import ValueAt
    from fr_envs.json_values import Json
    from fr_envs.search.explorer import Explorer
    from fr_envs.search.walks import Entity, WitnessWalk
    from fr_envs.world.domain import Domain

__all__ = ["Persistent", "Reached"]

_ROUNDS = 30
_FIT = 4
"""Values that are tried in one round."""

_LET_PASS, _SWEEP = 0.35, 0.3
"""How often something passes between two rounds that concerns nothing in particular, and how often all that has to do
with a value is dealt with."""


class _Given(NamedTuple):
    """What the source has told once: place of its call in the walk, the value, and what stood beside it."""

    at: int
    place: ValueAt
    beside: tuple[Entity, ...]


class Reached(NamedTuple):
    """A walk that ends with the target's call, and where the source's stands in it.

    Attributes:
        walk: The walk.
        at: Place of the source's call.
        place: The value in its result that the target takes; None for an edge of facts.
    """

    walk: WitnessWalk
    at: int
    place: ValueAt | None = None


class Persistent:
    """Finds calls for the edges of one world.

    Args:
        domain: The world.
        graph: Its graph.
    """

    def __init__(self, domain: Domain[Any], graph: ApiGraph) -> None:
        """Keep the world at hand."""
        self.domain = domain
        self.graph = graph
        self.spec = domain.spec
        self.reachability = FactReachability(domain.spec)

    def data(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Reached]:
        """Iterate over walks in which the target takes what the source has told at some time."""
        fields = {name: p.field for name, p in self.spec.tools[edge.target].parameters.items()}
        taken = next(leaf for leaf in leaves(fields) if leaf.path == edge.argument)
        given: list[_Given] = []
        for number in range(_ROUNDS):
            if explorer.budget <= 0:
                return
            longer = self._source(explorer, walk, edge, taken, number)
            if longer is not None:
                given += self._told(longer, edge)
                walk = longer
            fit = [each for each in given[::-1] if self._fits(walk, edge.target, taken, each.place.value)]
            for at, place, _ in fit[:_FIT]:
                done = explorer.reach(walk, edge.target, Pin(edge.argument, place.value), depth=2)
                if done is not None:
                    yield Reached(done, at, place)
            walk = self._change(explorer, walk, given)

    def _source(
        self, explorer: Explorer, walk: WitnessWalk, edge: Edge, taken: Leaf, number: int
    ) -> WitnessWalk | None:
        """Let the source go through, on something that is fit for the target too if there is such a thing."""
        source = self.spec.tools[edge.source]
        if number % 2 == 0:
            walk = explorer.fresh(walk, source.input_kinds() or source.output_kinds()) or walk
        name = source.about(edge.via)
        if name is not None:
            own = next(leaf for leaf in leaves({name: source.parameters[name].field}))
            both = [
                value
                for value in walk.seen.get(edge.via, ())[::-1]
                if self._fits(walk, edge.target, taken, value) and self._fits(walk, edge.source, own, value)
            ]
            for value in both[:_FIT]:
                longer = explorer.reach(walk, edge.source, Pin((name,), value), depth=2)
                if longer is not None:
                    return longer
        return explorer.reach(walk, edge.source)

    def _fits(self, walk: WitnessWalk, tool: str, leaf: Leaf, value: Json) -> bool:
        """Return True if a value has the facts that a tool demands of it and no tool could give it."""
        demanded = self.reachability.demands(self.spec.tools[tool], leaf)
        return all(self.graph.setters(fact) or self.domain.holds(walk.state, fact, value) for fact in demanded)

    def _told(self, walk: WitnessWalk, edge: Edge) -> Iterator[_Given]:
        """Iterate over what the last call of a walk has told at the edge's place."""
        told = list(walk_values(self.spec.tools[edge.source].returns, walk.value))
        for place in told:
            if place.path == edge.output:
                near = [p for p in values_beside(place, told) if self.spec.kinds[p.kind].origin == "issued"]
                yield _Given(len(walk.calls) - 1, place, tuple((p.kind, p.value) for p in near[:_FIT]))

    def _change(self, explorer: Explorer, walk: WitnessWalk, given: list[_Given]) -> WitnessWalk:
        """Let something happen between two rounds: to nothing in particular, or to what has to do with a value."""
        chance = float(explorer.rng.random())
        if not given or chance < _LET_PASS:
            return explorer.let_pass(walk)
        chosen = pick(explorer.rng, given)
        if chance < _LET_PASS + _SWEEP:
            return explorer.swept(walk, chosen.beside)
        near = (*chosen.beside, *explorer.kin(walk, chosen.place.value))
        if not near:
            return walk
        kind, value = pick(explorer.rng, near)
        return explorer.touch(walk, kind, value, writing=True) or walk

    def fact(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Reached]:
        """Iterate over walks in which the target is refused for a fact, the source sets it, and the target follows."""
        fact, target = self.spec.facts[edge.via], self.spec.tools[edge.target]
        name = target.about(fact.about or "")
        for _ in range(_ROUNDS):
            if explorer.budget <= 0:
                return
            call = explorer.refusal(walk, edge.target, fact.violation)
            if call is None:
                walk = explorer.fresh(walk, target.input_kinds()) or walk
                walk = explorer.reach(walk, explorer.any_tool(), depth=2) or walk
                continue
            value = None if name is None else call.arguments[name]
            given = self._fixed(explorer, walk, edge, None if value is None else (fact.about or "", value))
            if given is None or not self.domain.holds(given.state, fact.name, value):
                walk = explorer.let_pass(walk)
                continue
            pin = None if name is None else Pin((name,), value)
            avoid = frozenset(self.graph.setters(fact.name))
            done = explorer.reach(given, edge.target, pin, depth=3, avoid=avoid)
            if done is not None:
                yield Reached(done, len(given.calls) - 1)
            walk = explorer.let_pass(walk)

    def _fixed(self, explorer: Explorer, walk: WitnessWalk, edge: Edge, entity: Entity | None) -> WitnessWalk | None:
        """Let the source go through on what the refused call was about, or on what has to do with that."""
        source = self.spec.tools[edge.source]
        if entity is None:
            return explorer.reach(walk, edge.source, avoid=frozenset({edge.target}))
        for _ in range(_FIT):
            walk = explorer.touch(walk, *entity) or walk
            near = [entity, *explorer.kin(walk, entity[1])]
            pins = [explorer.pin(source.name, each) for each in near if source.about(each[0]) is not None]
            for pin in pins:
                longer = explorer.reach(walk, edge.source, pin, avoid=frozenset({edge.target}))
                if longer is not None and self.domain.holds(longer.state, edge.via, entity[1]):
                    return longer
        return None
