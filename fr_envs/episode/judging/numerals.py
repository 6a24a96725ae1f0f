"""Numbers in a text, in the forms in which people write them: signs, separators, currencies, words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Number", "numbers", "same_number"]


class Number(NamedTuple):
    """A number and where it stands.

    Attributes:
        readings: What it may be; the first is the likeliest ("1,065" is 1065 to most and 1.065 to some).
        start: Index of its first character.
        end: Index after its last.
        percent: It is followed by "%" or "percent".
        money: It has a currency beside it, or two decimals.
        spelt: It is written in words.
    """

    readings: tuple[float, ...]
    start: int
    end: int
    percent: bool = False
    money: bool = False
    spelt: bool = False


_GROUP = "'’_\u00a0\u202f\u2009"
_CORE = re.compile(
    rf"\d{{1,3}}(?: \d{{3}})+(?:[.,]\d+)?(?![\d.,{_GROUP}]*\d)|\d+(?:[.,{_GROUP}]\d+)*(?:[eE][+-]?\d+(?!\w))?"
)
_CODES = (
    "EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|NZD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|ILS|INR|KRW|SGD|HKD|TWD|THB|IDR|"
    "MYR|PHP|"
    "VND|BRL|MXN|ARS|CLP|COP|ZAR|NGN|KES|EGP|MAD|AED|SAR|QAR|KWD|RUB|UAH"
)
_CODE_BEFORE = re.compile(rf"(?:\b(?:[A-Z]{{1,2}}\$|{_CODES}|Rs\.?|[Kk]r\.?|Fr\.?)|[$€£¥₹₽₩₺₴₦฿₫₪])\s?$")
_MONEY_AFTER = re.compile(
    rf"\s?(?:[$€£¥₹₽₩₺₴₦฿₫₪]|(?:{_CODES})\b|kr\b|(?:euros?|dollars?|pounds?|francs?|kron[aeo]r?|zloty)\b)",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    rf"(?:{_CODES}|k|m|g|h|s|l|kg|km|cm|mm|ms|min|mins|hrs?|kb|mb|gb|tb|KB|MB|GB|TB|kB|th|st|nd|rd|x|bn|mn|pts?|kr|"
    rf"pm|am"
    r"|bytes?|points?|days?|nights?|hours?|minutes?|lines?|words?|files?|euros?|dollars?)(?![\w])"
)
_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b|pct\b)", re.IGNORECASE)
_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
_SCALE = re.compile(r"(?:\s?(thousand|million|billion|bn|mn)|(k))\b", re.IGNORECASE)
_MINUS_WORD = re.compile(r"\b(?:minus|negative)\s+(?:[A-Z]{3}\s?|[$€£¥]\s?)?$", re.IGNORECASE)
_TAKEN_OFF = re.compile(r"\d\)?\s*(?:[A-Z]{3}|[€$£¥])?,?\s+(?:minus|less)\s+(?:[A-Z]{3}\s?|[$€£¥]\s?)?$", re.IGNORECASE)
_BELOW = re.compile(
    r"[^.;!?]{0,12}?\b(?:below zero|in the red|overdrawn|in debt|under water|less than nothing|in arrears)\b",
    re.IGNORECASE,
)
_OWED = re.compile(
    r"\b(?:overdrawn|owe|owes|owing|debts?|short|in the red|deficit|shortfall|minus)\b(?:\s+(?:by|of|with|at|is|to))?"
    r"\s+(?:[A-Z]{3}\s?|[$€£¥]\s?)?$",
    re.IGNORECASE,
)
_MARKER = re.compile(r"(?:^|\n)[ \t]*(\d{1,2})[.)][ \t]+(?=\S)")


def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers that stand in a text, by where they stand.

    Digits inside an identifier, a path, a version or a date are none: "A4", "a.65.txt", "3.65.2", "2026-12-01".

    Example:
        >>> [number.readings[0] for number in numbers("from $1,065.00 to -12.4 in two days")]
        [1065.0, -12.4, 2]
    """
    spans = list(_durations(text)) if "h" in text or "H" in text else []
    inside = [range(each.start, each.end) for each in spans]
    found = [each for each in (*_digits(text), *_spelt(text)) if not any(each.start in span for span in inside)]
    return tuple(sorted([*spans, *found], key=lambda number: number.start))


_DURATION = re.compile(
    r"(?<![\w.,:/-])(\d{1,3}) ?(?:h|hrs?|hours?)(?![^\W\d])(?:(?:,? and |,? ?)(\d{1,2}) ?(?:m|mins?|minutes?)\b)?",
    re.IGNORECASE,
)


def _durations(text: str) -> Iterator[Number]:
    """Iterate over hours, with minutes or without: of what is counted in minutes they tell as much."""
    for match in _DURATION.finditer(text):
        minutes = int(match[1]) * 60 + int(match[2] or 0)
        yield Number((minutes,) if match[2] else (int(match[1]), minutes), *match.span())


