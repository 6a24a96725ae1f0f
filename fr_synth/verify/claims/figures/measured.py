"""What a model's figures are in: the currency and the unit that the situation has, an amount that is nothing, a day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.as_told import is_explained, tells
from fr_synth.verify.claims.figures.derive import equations
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.dates import Day
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS
from fr_synth.verify.claims.wording.spoken import spoken_of
from fr_synth.verify.situated.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.wording.spoken import Spoken
    from fr_synth.verify.situated.scope import Slot

__all__ = ["mismeasured"]


def mismeasured(moment: Moment) -> Iterator[str]:
    """Iterate over figures in another currency or unit than the situation has, and days that are another one.

    Args:
        moment: A model's text.
    """
    scope, spoken = scope_of(moment.evidence, moment.turn), spoken_of(moment)
    if scope is None or spoken is None:
        return
    sums = [(each.start, each.end) for each in equations(moment.text) if each.holds]
    for claim in moment.claims:
        if claim.plain or any(a <= claim.span.start < b for a, b in sums):
            continue
        own = [slot for slot in scope.slots if tells(slot, claim, moment)]
        if isinstance(claim.span.value, Day):
            yield from _on_another_day(moment, claim, own, spoken)
        elif isinstance(claim.span.value, float) and not _is_said(moment, claim):
            yield from _in_another_currency(moment, claim, own)
            yield from _in_another_unit(claim, own)
            yield from _nothing(moment, claim, own, scope.slots)


def _is_said(moment: Moment, claim: Claim) -> bool:
    """Return True if somebody has said a number in just this unit or currency."""
    said = ((span.value, span.unit) for _, span in moment.sources.said)
    return (claim.span.value, claim.span.unit) in said


def _in_another_currency(moment: Moment, claim: Claim, own: Sequence[Slot]) -> Iterator[str]:
    """Yield an amount where each place that tells it has its currency, and that is another one."""
    if claim.span.unit not in CURRENCIES:
        return
    codes = [_codes(moment, slot, claim) for slot in own if slot.path]
    if codes and all(codes) and claim.span.unit not in frozenset().union(*codes):
        meant = " or ".join(sorted(frozenset().union(*codes)))
        yield f"{claim.span.text!r} is in {meant} there, not in {claim.span.unit}"


_PRICES = re.compile(r"\b[Pp]rices are in ([A-Z]{3})\b")


def _codes(moment: Moment, slot: Slot, claim: Claim) -> frozenset[str]:
    """Return the currencies that an amount can be in at a place; none where that is not known."""
    given = {each.partition(":")[2] for each in slot.formats if each.startswith("money:")}
    if given:
        return frozenset(given) if given <= CURRENCIES else frozenset()
    rows = [moment.sources.rows[place.row] for place in claim.places if place.row >= 0]
    beside = {str(value) for row in rows for value in row.fields.values() if isinstance(value, str)} & CURRENCIES
    priced = _PRICES.search(str(moment.evidence.dialogue.messages[0].get("content", "")))
    return frozenset(beside | ({priced[1]} if priced else set()))


_ALIKE = {"night": "day"}


def _in_another_unit(claim: Claim, own: Sequence[Slot]) -> Iterator[str]:
    """Yield a number where each place that tells it has a unit, and that measures something else."""
    unit = _base(claim.span.unit)
    units = [frozenset(filter(None, map(_base, _units(slot)))) for slot in own]
    if unit and units and all(units) and unit not in frozenset().union(*units):
        yield f"{claim.span.text!r} {claim.span.unit} is told in another unit there"


def _units(slot: Slot) -> Iterator[str]:
    """Iterate over the nouns that the wordings have behind a place."""
    for each in slot.formats:
        name, _, noun = each.partition(":")
        if name in ("unit", "plural"):
            yield noun


def _base(unit: str) -> str:
    base = UNITS[unit.lower()][0] if unit.lower() in UNITS else ""
    return _ALIKE.get(base, base)


def _nothing(moment: Moment, claim: Claim, own: Sequence[Slot], slots: Sequence[Slot]) -> Iterator[str]:
    """Yield an amount of nothing that no place tells, and of which no word says what it is."""
    if claim.span.value or not claim.span.places or own:
        return
    fields = {word for place in claim.places for word in tokens(place.field)}
    taken = any(slot.values and set(tokens(slot.path.rpartition(".")[2])) & fields for slot in slots)
    if taken or not is_explained(moment, claim, slots, strictly=True):
        yield f"{claim.span.text!r} is nothing that is told there"


_NEAR_DAYS = "today|tomorrow|yesterday"


def _on_another_day(moment: Moment, claim: Claim, own: Sequence[Slot], spoken: Spoken) -> Iterator[str]:
    """Yield "tomorrow" where the situation has "today", and no place there can be that day."""
    word, fillers = claim.span.text.lower(), spoken.said.get(_NEAR_DAYS, frozenset())
    heard = moment.sources.heard[-1] if moment.sources.heard else ""
    if word in _NEAR_DAYS.split("|") and fillers and word not in fillers and word not in heard and not own:
        yield f"it says {word!r}, where the situation has {' or '.join(sorted(fillers))!r}"
