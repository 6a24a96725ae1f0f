"""An export from beginning to end: records in, shards and a card out, in memory that does not grow with them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fr_envs import __version__
from fr_envs.errors import UsageError
from fr_synth.export.card import Card, card_text
from fr_synth.export.croissant import croissant_text
from fr_synth.export.example import Source
from fr_synth.export.figures import Figures
from fr_synth.export.folder import ExportFolder
from fr_synth.export.formats import format_of
from fr_synth.export.formats.format import Contents
from fr_synth.export.options import ExportOptions, checked
from fr_synth.export.shaping import call_by_call, pairs, parts, shaped
from fr_synth.export.splits import divide
from fr_synth.export.writing import Shard, check_writers
from fr_synth.trace.tokens import token_counter

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example
    from fr_synth.export.formats.format import Format
    from fr_synth.export.splits import Division
    from fr_synth.run.folder.stored import Records
    from fr_synth.trace.tokens import TokenCount

__all__ = ["Export", "export_run"]

_PER_SHARD = 10_000  # records: some 450 MB of JSON lines from the worlds that ship


class Export(NamedTuple):
    """A finished export.

    Attributes:
        folder: Where it is.
        records: Records of which something was written or left out.
        rows: Rows by split.
        left_out: Rows that were too long, by split.
        files: Paths of the data files below the folder.
        held_out: Tools (``WORLD.TOOL``) that the first split never calls; empty where there is one split.
        seconds: How long it took.
    """

    folder: Path
    records: int
    rows: dict[str, int]
    left_out: dict[str, int]
    files: tuple[str, ...]
    held_out: tuple[str, ...]
    seconds: float


def export_run(
    run: Records,
    out: str | os.PathLike[str],
    to: str,
    options: ExportOptions | None = None,
    *,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Export:
    """Write records as a data set for a trainer or an evaluation.

    Args:
        run: A run folder, a file in it with some of its dialogues, or the records themselves.
        out: Folder of the data set; new, empty, or with ``resume`` one that was left unfinished.
        to: Name of the format; ``fr_synth.export.formats.known_formats`` lists them.
        options: How the data set is to look.
        resume: Go on with an export that was interrupted; shards that are whole are kept as they are.
        progress: Called with the number of records done and that of all. What it raises ends the export.

    Returns:
        What was written.

    Raises:
        UsageError: There is no such format, run or split, the format cannot do what is asked for, the folder is in use,
            every row is too long, or pairs are asked for and no attempt has failed.
        RecordError: A record cannot be read, or is one of another version.

    Example:
        >>> from fr_synth import RunConfig, synthesise
        >>> import tempfile
        >>> run = synthesise(RunConfig(domains=("filesystem",), scale="tiny"), count=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     export_run(run, folder, "trl").rows
        {'train': 2}
    """
    start = time.perf_counter()
    form = format_of(to)
    asked = checked(options or ExportOptions(), form)
    check_writers(form, asked.compress)
    work = _Work(form, asked, token_counter(asked.tokenizer) if asked.max_tokens else None)
    source = Source(run)
    export: JsonObject = {"format": form.name, "options": asked.to_json(), "records": source.identity}
    if form.pairs and not any(any(work.examples(example)) for example in source.examples()):
        raise UsageError(
            "no attempt at a message has failed in these records, so there are no pairs; make a run with a model as "
            "teacher, or with --error-rate 0.2"
        )
    division = divide(source.examples(), asked.splits)
    folder = ExportFolder(Path(out), export, resume=resume)
    try:
        if not folder.finished:
            _write_shards(folder, source, work, division, progress or _quiet)
            _write_rest(folder, source, work, division)
    finally:
        folder.close()
    figures = folder.figures
    return Export(
        folder.path, figures.totals["records"], _as_asked(figures.by["rows"], asked), dict(figures.by["left_out"]),
        tuple(file.path for file in folder.files), division.held_out, time.perf_counter() - start,
    )  # fmt: skip


def _quiet(done: int, count: int) -> None:
    """Tell nobody."""


class _Work(NamedTuple):
    """How an example becomes rows."""

    form: Format
    options: ExportOptions
    tokens: TokenCount | None

    def _is_too_long(self, each: Example) -> bool:
        most = self.options.max_tokens
        if self.tokens is None or most is None:
            return False
        ways = [each.messages] if each.rejected is None else [each.messages, (*each.messages[:-1], each.rejected)]
        return any(self.tokens(messages, each.tools, each.id) > most for messages in ways)

    def examples(self, example: Example) -> Iterator[Example]:
        """Iterate over the examples that a record makes, those that are too long included."""
        options = self.options
        for each in self._parts(example):
            made = shaped(each, options.reasoning or "field", options.arguments or "object")
            if made.rejected is None or made.rejected != made.messages[-1]:  # two that differ in their thinking alone
                yield made

    def _parts(self, example: Example) -> Iterator[Example]:
        if self.form.pairs:
            return pairs(example, linear=self.options.linear)
        whole = call_by_call(example) if self.options.linear else example
        return parts(whole) if self.options.split_turns else iter((whole,))

    def write(self, example: Example, shard: Shard, figures: Figures) -> None:
        """Write the rows of a record."""
        figures.add(example)
        for each in self.examples(example):
            if self._is_too_long(each):
                figures.left_out(each.split)
                continue
            for row in self.form.rows(each):
                shard.write(each.split, row)
                figures.row(each.split, len(row.value))


def _write_shards(
    folder: ExportFolder, source: Source, work: _Work, division: Division, progress: Callable[[int, int], None]
) -> None:
    """Write the shards that are missing, one after the other.

    Raises:
        UsageError: Every row is too long.
    """
    import msgspec

    shards = min(work.options.shards or -(-source.count // _PER_SHARD), source.count)
    bounds = [source.count * number // shards for number in range(shards + 1)]
    done = len(folder.shards)
    records = source.examples(bounds[done])
    for number in range(done, shards):
        shard, figures = Shard(folder.path, number, work.form, work.options.compress), Figures()
        try:
            for at in range(bounds[number], bounds[number + 1]):
                progress(at, source.count)
                example = next(records)
                work.write(msgspec.structs.replace(example, split=division.split_of(example)), shard, figures)
            if number == shards - 1:
                _check_any(figures, folder.figures, work.options)
            files = shard.finish()
        except BaseException:
            shard.drop()
            raise
        folder.add(files, figures)
    progress(source.count, source.count)


def _check_any(last: Figures, before: Figures, options: ExportOptions) -> None:
    if not (last.by["rows"] or before.by["rows"]):
        raise UsageError(f"every row has more than {options.max_tokens} tokens; give a larger --max-tokens")


def _write_rest(folder: ExportFolder, source: Source, work: _Work, division: Division) -> None:
    """Write the card and what the format has beside its rows; then the export is finished."""
    figures, files = folder.figures, folder.files
    by_split: dict[str, list[str]] = {}
    for file in files:
        by_split.setdefault(file.split, []).append(file.path)
    beside = dict(work.form.files(Contents(by_split, figures.tools, figures.longest)))
    card = Card(work.form, work.options, figures, tuple(files), division.held_out, source.run, __version__)
    for name, text in {**beside, "README.md": card_text(card), "croissant.json": croissant_text(card)}.items():
        folder.put(name, text)
    folder.finish()


def _as_asked(rows: Mapping[str, int], options: ExportOptions) -> dict[str, int]:
    """Return rows by split in the order in which the splits were asked for."""
    return {split: rows[split] for split in (*options.splits, *rows) if split in rows}
