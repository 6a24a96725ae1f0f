"""Numbers that nobody has told, and that follow from those that were: sums, rests, shares, conversions."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.derive import converts, equations, follows, totals
from fr_synth.verify.claims.known.clauses import clauses
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS
from fr_synth.verify.claims.wording.lexicon import CUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.known.sources import Place

__all__ = ["is_derived"]

_LESS = re.compile(
    r"\b(less|cheaper|back|minus|below|overdrawn|lower|fewer|down|spent|took|used|off|out|negative|short|owe|red)\b"
)
_ALL_TOGETHER = re.compile(r"\b[Aa]ll (?:of (?:them|these|those) )?together (?:come to|make|cost) [€$£]?$")
_SHORT = re.compile(r"\b(short|overdrawn|minus|below|negative|deficit|red|lack|missing|debt)\b")
_ABOUT = re.compile(
    r"\b(about|around|roughly|nearly|almost|some|approximately|just over|just under|close to|over|under)\s$"
)
_REASONED = re.compile(
    r"\b(leaves?|leaving|left|remains?|remaining|together|total|in all|altogether|sum|"
    r"difference|more|less|extra|cheaper|"
    r"each|per|times|apart|between|longer|shorter|saves?|saving|short|over|above|below|under|makes?|brings?|would|"
    r"come[s]? to|higher|lower|bigger|larger|smaller|fewer|spare|rise|raise|increase|up by|"
    r"down by|half|average|so|percent|will be)\b"
    r"|[=\u2212+\u00d7%]"
)


def is_derived(moment: Moment, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Return True if a number that nobody has told follows from those that were.

    Args:
        moment: The text.
        claim: The number.
        claims: All values of the text.
    """
    said = claim.span.value
    if not isinstance(said, float) or (claim.places and moment.who == "reasoning"):
        return False
    if claim.places or claim.said:
        return False
    return _calculated(moment, claim, claims) or (
        _REASONED.search(moment.text) is not None and _reasoned(moment, claim, said, claims)
    )


