"""How much of what the trajectories exercise was claimed, and how much of what was claimed is right.

Recall is weighted by use: each use of a value and each effect of a call counts once. A claim is *testable* if the
trajectories gave it a chance: for data, an output of the producer came before the parameter; for state, the earlier
call changed the state before the later one, and the claim speaks of these two calls (an edge may hold only between
calls that name the same thing, or only with one option). A testable claim is right if a chance was taken. What is real
but never taken counts as wrong; the second precision leaves out claims with chances in one scenario alone.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.inference.counterfactual import StateEdge, state_edges
from fr_envs.adapters.inference.dataflow import data_edges
from fr_envs.adapters.inference.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from bfcl_reference import Effect, Use

    from fr_envs.adapters.inference.contract import ProbeEvidence

__all__ = ["Score", "chosen_data", "chosen_state", "claimed_data", "claimed_state", "of_data", "of_state"]

DataKey = tuple[str, str, str]
StateKey = tuple[str, str]


class Score(NamedTuple):
    """One line of a table.

    Attributes:
        claims: Edges claimed.
        taken: Uses or effects that the claims foresee.
        all_taken: Uses or effects that there are.
        right: Testable claims of which a chance was taken.
        testable: Claims that had a chance.
        right_twice: The same of those with chances in at least two scenarios.
        testable_twice: How many those are.
    """

    claims: int
    taken: int
    all_taken: int
    right: int
    testable: int
    right_twice: int
    testable_twice: int

    @property
    def recall(self) -> float:
        """Share of the uses or effects that is foreseen."""
        return self.taken / max(1, self.all_taken)

    @property
    def precision(self) -> float:
        """Share of the testable claims that is right."""
        return self.right / max(1, self.testable)

    @property
    def balance(self) -> float:
        """Harmonic mean of recall and precision, by which rules are chosen."""
        return 2 * self.recall * self.precision / max(1e-9, self.recall + self.precision)

    def plus(self, other: Score) -> Score:
        """Add up what was measured on different classes."""
        return Score(*(one + two for one, two in zip(self, other, strict=True)))

    def line(self, label: str) -> str:
        """Write it out."""
        twice = self.right_twice / max(1, self.testable_twice)
        return (
            f"{label:<38} {self.claims:>6} {self.recall:>7.1%} {self.precision:>7.1%} of {self.testable:<4}"
            f"{twice:>7.1%} of {self.testable_twice:<4}"
        )


def of_data(claims: Collection[DataKey], uses: Iterable[Use]) -> Score:
    """Score data edges."""
    taken: dict[DataKey, int] = defaultdict(int)
    chances: dict[DataKey, set[str]] = defaultdict(set)
    for use in uses:
        key = use.producer, use.consumer, use.parameter
        taken[key] += use.taken
        chances[key].add(use.scenario)
    held = {key: taken[key] for key in claims}
    return _score(held, sum(taken.values()), chances)


def of_state(claims: Mapping[StateKey, StateEdge | None], effects: Iterable[Effect]) -> Score:
    """Score state edges; a claim that is None speaks of all calls of its tools."""
    taken: dict[StateKey, int] = dict.fromkeys(claims, 0)
    chances: dict[StateKey, set[str]] = defaultdict(set)
    every = 0
    for effect in effects:
        every += effect.taken
        key = effect.earlier.name, effect.later.name
        if key in claims:
            claim = claims[key]
            if claim is None or claim.covers(effect.earlier, effect.gave, effect.later):
                taken[key] += effect.taken
                chances[key].add(effect.scenario)
    return _score(taken, every, chances)


def _score(
    taken: Mapping[DataKey, int] | Mapping[StateKey, int],
    every: int,
    chances: Mapping[DataKey, set[str]] | Mapping[StateKey, set[str]],
) -> Score:
    given = [(count, len(chances.get(key, ()))) for key, count in taken.items()]  # type: ignore[call-overload]
    testable = [count > 0 for count, scenarios in given if scenarios]
    twice = [count > 0 for count, scenarios in given if scenarios > 1]
    return Score(len(taken), sum(taken.values()), every, sum(testable), len(testable), sum(twice), len(twice))


def claimed_data(evidence: Iterable[ProbeEvidence], rules: Rules) -> set[DataKey]:
    """Judge data edges by some rules."""
    return {
        (edge.producer, edge.consumer, edge.parameter)
        for each in evidence
        for edge in data_edges(each.domain.spec, each.trials, rules)
    }


def claimed_state(evidence: Iterable[ProbeEvidence], rules: Rules) -> dict[StateKey, StateEdge]:
    """Judge state edges by some rules."""
    return {(edge.earlier, edge.later): edge for each in evidence for edge in state_edges(each.effects, rules)}


def chosen_data(evidence: Collection[ProbeEvidence], uses: Collection[Use]) -> Rules:
    """Choose the rules for data edges that balance recall and precision best; the strictest of equals."""
    grid = [Rules(works=works, times=times) for works, times in itertools.product((0.2, 0.1, 0.05), (3, 2, 1))]
    return max(grid, key=lambda rules: of_data(claimed_data(evidence, rules), uses).balance)


def chosen_state(evidence: Collection[ProbeEvidence], effects: Collection[Effect]) -> Rules:
    """Choose the rules for state edges that balance recall and precision best; the strictest of equals."""
    grid = [Rules(seen=seen, share=share, apart=apart) for seen, share, apart in _grid()]
    return max(grid, key=lambda rules: of_state(claimed_state(evidence, rules), effects).balance)


def _grid() -> Iterator[tuple[int, float, float]]:
    yield from itertools.product((5, 3, 2), (0.1, 0.05, 0.02), (0.2, 0.1, 0.05, 0.0))
