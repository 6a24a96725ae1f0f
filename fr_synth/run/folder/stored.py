"""Records in a file, as a sequence: read one by one when they are looked at, however many there are."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, final, overload

from typing_extensions import override

from fr_envs.files import find_file, read_file_lines
from fr_synth.run.folder.journal import line_ends, read_dialogues, records_file
from fr_synth.trace.records import Dialogue

if TYPE_CHECKING:
    from typing import SupportsIndex

__all__ = ["Records", "StoredRecords", "read_records", "records_of"]

Records: TypeAlias = "str | os.PathLike[str] | Iterable[Dialogue]"
"""A run folder, a file in it with some of its dialogues, or the records themselves: a list of them, or a ``Run``."""


@final
class StoredRecords(Sequence[Dialogue]):
    """The records of a run folder: those whose lines were whole when it was opened.

    Args:
        run: The folder, or a file in it with some of its dialogues.

    Raises:
        UsageError: There is no such folder.
        RecordError: A line that is looked at is no record, or one of another version.
    """

    def __init__(self, run: Path) -> None:
        """Find where the records are."""
        self.path = records_file(run)
        self._plain = find_file(self.path) == self.path
        self._ends = line_ends(self.path) if self._plain else []
        self._count = len(self._ends) if self._plain else sum(1 for _ in read_file_lines(self.path))

    @override
    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: SupportsIndex) -> Dialogue: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Dialogue, ...]: ...
    @override
    def __getitem__(self, index: SupportsIndex | slice) -> Dialogue | tuple[Dialogue, ...]:
        """Read the record of a number, from 0, or from the end; or those of a slice. O(number)."""
        numbers = range(len(self))[index]
        if isinstance(numbers, int):
            return next(itertools.islice(self, numbers, None))
        wanted = set(numbers)
        found = {
            number: each for number, each in enumerate(self._until(max(wanted, default=-1) + 1)) if number in wanted
        }
        return tuple(found[number] for number in numbers)

    def _until(self, end: int) -> Iterator[Dialogue]:
        return itertools.islice(self, end)

    @override
    def __iter__(self) -> Iterator[Dialogue]:
        return itertools.islice(read_dialogues(self.path), self._count)

    @override
    def __repr__(self) -> str:
        return f"StoredRecords({os.fspath(self.path)!r}, {len(self)} records)"


def read_records(run: str | os.PathLike[str]) -> StoredRecords:
    """Return the records of a run folder as a sequence that reads them when they are looked at.

    Args:
        run: The folder, or a file in it with some of its dialogues. An unfinished last line is left out.

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
