"""How things stand by what results have told of them: which are out of reach, and which are people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.adapters.words.grammar.vocabulary import is_person, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["is_out_of_reach", "is_somebody", "latest_row", "rows_of", "rows_with", "speaks_against"]


def rows_of(value: Json) -> Iterator[JsonObject]:
    """Iterate over the objects of a result, at any depth."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from rows_of(each)


def _own(row: JsonObject) -> Json:
    """Return the identifier of a row: the first of its members that is one by its name."""
    return next((value for name, value in row.items() if is_identifier(name)), None)


def latest_row(steps: Iterable[ExecutedCall], value: Json) -> JsonObject:
    """Return what was told of a thing, each member as it was told last; empty where nothing was.

    Args:
        steps: The calls, in order.
        value: The thing's identifier.
    """
    found: JsonObject = {}
    for step in steps:
        for row in rows_of(step.result):
            if _own(row) == value:
                found = {**found, **row}
    return found


def rows_with(step: ExecutedCall, value: Json) -> list[JsonObject]:
    """Return the rows of the list in a result of which one is a thing; empty where none is.

    Args:
        step: The call.
        value: The thing's identifier.
    """
    for member in step.result.values():
        if isinstance(member, list):
            rows = [row for row in member if isinstance(row, dict)]
            if any(_own(row) == value for row in rows):
                return rows
    return []


# ------------------------------------------------------------------------------------------------- out of reach

_SHUT = words_of(
    "away blocked booked borrowed broken busy cancelled canceled closed collected completed "
    "damaged delivered departed defective disabled expired finished "
    "full hired inactive lent locked lost maintenance missing occupied out paused reserved retired rented repair "
    "returned sold suspended taken unavailable use"
)  # fmt: skip
_OPEN = words_of("active available clean enabled free functional intact open ready stock working")
_LEFT = words_of("available free left remaining stock")
_STANDS = words_of("availability condition state status")


def is_out_of_reach(row: JsonObject) -> bool:
    """Return True if what was told of a thing says that nobody can have it now.

    Example:
        >>> is_out_of_reach({"id": 1, "out_of_order": True}), is_out_of_reach({"id": 1, "status": "under_repair"})
        (True, True)
        >>> is_out_of_reach({"id": 1, "free_slots": 0}), is_out_of_reach({"id": 1, "ready": True, "seats_left": 3})
        (True, False)
    """
    return any(speaks_against(name, value) for name, value in row.items())


def speaks_against(name: str, value: Json) -> bool:
    """Return True if a member says that nobody can have what it belongs to.

    Args:
        name: Name of the member.
        value: Its value.
    """
    words = spaced(name).lower()
    return _says_no(set(words.split()), words, value)


def _says_no(words: set[str], name: str, value: Json) -> bool:
    if isinstance(value, bool):
        last = name.split()[-1]
        return (value and (last in _SHUT or bool(words & {"out", "hired"}))) or (not value and bool(words & _OPEN))
    if isinstance(value, str) and name.split()[-1] in _STANDS:
        return bool(set(spaced(value).lower().split()) & _SHUT)
    return isinstance(value, int) and value == 0 and bool(words & _LEFT) and not words & _LASTING


_LASTING = words_of("day days hour hours minute minutes")


# ------------------------------------------------------------------------------------------------------- people


_MACHINES = words_of(
    "boiler burner charger computer container cooker counter cutter drawer dryer folder freezer heater kennel ladder "
    "letter locker mixer mower number order paper parlor parlour plotter poster printer projector router scanner "
    "scooter server shelter sensor speaker theater tower tractor trailer washer"
)


def is_somebody(about: str, name: str) -> bool:
    """Return True if a thing is a person, as far as what it is and its name tell.

    Example:
        >>> is_somebody("picker", "Nuno Reis"), is_somebody("printer", "Large printer"), is_somebody("guest", "Ada")
        (True, False, True)
    """
    last = about.lower().split()[-1] if about else ""
    if is_person(last):
        return True
    doer = last.endswith(("er", "or", "ist", "ant", "ian", "man", "woman", "child")) and last not in _MACHINES
    return doer and re.fullmatch(r"[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)+", name) is not None
