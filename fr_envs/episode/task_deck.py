"""Tasks of one world in a seeded order that begins again when all have been played; few are in memory at a time."""

from __future__ import annotations

from array import array
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from fr_envs.episode.observation import read_task
from fr_envs.episode.task import TASK_VERSION, Task
from fr_envs.episode.task_file import TASKS
from fr_envs.errors import UsageError
from fr_envs.files import find_file, read_file_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np

    from fr_envs.json_values import Json

__all__ = ["TaskDeck", "Tasks"]

Tasks: TypeAlias = "str | Path | Iterable[Task | Mapping[str, Json] | str]"
"""A run folder, a file of tasks, or the tasks: as objects, as plain data, or as JSON text."""


class _Head(msgspec.Struct):
    domain: str
    turns: msgspec.Raw  # which a dialogue has not
    version: int = TASK_VERSION


class TaskDeck:
    """Tasks that are drawn one after the other.

    Args:
        source: A run folder, a file of tasks, or the tasks; those of other worlds are left out.
        domain: Short name of the world.

    Raises:
        UsageError: There is no such file, a line is no task, or none of the tasks is for the world.
    """

    def __init__(self, source: Tasks, domain: str) -> None:
        """Find the tasks."""
        self._path = _plain_file(source)
        self._starts = array("Q")
        self._given: list[Task | bytes] = []
        others: Counter[str] = Counter()
        for start, task in _tasks(source):
            found = task.domain if isinstance(task, Task) else _domain_of(task)
            if found != domain:
                others[found] += 1
            elif self._path is not None:
                self._starts.append(start)
            else:
                self._given.append(task)
        if not len(self):
            there = f"; there are tasks for {', '.join(sorted(others))}" if others else ""
            name = source if isinstance(source, str | Path) else "the list"
            raise UsageError(f"{name} has no task for the world {domain!r}{there}")
        self._left: list[int] = []

    def __len__(self) -> int:
        """Return the number of tasks for the world."""
        return len(self._given) + len(self._starts)

    def shuffle(self, rng: np.random.Generator) -> None:
        """Begin a new order of all tasks, drawn from a generator."""
        self._left = rng.permutation(len(self))[::-1].tolist()

    def draw(self, rng: np.random.Generator) -> Task:
        """Return the next task; when all have been drawn, the first of a new order.

        Raises:
            UsageError: It cannot be read.
        """
        if not self._left:
            self.shuffle(rng)
        number = self._left.pop()
        if self._path is None:
            return read_task(self._given[number])
        with self._path.open("rb") as file:
            file.seek(self._starts[number])
            return read_task(file.readline())


def _file_of(source: str | Path) -> Path:
    return Path(source) / TASKS if Path(source).is_dir() else Path(source)


def _plain_file(source: Tasks) -> Path | None:
    """Return the file in which tasks can be looked up by place; None if they have to be kept."""
    if not isinstance(source, str | Path):
        return None
    path = _file_of(source)
    found = find_file(path)
    if found is None:
        raise UsageError(f"{source} holds no {TASKS}; give a run folder or a file of tasks")
    return path if found == path else None


def _tasks(source: Tasks) -> Iterator[tuple[int, Task | bytes]]:
    """Iterate over the tasks, those of a file as lines, each with the place of its first byte."""
    if not isinstance(source, str | Path):
        yield from ((0, read_task(each)) for each in source)
        return
    start = 0
    for line in read_file_lines(_file_of(source)):
        yield start, line.text
        start += len(line.text) + 1


def _domain_of(line: bytes) -> str:
    try:
        head = _HEAD.decode(line)
        return head.domain if head.version == TASK_VERSION else read_task(line).domain  # which says what is wrong
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return read_task(line).domain  # says what is wrong


_HEAD = msgspec.json.Decoder(_Head)
