"""What happens in a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.trace.provenance import Output, Provenance, inputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.task import Answer, Goal
    from fr_envs.json_values import JsonObject
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.trace.mention import Step

__all__ = ["Ran", "Told", "TurnTrace", "as_ran", "feeds"]


class TurnTrace(NamedTuple):
    """What happens in a turn.

    Attributes:
        target: What the turn was aimed at, as ``fr_synth.sample.targets`` writes it; of errors the one that came.
        steps: Its calls, none of them needless.
        first: Number in the dialogue of the first of them.
        start: State before.
        end: State after.
        goal: What has to hold at the end.
        told: What the assistant says then.
    """

    target: str
    steps: tuple[Step, ...]
    first: int
    start: State
    end: State
    goal: Goal
    told: Told


def as_ran(step: Step) -> Ran:
    """Return a step as a call that ran."""
    return Ran(step.call, step.result, step.sources, step.error, step.idle)


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


class Told(NamedTuple):
    """A sentence and what it answers.

    Attributes:
        text: The sentence.
        answers: Values of the result that it tells.
    """

    text: str
    answers: tuple[Answer, ...]
