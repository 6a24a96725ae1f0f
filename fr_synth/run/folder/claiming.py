"""Whose a run folder is: one process at a time, and the run that its manifest names."""

from __future__ import annotations

import contextlib
import json
from io import FileIO
from typing import TYPE_CHECKING, Literal, TypeAlias

from fr_envs.errors import RecordError, UsageError
from fr_envs.files import checksum

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Resume", "begun", "check_finished", "check_the_same", "locked"]

Resume: TypeAlias = bool | Literal["any version"]
"""Whether to go on with the run that is there; "any version" even where another version of the package began it."""


def begun(folder: Path, ours: Collection[str], undo: contextlib.ExitStack) -> None:
    """Make a folder for a run that begins; ``undo`` leaves nothing that was not there before.

    Args:
        folder: The folder, which may be there and empty.
        ours: Names of files that a run which could not begin may have left.
        undo: What is to be done where nothing comes of it.

    Raises:
        UsageError: It holds something else.
    """
    if folder.exists() and any(each.name not in ours for each in folder.iterdir()):
        raise UsageError(f"{folder} is not empty and holds no run; give another --out")
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    undo.callback(_removed, (*(folder / name for name in sorted(ours)), *made))
    folder.mkdir(parents=True, exist_ok=True)


def _removed(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def locked(path: Path) -> FileIO:
    """Take the lock of a file; closing what is returned gives it up, and so does the end of the process.

    Where the system has no such locks, none is taken.

    Raises:
        UsageError: Another process holds it.
    """
    file = FileIO(path, "a+")
    try:
        import fcntl
    except ImportError:  # pragma: no cover - a system without them
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise UsageError(f"{path.parent} is being written by another process; wait, or give another --out") from None
    return file


def check_the_same(there: JsonObject, asked: JsonObject, folder: Path, *, any_version: bool) -> None:
    """Hold a run that is to go on to the one that was begun. More records may be asked for than then, not fewer.

    Args:
        there: What the run in the folder is.
        asked: What it is to be.
        folder: The folder, for messages.
        any_version: Go on although another version of the package has begun it.

    Raises:
        UsageError: They differ; the message names each option that does, and what it was.
    """
    then, here = there.get("package"), asked.get("package")
    if then != here and not any_version:
        raise UsageError(
            f"{folder} was begun by version {_short(then)} of the package and this is {_short(here)}, which may write "
            "other bytes; give --any-version to go on all the same"
        )
    different = list(_differences(there, asked))
    if different:
        raise UsageError(f"{folder} holds a run with another {', another '.join(different)}; give another --out")
    if _number(asked.get("count")) < _number(there.get("count")):
        raise UsageError(f"{folder} holds a run of {there.get('count')} dialogues; give --count as many or more")


def check_finished(folder: Path, result: Json, there: Mapping[str, int]) -> None:
    """Hold the files of a finished run to what it wrote down of them; one that was cut off is made whole again.

    Args:
        folder: The folder.
        result: What its manifest says came of it.
        there: For each file how many records its whole lines hold.

    Raises:
        RecordError: One has as much as it had, and not the same.
    """
    told: JsonObject = result if isinstance(result, dict) else {}
    sums: JsonObject = told.get("checksums") or {}
    for name, records in there.items():
        if records >= _number(told.get("records")) and checksum(folder / name) != sums.get(name):
            raise RecordError(f"{folder / name}: is not what the manifest says; funreason verify {folder} tells more")


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _differences(there: JsonObject, asked: JsonObject) -> Iterator[str]:
    """Iterate over what differs, as options and their values."""
    for name in sorted({*there, *asked} - {"package", "count", "config"}):
        if there.get(name) != asked.get(name):
            yield name.replace("_", " ")
    before, now = there.get("config"), asked.get("config")
    if not isinstance(before, dict) or not isinstance(now, dict):
        yield "configuration"
        return
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            option = "domain" if name == "domains" else name.replace("_", "-")
            yield f"--{option} ({_short(before.get(name))} there, {_short(now.get(name))} here)"


def _short(value: Json) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=True)[:60]
