"""``funreason tasks`` writes the tasks of a run as they are, or some of them, or says in one line why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.env import ToolEnv
from fr_envs.episode.task_file import TASKS, read_tasks
from fr_synth.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def test_the_tasks_are_those_of_the_run(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "some.jsonl"
    assert main(["tasks", str(run_folder), "--out", str(out)]) == 0
    assert out.read_bytes() == (run_folder / TASKS).read_bytes()
    assert main(["tasks", str(out), "--count", "2", "--domain", "filesystem"]) == 0
    assert capsys.readouterr().out.encode() == b"".join(out.read_bytes().splitlines(keepends=True)[:2])
    message = ToolEnv("filesystem", tasks=out).reset(seed=1)[0]
    assert message.rpartition("User: ")[2] in {task.turns[0].message for task in read_tasks(run_folder)}


@pytest.mark.parametrize(
    ("options", "problem"),
    [("--count 0", "count 0: give at least 1"), ("--domain travel", "has no tasks for travel"), ("/x", "unrecognized")],
)
def test_what_cannot_be_is_refused(
    options: str, problem: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["tasks", str(run_folder), "--out", str(tmp_path / "out"), *options.split()]
    try:
        code: object = main(words)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
