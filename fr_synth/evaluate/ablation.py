"""What each sampler is worth: the same targets, the same worlds, three policies, figures with bootstrap intervals."""

from __future__ import annotations

import collections
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fr_envs.graph.api_graph import ApiGraph
from fr_envs.streams import AblationStream, generator
from fr_synth.run.statistics import data_chain, passed_on
from fr_synth.sample.reaching.reach import POLICIES, Limits, SamplingPolicy, reach
from fr_synth.sample.targets import targets_of
from fr_synth.sample.trimming import needless
from fr_synth.sample.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["FIGURES", "Estimate", "Sample", "Table", "ablate", "as_json"]


class Sample(NamedTuple):
    """One walk towards one target.

    Attributes:
        target: The target.
        hit: It was called.
        calls: Calls made.
        wasted: Share of the calls that the last one does not need, from 0 to 1; 1 when the target was missed.
        depth: Calls in the longest chain in which each takes an output of the one before.
        tools: Tools called, in order.
        edges: (producer, consumer, kind) of the values passed on.
    """

    target: str
    hit: bool
    calls: int
    wasted: float
    depth: int
    tools: tuple[str, ...]
    edges: tuple[tuple[str, str, str], ...]


class Estimate(NamedTuple):
    """A figure with its 95 % bootstrap interval.

    Attributes:
        value: The figure.
        low: Lower end; None for counts and entropies of distinct things, which a resample can only make smaller.
        high: Upper end; None likewise.
    """

    value: float
    low: float | None = None
    high: float | None = None


Table = dict[str, dict[str, Estimate]]
"""Policy -> figure -> estimate."""


def _mean(pick: Callable[[Sample], float]) -> Callable[[Sequence[Sample]], float]:
    return lambda samples: float(np.mean([pick(sample) for sample in samples]))


def _distinct(pick: Callable[[Sample], Sequence[Any]]) -> Callable[[Sequence[Sample]], float]:
    return lambda samples: float(len({item for sample in samples for item in pick(sample)}))


def _entropy(length: int) -> Callable[[Sequence[Sample]], float]:
    """Measure the entropy of so many tools called one after the other, in bits."""

    def entropy(samples: Sequence[Sample]) -> float:
        runs = collections.Counter(
            s.tools[at : at + length] for s in samples for at in range(len(s.tools) - length + 1)
        )
        total = sum(runs.values())
        return -sum(n / total * math.log2(n / total) for n in runs.values()) if total else 0.0

    return entropy


FIGURES: dict[str, Callable[[Sequence[Sample]], float]] = {
    "hit rate": _mean(lambda sample: sample.hit),
    "calls": _mean(lambda sample: sample.calls),
    "wasted": _mean(lambda sample: sample.wasted),
    "distinct tools": _distinct(lambda sample: sample.tools),
    "distinct edges": _distinct(lambda sample: sample.edges),
    "depth": _mean(lambda sample: sample.depth),
    "bigram entropy": _entropy(2),
    "trigram entropy": _entropy(3),
}
"""What is measured, each from a set of samples."""


def ablate(
    domain: Domain[Any],
    samples: int,
    seed: int,
    policies: Sequence[SamplingPolicy] = POLICIES,
    *,
    each: Callable[[], None] = lambda: None,
) -> Table:
    """Let each policy walk towards the same targets in the same worlds.

    Every policy has one way and no jump back, so that what is compared is the choice of tools.

    Args:
        domain: The world.
        samples: Walks for each policy; targets take turns.
        seed: Seed of everything.
        policies: Which policies.
        each: Called after every walk, for a progress bar.
    """
    graph = ApiGraph(domain.spec)
    table: Table = {}
    for policy in policies:
        walked = []
        for number in range(samples):
            walked.append(_walked(domain, graph, policy, seed, number))
            each()
        table[policy] = {name: _estimated(name, walked, seed) for name in FIGURES}
    return table


def _walked(domain: Domain[Any], graph: ApiGraph, policy: SamplingPolicy, seed: int, number: int) -> Sample:
    targets = targets_of(domain)
    target = targets[number % len(targets)].tool
    state = domain.initial(generator(seed, number, AblationStream.WORLD))
    walk = Walk(domain, graph, state, generator(seed, number, AblationStream.SAMPLER))
    hit = reach(walk, target, policy, Limits(ways=1, news=False), keep=True)
    calls = walk.steps
    return Sample(
        target=target,
        hit=hit,
        calls=len(calls),
        wasted=_wasted(walk.steps, domain) if hit else 1.0,
        depth=data_chain([each.sources for each in calls]),
        tools=tuple(each.call.name for each in calls),
        edges=tuple(passed_on(domain, [(each.call.name, each.sources) for each in calls])),
    )


def _wasted(steps: Sequence[ExecutedCall], domain: Domain[Any]) -> float:
    """Return the share of calls that the last one does not need."""
    return sum(needless(domain, steps)) / len(steps)


def _estimated(name: str, samples: Sequence[Sample], seed: int) -> Estimate:
    figure = FIGURES[name]
    if name in _COUNTED:
        return Estimate(figure(samples))
    rng = generator(seed, AblationStream.RESAMPLES)
    size = len(samples)
    drawn = [figure([samples[int(i)] for i in rng.integers(size, size=size)]) for _ in range(_RESAMPLES)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(figure(samples), float(low), float(high))


_COUNTED = ("distinct tools", "distinct edges", "bigram entropy", "trigram entropy")
_RESAMPLES = 200


def as_json(table: Table) -> JsonObject:
    """Return a table as plain data."""
    return {policy: {name: list(estimate) for name, estimate in row.items()} for policy, row in table.items()}
