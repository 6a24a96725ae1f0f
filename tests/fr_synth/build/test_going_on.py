"""A dialogue that goes on with one matter after another.

1. A long one is proven as a whole, and an oracle earns all of it.
2. A matter that does not hold leaves no trace, and the next one takes its place.
3. It ends where more would be too long.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fr_envs import load_domain
from fr_envs.situation.loading import load_situations, read_situations, situations_in
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.build.showing import Stage
from fr_synth.evaluate.agents import OracleAgent
from fr_synth.evaluate.rollouts import play
from fr_synth.situations.mishaps.plan import NO_SHARES
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.trace.rows import task_of
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine
from tests.fr_synth.walks import graph_of

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.situation.spec import Situation

FILES = load_domain("filesystem")


@functools.cache
def stories() -> dict[str, Situation]:
    return {each.name: each for each in situations_in("filesystem", load_situations())}


def made(
    further: tuple[Situation, ...], turns: tuple[int, int], first_of: str = "lab_incubation", **settings: Any
) -> Dialogue:
    first = stories()[first_of]
    plan = DialoguePlan("long-0", (4, 1), (), situation=first, turns=turns, further=further)
    done = make_dialogue(FILES, graph_of(FILES), plan, Settings(shares=NO_SHARES, **settings), ScriptedTeacher())
    assert isinstance(done, Dialogue), done
    return done


def matters(dialogue: Dialogue) -> list[str]:
    return list(dict.fromkeys(turn.target.partition(":")[2] for turn in dialogue.turns))


@pytest.mark.slow
def test_a_long_dialogue_is_proven_as_a_whole() -> None:
    long = made(tuple(stories().values()), (12, 15), scale="busy", stage=Stage((8, 20), max_tokens=40_000))
    assert 12 <= len(long.turns) <= 15
    assert len(matters(long)) >= 4
    assert examine(gather(long, FILES)) is None
    assert play(task_of(long), OracleAgent()).score == 1.0


def wrong(tmp_path: Path) -> Situation:
    turn = {
        "say": {"plain": ["Which directory is this, by the way?"]},
        "requests": [{"call": "pwd", "as": "here"}],
        "reply": [{"say": ["It is {here.path}, with 7,311 files in it."]}],
    }
    whole = {"name": "wrong", "worlds": ["filesystem"], "summary": "Somebody is told what is not so.", "turns": [turn]}
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump([whole]), encoding="utf-8")
    return read_situations(path)[0]


def test_a_matter_that_does_not_hold_leaves_no_trace(tmp_path: Path) -> None:
    further = (wrong(tmp_path), stories()["retry_in_a_while"], wrong(tmp_path), stories()["empty_folder"])
    dialogue = made(further, (5, 9))
    assert "wrong" not in matters(dialogue)
    assert len(matters(dialogue)) >= 2
    assert not any("7,311" in str(message) or "by the way?" in str(message) for message in dialogue.messages)
    assert examine(gather(dialogue, FILES)) is None


def test_it_ends_where_more_would_be_too_long() -> None:
    further = tuple(stories().values())
    dialogue = made(further, (3, 40), stage=Stage((8, 12), max_tokens=4_500))
    assert 3 <= len(dialogue.turns) < 40
    assert examine(gather(dialogue, FILES)) is None
