"""Environments that are given tasks.

1. Each reset plays the next task of an order that the seed draws; when all have been played, a new order begins.
2. A task in the options is played whatever would be next; after a vector's autoreset the next task comes.
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


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_after_an_autoreset_the_next_task_comes(mode: AutoresetMode) -> None:
    vector = gym.make_vec(
        ID, num_envs=2, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, tasks=TASKS
    )
    shown, _ = vector.reset(seed=4)
    seen = [[asked(text)] for text in shown]
    for _ in range(3):
        shown, _, ended, _, _ = vector.step(("Done.", "Done."))
        assert all(ended)
        if mode is AutoresetMode.NEXT_STEP:
            shown, *_ = vector.step(("Nothing.", "Nothing."))
        for names, text in zip(seen, shown, strict=True):
            names.append(asked(text))
    for seed, names in enumerate(seen, start=4):
        assert names == played(gym.make(ID, tasks=TASKS), 4, seed=seed)


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
    (tmp_path / "odd.jsonl").write_text('{"no": "task"}\n')
    with pytest.raises(UsageError):
        ToolEnv("filesystem", tasks=tmp_path / "odd.jsonl")
