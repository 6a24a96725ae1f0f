"""Places that a choice is among: "the locker", "the side entrance"."""

from __future__ import annotations

import re

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import words_of

__all__ = ["are_plain", "are_spots"]

_SPOTS = words_of("desk entrance location place point position room site spot")
_COMMON = re.compile(r"(?!home$|online$|upstairs$|downstairs$|inside$|outside$)[a-z]+(?:[_ ][a-z]+)?(?<!s)")


def are_spots(name: str, values: object) -> bool:
    """Return True if the values of a choice are common nouns of places, which need an article.

    Args:
        name: The parameter.
        values: The choice's values.

    Example:
        >>> are_spots("pickup_point", ["counter", "locker"]), are_spots("room", ["Aspen"]), are_spots("color", ["red"])
        (True, False, False)
    """
    if spaced(name).lower().split()[-1] not in _SPOTS or not isinstance(values, list):
        return False
    return all(isinstance(value, str) and _COMMON.fullmatch(value) is not None for value in values)


def are_plain(values: object) -> bool:
    """Return True if the values of a choice are plain words, as they stand before a noun.

    Example:
        >>> are_plain(["standard", "express"]), are_plain(["A4", "A5"]), are_plain(None)
        (True, False, False)
    """
    if not isinstance(values, list) or not values:
        return False
    return all(isinstance(each, str) and each.isalpha() and each.islower() for each in values)
