"""``funreason score`` judges transcripts against the tasks of a run.

1. The records of a run, and rollouts of them, are transcripts; tasks may come as records or as tasks.
2. What the figures say is what the transcripts earn.
3. Bad input is one line and exit code 2.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs.episode.judging.reward import REWARD_VERSION
from fr_synth.cli import main
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.trace.rows import task_of

if TYPE_CHECKING:
    from pathlib import Path


def scored(capsys: pytest.CaptureFixture[str], *words: Any) -> dict[str, Any]:
    assert main(["score", *map(str, words), "--json"]) == 0
    figures: dict[str, Any] = json.loads(capsys.readouterr().out)
    return figures


def test_the_records_of_a_run_earn_all(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = scored(capsys, "--tasks", run_folder, "--transcripts", run_folder / "dialogues.jsonl")
    assert (figures["version"], figures["transcripts"], figures["score"]) == (REWARD_VERSION, 12, 1.0)
    assert all(not each["findings"] for each in figures["verdicts"])
    assert {"score", "expected", "changes", "obtained", "said", "contradiction"} <= figures["verdicts"][0]["turns"][
        0
    ].keys()


def test_rollouts_are_transcripts(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "idle.jsonl"
    assert main(f"rollouts --tasks {run_folder} --agent idle --quiet --out {out}".split()) == 0
    capsys.readouterr()
    assert scored(capsys, "--tasks", run_folder, "--transcripts", out)["score"] == 0.0


def test_silence_is_paid_as_asked(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mute = tmp_path / "mute.jsonl"
    lines = []
    for dialogue in read_dialogues(run_folder):
        acts = {number for number, turn in enumerate(dialogue.turns) if turn.kind == "act"}  # a word is all in others
        turn = -1
        replies = []
        for message in dialogue.messages:
            turn += message["role"] == "user"
            mute_now = is_reply(message) and turn in acts
            replies.append(message | {"content": "Done."} if mute_now else message)
        lines.append(json.dumps({"id": dialogue.id, "messages": replies}))
    mute.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    means = [
        scored(capsys, "--tasks", run_folder, "--transcripts", mute, "--unsaid", share)["score"]
        for share in (0.0, 0.3, 1.0)
    ]
    assert means[0] < means[1] < means[2] == 1.0


def is_reply(message: dict[str, Any]) -> bool:
    return message["role"] == "assistant" and not message.get("tool_calls")


def test_tasks_may_come_as_tasks(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = tmp_path / "tasks.jsonl"
    tasks.write_bytes(b"".join(msgspec.json.encode(task_of(d)) + b"\n" for d in read_dialogues(run_folder)))
    assert main(["score", "--tasks", str(tasks), "--transcripts", str(run_folder / "dialogues.jsonl")]) == 0
    shown = capsys.readouterr().out
    assert "transcripts" in shown
    assert "1.000" in shown
    assert f"rewards, version {REWARD_VERSION}" in shown


def test_findings_are_shown(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(iter(read_dialogues(run_folder))).id
    file = tmp_path / "odd.jsonl"
    odd = [{"role": "user", "content": f"x{n}"} for n in range(20)]
    file.write_text(json.dumps({"id": name, "messages": odd}) + "\n", encoding="utf-8")
    assert main(["score", "--tasks", str(run_folder), "--transcripts", str(file)]) == 0
    shown = capsys.readouterr().out
    assert f"{name}: message 0: the user's message is not that of turn 0" in shown
    assert "more findings" in shown


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no object"),
        ("{}", "no transcript"),
        ('{"id": "x", "messages": 5}', "no transcript"),
        ('{"id": "x", "messages": []}', "there is no task 'x'"),
        ("", "has no transcript"),
        ("\xff", "no JSON"),
    ],
)
def test_bad_transcripts_are_one_line(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, problem: str
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(line.encode("latin-1") + b"\n")
    assert main(["score", "--tasks", str(run_folder), "--transcripts", str(file)]) == 2
    said = capsys.readouterr().err
    assert problem in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("--transcripts nowhere.jsonl", "there is no file nowhere.jsonl"),
        ("--transcripts {run}/dialogues.jsonl --unsaid 2", "give a number from 0 to 1"),
        ("--transcripts {run}/dialogues.jsonl --max-steps 0", "give at least 1"),
        ("--transcripts {run}/dialogues.jsonl --step-cost -1", "give a number from 0"),
    ],
)
def test_bad_options_are_one_line(
    run_folder: Path, capsys: pytest.CaptureFixture[str], words: str, problem: str
) -> None:
    assert main(f"score --tasks {run_folder} {words.format(run=run_folder)}".split()) == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "problem"), [("", "has no task"), ('{"turns": 5}\n', "this is no task"), ("{}\n", "this is no task")]
)
def test_tasks_that_are_none_are_one_line(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    file = tmp_path / "tasks.jsonl"
    file.write_text(text, encoding="utf-8")
    assert main(["score", "--tasks", str(file), "--transcripts", str(run_folder / "dialogues.jsonl")]) == 2
    assert problem in capsys.readouterr().err
