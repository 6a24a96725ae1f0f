"""Every way to spoil a record is noticed in ordinary runs too: situations, all kinds of turns, other names, mishaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.errors import RecordError
from fr_synth import verify_run
from fr_synth.trace.rows import RecordLines, decode
from tests.fr_synth.verify.spoilings import (
    of_adversaries,
    of_attempts,
    of_calls,
    of_evidence,
    of_lines,
    of_messages,
    of_stories,
    of_tasks,
)
from tests.fr_synth.verify.spoilings.forging import Forged, Spoiling, Unfit, stories, table
from tests.fr_synth.verify.spoilings.making import EVERYWHERE, lines_of, proven_run

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = (of_adversaries, of_attempts, of_calls, of_evidence, of_lines, of_messages, of_stories, of_tasks)
SHARES = 24


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[RecordLines]:
    """Records as they are made, with more of what is rare."""
    folder = tmp_path_factory.mktemp("ordinary") / "run"
    options = f"--count 24 --seed 62 --rename 0.5 --traits error=0.2 {EVERYWHERE}"
    return lines_of(proven_run(folder, options))


def spoilt(spoiling: Spoiling, records: list[RecordLines]) -> Iterator[Forged]:
    """Iterate over records that a spoiling fits, spoilt."""
    for lines in records:
        record = Forged(lines)
        before = record.lines()
        try:
            spoiling.edit(record)
        except (Unfit, StopIteration, LookupError):
            continue
        if record.lines() != before:
            yield record


def is_noticed(record: Forged) -> bool:
    try:
        return not verify_run([decode(record.lines(), "here")]).holds
    except RecordError:
        return True


def test_the_tables_are_long() -> None:
    assert len(stories()) >= 130
    assert len(table()) >= 300


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_careful_forger_is_found_in_ordinary_runs(share: int, records: list[RecordLines]) -> None:
    mine = sorted([*table(), *stories()], key=lambda each: each.name)[share::SHARES]  # however they were imported
    noticed = unfit = 0
    for spoiling in mine:
        where = len(spoiling.name) % len(records)
        record = next(spoilt(spoiling, [*records[where:], *records[:where]]), None)
        if record is None:
            unfit += 1
            continue
        record.agree(follow=spoiling.follow, replay=spoiling.replay)
        assert record.raw is not None or is_noticed(record), (spoiling.name, record.row["id"])
        noticed += 1
    assert noticed > 4 * unfit
