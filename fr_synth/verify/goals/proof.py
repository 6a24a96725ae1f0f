"""Proof "goals": the goal of each turn, and of the dialogue as a whole, holds at the end and not before.

The goal of a dialogue is what has changed from its first state to its last, in the rows that its turns were for, and
the answers of its last turn. A dialogue that undoes all that it did, or whose last turn brings nothing that was not
there before, has come to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.task import Goal, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject
    from fr_envs.world.state import Change, State
    from fr_synth.verify.evidence import Evidence

__all__ = ["goal_of_dialogue", "goals"]

_ENCODER = msgspec.json.Encoder(order="deterministic")  # rows are structs in a walk, and objects in a file


def goals(evidence: Evidence) -> Iterator[str]:
    """The goal of each turn and of the whole dialogue holds at the end and not before."""
    turns = evidence.dialogue.turns
    acting = [number for number, turn in enumerate(turns) if turn.kind == "act" and _own(evidence, number)]
    for number in acting:
        start, goal = evidence.states[_own(evidence, number)[0]], evidence.dialogue.turns[number].goal
        if goal.unmet:
            continue  # to say what was not done is not to have said it before
        if judge(goal, start, start, [], "").score == 1:
            yield f"turn {number}: its goal holds before anything is done"
    if acting:
        yield from _of_the_whole(evidence, acting[-1])


def goal_of_dialogue(evidence: Evidence, last: int) -> Goal:
    """Return the goal of a dialogue as a whole.

    Args:
        evidence: The record and its replay.
        last: Number of the last turn with calls.
    """
    turns = evidence.dialogue.turns
    return Goal(
        changes=_meant(evidence, evidence.states[0], evidence.states[-1]),
        answers=turns[last].goal.answers,
        incidental=tuple(sorted({table for turn in turns for table in turn.goal.incidental})),
    )


def _meant(evidence: Evidence, before: State, after: State) -> tuple[Change, ...]:
    """Return the changes between two states in rows that some turn was for."""
    rows = {(change.table, change.key) for turn in evidence.dialogue.turns for change in turn.goal.changes}
    return tuple(change for change in before.diff(after) if (change.table, change.key) in rows)


def _of_the_whole(evidence: Evidence, last: int) -> Iterator[str]:
    goal, own = goal_of_dialogue(evidence, last), _own(evidence, last)
    first, before, after = evidence.states[0], evidence.states[own[0]], evidence.states[-1]
    unmet = evidence.dialogue.turns[last].goal.unmet  # that something cannot be done is told, as answers are
    if not (goal.changes or goal.answers):
        if unmet:
            return
        yield "the dialogue comes to nothing: what it did is undone at its end"
        return
    verdict = judge(goal, first, after, _results(evidence, own[0], own[-1] + 1), "")
    if verdict.score < 1:
        lacking = (*verdict.missing, *(f"{c.table}[{c.key}] changed unasked" for c in verdict.forbidden))
        yield f"the goal of the dialogue is missed: {'; '.join(lacking)}"
    held = judge(goal, first, before, _results(evidence, 0, own[0]), "").score == 1
    if held and not unmet and not _meant(evidence, before, after):
        yield f"turn {last}: the goal of the dialogue holds before it, so it brings nothing"


def _own(evidence: Evidence, turn: int) -> list[int]:
    return [number for number, call in enumerate(evidence.dialogue.calls) if call.turn == turn]


def _results(evidence: Evidence, first: int, end: int) -> list[JsonObject]:
    return [call.result for call in evidence.dialogue.calls[first:end] if call.error is None]
