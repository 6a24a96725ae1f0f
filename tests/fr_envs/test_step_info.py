"""The info of a step: everything by name, as items what is new.

1. Asked by name it has what it always had, at every step, and keeps it when the episode goes on.
2. After a call it has no items, so that a vector has nothing to merge; after a reset and a reply it has all.
3. Wrappers add to it, copies have what it has, another process gets the items.
"""

from __future__ import annotations

import copy
import pickle

import gymnasium as gym
import pytest

from fr_envs.step_info import StepInfo
from tests.fr_envs.trainers.tasks import TASK

NAMES = ["tools", "digest", "turn", "message", "results", "verdict", "components"]
MKDIR = '{"name": "mkdir", "arguments": {"path": "drafts"}}'


@pytest.fixture
def env() -> gym.Env[str, object]:
    made: gym.Env[str, object] = gym.make("FunReason/FileSystem-v0", tasks=[TASK])
    return made


def test_everything_can_be_asked_for_at_every_step(env: gym.Env[str, object]) -> None:
    session = env.get_wrapper_attr("session")
    _, first = env.reset(seed=1)
    assert list(first) == NAMES
    assert (first["turn"], first["message"], first["results"]) == (0, TASK.turns[0].message, ())
    *_, called = env.step(MKDIR)
    assert isinstance(called, StepInfo)
    assert list(called) == []
    assert all(name in called for name in NAMES)
    assert (called["digest"], called["turn"], called["tools"]) == (session.digest, 0, session.tools)
    assert called["results"][0]["path"].endswith("drafts")
    assert (called["verdict"], called["components"], called.get("message")) == (None, {}, None)
    digest = called["digest"]
    *_, replied = env.step("Done.")
    assert list(replied) == NAMES
    assert (replied["verdict"].score, replied["turn"]) == (1.0, 1)
    env.step('{"name": "ls", "arguments": {"path": "."}}')
    assert (called["digest"], called["turn"]) == (digest, 0), "it tells of its own step"
    assert called.get("nothing", 3) == 3
    assert "nothing" not in called
    with pytest.raises(KeyError):
        called["nothing"]


def test_what_is_made_of_it_has_it_too(env: gym.Env[str, object]) -> None:
    env.reset(seed=1)
    *_, called = env.step(MKDIR)
    for twin in (called.copy(), copy.deepcopy(called), called | {"more": 1}):  # noqa: TID251 - as vectors copy
        assert twin["digest"] == called["digest"]
    assert dict(called | {"more": 1}) == {"more": 1}
    assert pickle.loads(pickle.dumps(called | {"more": 1})) == {"more": 1}


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_vector_merges_what_is_new(mode: str) -> None:
    vector = gym.make_vec("FunReason/FileSystem-v0", num_envs=2, vectorization_mode=mode, tasks=[TASK])
    try:
        observations, infos = vector.reset(seed=1)
        assert list(infos["message"]) == [TASK.turns[0].message] * 2
        observations, *_, infos = vector.step((MKDIR, "Done."))
        assert list(infos["_turn"]) == [False, True]
        assert infos["turn"][1] == 1
        assert copy.deepcopy(observations) == observations  # noqa: TID251 - as vectors copy
        assert isinstance(observations, tuple)
        assert vector.step((MKDIR, MKDIR))[-1] == {}
    finally:
        vector.close()
