"""MCP servers in: their tools as a contract, their calls executed, through the official client.

A server over stdio is a process of its own: every connection starts a fresh one, so its states can be forked by calling
again (``fr_envs.adapters.replaying``). A server over HTTP goes on living between connections; its states are forked
only where it is said that each connection finds it in its first state.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import inspect
import shlex
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from fr_envs.adapters.foreign import (
    FAILURES,
    ForeignTool,
    Imported,
    OnError,
    collect,
    domain_name,
    effect_by_name,
    fitted,
)
from fr_envs.adapters.mcp.chatter import Rubbish, ServerLog, without_rubbish
from fr_envs.adapters.mcp.results import Results
from fr_envs.adapters.python.docstrings import docstring_parts, without_sections
from fr_envs.adapters.replaying import RemoteWorld
from fr_envs.errors import ForeignToolError, Refusal, UsageError
from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anyio.from_thread import BlockingPortal
    from mcp import Client
    from mcp.types import CallToolResult, Tool

    from fr_envs.adapters.replaying import Channel, Forks
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["GoingBack", "HttpServer", "McpChannel", "Server", "StdioServer", "mcp_world", "read_mcp", "server_of"]


class StdioServer(msgspec.Struct, frozen=True):
    """A server that is a process.

    Attributes:
        command: What is started.
        arguments: Its arguments.
        environment: Variables beyond those that a server is started with.
        folder: Where it is started; None for here.
    """

    command: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    folder: str | None = None


class HttpServer(msgspec.Struct, frozen=True):
    """A server over streamable HTTP.

    Attributes:
        url: Its endpoint.
        fresh: Every connection finds it in its first state, so states can be forked.
    """

    url: str
    fresh: bool = False


Server = StdioServer | HttpServer


class GoingBack(NamedTuple):
    """How a server comes to an earlier state.

    Attributes:
        forks: Whether it does at all; None for where it can.
        reset: Puts it into its first state by the connection that there is; None to open another.
        tool: Tool that this takes, which is no tool of the world.
    """

    forks: Forks | None = None
    reset: Callable[[Channel], None] | None = None
    tool: str | None = None


def read_mcp(
    server: Server | str, *, name: str | None = None, timeout: float = 30.0, on_error: OnError = "stop"
) -> Imported:
    """Return the contract of a server's tools.

    Args:
        server: The server; as text, a URL or a command line.
        name: Short name of the world; made of the server's name if None.
        timeout: Seconds that each answer may take.
        on_error: Whether a faulty tool stops everything or is left out and reported.

    Raises:
        ForeignToolError: The server does not start, dies, hangs, or does not speak the protocol.
        SpecError: A tool in it is faulty.
        UsageError: The client is not installed, or ``name`` is no name of a world.
    """
    server = server_of(server)
    with contextlib.closing(McpChannel(server, timeout)) as channel:
        return _imported(channel, _label(server), name, on_error)


def mcp_world(
    server: Server | str,
    *,
    name: str | None = None,
    spec: DomainSpec | None = None,
    timeout: float = 30.0,
    on_error: OnError = "stop",
    going_back: GoingBack | None = None,
) -> RemoteWorld:
    """Return the world behind a server; close it after use.

    Args:
        server: The server; as text, a URL or a command line.
        name: Short name of the world; made of the server's name if None.
        spec: A corrected contract in place of the one that is read from the server.
        timeout: Seconds that each answer may take.
        on_error: Whether a faulty tool, now or when called, stops everything or is left out.
        going_back: How the server comes to an earlier state; a process by starting it anew, an endpoint only where it
            is ``fresh``, if not given.

    Raises:
        ForeignToolError: The server does not start, dies, hangs, or does not speak the protocol.
        SpecError: A tool in it is faulty, or ``spec`` has tools that it does not offer.
        UsageError: The client is not installed, or ``name`` is no name of a world.
    """
    server = server_of(server)
    with contextlib.ExitStack() as stack:
        channel = stack.enter_context(contextlib.closing(McpChannel(server, timeout)))
        going_back = going_back or GoingBack()
        imported = _imported(channel, _label(server), name, on_error, going_back.tool)
        spec, left_out = fitted(imported, spec, on_error)
        anew = isinstance(server, StdioServer) or server.fresh
        forks = going_back.forks or ("replay" if anew or going_back.reset is not None else "refuse")
        if forks == "replay" and not anew and going_back.reset is None:
            raise UsageError(f"{_label(server)} cannot go back: give reset:, or fresh: true, or leave forks: out")
        world = RemoteWorld(
            spec, imported.names, functools.partial(McpChannel, server, timeout),
            on_error=on_error, forks=forks, reset=going_back.reset,
            suspected=isinstance(server, StdioServer) and going_back.reset is None and forks == "replay",
        )  # fmt: skip
        world.domain.left_out = left_out
        if going_back.reset is None:
            world.take(channel)
            stack.pop_all()
    return world


def _imported(
    channel: McpChannel, label: str, name: str | None, on_error: OnError, without: str | None = None
) -> Imported:
    title = channel.server_name
    return collect(
        (_tool(tool) for tool in channel.tools() if tool.name != without),
        name=name or domain_name(title), summary=f"Tools of the MCP server {title}.", source=label, on_error=on_error,
    )  # fmt: skip


def server_of(given: Server | str) -> Server:
    """Return the server that a text means: a URL, or a command line; a server is itself.

    Raises:
        UsageError: The text is neither.
    """
    if not isinstance(given, str):
        return given
    if urlsplit(given).scheme in {"http", "https"}:
        return HttpServer(given)
    try:
        words = shlex.split(given)
    except ValueError as error:
        raise UsageError(f"{given!r} is no command line: {error}") from error
    if not words:
        raise UsageError("give a server: a URL, or the command line that starts one")
    return StdioServer(words[0], tuple(words[1:]))


def _label(server: Server) -> str:
    return server.url if isinstance(server, HttpServer) else shlex.join((server.command, *server.arguments))


def _tool(tool: Tool) -> ForeignTool:
    notes = tool.annotations
    return ForeignTool(
        name=tool.name, description=without_sections(tool.description or ""), returns=tool.output_schema,
        effect=_effect(tool.name, None if notes is None else notes.read_only_hint),
        parameters=_explained(tool.input_schema, tool.description or ""), pointer=f"/tools/{escape(tool.name)}",
        parameters_pointer="/inputSchema", returns_pointer="/outputSchema", errors=FAILURES,
    )  # fmt: skip


def _explained(schema: JsonObject, description: str) -> JsonObject:
    """Return the schema of a tool's arguments with what its description says of each under ``Args:``.

    Servers in Python hand a function's docstring on as it is, and leave arguments without a word of their own.
    """
    _, told, _ = docstring_parts(inspect.cleandoc(description))
    given = schema.get("properties", {})
    more = {
        name: {**part, "description": told[name]}
        for name, part in given.items()
        if told.get(name) and isinstance(part, dict) and not part.get("description")
    }
    return {**schema, "properties": {**given, **more}} if more else schema


def _effect(name: str, hint: bool | None) -> Literal["read", "write"]:
    """Return what a tool does by its owner's hint; without one, by its name."""
    if hint is None:
        return effect_by_name(name)
    return "read" if hint else "write"


