"""A real MCP server over stdio with two tools whose state is in a file, and so outlives it; it counts its starts."""

import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

HOME = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
SERVER = MCPServer("Shelf", log_level="CRITICAL")


@SERVER.tool()
def put_box(name: str) -> int:
    """Put a box on the shelf."""
    with (HOME / "data" / "boxes").open("a") as boxes:
        boxes.write(f"{name}\n")
    return len(list_boxes())


@SERVER.tool(annotations=ToolAnnotations(read_only_hint=True))
def list_boxes() -> list[str]:
    """List the boxes."""
    return (HOME / "data" / "boxes").read_text().split()


@SERVER.tool()
def clear() -> bool:
    """Take every box away."""
    (HOME / "data" / "boxes").write_text("lamp\n")
    return True


if __name__ == "__main__":
    with (HOME / "starts").open("a") as starts:
        starts.write("x")
    if "broken" in sys.argv:
        raise RuntimeError("no shelf")
    SERVER.run()
