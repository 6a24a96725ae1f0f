"""Words that stand, with the same words beside them, where a situation has the opposite: "any less" for "any more"."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.wording.spoken import Spoken

__all__ = ["opposites_in_place"]

_CONTRARIES = (
    "still no-longer already",
    "already not-yet yet",
    "never always",
    "nobody everybody somebody",
    "nothing everything something",
    "none all some most half part",
    "no every any",
    "no two",
    "no three",
    "no several",
    "neither both",
    "before after",
    "enough too-little",
    "least most",
    "less more",
    "plus less minus",
    "with without",
    "can can't",
    "could couldn't",
    "open closed",
    "above below",
    "over under",
    "earlier later",
    "cheaper dearer",
    "higher lower",
    "up down",
    "from until",
    "new old",
    "newer older",
    "together each apiece",
    "altogether each apiece",
    "i you",
    "inside outside beside",
    "whole half",
    "full half",
    "get pay owe lose",
    "have owe lack",
    "in-time too-late",
    "includes excludes leaves-out",
    "same other",
    "yours theirs mine",
    "first last",
)
_OPPOSITES: dict[str, frozenset[str]] = {}
for _group in _CONTRARIES:
    for _word in _group.split():
        _OPPOSITES[_word] = _OPPOSITES.get(_word, frozenset()) | frozenset(_group.split()) - {_word}
_SEVERAL = re.compile(
    r"\b(no) (longer)\b|\b(not) (yet)\b|\b(too) (?:little|late)\b|\bin time\b|\bleaves out\b", re.IGNORECASE
)
_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+)*|_+|[.,;:!?]")
_CODE = re.compile(r"(?<=_) ?[A-Z]{3}\b|\b[A-Z]{3} ?(?=_)")
_TELLING = 3  # letters of a word that tells a place in a sentence


def opposites_in_place(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over words where, between the same words, the situation has the opposite alone.

    Args:
        moment: A model's text.
        spoken: The situation's words for the turn.
    """
    tokens = _tokens(moment.worded)
    theirs: frozenset[tuple[str, tuple[str, ...]]] | None = None
    for at, word in enumerate(tokens):
        others = _OPPOSITES.get(word)
        if others is None:
            continue
        theirs = _in_places(spoken.text) if theirs is None else theirs
        places = _places(tokens, at)
        if any((word, each) in theirs for each in places):
            continue
        for other in sorted(others):
            if any((other, each) in theirs for each in places):
                yield f"it says {word.replace('-', ' ')!r} just where the situation has {other.replace('-', ' ')!r}"


def _tokens(text: str) -> Sequence[str]:
    joined = _SEVERAL.sub(lambda match: match[0].replace(" ", "-"), text.replace("\u2019", "'"))
    joined = _CODE.sub("", joined.replace("cannot", "can't"))
    return ["_" if token[0] == "_" else token for token in _TOKEN.findall(joined.lower())]


def _one(token: str) -> str:
    """Return a word without the ending of several things, by which it is told where a sentence speaks of one."""
    return token.removesuffix("s") if len(token) > _TELLING and not token.endswith("ss") else token


@functools.lru_cache(maxsize=1024)
def _in_places(text: str) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Return the words of a text that have an opposite, each with what stands beside it."""
    tokens = _tokens(text)
    return frozenset(
        (word, place) for at, word in enumerate(tokens) if word in _OPPOSITES for place in _places(tokens, at)
    )


def _places(tokens: Sequence[str], at: int) -> list[tuple[str, ...]]:
    """Return what stands beside a word: two and three words before it, as many behind it, and one of each."""
    before = ["", "", "", *map(_one, tokens[max(0, at - 3) : at])][-3:]
    after = [*map(_one, tokens[at + 1 : at + 4]), "", "", ""][:3]
    sides = (("<", *before[1:]), (">", *after[:2]), ("<>", before[-1], after[0]), ("<<", *before), (">>", *after))
    return [side for side in sides if _tells(side)]


def _tells(side: tuple[str, ...]) -> bool:
    """Return True if some word of a place tells which one it is."""
    return all(side) and any(len(word) >= _TELLING and (word == "you" or word not in _OPPOSITES) for word in side[1:])
