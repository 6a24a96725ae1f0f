"""A record as an exporter reads one: what a trainer sees, with the task as text, which few formats need decoded."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.view import View
from fr_envs.episode.task import TASK_VERSION, Task
from fr_envs.errors import RecordError, UsageError
from fr_envs.files import find_file, read_file_lines
from fr_envs.json_values import JsonObject
from fr_synth.run.folder.journal import FILES, read_lines, read_manifest, records_file
from fr_synth.run.folder.record_lines import RecordPlace
from fr_synth.run.folder.stored import Records, StoredRecords
from fr_synth.trace.failed_attempt import FailedAttempt
from fr_synth.trace.records import RECORD_VERSION
from fr_synth.trace.rows import DialogueRow, RecordLines, encode

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue

__all__ = ["Example", "Source", "tools_in"]


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One row to be, before a format gives it its shape.

    Attributes:
        id: Identifier within the run; of a part of a record, ``ID#STEP``.
        domain: Short name of the world.
        messages: OpenAI-style messages; ``arguments`` are objects and thinking stands in ``reasoning_content`` until a
            shape says otherwise.
        tools: The tools offered, an OpenAI tool list as JSON text.
        kinds: Kind of each turn.
        traits: Traits of each turn, with commas between them.
        mistakes: For each message whether it makes a mistake of the assistant's own, which nobody should learn to make.
        seed: Seed of the world's first state.
        scale: Size of that state.
        situation: What brought the user here; empty for a drill.
        teacher: Who wrote the words.
        proven: It has passed every proof that its evidence names.
        task_text: The task as JSON text.
        step: Number of the assistant's message, from 0, with which a part of a record ends; None for a whole record.
        index: Number of the record among those exported, from 0.
        split: Split to which it goes.
        evidence: The evidence as JSON text.
        rejected: Of a pair, the message that was not taken where the last one stands; None for all else.
        faults: Of a pair, why it was not taken.
    """

    id: str
    domain: str
    messages: tuple[JsonObject, ...]
    tools: str
    kinds: tuple[str, ...]
    traits: tuple[str, ...] = ()
    mistakes: tuple[bool, ...] = ()
    seed: tuple[int, ...]
    scale: str
    situation: str
    teacher: str
    proven: bool
    task_text: str
    step: int | None = None
    index: int = 0
    split: str = "train"
    evidence: bytes = b""
    rejected: JsonObject | None = None
    faults: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[FailedAttempt, ...]:
        """The attempts at messages that were not taken, in order."""
        turns = _FAILED.decode(self.evidence).turns if self.evidence else ()
        return tuple(attempt for turn in turns for attempt in turn.failed)

    @property
    def view(self) -> View | None:
        """Under which names tools are offered; None where all have their own."""
        view = _VIEW_HEAD.decode(self.task_text).view
        return view if view is not None and view.renames else None

    @property
    def task(self) -> Task:
        """The record as a task for an agent."""
        return _TASK.decode(self.task_text)


@functools.lru_cache(maxsize=256)  # worlds offer the same tools again and again
def tools_in(text: str) -> tuple[JsonObject, ...]:
    """Return the definitions in a list of tools as JSON text. Shared: not to be changed."""
    tools: list[JsonObject] = msgspec.json.decode(text)
    return tuple(tools)


class _ViewHead(msgspec.Struct):
    view: View | None = None


class _TaskHead(msgspec.Struct):
    seed: tuple[int, ...]
    id: str = ""
    scale: str = "small"
    version: int = TASK_VERSION


class _TurnAttempts(msgspec.Struct):
    failed: tuple[FailedAttempt, ...] = ()


class _Attempts(msgspec.Struct):
    turns: tuple[_TurnAttempts, ...]


class _EvidenceHead(msgspec.Struct):
    id: str
    teacher: str
    proofs: dict[str, bool]
    version: int = RECORD_VERSION
    situation: str = ""


_ROW = msgspec.json.Decoder(DialogueRow)
_TASK = msgspec.json.Decoder(Task)
_VIEW_HEAD = msgspec.json.Decoder(_ViewHead)
_TASK_HEAD = msgspec.json.Decoder(_TaskHead)
_FAILED = msgspec.json.Decoder(_Attempts)
_EVIDENCE_HEAD = msgspec.json.Decoder(_EvidenceHead)


