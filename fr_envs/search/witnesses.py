"""The search for witnesses: let the source go through, then the target, and see what the first call was good for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.contract.spec import Field
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.graph.witness.proof import Proof, Unproven, Witness, proves
from fr_envs.graph.witness.value_walk import ValueAt, values_beside, walk_values
from fr_envs.json_values import pointer_of
from fr_envs.search.explorer import Explorer
from fr_envs.search.persistent import Persistent
from fr_envs.search.walks import Pin, WitnessWalk
from fr_envs.streams import generator, seed_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.graph.api_graph import Edge
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain, Scale
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall

__all__ = ["find_witnesses", "search_witnesses"]


def find_witnesses(
    domain: Domain[Any],
    seeds: Sequence[int] = (1, 2, 3),
    scales: Sequence[Scale] = ("small",),
    *,
    edges: Iterable[Edge] | None = None,
    attempts: int = 60,
) -> dict[Edge, Witness | None]:
    """Search a witness for each edge of a world; None where none was found. Same arguments, same answer.

    Args:
        domain: The world.
        seeds: Seeds of the first states to search from, in turn.
        scales: Scales of the first states, in turn.
        edges: Which edges; all of the world's graph if None.
        attempts: How often each edge is tried at most.
    """
    proofs = search_witnesses(domain, seeds, scales, edges=edges, attempts=attempts)
    return {edge: proof if isinstance(proof, Witness) else None for edge, proof in proofs.items()}


def search_witnesses(
    domain: Domain[Any],
    seeds: Sequence[int] = (1, 2, 3),
    scales: Sequence[Scale] = ("small",),
    *,
    edges: Iterable[Edge] | None = None,
    attempts: int = 60,
) -> dict[Edge, Proof]:
    """Do as ``find_witnesses`` does, and tell for each edge without a witness what stood in the way."""
    search = _Search(domain, seeds, scales)
    wanted = search.graph.edges() if edges is None else edges
    return {edge: search.prove(edge, attempts) for edge in wanted}


_BUDGET, _MORE = 600, 12000
"""How many calls one attempt may try, and one of the persistent search."""

_EASY = 24
"""Attempts after which every other one is left to the persistent search."""

_STROLLS = (0, 2, 5, 12, 1, 25)
"""How many calls of any tools come first, by round over the first states; a long stroll changes much in a world."""

_SAID = (0.8, 0.8, 0.3)
"""How often a value that the user can say is what the world suggests rather than one that was told, by attempt."""

_PATIENCE = 6
"""How many arguments the persistent search tries from where it stands before it does something about a refusal."""

_OTHERS = 8
"""How many other values are put in the place of one."""


class _Search:
    def __init__(self, domain: Domain[Any], seeds: Sequence[int], scales: Sequence[Scale]) -> None:
        self.domain = domain
        self.spec = domain.spec
        self.graph = ApiGraph(domain.spec)
        self.starts = [(seed, scale, domain.initial(seed, scale)) for scale in scales for seed in seeds]
        self.persistent = Persistent(domain, self.graph)
        self.failed: dict[str, int] = {}

    def prove(self, edge: Edge, attempts: int) -> Proof:
        self.failed = {}
        stream = seed_of(repr(edge).encode())
        for attempt in range(attempts):
            seed, scale, start = self.starts[attempt % len(self.starts)]
            persists = attempt >= _EASY and attempt % 2 == 0
            rng, budget = generator(stream, attempt), _MORE if persists else _BUDGET
            said, retries = _SAID[attempt % len(_SAID)], _PATIENCE if persists else 0
            explorer = Explorer(self.domain, rng, budget, self.graph, said=said, retries=retries)
            walk = explorer.wander(WitnessWalk(start), _STROLLS[attempt // len(self.starts) % len(_STROLLS)])
            candidates = self._persistently if persists else self._candidates
            for candidate in candidates(explorer, walk, edge, attempt):
                witness = msgspec.structs.replace(candidate, seed=seed, scale=scale)
                if proves(self.domain, start, witness):
                    return _shortened(self.domain, start, witness)
                self._fail("no difference")
        return Unproven(edge, attempts, tuple(sorted(self.failed.items(), key=lambda item: (-item[1], item[0]))))

    def _candidates(self, explorer: Explorer, walk: WitnessWalk, edge: Edge, attempt: int) -> Iterator[Witness]:
        match edge.relation:
            case "data":
                return (self._data_back if attempt % 2 else self._data)(explorer, walk, edge)
            case "fact":
                return self._fact(explorer, walk, edge)
            case "policy":
                return self._policy(explorer, walk, edge)
            case "conflict":
                return self._conflict(explorer, walk, edge)

    def _persistently(self, explorer: Explorer, walk: WitnessWalk, edge: Edge, attempt: int) -> Iterator[Witness]:
        """Make things until one is fit."""
        if edge.relation == "data":
            for found in self.persistent.data(explorer, walk, edge):
                if found.place is not None:
                    yield from self._swapped(explorer, edge, found.walk, found.at, found.place)
        elif edge.relation == "fact":
            for found in self.persistent.fact(explorer, walk, edge):
                yield _witness(edge, found.walk, found.at)
        else:
            yield from self._candidates(explorer, walk, edge, attempt)
        self._fail(explorer.refused.get(edge.target, "target"))

    def _fail(self, reason: str) -> None:
        self.failed[reason] = self.failed.get(reason, 0) + 1

    def _data(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Witness]:
        """Let the source give a value, let the target take it, then put others in its place."""
        given, found = self._told(explorer, walk, edge)
        if given is None:
            self._fail("source")
            return
        for at in explorer.rng.permutation(len(found))[:3]:
            yield from self._taken(explorer, given, edge, found[int(at)])

    def _told(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> tuple[WitnessWalk | None, list[ValueAt]]:
        """Let the source go through with what the edge is about; a list may be empty until there is what to list."""
        source, kinds = self.spec.tools[edge.source], self.spec.kinds
        issued = [kind for kind in source.output_kinds() if kinds[kind].origin == "issued"]
        for attempt in range(3):
            given = explorer.reach(walk, edge.source)
            told = () if given is None else walk_values(source.returns, given.value)
            found = [place for place in told if place.path == edge.output]
            if found:
                return given, found
            walk = explorer.fresh(walk, issued[attempt : attempt + 1] or issued or source.input_kinds()) or walk
        return None, []

    def _data_back(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Witness]:
        """Find a value that the target takes, go back before that call, and let the source give this very value."""
        ready = explorer.reach(walk, edge.target)
        before = None if ready is None else _follow_all(explorer, walk, ready.calls[len(walk.calls) : -1])
        if ready is None or before is None:
            self._fail(explorer.refused.get(edge.target, "target"))
            return
        fields = {name: p.field for name, p in self.spec.tools[edge.target].parameters.items()}
        wanted = next((p for p in walk_values(fields, ready.calls[-1].arguments) if p.path == edge.argument), None)
        if wanted is None:
            return
        for step in range(4):
            pinned = self._same(explorer, edge, wanted.value) if step % 2 == 0 else None
            given = explorer.reach(before, edge.source, pinned)
            told = () if given is None else walk_values(self.spec.tools[edge.source].returns, given.value)
            found = [place for place in told if place.path == edge.output]
            if given is not None and found:
                place = next((place for place in found if place.value == wanted.value), found[-1])
                yield from self._taken(explorer, given, edge, place)
                if place.value == wanted.value:
                    return
            before = explorer.touch(before, edge.via, wanted.value) or before
        self._fail("source")

    def _same(self, explorer: Explorer, edge: Edge, value: Json) -> Pin | None:
        """Make the source speak of a value: by its argument of that kind, or by the one named as what it returns."""
        pinned = explorer.pin(edge.source, (edge.via, value))
        if pinned is None and edge.output[-1] in self.spec.tools[edge.source].parameters:
            return Pin((edge.output[-1],), value)
        return pinned

    def _taken(self, explorer: Explorer, given: WitnessWalk, edge: Edge, place: ValueAt) -> Iterator[Witness]:
        """Let the target take what the source gave; then put others in its place."""
        pin = Pin(edge.argument, place.value)
        taken = explorer.reach(given, edge.target, pin, depth=3) or self._after_touch(explorer, given, edge, pin, place)
        if taken is None:
            self._fail(explorer.refused.get(edge.target, "target"))
            return
        yield from self._swapped(explorer, edge, taken, len(given.calls) - 1, place)

    def _swapped(
        self, explorer: Explorer, edge: Edge, taken: WitnessWalk, at: int, place: ValueAt
    ) -> Iterator[Witness]:
        """Put other values in the place of the one that the target has taken."""
        argument = pointer_of("0" if part == "*" else part for part in edge.argument)
        for other in self._others(explorer, taken, edge, place.value):
            yield _witness(edge, taken, at, place.pointer, argument, other)

    def _after_touch(
        self, explorer: Explorer, given: WitnessWalk, edge: Edge, pin: Pin, place: ValueAt
    ) -> WitnessWalk | None:
        """Act first on what the source told beside the value: the order that binds a payee, the account of a name."""
        told = walk_values(self.spec.tools[edge.source].returns, given.value)
        beside = [near for near in values_beside(place, told) if self.spec.kinds[near.kind].origin == "issued"]
        again = explorer.reach(given, edge.target, depth=2)  # what is the case already can be said anew after a change
        taken = None if again is None else explorer.reach(again, edge.target, pin, depth=2)
        walk = given
        for at in explorer.rng.permutation(len(beside))[:4]:
            if taken is not None:
                break
            walk = explorer.touch(walk, beside[int(at)].kind, beside[int(at)].value, writing=True) or walk
            taken = explorer.reach(walk, edge.target, pin, depth=2)
        return taken

    def _others(self, explorer: Explorer, walk: WitnessWalk, edge: Edge, value: Json) -> Iterator[Json]:
        """Iterate over some well-formed values of the edge's kind that are not ``value``."""
        call = walk.calls[-1]
        parameter = self.spec.tools[edge.target].parameters[edge.argument[0]]
        known = [*walk.seen.get(edge.via, ())[::-1], *(self.domain.entities(walk.state, edge.via) or ())]
        rest = {name: given for name, given in call.arguments.items() if name != parameter.name}
        while len(known) < 2 * _OTHERS:
            if len(edge.argument) == 1 and len(known) % 2:
                known.append(self.domain.suggest(walk.state, edge.target, parameter.name, rest, explorer.rng))
            else:
                known.append(explorer.proposer.guess(Field(kind=edge.via)))
        fresh = [other for i, other in enumerate(known) if other not in (None, value) and other not in known[:i]]
        return iter([*fresh[: _OTHERS // 2], *fresh[_OTHERS // 2 :][-_OTHERS // 2 :]])

    def _fact(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Witness]:
        """Let the source set the fact where it does not hold, then let the target go through."""
        fact = self.spec.facts[edge.via]
        if fact.about is None and self.domain.holds(walk.state, fact.name):
            clearers = [name for name, tool in self.spec.tools.items() if fact.name in tool.clears]
            walk = next((w for w in (explorer.reach(walk, name) for name in clearers) if w is not None), walk)
        given = explorer.reach(walk, edge.source)
        if given is None:
            self._fail("source")
            return
        avoid = frozenset(explorer.graph.setters(fact.name))
        for pin in self._entities_of(explorer, given, edge):
            taken = explorer.reach(given, edge.target, pin, avoid=avoid)
            if taken is not None:
                yield _witness(edge, taken, len(given.calls) - 1)
            else:
                self._fail(explorer.refused.get(edge.target, "target"))

    def _entities_of(self, explorer: Explorer, given: WitnessWalk, edge: Edge) -> Sequence[Pin | None]:
        """Return the entities of which the source may have set or ended the fact, for the target's argument."""
        kind = self.spec.facts[edge.via].about
        if kind is None:
            return [None]
        tool, call = self.spec.tools[edge.source], given.calls[-1]
        fields = {name: p.field for name, p in tool.parameters.items()}
        about = self.spec.tools[edge.target].about(kind) or ""
        named = [
            p.value
            for p in (*walk_values(fields, call.arguments), *walk_values(tool.returns, given.value))
            if p.kind == kind
        ]
        pins = [Pin((about,), value) for i, value in enumerate(named) if value not in named[:i]]
        return pins[:4] or [None]  # a passport is no booking, but opens those of its holder

    def _policy(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Witness]:
        """Find a call of the target that the rules refuse as things are, then let the source make it good."""
        ready = explorer.reach(walk, edge.target) or walk
        call = explorer.refusal(ready, edge.target, self.spec.facts[edge.via].violation)
        given = None if call is None else explorer.reach(ready, edge.source, avoid=frozenset({edge.target}))
        taken = None if given is None or call is None else explorer.follow(given, call)
        if given is not None and taken is not None:
            yield _witness(edge, taken, len(given.calls) - 1)
        else:
            self._fail("no such case" if call is None else "source" if given is None else explorer.refused[edge.target])

    def _conflict(self, explorer: Explorer, walk: WitnessWalk, edge: Edge) -> Iterator[Witness]:
        """Find a call of the target that goes through, take it back, and let the source end the fact before it."""
        fact = self.spec.facts[edge.via]
        ready = explorer.reach(walk, edge.target)
        before = None if ready is None else _follow_all(explorer, walk, ready.calls[len(walk.calls) : -1])
        if ready is None or before is None:
            self._fail(explorer.refused.get(edge.target, "target"))
            return
        second = ready.calls[-1]
        source, target = self.spec.tools[edge.source], self.spec.tools[edge.target]
        mine, theirs = (None, None) if fact.about is None else (source.about(fact.about), target.about(fact.about))
        pin = Pin((mine,), second.arguments[theirs]) if mine is not None and theirs is not None else None
        given = explorer.reach(before, edge.source, pin)
        if given is None:
            self._fail("source")
            return
        later = self._restored(explorer, given, second, fact.violation)
        yield _witness(edge, later._replace(calls=(*later.calls, second)), len(given.calls) - 1)

    def _restored(self, explorer: Explorer, walk: WitnessWalk, second: ToolCall, violation: str) -> WitnessWalk:
        """Set again what the source ended beside the fact, so that the target is refused for the fact itself."""
        target = self.spec.tools[second.name]
        for name in target.needs:
            fact = self.spec.facts[name]
            value = None if fact.about is None else second.arguments[target.about(fact.about) or ""]
            if fact.violation == violation or self.domain.holds(walk.state, name, value):
                continue
            for setter in explorer.graph.setters(name):
                about = None if fact.about is None else self.spec.tools[setter].about(fact.about)
                longer = explorer.reach(walk, setter, None if about is None else Pin((about,), value))
                walk = walk if longer is None else longer
        return walk


def _follow_all(explorer: Explorer, walk: WitnessWalk, calls: Iterable[ToolCall]) -> WitnessWalk | None:
    for call in calls:
        longer = explorer.follow(walk, call)
        if longer is None:
            return None
        walk = longer
    return walk


def _witness(
    edge: Edge, walk: WitnessWalk, at: int, output: str = "", argument: str = "", other: Json = None
) -> Witness:
    """Cut a walk into the parts of a witness; the first call stands at a place, the second at the end."""
    calls = walk.calls
    return Witness(
        edge, 0, "small", calls[:at], calls[at], calls[at + 1 : -1], calls[-1], output, argument, other
    )  # fmt: skip


def _shortened(domain: Domain[Any], start: State, witness: Witness) -> Witness:
    """Leave out calls, many at once and then one by one, the last ones first, until none can be left out."""
    for part in ("between", "before"):
        size = max(1, len(getattr(witness, part)) // 2)
        while size:
            at = len(getattr(witness, part))
            while at > 0:
                at = max(0, at - size)
                calls = getattr(witness, part)
                shorter = msgspec.structs.replace(witness, **{part: (*calls[:at], *calls[at + size :])})
                witness = shorter if proves(domain, start, shorter) else witness
            size //= 2
    return witness
