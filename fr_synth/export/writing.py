"""Files of rows: JSON lines, plain or packed, and Parquet. A file has its name once it is whole."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import msgspec

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import JsonObject
    from fr_synth.export.formats.format import Column, Format, Row
    from fr_synth.export.options import Compression

__all__ = ["Shard", "WrittenFile", "check_writers", "suffix_of"]

_encode = msgspec.json.Encoder().encode
_GROUP = 256  # rows of a row group: a few megabytes at the sizes that dialogues have


class WrittenFile(NamedTuple):
    """A file of an export.

    Attributes:
        path: Path below the folder, with slashes.
        split: Split of its rows.
        part: Kind of its rows; empty where there is only one.
        rows: Number of rows.
        size: Size in bytes.
        sha256: Digest of its bytes, 64 hexadecimal digits.
        texts: Names of the columns that are text.
    """

    path: str
    split: str
    part: str
    rows: int
    size: int
    sha256: str
    texts: tuple[str, ...] = ()


class _Writer(Protocol):
    def write(self, row: Row) -> None: ...
    def close(self) -> None: ...


def suffix_of(form: Format, compress: Compression) -> str:
    """Return how the names of a format's data files end."""
    if form.columns is not None:
        return ".parquet"
    return ".jsonl" + {"none": "", "gzip": ".gz", "zstd": ".zst"}[compress]


def check_writers(form: Format, compress: Compression) -> None:
    """Make sure that what writes the files is installed.

    Raises:
        UsageError: It is not.
    """
    if form.columns is not None:
        _pyarrow()
    elif compress == "zstd":
        _zstandard()


class Shard:
    """The files of one shard, a file for each split and part; nothing counts before ``finish``.

    Args:
        folder: Folder of the export.
        number: Number of the shard, from 0.
        form: Format of the rows.
        compress: How the files are packed.
    """

    def __init__(self, folder: Path, number: int, form: Format, compress: Compression) -> None:
        """Start without a file; each is made with its first row."""
        self._folder, self._number, self._form, self._compress = folder, number, form, compress
        self._open: dict[tuple[str, str], tuple[str, _Writer]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        self._texts: dict[tuple[str, str], tuple[str, ...]] = {}

    def write(self, split: str, row: Row) -> None:
        """Write a row to the file of its split and part."""
        key = (split, row.part)
        if key not in self._open:
            name = f"{split}-{self._number:05d}{suffix_of(self._form, self._compress)}"
            path = "/".join(each for each in ("data", row.part, name) if each)
            (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
            self._open[key] = (path, self._writer(_part(self._folder / path), row))
            self._rows[key] = 0
            self._texts[key] = tuple(name for name, value in row.value.items() if isinstance(value, str))
        self._open[key][1].write(row)
        self._rows[key] += 1

    def _writer(self, path: Path, row: Row) -> _Writer:
        if self._form.columns is not None:
            return _Parquet(path, self._form.columns(row), self._compress)
        return _Lines(path, self._compress)

    def finish(self) -> list[WrittenFile]:
        """Close the files, give them their names, and say what they are."""
        for _, writer in self._open.values():
            writer.close()
        written = []
        for (split, part), (path, _) in sorted(self._open.items()):
            _part(self._folder / path).replace(self._folder / path)
            with (self._folder / path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = (self._folder / path).stat().st_size
            texts = self._texts[split, part]
            written.append(WrittenFile(path, split, part, self._rows[split, part], size, digest, texts))
        self._open = {}
        return written

    def drop(self) -> None:
        """Close what is open and take it away."""
        for path, writer in self._open.values():
            with contextlib.suppress(OSError):  # a full disk, which is why it is dropped
                writer.close()
            _part(self._folder / path).unlink(missing_ok=True)
        self._open = {}


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


class _Lines:
    def __init__(self, path: Path, compress: Compression) -> None:
        self._raw = path.open("wb", buffering=1 << 20)
        self._file: IO[bytes] = self._raw
        if compress == "gzip":  # without name and time, so that the same rows are the same bytes
            self._file = cast("IO[bytes]", gzip.GzipFile("", "wb", 6, self._raw, mtime=0))
        elif compress == "zstd":
            self._file = _zstandard().ZstdCompressor(level=10).stream_writer(self._raw, closefd=False)

    def write(self, row: Row) -> None:
        self._file.write(_encode(row.value) + b"\n")

    def close(self) -> None:
        if self._file is not self._raw:
            self._file.close()
        self._raw.close()


class _Parquet:
    def __init__(self, path: Path, columns: dict[str, Column], compress: Compression) -> None:
        arrow = _pyarrow()
        self._arrow = arrow
        self._schema = arrow.schema([(name, _type(arrow, column)) for name, column in columns.items()])
        codec = "zstd" if compress == "none" else compress
        self._file = arrow.parquet.ParquetWriter(path, self._schema, compression=codec)
        self._rows: list[JsonObject] = []

    def write(self, row: Row) -> None:
        self._rows.append(row.value)
        if len(self._rows) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    def close(self) -> None:
        self._flush()
        self._file.close()


def _type(arrow: Any, column: Column) -> Any:  # noqa: ANN401 -- an optional package without types
    match column:
        case str():
            return getattr(arrow, {"bool": "bool_"}.get(column, column))()
        case list():
            return arrow.list_(_type(arrow, column[0]))
        case _:
            return arrow.struct([(name, _type(arrow, member)) for name, member in column.items()])


def _pyarrow() -> Any:  # noqa: ANN401 -- an optional package without types
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("Parquet needs the package pyarrow: pip install 'funreason[parquet]'") from error
    return pyarrow


def _zstandard() -> Any:  # noqa: ANN401 -- an optional package without types
    try:
        import zstandard
    except ImportError as error:
        raise UsageError("compressed files need the package zstandard: pip install 'funreason[zstd]'") from error
    return zstandard