def same_number(number: Number, value: float) -> bool:
    """Return True if a number in a text is a value: exactly, as a percentage, or rounded where it is long."""
    if any(reading == value for reading in number.readings):
        return True
    if not abs(value) < _LARGEST:  # nor is it a number
        return False
    return (number.percent and any(abs(r / 100 - value) < 1e-12 for r in number.readings)) or _rounds(number, value)


_LARGEST = 1e15  # up to here a float keeps every digit


def _rounds(number: Number, value: float) -> bool:
    """A value of many decimals may be told with fewer, four digits that count and two decimals at the least."""
    reading = number.readings[0]
    places = len(repr(float(reading)).partition(".")[2])
    if "e" in repr(value) or len(repr(value).partition(".")[2]) <= max(places, 2) or places < 2:
        return False
    return abs(reading) >= 10 ** (3 - places) and round(value, places) == reading


# ------------------------------------------------------------------------------------------------------- in digits


def _digits(text: str) -> Iterator[Number]:
    markers = {match.start(1) for match in _MARKER.finditer(text)}
    for match in _CORE.finditer(text):
        start, end = match.span()
        if start in markers and match[0].isdigit():
            continue
        if _is_part(text, start, end):
            continue
        for readings, first, last in _readings(match[0], start):
            yield _finished(text, readings, first, last)


def _is_part(text: str, start: int, end: int) -> bool:
    """Return True if digits belong to something longer that is no number."""
    return _glued_left(text, start) or _glued_right(text, end)


def _glued_left(text: str, start: int) -> bool:
    before, further = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if before.isalpha() or before == "_":
        return _CODE_BEFORE.search(text[max(0, start - 6) : start]) is None
    if before in ("-", "−", "–"):
        return further.isalnum() and not _CODE_BEFORE.search(text[max(0, start - 7) : start - 1])
    if before == ".":
        return further not in ("", " ", ".", "(", "\n")
    if before in ("/", ":", "@", ",", "\\"):
        return bool(further) and (further.isalnum() or further in "/.\\")
    return before != "" and before in _GROUP[2:] and further.isdigit()


def _glued_right(text: str, end: int) -> bool:
    after, further = text[end : end + 1], text[end + 1 : end + 2]
    if after.isalpha() or after == "_":
        return _UNIT_AFTER.match(text, end) is None and _SCALE.match(text, end) is None
    if after == ".":
        return further.isalnum()
    if after in ("-", "–", "/", ":", "@", "\\"):
        return further.isdigit() or (after in "@\\" and further.isalpha())
    return False


def _readings(core: str, start: int) -> Iterator[tuple[tuple[float, ...], int, int]]:
    """What a run of digits and separators may be; a list without spaces is several numbers, a version none."""
    if len(core) > _LONGEST:
        yield from _each(core, ",", start)
        return
    plain = re.sub(rf"[ {_GROUP}]", "\0", core)
    if "\0" in plain:
        whole, dot, decimals = re.match(r"([\d\0]+)([.,]?)(\d*)$", plain).groups() if _grouped(plain) else ("", "", "")  # type: ignore[union-attr]
        if whole:
            yield (_value(whole.replace("\0", ""), decimals),), start, start + len(core)
        if " " in core and not dot and " 0" not in core:
            yield from _each(core, " ", start)
        return
    if "e" in core.lower():
        yield (float(core.replace(",", "")),) if core.count(",") == 0 else (), start, start + len(core)
        return
    found = _separated(core)
    if found:
        yield found, start, start + len(core)
    elif "," in core and "." not in core:
        yield from _each(core, ",", start)


_IN_GROUPS = re.compile(r"\d{1,3}(?:\0\d{3})+(?:[.,]\d+)?")


def _grouped(plain: str) -> bool:
    return _IN_GROUPS.fullmatch(plain) is not None


_LONGEST = 60  # characters of a number that anybody reads


def _each(core: str, separator: str, start: int) -> Iterator[tuple[tuple[float, ...], int, int]]:
    for part in core.split(separator):
        if part.isdecimal() and len(part) <= _LONGEST:
            yield (int(part),), start, start + len(part)
        start += len(part) + 1


def _separated(core: str) -> tuple[float, ...]:
    dots, commas = core.count("."), core.count(",")
    if not dots and not commas:
        return () if len(core) > 1 and core[0] == "0" else (int(core),)
    if dots and commas:
        point = max(".,", key=core.rindex)
        other = "," if point == "." else "."
        whole, _, decimals = core.rpartition(point)
        return (_value(whole.replace(other, ""), decimals),) if core.count(point) == 1 and _groups(whole, other) else ()
    mark = "." if dots else ","
    if dots + commas > 1:
        return (int(core.replace(mark, "")),) if _groups(core, mark) else ()
    whole, _, decimals = core.partition(mark)
    decimal = _value(whole, decimals)
    if len(decimals) != 3 or len(whole) > 3 or whole == "0":
        return (decimal,)
    both = (decimal, int(whole + decimals))
    return both if dots else both[::-1]


def _groups(text: str, mark: str) -> bool:
    """Groups of three digits, or two as in India, the last of three."""
    return re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{2,3}})*{re.escape(mark)}\d{{3}}", text) is not None


def _value(whole: str, decimals: str) -> float:
    return float(f"{whole}.{decimals}") if decimals else int(whole)


