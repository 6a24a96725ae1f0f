"""Copies: records that say the same as another one, to the letter or nearly so."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
import rensa

if TYPE_CHECKING:
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
    """The records of a run so far; finds the one that another record is a copy of. O(1) a record."""

    def __init__(self) -> None:
        """Begin without a record."""
        self._exact: dict[bytes, str] = {}
        self._bands: list[dict[bytes, list[int]]] = [{} for _ in range(_HASHES // _BAND)]
        self._known: list[tuple[str, bytes]] = []

    def twin_of(self, likeness: Likeness) -> str | None:
        """Return the id of a record that says the same or nearly the same; None if there is none."""
        if likeness.digest in self._exact:
            return self._exact[likeness.digest]
        if not likeness.signature:
            return None
        mine = np.frombuffer(likeness.signature, dtype="<u4")
        seen: set[int] = set()
        for number, band in enumerate(self._bands):
            seen.update(band.get(self._key(likeness, number), ()))
        for index in sorted(seen):
            name, signature = self._known[index]
            if np.mean(mine == np.frombuffer(signature, dtype="<u4")) >= NEAR:
                return name
        return None

    def add(self, name: str, likeness: Likeness) -> None:
        """Remember a record."""
        self._exact.setdefault(likeness.digest, name)
        if not likeness.signature:
            return
        for number, band in enumerate(self._bands):
            band.setdefault(self._key(likeness, number), []).append(len(self._known))
        self._known.append((name, likeness.signature))

    @staticmethod
    def _key(likeness: Likeness, band: int) -> bytes:
        width = 4 * _BAND
        return likeness.signature[band * width : (band + 1) * width]
