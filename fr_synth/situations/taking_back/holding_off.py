"""A turn made two of: asked for with something wrong and held off at once, then put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_synth.language.taking_back import held_off, put_otherwise
from fr_synth.situations.played import PlayedTurn
from fr_synth.situations.rendering import tone_of
from fr_synth.situations.scope import Entity, MissingPathError
from fr_synth.situations.taking_back.misspeaking import another, told_wrongly, ways_of

if TYPE_CHECKING:
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.language.taking_back import Reason
    from fr_synth.situations.playing import Player
    from fr_synth.situations.scope import Worked
    from fr_synth.situations.taking_back.misspeaking import Misspoken

__all__ = ["held_off_by"]


class _Wrong(NamedTuple):
    reason: Reason
    way: Misspoken
    thing: Entity | Worked


def held_off_by(player: Player, turn: SituationTurn, *, first: bool) -> PlayedTurn | None:
    """Play the turn in which a request is told wrongly and held off; the next turn puts it right.

    Args:
        player: Who plays the situation.
        turn: The turn that would come up.
        first: It is the dialogue's first.

    Returns:
        The turn; None, and nothing changed, where nothing is to be taken back or nothing can be.
    """
    reason, tone = player.reason(), tone_of(player.persona, turn)
    if not reason or len(turn.then) + 2 > player.left or tone not in turn.say or not _changes_something(player, turn):
        return None
    names, back, heard = dict(player.scope.names), player.walk.fork(), len(player.sourcing.heard)
    rules = {**player.situation.values, **turn.values}
    if player.work_out(turn.values):
        for way in ways_of(turn, turn.say[tone]):
            thing = another(way.root, rules, player.scope, player.walk)
            if reason == "change_of_mind" and isinstance(thing, Entity):
                continue  # a story is about just this thing; people think better of sums and days
            held = None if thing is None else _said_wrongly(player, turn, _Wrong(reason, way, thing), first=first)
            if held is not None:
                return held
            del player.sourcing.heard[heard:]
    player.scope.names = names
    player.walk.become(back)
    return None


def _changes_something(player: Player, turn: SituationTurn) -> bool:
    """Return True if what a turn asks for changes something: nobody holds off a mere look."""
    tools = player.walk.domain.spec.tools
    return any(tools[each.call].effect == "write" for each in turn.requests)


def _said_wrongly(player: Player, turn: SituationTurn, wrong: _Wrong, *, first: bool) -> PlayedTurn | None:
    held = held_off(turn, wrong.reason, wrong.way.name)
    again = put_otherwise(turn, wrong.reason, wrong.way.name)
    root, tone = wrong.way.root, tone_of(player.persona, turn)
    if tone not in held.say or tone not in again.say:
        return None
    right = player.scope.names[root]
    try:
        player.scope.names[root] = wrong.thing
        said = player.said(held, first=first)
        player.scope.names[root] = right
        player.sourcing.heard.append(said)
        words = told_wrongly(said, root, player.scope)
        played = player.leave(held, said, ("", ""), (player.walk.state, len(player.walk.steps))) if words else None
    except MissingPathError:
        return None
    finally:
        player.scope.names[root] = right
    if not isinstance(played, PlayedTurn) or played.trace.awaited is None:
        return None
    if "no_call" in player.wanted:
        player.wanted.remove("no_call")
    player.goes_on_with(again)
    awaited = msgspec.structs.replace(played.trace.awaited, misspoken=words)
    return played._replace(trace=played.trace._replace(awaited=awaited))
