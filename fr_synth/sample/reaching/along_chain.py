"""Chains: reaching a tool at the end of so many calls, each on a value that the one before gave.

The way is searched depth first, on forks, from what the dialogue knows already or from a first look at the world. The
graph says how far every tool still is from the one asked for, so that no way is begun that is too long or ends nowhere.
"""

from __future__ import annotations

import collections
import functools
from typing import TYPE_CHECKING

from fr_envs.json_values import at_pointer
from fr_synth.language.verbalise import mentions_value
from fr_synth.sample.reaching.reach import Limits, attempt, reach
from fr_synth.sample.targets import edges_of
from fr_synth.trace.dataflow.executed import Feed
from fr_synth.trace.dataflow.provenance import Output, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import Json
    from fr_synth.sample.reaching.reach import SamplingPolicy
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.target import ChainTarget

__all__ = ["deepen", "reach_chain"]


def reach_chain(walk: Walk, target: ChainTarget, policy: SamplingPolicy) -> bool:
    """Walk until the tool has been called at the end of a chain of the length; without success nothing is taken.

    Args:
        walk: Where the dialogue stands.
        target: Length and tool.
        policy: How the next tool is chosen for what the chain's calls need besides.
    """
    search = _ChainSearch(target, policy, walk.weights.chain_tries)
    for start in _starts(walk, target, policy):
        found = search.on(start, _last_of(start, walk))
        if found is not None:
            walk.become(found)
            return True
    return False


def deepen(walk: Walk) -> bool:
    """Make a call that the user asks for and that builds on the deepest one; return whether it was made.

    Args:
        walk: Where the dialogue stands.
    """
    end = walk.deepest()
    tools = walk.domain.spec.tools
    called = {step.call.name for step in walk.turn_steps()}
    consumers = [
        (consumer, kind)
        for consumer, kind in _consumers(walk.graph).get(walk.steps[end].call.name, ())
        if consumer not in called and tools[consumer].request_templates and not tools[consumer].implicit
    ]
    for i in walk.rng.permutation(len(consumers))[: walk.weights.deepening_tries]:
        consumer, kind = consumers[int(i)]
        trial, feed = walk.fork(), Feed(kind, end)
        made = attempt(trial, consumer, user_requested=True, limits=Limits(feed=feed))
        if made and _rests_on(trial, feed) and not _said_besides(trial):
            walk.become(trial)
            return True
    return False


class _ChainSearch:
    """One search for a chain, with what it may still try."""

    def __init__(self, target: ChainTarget, policy: SamplingPolicy, tries: int) -> None:
        self.target = target
        self.policy = policy
        self.left = tries

    def on(self, walk: Walk, end: int) -> Walk | None:
        """Go on from a call to the tool; None if no way that is tried leads there."""
        missing = self.target.length - walk.depths[end]
        for consumer, kind in _nexts(walk, end, self.target.tool, missing):
            if self.left <= 0:
                return None
            self.left -= 1
            trial = walk.fork()
            last = consumer == self.target.tool and missing <= 1
            if not self._called(trial, consumer, Feed(kind, end), last=last):
                continue
            if last:
                return trial
            found = self.on(trial, len(trial.steps) - 1)
            if found is not None:
                return found
        return None

    def _called(self, trial: Walk, tool: str, feed: Feed, *, last: bool) -> bool:
        """Call a tool with a value that one call gave."""
        if last:
            called = reach(trial, tool, self.policy, _end_limits(trial)._replace(feed=feed))
        else:
            called = attempt(
                trial, tool, user_requested=not trial.domain.spec.tools[tool].can_be_hidden, limits=Limits(feed=feed)
            )
        longer = called and trial.depths[-1] > trial.depths[feed.step]
        return longer and _rests_on(trial, feed) and not _said_besides(trial)


def _rests_on(walk: Walk, feed: Feed) -> bool:
    """Return True if the last call takes what it could not do without from another one.

    What the user asked for stands for itself, so what it gives again may be taken from it. A supporting call has to
    have been the first to give the value, or nobody would have taken it.
    """
    if walk.steps[feed.step].user_requested:
        return True
    last, known = walk.steps[-1], walk.knowledge
    taken = (
        at_pointer(last.call.arguments, pointer)
        for pointer, source in last.sources.items()
        if isinstance(source, Output) and source.step == feed.step
    )
    return any(
        known.sources(feed.kind, value)[0].step == feed.step for value in taken if known.sources(feed.kind, value)
    )


def _said_besides(walk: Walk) -> bool:
    """Return True if the words of the turn name a value that one of its calls takes from another."""
    steps = walk.turn_steps()
    words = {text for step in steps for text in _words_of(step)}
    taken = {value for step in steps for value in _passed_on(step)}
    return any(mentions_value(text, value) for text in words for value in taken)


