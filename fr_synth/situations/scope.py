"""What a situation can speak of at a moment: its cast, values worked out, results; each by a dotted path."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.json_values import escape
from fr_envs.situation.conditions import matches, resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Entity", "MissingPathError", "Result", "Scope", "Worked"]


class MissingPathError(LookupError):
    """Nothing stands at a path."""


class Entity(NamedTuple):
    """One of the world's things.

    Attributes:
        kind: Kind of its identifier; empty for a row without one.
        key: Identifier; None for a row without one.
        members: What is known of it.
        where: The conditions, operands resolved, by which it was chosen.
    """

    kind: str
    key: Json
    members: Mapping[str, Json]
    where: JsonObject


class Result(NamedTuple):
    """A result, or part of one.

    Attributes:
        step: Number of the call in the dialogue.
        pointer: JSON pointer to the part; empty for the whole.
        value: The part.
        way: How it was picked: ``where``, ``least`` or ``most``; empty for a whole result.
        by: What it was picked by: conditions with operands resolved, or the one member with its value.
    """

    step: int
    pointer: str
    value: Json
    way: str = ""
    by: Mapping[str, Json] = MappingProxyType({})


class Worked(NamedTuple):
    """A value that was worked out.

    Attributes:
        value: The value.
        expression: How, one of ``fr_synth.trace.dataflow.derive.EXPRESSIONS``; empty where a person made it up.
        inputs: Paths to what it was worked out from, or what was worked out on the way.
        tells: For a phrase made of several values: the path, value and words of each.
    """

    value: Json
    expression: str = ""
    inputs: tuple[str | Worked, ...] = ()
    tells: tuple[tuple[str, Json, str], ...] = ()


class Scope:
    """Names and what they stand for; a fork learns on its own."""

    def __init__(self, names: Mapping[str, Entity | Result | Worked] | None = None) -> None:
        """Begin with some names."""
        self.names: dict[str, Entity | Result | Worked] = dict(names or {})

    def fork(self) -> Scope:
        """Return a scope that learns on its own."""
        return Scope(self.names)

    def value(self, path: str) -> Json:
        """Return the value at a path.

        Raises:
            MissingPathError: Nothing stands there.
        """
        root, _, rest = path.partition(".")
        thing = self.names.get(root)
        if thing is None:
            raise MissingPathError(path)
        if isinstance(thing, Entity):
            return thing.key if not rest else _inside(thing.members, rest, path)
        return thing.value if not rest else _inside(thing.value, rest, path)

    def get(self, path: str) -> Json:
        """Return the value at a path, None where nothing stands there."""
        try:
            return self.value(path)
        except MissingPathError:
            return None

    def pointer(self, path: str) -> tuple[int, str] | None:
        """Return (call, JSON pointer into its result) of a path into a result; None for any other."""
        root, _, rest = path.partition(".")
        thing = self.names.get(root)
        if not isinstance(thing, Result):
            return None
        return thing.step, thing.pointer + "".join(f"/{escape(part)}" for part in rest.split(".") if part)

    def holds(self, conditions: JsonObject) -> bool:
        """Return True if every condition, each named after a path, holds."""
        return all(matches({"": resolved(c, self.get)}, {"": self.get(path)}) for path, c in conditions.items())


def _inside(value: Json, rest: str, path: str) -> Json:
    for part in rest.split("."):
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, list) and part == "count":
            value = len(value)
        elif hasattr(value, "get") and part in value:
            value = value[part]
        else:
            raise MissingPathError(path)
    return value
