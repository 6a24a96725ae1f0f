"""Sets of words, written as a text."""

from __future__ import annotations

__all__ = ["word_set"]


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text.

    Example:
        >>> sorted(word_set("to and fro"))
        ['and', 'fro', 'to']
    """
    return frozenset(text.split())
