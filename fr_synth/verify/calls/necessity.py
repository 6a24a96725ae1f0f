"""Is a call needed? Leave it out, run the rest, and look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.episode.task import Goal, judge
from fr_synth.trace.dataflow.executed import ExecutedCall, feeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["needed_by_world", "unneeded"]


def needed_by_world(
    domain: Domain[Any], start: State, turn: Sequence[ExecutedCall], left_out: int, goal: Goal | None
) -> bool:
    """Return True if leaving out one call of a turn makes a later one come out otherwise, or misses the goal.

    The goal is judged without a reply: an answer has to have been obtained, not guessed.
    """
    state, results = start, []
    for number, executed in enumerate(turn):
        if number == left_out:
            continue
        if executed.faulted:  # it never reaches the world, but what leads up to it has to lead there
            if number > left_out and domain.apply(state, executed.call).error is not None:
                return True
            continue
        outcome = domain.apply(state, executed.call)
        if number > left_out and outcome.value != executed.result and executed.purpose == "needed":
            return True  # what is only looked at needs nothing
        state = outcome.state
        if outcome.error is None and executed.purpose != "slip":
            results.append(outcome.value)
    if goal is None or not (goal.changes or goal.answers):
        return False  # what a reply has to name is for the reply alone
    return judge(msgspec.structs.replace(goal, mentions=()), start, state, results, "").score < 1


def unneeded(
    domain: Domain[Any],
    start: State,
    turn: Sequence[ExecutedCall],
    goal: Goal | None,
    used_later: set[int],
    first: int = 0,
) -> list[int]:
    """Return the positions in a turn of the calls that nothing needs.

    Calls that failed, and distractors, are passed over: they have rules of their own.

    Args:
        domain: The world.
        start: State when the turn began.
        turn: Its calls.
        goal: What the turn is for; None to ask only what later calls need.
        used_later: Numbers of calls whose outputs later turns take arguments from.
        first: Number in the dialogue of the turn's first call.
    """
    used = set(used_later).union(*(feeds(executed) for executed in turn))
    return [
        position
        for position in range(len(turn))
        if first + position not in used
        and not turn[position].aside
        and not needed_by_world(domain, start, turn, position, goal)
    ]
