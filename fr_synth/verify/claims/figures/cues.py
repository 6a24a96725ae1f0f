"""Cues: words right beside a value that say what it is, held against the members that it is a value of."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.compare import uncompared
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.dates import Clock, Day, iso_day, iso_time
from fr_synth.verify.claims.parsing.numbers import CURRENCIES
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.claims.wording.lexicon import CUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.known.sources import Place

__all__ = ["in_currency", "misled"]

_LINKS = (
    r"(?:\s(?:is|was|are|were|at|now|still|only|stands|will|be|exactly|just|come|"
    r"comes{more}))*\s*[:=]?\s*[(\"“]?$"
)

_BEFORE_NUMBER = re.compile(r"([A-Za-z]+)" + _LINKS.format(more="|of|the|a"))
_BEFORE_MOMENT = re.compile(r"([A-Za-z]+)" + _LINKS.format(more="|the"))
_BEFORE_TEXT = re.compile(r"([A-Za-z]+)\s(?:is|are|was)(?: now| still)?\s[\"“]?$")
_AFTER = re.compile(
    r"[\"”]?\s?(?:[A-Z]{3}\s)?(?:of it |is |are |was |were )?(?:still )?(?P<word>left|"
    r"available|refunded|remain|remains|spent|at your disposal|in total|"
    r"in all|at most|before|officially|at the bank|will be paid out|owed|lost|a month|came in|went out)\b"
)
_WHOLE = re.compile(r"\b(?:left|remains?|remaining|spent|used|available) (?:out )?of (?:the |your )?[€$£]?$")
_SHARE = re.compile(r"\bof (?:its |the |your |a )?$")
_NO_CUES = word_set(
    "on in to from at by of for up as back paid changed added no until with and or a an the is are it "
    "that this one after before now then than about"
)
_NEAR = 64  # characters in which the words right before a value stand
_FROM = frozenset(["previous", "old", "source", "from", "origin", "opening", "before"])
_TURN = re.compile(r"\b(from|instead of|in place of|no longer|off|out of)\s(?:the |your )?[\"“]?$")
_STARTS = re.compile(r" ?(?:[A-Z]{3} )?(from|starting|as of|effective)\b")
_INTO = re.compile(r"\b(to|into|is now|now|becomes)\s(?:the |your )?[\"“]?$")


_BESIDE = re.compile(r"\bthe \w+ (?:[^.,;:]* )?(?:of|on|for) (?:my|your|their|his|her) [^.,;:]*\w is $")
"""What comes before "is" belongs to the thing that is named: "the statement on my Main account is STM000001"."""


_THINGS = ("identifier", "name")


def misled(moment: Moment, clause: tuple[int, int], claims: Sequence[Claim], own: Sequence[Claim]) -> Iterator[str]:
    """Iterate over values beside words that belong to another one, and comparisons that do not hold."""
    for claim in claims:
        text = moment.text[max(clause[0], claim.span.start - _NEAR) : claim.span.start]
        before = None if _WHOLE.search(text) else _pattern(claim).search(text)
        after = None if _SHARE.search(text) else _AFTER.match(moment.text, claim.span.end)
        counted = _counts(moment, claim) or (claim.span.kind in _THINGS and _BESIDE.search(text) is not None)
        for word in () if counted else (_subject(claim, text, before), after and after["word"]):
            if (
                word
                and (
                    word[0].islower() or not moment.text[clause[0] : claim.span.start].rstrip(" (").endswith(f" {word}")
                )
                and _is_cue(word.lower())
                and _contradicts(moment, claim, word.lower())
            ):
                yield f"{claim.span.text!r} is no {word.lower()}"
        if isinstance(claim.span.value, float) and claim.places:
            yield from _amiss(moment, claim, text)
        yield from _turned(moment, claim, text)
        yield from in_currency(moment, claim)
    yield from uncompared(moment, clause, own)


_COST = re.compile(r"\b(?:costs?|fee of|charge of|charged) [€$£]?$")


def _is_amount(place: Place) -> bool:
    return place.row < 0 or isinstance(place.value, int | float)


def _amiss(moment: Moment, claim: Claim, before: str) -> Iterator[str]:
    """Iterate over what the words before a number make of it, and it is not."""
    if _COST.search(before) and not any(_is_amount(place) for place in claim.places):
        yield f"{claim.span.text!r} is nothing that anything costs"
    yield from _on_the_other_side(moment, claim, before)


_SIDE = re.compile(r"\b(above|below|over|under) (?:the |your )?[€$£]?$")
_SIDES = {"above": "below", "over": "below", "below": "above", "under": "above"}


def _on_the_other_side(moment: Moment, claim: Claim, before: str) -> Iterator[str]:
    """Yield a mark that is said to be for above it, and is for below; the row that has it tells which."""
    side = _SIDE.search(before)
    rows = {place.row for place in claim.places if place.row >= 0}
    told = [set(map(str, moment.sources.rows[number].fields.values())) for number in rows]
    if side and told and all(_SIDES[side[1]] in each for each in told):
        yield f"{claim.span.text!r} is for {_SIDES[side[1]]} it"


_IS = re.compile(r"^\s(?:is|was|are|were|will)\b")
_OWNED = re.compile(r"\b(?P<head>[a-z]+) of (?P<more>(?P<next>[a-z]+) of )?(?=[^.;:,]*$)")
_COUNTING = frozenset({"count", "number"})
_SUMS = frozenset({"amount", "cost", "fee", "price", "sum", "total"})


def _subject(claim: Claim, text: str, before: re.Match[str] | None) -> str | None:
    """Return the word right before a value that says what it is; None for none.

    Of "the number plate of Ada's permit is now …" that is "plate", of "the number of days of her request is 5" it is
    "days"; and "the fine of 35" says what the fine comes to.
    """
    if before is None:
        return None
    link = text[before.end(1) :]
    summed = link.strip() == "of" and before[1].lower() not in CUES
    if summed and any(_SUMS & set(tokens(place.field)) for place in claim.places):
        return None
    owned = _OWNED.search(text[: before.end(1)]) if _IS.match(link) else None
    if owned is None:
        return before[1]
    return owned["next"] if owned["head"] in _COUNTING and owned["more"] else owned["head"]


def _counts(moment: Moment, claim: Claim) -> bool:
    """Return True if the noun after a number is the name of its member ("holds 2 items")."""
    noun = re.match(r" ([a-z]+)", moment.text[claim.span.end : claim.span.end + 24])
    return noun is not None and any(noun[1] in tokens(place.field) for place in claim.places)


def _named(word: str, own: Sequence[Claim]) -> bool:
    """Return True if a word is part of a name in the clause ("Lang Bank (657.79)")."""
    return word[:1].isupper() and any(other.span.text.endswith(f" {word}") for other in own)


def _is_cue(word: str) -> bool:
    """Return True if a word can name a member: no little word, and no plural, which names a list."""
    return word not in _NO_CUES and (word in CUES or word == "status" or not word.endswith("s"))


def _pattern(claim: Claim) -> re.Pattern[str]:
    if isinstance(claim.span.value, float):
        return _BEFORE_NUMBER
    return _BEFORE_TEXT if isinstance(claim.span.value, str) else _BEFORE_MOMENT


def _contradicts(moment: Moment, claim: Claim, word: str) -> bool:
    """Return True if a word names a member, and the value is another one's."""
    cues = CUES.get(word, frozenset({word, word.removesuffix("s")}))
    places = [place for place in claim.places if place.row >= 0]
    if any(cues & set(tokens(place.field)) for place in places):
        return False
    if word in CUES and claim.said and not places:
        return False
    sources = moment.sources
    rows: set[int] = set()
    for number in {place.row for place in places}:
        rows |= sources.scope(number)
    if moment.who == "reply" and (not rows or word in ("fee", "fees")):
        rows.update(number for number in sources.of_calls(moment.told()) if not rows or not sources.rows[number].list)
    money = claim.span.unit in CURRENCIES  # which is no identifier: "Ada's expense of €38.20"
    return any(
        cues & set(tokens(name)) and _comparable(value, claim) and not (money and tokens(name)[-1] == "id")
        for row in rows
        for name, value in sources.rows[row].fields.items()
    )


