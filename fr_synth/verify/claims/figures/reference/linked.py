"""Names of a situation that hang together: a result and what its call was made with, a row and what it is picked by.

Where the cast of a dialogue can be two things, each name by itself may stand for either. But "ours" is the distance
from where we start, whichever that is; a text that tells the one of this thing and the other of that one is not true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.situated.meaning.told import KEY, inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.forms import Reading
    from fr_synth.verify.situated.meaning.told import Meant
    from fr_synth.verify.situated.meaning.values import Names

__all__ = ["torn"]


class _Link(NamedTuple):
    """Two names with one value: a member of the first, or an argument of its call, and a path of the second."""

    name: str
    member: str
    argument: bool
    path: str


def torn(evidence: Evidence, turns: Iterable[SituationTurn], names: Names, reading: Reading) -> Iterator[str]:
    """Iterate over names that a text tells, and that cannot be of one thing though they hang together.

    Args:
        evidence: The record and its replay.
        turns: The situation's turns so far.
        names: What the names can stand for, narrowed down by the text.
        reading: The text.
    """
    told = {each.path.partition(".")[0] for each in reading.told}
    for link in (each for turn in turns for each in _links(turn)):
        other, _, rest = link.path.partition(".")
        if link.name not in told or other not in told or other == link.name:
            continue
        mine = [_linked(evidence, link, each) for each in names.meant(link.name, reading)]
        theirs = [inside(each.value, rest or KEY) for each in names.meant(other, reading)]
        known = [value for value in mine if value is not None], [value for value in theirs if value is not None]
        if all(known) and len(known[0]) == len(mine) and not any(value in known[1] for value in known[0]):
            yield f"{link.name} and {other} are told of two things"


def _links(turn: SituationTurn) -> Iterator[_Link]:
    """Iterate over what hangs together in a turn, by its requests and what is picked from their results."""
    for request in turn.requests:
        for argument, path in request.arguments.items():
            if isinstance(path, str):
                yield _Link(request.name, argument, argument=True, path=path)
        for name, pick in request.picks.items():
            for member, condition in pick.where.items():
                if isinstance(condition, str) and condition.startswith("$"):
                    yield _Link(name, member, argument=False, path=condition[1:])


def _linked(evidence: Evidence, link: _Link, meant: Meant) -> Json:
    """Return the value by which something that a name can stand for hangs together with the other; None if unknown."""
    if not link.argument:
        return inside(meant.value, link.member)
    if meant.call is None:
        return None
    arguments: Json = evidence.dialogue.calls[meant.call].arguments
    return inside(arguments, link.member)