class Source:
    """The records to export, as often as they are asked for.

    Args:
        records: A run folder, a file in it with some of its dialogues, or the records themselves.

    Raises:
        UsageError: There is no such folder, or no record in it.
        RecordError: It is a run of records of another version.
    """

    def __init__(self, records: Records) -> None:
        """Find the records and count them."""
        given = Path(records) if isinstance(records, str | os.PathLike) else records
        given = given.path if isinstance(given, StoredRecords) else given
        self._path = records_file(given) if isinstance(given, Path) else None
        self._given: Sequence[Dialogue] = () if isinstance(given, Path) else _sequence(given)
        self.count = len(self._given) if self._path is None else _count(self._path)
        if not self.count:
            raise UsageError(f"{_name(records)} has no records to export; give a run with some")
        if self._path is not None and (self._path.parent / "manifest.json").is_file():
            read_manifest(self._path.parent)
        next(self.examples())  # a run of another version is refused before anything is written

    @property
    def identity(self) -> JsonObject:
        """What tells these records from others when an export is gone on with."""
        if self._path is None:
            ids = "\n".join(each.id for each in self._given)
            return {"records": self.count, "size": len(ids.encode())}
        found = find_file(self._path)
        return {"records": self.count, "size": found.stat().st_size if found else 0}

    @property
    def run(self) -> JsonObject:
        """What the run is, as its manifest says; empty where there is none."""
        folder = None if self._path is None else self._path.parent
        if folder is None or not (folder / "manifest.json").is_file():
            return {}
        run: JsonObject = read_manifest(folder)["run"]
        return run

    def examples(self, first: int = 0) -> Iterator[Example]:
        """Iterate over the records, from the one with a number on.

        Raises:
            RecordError: A line is no record, or one of another version.
        """
        if self._path is None:
            places = (RecordPlace(f"record {each.id!r}", encode(each)) for each in self._given[first:])
            yield from (_joined(found, number) for number, found in enumerate(places, start=first))
            return
        number = first
        for found in itertools.islice(_side_by_side(self._path), first, self.count):
            example = _example(found, number)
            if example is None:
                break
            yield example
            number += 1
        for found in itertools.islice(read_lines(self._path), number, self.count):  # in another order
            yield _joined(found, number)
            number += 1


def _joined(found: RecordPlace, index: int) -> Example:
    example = _example(found, index)
    if example is None:
        found.read()  # says what is wrong
        raise RecordError(f"{found.place}: its lines have other ids; make the run again")
    return example


def _count(path: Path) -> int:
    """Return the number of whole lines of a file."""
    if find_file(path) != path:
        return sum(1 for _ in read_file_lines(path))
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(functools.partial(file.read, 1 << 20), b""))


def _side_by_side(path: Path) -> Iterator[RecordPlace]:
    """Iterate over the lines of the three files as they stand, which is how a run has them."""
    files = (read_file_lines(each) for each in (path, *(path.parent / name for name in FILES[1:])))
    for dialogue, task, evidence in zip(*files, strict=False):
        yield RecordPlace(
            dialogue.place, RecordLines(dialogue.text, task.text, evidence.text), (task.place, evidence.place)
        )


def _sequence(records: Iterable[Dialogue]) -> Sequence[Dialogue]:
    return records if isinstance(records, Sequence) else tuple(records)


def _name(records: Records) -> str:
    return str(Path(records)) if isinstance(records, str | os.PathLike) else "the list"


def _example(found: RecordPlace, index: int) -> Example | None:
    """Read a record; None if its lines are of several records.

    Raises:
        RecordError: A line is no record, or one of another version.
    """
    try:
        row = _ROW.decode(found.lines.dialogue)
        task = _TASK_HEAD.decode(found.lines.task)
        evidence = _EVIDENCE_HEAD.decode(found.lines.evidence)
        text = found.lines.task.decode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        found.read()  # says what is wrong
        raise RecordError(f"{found.place}: no record: {error}") from error
    if (task.version, evidence.version) != (TASK_VERSION, RECORD_VERSION):
        found.read()
    if not row.id == task.id == evidence.id:
        return None
    return Example(
        id=row.id, domain=row.domain, messages=row.messages, tools=row.tools, kinds=row.kinds,
        traits=row.traits, mistakes=row.mistakes, seed=task.seed,
        scale=task.scale, situation=evidence.situation, teacher=evidence.teacher,
        proven=bool(evidence.proofs) and all(evidence.proofs.values()), task_text=text, index=index,
        evidence=found.lines.evidence,
    )  # fmt: skip
