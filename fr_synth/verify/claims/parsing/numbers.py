"""Numbers in text: digits with signs, separators, currencies and units, and numbers in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.parsing.wordsets import any_of, letters_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CURRENCIES", "UNITS", "WORDS", "Heard", "numbers_in", "unit_of"]


class Heard(NamedTuple):
    """A number as it stands in a text.

    Attributes:
        start: First character.
        end: Character after the last.
        value: The number, its sign included.
        unit: Currency code, ``%``, or a unit of ``UNITS``; empty where none is said.
        places: Decimals that are written; None for a number in words.
    """

    start: int
    end: int
    value: float
    unit: str
    places: int | None


_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

WORDS: dict[str, int] = {
    **{word: number for number, word in enumerate(_SMALL)},
    **{word: 10 * (number + 2) for number, word in enumerate(_TENS)},
    **{
        f"{ten}{link}{one}": 10 * (i + 2) + k
        for i, ten in enumerate(_TENS)
        for k, one in enumerate(_SMALL[1:10], 1)
        for link in "- "
    },
    "dozen": 12,
    "a dozen": 12,
    "a hundred": 100,
    "one hundred": 100,
    "a thousand": 1000,
    "one thousand": 1000,
    "once": 1,
    "twice": 2,
    "both": 2,
    "neither": 2,
    "a couple": 2,
    "single": 1,
}
"""Numbers in words, lower case."""

_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_CURRENCY_WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP", "pounds": "GBP",
    "yen": "JPY", "francs": "CHF", "franc": "CHF", "kroner": "NOK", "kronor": "SEK",
}  # fmt: skip
CURRENCIES = word_set(
    "EUR USD GBP JPY CHF SEK NOK DKK CZK PLN HUF RON BGN ISK TRY AUD BRL CAD CNY HKD IDR ILS INR KRW MXN "
    "MYR NZD PHP SGD THB ZAR AED SAR EGP KES NGN ARS CLP COP PEN UAH RUB VND TWD"
)
"""ISO 4217 codes that are read as currencies."""

UNITS: dict[str, tuple[str, float]] = {
    "%": ("%", 1),
    "percent": ("%", 1),
    "per cent": ("%", 1),
    "b": ("byte", 1),
    "byte": ("byte", 1),
    "bytes": ("byte", 1),
    "kb": ("byte", 1e3),
    "kib": ("byte", 1024),
    "mb": ("byte", 1e6),
    "mib": ("byte", 1024**2),
    "gb": ("byte", 1e9),
    "gib": ("byte", 1024**3),
    "kilobytes": ("byte", 1e3),
    "megabytes": ("byte", 1e6),
    "km": ("km", 1),
    "kilometre": ("km", 1),
    "kilometres": ("km", 1),
    "kilometers": ("km", 1),
    "miles": ("km", 1.609344),
    "minute": ("minute", 1),
    "minutes": ("minute", 1),
    "min": ("minute", 1),
    "hour": ("hour", 1),
    "hours": ("hour", 1),
    "h": ("hour", 1),
    "day": ("day", 1),
    "days": ("day", 1),
    "week": ("week", 1),
    "weeks": ("week", 1),
    "month": ("month", 1),
    "months": ("month", 1),
    "year": ("year", 1),
    "years": ("year", 1),
    "night": ("night", 1),
    "nights": ("night", 1),
    "point": ("point", 1),
    "points": ("point", 1),
}
"""Unit as written, lower case -> (base unit, how many of it one is)."""

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d{2}(?!\d)|\d+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?<![\w./:@#])(?<!\d,)(?:(?P<sign>[-\u2212\u2013+])(?=[\d€$£¥]))?(?:(?P<symbol>[€$£¥])(?P<inner>[-\u2212])?)?(?P<digits>{_DIGITS})"
    r"(?P<scale>k|bn|m(?![a-z]))?"
    r"(?:\s?(?P<after>[€$£¥%]|kB|KB|MB|GB|KiB|MiB|GiB|km|h(?![a-z])))?(?![\w/@#:]|[-.,:]\d)"
)
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"(?<![\w.,/:-])(\d+)\s?[-\u2013]\s?(\d+)(?![\w/:-]|[.,]\d)")
_DURATION = re.compile(
    r"(?<![\w.,:/-])(\d{1,3}) ?(?:h|hrs?|hours?)(?![^\W\d])(?:,? and |,? ?)(\d{1,2}) ?(?:m|mins?|minutes?)\b",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(r"\b([A-Z]{3})\s?$")
_WORD_AFTER = re.compile(r"\s?-?(per cent|[A-Za-z]+)")
_IN_WORDS = re.compile(rf"\b(?<!['\u2019-])({any_of(WORDS)})(?![\w'\u2019]|-\w)")
_IN_ANY_CASE = re.compile(_IN_WORDS.pattern, re.IGNORECASE)
_COMMA_LAST = re.compile(r"\d{1,3}(\.\d{3})+,\d{2}")
_PARTS = frozenset(re.split(r"[ -]", word)[-1] for word in WORDS)
_SCALES = {None: 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}


def numbers_in(text: str) -> Iterator[Heard]:
    """Iterate over the numbers of a text, those in digits first.

    Example:
        >>> [(n.value, n.unit) for n in numbers_in("from -€1,240.50 to 3 nights, twenty-one of them")]
        [(-1240.5, 'EUR'), (3.0, 'nights'), (21.0, '')]
    """
    if _DIGIT.search(text):
        yield from _in_digits(text)
    if letters_in(text).isdisjoint(_PARTS):
        return
    for match in _IN_WORDS.finditer(text.lower()) if text.isascii() else _IN_ANY_CASE.finditer(text):
        yield Heard(match.start(), match.end(), float(WORDS[match[1].lower()]), unit_of(text, match.end()), None)


def _in_digits(text: str) -> Iterator[Heard]:
    durations = list(_DURATION.finditer(text))
    for match in durations:
        yield Heard(*match.span(), float(match[1]) * 60 + float(match[2]), "minutes", 0)
    ranges = [m.span() for m in (*_RANGE.finditer(text), *durations)]
    for match in _RANGE.finditer(text):
        for group in (1, 2):
            yield Heard(match.start(group), match.end(group), float(match[group]), unit_of(text, match.end(group)), 0)
    for match in _NUMBER.finditer(text):
        if not any(start <= match.start("digits") < end for start, end in ranges):
            yield _heard(text, match)


def _heard(text: str, match: re.Match[str]) -> Heard:
    digits = match["digits"]
    if "," in digits and _COMMA_LAST.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    value = float(digits) * _SCALES[match["scale"]]
    if match["sign"] in ("-", "\u2212", "\u2013") or match["inner"]:
        value = -value
    places = len(digits.partition(".")[2]) if match["scale"] is None else 0
    end = match.end("scale") if match["scale"] else match.end("digits")
    return Heard(match.start(), end, value, _unit(text, match, end), places)


def _unit(text: str, match: re.Match[str], end: int) -> str:
    for mark in (match["symbol"], match["after"]):
        if mark in _SYMBOLS:
            return _SYMBOLS[mark]
    before = _CODE_BEFORE.search(text, max(0, match.start() - 4), match.start())
    if before and before[1] in CURRENCIES:
        return before[1]
    if match["after"] is not None:
        return match["after"].lower()
    return unit_of(text, end)


def unit_of(text: str, end: int) -> str:
    """Return the unit or currency that is written right after a number; empty where there is none."""
    if text[end : end + 1] == "%" or text[end : end + 2] == " %":
        return "%"
    word = _WORD_AFTER.match(text, end)
    if word is None:
        return ""
    if word[1] in CURRENCIES:
        return word[1]
    lowered = word[1].lower()
    if lowered in _CURRENCY_WORDS:
        return _CURRENCY_WORDS[lowered]
    known = UNITS.get(lowered)
    return lowered if known is not None and len(lowered) > 1 else ""
