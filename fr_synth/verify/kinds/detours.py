"""Detours: does another way lead to what a call would change?

What is compared is what the world shows of its things, not its rows: a copy and a removal come to a move, though the
file has another number within. A thing that appears counts as the same if at most one of its members differs (the
time of its making, as a rule).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.world.tool_call import ToolCall
from fr_synth.verify.kinds.world import bindings, offered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json
    from fr_envs.world.domain import Entities
    from fr_envs.world.state import State
    from fr_synth.verify.evidence import Evidence

__all__ = ["way_to"]

_LONGEST = 3  # calls of a way round


class _Shown(NamedTuple):
    """One difference in what a world shows: a thing that came or went, or a member that changed.

    Attributes:
        kind: Kind of the thing.
        key: Its identifier; None where the world issues it.
        member: Member that changed; empty for the whole thing.
        value: What it is then; None for what is gone.
    """

    kind: str
    key: Json
    member: str
    value: Json


def way_to(evidence: Evidence, state: State, call: ToolCall, after: State) -> list[str]:
    """Return the tools of a way by which others come to what a call would change; empty where none is found.

    Each call of a way is made with the arguments of the one that it stands for, and brings something of it about.

    Args:
        evidence: The record and its replay.
        state: The world as it is.
        call: The call.
        after: The state that it would lead to.
    """
    before = _things(evidence, state)
    left = wanted = _changes(evidence, before, _things(evidence, after))
    way: list[str] = []
    for _ in range(_LONGEST if wanted else 0):
        name, state, left = _nearer(evidence, (state, left), call, before, wanted)
        if not name:
            return []
        way.append(name)
        if not left:
            return way
    return []


def _nearer(
    evidence: Evidence, here: tuple[State, list[_Shown]], call: ToolCall, before: _Things, wanted: list[_Shown]
) -> tuple[str, State, list[_Shown]]:
    """Return the call after which least is left of what is wanted; no name where none brings anything of it about."""
    tools, state = evidence.domain.spec.tools, here[0]
    best = ("", *here)
    for name in offered(evidence):
        if tools[name].effect != "write" or name == call.name:
            continue
        for arguments in bindings(evidence, None, tools[name], call.arguments):
            outcome = evidence.domain.apply(state, ToolCall(name, arguments))
            if outcome.error is None and outcome.state is not state:
                left = _left(wanted, _changes(evidence, before, _things(evidence, outcome.state)))
                best = (name, outcome.state, left) if len(left) < len(best[2]) else best
    return best


_Things: TypeAlias = "dict[str, Entities]"


def _things(evidence: Evidence, state: State) -> _Things:
    """Return what a world shows of its things, by kind and identifier."""
    return {kind: evidence.domain.entities(state, kind) or {} for kind in evidence.domain.spec.kinds}


def _named(things: Entities) -> dict[str, tuple[Json, Mapping[str, Json]]]:
    return {repr(key): (key, members) for key, members in things.items()}


def _changes(evidence: Evidence, before: _Things, after: _Things) -> list[_Shown]:
    """Return the differences between what is shown before and after."""
    found: list[_Shown] = []
    for kind, things in after.items():
        if things == before[kind]:  # as nearly all kinds are, and in a busy world nearly all things of any other
            continue
        here, there = _named(before[kind]), _named(things)
        issued = evidence.domain.spec.kinds[kind].origin == "issued"
        for name, (key, members) in there.items():
            if name not in here:
                found.append(_Shown(kind, None if issued else key, "", dict(members)))
                continue
            old = here[name][1]
            if members == old:
                continue
            found += [_Shown(kind, key, each, members[each]) for each in members if members[each] != old.get(each)]
        found += [_Shown(kind, key, "", None) for name, (key, _) in here.items() if name not in there]
    return found


def _left(wanted: list[_Shown], done: list[_Shown]) -> list[_Shown]:
    return [each for each in wanted if not any(_same(each, other) for other in done)]


def _same(one: _Shown, other: _Shown) -> bool:
    if (one.kind, one.key, one.member) != (other.kind, other.key, other.member):
        return False
    if one.member or not isinstance(one.value, dict) or not isinstance(other.value, dict):
        return one.member in _TIMES or bool(one.value == other.value)
    differing = [name for name, value in one.value.items() if other.value.get(name) != value]
    return len(differing) <= 1


_TIMES = frozenset({"modified", "changed", "updated"})
