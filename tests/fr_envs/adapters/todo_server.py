"""A real MCP server over stdio that behaves: a list of tasks, gone when the process is."""

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel

SERVER = MCPServer("To Do", log_level="CRITICAL")
READS = ToolAnnotations(read_only_hint=True)


class Task(BaseModel):
    """A task."""

    task_id: str
    title: str
    done: int = 0


TASKS: dict[str, Task] = {
    f"task-{number}": Task(task_id=f"task-{number}", title=title)
    for number, title in ((41, "Water the plants"), (57, "Call the plumber"))
}


@SERVER.tool()
def add_task(title: str) -> Task:
    """Add a task to the list."""
    number = 60 + 7 * len(TASKS)
    TASKS[f"task-{number}"] = Task(task_id=f"task-{number}", title=title)
    return TASKS[f"task-{number}"]


@SERVER.tool(annotations=READS)
def list_tasks() -> list[Task]:
    """List the open tasks."""
    return [task for task in TASKS.values() if not task.done]


@SERVER.tool()
def finish_task(task_id: str) -> Task:
    """Finish a task."""
    if task_id not in TASKS or TASKS[task_id].done:
        raise ToolError(f"no open task {task_id!r}")
    TASKS[task_id] = Task(task_id=task_id, title=TASKS[task_id].title, done=1)
    return TASKS[task_id]


if __name__ == "__main__":
    SERVER.run()
