"""``funreason verify``: prove a run again, from its files alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, printable, take_worlds, warn, world_options, write

if TYPE_CHECKING:
    import argparse

    from fr_synth.run.verification import Verification

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run_folder", type=Path, metavar="RUN", help="run folder, or a file in it with some of its dialogues"
    )
    parser.add_argument(
        "--subset", action="store_true", help="the records are some of a run's: say nothing of those that are not there"
    )
    parser.add_argument(
        "--situations", type=Path, metavar="PATH", help="folder or file of the situations of your own in the run"
    )
    world_options(parser)
    parser.add_argument("--quiet", action="store_true", help="print nothing; the exit code tells")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_synth.run.verification import RUN_CHECKS, verify_run
    from fr_synth.verify.proofs import PROOFS

    take_worlds(options)
    found = verify_run(options.run_folder, subset=options.subset, situations=options.situations)
    if (options.subset or options.run_folder.is_file()) and not options.quiet:  # of a whole run it is a finding
        _tell_cut_lines(options.run_folder)
    if options.json:
        findings = [finding._asdict() for finding in found.findings]
        write(json.dumps({
            "records": found.records, "failed": len(findings), "finished": found.finished,
            "by_proof": dict(found.by_proof), "findings": findings,
        }))  # fmt: skip
    elif not options.quiet:
        _show(found, [*PROOFS, *RUN_CHECKS], subset=options.subset)
    return 1 if found.findings else 0


def _tell_cut_lines(run: Path) -> None:
    from fr_envs.files import unfinished_line
    from fr_synth.run.folder.journal import FILES, records_file

    dialogues = records_file(run)
    for path in (dialogues, *(dialogues.parent / name for name in FILES[1:])):
        cut = unfinished_line(path)
        if cut:
            warn(f"{cut.place}: the last line is cut off; it is left out")


_MOST_SHOWN = 10
_MEANING = {"readable": "can be read", "proofs": "all named", "copies": "no copies", "whole": "whole run"}


def _show(found: Verification, checks: list[str], *, subset: bool) -> None:
    shown, fell = console(), found.by_proof
    for check in checks:
        if check == "whole" and subset:
            continue
        mark = "[green]holds[/]" if not fell.get(check) else f"[red]fails for {fell[check]}[/]"
        shown.print(f"  {_MEANING.get(check, check):<12} {mark}")
    for finding in found.findings[:_MOST_SHOWN]:
        shown.print(printable(f"{finding.id}: {finding.proof}: {finding.problem}"), markup=False)
    if len(found.findings) > _MOST_SHOWN:
        shown.print(f"and {len(found.findings) - _MOST_SHOWN} more")
    if not (subset or found.finished):
        shown.print("the run is not finished: there are no checksums to hold it against")
    shown.print(f"{found.records} records proven again, {len(found.findings)} findings")


COMMAND = Command(
    name="verify",
    summary="Prove a run again, from its files alone, record by record and as a whole; exit code 1 if it fails.",
    examples=("funreason verify runs/first", "funreason verify runs/first/some.jsonl --subset --json"),
    options=_options,
    run=_run,
)
