"""Outputs tried as arguments: what the judgement on data edges rests on.

A *place* is an argument of a call that went through. There, a made-up value is tried, for numbers one nearby as well,
and then what tools give: those that the walk called before, and others, called right before the place with arguments
that have worked. Of a list, several items are tried, for not each of them need fit. A value *works* where the call goes
through, changes the state if the call in this place does, and finds something if that one does. What has come out the
same way so often that more trials would hardly change the judgement is tried no more, nor is a tool called right before
a place once everything that it gives is settled there.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.inference.metered import MeteredDomain, OutOfBudget
from fr_envs.adapters.inference.nearby import Nearby
from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.values import fits, in_json, in_state, item_kind, kind_of, options_of, telling, words
from fr_envs.json_values import scalars
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from fr_envs.adapters.inference.walks import ProbeWalk
    from fr_envs.contract.spec import Parameter
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["Flow", "Output", "Target", "Trials", "Tried", "general", "is_data", "takes_outputs"]

_TRIES = 30
"""How often one output is tried as one parameter."""

_SURE = 10
"""How often the same must come of a made-up value, with nothing else ever, to be sure of a parameter."""

_CLEAR = 5
"""How often an output must have worked, in half of its trials at least, to be sure of it."""

_IN_VAIN = 15
"""How often one must have failed, with no success at all: one that works in a fifth would hardly be missed."""

_FREELY = 4
"""Trials of one output as a parameter that takes anything, where they tell next to nothing."""

_LOOKS = 6
"""How often a tool goes through right before places of one parameter to see whether it gives anything for it."""

_ATTEMPTS = 24
"""How often it is called for that."""

_ITEMS = 3
"""Values of one output that are tried in one place: one that works is enough."""

_EARLIER = 8
"""Calls of the walk before a place whose outputs are tried there, the latest first."""

_STRANGERS = 4
"""Other tools that are called right before one place."""

Flow = tuple[str, tuple[str, ...], str, str]
"""Producer, pointer, consumer, parameter."""

Output = tuple[str, tuple[str, ...]]
"""Producer and pointer."""

Target = tuple[str, str]
"""Consumer and parameter."""


class Tried(NamedTuple):
    """How often something was tried, and how often the call went through."""

    worked: int = 0
    tried: int = 0

    def plus(self, other: Tried) -> Tried:
        """Sum up."""
        return Tried(self.worked + other.worked, self.tried + other.tried)


class _Place(NamedTuple):
    """A parameter of a tool in a call that went through; whether that changed the state, whether it found something."""

    state: State
    call: ToolCall
    parameter: Parameter
    writes: bool
    finds: bool


class Trials:
    """Tries outputs as arguments.

    Args:
        domain: The world.
        walks: Walks in it.
        rng: Draws the made-up values.

    Attributes:
        flows: Each output as each parameter.
        made_up: Values that no world has shown, as each parameter.
        nearby: Numbers next to those that worked, as each parameter.
        outputs: Each output, with a value that was seen there.
        authored: Outputs in which a parameter's value came out that the walk, not the world, had brought in.
    """

    def __init__(self, domain: Domain[Any], walks: Sequence[ProbeWalk], rng: np.random.Generator) -> None:
        """Run all trials."""
        self.domain = domain
        self.rng = rng
        self.flows: dict[Flow, Tried] = {}
        self.made_up: dict[Target, Tried] = defaultdict(Tried)
        self.nearby: dict[Target, Tried] = defaultdict(Tried)
        self.outputs: dict[Output, Json] = {}
        self.authored: dict[Flow, int] = defaultdict(int)
        self._asked: dict[Target, Counter[str]] = defaultdict(Counter)
        self._went: dict[Target, Counter[str]] = defaultdict(Counter)
        self._open: dict[Target, dict[str, set[Output]]] = defaultdict(lambda: defaultdict(set))
        self._near = Nearby(domain.spec.tools, walks)
        places = _telling_places(walks)
        if isinstance(domain, MeteredDomain) and domain.bounded:
            places = _in_turn(walks, places)
        with contextlib.suppress(OutOfBudget):
            for index, at in places:
                self._control(walks[index], at)
        for walk in walks:
            self._note(walk)
        own = _own(walks)
        values = {value for _, value in own}
        self._planted = {pair for pair in self._brought(walks) - own if pair[1] in values}
        with contextlib.suppress(OutOfBudget):
            for index, at in places:
                self._try(walks, index, at)

    def checks(self, target: Target) -> bool:
        """Return True if a parameter refuses what is made up, or for numbers what is merely near."""
        made_up, near = self.made_up[target], self.nearby[target]
        return 2 * made_up.worked <= made_up.tried and (not near.tried or 2 * near.worked <= near.tried)

    def _places(self, walk: ProbeWalk, at: int) -> Iterator[_Place]:
        call = walk.calls[at]
        writes = walk.states[at].digest != walk.states[at + 1].digest
        for parameter in self.domain.spec.tools[call.name].parameters.values():
            if parameter.name in call.arguments and takes_outputs(parameter):
                yield _Place(walk.states[at], call, parameter, writes, not _hollow(walk.values[at]))

    def _control(self, walk: ProbeWalk, at: int) -> None:
        for place in self._places(walk, at):
            key = (place.call.name, place.parameter.name)
            value = place.call.arguments[place.parameter.name]
            if not _sure(self.made_up[key]):
                self.made_up[key] = self.made_up[key].plus(self._ran(place, [_made_up(value, self.rng)]))
            if _is_number(value) and not _sure(self.nearby[key]):
                self.nearby[key] = self.nearby[key].plus(self._ran(place, [_next_to(value, self.rng)]))

    def _note(self, walk: ProbeWalk) -> None:
        """Keep outputs, and where a value came out that was given as an argument before."""
        ours: dict[Json, set[Target]] = defaultdict(set)
        said = _native(walk)
        for call, value in zip(walk.calls, walk.values, strict=True):
            for name, given in call.arguments.items():
                for leaf in {*scalars(given)} - said:
                    if telling(leaf):
                        ours[leaf].add((call.name, name))
            if succeeded(value):
                self._note_output(call.name, value, ours)
                said |= {*scalars(value)}

    def _note_output(self, tool: str, value: JsonObject, ours: Mapping[Json, set[Target]]) -> None:
        for each in in_json(value):
            path = general(each.path)
            if is_data(path):
                self.outputs.setdefault((tool, path), each.value)
            for target in ours.get(each.value, ()):
                self.authored[(tool, path, *target)] += 1

    def _try(self, walks: Sequence[ProbeWalk], index: int, at: int) -> None:
        places = list(self._places(walks[index], at))
        if not places:
            return
        walk = walks[index]
        ours = set(walk.given)  # what was a free argument before it was an output comes from us, not from the world
        sources: list[tuple[ToolCall, JsonObject, frozenset[Json]]] = []
        for producer, value in zip(walk.calls[:at], walk.values[:at], strict=True):
            invented = self._invented(producer)
            ours |= invented
            if succeeded(value):
                sources.append((producer, value, frozenset(ours)))
        for place in places:
            for producer, value, brought in sources[-_EARLIER:]:
                self._flow(producer.name, value, place, brought)
            for producer, value, state in self._strangers(index, place):
                brought = frozenset(ours | self._invented(producer))
                self._flow(producer.name, value, place._replace(state=state), brought)

    def _strangers(self, index: int, place: _Place) -> Iterator[tuple[ToolCall, JsonObject, State]]:
        """Call tools whose outputs were tried least for a consumer, with arguments that have worked near by."""
        asked = self._asked[place.call.name, place.parameter.name]
        names = list(self.domain.spec.tools)
        names = sorted((names[number] for number in self.rng.permutation(len(names))), key=asked.__getitem__)
        target = (place.call.name, place.parameter.name)
        tell = self._open[target]
        names = [
            name for name in names if name in tell or (asked[name] < _ATTEMPTS and self._went[target][name] < _LOOKS)
        ]
        for name in names[:_STRANGERS]:
            asked[name] += 1
            arguments = self._near.draw(index, name, self.rng)
            if arguments is not None:
                call = ToolCall(name, arguments)
                outcome = self.domain.apply(place.state, call)
                if succeeded(outcome.value):
                    self._went[target][name] += 1
                    yield call, outcome.value, outcome.state

    def _invented(self, call: ToolCall) -> set[Json]:
        """Return the arguments that the tool did not check; what it checked, the world knows."""
        free = [value for name, value in call.arguments.items() if not self.checks((call.name, name))]
        return {*scalars(free)}

    def _brought(self, walks: Sequence[ProbeWalk]) -> set[tuple[str, Json]]:
        """Return what walks gave as arguments that nobody checks, each under the argument's name.

        A box's number that was given as its keeper's name comes out as one, and that makes keepers no numbers.
        """
        return {
            (name, leaf)
            for walk in walks
            for call in walk.calls
            for name, value in call.arguments.items()
            if not self.checks((call.name, name))
            for leaf in scalars(value)
        }

    def _flow(self, producer: str, value: JsonObject, place: _Place, ours: frozenset[Json]) -> None:
        kind = item_kind(place.parameter.field)
        found: dict[tuple[str, ...], list[Json]] = defaultdict(list)
        for each in in_json(value):
            path = general(each.path)
            if each.value in ours or (path[-1], each.value) in self._planted or not fits(each.value, kind):
                continue
            if is_data(path) and _worth(path, each.value, place.parameter):
                found[path].append(each.value)
        for path, values in found.items():
            key = (producer, path, place.call.name, place.parameter.name)
            before = self.flows.get(key, Tried())
            if not self._settled(before, key[2:]):
                unlike = list({repr(each): each for each in values}.values())
                some = [unlike[number] for number in self.rng.permutation(len(unlike))[:_ITEMS]]
                self.flows[key] = before.plus(self._ran(place, some))
                self._told(key)

    def _settled(self, tried: Tried, target: Target) -> bool:
        """Return True if more trials of an output would hardly change what is made of it."""
        if not self.checks(target):
            return tried.worked > 0 or tried.tried >= _FREELY
        if tried.worked == 0:
            return tried.tried >= _IN_VAIN
        return tried.tried >= _TRIES or (tried.worked >= _CLEAR and 2 * tried.worked >= tried.tried)

    def _told(self, key: Flow) -> None:
        """Note whether an output is still open as a parameter."""
        target, output = key[2:], key[:2]
        still = self._open[target][key[0]]
        (still.discard if self._settled(self.flows[key], target) else still.add)(output)
        if not still:
            del self._open[target][key[0]]

    def _ran(self, place: _Place, values: Sequence[Json]) -> Tried:
        """Try values one after the other until one works."""
        name = place.parameter.name
        for value in values:
            given = [value] if kind_of(place.parameter.field) == "array" and not isinstance(value, list) else value
            outcome = self.domain.apply(place.state, ToolCall(place.call.name, {**place.call.arguments, name: given}))
            changed = outcome.state.digest != place.state.digest
            as_much = (changed or not place.writes) and not (place.finds and _hollow(outcome.value))
            if succeeded(outcome.value) and as_much:
                return Tried(1, 1)
        return Tried(0, 1)


def _sure(tried: Tried) -> bool:
    return tried.tried >= _TRIES or (tried.tried >= _SURE and tried.worked in {0, tried.tried})


def _telling_places(walks: Sequence[ProbeWalk]) -> list[tuple[int, int]]:
    """List the calls that went through, by walk and number, but for those that found nothing where others found."""
    places = []
    for index, walk in enumerate(walks):
        for at, value in enumerate(walk.values):
            if succeeded(value):
                changed = walk.states[at].digest != walk.states[at + 1].digest
                places.append((index, at, changed or not _hollow(value)))
    finders = {walks[index].calls[at].name for index, at, found in places if found}
    return [(index, at) for index, at, found in places if found or walks[index].calls[at].name not in finders]


def _in_turn(walks: Sequence[ProbeWalk], places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places so that each tool has had one before any has a second: trials may end early."""
    seen: Counter[str] = Counter()
    ranked = []
    for index, at in places:
        name = walks[index].calls[at].name
        ranked.append((seen[name], index, at))
        seen[name] += 1
    return [(index, at) for _, index, at in sorted(ranked)]


