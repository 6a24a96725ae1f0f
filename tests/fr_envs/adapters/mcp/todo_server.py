"""An MCP server over stdio without a library, so that it starts at once: a list of tasks, gone with the process.

``dies`` adds a tool that ends the process, ``hangs`` one that never answers, ``lies`` one whose result its own schema
refuses.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

TASKS: dict[str, dict[str, Any]] = {
    f"task-{number}": {"task_id": f"task-{number}", "title": title, "done": 0}
    for number, title in ((41, "Water the plants"), (57, "Call the plumber"))
}
TASK = {
    "type": "object",
    "properties": {"task_id": {"type": "string"}, "title": {"type": "string"}, "done": {"type": "integer"}},
    "required": ["task_id", "title", "done"],
}
LIST = {"type": "object", "properties": {"tasks": {"type": "array", "items": TASK}}, "required": ["tasks"]}


def takes(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": list(names)}


TOOLS = [
    {"name": "add_task", "description": "Add a task.", "inputSchema": takes("title"), "outputSchema": TASK},
    {
        "name": "list_tasks",
        "description": "List the open tasks.",
        "inputSchema": takes(),
        "outputSchema": LIST,
        "annotations": {"readOnlyHint": True},
    },
    {"name": "finish_task", "description": "Finish a task.", "inputSchema": takes("task_id"), "outputSchema": TASK},
]
if "dies" in sys.argv:
    TOOLS.append({"name": "archive_list", "description": "Archive the list.", "inputSchema": takes()})
if "hangs" in sys.argv:
    TOOLS.append({"name": "tidy_up", "description": "Tidy the list up.", "inputSchema": takes()})
if "lies" in sys.argv:
    reads = {"readOnlyHint": True}
    schema = {"type": "object", "properties": {"open": {"type": "integer"}}, "required": ["open"]}
    text = "Count the open tasks."
    lie = {"name": "count_tasks", "description": text, "inputSchema": takes(), "outputSchema": schema}
    TOOLS.append({**lie, "annotations": reads})


def called(name: str, given: dict[str, str]) -> dict[str, Any]:
    if name == "archive_list":
        os._exit(3)
    if name == "tidy_up":
        time.sleep(3600)
    if name == "count_tasks":
        return {"open": "several"}
    if name == "add_task":
        key = f"task-{60 + 7 * len(TASKS)}"
        TASKS[key] = {"task_id": key, "title": given["title"], "done": 0}
        return TASKS[key]
    if name == "list_tasks":
        return {"tasks": [task for task in TASKS.values() if not task["done"]]}
    task = TASKS[given["task_id"]]
    if task["done"]:
        raise KeyError(task["task_id"])
    task["done"] = 1
    return task


Called = Callable[[str, dict[str, str]], dict[str, Any]]


def answered(served: tuple[str, list[dict[str, Any]], Called], method: str, given: dict[str, Any]) -> Any:
    title, tools, called = served
    if method == "initialize":
        server = {"name": title, "version": "1"}
        return {"protocolVersion": given["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": server}
    if method == "tools/list":
        return {"tools": tools}
    if method != "tools/call":
        return None
    try:
        value = called(given["name"], given.get("arguments") or {})
    except KeyError as error:
        return {"content": [{"type": "text", "text": f"no open task {error}"}], "isError": True}
    return {"content": [{"type": "text", "text": json.dumps(value)}], "structuredContent": value}


def serve(title: str, tools: list[dict[str, Any]], called: Called) -> None:
    """Answer until the input ends; what ``called`` raises as a KeyError is a refusal."""
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        result = answered((title, tools, called), message["method"], message.get("params") or {})
        error = {"code": -32601, "message": "no such method"}
        reply = {"jsonrpc": "2.0", "id": message["id"]} | ({"error": error} if result is None else {"result": result})
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve("To Do", TOOLS, called)
