"""What a text says that can be true or false by itself: numbers, days, times, identifiers, quotes, paths and names."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_synth.verify.claims.parsing.dates import Clock, Day, days_in, times_in
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS, numbers_in
from fr_synth.verify.claims.parsing.wordsets import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OPENERS", "Kind", "Span", "parse", "sentences", "starts_sentence"]

Kind = Literal["number", "date", "time", "identifier", "quote", "path", "mail", "name"]
"""number: 1,240 or "three"; date: a day or part of one; identifier: letters with digits (ACC004821, H5 122, 4C);
quote: text between quotation marks; path: /etc/hosts, notes.md; mail: an address; name: capitalised words."""


class Span(NamedTuple):
    """A claim's value in a text.

    Attributes:
        kind: What it is.
        start: First character.
        end: Character after the last.
        text: As written; of a quote, what stands between the marks.
        value: Normalised: a number, ``Day``, ``Clock``, or a string.
        unit: Of a number: its currency or unit as ``fr_synth.verify.claims.parsing.numbers`` names it.
        places: Of a number in digits: decimals written; None otherwise.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: float | Day | Clock | str
    unit: str = ""
    places: int | None = None


_QUOTES = re.compile(
    r'"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|`([^`\n]+)`|(?<![\w\u2019\'])\'([^\'\n]{1,80})\'(?!\w)'
)
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"\bhttps?://[^\s<>\"')]+[^\s<>\"').,;:!?]")
_PATH = re.compile(
    r"(?<![\w/.@])(?:~|\.{1,2})?/(?:[\w.@%+~*-]+/?)*|(?<![\w/.@])~(?![\w/])|(?<![\w/.@])\w[\w.-]*(?:/[\w.-]+){2,}/?"
    r"|(?<![\w/.@])\w[\w.-]*/[\w-]+\.[a-z]\w{0,4}(?!\w)|(?<![\w/.@])[\w-]+/(?=[\s.,;:!?)]|$)"
)
_FILE = re.compile(
    r"(?<![\w/.@-])\.[A-Za-z][\w-]+(?![\w@]|\.\w)|"
    r"(?<![\w/.@-])\.?[\w-]+(?:\.[\w-]+)*\.[A-Za-z][A-Za-z0-9]{0,5}(?![\w@]|\.\w)"
)
_NO_FILE = re.compile(
    r"(?:e\.g|i\.e|a\.m|p\.m|[A-Z]\.[A-Z]|"
    r"\d+(?:\.\d+)*\.?[ap]m)\.?",
    re.IGNORECASE,
)
_DIVIDED = re.compile(r"[\d/.]+")
_MEASURED = re.compile(r"\d[\d.]*[a-zA-Z]+")
_DOTTED = re.compile(r"\.[A-Za-z]")
_DIGIT = re.compile(r"\d")
_MARKS = re.compile(r"[\"“„«`']")
_PHONE = re.compile(r"(?<!\w)\+\d{8,15}(?!\w)")
_IDENTIFIER = re.compile(
    r"(?<![\w/.-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\w@/]|"
    r"\.\w)"
)
_FLIGHT = re.compile(r"(?<![\w-])(?:[A-Z][A-Z0-9]|\d[A-Z]) \d{2,4}(?![\w.,:-]*\d)")
_LISTED = re.compile(  # fields 1,3-5; no thousands
    r"(?<![\w.,/:-])(?!\d{1,3}(?:,\d{3})+(?!,?\d))\d+(?:[,-]\d+)*,\d+(?:[,-]\d+)*(?!\w|\.\w)"
)
_NO_IDENTIFIER = re.compile(
    r"\d+(?:st|nd|rd|th|s|k|m|h|x|kb|mb|gb|kib|mib|km|am|pm|min|bn)|"
    r"\d+-(?:[a-z]+)(?:-[a-z]+)*|\d+-\d+|[a-z]+-\d+-[a-z]+"
    r"|\d{4}-\d{2}-\d{2}t?\d*|x\d+",
    re.IGNORECASE,
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w\u2019'&-]*"
_NAME = re.compile(
    rf"(?<![\w\u2019'.@/-]){_CAPITAL}(?: (?:(?:&|of|and|de|da|van|von|der|du|la|le|el|the) )?{_CAPITAL})*"
)
_BREAK = re.compile(r"(?<=[.!?…])[\"”')]*\s+|(?<=\n)[\"”]\s+|\n+")
_OPENING = re.compile(r"(?:^|\n\s*[\"”]|[.!?:…\n(]|[\u2013—•*]|\d[.)])[\s\"“„'(*\u2013-]*$")


@functools.lru_cache(maxsize=4096)  # the rules and words for arguments stand in every record of a world
def parse(text: str) -> tuple[Span, ...]:
    """Return the values that a text claims, in order, none inside another.

    What stands in quotation marks is one quote; nothing inside is looked at.

    Example:
        >>> [(s.kind, s.value) for s in parse('Moved 940.00 to "Rent" for Ada Kern, see notes.md')]
        [('number', 940.0), ('quote', 'Rent'), ('name', 'Ada Kern'), ('path', 'notes.md')]
    """
    return _read(text) if _PARAGRAPH not in text else tuple(_by_paragraph(text))


_PARAGRAPH = "\n\n"


def _by_paragraph(text: str) -> Iterator[Span]:
    """Iterate over the values of a text of several paragraphs: rules come with a last one of their own each time."""
    parts = text.split(_PARAGRAPH)
    start = 0
    while parts:
        part = parts.pop(0)
        while parts and not _stands_alone(part):
            part = f"{part}{_PARAGRAPH}{parts.pop(0)}"
        for span in _read_again(part):
            yield span._replace(start=start + span.start, end=start + span.end)
        start += len(part) + len(_PARAGRAPH)


def _stands_alone(paragraph: str) -> bool:
    """Return True unless a value may reach into what follows a paragraph, or hang on what stands there."""
    if any(mark in paragraph for mark in "“”„«»") or paragraph.lower().endswith(_OPEN_ENDS):
        return False
    return '"' not in paragraph or '"' not in _QUOTES.sub("", paragraph)


_OPEN_ENDS = ('"', "one", "once", "\n")


def _read(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    taken = bytearray(len(text))
    for span in _readings(text):
        if span.end > span.start and taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            found.append(span)
    left = text
    for span in found:
        left = f"{left[: span.start]}{_TAKEN * (span.end - span.start)}{left[span.end :]}"
    for match in _NAME.finditer(left):
        found += _name(match, text)
    return tuple(sorted(found, key=lambda span: span.start))


_read_again = functools.lru_cache(maxsize=256)(_read)
_TAKEN = "\0"


def _readings(text: str) -> Iterator[Span]:
    """Iterate over every reading, those that win over others first."""
    for match in _QUOTES.finditer(text) if _MARKS.search(text) else ():
        said = match[match.lastindex or 1]
        yield Span("quote", match.start(), match.end(), said, said)
    yield from _matches("mail", _MAIL, text) if "@" in text else ()
    yield from _matches("path", _URL, text) if "://" in text else ()
    yield from _paths(text)
    for start, end, day in days_in(text):
        yield Span("date", start, end, text[start:end], day)
    for start, end, clock in times_in(text):
        yield Span("time", start, end, text[start:end], clock)
    yield from _identifiers(text) if _DIGIT.search(text) else ()
    for heard in numbers_in(text):
        if not _is_pronoun(text, heard.start, heard.end):
            yield Span(
                "number", heard.start, heard.end, text[heard.start : heard.end], heard.value, heard.unit, heard.places
            )


def _identifiers(text: str) -> Iterator[Span]:
    if "+" in text:
        yield from _matches("identifier", _PHONE, text)
    yield from _matches("identifier", _FLIGHT, text)
    yield from _matches("identifier", _LISTED, text) if "," in text else ()
    for span in _matches("identifier", _IDENTIFIER, text):
        if not _NO_IDENTIFIER.fullmatch(span.text):
            yield span


_ONCE = re.compile(
    r" (?:more|again|for all|i|you|it|he|she|they|we|the|that|this|all|your|there|a (?!day|week|month|year))\b"
)
_BEFORE_ONE = re.compile(
    r"\b(?:the|this|that|which|each|any|no|another|every|some|new|same|last|first|right|other|"
    r"good|old|a|your|my) $",
    re.IGNORECASE,
)
_AFTER_ONE = re.compile(
    r" (?:of|that|who|thing|in|ending|with|just|for|on|at|from|by|way|moment|you|is|was|more|"
    r"or|more|has|after|which|to)\b|[.,;:?!)]|[-\u2019'\u2013]|$"
)


def _is_pronoun(text: str, start: int, end: int) -> bool:
    """Return True if "one" counts nothing: "the one ending in 4866"."""
    if text[start:end].lower() == "once":
        return _ONCE.match(text.lower(), end) is not None or text[:start].lower().endswith("at ")
    if text[start:end].lower() != "one":
        return False
    return _BEFORE_ONE.search(text, max(0, start - 10), start) is not None or _AFTER_ONE.match(text, end) is not None


def _matches(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        yield Span(kind, match.start(), match.end(), match[0], match[0])


def _paths(text: str) -> Iterator[Span]:
    for match in _PATH.finditer(text) if "/" in text or "~" in text else ():
        written = match[0].rstrip(".") if match[0].strip(".") else match[0]
        if written and not _DIVIDED.fullmatch(written) and not _either(written):
            yield Span("path", match.start(), match.start() + len(written), written, written)
    for match in _FILE.finditer(text) if _DOTTED.search(text) else ():
        if match[0][0] == "." or not (_NO_FILE.fullmatch(match[0]) or _MEASURED.fullmatch(match[0])):
            yield Span("path", match.start(), match.end(), match[0], match[0])


def _either(written: str) -> bool:
    """Return True if this is "in/out" or "and/or" and no path."""
    return written.count("/") == 1 and written.replace("/", "").isalpha() and not written.startswith(("/", "~", "."))


def _name(match: re.Match[str], text: str) -> Iterator[Span]:
    """Yield a name; a first word that only begins a sentence is left out of it."""
    words = match[0].split(" ")
    start = match.start()
    if len(words) > 1 and words[-1].lower() in _ARTICLES and starts_sentence(text, start):
        return  # "Reserve The classic seat": a request whose thing was written at the beginning of a sentence
    opener = words[0].lower() in OPENERS and text[:start].rstrip().endswith(('"', "\u201d"))
    if opener or (starts_sentence(text, start) and not _begins_with_name(words, match)):
        start += len(words[0]) + 1
        words = words[1:]
    written = " ".join(words)
    cut = _OF_NAME.sub("", written) if written.endswith(_MAY_BE_OF) else written
    if all(word in CURRENCIES or word in _ACRONYMS for word in cut.split(" and ")) or cut.lower() in UNITS:
        return
    if words and cut and cut != "I" and not _I_AM.match(written):
        yield Span("name", start, start + len(cut), cut, cut)


_OF_NAME = re.compile(r"[\u2019']s?$")
_MAY_BE_OF = ("'", "\u2019", "s", "\n")
_I_AM = re.compile(r"I[\u2019']\w+$")
_APOSTROPHE_ON = re.compile(r"[\u2019'].*")
_OF_ITS_OWN = re.compile(r"[\u2019']s$")
_ARTICLES = word_set("the a an that this these those my your our it")
_ACRONYMS = word_set(
    "SSH PDF CSV URL ID OK API JSON UTC GMT CET CEST ATM VAT FAQ USB HTML XML TV PM AM SEPA ECB EU UK US "
    "USA AI IT HR RAM CPU DNS HTTP HTTPS TLS CLI OS PC ISO IATA ASCII UTF ACL CEO CFO DIY FYI PS NB TBD "
    "ETA ASAP"
)
_AFTER_NAME = re.compile(
    r"(?:[\u2019']s)? (?:is|was|has|had|will|gets|got|flies|stays|owns|sits|lives|paid|wants|can|and [A-Z])\b"
)


def _begins_with_name(words: list[str], match: re.Match[str]) -> bool:
    """Return True if the first word of a sentence belongs to a name, as far as its shape tells."""
    first = words[0].lower().strip("\u2019'")
    if first.endswith("ly") or first in OPENERS or _APOSTROPHE_ON.sub("", first) in OPENERS:
        return False
    if len(words) > 1:
        return not first.endswith("ed") and first not in _ORDERS
    possessive = _OF_ITS_OWN.search(words[0]) is not None
    return possessive or (
        not first.endswith(("s", "ed", "ing")) and _AFTER_NAME.match(match.string, match.end()) is not None
    )


def starts_sentence(text: str, start: int) -> bool:
    """Return True if a sentence, a line or a bracket begins at a place."""
    return _OPENING.search(text, max(0, start - 12), start) is not None or not text[:start].strip()


OPENERS = word_set(
    "am a about above according across after afterwards again all almost already also although altogether "
    "always an and another any anything apart are as aside at back because before behind below besides "
    "between both but by can cancel check could currently despite did do does done during each either "
    "else even every everybody everyone everything except few finally first for fortunately from given "
    "good great had has have he hello hence her here hers hey hi his how however if in indeed inside "
    "instead into is isn't it its just last lastly later let like looking many may maybe me meanwhile "
    "might mine more moreover most much must my near neither never nevertheless next no nobody none nor "
    "not nothing now of off okay on once one only or other otherwise our out over overall paid per "
    "perhaps please quick rather regarding right second see several shall she should since so some "
    "somebody someone something sorry soon still such sure task thank thanks that the their them then "
    "there therefore these they this those though three through thus to together too two unfortunately "
    "unless unlike until up upon us using very was we welcome well were what whatever when whenever where "
    "whether which while who whom whose why will with within without would yes yet you your yours okay ok "
    "alright ah oh one four five six seven eight nine ten"
)


_ORDERS = word_set(
    "ask book call change close copy delete fetch find get give list look move note open order pay put "
    "read remove rename report run save search send sign take tell transfer use latest newest oldest "
    "cheapest total balance fee limit"
)
_ABBREVIATION = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|St|No|approx|e\.g|i\.e|vs|etc|Prof|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence; a quotation is not broken.

    Example:
        >>> [("Done. It costs 3.50."[a:b]) for a, b in sentences("Done. It costs 3.50.")]
        ['Done.', 'It costs 3.50.']
    """
    quotes = [match.span() for match in _QUOTES.finditer(text)] if _MARKS.search(text) else []
    cuts, start = [], 0
    for match in _BREAK.finditer(text):
        inside = any(a < match.start() and match.end() < b for a, b in quotes)
        inside = inside or (match[0][0] in '"\u201d' and text[match.end() : match.end() + 1].islower())
        if not inside and not _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()].rstrip()):
            cuts.append((start, match.start()))
            start = match.end()
    cuts.append((start, len(text)))
    return [(a, b) for a, b in cuts if text[a:b].strip()]