def _comparable(value: Json, claim: Claim) -> bool:
    said = claim.span.value
    if isinstance(said, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(said, Day):
        return isinstance(value, str) and isinstance(iso_day(value), datetime.date)
    if isinstance(said, Clock):
        return isinstance(value, str) and iso_time(value) is not None
    return isinstance(value, str)


def _turned(moment: Moment, claim: Claim, before: str) -> Iterator[str]:
    """Iterate over a value that is told as the old one and is the new one, or the other way round."""
    was, is_now = _TURN.search(before), _INTO.search(before)
    if not is_now and not isinstance(claim.span.value, str):
        is_now = _STARTS.match(moment.text, claim.span.end)
    if not (was or is_now):
        return
    places = [place for place in claim.places if place.row >= 0]
    told = set(moment.sources.of_calls(moment.told()))
    places = [place for place in places if place.row in told] or places
    old = [bool(_FROM & set(tokens(place.field))) for place in places]
    if not places:
        return
    given = [place for place in places if not moment.sources.rows[place.row].given]
    counterparts = bool(given) and all(_has_counterpart(moment, place.row, place.field) for place in given)
    if counterparts and ((was and not any(old)) or (is_now and all(old))):
        yield f"{claim.span.text!r} goes with {(was or is_now)[1]!r}"  # type: ignore[index]


def _has_counterpart(moment: Moment, row: int, field: str) -> bool:
    """Return True if a result tells the old value beside the new one."""
    names = moment.sources.rows[row].fields
    last = tokens(field)[-1]
    old = [name for name in names if _FROM & set(tokens(name)) and tokens(name)[-1] == last]
    new = [name for name in names if not _FROM & set(tokens(name)) and tokens(name)[-1] == last]
    return bool(old and new)


def _paired(moment: Moment, place: Place) -> str:
    """Return the currency that stands beside an amount under the same first word: source_amount, source_currency."""
    if place.row < 0:
        return ""
    fields = moment.sources.rows[place.row].fields
    own = [
        value
        for name, value in fields.items()
        if isinstance(value, str)
        and value in CURRENCIES
        and len(tokens(name)) > 1
        and tokens(name)[0] == tokens(place.field)[0]
    ]
    return str(own[0]) if len(own) == 1 else ""


def in_currency(moment: Moment, claim: Claim) -> Iterator[str]:
    """Yield an amount whose currency is another one where it stands."""
    code = claim.span.unit or _currency_before(moment.text, claim)
    if code not in CURRENCIES:
        return
    sources = moment.sources
    spoken = any(span.value == claim.span.value and span.unit == code for _, span in sources.said)
    rows = {number for place in claim.places if place.row >= 0 for number in sources.scope(place.row)}
    paired = {own for place in claim.places if (own := _paired(moment, place))}
    if paired and code not in paired and not spoken:
        yield f"{claim.span.text!r} is in {' or '.join(sorted(paired))}, not in {code}"
        return
    known = {
        v for number in rows for v in sources.rows[number].fields.values() if isinstance(v, str) and v in CURRENCIES
    }
    if not spoken and known and code not in known:
        yield f"{claim.span.text!r} is in {' or '.join(sorted(known))}, not in {code}"
    elif not spoken and not _is_heard_of(moment, code, signed=_is_signed(moment.text, claim)):
        yield f"{claim.span.text!r} is in a currency of which nobody spoke"


def _currency_before(text: str, claim: Claim) -> str:
    """Return the currency that a clause names before a number: "in USD there's 1,777 left"; empty for none."""
    if not isinstance(claim.span.value, float) or claim.span.places is None:
        return ""
    found = _IN_CURRENCY.search(text, max(0, claim.span.start - _NEAR), claim.span.start)
    return found[1] if found else ""


_IN_CURRENCY = re.compile(r"\b[Ii]n ([A-Z]{3})\b[^.,;:\d]*$")


def _is_signed(text: str, claim: Claim) -> bool:
    """Return True if the currency of an amount is written with a sign."""
    return re.search("[\u20ac$\u00a3\u00a5]", text[max(0, claim.span.start - 2) : claim.span.start + 2]) is not None


def _is_heard_of(moment: Moment, code: str, *, signed: bool) -> bool:
    """Return True if a currency stands in a result, in what somebody said, or in the contract, or is a sign here."""
    sources, plain = moment.sources, code.lower()
    if plain in sources.texts or sources.holds(plain) or any(span.unit == code for _, span in sources.said):
        return True
    if any(other.lower() in sources.texts for other in CURRENCIES):
        return False  # where results name another, it takes more than that the contract knows of it
    return plain in sources.vocabulary or (signed and code in _SIGNED)


_SIGNED = frozenset({"EUR", "USD", "GBP", "JPY"})  # these are written with a sign, which is no word
