"""An MCP server over stdio, without a library, with tools whose state is in a file, and so outlives it; it counts its
starts. Told to, it keeps its state in memory, or wipes the file when it starts. It answers as ``todo_server.py`` does.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[4]))  # it runs in a folder of its own

from tests.fr_envs.adapters.mcp.todo_server import serve, takes

HOME = Path(sys.argv[1] if len(sys.argv) > 1 else ".")


def gives(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"result": schema}, "required": ["result"]}


TOOLS: list[dict[str, Any]] = [
    {
        "name": "put_box", "description": "Put a box on the shelf.", "inputSchema": takes("name"),
        "outputSchema": gives({"type": "integer"}),
    },
    {
        "name": "list_boxes", "description": "List the boxes.", "inputSchema": takes(),
        "outputSchema": gives({"type": "array", "items": {"type": "string"}}), "annotations": {"readOnlyHint": True},
    },
    {
        "name": "clear", "description": "Take every box away.", "inputSchema": takes(),
        "outputSchema": gives({"type": "boolean"}),
    },
]  # fmt: skip


memory = ["lamp"]


def remembered(name: str, given: dict[str, str]) -> dict[str, Any]:
    if name == "put_box":
        memory.append(given["name"])
        return {"result": len(memory)}
    return {"result": memory}


def called(name: str, given: dict[str, str]) -> dict[str, Any]:
    boxes = HOME / "data" / "boxes"
    if name == "put_box":
        with boxes.open("a") as file:
            file.write(f"{given['name']}\n")
        return {"result": len(boxes.read_text().split())}
    if name == "list_boxes":
        return {"result": boxes.read_text().split()}
    boxes.write_text("lamp\n")
    return {"result": True}


if __name__ == "__main__":
    with (HOME / "starts").open("a") as starts:
        starts.write("x")
    if "broken" in sys.argv:
        raise RuntimeError("no shelf")
    if "wipe" in sys.argv:
        (HOME / "data" / "boxes").write_text("lamp\n")
    serve("Shelf", TOOLS, remembered if "memory" in sys.argv else called)
