"""Casting: which of a living world's things a situation is about; or why it does not fit this world."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.json_values import leaves_of
from fr_envs.situation.conditions import matches, resolved
from fr_envs.situation.spec import arrival_of, dropping_of
from fr_envs.situation.templates import Mark, parse, parts_in
from fr_envs.streams import pick
from fr_envs.world.tool_call import ToolCall
from fr_synth.situations.calls.arguments import plain_arguments
from fr_synth.situations.rules import work_out
from fr_synth.situations.scope import Entity, MissingPathError, Scope, Worked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Role, Situation, SituationTurn
    from fr_synth.sample.walk import Walk

__all__ = ["Misfit", "cast", "moment_of", "today_of"]


_NOTHING: Mapping[str, Worked] = MappingProxyType({})


class Misfit(NamedTuple):
    """Why a situation does not fit a world, in words."""

    reason: str


def today_of(walk: Walk) -> datetime.date | None:
    """Return the world's day, None where it has none."""
    time = walk.domain.hooks.time
    return None if time is None else datetime.datetime.fromtimestamp(time.now(walk.state), tz=datetime.UTC).date()


def moment_of(walk: Walk) -> dict[str, Worked]:
    """Return what every situation can speak of: today, where the world knows a day, and the currency of its prices."""
    found: dict[str, Worked] = {}
    today = today_of(walk)
    if today is not None:
        found["today"] = Worked(today.isoformat())
    told = _PRICES.search(walk.domain.briefing(walk.state))
    if told is not None:
        found["currency"] = Worked(told[1])
    return found


_PRICES = re.compile(r"Prices are in ([A-Z]{3})\.")


def cast(situation: Situation, walk: Walk, known: Mapping[str, Worked] = _NOTHING) -> Scope | Misfit:
    """Choose a situation's cast and work out its values.

    Args:
        situation: The situation.
        walk: Where the dialogue stands.
        known: Further names that it can speak of.
    """
    apart, found = _Apart(situation, walk), Misfit("")
    for _ in range(_CASTS):
        made = _cast_once(situation, Scope({**moment_of(walk), **known}), walk, apart)
        if isinstance(made, Scope):
            return made
        found = made
        if not apart.has_more():
            break
    return found


_CASTS = 8  # choices of things that are tried in one world: another world costs far more than another choice


def _cast_once(situation: Situation, scope: Scope, walk: Walk, apart: _Apart) -> Scope | Misfit:
    for name, role in situation.cast.items():
        entity = _chosen(name, role, scope, walk, apart)
        if isinstance(entity, Misfit):
            return entity
        scope.names[name] = entity
    for name, rule in situation.values.items():
        value = work_out(rule, scope, walk)
        if value is None:
            return Misfit(f"{name} has no value here")
        scope.names[name] = value
        apart.drawn |= not _DRAWN.isdisjoint(rule)
    if not scope.holds(situation.require):
        return Misfit("what it requires does not hold here")
    return scope


_DRAWN = frozenset({"raise", "lower", "between", "pick", "days_after", "suggest"})  # rules of chance


class _Apart:
    """Tells which things the words of a situation single out: no other one of the kind has the same in what they tell.

    It only says which of several things that fit is the better choice; whether the words mean one thing in the end is
    for the proofs. Where a cast did not come about with a thing, the next one is made with another.

    Attributes:
        drawn: A value of the latest cast was drawn, so that it may be another the next time.
    """

    def __init__(self, situation: Situation, walk: Walk) -> None:
        self._walk = walk
        self.drawn = False
        self._tried: set[tuple[str, str]] = set()  # roles and the things that they were given in vain
        self._first: tuple[str, str] | None = None  # the first choice among several of the latest cast
        self._roles = situation.cast
        self._by: dict[str, set[tuple[str, ...]]] = {}
        self._alike: dict[tuple[str, tuple[str, ...]], Counter[str]] = {}
        self._shown: dict[str, set[Json]] = {}
        for path, by in _told_apart(situation):
            self._by.setdefault(path, set()).add(by)

    def has_more(self) -> bool:
        """Return True if the next cast can be another one than the latest, whose first choice is not made again."""
        first, drawn = self._first, self.drawn
        self._first, self.drawn = None, False
        if first is not None:
            self._tried.add(first)
        return first is not None or drawn

    def choose(self, name: str, fitting: list[tuple[Json, Mapping[str, Json]]]) -> tuple[Json, Mapping[str, Json]]:
        """Choose one of some things that fit a role."""
        if len(fitting) == 1:
            return fitting[0]
        best = self._best(name, fitting)
        left = [each for each in best if (name, _key(each)) not in self._tried] or best
        chosen = pick(self._walk.rng, left)
        self._first = self._first or (name, _key(chosen))
        return chosen

    def _best(self, name: str, fitting: list[tuple[Json, Mapping[str, Json]]]) -> list[tuple[Json, Mapping[str, Json]]]:
        """Return those of some things that the words for a role, and for roles that follow from it, single out."""
        follow = [(other, role) for other, role in self._roles.items() if role.same.partition(".")[0] == name]
        kept = [each for each in fitting if self._is_alone(name, self._roles[name].kind, each[1])]
        for other, role in follow if kept else ():
            member = role.same.partition(".")[2]
            things = self._walk.entities(role.kind) or {}
            kept = [
                (key, members)
                for key, members in kept
                if self._is_alone(other, role.kind, things.get(members.get(member) if member else key, {}))
            ]
        return kept or fitting

    def in_sight(
        self, kind: str, fitting: list[tuple[Json, Mapping[str, Json]]]
    ) -> list[tuple[Json, Mapping[str, Json]]]:
        """Return those of some things that an expert's plain list of the kind shows; all of them where it shows none.

        Where the list is long it stops before the end, and nobody would know what stands behind that.
        """
        if len(fitting) < _SHORT:
            return fitting
        if kind not in self._shown:
            self._shown[kind] = _shown_plainly(kind, self._walk)
        shown = self._shown[kind]
        return [each for each in fitting if each[0] in shown] or fitting

    def _is_alone(self, name: str, kind: str, members: Mapping[str, Json]) -> bool:
        for by in self._by.get(name, ()) if kind else ():
            if (kind, by) not in self._alike:
                things = (self._walk.entities(kind) or {}).values()
                self._alike[kind, by] = Counter(_told(each, by) for each in things)
            if self._alike[kind, by][_told(members, by)] > 1:
                return False
        return True


