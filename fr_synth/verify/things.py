"""Things that the roles of a situation's cast can stand for in a dialogue, as its world shows them at the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.conditions import matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Situation
    from fr_synth.verify.evidence import Evidence

__all__ = ["KEY", "Meant", "inside", "things"]


KEY = ""
"""Member of a thing of the cast that holds its identifier: what a path to the thing itself leads to."""


class Meant(NamedTuple):
    """Something that a name can stand for.

    Attributes:
        value: It.
        call: Call in whose result it stands; None for a thing of the cast.
    """

    value: Json
    call: int | None


def things(evidence: Evidence, situation: Situation) -> dict[str, list[Meant]]:
    """Return the things that the roles of a cast can stand for, in the world as it is when the dialogue begins."""
    found: dict[str, list[Meant]] = {}
    for name, role in situation.cast.items():
        if role.kind:
            known = evidence.domain.entities(evidence.states[0], role.kind) or {}
            plain = {member: each for member, each in role.where.items() if "$" not in str(each)}
            alike = _named_by(role.same, found) if role.same else None
            fitting = ({**row, KEY: key} for key, row in known.items() if matches(plain, row))
            found[name] = [Meant(row, None) for row in fitting if alike is None or row[KEY] in alike]
    return found


def _named_by(path: str, known: Mapping[str, Sequence[Meant]]) -> list[Json] | None:
    """Return the identifiers that a path to a thing of the cast can lead to; None where that cannot be told."""
    root, _, rest = path.partition(".")
    return [inside(meant.value, rest or KEY) for meant in known[root]] if root in known else None


def inside(value: Json, rest: str) -> Json:
    """Return what stands at a dotted path in a value; None where nothing does."""
    for part in rest.split("."):
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, list) and part == "count":
            value = len(value)
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return None
    return value
