"""What an amount is for: "a month", "each", "per night" behind a figure that the situation tells without it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.situation.templates import parse
from fr_synth.verify.claims.figures.reference.refilled import sentences_of
from fr_synth.verify.claims.figures.situated.as_told import tells
from fr_synth.verify.situated.meaning.scope import scope_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["misrated"]

_RATE = re.compile(
    r"(?: ?%| [A-Z]{3}| bytes| points)?(?: of [a-z]+)? "
    r"(?:(?:an?|per|every|each) (?P<per>minute|hour|day|night|week|month|quarter|year|person|head|file|piece|item)\b|"
    r"(?P<each>each|apiece)\b(?! [a-z])|(?P<ly>daily|weekly|monthly|quarterly|yearly|nightly)\b)"
)
_STEMS = {"daily": "da", "each": "each", "apiece": "each"}


def misrated(moment: Moment) -> Iterator[str]:
    """Iterate over figures that are told as so much a month, a day or a piece, and that the situation does not tell so.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None:
        return
    for claim in moment.claims:
        if claim.plain or not isinstance(claim.span.value, float) or claim.span.places is None:
            continue
        match = _RATE.match(moment.text, claim.span.end)
        own = {slot.path for slot in scope.slots if slot.path and tells(slot, claim, moment)} if match else set()
        if not match or not own:
            continue
        word = match["per"] or match["each"] or match["ly"]
        stem = _STEMS.get(word, word.removesuffix("ly"))
        if any(word in map(str, slot.values) for slot in scope.slots):
            continue  # how often is a value itself
        if not any(_has(wording, frozenset(own), stem) for wording in sentences_of(scope.wordings)):
            yield f"{claim.span.text!r} is told as so much {match[0].strip()!r}, and the situation does not say so"


@functools.lru_cache(maxsize=8192)
def _has(wording: str, paths: frozenset[str], stem: str) -> bool:
    """Return True if a sentence of the situation tells one of some places as so much a month, or another place does."""
    text, fills = written(parse(wording))
    around = text.lower().split("\0")
    for at, fill in enumerate(fills):
        if fill.path in paths:
            before, behind = _COMMA.split(around[at])[-1], around[at + 1]
            often = re.search(rf"\b(?:(?:each|every|per) {stem}|{stem}(?:ly|$))", before)
            if often or stem in behind or (not behind.strip() and at + 1 < len(fills)):
                return True
    return False


_COMMA = re.compile(r"[,;:.]")
