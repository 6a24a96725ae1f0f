"""What else the user asks for in a turn: requests that go with the first, and such as make a chain longer."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any

from fr_envs.streams import pick
from fr_synth.sample.propriety import improper
from fr_synth.sample.reaching.along_chain import deepen
from fr_synth.sample.reaching.reach import attempt
from fr_synth.trace.dataflow.executed import feeds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["asks_twice", "contradict", "looks_and_more", "with_more"]


def with_more(walk: Walk, steps: list[ExecutedCall], calls: int) -> list[ExecutedCall]:
    """Add further requests until the turn is as long as it should be, or has as many as people have at a time.

    Args:
        walk: Where the turn begins.
        steps: The turn so far.
        calls: How many calls it should have at least.
    """
    if any(step.error for step in steps):
        return steps  # what the user wants in case it fails is enough for one message
    weights = walk.weights
    requests = 1 + int(walk.rng.choice(len(weights.requests), p=weights.requests))
    for _ in range(weights.deepening_rounds):
        steps = _with_deeper(walk, steps) or steps
    lone = bool(weights.lone_calls) and walk.rng.random() < weights.lone_calls
    for _ in range(weights.follow_up_tries):
        if len(steps) >= calls or _requested(steps) >= max(requests, 2 if len(steps) == 1 and not lone else 1):
            break
        steps = _with_follow_up(walk, steps) or steps
    return steps


def _requested(steps: Sequence[ExecutedCall]) -> int:
    return sum(step.user_requested for step in steps)


def _with_follow_up(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall] | None:
    """Add one more request that goes with what the turn is about; None if the tool drawn does not fit."""
    trial = _gone_on(walk, steps)
    legal = _related(trial, besides={step.call.name for step in steps})
    if not legal or not attempt(trial, pick(walk.rng, legal), user_requested=True):
        return None
    longer = trial.turn_steps()
    if not feeds(longer[-1]) and walk.rng.random() < walk.weights.follow_up_feeds:
        return None
    return longer if _fits(walk, longer) else None


def _gone_on(walk: Walk, steps: Sequence[ExecutedCall]) -> Walk:
    """Return a fork of a walk that has taken some steps."""
    trial = walk.fork()
    for step in steps:
        trial.take(step)
    return trial


def _related(walk: Walk, besides: Collection[str]) -> list[str]:
    """Return the tools that can be asked for now and take something of a kind that the dialogue is about."""
    tools = walk.domain.spec.tools
    about = {("kind", kind) for kind in walk.focus}
    return [
        name
        for name in walk.graph.legal(walk.needs())
        if name not in besides and not tools[name].implicit and about.intersection(walk.graph.needs(name))
    ]


def _fits(walk: Walk, longer: Sequence[ExecutedCall]) -> bool:
    """Return True if the last of a turn's requests goes with the others."""
    apart = not _same_thing(walk.domain, longer[-1], longer[:-1])
    return apart and not contradict(longer) and not improper(walk, longer)


def _with_deeper(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall] | None:
    """Add a request that builds on the deepest value, where the dialogue's longest chain is too short; else None."""
    depth = walk.settings.depth
    if _requested(steps) >= len(walk.weights.requests) or not depth:
        return None
    trial = _gone_on(walk, steps)
    if max(trial.depths) >= depth or not deepen(trial):
        return None
    longer = trial.turn_steps()
    return longer if _fits(walk, longer) and not asks_twice(longer) else None


def asks_twice(steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a turn has two requests for one tool, as nobody has in one breath."""
    requested = [step.call.name for step in steps if step.user_requested]
    return len(set(requested)) < len(requested)


def looks_and_more(spec: DomainSpec, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a turn has a request behind one to see something: one looks, and then goes on.

    Args:
        spec: The contract.
        steps: The turn's calls.
    """
    requested = [step for step in steps if step.user_requested]
    return any(spec.tools[step.call.name].effect == "read" for step in requested[:-1])


def contradict(steps: Sequence[ExecutedCall]) -> bool:
    """Return True if one request of a turn takes back what another brought about: a row is as it was before both."""
    writes = [step for step in steps if step.user_requested and _changes(step)]
    before: dict[tuple[str, Json], list[Json]] = collections.defaultdict(list)  # what stood in a row before each change
    for changes in (step.before.diff(step.after) for step in writes if len(writes) > 1):
        if any(change.after is not None and change.after in before[change.table, change.key] for change in changes):
            return True
        for change in changes:
            before[change.table, change.key].append(change.before)
    return False


def _changes(step: ExecutedCall) -> bool:
    return step.before.digest != step.after.digest


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
