"""``funreason show``: one record, the way a person reads it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from fr_synth.commands.reading import PageLine as Shown
    from fr_synth.run.journal import RecordPlace

__all__ = ["COMMAND", "show_lines"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="run folder, or a JSONL file of records")
    parser.add_argument(
        "which", nargs="?", default="0", metavar="N",
        help="number of the record from 0, from the end if negative, or its id (default: 0)",
    )  # fmt: skip
    parser.add_argument("--full", action="store_true", help="shorten nothing, and show the system message")
    parser.add_argument("--json", action="store_true", help="print the record as it stands in the file")


def _run(options: argparse.Namespace) -> int:
    from fr_synth.commands.reading import pages
    from fr_synth.trace.rows import decode

    line = _found(options.run_folder, options.which)
    dialogue = decode(line.lines, line.place)
    if options.json:
        names = ("dialogue", "task", "evidence")
        parts = (f'"{name}":{text.decode()}' for name, text in zip(names, line.lines, strict=True))
        sys.stdout.write("{" + ",".join(parts) + "}\n")
        return 0
    show_lines(pages(dialogue, full=options.full))
    return 0


def _found(run: Path, which: str) -> RecordPlace:
    """Find a record by number or id without reading the others in full."""
    from fr_envs.errors import UsageError

    by_number = re.fullmatch(r"-?\d+", which) is not None
    found, count = _numbered(run, int(which)) if by_number else _named(run, which)
    if found is None:
        there = f"there are {count}, from 0" if count else "it is empty as yet"
        raise UsageError(f"{run} has no record {which}; {there}")
    return found


def _numbered(run: Path, number: int) -> tuple[RecordPlace | None, int]:
    import collections

    from fr_synth.run.journal import read_lines

    last: collections.deque[RecordPlace] = collections.deque(maxlen=max(-number, 1))
    count = 0
    for count, line in enumerate(read_lines(run), start=1):
        if count == number + 1:
            return line, count
        last.append(line)
    return (last[0] if number < 0 and len(last) == -number else None), count


def _named(run: Path, name: str) -> tuple[RecordPlace | None, int]:
    import msgspec

    from fr_envs.errors import RecordError
    from fr_synth.run.journal import read_lines

    class Named(msgspec.Struct):
        id: str

    decoder = msgspec.json.Decoder(Named)
    count = 0
    for count, line in enumerate(read_lines(run), start=1):
        try:
            if decoder.decode(line.lines.dialogue).id == name:
                return line, count
        except msgspec.DecodeError as error:
            raise RecordError(f"{line.place}: no record: {error}; take the line out or make the run again") from error
    return None, count


def show_lines(lines: Iterable[Shown]) -> None:
    """Print the lines of a record's page, wrapped where there is a terminal."""
    from rich.text import Text

    shown = console()
    for line in lines:
        label = Text(" " * line.indent) + Text.assemble(*line.pieces[: line.hang])
        body = Text.assemble(*line.pieces[line.hang :])
        if not shown.is_terminal:
            shown.print(label + body)
            continue
        for part in body.wrap(shown, max(shown.width - label.cell_len, _NARROWEST)) or [body]:
            shown.print(label + part)
            label = Text(" " * label.cell_len)


_NARROWEST = 30  # columns that a text gets, however small the terminal


COMMAND = Command(
    name="show",
    summary="Print one record the way a person reads it.",
    examples=("funreason show runs/first", "funreason show runs/first 7 --full", "funreason show runs/first -1 --json"),
    options=_options,
    run=_run,
)
