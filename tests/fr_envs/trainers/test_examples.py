"""Examples for trainers: short, and each in step with the door that it opens; ``make conformance`` runs them."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from pathlib import Path

import msgspec
import pytest
import yaml

from fr_envs import UsageError
from tests.fr_envs.trainers.tasks import TASK
from tests.processes import run

FOLDER = Path(__file__).parents[3] / "examples" / "trainers"
DOORS = FOLDER.parents[1] / "fr_envs" / "trainers"
EXAMPLES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_short_and_import_what_is_there(example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    found = 0
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fr_envs"):
            module = importlib.import_module(node.module or "")
            for name in node.names:
                try:
                    assert hasattr(module, name.name), f"{node.module} has no {name.name}"
                except UsageError as error:  # a class over the base of a library that is not there
                    assert "is not installed" in str(error)  # noqa: PT017 - either is right
                found += 1
    assert found


def test_there_is_an_example_for_each_door() -> None:
    doors = {path.stem for path in DOORS.glob("*.py")}
    shown = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES)
    others = {"__init__", "rollout"}
    assert {door for door in doors - others if f"fr_envs.trainers.{door}" not in shown} == set()


def test_doors_are_thin() -> None:
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in DOORS.rglob("*.py")}
    lines.pop("rollout.py")  # what all of them stand on
    assert {name: number for name, number in lines.items() if number > 100} == {}


RLLM = """
class BaseEnv(abc.ABC):
    @abc.abstractmethod
    def reset(self): ...
    @abc.abstractmethod
    def step(self, action): ...
    def close(self): ...
    @staticmethod
    @abc.abstractmethod
    def from_dict(env_args): ...
    @staticmethod
    def is_multithread_safe(): return True
"""
OPENRLHF = """
class AgentInstanceBase(abc.ABC):
    @abc.abstractmethod
    def __init__(self, *args, **kwargs): ...
    async def reset(self, states, **kwargs): return states
    @abc.abstractmethod
    async def step(self, state_dict, **kwargs): ...
class AgentExecutorBase(abc.ABC):
    @abc.abstractmethod
    async def execute(self, prompt, label, sampling_params, max_length, hf_tokenizer, llm_engine, images=None): ...
class MultiTurnAgentExecutor(AgentExecutorBase):
    def __init__(self, agent_instance_cls):
        assert issubclass(agent_instance_cls, AgentInstanceBase)
        self.agent_instance_cls = agent_instance_cls
    async def execute(self, prompt, label, *given, **more):
        agent = self.agent_instance_cls()
        return await agent.reset({"observation": prompt, "label": label}), await agent.step({"action_text": "Hm."})
"""


def standing_in(folder: Path, module: str, text: str) -> None:
    """Write a package in place of a library that is not there, with the signatures that it documents."""
    place = folder.joinpath(*module.split("."))
    place.parent.mkdir(parents=True)
    place.with_suffix(".py").write_text(f"import abc\n{text}")


def ran(folder: Path, *words: str) -> str:
    """What a script says, run beside what stands in for its library."""
    paths = os.pathsep.join((str(folder), str(FOLDER.parents[1])))
    done = run([sys.executable, *words], cwd=folder, env=os.environ | {"PYTHONPATH": paths})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_for_rllm_runs_against_its_signatures(tmp_path: Path) -> None:
    standing_in(tmp_path, "rllm.environments.base.base_env", RLLM)
    (tmp_path / "tasks.jsonl").write_bytes(msgspec.json.encode(TASK) + b"\n")
    told = ran(tmp_path, str(FOLDER / "play_rllm.py"), str(tmp_path))
    assert told == "t-1 0.0 False {'score': 0.0, 'turn': 1}\n"


def test_the_example_for_openrlhf_runs_against_its_signatures(tmp_path: Path) -> None:
    standing_in(tmp_path, "openrlhf.utils.agent", OPENRLHF)
    (tmp_path / "torch.py").write_text("def tensor(value): return value\n")
    (tmp_path / "tasks.jsonl").write_bytes(msgspec.json.encode(TASK) + b"\n")
    plays = (
        "import asyncio, runpy, sys\n"
        "executor = runpy.run_path(sys.argv[1])['AgentExecutor']()\n"
        "begun, step = asyncio.run(executor.execute('', open(sys.argv[2]).read(), None, 9, None, None))\n"
        "print(begun['observation'].count('<|im_start|>'), step['rewards'], step['done'])\n"
    )
    told = ran(tmp_path, "-c", plays, str(FOLDER / "openrlhf_agent.py"), str(tmp_path / "tasks.jsonl"))
    assert told == "3 0.0 False\n"


def test_verls_configuration_is_written(tmp_path: Path) -> None:
    (tmp_path / "tasks.jsonl").write_bytes(msgspec.json.encode(TASK) + b"\n")
    words = [sys.executable, str(FOLDER / "write_verl_config.py"), str(tmp_path), "filesystem", str(tmp_path)]
    done = run(words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    tools = yaml.safe_load((tmp_path / "tools.yaml").read_text())["tools"]
    assert {tool["class_name"] for tool in tools} == {"fr_envs.trainers.verl.FunReasonTool"}
    (loop,) = yaml.safe_load((tmp_path / "agent_loops.yaml").read_text())
    module, _, name = loop["_target_"].rpartition(".")
    with pytest.raises(UsageError, match="verl is not installed"):
        getattr(importlib.import_module(module), name)
