"""Eight classes that nobody here wrote, as worlds.

1. All 800 multi-turn ground-truth trajectories give the outputs that BFCL's own executor gives.
2. Nothing leaks: the same again from the same first state, and cases played in turns do not see each other.
"""

import importlib
from pathlib import Path
from typing import Any

import pytest

from fr_envs.episode.session import Session

pytestmark = pytest.mark.bfcl

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("bfcl_eval", reason="pip install --no-deps bfcl-eval; pip install mpmath filelock")
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def module(name: str) -> Any:
    return importlib.import_module(name)


@pytest.mark.parametrize("category", ["base", "miss_func", "miss_param", "long_context"])
def test_every_trajectory_gives_the_executors_outputs(category: str) -> None:
    cases = list(module("bfcl_cases").cases(category))
    assert len(cases) == 200
    assert [found for case in cases for found in module("bfcl_replay").differences(case)] == []


def test_cases_played_in_turns_do_not_see_each_other() -> None:
    loaded, replayed = module("bfcl_cases"), module("bfcl_replay")
    cases = list(loaded.cases("base"))[:40]
    sessions = [Session(loaded.domain_of(case), max_steps=None) for case in cases]
    for session in sessions:
        session.reset()
    flat = [[text for turn in case.calls for text in turn] for case in cases]
    theirs = [replayed.executed(case) for case in cases]
    for at in range(max(map(len, flat))):
        for case, session, texts, outputs in zip(cases, sessions, flat, theirs, strict=True):
            if at < len(texts):
                call = loaded.parse(texts[at], case)
                assert replayed.same(session.call(call.name, call.arguments), outputs[at]), (case.id, texts[at])


def test_a_ground_truth_is_parsed_and_never_evaluated() -> None:
    loaded = module("bfcl_cases")
    case = next(iter(loaded.cases("base")))
    with pytest.raises(ValueError, match="malformed"):
        loaded.parse("cd(folder=__import__('os').getcwd())", case)
    assert loaded.parse("sort('a.txt')", case).arguments == {"file_name": "a.txt"}
