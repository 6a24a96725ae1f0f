"""ReplyStore: answers on disk by what was asked, in one SQLite file that any number of processes may share."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, final

from fr_envs.errors import FunReasonError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ReplyStore", "StoreError"]

_LONGEST_LOCK = 60.0  # seconds to wait for another process; writing one reply takes milliseconds
_TABLE = "CREATE TABLE IF NOT EXISTS replies (key BLOB PRIMARY KEY, reply BLOB NOT NULL) WITHOUT ROWID"
_FIND = "SELECT reply FROM replies WHERE key = ?"
_inherited: list[sqlite3.Connection | None] = []  # kept open: closing one in a forked child would end its parent's log
_STORE = "INSERT OR IGNORE INTO replies (key, reply) VALUES (?, ?)"


class StoreError(FunReasonError):
    """The file cannot be used any more: a full disk, a file that was taken away."""


@final
class ReplyStore:
    """Values by key. What is stored once stays: of two that are stored under one key, the first counts.

    A value is on its way to the disk when ``store`` returns: a process that is killed then has lost nothing.

    Args:
        path: The file; made if it is not there, folders included.

    Raises:
        UsageError: The file is no store, or cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open the file, or make it."""
        self.path = Path(path)
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._pid = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._connection() as connection:
                connection.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"{self.path} is no cache of replies ({error}): name another file") from error

    def find(self, key: bytes) -> bytes | None:
        """Return the value of a key, None if there is none.

        Raises:
            StoreError: The file cannot be read any more.
        """
        with self._checked() as connection:
            row: tuple[bytes] | None = connection.execute(_FIND, (key,)).fetchone()
        return None if row is None else row[0]

    def store(self, key: bytes, value: bytes) -> bytes:
        """Keep a value and return the one that stands under the key now: the first that was ever stored.

        Raises:
            StoreError: The file cannot be written any more.
        """
        with self._checked() as connection:
            connection.execute(_STORE, (key, value))
            first: bytes = connection.execute(_FIND, (key,)).fetchone()[0]
        return first

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._opened is not None and self._pid == os.getpid():
                self._opened.close()
            self._opened = None

    @contextlib.contextmanager
    def _checked(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._connection() as connection:
                yield connection
        except sqlite3.Error as error:
            raise StoreError(f"the cache {self.path} cannot be used any more: {error}") from error

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._opened is None or self._pid != os.getpid():  # a connection must not be taken across a fork
                _inherited.append(self._opened)
                self._opened = sqlite3.connect(self.path, timeout=_LONGEST_LOCK, check_same_thread=False)
                self._pid = os.getpid()
                weakref.finalize(self, self._opened.close)
                self._opened.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
                self._opened.execute("PRAGMA synchronous = NORMAL")  # no fsync a reply: 0.1 ms instead of 5 and more
            with self._opened:
                yield self._opened
