"""What a model works out in sentences of its own: how many there are in all, what they come to, a share.

Among twenty figures nearly any number is a sum, a difference or a share of some two. So what a sentence of a model's
own works out has to follow from what it speaks of: from the list that it names, from all figures of the text, from the
one right before it.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.derive import equations
from fr_synth.verify.claims.figures.reference.refilled import fits_some, parts_of
from fr_synth.verify.claims.figures.situated.as_told import tells
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.numbers import CURRENCIES
from fr_synth.verify.situated.meaning.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["misfigured"]

_SUMS = re.compile(r"\b(?:in all|in total|altogether|together|all told|makes?|come to|comes to|total|sum|%)|%")
_IN_ALL = re.compile(r"\b(?:in all|in total|altogether|together|all told|makes?)\b")
_SUMMED = re.compile(
    r"\b(?:together|altogether|all of (?:them|these|those)|in total|in all|all told|the (?:total|sum))\b", re.IGNORECASE
)
_NOUN = re.compile(r" (?P<noun>[a-z]{3,})\b")


def misfigured(moment: Moment) -> Iterator[str]:
    """Iterate over counts, sums and shares in sentences of a model's own that do not follow from what they speak of.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    if scope is None or not _SUMS.search(moment.text):
        return
    shown = [(each.start, each.end) for each in equations(moment.text) if each.holds]
    parts, at = parts_of(moment.text), 0
    for text in parts[1:] or parts:
        start = moment.text.index(text, at)
        at = start + len(text)
        if not _SUMS.search(text) or fits_some(scope.wordings, text):
            continue
        for claim in moment.claims:
            told = claim.plain or not isinstance(claim.span.value, float) or not start <= claim.span.start < at
            if told or any(tells(slot, claim, moment) for slot in scope.slots):
                continue
            if not any(a <= claim.span.start < b for a, b in shown):
                yield from _figure(moment, claim, (start, at))


def _figure(moment: Moment, claim: Claim, part: tuple[int, int]) -> Iterator[str]:
    text = moment.text[part[0] : part[1]]
    if claim.span.unit == "%":
        if not claim.places and not claim.said and not _is_share(moment, claim, part):
            yield f"{claim.span.text!r} % is no share of what is told right before it"
    elif claim.span.places or claim.span.unit in CURRENCIES:
        if not claim.places and not claim.said and _SUMMED.search(text) and not _is_sum(moment, claim):
            yield f"{claim.span.text!r} is not what all of it comes to"
    elif _IN_ALL.search(text) and not claim.span.unit and not _is_number_of(moment, claim):
        yield f"{claim.span.text!r} is not how many there are in all"


def _figures(moment: Moment, until: int) -> list[Claim]:
    """Return the figures of a text up to a place, but for shares and small numbers in words."""
    figures = [claim for claim in moment.claims if isinstance(claim.span.value, float) and claim.span.end <= until]
    return [claim for claim in figures if claim.span.unit != "%" and claim.span.places is not None]


def _is_share(moment: Moment, claim: Claim, part: tuple[int, int]) -> bool:
    """Return True if a share is that of the figure told last, of another one of its currency in the text."""
    said, step = claim.span.value, 0.5 * 10.0 ** -(claim.span.places or 0)
    figures = _figures(moment, part[1])
    before = [each for each in figures if each.span.end <= claim.span.start]
    inside = [each for each in figures if each.span.start >= part[0]]
    for one in (*before[-1:], *inside):
        for whole in figures:
            a, b = one.span.value, whole.span.value
            alike = one.span.unit == whole.span.unit and one is not whole
            if alike and isinstance(a, float) and isinstance(b, float) and isinstance(said, float) and b:
                shares = (100 * a / b, 100 * abs(a - b) / abs(b))
                if any(abs(share - said) <= step for share in shares):
                    return True
    return False


def _is_sum(moment: Moment, claim: Claim) -> bool:
    """Return True if an amount is that of all those before it in its currency, or of a whole list."""
    said = claim.span.value
    figures = _figures(moment, claim.span.start)
    values = [each.span.value for each in figures if each.span.unit == claim.span.unit or not claim.span.unit]
    amounts = [value for value in values if isinstance(value, float)]
    own = [c.span.value for c in figures if c.span.start >= _begun(moment, claim) and isinstance(c.span.value, float)]
    sums = [*_columns(moment), amounts, own]
    return isinstance(said, float) and any(len(each) > 1 and abs(math.fsum(each) - said) < _CENT for each in sums)


_CENT = 0.005


def _begun(moment: Moment, claim: Claim) -> int:
    return next((a for a, b in moment.clauses if a <= claim.span.start < b), 0)


def _columns(moment: Moment) -> list[list[float]]:
    """Return the amounts under each name in each list so far, where all are in one currency."""
    rows = moment.sources.rows
    found: dict[tuple[int, str, str], list[float]] = {}
    currencies: dict[tuple[int, str], set[str]] = {}
    for row in rows:
        for name, value in row.fields.items() if row.list else ():
            if isinstance(value, float):
                found.setdefault((row.parent, row.list, name), []).append(value)
        if row.list:
            currencies.setdefault((row.parent, row.list), set()).add(str(row.fields.get("currency")))
    return [values for (parent, name, _), values in found.items() if len(currencies[parent, name]) == 1]


def _is_number_of(moment: Moment, claim: Claim) -> bool:
    """Return True unless a number counts things that a list is called by, and there is none of so many by then."""
    noun = _NOUN.match(moment.text, claim.span.end)
    if noun is None:
        return True
    lists: dict[str, list[int]] = {}
    named: set[str] = set()
    for number in {*moment.ran, *(k for k, c in enumerate(moment.evidence.dialogue.calls) if c.turn < moment.turn)}:
        for name, value in moment.call(number).result.items():
            if isinstance(value, list):
                lists.setdefault(_one(tokens(name)[-1]), []).append(len(value))
    for tool in moment.spec.tools.values():
        named |= {_one(tokens(name)[-1]) for name in tool.returns}
    word = _one(noun["noun"])
    if word in lists:
        return claim.span.value in lists[word]
    return word not in named or _is_said_of(moment, claim, word)


def _is_said_of(moment: Moment, claim: Claim, word: str) -> bool:
    said = rf"\b{re.escape(claim.span.text)} (?:[a-z]+ )?{word}"
    return any(re.search(said, heard) for heard in moment.sources.heard)


def _one(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