def _shown_plainly(kind: str, walk: Walk) -> set[Json]:
    """Return the identifiers that the list of a kind shows to somebody who asks for nothing in particular."""
    spec = walk.domain.spec
    lister = next(iter(spec.kinds[kind].canonical), None)
    if lister is None or any(parameter.required for parameter in spec.tools[lister].parameters.values()):
        return set()
    outcome = walk.domain.apply(walk.state, ToolCall(lister, {}))
    leaves = leaves_of(outcome.value) if outcome.error is None else ()
    return {value for _, value in leaves if isinstance(value, str)}


def _key(thing: tuple[Json, Mapping[str, Json]]) -> str:
    return repr(thing[1] if thing[0] is None else thing[0])


def _told(members: Mapping[str, Json], by: tuple[str, ...]) -> str:
    return repr([*map(members.get, by)])


def _told_apart(situation: Situation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what words of a situation refer to, each with the members that tell it apart; found once."""
    kept = _APART.get(id(situation))
    if kept is None or kept[0] is not situation:
        if len(_APART) >= _KEPT:
            _APART.clear()
        found = ((mark.path, mark.by) for mark in _marks(situation.turns) if mark.by)
        kept = _APART[id(situation)] = situation, tuple(dict.fromkeys(found))
    return kept[1]


_APART: dict[int, tuple[Situation, tuple[tuple[str, tuple[str, ...]], ...]]] = {}
_KEPT = 512  # situations
_SHORT = 10  # things that every list has room for


def _marks(turns: Iterable[SituationTurn]) -> Iterator[Mark]:
    """Iterate over the words of messages that refer to something."""
    for turn in turns:
        for wording in chain.from_iterable(turn.say.values()):
            yield from (part for part in parts_in(parse(wording)) if isinstance(part, Mark))
        yield from _marks((*turn.then, *filter(None, (arrival_of(turn), dropping_of(turn)))))


def _chosen(name: str, role: Role, scope: Scope, walk: Walk, apart: _Apart) -> Entity | Misfit:
    try:
        where = resolved(role.where, scope.value)
        found = _rows(role, scope, walk) if role.call else _entities(role, scope, walk)
    except MissingPathError as missing:
        return Misfit(f"{name}: nothing at {missing}")
    taken = {thing.key for thing in scope.names.values() if isinstance(thing, Entity) and thing.kind == role.kind}
    fitting = [(key, members) for key, members in found if matches(where, members)]
    if role.unique and len(fitting) != 1:
        return Misfit(f"{name}: {len(fitting)} things fit where one has to")
    if not role.same:
        fitting = [(key, members) for key, members in fitting if key is None or key not in taken]
    if not role.same and not role.call:
        fitting = apart.in_sight(role.kind, fitting)
    if role.least or role.most:
        fitting = _extreme(fitting, role)
    if not fitting:
        return Misfit(f"{name}: no {role.kind or role.call} {_unheard_of(where, found) or 'fits'}")
    key, members = apart.choose(name, fitting)
    return Entity(role.kind, key, members, where)


def _unheard_of(where: JsonObject, found: Collection[tuple[Json, Mapping[str, Json]]]) -> str:
    """Return in words which member conditions ask for that none of the things has; empty where there is none such."""
    have = {member for _, members in found for member in members}
    unknown = [member for member in where if member not in have] if have else []
    return f"has a member {unknown[0]!r}; there is {', '.join(sorted(have))}" if unknown else ""


def _entities(role: Role, scope: Scope, walk: Walk) -> list[tuple[Json, Mapping[str, Json]]]:
    entities = walk.entities(role.kind) or {}
    if role.same:
        key = scope.value(role.same)
        return [(key, entities[key])] if key in entities else []
    return list(entities.items())


def _rows(role: Role, scope: Scope, walk: Walk) -> list[tuple[Json, Mapping[str, Json]]]:
    outcome = walk.domain.apply(walk.state, ToolCall(role.call, plain_arguments(role.arguments, scope)))
    if outcome.error is not None:
        return []
    rows: Json = outcome.value
    for part in role.rows.split(".") if role.rows else ():
        rows = rows.get(part) if isinstance(rows, dict) else None
    return [(None, row) for row in (rows if isinstance(rows, list) else [rows]) if isinstance(row, dict)]


def _extreme(fitting: list[tuple[Json, Mapping[str, Json]]], role: Role) -> list[tuple[Json, Mapping[str, Json]]]:
    member = role.least or role.most
    valued = [each for each in fitting if isinstance(each[1].get(member), int | float | str)]
    if not valued:
        return []
    choose = min if role.least else max
    best: Json = choose(each[1][member] for each in valued)
    only = [each for each in valued if each[1][member] == best]
    return only if len(only) == 1 else []


def condition_of(entity: Entity, by: tuple[str, ...]) -> JsonObject:
    """Return the conditions that words for an entity stand for: those of some members, or its own."""
    return {name: entity.members.get(name) for name in by} if by else dict(entity.where)
