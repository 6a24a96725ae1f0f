"""Listening: an ASGI application on a port until a signal comes, and tokens that stand on no command line."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from typing_extensions import override

from fr_envs.errors import UsageError
from fr_envs.serve.guard import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import uvicorn
    from starlette.types import ASGIApp

__all__ = ["TOKEN", "bound", "in_background", "read_token", "serve_app", "signalled"]

TOKEN = "FUNREASON_TOKEN"
"""Environment variable that holds the token."""

_GRACE = 0.15  # seconds from a signal to the moment when answers under way are broken off

_KEEP_ALIVE = 75  # seconds that a connection may be idle; longer than clients and proxies keep one


def read_token(file: Path | None, host: str) -> str | None:
    """Return the token of a server: what a file holds, else the variable ``TOKEN``; None on the loopback interface.

    Raises:
        UsageError: There is none where one is needed, or it cannot go into a header.
    """
    text = os.environ.get(TOKEN) if file is None else file.read_text(encoding="utf-8", errors="replace").strip()
    if file is None and not text:
        if is_loopback(host):
            return None
        raise UsageError(f"host {host}: whoever reaches it could use the worlds; set {TOKEN}, or give --token-file")
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(f"{file or TOKEN}: a token is printable ASCII without spaces, at least one character")
    return text


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any that is free.

    Raises:
        UsageError: It cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends each packet at once; otherwise every answer waits 40 ms for the client's.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        said = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot listen on {host} port {port}: {said}; give another --host or --port") from error
    return listener


@contextlib.contextmanager
def signalled(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Do something at Ctrl-C and SIGTERM; yields the list that the signals are put into. For a running event loop."""
    loop = asyncio.get_running_loop()
    seen: list[int] = []

    def take(number: int) -> None:
        seen.append(number)
        stop()

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, take, number)
    try:
        yield seen
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def serve_app(app: ASGIApp, listener: socket.socket) -> int:
    """Serve an application until Ctrl-C or SIGTERM comes, and return the signal's number; 0 if none came."""
    server = _server(app)
    gc.collect()
    gc.freeze()  # worlds stay; looking through them again and again took a third of the time of a call

    async def main() -> int:
        with signalled(lambda: _stop(server)) as seen:
            await server.serve(sockets=[listener])
        return seen[0] if seen else 0

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        return runner.run(main())


@contextlib.contextmanager
def in_background(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of this machine while the block runs; yields its address.

    Raises:
        UsageError: No port can be had.
    """
    server = _server(app)
    ready: Future[asyncio.AbstractEventLoop] = Future()

    async def main() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        ready.set_result(asyncio.get_running_loop())
        await task

    with bound("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ready.result().call_soon_threadsafe(_stop, server)
            thread.join()


def _server(app: ASGIApp) -> uvicorn.Server:
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves signals to ``signalled``."""

        @override
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    return Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_keep_alive=_KEEP_ALIVE, ws="none",
            lifespan="on",
        )
    )  # fmt: skip


def _stop(server: uvicorn.Server) -> None:
    """Let a server end, and break off what has not ended a moment later; for its event loop."""
    server.should_exit = True
    asyncio.get_running_loop().call_later(_GRACE, _cut, server)


def _cut(server: uvicorn.Server) -> None:
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # that answers are broken off is meant
    server.force_exit = True
    for task in list(server.server_state.tasks):
        task.cancel()
    for connection in list(server.server_state.connections):
        if connection.transport is not None:
            connection.transport.abort()
