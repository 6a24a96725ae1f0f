"""``funreason rollouts``: let an agent play the tasks of a run once, and keep what came of it in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.agents.eval import beside, play_into
from fr_synth.commands.agents.eval_options import agent_in, plan_in, playing_options, user_in
from fr_synth.commands.base import Command, console, take_worlds, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from fr_synth.evaluate.job import Played
    from fr_synth.evaluate.rollout_file import RolloutFile
    from fr_synth.evaluate.tally import RolloutTotals, Share

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSONL file to write, a line a rollout")
    playing_options(parser, 8)


class _OneFile:
    """A file of rollouts, and nothing beside it but what a model answered."""

    goes_on = ""

    def __init__(self, path: Path, options: argparse.Namespace) -> None:
        self.rollouts = path
        self._options = options

    def opened(self) -> RolloutFile:
        from fr_synth.evaluate.rollout_file import RolloutFile

        return RolloutFile(self.rollouts, resume=self._options.resume, overwrite=self._options.overwrite)

    def note(self, played: Played) -> None:
        """Keep no times."""


def _run(options: argparse.Namespace) -> int:
    import msgspec

    from fr_synth.evaluate.rollout_file import read_rollouts
    from fr_synth.evaluate.tally import tally

    take_worlds(options)
    plan = plan_in(options, 1)
    out: Path = options.out
    agent = agent_in(options, beside(out, "requests.sqlite"), beside(out, "failed.jsonl"))
    plan = plan.spoken_by(user_in(options, beside(out, "user.sqlite"), beside(out, "user-failed.jsonl")))
    play_into(_OneFile(out, options), plan, agent, options)
    totals = tally(msgspec.structs.replace(rollout, messages=()) for rollout in read_rollouts(out))
    if options.json:
        write(json.dumps(msgspec.to_builtins(totals)))
    elif not options.quiet:
        _show(totals, out)
    return 0


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
