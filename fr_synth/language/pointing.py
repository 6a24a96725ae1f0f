"""Words of one's own for a thing: read against the things that there are, and what they go by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.json_values import siblings_at
from fr_synth.language.reference_rules import picks_one

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fr_envs.contract.spec import Kind
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Entities
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["MEANT_BY", "is_told_by", "meant_by"]

MEANT_BY = "mentions"
"""The operator of the conditions that words of one's own come to."""

_WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
_BARE = frozenset(
    re.findall(
        r"\w+",
        "a an the my our your his her their its this that these those one ones of for to from in into on onto at with "
        "by and or which who whose is was s",
    )
)
"""Words that tell nothing apart."""


def meant_by(words: str, mention: Mention, kind: Kind, result: JsonObject, entities: Entities | None) -> Mention | None:
    """Return a mention of the same thing in other words; None where those could mean another thing, or none.

    Each word that tells something apart has to stand in a member of the thing, shown where the thing was shown; the
    words for what kind of thing it is are free.

    Args:
        words: The words.
        mention: How the thing is pointed at otherwise.
        kind: Its kind.
        result: The result in which it stands.
        entities: All things of the kind, as the world is; None where it does not say.

    Example:
        >>> from fr_envs import load_domain
        >>> from fr_synth.trace.dataflow.mention import Mention
        >>> order = load_domain("banking").spec.kinds["standing_order_id"]
        >>> orders = {"orders": [{"id": "SO1", "payee": "Ada Kern"}, {"id": "SO2", "payee": "Tom Hill"}]}
        >>> the_rent = Mention(0, "order", "SO1", "the rent", "where", {}, 0, "/orders")
        >>> found = meant_by("the one to Ada", the_rent, order, orders, None)
        >>> found.by if found else None
        {'payee': {'mentions': 'Ada'}}
    """
    if mention.way not in ("where", "fields", "least", "most") or mention.owner is not None:
        return None
    rows = [row for row in siblings_at(result, mention.group) if mention.value in row.values()]
    if len(rows) != 1:
        return None
    by: dict[str, list[str]] = {}
    for word in _telling(words, kind):
        member = next((name for name, value in rows[0].items() if _has(value, word)), None)
        if member is None:
            return None
        by.setdefault(member, []).append(word)
    phrases = {member: _phrase(words, found) for member, found in by.items()}
    if not phrases or not all(_has(rows[0][member], phrase) for member, phrase in phrases.items()):
        return None
    conditions: JsonObject = {member: {MEANT_BY: phrase} for member, phrase in phrases.items()}
    other = msgspec.structs.replace(mention, text=words, way="where", by=conditions)
    return other if picks_one(other, result, rows[0], entities) else None


def is_told_by(mention: Mention, kind: Kind) -> bool:
    """Return True if words that tell things apart are all among those by which a mention goes.

    Args:
        mention: A mention by conditions.
        kind: Kind of what it points at.
    """
    told = " ".join(_texts(mention.by)).casefold()
    return all(_has(told, word) for word in _telling(mention.text, kind))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


def _telling(words: str, kind: Kind) -> list[str]:
    """Return the words of a phrase that tell something apart: not those that every thing of the kind is called by."""
    free = {*_BARE, *_called(kind)}
    bare = (word.removesuffix("'s").removesuffix("’s") for word in _WORD.findall(words))
    return [word for word in bare if word.casefold() not in free]


def _called(kind: Kind) -> Collection[str]:
    """Return the words by which any thing of a kind is called, in lower case."""
    plain = [each.text for each in kind.references if not (each.least or each.most)]  # "cheapest" tells one apart
    texts = [*kind.anaphora, *(re.sub(r"\{[^}]*\}", " ", text) for text in plain)]
    return {word.casefold() for text in texts for word in _WORD.findall(text)}


def _has(value: Json, words: str) -> bool:
    if not isinstance(value, str) or words.isdecimal():
        return False
    return re.search(rf"(?<!\w){re.escape(words.casefold())}(?!\w)", value.casefold()) is not None


def _phrase(words: str, parts: list[str]) -> str:
    """Return the stretch of a phrase from the first of some of its words to the last."""
    start = words.index(parts[0])
    return words[start : words.index(parts[-1], start) + len(parts[-1])]
