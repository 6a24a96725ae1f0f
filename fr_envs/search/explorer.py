"""Explorer: finds calls that work, by trying them on forks of a world.

A walk is a state with the calls that led to it and the values that their outputs told, by kind. ``Explorer.reach``
extends a walk until a given tool has gone through: it proposes arguments (identifiers only from earlier outputs, the
rest from what the world suggests), and where the world says no it first calls what gives the missing value, sets the
missing fact, or touches the same entity. Everything is drawn from one generator, so a search can be repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.contract.spec import leaves
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.graph.witness.value_walk import walk_values
from fr_envs.search.proposals import Missing, Proposer
from fr_envs.search.walks import Pin, extended
from fr_envs.streams import pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.json_values import Json
    from fr_envs.search.walks import Entity, WitnessWalk
    from fr_envs.world.domain import Domain, Outcome
    from fr_envs.world.state import State

__all__ = ["Explorer"]

_TRIES = 6
"""How many proposals of arguments are made for one tool before it is given up."""

_MAKE = 0.4
"""Share of the tools of which a sweep keeps calls that have made something new."""

_AGAIN, _REPEATS = 0.3, 32
"""How often an explorer that retries repeats what it has just done about a refusal, and how many times."""

_FAR = 0.4
"""How often a sweep goes two steps far from a thing."""

_TO_KIN = 0.4
"""How often an unexplained refusal is answered by acting on something that has to do with what the call names."""

_LEARN, _LET_PASS = 0.35, 0.25
"""How often an unexplained refusal is answered by learning other identifiers, and by a change that concerns none."""


class Explorer:
    """Extends walks in one world.

    Args:
        domain: The world.
        rng: Where all choices come from.
        budget: How many calls may be tried in all; ``reach`` gives up when they are spent.
        graph: The world's graph, if it is at hand.
        said: How often a value that the user can say is what the world suggests rather than one that was told.

        retries: How many further arguments are tried when a tool refuses for a reason that no fact explains, before
            something is done about it.

    Attributes:
        proposer: Draws arguments.
        refused: Code with which a tool refused last, by tool.
    """

    def __init__(
        self, domain: Domain[Any], rng: np.random.Generator, budget: int, graph: ApiGraph | None = None,
        *, said: float = 0.8, retries: int = 0,
    ) -> None:  # fmt: skip
        """Keep the world at hand."""
        self.domain = domain
        self.rng = rng
        self.budget = budget
        self.graph = graph or ApiGraph(domain.spec)
        self.refused: dict[str, str] = {}
        self.proposer = Proposer(domain, rng, said)
        self.retries = retries
        writers = [name for name, tool in domain.spec.tools.items() if tool.effect == "write"]
        self._movers = [name for name in writers if not self._ids(name)]

    # ------------------------------------------------------------------------------------------- calls

    def apply(self, state: State, call: ToolCall) -> Outcome[Any]:
        """Run one call and count it."""
        self.budget -= 1
        return self.domain.apply(state, call)

    def follow(self, walk: WitnessWalk, call: ToolCall) -> WitnessWalk | None:
        """Return the walk with one more call, None if it is refused."""
        outcome = self.apply(walk.state, call)
        if outcome.error is not None:
            self.refused[call.name] = outcome.error.code
            return None
        return extended(walk, self.domain.spec, call, outcome)

    def wander(self, walk: WitnessWalk, steps: int) -> WitnessWalk:
        """Extend a walk by up to ``steps`` calls of any tools."""
        for _ in range(steps):
            walk = self.reach(walk, self.any_tool(), depth=1) or walk
        return walk

    def reach(
        self,
        walk: WitnessWalk,
        tool: str,
        pin: Pin | None = None,
        *,
        depth: int = 4,
        avoid: frozenset[str] = frozenset(),
    ) -> WitnessWalk | None:
        """Extend a walk until ``tool`` has gone through as its last call.

        Args:
            walk: Where to start.
            tool: What to call.
            pin: An argument that is settled.
            depth: How deep enabling calls may enable each other.
            avoid: Tools that must not be called on the way.

        Returns:
            The longer walk, None if it was not found within the tries or the budget.
        """
        for _ in range(_TRIES):
            if self.budget <= 0:
                return None
            try:
                call = ToolCall(tool, self.proposer.propose(walk, tool, pin))
            except Missing as missing:
                longer = self._learn(walk, missing.kind, depth, avoid)
                if longer is None:
                    return None
                walk = longer
                continue
            done = self.follow(walk, call) or (self._otherwise(walk, call, pin) if depth > 0 else None)
            if done is not None:
                return done
            longer = self._enable(walk, call, depth, avoid | {tool})
            if longer is not None:
                walk = longer
                done = self.follow(walk, call)
                if done is not None:
                    return done
        return None

    def _otherwise(self, walk: WitnessWalk, call: ToolCall, pin: Pin | None) -> WitnessWalk | None:
        """Try a tool with other arguments from where the walk stands, as long as no fact explains its refusals."""
        spec = self.domain.spec
        violations = {spec.facts[fact].violation for fact in spec.tools[call.name].needs}
        for _ in range(self.retries):
            if self.refused[call.name] in violations:
                return None
            done = self.follow(walk, ToolCall(call.name, self.proposer.propose(walk, call.name, pin)))
            if done is not None:
                return done
        return None

    def refusal(self, walk: WitnessWalk, tool: str, code: str) -> ToolCall | None:
        """Return a call that is refused with ``code`` where the walk stands; None if none was proposed."""
        for _ in range(4 * _TRIES):
            try:
                call = ToolCall(tool, self.proposer.propose(walk, tool))
            except Missing:
                return None
            error = self.apply(walk.state, call).error
            if error is not None and error.code == code:
                return call
        return None

    def touch(self, walk: WitnessWalk, kind: str, value: Json, *, writing: bool = False) -> WitnessWalk | None:
        """Extend a walk by one call of any tool (any that writes) that takes ``value``; None if that was not found."""
        tools = self.domain.spec.tools.items()
        names = [n for n, tool in tools if tool.about(kind) is not None and (tool.effect == "write" or not writing)]
        if not names:
            return None
        name = pick(self.rng, names)
        return self.reach(walk, name, self.pin(name, (kind, value)))

    def _ids(self, tool: str) -> list[str]:
        """Return the issued kinds that a tool cannot be called without."""
        spec = self.domain.spec
        return [kind for kind in spec.tools[tool].input_kinds() if spec.kinds[kind].origin == "issued"]

    def _sources(self, kind: str) -> list[str]:
        """Return the tools that tell a value of ``kind`` to those who have none."""
        return [name for name in self.graph.producers(kind) if kind not in self._ids(name)]

    def fresh(
        self, walk: WitnessWalk, kinds: Sequence[str], depth: int = 5, avoid: frozenset[str] = frozenset()
    ) -> WitnessWalk | None:
        """Extend a walk by a call that makes something new of one of ``kinds``; None if none was found."""
        makers = [name for kind in kinds for name in self._makers(kind)]
        return self._any_of(walk, list(dict.fromkeys(makers)), None, depth, avoid, most=2)

    def _makers(self, kind: str) -> list[str]:
        """Return the tools that make something of a kind: they give one to those who have none, or say what it is."""
        tools, sources = self.domain.spec.tools, self._sources(kind)
        return [
            name
            for name in self.graph.producers(kind)
            if tools[name].effect == "write"
            and (name in sources or any(leaf.kind == kind and leaf.field.holds for leaf in leaves(tools[name].returns)))
        ]

    def swept(self, walk: WitnessWalk, entities: Sequence[Entity]) -> WitnessWalk:
        """Look at everything that can be listed, then do to what has to do with things whatever can be done to it."""
        tools = self.domain.spec.tools
        for name in self._shuffled([name for name in tools if tools[name].effect == "read" and not self._ids(name)]):
            walk = self.reach(walk, name, depth=0) or walk
        near = self._near(walk, entities)
        if self.rng.random() < _FAR:  # and to what has to do with that
            for entity in near:
                for name in self._first(entity, "read"):
                    walk = self.reach(walk, name, self.pin(name, entity), depth=0) or walk
            near = [*near, *self._near(walk, (*near, *entities))]
        makes = {name: float(self.rng.random()) < _MAKE for name in tools}
        doings = [(entity, name) for entity in near for name in self._first(entity, "write")]
        for at in self.rng.permutation(len(doings)):
            entity, name = doings[int(at)]
            longer = self.reach(walk, name, self.pin(name, entity), depth=0)
            if longer is not None and (makes[name] or not self._has_made(walk, longer)):
                walk = longer
        return walk

    def _near(self, walk: WitnessWalk, entities: Sequence[Entity]) -> list[Entity]:
        """Return what has to do with things and is none of them."""
        near = (kin for _, value in entities for kin in self.kin(walk, value))
        return [kin for kin in dict.fromkeys(near) if kin not in entities]

    def _first(self, entity: Entity, effect: str) -> list[str]:
        """Return the tools with an effect that need a thing's identifier before any other."""
        tools = self.domain.spec.tools
        return [name for name in tools if tools[name].effect == effect and self._ids(name)[:1] == [entity[0]]]

    def _has_made(self, walk: WitnessWalk, longer: WitnessWalk) -> bool:
        """Return True if the last call told an identifier that was not known before."""
        kinds = self.domain.spec.kinds
        told = walk_values(self.domain.spec.tools[longer.calls[-1].name].returns, longer.value)
        return any(kinds[p.kind].origin == "issued" and p.value not in walk.seen.get(p.kind, ()) for p in told)

    def _learn(self, walk: WitnessWalk, kind: str, depth: int, avoid: frozenset[str]) -> WitnessWalk | None:
        """Call a tool that tells a further value of ``kind``, near ones first."""
        if depth <= 0:
            return None
        known = len(walk.seen.get(kind, ()))
        producers = [name for name in self._sources(kind) if name not in avoid]
        distance = self.graph.costs().tool
        rank = {name: distance[name] + 2 * float(self.rng.random()) for name in producers}
        for name in sorted(producers, key=rank.__getitem__)[:4]:
            longer = self.reach(walk, name, depth=depth - 1, avoid=avoid)
            if longer is not None:
                walk = longer
                if len(walk.seen.get(kind, ())) > known:
                    return walk
        return self.fresh(walk, (kind,), depth, avoid)

    def _enable(self, walk: WitnessWalk, call: ToolCall, depth: int, avoid: frozenset[str]) -> WitnessWalk | None:
        """Fix what made the world refuse: set the fact, or call something else that deals with the same entity."""
        if depth <= 0:
            return None
        spec = self.domain.spec
        code = self.refused[call.name]
        missing = next((f for f in spec.tools[call.name].needs if spec.facts[f].violation == code), None)
        if missing is None:
            return self._stir(walk, call, depth, avoid)
        kind = spec.facts[missing].about
        pin = None if kind is None else (kind, self._about(call, kind))
        done = self._any_of(walk, self.graph.setters(missing), pin, depth, avoid, most=3)
        return done or (None if kind is None else self._stir(walk, call, depth, avoid))

    def _stir(self, walk: WitnessWalk, call: ToolCall, depth: int, avoid: frozenset[str]) -> WitnessWalk | None:
        """Answer a refusal that no fact explains: look for other values, act on the same, or let time pass."""
        chance, ids = float(self.rng.random()), self._ids(call.name)
        if chance < _LEARN and ids:
            kind = pick(self.rng, ids)
            made = self.fresh(walk, (kind,), depth, avoid) if self.rng.random() < 0.5 else None
            return made or self._learn(walk, kind, depth, avoid)
        if chance < _LEARN + _LET_PASS and self._movers:
            return self._any_of(walk, self._movers, None, depth, avoid)
        pin = self._some_entity(walk, call)
        names = tuple(self.domain.spec.tools) if pin is None else self.graph.consumers(("kind", pin[0]))
        done = self._any_of(walk, names, pin, depth, avoid)
        return done if done is None or not self.retries or self.rng.random() > _AGAIN else self._again(done)

    def _again(self, walk: WitnessWalk) -> WitnessWalk:
        """Repeat the last call of a walk as long as it goes through and changes something, within limits."""
        for _ in range(_REPEATS):
            longer = self.follow(walk, walk.calls[-1])
            if longer is None or longer.state.digest == walk.state.digest:
                break
            walk = longer
        return walk

    def _any_of(
        self, walk: WitnessWalk, names: Sequence[str], pin: Entity | None, depth: int, avoid: frozenset[str],
        *, most: int = 1,
    ) -> WitnessWalk | None:  # fmt: skip
        """Let one of some tools go through; ``most`` of them are tried."""
        for name in self._shuffled([name for name in names if name not in avoid])[:most]:
            longer = self.reach(walk, name, self.pin(name, pin), depth=depth - 1, avoid=avoid)
            if longer is not None:
                return longer
        return None

    def _about(self, call: ToolCall, kind: str) -> Json:
        """Return the entity that a call is about."""
        return call.arguments[self.domain.spec.tools[call.name].about(kind) or ""]

    def _some_entity(self, walk: WitnessWalk, call: ToolCall) -> Entity | None:
        """Return one of the entities that a call names, or one that has to do with it; None to look elsewhere."""
        named = [
            (p.field.kind, call.arguments[name])
            for name, p in self.domain.spec.tools[call.name].parameters.items()
            if p.field.kind is not None and name in call.arguments
        ]
        at = int(self.rng.integers(len(named) + 1))
        if at == len(named):
            return None
        kin = self.kin(walk, named[at][1]) if self.rng.random() < _TO_KIN else ()
        return pick(self.rng, kin) if kin else named[at]

    def kin(self, walk: WitnessWalk, value: Json) -> tuple[Entity, ...]:
        """Return what has to do with a thing as far as the walk has told."""
        return walk.kin.get(value, ()) if isinstance(value, str) else ()

    def any_tool(self) -> str:
        """Return the name of some tool."""
        names = tuple(self.domain.spec.tools)
        return pick(self.rng, names)

    def let_pass(self, walk: WitnessWalk) -> WitnessWalk:
        """Extend a walk by a change that concerns nothing in particular, time for one; as it is if there is none."""
        return self._any_of(walk, self._movers, None, 2, frozenset()) or walk

    def pin(self, tool: str, entity: Entity | None) -> Pin | None:
        """Settle the first argument of a kind on a value; None where the tool has none, or there is no entity."""
        name = None if entity is None else self.domain.spec.tools[tool].about(entity[0])
        return None if entity is None or name is None else Pin((name,), entity[1])

    def _shuffled(self, names: Sequence[str]) -> list[str]:
        return [names[int(i)] for i in self.rng.permutation(len(names))]
