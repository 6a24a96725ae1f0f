"""``funreason synth``: make proven dialogues."""

from __future__ import annotations

import collections
import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from fr_synth.commands.base import Command, console, interrupts, renamed_option, span, take_worlds, world_options, write

if TYPE_CHECKING:
    import argparse

    from rich.progress import Progress

    from fr_synth.run.journal import Journal
    from fr_synth.run.pipeline import Made, RunConfig
    from fr_synth.run.statistics import Summary, Totals

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--domain",
        action="append",
        metavar="NAME",
        help="world; may be repeated (default: those of --world, else all that ship)",
    )
    world_options(parser)
    parser.add_argument("--count", type=int, default=100, help="dialogues to write (default: 100)")
    parser.add_argument("--turns", type=span, default=(2, 4), metavar="LEAST-MOST", help="turns (default: 2-4)")
    parser.add_argument(
        "--calls", type=span, default=(2, 4), metavar="LEAST-MOST", help="calls a turn is drawn to have"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the run (default: 0)")
    parser.add_argument("--scale", default="small", help="tiny, small, medium or large (default: small)")
    parser.add_argument("--policy", default="directed", help="sampler: directed, paper or random (default: directed)")
    parser.add_argument(
        "--targets",
        default="mixed",
        metavar="MIX",
        help="what turns aim at: tools, mixed, or weights such as tool=4,edge=6 (default: mixed)",
    )
    parser.add_argument(
        "--fan-out", type=float, default=1.0, metavar="SHARE",
        help="turns in which independent calls go out together, 0 to 1 (default: 1)",
    )  # fmt: skip
    parser.add_argument(
        "--distractors", type=float, default=0.0, metavar="SHARE",
        help="turns with a read that nobody needs, marked as such, 0 to 1 (default: 0)",
    )  # fmt: skip
    parser.add_argument(
        "--depth", type=int, default=4, help="least longest chain of values that a dialogue strives for (default: 4)"
    )
    parser.add_argument(
        "--retries", type=int, metavar="N",
        help="worlds tried for a dialogue that walks along every edge it is aimed at (default: 1; 0 with a model)",
    )  # fmt: skip
    parser.add_argument("--teacher", default="scripted", help="scripted, or openai:MODEL (default: scripted)")
    parser.add_argument("--base-url", default="", metavar="URL", help="OpenAI-compatible endpoint of the teacher")
    parser.add_argument("--error-rate", type=float, default=0.1, help="mistakes of the scripted reasoner, 0 to 1")
    parser.add_argument("--attempts", type=int, default=4, help="most answers of the reasoner to one step (default: 4)")
    parser.add_argument("--workers", type=int, default=0, help="processes (default: one a core)")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="run folder to write")
    parser.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no table")
    parser.add_argument("--json", action="store_true", help="print the figures of the run as JSON")
    for old, new in (("--aims", "--targets"), ("--patience", "--retries")):
        renamed_option(parser, old, new)


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError
    from fr_envs.world.registry import domain_names
    from fr_synth.run.pipeline import RunConfig

    if options.count < 1:
        raise UsageError(f"count {options.count}: give at least 1")
    if options.workers < 0:
        raise UsageError(f"workers {options.workers}: give at least 1, or 0 for one a core")
    own = take_worlds(options)
    retries = options.retries if options.retries is not None else int(options.teacher == "scripted")
    config = RunConfig(
        domains=tuple(dict.fromkeys(options.domain or own or domain_names())), seed=options.seed, turns=options.turns,
        calls=options.calls, scale=options.scale, policy=options.policy, teacher=options.teacher,
        base_url=options.base_url, error_rate=options.error_rate, attempts=options.attempts, targets=options.targets,
        depth=options.depth, fan_out=options.fan_out, distractors=options.distractors, retries=retries,
    ).checked()  # fmt: skip
    return _Work(config, options).done()


