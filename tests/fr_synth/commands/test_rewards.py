"""What pays is said in one way: a rule has one name, wherever somebody is paid.

1. Every command that pays has an option for each rule, named as it and with its default, and refuses what is none.
2. The same rules pay the same from the command, from Python, through Gymnasium and from a server, of its own or as
   a session asks.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import msgspec
import pytest

import fr_envs
from fr_envs import RewardRules
from fr_envs.episode.task_file import read_tasks
from fr_envs.serve.client import Client, ServerProblem
from fr_envs.serve.http import http_app
from fr_envs.serve.listening import in_background
from fr_envs.serve.sessions import Sessions, Worlds
from fr_envs.serve.tasks import TaskShelf
from fr_synth import PlayRules, rollouts
from fr_synth.cli import main
from fr_synth.commands.agents import eval as eval_command
from fr_synth.commands.agents import rollouts as rollouts_command
from fr_synth.commands.agents import score as score_command
from fr_synth.commands.rewards import reward_rules
from fr_synth.commands.serve import COMMAND as SERVE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES: dict[str, Any] = {
    "step_cost": 0.125, "invalid_penalty": 0.5, "unsaid": 0.0, "partial": False, "pay": "end", "errors": "terse",
}  # fmt: skip
WORDS = "--step-cost 0.125 --invalid-penalty 0.5 --unsaid 0 --no-partial --pay end --errors terse"
COMMANDS = {
    "eval": (eval_command.COMMAND, ""),
    "rollouts": (rollouts_command.COMMAND, "--out x"),
    "score": (score_command.COMMAND, "--tasks x --transcripts x"),
    "serve http": (SERVE, "http"),
    "serve mcp": (SERVE, "mcp banking"),
}


def parsed(name: str, words: str = "") -> argparse.Namespace:
    command, needed = COMMANDS[name]
    parser = argparse.ArgumentParser()
    command.options(parser)
    return parser.parse_args([*needed.split(), *words.split()])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_rule_is_an_option_of_its_name(name: str) -> None:
    assert set(RULES) == set(RewardRules.__struct_fields__), "a rule has no option"
    assert reward_rules(parsed(name)) == RewardRules()
    assert reward_rules(parsed(name, WORDS)) == RewardRules(**RULES)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("--step-cost -1", "the reward rule step_cost is -1.0: give a number from 0"),
        ("--step-cost inf", "the reward rule step_cost is inf: give a number from 0"),
        ("--invalid-penalty nan", "the reward rule invalid_penalty is nan: give a number from 0"),
        ("--unsaid 2", "the reward rule unsaid is 2.0: give a number from 0 to 1"),
    ],
)
@pytest.mark.parametrize(
    "command",
    ["rollouts --agent oracle --tasks {run} --out {out}", "eval --agent oracle --tasks {run} --out {out}",
     "score --tasks {run} --transcripts {run}", "serve http banking --port 0"],
)  # fmt: skip
def test_what_is_no_rule_is_refused_in_one_line(
    command: str, words: str, problem: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = command.format(run=run_folder, out=tmp_path / "out").split()
    assert main([*given, *words.split()]) == 2
    assert capsys.readouterr().err == f"funreason: {problem}\n"
    assert not (tmp_path / "out").exists()


def moves(task: fr_envs.Task) -> Iterator[Any]:
    """What is done in each turn: a call of what is not there, then the reference; the last turn is not answered."""
    for number, turn in enumerate(task.turns):
        yield {"name": "no_such_tool", "arguments": {}}
        for call in turn.calls:
            yield {"name": call.name, "arguments": call.arguments}
        yield turn.reply if number + 1 < len(task.turns) else "I do not know."


class Erring:
    """An agent that plays them."""

    name = "erring"
    concurrency = 1

    def __init__(self, tasks: list[fr_envs.Task]) -> None:
        self.left = [list(moves(task)) for task in tasks]

    def act(self, move: Any) -> Any:
        if not self.left[0]:
            self.left.pop(0)
        return self.left[0].pop(0)


def test_the_same_rules_pay_the_same_everywhere(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [task for task in read_tasks(run_folder) if len(task.turns) > 1][:2]
    paid = [rollout.reward for rollout in rollouts(tasks, Erring(tasks), rules=RULES)]
    assert paid != [rollout.reward for rollout in rollouts(tasks, Erring(tasks))]
    whole = PlayRules(RewardRules(**RULES))
    assert [rollout.reward for rollout in rollouts(tasks, Erring(tasks), rules=whole)] == paid
    env = gym.make("FunReason/FileSystem-v0", rules=RULES)
    for task, reward in zip(tasks, paid, strict=True):
        env.reset(options={"task": task})
        told = [env.step(move) for move in moves(task)]
        assert sum(float(step[1]) for step in told) == pytest.approx(reward)
        assert told[0][0] == '{"error":{"code":"unknown_tool"}}'
    lines = tmp_path / "tasks.jsonl"
    lines.write_bytes(b"".join(msgspec.json.encode(task) + b"\n" for task in tasks))
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "an_erring_agent.py").write_text(
        "from fr_envs.episode.task_file import read_tasks\n"
        "from tests.fr_synth.commands.test_rewards import Erring\n"
        f"class Mine(Erring):\n    def __init__(self):\n        super().__init__(list(read_tasks({str(lines)!r})))\n"
    )
    out = tmp_path / "out.jsonl"
    words = f"rollouts --tasks {lines} --agent an_erring_agent:Mine --out {out} --quiet {WORDS}"
    assert main(words.split()) == 0
    assert [json.loads(line)["reward"] for line in out.read_text().splitlines()] == paid
    assert main(f"score --tasks {lines} --transcripts {out} --out {tmp_path}/again {WORDS}".split()) == 0
    again = [json.loads(line)["reward"] for line in (tmp_path / "again").read_text().splitlines()]
    assert again == pytest.approx(paid)
    for rules, asked in ((RULES, None), (None, RULES)):
        worlds = Worlds(["filesystem"], shelf=TaskShelf(lines, ["filesystem"]), rules=rules)
        with in_background(http_app(Sessions(worlds, ttl=60, most=4))) as url, Client(url) as client:
            for number, (task, reward) in enumerate(zip(tasks, paid, strict=True)):
                session = client.open(task=number, rules=asked)
                assert session.call("no_such_tool") == {"error": {"code": "unknown_tool"}}
                for move in list(moves(task))[1:]:
                    session.act(move)
                assert session.score()["reward"] == pytest.approx(reward)
            with pytest.raises(ServerProblem, match="'never'"):
                client.open(task=0, rules={"pay": "never"})
