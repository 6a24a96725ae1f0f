"""A model's sentence beside the one of the situation that it comes nearest to: what it tells in place of its values.

Most of the words are the situation's, in whatever order, and where the situation's sentence tells an amount or a day,
the model's tells another one that nothing in the turn tells. A word beside it may say what it is a value of; else it
stands for the one that it has taken the place of.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.situation.templates import parse
from fr_synth.verify.claims.figures.derive import equations
from fr_synth.verify.claims.figures.reference.refilled import fits_some, parts_of, plainly, sentences_of
from fr_synth.verify.claims.figures.situated.as_told import is_explained, is_like, said_just_now, tells
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.situated.meaning.scope import scope_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.situated.meaning.scope import Scope, Slot

__all__ = ["replaced"]


def replaced(moment: Moment) -> Iterator[str]:
    """Iterate over values that a sentence tells in place of those of the situation's sentence that it is like.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None or not moment.claims:
        return
    spoken = said_just_now(moment)
    sums = [(each.start, each.end) for each in equations(moment.text)]
    strange = [
        claim
        for claim in moment.claims
        if not claim.plain
        and claim.span.value not in spoken
        and not any(a <= claim.span.start < b for a, b in sums)
        and not any(tells(slot, claim, moment) for slot in scope.slots)
    ]
    at = 0
    for text in parts_of(moment.text)[1:] or (moment.text,) if strange else ():
        start = moment.text.index(text, at)
        at = start + len(text)
        mine = [claim for claim in strange if start <= claim.span.start < at]
        if mine and not fits_some(scope.wordings, text):
            own = [claim for claim in moment.claims if start <= claim.span.start < at]
            yield from _in_place(moment, scope, (own, mine), _nearest(scope, moment.bare[start:at]))


def _in_place(
    moment: Moment, scope: Scope, claims: tuple[Sequence[Claim], Sequence[Claim]], paths: frozenset[str]
) -> Iterator[str]:
    own, strange = claims
    slots = [slot for slot in scope.slots if slot.path in paths and slot.values]
    untold = [slot for slot in slots if not any(tells(slot, claim, moment) for claim in own)]
    for claim in strange:
        slot = next((each for each in untold if not _is_listed(each) and is_like(each, claim)), None)
        if slot is not None and not is_explained(moment, claim, scope.slots, strictly=True):
            yield f"{claim.span.text!r} is told where the situation tells {slot.path}"


def _is_listed(slot: Slot) -> bool:
    return bool(slot.item) or any(isinstance(value, list) for value in slot.values)


def _nearest(scope: Scope, text: str) -> frozenset[str]:
    """Return the places of the sentence that a text has most of the words of; none where it has too few of any."""
    said = frozenset(_WORD.findall(plainly(text).lower())) - _LITTLE
    best, paths = 0.0, _NONE
    for wording in sentences_of(scope.wordings):
        words, own = _frame(wording)
        both = len(words & said)
        share = both / max(len(words), 1)
        if both >= _FEWEST and share >= _MOST and share > best:
            best, paths = share, own
    return paths


@functools.lru_cache(maxsize=4096)
def _frame(wording: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a wording that tell it, and its places."""
    text, fills = written(parse(wording))
    return frozenset(_WORD.findall(text.lower())) - _LITTLE, frozenset(fill.path for fill in fills)


_WORD = re.compile(r"[a-z]+")
_LITTLE = word_set("the a an it is are was were be and or of to in on at for that this i you s t so")
_NONE: frozenset[str] = frozenset()
_FEWEST = 2
_MOST = 0.6
