"""The person's next request, chosen by the teacher from a menu of what execution has shown to be possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.errors import TeacherError
from fr_synth.situations.menu import menu, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.situations.playing import Player

__all__ = ["let_choose"]


def let_choose(player: Player, ask: Callable[[JsonObject], Json], lacking: int) -> bool:
    """Let the teacher choose what the person asks next; return False if the person has nothing more to ask.

    Nobody is asked where there is nothing to choose. What was chosen comes up when the player plays on.

    Args:
        player: Who plays the situation.
        ask: Asks the teacher with the material of the role ``choose``, and returns the number that it gives.
        lacking: How many turns the dialogue has too few; it may end where it lacks none, unless the situation does
            not go on without a request.

    Raises:
        TeacherError: The number is none of the menu.
    """
    offers = menu(player, lacking - 1)
    may_end = lacking <= 0 and bool(offers) and not any(each.due for each in offers)
    if len(offers) + may_end < 2:
        return True
    asked: JsonObject = {"menu": [each.message for each in offers], "may_end": may_end, "draft": {"choice": 1}}
    chosen = ask(asked)
    if chosen == 0 and may_end:
        return False
    if not isinstance(chosen, int) or isinstance(chosen, bool) or not 1 <= chosen <= len(offers):
        raise TeacherError(f"chose {str(chosen)[:40]!r} from a menu of {len(offers)}")
    take(player, offers[chosen - 1])
    return True
