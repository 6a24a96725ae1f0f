"""Ways to put a server into its first state without starting it anew: a tool of its own, a command, a folder's copy."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from typing_extensions import override

from fr_envs.errors import ForeignToolError, Refusal, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.adapters.replaying import Channel

__all__ = ["Reset", "reset_of"]


class Reset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What puts a server into its first state; exactly one of tool, command and folder.

    Attributes:
        tool: A tool of the server; no agent is offered it.
        arguments: What that tool is called with.
        command: A command line, run in the world file's folder.
        folder: A folder that holds all of the state; its contents are put back, at the end too.
    """

    tool: str | None = None
    arguments: dict[str, Any] = {}
    command: str | None = None
    folder: str | None = None


def reset_of(reset: Reset, folder: str, seconds: float) -> Callable[[Channel], None]:
    """Return what resets a server that a connection leads to; can be pickled.

    Args:
        reset: How.
        folder: Folder that paths are taken from.
        seconds: How long a command may take.

    Raises:
        UsageError: It says none or several ways, or there is no such folder.
    """
    ways = [name for name in ("tool", "command", "folder") if getattr(reset, name) is not None]
    if len(ways) != 1:
        raise UsageError(f"reset: says {len(ways)} ways; give one of tool, command, folder")
    if reset.tool is not None:
        return functools.partial(_by_tool, reset.tool, dict(reset.arguments))
    if reset.command is not None:
        return functools.partial(_by_command, reset.command, folder, seconds)
    place = Path(folder) / str(reset.folder)
    if not place.is_dir():
        raise UsageError(f"reset: there is no folder {place}")
    return _Folder(place)


def _by_tool(tool: str, arguments: dict[str, Any], channel: Channel) -> None:
    try:
        channel.call(tool, arguments)
    except Refusal as refusal:
        problem = f"does not reset the server: {refusal.message or refusal.code}"
        raise ForeignToolError(tool, problem, "see to what reset: says") from refusal


def _by_command(command: str, folder: str, seconds: float, _channel: Channel) -> None:
    try:
        done = subprocess.run(
            shlex.split(command), cwd=folder, capture_output=True, text=True, errors="replace", timeout=seconds,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ForeignToolError(command, f"does not run: {error}", "see to what reset: says") from error
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["it says nothing"])[-1][:200]
        raise ForeignToolError(command, f"ended with {done.returncode}: {said}", "see to what reset: says")


class _Folder:
    """Puts a folder's contents back. The copy that they come from ends with the process that made it."""

    def __init__(self, place: Path, copy: Path | None = None) -> None:
        self.place = place
        if copy is None:
            copy = Path(tempfile.mkdtemp(prefix="funreason-reset-")) / "first"
            shutil.copytree(place, copy, symlinks=True)
            atexit.register(self._end, os.getpid())
        self.copy = copy

    def __call__(self, _channel: Channel | None = None) -> None:
        try:
            self._put_back()
        except OSError as error:
            raise ForeignToolError(str(self.place), f"cannot be put back: {error}", "see who holds it") from error

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return _Folder, (self.place, self.copy)

    def _put_back(self) -> None:
        """Empty the folder, which stays the same one for whoever stands in it, and fill it again."""
        for entry in self.place.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        shutil.copytree(self.copy, self.place, symlinks=True, dirs_exist_ok=True)

    def _end(self, owner: int) -> None:
        if os.getpid() == owner and self.copy.is_dir():
            with contextlib.suppress(OSError):  # whoever had the folder may have taken it away
                self._put_back()
            shutil.rmtree(self.copy.parent, ignore_errors=True)
