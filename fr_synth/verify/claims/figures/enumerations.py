"""Enumerations: names told one after the other, of which all but one are of one list; that one is of nothing there."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["out_of_row"]

_BETWEEN = re.compile(r"[\"\u201d]?(?: \([^()]*\))?(?:,| and| or|, and|, or) [\"\u201c]?")
_FEWEST = 3  # names in a row from which on one can be out of it


def out_of_row(moment: Moment) -> Iterator[str]:
    """Iterate over names that stand among those of a list and are none of it."""
    for names in _rows(moment):
        heads = [_lists(moment, each) for each in names] if len(names) >= _FEWEST else []
        if not heads or not all(heads):
            continue
        often = Counter(head for each in heads for head in each)
        most, count = often.most_common(1)[0]
        if count == len(names) - 1:
            stranger = next(each for each, own in zip(names, heads, strict=True) if most not in own)
            yield f"{stranger.span.text!r} is none of those among which it is told"


def _rows(moment: Moment) -> Iterator[Sequence[Claim]]:
    """Iterate over the names that stand one after the other, with nothing between them but what joins them."""
    found: list[Claim] = []
    for claim in moment.claims:
        if claim.span.kind not in ("name", "path", "identifier", "quote"):
            continue
        if found and not _BETWEEN.fullmatch(moment.text, found[-1].span.end, claim.span.start):
            yield found
            found = []
        found.append(claim)
    yield found


def _lists(moment: Moment, claim: Claim) -> frozenset[tuple[int, str, str]]:
    """Return the lists of which a name is: (row around it, name of the list, member)."""
    rows = moment.sources.rows
    return frozenset(
        (rows[place.row].parent, rows[place.row].list, place.field)
        if rows[place.row].list
        else (place.row, "", place.field)
        for place in claim.places
        if place.row >= 0
    )
