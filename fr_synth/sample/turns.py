"""One turn: a target reached, what else the user asks for with it, everything needless taken out, and its goal."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.episode.task import Goal, judge
from fr_envs.streams import pick
from fr_synth.language.replies import reply_of
from fr_synth.sample.along_chain import deepen, reach_chain
from fr_synth.sample.along_edge import is_walked, leading_up, ways_along
from fr_synth.sample.by_rule import reach_by_rule
from fr_synth.sample.distractors import distractor_for
from fr_synth.sample.into_error import reach_recovery
from fr_synth.sample.reach import Limits, SamplingPolicy, attempt, reach
from fr_synth.trace.executed import feeds, focus_after
from fr_synth.trace.provenance import Derived, Output
from fr_synth.trace.target import ChainTarget, EdgeTarget, ErrorTarget, RuleTarget, ToolTarget
from fr_synth.trace.turn_trace import PendingTarget, Reply, TurnTrace
from fr_synth.verify.necessity import needed_by_world, unneeded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.executed import ExecutedCall
    from fr_synth.trace.mention import Mention
    from fr_synth.trace.provenance import Provenance
    from fr_synth.trace.target import Target

__all__ = ["goal_of", "needless", "sample_turn"]

_REQUESTS = (0.5, 0.4, 0.1)  # share of turns with one, two and three requests
_STAY_WITH_IT = 0.9  # share of further requests that have to go on from what an earlier call gave
_DEEPENINGS = 2  # tries to lengthen a chain that is too short
_MOST_BEFORE = 2  # turns that lead up to a target before it has to be had
_FOLLOW_UPS = 8  # tools tried as a further request before the turn is left as it is


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
    pending, walk.pending = walk.pending, None
    trace = None
    aims = {aim.target: aim for aim in (PendingTarget(target, 0), *([pending] if pending else []))}  # begun stays begun
    for aim, turns in sorted(aims.values(), key=lambda each: -each.turns):
        trace = _aimed(walk, aim, policy, calls, limits, whole=turns == _MOST_BEFORE)
        if trace is not None:
            done = trace.target == aim or any(step.error for step in trace.steps)
            walk.pending = None if done else PendingTarget(aim, turns + 1)
            break
    if trace is not None:
        for step in trace.steps:
            walk.take(step)
    return trace


def _aimed(
    walk: Walk, target: Target, policy: SamplingPolicy, calls: int, limits: Limits, *, whole: bool
) -> TurnTrace | None:
    """Return the first good turn that some way to a target comes to, else (not ``whole``) one that leads up to it."""
    first_requests: list[Walk] = []
    for trial in _ways(walk, target, policy, limits):
        trace = _turned(walk, trial, target, calls)
        if trace is not None and (not isinstance(target, EdgeTarget) or is_walked(target, walk.steps, trace.steps)):
            return trace
        first_requests.append(trial)
    if whole:
        return None
    more = leading_up(walk, target, policy, limits) if isinstance(target, EdgeTarget) and not first_requests else ()
    return next(filter(None, (_pending(walk, trial) for trial in itertools.chain(first_requests, more))), None)


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


def _turned(walk: Walk, trial: Walk, target: Target, calls: int) -> TurnTrace | None:
    """Make a turn of what a trial has come to, without what is needless; None if no good turn comes out."""
    steps = _kept(trial, walk)
    if steps is None or _contradict(steps) or _asks_twice(steps):
        return None
    return _finish(walk, target, _distracted(walk, _with_more(walk, steps, calls)))


def _distracted(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall]:
    """Put a read that nobody needs into a share of turns."""
    found = distractor_for(walk, steps) if walk.distract and walk.rng.random() < walk.distract else None
    if found is None:
        return steps
    numbered = list(enumerate(steps, start=len(walk.steps)))
    numbered.insert(found.position, (-1, found.step))
    return _rerun(walk, numbered) or steps


def _with_more(walk: Walk, steps: list[ExecutedCall], calls: int) -> list[ExecutedCall]:
    """Add further requests until the turn is as long as it should be, or has as many as people have at a time."""
    if any(step.error for step in steps):
        return steps  # what the user wants in case it fails is enough for one message
    requests = 1 + int(walk.rng.choice(len(_REQUESTS), p=_REQUESTS))
    for _ in range(_DEEPENINGS):
        steps = _with_deeper(walk, steps) or steps
    for _ in range(_FOLLOW_UPS):
        requested = sum(step.user_requested for step in steps)
        if len(steps) >= calls or requested >= max(requests, 2 if len(steps) == 1 else 1):
            break
        steps = _with_follow_up(walk, steps) or steps
    return steps


def _kept(trial: Walk, base: Walk) -> list[ExecutedCall] | None:
    """Take out of a trial every step that the last one does not need, and run what is left again from the base."""
    steps = trial.turn_steps()
    first = len(base.steps)
    left_out = needless(base.domain, steps, first)
    return _rerun(base, [(first + k, step) for k, step in enumerate(steps) if not left_out[k]])


def needless(domain: Domain[Any], steps: Sequence[ExecutedCall], first: int = 0) -> list[bool]:
    """Say of each step whether the last one can do without it.

    Args:
        domain: The world.
        steps: Steps that follow each other; the last one is what they are for.
        first: Number in the dialogue of the first of them.
    """
    keep = [False] * (len(steps) - 1) + [True]
    for number in range(len(steps) - 2, -1, -1):
        later = [steps[k] for k in range(number + 1, len(steps)) if keep[k]]
        used = bool(steps[number].error) or any(first + number in feeds(each) for each in later)
        alone = [steps[number], *later]
        keep[number] = used or needed_by_world(domain, steps[number].before, alone, 0, None)
    return [not kept for kept in keep]


def _rerun(base: Walk, numbered: Sequence[tuple[int, ExecutedCall]]) -> list[ExecutedCall] | None:
    """Run steps from the base's state; None if one gives something else than it gave before."""
    renumber = {old: len(base.steps) + position for position, (old, _) in enumerate(numbered)}
    state, result = base.state, []
    if any(
        _rests_on_nothing(mention, renumber, len(base.steps)) for _, s in numbered for mention in s.mentions.values()
    ):
        return None
    for _, step in numbered:
        outcome = base.domain.apply(state, step.call)
        if outcome.value != step.result:
            return None
        sources = {pointer: _renumbered(source, renumber) for pointer, source in step.sources.items()}
        mentions = {pointer: _moved(mention, renumber) for pointer, mention in step.mentions.items()}
        result.append(step._replace(before=state, after=outcome.state, sources=sources, mentions=mentions))
        state = outcome.state
    return result if _still_clear(base, result) else None


