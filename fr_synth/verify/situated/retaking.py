"""What a turn of a situation becomes where somebody takes back what they said in the turn before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.situation.spec import dropping_of
from fr_synth.language.taking_back import corrected, course_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import JsonObject
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.language.taking_back import Course
    from fr_synth.verify.evidence import Evidence

__all__ = ["others", "taken_back_from"]


def taken_back_from(evidence: Evidence, number: int, before: SituationTurn) -> Iterator[tuple[SituationTurn, str]]:
    """Iterate over what a turn can be that takes back what the one before it was about.

    Args:
        evidence: The record and its replay.
        number: The turn.
        before: The situation's turn that the one before it is.

    Yields:
        What it can be, and the name of the value that is another in it; ``-`` where a wish is let be.
    """
    traits = evidence.dialogue.turns[number].traits
    if "correction" in traits:
        tools = evidence.domain.spec.tools
        looks = all(tools[each.call].effect == "read" for each in before.requests if each.call in tools)
        made = (call for call in evidence.dialogue.calls if call.turn == number - 1)
        done = {call.name: call.arguments for call in made if call.user_requested and call.error is None}
        for name, course in others(evidence, number, before, done):
            turn = corrected(before, name, course, looks=looks)
            yield from () if turn is None else ((turn, name),)
    turn = dropping_of(before) if "change_of_mind" in traits else None
    yield from () if turn is None else ((turn, "-"),)


def others(
    evidence: Evidence, number: int, turn: SituationTurn, before: Mapping[str, JsonObject]
) -> Iterator[tuple[str, Course]]:
    """Iterate over the values with which a turn calls a tool otherwise than it was, or was to be, called.

    Args:
        evidence: The record and its replay.
        number: The turn.
        turn: The situation's turn whose one request has these values.
        before: The arguments that there were before, by tool.

    Yields:
        The name of a value, and where it goes from what it was.
    """
    made = [call for call in evidence.dialogue.calls if call.turn == number and call.user_requested]
    for argument, name in values_of(turn).items():
        for call in made:
            was = before.get(call.name, {}).get(argument)
            course = course_of(was, call.arguments.get(argument))
            if call.name in before and course is not None:
                yield name, course