def _calculated(moment: Moment, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Return True if a number comes out of a calculation that is shown, or is a known one, converted or rounded."""
    said, text, sources = claim.span.value, moment.text, moment.sources
    if not isinstance(said, float):
        return False
    if any(e.holds and said in (e.result, *e.operands) and _all_known(e.operands, claims) for e in equations(text)):
        return True
    if said > 0 and -said in sources.numbers and any(_LESS.search(text, *part) for part in _around(text, claim)):
        return True
    recent = _recent(moment)
    if claim.span.unit and converts(said, claim.span.unit, claim.span.places, recent):
        return True
    about = _ABOUT.search(text, 0, claim.span.start) is not None
    return about and any(_near(said, number, claim.span.places) for number in recent)


def _recent(moment: Moment) -> list[float]:
    """Return the numbers of the turn."""
    return [n for n, at in moment.sources.numbers.items() if any(_of_turn(moment, place) for place in at)]


def _reasoned(moment: Moment, claim: Claim, said: float, claims: Sequence[Claim]) -> bool:
    """Return True if a number follows from one that the text names and another one, or sums up a list."""
    if said < 0 and not _SHORT.search(moment.text):
        return False
    told = [(c, c.span.value) for c in claims if c is not claim and isinstance(c.span.value, float)]
    told = [(c, value) for c, value in told if c.places or c.said]
    money = claim.span.unit in CURRENCIES  # to which nothing is added that is told in words: "705.00 for a single"
    near = [value for c, value in told if not (money and (c.span.places is None or c.span.unit in UNITS))]
    beside = _beside(moment, claims)
    few = beside
    if len(set(beside)) > _FEW_MEMBERS:  # with one of twenty prices anything can be worked out
        few = _beside(moment, claims, only=CUES["left"])
    columns = list(_columns(moment))
    if _ALL_TOGETHER.search(moment.text, 0, claim.span.start):
        return any(abs(math.fsum(each) - said) < _CENT for each in [*columns, [v for v in near if v != said]])
    counts = [value for c, value in told if c.span.unit not in CURRENCIES and not c.span.places]
    counts = counts if not money or _PORTION.search(_part(moment, claim)) else []
    if (
        follows(said, near, [*near, *few], claim.span.places, counts)
        or totals(columns, said)
        or _within_row(moment, said)
    ):
        return True
    if _across(moment, near, said, money=money):
        return True
    if claim.span.unit != "%":
        return False
    parts = [abs(number) for number in near if number]  # a share of a hundred numbers says nothing
    whole = [*parts, *(sum(each) for each in columns if any(number in each for number in near))]
    few = [abs(number) for number in few if number]
    return _share(said, parts, whole, claim.span.places) or any(
        _share(said, [number], [sum(each) for each in columns if number in each], claim.span.places) for number in few
    )


_PORTION = re.compile(
    r"\b(?:each|per|apiece|every|half|halves|twice|double|doubled|triple|times|share|shared|split|average|between|"
    r"nightly|daily|weekly|monthly|yearly|annual|annually|a (?:night|day|week|month|quarter|year|person|head|piece)|"
    r"total|in all|altogether|together|sum|so|makes?|making|comes?|come|adds?|would|will|costs?|"
    r"both|year|years|months?|nights|days|weeks|people|persons|passengers|instal+ments|payments)\b|[\u00d7=/]"
)  # what goes by a count says so


def _part(moment: Moment, claim: Claim) -> str:
    """Return what stands around an amount up to the next comma."""
    start, end = next(((a, b) for a, b in moment.clauses if a <= claim.span.start < b), (0, len(moment.text)))
    before, behind = moment.text[start : claim.span.start], moment.text[claim.span.end : end]
    return f"{_COMMA.split(before)[-1]}_{_COMMA.split(behind)[0]}"


_COMMA = re.compile(r"[,:]\s")


def _across(moment: Moment, near: Sequence[float], said: float, *, money: bool) -> bool:
    """Return True if a number is the sum or difference of one that an earlier reply told and one of this turn.

    That of this turn is told beside it, or stands in a result of one thing, or in a short list.
    """
    sources = moment.sources
    rows = [sources.rows[number] for number in sources.of_calls(moment.worked())]
    few = [row for row in rows if not row.list or sum(other.list == row.list for other in rows) <= _FEW_MEMBERS]
    here = [*near, *(value for row in few for value in row.fields.values() if _is_number(value))]
    told = sources.told
    if money:  # to which no nights and no stars are added
        here = [value for value in here if isinstance(value, float) or value > _MOST]
        told = [value for value in told if value in sources.amounts]
    pairs = itertools.product(dict.fromkeys(told), dict.fromkeys(here))
    return any(abs(value - abs(said)) < _CENT / 2 for a, b in pairs for value in (a + b, abs(a - b)))


_CENT = 0.01
_MOST = 366  # what may count something: days of a year
_FEW_MEMBERS = 6  # numbers in the rows that a clause singles out


def _around(text: str, claim: Claim) -> list[tuple[int, int]]:
    return [(a, b) for a, b in clauses(text, [claim]) if a <= claim.span.start < b]


def _all_known(operands: Sequence[float], claims: Sequence[Claim]) -> bool:
    known = {abs(c.span.value) for c in claims if isinstance(c.span.value, float) and (c.places or c.said)}
    return any(abs(o) in known for o in operands) and all(abs(o) in known or _is_constant(o) for o in operands)


def _is_constant(number: float) -> bool:
    """Return True if a number may be calculated with without a source: months of a year, days of a week, per cent."""
    return number in (2, 4, 7, 12, 24, 30, 31, 52, 60, 100, 365, 1000, 1024)


def _of_turn(moment: Moment, place: Place) -> bool:
    return place.row >= 0 and moment.call(moment.sources.rows[place.row].call).turn == moment.turn


def _near(said: float, number: float, places: int | None) -> bool:
    """Return True if a number rounds to another: to its last digit that is not zero, or to the decimals written."""
    if not said:
        return False
    if places:
        return round(number, places) == said  # nobody rounds to the cent and misses it
    step = 1.0
    while said % (step * 10) == 0 and step < abs(said):
        step *= 10
    return abs(number - said) <= step / 2 or abs(number - said) <= abs(said) * 0.02


def _beside(moment: Moment, own: Sequence[Claim], only: frozenset[str] | None = None) -> list[float]:
    """Return the numbers in the rows that the words of a clause single out; of some members alone, by their words."""
    rows = {place.row for claim in own for place in claim.places if place.row >= 0}
    for claim in own:
        rows.update(number for place in claim.places for number in moment.sources.scope(place.row) if place.row >= 0)
    members = (member for row in rows for member in moment.sources.rows[row].fields.items())
    return [v for name, v in members if _is_number(v) and (only is None or only & set(tokens(name)))]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _columns(moment: Moment) -> Iterator[list[float]]:
    """Iterate over the numbers under each name in each list of the turn's results, and in its parts by a text."""
    sources = moment.sources
    found: dict[tuple[int, str, str], list[float]] = {}
    folded = moment.text.lower()
    for number in sources.of_calls(moment.worked()):
        row = sources.rows[number]
        if not row.list:
            continue
        texts = ((k, v) for k, v in row.fields.items() if isinstance(v, str))
        marks = [f"{k}={v}" for k, v in texts if v.replace("_", " ").lower() in folded]
        for name, value in row.fields.items():
            if _is_number(value):
                for mark in ("", *marks):
                    found.setdefault((row.parent, name, mark), []).append(value)
    yield from found.values()


def _within_row(moment: Moment, said: float) -> bool:
    """Return True if a number is the sum or difference of two members of one result that belong together."""
    sources = moment.sources
    for number in sources.of_calls(moment.told()):
        numbers = [v for v in sources.rows[number].fields.values() if isinstance(v, float)]
        if len(numbers) <= 12 and follows(said, numbers, numbers, None, ()) and abs(said) > 12:
            return True
    return False


def _share(said: float, near: Sequence[float], known: Sequence[float], places: int | None) -> bool:
    step = 0.5 * 10.0 ** -(places or 0)
    return any(b and abs(100 * a / b - said) <= step for a in near for b in [*near, *known])
