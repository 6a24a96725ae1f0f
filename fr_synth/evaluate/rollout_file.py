"""RolloutFile: rollouts on disk, a whole line each, written as they are played and put in their order at the end."""

from __future__ import annotations

from io import FileIO
from typing import TYPE_CHECKING

import msgspec

from fr_envs.errors import RecordError, UsageError
from fr_envs.files import read_file_lines
from fr_synth.evaluate.rollouts import Rollout
from fr_synth.run.folder.journal import append_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

__all__ = ["RolloutFile", "read_rollouts"]


def read_rollouts(path: Path) -> Iterator[Rollout]:
    """Iterate over the rollouts of a file, or of the folder of an evaluation.

    Raises:
        UsageError: There is no such file.
        RecordError: A line is no rollout.
    """
    path = path / "rollouts.jsonl" if path.is_dir() else path
    if not path.is_file():
        raise UsageError(f"there is no file {path}; give a file of rollouts, or the folder of an evaluation")
    for line in read_file_lines(path):
        try:
            yield msgspec.json.decode(line.text, type=Rollout)
        except (ValueError, RecursionError) as error:
            raise RecordError(f"{line.place}: no rollout: {error}; take the line out") from error


class RolloutFile:
    """A file of rollouts, open for writing.

    Args:
        path: The file.
        resume: Go on with what is there: whole lines stay, apart from rollouts that got no answer.
        overwrite: Write in place of what is there.

    Attributes:
        done: Seeds of the rollouts that are there, by which each is known.

    Raises:
        UsageError: The file is there, and neither is said; or what is there is no file that can be gone on with.
    """

    def __init__(self, path: Path, *, resume: bool = False, overwrite: bool = False) -> None:
        """Open the file."""
        self.path = path
        self.done: set[tuple[int, ...]] = set()
        self._places: list[tuple[tuple[int, ...], int, int]] = []  # seed, offset, length
        if path.exists() and not (resume or overwrite):
            raise UsageError(f"{path} is there already; give another --out, --resume or --overwrite")
        if resume and path.exists() and not path.is_file():
            raise UsageError(f"{path} is no file that can be gone on with; give another --out")
        self._new = not path.exists()
        kept = list(self._kept()) if resume and path.exists() else []
        if resume and path.exists():
            part = path.with_name(f"{path.name}.part")
            with FileIO(part, "w") as file:
                for rollout in kept:
                    append_line(file, msgspec.json.encode(rollout))
            part.replace(path)
        self._file = FileIO(path, "a" if resume else "w")
        self._size = 0
        for rollout in kept:
            self._note(rollout.seed, len(msgspec.json.encode(rollout)) + 1)

    def _kept(self) -> Iterator[Rollout]:
        """Iterate over the rollouts that need not be played again; half a line at the end is none."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                try:
                    rollout = msgspec.json.decode(line, type=Rollout)
                except (ValueError, RecursionError) as error:
                    raise RecordError(f"{self.path}:{number}: no rollout: {error}; take the line out") from error
                if rollout.ending != "no_answer":
                    yield rollout

    def rollouts(self) -> Iterator[Rollout]:
        """Iterate over what is there."""
        return read_rollouts(self.path)

    def add(self, rollout: Rollout) -> None:
        """Write a rollout: its line is whole, or not there.

        Raises:
            OSError: The disk is full.
        """
        line = msgspec.json.encode(rollout)
        append_line(self._file, line)
        self._note(rollout.seed, len(line) + 1)

    def _note(self, seed: tuple[int, ...], length: int) -> None:
        self.done.add(seed)
        self._places.append((seed, self._size, length))
        self._size += length

    def finish(self) -> None:
        """Put the lines in the order of tasks and samples."""
        places = sorted(self._places)
        if places == self._places or not self.path.is_file():
            return
        part = self.path.with_name(f"{self.path.name}.part")
        with self.path.open("rb") as source, part.open("wb") as sink:
            for _, place, length in places:
                source.seek(place)
                sink.write(source.read(length))
        part.replace(self.path)

    def __enter__(self) -> Self:
        """Return the file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; a new one in which nothing came to stand is taken away: the command can be given again."""
        self._file.close()
        if self._new and not self._places:
            self.path.unlink(missing_ok=True)
