"""TaskShelf: the tasks of a run, looked up by identifier or by index; only their places are in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.episode.observation import read_task
from fr_envs.episode.task_file import TASKS
from fr_envs.errors import UsageError
from fr_envs.files import find_file, read_file_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fr_envs.episode.task import Task

__all__ = ["ShelvedTask", "TaskShelf"]


class ShelvedTask(NamedTuple):
    """Where a task is.

    Attributes:
        id: Its identifier; empty if it has none.
        domain: Short name of its world.
        start: Place of its first byte in the file; -1 where the line itself is kept.
        line: The line where the file is compressed, else empty.
    """

    id: str
    domain: str
    start: int
    line: bytes


class _Head(msgspec.Struct):
    domain: str
    id: str = ""


class TaskShelf:
    """Tasks that are asked for by identifier or by index.

    Args:
        source: A run folder, or a file of tasks.
        domains: Short names of the worlds whose tasks are wanted; the others are left out.

    Raises:
        UsageError: There is no such file, a line is no task, or there is no task for the worlds.
    """

    def __init__(self, source: str | Path, domains: Collection[str]) -> None:
        """Read where each task is."""
        path = Path(source)
        self._path = path / TASKS if path.is_dir() else path
        found = find_file(self._path)
        if found is None:
            raise UsageError(f"{source} holds no {TASKS}; give a run folder or a file of tasks")
        plain = found == self._path
        self._tasks: list[ShelvedTask] = []
        self._numbers: dict[str, int | None] = {}  # None where several tasks share an identifier
        start = 0
        for line in read_file_lines(self._path):
            head = _head(line.text, line.place)
            if head.domain in domains:
                kept = ShelvedTask(head.id, head.domain, start if plain else -1, b"" if plain else line.text)
                self._shelve(kept)
            start += len(line.text) + 1
        if not self._tasks:
            raise UsageError(f"{source} has no task for {', '.join(sorted(domains))}")

    def _shelve(self, task: ShelvedTask) -> None:
        if task.id:
            self._numbers[task.id] = None if task.id in self._numbers else len(self._tasks)
        self._tasks.append(task)

    def __len__(self) -> int:
        """Return the number of tasks."""
        return len(self._tasks)

    def listed(self, offset: int, limit: int) -> Sequence[ShelvedTask]:
        """Return so many tasks from an index on; O(limit)."""
        return self._tasks[offset : offset + limit]

    def find(self, wanted: str | int) -> Task:
        """Return a task by its identifier, or by its index from 0; a text of digits is either.

        Raises:
            UsageError: There is none, several share the identifier, or it cannot be read.
        """
        task = self._tasks[self._number(wanted)]
        if task.start < 0:
            return read_task(task.line)
        with self._path.open("rb") as file:
            file.seek(task.start)
            return read_task(file.readline())

    def _number(self, wanted: str | int) -> int:
        if isinstance(wanted, str) and wanted in self._numbers:
            number = self._numbers[wanted]
            if number is None:
                raise UsageError(f"several tasks are called {wanted[:80]!r}; give an index")
            return number
        if isinstance(wanted, str) and wanted.isascii() and wanted.isdecimal() and len(wanted) < _DIGITS:
            wanted = int(wanted)
        if isinstance(wanted, int) and 0 <= wanted < len(self._tasks):
            return wanted
        named = wanted if isinstance(wanted, int) else repr(wanted[:80])
        raise UsageError(f"there is no task {named}; give an identifier, or an index from 0 to {len(self._tasks) - 1}")


_DIGITS = 19  # more are no index, and Python refuses to read very many


def _head(line: bytes, place: str) -> _Head:
    try:
        return _HEAD.decode(line)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        task = read_task(line)
    except (UsageError, RecursionError) as error:
        raise UsageError(f"{place}: {error}") from error
    return _Head(task.domain, task.id)


_HEAD = msgspec.json.Decoder(_Head)
