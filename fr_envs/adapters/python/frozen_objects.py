"""A Python object as a frozen state: a snapshot that calls never touch, and its contents as rows.

The snapshot is what the object's own ``fork()`` gives where it has one, else its pickle, or a private deep copy where
it cannot be pickled. The digest comes from the contents, attribute by attribute, and not from the snapshot's bytes:
equal objects may pickle differently.
"""

from __future__ import annotations

import copy
import datetime
import decimal
import enum
import hashlib
import inspect
import json
import pickle
import uuid
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from fr_envs.errors import StateError
from fr_envs.world.state import Record, State, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.json_values import Json

__all__ = ["Attribute", "HeldFact", "ObjectState", "authors_method", "content_of", "freeze", "image_of", "thaw"]

_PLAIN = (str, int, float, bool, type(None))
_SAID = (datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, uuid.UUID)
_UNPICKLABLE = (pickle.PicklingError, TypeError, AttributeError, ValueError, RecursionError)


class Attribute(Record, frozen=True):
    """One attribute of the object.

    Attributes:
        content: What it holds, as canonical JSON text; see ``content_of``.
    """

    content: str


class HeldFact(Record, frozen=True):
    """What the calls so far have made of a fact of the contract.

    Attributes:
        holds: Whether it holds.
    """

    holds: bool


class ObjectState(State, frozen=True):
    """The state of a world whose tools are methods.

    Attributes:
        attributes: By name: what the object holds.
        facts: By name, with the JSON text of the entity after it where there is one: the facts that calls have set or
            cleared. Digest, difference and JSON know of these two tables and of nothing else.
        snapshot: The pickled object, or a private copy of it that nobody but ``thaw`` may read.
        ignored: Names of attributes, at any depth, that are no part of the contents (the time of the last write).
    """

    attributes: Table[Attribute] = Table("attributes")
    facts: Table[HeldFact] = Table("facts")
    snapshot: Any = None
    ignored: tuple[str, ...] = ()

    @override
    def tables(self) -> Iterator[Table[Any]]:
        return iter((self.attributes, self.facts))

    @property
    @override
    def digest(self) -> int:
        return (self.attributes.digest + self.facts.digest) % (1 << 128)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectState) and (self.attributes, self.facts) == (other.attributes, other.facts)

    @override
    def __hash__(self) -> int:
        return hash((self.attributes, self.facts))

    @classmethod
    @override
    def from_json(cls, data: Mapping[str, Json]) -> ObjectState:
        """Refuse: the text of the contents does not bring an object back.

        Raises:
            StateError: Always.
        """
        raise StateError("the state of a Python object cannot be read back from JSON; replay its calls instead")


def authors_method(kind: type, name: str) -> bool:
    """Return True if a class has a method of this name that can be called with nothing: its author's word on states."""
    method = getattr(kind, name, None)
    if not inspect.isfunction(method):
        return False
    given = list(inspect.signature(method).parameters.values())[1:]
    return all(p.default is not p.empty or p.kind in {p.VAR_KEYWORD, p.VAR_POSITIONAL} for p in given)


def freeze(
    instance: object, ignored: Iterable[str] = (), before: ObjectState | None = None, image: object = None
) -> ObjectState:
    """Return the state that an object is in; later changes of the object do not reach it.

    Args:
        instance: The object.
        ignored: Names of attributes, at any depth, that are no part of the contents.
        before: The state that it was thawed from; returned itself when nothing changed.
        image: What ``image_of`` says of the object now, if that is known; spares pickling it once more.
    """
    forks = authors_method(type(instance), "fork")
    snapshot = image if isinstance(image, bytes) and not forks else _snapshot(instance)
    if before is not None and isinstance(snapshot, bytes) and snapshot == before.snapshot:
        return before
    names = tuple(sorted(ignored))
    table = Table[Attribute]("attributes") if before is None else before.attributes
    contents = {name: Attribute(content_of(value, names)) for name, value in _members(instance, names)}
    for name in table:
        if name not in contents:
            table = table.drop(name)
    for name, row in contents.items():
        table = table.put(name, row)
    if before is None:
        return ObjectState(table, snapshot=snapshot, ignored=names)
    return before if table is before.attributes else ObjectState(table, before.facts, snapshot, names)


