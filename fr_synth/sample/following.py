"""A turn that follows from those before it: aimed at what goes on with the thread, and taken only where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.json_values import scalars
from fr_envs.streams import pick
from fr_synth.sample.purpose.dealt import thing_kinds, things, told_of
from fr_synth.sample.purpose.ties import Past, speaks_for, tie_of
from fr_synth.sample.thread import follows, next_targets
from fr_synth.sample.turns import sample_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import Json
    from fr_synth.language.tying import Purpose
    from fr_synth.sample.purpose.dealt import Thing
    from fr_synth.sample.reaching.reach import Limits, SamplingPolicy
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.target import Target
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["Place", "sample_following"]

_TRIES = 5  # draws for a tool until a turn follows from those before it


class Place(NamedTuple):
    """Where in a dialogue a turn stands.

    Attributes:
        number: Its number, from 0.
        least: How many turns the dialogue needs.
        most: How many it may have.
    """

    number: int
    least: int
    most: int


class _Found(NamedTuple):
    """A turn that follows: where the walk then stands, the turn, and how well it goes on."""

    walk: Walk
    trace: TurnTrace
    worth: float


def sample_following(
    walk: Walk, drawn: Sequence[Target], place: Place, *, policy: SamplingPolicy, limits: Limits
) -> TurnTrace | None:
    """Sample a turn that follows from those before it, and take it; None (and nothing taken) if there is none.

    Of the tools with which a dialogue can go on it is the one that goes on best: with a reason that results prove,
    rather than simply with the same thing. Where a dialogue has too few turns as yet, and is about no things that
    another tool could go on with (a sum, the weather), the next turn may be about something else.

    Args:
        walk: Where the dialogue stands.
        drawn: What the run has drawn for the turn, first choice first.
        place: Where in the dialogue it stands.
        policy: How the next tool is chosen.
        limits: How far to go for a tool.
    """
    left = place.most - place.number
    sums = all(kind.origin != "issued" for kind in walk.domain.spec.kinds.values())
    if not place.number or (place.number < place.least and sums and not thing_kinds(walk.graph)):
        found = _sampled_loosely(walk, drawn, left, policy=policy, limits=limits)
    else:
        found = _sampled_tied(walk, drawn, left, policy=policy, limits=limits)
    if found is None:
        return None
    walk.become(found.walk)
    return found.trace


def _sampled_loosely(
    walk: Walk, drawn: Sequence[Target], left: int, *, policy: SamplingPolicy, limits: Limits
) -> _Found | None:
    """Return the first turn that makes sense by itself."""
    for target in next_targets(walk, drawn, left):
        for loose in (False, True):
            for _ in range(_TRIES):
                trial = walk.fork()
                trace = sample_turn(trial, target, policy=policy, calls=1, limits=limits)
                if trace is None:
                    break
                if follows(walk, trace.steps, left, loose=loose):
                    return _Found(trial, trace, 0.0)
    return None


def _sampled_tied(
    walk: Walk, drawn: Sequence[Target], left: int, *, policy: SamplingPolicy, limits: Limits
) -> _Found | None:
    """Return the turn that goes on best with what the dialogue is about."""
    past = Past(walk.domain, walk.graph, walk.steps)
    best: _Found | None = None
    for number, target in enumerate(next_targets(walk, drawn, left)):
        found = _sampled(walk, target, (past, left), policy=policy, limits=limits)
        if found is not None:
            bonus = _DRAWN if target in drawn[:1] else 0.0
            worth = found.worth + bonus + walk.rng.random() * _CHANCE - number * _BEHIND
            best = found._replace(worth=worth) if best is None or worth > best.worth else best
    return best


_WORTH: dict[Purpose, float] = {
    "": 0.0, "take up": 1.0, "see": 1.2, "go on": 1.5, "again": 1.3, "put right": 1.0, "react": 2.0,
    "decide": 3.0,
}  # fmt: skip
_REASONED = 1.0  # what a reason adds
_DRAWN = 3.5  # what it adds that the run has drawn a tool
_CHANCE = 1.5  # how far chance goes
_BEHIND = 0.05  # what each tool in front of another in the order takes away
_DECIDES = 0.75  # share of tools for which the things are tried first that something speaks for
_PINS = 4  # things that are tried with one tool


def _sampled(
    walk: Walk, target: Target, following: tuple[Past, int], *, policy: SamplingPolicy, limits: Limits
) -> _Found | None:
    """Return the turn at a target that goes on best, of those tried; None if none does."""
    past, left = following
    best: _Found | None = None
    for pins in _pins(past, str(getattr(target, "tool", "")), walk):
        trial = walk.fork()
        trial.pinned = pins
        trace = sample_turn(trial, target, policy=policy, calls=1, limits=limits)
        trial.pinned = {}
        if trace is None:
            continue
        asked = next(step for step in trace.steps if step.user_requested)
        tie = tie_of(past, asked)
        if not tie.purpose or not follows(walk, trace.steps, left, tie=tie):
            continue
        worth = _WORTH[tie.purpose] + (_REASONED if tie.reason else 0.0)
        if best is None or worth > best.worth:
            best = _Found(trial, trace, worth)
    return best


def _pins(past: Past, name: str, walk: Walk) -> list[dict[str, Json]]:
    """Return the things that a request may be about, each as the value of its kind: those for a reason, then others."""
    tool = past.graph.spec.tools[name]
    kinds = [p.field.kind for p in tool.parameters.values() if p.required and p.field.kind]
    near = past.dealt() | (things(past.graph, past.asked[-1]) if past.asked else set())
    several = sorted((thing for thing in near if thing[0] in kinds), key=str)
    order = [several[int(k)] for k in walk.rng.permutation(len(several))]
    if walk.rng.random() < _DECIDES:
        order.sort(key=lambda thing: not speaks_for(past, name, thing))
    return [_with_others(walk, past, thing, kinds) for thing in order[:_PINS]] or [{}]


def _with_others(walk: Walk, past: Past, thing: Thing, kinds: Sequence[str]) -> dict[str, Json]:
    """Return a thing that a request is about with such as go with it: others than those that it has already."""
    pins = {thing[0]: thing[1]}
    beside = set(scalars(told_of(past.graph, past.steps, thing)))
    for kind in kinds:
        free = [value for value in walk.knowledge.values(kind) if value not in beside] if kind not in pins else []
        if kind in thing_kinds(past.graph) and free:
            pins[kind] = pick(walk.rng, free)
    return pins
