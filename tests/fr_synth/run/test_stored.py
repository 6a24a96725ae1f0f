"""Records in a file are a sequence: by number, from the end, by slice, in order; an unfinished line is none of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.errors import RecordError, UsageError
from fr_synth import Dialogue, StoredRecords, read_records
from fr_synth.run.folder.journal import DIALOGUES, read_dialogues
from tests.rounds import rounds

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def known(run_folder: Path) -> tuple[StoredRecords, list[Dialogue]]:
    return read_records(str(run_folder)), list(read_dialogues(run_folder))


numbers = st.none() | st.integers(-15, 15)


@pytest.mark.slow
@settings(max_examples=rounds(15, 500))
@given(numbers, numbers, numbers.filter(lambda step: step != 0))
def test_it_is_a_sequence_like_a_list(
    known: tuple[StoredRecords, list[Dialogue]], start: int | None, stop: int | None, step: int | None
) -> None:
    stored, listed = known
    part = slice(start, stop, step)
    assert list(stored[part]) == listed[part]
    assert [stored[n] for n in range(len(listed))[part]] == listed[part]


def test_it_iterates_in_order_as_often_as_asked(known: tuple[StoredRecords, list[Dialogue]]) -> None:
    stored, listed = known
    assert list(stored) == list(stored) == listed
    assert (len(stored), listed[3] in stored, stored.index(listed[3]), stored[-1]) == (12, True, 3, listed[-1])
    assert repr(stored).endswith(f"{DIALOGUES}', 12 records)")


def test_a_number_that_is_not_there_is_no_record(known: tuple[StoredRecords, list[Dialogue]]) -> None:
    for number in (12, -13):
        with pytest.raises(IndexError):
            known[0][number]


def test_what_was_not_there_when_it_was_opened_is_none_of_it(run_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(run_folder, tmp_path / "run")
    lines = (run_folder / DIALOGUES).read_bytes().splitlines(keepends=True)
    path = tmp_path / "run" / DIALOGUES
    path.write_bytes(b"".join(lines[:2]) + lines[2][:50])
    stored = read_records(tmp_path / "run")
    assert len(stored) == len(list(stored)) == 2
    with path.open("ab") as file:
        file.write(lines[2][50:])
    assert len(stored) == len(list(stored)) == 2
    assert len(read_records(path)) == 3


def test_a_line_that_is_no_record_is_named(run_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(run_folder, tmp_path / "run")
    path = tmp_path / "run" / DIALOGUES
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0] + b"{}\n")
    stored = read_records(path)
    assert stored[0].id
    for look in (lambda: stored[1], lambda: list(stored)):
        with pytest.raises(RecordError, match=r"dialogues\.jsonl:2: no "):
            look()


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no dialogues\.jsonl; give a run folder with"):
        read_records(tmp_path)
