"""Turns of other kinds than ``act`` in worlds without stories: a value is asked for, and somebody says thanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fr_envs.episode.task import Goal
from fr_envs.streams import pick
from fr_synth.build.leaving_out import leave_out
from fr_synth.language.queries import Query
from fr_synth.situations.played import NO_THOUGHTS, PlayedTurn
from fr_synth.trace.target import ToolTarget
from fr_synth.trace.turn_trace import Reply, TurnTrace

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.episode.turn_kind import TurnKind
    from fr_synth.build.plan import DialoguePlan, Dropped
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.records import TurnRecord
    from fr_synth.trace.target import Target

__all__ = ["PlainMaking", "say_thanks", "still_due", "word_plainly"]


class PlainMaking(Protocol):
    """What makes a dialogue, as far as these turns need it.

    Attributes:
        plan: What the dialogue is to be.
        walk: Where it stands.
        words: Chooses words.
        turns: Its turns so far.
    """

    plan: DialoguePlan
    walk: Walk
    words: np.random.Generator
    turns: list[TurnRecord]

    def worded(
        self, number: int, trace: TurnTrace, before: list[ExecutedCall], query: Query, played: PlayedTurn
    ) -> Dropped | None:
        """Word a turn; return why not if it cannot be worded."""


def still_due(maker: PlainMaking, number: int) -> list[Target]:
    """Return what the run has drawn for the turns before one and has not come up.

    Args:
        maker: What makes the dialogue.
        number: Number of the turn.
    """
    called = {step.call.name for step in maker.walk.steps}
    firsts = [several[0] for several in maker.plan.targets[:number] if several]
    return [each for each in firsts if getattr(each, "tool", "") not in called]


def word_plainly(
    maker: PlainMaking, number: int, trace: TurnTrace, before: list[ExecutedCall], query: Query
) -> Dropped | None:
    """Word a turn; where the run wants it and it can be, in two: what is lacking at first is asked for.

    Args:
        maker: What makes the dialogue.
        number: Number of the turn.
        trace: The turn.
        before: The calls of earlier turns.
        query: What the person says.
    """
    left = leave_out(maker.walk, trace, query.hard, maker.words) if _is_due(maker, "ask", turns=2) else None
    if left is None:
        return maker.worded(number, trace, before, query, PlayedTurn(trace, query.hard, NO_THOUGHTS))
    thoughts = NO_THOUGHTS._replace(close=left.thought)
    asking = PlayedTurn(left.asking, left.message, thoughts)
    dropped = maker.worded(number, left.asking, before, Query(left.message, left.message), asking)
    if dropped is not None:
        return dropped
    maker.walk.steps[left.trace.first :] = left.trace.steps
    maker.walk.turn += 1
    later = Query(query.easy, left.answer)
    return maker.worded(number + 1, left.trace, before, later, PlayedTurn(left.trace, left.answer, NO_THOUGHTS))


def say_thanks(maker: PlainMaking) -> Dropped | None:
    """End a dialogue with thanks, where the run wants it; return why not if that cannot be worded.

    Args:
        maker: What makes the dialogue.
    """
    if not maker.turns or not _is_due(maker, "no_call", turns=1):
        return None
    walk = maker.walk
    walk.next_turn()
    message, reply = pick(maker.words, _THANKS), pick(maker.words, _WELCOME)
    last = next(step for step in reversed(walk.steps) if step.user_requested)
    goal = Goal(incidental=tuple(sorted(walk.domain.hooks.incidental)))
    trace = TurnTrace(
        ToolTarget(last.call.name), (), len(walk.steps), walk.state, walk.state, goal, Reply(reply, ()), "no_call"
    )
    played = PlayedTurn(trace, message, NO_THOUGHTS)
    return maker.worded(len(maker.turns), trace, list(walk.steps), Query(message, message), played)


_THANKS = (
    "Thanks, that's all.", "That's everything, thank you.", "Great, thanks.", "Perfect, that was all I needed.",
    "Thank you, that's it for now.",
)  # fmt: skip
_WELCOME = ("You're welcome.", "Glad to help.", "You're welcome, have a good day.", "My pleasure.")


def _is_due(maker: PlainMaking, kind: TurnKind, *, turns: int) -> bool:
    """Return True if the run wants a turn of a kind, and there is room for so many more turns."""
    wanted = maker.plan.kinds.count(kind) > sum(turn.kind == kind for turn in maker.turns)
    return wanted and len(maker.turns) + turns <= maker.plan.turns[1]
