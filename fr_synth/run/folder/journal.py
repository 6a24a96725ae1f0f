"""A run folder that survives being killed.

``manifest.json`` says what the run is and, once it is finished, what came of it; ``dialogues.jsonl``, ``tasks.jsonl``
and ``evidence.jsonl`` hold its records in the order of their indexes; ``journal.jsonl`` has one line for each index
that is finished with. A record counts once its journal line is there, so whatever a crash leaves behind is a prefix of
the finished run.
"""

from __future__ import annotations

import contextlib
import json
from io import FileIO
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.episode.task_file import TASKS
from fr_envs.errors import RecordError, UsageError
from fr_envs.files import checksum, compress, find_file, read_file_lines
from fr_synth.run.folder.claiming import begun, check_finished, check_the_same, locked
from fr_synth.run.folder.record_lines import join_lines, order_of
from fr_synth.trace.unreadable import UNREADABLE, line_fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.run.folder.claiming import Resume
    from fr_synth.run.folder.record_lines import RecordPlace
    from fr_synth.trace.records import Dialogue
    from fr_synth.trace.rows import RecordLines

__all__ = [
    "DIALOGUES",
    "EVIDENCE",
    "FILES",
    "JOURNAL",
    "MANIFEST",
    "Journal",
    "JournalEntry",
    "append_line",
    "compress_run",
    "line_ends",
    "read_dialogues",
    "read_journal",
    "read_lines",
    "read_manifest",
    "records_file",
]

DIALOGUES = "dialogues.jsonl"
EVIDENCE = "evidence.jsonl"
FILES = (DIALOGUES, TASKS, EVIDENCE)
"""Files of a record's lines, in the order of ``RecordLines``."""
MANIFEST = "manifest.json"
JOURNAL = "journal.jsonl"
_OLD_MANIFEST = "run.json"  # of records of version 2
_OURS = frozenset((*FILES, JOURNAL, MANIFEST, f"{MANIFEST}.part"))  # what a run that could not begin may leave


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
    record_bytes: tuple[int, ...]


