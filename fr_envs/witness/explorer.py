"""Explorer: finds calls that work, by trying them on forks of a world.

A walk is a state with the calls that led to it and the values that their outputs told, by kind. ``Explorer.reach``
extends a walk until a given tool has gone through: it proposes arguments (identifiers only from earlier outputs, the
rest from what the world suggests), and where the world says no it first calls what gives the missing value, sets the
missing fact, or touches the same entity. Everything is drawn from one generator, so a search can be repeated.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.calls import ToolCall
from fr_envs.errors import UsageError
from fr_envs.graph import ApiGraph
from fr_envs.samples import sample_value
from fr_envs.schemas import field_schema
from fr_envs.witness.places import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.domain import Domain, Outcome
    from fr_envs.spec import DomainSpec, Field, Parameter
    from fr_envs.state import Json, JsonObject, State

__all__ = ["Explorer", "Pin", "Walk"]

_KEPT = 60
"""How many values of a kind a walk remembers."""

_TRIES = 6
"""How many proposals of arguments are made for one tool before it is given up."""

_ALIKE = 0.12
"""How often a value is taken that was told as another kind of the same form: a file's path where a folder's is due."""

_LEARN, _LET_PASS = 0.35, 0.25
"""How often an unexplained refusal is answered by learning other identifiers, and by a change that concerns none."""


class Walk(NamedTuple):
    """A state and how it was reached.

    Attributes:
        state: Where the walk stands.
        calls: The calls so far; all of them went through.
        value: Result of the last call, empty before the first.
        seen: Values that the results told, by kind; the latest last.
    """

    state: Any
    calls: tuple[ToolCall, ...] = ()
    value: Mapping[str, Json] = MappingProxyType({})
    seen: Mapping[str, tuple[Json, ...]] = MappingProxyType({})


class Pin(NamedTuple):
    """A value that an argument has to have.

    Attributes:
        path: Place in the arguments, ``*`` for the first item.
        value: What stands there.
    """

    path: tuple[str, ...]
    value: Json


class _Missing(Exception):
    """No value of ``kind`` is known yet."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Explorer:
    """Extends walks in one world.

    Args:
        domain: The world.
        rng: Where all choices come from.
        budget: How many calls may be tried in all; ``reach`` gives up when they are spent.
        graph: The world's graph, if it is at hand.

    Attributes:
        refused: Code with which a tool refused last, by tool.
    """

    def __init__(
        self, domain: Domain[Any], rng: np.random.Generator, budget: int, graph: ApiGraph | None = None
    ) -> None:
        """Keep the world at hand."""
        self.domain = domain
        self.rng = rng
        self.budget = budget
        self.graph = graph or ApiGraph(domain.spec)
        self.refused: dict[str, str] = {}
        self._alike = _alike(domain.spec)
        writers = [name for name, tool in domain.spec.tools.items() if tool.effect == "write"]
        self._stirs = [name for name in writers if not self._ids(name)]

    # ------------------------------------------------------------------------------------------- calls

    def apply(self, state: State, call: ToolCall) -> Outcome[Any]:
        """Run one call and count it."""
        self.budget -= 1
        return self.domain.apply(state, call)

    def follow(self, walk: Walk, call: ToolCall) -> Walk | None:
        """Return the walk with one more call, None if it is refused."""
        outcome = self.apply(walk.state, call)
        if outcome.error is not None:
            self.refused[call.name] = outcome.error.code
            return None
        seen = {**walk.seen}
        for place in places(self.domain.spec.tools[call.name].returns, outcome.value):
            known = tuple(value for value in seen.get(place.kind, ()) if value != place.value)
            seen[place.kind] = (*known[-_KEPT:], place.value)
        return Walk(outcome.state, (*walk.calls, call), outcome.value, seen)

    def wander(self, walk: Walk, steps: int) -> Walk:
        """Extend a walk by up to ``steps`` calls of any tools."""
        names = tuple(self.domain.spec.tools)
        for _ in range(steps):
            walk = self.reach(walk, self._pick(names), depth=1) or walk
        return walk

    def reach(
        self, walk: Walk, tool: str, pin: Pin | None = None, *, depth: int = 4, avoid: frozenset[str] = frozenset()
    ) -> Walk | None:
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
                call = ToolCall(tool, self.propose(walk, tool, pin))
            except _Missing as missing:
                longer = self._learn(walk, missing.kind, depth, avoid)
                if longer is None:
                    return None
                walk = longer
                continue
            done = self.follow(walk, call)
            if done is not None:
                return done
            longer = self._enable(walk, call, depth, avoid | {tool})
            if longer is not None:
                walk = longer
                done = self.follow(walk, call)
                if done is not None:
                    return done
        return None

    def refusal(self, walk: Walk, tool: str, code: str) -> ToolCall | None:
        """Return a call that is refused with ``code`` where the walk stands; None if none was proposed."""
        for _ in range(4 * _TRIES):
            try:
                call = ToolCall(tool, self.propose(walk, tool))
            except _Missing:
                return None
            error = self.apply(walk.state, call).error
            if error is not None and error.code == code:
                return call
        return None

    def touch(self, walk: Walk, kind: str, value: Json, *, writing: bool = False) -> Walk | None:
        """Extend a walk by one call of any tool (any that writes) that takes ``value``; None if that was not found."""
        tools = self.domain.spec.tools.items()
        names = [n for n, tool in tools if tool.about(kind) is not None and (tool.effect == "write" or not writing)]
        if not names:
            return None
        name = self._pick(names)
        return self.reach(walk, name, self.pin(name, (kind, value)))

    def _ids(self, tool: str) -> list[str]:
        """Return the issued kinds that a tool cannot be called without."""
        spec = self.domain.spec
        return [kind for kind in spec.tools[tool].input_kinds() if spec.kinds[kind].origin == "issued"]

    def _sources(self, kind: str) -> list[str]:
        """Return the tools that tell a value of ``kind`` to those who have none."""
        return [name for name in self.graph.producers(kind) if kind not in self._ids(name)]

    def fresh(
        self, walk: Walk, kinds: Sequence[str], depth: int = 5, avoid: frozenset[str] = frozenset()
    ) -> Walk | None:
        """Extend a walk by a call that makes something new of one of ``kinds``; None if none was found."""
        tools = self.domain.spec.tools
        makers = [name for kind in kinds for name in self._sources(kind) if tools[name].effect == "write"]
        return self._any_of(walk, list(dict.fromkeys(makers)), None, depth, avoid, most=2)

    def _learn(self, walk: Walk, kind: str, depth: int, avoid: frozenset[str]) -> Walk | None:
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

    def _enable(self, walk: Walk, call: ToolCall, depth: int, avoid: frozenset[str]) -> Walk | None:
        """Mend what made the world refuse: set the fact, or call something else that deals with the same entity."""
        if depth <= 0:
            return None
        spec = self.domain.spec
        code = self.refused[call.name]
        missing = next((f for f in spec.tools[call.name].needs if spec.facts[f].violation == code), None)
        if missing is None:
            return self._stir(walk, call, depth, avoid)
        kind = spec.facts[missing].about
        pin = None if kind is None else (kind, self._about(call, kind))
        return self._any_of(walk, self.graph.setters(missing), pin, depth, avoid, most=3)

    def _stir(self, walk: Walk, call: ToolCall, depth: int, avoid: frozenset[str]) -> Walk | None:
        """Answer a refusal that no fact explains: look for other values, act on the same, or let time pass."""
        chance, ids = float(self.rng.random()), self._ids(call.name)
        if chance < _LEARN and ids:
            kind = self._pick(ids)
            made = self.fresh(walk, (kind,), depth, avoid) if self.rng.random() < 0.5 else None
            return made or self._learn(walk, kind, depth, avoid)
        if chance < _LEARN + _LET_PASS and self._stirs:
            return self._any_of(walk, self._stirs, None, depth, avoid)
        pin = self._some_entity(call)
        names = tuple(self.domain.spec.tools) if pin is None else self.graph.consumers(("kind", pin[0]))
        return self._any_of(walk, names, pin, depth, avoid)

    def _any_of(
        self, walk: Walk, names: Sequence[str], pin: tuple[str, Json] | None, depth: int, avoid: frozenset[str],
        *, most: int = 1,
    ) -> Walk | None:  # fmt: skip
        """Let one of some tools go through; ``most`` of them are tried."""
        for name in self._shuffled([name for name in names if name not in avoid])[:most]:
            longer = self.reach(walk, name, self.pin(name, pin), depth=depth - 1, avoid=avoid)
            if longer is not None:
                return longer
        return None

    def _about(self, call: ToolCall, kind: str) -> Json:
        """Return the entity that a call is about."""
        return call.arguments[self.domain.spec.tools[call.name].about(kind) or ""]

    def _some_entity(self, call: ToolCall) -> tuple[str, Json] | None:
        """Return one of the entities that a call names, None if it names none or to look elsewhere."""
        named = [
            (p.field.kind, call.arguments[name])
            for name, p in self.domain.spec.tools[call.name].parameters.items()
            if p.field.kind is not None and name in call.arguments
        ]
        at = int(self.rng.integers(len(named) + 1))
        return named[at] if at < len(named) else None

    def pin(self, tool: str, entity: tuple[str, Json] | None) -> Pin | None:
        """Settle the first argument of a kind on a value; None where the tool has none, or there is no entity."""
        name = None if entity is None else self.domain.spec.tools[tool].about(entity[0])
        return None if entity is None or name is None else Pin((name,), entity[1])

    # --------------------------------------------------------------------------------------- arguments

    def propose(self, walk: Walk, tool: str, pin: Pin | None = None) -> JsonObject:
        """Return arguments that may work; settled ones first, then identifiers, then the rest in contract order.

        Raises:
            _Missing: An identifier is needed of which none is known.
        """
        parameters = self.domain.spec.tools[tool].parameters
        pinned = pin.path[0] if pin is not None else None
        order = sorted(parameters.values(), key=lambda p: (p.name != pinned, not self._issued(p.field)))
        arguments: JsonObject = {}
        for parameter in order:
            here = pin if pin is not None and parameter.name == pinned else None
            if parameter.required or here is not None:
                arguments[parameter.name] = self._argument(walk, tool, parameter, arguments, here)
            elif self.rng.random() < 0.25:
                self._optional(walk, tool, parameter, arguments)
        return {name: arguments[name] for name in parameters if name in arguments}

    def _optional(self, walk: Walk, tool: str, parameter: Parameter, arguments: JsonObject) -> None:
        try:
            value = self._argument(walk, tool, parameter, arguments, None)
        except _Missing:
            return
        if value is not None:
            arguments[parameter.name] = value

    def _issued(self, field: Field) -> bool:
        return field.kind is not None and self.domain.spec.kinds[field.kind].origin == "issued"

    def _argument(self, walk: Walk, tool: str, parameter: Parameter, arguments: JsonObject, pin: Pin | None) -> Json:
        alike = [v for other in self._alike.get(parameter.field.kind or "", ()) for v in walk.seen.get(other, ())]
        if pin is None and alike and self.rng.random() < _ALIKE:
            return self._pick(alike)
        free = pin is None and not (self._issued(parameter.field) and parameter.field.kind in walk.seen)
        if free and self.rng.random() < 0.8:
            suggested = self.domain.suggest(walk.state, tool, parameter.name, arguments, self.rng)
            if suggested is not None:
                return suggested
        if pin is None and self._issued(parameter.field):
            return self._identifier(walk, parameter.field.kind or "", tuple(arguments.values()))
        return self._value(walk, parameter.field, None if pin is None else Pin(pin.path[1:], pin.value))

    def _identifier(self, walk: Walk, kind: str, used: Sequence[Json]) -> Json:
        """Pick a known identifier that no other argument has; the latest more often."""
        known = [value for value in walk.seen.get(kind, ()) if value not in used]
        if not known:
            raise _Missing(kind)
        return known[-1] if self.rng.random() < 0.3 else self._pick(known)

    def _value(self, walk: Walk, field: Field, pin: Pin | None) -> Json:
        if pin is not None and not pin.path:
            return pin.value
        if field.array is not None:
            return self._items(walk, field, field.array, pin)
        if field.object is not None:
            return {
                name: self._value(walk, member, _within(pin, name))
                for name, member in field.object.items()
                if not member.optional or _within(pin, name) is not None
            }
        return self._plain(walk, field)

    def _items(self, walk: Walk, field: Field, item: Field, pin: Pin | None) -> list[Json]:
        most = min(3, field.max_items or 3)
        count = int(self.rng.integers(max(1, field.min_items), max(most, field.min_items, 1) + 1))
        found = [self._value(walk, item, _within(pin, "*") if i == 0 else None) for i in range(count)]
        return [value for i, value in enumerate(found) if value not in found[:i] or len(found) <= field.min_items]

    def _plain(self, walk: Walk, field: Field) -> Json:
        kind = None if field.kind is None else self.domain.spec.kinds[field.kind]
        known = () if kind is None else walk.seen.get(kind.name, ())
        if kind is not None and kind.origin == "issued":
            return self._identifier(walk, kind.name, ())
        if known and self.rng.random() < 0.5:
            return self._pick(known)
        return self.guess(field)

    def guess(self, field: Field) -> Json:
        """Return a well-formed value for a place that the world suggests nothing for; None if its form is too odd."""
        kind = None if field.kind is None else self.domain.spec.kinds[field.kind]
        if kind is not None and kind.examples and self.rng.random() < 0.8:
            return self._pick(kind.examples)
        try:
            return sample_value(field_schema(self.domain.spec, field), self.rng)
        except UsageError:
            return None

    def _pick(self, choices: Sequence[Json]) -> Json:
        return choices[int(self.rng.integers(len(choices)))]

    def _shuffled(self, names: Sequence[str]) -> list[str]:
        return [names[int(i)] for i in self.rng.permutation(len(names))]


def _within(pin: Pin | None, part: str) -> Pin | None:
    return Pin(pin.path[1:], pin.value) if pin is not None and pin.path[:1] == (part,) else None


def _alike(spec: DomainSpec) -> Mapping[str, tuple[str, ...]]:
    """Return for each kind the others that a user can say, of the same schema."""
    kinds = [kind for kind in spec.kinds.values() if kind.origin != "issued"]
    return {one.name: tuple(k.name for k in kinds if k is not one and k.schema == one.schema) for one in kinds}
