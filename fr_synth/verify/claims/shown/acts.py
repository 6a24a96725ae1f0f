"""What a reply says was done besides: a second act told after "and", and one that it says had been done already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.wording.contraries import is_doubtful
from fr_synth.verify.claims.wording.lexicon import READS, STATES, acts_of, lemma
from fr_synth.verify.claims.wording.licensed import licensed, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["done_besides"]

_AND = re.compile(
    r"\b(?:is|are|was|were|has been|have been|I[\u2019']ve|I have|I)(?: now| also| just)? "
    r"(?P<first>[a-z]+(?:ed|en|t|d))\b[^.;:!?]*?,? and(?: also| then| now)? "
    r"(?P<second>[a-z]+(?:ed|en|id|nt|de|ut|wn))\b(?! [a-z]+ed\b)"
)
_ALREADY = re.compile(
    r"\b(?:was|were|had been|is|are)(?:n[\u2019']t| not)? (?:already (?P<after>[a-z]+)|(?P<before>[a-z]+) already)\b"
)


def done_besides(moment: Moment) -> Iterator[str]:
    """Iterate over second acts that nothing did, and over what the turn did, and is said to have been so already.

    Args:
        moment: A reply.
    """
    wrote = moment.wrote()
    for match in _AND.finditer(moment.bare) if wrote else ():
        base = lemma(match["second"])
        if base == match["second"] or base in READS or base in STATES or is_doubtful(moment.bare, match.start()):
            continue
        if acts_of(base) and licensed(moment, lemma(match["first"]), wrote) and not _is_done(moment, base, wrote):
            yield f"it says {match['second']!r}, too, and nothing did that"
    for match in _ALREADY.finditer(moment.bare) if wrote else ():
        root = stem(lemma(match["after"] or match["before"]))
        if any(stem(tokens(moment.call(k).name)[0]) == root for k in wrote) and not moment.failed():
            yield f"it says {match[0]!r}, and it is so by this turn's doing"


def _is_done(moment: Moment, verb: str, wrote: list[int]) -> bool:
    """Return True if a change of the turn, or of an earlier one, does what a verb tells, or a result has the word."""
    calls = moment.evidence.dialogue.calls
    earlier = [k for k, call in enumerate(calls) if call.turn < moment.turn and call.error is None]
    root = stem(verb)
    values = (str(v) for row in moment.sources.rows for v in row.fields.values() if isinstance(v, str))
    told = any(stem(lemma(word)) == root for text in values for word in re.findall(r"[a-z]+", text.lower()[:60]))
    return told or licensed(moment, verb, [*wrote, *earlier])
