"""pass@k and pass^k with bootstrap intervals, over all and by world, kind of turn, depth, trait, error and view.

pass@k is the chance that at least one of k rollouts of a task succeeds, pass^k that all do; both are estimated without
bias from n rollouts of which c succeeded, as 1 - C(n-c, k)/C(n, k) and C(c, k)/C(n, k). An interval holds 95 % of the
figures that come of tasks drawn anew with replacement: tasks, not turns or rollouts, since those of one task are alike.
"""

from __future__ import annotations

import collections
import math
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from fr_envs.streams import generator, seed_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_synth.evaluate.rollouts import Rollout, TurnPlay

__all__ = ["Group", "Interval", "groups_of", "interval", "ks_of", "pass_at", "pass_hat"]

_DRAWS = 1000  # bootstrap samples
_CHUNK = 100  # of them at once
_LOW, _HIGH = 2.5, 97.5  # percentiles


class Interval(msgspec.Struct, frozen=True):
    """A figure and where it would lie with other tasks of the kind.

    Attributes:
        value: The figure, from 0 to 1.
        low: Lower end of the 95 % interval.
        high: Upper end.
    """

    value: float
    low: float
    high: float


class Group(msgspec.Struct, frozen=True):
    """How well a part of an evaluation went.

    Attributes:
        by: What the part is by: ``all``, ``world``, ``kind``, ``depth``, ``trait``, ``error`` or ``view``.
        name: Which part it is.
        tasks: Tasks in it.
        units: Tasks in it, or turns where the part is one of turns.
        rollouts: Rollouts of them, or plays of those turns.
        score: Mean score.
        pass_at: pass@k by k.
        pass_hat: pass^k by k.
    """

    by: str
    name: str
    tasks: int
    units: int
    rollouts: int
    score: Interval
    pass_at: dict[int, Interval]
    pass_hat: dict[int, Interval]


def pass_at(n: int, c: int, k: int) -> float:
    """Return the chance that at least one of k rollouts succeeds, estimated from n of which c did.

    Args:
        n: Rollouts, at least k.
        c: Those that succeeded, 0 to n.
        k: Tries, from 1.

    Example:
        >>> pass_at(4, 1, 1), pass_at(4, 1, 2), pass_at(4, 0, 2)
        (0.25, 0.5, 0.0)
    """
    return 1.0 - math.comb(n - c, k) / math.comb(n, k)


def pass_hat(n: int, c: int, k: int) -> float:
    """Return the chance that all of k rollouts succeed, estimated from n of which c did.

    Example:
        >>> pass_hat(4, 3, 1), pass_hat(4, 3, 2), pass_hat(4, 4, 4)
        (0.75, 0.5, 1.0)
    """
    return math.comb(c, k) / math.comb(n, k)


def ks_of(most: int) -> tuple[int, ...]:
    """Return the k for which figures are given: powers of two, and the most.

    Example:
        >>> ks_of(1), ks_of(8), ks_of(10)
        ((1,), (1, 2, 4, 8), (1, 2, 4, 8, 10))
    """
    powers = [2**power for power in range(max(most, 1).bit_length())]
    return tuple(sorted({*(k for k in powers if k <= most), most}))


class _Outcome(NamedTuple):
    task: str
    unit: tuple[str, int]  # task and turn, -1 for the task as a whole
    score: float


class _Label(NamedTuple):
    by: str
    name: str


def groups_of(rollouts: Iterable[Rollout], seed: int = 0, least: float = 1.0) -> list[Group]:
    """Return the figures of rollouts: over all first, then by each thing by which they differ.

    Args:
        rollouts: Any number of each task; their messages play no part.
        seed: Seed of the bootstrap.
        least: Score from which on a rollout or a turn counts as a success.

    Time and memory grow with the number of turns played.
    """
    outcomes: dict[_Label, list[_Outcome]] = collections.defaultdict(list)
    rollouts = list(rollouts)
    if any(rollout.view for rollout in rollouts):
        for rollout in rollouts:
            whole = _Outcome(rollout.task_key, (rollout.task_key, -1), rollout.score)
            outcomes[_Label("view", rollout.view or "their own names")].append(whole)
    for rollout in rollouts:
        for label, outcome in _outcomes(rollout):
            outcomes[label].append(outcome)
    order = ("all", "world", "kind", "depth", "trait", "error", "view")
    labels = sorted(outcomes, key=lambda label: (order.index(label.by), _natural(label.name)))
    return [_group(label, outcomes[label], seed, least) for label in labels]