class Journal:
    """A run folder, open for writing.

    Args:
        folder: The folder; made if it is not there.
        run: What the run is; has to agree with what is there when resuming.
        resume: Go on with the run that is there; "any version" even if another version of the package has begun it.

    Raises:
        UsageError: The folder holds something else, or another run, or a run and ``resume`` is not given, or another
            process writes it.
        RecordError: A finished run is not what its manifest says.
        OSError: It cannot be written; nothing of a new run is left.
    """

    def __init__(self, folder: Path, run: JsonObject, *, resume: Resume) -> None:
        """Open or make the folder."""
        self.folder = folder
        self._run: JsonObject = json.loads(json.dumps(run))  # tuples come back from the file as lists
        with contextlib.ExitStack() as undo:
            self._lock = self._claimed(undo, resume)
            found = _scan(folder)
            self._write_manifest(None)
            self.entries = found.entries
            self._records = [_opened(folder / name) for name in FILES]
            self._journal = _opened(folder / JOURNAL)
            sizes = (*found.record_bytes, found.journal_bytes)
            for file, size in zip((*self._records, self._journal), sizes, strict=True):
                file.truncate(size)
                file.seek(size)
            undo.pop_all()

    def _claimed(self, undo: contextlib.ExitStack, resume: Resume) -> FileIO:
        """Return the lock of a folder that may be written; a new folder goes again where nothing comes of it."""
        folder = self.folder
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file; give --out a folder")
        if not ((folder / MANIFEST).exists() or (folder / _OLD_MANIFEST).exists()):
            begun(folder, _OURS, undo)
            return undo.enter_context(locked(folder / JOURNAL))
        if not resume:
            raise UsageError(f"{folder} holds another run; give another --out, or --resume to go on with it")
        lock = undo.enter_context(locked(folder / JOURNAL))
        manifest = read_manifest(folder)
        check_the_same(manifest["run"], self._run, folder, any_version=resume == "any version")
        if any(find_file(folder / name) not in (None, folder / name) for name in FILES):
            raise UsageError(f"{folder} holds a run that is finished and compressed; there is nothing to go on with")
        if manifest.get("result") is not None:
            there = {name: len(line_ends(folder / name)) for name in FILES}
            there[JOURNAL] = sum(entry.written for entry in _scan(folder).entries)
            check_finished(folder, manifest["result"], there)
        return lock

    def _write_manifest(self, result: JsonObject | None) -> None:
        text = json.dumps({"run": self._run, "result": result}, indent=2) + "\n"
        part = self.folder / f"{MANIFEST}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(self.folder / MANIFEST)

    def add(self, entry: JournalEntry, lines: RecordLines | None) -> None:
        """Write what became of an index: the record first, then the entry that makes it count."""
        if lines is not None:
            for file, line in zip(self._records, lines, strict=True):
                append_line(file, line)
        append_line(self._journal, msgspec.json.encode(entry))
        self.entries.append(entry)

    def finish(self, yields: JsonObject) -> None:
        """Close the files, and write down what the finished run holds.

        Args:
            yields: Figures of the run.
        """
        for file in (*self._records, self._journal):
            file.close()
        result: JsonObject = {
            "records": sum(entry.written for entry in self.entries),
            "order": order_of(read_file_lines(self.folder / DIALOGUES)),
            "checksums": {name: checksum(self.folder / name) for name in (*FILES, JOURNAL)},
            "yields": yields,
        }  # fmt: skip
        self._write_manifest(result)
        self.close()

    def close(self) -> None:
        """Close the files; what was added stays, and others may write the folder."""
        for file in (*self._records, self._journal, self._lock):
            file.close()

    def __enter__(self) -> Journal:
        """Return the journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        self.close()


def compress_run(folder: Path) -> None:
    """Put compressed files in the place of those with the records of a finished run.

    Raises:
        UsageError: It is not finished, or ``zstandard`` is not installed.
    """
    if read_manifest(folder)["result"] is None:
        raise UsageError(f"{folder} holds a run that is not finished; go on with --resume")
    for name in FILES:
        if (folder / name).is_file():
            compress(folder / name)


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
    ends = [line_ends(folder / name) for name in FILES]
    there = min(map(len, ends))
    entries: list[JournalEntry] = []
    journal_bytes = written = 0
    journal = folder / JOURNAL
    for number, line in enumerate(journal.read_bytes().splitlines(keepends=True) if journal.exists() else (), start=1):
        if not line.endswith(b"\n"):
            break
        entry = _entry(line, f"{journal}:{number}")
        if written + entry.written > there:
            break
        written += entry.written
        entries.append(entry)
        journal_bytes += len(line)
    return _Found(entries, journal_bytes, tuple(each[written - 1] if written else 0 for each in ends))


def _entry(line: bytes, place: str) -> JournalEntry:
    try:
        return msgspec.json.decode(line, type=JournalEntry)
    except UNREADABLE as error:
        fault = line_fault(line, error).removeprefix("no record: ")
        raise RecordError(f"{place}: no entry of a journal: {fault}; cut the file off before this line") from error


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


# ---------------------------------------------------------------------------------------------------- reading


def read_manifest(folder: Path) -> JsonObject:
    """Return what a run is (``run``) and what came of it (``result``, None while it is not finished).

    Raises:
        UsageError: The folder holds no run.
        RecordError: Its manifest cannot be read, or it is a run of records of another version.
    """
    path = folder / MANIFEST
    if not path.is_file() and (folder / _OLD_MANIFEST).is_file():
        raise RecordError(f"{folder} holds records of version 2; use the release of funreason that wrote it")
    if not path.is_file():
        raise UsageError(f"{folder} holds no run (no {MANIFEST}); give the folder that --out named")
    try:
        manifest: Json = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{path}: no JSON: {error}; make the run again") from error
    if not (isinstance(manifest, dict) and isinstance(manifest.get("run"), dict)):
        raise RecordError(f"{path}: says nothing of a run; make the run again")
    found: JsonObject = manifest
    return found


def read_journal(folder: Path) -> list[JournalEntry]:
    """Return the whole entries of a run's journal.

    Raises:
        UsageError: There is none.
        RecordError: A line is no entry.
    """
    return [_entry(line.text, line.place) for line in read_file_lines(folder / JOURNAL)]


def read_dialogues(run: Path) -> Iterator[Dialogue]:
    """Iterate over the records of a run folder. Unfinished last lines are left out.

    Raises:
        UsageError: There is no such folder.
        RecordError: A line is no record, or one of another version.
    """
    for found in read_lines(run):
        yield found.read()


def records_file(run: Path) -> Path:
    """Return the file with the dialogues of a run folder; a file stands for itself. The evidence lies beside it.

    Raises:
        UsageError: There is no such folder, or a file of it is missing.
        RecordError: It holds records of version 2.
    """
    folder, dialogues = (run, run / DIALOGUES) if run.is_dir() else (run.parent, run)
    if (folder / _OLD_MANIFEST).is_file() and not (folder / MANIFEST).is_file():
        read_manifest(folder)
    for path in (dialogues, *(folder / name for name in FILES[1:])):
        if find_file(path) is None:
            missing = path.name if path != run else DIALOGUES
            raise UsageError(f"{run} holds no {missing}; give a run folder with {', '.join(FILES)}")
    return dialogues


def read_lines(run: Path) -> Iterator[RecordPlace]:
    """Iterate over the records of a run folder as lines of its three files, joined by id.

    Unfinished last lines are left out. Where a file has no line with an id, that line is empty, or one without any id.

    Args:
        run: The folder, or a file in it with some of its dialogues.

    Raises:
        UsageError: There is no such folder, or a file of it is missing.
        RecordError: It holds records of version 2.
    """
    dialogues = records_file(run)
    yield from join_lines(dialogues, [dialogues.parent / name for name in FILES[1:]])
