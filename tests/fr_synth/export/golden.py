"""One small dialogue, written down by hand, with everything in it that formats treat differently."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from fr_envs.episode.task import Goal, Task, Turn
from fr_envs.world.tool_call import ToolCall
from fr_synth.export.example import Example
from fr_synth.trace.failed_attempt import FailedAttempt

TOOLS: list[dict[str, Any]] = [
    {"type": "function", "function": {"name": name, "description": about, "parameters": {
        "type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"],
    }}}
    for name, about in (("cd", "Change the directory."), ("stat", "Tell the size."))
]  # fmt: skip


def call(number: int, name: str, path: str) -> dict[str, Any]:
    return {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": {"path": path}}}


MESSAGES: tuple[dict[str, Any], ...] = (
    {"role": "system", "content": "Paths are absolute."},
    {"role": "user", "content": "Go to /a, and how big are /a/é and /a/0600?"},
    {"role": "assistant", "content": "", "reasoning_content": "First cd.", "tool_calls": [call(0, "cd", "/a")]},
    {"role": "tool", "tool_call_id": "call_0", "name": "cd", "content": '{"path": "/a"}'},
    {
        "role": "assistant", "content": "", "reasoning_content": "Both at once.",
        "tool_calls": [call(1, "stat", "/a/é"), call(2, "stat", "/a/0600")],
    },
    {"role": "tool", "tool_call_id": "call_1", "name": "stat", "content": '{"size": 5.0}'},
    {"role": "tool", "tool_call_id": "call_2", "name": "stat", "content": '{"size": 7}'},
    {"role": "assistant", "content": "5 and 7.", "reasoning_content": "Tell it."},
    {"role": "user", "content": "Thanks!"},
    {"role": "assistant", "content": "You are welcome."},
)  # fmt: skip

TASK = Task(
    domain="paint_shop",
    seed=(7, 0, 1),
    turns=(
        Turn(
            MESSAGES[1]["content"], Goal(),
            (ToolCall("cd", {"path": "/a"}), ToolCall("stat", {"path": "/a/é"}), ToolCall("stat", {"path": "/a/0600"})),
            "5 and 7.",
        ),
        Turn("Thanks!", Goal(), (), "You are welcome.", "no_call"),
    ),
    id="x-1",
)  # fmt: skip

EXAMPLE = Example(
    id="x-1", domain="paint_shop", messages=MESSAGES, tools=json.dumps(TOOLS), kinds=("act", "no_call"), seed=(7, 0, 1),
    scale="small", situation="", teacher="scripted", proven=True, task_text=msgspec.json.encode(TASK).decode(), index=3,
    split="val",
)  # fmt: skip

FAILED = (
    FailedAttempt(4, ("stat fails with no_such_path: No /b.",), "Try /b.", (ToolCall("stat", {"path": "/b"}),)),
    FailedAttempt(7, ("it tells nothing",), "So.", (), "Done."),
    FailedAttempt(7, ("it tells nothing",), "So on and", cut=True),
)

ERRING = msgspec.structs.replace(EXAMPLE, evidence=msgspec.json.encode({"turns": [{"failed": FAILED}, {}]}))
"""The same dialogue with what was not taken."""
