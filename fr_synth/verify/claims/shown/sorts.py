"""Of what sort a thing is said to be, held to its own members: a booking "in business" that is in economy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.shown.again import shown_to
from fr_synth.verify.claims.shown.stated import STANDING
from fr_synth.verify.claims.wording.contraries import is_doubtful
from fr_synth.verify.claims.wording.enumerated import enumerated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["of_another_sort"]

_STANDS = re.compile(r"\b(?:is|are|in|stays|remains)(?: now| still)? (?P<word>[a-z]{4,})(?= ?[,.;)]|$)")
_APART = re.compile(r"\b(?:other|another|else|than|instead|rather|both|all|or|from|to)\b|\?")


def of_another_sort(moment: Moment) -> Iterator[str]:
    """Iterate over sorts that the one thing of which a clause speaks has not, and others have.

    Args:
        moment: A model's text.
    """
    words = enumerated(moment.spec)
    for match in _STANDS.finditer(moment.text):
        fields = words.get(match["word"])
        start, end = next(((a, b) for a, b in moment.clauses if a <= match.start() < b), (0, len(moment.text)))
        if not fields or is_doubtful(moment.text[start:], match.start() - start):
            continue
        if _APART.search(moment.text, start, match.end()):
            continue
        shown = shown_to(moment)
        own = [c for c in moment.claims if start <= c.span.start < end]
        things = {thing.key: thing for claim in own if (thing := shown.named(claim)) is not None}
        if len(things) != 1:
            continue
        thing = next(iter(things.values()))
        rows = [thing.now, *thing.told]
        held = {name for row in rows for name in row if name in fields and not STANDING & set(tokens(name))}
        if held and not any(row.get(name) == match["word"] for row in rows for name in held):
            own_sorts = " or ".join(str(rows[-1].get(name)) for name in sorted(held))
            yield f"it says {match[0]!r}, and {thing.key!r} is {own_sorts}"
