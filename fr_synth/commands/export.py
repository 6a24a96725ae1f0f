"""``funreason export``: records as a data set for a trainer or an evaluation."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, interrupts, write

if TYPE_CHECKING:
    from fr_synth.export.job import Export
    from fr_synth.export.options import ExportOptions

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run_folder", type=Path, nargs="?", metavar="RUN", help="run folder, or a file of its dialogues"
    )
    parser.add_argument("--to", metavar="NAME", help="format; --list shows them")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the data set to write")
    parser.add_argument("--list", action="store_true", help="list the formats, and do nothing else")
    parser.add_argument(
        "--split-turns", action="store_true", help="one row for each message of the assistant, with the loss on it"
    )
    parser.add_argument("--linear", action="store_true", help="no message makes more than one call")
    parser.add_argument("--max-tokens", type=int, metavar="N", help="leave out rows of more tokens")
    parser.add_argument(
        "--tokenizer", default="", metavar="DIR", help="tokenizer that counts them (default: an estimate)"
    )
    parser.add_argument(
        "--reasoning", choices=("field", "inline", "none"), help="where thinking stands (default: as the format has it)"
    )
    parser.add_argument(
        "--arguments", choices=("object", "text"), help="what arguments of calls are (default: as the format has it)"
    )
    parser.add_argument(
        "--splits", type=_splits, default={}, metavar="NAME=SHARE,...",
        help="such as train=0.9,val=0.1 (default: one split, train)",
    )  # fmt: skip
    parser.add_argument(
        "--shards", type=int, default=0, metavar="N", help="files a split (default: one to 10,000 records)"
    )
    parser.add_argument("--compress", choices=("none", "gzip", "zstd"), default="none", help="how the files are packed")
    parser.add_argument(
        "--licence", default="", metavar="ID", help="licence for the card (default: as the teacher allows)"
    )
    parser.add_argument("--name", default="", help="name of the data set for the card")
    parser.add_argument("--resume", action="store_true", help="go on with the export in the folder")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def _splits(text: str) -> dict[str, float]:
    """Read the shares of splits.

    Raises:
        argparse.ArgumentTypeError: They are not of that form.
    """
    found: dict[str, float] = {}
    for piece in text.split(","):
        name, equals, share = piece.partition("=")
        try:
            value = float(share)
        except ValueError:
            value = float("nan")
        if not equals or value != value or name.strip() in found:
            raise argparse.ArgumentTypeError(f"no shares of splits: {text!r}; give such as train=0.9,val=0.1")
        found[name.strip()] = value
    return found


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError
    from fr_synth.export.job import export_run

    if options.list:
        _list(as_json=options.json)
        return 0
    for name, value in (("RUN", options.run_folder), ("--to NAME", options.to), ("--out DIR", options.out)):
        if value is None:
            raise UsageError(f"an export needs {name}; such as: {COMMAND.examples[0]}")
    asked = _asked(options)
    with interrupts() as watch:
        try:
            done = export_run(
                options.run_folder, options.out, options.to, asked, resume=options.resume,
                progress=lambda done, count: watch.check(),
            )  # fmt: skip
        except KeyboardInterrupt:
            more = "; go on with --resume" if (options.out / "export.json").exists() else ""
            raise KeyboardInterrupt(f"interrupted{more}") from None
    if options.json:
        write(json.dumps({**done._asdict(), "folder": str(done.folder), "seconds": round(done.seconds, 3)}))
    elif not options.quiet:
        _show(done)
    return 0


def _asked(options: argparse.Namespace) -> ExportOptions:
    from fr_synth.export.options import ExportOptions

    return ExportOptions(
        split_turns=options.split_turns, linear=options.linear, max_tokens=options.max_tokens,
        tokenizer=options.tokenizer, reasoning=options.reasoning, arguments=options.arguments, splits=options.splits,
        shards=options.shards, compress=options.compress, licence=options.licence, name=options.name,
    )  # fmt: skip


def _list(*, as_json: bool) -> None:
    from fr_synth.export.formats import format_of, known_formats

    summaries = {name: format_of(name).summary for name in known_formats()}
    if as_json:
        write(json.dumps(summaries))
        return
    width = max(map(len, summaries))
    for name, summary in summaries.items():
        write(f"{name:<{width}}  {summary}")


def _show(done: Export) -> None:
    shown = console()
    splits = ", ".join(f"{number:,} {name}" for name, number in done.rows.items())
    shown.print(
        f"{done.records:,} records as {sum(done.rows.values()):,} rows ({splits}) in {done.folder}", markup=False
    )
    if any(done.left_out.values()):
        shown.print(f"{sum(done.left_out.values()):,} rows left out as too long")
    if done.held_out:
        shown.print(f"never called in the first split: {', '.join(done.held_out)}", markup=False)
    shown.print(f"read about it: {done.folder / 'README.md'}", markup=False)


COMMAND = Command(
    name="export",
    summary="Write records as a data set for a trainer or an evaluation, with its card.",
    examples=(
        "funreason export runs/first --to trl --out sets/trl",
        "funreason export runs/first --to verl --out sets/verl --splits train=0.9,val=0.1",
    ),
    options=_options,
    run=_run,
)
