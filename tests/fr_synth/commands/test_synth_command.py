"""What the main job promises.

1. The same configuration gives the same bytes: with one worker or several, whatever the hash seed, after a crash.
2. Whatever ends it (Ctrl-C, a full disk, a kill) leaves whole records, and `--resume` goes on from there.
3. It says in one line why it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fr_synth.cli import main
from fr_synth.run.folder.journal import DIALOGUES, FILES, read_dialogues
from tests.fr_synth.stub_endpoint import StubEndpoint, fails, says, slow
from tests.processes import GUARD, run, started, until

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ENDLESS = "5000"  # records: more than anybody waits for

JOB = ("synth", "--domain", "filesystem", "--scale", "tiny", "--seed", "5")


def synth(out: Path, *words: str, hash_seed: str = "0", limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the job in a process of its own, which may write files of so many bytes."""
    cap = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));" if limit else ""
    code = f"{cap}import sys; from fr_synth.cli import main\nif __name__ == '__main__': sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, *JOB, *words, "--out", str(out)]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    return run(command, env=environment)


def made(out: Path, *words: str) -> None:
    assert main([*JOB, *words, "--workers", "1", "--quiet", "--out", str(out)]) == 0


@pytest.fixture(scope="module")
def sixteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of sixteen dialogues that nothing cut short, not to be written to."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    made(folder, "--count", "16")
    return folder


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of six dialogues, not to be written to either."""
    folder = tmp_path_factory.mktemp("short") / "run"
    made(folder, "--count", "6")
    return folder


def job(out: Path, *words: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """The job beside the test, which can be interrupted."""
    command = [sys.executable, "-m", "fr_synth.cli", *JOB, *words, "--out", str(out)]
    return started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def lines(folder: Path) -> int:
    """How many lines of dialogues a run has written so far."""
    file = folder / DIALOGUES
    return file.read_bytes().count(b"\n") if file.exists() else 0


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.slow
def test_workers_and_hash_seeds_change_no_byte(sixteen: Path, tmp_path: Path) -> None:
    """Against a run made by one worker, in this process, whose hash seed is another one each time."""
    done = synth(tmp_path / "run", "--count", "16", "--workers", "2", "--json", hash_seed="4711")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["records"] == 16
    assert files(tmp_path / "run") == files(sixteen)
    assert sorted(files(sixteen)) == [DIALOGUES, "evidence.jsonl", "journal.jsonl", "manifest.json", "tasks.jsonl"]


@pytest.mark.slow
@pytest.mark.parametrize("part", [*FILES, "journal.jsonl"])
@pytest.mark.parametrize("left", [0.0, 0.35, 0.8])
def test_a_cut_run_is_resumed_to_the_same_bytes(part: str, left: float, six: Path, tmp_path: Path) -> None:
    shutil.copytree(six, tmp_path / "cut")
    whole = (six / part).read_bytes()
    (tmp_path / "cut" / part).write_bytes(whole[: int(len(whole) * left)])
    made(tmp_path / "cut", "--count", "6", "--resume")
    assert files(tmp_path / "cut") == files(six)


def test_a_finished_run_is_resumed_to_itself(six: Path, tmp_path: Path) -> None:
    shutil.copytree(six, tmp_path / "run")
    made(tmp_path / "run", "--count", "6", "--resume")
    assert files(tmp_path / "run") == files(six)


@pytest.mark.slow
def test_a_full_disk_leaves_whole_records_and_can_be_resumed(tmp_path: Path) -> None:
    many = "12"
    made(tmp_path / "whole", "--count", many)
    size = (tmp_path / "whole" / DIALOGUES).stat().st_size
    for workers in ("1", "2"):
        folder = tmp_path / workers
        done = synth(folder, "--count", many, "--workers", workers, limit=size // 2)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"funreason: {folder / DIALOGUES}: File too large\n"
        kept = (folder / DIALOGUES).read_bytes()
        assert kept.endswith(b"\n")
        assert 0 < len(list(read_dialogues(folder))) < int(many)
        assert (tmp_path / "whole" / DIALOGUES).read_bytes().startswith(kept)
        made(folder, "--count", many, "--resume")
        assert files(folder) == files(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_a_prefix_that_can_be_resumed(workers: str, sixteen: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with job(folder, "--count", ENDLESS, "--workers", workers) as process:
        until(lambda: lines(folder) >= 12, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the job
        out, err = process.communicate(timeout=GUARD)
    kept = list(read_dialogues(folder))
    assert (process.returncode, out) == (130, "")
    said = [line for line in err.splitlines() if line.startswith(("funreason", "Traceback", "Process"))]
    counted = (folder / "journal.jsonl").read_bytes().count(b'"written":true')
    assert said == [f"funreason: stopped: {counted} dialogues are kept in {folder}; go on with --resume"]
    assert 11 <= counted <= len(kept) <= counted + 1  # the record is written first, its entry makes it count
    first = (sixteen / DIALOGUES).read_bytes().splitlines(keepends=True)[:12]
    assert (folder / DIALOGUES).read_bytes().startswith(b"".join(first))


def processes_of(group: int) -> list[int]:
    """The processes of a group that are alive, by what the system says of each."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = entry.read_text().rpartition(")")[2].split()[:3]
            found += [int(entry.parent.name)] if int(its_group) == group and state != "Z" else []
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_workers_end_with_whoever_started_them(tmp_path: Path) -> None:
    """Killed: the records stay, and no worker is left. What Ctrl-C and SIGTERM do is held to ``docs/outside.md``."""
    folder = tmp_path / "run"
    with job(folder, "--count", ENDLESS, "--workers", "2") as process:
        until(lambda: lines(folder) >= 2, process)
        process.kill()
        _, err = process.communicate(timeout=GUARD)
        until(lambda: not processes_of(process.pid))
    assert process.returncode == -signal.SIGKILL
    assert "Traceback" not in err
    assert not any(line.startswith("funreason: ") for line in err.splitlines())
    assert list(read_dialogues(folder))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_has_not_begun_leaves_in_a_line(number: signal.Signals) -> None:
    """From the first import on: the module that the command begins with asks for nothing else before."""
    text = f"""
import os, signal, sys
class Asks:
    def find_spec(self, name, path=None, target=None):
        if name == "fr_synth.cli":
            os.kill(os.getpid(), {int(number)})
sys.meta_path.insert(0, Asks())
from fr_synth.__main__ import main
sys.exit(main())
"""
    done = run([sys.executable, "-c", text])
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "funreason: interrupted\n")


