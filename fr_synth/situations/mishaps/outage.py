"""A turn in which something failed for good: it ends there, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.faults import FAULT_CODES
from fr_synth.language.mishaps import WhatWentWrong, outage_replies, worded
from fr_synth.sample.propriety import giving_up
from fr_synth.sample.turns import goal_of
from fr_synth.trace.turn_trace import Reply, TurnTrace

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.world.state import State
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.target import Target

__all__ = ["outage_trace"]


def outage_trace(walk: Walk, target: Target, start: State, number: int, rng: np.random.Generator) -> TurnTrace:
    """Return what happened in a turn that a lasting fault has ended; rights that were taken are given up.

    Args:
        walk: Where the dialogue stands, the attempts taken.
        target: What the turn was for.
        start: State when the message came.
        number: Number of the turn's first call.
        rng: Chooses words.
    """
    steps = giving_up(walk, walk.steps[number:])
    for step in steps[len(walk.steps) - number :]:
        walk.take(step)
    code = next(code for code in FAULT_CODES if any(step.error == code for step in steps))
    reply = Reply(worded(WhatWentWrong(outage_replies(code)), rng), ())
    goal = msgspec.structs.replace(goal_of(walk.domain, steps, start, walk.state, reply), unmet=code)
    return TurnTrace(target, tuple(steps), number, start, walk.state, goal, reply)
