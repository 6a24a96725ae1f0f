"""``funreason verify``: prove a finished run again, from its file alone."""

from __future__ import annotations

import collections
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, take_worlds, world_options, write

if TYPE_CHECKING:
    import argparse

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="run folder, or a JSONL file of records")
    world_options(parser)
    parser.add_argument("--quiet", action="store_true", help="print nothing; the exit code tells")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError
    from fr_envs.world.registry import load_domain
    from fr_synth.run.journal import read_dialogues
    from fr_synth.run.pipeline import fingerprint
    from fr_synth.verify.proofs import PROOFS, prove

    take_worlds(options)
    findings: list[dict[str, str]] = []
    fell: collections.Counter[str] = collections.Counter()
    seen: dict[bytes, str] = {}
    count = 0
    for dialogue in read_dialogues(options.run_folder):
        count += 1
        finding = prove(dialogue, load_domain(dialogue.domain))
        if finding is not None:
            fell[finding.proof] += 1
            findings.append({"id": dialogue.id, "proof": finding.proof, "problem": finding.problem})
        twin = seen.setdefault(fingerprint(dialogue), dialogue.id)
        if twin != dialogue.id:
            fell["copy"] += 1
            findings.append({"id": dialogue.id, "proof": "copy", "problem": f"has the same messages as {twin}"})
    if not count:
        raise UsageError(f"{options.run_folder} has no whole record to prove")
    if options.json:
        write(json.dumps({"records": count, "failed": len(findings), "by_proof": dict(fell), "findings": findings}))
    elif not options.quiet:
        _show(count, list(PROOFS), fell, findings)
    return 1 if findings else 0


_MOST_SHOWN = 10


def _show(count: int, proofs: list[str], fell: collections.Counter[str], findings: list[dict[str, str]]) -> None:
    shown = console()
    for proof in [*proofs, "copy"]:
        mark = "[green]holds[/]" if not fell[proof] else f"[red]fails for {fell[proof]}[/]"
        name = "no copies" if proof == "copy" else proof
        shown.print(f"  {name:<12} {mark}")
    for finding in findings[:_MOST_SHOWN]:
        shown.print(f"{finding['id']}: {finding['proof']}: {finding['problem']}", markup=False)
    if len(findings) > _MOST_SHOWN:
        shown.print(f"and {len(findings) - _MOST_SHOWN} more")
    shown.print(f"{count} records proven again, {len(findings)} findings")


COMMAND = Command(
    name="verify",
    summary="Prove every record of a run again, from its file alone; exit code 1 when one fails.",
    examples=("funreason verify runs/first", "funreason verify runs/first/dialogues.jsonl --json"),
    options=_options,
    run=_run,
)
