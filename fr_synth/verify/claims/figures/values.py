"""Value claims: every value of a text is known at that moment, and stands beside what it is said with."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.counts import is_count
from fr_synth.verify.claims.figures.cues import misled
from fr_synth.verify.claims.figures.derive import converts, equations, follows, totals
from fr_synth.verify.claims.figures.placing import misplaced
from fr_synth.verify.claims.known.clauses import clauses, groups
from fr_synth.verify.claims.known.moment import in_odd_name
from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.parsing.dates import Day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.known.sources import Place

__all__ = ["values"]


def values(moment: Moment) -> Iterator[str]:
    """Iterate over the values of a text that are not known, or that stand beside the wrong things."""
    claims = moment.claims
    yield from _blocks(moment)
    for equation in equations(moment.text):
        if not equation.holds:
            yield f"{moment.text[equation.start : equation.end]!r} does not add up"
    for clause in moment.clauses:
        own = [claim for claim in claims if clause[0] <= claim.span.start < clause[1]]
        yield from _clause(moment, clause, own, claims)


_BLOCK = re.compile(r':\n"(?!\s|"\s|"$|$)')


def _blocks(moment: Moment) -> Iterator[str]:
    """Iterate over quoted blocks of several lines that nothing known begins with, quotation marks and all."""
    folded = norm(moment.text)
    for match in _BLOCK.finditer(moment.text):
        end = _BLOCK_END.search(moment.text, match.end())
        block = folded[match.end() : end.start() if end else len(folded)]
        rest = folded[match.end() :].lstrip()
        if '"' in block.rstrip('" ') and not any(rest.startswith(known) for known in moment.sources.verbatim):
            yield f"{block[:60]!r} is quoted, and stands nowhere"


_BLOCK_END = re.compile(r'\n"(?=\s|$)')


def _clause(moment: Moment, clause: tuple[int, int], own: list[Claim], claims: Sequence[Claim]) -> Iterator[str]:
    hard = [claim for claim in own if not claim.plain]
    loose: list[Claim] = []
    for claim in hard:
        count = is_count(moment, claim, clause, own)
        if count is False:
            yield f"{claim.span.text!r} is not how many there are"
            loose.append(claim)
        elif count or _derived(moment, claim, own, claims):
            loose.append(claim)
        elif not claim.places and not claim.said and not in_odd_name(moment.spec, claim.span.text):
            yield f"{claim.span.text!r} stands nowhere"
            loose.append(claim)
    bound = [claim for claim in hard if claim not in loose and not _is_relative(claim)]
    yield from misled(moment, clause, bound, own)
    if moment.who == "reply":
        if not _OTHERS.search(moment.text, *clause):
            yield from _out_of_turn(moment, bound)
        yield from misplaced(moment, clause, bound)
    heads = [c for c in own if c.plain and c.places and _HEAD.match(moment.text, c.span.end)]
    yield from _apart(moment, clause, sorted([*bound, *heads], key=lambda each: each.span.start))


_HEAD = re.compile(r" \(| (?:for|at) [€$£]?\d")  # "light (250.00)", "a double for €246.00"


_OFFSET = re.compile(r" (?:minutes|hours|days|weeks|months) (?:before|after|from)\b")  # a rule, of any day


def _is_relative(claim: Claim) -> bool:
    """Return True if this is "today", "this month" or a number in words, which goes with anything."""
    value = claim.span.value
    if isinstance(value, Day):
        return 0 in (value.ahead, value.months_ahead)
    return isinstance(value, float) and claim.span.places is None  # "one CHF is 1.58 CAD", "the two accounts"


# ------------------------------------------------------------------------------------------------- derived values

_LESS = re.compile(
    r"\b(less|cheaper|back|minus|below|overdrawn|lower|fewer|down|spent|took|used|off|out|negative|short|owe|red)\b"
)
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


def _derived(moment: Moment, claim: Claim, own: Sequence[Claim], claims: Sequence[Claim]) -> bool:
    """Return True if a number that nobody has told follows from those that were."""
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
    near = [c.span.value for c in claims if c is not claim and isinstance(c.span.value, float) and (c.places or c.said)]
    beside = _beside(moment, claims)
    columns = list(_columns(moment))
    if follows(said, near, [*near, *beside], claim.span.places) or totals(columns, said) or _within_row(moment, said):
        return True
    if _across(moment, near, said):
        return True
    told = [abs(number) for number in near if number]  # a share of a hundred numbers says nothing
    whole = [*told, *(sum(each) for each in columns)]
    if claim.span.unit != "%":
        return False
    few = [abs(number) for number in beside if number] if len(beside) <= _FEW_MEMBERS else []
    return _share(said, told, whole, claim.span.places) or any(
        _share(said, [number], [sum(each) for each in columns if number in each], claim.span.places) for number in few
    )


def _across(moment: Moment, near: Sequence[float], said: float) -> bool:
    """Return True if a number is the sum or difference of one that an earlier reply told and one of this turn.

    That of this turn is told beside it, or stands in a result of one thing, or in a short list.
    """
    sources = moment.sources
    rows = [sources.rows[number] for number in sources.of_calls(moment.worked())]
    few = [row for row in rows if not row.list or sum(other.list == row.list for other in rows) <= _FEW_MEMBERS]
    here = [*near, *(value for row in few for value in row.fields.values() if _is_number(value))]
    pairs = itertools.product(dict.fromkeys(sources.told), dict.fromkeys(here))
    return any(abs(value - abs(said)) < _CENT / 2 for a, b in pairs for value in (a + b, abs(a - b)))


_CENT = 0.01
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


def _beside(moment: Moment, own: Sequence[Claim]) -> list[float]:
    """Return the numbers in the rows that the words of a clause single out."""
    rows = {place.row for claim in own for place in claim.places if place.row >= 0}
    for claim in own:
        rows.update(number for place in claim.places for number in moment.sources.scope(place.row) if place.row >= 0)
    return [v for row in rows for v in moment.sources.rows[row].fields.values() if _is_number(v)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _columns(moment: Moment) -> Iterator[list[float]]:
    """Iterate over the numbers under each name in each list of the turn's results, and in its parts by a text."""
    sources = moment.sources
    found: dict[tuple[int, str, str], list[float]] = {}
    for number in sources.of_calls(moment.worked()):
        row = sources.rows[number]
        if not row.list:
            continue
        marks = [f"{k}={v}" for k, v in row.fields.items() if isinstance(v, str)]
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
        if len(numbers) <= 12 and follows(said, numbers, numbers, None) and abs(said) > 12:
            return True
    return False


