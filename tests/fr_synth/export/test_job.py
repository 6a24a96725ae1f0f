"""What an export promises as a whole.

1. The same records and options give the same bytes: from a folder, a file, a list, the command, after any interruption.
2. Each record is in one split, with all its rows; each row is in one shard, in the order of the records.
3. What cannot be is refused with one line and exit code 2, and nothing is left behind.
4. A folder that is in use, or holds anything else, is never written to.
5. The card's header names files that are there, and its figures are those of the rows.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml
import zstandard

from fr_envs.episode.task_file import TASKS
from fr_envs.errors import RecordError, UsageError
from fr_synth import Dialogue, ExportOptions, RunConfig, export_run, read_records, synthesise, verify_run
from fr_synth.cli import main
from fr_synth.export.formats import FORMATS
from fr_synth.run.folder.journal import compress_run
from fr_synth.trace.tokens import estimated_tokens

if TYPE_CHECKING:
    from pathlib import Path

LINES = tuple(name for name in FORMATS if name not in {"parquet", "preference", "verl", "verl-sft"})


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(folder: Path, split: str = "train") -> list[dict[str, Any]]:
    found = sorted((folder / "data").rglob(f"{split}-*.jsonl"))
    return [json.loads(line) for path in found for line in path.read_text(encoding="utf-8").splitlines()]


def header(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    return found


def test_the_rows_are_those_of_the_run(run_folder: Path, tmp_path: Path) -> None:
    done = export_run(run_folder, tmp_path / "out", "jsonl")
    assert rows(tmp_path / "out") == [
        json.loads(line) for line in (run_folder / "dialogues.jsonl").read_bytes().splitlines()
    ]
    assert (done.records, done.rows, done.left_out) == (12, {"train": 12}, {})
    assert done.files == ("data/train-00000.jsonl",)


def test_folder_file_list_and_command_come_to_the_same(run_folder: Path, tmp_path: Path) -> None:
    options = ExportOptions(splits={"train": 0.75, "val": 0.25}, linear=True, shards=2)
    export_run(run_folder, tmp_path / "folder", "trl", options)
    export_run(run_folder / "dialogues.jsonl", tmp_path / "file", "trl", options)
    words = f"export {run_folder} --to trl --splits train=0.75,val=0.25 --linear --shards 2 --quiet --out"
    assert main([*words.split(), str(tmp_path / "command")]) == 0
    assert files(tmp_path / "folder") == files(tmp_path / "file") == files(tmp_path / "command")
    for name, records in (("list", list(read_records(run_folder))), ("once", iter(read_records(run_folder)))):
        export_run(records, tmp_path / name, "trl", options)
        data = {path: text for path, text in files(tmp_path / name).items() if path.startswith("data/")}
        assert data == {path: text for path, text in files(tmp_path / "folder").items() if path.startswith("data/")}


@pytest.mark.parametrize("name", LINES)
def test_every_format_writes_whole_lines_and_its_card(name: str, run_folder: Path, tmp_path: Path) -> None:
    done = export_run(run_folder, tmp_path / "out", name, ExportOptions(splits={"train": 0.75, "val": 0.25}))
    told = header(tmp_path / "out")
    for config in told["configs"]:
        for data in config["data_files"]:
            assert list((tmp_path / "out").glob(data["path"]))
    written = sum(len(rows(tmp_path / "out", split)) for split in ("train", "val"))
    assert written == sum(done.rows.values()) >= 12
    croissant = json.loads((tmp_path / "out" / "croissant.json").read_text(encoding="utf-8"))
    assert sorted(each["contentUrl"] for each in croissant["distribution"]) == sorted(done.files)
    assert not list((tmp_path / "out").rglob("*.part"))


def test_no_record_is_in_two_splits_and_held_out_tools_are_apart(run_folder: Path, tmp_path: Path) -> None:
    options = ExportOptions(splits={"train": 0.6, "val": 0.2, "test": 0.2}, split_turns=True, shards=3)
    done = export_run(run_folder, tmp_path / "out", "jsonl", options)
    homes: dict[str, set[str]] = {}
    for split in options.splits:
        for row in rows(tmp_path / "out", split):
            homes.setdefault(row["id"].split("#")[0], set()).add(split)
    assert len(homes) == 12
    assert all(len(splits) == 1 for splits in homes.values())
    called = {
        f"filesystem.{call['function']['name']}"
        for row in rows(tmp_path / "out") for message in row["messages"] for call in message.get("tool_calls", ())
    }  # fmt: skip
    assert done.held_out
    assert not called & set(done.held_out)
    assert done.rows["train"] == len(rows(tmp_path / "out"))


def test_shards_hold_the_records_in_order(run_folder: Path, tmp_path: Path) -> None:
    done = export_run(run_folder, tmp_path / "out", "jsonl", ExportOptions(shards=5))
    assert len(done.files) == 5
    assert [row["id"] for row in rows(tmp_path / "out")] == [record.id for record in read_records(run_folder)]
    many = export_run(run_folder, tmp_path / "many", "jsonl", ExportOptions(shards=500))
    assert len(many.files) == 12


class _Stopped(Exception):
    pass


@pytest.mark.parametrize("stop", [0, 1, 6, 7, 11, 12])
def test_an_export_that_stopped_is_gone_on_with(stop: int, run_folder: Path, tmp_path: Path) -> None:
    options = ExportOptions(shards=4, splits={"train": 0.5, "val": 0.5})
    export_run(run_folder, tmp_path / "whole", "llama-factory", options)

    def tell(done: int, count: int) -> None:
        if done == stop:
            raise _Stopped

    out = tmp_path / "out"
    with pytest.raises(_Stopped):
        export_run(run_folder, out, "llama-factory", options, progress=tell)
    assert out.exists() == (stop > 3)  # with a shard that is whole, or not at all
    seen: list[int] = []
    export_run(run_folder, out, "llama-factory", options, resume=True, progress=lambda done, count: seen.append(done))
    assert seen[0] == stop - stop % 3
    assert files(out) == files(tmp_path / "whole")
    export_run(run_folder, out, "llama-factory", options, resume=True, progress=tell)  # finished: nothing is done


def test_a_kill_leaves_what_can_be_gone_on_with(run_folder: Path, tmp_path: Path) -> None:
    options = ExportOptions(shards=4)
    export_run(run_folder, tmp_path / "whole", "trl", options)
    script = (
        "import os, sys\nfrom fr_synth import ExportOptions, export_run\n"
        "def tell(done, count):\n    if done == 8: os.kill(os.getpid(), 9)\n"
        "export_run(sys.argv[1], sys.argv[2], 'trl', ExportOptions(shards=4), progress=tell)\n"
    )
    out = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", script, str(run_folder), str(out)], check=False, timeout=120)
    assert done.returncode == -9
    assert list(out.rglob("*.part"))
    export_run(run_folder, out, "trl", options, resume=True)
    assert files(out) == files(tmp_path / "whole")


def test_packed_files_hold_the_same_lines(run_folder: Path, tmp_path: Path) -> None:
    for compress in ("none", "gzip", "zstd"):
        export_run(run_folder, tmp_path / compress, "jsonl", ExportOptions(compress=compress))
    plain = (tmp_path / "none/data/train-00000.jsonl").read_bytes()
    assert gzip.decompress((tmp_path / "gzip/data/train-00000.jsonl.gz").read_bytes()) == plain
    with (tmp_path / "zstd/data/train-00000.jsonl.zst").open("rb") as file:
        assert zstandard.ZstdDecompressor().stream_reader(file).read() == plain
    assert header(tmp_path / "zstd")["configs"][0]["data_files"][0]["path"] == "data/train-*.jsonl.zst"


def test_rows_that_are_too_long_are_left_out_and_told_of(run_folder: Path, tmp_path: Path) -> None:
    options = ExportOptions(split_turns=True, max_tokens=4_000)
    whole = export_run(run_folder, tmp_path / "whole", "trl", ExportOptions(split_turns=True))
    done = export_run(run_folder, tmp_path / "out", "trl", options)
    assert done.rows["train"] + done.left_out["train"] == whole.rows["train"]
    assert done.left_out["train"] > 0
    assert (
        f"| train | 12 | {done.rows['train']} | {done.left_out['train']} |" in (tmp_path / "out/README.md").read_text()
    )


def test_the_card_says_whose_words_they_are(run_folder: Path, tmp_path: Path) -> None:
    export_run(run_folder, tmp_path / "own", "trl")
    assert header(tmp_path / "own")["license"] == "apache-2.0"
    export_run(run_folder, tmp_path / "named", "trl", ExportOptions(licence="cc-by-4.0", name="Mine"))
    assert (header(tmp_path / "named")["license"], header(tmp_path / "named")["pretty_name"]) == ("cc-by-4.0", "Mine")
    other = [msgspec.structs.replace(record, teacher="openai:some-model") for record in read_records(run_folder)]
    export_run(other, tmp_path / "other", "trl")
    assert header(tmp_path / "other")["license"] == "other"
    assert "`openai:some-model`: the terms of those models" in (tmp_path / "other/README.md").read_text()


@pytest.fixture(scope="module")
def erring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dialogues whose reasoner erred now and then, half of them under other names."""
    folder = tmp_path_factory.mktemp("erring") / "run"
    config = RunConfig(domains=("filesystem",), scale="tiny", seed=4, turns=(1, 2), error_rate=0.4, rename=0.5)
    synthesise(config, folder, count=8)
    assert verify_run(folder).holds
    return folder


