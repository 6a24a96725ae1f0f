"""What a command writes never takes the place of something unasked.

1. Every option that names a file to write has ``--overwrite`` beside it, ``--resume``, or a copy that is kept.
2. A file that is there is refused before any work, in one line, and stays as it is; with ``--overwrite`` it is written.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest

from fr_synth.cli import main
from fr_synth.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fr_synth.commands.base import Command

WRITING = {"--out", "--html", "--plot"}
TOOLS = '[{"type": "function", "function": {"name": "ring", "parameters": {"type": "object", "properties": {}}}}]'


def parsers(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


def own_parsers(command: Command) -> Iterator[argparse.ArgumentParser]:
    top = argparse.ArgumentParser(command.name)
    command.options(top)
    return parsers(top)


def test_every_option_that_writes_has_a_way_to_say_so_about_what_is_there() -> None:
    every = (each for command in COMMANDS for each in own_parsers(command))
    writing = [each for each in every if WRITING & each._option_string_actions.keys()]
    assert len(writing) >= 13
    for each in writing:
        assert {"--overwrite", "--resume"} & each._option_string_actions.keys(), each.prog


QUICK = [
    "tasks {run} --out {out}",
    "spec export banking --out {out}",
    "spec record-schema --out {out}",
    "spec import tools {tools} --out {out}",
    "spec import tools {tools} --simulate --out {out}",
    "graph filesystem --format svg --out {out}",
    "graph filesystem --html {out}",
]
SLOW = [
    "spec upgrade {contract} --out {out}",
    "ablate --domain filesystem --plot {out}",
    "overlap --build {run} --name own --out {out}",
    "score --tasks {run} --transcripts {run}/none.jsonl --out {out}",
    "rollouts --tasks {run} --agent idle --out {out}",
]


def typed(words: str, tmp_path: Path, run_folder: Path, out: Path) -> int:
    tools, contract = tmp_path / "tools.json", tmp_path / "own.yaml"
    tools.write_text(TOOLS, encoding="utf-8")
    contract.write_text("name: own\n", encoding="utf-8")
    return main(words.format(run=run_folder, out=out, tools=tools, contract=contract).split())


@pytest.mark.parametrize("words", QUICK + SLOW)
def test_what_is_there_stays(words: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kept.svg"
    out.write_text("mine", encoding="utf-8")
    assert typed(words, tmp_path, run_folder, out) == 2
    assert out.read_text(encoding="utf-8") == "mine"
    said = capsys.readouterr().err
    assert f"{out} is there already; give another " in said
    assert said.count("\n") == 1
    if words in QUICK:
        assert typed(f"{words} --overwrite", tmp_path, run_folder, out) == 0
        assert out.read_text(encoding="utf-8") != "mine"


def test_a_world_file_beside_is_not_written_over(run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pets.world.yaml").write_text("mine", encoding="utf-8")
    words = "spec import tools {tools} --simulate --out {out}"
    assert typed(words, tmp_path, run_folder, tmp_path / "pets.yaml") == 2
    assert not (tmp_path / "pets.yaml").exists()


def test_tasks_are_whole_or_not_there(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken, out = tmp_path / "broken.jsonl", tmp_path / "out.jsonl"
    good = (run_folder / "tasks.jsonl").read_bytes().splitlines(keepends=True)[0]
    broken.write_bytes(good + b"{}\n")
    assert main(["tasks", str(broken), "--out", str(out)]) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["broken.jsonl"]
    out.write_bytes(b"mine")
    assert main(["tasks", str(broken), "--out", str(out), "--overwrite"]) == 2
    assert out.read_bytes() == b"mine"
    assert main(["tasks", str(run_folder), "--out", str(tmp_path / "none" / "out.jsonl")]) == 2
    assert f"{tmp_path}/none/out.jsonl" in capsys.readouterr().err.splitlines()[-1]
