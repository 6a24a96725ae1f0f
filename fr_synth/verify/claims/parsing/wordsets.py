"""Sets of words, written as a text."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["any_of", "letters_in", "word_set"]


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


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of some words, the longest that fits, and looks at each letter but once.

    With a hundred words beside each other every one of them would be tried at every place of a text.

    Example:
        >>> any_of(("ten", "tenth", "one"))
        '(?:ten(?:th)?|one)'
    """
    return _branches(list(dict.fromkeys(words)))


def _branches(words: list[str]) -> str:
    begun: dict[str, list[str]] = {}
    for word in words:
        if word:
            begun.setdefault(word[0], []).append(word[1:])
    found = [re.escape(letter) + _branches(rests) for letter, rests in begun.items()]
    ways = found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"
    if "" not in words:
        return ways
    return f"(?:{ways})?" if found else ""
