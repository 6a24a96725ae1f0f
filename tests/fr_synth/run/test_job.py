"""What a run from Python promises: all that the command does, without a command.

1. In memory, in a folder, and by the command, the same configuration gives the same records, copies left out.
2. A run that stopped is gone on with, and comes to the same bytes and figures; one that is finished is left as it is.
3. Progress is told before the first missing record and after each index; what it raises ends the run, all kept.
4. What cannot be is refused before anything is written.
5. A process that makes records is left as it was.
"""

from __future__ import annotations

import gc
import itertools
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import Domain, UsageError, register_world
from fr_envs.contract.loading import spec_from_dict
from fr_envs.world.domain import Effect, Hooks
from fr_envs.world.registry import drop_world
from fr_envs.world.state import State, Table
from fr_synth import Run, RunConfig, read_records, synthesise, verify_run
from fr_synth.cli import main
from fr_synth.run.copies import likeness_of
from fr_synth.run.folder.journal import DIALOGUES, read_manifest
from tests.fr_envs.small_world import Card

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fr_envs.json_values import JsonObject

CONFIG = RunConfig(domains=("filesystem",), scale="tiny", seed=5)
PAINT: JsonObject = {
    "name": "paint_shop",
    "id": "FunReasonTest/PaintShop-v0",
    "summary": "A shop that can say what its paints cost, and nothing else.",
    "policy": "Prices are fixed.",
    "kinds": {
        "colour": {
            "schema": {"enum": ["red"]},
            "origin": "open",
            "description": "Colour of a paint.",
            "format": "label",
            "examples": ["red"],
        },
    },
    "facts": {},
    "tools": {
        "price_of": {
            "description": "Tell the price of a paint.",
            "parameters": {"colour": {"kind": "colour"}},
            "returns": {"price": {"schema": {"type": "integer"}}},
            "effect": "read",
            "request_templates": ["tell me what {colour} paint costs"],
            "response_templates": ["It costs {price}."],
        },
    },
}
"""A world in which so little can be said that dialogues come out alike."""


class Shop(State, frozen=True):
    paints: Table[Card] = Table("paints")


def paint_shop() -> Domain[Shop]:
    def price_of(state: Shop, colour: str) -> Effect[Shop]:
        return Effect(state, {"price": len(colour)})

    return Domain(spec_from_dict(PAINT), {"price_of": price_of}, Hooks(initial=lambda rng, scale: Shop()))


@pytest.fixture
def copies() -> Iterator[RunConfig]:
    """A run of which some records would be copies of others."""
    register_world("paint_shop", paint_shop)
    yield RunConfig(
        domains=("paint_shop",), seed=5, error_rate=0, turns=(1, 1), calls=(1, 1), targets="tool=1", depth=0
    )
    drop_world("paint_shop")


def files(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(run.iterdir())}


@pytest.fixture(scope="module")
def twelve() -> Run:
    return synthesise(CONFIG, count=12)


@pytest.mark.slow
def test_memory_folder_and_command_come_to_the_same(twelve: Run, tmp_path: Path) -> None:
    stored = synthesise(CONFIG, str(tmp_path / "api"), count=12)
    words = "synth --domain filesystem --scale tiny --seed 5 --count 12 --workers 1 --quiet --out"
    assert main([*words.split(), str(tmp_path / "command")]) == 0
    assert files(tmp_path / "api") == files(tmp_path / "command")
    assert list(stored) == list(stored.records) == list(twelve)
    assert stored.totals == twelve.totals
    assert (len(twelve), len(stored), stored.totals.records) == (12, 12, 12)
    assert (twelve.folder, stored.folder) == (None, tmp_path / "api")
    assert stored.config == CONFIG


def test_lists_are_as_good_as_tuples(twelve: Run) -> None:
    lists: dict[str, Any] = {"domains": ["filesystem"], "turns": [2, 4], "calls": [2, 4]}
    loose = synthesise(msgspec.structs.replace(CONFIG, **lists), count=2)
    assert list(loose) == list(twelve)[:2]
    assert loose.config == CONFIG


@pytest.mark.slow
def test_copies_are_left_out_and_counted(copies: RunConfig) -> None:
    run = synthesise(copies, count=8)
    assert run.totals.dropped["copy"] > 0
    assert len({likeness_of(record).digest for record in run}) == 8
    assert verify_run(run).holds


@pytest.mark.slow
def test_copies_of_what_an_earlier_session_wrote_are_left_out(copies: RunConfig, tmp_path: Path) -> None:
    whole = synthesise(copies, tmp_path / "run", count=8)
    before = files(tmp_path / "run")
    journal = before["journal.jsonl"].splitlines(keepends=True)
    early = next(n for n, line in enumerate(journal) if b'"copy"' in line)  # the first copy is yet to be met
    (tmp_path / "run" / "journal.jsonl").write_bytes(b"".join(journal[:early]))
    again = synthesise(copies, tmp_path / "run", count=8, resume=True)
    assert files(tmp_path / "run") == before
    assert again.totals == whole.totals


def test_a_finished_run_is_given_back_without_work(tmp_path: Path) -> None:
    first = synthesise(CONFIG, tmp_path / "run", count=4)
    before, told = files(tmp_path / "run"), list[tuple[int, int]]()
    again = synthesise(CONFIG, tmp_path / "run", count=4, resume=True, progress=lambda *now: told.append(now))
    assert (told, files(tmp_path / "run"), again.totals) == ([], before, first.totals)
    assert list(again) == list(first)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run = synthesise(CONFIG, tmp_path / "run", count=3, progress=lambda *now: told.append(now))
    indexes = (run.folder or tmp_path).joinpath("journal.jsonl").read_bytes().count(b"\n")
    assert (told[0], told[-1], len(told)) == ((0, 3), (3, 3), 1 + indexes)
    assert all(after - before in (0, 1) for (before, _), (after, _) in itertools.pairwise(told))


