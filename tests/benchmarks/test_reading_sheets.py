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


def test_of_some_dialogues_the_user_alone_is_shown_and_counted_apart(
    run: Path, tmp_path: Path, sheets: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module("reading_sheets")
    lines = ("user: book it", "  call: book({})", "  result: 1", "assistant: (reply not shown)")
    other = module.Item("bfcl", "bfcl", ("bfcl",), ((),), ("book",), (lines,))

    def items(_: object, *, calls: bool) -> Any:
        while True:
            yield other if calls else module.alone(other)

    monkeypatch.setattr(module, "bfcl_items", items)
    sheets("make", run, tmp_path, "--readers", 1, "--dialogues", 3, "--bfcl", 4)
    text, key = _sheet(tmp_path, "0"), json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))["0"]
    kinds = [turn["kind"] for turn in key.values()]
    assert kinds.count("bfcl") == 4
    assert kinds.count("user alone") >= 4
    assert text.count(module.UNSEEN) == 4 + kinds.count("user alone")
    assert "call: book" not in text
    (tmp_path / "marks0.txt").write_text("\n".join(f"{label} ok" for label in key), encoding="utf-8")
    capsys.readouterr()
    sheets("count", tmp_path)
    told = capsys.readouterr().out
    seen = len(kinds) - 4 - kinds.count("user alone")
    assert re.search(rf"reader 0, ours +{seen} of +{seen} ", told)
    assert re.search(r"reader 0, bfcl +4 of +4 ", told)

    sheets("make", run, tmp_path, "--readers", 1, "--dialogues", 3, "--bfcl", 4, "--calls")
    assert _sheet(tmp_path, "0").count("call: book") == 4


@pytest.mark.parametrize(("command", "named"), [("make", "dialogues.jsonl"), ("count", "key.json")])
def test_what_is_not_there_is_said_in_one_line(
    command: str, named: str, tmp_path: Path, sheets: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        sheets(command, tmp_path / "none", *(["out"] if command == "make" else []))
    assert ended.value.code == 2
    assert f"none: {'no run folder, ' if command == 'make' else ''}it has no {named}" in capsys.readouterr().err


def _sheet(out: Path, number: str) -> str:
    return (out / f"sheet{number}.md").read_text(encoding="utf-8")
