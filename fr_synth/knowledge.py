"""What a dialogue knows so far, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.spec import Field
    from fr_envs.state import Json, JsonObject

__all__ = [
    "Default",
    "Derived",
    "Knowledge",
    "Known",
    "Output",
    "Provenance",
    "Said",
    "at_pointer",
    "harvest",
    "inputs_of",
    "siblings_at",
]


class Said(msgspec.Struct, frozen=True, tag="said", tag_field="from"):
    """The user said it.

    Attributes:
        turn: Turn in which, from 0.
        text: The words of the message that say it.
    """

    turn: int
    text: str


class Output(msgspec.Struct, frozen=True, tag="output", tag_field="from"):
    """An earlier call gave it.

    Attributes:
        step: Number of the call in the dialogue, from 0.
        pointer: JSON pointer into its result.
    """

    step: int
    pointer: str


class Derived(msgspec.Struct, frozen=True, tag="derived", tag_field="from"):
    """It follows from what is known.

    Attributes:
        expression: How, one of the names in ``fr_synth.derive``.
        inputs: From what.
    """

    expression: str
    inputs: tuple[Provenance, ...]


class Default(msgspec.Struct, frozen=True, tag="default", tag_field="from"):
    """The contract documents it as the default."""


Provenance: TypeAlias = Said | Output | Derived | Default


def inputs_of(source: Provenance) -> Iterator[Said | Output | Default]:
    """Iterate over the plain sources that a provenance rests on."""
    if isinstance(source, Derived):
        for each in source.inputs:
            yield from inputs_of(each)
    else:
        yield source


class Known(NamedTuple):
    """One value that an output gave.

    Attributes:
        kind: What it means.
        value: The value.
        step: Call that gave it.
        pointer: JSON pointer into that call's result.
        beside: The other plain members of the object in which it stands.
        kinds: Kind of each of those members, where it has one.
        group: JSON pointer to the list that holds that object, None where there is no list.
        turn: Turn of the call.
    """

    kind: str
    value: Json
    step: int
    pointer: str
    beside: JsonObject
    kinds: Mapping[str, str]
    group: str | None
    turn: int


class Found(NamedTuple):
    """One value of a kind in a result; fields as in ``Known``."""

    kind: str
    value: Json
    pointer: str
    beside: JsonObject
    kinds: Mapping[str, str]
    group: str | None


def harvest(fields: Mapping[str, Field], value: JsonObject) -> list[Found]:
    """Return the values of known kinds in an object, depth first, in the order of the contract."""
    found: list[Found] = []
    _from_object(fields, value, "", None, found)
    return found


def _beside(fields: Mapping[str, Field], value: JsonObject) -> tuple[JsonObject, dict[str, str]]:
    """Return the plain members of an object, and the kinds of those that have one."""
    beside: JsonObject = {}
    kinds: dict[str, str] = {}
    for name, member in value.items():
        if name in fields and not isinstance(member, dict | list):
            beside[name] = member
            kind = fields[name].kind
            if kind is not None:
                kinds[name] = kind
    return beside, kinds


def _from_object(
    fields: Mapping[str, Field], value: JsonObject, at: str, group: str | None, found: list[Found]
) -> None:
    beside, kinds = _beside(fields, value)
    for name, field in fields.items():
        member = value.get(name)
        if member is None:
            continue
        if field.kind is not None:
            found.append(Found(field.kind, member, f"{at}/{name}", beside, kinds, group))
        elif field.object is not None:
            _from_object(field.object, member, f"{at}/{name}", group, found)
        elif field.array is not None:
            _from_array(field.array, member, f"{at}/{name}", found)


def _from_array(item: Field, values: Sequence[Json], at: str, found: list[Found]) -> None:
    for i, value in enumerate(values):
        if item.object is not None:
            _from_object(item.object, value, f"{at}/{i}", at, found)
        elif item.kind is not None and value is not None:
            found.append(Found(item.kind, value, f"{at}/{i}", {}, {}, at))
        elif item.array is not None:
            _from_array(item.array, value, f"{at}/{i}", found)


def at_pointer(value: Json, pointer: str) -> Json:
    """Return what a JSON pointer points at.

    Raises:
        LookupError: Nothing stands there.
    """
    for part in pointer.split("/")[1:]:
        if isinstance(value, dict) and (name := part.replace("~1", "/").replace("~0", "~")) in value:
            value = value[name]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise LookupError(pointer)
    return value


def siblings_at(result: JsonObject, group: str | None) -> list[JsonObject]:
    """Return the objects of a list in a result; none where there is no list."""
    found = [] if group is None else at_pointer(result, group)
    return [item for item in found if isinstance(item, dict)]


_MOST_SOURCES = 4  # a value that many listings repeat needs no more places to point at it


class Knowledge:
    """Values that earlier outputs gave, by kind, with the first few places that gave each."""

    __slots__ = ("_by_kind",)

    def __init__(self) -> None:
        """Know nothing."""
        self._by_kind: dict[str, dict[Json, tuple[Known, ...]]] = {}

    def learn(self, step: int, turn: int, returns: Mapping[str, Field], result: JsonObject) -> int:
        """Take in a result; return how many values are new."""
        new = 0
        for kind, value, pointer, beside, kinds, group in harvest(returns, result):
            if isinstance(value, dict | list):
                continue
            values = self._by_kind.setdefault(kind, {})
            sources = values.get(value, ())
            new += not sources
            if len(sources) < _MOST_SOURCES:
                values[value] = (*sources, Known(kind, value, step, pointer, beside, kinds, group, turn))
        return new

    def has_news(self, returns: Mapping[str, Field], result: JsonObject) -> bool:
        """Say whether a result holds a value that is not known yet."""
        return any(
            found.value not in self._by_kind.get(found.kind, ())
            for found in harvest(returns, result)
            if not isinstance(found.value, dict | list)
        )

    def kinds(self) -> frozenset[str]:
        """Return the kinds of which a value is known."""
        return frozenset(self._by_kind)

    def values(self, kind: str) -> list[Json]:
        """Return the known values of a kind, in the order in which they were learnt."""
        return list(self._by_kind.get(kind, ()))

    def sources(self, kind: str, value: Json) -> tuple[Known, ...]:
        """Return where a value of a kind is known from, earliest first; empty if it is not known."""
        return self._by_kind.get(kind, {}).get(value, ())

    def given_by(self, kind: str, step: int) -> list[Json]:
        """Return the values of a kind that one call gave."""
        return [v for v, sources in self._by_kind.get(kind, {}).items() if any(s.step == step for s in sources)]

    def fork(self) -> Knowledge:
        """Return a copy that learns on its own."""
        copy = Knowledge()
        copy._by_kind = {kind: dict(values) for kind, values in self._by_kind.items()}
        return copy
