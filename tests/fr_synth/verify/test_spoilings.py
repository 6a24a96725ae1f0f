"""Of more than 350 ways to spoil a record or a run, every one is noticed, and what comes after it is still proven.

1. As it is found: what was changed by hand shows by its seal, or by a proof, and by the checksums of its file.
2. From a careful forger, who makes seals, tasks and results agree again: a proof notices, and the one that is named.
3. Nothing raises, and the record behind a spoilt one is held to the proofs all the same.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.errors import RecordError
from fr_synth import verify_run
from fr_synth.run.folder.journal import FILES, read_lines
from fr_synth.run.verification import RecordFinding
from fr_synth.trace.rows import RecordLines, decode
from tests.fr_synth.verify.spoilings import of_attempts, of_calls, of_evidence, of_lines, of_messages, of_tasks
from tests.fr_synth.verify.spoilings.forging import Forged, Spoiling, Unfit, table
from tests.fr_synth.verify.spoilings.making import lines_of, proven_run
from tests.fr_synth.verify.spoilings.of_runs import RUNS, ForgedRun, RunSpoiling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


MODULES = (of_messages, of_calls, of_tasks, of_evidence, of_lines, of_attempts)
TABLE = table()


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the three worlds, with errors, distractors and mistakes of the reasoner."""
    folder = tmp_path_factory.mktemp("spoilings") / "run"
    return proven_run(
        folder,
        "--count 30 --drills 1 --tools all --rename 0 --seed 6 --turns 2-3 --distractors 0.5 --error-rate 0.2 "
        "--targets tool=2,edge=2,chain=1,error=2,policy=1",
    )


@pytest.fixture(scope="module")
def short_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many records as there are worlds twice: what is forged of a run as a whole shows in a short one too."""
    folder = tmp_path_factory.mktemp("forged") / "run"
    return proven_run(folder, "--count 6 --drills 1 --seed 6 --turns 2-2 --error-rate 0.2 --targets edge=1")


@pytest.fixture(scope="module")
def records(small_run: Path) -> list[RecordLines]:
    return lines_of(small_run)


def spoilt(spoiling: Spoiling, records: list[RecordLines]) -> Forged:
    """Return the first record that a spoiling fits, spoilt."""
    for lines in records:
        record = Forged(lines)
        try:
            spoiling.edit(record)
        except (Unfit, StopIteration):
            continue
        return record
    raise AssertionError(f"no record fits {spoiling.name}")


def written(folder: Path, records: Iterable[RecordLines]) -> Path:
    """Write records as a run's files; of the last one the final state is another."""
    *others, last = records
    watched = Forged(last)
    watched.evidence["sha256"] = "0" * 64
    lines = [*others, watched.lines()]
    for number, name in enumerate(FILES):
        (folder / name).write_bytes(b"".join(each[number] + b"\n" for each in lines))
    return folder


def behind(record: Forged, records: list[RecordLines]) -> RecordLines:
    """Return a record that is to stand behind a spoilt one."""
    name = json.loads(record.lines().dialogue)["id"] if record.raw is None else ""
    return next(lines for lines in records[::-1] if json.loads(lines.dialogue)["id"] != name)


def test_the_table_is_long() -> None:
    assert len(TABLE) >= 300


@pytest.mark.parametrize("spoiling", TABLE, ids=[each.name for each in TABLE])
def test_a_careful_forger_is_found(spoiling: Spoiling, records: list[RecordLines], tmp_path: Path) -> None:
    record = spoilt(spoiling, records)
    record.agree(follow=spoiling.follow, replay=spoiling.replay)
    found = verify_run(written(tmp_path, [record.lines(), behind(record, records)]), subset=True).findings
    assert [each.proof for each in found[:1]] != [], spoiling.name
    assert found[0].proof in spoiling.proofs, found[0]
    assert "seal" not in found[0].problem, found[0]
    assert found[-1].proof in ("replays", "text"), found
    assert len(found) == 2, found


def test_what_was_changed_by_hand_shows(records: list[RecordLines]) -> None:
    for spoiling in TABLE:
        lines = spoilt(spoiling, records).lines()
        try:
            found = decode(lines, "here").disagreements
        except RecordError:
            continue
        twice = spoiling.name == "dialogue_that_says_its_messages_twice"  # to this reader the lines are as they were
        assert found or twice, spoiling.name


@pytest.mark.parametrize("spoiling", RUNS, ids=[each.name for each in RUNS])
def test_a_forged_run_is_found(spoiling: RunSpoiling, short_run: Path, tmp_path: Path) -> None:
    run = ForgedRun(short_run)
    spoiling.edit(run)
    if spoiling.forge:
        run.forge()
    found = verify_run(run.write(tmp_path))
    assert spoiling.check in {each.proof for each in found.findings}, found.findings
    assert not any("checksum" in each.problem for each in found.findings if spoiling.forge), found.findings


def test_a_forger_who_changes_nothing_is_not_found(small_run: Path, tmp_path: Path) -> None:
    run = ForgedRun(small_run)
    run.forge()
    assert verify_run(run.write(tmp_path)).findings == ()
    for record in map(Forged, (found.lines for found in read_lines(small_run))):
        before = record.lines()
        record.agree(follow=True, replay=True)
        assert list(map(json.loads, record.lines())) == list(map(json.loads, before))


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8), st.just([]), st.just({}), st.just([[{}]]), st.just({"from": "said", "turn": -1, "text": ""}),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Iterate over the way to each member and item in a JSON value."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(value[key], (*path, key))


@settings(max_examples=150)
@given(st.data())
def test_no_change_of_any_line_raises(records: list[RecordLines], data: st.DataObject) -> None:
    """Any member or item of any line becomes junk, is doubled, moved or taken out; nothing escapes as a traceback."""
    record = Forged(data.draw(st.sampled_from(records), label="record"))
    for _ in range(data.draw(st.integers(1, 3), label="changes")):
        line = data.draw(st.sampled_from([record.row, record.task, record.evidence]))
        *way, last = data.draw(st.sampled_from(list(places(line)) or [("id",)]), label="place")
        around = line
        for key in way:
            around = around[key]
        change = data.draw(st.sampled_from(["junk", "out", "double", "reverse"]), label="change")
        if change == "out":
            del around[last]
        elif change == "double" and isinstance(around, list):
            around.insert(last, around[last])
        elif change == "reverse" and isinstance(around, list):
            around.reverse()
        else:
            around[last] = data.draw(JUNK, label="junk")
    with contextlib.suppress(KeyError, TypeError, IndexError, AttributeError, ValueError):  # a forger who gives up
        record.agree(follow=False, replay=False)
    try:
        dialogue = decode(record.lines(), "here")
    except RecordError:
        return
    assert all(isinstance(finding, RecordFinding) for finding in verify_run([dialogue]).findings)
