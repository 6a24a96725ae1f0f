"""Values that several things of a world share: where they are kept, to which department they belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.inference.values import words
from fr_envs.adapters.words.grammar.phrases import spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["shared_values"]

_SHARED = frozenset({
    "aisle", "area", "bin", "category", "department", "drawer", "folder", "genre", "group", "hall", "list", "location",
    "place", "project", "rack", "room", "section", "shelf", "team", "venue", "warehouse", "zone",
})  # fmt: skip
_LONGEST = 40


def shared_values(
    name: str, schema: JsonObject | None, known: Mapping[Json, Iterable[frozenset[str]]]
) -> list[str]:  # fmt: skip
    """Return what a world shows under an argument's name, where that is one that things share; else nothing.

    A tool that takes any location takes any word; people name one that there is.

    Args:
        name: Name of the argument.
        schema: Its schema; only of a plain text anybody would have to ask which.
        known: For each value that the world shows the words around each place where it stands.

    Example:
        >>> shown = {"shed": [frozenset({"item", "location"})], "Ada": [frozenset({"owner"})]}
        >>> [shared_values(name, {"type": "string"}, shown) for name in ("new_location", "owner")]
        [['shed'], []]
        >>> shown = {"Old Town": [frozenset({"ride", "start"})], "2026-03-09": [frozenset({"trip", "end"})]}
        >>> [shared_values(name, {"type": "string"}, shown) for name in ("start", "end")]
        [['Old Town'], []]
    """
    if schema is None or schema.get("type") != "string" or "enum" in schema:
        return []
    bare = re.sub(r"^(?:new|target|to|destination) (?=[a-z])", "", spaced(name).lower())
    if bare.split()[-1] not in _SHARED and bare not in _SPOTS_OR_TIMES:
        return []
    wanted = words(bare)
    found = [
        value
        for value, several in known.items()
        if isinstance(value, str) and value and len(value) <= _LONGEST and any(wanted <= each for each in several)
    ]
    timed = bare in _SPOTS_OR_TIMES and any(_MOMENT.search(value) for value in found)
    return [] if timed else found


_SPOTS_OR_TIMES = frozenset({"arrival", "begin", "departure", "end", "finish", "from", "pickup", "start", "to"})
"""Names of where something begins or ends, or when: the values that a world shows say which."""
_MOMENT = re.compile(r"\d{4}-\d\d|\d:\d\d")
