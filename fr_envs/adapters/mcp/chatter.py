"""What a server says beside the protocol: its log goes to a file, and rubbish on its standard output has an end."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["Rubbish", "ServerLog", "without_rubbish"]

_MOST_BYTES = 1_000_000
_MOST_RUBBISH = 50
"""Lines that are no messages, such as a banner, that are passed over."""

logging.getLogger("mcp.client.stdio").setLevel(logging.CRITICAL)  # it prints a traceback for each such line


class ServerLog:
    """The standard error of a process, in a file that is made when there is something to write; a megabyte at most.

    Attributes:
        stream: What the process is given; to be closed here once it has it.
        path: The file; None as long as nothing was said.
    """

    def __init__(self) -> None:
        """Begin to listen."""
        reading, writing = os.pipe()
        self.stream: TextIO = os.fdopen(writing, "w")
        self.path: Path | None = None
        self._kept = False
        self._thread = threading.Thread(target=self._listen, args=(reading,), daemon=True)
        self._thread.start()

    def _listen(self, reading: int) -> None:
        written = 0
        with os.fdopen(reading, "rb", buffering=0) as pipe, contextlib.ExitStack() as stack:
            file: IO[bytes] | None = None
            while chunk := pipe.read(65_536):
                if file is None:
                    number, name = tempfile.mkstemp(prefix="funreason-mcp-", suffix=".log")
                    file = stack.enter_context(os.fdopen(number, "wb", buffering=0))
                    self.path = Path(name)
                file.write(chunk[: max(0, _MOST_BYTES - written)])
                written += len(chunk)

    def handed(self) -> None:
        """Let go of the end that the process has now."""
        self.stream.close()

    def named(self) -> str:
        """Return where to read what it said, to be added to an error; empty where it said nothing. Keeps the file."""
        self._thread.join(0.3)  # a process that has died has said all
        if self.path is None:
            return ""
        self._kept = True
        return f" (its log: {self.path})"

    def close(self) -> None:
        """Let go, and of the file too where no error has named it."""
        self.stream.close()
        self._thread.join(0.3)
        if self.path is not None and not self._kept:
            self.path.unlink(missing_ok=True)


class Rubbish:
    """Counts lines that are no messages.

    Attributes:
        lines: How many there were.
    """

    def __init__(self) -> None:
        """Count from nothing."""
        self.lines = 0

    @property
    def told(self) -> str:
        """What is wrong, empty if nothing is."""
        much = self.lines > _MOST_RUBBISH
        return f"writes what are no messages to its standard output, {self.lines} lines and more" if much else ""


@contextlib.asynccontextmanager
async def without_rubbish(transport: Any, rubbish: Rubbish) -> AsyncIterator[Any]:  # noqa: ANN401 - the client's own
    """Wrap a transport: lines that are no messages are left out, and too many of them end it."""
    import anyio

    async with transport as (read, write), anyio.create_task_group() as tasks:
        send, receive = anyio.create_memory_object_stream[Any](0)

        async def pump() -> None:
            async with send:
                with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
                    async for message in read:
                        if not isinstance(message, Exception):
                            await send.send(message)
                            continue
                        rubbish.lines += 1
                        if rubbish.told:
                            return

        tasks.start_soon(pump)
        try:
            yield receive, write
        finally:
            receive.close()
            tasks.cancel_scope.cancel()
