"""What is said besides, behind what somebody came for: played to its end, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.situation.loading import most_turns
from fr_synth.situations.awaiting import recalled
from fr_synth.situations.casting import Misfit, cast
from fr_synth.situations.played import PlayedTurn
from fr_synth.situations.playing import Player
from fr_synth.trace.target import AsideTarget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.records import TurnRecord
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["arranged", "play_aside", "room_for"]


def room_for(asides: Iterable[Sequence[Situation]]) -> int:
    """Return how many turns are to be left to what is said besides.

    Args:
        asides: For each aside what can be said.
    """
    return sum(min((most_turns(each) for each in choices), default=0) for choices in asides)


def arranged(
    kinds: Sequence[TurnKind], asides: Sequence[Sequence[Situation]]
) -> list[tuple[TurnKind, list[Situation]]]:
    """Return what can be said besides in the order in which it is said: who takes leave does so last, and once.

    Args:
        kinds: Kinds of turn that are wanted.
        asides: For each of them what can be said.
    """
    pairs = [(kind, list(choices)) for kind, choices in zip(kinds, asides, strict=False)]
    pairs.sort(key=lambda pair: bool(pair[1]) and _takes_leave(pair[1][0]))
    return [
        (kind, [each for each in choices if number == len(pairs) - 1 or not _takes_leave(each)])
        for number, (kind, choices) in enumerate(pairs)
    ]


def _takes_leave(aside: Situation) -> bool:
    return any(turn.last for turn in aside.turns)


def _is_settled(turns: Sequence[TurnRecord]) -> bool:
    """Return True if what was asked for last was done."""
    return bool(turns) and turns[-1].kind == "act" and not turns[-1].goal.unmet


def play_aside(
    aside: Situation,
    player: Player,
    walk: Walk,
    rng: np.random.Generator,
    turns: Sequence[TurnRecord],
    wanted: list[TurnKind] | None = None,
) -> list[tuple[PlayedTurn, list[ExecutedCall]]]:
    """Play an aside to its end; return each turn with the calls before it. Nothing, and all as it was, if it cannot be.

    Args:
        aside: What is said.
        player: Who has played the dialogue so far.
        walk: Where it stands.
        rng: Chooses words.
        turns: Its turns so far.
        wanted: Kinds of turn that may come up in it, where it is a matter of its own; what comes up is taken out.
    """
    if player.replies.asks or (_takes_leave(aside) and not _is_settled(turns)):
        return []  # a question is answered first
    heard, told = player.sourcing.heard, player.replies.told
    back, number = walk.fork(), (len(heard), len(told))
    walk.turn = len(turns) - 1
    walk.next_turn()
    tools = walk.domain.spec.tools
    given = {name for step in walk.steps if tools[step.call.name].effect == "write" for name in step.call.arguments}
    scope = cast(aside, walk, recalled(told, given))
    found: list[tuple[PlayedTurn, list[ExecutedCall]]] = []
    if isinstance(scope, Misfit):
        return found
    own = Player(aside, player.persona, scope, walk, rng, player)
    own.arrives, own.wholly = player.arrives, wanted is None
    if wanted is not None:
        own.wanted, own.mishaps, own.reasons = wanted, player.mishaps, player.reasons
    while True:
        own.left = player.left - len(found)
        before = list(walk.steps)
        played = own.play(sure=True)
        if played is None and found:
            return found
        if not isinstance(played, PlayedTurn):
            break
        trace = played.trace._replace(target=AsideTarget(aside.name))
        if not played.announced and not _can_be_offered(trace, walk, turns):
            break
        found.append((played._replace(trace=trace), before))
        walk.next_turn()
    walk.become(back)
    del heard[number[0] :], told[number[1] :]
    return []


def _can_be_offered(trace: TurnTrace, walk: Walk, turns: Sequence[TurnRecord]) -> bool:
    """Return True unless a turn withholds a tool that the dialogue needs, or needs one that it withholds."""
    before = [turn.awaited for turn in turns if turn.awaited is not None]
    here = trace.awaited
    come = {name for turn in turns for name in turn.announced}
    missing = {name for each in before for name in each.withheld} - come
    withheld = missing.union(here.withheld if here else ())
    needed = {each.tool for each in before if each.tool not in each.withheld}
    needed |= {step.call.name for step in walk.steps}
    return not withheld & (needed if here is None or here.withheld else {*needed, here.tool})
