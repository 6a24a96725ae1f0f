"""How things stand while a situation is played: kept, and come back to where a turn does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.situations.mishaps.plan import NO_MISHAP
from fr_synth.situations.played import PlayedTurn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.situation.spec import SituationTurn
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.playing import Player
    from fr_synth.situations.scope import Entity, Result, Worked
    from fr_synth.trace.awaited import Awaited

__all__ = ["Standing", "back_to", "played_or_back", "standing_of"]


class Standing(NamedTuple):
    """How things stand at a moment to which one may come back.

    Attributes:
        names: What can be spoken of.
        walk: Where the dialogue stands.
        open: Calls left undone, by their turns.
        lengths: How many messages were heard, values told, and sentences replied.
    """

    names: Mapping[str, Entity | Result | Worked]
    walk: Walk
    open: Mapping[int, Awaited]
    lengths: tuple[int, int, int]


def standing_of(player: Player) -> Standing:
    """Return how things stand."""
    lengths = len(player.sourcing.heard), len(player.replies.told), len(player.replies.said)
    return Standing(dict(player.scope.names), player.walk.fork(), dict(player.sourcing.open), lengths)


def back_to(player: Player, standing: Standing) -> None:
    """Have things stand as they stood."""
    walk = player.walk
    walk.become(standing.walk.fork())
    walk.turn, walk.turn_state = standing.walk.turn, standing.walk.turn_state
    player.scope.names, player.sourcing.open = dict(standing.names), dict(standing.open)
    heard, told, said = standing.lengths
    del player.sourcing.heard[heard:], player.replies.told[told:], player.replies.said[said:]
    for step in [each for each in player.befores if each >= len(walk.steps)]:
        del player.befores[step]
    for step in [each for each in player.supply.mended if each >= len(walk.steps)]:
        del player.supply.mended[step]
    player.unasked -= {each for each in player.unasked if each >= len(walk.steps)}


def played_or_back(player: Player, turn: SituationTurn, *, first: bool = False) -> PlayedTurn | None:
    """Play a turn in which nothing goes wrong; None, and all as it was, where it does not fit."""
    standing, player.supply.mishap = standing_of(player), NO_MISHAP
    played = player.played(turn, first=first)
    if isinstance(played, PlayedTurn):
        return played
    back_to(player, standing)
    return None
