"""Two evaluations of the same tasks: who is better, and how sure that is.

With one rollout a task the test is McNemar's, exact: of the tasks that only one of the two solved, how many did which?
With more, the sign of each task's difference in pass rate is flipped: every way where there are few, else 10,000 seeded
draws.
"""

from __future__ import annotations

import collections
import itertools
import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from fr_envs.errors import UsageError
from fr_envs.streams import generator
from fr_synth.evaluate.metrics import Interval, interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_synth.evaluate.rollouts import Rollout

__all__ = ["Comparison", "compare", "mcnemar", "permutation"]

_EXACT = 14  # differences up to which every way to flip their signs is tried
_DRAWS = 10_000


class Comparison(msgspec.Struct, frozen=True):
    """Two evaluations side by side.

    Attributes:
        first: Who played the first.
        second: Who played the second.
        world: Where; empty for everywhere.
        tasks: Tasks that both have played.
        apart: Tasks that only one of them has; they play no part.
        first_rate: Mean pass rate of the first, from 0 to 1.
        second_rate: That of the second.
        difference: Second less first.
        better: Tasks that the second solves more often.
        worse: Tasks that it solves less often.
        test: ``McNemar, exact``, or ``permutation`` with how many.
        p: Chance of a difference as large or larger if there were none, from 0 to 1.
    """

    first: str
    second: str
    world: str
    tasks: int
    apart: int
    first_rate: float
    second_rate: float
    difference: Interval
    better: int
    worse: int
    test: str
    p: float


def compare(first: Iterable[Rollout], second: Iterable[Rollout], seed: int = 0, least: float = 1.0) -> list[Comparison]:
    """Compare two evaluations: everywhere first, then by world where there are several.

    Args:
        first: Rollouts of the first.
        second: Rollouts of the second.
        seed: Seed of bootstrap and permutations.
        least: Score from which on a rollout counts as a success.

    Raises:
        UsageError: They have no task in common.
    """
    sides = [_Side(rollouts, least) for rollouts in (first, second)]
    common = sorted(sides[0].rates.keys() & sides[1].rates.keys())
    if not common:
        raise UsageError("the two have no task in common: evaluate both on the same tasks")
    apart = len(sides[0].rates.keys() ^ sides[1].rates.keys())
    worlds = sorted({sides[0].worlds[task] for task in common})
    found = [_compared(sides, common, "", apart, seed)]
    if len(worlds) > 1:
        for world in worlds:
            there = [task for task in common if sides[0].worlds[task] == world]
            found.append(_compared(sides, there, world, 0, seed))
    return found


class _Side:
    """What one evaluation says of each task."""

    def __init__(self, rollouts: Iterable[Rollout], least: float) -> None:
        passes: dict[str, list[bool]] = collections.defaultdict(list)
        self.worlds: dict[str, str] = {}
        names: dict[str, None] = {}
        for rollout in rollouts:
            passes[rollout.task_key].append(rollout.score >= least)
            self.worlds[rollout.task_key] = rollout.domain
            names[rollout.agent] = None
        self.name = ", ".join(names)
        self.rates = {task: sum(passed) / len(passed) for task, passed in passes.items()}
        self.single = all(len(passed) == 1 for passed in passes.values())


def _compared(sides: Sequence[_Side], tasks: Sequence[str], world: str, apart: int, seed: int) -> Comparison:
    first, second = sides
    differences = [second.rates[task] - first.rates[task] for task in tasks]
    better, worse = sum(each > 0 for each in differences), sum(each < 0 for each in differences)
    if first.single and second.single:
        test, p = "McNemar, exact", mcnemar(better, worse)
    else:
        test, p = permutation(differences, seed)
    rates = [math.fsum(side.rates[task] for task in tasks) / len(tasks) for side in sides]
    return Comparison(
        first.name, second.name, world, len(tasks), apart, round(rates[0], 6), round(rates[1], 6),
        interval(list(zip(tasks, differences, strict=True)), seed), better, worse, test, p,
    )  # fmt: skip


def mcnemar(better: int, worse: int) -> float:
    """Return the exact two-sided p-value of McNemar's test.

    Args:
        better: Pairs that changed one way, from 0.
        worse: Pairs that changed the other way, from 0.

    Example:
        >>> mcnemar(0, 0), mcnemar(5, 0), mcnemar(1, 9)
        (1.0, 0.0625, 0.021484)
    """
    number = better + worse
    tail = sum(math.comb(number, k) for k in range(min(better, worse) + 1))
    return round(min(1.0, math.ldexp(tail, 1 - number)), 6) if number < 1000 else _normal(better, worse)


def _normal(better: int, worse: int) -> float:
    """Return the p-value where the numbers are too large for exact sums, with the correction for continuity."""
    z = max(0.0, abs(better - worse) - 1) / math.sqrt(better + worse)
    return round(math.erfc(z / math.sqrt(2)), 6)


def permutation(differences: Sequence[float], seed: int) -> tuple[str, float]:
    """Return the name and the two-sided p-value of a paired permutation test.

    Args:
        differences: One a pair.
        seed: Seed of the draws, where not every way is tried.

    Example:
        >>> permutation([0.5, 0.5, 0.25, 0.0], 0)
        ('permutation, every one', 0.25)
    """
    kept = np.array([each for each in differences if each])
    if not len(kept):
        return "permutation, every one", 1.0
    if len(kept) <= _EXACT:
        signs = np.array(list(itertools.product((1.0, -1.0), repeat=len(kept))))
        extreme = float(np.mean(np.abs(signs @ kept) >= abs(float(kept.sum())) - 1e-9))
        return "permutation, every one", round(extreme, 6)
    rng = generator(seed)
    extreme_draws = 0
    for _ in range(10):
        signs = rng.choice(np.array([1.0, -1.0]), size=(_DRAWS // 10, len(kept)))
        extreme_draws += int(np.sum(np.abs(signs @ kept) >= abs(float(kept.sum())) - 1e-9))
    return f"permutation, {_DRAWS:,} drawn", round((extreme_draws + 1) / (_DRAWS + 1), 6)
