"""Files of lines: whole lines alone, plain or compressed, each with its place for messages."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from typing_extensions import override

from fr_envs.errors import RecordError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["COMPRESSED", "Line", "checksum", "compress", "find_file", "read_file_lines", "unfinished_line"]

COMPRESSED = ".zst"
"""Suffix of a file compressed with Zstandard."""


class Line(NamedTuple):
    """One whole line of a file.

    Attributes:
        place: File and line number, for messages.
        text: The line without its newline.
    """

    place: str
    text: bytes


def find_file(path: Path) -> Path | None:
    """Return a file as it is there, plain or compressed; None where it is not."""
    compressed = path.with_name(path.name + COMPRESSED)
    return next((each for each in (path, compressed) if each.is_file()), None)


def read_file_lines(path: Path) -> Iterator[Line]:
    """Iterate over the whole lines of a file, plain or compressed; an unfinished last one is left out.

    Raises:
        UsageError: It is not there, or compressed and ``zstandard`` is not installed.
        RecordError: Its compression is broken.
    """
    return (line for line, is_whole in _lines(path) if is_whole)


def unfinished_line(path: Path) -> Line | None:
    """Return the last line of a file, plain or compressed, if it is cut off: no newline ends it. O(size).

    Raises:
        UsageError: It is not there, or compressed and ``zstandard`` is not installed.
        RecordError: Its compression is broken.
    """
    return next((line for line, is_whole in _lines(path) if not is_whole), None)


def _lines(path: Path) -> Iterator[tuple[Line, bool]]:
    """Iterate over the lines of a file, each with whether a newline ends it."""
    found = find_file(path)
    if found is None:
        raise UsageError(f"{path} is not there")
    with found.open("rb") as raw:
        file = raw if found.suffix != COMPRESSED else _decompressed(raw)
        try:
            for number, line in enumerate(file, start=1):
                yield Line(f"{found}:{number}", line.removesuffix(b"\n")), line.endswith(b"\n")
        except OSError as error:
            raise RecordError(f"{found}: {error}; make the run again") from error


def _decompressed(raw: BinaryIO) -> BinaryIO:
    return io.BufferedReader(_Reader(raw))


class _Reader(io.RawIOBase):
    """A compressed file read as bytes, its faults as the ``OSError`` that a reader of files expects."""

    def __init__(self, raw: BinaryIO) -> None:
        zstandard = _zstandard()
        self._error: type[Exception] = zstandard.ZstdError
        self._stream: BinaryIO = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._stream.read(len(buffer))
        except self._error as error:
            raise OSError(f"is no whole compressed file ({error})") from error
        buffer[: len(piece)] = piece
        return len(piece)


def compress(path: Path) -> Path:
    """Put a compressed file in the place of a plain one; return where it is.

    Raises:
        UsageError: ``zstandard`` is not installed.
    """
    zstandard = _zstandard()
    there = path.with_name(path.name + COMPRESSED)
    part = there.with_name(there.name + ".part")
    with path.open("rb") as plain, part.open("wb") as packed:
        zstandard.ZstdCompressor(level=10).copy_stream(plain, packed)
    part.replace(there)
    path.unlink()
    return there


def _zstandard() -> Any:  # noqa: ANN401 -- an optional package without types
    try:
        import zstandard
    except ImportError as error:
        raise UsageError("compressed files need the package zstandard: pip install 'funreason[zstd]'") from error
    return zstandard


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content as 64 hexadecimal digits; of a compressed file, of what it holds."""
    digest = hashlib.sha256()
    for line in read_file_lines(path):
        digest.update(line.text + b"\n")
    return digest.hexdigest()