def _finished(text: str, readings: tuple[float, ...], start: int, end: int) -> Number:
    """Take in what stands around the digits: scale, percent, currency, sign."""
    scale = _SCALE.match(text, end)
    if scale:
        factor = _SCALES[(scale[1] or scale[2]).lower()]
        readings, end = tuple(round(reading * factor, 6) for reading in readings), scale.end()
    before = text[max(0, start - 24) : start]
    if before.endswith(".") and len(readings) == 1 and not before[:-1].endswith((".", "*", "•")):
        readings = (float(f"0.{text[start:end]}") if text[start:end].isdigit() else readings[0],)
    currency = _CODE_BEFORE.search(before)
    bare = before[: currency.start()] if currency else before
    taken_off = _TAKEN_OFF.search(before) is not None  # "9 minus 4"
    signed = not taken_off and (_is_minus(before) or _is_minus(bare) or _MINUS_WORD.search(before) is not None)
    if signed:
        readings = tuple(-reading for reading in readings)
    elif taken_off or _OWED.search(before) or _BELOW.match(text, end):
        readings += tuple(-reading for reading in readings)
    money = currency is not None or _MONEY_AFTER.match(text, end) is not None or _two_decimals(text[start:end])
    return Number(readings, start, end, _PERCENT.match(text, end) is not None, money)


def _is_minus(before: str) -> bool:
    """A hyphen is a sign where it leads a number and joins nothing; a dash between words is none."""
    if not before.endswith(("-", "−", "–")):
        return False
    return not before[-2:-1].isalnum() and before[-2:-1] not in ("-", "–", "/", ".")


def _two_decimals(core: str) -> bool:
    return re.search(r"[.,]\d\d$", core) is not None


# -------------------------------------------------------------------------------------------------------- in words

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_WORDS = {word: number for number, word in enumerate(f"{_SMALL} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_BIG = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_OTHER = {"once": 1, "single": 1, "twice": 2, "both": 2, "pair": 2, "dozen": 12, "none": 0, "nothing": 0, "nil": 0}
_ANY = "|".join(sorted((*_WORDS, *_TENS, *_BIG), key=len, reverse=True))
_PHRASE = re.compile(
    rf"(?<![\w-])(?:(?:a|an)\s+(?=hundred|thousand|million))?(?:{_ANY})"
    rf"(?:(?:(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+|[\s-]+)(?:{_ANY}))*(?![\w-])"
    rf"|(?<![\w-])(?:{'|'.join(_OTHER)})(?![\w-])"
)
_ANY_PHRASE = re.compile(_PHRASE.pattern, re.IGNORECASE)
_PRONOUN_BEFORE = re.compile(
    r"\b(?:no|the|that|this|which|each|every|any|some|other|another|new|old|right|wrong|second|first|last)\s+$", re.I
)
_PRONOUN_AFTER = re.compile(r"\s+of\b|-time\b|\s+another\b|\s+more\s+thing\b", re.IGNORECASE)
_NO_THING = re.compile(
    r"\b(?:no|without(?:\s+(?:a|any))?|free of|zero)\s+(?!problem|longer|more\b|doubt|worr|one\b|idea|way|further|need|"
    r"change|issue|error|trouble|other|such|matter|use\b|luck)[a-z]|\bfree\b(?!\s+(?:to|seat|cancel|up))|"
    r"\bat no cost\b",
    re.IGNORECASE,
)


_SUBJECTS = frozenset(("nothing", "none", "both"))
_VERB_AFTER = re.compile(
    r"(?:\s+of\s+\w+)?\s+(?:was|were|is|are|has|have|had|could|can|went|will|would|did|does|else|more)\b", re.I
)


def _spelt(text: str) -> Iterator[Number]:
    # small letters are looked through in a third of the time; others than ours look like ours now and then
    for match in _PHRASE.finditer(text.lower()) if text.isascii() else _ANY_PHRASE.finditer(text):
        word = match[0].lower()
        if word in _SUBJECTS and _VERB_AFTER.match(text, match.end()):
            continue
        pronoun = word == "one" and (
            _PRONOUN_BEFORE.search(text[max(0, match.start() - 10) : match.start()])
            or _PRONOUN_AFTER.match(text, match.end())
        )
        if not pronoun and word not in _BIG:  # "3 million" is read with its digits
            value = _OTHER[word] if word in _OTHER else _counted(word)
            readings = (-value,) if _MINUS_WORD.search(text[max(0, match.start() - 12) : match.start()]) else (value,)
            percent = _PERCENT.match(text, match.end()) is not None
            yield Number(readings, match.start(), match.end(), percent, spelt=True)
    for match in _NO_THING.finditer(text):
        yield Number((0,), match.start(), match.end(), spelt=True)


def _counted(phrase: str) -> int:
    total = part = 0
    for word in re.findall(r"[a-z]+", phrase):
        if word in _BIG:
            part = max(part, 1) * _BIG[word]
            if word != "hundred":
                total, part = total + part, 0
        else:
            part += _WORDS.get(word, 0) or _TENS.get(word, 0)
    return total + part
