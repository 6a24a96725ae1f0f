"""Tools that come later: announced in a message of the user, behind what is said, each with its definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.json_values import JsonObject

__all__ = ["Announced", "announced_in", "with_announcement"]

_HEAD = "\n\nNew functions, which can be called from now on:\n"


class Announced(NamedTuple):
    """A message of the user that may announce tools.

    Attributes:
        said: What the person says.
        tools: The tools announced, as OpenAI tools; none where the message announces none.
    """

    said: str
    tools: tuple[JsonObject, ...]


def with_announcement(said: str, tools: Iterable[JsonObject]) -> str:
    """Return a message with tools announced behind what is said: the definition of each on a line of its own.

    Args:
        said: What the person says.
        tools: OpenAI tools.
    """
    lines = (json.dumps(tool["function"], ensure_ascii=False) for tool in tools)
    return said + _HEAD + "\n".join(lines)


def announced_in(message: str) -> Announced:
    r"""Return what a message says, and which tools it announces.

    Example:
        >>> announced_in("Go on." + "\n\nNew functions, which can be called from now on:\n" + '{"name": "pwd"}')
        Announced(said='Go on.', tools=({'type': 'function', 'function': {'name': 'pwd'}},))
    """
    said, head, told = message.partition(_HEAD)
    if not head:
        return Announced(message, ())
    try:
        functions: Sequence[JsonObject] = [json.loads(line) for line in told.split("\n")]
    except (ValueError, RecursionError):
        return Announced(message, ())
    return Announced(said, tuple({"type": "function", "function": each} for each in functions))
