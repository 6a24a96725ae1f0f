"""One turn: a target reached, what else the user asks for with it, everything needless taken out, and its goal."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fr_envs.episode.task import Goal, judge
from fr_synth.language.replies import reply_of
from fr_synth.sample.distractors import distractor_for
from fr_synth.sample.further_requests import asks_twice, contradict, looks_and_more, with_more
from fr_synth.sample.propriety import giving_up, improper, looked_up_first
from fr_synth.sample.reaching.along_chain import reach_chain
from fr_synth.sample.reaching.along_edge import is_walked, leading_up, ways_along
from fr_synth.sample.reaching.by_rule import reach_by_rule
from fr_synth.sample.reaching.into_error import reach_recovery
from fr_synth.sample.reaching.reach import Limits, SamplingPolicy, reach
from fr_synth.sample.trimming import run_again, trimmed
from fr_synth.trace.target import ChainTarget, EdgeTarget, ErrorTarget, RuleTarget, ToolTarget
from fr_synth.trace.turn_trace import PendingTarget, Reply, TurnTrace
from fr_synth.verify.calls.necessity import unneeded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.target import Target

__all__ = ["goal_of", "sample_turn"]


def sample_turn(walk: Walk, target: Target, *, policy: SamplingPolicy, calls: int, limits: Limits) -> TurnTrace | None:
    """Sample a turn from where the walk stands, and take it; None (and nothing taken) when it does not work out.

    What works out in part is begun: where one request would take back what another brings about, the turn is for the
    first; where an edge's consumer cannot be called yet, it is for the producer. The next turn goes on before anything
    else.

    Args:
        walk: Where the dialogue stands.
        target: What to aim at.
        policy: How the next tool is chosen.
        calls: How many calls the turn should have at least; further requests are added to get there.
        limits: How far to go for the target.
    """
    pending = walk.resume()
    trace = None
    aims = {aim.target: aim for aim in (PendingTarget(target, 0), *([pending] if pending else []))}  # begun stays begun
    for aim, turns in sorted(aims.values(), key=lambda each: -each.turns):
        trace = _aimed(walk, aim, policy, calls, limits, whole=turns == walk.weights.leading_turns)
        if trace is not None:
            done = trace.target == aim or any(step.error for step in trace.steps)
            if not done:
                walk.put_off(aim, turns + 1)
            break
    if trace is not None:
        for step in trace.steps:
            walk.take(step)
    return trace


def _aimed(
    walk: Walk, target: Target, policy: SamplingPolicy, calls: int, limits: Limits, *, whole: bool
) -> TurnTrace | None:
    """Return the first good turn that some way to a target comes to, else (not ``whole``) one that leads up to it."""
    reached: list[Walk] = []
    for trial in _ways(walk, target, policy, limits):
        trace = _turned(walk, trial, target, calls)
        if trace is not None and _is_along(walk, target, trace):
            return trace
        reached.append(trial)
    begun = None if whole else _begun(walk, target, reached, policy, limits)
    return begun or (_in_one_breath(walk, target, reached, calls) if walk.weights.looks_apart else None)


def _is_along(walk: Walk, target: Target, trace: TurnTrace) -> bool:
    return not isinstance(target, EdgeTarget) or is_walked(target, walk.steps, trace.steps)


def _begun(
    walk: Walk, target: Target, reached: Sequence[Walk], policy: SamplingPolicy, limits: Limits
) -> TurnTrace | None:
    """Return the first good turn that leads up to a target."""
    more = leading_up(walk, target, policy, limits) if isinstance(target, EdgeTarget) and not reached else ()
    tried = []
    for trial in itertools.chain(reached, more):
        trace = _pending(walk, trial)
        if trace is not None:
            return trace
        tried.append(trial)
    looks = () if walk.weights.one_thread else (_looking_first(walk, trial, policy, limits) for trial in tried)
    return next(filter(None, looks), None)


def _in_one_breath(walk: Walk, target: Target, reached: Sequence[Walk], calls: int) -> TurnTrace | None:
    """Return a turn in which the user looks and goes on at once, where a look alone would tell nothing new."""
    traces = (_turned(walk, trial, target, calls, apart=False) for trial in reached)
    return next((trace for trace in traces if trace is not None and _is_along(walk, target, trace)), None)


def _pending(walk: Walk, trial: Walk) -> TurnTrace | None:
    """Return a turn for the first requests of a trial that cannot be had in one turn."""
    requested = [number for number, step in enumerate(trial.turn_steps()) if step.user_requested]
    for number in requested[::-1]:
        part, own = walk.fork(), trial.turn_steps()[: number + 1]
        if any(step.error for step in own):
            continue  # what failed has to be set right in the same turn
        for step in own:
            part.take(step)
        trace = _turned(walk, part, ToolTarget(part.steps[-1].call.name), 1)
        if trace is not None:
            return trace
    return None


def _looking_first(walk: Walk, trial: Walk, policy: SamplingPolicy, limits: Limits) -> TurnTrace | None:
    """Return a turn that asks for what has to be looked up before the requests of a trial can be made."""
    for tool in looked_up_first(walk, trial.turn_steps()):
        look = walk.fork()
        if reach(look, tool, policy, limits):
            trace = _turned(walk, look, ToolTarget(tool), 0)
            if trace is not None:
                return trace
    return None


def _ways(walk: Walk, target: Target, policy: SamplingPolicy, limits: Limits) -> Iterator[Walk]:
    """Iterate over forks of a walk that have just reached a target."""
    if isinstance(target, EdgeTarget):
        yield from ways_along(walk, target, policy, limits)
        return
    trial = walk.fork()
    if _reached(trial, target, policy, limits):
        yield trial


def _reached(trial: Walk, target: Target, policy: SamplingPolicy, limits: Limits) -> bool:
    if isinstance(target, ChainTarget):
        return reach_chain(trial, target, policy)
    if isinstance(target, RuleTarget):
        return reach_by_rule(trial, target, policy, limits)
    if isinstance(target, ErrorTarget):
        return reach_recovery(trial, target, policy, limits)
    return isinstance(target, ToolTarget) and reach(trial, target.tool, policy, limits)


def _turned(walk: Walk, trial: Walk, target: Target, calls: int, *, apart: bool = True) -> TurnTrace | None:
    """Make a turn of what a trial has come to, without what is needless; None if no good turn comes out.

    Without any number of ``calls`` to have, nothing is asked for besides; where looks come ``apart`` and the weights
    say so, a first turn in which the user looks at something has no further request.
    """
    steps = trimmed(trial, walk)
    if steps is None or contradict(steps) or asks_twice(steps) or improper(walk, steps):
        return None
    if apart and walk.weights.looks_apart and not walk.steps and looks_and_more(walk.domain.spec, steps):
        return None
    steps = with_more(walk, steps, calls) if calls else steps
    return _finish(walk, target, giving_up(walk, _distracted(walk, steps)))


def _distracted(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall]:
    """Put a read that nobody needs into a share of turns."""
    share = walk.settings.distractors
    found = distractor_for(walk, steps) if share and walk.rng.random() < share else None
    if found is None:
        return steps
    numbered = list(enumerate(steps, start=len(walk.steps)))
    numbered.insert(found.position, (-1, found.step))
    return run_again(walk, numbered) or steps


def goal_of(domain: Domain[Any], steps: Sequence[ExecutedCall], start: State, end: State, reply: Reply) -> Goal:
    """Return what has to hold at the end of a turn: the changes asked for, and the answers.

    Changes in incidental tables count only where a requested call made them.

    Args:
        domain: The world.
        steps: The turn's calls.
        start: State before.
        end: State after.
        reply: What the assistant says then.
    """
    incidental = domain.hooks.incidental
    meant = {
        (change.table, change.key)
        for step in steps
        if step.user_requested
        for change in step.before.diff(step.after)
        if change.table in incidental
    }
    changes = tuple(c for c in start.diff(end) if c.table not in incidental or (c.table, c.key) in meant)
    return Goal(changes=changes, answers=reply.answers, incidental=tuple(sorted(incidental)))


def _finish(walk: Walk, target: Target, steps: list[ExecutedCall]) -> TurnTrace | None:
    """Give the turn its goal; None if it brings nothing new, a request leaves no trace, or some call is needless."""
    start, end, first = walk.state, steps[-1].after, len(walk.steps)
    reply = reply_of(walk.domain, steps, walk.rng, walk.weights.manner)
    goal = goal_of(walk.domain, steps, start, end, reply)
    if not _is_news(walk, goal, end) or not _all_last(steps, end):
        return None
    if unneeded(walk.domain, start, steps, goal, set(), first):
        return None
    errors = [ErrorTarget(step.call.name, step.error) for step in steps if step.error]
    return TurnTrace(errors[0] if errors else target, tuple(steps), first, start, end, goal, reply)


def _is_news(walk: Walk, goal: Goal, end: State) -> bool:
    """Return True if a goal changes something, or has an answer that the dialogue has not told before."""
    if goal.changes:
        return True
    results = [step.result for step in walk.steps if not step.error]
    return bool(goal.answers) and judge(goal, walk.state, end, results, "").score != 1


def _all_last(steps: Sequence[ExecutedCall], end: State) -> bool:
    """Return True if every request has left a trace at the end."""
    return all(_lasts(step, end) for step in steps if step.user_requested)


def _lasts(step: ExecutedCall, end: State) -> bool:
    """Return True if something that a requested write changed is still changed at the end."""
    if step.before.digest == step.after.digest:
        return True
    made = {(change.table, change.key) for change in step.before.diff(step.after)}
    return any((change.table, change.key) in made for change in step.before.diff(end))