def _words_of(step: ExecutedCall) -> Iterator[str]:
    """Iterate over the words with which the user says or points at a call's arguments."""
    yield from (source.text for source in step.sources.values() if isinstance(source, Said))
    yield from (mention.text for mention in step.mentions.values())


def _passed_on(step: ExecutedCall) -> Iterator[Json]:
    """Iterate over the values that a call takes from others."""
    for pointer, source in step.sources.items():
        if isinstance(source, Output):
            yield at_pointer(step.call.arguments, pointer)


def _last_of(start: Walk, walk: Walk) -> int:
    """Return the call from which to go on: the fresh one, or the deepest there is."""
    if len(start.steps) > len(walk.steps):
        return len(start.steps) - 1
    return start.deepest()


def _end_limits(walk: Walk) -> Limits:
    """Return how far to go for what the last call needs besides the chain."""
    return Limits(calls=walk.weights.chain_end_calls, misses=walk.weights.chain_end_misses, ways=1)


def _starts(walk: Walk, target: ChainTarget, policy: SamplingPolicy) -> Iterator[Walk]:
    """Iterate over places to begin: where the dialogue stands, then a first look by some tool not too far away."""
    if walk.steps:
        yield walk.fork()
    hops = _hops(walk.graph, target.tool)
    tools = walk.domain.spec.tools
    near = [
        name
        for name, far in hops.items()
        if 0 < far < target.length and tools[name].effect == "read" and not _issued(walk.graph, name)
    ]
    for i in walk.rng.permutation(len(near))[: walk.weights.chain_starts]:
        trial = walk.fork()
        if reach(trial, near[int(i)], policy, _end_limits(walk)):
            last = trial.steps[-1]._replace(user_requested=False)
            fresh = walk.fork()
            for step in (*trial.steps[len(walk.steps) : -1], last):
                fresh.take(step)
            yield fresh


def _issued(graph: ApiGraph, tool: str) -> bool:
    """Return True if a tool takes what only another one can tell."""
    return any(sort == "kind" and not graph.sayable((sort, what)) for sort, what in graph.needs(tool))


def _nexts(walk: Walk, end: int, goal: str, missing: int) -> list[tuple[str, str]]:
    """Return (tool, kind) of what can take a value that a call gave: first the values that were new, then the others.

    Left out is what stands too far from the goal, what has been called in this turn, and more requests than people
    have.
    """
    steps = walk.turn_steps()
    called = {step.call.name for step in steps}
    sated = 1 + sum(step.user_requested for step in steps) >= walk.weights.chain_requests
    fresh = {kind for kind in walk.knowledge.kinds() if _first_given(walk, kind, end)}
    found = [
        (consumer, kind)
        for consumer, kind in _consumers(walk.graph).get(walk.steps[end].call.name, ())
        if consumer not in called and _leads_on(walk.graph, consumer, goal, missing, sated=sated)
    ]
    order = [found[int(i)] for i in walk.rng.permutation(len(found))]
    return sorted(order, key=lambda each: each[1] not in fresh)


def _leads_on(graph: ApiGraph, consumer: str, goal: str, missing: int, *, sated: bool) -> bool:
    """Return True if a call brings a chain on to its goal, which is so many calls away.

    Args:
        graph: The graph.
        consumer: Tool of the call.
        goal: Tool at the end of the chain.
        missing: How many calls the chain still lacks.
        sated: The user asks for enough already, so that no further call but the last can be a request.
    """
    if missing <= 1:
        return consumer == goal
    if consumer == goal or _hops(graph, goal).get(consumer, missing) >= missing:
        return False
    return graph.spec.tools[consumer].can_be_hidden or not sated


def _first_given(walk: Walk, kind: str, step: int) -> bool:
    """Return True if a call was the first to give some value of a kind."""
    known = walk.knowledge
    return any(known.sources(kind, value)[0].step == step for value in known.given_by(kind, step))


@functools.lru_cache(maxsize=8)
def _consumers(graph: ApiGraph) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return for each tool the (tool, kind) along which a value can be passed on."""
    found: dict[str, list[tuple[str, str]]] = collections.defaultdict(list)
    for edge in edges_of(graph):
        found[edge.producer].append((edge.tool, edge.kind))
    return {producer: tuple(consumers) for producer, consumers in found.items()}


@functools.lru_cache(maxsize=4096)
def _hops(graph: ApiGraph, goal: str) -> dict[str, int]:
    """Return the edges from each tool to the goal, on the shortest way that can be pointed along."""
    producers: dict[str, set[str]] = collections.defaultdict(set)
    for producer, consumers in _consumers(graph).items():
        for consumer, _ in consumers:
            producers[consumer].add(producer)
    found = {goal: 0}
    queue = collections.deque([goal])
    while queue:
        tool = queue.popleft()
        for producer in sorted(producers[tool] - found.keys()):
            found[producer] = found[tool] + 1
            queue.append(producer)
    return found
