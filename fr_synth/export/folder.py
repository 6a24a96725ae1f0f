"""The folder of an export: claimed by one process at a time, and gone on with where it was left.

``export.json`` says what the export is and which shards are whole; it is written anew after each, in one move. What is
not named there does not count.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.errors import RecordError, UsageError
from fr_synth.export.figures import Figures
from fr_synth.export.writing import WrittenFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fr_envs.json_values import JsonObject

__all__ = ["STATE", "ExportFolder", "ShardDone"]

STATE = "export.json"
_LOCK = ".export.lock"


class ShardDone(NamedTuple):
    """A shard that is whole.

    Attributes:
        files: Its files.
        figures: What it holds, as plain data.
    """

    files: tuple[WrittenFile, ...]
    figures: JsonObject


class ExportFolder:
    """A folder that an export is written to; a context in which it is locked.

    Args:
        path: The folder; made if it is not there.
        export: What the export is; has to agree with what is there when going on.
        resume: Go on with the export that is there.

    Raises:
        UsageError: The folder holds something else or another export, or another process writes to it.
        RecordError: What it says of itself cannot be read.
    """

    def __init__(self, path: Path, export: JsonObject, *, resume: bool) -> None:
        """Claim the folder."""
        self.path = path
        self.finished = False
        self.shards: list[ShardDone] = []
        self._export: JsonObject = json.loads(json.dumps(export))  # tuples come back from the file as lists
        self._made = not path.exists()
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path} is a file; give --out a folder")
        self._check(resume=resume)
        path.mkdir(parents=True, exist_ok=True)
        self._lock = (path / _LOCK).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise UsageError(f"{path} is in use: another process exports to it; give another --out") from error
        self._take(resume=resume)
        for left in path.rglob("*.part"):
            left.unlink()

    def _check(self, *, resume: bool) -> None:
        there = self.path.exists() and any(each.name != _LOCK for each in self.path.iterdir())
        if not there:
            return
        if not (self.path / STATE).is_file():
            raise UsageError(f"{self.path} is not empty and holds no export; give another --out")
        if not resume:
            raise UsageError(f"{self.path} holds another export; give another --out, or --resume to go on with it")

    def _take(self, *, resume: bool) -> None:
        path = self.path / STATE
        if not (resume and path.is_file()):
            self._write()
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            there, self.finished = found["export"], found["finished"]
            self.shards = [
                ShardDone(tuple(_file(each) for each in shard["files"]), shard["figures"]) for shard in found["shards"]
            ]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self.close()
            raise RecordError(f"{path}: says nothing of an export ({error!r}); take the folder away") from error
        different = sorted(key for key in {*there, *self._export} if there.get(key) != self._export.get(key))
        if different:
            self.close()
            raise UsageError(f"{self.path} holds an export with another {', '.join(different)}; give another --out")

    def add(self, files: Sequence[WrittenFile], figures: Figures) -> None:
        """Count a shard as whole."""
        self.shards.append(ShardDone(tuple(files), figures.to_json()))
        self._write()

    def finish(self) -> None:
        """Count the export as finished."""
        self.finished = True
        self._write()

    @property
    def files(self) -> list[WrittenFile]:
        """The files of all whole shards."""
        return [file for shard in self.shards for file in shard.files]

    @property
    def figures(self) -> Figures:
        """The counts of all whole shards."""
        total = Figures()
        for shard in self.shards:
            total.take(shard.figures)
        return total

    def put(self, name: str, text: str) -> None:
        """Write a text to a file below the folder, in one move."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)

    def _write(self) -> None:
        shards = [
            {"files": [file._asdict() for file in shard.files], "figures": shard.figures} for shard in self.shards
        ]
        self.put(STATE, json.dumps({"export": self._export, "finished": self.finished, "shards": shards}) + "\n")

    def close(self) -> None:
        """Let others have the folder; one in which nothing came to be is taken away."""
        if not self.shards:
            (self.path / STATE).unlink(missing_ok=True)
            for each in sorted((self.path / "data").glob("*/"), reverse=True):
                each.rmdir()
            with contextlib.suppress(OSError):  # it was there before, or holds what is not ours
                (self.path / "data").rmdir()
        (self.path / _LOCK).unlink(missing_ok=True)
        self._lock.close()
        if self._made and not self.shards:
            with contextlib.suppress(OSError):
                self.path.rmdir()


def _file(plain: JsonObject) -> WrittenFile:
    return WrittenFile(**{**plain, "texts": tuple(plain["texts"])})
