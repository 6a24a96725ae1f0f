"""A run directory that survives being killed.

``run.json`` says what the run is, ``dialogues.jsonl`` holds its records in the order of their indexes, and
``journal.jsonl`` one line for each index that is finished with. A record counts once its journal line is there, so
whatever a crash leaves behind is a prefix of the finished run.
"""

from __future__ import annotations

import contextlib
import json
from io import FileIO
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.errors import RecordError, UsageError
from fr_synth.trace.records import Dialogue, decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from fr_envs.json_values import JsonObject

__all__ = [
    "DIALOGUES",
    "Journal",
    "JournalEntry",
    "RecordLine",
    "append_line",
    "line_ends",
    "read_dialogues",
    "read_lines",
    "read_manifest",
    "records_file",
]

DIALOGUES = "dialogues.jsonl"
_MANIFEST = "run.json"
_JOURNAL = "journal.jsonl"
_TOTALS = "totals.json"


class JournalEntry(msgspec.Struct, frozen=True):
    """What became of an index.

    Attributes:
        index: The index.
        written: A record came out of it.
        dropped: Stage or proof at which each failed attempt fell.
    """

    index: int
    written: bool
    dropped: tuple[str, ...] = ()


class _Found(NamedTuple):
    entries: list[JournalEntry]
    journal_bytes: int
    dialogue_bytes: int


class Journal:
    """A run directory, open for writing.

    Args:
        folder: The directory; made if it is not there.
        manifest: What the run is; has to agree with what is there when resuming.
        resume: Go on with the run that is there.

    Raises:
        UsageError: The folder holds something else, or another run, or a run and ``resume`` is not given.
    """

    def __init__(self, folder: Path, manifest: JsonObject, *, resume: bool) -> None:
        """Open or make the directory."""
        self.folder = folder
        self.entries: list[JournalEntry] = []
        found = self._claimed(manifest, resume=resume)
        self._dialogues = _opened(folder / DIALOGUES)
        self._journal = _opened(folder / _JOURNAL)
        self.entries = found.entries
        for file, size in ((self._dialogues, found.dialogue_bytes), (self._journal, found.journal_bytes)):
            file.truncate(size)
            file.seek(size)

    def _claimed(self, manifest: JsonObject, *, resume: bool) -> _Found:
        folder = self.folder
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file; give --out a folder")
        if (folder / _MANIFEST).exists():
            if not resume:
                raise UsageError(f"{folder} holds another run; give another --out, or --resume to go on with it")
            there, manifest = read_manifest(folder), json.loads(json.dumps(manifest))  # tuples come back as lists
            different = sorted(key for key in {*there, *manifest} if there.get(key) != manifest.get(key))
            if different:
                raise UsageError(f"{folder} holds a run with another {', '.join(different)}; give another --out")
            return _scan(folder)
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty and holds no run; give another --out")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        return _Found([], 0, 0)

    def add(self, entry: JournalEntry, line: bytes | None) -> None:
        """Write what became of an index: the record first, then the entry that makes it count."""
        if line is not None:
            append_line(self._dialogues, line)
        append_line(self._journal, msgspec.json.encode(entry))
        self.entries.append(entry)

    def finish(self, totals: JsonObject) -> None:
        """Write the figures of the finished run."""
        (self.folder / _TOTALS).write_text(json.dumps(totals, indent=2) + "\n", encoding="utf-8")

    def close(self) -> None:
        """Close the files; what was added stays."""
        self._dialogues.close()
        self._journal.close()

    def __enter__(self) -> Journal:
        """Return the journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        self.close()


def _opened(path: Path) -> FileIO:
    return FileIO(path, "r+" if path.exists() else "w+")


def append_line(file: FileIO, line: bytes) -> None:
    """Write a line at the end of a file, or nothing: a full disk or Ctrl-C leaves no part of it behind.

    Args:
        file: A file without a buffer, which would write the part again when it is closed.
        line: The line without its newline.

    Raises:
        OSError: It could not be written; the error names the file.
    """
    start = file.tell()
    rest = memoryview(line + b"\n")
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except (OSError, KeyboardInterrupt) as error:
        with contextlib.suppress(OSError):  # what is no ordinary file cannot be cut
            file.truncate(start)
            file.seek(start)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(file.name)) from error
        raise


def _scan(folder: Path) -> _Found:
    """Find how far a run got: the longest prefix of journal lines whose records are all there."""
    dialogue_ends = line_ends(folder / DIALOGUES)
    entries: list[JournalEntry] = []
    journal_bytes = written = 0
    journal = folder / _JOURNAL
    for number, line in enumerate(journal.read_bytes().splitlines(keepends=True) if journal.exists() else (), start=1):
        if not line.endswith(b"\n"):
            break
        entry = _entry(line, f"{journal}:{number}")
        if written + entry.written > len(dialogue_ends):
            break
        written += entry.written
        entries.append(entry)
        journal_bytes += len(line)
    return _Found(entries, journal_bytes, dialogue_ends[written - 1] if written else 0)


def _entry(line: bytes, place: str) -> JournalEntry:
    try:
        return msgspec.json.decode(line, type=JournalEntry)
    except msgspec.DecodeError as error:
        raise RecordError(f"{place}: no entry of a journal: {error}; cut the file off before this line") from error


def line_ends(path: Path) -> list[int]:
    """Return where each whole line of a file ends, in bytes from its beginning; nothing where there is no file."""
    ends, position = [], 0
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                position += len(line)
                if line.endswith(b"\n"):
                    ends.append(position)
    return ends


def read_manifest(folder: Path) -> JsonObject:
    """Return what a run is.

    Raises:
        UsageError: The folder holds no run.
        RecordError: Its ``run.json`` cannot be read.
    """
    path = folder / _MANIFEST
    if not path.is_file():
        raise UsageError(f"{folder} holds no run (no {_MANIFEST}); give the folder that --out named")
    try:
        manifest: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RecordError(f"{path}: no JSON: {error}; make the run again") from error
    return manifest


class RecordLine(NamedTuple):
    """One whole line of a file of records.

    Attributes:
        place: File and line number, for messages.
        text: The line with its newline.
    """

    place: str
    text: bytes


def read_dialogues(run: Path) -> Iterator[Dialogue]:
    """Iterate over the records of a run folder, or of a JSONL file. An unfinished last line is left out.

    Raises:
        UsageError: There is no such file.
        RecordError: A line is no record, or one of another version.
    """
    for line in read_lines(run):
        yield decode(line.text, line.place)


def records_file(run: Path) -> Path:
    """Return the file with the records of a run folder; a file stands for itself.

    Raises:
        UsageError: There is no such file.
    """
    path = run / DIALOGUES if run.is_dir() else run
    if not path.is_file():
        raise UsageError(f"{run} holds no {DIALOGUES}; give a run folder or a JSONL file")
    return path


def read_lines(run: Path) -> Iterator[RecordLine]:
    """Iterate over the lines of a run folder, or of a JSONL file, as they are. An unfinished last line is left out.

    Raises:
        UsageError: There is no such file.
    """
    path = records_file(run)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n"):
                yield RecordLine(f"{path}:{number}", line)
