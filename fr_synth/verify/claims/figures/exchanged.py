"""Two values of a text that have changed places: each stands where the situation has the other one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.as_told import tells
from fr_synth.verify.situated.scope import right_beside, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.situated.scope import Slot

__all__ = ["exchanged"]

_NEXT = 5  # how far apart two values can be, counted in values
_JOINED = re.compile(r"(?: [A-Z]{3}| \([^()]*\))?(?:,| and| or|, and|, or| \+) [€$£\"]?")


def exchanged(moment: Moment) -> Iterator[str]:
    """Iterate over pairs of values of which each stands between the words that the situation has beside the other.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None:
        return
    bare = moment.bare
    told = [(claim, [slot for slot in scope.slots if tells(slot, claim, moment)]) for claim in moment.claims]
    told = [(claim, slots) for claim, slots in told if slots and not claim.plain]
    for at, (one, mine) in enumerate(told):
        for other, theirs in told[at + 1 : at + 1 + _NEXT]:
            between = moment.text[one.span.end : other.span.start]
            apart = [slot for slot in mine if slot not in theirs], [slot for slot in theirs if slot not in mine]
            if one.span.value == other.span.value or not all(apart) or _JOINED.fullmatch(between):
                continue
            if any(slot in theirs for slot in mine):
                continue
            if _goes_better(bare, one, mine, theirs) and _goes_better(bare, other, theirs, mine):
                yield f"{one.span.text!r} and {other.span.text!r} stand the other way round in the situation"


def _goes_better(bare: str, claim: Claim, own: Sequence[Slot], others: Sequence[Slot]) -> bool:
    """Return True if the words right beside a value are those beside the places of another one, and not of its own."""
    near = right_beside(bare, claim.span.start, claim.span.end)
    mine = max(len(near & slot.beside) for slot in own)
    return max(len(near & slot.beside) for slot in others) > mine