@pytest.mark.slow
def test_ctrl_c_does_not_wait_for_an_endpoint(tmp_path: Path) -> None:
    """However many workers are asked for: a model is asked from one process."""
    asked = 2  # at once
    with StubEndpoint(slow(600, says("too late"))) as stub:
        model = ["--teacher", "openai:m", "--base-url", stub.url, "--workers", "2"]
        words = [*JOB, *model, "--count", "5", "--out", str(tmp_path / "run")]
        process = subprocess.Popen(
            [sys.executable, "-m", "fr_synth.cli", *words], stderr=subprocess.PIPE, text=True, start_new_session=True,
            env=os.environ | {"OPENAI_API_KEY": "none"},
        )  # fmt: skip
        before = time.monotonic()
        try:
            while len(stub.requests) < asked:
                assert process.poll() is None
                assert time.monotonic() - before < 120
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=100)  # the endpoint is silent for longer than this
        finally:
            process.kill()
    assert process.returncode == 130
    assert err == f"funreason: stopped: 0 dialogues are kept in {tmp_path / 'run'}; go on with --resume\n"


@pytest.mark.slow
def test_a_killed_run_is_resumed_to_the_same_bytes(sixteen: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with job(folder, "--count", "16", "--workers", "1", "--quiet") as process:
        until(lambda: lines(folder), process)
        process.kill()
    made(folder, "--count", "16", "--resume")
    assert files(folder) == files(sixteen)


def test_the_table_tells_what_the_run_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*JOB, "--count", "6", "--out", str(tmp_path / "run")]) == 0
    out = capsys.readouterr().out
    assert f"6 proven dialogues in {tmp_path / 'run'}" in out
    assert f"read one: funreason show {tmp_path / 'run'} 0" in out
    assert "\x1b" not in out
    assert main(["verify", str(tmp_path / "run")]) == 0
    assert "6 records proven again, 0 findings" in capsys.readouterr().out


def test_a_record_that_was_changed_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "run", "--count", "3")
    evidence = tmp_path / "run" / "evidence.jsonl"
    first, second, third = evidence.read_bytes().splitlines(keepends=True)
    plain = json.loads(second)
    plain["calls"][0]["digest"] = "0" * 32
    evidence.write_bytes(first + json.dumps(plain).encode() + b"\n" + third)
    assert main(["verify", str(tmp_path / "run"), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["by_proof"]["replays"]) == (3, 1)
    assert main(["verify", str(tmp_path / "run")]) == 1
    assert "fails for 1" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "run"), "--quiet"]) == 1
    assert capsys.readouterr().out == ""


def test_a_file_without_a_whole_record_proves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "run", "--count", "1")
    torn = tmp_path / "run"
    (torn / DIALOGUES).write_bytes((torn / DIALOGUES).read_bytes()[:300])
    assert main(["verify", str(torn)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"funreason: {torn} has no whole record to prove\n")


def test_an_endpoint_of_no_use_ends_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No index is used up for it, so that nothing is missing once the run goes on with a better key."""
    with StubEndpoint(fails(401, "wrong key")) as stub:
        words = ["--teacher", "openai:m", "--base-url", stub.url, "--count", "2", "--workers", "2"]
        assert main([*JOB, *words, "--out", str(tmp_path / "run")]) == 2
        said = capsys.readouterr().err
        assert said == f"funreason: {stub.url} refuses the key (401: wrong key): set OPENAI_API_KEY\n"
        assert (tmp_path / "run" / "journal.jsonl").read_bytes() == b""