class _Work:
    """One run of the command."""

    def __init__(self, config: RunConfig, options: argparse.Namespace) -> None:
        self.config = config
        self.options = options
        self.summaries: list[Summary] = []
        self.dropped: collections.Counter[str] = collections.Counter()
        self.reasons: dict[str, str] = {}
        self.seen: set[bytes] = set()

    def done(self) -> int:
        """Make the records that are still missing, then tell what the run holds."""
        from fr_synth.run.journal import Journal

        options = self.options
        with Journal(options.out, self._manifest(), resume=options.resume) as journal:
            self._remember(journal)
            try:
                self._make(journal)
            except KeyboardInterrupt:
                kept = sum(entry.written for entry in journal.entries)
                word = f"stopped: {kept} dialogues are kept in {options.out}; go on with --resume"
                raise KeyboardInterrupt(word) from None
            totals = self._totals()
            journal.finish(totals.to_json())
        if options.json:
            import json

            write(json.dumps(totals.to_json()))
        elif not options.quiet:
            _show(totals, self.options.out, self.reasons)
        return 0

    def _manifest(self) -> dict[str, object]:
        import msgspec

        from fr_envs.contract.schemas import contract_digest
        from fr_envs.world.registry import is_own, load_domain
        from fr_synth.trace.records import RECORD_VERSION

        worlds = {name: load_domain(name) for name in self.config.domains}
        versions = {name: domain.spec.version for name, domain in worlds.items()}
        contracts = {name: contract_digest(domain.spec) for name, domain in worlds.items() if is_own(name)}
        return {
            "record_version": RECORD_VERSION,
            "count": self.options.count,
            "config": msgspec.to_builtins(self.config),
            "domain_versions": versions,
            **({"contracts": contracts} if contracts else {}),
        }

    def _remember(self, journal: Journal) -> None:
        """Take up what an earlier session of the same run has written."""
        from fr_synth.run.journal import read_dialogues
        from fr_synth.run.pipeline import fingerprint, summary_of

        if not journal.entries:
            return
        for dialogue in read_dialogues(journal.folder):
            self.summaries.append(summary_of(dialogue))
            self.seen.add(fingerprint(dialogue))
        for entry in journal.entries:
            self.dropped.update(entry.dropped)

    def _make(self, journal: Journal) -> None:
        from fr_envs.errors import UsageError
        from fr_synth.run.journal import JournalEntry
        from fr_synth.run.pipeline import make_index, produce

        count = self.options.count
        if len(self.summaries) >= count:
            return
        consecutive_failures = 0
        source = contextlib.closing(produce(self.config, len(journal.entries), self._workers()))
        with source as records, _progress(self.options) as progress, interrupts() as watch:
            task = progress.add_task("dialogues", total=count, completed=len(self.summaries))
            for made in records:
                while made.line is not None and made.fingerprint in self.seen:
                    again = make_index(self.config, made.number, made.attempt + 1)
                    made = again._replace(dropped=(*made.dropped, "copy", *again.dropped))
                self._note(made)
                journal.add(JournalEntry(made.number, made.line is not None, made.dropped), made.line)
                watch.check()
                consecutive_failures = 0 if made.line is not None else consecutive_failures + 1
                progress.update(task, completed=len(self.summaries))
                if len(self.summaries) >= count:
                    return
                if consecutive_failures >= _MOST_FAILURES:
                    reason = made.reasons[-1] if made.reasons else "every one is a copy of another"
                    raise UsageError(f"{_MOST_FAILURES} indexes in a row gave no dialogue; the last one: {reason}")

    def _note(self, made: Made) -> None:
        self.dropped.update(made.dropped)
        for stage, reason in zip(made.dropped, made.reasons, strict=False):
            self.reasons.setdefault(stage, reason)
        if made.summary is not None:
            self.summaries.append(made.summary)
            self.seen.add(made.fingerprint)

    def _workers(self) -> int:
        from fr_envs.world.registry import is_shared

        user_requested: int = self.options.workers or os.cpu_count() or 1
        few = self.options.count - len(self.summaries) < _FEW or any(map(is_shared, self.config.domains))
        return 1 if few and not self.options.workers else user_requested

    def _totals(self) -> Totals:
        from fr_envs.graph.api_graph import ApiGraph
        from fr_envs.world.registry import load_domain
        from fr_synth.run.statistics import totals

        graphs = {name: ApiGraph(load_domain(name).spec) for name in self.config.domains}
        return totals(self.summaries, graphs, dict(self.dropped))


_FEW = 60  # records that one process makes sooner than others can start
_MOST_FAILURES = 40  # indexes without a record after which a run is given up


def _progress(options: argparse.Namespace) -> Progress:
    from rich import progress

    class Rate(progress.ProgressColumn):
        """Records a second."""

        @override
        def render(self, task: progress.Task) -> str:
            return f"{task.speed:.0f}/s" if task.speed else "-/s"

    shown = console(error=True)
    return progress.Progress(
        progress.SpinnerColumn(), progress.TextColumn("{task.description}"), progress.BarColumn(),
        progress.MofNCompleteColumn(), Rate(), progress.TimeElapsedColumn(), progress.TextColumn("left"),
        progress.TimeRemainingColumn(), console=shown,
        disable=options.quiet or options.json or not shown.is_terminal,
    )  # fmt: skip


def _show(totals: Totals, folder: Path, reasons: dict[str, str]) -> None:
    """Print the table of a run."""
    from rich.table import Table

    shown = console()
    table = Table("world", "dialogues", "tools", "data edges", title=f"{totals.records} proven dialogues in {folder}")
    for name, part in totals.coverage.items():
        tools, edges = f"{part.tools} of {part.tools_of}", f"{part.edges} of {part.edges_of}"
        table.add_row(name, str(part.records), tools, edges)
    shown.print(table)
    shown.print(
        f"{totals.turns} turns, {totals.calls} calls ({totals.calls_per_turn:.2f} a turn); "
        f"{totals.dependent_share:.0%} of calls rest on earlier ones; "
        f"longest data chain {totals.mean_depth:.2f} on average; {totals.error_share:.1%} of turns run into an error"
    )
    if totals.dropped:
        shown.print("attempts dropped, by stage or proof:")
        for stage, number in totals.dropped.items():
            example = f"  (such as: {reasons[stage]})" if stage in reasons else ""
            shown.print(f"  {stage}: {number}{example}", markup=False)
    shown.print(f"read one: funreason show {folder} 0", markup=False)


COMMAND = Command(
    name="synth",
    summary="Make proven multi-turn dialogues with reasoning.",
    examples=(
        "funreason synth --count 100 --out runs/first",
        "funreason synth --domain banking --domain travel --count 1000 --turns 2-5 --seed 7 --out runs/second",
        "funreason synth --teacher openai:MODEL --base-url http://127.0.0.1:8000/v1 --count 20 --out runs/third",
    ),
    options=_options,
    run=_run,
)
