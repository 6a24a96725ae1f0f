"""A task of two turns, and what the reference writes in it."""

from __future__ import annotations

import json

import msgspec

from fr_envs import Session, ToolCall
from fr_envs.episode.task import Answer, Goal, Task, Turn


def two_turns() -> Task:
    session = Session("filesystem")
    session.reset(seed=7)
    here = session.call("pwd")["path"]
    session.call("mkdir", {"path": "drafts"})
    made = Turn(
        "Make a folder drafts, please.", Goal(changes=session.diff()), (ToolCall("mkdir", {"path": "drafts"}),), "Done."
    )
    where = Turn(
        "Where am I?", Goal(answers=(Answer(here, here),)), (ToolCall("pwd", {}),), f"You are in {here}.",
        tools=("pwd", "ls"),
    )  # fmt: skip
    return Task("filesystem", (7,), (made, where), id="t-1")


TASK = two_turns()
TEXT = msgspec.json.encode(TASK).decode()


def script(task: Task = TASK) -> list[str]:
    """What the reference writes, step by step."""
    steps = []
    for turn in task.turns:
        calls = [{"name": call.name, "arguments": call.arguments} for call in turn.calls]
        steps += [f"<tool_call>{json.dumps(call)}</tool_call>" for call in calls]
        steps.append(turn.reply)
    return steps
