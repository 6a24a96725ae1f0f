"""Handlers: two files beside each other, and fingerprints of one."""

from __future__ import annotations

import hashlib
import itertools
from typing import NamedTuple

import msgspec

from fr_envs.domains.filesystem.paths import readable, reject, text_file
from fr_envs.domains.filesystem.state import MAX_FILE, File, FileSystem
from fr_envs.world.domain import Effect

__all__ = ["checksum", "cmp", "diff", "join", "verify_checksum"]

_ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256"}


def diff(state: FileSystem, path: str, other: str) -> Effect[FileSystem]:
    """Tell which lines differ between two files."""
    real, old = text_file(state, path)
    real_other, new = text_file(state, other)
    edits = _edits(_kept(old), _kept(new))
    shown = "".join(f"{edit.mark}{_ended(edit.line)}" for edit in edits if edit.mark != " ")
    value = {
        "same": old == new,
        "removed": sum(edit.mark == "-" for edit in edits),
        "added": sum(edit.mark == "+" for edit in edits),
        "content": shown[:MAX_FILE],
    }
    return Effect(state, {**value, "path": real, "other": real_other})


def cmp(state: FileSystem, path: str, other: str) -> Effect[FileSystem]:
    """Find the first byte in which two files differ."""
    real, first = readable(state, path)
    real_other, second = readable(state, other)
    left, right = _content(first), _content(second)
    if left == right:
        return Effect(state, {"same": True, "byte": None, "line": None, "path": real, "other": real_other})
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    line = left.count(b"\n", 0, at) + 1
    return Effect(state, {"same": False, "byte": at + 1, "line": line, "path": real, "other": real_other})


def checksum(state: FileSystem, path: str, algorithm: str) -> Effect[FileSystem]:
    """Compute the fingerprint of a file."""
    real, file = readable(state, path)
    value = {"checksum": _digest(file, algorithm), "path": real, "name": real.rpartition("/")[2], "size": file.size}
    return Effect(state, {**value, "algorithm": algorithm})


def verify_checksum(state: FileSystem, path: str, checksum: str) -> Effect[FileSystem]:
    """Return True if a file has a fingerprint; its length tells the algorithm."""
    real, file = readable(state, path)
    algorithm = _ALGORITHMS[len(checksum)]
    matches = _digest(file, algorithm) == checksum.lower()
    return Effect(state, {"matches": matches, "path": real, "algorithm": algorithm})


def join(state: FileSystem, path: str, other: str, field: int, other_field: int, delimiter: str) -> Effect[FileSystem]:
    """Put lines of two sorted files side by side where they agree in a field."""
    real, left = text_file(state, path)
    real_other, right = text_file(state, other)
    rows = _keyed(left, field, delimiter, path)
    partners: dict[str, list[list[str]]] = {}
    for key, rest in _keyed(right, other_field, delimiter, other):
        partners.setdefault(key, []).append(rest)
    lines = [delimiter.join([key, *rest, *more]) for key, rest in rows for more in partners.get(key, ())]
    if sum(map(len, lines)) + len(lines) > MAX_FILE:
        reject("EFBIG", path, "Result too large to show")
    shown = "".join(f"{line}\n" for line in lines)
    return Effect(state, {"content": shown, "lines": len(lines), "path": real, "other": real_other})


def _keyed(text: str, field: int, delimiter: str, path: str) -> list[tuple[str, list[str]]]:
    rows = []
    for line in _split(text):
        parts = line.split(delimiter) if line else []
        key = parts[field - 1] if field <= len(parts) else ""
        rows.append((key, parts[: field - 1] + parts[field:]))
    if any(a[0] > b[0] for a, b in itertools.pairwise(rows)):
        reject("EINVAL", path, "Is not sorted by that field")
    return rows


def _kept(text: str) -> list[str]:
    """Return the lines with their ends."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _content(file: File) -> bytes:
    """Return the bytes of a file; those of an archive stand for what it holds, and are not those of tar."""
    return file.text.encode() if file.members is None else msgspec.msgpack.encode(file.members)


def _digest(file: File, algorithm: str) -> str:
    return hashlib.new(algorithm, _content(file), usedforsecurity=False).hexdigest()


class _Edit(NamedTuple):
    """One line of a comparison: ``-`` only before, ``+`` only after, blank in both."""

    mark: str
    line: str


def _edits(old: list[str], new: list[str]) -> list[_Edit]:
    """Return a shortest way from ``old`` to ``new``.

    Equal ends are set aside; between them the longest common subsequence is found by the bit-parallel method of
    Crochemore et al. (2001): O(n) operations on integers of m bits.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    middle = _middle(left, right, _rows(left, right))
    return [*(_Edit(" ", x) for x in old[:start]), *middle, *(_Edit(" ", x) for x in old[len(old) - end :])]


def _rows(left: list[str], right: list[str]) -> list[int]:
    """Return for each prefix of ``left`` a number whose zero bits are the columns where the common length grows."""
    at: dict[str, int] = {}
    for i, line in enumerate(right):
        at[line] = at.get(line, 0) | 1 << i
    mask = (1 << len(right)) - 1
    row = mask
    rows = [row]
    for line in left:
        places = row & at.get(line, 0)
        row = ((row + places) | (row - places)) & mask
        rows.append(row)
    return rows


def _middle(left: list[str], right: list[str], rows: list[int]) -> list[_Edit]:
    edits = []
    i, j = len(left), len(right)
    while i and j:
        if left[i - 1] == right[j - 1]:
            i, j = i - 1, j - 1
            edits.append(_Edit(" ", left[i]))
        elif rows[i] >> (j - 1) & 1:  # column j adds nothing: the line of `right` is new
            j -= 1
            edits.append(_Edit("+", right[j]))
        else:
            i -= 1
            edits.append(_Edit("-", left[i]))
    edits.extend(_Edit("+", line) for line in reversed(right[:j]))
    edits.extend(_Edit("-", line) for line in reversed(left[:i]))
    edits.reverse()
    return edits
