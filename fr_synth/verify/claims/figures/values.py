"""Value claims: every value of a text is known at that moment, and stands beside what it is said with."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.counts import is_count
from fr_synth.verify.claims.figures.cues import in_currency, misled
from fr_synth.verify.claims.figures.derive import equations
from fr_synth.verify.claims.figures.placing import misplaced
from fr_synth.verify.claims.figures.sums import missummed
from fr_synth.verify.claims.figures.worked_out import is_derived
from fr_synth.verify.claims.known.clauses import groups
from fr_synth.verify.claims.known.moment import in_odd_name
from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.parsing.dates import Day
from fr_synth.verify.claims.shown.stale import was_so

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

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
        wrong = _untraced(moment, clause, claim, (own, claims))
        loose += [] if wrong is None else [claim]
        if wrong:
            yield wrong
    bound = [claim for claim in hard if claim not in loose and not _is_relative(claim)]
    yield from misled(moment, clause, bound, own)
    for claim in loose:
        if not claim.places:
            yield from in_currency(moment, claim)
    yield from missummed(moment, clause, own)
    if moment.who == "reply":
        if not _OTHERS.search(moment.text, *clause):
            yield from _out_of_turn(moment, bound)
        yield from misplaced(moment, clause, bound)
    heads = [c for c in own if c.plain and c.places and _HEAD.match(moment.text, c.span.end)]
    yield from _apart(moment, clause, sorted([*bound, *heads], key=lambda each: each.span.start))


def _is_misnumbered(moment: Moment, claim: Claim) -> bool:
    """Return True if a number stands behind a word as in a known name, of which all have another number there."""
    if claim.said or not claim.span.text.isdigit():
        return False
    head = _NUMBERED.search(moment.text, max(0, claim.span.start - _LONGEST), claim.span.start)
    if head is None:
        return False
    word = head[1].lower()
    known = {
        match[1] for name in moment.sources.with_words([word]) for match in re.finditer(rf"\b{word} (\d+)\b", name)
    }
    return bool(known) and claim.span.text not in known


_LONGEST = 24  # letters of a word that a number stands behind
_NUMBERED = re.compile(r"\b([A-Z][a-z]+) $")


def _untraced(
    moment: Moment, clause: tuple[int, int], claim: Claim, about: tuple[Sequence[Claim], Sequence[Claim]]
) -> str | None:
    """Return what is wrong with a value by itself; empty where it counts or follows from others, None where told."""
    count = is_count(moment, claim, clause, about[0])
    if count is False:
        return f"{claim.span.text!r} is not how many there are"
    if _is_misnumbered(moment, claim):
        return f"{claim.span.text!r} stands in a name, which has another number"
    if count or is_derived(moment, claim, about[1]):
        return ""
    if not claim.places and not claim.said and not in_odd_name(moment.spec, claim.span.text):
        return f"{claim.span.text!r} stands nowhere"
    return None


_HEAD = re.compile(r" \(| (?:for|at) [€$£]?\d")  # "light (250.00)", "a double for €246.00"


_OFFSET = re.compile(r" (?:minutes|hours|days|weeks|months) (?:before|after|from)\b")  # a rule, of any day


def _is_relative(claim: Claim) -> bool:
    """Return True if this is "today", "this month" or a number in words, which goes with anything."""
    value = claim.span.value
    if isinstance(value, Day):
        return 0 in (value.ahead, value.months_ahead)
    return isinstance(value, float) and claim.span.places is None  # "one CHF is 1.58 CAD", "the two accounts"


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
    if len(placed) < 2 or _together(moment, placed):
        return
    placed = [claim for claim in placed if not was_so(moment, claim)]
    if len(placed) < 2 or _together(moment, placed):
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
    strict = [claim for claim in claims if not (claim.said and _may_stand_anywhere(moment, claim))]
    strict = [claim for claim in strict if any(place.row >= 0 for place in claim.places)]
    if len(strict) < 2:
        return True
    sources = moment.sources
    alike = set.intersection(*({place.field for place in claim.places} for claim in strict))
    among = bool(alike) or moment.evidence.dialogue.teacher == "scripted"  # which tells folders beside their names
    rows = [_holders(moment, claim, among=among) for claim in strict]
    mine = set(sources.of_calls(moment.ran))
    candidates = set().union(*rows) | {n for n in mine if sources.rows[n].given}
    if moment.who == "reply" and candidates & mine:
        candidates &= mine  # an earlier turn may have told them together of another day
    if any(all(own & sources.scope(number) for own in rows) for number in candidates):
        return True
    if moment.who == "reasoning" and any(claim.said for claim in strict):
        unsaid = [own for own, each in zip(rows, strict, strict=True) if not each.said or each.span.kind == "quote"]
        return len(unsaid) < 2 or any(all(own & sources.scope(number) for own in unsaid) for number in candidates)
    return _nested(strict) or _in_one_text(moment, strict)


def _may_stand_anywhere(moment: Moment, claim: Claim) -> bool:
    """Return True for a number that was said, and for quoted words that are not those of one thing of a list alone."""
    if claim.span.kind == "quote":
        rows = {place.row for place in claim.places if place.row >= 0}
        return len(rows) != 1 or not moment.sources.rows[min(rows)].list
    return claim.span.kind == "number"


def _holders(moment: Moment, claim: Claim, *, among: bool) -> set[int]:
    """Return the rows that have a value; a list of names beside the rows that these are of only among names alone."""
    rows = moment.sources.rows
    own = {place.row for place in claim.places if place.row >= 0}
    around = {rows[number].parent for number in own if rows[number].list}
    lists = {
        place.row
        for place in claim.places
        if place.row in around and isinstance(rows[place.row].fields[place.field], list)
    }
    return own if among else own - lists


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
        if roles & {_role(place.field) for place in places} and not was_so(moment, claim):
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
