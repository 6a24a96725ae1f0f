"""Messages of the harmony format: ``<|channel|>commentary to=functions.mkdir<|message|>{…}<|call|>``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.calls import Malformed
from fr_envs.episode.reading.arguments import with_arguments
from fr_envs.episode.reading.bounds import FORM
from fr_envs.episode.reading.offer import bare_name
from fr_envs.episode.reading.styles.literals import Broken, Exhausted

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Cursor
    from fr_envs.world.tool_call import ToolCall

__all__ = ["BARE", "Message", "bare_message_at", "message_at"]

_HEADER = re.compile(
    r"<\|(?:start|channel|constrain)\|>(?:[^<\n]{0,120}+(?:<\|(?:channel|constrain)\|>)?+){0,5}+<\|message\|>"
)
_RECIPIENT = re.compile(
    r"(?:<\|from\|>\s{0,4}\w{1,20}\s{0,4})?<\|recipient\|>\s{0,4}([\w.:/-]{1,128})\s{0,4}<\|content\|>"
)
_TO = re.compile(r"to=([\w.:/-]+)")
_ENDS = re.compile(r"<\|(?:end|start|return|call|channel|from|stop)\|>")
_END = re.compile(r"\s*+<\|(?:call|end|return|stop)\|>")
BARE = re.compile(
    r"(?:assistant)?(?:commentary|analysis)[ \t]{1,4}to=(?:functions[.])?([\w.:/-]{1,128}?)"
    r"\s{0,4}(?:code|json)?\s{0,4}(?=\{)"
)
"""A header of a call whose marks were taken out, as a tokenizer does that skips special tokens."""


class Message(NamedTuple):
    """One message.

    Attributes:
        call: What it calls, None if nothing.
        thought: What was thought.
        said: What the user reads.
        end: Where it ends.
    """

    call: ToolCall | Malformed | None
    thought: str
    said: str
    end: int


def message_at(cursor: Cursor, at: int) -> Message | None:
    """Read the message whose header begins at a place; None if none does."""
    recipient = _RECIPIENT.match(cursor.text, at)
    if recipient is not None and recipient[1] != "all":
        return _called(cursor, recipient[1], recipient.end())
    header = recipient or _HEADER.match(cursor.text, at)
    if header is None:
        return None
    to = _TO.search(header[0])
    if to is not None and not (to[1] == "all" or "user" in to[1].lower()):
        return _called(cursor, to[1], header.end())
    end = _ENDS.search(cursor.text, header.end())
    body = cursor.text[header.end() : end.start() if end else len(cursor.text)]
    after = (
        len(cursor.text)
        if end is None
        else end.start()
        if end[0] in {"<|start|>", "<|channel|>", "<|from|>"}
        else end.end()
    )
    if "analysis" in header[0]:
        return Message(None, body, "", after)
    return Message(None, "", body, after)


def _called(cursor: Cursor, name: str, at: int) -> Message:
    resolved = bare_name(name) if cursor.offer is None else cursor.offer.resolve(name)
    start = cursor.blanks(at)
    if _ENDS.match(cursor.text, start) or start >= len(cursor.text):
        end = _END.match(cursor.text, start)
        return Message(with_arguments(resolved, None, ""), "", "", end.end() if end else start)
    try:
        value, stop = cursor.json(start, loose=True)
    except Exhausted:
        raise
    except Broken as broken:
        following = _ENDS.search(cursor.text, max(start, broken.at))
        stop = following.end() if following else len(cursor.text)
        return Message(Malformed(f"the call is no JSON: {broken.problem}; {FORM}"), "", "", stop)
    end = _END.match(cursor.text, stop)
    return Message(with_arguments(resolved, value, ""), "", "", end.end() if end else stop)


def bare_message_at(cursor: Cursor, found: re.Match[str]) -> Message:
    """Read the call whose header without marks was found."""
    return _called(cursor, found[1], found.end())