def _natural(name: str) -> tuple[int, str]:
    return (int(name.split()[0]), "") if name[:1].isdigit() else (0, name)


def _outcomes(rollout: Rollout) -> Iterator[tuple[_Label, _Outcome]]:
    whole = _Outcome(rollout.task_key, (rollout.task_key, -1), rollout.score)
    yield _Label("all", "all tasks"), whole
    yield _Label("world", rollout.domain), whole
    yield from ((_Label("error", fault), whole) for fault in sorted(set(rollout.faults)))
    for number, turn in enumerate(rollout.turns):
        played = _Outcome(rollout.task_key, (rollout.task_key, number), turn.score)
        yield from ((label, played) for label in _labels(turn))


def _labels(turn: TurnPlay) -> Iterator[_Label]:
    yield _Label("kind", turn.kind)
    yield _Label("depth", "1 call" if turn.depth == 1 else f"{turn.depth} calls")
    yield from (_Label("trait", trait) for trait in sorted(set(turn.traits)))


def _group(label: _Label, outcomes: Sequence[_Outcome], seed: int, least: float) -> Group:
    units: dict[tuple[str, int], list[_Outcome]] = collections.defaultdict(list)
    for outcome in outcomes:
        units[outcome.unit].append(outcome)
    counted = {
        unit: (len(plays), sum(play.score >= least for play in plays), math.fsum(play.score for play in plays))
        for unit, plays in sorted(units.items())
    }
    most = max(n for n, _, _ in counted.values())
    drawn = seed_of(msgspec.json.encode([seed, *label]))

    def over(value: dict[tuple[str, int], float]) -> Interval:
        return interval([(unit[0], figure) for unit, figure in value.items()], drawn)

    def passes(k: int, chance: dict[int, Interval], all_of: dict[int, Interval]) -> None:
        enough = {unit: (n, c) for unit, (n, c, _) in counted.items() if n >= k}
        chance[k] = over({unit: pass_at(n, c, k) for unit, (n, c) in enough.items()})
        all_of[k] = over({unit: pass_hat(n, c, k) for unit, (n, c) in enough.items()})

    at: dict[int, Interval] = {}
    hat: dict[int, Interval] = {}
    for k in ks_of(most):
        passes(k, at, hat)
    score = over({unit: total / n for unit, (n, _, total) in counted.items()})
    tasks = len({unit[0] for unit in counted})
    return Group(label.by, label.name, tasks, len(counted), len(outcomes), score, at, hat)


def interval(values: Sequence[tuple[str, float]], seed: int) -> Interval:
    """Return the mean of values and its 95 % bootstrap interval over clusters.

    Args:
        values: Cluster and value of each; at least one.
        seed: Seed of the draws.

    Example:
        >>> interval([("a", 1.0), ("b", 0.0), ("c", 1.0)], 0).value
        0.666667
    """
    sums: dict[str, list[float]] = collections.defaultdict(list)
    for cluster, value in values:
        sums[cluster].append(value)
    totals = np.array([math.fsum(sums[name]) for name in sorted(sums)])
    sizes = np.array([len(sums[name]) for name in sorted(sums)], dtype=float)
    rng = generator(seed)
    chances = np.full(len(totals), 1.0 / len(totals))
    means: list[np.ndarray] = []
    for _ in range(0, _DRAWS, _CHUNK):
        weights = rng.multinomial(len(totals), chances, size=_CHUNK)
        means.append((weights @ totals) / (weights @ sizes))
    low, high = np.percentile(np.concatenate(means), [_LOW, _HIGH])
    value = math.fsum(totals) / float(sizes.sum())
    return Interval(round(value, 6), round(float(low), 6), round(float(high), 6))
