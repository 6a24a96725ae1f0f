"""Room: how many people or pieces something is left for, as results tell, and what is asked of it in vain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.adapters.words.grammar.vocabulary import words_of
from fr_synth.language.standing import latest_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["asks_of_none", "exceeds_room", "without_capacity"]


def exceeds_room(before: Sequence[ExecutedCall], own: Sequence[Json], wanted: Mapping[str, Json]) -> bool:
    """Return True if more is wanted of a thing than there is left of it, or than it has room for.

    Args:
        before: The calls before the request.
        own: Identifiers that the request takes.
        wanted: What the person says in the request, by argument.
    """
    counts = {name: value for name, value in wanted.items() if isinstance(value, int) and not isinstance(value, bool)}
    rows = [latest_row(before, value) for value in own]
    left = [(words, there) for words, there in _whole_numbers(rows) if words & _REMAINS]
    if any(value > there for name, value in counts.items() for words, there in left if words & _words(name)):
        return True
    named = [value for row in rows for name, value in row.items() if is_identifier(name) and value not in own]
    around = [*rows, *(latest_row(before, value) for value in named if isinstance(value, str | int))]
    room = [there for words, there in _whole_numbers(around) if _is_room(words)]
    taken = [value for row in rows for name, value in row.items() if isinstance(value, int) and _is_party(_words(name))]
    there_now = [there for words, there in _whole_numbers(rows) if _is_room(words)]
    if there_now and len(own) > 1 and any(value > min(there_now) for value in taken):
        return True  # four places are moved to where three are left
    return bool(room) and any(value > min(room) for name, value in counts.items() if _is_party(_words(name)))


def _is_party(words: Collection[str]) -> bool:
    """Return True for how many people come, or places are taken."""
    return bool(set(words) & (_PARTY | _SEATS)) and not _is_room(words)


def _words(name: str) -> set[str]:
    return set(spaced(name).lower().split())


def _whole_numbers(rows: Sequence[JsonObject]) -> Iterator[tuple[set[str], int]]:
    """Iterate over the whole numbers of rows, with the words of their names."""
    for row in rows:
        for name, value in row.items():
            if isinstance(value, int) and not isinstance(value, bool):
                yield _words(name), value


def _is_room(words: Collection[str]) -> bool:
    """Return True for how many people something has room for: places left, a capacity, the most guests."""
    known = set(words)
    return bool(known & {"capacity", "sleeps"}) or bool(known & (_SEATS | _PARTY) and known & (_REMAINS | _BOUND))


_SEATS = words_of("beds bunks places seats spaces spots tickets")
_PARTY = words_of(
    "adults attendees children diners guests kids members musicians participants party passengers people persons "
    "players pupils riders students travellers visitors"
)
_BOUND = words_of("max maximum most")
_REMAINS = words_of("available free left remaining stock")


def asks_of_none(before: Sequence[ExecutedCall], tool: str, own: Sequence[Json]) -> bool:
    """Return True if a look-up asks for more of what is sold out, as an earlier result shows.

    Args:
        before: The calls before it.
        tool: Name of its tool; whether there is some again may be asked.
        own: Identifiers that it takes.
    """
    rows = [] if _words(tool) & _AGAIN else [latest_row(before, value) for value in own]
    return any(there == 0 and words & _REMAINS for words, there in _whole_numbers(rows))


_AGAIN = words_of("availability available free next restock stock wait waiting waitlist")


def without_capacity(row: JsonObject, message: str) -> JsonObject:
    """Return a row as it answers who asks what is free: of how many there are in all, some are taken.

    Args:
        row: The row.
        message: What the person asks.

    Example:
        >>> row = {"boat": "Tern", "seats": 4, "guests": ["Ada"]}
        >>> without_capacity(row, "Which boats still have a free seat?"), without_capacity(row, "Which boats?") == row
        ({'boat': 'Tern', 'guests': ['Ada']}, True)
    """
    asked = _FREE.search(message)
    taken = any(isinstance(value, list) for value in row.values())
    if asked is None or not taken:
        return row
    return {name: value for name, value in row.items() if spaced(name).lower().removesuffix("s") != asked[1]}


_FREE = re.compile(r"\bfree (berth|bed|place|seat|space|spot)s?\b")
