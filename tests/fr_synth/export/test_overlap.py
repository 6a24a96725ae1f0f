"""What is found of a benchmark in records.

1. A stretch of thirteen words is found wherever it stands, whatever its case and punctuation; one of twelve is not.
2. Hashes come out of a benchmark's files in the form of BFCL and of tau2, and the file reads back.
3. A file that is none, or cut off, is refused. What ships is whole, and finds what it was made from.
4. The card and the command tell of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.errors import UsageError
from fr_synth.cli import main
from fr_synth.export.overlap import Benchmark, build_benchmark, hashes_of, read_benchmark, shipped_benchmarks
from tests.fr_synth.export.golden import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from fr_synth.export.example import Example

FIRST = (
    "Move 'final_report.pdf' within document directory to 'temp' directory in document. "
    "Make sure to create the directory"
)
SECOND = "You want to cancel your reservation because the trip was booked long before you knew of the wedding."


def saying(text: str) -> Example:
    return msgspec.structs.replace(EXAMPLE, messages=({"role": "user", "content": text}, *EXAMPLE.messages))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bfcl = {
        "id": "1",
        "question": [[{"role": "user", "content": FIRST}]],
        "function": [{"name": "mv", "parameters": {}}],
    }
    tau2: list[dict[str, Any]] = [
        {"user_scenario": {"instructions": {"reason_for_call": SECOND, "unknown_info": None}},
         "evaluation_criteria": {"actions": [{"name": "cancel_reservation", "arguments": {}}]},
         "description": {"purpose": "Words of nobody that are not to be found anywhere in what a user says."}}
    ]  # fmt: skip
    (tmp_path / "deep").mkdir()
    (tmp_path / "BFCL.json").write_text(json.dumps(bfcl) + "\n" + json.dumps({"id": "2"}) + "\nno JSON\n")
    (tmp_path / "deep/tasks.json").write_text(json.dumps(tau2, indent=1))
    return tmp_path


@pytest.fixture
def benchmark(folder: Path, tmp_path: Path) -> Benchmark:
    path = tmp_path / "made.ngrams"
    path.write_bytes(build_benchmark(folder, "both", "by hand"))
    return read_benchmark(path)


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=30, max_size=60), st.data())
def test_thirteen_words_in_a_row_are_found_and_twelve_are_not(words: list[str], data: st.DataObject) -> None:
    numbered = [f"{word}{at}" for at, word in enumerate(words)]  # so that no word comes twice
    known = hashes_of(" ".join(numbered))
    start = data.draw(st.integers(0, len(words) - 13))
    around = ["other"] * 20
    for length, found in ((13, True), (12, False)):
        text = ", ".join([*around, *(word.upper() for word in numbered[start : start + length]), *around]) + "!"
        assert (not known.isdisjoint(hashes_of(text))) is found
    assert len(known) == len(words) - 12


def test_texts_of_benchmarks_are_found(benchmark: Benchmark) -> None:
    assert (benchmark.name, benchmark.source, benchmark.texts) == ("both", "by hand", 2)
    assert benchmark.shares_words(saying(f"Hello. {FIRST.upper()}, thanks"))
    assert benchmark.shares_words(saying(SECOND.replace(",", "")))
    assert not benchmark.shares_words(saying("Words of nobody that are not to be found anywhere in what a user says."))
    assert not benchmark.shares_words(EXAMPLE)
    assert benchmark.has_tool("mv")
    assert benchmark.has_tool("cancel_reservation")
    assert not benchmark.has_tool("cd")


def test_short_texts_count_as_a_whole() -> None:
    assert len(hashes_of("Show me the list of files")) == 1
    assert hashes_of("Thank you very much indeed") == frozenset()
    assert hashes_of("Show me the list of files") == hashes_of("show me - the list of files!")
    assert hashes_of("Show me the list of files now").isdisjoint(hashes_of("Show me the list of files"))


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-1], lambda text: b"{}\n" + text, lambda text: b"", lambda text: text + b"x"]
)
def test_a_file_that_is_none_is_refused(spoil: Any, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "made.ngrams"
    path.write_bytes(spoil(build_benchmark(folder, "both", "by hand")))
    with pytest.raises(UsageError, match="make it again with --build"):
        read_benchmark(path)


def test_a_folder_without_users_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in which a user says anything"):
        build_benchmark(tmp_path, "none", "")


def test_what_ships_is_whole_and_finds_what_it_was_made_from() -> None:
    bfcl, tau2 = shipped_benchmarks()
    assert (bfcl.name, tau2.name) == ("BFCL", "tau2")
    assert bfcl.shares_words(saying(FIRST))
    assert bfcl.has_tool("grep")
    assert len(bfcl.hashes) > 100_000 > len(tau2.hashes) > 5_000


def test_the_command_tells_and_builds(
    run_folder: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["overlap", str(run_folder)]) == 0
    assert "BFCL (bfcl-eval 2026.3.23): 0 of 12 records" in capsys.readouterr().out
    made = tmp_path / "own.ngrams"
    lines = (run_folder / "dialogues.jsonl").read_text().splitlines()
    (folder / "own.jsonl").write_text(lines[3] + "\n")
    assert main(["overlap", "--build", str(folder), "--name", "own", "--out", str(made)]) == 0
    assert main(["overlap", str(run_folder), "--against", str(made), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert json.loads(lines[3])["id"] in found["own"]["records"]
    assert main(["overlap", str(run_folder), "--against", str(made)]) == 1
    assert "records share 13 words with its users: " in capsys.readouterr().out
    assert main(["overlap"]) == main(["overlap", "--build", str(folder)]) == 2
