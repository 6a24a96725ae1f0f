"""Names that a JSON pointer has to escape, from the contract to what ``show`` prints.

1. A world under such names gives the dialogues that it gives under plain ones: the same calls, goals and proofs.
2. The command line goes all the way with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml

from fr_envs.graph.api_graph import ApiGraph
from fr_envs.json_values import leaves_of, parts_of, pointer_of
from fr_envs.search.witnesses import find_witnesses
from fr_envs.world.registry import drop_world
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.cli import main
from fr_synth.run.coverage import coverage_of
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.sample.schedule import draw_targets
from fr_synth.sample.targets import offers_of, read_mix
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.macro import run
from fr_synth.trace.records import Dialogue
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import prove
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.slashed_world import SLASHED, plain, renamed

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain

INDEXES = range(12)
MIX = read_mix("tool=3,edge=3,chain=1,policy=1,error=2")


def made(domain: Domain[Any]) -> list[Dialogue]:
    graph = ApiGraph(domain.spec)
    offers, teacher = [offers_of(domain, graph)], ScriptedTeacher()
    settings = Settings(fan_out=0.5, distractors=0.3)
    found = []
    for index in INDEXES:
        plan = draw_targets(3, index, offers, (2, 3), MIX)
        dialogue = make_dialogue(
            domain, graph, DialoguePlan(f"d-{index}", (3, index, 0), plan.targets), settings, teacher
        )
        if isinstance(dialogue, Dialogue):
            found.append(dialogue)
    return found


@pytest.fixture(scope="module")
def under_plain_names() -> list[Dialogue]:
    return made(ODD)


@pytest.fixture(scope="module")
def under_slashes() -> list[Dialogue]:
    return made(SLASHED)


def pointers(sources: Any) -> Any:
    """What is under JSON pointers, under the plain names."""
    return {pointer_of(map(plain, parts_of(pointer))): source for pointer, source in sources.items()}


def calls_of(dialogue: Dialogue) -> list[Any]:
    found = []
    for call in dialogue.calls:
        sources = {
            at: {**data, "pointer": pointer_of(map(plain, parts_of(data["pointer"])))} if "pointer" in data else data
            for at, data in pointers(msgspec.to_builtins(call.sources)).items()
        }
        found.append((call.name, call.arguments, call.result, sources, call.error))
    return found


def test_the_calls_are_those_under_plain_names(
    under_plain_names: list[Dialogue], under_slashes: list[Dialogue]
) -> None:
    assert len(under_slashes) > 8
    for own, other in zip(under_plain_names, under_slashes, strict=True):
        assert [(n, a, renamed(r, str), s, e) for n, a, r, s, e in calls_of(own)] == [
            (n, renamed(a, plain), renamed(r, plain), s, e) for n, a, r, s, e in calls_of(other)
        ]


def test_the_records_are_proven(under_slashes: list[Dialogue]) -> None:
    found = [prove(dialogue, SLASHED) for dialogue in under_slashes]
    assert found == [None] * len(found)


def test_the_macros_give_their_turns_again(under_slashes: list[Dialogue]) -> None:
    for dialogue in under_slashes:
        state = gather(dialogue, SLASHED).states[0]
        turn, done = dialogue.turns[0], [call for call in dialogue.calls if call.turn == 0]
        ran = run(SLASHED, state, turn.advanced, turn.advanced.example)
        assert ran.failure == ""
        kept = [call for call in done if call.error is None and not call.distractor]
        assert [(call.name, dict(call.arguments)) for call in ran.calls] == [
            (call.name, {n: v for n, v in call.arguments.items() if _is_source(call, n)}) for call in kept
        ]


def _is_source(call: Any, name: str) -> bool:
    return any(parts_of(pointer)[0] == name for pointer in call.sources)


def test_uses_of_edges_are_counted(under_plain_names: list[Dialogue], under_slashes: list[Dialogue]) -> None:
    counted = coverage_of(ApiGraph(SLASHED.spec), under_slashes)
    assert any(edge.relation == "data" for edge in counted.edges)
    beside = coverage_of(ApiGraph(ODD.spec), under_plain_names)
    assert sorted((e.source, e.via, e.target, n) for e, n in counted.edges.items()) == sorted(
        (e.source, e.via, e.target, n) for e, n in beside.edges.items()
    )


def test_edges_have_witnesses() -> None:
    edges = [edge for edge in ApiGraph(SLASHED.spec).edges() if edge.relation == "data" and edge.target == "borrow"]
    found = [witness for witness in find_witnesses(SLASHED, edges=edges).values() if witness is not None]
    assert found
    for witness in found:
        assert dict(leaves_of(witness.second.arguments))[witness.argument] is not None
        assert witness.argument == "/book~1id"


@pytest.mark.slow
def test_the_command_line_goes_all_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("slashed.world.yaml")
    file.write_text(yaml.safe_dump({"domain": "tests.fr_synth.slashed_world:SLASHED"}), encoding="utf-8")
    try:
        words = f"synth --world {file} --count 12 --turns 1-2 --seed 5 --workers 1 --quiet --out run"
        assert main(words.split()) == 0
        assert main(["verify", "run", "--world", str(file), "--quiet"]) == 0
        capsys.readouterr()
        shown = []
        for number in range(12):
            assert main(["show", "run", str(number), "--full"]) == 0
            shown.append(capsys.readouterr().out)
        assert any("e~1vening.d~1ay ← said in turn" in page for page in shown)
        assert any("plan_evening(e~1vening=" in page for page in shown)
        assert len(list(read_dialogues(Path("run")))) == 12
    finally:
        drop_world("slashed")
