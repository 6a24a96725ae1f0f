"""Environments that are given tasks.

1. Each reset plays the next task of an order that the seed draws; when all have been played, a new order begins.
2. A task in the options is played whatever would be next; after a vector's autoreset the next task comes, in one
   process or in many, in every mode.
3. Folder, file, packed file, tasks and text are the same; tasks of other worlds are left out, and none is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gymnasium as gym
import msgspec
import pytest
from gymnasium.vector import AutoresetMode

import fr_envs  # noqa: F401 -- registers the worlds
from fr_envs.env import ToolEnv
from fr_envs.episode.task import Goal, Task, Turn
from fr_envs.errors import UsageError
from fr_envs.files import compress

if TYPE_CHECKING:
    from pathlib import Path

ID = "FunReason/FileSystem-v0"


def task(number: int, domain: str = "filesystem") -> Task:
    return Task(domain, (number,), (Turn(f"Request {number}.", Goal()),), scale="tiny", id=f"t-{number}")


TASKS = [task(number) for number in range(6)]
MIXED = [task(90, "banking"), *TASKS[:3], task(91, "travel"), *TASKS[3:]]


def asked(observation: str) -> str:
    return observation.rpartition("User: ")[2]


def played(env: gym.Env[Any, Any], count: int, seed: int | None = None) -> list[str]:
    first = asked(env.reset(seed=seed)[0])
    return [first, *(asked(env.reset()[0]) for _ in range(count - 1))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in MIXED))
    return path


def test_every_task_is_played_once_before_any_comes_again() -> None:
    env = gym.make(ID, tasks=TASKS)
    names = played(env, 18, seed=5)
    everything = sorted(f"Request {number}." for number in range(6))
    for start in (0, 6, 12):
        assert sorted(names[start : start + 6]) == everything
    assert len({tuple(names[start : start + 6]) for start in (0, 6, 12)}) > 1
    assert played(env, 18, seed=5) == names
    assert played(env, 6, seed=6) != names[:6]
    assert len(played(gym.make(ID, tasks=TASKS), 3)) == 3  # without a seed too


def test_folder_file_and_tasks_give_the_same_order(file: Path) -> None:
    texts = [msgspec.json.encode(each).decode() for each in MIXED]
    plain = [msgspec.to_builtins(each) for each in MIXED]
    sources: list[Any] = [file, str(file), file.parent, MIXED, texts, plain]
    orders = [played(gym.make(ID, tasks=source), 8, seed=3) for source in sources]
    compress(file)
    orders.append(played(gym.make(ID, tasks=file), 8, seed=3))
    assert all(order == orders[0] for order in orders)


def test_a_task_in_the_options_is_played_and_uses_up_none() -> None:
    env, other = gym.make(ID, tasks=TASKS), gym.make(ID, tasks=TASKS)
    env.reset(seed=1)
    other.reset(seed=1)
    assert asked(env.reset(options={"task": task(77)})[0]) == "Request 77."
    assert asked(env.reset()[0]) == asked(other.reset()[0])


def answered(vector: Any, mode: AutoresetMode) -> Any:
    """What the environments show after each was answered and started anew."""
    shown, _, ended, _, infos = vector.step(("Done.", "Done."))
    assert all(ended)
    if mode is AutoresetMode.NEXT_STEP:
        shown, *_ = vector.step(("Nothing.", "Nothing."))
    elif mode is AutoresetMode.DISABLED:
        shown, _ = vector.reset(options={"reset_mask": ended})
    else:
        assert list(infos["final_obs"]) == ["", ""]
    return shown


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_after_an_autoreset_the_next_task_comes(mode: AutoresetMode, way: str) -> None:
    vector = gym.make_vec(ID, num_envs=2, vectorization_mode=way, vector_kwargs={"autoreset_mode": mode}, tasks=TASKS)
    try:
        shown, _ = vector.reset(seed=4)
        seen = [[asked(text)] for text in shown]
        for _ in range(3):
            for names, text in zip(seen, answered(vector, mode), strict=True):
                names.append(asked(text))
    finally:
        vector.close()
    for seed, names in enumerate(seen, start=4):
        assert names == played(gym.make(ID, tasks=TASKS), 4, seed=seed)


@pytest.mark.parametrize("copy", [True, False])
def test_processes_share_texts_of_any_length(copy: bool) -> None:
    long = "Grüße 🌍 \ud800 " * 20_000
    tasks = [msgspec.structs.replace(each, turns=(Turn(long, Goal()), Turn("Short.", Goal()))) for each in TASKS]
    vector = gym.make_vec(ID, num_envs=2, vectorization_mode="async", vector_kwargs={"copy": copy}, tasks=tasks)
    try:
        first, _ = vector.reset(seed=4)
        kept = tuple(first)
        assert len(first) == 2
        assert all(text.endswith(f"User: {long}") for text in first)
        second = vector.step(("Done.", "Done."))[0]
        assert list(second) == ["Short.", "Short."]
        assert tuple(first) == (kept if copy else tuple(second))
    finally:
        vector.close()


def test_actions_of_a_vector_are_those_of_its_worlds() -> None:
    vector = gym.make_vec(ID, num_envs=3, vectorization_mode="sync")
    vector.action_space.seed(5)
    drawn = [vector.action_space.sample() for _ in range(4)]
    vector.action_space.seed(5)
    assert drawn == [vector.action_space.sample() for _ in range(4)]
    assert len({text for texts in drawn for text in texts}) > 6
    assert vector.action_space.contains(drawn[0])


def test_a_scale_is_that_of_free_episodes() -> None:
    tiny = gym.make(ID, scale="tiny").reset(seed=3)[1]["digest"]
    assert tiny == gym.make(ID).reset(seed=3, options={"scale": "tiny"})[1]["digest"]
    assert tiny != gym.make(ID).reset(seed=3)[1]["digest"]


def test_tasks_that_are_none_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no task for the world 'workspace'; there are tasks for banking, file"):
        ToolEnv("workspace", tasks=file)
    with pytest.raises(UsageError, match="the list has no task for the world 'filesystem'"):
        ToolEnv("filesystem", tasks=[])
    with pytest.raises(UsageError, match=r"nowhere holds no tasks\.jsonl"):
        ToolEnv("filesystem", tasks=tmp_path / "nowhere")
    with pytest.raises(UsageError, match="a task of version 1; this package reads version 2"):
        ToolEnv("filesystem", tasks=[msgspec.to_builtins(TASKS[0]) | {"version": 1}])
    old = tmp_path / "old.jsonl"
    old.write_bytes(msgspec.json.encode(msgspec.structs.replace(TASKS[0], version=1)) + b"\n")
    with pytest.raises(UsageError, match="a task of version 1; this package reads version 2"):
        ToolEnv("filesystem", tasks=old)
    (tmp_path / "odd.jsonl").write_text('{"no": "task"}\n')
    with pytest.raises(UsageError):
        ToolEnv("filesystem", tasks=tmp_path / "odd.jsonl")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"id": "1", "domain": "filesystem", "messages": [], "tools": "[]", "kinds": []}, "a dialogue, no task: give"),
        ({"id": "1", "version": 3, "turns": [], "proofs": []}, "the evidence of a record, no task: give"),
        ([task(1)], "a list, no task: give it as tasks= to gymnasium.make"),
        ({"no": "task"}, "this is no task: Object missing"),
        ("no JSON", "this is no task: "),
        (
            '{"domain":"filesystem","seed":[1],"turns":[{"message":"","goal":{"changes":[["a","b",null,{"x":'
            + "[" * 100_000,
            "this is no task: maximum recursion depth",
        ),
        (7, "this is no task: "),
    ],
)
def test_what_is_mistaken_for_a_task_says_where_the_task_is(given: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        gym.make(ID).reset(options={"task": given})
    if isinstance(given, dict):
        with pytest.raises(UsageError, match=words):
            gym.make(ID).reset(options={"task": msgspec.json.encode(given).decode()})
