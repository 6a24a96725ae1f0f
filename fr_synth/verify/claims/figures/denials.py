"""Denials: a reply that says of a value that was found that it is not so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["denied"]

_NOT = re.compile(
    r"\b(?:(?:is|are|was|were|has|have|had|does|do|did|goes?|costs?|comes? to|stands? at|holds?)"
    r"(?: really| now| still| only)? (?:not|no longer|never)|(?:is|are|was|were|has|have|had)n['\u2019]t"
    r"(?: be)?|(?:does|do|did)n['\u2019]t (?!exceed|reach|pass|include|matter|mean)[a-z]+|(?:hardly|anything but))"
    r"(?: the| a| an| at| in| on| for| called)? [\"\u201c(\u20ac$\u00a3]*$"
)
_CORRECTS = re.compile(r",? but\b|,? (?:it|that|they)(?: is|['\u2019]s| are)\b|; (?:it|that|they)\b")
_BACK = 40  # characters before a value in which it can be denied


def denied(moment: Moment) -> Iterator[str]:
    """Iterate over the values of a text that the turn's results have and that are said not to be so."""
    told = set(moment.sources.of_calls(moment.told()))
    if moment.who == "reasoning":  # it goes on from whatever is known
        told.update(range(len(moment.sources.rows)))
    for claim in moment.claims:
        before = moment.text[max(0, claim.span.start - _BACK) : claim.span.start]
        if not _NOT.search(before) or _CORRECTS.match(moment.text, claim.span.end):
            continue
        if any(place.row in told for place in claim.places) or _is_listed(moment, claim):
            yield f"{claim.span.text!r} is said not to be so"


def _is_listed(moment: Moment, claim: Claim) -> bool:
    """Return True if a number is how many items a list of the turn's results has."""
    lists = (
        value for number in moment.told() for value in moment.call(number).result.values() if isinstance(value, list)
    )
    return isinstance(claim.span.value, float) and claim.span.value in {float(len(each)) for each in lists}
