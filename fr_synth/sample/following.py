"""A turn that follows from those before it: aimed at what goes on with the thread, and taken only where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.sample.sense import has_reason
from fr_synth.sample.thread import follows, is_about_things, next_targets, role_of
from fr_synth.sample.turns import sample_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class _Way(NamedTuple):
    """How a turn may follow.

    Attributes:
        left: Turns that are left, this one included.
        strict: It has to be about the same thing.
        amends: It may say otherwise what was just said, where nothing else follows.
    """

    left: int
    strict: bool = True
    amends: bool = False


def sample_following(
    walk: Walk, drawn: Sequence[Target], place: Place, *, policy: SamplingPolicy, limits: Limits
) -> TurnTrace | None:
    """Sample a turn that follows from those before it, and take it; None (and nothing taken) if there is none.

    Where a dialogue has too few turns as yet, and is about no things that another tool could go on with (a sum, the
    weather), the next turn may be about something else.

    Args:
        walk: Where the dialogue stands.
        drawn: What the run has drawn for the turn, first choice first.
        place: Where in the dialogue it stands.
        policy: How the next tool is chosen.
        limits: How far to go for a tool.
    """
    left = place.most - place.number
    sums = all(kind.origin != "issued" for kind in walk.domain.spec.kinds.values())
    short = place.number < place.least
    ways = [_Way(left), *([_Way(left, strict=False)] if short and sums and not is_about_things(walk) else [])]
    for way in (*ways, *([_Way(left, amends=True)] if short and place.number else [])):
        for target in next_targets(walk, drawn, left):
            found = _sampled(walk, target, way, policy=policy, limits=limits)
            if found is not None:
                trial, trace = found
                walk.become(trial)
                return trace
    return None


def _sampled(
    walk: Walk, target: Target, way: _Way, *, policy: SamplingPolicy, limits: Limits
) -> tuple[Walk, TurnTrace] | None:
    """Return a turn that follows, and the walk with it: the first that something speaks for, else the first at all."""
    kept: tuple[Walk, TurnTrace] | None = None
    for number in range(_TRIES):
        trial = walk.fork()
        if number % 2 and role_of(walk.domain.spec.tools[getattr(target, "tool", "")]) == "finish":
            trial.focus = {}  # who is done with one thing may be done with another of those listed
        trace = sample_turn(trial, target, policy=policy, calls=1, limits=limits)
        if trace is None:
            return kept
        if not follows(walk, trace.steps, way.left, strict=way.strict, amends=way.amends):
            continue
        asked = next(step for step in trace.steps if step.user_requested)
        tool = walk.domain.spec.tools[asked.call.name]
        if role_of(tool) != "make" or has_reason(walk.steps, asked, tool):
            return trial, trace
        kept = kept or (trial, trace)
    return kept