def _native(walk: ProbeWalk) -> set[Json]:
    """Return the values that are the world's own when a walk begins."""
    return set(walk.known) | ({each.value for each in in_state(walk.states[0])} - walk.given)


def _own(walks: Sequence[ProbeWalk]) -> set[tuple[str, Json]]:
    """Return what a world shows of its own, each value under the name that it stands under.

    What a walk has given under that name before comes from us; so may all that one sees which goes on from another.
    """
    shown: set[tuple[str, Json]] = set()
    for walk in walks:
        if walk.given or walk.known:
            continue
        ours: set[tuple[str, Json]] = set()
        shown |= {(each.path[-1], each.value) for each in in_state(walk.states[0])}
        for call, value in zip(walk.calls, walk.values, strict=True):
            ours |= {(name, leaf) for name, given in call.arguments.items() for leaf in scalars(given)}
            shown |= {(each.path[-1], each.value) for each in in_json(value)} - ours
    return shown


def is_data(path: tuple[str, ...]) -> bool:
    """Return True if what stands at a path is data: keys are names of members, except in objects within objects."""
    return path[-1] != "#" or len(path) > 1


def general(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path in which keys that are data stand for each other."""
    return tuple("#" if any(letter.isdigit() for letter in part) else part for part in path)


def takes_outputs(parameter: Parameter) -> bool:
    """Return True if a parameter takes what a tool may give: no truth value, no choice out of a few."""
    kind = kind_of(parameter.field)
    return kind not in {"boolean", "object"} and "enum" not in (parameter.field.schema or {})


def _worth(path: tuple[str, ...], value: Json, parameter: Parameter) -> bool:
    if value in options_of(parameter.field):
        return False
    return telling(value) or (not isinstance(value, bool) and bool(words(path[-1]) & words(parameter.name)))


def _hollow(value: Json) -> bool:
    """Return True if a result tells of nothing found."""
    return not any(scalars(value))


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _next_to(value: Json, rng: np.random.Generator) -> Json:
    """Return a number near by, on either side, that a tool which only measures would take as well."""
    side = 1 if rng.random() < 0.5 else -1
    return value + side * (1 + int(rng.integers(3))) if isinstance(value, int) else value * (1 + side * 0.07)


def _made_up(value: Json, rng: np.random.Generator) -> Json:
    """Return a value of the same sort that no world has shown."""
    if isinstance(value, list):
        return [_made_up(item, rng) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return type(value)(900_000 + int(rng.integers(90_000)))
    text = str(value)
    if sum(letter.isdigit() for letter in text) > 1:  # an identifier, a date: of the same shape
        return "".join(str(int(rng.integers(10))) if letter.isdigit() else letter for letter in text)
    return f"zq{int(rng.integers(10_000, 99_999))}x"
