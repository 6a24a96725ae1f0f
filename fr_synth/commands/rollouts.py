"""``funreason rollouts``: let an agent play the tasks of a run, and keep what came of it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, take_worlds, world_options, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from io import FileIO

    from rich.progress import Progress

    from fr_synth.evaluate.rollouts import PlayRules, Rollout, RolloutTotals, Share

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tasks", type=Path, required=True, metavar="RUN", help="run folder, or JSONL file of records")
    world_options(parser)
    parser.add_argument("--agent", required=True, help="oracle, random, idle, or openai:MODEL")
    parser.add_argument("--base-url", default="", metavar="URL", help="OpenAI-compatible endpoint of the model")
    parser.add_argument("--concurrency", type=int, default=8, help="most requests to the endpoint at once (default: 8)")
    parser.add_argument("--count", type=int, help="tasks to play, from the first on (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="seed of what the agent draws (default: 0)")
    parser.add_argument("--max-steps", type=int, default=50, help="messages that a turn may take (default: 50)")
    parser.add_argument("--step-cost", type=float, default=0.0, help="taken from the reward of each step (default: 0)")
    parser.add_argument("--invalid-penalty", type=float, default=0.0, help="taken for each invalid call (default: 0)")
    parser.add_argument(
        "--unsaid", type=float, default=0.3, help="pay of an answer obtained and not said, 0 to 1 (default: 0.3)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSONL file to write, a line a rollout")
    parser.add_argument("--overwrite", action="store_true", help="write in place of what is in the file")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no table")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def _run(options: argparse.Namespace) -> int:
    import msgspec

    from fr_synth.evaluate.agents import agent_of
    from fr_synth.evaluate.playing import rollouts
    from fr_synth.evaluate.rollouts import tally
    from fr_synth.run.journal import append_line

    rules = _rules(options)
    take_worlds(options)
    agent = agent_of(options.agent, options.base_url, options.concurrency)
    total = _total(options)
    done: list[Rollout] = []
    with _opened(options) as file, _progress(options) as progress:
        bar = progress.add_task("rollouts", total=total)
        try:
            # closed at once, wherever Ctrl-C comes, so that what is still under way knows that nobody waits for it
            played = rollouts(options.tasks, agent, count=options.count, seed=options.seed, rules=rules)
            with contextlib.closing(played):
                for rollout in played:
                    append_line(file, msgspec.json.encode(rollout))
                    done.append(msgspec.structs.replace(rollout, messages=()))
                    progress.advance(bar)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"stopped: {len(done)} rollouts are kept in {options.out}") from None
        finally:
            if not done and not options.overwrite:
                options.out.unlink()  # so that the same command can be given again
    totals = tally(done)
    if options.json:
        write(json.dumps(msgspec.to_builtins(totals)))
    elif not options.quiet:
        _show(totals, options.out)
    return 0


def _rules(options: argparse.Namespace) -> PlayRules:
    """Return what an episode costs.

    Raises:
        UsageError: A number is out of its range.
    """
    from fr_envs.episode.task import RewardRules
    from fr_envs.errors import UsageError
    from fr_synth.evaluate.rollouts import PlayRules

    checks = (
        ("count", options.count, options.count is None or options.count >= 1, "give at least 1"),
        ("seed", options.seed, options.seed >= 0, "give an integer from 0"),
        ("concurrency", options.concurrency, options.concurrency >= 1, "give at least 1"),
        ("max-steps", options.max_steps, options.max_steps >= 1, "give at least 1"),
        ("step-cost", options.step_cost, options.step_cost >= 0, "give a number from 0"),
        ("invalid-penalty", options.invalid_penalty, options.invalid_penalty >= 0, "give a number from 0"),
        ("unsaid", options.unsaid, 0 <= options.unsaid <= 1, "give a number from 0 to 1"),
    )
    for name, value, holds, fix in checks:
        if not holds:
            raise UsageError(f"{name} {value}: {fix}")
    return PlayRules(RewardRules(options.step_cost, options.invalid_penalty, options.unsaid), options.max_steps)


def _total(options: argparse.Namespace) -> int:
    """Return how many tasks there are to play.

    Raises:
        UsageError: None.
    """
    from fr_envs.episode.task_file import read_tasks
    from fr_envs.errors import UsageError

    there = sum(1 for _ in read_tasks(options.tasks))
    if not there:
        raise UsageError(f"{options.tasks} has no task to play as yet")
    return there if options.count is None else min(there, options.count)


def _opened(options: argparse.Namespace) -> FileIO:
    """Open the file to write.

    Raises:
        UsageError: It is there and may not be overwritten.
    """
    from io import FileIO

    from fr_envs.errors import UsageError

    try:
        return FileIO(options.out, "w" if options.overwrite else "x")
    except FileExistsError:
        raise UsageError(f"{options.out} is there already; give another --out, or --overwrite") from None


def _progress(options: argparse.Namespace) -> Progress:
    from rich import progress

    shown = console(error=True)
    return progress.Progress(
        progress.SpinnerColumn(), progress.TextColumn("{task.description}"), progress.BarColumn(),
        progress.MofNCompleteColumn(), progress.TimeElapsedColumn(), progress.TextColumn("left"),
        progress.TimeRemainingColumn(), console=shown,
        disable=options.quiet or options.json or not shown.is_terminal,
    )  # fmt: skip


def _show(totals: RolloutTotals, out: Path) -> None:
    from rich.table import Table

    shown = console()
    table = Table("", "number", "mean score", "perfect", title=f"{totals.agent} in {totals.all.number} tasks")
    rows: Iterable[tuple[str, Share]] = (
        ("all", totals.all),
        *totals.by_domain.items(),
        *((f"turn {number}", share) for number, share in enumerate(totals.by_turn)),
        *((f"{kind} turns", share) for kind, share in totals.by_kind.items() if len(totals.by_kind) > 1),
        *((f"turns with {trait}", share) for trait, share in totals.by_trait.items()),
    )
    for name, share in rows:
        table.add_row(name, str(share.number), f"{share.score:.3f}", f"{share.perfect:.1%}")
    shown.print(table)
    shown.print(f"{totals.steps} steps, {totals.calls} calls, {totals.invalid} of them invalid")
    unfinished = {ending: number for ending, number in totals.endings.items() if ending != "finished"}
    for ending, number in unfinished.items():
        shown.print(f"{ending.replace('_', ' ')}: {number}")
    shown.print(f"wrote {out}", markup=False)


COMMAND = Command(
    name="rollouts",
    summary="Let an agent play the tasks of a run, and keep the trajectories with their rewards.",
    examples=(
        "funreason rollouts --tasks runs/first --agent oracle --out oracle.jsonl",
        "funreason rollouts --tasks runs/first --agent openai:MODEL --base-url http://127.0.0.1:8000/v1 --out m.jsonl",
    ),
    options=_options,
    run=_run,
)
