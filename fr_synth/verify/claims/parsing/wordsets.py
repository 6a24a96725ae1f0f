"""Sets of words, written as a text."""

from __future__ import annotations

import functools
import re

__all__ = ["letters_in", "word_set"]


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text.

    Example:
        >>> sorted(word_set("to and fro"))
        ['and', 'fro', 'to']
    """
    return frozenset(text.split())


@functools.lru_cache(maxsize=64)  # the parsers ask for the same text one after the other
def letters_in(text: str) -> frozenset[str]:
    """Return the runs of letters of a text, lower case: what tells a parser that it has nothing to look for.

    Example:
        >>> sorted(letters_in("At 2pm, twenty-one"))
        ['at', 'one', 'pm', 'twenty']
    """
    return frozenset(_LETTERS.findall(text.lower()))


_LETTERS = re.compile(r"[a-z]+")
