"""Processes that tests start. Whatever a test starts ends with it, and a test waits for what happens, never for a time.

    with started([sys.executable, "-m", "fr_synth.cli", …], stdout=subprocess.PIPE) as process:
        until(lambda: file.exists(), process)

A process stands in a group of its own, with all that it starts in turn. The group is killed when the block ends,
however it ends; where the tests themselves are killed, `_Reaper` does it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GUARD = 300.0
"""Seconds that nothing takes, on the busiest machine; it only keeps a test that waits in vain from hanging."""

_REAP = """
left=
while read -r sign group; do
    if [ "$sign" = + ]; then left="$left $group"; continue; fi
    rest=; for each in $left; do [ "$each" = "$group" ] || rest="$rest $each"; done; left=$rest
done
for each in $left; do kill -s KILL -- "-$each"; done 2>/dev/null
"""


class _Reaper:
    """A shell that hears of every group, and kills those that are left once nobody is there to tell it more."""

    def __init__(self) -> None:
        self._shell = subprocess.Popen(["sh", "-c", _REAP], stdin=subprocess.PIPE, text=True, start_new_session=True)
        atexit.register(self._shell.communicate)

    def tell(self, sign: str, group: int) -> None:
        """Say that a group is there (+) or gone (-)."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{sign} {group}\n")
        self._shell.stdin.flush()


_reaper = functools.cache(_Reaper)


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    """Let a process that is started here hear Ctrl-C, which a shell keeps from jobs in the background."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if before is signal.SIG_IGN:
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command beside the test; ``options`` are those of ``subprocess.Popen``."""
    reaper = _reaper()
    with _heard():
        process = subprocess.Popen(command, text=True, start_new_session=True, **options)
    reaper.tell("+", process.pid)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):  # all of them have ended
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        process.wait()
        reaper.tell("-", process.pid)


def run(command: Sequence[str], *, check: bool = False, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it wrote, as ``subprocess.run`` does with ``capture_output``."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, **{**pipes, **options}) as process:
        out, err = process.communicate(timeout=GUARD)
    done = subprocess.CompletedProcess(command, process.returncode, out, err)
    assert not check or done.returncode == 0, err
    return done


def until(holds: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    """Wait until something holds; a process that is to bring it about must not end before."""
    limit = time.monotonic() + GUARD
    while not holds():
        if process is not None and process.poll() is not None:
            assert holds(), f"{process.args!r} ended too early"
            return
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.005)
