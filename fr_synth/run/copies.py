"""Copies: records that say the same as another one, to the letter or nearly so."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
import rensa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.records import Dialogue

__all__ = ["NEAR", "Copies", "Likeness", "likeness_of"]

NEAR = 0.9
"""Share of three-word sequences in what is said, of all that two records have, from which on one is a near copy."""

_WORDS = 3  # words of a sequence
_LEAST = 40  # sequences of a record that is compared by them; where less is said, much has to be alike
_HASHES = 64  # numbers of a MinHash signature
_BAND = 4  # numbers that have to agree before two signatures are compared: 0.9 is missed once in 10 million pairs
_WORD = re.compile(r"\w+")


class Likeness(NamedTuple):
    """What a record is compared by.

    Attributes:
        digest: Digest of what user and assistant say and of the calls, in the contract's names: a record that is told
            again with other names for its tools is a copy.
        signature: MinHash signature of the three-word sequences that user and assistant say, as 32-bit numbers; empty
            where they say too little for it to tell anything.
    """

    digest: bytes
    signature: bytes


def likeness_of(dialogue: Dialogue) -> Likeness:
    """Return what a record is compared by."""
    spoken = [message.get("content") for message in dialogue.messages if message.get("role") in ("user", "assistant")]
    called = [(call.message, call.name, call.arguments, call.result) for call in dialogue.calls]
    digest = hashlib.blake2b(msgspec.json.encode((spoken, called)), digest_size=16).digest()
    said = [
        str(message.get("content", ""))
        for message in dialogue.messages
        if message.get("role") in ("user", "assistant") and not message.get("tool_calls")
    ]
    words = [_WORD.findall(text.lower()) for text in said]
    sequences = {" ".join(each[k : k + _WORDS]) for each in words for k in range(max(1, len(each) - _WORDS + 1))}
    if len(sequences) < _LEAST:
        return Likeness(digest, b"")
    sketch = rensa.RMinHash(num_perm=_HASHES, seed=0)
    sketch.update(sorted(sequences))
    return Likeness(digest, np.array(sketch.digest(), dtype="<u4").tobytes())


class Copies:
    """The records of a run so far; finds the one that another record is a copy of.

    O(1) a record, in time and in memory: some 800 bytes, as a run may have a million of them.
    """

    def __init__(self) -> None:
        """Begin without a record."""
        self._exact: dict[bytes, int] = {}
        self._names: list[str] = []
        self._bands = _Numbers()
        self._signatures = bytearray()

    def twin_of(self, likeness: Likeness) -> str | None:
        """Return the id of a record that says the same or nearly the same; None if there is none."""
        if likeness.digest in self._exact:
            return self._names[self._exact[likeness.digest]]
        if not likeness.signature:
            return None
        mine = np.frombuffer(likeness.signature, dtype="<u4")
        seen = {number for key in _keys(likeness) for number in self._bands.of(key)}
        for number in sorted(seen):
            if np.mean(mine == self._signature(number)) >= NEAR:
                return self._names[number]
        return None

    def add(self, name: str, likeness: Likeness) -> None:
        """Remember a record."""
        number = len(self._names)
        self._exact.setdefault(likeness.digest, number)
        self._names.append(name)
        self._signatures += likeness.signature or bytes(4 * _HASHES)
        for key in _keys(likeness) if likeness.signature else ():
            self._bands.add(key, number)

    def _signature(self, number: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        width = 4 * _HASHES
        return np.frombuffer(bytes(self._signatures[number * width : (number + 1) * width]), dtype="<u4")


def _keys(likeness: Likeness) -> Iterator[int]:
    """Iterate over a number for each band of a signature, which those that agree in it share."""
    width = 4 * _BAND
    for start in range(0, len(likeness.signature), width):
        band = start.to_bytes(2, "little") + likeness.signature[start : start + width]
        yield int.from_bytes(hashlib.blake2b(band, digest_size=8).digest(), "little") or 1


class _Numbers:
    """Numbers by key, several a key: a table in two arrays, where a dictionary of lists takes ten times as much.

    A key stands in the first free place behind the one that it belongs to; key 0 is a free place.
    """

    def __init__(self) -> None:
        self._size = 0
        self._keys = np.zeros(1 << 10, dtype=np.uint64)
        self._values = np.zeros(1 << 10, dtype=np.uint32)

    def of(self, key: int) -> Iterator[int]:
        """Iterate over the numbers of a key."""
        last = len(self._keys) - 1
        place = key & last
        while held := int(self._keys[place]):
            if held == key:
                yield int(self._values[place])
            place = (place + 1) & last

    def add(self, key: int, value: int) -> None:
        """Add a number to those of a key."""
        if 2 * (self._size + 1) > len(self._keys):
            self._grow()
        self._put(key, value)
        self._size += 1

    def _put(self, key: int, value: int) -> None:
        last = len(self._keys) - 1
        place = key & last
        while self._keys[place]:
            place = (place + 1) & last
        self._keys[place], self._values[place] = key, value

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._keys, self._values = np.zeros(2 * len(keys), np.uint64), np.zeros(2 * len(keys), np.uint32)
        for place in np.flatnonzero(keys):
            self._put(int(keys[place]), int(values[place]))
