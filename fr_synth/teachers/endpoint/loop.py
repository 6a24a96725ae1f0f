"""The event loop of a process in which all requests run, on a thread of its own; whoever asks may be any thread."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from concurrent.futures import Future

__all__ = ["RequestLoop", "request_loop"]

_T = TypeVar("_T")
_GRACE = 2.0  # seconds that the loop gets to end with the process


class RequestLoop:
    """A loop on a daemon thread, for which the end of the process need not wait."""

    def __init__(self) -> None:
        """Start the thread."""
        self.pid = os.getpid()
        self._ended = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="requests", daemon=True)
        self._thread.start()
        atexit.register(self._end)

    def submit(self, work: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Start a coroutine and return its future."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @property
    def ended(self) -> bool:
        """Whether the process is about to end, and nothing can be started any more."""
        return self._ended

    @property
    def here(self) -> bool:
        """Whether the caller runs on the loop's own thread, where nobody may wait for it."""
        return threading.current_thread() is self._thread

    def _end(self) -> None:
        if self.pid != os.getpid() or not self._thread.is_alive():
            return
        self._ended = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_GRACE)
        if not self._thread.is_alive():
            self._loop.close()


_lock = threading.Lock()
_loops: list[RequestLoop] = []


def request_loop() -> RequestLoop:
    """Return the loop of this process, started on first use and anew after a fork."""
    with _lock:
        if not _loops or _loops[-1].pid != os.getpid():
            _loops.append(RequestLoop())
        return _loops[-1]