_MOST_PAGES = 100

_CAUSES = (OSError, RuntimeError, ValueError)  # beside the client's own: no process, a result that is a lie


class McpChannel:
    """One connection to a server; a client of it runs in a thread of its own.

    Args:
        server: The server.
        timeout: Seconds that each answer may take.

    Raises:
        ForeignToolError: The server does not start, dies, hangs, or does not speak the protocol.
        UsageError: The client is not installed.
    """

    def __init__(self, server: Server, timeout: float) -> None:
        """Start the server, or reach it, and shake hands."""
        if importlib.util.find_spec("mcp") is None:
            raise UsageError("MCP servers need the official client: pip install 'funreason[mcp]'")
        self._label = _label(server)
        self._timeout = timeout
        self._log = ServerLog() if isinstance(server, StdioServer) else None
        self._rubbish = Rubbish()
        with contextlib.ExitStack() as stack, self._blamed(self._label):
            if self._log is not None:
                stack.callback(self._log.close)
            self._portal = stack.enter_context(contextlib.closing(_Loop())).portal
            self._client = stack.enter_context(
                self._portal.wrap_async_context_manager(_client(server, timeout, self._log, self._rubbish))
            )
            # The library would check results with Python's regular expressions, on which a stranger's can hang.
            vars(self._client.session)["validate_tool_result"] = Results(self._client).check
            if self._log is not None:
                self._log.handed()
            self._stack = stack.pop_all()

    @property
    def server_name(self) -> str:
        """What the server calls itself."""
        info = self._client.server_info
        return info.name if info is not None else "mcp"

    def tools(self) -> list[Tool]:
        """Return the server's tools.

        Raises:
            ForeignToolError: The server dies, hangs, or lists them wrongly.
        """
        found: list[Tool] = []
        cursor: str | None = None
        with self._blamed(self._label):
            for _ in range(_MOST_PAGES):
                page = self._portal.call(functools.partial(self._client.list_tools, cursor=cursor))
                found += page.tools
                cursor = page.next_cursor
                if not cursor:
                    return found
        raise ForeignToolError(self._label, f"lists its tools on more than {_MOST_PAGES} pages", "fix the server")

    def call(self, tool: str, arguments: JsonObject) -> Json:
        """Call a tool by its owner's name and return what it answers.

        Raises:
            Refusal: The tool says no.
            ForeignToolError: It died, hung, or gave a result that its own schema refuses.
        """
        with self._blamed(tool):
            result = self._portal.call(functools.partial(self._client.call_tool, tool, arguments))
        if result.is_error:
            raise Refusal("tool_failed", _said(result)[:2000])
        return result.structured_content if "structured_content" in result.model_fields_set else _unstructured(result)

    def close(self) -> None:
        """Let go of the connection, and of the process behind it."""
        with contextlib.suppress(ForeignToolError), self._blamed(self._label):
            self._stack.close()

    @contextlib.contextmanager
    def _blamed(self, tool: str) -> Iterator[None]:
        """Turn whatever goes wrong between client and server into one clear error.

        Raises:
            ForeignToolError: Something did.
            Refusal: The server took the arguments for wrong ones.
        """
        import anyio
        from mcp import MCPError
        from mcp.types import INVALID_PARAMS, REQUEST_TIMEOUT

        try:
            yield
        except (*_CAUSES, MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError, BaseExceptionGroup) as error:
            cause = _innermost(error)
            code = cause.code if isinstance(cause, MCPError) else None
            if code == INVALID_PARAMS:
                raise Refusal("tool_failed", str(cause)) from error
            raise self._fault(tool, cause, late=code == REQUEST_TIMEOUT or isinstance(cause, TimeoutError)) from error

    def _fault(self, tool: str, error: BaseException, *, late: bool) -> ForeignToolError:
        log = "" if self._log is None else self._log.named()
        if self._rubbish.told:
            return ForeignToolError(tool, f"{self._rubbish.told}{log}", "let it write messages alone there")
        if late:
            problem = f"did not answer within {self._timeout:g} s{log}"
            return ForeignToolError(tool, problem, "raise timeout, or see to it")
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        return ForeignToolError(tool, f"{said[:300]}{log}", "see that the server runs and keeps to what it declares")


