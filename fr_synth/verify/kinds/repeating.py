"""Questions about what was said a moment ago: whoever has just been told that it costs nothing does not ask whether."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.judging.saying import mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["asks_again"]

_AFFIRMS = re.compile(
    r"^\W*(?:yes|right|correct|exactly|indeed|quite so|of course|certainly|(?:that|this|it)(?:['’]s| is) "
    r"(?:right|correct|so|true))\b",
    re.IGNORECASE,
)


def asks_again(message: str, reply: str, before: str, words: Sequence[str]) -> bool:
    """Return True if a message asks for no more than what the reply before it has told.

    Args:
        message: What is asked.
        reply: The answer; one that only says yes to what was asked brings nothing new.
        before: The reply right before the message.
        words: Words of which the answer has one.

    Example:
        >>> asks_again("So that's free?", "Yes, at no cost.", "It costs nothing.", ["no cost", "nothing"])
        True
    """
    told = "?" in message and any(mentions(before, word) for word in words)
    return told and _AFFIRMS.search(reply) is not None