class Stop:
    """Progress that ends the run after so many records."""

    def __init__(self, most: int, error: BaseException) -> None:
        self.most = most
        self.error = error

    def __call__(self, done: int, count: int) -> None:
        if done >= self.most:
            raise self.error


def test_one_dialogue_that_is_kept_is_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^stopped: 1 dialogue is kept in .*run$"):
        synthesise(CONFIG, tmp_path / "run", count=3, progress=Stop(1, KeyboardInterrupt()))


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_what_progress_raises_ends_the_run_and_all_is_kept(workers: int, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^stopped: 5 dialogues are kept in .*run$"):
        synthesise(CONFIG, tmp_path / "run", count=12, workers=workers, progress=Stop(5, KeyboardInterrupt()))
    assert len(read_records(tmp_path / "run")) == 5
    assert read_manifest(tmp_path / "run")["result"] is None
    with pytest.raises(ZeroDivisionError):
        synthesise(CONFIG, tmp_path / "run", count=12, resume=True, progress=Stop(7, ZeroDivisionError()))
    told: list[int] = []
    synthesise(CONFIG, tmp_path / "run", count=12, resume=True, progress=lambda done, _: told.append(done))
    assert told[0] == 7
    synthesise(CONFIG, tmp_path / "whole", count=12)
    assert files(tmp_path / "run") == files(tmp_path / "whole")


def test_an_interrupt_of_a_run_in_memory_has_nothing_to_tell() -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        synthesise(CONFIG, count=12, progress=Stop(1, KeyboardInterrupt()))
    assert str(caught.value) == ""


def test_indexes_that_give_nothing_end_the_run(copies: RunConfig) -> None:
    hopeless = msgspec.structs.replace(copies, error_rate=1.0, attempts=1)
    with pytest.raises(UsageError, match=r"^12 indexes in a row gave no dialogue; the last one: turn 0: still wrong"):
        synthesise(hopeless, count=20)


@pytest.mark.slow
def test_a_world_in_which_nothing_new_can_be_said_ends_the_run_with_what_there_is(
    copies: RunConfig, tmp_path: Path
) -> None:
    run = synthesise(copies, tmp_path / "run", count=500)
    assert 4 < len(run) < 500
    assert run.exhausted.startswith(f"{len(run)} of 500 dialogues could be made: all that 12 indexes in a row gave")
    assert run.totals.records == len(run) == len(list(read_records(tmp_path / "run")))
    assert read_manifest(tmp_path / "run")["result"]["records"] == len(run)
    assert synthesise(copies, count=4).exhausted == ""


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({}, {"count": 0}, r"count 0: give at least 1"),
        ({}, {"workers": -1}, r"workers -1: give at least 1, or 0 for one a core"),
        ({"domains": ()}, {}, r"no world"),
        ({"domains": "filesystem"}, {}, r"cannot be this: Expected `array`, got `str` - at `\$.domains`"),
        ({"domains": ("no_such_world",)}, {}, r"no world 'no_such_world'"),
        ({"turns": 3}, {}, r"Expected `array`, got `int` - at `\$.turns`"),
        ({"seed": "7"}, {}, r"Expected `int`, got `str` - at `\$.seed`"),
        ({"seed": object()}, {}, r"the configuration of a run cannot be this"),
        ({"scale": "huge"}, {}, r"no scale 'huge'; there are tiny"),
        ({"policy": "best"}, {}, r"no policy 'best'; there are"),
        ({"teacher": "openai:"}, {}, r"no teacher 'openai:'; give scripted or openai:MODEL"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    changes: dict[str, Any], options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        synthesise(msgspec.structs.replace(CONFIG, **changes), tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_a_run_in_memory_cannot_be_gone_on_with() -> None:
    with pytest.raises(UsageError, match="resume: a run in memory leaves nothing to go on with; give out"):
        synthesise(CONFIG, resume=True)


def test_a_folder_with_another_run_is_left_alone(tmp_path: Path) -> None:
    synthesise(CONFIG, tmp_path / "run", count=1)
    before = files(tmp_path / "run")
    with pytest.raises(UsageError, match="holds another run"):
        synthesise(CONFIG, tmp_path / "run", count=1)
    with pytest.raises(UsageError, match=r"holds a run with another --seed \(5 there, 6 here\); give another --out"):
        synthesise(msgspec.structs.replace(CONFIG, seed=6), tmp_path / "run", count=2, resume=True)
    assert files(tmp_path / "run") == before


def test_the_collector_works_as_before_afterwards() -> None:
    before, during = gc.get_threshold(), set[tuple[int, int, int]]()
    synthesise(CONFIG, count=1, progress=lambda *_: during.add(gc.get_threshold()))
    assert gc.get_threshold() == before
    assert during - {before}


GUARDLESS = """
from fr_synth import RunConfig, synthesise
run = synthesise(RunConfig(domains=("filesystem",), scale="tiny", seed=5), "run", count=3{more})
print(run.totals.records)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "code", "said"), [("", 0, ""), (", workers=2", 1, 'has to do its work below if __name__ == "__main__":')]
)
def test_a_script_of_three_lines_runs_or_says_what_it_lacks(more: str, code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(GUARDLESS.format(more=more))
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (code, "" if code else "3\n")
    assert done.stderr.strip().endswith(said)
    assert (tmp_path / "run" / DIALOGUES).exists()
