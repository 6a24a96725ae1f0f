"""What a test starts ends with it: with all that it has started in turn, and even where the tests are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import run, started, until

NEST = "sleep 1000 & echo $!; wait"
"""A shell command that names a process which it leaves behind when it is killed itself."""


def ended(number: int) -> bool:
    """Return True if a process is gone, or dead and only waited for by nobody."""
    stat = Path(f"/proc/{number}/stat")
    try:
        return stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_the_whole_group_ends_with_the_block() -> None:
    nest = started(["sh", "-c", NEST], stdout=subprocess.PIPE)
    process = nest.__enter__()
    assert process.stdout is not None
    inner = int(process.stdout.readline())
    assert not ended(inner)
    fault = ZeroDivisionError()
    assert not nest.__exit__(type(fault), fault, None), "the fault goes on"
    assert process.returncode == -signal.SIGKILL
    until(lambda: ended(inner))


def test_it_ends_where_the_tests_are_killed() -> None:
    code = (
        "import subprocess\nfrom tests.processes import started\n"
        f"with started(['sh', '-c', {NEST!r}], stdout=subprocess.PIPE) as process:\n"
        "    print(process.stdout.readline(), flush=True)\n    process.wait()"
    )
    root = str(Path(__file__).parent.parent)
    command = [sys.executable, "-c", code]
    with started(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": root}) as tests:
        assert tests.stdout is not None
        inner = int(tests.stdout.readline())
        tests.kill()
        until(lambda: ended(inner))


def test_a_run_gives_what_was_written_and_a_wait_ends_with_its_process() -> None:
    done = run(["sh", "-c", "echo out; echo err >&2; exit 3"])
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 3)
    with pytest.raises(AssertionError, match="err"):
        run(["sh", "-c", "echo err >&2; exit 3"], check=True)
    with started(["true"]) as process, pytest.raises(AssertionError, match="ended too early"):
        until(lambda: False, process)
