"""Things in a row that a text tells, among which one stands that is in no list: "archive, music and scanner"."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["unlisted"]

_BETWEEN = re.compile(r",? (?:and )?(?P<word>[a-z0-9][\w.-]*)(?:,|,? and) ")
_JOINS = frozenset({"and", "or", "the", "then", "also", "its", "both", "plus"})


def unlisted(moment: Moment) -> Iterator[str]:
    """Iterate over words that stand in a row of things of one list, and are none of it.

    Args:
        moment: A text.
    """
    for one, other in itertools.pairwise(moment.claims):
        between = moment.text[one.span.end : other.span.start]
        match = _BETWEEN.fullmatch(between) if between[:1] in (",", " ") else None
        if match and match["word"] not in _JOINS and _lists(moment, one) & _lists(moment, other):
            yield f"{match['word']!r} stands in a list, and is none of it"


def _lists(moment: Moment, claim: Claim) -> set[tuple[int, str]]:
    """Return the lists, or the lists of plain values, that have a value."""
    rows = moment.sources.rows
    found = {(rows[p.row].parent, p.field) for p in claim.places if p.row >= 0 and rows[p.row].list}
    return found | {
        (p.row, p.field) for p in claim.places if p.row >= 0 and isinstance(rows[p.row].fields.get(p.field), list)
    }
