"""Values that stand where a situation has another one: two that have changed places, and one of the same kind."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.situated.as_told import is_like, tells
from fr_synth.verify.claims.parsing.numbers import CURRENCIES
from fr_synth.verify.situated.meaning.scope import right_beside, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.situated.meaning.scope import Slot

__all__ = ["exchanged"]

_NEXT = 5  # how far apart two values can be, counted in values
_JOINED = re.compile(r"(?: [A-Z]{3}| \([^()]*\))?(?:,| and| or|, and|, or| \+) [€$£\"]?")


def exchanged(moment: Moment) -> Iterator[str]:
    """Iterate over values that stand right between the words that the situation has beside another one.

    Args:
        moment: A model's text.
    """
    yield from _with_currencies(moment)
    yield from _of_another_identifier(moment)
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None:
        return
    bare = moment.bare
    told = [(claim, [slot for slot in scope.slots if tells(slot, claim, moment)]) for claim in moment.claims]
    told = [(claim, slots) for claim, slots in told if slots and not (claim.plain and claim.span.text.islower())]
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

    for claim, own in told:
        yield from _in_anothers_place(moment, bare, claim, own, scope.slots)


_NAMED_AMOUNT = re.compile(r"(?<![\w.,\u20ac$\u00a3])\d[\d,]*\.\d{2} (?P<name>[A-Z][a-z]+|[A-Z]{2,4}\d{4,})\b")
_CODE = re.compile(r"(?<!\d )\b[A-Z]{3}\b(?! ?\d)")


def _with_currencies(moment: Moment) -> Iterator[str]:
    """Iterate over names that stand behind an amount, where its currency stands as a name: "374.00 Basic for CAD"."""
    code = next((m for m in _CODE.finditer(moment.text) if m[0] in CURRENCIES), None)
    for named in _NAMED_AMOUNT.finditer(moment.text) if code else ():
        if code and any(c.span.start == named.start("name") and not c.plain for c in moment.claims):
            yield f"{named['name']!r} and {code[0]!r} stand in each other's places"


def _of_another_identifier(moment: Moment) -> Iterator[str]:
    """Iterate over amounts that are said to be an identifier's ("the one at 40.00 is ALT000001"), and are another's."""
    rows = moment.sources.rows
    for amount, other in itertools.pairwise(claim for claim in moment.claims if not claim.plain):
        if not _IDENTIFIER.fullmatch(other.span.text) or not _IS.fullmatch(
            moment.text, amount.span.end, other.span.start
        ):
            continue
        if not isinstance(amount.span.value, float):
            continue
        fields = {place.field for place in amount.places}
        own = [rows[place.row].fields for place in other.places if place.row >= 0]
        values = [row[name] for row in own for name in fields if isinstance(row.get(name), int | float)]
        if values and amount.span.value not in values:
            yield f"{amount.span.text!r} is another one's than that of {other.span.text!r}"


_IDENTIFIER = re.compile(r"[A-Z]{2,4}\d{4,}")
_IS = re.compile(r"(?: [A-Z]{3})? is ")


def _in_anothers_place(
    moment: Moment, bare: str, claim: Claim, own: Sequence[Slot], slots: Sequence[Slot]
) -> Iterator[str]:
    """Yield a value with none of its own words beside it, and several of those of another one that is not told."""
    near = right_beside(bare, claim.span.start, claim.span.end)
    if len(near) < _SEVERAL or any(near & slot.beside or _lists_things(slot) for slot in own):
        return
    for slot in slots:
        if slot in own or not slot.path or len(near & slot.beside) < _SEVERAL or not _tells(near & slot.beside):
            continue
        if not is_like(slot, claim) and not _are_names(slot, claim):
            continue
        if not any(tells(slot, other, moment) for other in moment.claims):
            yield f"{claim.span.text!r} stands right where {slot.path} does"
            return


def _lists_things(slot: Slot) -> bool:
    """Return True if things of a list can be told in a place, and in which words each is not known."""
    if slot.item:
        return False
    items = (item for value in slot.values if isinstance(value, list) for item in value)
    return any(isinstance(item, dict) for item in items)


def _tells(sides: frozenset[tuple[str, ...]]) -> bool:
    """Return True if some word right beside a place tells more of it than "from" does."""
    return any(len(word) >= _LONG and word not in _LITTLE for side in sides for word in side[1:])


_LONG = 4  # letters
_LITTLE = frozenset({"from", "with", "that", "this", "there", "have", "then", "your", "into", "over"})


def _are_names(slot: Slot, claim: Claim) -> bool:
    """Return True if a value and those of a place are what somebody or something is called."""
    return _NAME.fullmatch(claim.span.text) is not None and any(
        isinstance(value, str) and _NAME.fullmatch(value) for value in slot.values
    )


_NAME = re.compile(r"[A-Z][^\W\d]+(?:[ '&-]+[^\W\d]+)*")
_SEVERAL = 2  # words right beside a place, alone and together, that tell it


def _goes_better(bare: str, claim: Claim, own: Sequence[Slot], others: Sequence[Slot]) -> bool:
    """Return True if the words right beside a value are those beside the places of another one, and not of its own."""
    near = right_beside(bare, claim.span.start, claim.span.end)
    mine = max(len(near & slot.beside) for slot in own)
    return max(len(near & slot.beside) for slot in others) > mine
