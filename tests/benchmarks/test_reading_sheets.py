"""Sheets for blind readers: nothing below the messages is shown, and marks come to what was marked."""

import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from fr_synth.cli import main

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sheets") / "run"
    job = ("synth", "--domain", "filesystem", "--count", "6", "--seed", "8", "--workers", "1", "--quiet")
    assert main([*job, "--out", str(made)]) == 0
    return made


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = importlib.import_module("reading_sheets")

    def call(*arguments: object) -> None:
        monkeypatch.setattr(sys, "argv", ["reading_sheets.py", *map(str, arguments)])
        module.main()

    return call


def test_every_turn_stands_on_a_sheet_and_marks_are_counted(
    run: Path, tmp_path: Path, sheets: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reading"
    sheets("make", run, out, "--readers", 2, "--dialogues", 3, "--bfcl", 0)
    rows = [json.loads(line) for line in (run / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()]
    key = json.loads((out / "key.json").read_text(encoding="utf-8"))
    shown = [label for number in "01" for label in re.findall(r"### (D\d+\.T\d+)", _sheet(out, number))]
    assert shown == [label for number in "01" for label in key[number]]
    assert {turn["id"] for turns in key.values() for turn in turns.values()} == {row["id"] for row in rows}
    assert len(shown) == sum(len(row["kinds"]) for row in rows)

    labels = list(key["0"])
    marks = [f"{label} ok" for label in labels[1:]] + [f'{labels[0]} fail voice: "odd" - why', f"{labels[0]} ok"]
    (out / "marks0.txt").write_text("\n".join(marks), encoding="utf-8")
    capsys.readouterr()
    sheets("count", out)
    told = capsys.readouterr().out
    assert re.search(rf"reader 0, ours +{len(labels) - 1} of +{len(labels)} ", told)
    assert f"reader 1: {len(key['1'])} turns without a mark" in told
    assert f'{labels[0]} {key["0"][labels[0]]["kind"]}: voice: "odd" - why' in told


def test_a_sheet_tells_nothing_of_kinds_and_traits(run: Path, tmp_path: Path, sheets: Any) -> None:
    sheets("make", run, tmp_path, "--readers", 1, "--dialogues", 6, "--same", "--bfcl", 0)
    text = _sheet(tmp_path, "0")
    rows = [json.loads(line) for line in (run / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(row["id"] not in text for row in rows)
    assert all(message["content"] in text for row in rows for message in row["messages"] if message["role"] == "user")


def test_what_is_asked_for_comes_up_where_a_run_has_it(sheets: Any) -> None:
    module = importlib.import_module("reading_sheets")
    plain = [module.Item(f"p{n}", "x", ("act",), ((),), (), (("user: a",),)) for n in range(20)]
    rare = [module.Item(f"r{n}", "x", ("ask",), ((),), (), (("user: a",),)) for n in range(3)]
    chosen = module.with_each([*plain, *rare], 5, 3, module.np.random.default_rng(0))
    assert sum("ask" in item.kinds for item in chosen) == 3


def _sheet(out: Path, number: str) -> str:
    return (out / f"sheet{number}.md").read_text(encoding="utf-8")
