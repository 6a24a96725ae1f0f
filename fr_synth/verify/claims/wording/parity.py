"""Sentences that are nearly the situation's, but for what denies them or makes them only possible.

"It has to be paid" is not "it was paid", and "they may change nothing" not "they may change it". A model may leave out
a word, or put another; where each sentence that its own comes near to denies, it has to deny, and the other way round.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.situation.templates import parse
from fr_synth.verify.claims.figures.reference.refilled import fits_some, parts_of, plainly, sentences_of
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.situated.meaning.scope import scope_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["turned"]

_DENIES = re.compile(
    r"\b(?:no|not|nothing|never|none|nobody|neither|nor|without|cannot|hardly|nowhere|free|un(?!til|der|ion|it)[a-z]{3,})\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(
    r"\b(?:would|could|can|cannot|may|might|must|should|shall|will|has to|have to|had to|needs? to|is to|are to|to be|"
    r"if|unless|as long as|possible)\b",
    re.IGNORECASE,
)
_NEARLY = 0.7  # of the words of a sentence, by which a text is the same but for a few
_FEWEST = 4  # words by which a sentence is known
_WORD = re.compile(r"[a-z]{2,}")
_LITTLE = word_set(
    "the an it is are was were be been has have had do does did and or of to in on at for that this so as by"
)


def turned(moment: Moment) -> Iterator[str]:
    """Iterate over sentences that say as it is what the situation's like them deny or suppose, and the other way round.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None:
        return
    parts, at = parts_of(moment.text), 0
    for text in parts[1:] or parts:
        start = moment.text.index(text, at)
        at = start + len(text)
        if text.rstrip().endswith("?") or fits_some(scope.wordings, text):
            continue
        said = plainly(moment.worded[start:at])
        for part in dict.fromkeys((said, *_CLAUSES.split(said))):
            yield from _clause(scope.wordings, part)


_CLAUSES = re.compile(r"[;:] ")


def _clause(wordings: tuple[str, ...], said: str) -> Iterator[str]:
    words = frozenset(_WORD.findall(said.lower())) - _LITTLE
    near = [clause for clause in _clauses(wordings) if _is_near(clause, words)]
    for what, pattern in (("denies", _DENIES), ("supposes", _SUPPOSES)):
        own, theirs = pattern.search(said) is not None, {pattern.search(clause) is not None for clause in near}
        if theirs == {True} and not own:
            yield f"{said.strip()!r} says so what the situation {what}"
        elif theirs == {False} and own and what == "denies":
            yield f"{said.strip()!r} denies what the situation says"


@functools.lru_cache(maxsize=512)
def _clauses(wordings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences of some wordings, and what stands between their colons and semicolons."""
    whole = (written(parse(each))[0].replace("\0", "_") for each in sentences_of(wordings, placed=False))
    return tuple(dict.fromkeys(clause for text in whole for clause in (text, *_CLAUSES.split(text))))


def _is_near(clause: str, said: frozenset[str]) -> bool:
    words = frozenset(_WORD.findall(clause.lower())) - _LITTLE
    both = len(words & said)
    return len(words) >= _FEWEST and both >= _NEARLY * len(words) and both >= _NEARLY * len(said)
