"""A model's sentence beside the one of the situation that it comes nearest to: what it tells in place of its values.

Most of the words are the situation's, in whatever order, and where the situation's sentence tells an amount or a day,
the model's tells another one that nothing in the turn tells. A word beside it may say what it is a value of; else it
stands for the one that it has taken the place of.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

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
    yield from _turned(moment, scope)
    spoken = said_just_now(moment)
    sums = [(each.start, each.end) for each in equations(moment.text)]
    free = [c for c in moment.claims if c.span.value in spoken or any(a <= c.span.start < b for a, b in sums)]
    free += [c for c in moment.claims if isinstance(c.span.value, float) and c.span.places is None]  # "the two files"
    at = 0
    for text in parts_of(moment.text)[1:] or (moment.text,):
        start = moment.text.index(text, at)
        at = start + len(text)
        own = [claim for claim in moment.claims if start <= claim.span.start < at]
        nearest = None if not own or fits_some(scope.wordings, text) else _nearest(scope, moment.bare[start:at])
        if nearest is not None:
            yield from _in_place(moment, scope, nearest, own, [claim for claim in own if claim not in free])


def _in_place(
    moment: Moment, scope: Scope, nearest: _Nearest, own: Sequence[Claim], strange: Sequence[Claim]
) -> Iterator[str]:
    """Iterate over values of a sentence in place of those of the situation's that it is like, and does not tell."""
    slots = [slot for slot in scope.slots if slot.path in nearest.paths and slot.values and not _is_listed(slot)]
    for claim in strange:
        if any(tells(slot, claim, moment) for slot in scope.slots) or (claim.plain and nearest.share < _NEARLY):
            continue
        alike = [each for each in own if type(each.span.value) is type(claim.span.value)]
        untold = (slot for slot in slots if not any(tells(slot, each, moment) for each in alike))
        slot = next((each for each in untold if _is_of_its_kind(each, claim)), None)
        if slot is not None and (
            nearest.share >= _NEARLY or not is_explained(moment, claim, scope.slots, strictly=True)
        ):
            yield f"{claim.span.text!r} is told where the situation tells {slot.path}"


def _is_of_its_kind(slot: Slot, claim: Claim) -> bool:
    """Return True if a value can stand in a place; a plain word only where its member is told."""
    field = slot.path.rpartition(".")[2]
    return is_like(slot, claim) if not claim.plain else any(place.field == field for place in claim.places)


def _turned(moment: Moment, scope: Scope) -> Iterator[str]:
    """Iterate over amounts below nothing where the situation has them above."""
    for claim in moment.claims:
        said = claim.span.value
        own = [value for slot in scope.slots if tells(slot, claim, moment) for value in slot.values]
        if isinstance(said, float) and said < 0 and own and all(isinstance(v, int | float) and v >= 0 for v in own):
            yield f"{claim.span.text!r} has another sign than the situation has"


def _is_listed(slot: Slot) -> bool:
    return bool(slot.item) or any(isinstance(value, list) for value in slot.values)


class _Nearest(NamedTuple):
    """The sentence of a situation that a text has most of the words of: its places, and how many of its words."""

    paths: frozenset[str]
    share: float


def _nearest(scope: Scope, text: str) -> _Nearest | None:
    """Return the sentence that a text has most of the words of; None where it has too few of any."""
    said = frozenset(_WORD.findall(plainly(text).lower())) - _LITTLE
    best = None
    for wording in sentences_of(scope.wordings):
        words, paths = _frame(wording)
        both = len(words & said)
        share = both / max(len(words), 1)
        if both >= _FEWEST and share >= _MOST and (best is None or share > best.share):
            best = _Nearest(paths, share)
    return best


@functools.lru_cache(maxsize=4096)
def _frame(wording: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a wording that tell it, and its places."""
    text, fills = written(parse(wording))
    return frozenset(_WORD.findall(text.lower())) - _LITTLE, frozenset(fill.path for fill in fills)


_WORD = re.compile(r"[a-z]+")
_LITTLE = word_set("the a an it is are was were be and or of to in on at for that this i you s t so")
_FEWEST = 2
_MOST = 0.6  # of the words of a sentence, by which a text is like it
_NEARLY = 0.75  # by which it is the same but for little things
