"""``funreason verify``: prove a finished run again, from its file alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, take_worlds, world_options, write

if TYPE_CHECKING:
    import argparse

    from fr_synth.run.verification import Verification

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="run folder, or a JSONL file of records")
    world_options(parser)
    parser.add_argument("--quiet", action="store_true", help="print nothing; the exit code tells")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_synth.run.verification import verify_run

    take_worlds(options)
    came = verify_run(options.run_folder)
    if options.json:
        findings = [finding._asdict() for finding in came.findings]
        plain = {"records": came.records, "failed": len(findings), "by_proof": came.by_proof, "findings": findings}
        write(json.dumps(plain))
    elif not options.quiet:
        _show(came)
    return 0 if came.holds else 1


_MOST_SHOWN = 10


def _show(came: Verification) -> None:
    from fr_synth.run.verification import CHECKS

    shown = console()
    failures = came.by_proof
    for proof in CHECKS:
        mark = f"[red]fails for {failures[proof]}[/]" if proof in failures else "[green]holds[/]"
        name = "no copies" if proof == "copy" else proof
        shown.print(f"  {name:<12} {mark}")
    for finding in came.findings[:_MOST_SHOWN]:
        shown.print(f"{finding.id}: {finding.proof}: {finding.problem}", markup=False)
    if len(came.findings) > _MOST_SHOWN:
        shown.print(f"and {len(came.findings) - _MOST_SHOWN} more")
    shown.print(f"{came.records} records proven again, {len(came.findings)} findings")


COMMAND = Command(
    name="verify",
    summary="Prove every record of a run again, from its file alone; exit code 1 when one fails.",
    examples=("funreason verify runs/first", "funreason verify runs/first/dialogues.jsonl --json"),
    options=_options,
    run=_run,
)
