"""Pass rates.

1. A rate is the share of a task's rollouts with the score 1; the weight 4p(1-p) is greatest at one half.
2. ``funreason tasks --rates`` writes tasks with the greatest weight first, and leaves out what was never played.
3. What is no rollout is one line with its place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs import UsageError
from fr_envs.episode.task import Goal, Task, Turn
from fr_synth.cli import main
from fr_synth.evaluate.rates import Rate, pass_rates

if TYPE_CHECKING:
    from pathlib import Path

PLAYED: dict[str, list[float]] = {"a": [1, 1, 1, 1], "b": [1, 0.5, 1, 0], "c": [0, 0, 0, 1], "d": [0.5, 0.5, 0, 0]}


@pytest.fixture
def rollouts(tmp_path: Path) -> Path:
    path = tmp_path / "rollouts.jsonl"
    lines = [json.dumps({"task": task, "score": score}) for task, scores in PLAYED.items() for score in scores]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.jsonl"
    made = [Task("banking", (n,), (Turn("Hm.", Goal()),), id=name) for n, name in enumerate("abcde")]
    path.write_bytes(b"".join(msgspec.json.encode(task) + b"\n" for task in made))
    return path


def test_a_rate_is_the_share_that_passes(rollouts: Path) -> None:
    rates = pass_rates([rollouts])
    assert [rate.rate for rate in rates.values()] == [1.0, 0.5, 0.25, 0.0]
    assert [rate.weight for rate in rates.values()] == [0.0, 1.0, 0.75, 0.0]
    assert pass_rates([rollouts, rollouts])["b"] == Rate("b", 8, 4, 0.625)


def written(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert main(["tasks", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_tasks_that_teach_most_come_first(rollouts: Path, tasks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(tasks), "--rates", str(rollouts)]
    assert [task["id"] for task in written(capsys, *words)] == ["b", "c", "a", "d"]
    assert [task["id"] for task in written(capsys, *words, "--least", "0.7")] == ["b", "c"]
    assert [task["id"] for task in written(capsys, *words, "--count", "1")] == ["b"]
    assert written(capsys, *words, "--count", "1", "--show-rates") == [
        {"task": "b", "rollouts": 4, "passes": 2, "rate": 0.5, "weight": 1.0, "score": 0.625}
    ]


def test_what_cannot_be_is_one_line(rollouts: Path, tasks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = rollouts.with_name("other.jsonl")
    other.write_text('{"task": "z", "score": 1}\n')
    odd = rollouts.with_name("odd.jsonl")
    odd.write_text('{"task": "z"}\n')
    empty = rollouts.with_name("empty.jsonl")
    empty.write_text("")
    for words, text in (
        (["--least", "0.5"], "ask for --rates"),
        (["--show-rates"], "ask for --rates"),
        (["--rates", str(rollouts), "--least", "2"], "give a number from 0 to 1"),
        (["--rates", str(other)], "has no tasks that were played"),
        (["--rates", str(odd)], "this is no rollout"),
        (["--rates", str(empty)], "holds no rollouts"),
    ):
        assert main(["tasks", str(tasks), *words]) == 2
        shown = capsys.readouterr().err
        assert text in " ".join(shown.split())
    with pytest.raises(UsageError, match=r"odd\.jsonl"):
        pass_rates([odd])