def _share(said: float, near: Sequence[float], known: Sequence[float], places: int | None) -> bool:
    step = 0.5 * 10.0 ** -(places or 0)
    return any(b and abs(100 * a / b - said) <= step for a in near for b in [*near, *known])


# --------------------------------------------------------------------------------------- what stands beside what


def _apart(moment: Moment, clause: tuple[int, int], claims: list[Claim]) -> Iterator[str]:
    """Iterate over values of one clause that no call tells in one breath; terms of a sum need not be."""
    sums = [(each.start, each.end) for each in equations(moment.text) if each.holds]
    placed = [
        claim
        for claim in claims
        if any(place.row >= 0 for place in claim.places)
        and not any(a <= claim.span.start < b for a, b in sums)
        and not _OFFSET.match(moment.text, claim.span.end)
    ]
    if len(placed) < 2:
        return
    if _together(moment, placed):
        return
    parts = groups(moment.text, clause, placed)
    for part in parts:
        if len(part) > 1 and not _together(moment, part):
            words = " / ".join(claim.span.text for claim in part)
            yield f"{words!r} do not belong together"
            return
    if moment.who == "reply" and len(parts) > 1 and not _is_listing(moment, parts):
        words = " / ".join(claim.span.text for claim in placed)
        yield f"{words!r} do not belong together"


