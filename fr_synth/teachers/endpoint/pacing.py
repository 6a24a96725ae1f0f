"""Pace: how many requests are under way at once, as the endpoint bears them, and the breaker.

An endpoint that says it is asked too much gets half as many requests at once, and more again with each round that goes
well, up to the number allowed. While a request waits because the endpoint asked for it (``Retry-After``), none begins.
After a row of failed attempts the breaker opens: a single request goes on trying, all others wait for what comes of it.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

__all__ = ["Pace"]

_TRIP = 8  # failed attempts in a row, and no fewer than are under way at once, that open the breaker


class Pace:
    """The pace of one client. Lives in its event loop; no method blocks.

    Args:
        most: Most requests at once, from 1.
    """

    def __init__(self, most: int) -> None:
        """Begin at full pace: a sound endpoint loses nothing, an overloaded one says so at once."""
        self.most = most
        self._limit = float(most)
        self._flying = 0
        self._waiting: collections.deque[asyncio.Future[None]] = collections.deque()
        self._round = 0  # grows with each cut: what began before a cut says nothing about the pace after it
        self._row = 0  # failed attempts in a row
        self._probe = asyncio.Lock()
        self._held = 0  # requests that wait because the endpoint asked for it
        self._free = asyncio.Event()
        self._free.set()

    @property
    def limit(self) -> int:
        """How many requests may be under way at once now."""
        return max(1, int(self._limit))

    @property
    def flying(self) -> int:
        """How many requests are under way."""
        return self._flying

    def is_open(self) -> bool:
        """Return True if the breaker is open."""
        return self._row >= max(_TRIP, self.most)

    @property
    def held(self) -> bool:
        """Whether somebody waits because the endpoint asked for it."""
        return self._held > 0

    @property
    def round(self) -> int:
        """Number of times that the pace was cut."""
        return self._round

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a place among the requests under way, and keep it for a block."""
        if self._waiting or self._flying >= self.limit:
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._leave()
                raise
        else:
            self._flying += 1
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        self._flying -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._flying < self.limit:
            place = self._waiting.popleft()
            if not place.done():
                self._flying += 1
                place.set_result(None)

    async def turn(self, stack: contextlib.AsyncExitStack) -> bool:
        """Wait until an attempt may begin. With the breaker open, only one request gets here.

        Args:
            stack: Of the request; lets the others in once it is done.

        Returns:
            Whether the request is the one that tries for all; it need not ask for its turn again.
        """
        await self._free.wait()
        if not self.is_open():
            return False
        await self._probe.acquire()
        if self.is_open():
            stack.callback(self._probe.release)
            return True
        self._probe.release()
        return False

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """Let no attempt begin during a block."""
        self._held += 1
        self._free.clear()
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                self._free.set()

    def went_well(self) -> None:
        """Note an attempt with an answer."""
        self._row = 0
        self._limit = min(float(self.most), self._limit + max(1.0, self.most / 16) / self._limit)
        self._admit()

    def failed(self, began: int, *, overloaded: bool) -> None:
        """Note an attempt that failed and may go better another time.

        Args:
            began: ``round`` when it began.
            overloaded: The endpoint is asked too much.
        """
        self._row += 1
        if overloaded and began == self._round:
            self._round += 1
            self._limit = max(1.0, self._limit / 2)
