"""A real MCP server over stdio or HTTP: a notebook that is gone when the process is, with tools that misbehave."""

import os
import socket
import sys
import time

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel

SERVER = MCPServer("Note Book", log_level="CRITICAL")
READS = ToolAnnotations(read_only_hint=True)
NOTES: dict[int, str] = {}
CALLS: list[str] = []


class Note(BaseModel):
    """A note."""

    number: int
    text: str


@SERVER.tool()
def add_note(text: str, from_: str | None = None) -> Note:
    """Write a note down."""
    if not text:
        raise ToolError("a note needs a text")
    NOTES[len(NOTES) + 1] = text if from_ is None else f"{text} ({from_})"
    return Note(number=len(NOTES), text=NOTES[len(NOTES)])


@SERVER.tool(annotations=READS)
def list_notes() -> list[Note]:
    """List every note."""
    return [Note(number=number, text=text) for number, text in NOTES.items()]


@SERVER.tool(annotations=READS, structured_output=False)
def export(form: str = "json") -> str:
    """Give every note as one text."""
    return '{"notes": [' + ", ".join(f'"{text}"' for text in NOTES.values()) + "]}" if form == "json" else str(NOTES)


@SERVER.tool()
def die() -> str:
    """End the process."""
    os._exit(3)


@SERVER.tool()
def hang() -> str:
    """Never answer."""
    time.sleep(3600)
    return "late"


@SERVER.tool()
def tick() -> float:
    """Answer differently in every process."""
    return time.monotonic() + os.getpid()


def serve() -> None:
    """Serve over HTTP at a port that is free, and write down where."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(SERVER.streamable_http_app(), log_level="critical")).run([listening])


if __name__ == "__main__":
    if "http" in sys.argv:
        serve()
    else:
        SERVER.run()
