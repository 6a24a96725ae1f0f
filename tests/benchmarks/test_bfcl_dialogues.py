"""Proven dialogues over classes that nobody here wrote, with no contract corrected by hand."""

import importlib
import sys
from pathlib import Path

import pytest

from fr_envs.world.registry import drop_world, own_worlds

pytestmark = pytest.mark.bfcl

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.mark.parametrize("name", ["TradingBot", "GorillaFileSystem", "TicketAPI"])
def test_every_dialogue_is_proven_again_and_played_by_the_oracle(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("bfcl_eval", reason="pip install --no-deps bfcl-eval; pip install mpmath filelock")
    monkeypatch.setattr(sys, "path", [*sys.path, str(BENCHMARKS)])
    bench = importlib.import_module("bench_foreign")
    _, dialogues, findings, oracle, *_ = bench.line(name, 60, tmp_path, 1).split()
    for world in own_worlds():
        drop_world(world)
    assert (dialogues, findings, oracle) == ("60", "0", "1.000")
