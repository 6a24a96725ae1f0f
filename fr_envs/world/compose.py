"""Several worlds as one: one state, one set of tools, kinds shared, so that dependencies cross from world to world.

A kind that two worlds declare with the same name and schema is one kind; with another schema each keeps its own, named
``world_kind``. A tool keeps its bare name where no other world has it, else it is ``world.tool``. Facts likewise.
Worlds that tell the time begin at one moment, and when one of them lets time pass, it passes in all.
"""

from __future__ import annotations

import collections
import functools
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, cast

import msgspec
from typing_extensions import override

from fr_envs.contract.aliases import united
from fr_envs.contract.spec import DomainSpec, ToolSpec
from fr_envs.errors import StateError, UsageError
from fr_envs.world.domain import Domain, Effect, Entities, Handler, Hooks, Scale, TimeHooks
from fr_envs.world.joining import Names, facts_of, flows_of, kinds_of, names_of, tools_of
from fr_envs.world.state import Change, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Composite", "compose", "composite", "owner"]

_MODULUS = 1 << 128
_DAY = 86_400
_HOURS = (8, 12)  # a composition begins between these hours, UTC

_Clocks: TypeAlias = "dict[str, TimeHooks[Any]]"


class Composite(State, frozen=True):
    """A state that holds the states of several worlds.

    Attributes:
        worlds: Names of the worlds.
        parts: Their states, in the same order.
    """

    part_types: ClassVar[dict[str, type[State]]] = {}

    worlds: tuple[str, ...] = ()
    parts: tuple[State, ...] = ()

    def part(self, world: str) -> State:
        """Return the state of one world."""
        return self.parts[self.worlds.index(world)]

    def with_part(self, world: str, part: State) -> Self:
        """Return the state with another state of one world."""
        position = self.worlds.index(world)
        return type(self)(self.worlds, (*self.parts[:position], part, *self.parts[position + 1 :]))

    @override
    def tables(self) -> Iterator[Any]:
        """Iterate over the tables of every world; two worlds may have tables of one name."""
        return (table for part in self.parts for table in part.tables())

    @property
    @override
    def digest(self) -> int:
        """A 128-bit digest of all contents. Each world's is weighted, so that worlds cannot swap contents unseen."""
        return sum(part.digest * (2 * k + 1) for k, part in enumerate(self.parts)) % _MODULUS

    @override
    def diff(self, later: State) -> tuple[Change, ...]:
        """Return every row in which ``later`` differs; tables are named ``world.table``."""
        if not isinstance(later, Composite) or later.worlds != self.worlds:
            raise StateError(f"a state of {'+'.join(self.worlds)} cannot be compared with another world's")
        pairs = zip(self.worlds, self.parts, later.parts, strict=True)
        return tuple(
            change._replace(table=f"{world}.{change.table}")
            for world, mine, theirs in pairs
            for change in mine.diff(theirs)
        )

    @override
    def to_json(self) -> JsonObject:
        """Return ``{world: state}``."""
        return {world: part.to_json() for world, part in zip(self.worlds, self.parts, strict=True)}

    @classmethod
    @override
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Rebuild a state from what ``to_json`` gave; a composition's own state class knows its worlds.

        Raises:
            StateError: A world is missing or unknown, or the contents of one have another shape.
        """
        if set(data) != set(cls.part_types):
            odd = ", ".join(sorted(set(data) ^ set(cls.part_types)))
            raise StateError(f"worlds missing or unknown: {odd}")
        parts = tuple(part.from_json(data[world]) for world, part in cls.part_types.items())
        return cls(tuple(cls.part_types), parts)

    @override
    def __reduce__(self) -> tuple[Callable[..., Composite], tuple[tuple[str, ...], tuple[State, ...]]]:
        """Pickle the parts; the class is made anew where they are unpickled."""
        return composite, (self.worlds, self.parts)


@functools.lru_cache(maxsize=64)
def _composite_of(worlds: tuple[str, ...], types: tuple[type[State], ...]) -> type[Composite]:
    """Return the state class of a composition: one class for the same worlds in the same order."""
    name = "".join(each.__name__ for each in types)
    own = {"part_types": dict(zip(worlds, types, strict=True))}
    made = msgspec.defstruct(name, [], bases=(Composite,), frozen=True, module=__name__, namespace=own)
    return cast("type[Composite]", made)


def composite(worlds: tuple[str, ...], parts: tuple[State, ...]) -> Composite:
    """Put the states of several worlds into one."""
    return _composite_of(worlds, tuple(type(part) for part in parts))(worlds, parts)


def compose(*domains: Domain[Any], name: str | None = None, id: str | None = None) -> Domain[Composite]:
    """Put several worlds into one.

    Args:
        *domains: The worlds; at least two, all different.
        name: Short name of the composition; ``banking+travel`` if not given.
        id: Gymnasium id; made from the name if not given.

    Raises:
        UsageError: Fewer than two worlds, or one of them twice.
    """
    worlds = [domain.name for domain in domains]
    if len(domains) < 2 or len({*worlds}) < len(worlds):
        raise UsageError(f"compose takes two worlds or more, each once; got {', '.join(worlds) or 'none'}")
    clocks = _clocks_of(domains)
    if clocks and max(time.span[0] for time in clocks.values()) + 2 * _DAY > min(t.span[1] for t in clocks.values()):
        raise UsageError(f"{' and '.join(clocks)} have no day in common on which they can begin; widen their spans")
    names = names_of(domains)
    joined = name or "+".join(worlds)
    spec = DomainSpec(
        name=joined,
        id=id or f"FunReason/{''.join(world.title() for world in worlds)}-v0",
        summary=" ".join(domain.spec.summary for domain in domains),
        policy="\n\n".join(domain.spec.policy for domain in domains),
        kinds=kinds_of(domains, names),
        facts={fact.name: fact for d, n in zip(domains, names, strict=True) for fact in facts_of(d.spec, n)},
        tools={tool.name: tool for d, n in zip(domains, names, strict=True) for tool in tools_of(d.spec, n)},
        version="+".join(dict.fromkeys(domain.spec.version for domain in domains)),
        source=joined,
        flows=tuple(flow for domain in domains for flow in flows_of(domain.spec, worlds)),
        aliases=united((domain.spec for domain in domains), (renamed.tools for renamed in names)),
    )
    handlers = {
        renamed.tools.get(tool, tool): functools.partial(_handled, clocks, domain.name, handler)
        for domain, renamed in zip(domains, names, strict=True)
        for tool, handler in domain.handlers.items()
    }
    made = Domain(spec, handlers, _hooks(domains, names))
    made.loader = functools.partial(compose, *domains, name=name, id=id)
    return made


def owner(domain: Domain[Any], tool: str) -> str:
    """Return the name of the world of a composition that a tool belongs to; of another world, its own name.

    Args:
        domain: A world.
        tool: One of its tools.
    """
    handler: object = domain.handlers[tool]
    if isinstance(handler, functools.partial) and handler.func is _handled:
        return str(handler.args[1])
    return domain.name


def _handled(clocks: _Clocks, world: str, inner: Handler, state: Composite, **arguments: Json) -> Effect[Composite]:
    part = state.part(world)
    effect = inner(part, **arguments)
    if effect.state is part:
        return Effect(state, effect.value)
    after = state.with_part(world, effect.state)
    if world in clocks and (passed := clocks[world].now(effect.state) - clocks[world].now(part)) > 0:
        after = _advanced(clocks, world, after, _moment_of(clocks, state) + passed)
    return Effect(after, effect.value)


def _clocks_of(domains: Sequence[Domain[Any]]) -> _Clocks:
    return {domain.name: domain.hooks.time for domain in domains if domain.hooks.time is not None}


def _common_moment(clocks: _Clocks, rng: np.random.Generator) -> int:
    """Draw the moment at which all parts begin."""
    first, last = (pick(time.span[end] for time in clocks.values()) // _DAY for end, pick in ((0, max), (1, min)))
    day = int(rng.integers(first + 1, last))
    return day * _DAY + 60 * int(rng.integers(_HOURS[0] * 60, _HOURS[1] * 60))


def _moment_of(clocks: _Clocks, state: Composite) -> int:
    """Return the moment it is by the finest clock of a composition, in seconds since 1970 UTC."""
    return max(clock.now(state.part(world)) for world, clock in clocks.items())


def _advanced(clocks: _Clocks, mover: str, state: Composite, moment: int) -> Composite:
    """Let time pass in every other world than the one that has moved already."""
    for world, clock in clocks.items():
        if world != mover:
            state = state.with_part(world, clock.advance(state.part(world), moment))
    return state


def _initial(domains: Sequence[Domain[Any]], rng: np.random.Generator, scale: Scale) -> Composite:
    clocks = _clocks_of(domains)
    streams = rng.spawn(len(domains) + 1)
    moment = _common_moment(clocks, streams.pop()) if clocks else 0
    return _parts_of(domains, streams, scale, moment)


def _pending(domains: Sequence[Domain[Any]], rng: np.random.Generator, scale: Scale, moment: int) -> Composite:
    return _parts_of(domains, rng.spawn(len(domains)), scale, moment)


def _parts_of(
    domains: Sequence[Domain[Any]], streams: Sequence[np.random.Generator], scale: Scale, moment: int
) -> Composite:
    """Build every part with a stream of its own; those with a clock begin at one moment."""
    parts = []
    for domain, rng in zip(domains, streams, strict=False):
        time = domain.hooks.time
        parts.append(domain.initial(rng, scale) if time is None else time.begin(rng, scale, moment))
    return composite(tuple(domain.name for domain in domains), tuple(parts))


def _hooks(domains: Sequence[Domain[Any]], names: Sequence[Names]) -> Hooks[Composite]:
    facts: dict[str, Callable[..., bool]] = {}
    entities: dict[str, list[tuple[str, Callable[[Any], Entities]]]] = collections.defaultdict(list)
    suggest: dict[str, Callable[..., Json]] = {}
    for domain, renamed in zip(domains, names, strict=True):
        world, hooks = domain.name, domain.hooks
        for fact, predicate in hooks.facts.items():
            facts[renamed.facts.get(fact, fact)] = functools.partial(_holds, world, predicate)
        for kind, listed in hooks.entities.items():
            entities[renamed.kinds.get(kind, kind)].append((world, listed))
        for tool in domain.spec.tools.values():
            for place, inner in _suggestions(domain, tool):
                suggest[f"{renamed.tools.get(tool.name, tool.name)}.{place}"] = functools.partial(
                    _offered, world, inner
                )
    return Hooks(
        initial=functools.partial(_initial, tuple(domains)),
        facts=facts,
        entities={kind: functools.partial(_united, tuple(found)) for kind, found in entities.items()},
        suggest=suggest,
        incidental=frozenset(f"{domain.name}.{table}" for domain in domains for table in domain.hooks.incidental),
        time=_shared_time(domains),
        briefing=functools.partial(_briefed, tuple(domains)),
        busy=all(domain.hooks.busy for domain in domains),
    )


def _briefed(domains: tuple[Domain[Any], ...], state: Composite) -> str:
    """Return what the worlds of a composition tell of their first states, each sentence once."""
    told = (domain.briefing(part) for domain, part in zip(domains, state.parts, strict=True))
    sentences = (sentence for each in told for sentence in each.split(". "))
    once = dict.fromkeys(sentence.rstrip(".") for sentence in sentences if sentence)
    return " ".join(f"{sentence}." for sentence in once)


def _shared_time(domains: Sequence[Domain[Any]]) -> TimeHooks[Composite] | None:
    """Return the clock of a composition, so that it can be a part of another."""
    clocks = _clocks_of(domains)
    if not clocks:
        return None
    return TimeHooks(
        now=functools.partial(_moment_of, clocks),
        advance=functools.partial(_advanced, clocks, ""),
        begin=functools.partial(_pending, tuple(domains)),
        span=(max(time.span[0] for time in clocks.values()), min(time.span[1] for time in clocks.values())),
    )


def _suggestions(domain: Domain[Any], tool: ToolSpec) -> Iterator[tuple[str, Callable[..., Json]]]:
    """Iterate over (parameter, hook): a kind's hook speaks for the parameters of its own world only."""
    for name, parameter in tool.parameters.items():
        hook = domain.hooks.suggest.get(f"{tool.name}.{name}") or domain.hooks.suggest.get(parameter.field.kind or "")
        if hook is not None:
            yield name, hook


def _holds(world: str, predicate: Callable[..., bool], state: Composite, *value: Json) -> bool:
    return predicate(state.part(world), *value)


def _offered(
    world: str, hook: Callable[..., Json], state: Composite, arguments: Mapping[str, Json], rng: np.random.Generator
) -> Json:
    return hook(state.part(world), arguments, rng)


def _united(found: Sequence[tuple[str, Callable[[Any], Entities]]], state: Composite) -> Entities:
    return {key: fields for world, listed in found for key, fields in listed(state.part(world)).items()}