def image_of(instance: Any) -> object:  # noqa: ANN401 - the toolkit's object
    """Return something that differs when the object does: its ``fingerprint()``, its pickle, or what it holds."""
    if authors_method(type(instance), "fingerprint"):
        return ("fingerprint", instance.fingerprint())
    snapshot = _pickled(instance)
    return content_of(instance) if snapshot is None else snapshot


def thaw(state: ObjectState) -> Any:  # noqa: ANN401 - whatever was frozen
    """Return a fresh object that is in this state."""
    if isinstance(state.snapshot, bytes):
        return pickle.loads(state.snapshot)
    return _copied(state.snapshot)


def _snapshot(instance: object) -> Any:  # noqa: ANN401 - bytes, or a copy of whatever was given
    pickled = None if authors_method(type(instance), "fork") else _pickled(instance)
    return _copied(instance) if pickled is None else pickled


def _copied(instance: Any) -> Any:  # noqa: ANN401 - a copy of whatever was given
    if authors_method(type(instance), "fork"):
        return instance.fork()
    return copy.deepcopy(instance)  # noqa: TID251 - a foreign object is no frozen value


def _pickled(instance: object) -> bytes | None:
    try:
        return pickle.dumps(instance, protocol=pickle.HIGHEST_PROTOCOL)
    except _UNPICKLABLE:
        return None


def content_of(value: object, ignored: tuple[str, ...] = ()) -> str:
    """Return what a value holds as canonical JSON text: equal contents, equal text; cycles become back references."""
    return json.dumps(_plain(value, ignored, {}), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, ignored: tuple[str, ...], seen: dict[int, int]) -> Json:  # noqa: ANN401 - any object
    if isinstance(value, _PLAIN):
        return value if type(value) in _PLAIN else [type(value).__name__, str(value)]
    if isinstance(value, _SAID):
        return [type(value).__name__, str(value)]
    if isinstance(value, enum.Enum):
        return [type(value).__name__, value.name]
    if id(value) in seen:
        return ["@", seen[id(value)]]
    seen[id(value)] = len(seen)
    if isinstance(value, dict):
        pairs = [[_plain(key, ignored, seen), _plain(item, ignored, seen)] for key, item in value.items()]
        return {"dict": pairs}
    if isinstance(value, list | tuple):
        return [_plain(item, ignored, seen) for item in value]
    if isinstance(value, set | frozenset):
        return {"set": sorted(content_of(item, ignored) for item in value)}
    members = [[name, _plain(item, ignored, seen)] for name, item in _members(value, ignored)]
    return {type(value).__name__: members if members else _opaque(value)}


def _members(value: object, ignored: tuple[str, ...]) -> list[tuple[str, Any]]:
    """List the attributes that an instance carries itself, sorted by name."""
    slots = [name for kind in type(value).__mro__ for name in _slots(kind)]
    named = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    named |= getattr(value, "__dict__", {})
    return sorted((name, item) for name, item in named.items() if name not in ignored) if named else []


def _slots(kind: type) -> tuple[str, ...]:
    given = kind.__dict__.get("__slots__", ())
    names = (given,) if isinstance(given, str) else tuple(given)
    return tuple(name for name in names if name not in {"__dict__", "__weakref__"})


def _opaque(value: object) -> str:
    """Stand for what has no attributes to look at: a generator's position, a date, a function."""
    snapshot = _pickled(value)
    if snapshot is not None:
        return hashlib.sha256(snapshot).hexdigest()[:32]
    return getattr(value, "__qualname__", type(value).__qualname__)