@pytest.mark.parametrize("linear", [False, True])
def test_pairs_hold_what_was_written_and_what_failed_in_its_place(linear: bool, erring: Path, tmp_path: Path) -> None:
    done = export_run(erring, tmp_path / "out", "preference", ExportOptions(linear=linear))
    made, records = rows(tmp_path / "out"), {each.id: each for each in read_records(erring)}
    kept = [each for record in records.values() for turn in record.turns for each in turn.failed]
    assert 0 < len(made) == done.rows["train"] <= len(kept)
    lines = map(json.loads, (erring / "dialogues.jsonl").read_text(encoding="utf-8").splitlines())
    wrong = {line["id"]: [k for k, mistake in enumerate(line.get("mistakes", ())) if mistake] for line in lines}
    mistaken = [
        each for record in records.values() for turn in record.turns for each in turn.failed
        if each.cut or each.message in wrong[record.id]
    ]  # fmt: skip
    assert linear or len(made) == len(kept) - len(mistaken)
    for row in made:
        record = records[row["id"].partition("#")[0]]
        (chosen,), (rejected,) = row["chosen"], row["rejected"]
        assert chosen != rejected
        assert row["faults"]
        assert all(message["role"] == "assistant" for message in (chosen, rejected))
        first = sum(len(message.get("tool_calls", ())) for message in row["prompt"])
        for calls in (chosen.get("tool_calls", ()), rejected.get("tool_calls", ())):
            assert [call["id"] for call in calls] == [f"call_{first + k}" for k in range(len(calls))]
            assert not linear or len(calls) < 2
        if not linear:
            assert (*row["prompt"], chosen) == record.messages[: len(row["prompt"]) + 1]
        assert row["tools"] == record.tools


