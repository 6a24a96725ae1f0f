"""Listening: an ASGI application on a port until a signal comes, and tokens that stand on no command line."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from typing import TYPE_CHECKING

from typing_extensions import override

from fr_envs.errors import UsageError
from fr_envs.serve.guard import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

__all__ = ["TOKEN", "bound", "read_token", "serve_app", "signalled"]

TOKEN = "FUNREASON_TOKEN"
"""Environment variable that holds the token."""

_GRACE = 0.4  # seconds from a signal to the moment when answers under way are broken off

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
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host.strip("[]"), port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot listen on {host} port {port}: {said}; give another --host or --port") from error


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
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves signals to ``signalled``."""

        @override
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_keep_alive=_KEEP_ALIVE, ws="none",
        lifespan="on",
    )  # fmt: skip
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    server = Server(config)

    async def main() -> int:
        loop = asyncio.get_running_loop()

        def stop() -> None:
            server.should_exit = True
            loop.call_later(_GRACE, cut)

        def cut() -> None:
            server.force_exit = True
            for task in server.server_state.tasks:
                task.cancel()
            for connection in list(server.server_state.connections):
                if connection.transport is not None:
                    connection.transport.abort()

        with signalled(stop) as seen:
            await server.serve(sockets=[listener])
        return seen[0] if seen else 0

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        return runner.run(main())
