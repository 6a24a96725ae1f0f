"""What carries MCP: standard input and output, and streamable HTTP.

Over standard input the process is the connection. Over HTTP a connection begins with the handshake; revisions of the
protocol that have none have no place for a world either, and are told which ones are spoken here, so that clients fall
back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import threading
from typing import TYPE_CHECKING, Any, Self

import anyio
from mcp import types
from mcp.server.runner import serve_loop
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER, StreamableHTTPServerTransport
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fr_envs.errors import FunReasonError, UsageError
from fr_envs.serve.guard import MOST_BODY, Guard
from fr_envs.serve.listening import signalled
from fr_envs.serve.mcp import handshake_of, world_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mcp.server.lowlevel import Server
    from starlette.types import ASGIApp, Receive, Scope, Send

    from fr_envs.serve.sessions import Beginning, Worlds

__all__ = ["McpEndpoint", "mcp_app", "serve_stdio"]

_VERSION = b"mcp-protocol-version"
_UNSUPPORTED = -32022  # the code by which clients know that they should begin with the handshake


class _Lines:
    """Lines of standard input, read by a thread that ends with the program; longer ones than may be come cut off.

    The library's own reader waits for a line that may never come when the server is to end.
    """

    def __init__(self, descriptor: int, most: int) -> None:
        self._descriptor = descriptor
        self._most = most
        self._lines: asyncio.Queue[str | None] = asyncio.Queue(maxsize=64)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, daemon=True).start()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        line = await self._lines.get()
        if line is None:
            raise StopAsyncIteration
        return line

    def _read(self) -> None:
        kept = b""
        with contextlib.suppress(OSError, RuntimeError):  # the stream broke, or the loop has ended
            while data := os.read(self._descriptor, 65536):
                *whole, kept = (kept + data).split(b"\n")
                for line in whole:
                    self._put(line)
                kept = kept[: self._most + 1]
            if kept.strip():
                self._put(kept)
        with contextlib.suppress(RuntimeError):
            asyncio.run_coroutine_threadsafe(self._lines.put(None), self._loop).result()

    def _put(self, line: bytes) -> None:
        # What is cut off is no JSON any more, and is answered as such.
        text = line[: self._most].decode("utf-8", errors="replace")
        asyncio.run_coroutine_threadsafe(self._lines.put(text), self._loop).result()


def serve_stdio(worlds: Worlds, beginning: Beginning, *, descriptor: int = 0, most_line: int = MOST_BODY) -> int:
    """Serve one client over standard input and output until it leaves; return the number of a signal, 0 if none came.

    Args:
        worlds: What is served.
        beginning: What the session starts with.
        descriptor: Where the client's lines come from.
        most_line: Bytes that a line may have.

    Raises:
        UsageError: There is no such world, scale or task.
    """
    _quiet()

    async def main() -> int:
        server = world_server(await worlds.begin(beginning), worlds)
        with anyio.CancelScope() as scope, signalled(scope.cancel) as seen:
            lines: Any = _Lines(descriptor, most_line)
            async with stdio_server(stdin=lines) as (reading, writing):
                await server.run(reading, writing, handshake_of(server))
        return seen[0] if seen else 0

    return asyncio.run(main())


def mcp_app(
    worlds: Worlds, beginning: Beginning, *, ttl: float, most: int, token: str | None = None, most_body: int = MOST_BODY
) -> ASGIApp:
    """Return the application that serves MCP over streamable HTTP at ``/mcp``.

    Args:
        worlds: What is served.
        beginning: What each session starts with, unless its URL says otherwise: ``/mcp?seed=8``, ``/mcp?task=3``.
        ttl: Seconds after which a connection that nobody uses is given up.
        most: Connections that may be open at once.
        token: What every request has to give as bearer; None if nothing.
        most_body: Bytes that the body of a request may have.
    """
    _quiet()
    endpoint = McpEndpoint(worlds, beginning, ttl=ttl, most=most)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with endpoint.running():
            yield

    async def health(request: Request) -> Response:
        return Response(b'{"status":"ok"}', media_type="application/json")

    routes = [Route("/mcp", endpoint), Route("/health", health)]
    return Guard(Starlette(routes=routes, lifespan=lifespan), token=token, most_body=most_body)


def _quiet() -> None:
    """Keep what clients send out of the terminal; faults of ours are still written there."""
    logging.getLogger("mcp").setLevel(logging.ERROR)


class _Line:
    """One connection: its transport, and the lock that lets its requests in one after the other."""

    def __init__(self, transport: StreamableHTTPServerTransport) -> None:
        self.transport = transport
        self.turn = anyio.Lock()


class McpEndpoint:
    """The one path of MCP over streamable HTTP: a connection is a session with a world of its own.

    Args:
        worlds: What is served.
        beginning: What each session starts with, unless its URL says otherwise.
        ttl: Seconds after which a connection that nobody uses is given up.
        most: Connections that may be open at once.
    """

    def __init__(self, worlds: Worlds, beginning: Beginning, *, ttl: float, most: int) -> None:
        """Start without a connection."""
        self._worlds = worlds
        self._beginning = beginning
        self._ttl = ttl
        self._most = most
        self._open: dict[str, _Line] = {}
        self._tasks: anyio.abc.TaskGroup | None = None

    def __len__(self) -> int:
        """Return the number of connections that are open."""
        return len(self._open)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve while the block runs; what is open then is given up."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()
                self._open.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        request = Request(scope, receive)
        version = request.headers.get(_VERSION.decode())
        name = request.headers.get(MCP_SESSION_ID_HEADER)
        if version is not None and version not in HANDSHAKE_PROTOCOL_VERSIONS:
            data = {"supported": list(HANDSHAKE_PROTOCOL_VERSIONS), "requested": version[:32]}
            await _refuse(400, _UNSUPPORTED, "a world needs a connection: begin with initialize", data)(
                scope, receive, send
            )
        elif name is None:
            await self._begin(request, scope, receive, send)
        elif (line := self._open.get(name)) is None:
            await _refuse(404, types.INVALID_REQUEST, "Session not found")(scope, receive, send)
        else:
            await self._go_on(line, name, scope, receive, send)

    async def _go_on(self, line: _Line, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            # Two clients with one identifier may number their requests alike, and answers find their way by number.
            async with line.turn:
                await line.transport.handle_request(scope, receive, send)
        else:
            await line.transport.handle_request(scope, receive, send)
        if line.transport.is_terminated:
            self._open.pop(name, None)

    async def _begin(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Open a connection; only a handshake opens one that stays."""
        if len(self._open) >= self._most:
            await _refuse(503, types.INTERNAL_ERROR, f"{self._most} connections are open, which is the most")(
                scope, receive, send
            )
            return
        transport = StreamableHTTPServerTransport(
            secrets.token_urlsafe(16), is_json_response_enabled=True, idle_timeout=self._ttl
        )
        name = transport.mcp_session_id
        assert name is not None
        assert self._tasks is not None
        self._open[name] = _Line(transport)
        statuses: list[int] = []

        async def watched(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            server_args = _beginning(request, self._beginning)
            session = await self._worlds.begin(server_args)
            await self._tasks.start(self._serve, name, transport, world_server(session, self._worlds))
            await transport.handle_request(scope, receive, watched)
        except FunReasonError as error:
            await _refuse(400, types.INVALID_PARAMS, str(error))(scope, receive, send)
        finally:
            if not statuses or statuses[0] >= 400:
                await self._give_up(name, transport)

    async def _serve(
        self, name: str, transport: StreamableHTTPServerTransport, server: Server[Any], *,
        task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
    ) -> None:  # fmt: skip
        async with transport.connect() as (reading, writing):
            task_status.started()
            try:
                with transport.idle_scope or anyio.CancelScope():
                    await serve_loop(
                        server, reading, writing, lifespan_state={}, session_id=name, init_options=handshake_of(server)
                    )
            finally:
                await self._give_up(name, transport)

    async def _give_up(self, name: str, transport: StreamableHTTPServerTransport) -> None:
        self._open.pop(name, None)
        if not transport.is_terminated:
            with anyio.CancelScope(shield=True):
                await transport.terminate()


def _beginning(request: Request, usual: Beginning) -> Beginning:
    """Return what a URL asks a session to start with.

    Raises:
        UsageError: It asks for what there is not.
    """
    asked = request.query_params
    unknown = asked.keys() - {"seed", "task"}
    if unknown:
        raise UsageError("the query of the URL takes seed or task")
    seed = asked.get("seed")
    if seed is None:
        return usual if "task" not in asked else usual._replace(task=asked["task"])
    if "task" in asked or not (seed.isascii() and seed.isdecimal() and len(seed) < 19):
        raise UsageError("seed: give an integer from 0, and no task beside it")
    return usual._replace(seed=int(seed), task=None)


def _refuse(status: int, code: int, message: str, data: Any = None) -> Response:  # noqa: ANN401 - JSON
    error = types.ErrorData(code=code, message=message, data=data)
    body = types.JSONRPCError(jsonrpc="2.0", id=None, error=error)
    return Response(body.model_dump_json(by_alias=True, exclude_unset=True), status, media_type="application/json")
