"""``funreason tasks``: the tasks of a run in a file of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, deliver_lines, must_be_free, overwrite_option

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from fr_envs.episode.task import Task

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="run folder, or a file of tasks")
    parser.add_argument("--domain", action="append", metavar="NAME", help="those for this world; may be repeated")
    parser.add_argument("--count", type=int, metavar="N", help="the first so many (default: all)")
    parser.add_argument(
        "--rates", action="append", type=Path, metavar="ROLLOUTS",
        help="file of rollouts by which tasks are ordered: those that pass about half of the time first, those "
        "never played left out; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--least", type=float, default=0.0, metavar="W",
        help="with --rates, those alone for which 4p(1-p) of the share p that passes is W or more, 0 to 1 (default: 0)",
    )  # fmt: skip
    parser.add_argument("--show-rates", action="store_true", help="with --rates, how often each passes, in its stead")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    overwrite_option(parser)


def _run(options: argparse.Namespace) -> int:
    import itertools

    from fr_envs.episode.task_file import read_tasks
    from fr_envs.errors import UsageError

    if options.count is not None and options.count < 1:
        raise UsageError(f"count {options.count}: give at least 1")
    if not 0 <= options.least <= 1:
        raise UsageError(f"least {options.least}: give a number from 0 to 1")
    if options.rates is None and (options.least or options.show_rates):
        raise UsageError("--least and --show-rates ask for --rates ROLLOUTS, from which rates are measured")
    must_be_free(options.out, overwrite=options.overwrite)
    wanted = (task for task in read_tasks(options.run_folder) if not options.domain or task.domain in options.domain)
    lines = _lines(wanted) if options.rates is None else _rated(wanted, options)
    kept = itertools.islice(lines, options.count)
    first = next(kept, None)
    if first is None:
        worlds = f" for {' or '.join(options.domain)}" if options.domain else ""
        rated = " that were played and weigh as much" if options.rates is not None else ""
        raise UsageError(f"{options.run_folder} has no tasks{worlds}{rated}")
    deliver_lines(itertools.chain((first,), kept), options.out)
    return 0


def _lines(tasks: Iterable[Task]) -> Iterator[str]:
    import msgspec

    return (msgspec.json.encode(task).decode() + "\n" for task in tasks)


def _rated(tasks: Iterable[Task], options: argparse.Namespace) -> Iterator[str]:
    """Iterate over the tasks that were played, those from which most can be learnt first; or over their rates."""
    import json

    from fr_synth.evaluate.rates import pass_rates

    rates = pass_rates(options.rates)
    played = [task for task in tasks if task.id in rates and rates[task.id].weight >= options.least]
    played.sort(key=lambda task: -rates[task.id].weight)
    if not options.show_rates:
        return _lines(played)
    found = (rates[task.id] for task in played)
    return (
        json.dumps({
            "task": each.task, "rollouts": each.rollouts, "passes": each.passes, "rate": round(each.rate, 6),
            "weight": round(each.weight, 6), "score": round(each.score, 6),
        }) + "\n" for each in found
    )  # fmt: skip


COMMAND = Command(
    name="tasks",
    summary="Write the tasks of a run, or those for a world, to a file that agents and environments play.",
    examples=(
        "funreason tasks runs/first --out tasks.jsonl",
        "funreason tasks runs/first --domain banking --count 100 --out banking.jsonl",
        "funreason tasks runs/first --rates rollouts.jsonl --least 0.5 --out worth.jsonl",
    ),
    options=_options,
    run=_run,
)
