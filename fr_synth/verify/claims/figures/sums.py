"""Parts and wholes: a sum told behind its parts is no part itself, a part is no more than its whole."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.parsing.numbers import CURRENCIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["missummed"]

_SUM = re.compile(
    r"\b(?:which makes|that makes|makes|together(?: they)?(?: come to| make)?|comes? to|adds? up to|in total|"
    r"a total of|altogether|the sum is|in all)(?: just| exactly)? [€$£]?$"
)
_BEHIND = re.compile(r"(?: [A-Z]{3})? (?:in all|in total|altogether|together|all told)\b")
_OF = re.compile(r"(?: [A-Z]{3})? of (?:the |your |its |a |that )?[€$£]?")


def missummed(moment: Moment, clause: tuple[int, int], own: Sequence[Claim]) -> Iterator[str]:
    """Iterate over sums of a clause that are one of the things summed up, and parts that are more than their whole."""
    amounts = [claim for claim in own if claim.span.unit in CURRENCIES and isinstance(claim.span.value, float)]
    for part, whole in itertools.pairwise(amounts):
        if _OF.fullmatch(moment.text, part.span.end, whole.span.start) and _number(part) > _number(whole):
            yield f"{moment.text[part.span.start : whole.span.end]!r} is more than there is"
    for at, claim in enumerate(amounts):
        if at > 1 and _is_sum(moment, clause, claim) and _is_part(moment, claim, amounts[:at]):
            yield f"{claim.span.text!r} is one of what is summed up"


def _number(claim: Claim) -> float:
    return claim.span.value if isinstance(claim.span.value, float) else math.nan


def _is_sum(moment: Moment, clause: tuple[int, int], claim: Claim) -> bool:
    """Return True if words say of an amount that it is what others come to."""
    before = _SUM.search(moment.text, clause[0], claim.span.start)
    return before is not None or _BEHIND.match(moment.text, claim.span.end) is not None


def _is_part(moment: Moment, claim: Claim, before: Sequence[Claim]) -> bool:
    """Return True if an amount stands under the same member of a list as one of those before it, and nowhere else."""
    if abs(math.fsum(_number(each) for each in before) - _number(claim)) < _CENT:
        return False
    mine = {_column(moment, place.row, place.field) for place in claim.places if place.row >= 0}
    theirs = {_column(moment, place.row, place.field) for each in before for place in each.places if place.row >= 0}
    return bool(mine) and mine <= theirs and (-1, "") not in mine


_CENT = 0.005


def _column(moment: Moment, row: int, field: str) -> tuple[int, str]:
    """Return (row around it, member) of a value in a list; (-1, "") for any other."""
    number = moment.sources.rows[row]
    return (number.parent, field) if number.list else (-1, "")
