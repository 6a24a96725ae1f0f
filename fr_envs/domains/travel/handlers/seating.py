"""Free seats as listings show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.travel.inventory import Cabin, seat_free
from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from fr_envs.domains.travel.state import Travel
    from fr_envs.json_values import JsonObject

__all__ = ["free_seats"]


def free_seats(state: Travel, cabin: Cabin, flight_id: str, position: str, limit: int) -> list[JsonObject]:
    """Return the free seats of a cabin from the front, ``position`` any, window, aisle or middle."""
    found: list[JsonObject] = []
    for place in range(cabin.rows * len(cabin.letters)):
        seat = cabin.name_of(place)
        if not seat_free(state, cabin, flight_id, seat):
            continue
        row = _seat(cabin.letters, seat, place + 1)
        if position in ("any", row["position"]):
            found.append(row)
            if len(found) == limit:
                break
    if not found:
        raise Refusal("no_such_seats")
    return found


def _seat(letters: str, seat: str, place: int) -> JsonObject:
    at, count = letters.index(seat[-1]), len(letters)
    right = at >= count - count // 2 if count != 9 else at >= 6
    if at in (0, count - 1):
        position = "window"
    elif count == 4 or at in ((2, 3) if count == 6 else (2, 3, 5, 6)):
        position = "aisle"
    else:
        position = "middle"
    side = "right" if right else "left"
    if count == 9 and 3 <= at < 6:
        side = "centre"
    return {"seat_number": seat, "row": int(seat[:-1]), "position": position, "side": side, "place": place}
