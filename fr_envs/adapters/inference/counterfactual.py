"""State edges: does a later call change when an earlier one is left out? Asked on forks of walks.

Two questions are put to each call that changed the state. What came after it in its walk is played again without it;
and tools are called right before and right after it, with arguments that have worked near by, some of them with a value
in them that the call named or gave. A change between two failures says nothing. A pair of tools that has been seen so
often that more would not change the judgement is asked no more.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.inference.metered import MeteredDomain, OutOfBudget
from fr_envs.adapters.inference.nearby import Nearby
from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.rules import DEFAULT, Rules
from fr_envs.adapters.inference.trials import takes_outputs
from fr_envs.adapters.inference.values import fits, kind_of, options_of, telling
from fr_envs.json_values import scalars
from fr_envs.streams import pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from fr_envs.adapters.inference.walks import ProbeWalk
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain

__all__ = ["Effects", "StateEdge", "shares", "state_edges"]

_TRANSITIONS = 40
"""Calls of one tool that changed the state, around which all tools are asked."""

_ASKED = 6
"""How often each tool is asked around one of them and goes through at least before or after."""

_ATTEMPTS = 2
"""Times as many attempts at that."""

_ENOUGH = 75
"""Chances of a pair of tools without an effect after which calls are left out of walks no more on its account."""

_ASKED_ENOUGH = 150
"""The same after which nothing more is asked around calls on its account."""

_VAIN = 150
"""Attempts after which nothing more is asked of a pair, however few of them were chances."""

_SELDOM = 3
"""So many times as much is tried of a pair whose effect was seen, for it may hang on an option, or be seldom."""

_OFTEN = 20
"""How often an effect must have been seen, and as many chances where calls name the same thing and where they do not,
to be sure of it."""

_CHANCE = 0.05
"""What was never seen is absent if it would stay unseen less often than that, were it as common as elsewhere."""


class _Pair(NamedTuple):
    """A later call, with and without the earlier one."""

    earlier: ToolCall
    later: ToolCall
    same: bool
    with_it: JsonObject
    without: JsonObject


class _Counts:
    """What was seen of one pair of tools."""

    def __init__(self) -> None:
        self.asked = 0
        self.chances = [0, 0]
        self.seen = [0, 0]
        self.enables = 0
        self.blocks = 0
        self.options: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        self.witness: tuple[ToolCall, ToolCall] | None = None

    def settled(self, enough: int) -> bool:
        """Return True if more of the same would hardly change what is made of it."""
        seen = sum(self.seen)
        times = _SELDOM if seen else 1
        if sum(self.chances) >= times * enough or self.asked >= times * _VAIN:
            return True
        return seen >= _OFTEN and min(self.chances) >= _OFTEN


class StateEdge(NamedTuple):
    """A tool that changes what a later call gives.

    Attributes:
        earlier: The tool that changes something.
        later: The tool whose result is another without it.
        seen: How often without the earlier call the later result was another.
        chances: Out of how many.
        enables: How often the later call failed without the earlier one.
        blocks: How often it only went through without it.
        same: Whether it is only so where the later call names something that the earlier one named or gave.
        spared: Parameter of the later tool and values of it with which it is not so; None if it hangs on no option.
        witness: Two calls in which it was seen.
    """

    earlier: str
    later: str
    seen: int
    chances: int
    enables: int
    blocks: int
    same: bool
    spared: tuple[str, tuple[Json, ...]] | None
    witness: tuple[ToolCall, ToolCall]

    def covers(self, earlier: ToolCall, gave: JsonObject, later: ToolCall) -> bool:
        """Return True if the edge speaks of these two calls.

        Args:
            earlier: A call of the earlier tool.
            gave: What it gave.
            later: A call of the later tool.
        """
        if self.spared is not None and later.arguments.get(self.spared[0]) in self.spared[1]:
            return False
        return not self.same or shares(earlier, gave, later)


def shares(earlier: ToolCall, gave: JsonObject, later: ToolCall) -> bool:
    """Return True if a call names something that an earlier one named or gave."""
    known = {leaf for leaf in (*scalars(earlier.arguments), *scalars(gave)) if _names(leaf)}
    return any(leaf in known for leaf in scalars(later.arguments) if _names(leaf))


def _names(value: Json) -> bool:
    """Return True if a value may name something: a text however short, a number unless it is small."""
    return bool(value) if isinstance(value, str) else telling(value)


class Effects:
    """Leaves calls out, and counts what that changes.

    Args:
        domain: The world.
        walks: Walks in it.
        rng: Draws what is asked.
    """

    def __init__(self, domain: Domain[Any], walks: Sequence[ProbeWalk], rng: np.random.Generator) -> None:
        """Run all of it."""
        self.domain = domain
        self.rng = rng
        self.counts: dict[tuple[str, str], _Counts] = defaultdict(_Counts)
        self._near = Nearby(domain.spec.tools, walks)
        changes: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, walk in enumerate(walks):
            for at, call in enumerate(walk.calls):
                if succeeded(walk.values[at]) and walk.states[at].digest != walk.states[at + 1].digest:
                    changes[call.name].append((index, at))
        with contextlib.suppress(OutOfBudget):
            for index, at in sorted(place for places in changes.values() for place in places):
                for pair in self._left_out(walks[index], at):
                    self._count(pair)
        with contextlib.suppress(OutOfBudget):
            for index, at in self._drawn(changes):
                for pair in self._asked(walks[index], index, at):
                    self._count(pair)

    def _drawn(self, changes: dict[str, list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
        """Draw the calls around which tools are asked; where calls are short, a few of each tool come first."""
        if not isinstance(self.domain, MeteredDomain) or not self.domain.enter("neighbours").bounded:
            for name in sorted(changes):
                for number in sorted(self.rng.permutation(len(changes[name]))[:_TRANSITIONS]):
                    yield changes[name][number]
            return
        drawn = {name: self.rng.permutation(len(changes[name]))[:_TRANSITIONS] for name in sorted(changes)}
        for turn in range(_TRANSITIONS):
            yield from (changes[name][numbers[turn]] for name, numbers in drawn.items() if turn < len(numbers))

    def _left_out(self, walk: ProbeWalk, at: int) -> Iterator[_Pair]:
        """Play what came after a call without it."""
        state = walk.states[at]
        first = walk.calls[at]
        for index in range(at + 1, self._last_open(walk, at) + 1):
            later = walk.calls[index]
            outcome = self.domain.apply(state, later)
            state = outcome.state
            yield _Pair(first, later, shares(first, walk.values[at], later), walk.values[index], outcome.value)

    def _last_open(self, walk: ProbeWalk, at: int) -> int:
        """Return the number of the last call after one that is still to be looked at; its own if there is none."""
        name = walk.calls[at].name
        for index in range(len(walk.calls) - 1, at, -1):
            if not self.counts[name, walk.calls[index].name].settled(_ENOUGH):
                return index
        return at

    def _asked(self, walk: ProbeWalk, index: int, at: int) -> Iterator[_Pair]:
        """Call every tool right before and right after a call, until it went through often enough at one of the two."""
        first, gave = walk.calls[at], walk.values[at]
        for tool in self.domain.spec.tools:
            told = 0
            counts = self.counts[first.name, tool]
            if counts.settled(_ASKED_ENOUGH):
                continue
            for number in range(_ATTEMPTS * _ASKED):
                arguments = self._near.draw(index, tool, self.rng)
                if arguments is None or told >= _ASKED:
                    break
                counts.asked += 1
                later = ToolCall(tool, self._about(tool, arguments, first, gave) if number % 2 else arguments)
                without = self.domain.apply(walk.states[at], later).value
                with_it = self.domain.apply(walk.states[at + 1], later).value
                told += succeeded(without) or succeeded(with_it)
                yield _Pair(first, later, shares(first, gave, later), with_it, without)

    def _about(self, tool: str, arguments: JsonObject, first: ToolCall, gave: JsonObject) -> JsonObject:
        """Put something into arguments that a call named or gave."""
        known = [leaf for leaf in (*scalars(first.arguments), *scalars(gave)) if telling(leaf)]
        slots = []
        for name, parameter in self.domain.spec.tools[tool].parameters.items():
            fitting = [leaf for leaf in known if fits(leaf, kind_of(parameter.field))]
            if name in arguments and fitting and takes_outputs(parameter):
                slots.append((name, fitting))
        if not slots:
            return arguments
        name, fitting = pick(self.rng, slots)
        return {**arguments, name: pick(self.rng, fitting)}

    def _count(self, pair: _Pair) -> None:
        before, after = succeeded(pair.with_it), succeeded(pair.without)
        if not (before or after):
            return
        counts = self.counts[pair.earlier.name, pair.later.name]
        changed = pair.with_it != pair.without
        counts.chances[pair.same] += 1
        counts.seen[pair.same] += changed
        counts.enables += before and not after
        counts.blocks += after and not before
        for name, parameter in self.domain.spec.tools[pair.later.name].parameters.items():
            if options_of(parameter.field):
                value = pair.later.arguments.get(name)
                tally = counts.options[name].setdefault(repr(value), [value, 0, 0])
                tally[1] += changed
                tally[2] += 1
        if changed and counts.witness is None:
            counts.witness = (pair.earlier, pair.later)


def state_edges(effects: Effects, rules: Rules = DEFAULT) -> list[StateEdge]:
    """Judge what was seen.

    Args:
        effects: What leaving calls out has changed.
        rules: From when on something counts.
    """
    found = (_judged(pair, counts, rules) for pair, counts in sorted(effects.counts.items()))
    return [edge for edge in found if edge is not None]


def _judged(pair: tuple[str, str], counts: _Counts, rules: Rules) -> StateEdge | None:
    (apart, same), (seen_apart, seen_same) = counts.chances, counts.seen
    rate_apart, rate_same = seen_apart / max(1, apart), seen_same / (1 + same)
    told = (1 - rate_same) ** apart < _CHANCE
    conditional = seen_same >= rules.seen and told and rate_apart <= rules.apart * rate_same
    seen, chances = (seen_same, same) if conditional else (seen_apart + seen_same, apart + same)
    if counts.witness is None or seen < rules.seen or seen < rules.share * chances:
        return None
    return StateEdge(
        *pair, seen, chances, counts.enables, counts.blocks, conditional, _spared(counts), counts.witness
    )  # fmt: skip


def _spared(counts: _Counts) -> tuple[str, tuple[Json, ...]] | None:
    """Return the option on which an effect hangs, with the values with which it would have been seen by now."""
    for name, tallies in counts.options.items():
        hit = [(seen, chances) for _, seen, chances in tallies.values() if seen]
        missing = 1 - sum(seen for seen, _ in hit) / (1 + sum(chances for _, chances in hit))
        spared = tuple(value for value, seen, chances in tallies.values() if not seen and missing**chances < _CHANCE)
        if hit and spared:
            return name, spared
    return None
