"""Tasks from a run folder or a file of tasks, one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fr_envs.episode.observation import read_task
from fr_envs.errors import UsageError
from fr_envs.files import find_file, read_file_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.episode.task import Task

__all__ = ["TASKS", "read_tasks"]

TASKS = "tasks.jsonl"
"""Name of the file of tasks in a run folder."""


def read_tasks(source: str | Path) -> Iterator[Task]:
    """Iterate over the tasks of a run folder, or of a JSONL file, plain or compressed.

    Args:
        source: The folder or the file.

    Raises:
        UsageError: There is no such file, or a line of it is no task; the message names the line.
    """
    path = Path(source)
    if path.is_dir():
        path = path / TASKS
    if find_file(path) is None:
        raise UsageError(f"{source} holds no {TASKS}; give a run folder or a file of tasks")
    return _tasks_in(path)


def _tasks_in(path: Path) -> Iterator[Task]:
    for line in read_file_lines(path):
        try:
            yield read_task(line.text)
        except UsageError as error:
            raise UsageError(f"{line.place}: {error}") from error
