"""What a turn that is not acted on leaves undone, as a record keeps it; and what an aside can recall."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from fr_envs.episode.judging.saying import mentions
from fr_envs.situation.conditions import resolved
from fr_synth.situations.calls.arguments import plain_arguments
from fr_synth.situations.scope import MissingPathError, Worked
from fr_synth.trace.awaited import Awaited

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.situations.scope import Scope

__all__ = ["awaited_in", "recalled", "told_apart"]


def awaited_in(turn: SituationTurn, scope: Scope) -> Awaited | None:
    """Return the call that a turn leads up to and does not make; None where its kind is about none.

    Args:
        turn: The turn; its requests have been made.
        scope: What paths lead to.

    Raises:
        MissingPathError: A path leads nowhere.
    """
    awaits = turn.awaits
    if awaits is None:
        return Awaited(about=turn.about) if turn.about else None
    plain = Awaited(
        awaits.call,
        plain_arguments(awaits.arguments, scope),
        awaits.lacks,
        awaits.rule,
        (awaits.call, *awaits.withheld) if turn.kind == "missing_tool" else (),
    )
    chosen = awaits.candidates
    if chosen is None:
        return plain
    place = scope.pointer(chosen.rows)
    if place is None:
        raise MissingPathError(chosen.rows)
    return Awaited(
        plain.tool, plain.arguments, plain.lacks, step=place[0], group=place[1],
        where=resolved(chosen.where, scope.get), by=chosen.by, key=chosen.key,
    )  # fmt: skip


def told_apart(awaited: Awaited, result: Json, reply: str) -> tuple[str, ...]:
    """Return what a reply tells the candidates of a choice apart by: for each a value that is its own alone.

    Args:
        awaited: The call that is not made, and what its candidates go by.
        result: The result in which they stand.
        reply: The reply.
    """
    rows = awaited.candidates(result)
    found: list[str] = []
    for row in rows:
        own = (row[name] for name in awaited.by if name in row and [r.get(name) for r in rows].count(row[name]) == 1)
        found += [text for value in own if mentions(reply, text := str(value))][:1]
    return tuple(dict.fromkeys(found))


def recalled(told: Sequence[tuple[str, Json, str]], given: Collection[str] = ()) -> dict[str, Worked]:
    """Return the names by which an aside speaks of what was told: the latest value of a member that was told once.

    Args:
        told: (member, value, words) of what replies have told, in order.
        given: Arguments of calls that have changed something: what was told of these may hold no more.
    """
    often = collections.Counter(member for member, _, _ in told)
    alone = [each for each in told if often[each[0]] == 1 and each[0] not in given and not isinstance(each[1], bool)]
    if not alone:
        return {}
    member, value, text = alone[-1]
    return {"told": Worked({"label": member.replace("_", " "), "value": value, "text": text})}
