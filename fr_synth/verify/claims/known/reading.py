"""A text held against what is known: each value in it with the places that tell it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.known.sources import EDGES, norm
from fr_synth.verify.claims.parsing.dates import Clock, Day
from fr_synth.verify.claims.parsing.numbers import CURRENCIES
from fr_synth.verify.claims.parsing.spans import OPENERS, Span, parse, starts_sentence

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.sources import Place, Sources

__all__ = ["Claim", "read"]


class Claim(NamedTuple):
    """A value in a text, and where it is known from.

    Attributes:
        span: The value; a known text that no parser would find has the kind ``name``.
        places: Where calls tell it.
        said: The user, or the rules that everybody is told, say it.
        plain: A lower-case word that happens to be a value ("checking"); it need not be one.
    """

    span: Span
    places: tuple[Place, ...]
    said: bool
    plain: bool = False


def read(text: str, sources: Sources) -> list[Claim]:
    """Return the values of a text in order, each with its places."""
    folded = norm(text)
    verbatim = _verbatim(folded, sources)
    masked = _masked(text, verbatim)
    spans = parse(masked)
    whole = [span for span in spans if span.kind != "name"]
    claims = [
        _text_claim(text, (start, end), plain, sources)
        for start, end, plain in _known(text, folded, sources)
        if not any(_holds(span, start, end) for span in whole) and not _overlaps((start, end), verbatim)
    ]
    taken = [(claim.span.start, claim.span.end) for claim in claims if not claim.plain]
    for span in spans:
        if not _overlaps((span.start, span.end), taken):
            claims.append(_claim(span, text, folded, sources))
    claims = [c for c in claims if not c.plain or not any(_inside(c.span, o.span) for o in claims if o is not c)]
    return sorted(claims, key=lambda claim: claim.span.start)


def _holds(span: Span, start: int, end: int) -> bool:
    """Return True if a value has another, shorter text within it."""
    return span.start <= start and end <= span.end and end - start < span.end - span.start


def _verbatim(folded: str, sources: Sources) -> list[tuple[int, int]]:
    """Return where texts stand, word for word, that hold quotation marks or several lines."""
    found = []
    for known in sources.verbatim if '"' in folded or "`" in folded else ():
        start = folded.find(known)
        if start >= 0:
            found.append((start, start + len(known)))
    return found


def _masked(text: str, regions: list[tuple[int, int]]) -> str:
    for start, end in regions:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _overlaps(at: tuple[int, int], regions: list[tuple[int, int]]) -> bool:
    return any(at[0] < end and start < at[1] for start, end in regions)


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


_STARTS = re.compile(r"(?<![\w/.@-])(?=\w)|(?<![\w/.])(?=[/~+])|(?<=[\s(\"'])(?=[-.]\w)")


_FIGURES = re.compile(r"[\dt:.,+-]*\d[\dt:.,+-]*")  # parsed as what they are: numbers, dates, times


def _known(text: str, folded: str, sources: Sources) -> Iterator[tuple[int, int, str]]:
    """Iterate over (start, end, known text) of the longest known texts, from left to right."""
    at = 0
    for match in _STARTS.finditer(folded):
        start = match.start()
        if start < at:
            continue
        known = sources.longest_at(folded, start)
        if known is not None and not _FIGURES.fullmatch(known) and _same_case(text, start, known, sources):
            at = start + len(known)
            yield start, at, known


def _same_case(text: str, start: int, known: str, sources: Sources) -> bool:
    """Words count as a known text where they are written like it; "current" is no account called "Current"."""
    if not known[0].isalpha():
        return True
    if known in OPENERS and (text[start].islower() or starts_sentence(text, start)):
        return False
    shown = text[start : start + len(known)]
    if " " in known and not any(shown[1:] in str(place.value) for place in sources.texts[known]) and "\n" not in shown:
        return False
    written = {str(place.value).strip(" \"'(#[")[:1].isupper() for place in sources.texts[known]}
    return text[start].isupper() in written or (text[start].isupper() and starts_sentence(text, start))


def _text_claim(text: str, at: tuple[int, int], known: str, sources: Sources) -> Claim:
    start, end = at
    written = text[start:end]
    span = Span("name", start, end, written, written)
    places = tuple(sources.texts[known])
    inner = _INNER.fullmatch(written)
    if inner is not None:  # "payment to Ada Kern" may speak of another payment to her than the one that is called so
        places += _name_places(norm(inner[1]), sources)
    return Claim(span, places, _is_said(known, sources), plain=_is_plain(written, places))


_INNER = re.compile(r"[a-z][a-z ]* (?:to|from|by|at|of) ([A-Z].*)")


def _is_plain(written: str, places: tuple[Place, ...]) -> bool:
    """Return True if words would not be taken for a value: lower case, letters alone."""
    if not all(word.isalpha() for word in written.split()):
        return False
    if written.islower() or written in CURRENCIES:
        return True
    if written.count(" ") > 1 and written.split()[0].lower() in OPENERS:
        return True  # a whole sentence of a result
    return written[1:].islower() and not any(str(place.value)[:1].isupper() for place in places)


def _is_said(folded: str, sources: Sources) -> bool:
    return any(_stands(folded, heard) for heard in sources.heard)


def _stands(word: str, text: str) -> bool:
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() and word[:1].isalnum()) and not (
            text[end : end + 1].isalnum() and word[-1:].isalnum()
        ):
            return True
        start = text.find(word, start + 1)
    return False


def _claim(span: Span, text: str, folded: str, sources: Sources) -> Claim:
    value = span.value
    if isinstance(value, str):
        claim = _said_words(span, value, sources)
    elif isinstance(value, Day):
        places = tuple(place for date, place in sources.days if value.fits(date, sources.today))
        if value.ahead is not None and abs(value.ahead) > 1:
            places += tuple(sources.numbers.get(abs(value.ahead), ()))
        claim = Claim(span, places, _said_day(value, sources) or 0 in (value.ahead, value.months_ahead))
    elif isinstance(value, Clock):
        claim = Claim(span, tuple(sources.times.get(value.minutes, ())), _said_value(span, sources))
    else:
        places = tuple(sources.texts.get(norm(span.text), ()))
        if not _PADDED.match(span.text):
            places += tuple(sources.numbers.get(round(value, 6), ()))
        whole = _RANGE.search(folded, max(0, span.start - 6), span.end + 6)
        if whole and whole.start() <= span.start and span.end <= whole.end():
            places += tuple(sources.texts.get(whole[0].replace(" ", ""), ()))
        claim = Claim(span, places, _said_value(span, sources))
    if claim.places or claim.said:
        return claim
    start, end = span.start, span.end
    around = (folded[max(0, start - 12) : end], folded[max(0, start - 12) : end + 2], folded[start : end + 12])
    return claim._replace(said=any(len(each) > len(span.text) + 8 and sources.holds(each.strip()) for each in around))


_PADDED = re.compile(r"0\d")  # "0042" is a code or a mode and no number
_RANGE = re.compile(r"(?<![\d.,])\d+ ?- ?\d+(?![\d.,]\d)")


def _said_day(day: Day, sources: Sources) -> bool:
    """A day counts as said when the user, or the rules, say it so or in full."""
    for _, span in sources.said:
        if isinstance(span.value, Day) and (span.value == day or _same_day(day, span.value, sources)):
            return True
    return False


def _same_day(day: Day, other: Day, sources: Sources) -> bool:
    full = other.full
    if full is not None:
        return day.fits(full, sources.today)
    if day.full is not None and _is_close(day.full, other, sources):
        return other.fits(day.full, sources.today)
    return False


def _is_close(day: datetime.date, other: Day, sources: Sources) -> bool:
    """Return True if a day that was said in part can be no other one: a Friday is near, and so is the 3rd."""
    if other.ahead is not None or (other.month is not None and other.day is not None):
        return True
    if sources.today is None or (other.weekday is None and other.day is None):
        return False
    return abs((day - sources.today).days) <= (_WEEKS if other.weekday is not None else _MONTHS)


_WEEKS = 14  # days
_MONTHS = 62


def _said_value(span: Span, sources: Sources) -> bool:
    return (span.kind, span.value) in sources.said_values()


def _said_words(span: Span, value: str, sources: Sources) -> Claim:
    folded = EDGES.sub("", norm(value))
    if not folded:
        return Claim(span, (), said=True)
    said = _is_said(folded, sources)
    exact = sources.texts.get(folded)
    if exact is not None:
        return Claim(span, tuple(exact), said)
    if span.kind == "quote":
        places: list[Place] = sources.within(folded)
        return Claim(span, tuple(places), said)
    if span.kind == "name":
        return Claim(span, _name_places(folded, sources), said or set(folded.split()) <= sources.vocabulary)
    if span.kind == "path":
        return Claim(span, _path_places(folded, sources), said)
    return Claim(span, tuple(sources.within(folded)), said)


def _name_places(folded: str, sources: Sources) -> tuple[Place, ...]:
    words = re.findall(r"\w+(?:[.'&/@+-]\w+)*", folded)
    found = sources.with_words(words)
    return tuple(place for known in found for place in sources.texts[known])


def _path_places(folded: str, sources: Sources) -> tuple[Place, ...]:
    """A path is known when it is the end, or a folder, of a known one."""
    bare = folded.rstrip("/").removeprefix("./")
    places: list[Place] = []
    for known, at in sources.texts.items():
        if "/" in known and (known.endswith("/" + bare.lstrip("/")) or f"{bare}/" in known):
            places += at
    return tuple(places) or tuple(sources.within(bare))
