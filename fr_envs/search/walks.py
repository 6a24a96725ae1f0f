"""Walks: a state with the calls that led to it and what their results have told."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from fr_envs.graph.witness.value_walk import walk_values
from fr_envs.json_values import Json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.graph.witness.value_walk import ValueAt
    from fr_envs.world.domain import Outcome
    from fr_envs.world.tool_call import ToolCall

__all__ = ["Entity", "Pin", "WitnessWalk", "extended", "within"]

Entity: TypeAlias = tuple[str, Json]
"""A kind and a value of it."""

_KEPT = 60
"""How many values of a kind a walk remembers."""

_KIN = 8
"""How many things of one kind a walk remembers to have to do with a thing."""


class WitnessWalk(NamedTuple):
    """A state and how it was reached.

    Attributes:
        state: Where the walk stands.
        calls: The calls so far; all of them went through.
        value: Result of the last call, empty before the first.
        seen: Values that the results told, by kind; the latest last.
        kin: Identifiers that stood beside an identifier in a result or were given for it, with their kinds.
    """

    state: Any
    calls: tuple[ToolCall, ...] = ()
    value: Mapping[str, Json] = MappingProxyType({})
    seen: Mapping[str, tuple[Json, ...]] = MappingProxyType({})
    kin: Mapping[Json, tuple[Entity, ...]] = MappingProxyType({})


class Pin(NamedTuple):
    """A value that an argument has to have.

    Attributes:
        path: Place in the arguments, ``*`` for the first item.
        value: What stands there.
    """

    path: tuple[str, ...]
    value: Json


def within(pin: Pin | None, part: str) -> Pin | None:
    """Return a pin as seen from a member of what it points into; None where it points elsewhere."""
    return Pin(pin.path[1:], pin.value) if pin is not None and pin.path[:1] == (part,) else None


def extended(walk: WitnessWalk, spec: DomainSpec, call: ToolCall, outcome: Outcome[Any]) -> WitnessWalk:
    """Return the walk with one more call that went through."""
    tool = spec.tools[call.name]
    seen, kin = {**walk.seen}, {**walk.kin}
    told = list(walk_values(tool.returns, outcome.value))
    for place in told:
        known = tuple(value for value in seen.get(place.kind, ()) if value != place.value)
        seen[place.kind] = (*known[-_KEPT:], place.value)
    issued = [place for place in told if spec.kinds[place.kind].origin == "issued" and isinstance(place.value, str)]
    given = walk_values({name: p.field for name, p in tool.parameters.items()}, call.arguments)
    named = [place for place in given if spec.kinds[place.kind].origin == "issued"]
    groups: dict[str, list[ValueAt]] = {}
    for place in issued:
        groups.setdefault(place.pointer.rpartition("/")[0], []).append(place)
    for group in (*groups.values(), [*named, *issued[:_KIN]]):
        for one in group:
            others = dict.fromkeys((p.kind, p.value) for p in group if p.value != one.value)
            if others:
                kin[one.value] = _latest((*(each for each in kin.get(one.value, ()) if each not in others), *others))
    return WitnessWalk(outcome.state, (*walk.calls, call), outcome.value, seen, kin)


def _latest(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Return the last few of each kind, in order."""
    kept: list[Entity] = []
    count: dict[str, int] = {}
    for entity in reversed(entities):
        count[entity[0]] = count.get(entity[0], 0) + 1
        if count[entity[0]] <= _KIN:
            kept.append(entity)
    return tuple(reversed(kept))
