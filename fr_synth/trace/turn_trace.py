"""What happens in a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fr_envs.episode.task import Answer, Goal
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.world.state import State
    from fr_synth.trace.awaited import Awaited
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.target import Target

__all__ = ["PendingTarget", "Reply", "TurnTrace"]


class TurnTrace(NamedTuple):
    """What happens in a turn.

    Attributes:
        target: What the turn was aimed at; of errors the one that came.
        steps: Its calls, none of them needless.
        first: Number in the dialogue of the first of them.
        start: State before.
        end: State after.
        goal: What has to hold at the end.
        reply: What the assistant says then.
        kind: What the right move is.
        awaited: The call that is not made, in a turn of another kind than ``act``.
    """

    target: Target
    steps: tuple[ExecutedCall, ...]
    first: int
    start: State
    end: State
    goal: Goal
    reply: Reply
    kind: TurnKind = "act"
    awaited: Awaited | None = None


class Reply(NamedTuple):
    """A sentence and what it answers.

    Attributes:
        text: The sentence.
        answers: Values of the result that it tells.
        offers: Tools that do what it offers to do.
    """

    text: str
    answers: tuple[Answer, ...]
    offers: tuple[str, ...] = ()


class PendingTarget(NamedTuple):
    """A target that takes several turns.

    Attributes:
        target: The target.
        turns: How many turns have led up to it.
    """

    target: Target
    turns: int
