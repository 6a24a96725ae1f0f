"""From a configuration to records.

1. What cannot be is refused before anything is made, and the message says what can.
2. The bytes of a record depend on the configuration and its index alone: not on the number of workers, not on the
   process, not on the hash seed.
3. Every record of a run passes every proof when it is proven again from its line alone; no two say the same.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest

from fr_envs import domain_names, load_domain
from fr_envs.errors import UsageError
from fr_envs.world.domain import Domain
from fr_envs.world.registry import OwnWorld, add_world, drop_world
from fr_synth.cli import main
from fr_synth.run.config import RunConfig
from fr_synth.run.copies import likeness_of
from fr_synth.run.folder.journal import read_dialogues, read_lines, read_manifest
from fr_synth.run.making import Made, make_index, summary_of, teacher_of
from fr_synth.run.pipeline import produce
from fr_synth.teachers.openai import OpenAITeacher
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.rows import decode, row_schema
from fr_synth.verify.proofs import PROOFS, prove
from tests import processes
from tests.fr_envs.small_world import library

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.world.domain import Scale
    from fr_synth.trace.records import Dialogue
    from fr_synth.trace.rows import RowKind

ROOT = Path(__file__).parents[3]

WORLDS = tuple(name for name in domain_names() if hasattr(importlib.import_module(f"fr_envs.domains.{name}"), "DOMAIN"))

FILES = RunConfig(domains=("filesystem",), seed=3, scale="tiny", drills=1.0)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"domains": ()}, "no world; give at least one --domain"),
        ({"domains": ("nowhere",)}, "no world 'nowhere'; there are banking"),
        ({"turns": (0, 2)}, "turns 0-2: give LEAST-MOST with 1 <= LEAST <= MOST <= 100"),
        ({"turns": (3, 2)}, "turns 3-2: give LEAST-MOST"),
        ({"turns": (3, 101)}, "turns 3-101: give LEAST-MOST"),
        ({"calls": (5, 4)}, "calls 5-4: give LEAST-MOST"),
        ({"seed": -1}, "seed -1: give an integer from 0"),
        ({"error_rate": 1.5}, "error rate 1.5: give a number from 0 to 1"),
        ({"error_rate": -0.1}, "error rate -0.1: give a number from 0 to 1"),
        ({"depth": 13}, "depth 13: give an integer from 0 to 12"),
        ({"depth": -1}, "depth -1: give an integer from 0 to 12"),
        ({"attempts": 0}, "attempts 0: give at least 1"),
        ({"retries": -1}, "retries -1: give an integer from 0 to 11"),
        ({"retries": 12}, "retries 12: give an integer from 0 to 11"),
        ({"scale": "huge"}, "no scale 'huge'; there are tiny, small, medium, large"),
        ({"policy": "best"}, "no policy 'best'; there are directed, paper, random"),
        (
            {"targets": "stars"},
            "no target mix 'stars'; give tools, mixed, edges, or KIND=WEIGHT,... with each kind once out of "
            "tool, edge, chain, error, pair, policy",
        ),
        ({"targets": "tool=0"}, "target mix 'tool=0': give weights from 0 to 100, at least one of them above 0"),
        ({"targets": "pair=1"}, "filesystem has no target of the kinds pair; add tool=1 to the targets"),
        ({"teacher": "magic"}, "no teacher 'magic'; give scripted or openai:MODEL"),
        ({"teacher": "openai:"}, "no teacher 'openai:'; give scripted or openai:MODEL"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(UsageError) as refused:
        msgspec.structs.replace(FILES, **changes).checked()
    assert str(refused.value).startswith(problem)


@pytest.mark.slow
def test_with_retries_more_dialogues_walk_along_the_edges_they_are_aimed_at() -> None:
    def walked(retries: int) -> int:
        config = RunConfig(
            ("travel",), seed=8, scale="small", turns=(1, 1), targets="edge=1", retries=retries, drills=1.0
        )
        made = [make_index(config, index) for index in range(12)]
        lines = [each.lines for each in made if each.lines is not None]
        assert len(lines) >= 11
        assert any("aim" in each.dropped for each in made) == (retries > 0)
        return sum(">" in decode(line, "memory").turns[0].target for line in lines)

    assert walked(3) > walked(0)


@pytest.mark.parametrize("changes", [{}, {"turns": (1, 12)}, {"teacher": "openai:some/model"}, {"targets": "tools"}])
def test_what_can_be_passes(changes: dict[str, object]) -> None:
    config = msgspec.structs.replace(FILES, **changes)
    assert config.checked() == config


def test_a_configuration_names_its_teacher() -> None:
    scripted = teacher_of(msgspec.structs.replace(FILES, error_rate=0.25))
    assert isinstance(scripted, ScriptedTeacher)
    assert scripted.error_rate == 0.25
    config = msgspec.structs.replace(FILES, teacher="openai:org/model:tag", base_url="http://127.0.0.1:9/v1")
    model = teacher_of(config)
    assert isinstance(model, OpenAITeacher)
    assert (model.model, model.base_url, model.name) == ("org/model:tag", config.base_url, "openai:org/model:tag")
    default = teacher_of(msgspec.structs.replace(config, base_url=""))
    assert isinstance(default, OpenAITeacher)
    assert default.base_url is None


def lines_of(config: RunConfig, count: int, first: int = 0) -> list[Made]:
    made = produce(config, first, workers=1)
    try:
        return list(itertools.islice(made, count))
    finally:
        made.close()


@pytest.mark.slow
def test_any_index_comes_on_its_own() -> None:
    """What several workers make is held to what one makes where the command is tested, file by file."""
    whole = lines_of(FILES, 6)
    assert [made.number for made in whole] == list(range(6))
    assert sum(made.lines is not None for made in whole) >= 5
    assert lines_of(FILES, 2, first=3) == whole[3:5]


def _told_library(log: Path) -> Domain[Any]:
    """Return a world that writes down each first state that is made, which takes it a moment."""
    domain = library()

    def initial(rng: np.random.Generator, scale: Scale) -> Any:
        with log.open("a") as stream:
            stream.write(".")
        time.sleep(0.1)
        return domain.hooks.initial(rng, scale)

    return Domain(domain.spec, domain.handlers, domain.hooks._replace(initial=initial))


def test_workers_hand_over_each_record_when_it_is_made(tmp_path: Path) -> None:
    log = tmp_path / "log"
    add_world("library", OwnWorld(functools.partial(_told_library, log)))
    try:
        config = RunConfig(domains=("library",), seed=3, turns=(1, 1))
        with contextlib.closing(produce(config, 0, workers=2)) as source:
            made = next(source)
            begun = len(log.read_text())
    finally:
        drop_world("library")
    assert made.number == 0
    assert begun < 2 * (made.attempt + 1) + 6, "nobody waits for records behind the next"


@pytest.mark.slow
def test_another_hash_seed_writes_the_same_bytes() -> None:
    program = (
        "import hashlib; from fr_synth.run.config import RunConfig; from fr_synth.run.making import make_index;"
        "c = RunConfig(domains=('filesystem', 'travel'), seed=3, scale='tiny');"
        "print(hashlib.sha256(b'|'.join(b'\\n'.join(make_index(c, i).lines or [b'-']) for i in range(6))).hexdigest())"
    )
    digests = {
        processes.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, check=True
        ).stdout
        for seed in ("0", "4711")
    }  # fmt: skip
    assert len(digests) == 1


def test_an_index_comes_with_its_figures_and_the_likeness_of_its_messages() -> None:
    made = next(made for made in lines_of(FILES, 2) if made.lines is not None)
    assert made.lines is not None
    dialogue = decode(made.lines, "here")
    assert dialogue.id == f"filesystem-{made.number:06d}"
    assert dialogue.proofs == dict.fromkeys(PROOFS, True)
    assert made.summary == summary_of(dialogue)
    assert made.likeness == likeness_of(dialogue)
    renamed = msgspec.structs.replace(dialogue, id="other", seed=(9,))
    assert likeness_of(renamed) == made.likeness, "a copy is a copy wherever it comes from"
    changed = (*dialogue.messages[:-1], {**dialogue.messages[-1], "content": "No."})
    assert likeness_of(msgspec.structs.replace(dialogue, messages=changed)) != made.likeness


def test_another_attempt_is_another_dialogue() -> None:
    first = make_index(FILES, 0)
    again = make_index(FILES, 0, first.attempt + 1)
    assert again.attempt > first.attempt
    assert again.lines != first.lines
    assert again.likeness != first.likeness


@pytest.mark.slow
def test_what_falls_at_a_proof_is_tried_in_another_world() -> None:
    """A reasoner that errs at every first step makes detours that nothing needs; the proofs find them."""
    made = lines_of(RunConfig(domains=("filesystem",), seed=1, scale="tiny", error_rate=1.0, drills=1.0), 12)
    fallen = [stage for each in made for stage in each.dropped]
    assert set(fallen) & set(PROOFS), fallen
    assert all(len(each.dropped) == len(each.reasons) == each.attempt for each in made if each.lines is not None)
    assert any(each.lines is not None and each.dropped for each in made)


def test_an_index_is_given_up_after_a_number_of_worlds() -> None:
    hopeless = RunConfig(domains=("filesystem",), scale="tiny", error_rate=1.0, attempts=1, drills=1.0)
    made = make_index(hopeless, 0)
    assert (made.lines, made.summary, made.likeness) == (None, None, None)
    assert made.attempt + 1 == len(made.dropped) == len(made.reasons)
    assert set(made.dropped) <= {"chain", "sampling", "query", "aim"}


# ------------------------------------------------------------------------------------------------------ a whole run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 records over every world, with a reasoner that errs now and then."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    worlds = " ".join(f"--domain {name}" for name in WORLDS)
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(f"synth {worlds} --count 36 --seed 11 --workers 1 --quiet --out {folder}".split()) == 0
    return folder


@pytest.fixture(scope="module")
def dialogues(run: Path) -> list[Dialogue]:
    found = list(read_dialogues(run))
    assert len(found) == 36
    return found


@pytest.mark.slow
def test_every_record_passes_every_proof_again(dialogues: list[Dialogue]) -> None:
    failing = {each.id: prove(each, load_domain(each.domain)) for each in dialogues}
    assert {name: finding for name, finding in failing.items() if finding is not None} == {}
    assert all(each.proofs == dict.fromkeys(PROOFS, True) for each in dialogues)


def test_no_two_records_say_the_same(dialogues: list[Dialogue]) -> None:
    assert len({likeness_of(each).digest for each in dialogues}) == len(dialogues)
    assert len({each.id for each in dialogues}) == len(dialogues)


@pytest.mark.parametrize("kind", ["dialogue", "task", "evidence"])
def test_every_line_fits_the_schema(run: Path, kind: RowKind) -> None:
    validator = jsonschema_rs.Draft202012Validator(row_schema(kind))
    for found in read_lines(run):
        validator.validate(json.loads(getattr(found.lines, kind)))


def test_worlds_take_turns_and_turns_have_calls(dialogues: list[Dialogue]) -> None:
    counts = {name: sum(each.domain == name for each in dialogues) for name in WORLDS}
    assert max(counts.values()) - min(counts.values()) <= 5, counts
    acting = sum(turn.kind == "act" for each in dialogues for turn in each.turns)
    assert sum(len(each.calls) for each in dialogues) / acting >= 1.5
    assert {2, 3} <= {len(each.turns) for each in dialogues} <= {2, 3, 4, 5}
    assert any(turn.faults for each in dialogues for turn in each.turns), "the chain was exercised"


def test_the_totals_agree_with_the_records(run: Path, dialogues: list[Dialogue]) -> None:
    totals = read_manifest(run)["result"]["yields"]
    assert totals["records"] == len(dialogues)
    assert totals["calls"] == sum(len(each.calls) for each in dialogues)
    assert totals["attempts"] == sum(turn.attempts for each in dialogues for turn in each.turns)


def test_a_story_is_left_soon_that_no_busy_world_has_a_cast_for() -> None:
    from fr_synth.run.making import _Choice

    busy, small = _Choice(5, 0), _Choice(5, 0)
    for attempt in range(3):
        busy.fell(attempt, "cast", f"list: {attempt + 7} things fit where one has to", busy=True)
        small.fell(attempt, "cast", f"list: {attempt + 7} things fit where one has to")
    assert (busy.number, small.number) == (1, 0)
