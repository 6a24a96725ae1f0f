"""The turn behind one in which a tool is missing, where it comes after all: what was wanted is done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.streams import DialogueStream, generator
from fr_synth.language.arriving import arrival, arrival_thoughts
from fr_synth.language.replies import reply_of
from fr_synth.sample.turns import goal_of
from fr_synth.situations.played import PlayedTurn, Thoughts
from fr_synth.trace.target import SituationTarget
from fr_synth.trace.turn_trace import TurnTrace
from fr_synth.verify.necessity import unneeded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_envs.situation.spec import SituationTurn
    from fr_synth.situations.playing import Player

__all__ = ["arrived_for", "draw_arrivals"]

_ARRIVALS = 0.8  # of turns with a missing tool, where there is room for another; in some no way or no words are found


def draw_arrivals(seed: Sequence[int]) -> Callable[[], bool]:
    """Return what draws, one turn after the other, whether a tool that was missing comes after all.

    Args:
        seed: Seed of the dialogue.
    """
    rng = generator(*seed, DialogueStream.ARRIVALS)
    return lambda: bool(rng.random() < _ARRIVALS)


def arrived_for(player: Player, turn: SituationTurn) -> PlayedTurn | None:
    """Play the turn in which a missing tool has come; None, and nothing changed, where it cannot be used or told.

    Args:
        player: Who plays the situation.
        turn: The turn before it, in which the tool is missing.
    """
    awaits, walk = turn.awaits, player.walk
    if awaits is None:
        return None
    back, start, number = walk.fork(), walk.state, len(walk.steps)
    said = player.said(arrival(), first=False)
    player.sourcing.heard.append(said)
    made = player.supply.call(walk, awaits.call, awaits.arguments, asked=True)
    steps = walk.steps[number:]
    if made is not None and not made.error:
        reply = reply_of(walk.domain, steps, player.rng, walk.weights.manner)
        goal = goal_of(walk.domain, steps, start, walk.state, reply)
        if (goal.changes or goal.answers) and not unneeded(walk.domain, start, steps, goal, set(), number):
            target = SituationTarget(player.situation.name)
            trace = TurnTrace(target, tuple(steps), number, start, walk.state, goal, reply)
            first, close = arrival_thoughts(awaits.call, player.rng)
            return PlayedTurn(trace, said.text, Thoughts(first, "", close), announced=(awaits.call,))
    walk.become(back)
    player.sourcing.heard.pop()
    return None