def _still_clear(base: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if "that one" means the same still: a step that was taken out may have been what it went back to."""
    focus = base.focus
    for step in steps:
        for each in step.mentions.values():
            mention = each.owner or each
            if mention.way == "anaphora" and focus.get(mention.kind) != (mention.value,):
                return False
        if step.user_requested:
            focus = focus_after(focus, base.domain, step.call, step.result)
    return True


def _rests_on_nothing(mention: Mention, renumber: Mapping[int, int], first: int) -> bool:
    """Return True if words rest on the result of a step of the turn that was taken out."""
    owner = mention.owner is not None and _rests_on_nothing(mention.owner, renumber, first)
    return owner or (mention.step >= first and mention.step not in renumber)


def _moved(mention: Mention, renumber: Mapping[int, int]) -> Mention:
    owner = None if mention.owner is None else _moved(mention.owner, renumber)
    return msgspec.structs.replace(mention, step=renumber.get(mention.step, mention.step), owner=owner)


def _renumbered(source: Provenance, renumber: Mapping[int, int]) -> Provenance:
    if isinstance(source, Output):
        return Output(renumber.get(source.step, source.step), source.pointer)
    if isinstance(source, Derived):
        return Derived(source.expression, tuple(_renumbered(each, renumber) for each in source.inputs))
    return source


def _with_follow_up(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall] | None:
    """Add one more request that goes with what the turn is about; None if the tool drawn does not fit."""
    trial = walk.fork()
    for step in steps:
        trial.take(step)
    asked = {step.call.name for step in steps}
    about = {("kind", kind) for kind in trial.focus}
    spec = walk.domain.spec
    legal = [
        name
        for name in walk.graph.legal(trial.needs())
        if name not in asked and not spec.tools[name].implicit and about.intersection(walk.graph.needs(name))
    ]
    if not legal:
        return None
    tool = pick(walk.rng, legal)
    if not attempt(trial, tool, user_requested=True):
        return None
    longer = trial.turn_steps()
    if not feeds(longer[-1]) and walk.rng.random() < _STAY_WITH_IT:
        return None
    fits = not _contradict(longer) and not _same_thing(walk.domain, longer[-1], longer[:-1])
    return longer if fits else None


def _with_deeper(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall] | None:
    """Add a request that builds on the deepest value, where the dialogue's longest chain is too short; else None."""
    if sum(step.user_requested for step in steps) >= len(_REQUESTS) or not walk.depth:
        return None
    trial = walk.fork()
    for step in steps:
        trial.take(step)
    if max(trial.depths) >= walk.depth or not deepen(trial):
        return None
    longer = trial.turn_steps()
    fits = not _contradict(longer) and not _same_thing(walk.domain, longer[-1], longer[:-1]) and not _asks_twice(longer)
    return longer if fits else None


def _asks_twice(steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a turn has two requests for one tool, as nobody has in one breath."""
    requested = [step.call.name for step in steps if step.user_requested]
    return len(set(requested)) < len(requested)


def _contradict(steps: Sequence[ExecutedCall]) -> bool:
    """Return True if one request of a turn takes back what another brought about: a row is as it was before both."""
    writes = [step for step in steps if step.user_requested and step.before.digest != step.after.digest]
    done = [{(c.table, c.key): c for c in step.before.diff(step.after)} for step in writes] if len(writes) > 1 else []
    return any(
        place in earlier and earlier[place].before is not None and earlier[place].before == change.after
        for k, later in enumerate(done)
        for earlier in done[:k]
        for place, change in later.items()
    )


def _same_thing(domain: Domain[Any], later: ExecutedCall, earlier: Sequence[ExecutedCall]) -> bool:
    """Return True if a further write is about something that another requested write of the turn was about."""
    tools = domain.spec.tools
    if tools[later.call.name].effect == "read":
        return False
    mine = set(_things(domain, later))
    return any(
        mine.intersection(_things(domain, step))
        for step in earlier
        if step.user_requested and tools[step.call.name].effect == "write"
    )


def _things(domain: Domain[Any], step: ExecutedCall) -> Iterator[tuple[str, Json]]:
    """Iterate over (kind, value) of the entities that a call names in its arguments."""
    parameters = domain.spec.tools[step.call.name].parameters
    for name, value in step.call.arguments.items():
        kind = domain.spec.kinds.get(parameters[name].field.kind or "")
        if kind is not None and kind.references and isinstance(value, str | int):
            yield kind.name, value


def goal_of(domain: Domain[Any], steps: Sequence[ExecutedCall], start: State, end: State, told: Reply) -> Goal:
    """Return what has to hold at the end of a turn: the changes asked for, and the answers.

    Changes in incidental tables count only where a requested call made them.
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
    return Goal(changes=changes, answers=told.answers, incidental=tuple(sorted(incidental)))


def _finish(walk: Walk, target: Target, steps: list[ExecutedCall]) -> TurnTrace | None:
    """Give the turn its goal; None if it brings nothing new, a request leaves no trace, or some call is needless."""
    start, end = walk.state, steps[-1].after
    told = reply_of(walk.domain, steps, walk.rng)
    goal = goal_of(walk.domain, steps, start, end, told)
    if not (goal.changes or goal.answers) or not all(_lasts(step, end) for step in steps if step.user_requested):
        return None
    if not goal.changes and judge(goal, start, end, _told_before(walk), "").score == 1:
        return None
    first = len(walk.steps)
    if unneeded(walk.domain, start, steps, goal, set(), first):
        return None
    missed = next((ErrorTarget(step.call.name, step.error) for step in steps if step.error), target)
    return TurnTrace(missed, tuple(steps), first, start, end, goal, told)


def _told_before(walk: Walk) -> list[JsonObject]:
    return [step.result for step in walk.steps if not step.error]


def _lasts(step: ExecutedCall, end: State) -> bool:
    """Return True if something that a requested write changed is still changed at the end."""
    if step.before.digest == step.after.digest:
        return True
    made = {(change.table, change.key) for change in step.before.diff(step.after)}
    return any((change.table, change.key) in made for change in step.before.diff(end))
