"""``funreason synth``: make proven dialogues."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from typing_extensions import override

from fr_synth.commands.agents.endpoint import endpoint_options, read_endpoint, spent
from fr_synth.commands.base import (
    Command,
    console,
    interrupts,
    renamed_option,
    span,
    take_worlds,
    warn,
    world_options,
    write,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from rich.progress import Progress

    from fr_synth.run.config import RunConfig
    from fr_synth.run.job import Run
    from fr_synth.run.statistics import Totals

__all__ = ["COMMAND"]

_MISFITS = ("cast", "situation")  # stages at which a world turns out not to fit


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
        help="what turns of drills aim at: tools, mixed, edges, or weights such as tool=4,edge=6 "
        "(default: mixed; edges beside stories)",
    )
    parser.add_argument(
        "--tools", type=_tools, default=(8, 20), metavar="LEAST-MOST",
        help="tools that a dialogue offers: those it calls and others, or all (default: 8-20)",
    )  # fmt: skip
    parser.add_argument(
        "--rename", type=float, default=0.3, metavar="SHARE",
        help="dialogues that offer tools under other names, 0 to 1 (default: 0.3)",
    )  # fmt: skip
    parser.add_argument("--max-tokens", type=int, metavar="N", help="most tokens of a record, its tools included")
    parser.add_argument(
        "--tokenizer", default="", metavar="DIR", help="tokenizer that counts them (default: an estimate, rather high)"
    )
    parser.add_argument(
        "--drills", type=float, default=0.0, metavar="SHARE",
        help="dialogues about single targets instead of situations, 0 to 1 (default: 0)",
    )  # fmt: skip
    parser.add_argument(
        "--kinds", default="default", metavar="SHARES",
        help="turns in which another move than to act is right: default, none, or shares such as ask=0.05,refuse=0.1",
    )  # fmt: skip
    parser.add_argument(
        "--situations", default="", metavar="PATH", help="folder or file of situations to play beside the shipped ones"
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
    parser.add_argument(
        "--reasoning", default="full", help="full, brief (one sentence a message) or none (default: full)"
    )
    parser.add_argument(
        "--traits", default="", metavar="TRAIT=SHARE,...|none",
        help="turns that are to have a trait (default: error=0.05,self_correction=0,follow_up=0.04,"
        "long_context=0.04,correction=0.04,change_of_mind=0.035)",
    )  # fmt: skip
    parser.add_argument("--teacher", default="scripted", help="scripted, or openai:MODEL (default: scripted)")
    parser.add_argument("--error-rate", type=float, default=0.1, help="mistakes of the scripted reasoner, 0 to 1")
    parser.add_argument("--attempts", type=int, default=4, help="most answers of the reasoner to one step (default: 4)")
    parser.add_argument(
        "--workers", type=int, default=0, help="processes (default: one a core; a model is asked from one)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="run folder to write")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run in the folder; --count may be more than before"
    )
    parser.add_argument("--any-version", action="store_true", help="go on although another version has begun the run")
    parser.add_argument("--compress", choices=("none", "zstd"), default="none", help="how the finished files are kept")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no table")
    parser.add_argument("--json", action="store_true", help="print the figures of the run as JSON")
    endpoint_options(parser)
    for old, new in (("--aims", "--targets"), ("--patience", "--retries")):
        renamed_option(parser, old, new)


def _tools(text: str) -> tuple[int, int]:
    """Read how many tools are to be offered, for argparse."""
    return (0, 0) if text == "all" else span(text)


def _run(options: argparse.Namespace) -> int:
    from fr_envs.world.registry import domain_names
    from fr_synth.run.config import RunConfig
    from fr_synth.run.folder.journal import compress_run
    from fr_synth.run.job import asked_in

    own = take_worlds(options)
    retries = options.retries if options.retries is not None else int(options.teacher == "scripted")
    config = RunConfig(
        domains=tuple(dict.fromkeys(options.domain or own or domain_names())), seed=options.seed, turns=options.turns,
        calls=options.calls, tools=options.tools, drills=options.drills, situations=options.situations,
        scale=options.scale, policy=options.policy, teacher=options.teacher,
        base_url=options.base_url, error_rate=options.error_rate, attempts=options.attempts, targets=options.targets,
        depth=options.depth, fan_out=options.fan_out, distractors=options.distractors, retries=retries,
        reasoning=options.reasoning, rename=options.rename, max_tokens=options.max_tokens, tokenizer=options.tokenizer,
        kinds=options.kinds, traits=options.traits,
        endpoint=read_endpoint(options, options.teacher),
    )  # fmt: skip
    config = asked_in(config, options.out)
    run = _made(config, options)
    if run.exhausted:
        warn(f"{run.exhausted}; give a larger --scale, more --turns, or a world with more in it")
    if options.compress == "zstd":
        compress_run(options.out)
    if options.json:
        import json

        usage = {"usage": run.usage._asdict()} if any(run.usage) else {}
        write(json.dumps({**run.totals.to_json(), **usage}))
    elif not options.quiet:
        _show(run.totals, options.out, run.reasons)
        if any(run.usage):
            console().print(spent(run.usage))
    return 0


def _made(config: RunConfig, options: argparse.Namespace) -> Run:
    """Make the run, with a progress bar, until Ctrl-C is pressed.

    Raises:
        KeyboardInterrupt: It was; with what is kept.
    """
    from fr_envs.errors import UsageError
    from fr_synth.run.job import synthesise
    from fr_synth.run.making import usage_of

    with _Bar(options) as bar, interrupts() as watch:

        def tell(done: int, count: int) -> None:
            watch.check()
            bar.show(done, count, spent(usage_of(config)))

        try:
            run = synthesise(
                config,
                options.out,
                count=options.count,
                workers=options.workers,
                resume="any version" if options.resume and options.any_version else options.resume,
                progress=tell,
            )
        except UsageError:
            watch.check()  # workers that were asked to end as well
            raise
        except KeyboardInterrupt as interrupt:
            raise KeyboardInterrupt(f"{interrupt}; go on with --resume" if str(interrupt) else "") from None
        watch.check()
    return run


class _Bar:
    """A progress bar that is there from the first figure on."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.shown: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def show(self, done: int, count: int, spent: str) -> None:
        """Show how far the job is, and what it has cost."""
        if self.shown is None:
            self.shown = _progress(self.options)
            self.shown.start()
            self.shown.add_task("dialogues", total=count)
        self.shown.update(
            self.shown.task_ids[0], completed=done, description=f"dialogues ({spent})" if spent else "dialogues"
        )

    def __exit__(self, *raised: object) -> None:
        if self.shown is not None:
            self.shown.stop()


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
        f"longest data chain {totals.mean_depth:.2f} on average"
    )
    if totals.situations:
        shown.print(
            f"{totals.situations} situations in {totals.records - totals.drills} dialogues, {totals.drills} drills"
        )
    if totals.renamed:
        shown.print(f"{totals.renamed} dialogues offer tools under other names")
    for line in _of_turns(totals):
        shown.print(line, markup=False)
    misfits = sum(totals.dropped.get(stage, 0) for stage in _MISFITS)
    if misfits:
        shown.print(f"{misfits} worlds tried that a situation does not fit")
    fallen = {stage: number for stage, number in totals.dropped.items() if stage not in _MISFITS}
    if fallen:
        shown.print("attempts dropped, by stage or proof:")
        for stage, number in fallen.items():
            example = f"  (such as: {reasons[stage]})" if stage in reasons else ""
            shown.print(f"  {stage}: {number}{example}", markup=False)
    shown.print(f"read one: funreason show {folder} 0", markup=False)


def _of_turns(totals: Totals) -> Iterator[str]:
    """Iterate over lines on what the turns are like."""
    if set(totals.kinds) - {"act"}:
        parts = (f"{kind} {number / totals.turns:.1%}" for kind, number in totals.kinds.items())
        yield f"turns by kind: {', '.join(parts)}"
    if totals.traits:
        told = (f"{name.replace('_', ' ')} {share:.1%}" for name, share in totals.traits.items())
        yield f"traits of turns: {', '.join(told)}"


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
