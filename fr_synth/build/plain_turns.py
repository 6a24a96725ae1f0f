"""The message of a turn in a world without stories, and the turn as that message puts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from fr_synth.language.plain_talk import Moment, Way, say_plainly, with_pronouns
from fr_synth.language.tying import NO_TIE
from fr_synth.sample.purpose.ties import Past, tie_of
from fr_synth.sample.thread import ends_made

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.json_values import JsonObject
    from fr_synth.language.queries import Query
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

    Talking: TypeAlias = tuple[Way, Sequence[JsonObject], np.random.Generator]

__all__ = ["said_plainly"]


def said_plainly(
    walk: Walk,
    trace: TurnTrace,
    before: Sequence[ExecutedCall],
    talking: tuple[Way, Sequence[JsonObject], np.random.Generator],
) -> tuple[TurnTrace, Query | None]:
    """Return a turn with its pronouns, and its message; None in place of that where there are no words for it.

    Args:
        walk: Where the dialogue stands after the turn.
        trace: The turn.
        before: The calls of earlier turns.
        talking: The manner of the dialogue, its messages so far, and what chooses among phrases.
    """
    way, messages, rng = talking
    said = " ".join(str(each["content"]) for each in messages if each["role"] == "user")
    trace = trace._replace(steps=with_pronouns(walk.domain, trace.steps, before, rng))
    asked = next((step for step in trace.steps if step.user_requested), None)
    tie = NO_TIE if asked is None else tie_of(Past(walk.domain, walk.graph, before), asked)
    moment = Moment(before, way, said, ends_made(walk, trace.steps, trace.first), tie)
    return trace, say_plainly(walk.domain, trace.steps, moment, rng)
