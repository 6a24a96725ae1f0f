"""What makes a piece of text look like a call that cannot be read."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Cursor

__all__ = ["ends_in_a_call", "names_a_tool", "names_arguments", "names_by_lines", "starts_like_a_call"]

_START = re.compile(
    r"[{\[\s\"'“”‘’]{1,64}(?:name|tool|function|action|tool_name|tool_calls?|function_call|toolName|arguments|"
    r"parameters|type|recipient_name|tool_uses|thought|id)[\"'“”‘’]?\s*+:"
)
_ARGUMENTS = re.compile(r"[\"'“](?:arguments|parameters|args|action_input|tool_input|input)[\"'”]\s*+:")
_NAME = re.compile(
    r"[\"'“](?:name|tool|tool_name|function|action|function_name|recipient_name)[\"'”]\s*+:\s*+[\"'“]([\w.:/-]{1,128})"
)
_LINES = re.compile(
    r"\s*+(?:-[ \t])?(?:name|tool|function|tool_name|action)[ \t]*+:[ \t]*+[\"']?([\w.:/-]{1,128})[\"']?[ \t]*+\n\s*+"
    r"(?:arguments|parameters|args|input|params|action_input)[ \t]*+:"
)
_LAST = re.compile(r"(?:[:!@>\[/]|^\d{1,3}[.)])[ \t]*([A-Za-z_][\w.]{0,128})\([^()\n]*=[^\n]*\)[\])>]*\Z")
_NEAR = 4096
"""Characters after a place that are looked at."""

_LOOKED_AT = 16


def names_by_lines(cursor: Cursor) -> bool:
    """Say whether the text begins with lines that name an offered tool and arguments, as YAML does."""
    found = _LINES.match(cursor.text)
    return found is not None and cursor.offers(found[1])


def ends_in_a_call(cursor: Cursor) -> bool:
    """Say whether the last line ends in code that calls an offered tool, behind a mark that nothing else explains."""
    text = cursor.text.rstrip()
    line = text[text.rfind("\n") + 1 :]
    found = _LAST.search(line) if len(line) <= _NEAR else None
    return found is not None and cursor.offers(found[1])


def starts_like_a_call(text: str, at: int) -> bool:
    """Say whether an object begins at a place with a key that calls have."""
    return _START.match(text, at) is not None


def names_arguments(text: str, at: int) -> bool:
    """Say whether a key for arguments stands soon after a place."""
    return _ARGUMENTS.search(text, at, at + _NEAR) is not None


def names_a_tool(cursor: Cursor, at: int) -> bool:
    """Say whether a key with the name of an offered tool stands soon after a place."""
    found = islice(_NAME.finditer(cursor.text, at, at + _NEAR), _LOOKED_AT)
    return any(cursor.offers(name[1]) for name in found)
