"""What a model's figures are in: the currency and the unit that the situation has, an amount that is nothing, a day."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from fr_envs.situation.templates import Fill, parse, parts_in
from fr_synth.verify.claims.figures.derive import equations
from fr_synth.verify.claims.figures.situated.as_told import is_explained, tells
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.dates import Day
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS
from fr_synth.verify.claims.wording.spoken import spoken_of
from fr_synth.verify.situated.meaning.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.wording.spoken import Spoken
    from fr_synth.verify.situated.meaning.scope import Slot

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
            yield from _than_before(moment, claim)


def _is_said(moment: Moment, claim: Claim) -> bool:
    """Return True if somebody has said a number in just this unit or currency."""
    said = ((span.value, span.unit) for _, span in moment.sources.said)
    return (claim.span.value, claim.span.unit) in said


def _in_another_currency(moment: Moment, claim: Claim, own: Sequence[Slot]) -> Iterator[str]:
    """Yield an amount where each place that tells it has its currency, and that is another one."""
    if claim.span.unit not in CURRENCIES:
        return
    codes = [_codes(moment, slot, claim) for slot in own if slot.path or slot.formats]
    if not (codes and all(codes)):
        yield from _out_of_line(moment, claim)
    elif claim.span.unit not in frozenset().union(*codes):
        meant = " or ".join(sorted(frozenset().union(*codes)))
        yield f"{claim.span.text!r} is in {meant} there, not in {claim.span.unit}"


def _out_of_line(moment: Moment, claim: Claim) -> Iterator[str]:
    """Yield an amount in another currency than those of its list beside it, whose rows have none of their own."""
    columns = _columns(moment, claim)
    mates = [other for other in moment.claims if other is not claim and _columns(moment, other) & columns]
    units = {other.span.unit for other in mates}
    if len(mates) > 1 and len(units) == 1 and units <= CURRENCIES and claim.span.unit not in units:
        yield f"{claim.span.text!r} is in {claim.span.unit}, and the others of its list in {units.pop()}"


def _columns(moment: Moment, claim: Claim) -> set[tuple[int, str, str]]:
    """Return where an amount stands in lists: (row around it, list, member); none where its row has a currency."""
    rows = moment.sources.rows
    places = [place for place in claim.places if place.row >= 0 and rows[place.row].list]
    if any(str(value) in CURRENCIES for place in places for value in rows[place.row].fields.values()):
        return set()
    return {(rows[place.row].parent, rows[place.row].list, place.field) for place in places}


_PRICES = re.compile(r"\b[Pp]rices are in ([A-Z]{3})\b")


def _codes(moment: Moment, slot: Slot, claim: Claim) -> frozenset[str]:
    """Return the currencies that an amount can be in at a place; none where that is not known."""
    given = {each.partition(":")[2] for each in slot.formats if each.startswith("money:")}
    given |= _codes_of_items(slot.item, frozenset(place.field for place in claim.places)) if slot.item else set()
    if given:
        return frozenset(given) if given <= CURRENCIES else frozenset()
    rows = [moment.sources.rows[place.row] for place in claim.places if place.row >= 0]
    beside = {str(value) for row in rows for value in row.fields.values() if isinstance(value, str)} & CURRENCIES
    priced = _PRICES.search(str(moment.evidence.dialogue.messages[0].get("content", "")))
    return frozenset(beside | ({priced[1]} if priced else set()))


@functools.lru_cache(maxsize=512)
def _codes_of_items(item: str, fields: frozenset[str]) -> frozenset[str]:
    """Return the currencies in which the wording of each thing of a list has some of its members."""
    fills = (part for part in parts_in(parse(item)) if isinstance(part, Fill) and part.path in fields)
    filters = (fill.filters[-1] for fill in fills if fill.filters)
    return frozenset(each.partition(":")[2] for each in filters if each.startswith("money:"))


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
        if name in ("unit", "plural") or (name == "words" and noun):
            yield noun


def _base(unit: str) -> str:
    base = UNITS[unit.lower()][0] if unit.lower() in UNITS else ""
    return _ALIKE.get(base, base)


def _nothing(moment: Moment, claim: Claim, own: Sequence[Slot], slots: Sequence[Slot]) -> Iterator[str]:
    """Yield an amount of nothing that no place tells, and of which no word says what it is."""
    if claim.span.value or not claim.span.places or own:
        return
    claim = _of_what_is_named(moment, claim)
    fields = {word for place in claim.places for word in tokens(place.field)}
    taken = any(slot.values and set(tokens(slot.path.rpartition(".")[2])) & fields for slot in slots)
    if taken or not is_explained(moment, claim, slots, strictly=True):
        yield f"{claim.span.text!r} is nothing that is told there"


def _of_what_is_named(moment: Moment, claim: Claim) -> Claim:
    """Return a value without its places in other things of a list than those that its clause names, if it names any."""
    start, end = next(((a, b) for a, b in moment.clauses if a <= claim.span.start < b), (0, len(moment.text)))
    sources = moment.sources
    named = {
        place.row
        for each in moment.claims
        if start <= each.span.start < end and not each.plain and isinstance(each.span.value, str)
        for place in each.places
        if place.row >= 0 and sources.rows[place.row].list
    }
    if not named:
        return claim
    near = frozenset().union(*(sources.scope(number) for number in named))
    places = (place for place in claim.places if place.row < 0 or not sources.rows[place.row].list or place.row in near)
    return claim._replace(places=tuple(places))


_THAN_BEFORE = re.compile(r" ?%? ?(?:more|less|higher|lower|cheaper|dearer) than (?:before|until now|so far|last)\b")


def _than_before(moment: Moment, claim: Claim) -> Iterator[str]:
    """Yield a share by which something is said to have changed, where no two values that are told differ by it."""
    if claim.span.unit != "%" or not _THAN_BEFORE.match(moment.text, claim.span.end):
        return
    figures = (each for each in moment.claims if each is not claim and (each.places or each.said))
    pairs = set(itertools.permutations([each.span.value for each in figures if isinstance(each.span.value, float)], 2))
    for number in moment.sources.of_calls(moment.worked()):
        pairs.update(_before_and_after(moment.sources.rows[number].fields))
    step = 0.5 * 10.0 ** -(claim.span.places or 0)
    if not any(
        old and abs(100 * abs(new - old) / abs(old) - float(str(claim.span.value))) <= step for new, old in pairs
    ):
        yield f"nothing that is told is {claim.span.text!r} % more or less than before"


def _before_and_after(fields: JsonObject) -> Iterator[tuple[float, float]]:
    """Iterate over (new, old) values of a result that tells both: ``balance`` and ``previous_balance``."""
    for name, old in fields.items():
        new = fields.get(name.removeprefix("previous_").removeprefix("old_"))
        if name.startswith(("previous_", "old_")) and isinstance(old, float) and isinstance(new, float):
            yield new, old


_NEAR_DAYS = "today|tomorrow|yesterday"


def _on_another_day(moment: Moment, claim: Claim, own: Sequence[Slot], spoken: Spoken) -> Iterator[str]:
    """Yield "tomorrow" where the situation has "today", and no place there can be that day."""
    word, fillers = claim.span.text.lower(), spoken.said.get(_NEAR_DAYS, frozenset())
    heard = moment.sources.heard[-1] if moment.sources.heard else ""
    if word not in _NEAR_DAYS.split("|") or not fillers or word in fillers or word in heard:
        return
    if not own or _stands_as(moment, claim, own, fillers, spoken):
        yield f"it says {word!r}, where the situation has {' or '.join(sorted(fillers))!r}"


def _stands_as(moment: Moment, claim: Claim, own: Sequence[Slot], fillers: Iterable[str], spoken: Spoken) -> bool:
    """Return True if a day has the word before it that the situation has before another one ("paid today")."""
    before = _LAST_WORD.search(moment.text, 0, claim.span.start)
    if before is None or any(("<", before[1].lower()) in slot.beside for slot in own):
        return False
    other = "|".join(map(re.escape, fillers))
    return re.search(rf"\b{re.escape(before[1])} (?:{other})\b", spoken.text, re.IGNORECASE) is not None


_LAST_WORD = re.compile(r"([A-Za-z]{2,}) $")
