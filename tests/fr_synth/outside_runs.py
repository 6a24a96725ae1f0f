"""What was tried of endpoints and signals, and what came: sections of ``docs/outside.md``."""

from __future__ import annotations

import os
import re
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.run.folder.journal import read_dialogues
from tests.fr_envs.adapters.outside_code import Row
from tests.fr_synth.commands.test_synth_command import ENDLESS, job, lines, processes_of
from tests.fr_synth.teachers.test_endpoint import NO_ANSWERS, asked
from tests.processes import GUARD, until

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["endpoints", "signals"]


def endpoints() -> Iterator[Row]:
    """Iterate over what endpoints send that is no answer."""
    for tried, (behaviour, _) in NO_ANSWERS.items():
        said, _ = asked(behaviour)
        yield Row(tried, _in_short(said))


def _in_short(said: str) -> str:
    """Return what a failed request says, without address, quotation and what a library words."""
    text = re.sub(r"http://127\.0\.0\.1:\d+/v1 ", "", said)
    place = re.search(r"at `(\$[^`]*)`", text)
    short = re.split(r" \(|: |; it asks", text, maxsplit=1)[0]
    more = "; more than `--max-wait`" if "--max-wait" in text else "; the key as `***`" if "***" in text else ""
    return f"{short}{f', at `{place[1]}`' if place else ''}{more}"


def signals() -> Iterator[Row]:
    """Iterate over signals to a job of two workers, while it starts and while it works."""
    for number in (signal.SIGINT, signal.SIGTERM):
        for moment in ("while it starts", "while it works"):
            yield Row(f"`synth`, {number.name} {moment}", _signalled(number, working=moment.endswith("works")))


def _signalled(number: signal.Signals, *, working: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        with job(run, "--count", ENDLESS, "--workers", "2") as process:
            until(lambda: lines(run) if working else run.exists(), process)
            if number == signal.SIGINT:
                os.killpg(process.pid, number)  # as a terminal does: to every process of the job
            else:
                process.send_signal(number)
            _, said = process.communicate(timeout=GUARD)
            until(lambda: not processes_of(process.pid))
        told = [line for line in said.splitlines() if line.startswith("funreason: ")]
        assert not working or list(read_dialogues(run)), "what was made is kept"
        traces = " and a traceback" * ("Traceback" in said)
        return f"exit code {process.returncode}, {len(told)} line{'s' * (len(told) != 1)}{traces}, no worker is left"
