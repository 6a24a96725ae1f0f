"""The row of a result that a situation picks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import Json, JsonObject, pointer_of
from fr_envs.situation.conditions import matches, resolved
from fr_synth.situations.scope import Result

if TYPE_CHECKING:
    from fr_envs.situation.spec import Pick
    from fr_synth.situations.scope import Scope

__all__ = ["picked"]


def picked(scope: Scope, each: Pick) -> Result | None:
    """Return the row of a list that fits; None where none does, or an extreme is shared.

    Args:
        scope: What can be spoken of.
        each: Which row is meant.
    """
    place = scope.pointer(each.rows)
    rows = scope.get(each.rows)
    if place is None or not isinstance(rows, list):
        return None
    where = resolved(each.where, scope.get)
    fitting = [(k, row) for k, row in enumerate(rows) if isinstance(row, dict) and matches(where, row)]
    member = each.least or each.most
    if member:
        valued = [(k, row) for k, row in fitting if row.get(member) is not None]
        if not valued:
            return None
        best: Json = (min if each.least else max)(row[member] for _, row in valued)
        fitting = [(k, row) for k, row in valued if row[member] == best]
        if len(fitting) != 1:
            return None
        by: JsonObject = {**where, member: best}
        way = ("least" if each.least else "most") if not where else "where"
    else:
        by, way = where, "where"
    if not fitting:
        return None
    number, row = fitting[0]
    return Result(place[0], place[1] + pointer_of([number]), row, way, by)
