"""Texts as a bracket behind a name has them: quoted, plain, or with what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.naming import GOODS
from fr_synth.language.told.values import is_person

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CODE", "CODED", "in_brackets"]

_WRITTEN = frozenset(
    {"body", "comment", "content", "dedication", "engraving", "inscription", "message", "motto", "note", "wish"}
)
CODED = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9][A-Z0-9 -]*")
"""What is a code: "KL 4471"."""
CODE = 3
"""Characters up to which a text says nothing without what it is: "size L"."""


def in_brackets(words: Sequence[str], text: str) -> str:
    """Return a text in a bracket: in quotes where somebody wrote it, with what it is where that does not show.

    Args:
        words: Words of the member's name.
        text: The text.
    """
    last, plain = words[-1], " ".join(words)
    if ", " in text or last in _WRITTEN:
        return f'"{text}"' if last in ("body", "content") else f'{plain} "{text}"'
    if last == "doctor" and text.startswith("Dr"):
        return f"with {text}"
    if last == "subject" and len(words) == 1 and text.islower():  # "maths"
        return text
    plainly = text.islower() and last in _PLAIN  # "red"
    named = (len(text) > CODE or plainly) and not CODED.fullmatch(text) and not is_person("_".join(words))
    return _clear(words, text) if named else f"{plain} {text}"


def _clear(words: Sequence[str], text: str) -> str:
    """Return a text in a bracket with what it is where it doesn't say so: "vegan basket", "theme Film and TV".

    Example:
        >>> _clear(["basket"], "vegan"), _clear(["hall"], "Small hall"), _clear(["room"], "Harbour")
        ('vegan basket', 'Small hall', 'room Harbour')
    """
    last = words[-1]
    goods = last in GOODS and text.split()[-1].islower() and len(text.split()) > 1  # "Lemon tart"
    named = re.search(rf"\b{re.escape(last.removesuffix('s'))}|{re.escape(last)}$", text.lower())
    if goods or named or last in _PLAIN:
        return text
    if text.islower() and len(text.split()) == 1 and text.isalpha():
        return f"{text} {last}" if last in _HEADS or last not in _ABOUT else f"{last} {text}"
    return text if text.islower() else f"{' '.join(words)} {text}"


_PLAIN = frozenset({
    "article", "brand", "breed", "city", "color", "colour", "country", "description", "details", "fabric", "flavor",
    "flavour", "format", "garment", "genre", "instrument", "item", "kind", "language", "make", "manufacturer",
    "material", "metal", "model", "name", "object", "place", "product", "region", "sort", "species", "style", "title",
    "town", "type", "variety", "weather", "wood",
})  # fmt: skip
"""Members whose values say by themselves what they are."""
_HEADS = frozenset({"finish", "level", "surface"})
_ABOUT = frozenset({"position", "size", "skill", "specialism", "subject", "theme", "topic"})
