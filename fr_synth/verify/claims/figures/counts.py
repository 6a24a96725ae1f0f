"""How many: numbers that count rows of a list, or things that a member of a result counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.figures.compare import comparison, holds
from fr_synth.verify.claims.known.clauses import groups
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.numbers import UNITS
from fr_synth.verify.claims.parsing.wordsets import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["is_count"]


class Listing(NamedTuple):
    """A list in a result.

    Attributes:
        name: Its name.
        rows: Numbers of its rows; empty for a list of plain values.
        shown: How many items it has.
        total: How many there are in all, as the result says; ``shown`` where it says nothing.
        call: Call that gave it.
    """

    name: str
    rows: tuple[int, ...]
    shown: int
    total: int
    call: int


UNIT_FIELDS: dict[str, frozenset[str]] = {
    "byte": frozenset(["size", "capacity", "used", "available", "bytes", "limit", "length"]),
    "km": frozenset(["distance", "km"]),
    "night": frozenset(["nights", "night"]),
    "day": frozenset(["days", "day"]),
    "point": frozenset(["points", "price", "price_points"]),
    "minute": frozenset(["minutes", "delay", "duration"]),
    "hour": frozenset(["hours", "hour"]),
    "week": frozenset(["weeks", "days"]),
    "month": frozenset(["months", "left", "term"]),
    "year": frozenset(["years", "months", "age"]),
    "%": frozenset(["percent", "rate", "share"]),
}
"""Base unit -> words in the names of the members that are counted in it."""


def is_count(moment: Moment, claim: Claim, clause: tuple[int, int], own: Sequence[Claim]) -> bool | None:
    """Return True if a number counts rightly (True) or wrongly (False); None where it counts nothing that is known."""
    value = claim.span.value
    if (
        not isinstance(value, float)
        or not _may_count(claim, value)
        or _CODE.search(moment.text, clause[0], claim.span.start)
        or any(place.value == claim.span.text for place in claim.places)
    ):
        return None  # a room that is "single" is one of its sort
    number = int(value)
    if _MORE_THAN.search(moment.text, clause[0], claim.span.start):
        lists = [each.total for each in listings(moment)]
        told = number == 1 or max(lists, default=number + 1) > number
        return told if claim.span.places is None else None
    after = _after(moment.text, claim.span.end, clause[1])
    if after[:1] == ["more"] and moment.text[: claim.span.start].endswith("and "):
        return _rest(moment, number, claim, clause, own)
    if claim.span.unit:
        return _in_unit(moment, claim)
    if claim.span.text.lower() in ("both", "neither"):
        return True  # which, rather than how many
    if after[:1] in (["a"], ["an"], ["per"], ["each"]) or _THE.search(moment.text, clause[0], claim.span.start):
        return None  # "10,500 a month", "the two accounts", "the 594 standing order": which, not how many
    return _in_list(moment, number, claim, clause, (own, after))


def _in_list(
    moment: Moment, number: int, claim: Claim, clause: tuple[int, int], about: tuple[Sequence[Claim], Sequence[str]]
) -> bool | None:
    own, after = about
    named = _named_after(moment.text, claim, clause, own)
    if named and named != number:
        return False
    lists = list(listings(moment))
    noun = _named(after, lists)
    if noun is not None:
        return _counts_listed(moment, number, claim, clause, (own, noun))
    return _loose(moment, number, claim, clause, (own, lists, after))


def _may_count(claim: Claim, value: float) -> bool:
    """Return True if a number is whole, and neither an amount of money nor a code."""
    whole = value.is_integer() and value >= 0 and not claim.span.places
    return whole and claim.span.unit in ("", *UNITS) and claim.span.text[:2] not in _PADDED


_MORE_THAN = re.compile(r"\b(?:[Mm]ore than|[Nn]ot just|[Nn]ot only) $")
_CODE = re.compile(r"\b(?:ending in|ends in|number|code|PIN|mode) $")
_PADDED = frozenset(f"0{digit}" for digit in range(10))


def _named_after(text: str, claim: Claim, clause: tuple[int, int], own: Sequence[Claim]) -> int:
    """Return how many things are named after "3 files:", all of them; 0 where that is not how it goes on."""
    colon = _COLON.match(text, claim.span.end)
    if colon is None or " more" in text[colon.end() : clause[1]] or "\n" in text[colon.end() : clause[1]]:
        return 0
    after = [other for other in own if other.span.start >= colon.end()]
    parts = groups(text, (colon.end(), clause[1]), after)
    whole = text[colon.end() : clause[1]]
    heads = [{(place.field) for c in part for place in c.places if place.row >= 0} for part in parts]
    return (
        len(parts)
        if after
        and set.intersection(*heads)
        and len(parts) == whole.count(",") - whole.count(", and") + whole.count(" and ") + 1
        and "(" not in whole
        else 0
    )


_COLON = re.compile(r" (?:of them|entries|files|matches|in all|hits|members?)(?:: |, namely )")
_THE = re.compile(r"\b(?:[Tt]he|[Tt]hese|[Tt]hose|[Yy]our|[Mm]y|[Tt]heir|[Bb]oth|[Ww]hich) $")


def _after(text: str, start: int, end: int) -> list[str]:
    return re.findall(r"[a-z]+", re.split(r"[^a-zA-Z\s-]", text[start:end].lower(), maxsplit=1)[0])[:4]


def listings(moment: Moment) -> Iterator[Listing]:
    """Iterate over the lists in the results that may be meant: those of the turn, else all."""
    sources = moment.sources
    calls = moment.worked() or list(range(len(moment.evidence.dialogue.calls)))
    found: dict[tuple[int, str], list[int]] = {}
    for number in sources.of_calls(calls):
        row = sources.rows[number]
        if row.list:
            found.setdefault((row.parent, row.list), []).append(number)
        for name, value in row.fields.items():
            if isinstance(value, list) and not row.given:
                yield Listing(name, (), len(value), _total(row.fields, name, len(value)), row.call)
    for (parent, name), rows in found.items():
        around = sources.rows[parent]
        yield Listing(name, tuple(rows), len(rows), _total(around.fields, name, len(rows)), around.call)


def _total(around: dict[str, object], name: str, shown: int) -> int:
    for key in ("total", "count", f"{name}_total", f"total_{name}"):
        value = around.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= shown:
            return value
    return shown


def _stem(word: str) -> str:
    word = word.removesuffix("s")
    return f"{word[:-2]}y" if word.endswith("ie") else word


_ALIKE = {
    "movement": "transaction",
    "booking": "transaction",
    "item": "entry",
    "entrie": "entry",
    "payment": "transaction",
}


def _named(after: Sequence[str], lists: Sequence[Listing]) -> list[Listing] | None:
    """Return the lists that the words after a number name: "two cheap bookings"; None if they name none."""
    for word in after[:3]:
        stem = _stem(word)
        named = [each for each in lists if stem in {_stem(part) for part in tokens(each.name)}]
        if named and stem not in ("name", "more"):
            return named
        if word in ("of", "at", "for", "from", "on", "in", "to", "than", "is", "are"):
            return None
    return None


def _counts_listed(
    moment: Moment, number: int, claim: Claim, clause: tuple[int, int], about: tuple[Sequence[Claim], Sequence[Listing]]
) -> bool | None:
    own, named = about
    if any(number == each.total for each in named):
        return True
    if any(_filtered(moment, each, number, claim, (clause, own)) for each in named):
        return True
    after = {_stem(part) for word in _after(moment.text, claim.span.end, clause[1])[:3] for part in (word,)}
    if any(after & {_stem(part) for part in tokens(place.field)} for place in claim.places):
        return True
    if any(number == each.shown for each in named):
        part = moment.text[slice(*clause)]
        return _SHOWN.search(part) is not None and _ALL.search(part) is None
    if number == sum(each.total for each in named):
        return True
    return None if _asked(moment, number, after) else False


def _asked(moment: Moment, number: int, after: set[str]) -> bool:
    """Return True if the user speaks of so many ("the first 5 lines")."""
    heard = moment.sources.heard[-1] if moment.sources.heard else ""
    return any(re.search(rf"\\b{number}\\b[^.]{{0,24}}{re.escape(stem)}", heard) for stem in after if len(stem) > 2)


_SHOWN = re.compile(r"\b(latest|newest|first|last|these|shown|here|recent)\b")
_ALL = re.compile(r"\b(in all|in total|altogether|all told|overall)\b")


def _filtered(
    moment: Moment, listing: Listing, number: int, claim: Claim, about: tuple[tuple[int, int], Sequence[Claim]]
) -> bool:
    """Return True if so many rows have what the clause says of them: a value that it names, or a comparison."""
    clause, own = about
    sources = moment.sources
    marks = [{place.row for place in other.places} & set(listing.rows) for other in own if other is not claim]
    marks = [rows for rows in marks if rows]
    if marks and number in {len(set.union(*marks)), len(set.intersection(*marks)), *map(len, marks)}:
        return True
    measure = comparison(moment.text, clause, own)
    return measure is not None and number == sum(holds(measure, sources.rows[row].fields) for row in listing.rows)


def _rest(moment: Moment, number: int, claim: Claim, clause: tuple[int, int], own: Sequence[Claim]) -> bool | None:
    """Judge "and 14 more": what is named before, and so many more, is all there are.

    Where the text has told how many there are, it may go on with those that it has looked at.
    """
    before = [other for other in own if other.span.start < claim.span.start]
    head = moment.text[clause[0] : claim.span.start]
    start = clause[0] + (head.index("(") + 1 if head.count("(") > head.count(")") else 0)
    parts = groups(moment.text, (start, claim.span.start), [other for other in before if other.span.start >= start])
    told = {float(m) for m in re.findall(r"\b\d+\b", moment.text[: claim.span.start])}
    totals: dict[int, list[Listing]] = {}
    right: dict[int, list[tuple[int, bool]]] = {}
    for each in listings(moment):
        totals.setdefault(each.call, []).append(each)
    for call, lists in totals.items():
        for some in ([each] for each in lists) if len(lists) == 1 else [*([each] for each in lists), lists]:
            named = sum(any(_of_lists(moment, claim, some) for claim in part) for part in parts)
            whole, shown = sum(each.total for each in some), sum(each.shown for each in some)
            fits = number == whole - named or (whole in told and number == shown - named)
            right.setdefault(call, []).append((named, fits))
    most = max((max(each)[0] for each in right.values()), default=0)  # the call of which most is named is meant
    if any(named and fits for each in right.values() if max(each)[0] == most for named, fits in each):
        return True
    return not parts  # where nothing that is named is a known item, nobody can tell


def _of_lists(moment: Moment, claim: Claim, lists: Sequence[Listing]) -> bool:
    rows = {row for each in lists for row in each.rows}
    names = {each.name for each in lists if not each.rows}
    return any(
        place.row in rows
        or (place.row >= 0 and place.field in names and moment.sources.rows[place.row].call == lists[0].call)
        for place in claim.places
    )


def _in_unit(moment: Moment, claim: Claim) -> bool | None:
    base, factor = UNITS[claim.span.unit]
    fields = UNIT_FIELDS.get(base, frozenset())
    said = {span.unit for _, span in moment.sources.said if span.value == claim.span.value and span.kind == "number"}
    if said and not claim.places and all(unit in UNITS and UNITS[unit] != UNITS[claim.span.unit] for unit in said):
        return False  # it was said of days, and is told of weeks
    if any(span.value == claim.span.value and span.unit == claim.span.unit for _, span in moment.sources.said):
        return None
    if factor != 1:
        return None if not claim.places else False  # a conversion is judged with what is derived
    if any(fields & set(tokens(place.field)) for place in claim.places):
        return None
    if base == "%" and not any("%" in str(place.value) or "percent" in str(place.value) for place in claim.places):
        return False if claim.places and not claim.said else None
    if not claim.places or any(isinstance(place.value, str) for place in claim.places):
        return None
    return False


def _loose(
    moment: Moment,
    number: int,
    claim: Claim,
    clause: tuple[int, int],
    about: tuple[Sequence[Claim], Sequence[Listing], Sequence[str]],
) -> bool | None:
    """Judge a number that no noun explains: "three leave before noon", "all four", "both"."""
    own, lists, after = about
    in_words = claim.span.places is None
    if after[:2] == ["of", "them"]:
        return (
            any(number == each.total for each in lists)
            or any(_filtered(moment, each, number, claim, (clause, own)) for each in lists)
            or not lists
        )
    counted = _counted(moment, after)
    if (
        counted
        and number not in counted
        and not _is_tally(moment, claim)
        and not _asked(moment, number, {_stem(word) for word in after[:2]})
    ):
        return any(_filtered(moment, each, number, claim, (clause, own)) for each in lists)
    fields = [set(map(_stem, tokens(place.field))) for place in claim.places]
    if any({_stem(word) for word in after[:3]} & names for names in fields):
        return None  # a member's value, which has to stand beside what it is said with
    if any(_filtered(moment, each, number, claim, (clause, own)) for each in lists):
        return True
    compared = comparison(moment.text, clause, own)
    if compared is not None and lists and in_words:
        return False
    if not in_words:
        return True if not claim.places and any(number == each.total for each in lists) else None
    known = {each.total for each in lists} | {len(own) - 1, len(moment.ran), len(moment.wrote()), len(moment.ahead)}
    if number in known or claim.said or number == _enumerated(moment, clause, claim):
        return True
    return None


_TALLIES = word_set("count total number matches added removed extracted entries copied replacements lines left items")


def _is_tally(moment: Moment, claim: Claim) -> bool:
    """Return True if a told result counts something with the number."""
    rows = set(moment.sources.of_calls(moment.told()))
    return any(
        place.row in rows and _TALLIES & set(tokens(place.field)) and not moment.sources.rows[place.row].given
        for place in claim.places
    )


def _counted(moment: Moment, after: Sequence[str]) -> set[int]:
    """Return the whole numbers that the told results have under the noun that follows a number."""
    found: set[int] = set()
    sources = moment.sources
    for word in after[:2]:
        if word in ("is", "are", "was", "were", "of", "by", "to", "and", "in", "on", "at", "for"):
            break
        for number in sources.of_calls(moment.told()):
            for name, value in sources.rows[number].fields.items():
                if (
                    _stem(word) in {_stem(part) for part in tokens(name)}
                    and tokens(name)[-1:] != ["id"]
                    and isinstance(value, int)
                    and not isinstance(value, bool)
                ):
                    found.add(value)
        if found:
            break
    return found


def _enumerated(moment: Moment, clause: tuple[int, int], claim: Claim) -> int:
    """Return how many things are named after a number."""
    rest = moment.text[claim.span.end :].split("\n\n")[0]
    listed = re.split(r",\s|\sand\s|;\s", rest.rstrip(". "))
    return len(listed)
