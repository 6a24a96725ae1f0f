"""Pieces that several formats write alike: calls as text, tools without their envelope, turns with their history."""

from __future__ import annotations

import json
import keyword
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.export.example import tools_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.export.example import Example

__all__ = ["TurnStart", "called", "calls_of", "compact", "first_messages", "functions_of", "python_call", "turn_starts"]


def compact(value: Json) -> str:
    """Return a JSON value as text on one line, as chat templates write it."""
    return json.dumps(value, ensure_ascii=False)


def calls_of(message: JsonObject) -> list[JsonObject]:
    """Return the calls of a message, each with ``name`` and ``arguments``."""
    calls: Sequence[JsonObject] = message.get("tool_calls") or ()
    return [{"name": call["function"]["name"], "arguments": call["function"]["arguments"]} for call in calls]


def functions_of(example: Example) -> list[JsonObject]:
    """Return the tools offered without their envelope: ``name``, ``description``, ``parameters``."""
    return [tool["function"] for tool in tools_in(example.tools)]


def python_call(name: str, arguments: JsonObject) -> str:
    r"""Return a call as Python writes it.

    Example:
        >>> python_call("cd", {"folder": "it's", "deep": True})
        'cd(folder="it\'s", deep=True)'
    """
    plain = {key: value for key, value in arguments.items() if _is_plain(key)}
    others = {key: value for key, value in arguments.items() if key not in plain}
    inside = [f"{key}={value!r}" for key, value in plain.items()] + ([f"**{others!r}"] if others else [])
    return f"{name}({', '.join(inside)})"


def _is_plain(name: str) -> bool:
    """Return True if Python reads a name as it stands: no keyword, and nothing that it would normalise."""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name)


def called(message: JsonObject) -> str:
    """Return the calls of a message as a Python list of them."""
    return "[" + ", ".join(python_call(call["name"], call["arguments"]) for call in calls_of(message)) + "]"


def first_messages(example: Example) -> list[JsonObject]:
    """Return what an agent is given at the beginning: the policy and the first message of the user."""
    first = next(at for at, message in enumerate(example.messages) if message["role"] == "user")
    return list(example.messages[: first + 1])


class TurnStart(NamedTuple):
    """Where a turn begins.

    Attributes:
        number: Number of the turn, from 0.
        history: All messages up to that of the user, which is the last.
        answer: What follows until the user speaks again.
    """

    number: int
    history: tuple[JsonObject, ...]
    answer: tuple[JsonObject, ...]


def turn_starts(example: Example) -> Iterator[TurnStart]:
    """Iterate over the turns of a dialogue."""
    users = [at for at, message in enumerate(example.messages) if message["role"] == "user"]
    for number, (start, end) in enumerate(zip(users, [*users[1:], len(example.messages)], strict=True)):
        yield TurnStart(number, example.messages[: start + 1], example.messages[start + 1 : end])
