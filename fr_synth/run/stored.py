"""Records in a file, as a sequence: read one by one when they are looked at, however many there are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, final, overload

from typing_extensions import override

from fr_synth.run.journal import line_ends, read_dialogues, records_file
from fr_synth.trace.records import Dialogue, decode

if TYPE_CHECKING:
    from typing import SupportsIndex

__all__ = ["Records", "StoredRecords", "read_records", "records_of"]

Records: TypeAlias = "str | os.PathLike[str] | Iterable[Dialogue]"
"""A run folder, a JSONL file, or the records themselves: a list of them, or a ``Run``."""


@final
class StoredRecords(Sequence[Dialogue]):
    """The records of a run folder, or of a JSONL file: those whose lines were whole when it was opened.

    Args:
        run: The folder, or the file.

    Raises:
        UsageError: There is no such file.
        RecordError: A line that is looked at is no record, or one of another version.
    """

    def __init__(self, run: Path) -> None:
        """Find where the records are."""
        self.path = records_file(run)
        self._ends = line_ends(self.path)

    @override
    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: SupportsIndex) -> Dialogue: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Dialogue, ...]: ...
    @override
    def __getitem__(self, index: SupportsIndex | slice) -> Dialogue | tuple[Dialogue, ...]:
        """Read the record of a number, from 0, or from the end; or those of a slice."""
        numbers = range(len(self))[index]
        if isinstance(numbers, int):
            return self._read(numbers)
        return tuple(self._read(number) for number in numbers)

    def _read(self, number: int) -> Dialogue:
        start = self._ends[number - 1] if number else 0
        with self.path.open("rb") as file:
            file.seek(start)
            return decode(file.read(self._ends[number] - start), f"{self.path}:{number + 1}")

    @override
    def __iter__(self) -> Iterator[Dialogue]:
        for _, dialogue in zip(self._ends, read_dialogues(self.path), strict=False):
            yield dialogue

    @override
    def __repr__(self) -> str:
        return f"StoredRecords({os.fspath(self.path)!r}, {len(self)} records)"


def read_records(run: str | os.PathLike[str]) -> StoredRecords:
    """Return the records of a run folder, or of a JSONL file, as a sequence that reads them when they are looked at.

    Args:
        run: The folder, or the file. An unfinished last line is left out.

    Raises:
        UsageError: There is no such file.
    """
    return StoredRecords(Path(run))


def records_of(run: Records) -> Iterable[Dialogue]:
    """Return the records that are meant: those of a path, or what was given.

    Raises:
        UsageError: There is no such file.
    """
    return read_records(run) if isinstance(run, str | os.PathLike) else run
