"""Phase I: walking the living world towards a target tool.

Three policies share one interface. ``directed`` is this project's: it works backwards from the target over the
AND/OR graph, chooses among the tools that give what is missing (cheap ones rather than dear ones), binds arguments
with provenance and looks ahead by executing on a fork. ``paper`` is eq. 2 of FunReason-MT (arXiv 2510.24645): the
target when legal, else the legal tool nearest to it. ``random`` takes any legal tool. All share the loop guard: a
call that teaches nothing and changes nothing is not taken.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.json_values import scalars
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.replies import tells
from fr_synth.sample.arguments.binding import bindings
from fr_synth.sample.reaching.choosing import CHOOSERS, POLICIES, Chooser, SamplingPolicy, is_user_requested
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import harvest

if TYPE_CHECKING:
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import Feed

__all__ = ["NO_LIMITS", "POLICIES", "Limits", "SamplingPolicy", "attempt", "reach"]


class Limits(NamedTuple):
    """How far a walk may go for one target.

    Attributes:
        calls: Most calls of one way, the target's included; 1 or more.
        misses: Most failed attempts at a call on one way.
        ways: Most ways that are tried, each from the beginning; 1 or more.
        news: A target that reads has to tell something that the turn has not shown yet.
        feed: A value that the target has to take from one particular earlier call; None for no such demand.
        gives: Kind of which the target has to give a value; None for no such demand.
    """

    calls: int = 14
    misses: int = 20
    ways: int = 4
    news: bool = True
    feed: Feed | None = None
    gives: str | None = None


NO_LIMITS = Limits()
"""What holds unless something else is said."""


def attempt(walk: Walk, tool: str, *, user_requested: bool, limits: Limits = NO_LIMITS) -> bool:
    """Try to call a tool: bind, execute on the state at hand, and take the step if it is worth it.

    A requested write has to change something; a requested read has to have something to tell; a supporting call has to
    teach a value, or change a fact or the state. Nothing else is taken, so no loop can form.

    Args:
        walk: Where the dialogue stands.
        tool: Tool to call.
        user_requested: The user asks for it.
        limits: What the call has to be: whether it tells news, what it takes, what it gives.
    """
    weights = walk.weights
    tries = weights.requested_bindings if user_requested else weights.supporting_bindings
    done = _made_here(walk)
    heard = _heard(walk, tool) if user_requested and limits.news else set()
    refusals = _Refusals(weights.same_refusals)
    for binding in bindings(walk, tool, user_requested=user_requested, tries=tries, feed=limits.feed):
        call = ToolCall(tool, binding.arguments)
        if _key(call) in done:
            continue
        outcome = walk.domain.apply(walk.state, call)
        if outcome.error is None:
            step = ExecutedCall(
                call, outcome.value, walk.state, outcome.state, *binding[1:],
                user_requested=user_requested, turn=walk.turn,
            )  # fmt: skip
            if _is_worth_it(walk, step, heard, limits.gives):
                walk.take(step)
                return True
        elif refusals.are_all_alike_with(outcome.error.code):
            break  # further bindings hardly fare better
    refusals.note(walk, tool)
    return False


def _made_here(walk: Walk) -> set[str]:
    """Return the calls that have been made in the state at hand."""
    return {_key(step.call) for step in walk.steps if step.before is walk.state}


class _Refusals:
    """The latest refusals of a tool, up to so many."""

    def __init__(self, most: int) -> None:
        self.codes: collections.deque[str] = collections.deque(maxlen=most)

    def are_all_alike_with(self, code: str) -> bool:
        """Add one; return whether there are as many as are kept, all with one code."""
        self.codes.append(code)
        return len(self.codes) == self.codes.maxlen and len(set(self.codes)) == 1

    def note(self, walk: Walk, tool: str) -> None:
        """Let the walk know which fact was missing, if the last refusal says so."""
        fact = _violated(walk.graph, tool, self.codes[-1]) if self.codes else None
        if fact is not None:
            walk.note_unmet(tool, ("fact", fact))


def _heard(walk: Walk, tool: str) -> set[Json]:
    """Return what the turn has shown so far, where a tool is asked for what it tells."""
    if walk.domain.spec.tools[tool].effect != "read":
        return set()
    return {value for step in walk.turn_steps() for value in scalars(step.result)}


def _is_worth_it(walk: Walk, step: ExecutedCall, heard: set[Json], gives: str | None) -> bool:
    """Return True if a step is one to take; ``gives`` is the kind of which it has to give a value, if any."""
    tool = walk.domain.spec.tools[step.call.name]
    changed = step.before.digest != step.after.digest
    if gives is not None and all(found.kind != gives for found in harvest(tool.returns, step.result)):
        return False
    if step.user_requested and tool.effect == "read":
        return tells(walk.domain, step.call, step.result, heard, walk.weights.manner)
    if step.user_requested:
        return changed
    return changed or walk.knowledge.has_news(tool.returns, step.result)


def _violated(graph: ApiGraph, tool: str, code: str) -> str | None:
    """Return the fact whose absence a refusal means."""
    facts = graph.spec.facts
    return next((name for name in graph.always(tool) if facts[name].violation == code), None)


def _key(call: ToolCall) -> str:
    return f"{call.name}{sorted(call.arguments.items(), key=lambda pair: pair[0])!r}"


def reach(
    walk: Walk, target: str, policy: SamplingPolicy = "directed", limits: Limits | None = None, *, keep: bool = False
) -> bool:
    """Walk until the target has been called; return whether it was. Without success nothing is taken.

    When a way turns out not to lead there in the world as it is (the plan says yes, execution says no, again and
    again), the walk jumps back to where it began and tries another.

    Args:
        walk: Where the dialogue stands.
        target: Name of the tool.
        policy: How the next tool is chosen.
        limits: How far to go.
        keep: Take the last way's steps even if it did not get there.

    Raises:
        UsageError: There is no such tool.
    """
    walk.graph.tool(target)
    limits = limits or NO_LIMITS
    trial = walk
    for _ in range(limits.ways):
        trial = walk.fork()
        if _one_way(trial, target, CHOOSERS[policy], limits):
            walk.become(trial)
            return True
    if keep:
        walk.become(trial)
    return False


def _one_way(walk: Walk, target: str, choose: Chooser, limits: Limits) -> bool:
    first, misses = len(walk.steps), 0
    avoid: set[str] = set()
    while len(walk.steps) - first < limits.calls and misses < limits.misses:
        tool = choose(walk, target, avoid)
        if tool is None:
            avoid, misses = set(), misses + 1
            continue
        demands = limits if tool == target else NO_LIMITS._replace(news=limits.news)
        if attempt(walk, tool, user_requested=is_user_requested(walk, tool, target), limits=demands):
            if tool == target:
                return True
            avoid = set()
        else:
            avoid.add(tool)
            misses += 1
    return False
