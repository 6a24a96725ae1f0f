"""The enumerated words of a contract: "frozen", "booked", "savings", each with the members that may have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.contract.spec import leaves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import DomainSpec, Field

__all__ = ["enumerated"]


def enumerated(spec: DomainSpec) -> Mapping[str, frozenset[str]]:
    """Return the enumerated words of a contract with the names of the members that may have them; made once."""
    kept = _ENUMERATED.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_ENUMERATED) > 16:
            _ENUMERATED.clear()
        _ENUMERATED[id(spec)] = kept = (spec, _collected(spec))
    return kept[1]


_ENUMERATED: dict[int, tuple[DomainSpec, Mapping[str, frozenset[str]]]] = {}


def _collected(spec: DomainSpec) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for tool in spec.tools.values():
        shapes: dict[str, Field] = {**{name: p.field for name, p in tool.parameters.items()}, **tool.returns}
        for leaf in leaves(shapes):
            schema = leaf.field.schema if leaf.kind is None else spec.kinds[leaf.kind].schema
            name = next(part for part in reversed(leaf.path) if part != "*")
            for value in (schema or {}).get("enum", ()):
                if isinstance(value, str) and re.fullmatch(r"[a-z]+(?:[_ -][a-z]+)*", value):
                    found.setdefault(value, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}
