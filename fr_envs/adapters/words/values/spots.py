"""Places that a choice is among: "the locker", "the side entrance"."""

from __future__ import annotations

import re

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import words_of

__all__ = ["are_in_house", "are_plain", "are_spots"]

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


_IN_HOUSE = words_of(
    "attic basement bathroom canteen cellar cloakroom corridor court courtyard entrance foyer garage garden gym hall "
    "hallway kitchen lab library lobby lounge office park playground pool reception room shed stairs storeroom "
    "stairwell studio terrace toilets warehouse workshop yard"
)


def are_in_house(name: str, values: object) -> bool:
    """Return True if values are all parts of a house or its grounds, capitals or not, of which there is one each.

    Args:
        name: The parameter.
        values: Its values, as far as they are known.

    Example:
        >>> are_in_house("location", ["Car park", "Lobby"]), are_in_house("location", ["Hyde Park", "Lobby"])
        (True, False)
        >>> are_in_house("location", ["Room 3", "Lobby"]), are_in_house("title", ["Car park", "Lobby"])
        (False, False)
    """
    if spaced(name).lower().split()[-1] not in {"location", "place", "spot"} or not isinstance(values, list | tuple):
        return False
    several = [value.split() for value in values if isinstance(value, str) and value]
    plain = all(words[-1].lower() in _IN_HOUSE and all(word.islower() for word in words[1:]) for words in several)
    return len(several) > 1 and len(several) == len(values) and plain
