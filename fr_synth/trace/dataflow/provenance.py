"""What a dialogue knows so far, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import Field
    from fr_envs.json_values import Json, JsonObject

__all__ = [
    "Default",
    "Derived",
    "Knowledge",
    "KnownValue",
    "Output",
    "Provenance",
    "Said",
    "harvest",
    "inputs_of",
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
    """It follows from what is known: the last day of a month that was named, the sum of two amounts.

    Records and the check of their sources (proof 3) read it; the sampler and the teachers give none so far.

    Attributes:
        expression: How, one of the names in ``fr_synth.trace.dataflow.derive.EXPRESSIONS``.
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


class Around:
    """The object in which a value stands. What is beside the value is worked out when it is asked for: seldom."""

    __slots__ = ("_fields", "_told", "_value")

    def __init__(self, fields: Mapping[str, Field], value: JsonObject) -> None:
        """Take an object and the contract's fields of it."""
        self._fields = fields
        self._value = value
        self._told: tuple[JsonObject, dict[str, str]] | None = None

    def told(self) -> tuple[JsonObject, dict[str, str]]:
        """Return the plain members of the object, and the kinds of those that have one."""
        if self._told is None:
            beside: JsonObject = {}
            kinds: dict[str, str] = {}
            for name, member in self._value.items():
                if name in self._fields and not isinstance(member, dict | list):
                    beside[name] = member
                    kind = self._fields[name].kind
                    if kind is not None:
                        kinds[name] = kind
            self._told = beside, kinds
        return self._told


_NOTHING = Around({}, {})


class Found(NamedTuple):
    """One value of a kind in a result.

    Attributes:
        kind: What it means.
        value: The value.
        pointer: JSON pointer into the result.
        around: The object in which it stands.
        group: JSON pointer to the list that holds that object, None where there is no list.
        role: What it is for, as the contract says of that place; empty where it says nothing.
    """

    kind: str
    value: Json
    pointer: str
    around: Around
    group: str | None
    role: str = ""

    @property
    def beside(self) -> JsonObject:
        """The other plain members of the object in which it stands."""
        return self.around.told()[0]

    @property
    def kinds(self) -> Mapping[str, str]:
        """Kind of each of those members, where it has one."""
        return self.around.told()[1]


class KnownValue(NamedTuple):
    """One value that an output gave.

    Attributes:
        found: The value, and where it stands in the result.
        step: Call that gave it.
        turn: Turn of the call.
    """

    found: Found
    step: int
    turn: int

    @property
    def kind(self) -> str:
        """What it means."""
        return self.found.kind

    @property
    def value(self) -> Json:
        """The value."""
        return self.found.value

    @property
    def pointer(self) -> str:
        """JSON pointer into that call's result."""
        return self.found.pointer

    @property
    def role(self) -> str:
        """What it is for, as the contract says of that place; empty where it says nothing."""
        return self.found.role

    @property
    def beside(self) -> JsonObject:
        """The other plain members of the object in which it stands."""
        return self.found.beside

    @property
    def kinds(self) -> Mapping[str, str]:
        """Kind of each of those members, where it has one."""
        return self.found.kinds

    @property
    def group(self) -> str | None:
        """JSON pointer to the list that holds that object, None where there is no list."""
        return self.found.group


def harvest(fields: Mapping[str, Field], value: JsonObject) -> list[Found]:
    """Return the values of known kinds in an object, depth first, in the order of the contract.

    A result is looked through several times on its way into a walk, so the latest few are remembered: results are
    never changed in place, and an entry holds on to the very object that it is about.
    """
    kept = _LATEST.get(id(value))
    if kept is not None and kept[0] is value and kept[1] is fields:
        return kept[2]
    found: list[Found] = []
    _from_object(fields, value, "", None, found)
    if len(_LATEST) >= _MOST_LATEST:
        del _LATEST[next(iter(_LATEST))]
    _LATEST[id(value)] = value, fields, found
    return found


_LATEST: dict[int, tuple[JsonObject, Mapping[str, Field], list[Found]]] = {}
_MOST_LATEST = 64


def _from_object(
    fields: Mapping[str, Field], value: JsonObject, at: str, group: str | None, found: list[Found]
) -> None:
    around = Around(fields, value)
    for name, field in fields.items():
        member = value.get(name)
        if member is None:
            continue
        pointer = f"{at}/{escape(name)}"
        if field.kind is not None:
            found.append(Found(field.kind, member, pointer, around, group, field.role))
        elif field.object is not None:
            _from_object(field.object, member, pointer, group, found)
        elif field.array is not None:
            _from_array(field.array, member, pointer, found)


def _from_array(item: Field, values: Sequence[Json], at: str, found: list[Found]) -> None:
    for i, value in enumerate(values):
        if item.object is not None:
            _from_object(item.object, value, f"{at}/{i}", at, found)
        elif item.kind is not None and value is not None:
            found.append(Found(item.kind, value, f"{at}/{i}", _NOTHING, at, item.role))
        elif item.array is not None:
            _from_array(item.array, value, f"{at}/{i}", found)


_MOST_SOURCES = 4  # after so many places, one in each further result: a listing may repeat a value in every row


class Knowledge:
    """Values that earlier outputs gave, by kind, with the places that gave each."""

    __slots__ = ("_by_kind",)

    def __init__(self) -> None:
        """Know nothing."""
        self._by_kind: dict[str, dict[Json, tuple[KnownValue, ...]]] = {}

    def learn(self, step: int, turn: int, returns: Mapping[str, Field], result: JsonObject) -> int:
        """Take in a result; return how many values are new."""
        new = 0
        for found in harvest(returns, result):
            value = found.value
            if isinstance(value, dict | list):
                continue
            values = self._by_kind.setdefault(found.kind, {})
            sources = values.get(value, ())
            new += not sources
            if len(sources) < _MOST_SOURCES or sources[-1].step != step:
                values[value] = (*sources, KnownValue(found, step, turn))
        return new

    def has_news(self, returns: Mapping[str, Field], result: JsonObject) -> bool:
        """Return True if a result holds a value that is not known yet."""
        return any(
            not isinstance(found.value, dict | list) and found.value not in self._by_kind.get(found.kind, ())
            for found in harvest(returns, result)
        )

    def kinds(self) -> frozenset[str]:
        """Return the kinds of which a value is known."""
        return frozenset(self._by_kind)

    def values(self, kind: str) -> list[Json]:
        """Return the known values of a kind, in the order in which they were learnt."""
        return list(self._by_kind.get(kind, ()))

    def sources(self, kind: str, value: Json) -> tuple[KnownValue, ...]:
        """Return where a value of a kind is known from, earliest first; empty if it is not known."""
        return self._by_kind.get(kind, {}).get(value, ())

    def given_by(self, kind: str, step: int) -> list[Json]:
        """Return the values of a kind that one call gave."""
        found = []
        for value, sources in self._by_kind.get(kind, {}).items():
            for source in sources:
                if source.step == step:
                    found.append(value)
                    break
        return found

    def fork(self) -> Knowledge:
        """Return a copy that learns on its own."""
        copy = Knowledge()
        copy._by_kind = {kind: dict(values) for kind, values in self._by_kind.items()}
        return copy
