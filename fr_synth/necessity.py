"""Is a call needed? Leave it out, run the rest, and look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.task import Goal, judge
from fr_synth.knowledge import Output, inputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.calls import ToolCall
    from fr_envs.domain import Domain
    from fr_envs.state import JsonObject, State
    from fr_synth.knowledge import Provenance

__all__ = ["Ran", "feeds", "needed_by_world", "unneeded"]


class Ran(NamedTuple):
    """A call as it ran.

    Attributes:
        call: The call.
        result: What it gave.
        sources: Where its arguments come from.
        error: Code of the error with which it failed; empty if it worked.
        idle: It is there as a read that nobody needs.
    """

    call: ToolCall
    result: JsonObject
    sources: Mapping[str, Provenance]
    error: str = ""
    idle: bool = False


def feeds(ran: Ran) -> set[int]:
    """Return the numbers of the calls whose outputs a call takes arguments from."""
    found = (each for source in ran.sources.values() for each in inputs_of(source))
    return {each.step for each in found if isinstance(each, Output)}


def needed_by_world(domain: Domain[Any], start: State, turn: Sequence[Ran], left_out: int, goal: Goal | None) -> bool:
    """Say whether leaving out one call of a turn makes a later one come out otherwise, or misses the goal.

    The goal is judged without a reply: an answer has to have been obtained, not guessed.
    """
    state, results = start, []
    for number, ran in enumerate(turn):
        if number == left_out:
            continue
        outcome = domain.apply(state, ran.call)
        if number > left_out and outcome.value != ran.result:
            return True
        state = outcome.state
        if outcome.error is None:
            results.append(outcome.value)
    return goal is not None and judge(goal, start, state, results, "").score < 1


def unneeded(
    domain: Domain[Any], start: State, turn: Sequence[Ran], goal: Goal, used_later: set[int], first: int = 0
) -> list[int]:
    """Return the positions in a turn of the calls that nothing needs.

    Calls that failed, and distractors, are passed over: they have rules of their own.

    Args:
        domain: The world.
        start: State when the turn began.
        turn: Its calls.
        goal: What the turn is for.
        used_later: Numbers of calls whose outputs later turns take arguments from.
        first: Number in the dialogue of the turn's first call.
    """
    used = set(used_later).union(*(feeds(ran) for ran in turn))
    return [
        position
        for position in range(len(turn))
        if first + position not in used
        and not turn[position].error
        and not turn[position].idle
        and not needed_by_world(domain, start, turn, position, goal)
    ]