def test_no_pair_is_of_two_that_are_the_same_without_their_thinking(erring: Path, tmp_path: Path) -> None:
    export_run(erring, tmp_path / "out", "preference", ExportOptions(reasoning="none", arguments="text"))
    assert all(row["chosen"] != row["rejected"] for row in rows(tmp_path / "out"))
    assert "reasoning_content" not in (tmp_path / "out/data/train-00000.jsonl").read_text(encoding="utf-8")


def test_a_pair_is_too_long_if_either_message_is(erring: Path, tmp_path: Path) -> None:
    export_run(erring, tmp_path / "all", "preference")
    both = [
        max(estimated_tokens([*row["prompt"], *row[way]], row["tools"]) for way in ("chosen", "rejected"))
        for row in rows(tmp_path / "all")
    ]
    bound = sorted(both)[len(both) // 2]
    done = export_run(erring, tmp_path / "few", "preference", ExportOptions(max_tokens=bound))
    assert done.rows["train"] == sum(size <= bound for size in both)


def test_without_a_failed_attempt_there_are_no_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synthesise(RunConfig(domains=("filesystem",), scale="tiny", error_rate=0.0), tmp_path / "run", count=1)
    told = refused(capsys, f"export {tmp_path}/run --to preference --out {tmp_path}/out")
    assert told.startswith("no attempt at a message has failed in these records, so there are no pairs; make a run")
    assert not (tmp_path / "out").exists()


def refused(capsys: pytest.CaptureFixture[str], words: str) -> str:
    """The one line with which a command is refused."""
    assert main(words.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    return line.removeprefix("funreason: ")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("--to trll", "no format 'trll'; there are trl, trl-grpo, preference, verl,"),
        ("--to preference --split-turns", "preference has a row for each attempt that failed; leave --split-turns"),
        ("--to openai --arguments object", "openai does not take --arguments object; it takes text"),
        ("--to ms-swift --reasoning field", "ms-swift does not take --reasoning field; it takes inline or none"),
        ("--to bfcl --split-turns", "bfcl has tasks in its rows and no answers to shape; leave --split-turns away"),
        ("--to trl --max-tokens 0", "max tokens 0: give at least 1"),
        ("--to trl --max-tokens 5", "every row has more than 5 tokens; give a larger --max-tokens"),
        ("--to trl --shards -1", "shards -1: give at least 1, or 0 for as many as fit"),
        ("--to trl --splits train=0.9,val=0.2", "the shares of the splits add up to 1.1; they have to make 1"),
        ("--to trl --splits train=1.5,val=-0.5", "split train=1.5: give a share above 0 and at most 1"),
        ("--to trl --splits a/b=1", "no name of a split: 'a/b'; give letters, digits and underscores, such as val"),
        ("--to trl --tokenizer nowhere", "a tokenizer counts the tokens of --max-tokens; give both, or neither"),
        ("--to trl --max-tokens 9 --tokenizer nowhere", "nowhere is no folder with a tokenizer;"),
        ("", "an export needs --to NAME;"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(
    options: str, problem: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, f"export {run_folder} --out {tmp_path}/out {options}").startswith(problem)
    assert not (tmp_path / "out").exists()


def test_shares_that_are_none_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("train", "train=x", "train=nan", "a=0.5,a=0.5", ""):
        with pytest.raises(SystemExit) as ended:
            main(["export", "run", "--to", "trl", "--out", str(tmp_path / "out"), "--splits", text])
        assert ended.value.code == 2
        assert "no shares of splits" in capsys.readouterr().err


def test_a_run_of_another_version_or_without_records_is_refused(run_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder, run)
    evidence = run / "evidence.jsonl"
    evidence.write_text(evidence.read_text().replace('"version":3', '"version":2'))
    with pytest.raises(RecordError, match="a record of version 2, and this reads version 3"):
        export_run(run, tmp_path / "out", "trl")
    for name in ("dialogues.jsonl", "evidence.jsonl", TASKS):
        (run / name).write_bytes(b"")
    with pytest.raises(UsageError, match="run has no records to export; give a run with some"):
        export_run(run, tmp_path / "out", "trl")
    nothing: list[Dialogue] = []
    with pytest.raises(UsageError, match="the list has no records to export"):
        export_run(nothing, tmp_path / "out", "trl")
    with pytest.raises(UsageError, match=r"holds no dialogues\.jsonl"):
        export_run(tmp_path, tmp_path / "out", "trl")
    assert not (tmp_path / "out").exists()


def test_a_line_that_is_no_record_ends_the_export_and_nothing_is_left(run_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder, run)
    lines = (run / "dialogues.jsonl").read_bytes().splitlines(keepends=True)
    (run / "dialogues.jsonl").write_bytes(b"".join([*lines[:5], b"{}\n", *lines[6:]]))
    with pytest.raises(RecordError, match=r"dialogues\.jsonl:6"):
        export_run(run, tmp_path / "out", "trl")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_anything_in_it_is_left_alone(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_run(run_folder, out, "trl")
    before = files(out)
    with pytest.raises(UsageError, match="out holds another export; give another --out, or --resume to go on with it"):
        export_run(run_folder, out, "trl")
    with pytest.raises(UsageError, match="out holds an export with another format, options; give another --out"):
        export_run(run_folder, out, "openai", resume=True)
    with pytest.raises(UsageError, match="is not empty and holds no export"):
        export_run(run_folder, run_folder, "trl", resume=True)
    assert files(out) == before
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file; give --out a folder"):
        export_run(run_folder, tmp_path / "file", "trl")
    (tmp_path / "empty").mkdir()
    assert export_run(run_folder, tmp_path / "empty", "trl").records == 12


def test_a_folder_that_another_process_writes_to_is_refused(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    problems: list[str] = []

    def tell(done: int, count: int) -> None:
        if done == 6:
            with pytest.raises(UsageError) as refusal:
                export_run(run_folder, out, "trl", ExportOptions(shards=4), resume=True)
            problems.append(str(refusal.value))

    export_run(run_folder, out, "trl", ExportOptions(shards=4), progress=tell)
    assert problems == [f"{out} is in use: another process exports to it; give another --out"]
    assert rows(out)[0]["id"] == "filesystem-000000"


def test_an_export_that_says_nothing_of_itself_is_named(run_folder: Path, tmp_path: Path) -> None:
    export_run(run_folder, tmp_path / "out", "trl")
    (tmp_path / "out/export.json").write_text("{")
    with pytest.raises(RecordError, match=r"export\.json: says nothing of an export"):
        export_run(run_folder, tmp_path / "out", "trl", resume=True)


def test_the_command_lists_and_tells(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(FORMATS)
    assert main(["export", "--list", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == list(FORMATS)
    assert main(f"export {run_folder} --to trl --out {tmp_path}/a --json".split()) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == {"train": 12}
    assert main(f"export {run_folder} --to trl --out {tmp_path}/b --splits a=0.5,b=0.5 --max-tokens 14000".split()) == 0
    told = capsys.readouterr().out
    assert "12 records as" in told
    assert f"read about it: {tmp_path}/b/README.md" in told


def test_lines_in_another_order_are_joined_by_their_ids(run_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder, run)
    lines = (run / TASKS).read_bytes().splitlines(keepends=True)
    (run / TASKS).write_bytes(b"".join([*lines[:4], *lines[:3:-1]]))
    export_run(run_folder, tmp_path / "a", "trl-grpo")
    export_run(run, tmp_path / "b", "trl-grpo")
    assert rows(tmp_path / "a") == rows(tmp_path / "b")
    (run / TASKS).write_bytes(b"".join(lines[:6]))
    with pytest.raises(RecordError, match="no task with the id of this dialogue"):
        export_run(run, tmp_path / "c", "trl-grpo")


def test_a_compressed_run_gives_the_same_rows(run_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder, run)
    compress_run(run)
    export_run(run_folder, tmp_path / "a", "trl")
    assert export_run(run, tmp_path / "b", "trl").records == 12
    assert rows(tmp_path / "a") == rows(tmp_path / "b")


def test_a_full_disk_ends_the_export_in_one_line_and_nothing_is_left(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = (
        "import resource, signal, sys\nfrom fr_synth.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "sys.exit(main(['export', sys.argv[1], '--to', 'jsonl', '--out', sys.argv[2]]))\n"
    )
    words = [sys.executable, "-c", script, str(run_folder), str(out)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "File too large" in done.stderr
    assert not out.exists()
