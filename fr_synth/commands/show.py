"""``funreason show``: one record, the way a person reads it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, printable_json, warn

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from fr_synth.commands.reading import PageLine as Shown
    from fr_synth.run.folder.record_lines import RecordPlace
    from fr_synth.trace.records import Dialogue

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
    line = _found(options.run_folder, options.which)
    dialogue = line.read()
    if options.json:
        names = ("dialogue", "task", "evidence")
        parts = (f'"{name}":{text.decode()}' for name, text in zip(names, line.lines, strict=True))
        sys.stdout.write(printable_json("{" + ",".join(parts) + "}") + "\n")
        return 0
    show_lines(_page(dialogue, line.place, full=options.full))
    return 0


def _page(dialogue: Dialogue, place: str, *, full: bool) -> list[Shown]:
    """Return the whole page, so that nothing is printed of a record that cannot be shown to its end.

    Raises:
        RecordError: It has not the shape of one.
    """
    from fr_envs.errors import RecordError
    from fr_synth.commands.reading import pages
    from fr_synth.commands.shapes import shape_faults

    advice = "take it out of all three files or make the run again"
    for fault in shape_faults(dialogue):
        raise RecordError(f"{place}: {dialogue.id}: {fault}; {advice}, or see it with --json")
    try:
        return list(pages(dialogue, full=full))
    except RecursionError as error:
        raise RecordError(f"{place}: {dialogue.id}: a value in it is nested too deeply; {advice}") from error


def _found(run: Path, which: str) -> RecordPlace:
    """Find a record by number or id without reading the others in full."""
    from fr_envs.errors import UsageError
    from fr_envs.files import unfinished_line
    from fr_synth.run.folder.journal import records_file

    by_number = re.fullmatch(r"-?\d+", which) is not None
    found, count = _numbered(run, int(which)) if by_number else _named(run, which)
    cut = unfinished_line(records_file(run)) if found is None or which.startswith("-") else None
    if found is None:
        there = f"there are {count}, from 0" if count else "it is empty as yet"
        there += f", and {cut.place} is cut off" if cut else ""
        raise UsageError(f"{run} has no record {which}; {there}")
    if cut:
        warn(f"{cut.place}: the last line is cut off; this counts from the record before it")
    return found


def _numbered(run: Path, number: int) -> tuple[RecordPlace | None, int]:
    import collections

    from fr_synth.run.folder.journal import read_lines

    last: collections.deque[RecordPlace] = collections.deque(maxlen=max(-number, 1))
    count = 0
    for count, line in enumerate(read_lines(run), start=1):
        if count == number + 1:
            return line, count
        last.append(line)
    return (last[0] if number < 0 and len(last) == -number else None), count


def _named(run: Path, name: str) -> tuple[RecordPlace | None, int]:
    from fr_synth.run.folder.journal import read_lines
    from fr_synth.run.folder.record_lines import id_of

    count = 0
    for count, line in enumerate(read_lines(run), start=1):
        known = id_of(line.lines.dialogue)
        if known is None:
            line.read()  # says what is wrong
        if known == name:
            return line, count
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
