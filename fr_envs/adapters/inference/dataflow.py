"""Data edges: is a tool's output an argument of another? Asked by execution.

A parameter *discriminates* if a call that goes through fails, or gives another thing than an echo, with a made-up
value in its place. For one that does, an output is an argument where it goes through too. For one that takes
anything, only names can tell, and the edge says so.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fr_envs.adapters.inference.values import fits, in_json, kind_of, likeness, options_of, telling, words
from fr_envs.adapters.inference.walks import succeeded
from fr_envs.calls import ToolCall
from fr_envs.spec import leaves
from fr_envs.task import scalars

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from fr_envs.adapters.inference.walks import Walk
    from fr_envs.domain import Domain
    from fr_envs.spec import Parameter
    from fr_envs.state import Json, JsonObject, State

__all__ = ["DataEdge", "data_edges"]

_TRIES = 12
"""How often one output is tried as one parameter."""

Ground = Literal["executed", "named", "guessed"]
"""executed: works where a made-up value fails; named: works as anything does, the names agree; guessed: the names
agree, and the tool never went through."""


class DataEdge(NamedTuple):
    """From an output to a parameter.

    Attributes:
        producer: Tool that gives the value.
        pointer: Where in its result, as names; ``*`` for the items of an array, ``#`` for the keys of an object.
        consumer: Tool that takes it.
        parameter: As what.
        ground: What speaks for it.
        worked: How often the consumer went through with it.
        tried: Out of how many.
    """

    producer: str
    pointer: tuple[str, ...]
    consumer: str
    parameter: str
    ground: Ground
    worked: int
    tried: int


class _Place(NamedTuple):
    """A parameter of a tool in a call that went through."""

    state: State
    call: ToolCall
    parameter: Parameter


class _Tried(NamedTuple):
    worked: int
    tried: int


def data_edges(domain: Domain[Any], walks: Iterable[Walk], rng: np.random.Generator) -> list[DataEdge]:
    """Try what earlier calls of a walk gave as arguments of later ones.

    Args:
        domain: The world.
        walks: Walks in it.
        rng: Draws the made-up values.
    """
    return _Flows(domain, rng).of([*walks])


class _Flows:
    def __init__(self, domain: Domain[Any], rng: np.random.Generator) -> None:
        self.domain = domain
        self.rng = rng
        self.flows: dict[tuple[str, tuple[str, ...], str, str], _Tried] = {}
        self.controls: dict[tuple[str, str], _Tried] = defaultdict(lambda: _Tried(0, 0))
        self.outputs: dict[tuple[str, tuple[str, ...]], Json] = {}

    def of(self, walks: list[Walk]) -> list[DataEdge]:
        for walk in walks:
            for at, call in enumerate(walk.calls):
                if succeeded(walk.values[at]):
                    self._control(walk.states[at], call)
        for walk in walks:
            for at, call in enumerate(walk.calls):
                if succeeded(walk.values[at]):
                    self._try(walk, at, call)
                    self._note(call.name, walk.values[at])
        found = [edge for key, tried in self.flows.items() if (edge := self._judged(key, tried)) is not None]
        went = {producer for producer, _ in self.outputs}
        used = {consumer for _, _, consumer, _ in self.flows}
        for name in self.domain.spec.tools:
            found += self._promises(name) if name not in went else []
            found += self._guesses(name) if name not in used else []
        return sorted({edge[:4]: edge for edge in found}.values())

    def _note(self, tool: str, value: JsonObject) -> None:
        for each in in_json(value):
            if each.path[-1] != "#":
                self.outputs.setdefault((tool, _general(each.path)), each.value)

    def _try(self, walk: Walk, at: int, call: ToolCall) -> None:
        tool = self.domain.spec.tools[call.name]
        for parameter in tool.parameters.values():
            if parameter.name not in call.arguments or not _open(parameter):
                continue
            place = _Place(walk.states[at], call, parameter)
            ours = set(walk.given)  # what was an argument before it was an output comes from us, not from the world
            said = set(walk.known)
            for producer, value in zip(walk.calls[:at], walk.values[:at], strict=True):
                ours |= self._invented(producer) - said
                if succeeded(value):
                    said |= {*scalars(value)}
                    self._flow(producer.name, value, place, ours)

    def _control(self, state: State, call: ToolCall) -> None:
        for parameter in self.domain.spec.tools[call.name].parameters.values():
            key = (call.name, parameter.name)
            if parameter.name in call.arguments and _open(parameter) and self.controls[key].tried < _TRIES:
                value = _made_up(call.arguments[parameter.name], self.rng)
                self.controls[key] = self._ran(self.controls[key], _Place(state, call, parameter), value)

    def _checks(self, tool: str, parameter: str) -> bool:
        control = self.controls[tool, parameter]
        return 2 * control.worked <= control.tried

    def _invented(self, call: ToolCall) -> set[Json]:
        """Return the arguments that the tool did not check; what it checked, the world knows."""
        free = [value for name, value in call.arguments.items() if not self._checks(call.name, name)]
        return {*scalars(free)}

    def _flow(self, producer: str, value: JsonObject, place: _Place, ours: set[Json]) -> None:
        kind = _item_kind(place.parameter)
        done: set[tuple[str, ...]] = set()
        for each in in_json(value):
            path = _general(each.path)
            if (
                path in done
                or each.value in ours
                or not fits(each.value, kind)
                or not _worth(path, each.value, place.parameter)
            ):
                continue
            done.add(path)
            key = (producer, path, place.call.name, place.parameter.name)
            before = self.flows.get(key, _Tried(0, 0))
            if before.tried < _TRIES:
                self.flows[key] = self._ran(before, place, each.value)

    def _ran(self, before: _Tried, place: _Place, value: Json) -> _Tried:
        name = place.parameter.name
        given = [value] if kind_of(place.parameter.field) == "array" and not isinstance(value, list) else value
        outcome = self.domain.apply(place.state, ToolCall(place.call.name, {**place.call.arguments, name: given}))
        return _Tried(before.worked + succeeded(outcome.value), before.tried + 1)

    def _judged(self, key: tuple[str, tuple[str, ...], str, str], tried: _Tried) -> DataEdge | None:
        producer, path, consumer, parameter = key
        if self._checks(consumer, parameter):
            enough = tried.worked >= 0.5 * tried.tried or (tried.worked > 2 and tried.worked >= 0.2 * tried.tried)
            if enough and tried.worked > 1 and self._may_be(producer, path, consumer, parameter):
                return DataEdge(*key, "executed", *tried)
            return None
        if tried.worked and self._alike(path, consumer, parameter):
            return DataEdge(*key, "named", *tried)
        return None

    def _may_be(self, producer: str, path: tuple[str, ...], consumer: str, parameter: str) -> bool:
        """A number serves as any number, so that one has to be spoken of in the same words as well."""
        if _item_kind(self.domain.spec.tools[consumer].parameters[parameter]) not in {"number", "integer"}:
            return True
        source = words(" ".join((*path, producer))) - _VAGUE
        return bool(source & (words(f"{parameter} {consumer}" if words(parameter) <= _VAGUE else parameter) - _VAGUE))

    def _alike(self, path: tuple[str, ...], consumer: str, parameter: str) -> bool:
        name = words(next((part for part in reversed(path) if part not in {"*", "#"}), ""))
        wanted = words(parameter)
        if any(name & same and wanted & same for same in _SAME):
            return True
        return likeness(name, wanted) >= 1 and bool((name & wanted) - _VAGUE)

    def _guesses(self, consumer: str) -> list[DataEdge]:
        found = []
        for parameter in self.domain.spec.tools[consumer].parameters.values():
            if not _open(parameter):
                continue
            text = words(f"{parameter.name} {parameter.field.description}")
            for (producer, path), value in self.outputs.items():
                name = words(next((part for part in reversed(path) if part not in {"*", "#"}), "")) - _VAGUE
                if name and name <= text and producer != consumer and fits(value, _item_kind(parameter)):
                    found.append(DataEdge(producer, path, consumer, parameter.name, "guessed", 0, 0))
        return found

    def _promises(self, producer: str) -> list[DataEdge]:
        """Take the word of a contract for what a tool would give that never went through."""
        found = []
        for leaf in leaves(self.domain.spec.tools[producer].returns):
            for consumer in self.domain.spec.tools.values():
                for parameter in consumer.parameters.values():
                    same_kind = kind_of(leaf.field) in {_item_kind(parameter), ""}
                    if same_kind and _open(parameter) and self._alike(leaf.path, consumer.name, parameter.name):
                        found.append(DataEdge(producer, leaf.path, consumer.name, parameter.name, "guessed", 0, 0))
        return found


_VAGUE = frozenset(
    {"id", "name", "amount", "description", "status", "result", "message", "type", "value", "content", "user", "number"}
)
"""Words that many things are called."""

_SAME = (frozenset({"location", "destination", "address", "place"}), frozenset({"cost", "price", "fare"}))
"""Words that stand for each other."""


def _general(path: tuple[str, ...]) -> tuple[str, ...]:
    """Keys that are data stand for each other."""
    return tuple("#" if any(letter.isdigit() for letter in part) else part for part in path)


def _open(parameter: Parameter) -> bool:
    """Say whether a parameter takes what a tool may give: no truth value, no choice out of a few."""
    kind = kind_of(parameter.field)
    return kind not in {"boolean", "object"} and "enum" not in (parameter.field.schema or {})


def _item_kind(parameter: Parameter) -> str:
    field = parameter.field
    return kind_of(field.array) if field.array is not None else kind_of(field)


def _worth(path: tuple[str, ...], value: Json, parameter: Parameter) -> bool:
    if value in options_of(parameter.field):
        return False
    return telling(value) or (not isinstance(value, bool) and bool(words(path[-1]) & words(parameter.name)))


def _made_up(value: Json, rng: np.random.Generator) -> Json:
    """Return a value of the same sort that no world has shown."""
    if isinstance(value, list):
        return [_made_up(item, rng) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return type(value)(900_000 + int(rng.integers(90_000)))
    return f"zq{int(rng.integers(10_000, 99_999))}x"
