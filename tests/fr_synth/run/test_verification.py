"""A run is proven again from its records, wherever they are, by code that has nothing to do with making them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs.errors import UsageError
from fr_synth import Dialogue, read_records, verify_run
from fr_synth.run.folder.journal import FILES
from fr_synth.run.verification import RUN_CHECKS, RecordFinding
from fr_synth.verify.proofs import PROOFS
from tests.fr_envs.test_surface import loaded_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fr_synth.run.folder.stored import Records


def _changed(dialogue: Dialogue) -> Dialogue:
    first, *rest = dialogue.calls
    return msgspec.structs.replace(dialogue, calls=(msgspec.structs.replace(first, digest="0" * 32), *rest))


@pytest.mark.parametrize("given", [str, lambda path: path, read_records, lambda path: iter(read_records(path))])
def test_a_good_run_holds(given: Callable[[Path], Records], run_folder: Path) -> None:
    came = verify_run(given(run_folder))
    assert (came.records, came.findings, came.holds, came.by_proof) == (12, (), True, {})


def test_what_is_wrong_is_named_in_order(run_folder: Path) -> None:
    first, second, third, *_ = read_records(run_folder)
    twin = msgspec.structs.replace(first, id="twin")
    came = verify_run([first, _changed(second), third, twin, _changed(third)])
    assert came.records == 5
    assert [(finding.id, finding.proof) for finding in came.findings] == [
        (second.id, "replays"), ("twin", "copies"), (third.id, "replays"), (third.id, "copies"),
    ]  # fmt: skip
    assert came.findings[1] == RecordFinding("twin", "copies", f"says the same as {first.id}, or nearly so")
    assert (came.holds, came.by_proof) == (False, {"replays": 2, "copies": 2})
    assert set(came.by_proof) <= {*PROOFS, *RUN_CHECKS}


def test_no_record_proves_nothing(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UsageError, match="has no whole record to prove"):
        verify_run(tmp_path)
    with pytest.raises(UsageError, match="there is no whole record to prove"):
        verify_run([])


@pytest.mark.slow
def test_it_uses_nothing_of_what_makes_records() -> None:
    generator = ("fr_synth.run.pipeline", "fr_synth.build", "fr_synth.sample", "fr_synth.teachers")
    assert loaded_by("from fr_synth import verify_run, read_records", *generator) == []
