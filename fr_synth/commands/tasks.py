"""``funreason tasks``: the tasks of a run in a file of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, deliver

if TYPE_CHECKING:
    import argparse

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="run folder, or a file of tasks")
    parser.add_argument("--domain", action="append", metavar="NAME", help="those for this world; may be repeated")
    parser.add_argument("--count", type=int, metavar="N", help="the first so many (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")


def _run(options: argparse.Namespace) -> int:
    import itertools

    import msgspec

    from fr_envs.episode.task_file import read_tasks
    from fr_envs.errors import UsageError

    if options.count is not None and options.count < 1:
        raise UsageError(f"count {options.count}: give at least 1")
    wanted = (task for task in read_tasks(options.run_folder) if not options.domain or task.domain in options.domain)
    lines = [msgspec.json.encode(task).decode() + "\n" for task in itertools.islice(wanted, options.count)]
    if not lines:
        worlds = f" for {' or '.join(options.domain)}" if options.domain else ""
        raise UsageError(f"{options.run_folder} has no tasks{worlds}")
    deliver("".join(lines), options.out)
    return 0


COMMAND = Command(
    name="tasks",
    summary="Write the tasks of a run, or those for a world, to a file that agents and environments play.",
    examples=(
        "funreason tasks runs/first --out tasks.jsonl",
        "funreason tasks runs/first --domain banking --count 100 --out banking.jsonl",
    ),
    options=_options,
    run=_run,
)
