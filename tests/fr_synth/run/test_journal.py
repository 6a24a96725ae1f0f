"""What a run folder promises.

1. A record counts once its journal line is there; whatever else a crash leaves behind is cut off on resuming.
2. A line is written whole or not at all, on a full disk too.
3. A folder that holds something else is refused, with one line that says what to do.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from io import FileIO
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from fr_envs.errors import RecordError, UsageError
from fr_synth.run.folder.journal import (
    DIALOGUES,
    FILES,
    Journal,
    JournalEntry,
    append_line,
    compress_run,
    read_dialogues,
    read_lines,
    read_manifest,
)
from fr_synth.trace.rows import RecordLines

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import JsonObject

RUN: JsonObject = {"count": 3, "config": {"turns": (2, 4)}}


def lines(name: str) -> RecordLines:
    return RecordLines(*(f'{{"id":"{name}","in":"{file}"}}'.encode() for file in FILES))


def written(folder: Path, name: str = DIALOGUES) -> list[str]:
    """The ids of the whole lines of a file, which all are of that file."""
    found = [json.loads(line) for line in (folder / name).read_bytes().splitlines()]
    assert {line["in"] for line in found} <= {name}
    return [line["id"] for line in found]


def filled(folder: Path) -> Path:
    """A run with two records and three finished indexes; the records are any JSON."""
    with Journal(folder, RUN, resume=False) as journal:
        journal.add(JournalEntry(0, True), lines("a"))
        journal.add(JournalEntry(1, False, ("sampling",)), None)
        journal.add(JournalEntry(2, True), lines("b"))
    return folder


def resumed(folder: Path) -> list[JournalEntry]:
    with Journal(folder, RUN, resume=True) as journal:
        return journal.entries


def test_a_run_is_taken_up_where_it_ended(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with Journal(folder, RUN, resume=True) as journal:
        assert journal.entries == [JournalEntry(0, True), JournalEntry(1, False, ("sampling",)), JournalEntry(2, True)]
        journal.add(JournalEntry(3, True), lines("c"))
    assert all(written(folder, name) == ["a", "b", "c"] for name in FILES)
    assert len(resumed(folder)) == 4


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("tail", [b'{"half', b'{"whole":1}\n', b'{"whole":1}\n{"half'])
def test_records_without_a_journal_line_are_cut_off(tail: bytes, name: str, tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with (folder / name).open("ab") as file:
        file.write(tail)
    assert len(resumed(folder)) == 3
    assert all(written(folder, each) == ["a", "b"] for each in FILES)


@pytest.mark.parametrize("name", FILES)
def test_journal_lines_without_their_records_are_cut_off(name: str, tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    (folder / name).write_bytes((folder / name).read_bytes()[:-5])
    assert resumed(folder) == [JournalEntry(0, True), JournalEntry(1, False, ("sampling",))]
    assert all(written(folder, each) == ["a"] for each in FILES)


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
    (folder / "manifest.json").write_text('{"count"')
    with pytest.raises(RecordError, match=r"manifest\.json: no JSON"):
        resumed(folder)
    with pytest.raises(UsageError, match="holds no run"):
        read_manifest(tmp_path)


def test_a_folder_is_taken_once(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with pytest.raises(UsageError, match="holds another run; give another --out, or --resume"):
        Journal(folder, RUN, resume=False)
    with pytest.raises(UsageError, match="holds a run of 3 dialogues; give --count as many or more"):
        Journal(folder, {**RUN, "count": 2}, resume=True)
    other = {**RUN, "config": {"turns": [2, 5], "seed": 3}}
    with pytest.raises(UsageError, match=r"another --seed \(none there, 3 here\), another --turns \(\[2, 4\] there"):
        Journal(folder, other, resume=True)


def test_a_run_may_grow(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    Journal(folder, {**RUN, "count": 9}, resume=True).close()
    assert read_manifest(folder)["run"]["count"] == 9


def test_another_version_goes_on_when_told_alone(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with pytest.raises(UsageError, match='begun by version none of the package and this is "9"'):
        Journal(folder, {**RUN, "package": "9"}, resume=True)
    with Journal(folder, {**RUN, "package": "9"}, resume="any version") as journal:
        assert len(journal.entries) == 3


def test_one_process_writes_a_folder(tmp_path: Path) -> None:
    """The lock goes with whoever held it, so that a killed run can be gone on with."""
    folder = tmp_path / "run"
    with Journal(folder, RUN, resume=False), pytest.raises(UsageError, match="is being written by another process"):
        Journal(folder, RUN, resume=True)
    Journal(folder, RUN, resume=True).close()


@pytest.mark.parametrize("there", [True, False])
def test_a_run_that_cannot_begin_leaves_nothing(tmp_path: Path, *, there: bool) -> None:
    folder = tmp_path / "deep" / "run"
    if there:
        folder.mkdir(parents=True)
        (folder / "manifest.json.part").mkdir()  # what stands in the way of the first write
    else:
        tmp_path.joinpath("deep").write_text("a file")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError, match=r"manifest|deep"):
        Journal(folder, RUN, resume=False)
    assert sorted(tmp_path.rglob("*")) in (before, before[:-1])


def test_a_finished_run_that_was_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with Journal(folder, RUN, resume=True) as journal:
        journal.finish({})
    resumed(folder)
    with Journal(folder, RUN, resume=True) as journal:
        journal.finish({})
    (folder / DIALOGUES).write_bytes((folder / DIALOGUES).read_bytes() + b"{}\n")
    with pytest.raises(RecordError, match=r"dialogues\.jsonl: is not what the manifest says"):
        resumed(folder)


def test_nothing_but_an_empty_folder_becomes_a_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        Journal(tmp_path / "file", RUN, resume=False)
    with pytest.raises(UsageError, match="is not empty and holds no run"):
        Journal(tmp_path, RUN, resume=False)
    (tmp_path / "empty").mkdir()
    Journal(tmp_path / "empty", RUN, resume=True).close()
    assert read_manifest(tmp_path / "empty") == {"run": {"count": 3, "config": {"turns": [2, 4]}}, "result": None}


def test_a_finished_run_says_what_it_holds(tmp_path: Path) -> None:
    folder = filled(tmp_path / "run")
    with Journal(folder, RUN, resume=True) as journal:
        journal.finish({"turns": 5})
    result = read_manifest(folder)["result"]
    assert (result["records"], result["yields"]) == (2, {"turns": 5})
    for name in (*FILES, "journal.jsonl"):
        assert result["checksums"][name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert result["order"] == hashlib.sha256(b"a\nb\n").hexdigest()


def test_compressed_files_hold_the_same_and_are_not_gone_on_with(tmp_path: Path) -> None:
    plain, packed = filled(tmp_path / "plain"), filled(tmp_path / "packed")
    for folder in (plain, packed):
        with Journal(folder, RUN, resume=True) as journal:
            journal.finish({})
    compress_run(packed)
    assert read_manifest(plain) == read_manifest(packed)
    assert not (packed / DIALOGUES).exists()
    assert [found.lines for found in read_lines(packed)] == [found.lines for found in read_lines(plain)] != []
    with pytest.raises(UsageError, match="finished and compressed"):
        resumed(packed)
    whole = (packed / f"{DIALOGUES}.zst").read_bytes()
    (packed / f"{DIALOGUES}.zst").write_bytes(b"not compressed" + whole)
    with pytest.raises(RecordError, match="is no whole compressed file"):
        list(read_lines(packed))


def test_runs_of_version_2_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / DIALOGUES).write_text('{"version":2}\n')
    for read in (read_manifest, lambda folder: list(read_lines(folder)), resumed):
        with pytest.raises(RecordError, match="records of version 2; use the release"):
            read(tmp_path)


@pytest.mark.slow
def test_records_are_joined_by_their_ids(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(run_folder, folder)
    for name in FILES[1:]:
        found = (folder / name).read_bytes().splitlines(keepends=True)
        (folder / name).write_bytes(b"".join(found[::-1]))
    assert list(read_dialogues(folder)) == list(read_dialogues(run_folder))
    (folder / "some.jsonl").write_bytes(b"".join((folder / DIALOGUES).read_bytes().splitlines(keepends=True)[3:5]))
    assert list(read_dialogues(folder / "some.jsonl")) == list(read_dialogues(run_folder))[3:5]


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
    shutil.copytree(run_folder, tmp_path / "cut")
    (tmp_path / "cut" / DIALOGUES).write_bytes((run_folder / DIALOGUES).read_bytes()[:-10])
    assert len(list(read_dialogues(tmp_path / "cut"))) == 11
    assert [found.place.rpartition(":")[2] for found in read_lines(tmp_path / "cut")] == [
        str(number) for number in range(1, 12)
    ]


def test_a_faulty_line_is_named(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run_folder, folder)
    first, second, *_ = (run_folder / "evidence.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "evidence.jsonl").write_bytes(first + second.replace(b'"version":3', b'"version":99'))
    with pytest.raises(RecordError, match=r"dialogues\.jsonl:2: a record of version 99, and this reads version 3"):
        list(read_dialogues(folder))
    (folder / "evidence.jsonl").write_bytes(first)
    with pytest.raises(RecordError, match=r"dialogues\.jsonl:2: no evidence with the id of this dialogue"):
        list(read_dialogues(folder))
    first, second, *_ = (run_folder / DIALOGUES).read_bytes().splitlines(keepends=True)
    (folder / DIALOGUES).write_bytes(first + second[:200] + b"\n")
    with pytest.raises(RecordError, match=r"dialogues\.jsonl:2: no "):
        list(read_dialogues(folder))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no dialogues\.jsonl; give a run folder with"):
        next(read_lines(tmp_path))
