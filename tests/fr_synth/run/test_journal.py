"""What a run folder promises.

1. A record counts once its journal line is there; whatever else a crash leaves behind is cut off on resuming.
2. A line is written whole or not at all, on a full disk too.
3. A folder that holds something else is refused, with one line that says what to do.
"""

from __future__ import annotations

import json
from io import FileIO
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from fr_envs.errors import RecordError, UsageError
from fr_synth.run.journal import (
    DIALOGUES,
    Journal,
    JournalEntry,
    append_line,
    read_dialogues,
    read_lines,
    read_manifest,
)

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import JsonObject

MANIFEST: JsonObject = {"count": 3, "config": {"turns": (2, 4)}}


def filled(folder: Path) -> Path:
    """A run with two records and three finished indexes; the records are any JSON."""
    with Journal(folder, MANIFEST, resume=False) as journal:
        journal.add(JournalEntry(0, True), b'{"a":1}')
        journal.add(JournalEntry(1, False, ("sampling",)), None)
        journal.add(JournalEntry(2, True), b'{"b":2}')
    return folder


def resumed(folder: Path) -> list[JournalEntry]:
    with Journal(folder, MANIFEST, resume=True) as journal:
        return journal.entries


def test_a_run_is_taken_up_where_it_ended(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with Journal(folder, MANIFEST, resume=True) as journal:
        assert journal.entries == [JournalEntry(0, True), JournalEntry(1, False, ("sampling",)), JournalEntry(2, True)]
        journal.add(JournalEntry(3, True), b'{"c":3}')
    assert (folder / DIALOGUES).read_bytes() == b'{"a":1}\n{"b":2}\n{"c":3}\n'
    assert len(resumed(folder)) == 4


@pytest.mark.parametrize("tail", [b'{"half', b'{"whole":1}\n', b'{"whole":1}\n{"half'])
def test_records_without_a_journal_line_are_cut_off(tail: bytes, tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with (folder / DIALOGUES).open("ab") as file:
        file.write(tail)
    assert len(resumed(folder)) == 3
    assert (folder / DIALOGUES).read_bytes() == b'{"a":1}\n{"b":2}\n'


def test_journal_lines_without_their_records_are_cut_off(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    (folder / DIALOGUES).write_bytes(b'{"a":1}\n{"b":')
    assert resumed(folder) == [JournalEntry(0, True), JournalEntry(1, False, ("sampling",))]
    assert (folder / DIALOGUES).read_bytes() == b'{"a":1}\n'


@pytest.mark.parametrize("size", range(0, 120, 7))
def test_a_journal_cut_anywhere_leaves_a_prefix(size: int, tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    whole = (folder / "journal.jsonl").read_bytes()
    (folder / "journal.jsonl").write_bytes(whole[:size])
    entries = resumed(folder)
    assert (
        entries == [JournalEntry(0, True), JournalEntry(1, False, ("sampling",)), JournalEntry(2, True)][: len(entries)]
    )
    assert (folder / DIALOGUES).read_bytes().count(b"\n") == sum(entry.written for entry in entries)


def test_files_that_are_gone_are_an_empty_run(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    (folder / DIALOGUES).unlink()
    (folder / "journal.jsonl").unlink()
    assert resumed(folder) == []
    assert (folder / DIALOGUES).read_bytes() == b""


def test_a_garbled_journal_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(b"what is this\n")
    with pytest.raises(RecordError, match=r"journal\.jsonl:4: no entry of a journal"):
        resumed(folder)


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    (folder / "run.json").write_text('{"count"')
    with pytest.raises(RecordError, match=r"run\.json: no JSON"):
        resumed(folder)
    with pytest.raises(UsageError, match="holds no run"):
        read_manifest(tmp_path)


def test_a_folder_is_taken_once(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with pytest.raises(UsageError, match="holds another run; give another --out, or --resume"):
        Journal(folder, MANIFEST, resume=False)
    with pytest.raises(UsageError, match="holds a run with another count"):
        Journal(folder, {**MANIFEST, "count": 4}, resume=True)


def test_nothing_but_an_empty_folder_becomes_a_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        Journal(tmp_path / "file", MANIFEST, resume=False)
    with pytest.raises(UsageError, match="is not empty and holds no run"):
        Journal(tmp_path, MANIFEST, resume=False)
    (tmp_path / "empty").mkdir()
    Journal(tmp_path / "empty", MANIFEST, resume=True).close()
    assert read_manifest(tmp_path / "empty") == {"count": 3, "config": {"turns": [2, 4]}}


def test_the_figures_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    with Journal(tmp_path / "run", MANIFEST, resume=False) as journal:
        journal.finish({"records": 0})
    assert json.loads((tmp_path / "run" / "totals.json").read_text()) == {"records": 0}


class Narrow(FileIO):
    """A file on a disk with room for so many bytes, which takes three at a time."""

    room = 0

    @override
    def write(self, data: object, /) -> int:
        rest = bytes(memoryview(data))[:3]  # type: ignore[arg-type]
        if self.tell() + len(rest) > self.room:
            raise OSError(28, "No space left on device")
        return super().write(rest)


def test_a_line_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with Narrow(tmp_path / "file", "w+") as file:
        file.room = 11
        append_line(file, b"0123456")
        with pytest.raises(OSError, match="No space left on device") as caught:
            append_line(file, b"789")
        assert caught.value.filename == str(tmp_path / "file")
        file.room = 100
        append_line(file, b"abc")
    assert (tmp_path / "file").read_bytes() == b"0123456\nabc\n"


def test_an_interrupted_line_is_taken_back(tmp_path: Path) -> None:
    class Interrupted(Narrow):
        @override
        def write(self, data: object, /) -> int:
            if self.tell() > 3:
                raise KeyboardInterrupt
            return super().write(data)

    with Interrupted(tmp_path / "file", "w+") as file:
        file.room = 100
        with pytest.raises(KeyboardInterrupt):
            append_line(file, b"0123456789")
    assert (tmp_path / "file").read_bytes() == b""


def test_what_cannot_be_cut_still_names_its_fault() -> None:
    with FileIO("/dev/full", "w") as file, pytest.raises(OSError, match="No space left on device") as caught:
        append_line(file, b"x")
    assert caught.value.filename == "/dev/full"


def test_an_unfinished_last_line_is_no_record(run_folder: Path, tmp_path: Path) -> None:
    whole = (run_folder / DIALOGUES).read_bytes()
    (tmp_path / "cut.jsonl").write_bytes(whole[:-10])
    assert len(list(read_dialogues(tmp_path / "cut.jsonl"))) == 11
    assert [line.place.rpartition(":")[2] for line in read_lines(tmp_path / "cut.jsonl")] == [
        str(number) for number in range(1, 12)
    ]


def test_a_faulty_line_is_named(run_folder: Path, tmp_path: Path) -> None:
    first, second, *_ = (run_folder / DIALOGUES).read_bytes().splitlines(keepends=True)
    (tmp_path / "other.jsonl").write_bytes(first + second.replace(b'{"version":2', b'{"version":99'))
    with pytest.raises(RecordError, match=r"other\.jsonl:2: a record of version 99, and this reads version 2"):
        list(read_dialogues(tmp_path / "other.jsonl"))
    (tmp_path / "broken.jsonl").write_bytes(first + second[:200] + b"\n")
    with pytest.raises(RecordError, match=r"broken\.jsonl:2: no record"):
        list(read_dialogues(tmp_path / "broken.jsonl"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no dialogues\.jsonl; give a run folder or a JSONL file"):
        next(read_lines(tmp_path))