class _Loop:
    """An event loop in a thread that ends with the program.

    The library's own helper waits for its thread when Python ends, for ever where nobody has closed the world. No
    generator either: Python would run its end, and wait, when it clears up.
    """

    def __init__(self) -> None:
        ready: Future[BlockingPortal] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        self.portal = ready.result()

    @staticmethod
    def _run(ready: Future[BlockingPortal]) -> None:
        import anyio
        from anyio.from_thread import BlockingPortal

        async def serve() -> None:
            async with BlockingPortal() as portal:
                ready.set_result(portal)
                await portal.sleep_until_stopped()

        anyio.run(serve)

    def close(self) -> None:
        self.portal.start_task_soon(self.portal.stop, True)
        self._thread.join()


def _client(server: Server, timeout: float, log: ServerLog | None, rubbish: Rubbish) -> Client:
    from mcp import Client, StdioServerParameters, stdio_client

    if isinstance(server, HttpServer) or log is None:
        return Client(getattr(server, "url", ""), read_timeout_seconds=timeout)
    parameters = StdioServerParameters(
        command=server.command, args=list(server.arguments), env=dict(server.environment), cwd=server.folder
    )
    transport = without_rubbish(stdio_client(parameters, errlog=log.stream), rubbish)
    return Client(transport, read_timeout_seconds=timeout)


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _said(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if part.type == "text")


def _unstructured(result: CallToolResult) -> Json:
    """Return what a result without structure says: JSON where its text is an object or a list, else the text."""
    text = _said(result)
    if text.strip()[:1] in {"{", "["}:
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(text)
    return text
