"""Facts of worlds that know nothing of facts: what holds is what the calls so far have set and cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.spec import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.contract.spec import DomainSpec, Field
    from fr_envs.json_values import Json, JsonObject

__all__ = ["holds_at_first", "mentioned"]


def holds_at_first(spec: DomainSpec, fact: str) -> bool:
    """Return True if a fact holds before any call: where no tool can set it, it is taken to."""
    return not any(fact in tool.sets for tool in spec.tools.values())


def mentioned(kind: str, places: Iterable[tuple[Mapping[str, Field], JsonObject]]) -> list[Json]:
    """Return the values of a kind that stand in some objects (a call's arguments, its result).

    Args:
        kind: The kind.
        places: Each object with the fields that its contract gives it.
    """
    return [
        value
        for fields, data in places
        for leaf in leaves(fields)
        if leaf.kind == kind
        for value in _at(data, leaf.path)
    ]


def _at(data: Json, path: tuple[str, ...]) -> list[Json]:
    if not path:
        return [data]
    if path[0] == "*":
        return [value for item in data for value in _at(item, path[1:])] if isinstance(data, list) else []
    return _at(data[path[0]], path[1:]) if isinstance(data, dict) and path[0] in data else []
