"""What the person of a situation can ask next: each request is played ahead, so that whoever chooses can have any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.streams import draw_seed, generator
from fr_synth.situations.taking_back.standing import back_to, played_or_back, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.situation.spec import SituationTurn
    from fr_synth.situations.played import PlayedTurn
    from fr_synth.situations.playing import Player

__all__ = ["Offered", "menu", "take"]

_WAYS = 2  # ways to ask for the same, with other values where the situation leaves them open


class Offered(NamedTuple):
    """A request that can be made next.

    Attributes:
        place: Which of the turns ahead it is; those before it are left out.
        message: What the person says, as the situation words it.
        due: The situation does not go on without it.
        draws: State of the generator from which it was played.
    """

    place: int
    message: str
    due: bool
    draws: Mapping[str, Any]


def menu(player: Player, further: int = 0) -> tuple[Offered, ...]:
    """Return what can be asked next: turns that need not come, up to the first that has to, and those in its place.

    Each was played to its end, so it can be done in the world as it is. Nothing where what was begun goes on.

    Args:
        player: Who plays; stands in the end where it stood.
        further: How many turns have to be left after it.
    """
    found: list[Offered] = []
    group = ""
    for place, (turn, first) in enumerate(player.ahead):
        short = found and len(player.ahead) - place - 1 < further
        if player.owes or short or (group and turn.instead != group):
            break
        ways = list(_ways(player, place)) if player.can_come(turn, first=first) else []
        found += ways
        if ways and turn.chance == 1:
            if not turn.instead:
                break
            group = turn.instead
    return tuple(found)


def take(player: Player, offered: Offered) -> None:
    """Let a request be the next that comes up, with the values that it was offered with.

    Args:
        player: Who plays.
        offered: One of its menu.
    """
    del player.ahead[: offered.place]
    player.rng.bit_generator.state = offered.draws


def _ways(player: Player, place: int) -> Iterator[Offered]:
    turn, first = player.ahead[place]
    seen: list[list[object]] = []
    begun = player.rng.bit_generator.state
    for way in range(_WAYS):
        draws = generator(draw_seed(player.rng, bits=30), way).bit_generator.state if way else begun
        player.rng.bit_generator.state = draws
        played = _played(player, turn, first=first)
        player.rng.bit_generator.state = begun
        played = played if played is not None and _is_clear(player, played) else None
        calls: list[object] = [(each.call.name, each.call.arguments) for each in played.trace.steps] if played else []
        if played is not None and calls not in seen:
            seen.append(calls)
            yield Offered(place, played.message, turn.chance == 1, draws)


def _is_clear(player: Player, played: PlayedTurn) -> bool:
    """Return True if "that one" means what was dealt with last also where turns before it are left out."""
    again = (each for step in played.trace.steps for each in step.mentions.values() if each.way == "anaphora")
    focus = player.walk.focus
    return all(focus.get(each.kind) == (each.value,) for each in again if each.turn == player.walk.turn)


def _played(player: Player, turn: SituationTurn, *, first: bool) -> PlayedTurn | None:
    """Play a turn as it would be played, and come back."""
    standing, sampler = standing_of(player), player.walk.rng.bit_generator.state
    player.rng.random()  # what ``play`` draws for the turn's chance
    played = played_or_back(player, turn, first=first and not player.walk.turn)
    back_to(player, standing)
    player.walk.rng.bit_generator.state = sampler
    return played
