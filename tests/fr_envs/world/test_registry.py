"""Worlds by name.

1. A world of your own is loaded once, goes into compositions, and replaces what its name meant before.
2. A pickle of it is read in a process that has never heard of it.
3. No name is taken that a shipped world has, and a world is called as its name says.
"""

import functools
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import pytest

from fr_envs import register_world
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.env import ToolEnv
from fr_envs.episode.session import Session
from fr_envs.errors import UsageError
from fr_envs.world.domain import Domain
from fr_envs.world.registry import OwnWorld, add_world, drop_world, is_own, is_shared, load_domain, own_worlds


class Bell:
    """A bell."""

    def __init__(self) -> None:
        self.rung = 0

    def ring(self) -> int:
        """Ring the bell."""
        self.rung += 1
        return self.rung


def bell(name: str = "bell") -> Domain[Any]:
    return domain_from_object(Bell, name=name)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    for name in own_worlds():
        drop_world(name)


def test_a_world_is_loaded_once_and_plays_by_name() -> None:
    assert register_world("bell", bell) == "FunReason/Bell-v0"
    assert load_domain("bell") is load_domain("bell")
    session = Session("bell")
    session.reset()
    assert session.call("ring") == {"result": 1}
    env = gymnasium.make("FunReason/Bell-v0")
    assert isinstance(env.unwrapped, ToolEnv)
    env.reset(seed=1)
    assert env.step({"name": "ring", "arguments": {}})[0] == '{"result":1}'


def test_it_goes_into_compositions() -> None:
    register_world("bell", bell, shared=True)
    both = load_domain("bell+banking")
    assert {"ring", "list_accounts"} <= set(both.spec.tools)
    assert is_own("bell+banking")
    assert is_shared("banking+bell")
    assert not is_own("banking+travel")
    drop_world("bell")
    with pytest.raises(UsageError, match="no world 'bell'"):
        load_domain("bell+banking")


def test_another_world_of_the_name_takes_its_place() -> None:
    register_world("bell", bell)
    first = load_domain("bell")
    register_world("bell", bell)
    assert load_domain("bell") is first
    register_world("bell", functools.partial(bell, "bell"))
    assert load_domain("bell") is not first


def test_a_pickle_brings_its_world_along() -> None:
    register_world("bell", bell)
    packed = pickle.dumps(load_domain("bell"))
    drop_world("bell")
    assert pickle.loads(packed).name == "bell"
    assert set(own_worlds()) == {"bell"}


@pytest.mark.slow
def test_another_process_reads_the_pickle(tmp_path: Path) -> None:
    (tmp_path / "chime.py").write_text(
        "class Chime:\n    def ring(self) -> str:\n        'Ring.'\n        return 'ding'\n", encoding="utf-8"
    )
    (tmp_path / "chime.world.yaml").write_text("python: chime:Chime\n", encoding="utf-8")
    write = (
        "import pickle, sys; from fr_envs.adapters.world_file import read_world; from fr_envs import load_domain\n"
        "read_world('chime.world.yaml').register(); sys.stdout.buffer.write(pickle.dumps(load_domain('chime')))"
    )
    read = "import pickle, sys; print(pickle.load(sys.stdin.buffer).spec.tools['ring'].request_templates)"
    packed = subprocess.run([sys.executable, "-c", write], cwd=tmp_path, capture_output=True, check=True).stdout
    done = subprocess.run([sys.executable, "-c", read], cwd="/", input=packed, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "('ring',)"


@pytest.mark.parametrize("name", ["banking", "workspace"])
def test_a_shipped_worlds_name_is_taken(name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' is the name of a shipped world"):
        add_world(name, OwnWorld(bell))


@pytest.mark.parametrize("name", ["Bell", "a+b", "", "1st"])
def test_a_name_is_a_name(name: str) -> None:
    with pytest.raises(UsageError, match="is no name of a world"):
        add_world(name, OwnWorld(bell))


def test_a_world_is_called_as_its_name_says() -> None:
    register_world("gong", bell)
    with pytest.raises(UsageError, match="the world 'gong' calls itself 'bell'"):
        load_domain("gong")
