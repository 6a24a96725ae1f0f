"""How fast worlds are served, each figure beside a bare server of the same kind in the same run.

HTTP: calls of a tool, beside a bare Starlette application that echoes. MCP over HTTP: the same, beside a bare server
with one tool that echoes. Servers are processes; this one asks, over connections that each wait for an answer before
they ask again.

Three figures a row: calls a second, which depends on what else the machine does, and processor time a call of the
server and of this process, which hardly do. With a core each, the slower of the two says how many calls there are.

Run: python benchmarks/bench_serve.py [--seconds 2] [--connections 16] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}},
}  # fmt: skip
CALL = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "list_accounts", "arguments": {}}}

ECHO_HTTP = """
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
async def echo(request):
    return Response(await request.body(), media_type="application/json")
app = Starlette(routes=[Route("/{session}/calls", echo, methods=["POST"])])
"""

ECHO_MCP = """
from mcp import types
from mcp.server.lowlevel import Server
async def listed(context, params):
    return types.ListToolsResult(tools=[types.Tool(name="list_accounts", input_schema={"type": "object"})])
async def echo(context, params):
    return types.CallToolResult(content=[types.TextContent(type="text", text=params.name)])
app = Server("echo", on_list_tools=listed, on_call_tool=echo).streamable_http_app(json_response=True)
"""

LISTEN = """
import sys
from fr_envs.serve.listening import bound, serve_app
listener = bound("127.0.0.1", 0)
sys.stderr.write(f"at http://127.0.0.1:{listener.getsockname()[1]};\\n")
sys.stderr.flush()
serve_app(app, listener)
"""

OURS = [sys.executable, "-m", "fr_synth.cli", "serve"]


class Figure(NamedTuple):
    """One line of the table.

    Attributes:
        what: What was measured.
        rate: Calls a second.
        cpu: Processor time of the server, in microseconds a call.
        asking: Processor time of the client, in microseconds a call.
        ratio: Processor time of the floor divided by this one; None for a floor.
    """

    what: str
    rate: float
    cpu: float
    asking: float
    ratio: float | None = None


@contextlib.contextmanager
def served(command: list[str]) -> Iterator[tuple[str, int]]:
    """Run a server; yields its address and the number of its process."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        if "http://" not in line:
            raise SystemExit(f"no server: {line}{process.stderr.read()}")
        yield line.split("at ")[-1].split(";")[0], process.pid
    finally:
        process.terminate()
        process.wait()


def cpu_of(process: int) -> float:
    """Return the processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(url: str, path: str, body: object, headers: dict[str, str]) -> tuple[http.client.HTTPMessage, bytes]:
    """Send one request."""
    host = urlsplit(url)
    connection = http.client.HTTPConnection(host.hostname or "", host.port)
    connection.request("POST", path, json.dumps(body), headers)
    with contextlib.closing(connection), connection.getresponse() as answer:
        return answer.headers, answer.read()


def request_of(path: str, body: object, headers: dict[str, str]) -> bytes:
    """Return a request as it goes over the wire."""
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1:80", f"content-length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


async def keep_asking(url: str, requests: list[bytes], seconds: float) -> float:
    """Ask over a connection for each request, again and again; return the answers a second."""
    host = urlsplit(url)
    answers = 0
    stop = time.perf_counter() + seconds

    async def one(request: bytes) -> None:
        nonlocal answers
        reader, writer = await asyncio.open_connection(host.hostname, host.port)
        while time.perf_counter() < stop:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith(b"http/1.1 200"):
                raise SystemExit(f"no answer: {head!r}")
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            answers += 1
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(one(request) for request in requests))
    return answers / (time.perf_counter() - start)


def measured(what: str, url: str, process: int, requests: list[bytes], seconds: float) -> Figure:
    """Warm a server up and measure it."""
    asyncio.run(keep_asking(url, requests, seconds / 4))
    before, own, start = cpu_of(process), time.process_time(), time.perf_counter()
    rate = asyncio.run(keep_asking(url, requests, seconds))
    asking, spent = time.process_time() - own, cpu_of(process) - before
    calls = rate * (time.perf_counter() - start)
    return Figure(what, rate, spent / calls * 1e6, asking / calls * 1e6)


def http_figures(seconds: float, connections: int) -> list[Figure]:
    """Measure HTTP."""
    body = {"name": "list_accounts", "arguments": {}}
    with served([sys.executable, "-c", ECHO_HTTP + LISTEN]) as (url, process):
        floor = measured("bare Starlette", url, process, [request_of("/x/calls", body, HEADERS)] * connections, seconds)
    with served([*OURS, "http", "banking", "--port", "0"]) as (url, process):
        opened = [json.loads(ask(url, "/sessions", {"seed": seed}, HEADERS)[1]) for seed in range(connections)]
        requests = [request_of(f"/sessions/{each['session']}/calls", body, HEADERS) for each in opened]
        ours = measured("HTTP", url, process, requests, seconds)
    return [floor, ours._replace(ratio=floor.cpu / ours.cpu)]


def mcp_figures(seconds: float, connections: int) -> list[Figure]:
    """Measure MCP over HTTP."""
    figures = []
    commands = {
        "bare MCP server": [sys.executable, "-c", ECHO_MCP + LISTEN],
        "MCP over HTTP": [*OURS, "mcp", "banking", "--transport", "http", "--port", "0"],
    }
    for what, command in commands.items():
        with served(command) as (address, process):
            url = address.removesuffix("/mcp")
            requests = []
            for _ in range(connections):
                headers, _ = ask(url, "/mcp", HELLO, HEADERS)
                own = HEADERS | {"mcp-session-id": headers["mcp-session-id"], "mcp-protocol-version": "2025-11-25"}
                requests.append(request_of("/mcp", CALL, own))
            figures.append(measured(what, url, process, requests, seconds))
    floor, ours = figures
    return [floor, ours._replace(ratio=floor.cpu / ours.cpu)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each server is asked (default: 2)")
    parser.add_argument("--connections", type=int, default=16, help="connections at once (default: 16)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to a file")
    options = parser.parse_args()
    figures = http_figures(options.seconds, options.connections) + mcp_figures(options.seconds, options.connections)
    for figure in figures:
        ratio = "" if figure.ratio is None else f"   {figure.ratio:.2f} of the floor"
        most = 1e6 / max(figure.cpu, figure.asking)
        line = (
            f"{figure.what:<16} {figure.rate:8.0f} calls/s   {figure.cpu:6.0f} + {figure.asking:4.0f} us a call,"
            f" {most:6.0f}/s on two cores{ratio}"
        )
        sys.stdout.write(line + "\n")
    if options.json:
        options.json.write_text(json.dumps([figure._asdict() for figure in figures], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
