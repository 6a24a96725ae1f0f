"""Characters that nobody sees: they have no place in what a trainer reads."""

from __future__ import annotations

import unicodedata

__all__ = ["is_unseen", "seen"]

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, format, half, private, none, separators


def is_unseen(text: str) -> bool:
    """Return True if a character stands in a text that nobody sees, or that moves what is seen."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return False  # what Python prints as it is has a shape
    return any(map(_has_no_shape, text))


def seen(text: str) -> str:
    """Return a text without such characters."""
    return "".join(letter for letter in text if not _has_no_shape(letter))


def _has_no_shape(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN and letter not in "\n\t"
