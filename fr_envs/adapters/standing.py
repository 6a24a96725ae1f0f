"""Connections that are kept while another is played on: those that stand in earlier states, and fresh ones to come.

Opening a connection may start a process, which takes a second. So those that stand somewhere are kept, a few of them,
for when somebody goes back to where they stand; and where many are opened, the next are opened beforehand.
"""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from typing_extensions import override

from fr_envs.errors import FunReasonError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Standing", "StandingConnections"]

_KEPT = 6
"""Connections that are kept beside the one that is played on; the one that was left first goes first."""

_WANTED = 2
"""Connections opened after which others are opened beforehand: a short look at a world needs no more."""

_BEFOREHAND = min(3, os.cpu_count() or 1)
"""How many are opened beforehand, at the same time."""

_PATIENCE = 5.0  # seconds that each is waited for at the end which is still being opened or closed


class _Closing(Protocol):
    def close(self) -> None: ...


_C = TypeVar("_C", bound=_Closing)
_E = TypeVar("_E")


class Standing(NamedTuple, Generic[_C, _E]):
    """A connection and where it stands.

    Attributes:
        channel: The connection.
        log: The calls that have been made there.
    """

    channel: _C
    log: Sequence[_E]


class _Coming(threading.Thread, Generic[_C]):
    """A connection that is being opened."""

    def __init__(self, connect: Callable[[], _C]) -> None:
        super().__init__(daemon=True)
        self._connect = connect
        self._lock = threading.Lock()
        self._unwanted = False
        self.channel: _C | None = None
        self.start()

    @override
    def run(self) -> None:
        with contextlib.suppress(FunReasonError):  # who wants one opens it then, and hears of it
            channel = self._connect()
            with self._lock:
                if not self._unwanted:
                    self.channel = channel
                    return
            channel.close()

    def leave(self) -> None:
        """Want it no more: it is closed once it is open."""
        with self._lock:
            self._unwanted = True
            channel, self.channel = self.channel, None
        if channel is not None:
            channel.close()


class StandingConnections(Generic[_C, _E]):
    """Connections beside the one that is played on.

    Args:
        connect: Opens a connection to a world in its first state.
    """

    def __init__(self, connect: Callable[[], _C]) -> None:
        """Have none."""
        self._connect = connect
        self._kept: list[Standing[_C, _E]] = []
        self._coming: list[_Coming[_C]] = []
        self._going: list[threading.Thread] = []
        self._opened = 0

    def keep(self, standing: Standing[_C, _E]) -> None:
        """Keep a connection for when somebody goes back to where it stands."""
        self._kept.append(standing)
        if len(self._kept) > _KEPT:
            self.let_go(self._kept.pop(0).channel)

    def let_go(self, channel: _C) -> None:
        """Close a connection beside what goes on: a process may take its time to end."""
        closing = threading.Thread(target=channel.close, daemon=True)
        closing.start()
        self._going = [*filter(threading.Thread.is_alive, self._going), closing]

    def nearest(self, log: Sequence[_E], beyond: int) -> Standing[_C, _E] | None:
        """Give up the connection from which the fewest calls lead to a state; None if none leads there.

        Args:
            log: The calls that lead to the state from the first one.
            beyond: How many of them have been made where one stands already; -1 where no call leads there.
        """
        fitting = [each for each in self._kept if len(each.log) > beyond and each.log == log[: len(each.log)]]
        if not fitting:
            return None
        best = max(fitting, key=lambda each: len(each.log))
        self._kept = [each for each in self._kept if each is not best]
        return best

    def fresh(self) -> _C:
        """Return a connection to a world in its first state, opened beforehand where there is one.

        Raises:
            FunReasonError: None can be opened, not even when nothing else is open.
        """
        self._opened += 1
        channel = None
        while channel is None and self._coming:
            coming = self._coming.pop(0)
            coming.join()
            channel = coming.channel
        if channel is None:
            channel = self._one()
        if self._opened >= _WANTED:
            self._coming += [_Coming(self._connect) for _ in range(_BEFOREHAND - len(self._coming))]
        return channel

    def _one(self) -> _C:
        try:
            return self._connect()
        except FunReasonError:
            if not self._kept:
                raise
        self.close()  # perhaps there are too many
        return self._connect()

    def close(self) -> None:
        """Let go of all of them; those that are being opened are waited for, but not for long."""
        kept, self._kept = self._kept, []
        coming, self._coming = self._coming, []
        for standing in kept:
            self.let_go(standing.channel)
        for each in coming:
            each.leave()
        for waited in (*self._going, *coming):
            waited.join(_PATIENCE)
        self._going = []
