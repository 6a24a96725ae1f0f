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
    """
    if schema is None or schema.get("type") != "string" or "enum" in schema:
        return []
    bare = re.sub(r"^(?:new|target|to|destination) (?=[a-z])", "", spaced(name).lower())
    if bare.split()[-1] not in _SHARED:
        return []
    wanted = words(bare)
    return [
        value
        for value, several in known.items()
        if isinstance(value, str) and value and len(value) <= _LONGEST and any(wanted <= each for each in several)
    ]
