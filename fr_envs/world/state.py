"""Record, Table, State: the frozen value that a world is.

A state is a struct of tables; a table is a persistent map from key to record. Writing returns a new value that shares
structure with the old one, so forking is keeping a reference and undoing is forgetting one. Each table carries a
128-bit digest of its contents (the sum of a hash of each row, modulo 2^128). A write only notes what it changed; the
digest is brought up to date when it is asked for, or after so many writes, so that ``State.digest`` costs what was
written since and one addition a table. A new table has its first digest, and what it looks rows up by, once it is
asked for either or written to. The sum is no defence against an adversary; ``State.sha256`` is, at the price
of reading everything.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeAlias, TypeVar, get_args, get_type_hints

import msgspec
from immutables import Map
from typing_extensions import override

from fr_envs.errors import StateError
from fr_envs.json_values import Json, JsonObject  # noqa: TC001 -- msgspec reads the annotations of Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


__all__ = ["Change", "Key", "Record", "State", "Table"]


Key: TypeAlias = str | int
"""The key of a row. Within one table all keys have one type, so that they can be sorted."""

_MODULUS = 1 << 128
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_encode = _ENCODER.encode
_blake2b = hashlib.blake2b
_from_bytes = int.from_bytes


class Record(msgspec.Struct, frozen=True, gc=False):
    """Base of every row: a frozen struct of plain values (str, int, float, bool, None, tuples, other records).

    Such values cannot form cycles, so that the cyclic collector need not know of them.
    """


R = TypeVar("R", bound=Record)


class Change(NamedTuple):
    """One row that differs between two states.

    Attributes:
        table: Name of the table.
        key: Key of the row.
        before: The row as a JSON object, None where there was none.
        after: The row as a JSON object, None where there is none any more.
    """

    table: str
    key: Key
    before: JsonObject | None
    after: JsonObject | None


_NOTED = 32
"""Writes that a table notes before it brings its digest up to date unasked; what is noted is kept in memory."""

_Written: TypeAlias = "tuple[_Written | None, Key, Record | None, Record | None]"
"""What was written, latest first: what was written before, the key, the row before, the row after."""


def _row_hash(table: str, key: Key, row: Record) -> int:
    return _from_bytes(_blake2b(_encode((table, key, row)), digest_size=16).digest(), "little")


class Table(Generic[R]):
    """A persistent map from key to row, with a digest of its contents and secondary indexes.

    Reading, writing and forking are O(log n); listings come sorted by key. ``touched`` remembers which keys were
    written since the table was built, which makes the difference of two descendants cost what changed and no more.

    Args:
        name: Name of the table; part of every row's hash.
        rows: First contents.
        indexed: Fields of the rows that ``by`` can look up without a scan.

    Example:
        >>> class Pet(Record, frozen=True):
        ...     kind: str
        >>> pets = Table[Pet]("pets").put("rex", Pet("dog"))
        >>> pets.get("rex"), pets.drop("rex").digest == Table("pets").digest
        (Pet(kind='dog'), True)
    """

    __slots__ = ("_base", "_digested", "_index", "_rows", "_touched", "indexed", "name")

    name: str
    indexed: tuple[str, ...]
    _digested: tuple[int, _Written | None, int] | None
    """A digest, what was written since, how many writes that were; None until a new table is asked or written to."""
    _rows: Map[Key, R]
    _index: Map[tuple[str, Any], Map[Key, None]] | None
    """What ``indexed`` looks up; None until a new table is asked or written to."""
    _touched: Map[Key, None]
    _base: object

    def __init__(
        self, name: str, rows: Mapping[Key, R] | Mapping[str, R] | None = None, indexed: tuple[str, ...] = ()
    ) -> None:
        """Build a table from scratch; O(n)."""
        self.name = name
        self.indexed = indexed
        self._digested = self._index = None
        self._rows = Map(rows or ())
        self._touched = Map()
        self._base = object()

    def _first_digested(self) -> tuple[int, _Written | None, int]:
        name = self.name
        hashes = [  # ``_row_hash`` of every row, without a call for each
            _from_bytes(_blake2b(_encode((name, key, row)), digest_size=16).digest(), "little")
            for key, row in self._rows.items()
        ]
        self._digested = found = sum(hashes) % _MODULUS, None, 0
        return found

    def _first_index(self) -> Map[tuple[str, Any], Map[Key, None]]:
        groups: dict[tuple[str, Any], dict[Key, None]] = {}
        for field in self.indexed:
            for key, row in self._rows.items():
                groups.setdefault((field, getattr(row, field)), {})[key] = None
        index: Map[tuple[str, Any], Map[Key, None]] = Map({group: Map(keys) for group, keys in groups.items()})
        self._index = index
        return index

    def _with(self, key: Key, old: R | None, new: R | None) -> Self:
        table = object.__new__(type(self))
        table.name, table.indexed = self.name, self.indexed
        table._rows = self._rows.delete(key) if new is None else self._rows.set(key, new)
        table._index = self._reindexed(key, old, new) if self.indexed else self._index
        table._touched = self._touched if key in self._touched else self._touched.set(key, None)
        table._base = self._base
        known, since, count = self._digested or self._first_digested()
        table._digested = (known, (since, key, old, new), count + 1)
        if count >= _NOTED:
            table._bring_up_to_date()
        return table

    @property
    def digest(self) -> int:
        """A 128-bit digest of the contents; equal contents have equal digests."""
        digested = self._digested or self._first_digested()
        return digested[0] if digested[1] is None else self._bring_up_to_date()

    def _bring_up_to_date(self) -> int:
        digest, since, _ = self._digested or self._first_digested()
        name = self.name
        earliest: dict[Key, tuple[Record | None, Record | None]] = {}
        while since is not None:  # the latest write first: of each row what it was before the first, and what it is now
            since, key, old, new = since
            earliest[key] = old, earliest[key][1] if key in earliest else new
        for key, (old, new) in earliest.items():
            digest -= 0 if old is None else _row_hash(name, key, old)
            digest += 0 if new is None else _row_hash(name, key, new)
        digest %= _MODULUS
        self._digested = digest, None, 0
        return digest

    def _reindexed(self, key: Key, old: R | None, new: R | None) -> Map[tuple[str, Any], Map[Key, None]]:
        index = self._first_index() if self._index is None else self._index
        for field in self.indexed:
            before = None if old is None else (field, getattr(old, field))
            after = None if new is None else (field, getattr(new, field))
            if before == after:
                continue
            if before is not None:
                keys = index[before].delete(key)
                index = index.set(before, keys) if keys else index.delete(before)
            if after is not None:
                index = index.set(after, index.get(after, _NO_KEYS).set(key, None))
        return index

    def put(self, key: Key, row: R) -> Self:
        """Return the table with ``row`` at ``key``; itself when it is there already."""
        old = self._rows.get(key)
        return self if old == row else self._with(key, old, row)

    def drop(self, key: Key) -> Self:
        """Return the table without ``key``; itself when there is no such key."""
        old = self._rows.get(key)
        return self if old is None else self._with(key, old, None)

    def get(self, key: Key) -> R | None:
        """Return the row at ``key``, or None."""
        return self._rows.get(key)

    @property
    def lookup(self) -> Callable[[Key], R | None]:
        """What ``get`` asks, for those who look up many rows of one table: 0.05 µs a row, in place of 0.1."""
        return self._rows.get

    def __getitem__(self, key: Key) -> R:
        """Return the row at ``key``; raise KeyError where there is none."""
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        """Return True if there is a row at ``key``."""
        return key in self._rows

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def keys(self) -> list[Key]:
        """Return every key, sorted. O(n log n)."""
        return sorted(self._rows)

    def __iter__(self) -> Iterator[Key]:
        """Iterate over the keys, sorted. O(n log n)."""
        return iter(self.keys())

    def rows(self) -> Iterator[tuple[Key, R]]:
        """Iterate over (key, row), sorted by key. O(n log n)."""
        rows = self._rows
        return ((key, rows[key]) for key in self.keys())

    def values(self) -> Iterator[R]:
        """Iterate over the rows, sorted by key. O(n log n)."""
        return (row for _, row in self.rows())

    def by(self, field: str, value: object) -> list[R]:
        """Return the rows whose ``field`` is ``value``, sorted by key. O(k log k) when indexed, else a scan."""
        rows = self._rows
        return [rows[key] for key in self.keys_by(field, value)]

    def keys_by(self, field: str, value: object) -> list[Key]:
        """Return the keys of the rows whose ``field`` is ``value``, sorted."""
        if field in self.indexed:
            index = self._first_index() if self._index is None else self._index
            return sorted(index.get((field, value), _NO_KEYS))
        return sorted(key for key, row in self._rows.items() if getattr(row, field) == value)

    def changes(self, later: Table[R]) -> Iterator[Change]:
        """Iterate over the rows in which ``later`` differs from this table, sorted by key.

        Costs what was written since the two were one table, or O(n) where they never were.
        """
        if self is later or self.digest == later.digest:
            return
        if self._base is later._base:
            keys: set[Key] = {*self._touched, *later._touched}
        else:
            keys = {*self._rows, *later._rows}
        for key in sorted(keys):
            before, after = self._rows.get(key), later._rows.get(key)
            if before != after:
                yield Change(self.name, key, _builtins(before), _builtins(after))

    @override
    def __eq__(self, other: object) -> bool:
        """Compare contents; equal contents have equal digests."""
        if not isinstance(other, Table):
            return NotImplemented
        return self.name == other.name and self.digest == other.digest and self._rows == other._rows

    @override
    def __hash__(self) -> int:
        """Hash by contents."""
        return hash((self.name, self.digest))

    @override
    def __repr__(self) -> str:
        """Show name, size and digest."""
        return f"Table({self.name!r}, {len(self)} rows, digest={self.digest:032x})"


_NO_KEYS: Map[Key, None] = Map()


def _builtins(row: Record | None) -> JsonObject | None:
    """Return a row as JSON reads it again (tuples as lists), so that a change means the same after a round trip."""
    return None if row is None else msgspec.json.decode(msgspec.json.encode(row))


class State(msgspec.Struct, frozen=True):
    """Base of every world's state: a frozen struct whose fields are all tables (or, in a composition, states).

    Single values (the clock, the working directory, who is signed in) are rows of a table too, so that one mechanism
    gives digest, difference and JSON for all of it. A subclass writes ``class Bank(State, frozen=True)`` and names
    each field as the table in it is named.
    """

    def tables(self) -> Iterator[Table[Any]]:
        """Iterate over the tables, in the order of the fields."""
        return (getattr(self, field) for field in self.__struct_fields__)

    @property
    def digest(self) -> int:
        """A 128-bit digest of all contents; equal contents have equal digests. O(tables)."""
        digests: list[int] = [getattr(self, field).digest for field in self.__struct_fields__]
        return sum(digests) % _MODULUS

    def sha256(self) -> str:
        """Return the canonical SHA-256 of all contents, in hexadecimal. O(rows)."""
        contents = [(table.name, list(table.rows())) for table in self.tables()]
        return hashlib.sha256(_encode(contents)).hexdigest()

    def diff(self, later: State) -> tuple[Change, ...]:
        """Return every row in which ``later`` differs, in the order of tables and keys.

        Raises:
            StateError: ``later`` is a state of another world.
        """
        if type(later) is not type(self):
            raise StateError(f"a {type(self).__name__} cannot be compared with a {type(later).__name__}")
        pairs = zip(self.tables(), later.tables(), strict=True)  # most tables are one and the same
        return tuple(change for mine, theirs in pairs if mine is not theirs for change in mine.changes(theirs))

    def to_json(self) -> JsonObject:
        """Return the contents as ``{table: [[key, row], ...]}``, rows sorted by key."""
        return {table.name: [[key, _builtins(row)] for key, row in table.rows()] for table in self.tables()}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Rebuild a state from what ``to_json`` gave.

        Raises:
            StateError: A table is missing or unknown, or a row has another shape.
        """
        empty = cls()
        expected, given = set(cls.__struct_fields__), set(data)
        if expected != given:
            odd = ", ".join(sorted(expected ^ given))
            raise StateError(f"{cls.__name__}: tables missing or unknown: {odd}")
        hints = get_type_hints(cls)
        tables = {}
        for field in cls.__struct_fields__:
            row_type = get_args(hints[field])[0]
            tables[field] = _table_from_json(getattr(empty, field), row_type, data[field])
        return cls(**tables)


def _table_from_json(empty: Table[Any], row_type: type[Record], rows: Iterable[Json]) -> Table[Any]:
    try:
        contents = {key: msgspec.convert(row, row_type) for key, row in rows}
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise StateError(f"table {empty.name}: a row has another shape: {error}") from error
    return Table(empty.name, contents, empty.indexed)
