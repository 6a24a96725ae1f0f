"""The three lines of a record, found in their files and joined by the id in them, whatever else stands there."""

from __future__ import annotations

import collections
import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.files import Line, read_file_lines
from fr_synth.trace.rows import RecordLines, decode
from fr_synth.trace.unreadable import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from fr_synth.trace.records import Dialogue

__all__ = ["RecordPlace", "id_of", "join_lines", "order_of"]


class _Named(msgspec.Struct):
    id: str


_ID = msgspec.json.Decoder(_Named)


def id_of(text: bytes) -> str | None:
    """Return the id in a line; None where there is none or the line is no JSON."""
    try:
        return _ID.decode(text).id
    except UNREADABLE:
        return None


def order_of(lines: Iterable[Line]) -> str:
    """Return a digest of the ids of lines, in their order."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update((id_of(line.text) or "").encode() + b"\n")
    return digest.hexdigest()


class RecordPlace(NamedTuple):
    """The three lines of a record, and where they stand.

    Attributes:
        place: File and line number of the dialogue, for messages.
        lines: The lines without their newlines.
        others: File and line number of the task and of the evidence; empty where there is no such line.
    """

    place: str
    lines: RecordLines
    others: tuple[str, str] = ("", "")

    def read(self) -> Dialogue:
        """Read the record.

        Raises:
            RecordError: A line is no JSON, another version, or of another shape.
        """
        return decode(self.lines, self.place, self.others)


def join_lines(dialogues: Path, rest: Sequence[Path]) -> Iterator[RecordPlace]:
    """Iterate over the records of a file of dialogues, each with the lines of its id in the files of the rest.

    Unfinished last lines are left out. Where a file has no line with an id, that line is empty, unless there are lines
    in which no id can be read: those are taken one after the other, so that whoever reads one says what is wrong.

    Args:
        dialogues: The file of dialogues.
        rest: The files of tasks and evidence.
    """
    tasks, evidence = map(_ById, rest)
    for dialogue in read_file_lines(dialogues):
        name = id_of(dialogue.text)
        task, proof = tasks.take(name), evidence.take(name)
        yield RecordPlace(
            dialogue.place, RecordLines(dialogue.text, task.text, proof.text), (task.place, proof.place)
        )  # fmt: skip


_NO_LINE = Line("", b"")


class _ById:
    """Lines of a file by the id in them, read no further than is asked for."""

    def __init__(self, path: Path) -> None:
        self._lines = read_file_lines(path)
        self._passed: dict[str, Line] = {}
        self._nameless: collections.deque[Line] = collections.deque()

    def take(self, name: str | None) -> Line:
        """Return the line with an id; where there is none a line without any id, or an empty one."""
        if name is None:  # the dialogue itself cannot be read
            return _NO_LINE
        if name in self._passed:
            return self._passed.pop(name)
        for line in self._lines:
            found = id_of(line.text)
            if found == name:
                return line
            if found is None:
                self._nameless.append(line)
            else:
                self._passed.setdefault(found, line)
        return self._nameless.popleft() if self._nameless else _NO_LINE
