"""Texts as a bracket behind a name has them: quoted, plain, or with what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.naming import GOODS
from fr_synth.language.told.values import is_person, is_plural, one_of
from fr_synth.language.verbalise import join_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import Json

__all__ = ["CODE", "CODED", "bracketed", "in_brackets", "several_told"]

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


def several_told(words: Sequence[str], values: Sequence[Json]) -> tuple[str, str]:
    """Say a few plain texts, as a clause and in a bracket: the languages of a translator; empty for other lists.

    Args:
        words: Words of the member's name.
        values: What it holds.
    """
    texts = [each for each in values if isinstance(each, str) and each and len(each) < _BRIEF]
    if not texts or len(texts) < len(values) or len(texts) > _FEW or not is_plural(words[-1]):
        return "", ""
    plain, told = " ".join(words), join_words(texts)
    bare = told if words[-1] in _BY_THEMSELVES else f"{plain if len(texts) > 1 else one_of(plain)} {told}"
    return f"the {plain} are {told}", bare


_BRIEF, _FEW = 30, 4
_BY_THEMSELVES = frozenset({"authors", "days", "genres", "languages", "tags", "topics", "weekdays"})


_STAY = re.compile(r"\bfrom (\d{1,2} [A-Z][a-z]+ \d{4}), until (?=\d{1,2} [A-Z])")


_ON = re.compile(r"\bfrom (\d{1,2} [A-Z][a-z]+ \d{4})(?=,|$)")


def bracketed(parts: Sequence[str]) -> str:
    """Join what a bracket says of a thing; from when until when is one part.

    Example:
        >>> bracketed(["from 2 March 2026", "until 9 March 2026", "clay"])
        '2 March 2026 to 9 March 2026, clay'
        >>> bracketed(["on 9 May 2026", "10:00"])
        'on 9 May 2026 at 10:00'
        >>> bracketed(["from 2 March 2026", "€4 due"])
        'starting 2 March 2026, €4 due'
    """
    text = _STAY.sub(r"\1 to ", ", ".join(parts))
    text = _ON.sub(r"starting \1", re.sub(r"\b(from [^,()]+), until ", r"\1 until ", text))
    return re.sub(r"\b(\d{1,2} [A-Z][a-z]+ \d{4}), (?:at )?(?=\d\d:\d\d(?:,|$))", r"\1 at ", text)
