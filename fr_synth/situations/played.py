"""A turn of a situation as it was played: what happens, what is said, what is thought."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.kinds.repeating import asks_again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.traits import Trait
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["NO_THOUGHTS", "PlayedTurn", "Thoughts", "was_just_told"]


class Thoughts(NamedTuple):
    """What an expert thinks in a turn, as far as the situation says; empty texts where it does not.

    Attributes:
        first: Before the first call.
        found: Before the last requested call, where other calls go before it.
        close: Before the reply.
        before: Before single calls, by their place in the turn.
        silent: Nothing is left to think of before the reply.
    """

    first: str
    found: str
    close: str
    before: Mapping[int, str] = {}
    silent: bool = False


NO_THOUGHTS = Thoughts("", "", "")
"""What is thought where no situation says anything."""


class PlayedTurn(NamedTuple):
    """One turn.

    Attributes:
        trace: What happens.
        message: What the person says.
        thoughts: What the expert thinks.
        traits: What the person does besides, as the situation says.
        announced: Tools that come with the message.
    """

    trace: TurnTrace
    message: str
    thoughts: Thoughts
    traits: tuple[Trait, ...] = ()
    announced: tuple[str, ...] = ()


def was_just_told(played: PlayedTurn, before: str) -> bool:
    """Return True if a turn asks for what the reply before it has told, and for nothing else."""
    trace, goal = played.trace, played.trace.goal
    bare = trace.kind == "no_call" and not goal.barred and not goal.answers
    return bare and asks_again(played.message, trace.reply.text, before, goal.mentions)
