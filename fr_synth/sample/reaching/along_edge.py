"""Walking along an edge: its producer, then its consumer with what the producer gave.

The producer may be called in the same turn, may have been called in an earlier one, or is called now and the consumer
in the next turn. People do all three: "freeze my card and tell me its limit", "and the limit of that card?".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.roles import parameters_of, roles_of
from fr_envs.streams import pick
from fr_synth.sample.arguments.pointing import refer_to_given
from fr_synth.sample.reaching.reach import reach
from fr_synth.sample.targets import consumers
from fr_synth.trace.dataflow.executed import Feed
from fr_synth.trace.dataflow.provenance import Output, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.sample.reaching.reach import Limits, SamplingPolicy
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.target import EdgeTarget

__all__ = ["is_walked", "leading_up", "ways_along"]


def is_walked(edge: EdgeTarget, before: Sequence[ExecutedCall], turn: Sequence[ExecutedCall]) -> bool:
    """Return True if some step of a turn takes along the edge.

    Args:
        edge: The edge.
        before: Every step of earlier turns.
        turn: The turn's steps.
    """
    steps = (*before, *turn)
    consumers = (step for step in turn if step.call.name == edge.tool)
    sources = (each for step in consumers for source in step.sources.values() for each in inputs_of(source))
    return any(isinstance(each, Output) and steps[each.step].call.name == edge.producer for each in sources)


def ways_along(walk: Walk, edge: EdgeTarget, policy: SamplingPolicy, limits: Limits) -> Iterator[Walk]:
    """Iterate over forks of a walk that have just called the consumer with what the producer gave, at most one a way.

    First with what the producer gave in an earlier turn, then with the producer called in this turn.
    """
    earlier = _latest(walk, edge.producer)
    if earlier is not None:
        trial = walk.fork()
        if _taken(trial, edge, earlier, policy, limits):
            yield trial
    for _ in range(walk.weights.edge_producer_tries):
        trial = walk.fork()
        if reach(trial, edge.producer, policy, limits._replace(news=False, ways=1, gives=edge.kind)) and _taken(
            trial, edge, len(trial.steps) - 1, policy, limits
        ):
            yield trial
            return


def _latest(walk: Walk, tool: str) -> int | None:
    """Return the number of the latest call of a tool, None if there is none."""
    return next((k for k in range(len(walk.steps) - 1, -1, -1) if walk.steps[k].call.name == tool), None)


def leading_up(walk: Walk, edge: EdgeTarget, policy: SamplingPolicy, limits: Limits) -> Iterator[Walk]:
    """Iterate over forks of a walk that have done something for an edge which cannot be walked along in this turn.

    First what makes a fact true that the consumer demands, if with the producer's value where that is known; then the
    producer.
    """
    earlier = _latest(walk, edge.producer)
    graph = walk.graph
    setters = dict.fromkeys(
        name for fact in graph.always(edge.tool) if graph.spec.facts[fact].about for name in graph.setters(fact)
    )
    for i in walk.rng.permutation(len(setters))[: walk.weights.edge_setters]:
        ready = walk.fork()
        with ready.preferring(None if earlier is None else Feed(edge.kind, earlier)):
            made_true = reach(ready, list(setters)[int(i)], policy, limits)
        if made_true:
            yield ready
    trial = walk.fork()
    if earlier is None and reach(trial, edge.producer, policy, limits._replace(news=False)):
        yield trial


def _taken(trial: Walk, edge: EdgeTarget, step: int, policy: SamplingPolicy, limits: Limits) -> bool:
    """Call the consumer with what a step gave; where nobody asks for it, also something that rests on it."""
    weights = trial.weights
    given = trial.knowledge.given_by(edge.kind, step)[: weights.edge_values]
    feed = Feed(edge.kind, step)
    roles = roles_of(edge.kind, parameters_of(trial.domain.spec.tools[edge.tool]))
    if not any(refer_to_given(trial, feed, value, role) for value in given for role in roles):
        return False
    narrow = limits._replace(feed=feed, ways=weights.edge_consumer_ways, misses=weights.edge_misses)
    with trial.preferring(feed):
        taken = reach(trial, edge.tool, policy, narrow)
    if not taken or not trial.domain.spec.tools[edge.tool].implicit:
        return taken
    return _used(trial, edge.tool, policy, limits)


def _used(trial: Walk, tool: str, policy: SamplingPolicy, limits: Limits) -> bool:
    """Go on from a step that nobody asks for to something that rests on it: best on what few others give."""
    users = consumers(trial.graph, tool)
    scarce = min((len(trial.graph.producers(kind)) for _, kind in users if kind), default=0)
    best = [(name, kind) for name, kind in users if kind and len(trial.graph.producers(kind)) == scarce] or users
    if not best:
        return False
    name, kind = pick(trial.rng, best)
    feed = Feed(kind, len(trial.steps) - 1) if kind else None
    return reach(trial, name, policy, limits._replace(feed=feed))
