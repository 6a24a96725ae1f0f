"""Handlers: the world's time."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.filesystem.paths import moment
from fr_envs.domains.filesystem.state import CLOCK, Clock, FileSystem
from fr_envs.world.domain import Effect

__all__ = ["date", "now_of", "pass_until", "wait"]


def now_of(fs: FileSystem) -> int:
    """Return the moment it is, in seconds since 1970 UTC."""
    return fs.clock[CLOCK].now


def pass_until(fs: FileSystem, moment: int) -> FileSystem:
    """Return the file system at a later moment."""
    return replace(fs, clock=fs.clock.put(CLOCK, Clock(max(moment, now_of(fs)))))


def date(state: FileSystem) -> Effect[FileSystem]:
    """Tell date and time."""
    now = moment(state.clock[CLOCK].now)
    return Effect(state, {"now": now, "date": now[:10], "time": now[11:]})


def wait(state: FileSystem, minutes: int) -> Effect[FileSystem]:
    """Let time pass."""
    now = state.clock[CLOCK].now + 60 * minutes
    return Effect(replace(state, clock=state.clock.put(CLOCK, Clock(now))), {"now": moment(now)})
