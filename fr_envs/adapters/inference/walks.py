"""Walks through a world about which nothing is known but names, types and texts; what works is remembered.

An argument is drawn from what the schema and the text name, what the state holds, what earlier outputs and error
messages said, and what has worked before; the more the words around a value are those of the parameter, the likelier.
No tool is favoured but those that have worked least often.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.inference.forms import Forms
from fr_envs.adapters.inference.hearing import heard, words_around
from fr_envs.adapters.inference.metered import OutOfBudget
from fr_envs.adapters.inference.outcomes import complaint, first_words, succeeded
from fr_envs.adapters.inference.values import (
    Named,
    fits,
    in_state,
    kind_of,
    likeness,
    offered,
    options_of,
    words,
)
from fr_envs.adapters.words.values.plausible import plausible_texts
from fr_envs.json_values import scalars
from fr_envs.streams import pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import Field, Parameter, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["ProbeWalk", "ToolExplorer", "parameter_words", "signature"]

_NUMBERS = (1, 2, 5, 20, 50, 100, 250)
_COMMON = 40
"""What has happened more often than that is common: one in ten of the states where it happens is kept."""

_ALIKE = 4
"""States kept of those in which the same happened, the latest."""

_FEW = 8
"""Options that are so few make a tool several ones."""

_GIVEN = 0.6
"""How often an example is tried that the owner gives."""

_SPOKEN = 1.5
"""Weight of a value above which half of the draws look no further: the words around it are those of the parameter."""

_MOST = 60
"""Values of one sort that are looked at for one argument, the likeliest first."""


class _Cell(NamedTuple):
    """Where a walk may begin: a state, what a walk had brought in or heard by then, and the call to try there."""

    state: State
    given: frozenset[Json]
    known: frozenset[Json]
    recent: tuple[Named, ...]
    call: ToolCall | None


class ProbeWalk(NamedTuple):
    """Calls in a row.

    Attributes:
        calls: In order.
        values: What each gave.
        states: The state before each, and the one after the last.
        given: Values that walks before it brought into its first state, and not the world itself.
        known: Values that the world gave in walks before it, before anybody brought them in.
    """

    calls: tuple[ToolCall, ...]
    values: tuple[JsonObject, ...]
    states: tuple[State, ...]
    given: frozenset[Json] = frozenset()
    known: frozenset[Json] = frozenset()


class ToolExplorer:
    """Plays a world and remembers what works.

    Args:
        domain: The world.
        rng: Draws everything that is drawn.
        examples: For some tools, arguments that make sense somewhere, such as credentials that nobody can guess.

    Attributes:
        worked: For each tool the arguments with which it went through, latest last, each once.
        tries: How often each tool was called.
        wins: How often it went through.
        refused: What each tool said when it did not, and how often.
    """

    def __init__(
        self, domain: Domain[Any], rng: np.random.Generator, examples: Mapping[str, Sequence[JsonObject]] | None = None
    ) -> None:
        """Know nothing yet but the examples."""
        self._examples = examples or {}
        self.domain = domain
        self.rng = rng
        self.worked: dict[str, list[JsonObject]] = defaultdict(list)
        self.tries: Counter[str] = Counter()
        self.wins: Counter[str] = Counter()
        self.refused: dict[str, Counter[str]] = defaultdict(Counter)
        self._ways: Counter[str] = Counter()
        self._pending: Counter[str] = Counter()
        self._cells: dict[str, dict[str, list[_Cell]]] = {name: {} for name in domain.spec.tools}
        self._choices: dict[str, dict[str, None]] = defaultdict(dict)
        self._near: dict[str, dict[str, list[JsonObject]]] = defaultdict(dict)
        self._taken: dict[str, dict[str, Json]] = defaultdict(dict)
        self._hints: dict[str, list[Named]] = defaultdict(list)
        self._forms = Forms(rng)
        self._held = functools.lru_cache(maxsize=512)(in_state)

    def explore(self, starts: Sequence[State], walks: int, length: int, scout: Sequence[str] = ()) -> list[ProbeWalk]:
        """Play walks: half from the given states, one after the other, half from where something uncommon happened.

        Args:
            starts: The states.
            walks: How many walks.
            length: Calls in each.
            scout: Tools that a walk before all others calls in this order, as far as calls are left.
        """
        found: list[ProbeWalk] = []
        with contextlib.suppress(OutOfBudget):
            found += [self.walk(starts[0], len(scout), names=scout)] if scout else []
        for walk in found:
            self._keep(walk)
        for index in range(walks):
            cell = self._cell() if index % 2 else None
            try:
                if cell is None:
                    found.append(self.walk(starts[index * len(starts) // walks], length))
                else:
                    walk = self.walk(cell.state, length, cell)
                    found.append(walk._replace(given=cell.given, known=cell.known))
            except OutOfBudget:
                break
            self._keep(found[-1])
        return found

    def _cell(self) -> _Cell | None:
        """Draw where to begin: tools that have worked least first, then the less common of what happened to them."""
        tools = [name for name in self._cells if self._cells[name]]
        if not tools:
            return None
        tool = tools[self._pick([1 / ((1 + self._pending[name] / 16) * (1 + self.wins[name] / 10)) for name in tools])]
        self._pending[tool] += 1
        ways = list(self._cells[tool])
        way = ways[self._pick([1 / (1 + self._pending[each] + self._ways[each] / 10) for each in ways])]
        self._pending[way] += 1
        cells = self._cells[tool][way]
        cell = pick(self.rng, cells)
        if cell.call is not None or self.rng.random() < 0.5:
            return cell
        wanted = self._tool()
        return cell._replace(call=ToolCall(wanted.name, self.arguments(wanted, cell.state, cell.recent)))

    def _keep(self, walk: ProbeWalk) -> None:
        """Keep the states after what worked, and those in which something failed, with the call that did."""
        ours = set(walk.given)
        said = set(walk.known)
        recent: list[Named] = []
        for at, (call, value) in enumerate(zip(walk.calls, walk.values, strict=True)):
            before = ours
            ours = ours | ({*scalars(call.arguments)} - said)
            way = self.way(call, value)
            if succeeded(value):
                said |= {*scalars(value)}
                recent = heard(call, value) + recent
                cell = _Cell(walk.states[at + 1], frozenset(ours), frozenset(said), tuple(recent[:_MOST]), None)
            else:
                cell = _Cell(walk.states[at], frozenset(before), frozenset(said), tuple(recent[:_MOST]), call)
            if self._ways[way] <= _COMMON or self.rng.random() < 0.1:
                kept = self._cells[call.name].setdefault(way, [])
                kept[:] = [*kept[1 - _ALIKE :], cell]

    def way(self, call: ToolCall, value: JsonObject) -> str:
        """Name how a call came out: its tool, its choices, and the first words of a complaint without its values."""
        chosen = signature(self.domain.spec.tools[call.name], call.arguments)
        if succeeded(value):
            return chosen
        text = complaint(value)
        for given in sorted({str(leaf) for leaf in scalars(call.arguments)}, key=len, reverse=True):
            text = text.replace(given, "*") if len(given) > 1 else text
        return f"{chosen}: {' '.join(re.sub(r'[0-9]+', '#', text).split()[:6])}"

    def walk(
        self, start: State, length: int, cell: _Cell | None = None, names: Sequence[str] | None = None
    ) -> ProbeWalk:
        """Play so many calls from a state.

        Args:
            start: The state.
            length: How many calls.
            cell: What is known there, and a call that is tried now and then, as it was or almost.
            names: The tools, in order; drawn if None. What was played counts even where the calls are used up.
        """
        state, states = start, [start]
        calls: list[ToolCall] = []
        values: list[JsonObject] = []
        recent = [*cell.recent] if cell is not None else []
        pursued = cell.call if cell is not None else None
        for at in range(length):
            if pursued is not None and self.rng.random() < 0.3:
                call = self._again(pursued, state, recent)
            else:
                tool = self._tool() if names is None else self.domain.spec.tools[names[at]]
                call = ToolCall(tool.name, self.arguments(tool, state, recent))
            try:
                outcome = self.domain.apply(state, call)
            except OutOfBudget:
                if names is None or not calls:
                    raise
                break
            self._learn(self.domain.spec.tools[call.name], call, outcome.value)
            state = outcome.state
            calls.append(call)
            values.append(outcome.value)
            states.append(state)
            if succeeded(outcome.value):
                recent = heard(call, outcome.value) + recent
        return ProbeWalk(tuple(calls), tuple(values), tuple(states))

    def _again(self, pursued: ToolCall, state: State, recent: Sequence[Named]) -> ToolCall:
        """Return a call as it was, or with one or two arguments drawn anew."""
        if not pursued.arguments or self.rng.random() < 0.3:
            return pursued
        tool = self.domain.spec.tools[pursued.name]
        given = dict(pursued.arguments)
        for _ in range(1 + int(self.rng.integers(2))):
            name = pick(self.rng, sorted(given))
            value = self._value(tool, tool.parameters[name], state, recent) if name in tool.parameters else None
            given[name] = given[name] if value is None else value
        return ToolCall(tool.name, given)

    def _tool(self) -> ToolSpec:
        tools = list(self.domain.spec.tools.values())
        weights = [1 / (2 + self._least(tool)) + 1 / (4 + self.tries[tool.name]) + 0.02 for tool in tools]
        return tools[self._pick(weights)]

    def _least(self, tool: ToolSpec) -> int:
        """Return how often a tool has worked with those of its choices with which it has worked least."""
        return min((self._ways[each] for each in self._choices[tool.name]), default=0)

    def _pick(self, weights: Sequence[float]) -> int:
        total = sum(weights)
        at = float(self.rng.random()) * total
        for index, weight in enumerate(weights):
            at -= weight
            if at < 0:
                return index
        return len(weights) - 1

    def _learn(self, tool: ToolSpec, call: ToolCall, value: JsonObject) -> None:
        self.tries[tool.name] += 1
        self._choices[tool.name].setdefault(signature(tool, call.arguments))
        self._ways[self.way(call, value)] += 1
        refused = len(value) == 1 and next(iter(value.values())) is False and bool(call.arguments)
        if succeeded(value) and not refused:
            self.wins[tool.name] += 1
            for name, given in call.arguments.items():
                for item in given if isinstance(given, list) else [given]:
                    self._taken[name].pop(repr(item), None)
                    self._taken[name][repr(item)] = item
            if call.arguments not in self.worked[tool.name]:
                self.worked[tool.name] = [*self.worked[tool.name][-39:], call.arguments]
        elif len(self._hints[tool.name]) < _MOST:
            self._hints[tool.name] += [Named(("error",), word) for word in offered(complaint(value), "string")]
        if not succeeded(value):
            self.refused[tool.name][first_words(complaint(value))] += 1
            kept = self._near[tool.name].setdefault(self.way(call, value), [])
            kept[:] = [*kept[-9:], call.arguments]

    def arguments(self, tool: ToolSpec, state: State, recent: Sequence[Named] = ()) -> JsonObject:
        """Draw arguments for a tool: now and then what has worked before, else anew."""
        before = [*self.worked[tool.name], *self._examples.get(tool.name, ())]
        if before and self.rng.random() < 0.3:
            return pick(self.rng, before)
        given = self._almost(tool)
        anew = None if not given else pick(self.rng, sorted(given))
        for name, parameter in tool.parameters.items():
            if anew is not None and name != anew:
                continue
            if parameter.required or self.rng.random() < 0.3:
                value = self._value(tool, parameter, state, recent)
                if value is not None:
                    given[name] = value
        return given

    def _almost(self, tool: ToolSpec) -> JsonObject:
        """Return arguments that failed in an uncommon way, to be changed in one place; now and then none."""
        ways = self._near[tool.name]
        if not ways or self.rng.random() < 0.5:
            return {}
        names = sorted(ways)
        kept = ways[names[self._pick([1 / self._ways[name] for name in names])]]
        return dict(pick(self.rng, kept))

    def _value(self, tool: ToolSpec, parameter: Parameter, state: State, recent: Sequence[Named]) -> Json:
        field = parameter.field
        if kind_of(field) == "array":
            items = field.array if field.array is not None else field
            listed = options_of(items) or options_of(field)
            if listed and self.rng.random() < 0.3:
                return listed
            count = 1 + int(self.rng.integers(3))
            item = parameter_words(tool, parameter)
            drawn = [self._item(tool, item, items, state, recent) for _ in range(count)]
            return list({repr(value): value for value in drawn if value is not None}.values())
        if kind_of(field) == "object":
            return self._object(tool, field, state, recent)
        taken = [*self._taken[parameter.name].values()][-20:]
        if taken and self.rng.random() < 0.3:
            return pick(self.rng, taken)
        return self._item(tool, parameter_words(tool, parameter), field, state, recent)

    def _object(self, tool: ToolSpec, field: Field, state: State, recent: Sequence[Named]) -> Json:
        """Draw an object with what it must have, and half of what it may."""
        members = field.object or {}
        return {
            name: self._item(tool, words(name), member, state, recent)
            for name, member in members.items()
            if not member.optional or self.rng.random() < 0.5
        }

    def _item(
        self, tool: ToolSpec, around: frozenset[str], field: Field, state: State, recent: Sequence[Named]
    ) -> Json:
        if field.object is not None:
            return self._object(tool, field, state, recent)
        given = (field.schema or {}).get("examples")
        if given and self.rng.random() < _GIVEN:
            return pick(self.rng, given)
        formed = self._forms.drawn(field) if self.rng.random() < 0.5 else None
        if formed is not None:
            return formed
        if field.array is not None:
            drawn = [self._item(tool, around, field.array, state, recent) for _ in range(1 + int(self.rng.integers(3)))]
            return list({repr(value): value for value in drawn if value is not None}.values())
        return self._plain(tool, around, field, state, recent)

    def _plain(
        self, tool: ToolSpec, around: frozenset[str], field: Field, state: State, recent: Sequence[Named]
    ) -> Json:
        kind = kind_of(field) if kind_of(field) != "array" else ""
        options = options_of(field)
        if options and ("enum" in (field.schema or {}) or self.rng.random() < 0.85):
            return pick(self.rng, options)
        sources = (list(recent[:_MOST]), self._held(state), self._hints[tool.name])
        pool: list[tuple[float, Json]] = []
        for source, base in zip(sources, (0.4, 0.05, 0.1), strict=True):
            for named in source:
                if fits(named.value, kind) and self._forms.takes(field, named.value):
                    pool.append((base + 3 * likeness(around, words_around(named)) ** 2, named.value))
        if kind in {"integer", "number"} and (not pool or self.rng.random() < 0.2):
            return pick(self.rng, _NUMBERS)
        if not pool:
            texts = plausible_texts(" ".join(sorted(around)) or "text")
            formed = self._forms.drawn(field)
            return formed or (pick(self.rng, texts or ("text",)) if kind in {"string", ""} else None)
        top = max(weight for weight, _ in pool)
        if top > _SPOKEN and self.rng.random() < 0.5:
            pool = [(weight, value) for weight, value in pool if weight > top - 0.5]
        return pool[self._pick([weight for weight, _ in pool])][1]


def signature(tool: ToolSpec, arguments: JsonObject) -> str:
    """Return a tool's name with the choices made in a call of it: truth values, and one out of a few texts."""
    chosen = []
    for name, parameter in tool.parameters.items():
        options = options_of(parameter.field) if kind_of(parameter.field) in {"string", "boolean"} else []
        if 0 < len(options) <= _FEW and name in arguments:
            value = arguments[name]
            chosen.append(f"{name}={value if value in options else '?'}")
    return " ".join([tool.name, *chosen])


def parameter_words(tool: ToolSpec, parameter: Parameter) -> frozenset[str]:
    """Return the words that say what a parameter is: its name's, and the tool's where the name is bare."""
    own = words(parameter.name)
    return own if len(own) > 1 or not own & {"id", "name", "user"} else own | words(tool.name)