def _together(moment: Moment, claims: Sequence[Claim]) -> bool:
    """Return True if some row has all the values within its scope; what the user said may stand beside anything."""
    strict = [claim for claim in claims if not (claim.said and claim.span.kind in ("quote", "number"))]
    strict = [claim for claim in strict if any(place.row >= 0 for place in claim.places)]
    if len(strict) < 2:
        return True
    sources = moment.sources
    rows = [{place.row for place in claim.places if place.row >= 0} for claim in strict]
    mine = set(sources.of_calls(moment.ran))
    candidates = set().union(*rows) | {n for n in mine if sources.rows[n].given}
    if moment.who == "reply" and candidates & mine:
        candidates &= mine  # an earlier turn may have told them together of another day
    if any(all(own & sources.scope(number) for own in rows) for number in candidates):
        return True
    if moment.who == "reasoning" and any(claim.said for claim in strict):
        unsaid = [own for own, claim in zip(rows, strict, strict=True) if not claim.said]
        return len(unsaid) < 2 or any(all(own & sources.scope(number) for own in unsaid) for number in candidates)
    return _nested(strict) or _in_one_text(moment, strict)


def _nested(claims: Sequence[Claim]) -> bool:
    """Return True if one path is the end of the other."""
    first, second = claims[0].span.text, claims[-1].span.text
    return len(claims) == 2 and (first.endswith(second) or second.endswith(first))


def _in_one_text(moment: Moment, claims: Sequence[Claim]) -> bool:
    """Return True if the values stand just so in a longer text that was read."""
    return moment.sources.holds(norm(moment.text[claims[0].span.start : claims[-1].span.end]))


def _is_listing(moment: Moment, parts: Sequence[Sequence[Claim]]) -> bool:
    """Return True if parts tell rows of one list one after the other, or each another call's result.

    A part with nothing of a list ("On 7 September these leave: …") has to be of the call that gives the list.
    """
    sources = moment.sources
    heads: Counter[tuple[int, str]] = Counter()
    calls: list[set[int]] = []
    for part in parts:
        places = [place for claim in part for place in claim.places if place.row >= 0]
        own = {(sources.rows[place.row].parent, place.field) for place in places if sources.rows[place.row].list}
        own |= {
            (place.row, place.field)
            for place in places
            if isinstance(sources.rows[place.row].fields[place.field], list)
        }
        heads.update(own)
        calls.append({sources.rows[place.row].call for place in places})
    for (row, field), often in heads.items():
        items = [part for part in parts if _is_item(moment, part, row, field)]
        others = [part for part in parts if part not in items]
        if often > 1 and all(_together(moment, [*other, *item]) for other in others for item in items):
            return True
    return all(not (a & b) for a, b in itertools.pairwise(calls)) and " and " in moment.text


def _is_item(moment: Moment, part: Sequence[Claim], row: int, field: str) -> bool:
    """Return True if a part tells an item of a list."""
    rows = moment.sources.rows
    return any(
        place.field == field and place.row >= 0 and row in (rows[place.row].parent, place.row)
        for claim in part
        for place in claim.places
    )


# -------------------------------------------------------------------------------------------- of this turn or not


_OTHERS = re.compile(r"\b(?:other|another|else|besides|same for|apart from|untouched|unchanged)\b|\?")


def _out_of_turn(moment: Moment, claims: Sequence[Claim]) -> Iterator[str]:
    """Iterate over values that another row has, where the results that are told have one of their own."""
    told = moment.told()
    if not told:
        return
    sources = moment.sources
    rows: set[int] = set()
    for number in sources.of_calls(told):
        rows |= sources.scope(number)
    roles = {_role(name) for number in rows for name in sources.rows[number].fields}
    for claim in claims:
        places = [place for place in claim.places if place.row >= 0]
        in_part = isinstance(claim.span.value, Day) and claim.span.value.full is None
        if in_part or not places or any(place.row in rows for place in places) or _user_said(claim, moment):
            continue
        if roles & {_role(place.field) for place in places}:
            yield f"{claim.span.text!r} is of something else"


def _role(field: str) -> str:
    words = tokens(field)
    return words[-1] if words else field


def _user_said(claim: Claim, moment: Moment) -> bool:
    """Return True if the user names the value in this turn and no call that failed was made with it."""
    if not claim.said:
        return False
    failed = set(moment.failed())
    return not any(place.row >= 0 and moment.sources.rows[place.row].call in failed for place in claim.places)
