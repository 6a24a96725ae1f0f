"""What records share with public benchmarks: stretches of thirteen words in what users say, and names of tools.

Of a benchmark only hashes ship, in ``benchmarks/NAME.ngrams``: one line of JSON that says what they are of, then six
bytes a hash, in ascending order. ``funreason overlap --build`` makes such a file again from the benchmark's own files.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.export.example import Example

__all__ = [
    "WORDS",
    "Benchmark",
    "benchmarks_of",
    "build_benchmark",
    "hashes_of",
    "read_benchmark",
    "shipped_benchmarks",
    "texts_of_users",
]

WORDS = 13
"""Words of a stretch. Shorter texts of at least six words count as a whole."""

_SHORTEST = 6
_BYTES = 6  # of a hash: with 100,000 hashes, one lookup in three billion is a false alarm
_WORD = re.compile(r"\w+")
_FORMAT = "funreason-ngrams"


class Benchmark(NamedTuple):
    """Hashes of a benchmark.

    Attributes:
        name: Short name.
        source: Package and version, or whatever else they were made from.
        texts: Number of texts.
        hashes: Of the stretches of words in what its users say.
        tools: Of the names of its tools.
    """

    name: str
    source: str
    texts: int
    hashes: frozenset[int]
    tools: frozenset[int]

    def shares_words(self, example: Example) -> bool:
        """Return True if a user of a dialogue says what a user of the benchmark says, for a stretch of words."""
        return any(not self.hashes.isdisjoint(hashes_of(text)) for text in texts_of_users(example))

    def has_tool(self, name: str) -> bool:
        """Return True if a tool of the benchmark has the name."""
        return _hash(name.encode()) in self.tools


def _hash(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=_BYTES).digest(), "big")


def texts_of_users(example: Example) -> Iterator[str]:
    """Iterate over what users say in a dialogue."""
    return (str(message["content"]) for message in example.messages if message["role"] == "user")


@functools.lru_cache(maxsize=64)  # a text is looked up in each benchmark
def hashes_of(text: str) -> frozenset[int]:
    """Return the hashes of every stretch of words in a text, case and punctuation left out of account; O(words)."""
    words = [_word(word) for word in _WORD.findall(text.casefold())]
    if len(words) < _SHORTEST:
        return frozenset()
    rolling = 0
    for word in words[:WORDS]:
        rolling = (rolling * _BASE + word) & _MASK
    if len(words) < WORDS:
        return frozenset((rolling + _word(f"{len(words)} words") >> _DROPPED & _KEPT,))
    found = [rolling]
    for first, last in zip(words, words[WORDS:], strict=False):
        rolling = ((rolling - first * _OUT) * _BASE + last) & _MASK
        found.append(rolling)
    return frozenset([each >> _DROPPED for each in found])


@functools.lru_cache(maxsize=1 << 16)
def _word(word: str) -> int:
    """Return the hash of a word, 64 bits. That of a stretch is a polynomial of them, one step from the last one's."""
    return int.from_bytes(hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


_MASK = 2**64 - 1
_BASE = 0x9E3779B97F4A7C15  # odd, and of no pattern: 2^64 over the golden ratio
_OUT = pow(_BASE, WORDS - 1, 2**64)
_DROPPED = 64 - 8 * _BYTES  # the lowest bits, which mix least
_KEPT = 2 ** (8 * _BYTES) - 1


@functools.cache
def shipped_benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks whose hashes ship."""
    folder = Path(__file__).parent / "benchmarks"
    return tuple(read_benchmark(path) for path in sorted(folder.glob("*.ngrams")))


def read_benchmark(path: Path) -> Benchmark:
    """Read the hashes of a benchmark.

    Raises:
        UsageError: The file holds none.
    """
    head, _, body = path.read_bytes().partition(b"\n")
    try:
        told = _HEAD.decode(head)
    except msgspec.MsgspecError as error:
        raise UsageError(f"{path} holds no hashes of a benchmark ({error}); make it again with --build") from error
    if (told.format, told.words, len(body)) != (_FORMAT, WORDS, told.hashes * _BYTES):
        raise UsageError(f"{path} holds hashes of another form, or not all of them; make it again with --build")
    hashes = frozenset(int.from_bytes(body[at : at + _BYTES], "big") for at in range(0, len(body), _BYTES))
    return Benchmark(told.name, told.source, told.texts, hashes, frozenset(int(name, 16) for name in told.tools))


class _Head(msgspec.Struct):
    format: str
    words: int
    name: str
    source: str
    texts: int
    hashes: int
    tools: tuple[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{12}$")], ...]


_HEAD = msgspec.json.Decoder(_Head)


def build_benchmark(folder: Path, name: str, source: str) -> bytes:
    """Make the hashes of a benchmark from its files: JSON and JSON lines, in the form of BFCL or of tau2.

    Users' words are the contents of messages of users, and all texts below ``instructions``; tools are objects with a
    name and parameters or arguments.

    Args:
        folder: Where the files are, at any depth.
        name: Short name of the benchmark.
        source: Package and version.

    Raises:
        UsageError: There are no users' words in the folder.
    """
    texts: set[str] = set()
    tools: set[str] = set()
    for path in sorted(folder.rglob("*.json*")):
        for value in _values(path):
            texts.update(_said(value))
            tools.update(_named(value))
    if not texts:
        raise UsageError(f"{folder} holds no files in which a user says anything; give the data folder of a benchmark")
    hashes = sorted({found for text in texts for found in hashes_of(text)})
    head: JsonObject = {
        "format": _FORMAT, "words": WORDS, "name": name, "source": source, "texts": len(texts), "hashes": len(hashes),
        "tools": sorted(f"{_hash(tool.encode()):012x}" for tool in tools),
    }  # fmt: skip
    return json.dumps(head).encode() + b"\n" + b"".join(each.to_bytes(_BYTES, "big") for each in hashes)


def _values(path: Path) -> Iterator[Json]:
    """Iterate over the JSON values in a file: one, or one a line; what is none is passed over."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                continue


def _said(value: Json, *, instructions: bool = False) -> Iterator[str]:
    if isinstance(value, str) and instructions:
        yield value
    elif isinstance(value, dict):
        if value.get("role") == "user" and isinstance(value.get("content"), str):
            yield value["content"]
        for key, member in value.items():
            yield from _said(member, instructions=instructions or key == "instructions")
    elif isinstance(value, list):
        for item in value:
            yield from _said(item, instructions=instructions)


def _named(value: Json) -> Iterator[str]:
    members: Iterable[Json] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("name"), str) and {"parameters", "arguments"} & value.keys():
        yield value["name"]
    for member in members:
        yield from _named(member)


def benchmarks_of(paths: Sequence[Path]) -> tuple[Benchmark, ...]:
    """Return the benchmarks of files, or those that ship where there are none."""
    return tuple(map(read_benchmark, paths)) or shipped_benchmarks()
