"""Does a text say a value? In any form in which people write it: one question for numbers, dates, names and lists.

``stated`` takes out what a text states, once; ``says`` asks it for one value after another.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.judging.moments import Moment, moments, same_date, same_time, value_moment
from fr_envs.episode.judging.naming import named
from fr_envs.episode.judging.numerals import Number, numbers, same_number
from fr_envs.episode.judging.truths import truth

if TYPE_CHECKING:
    from fr_envs.json_values import Json

__all__ = ["Stated", "mentions", "moments_told", "plain", "says", "stands_in", "stated"]


class Stated(NamedTuple):
    """What a text states.

    Attributes:
        text: The text in plain letters, as ``plain`` gives it.
        shown: The text without marks of emphasis; it is here that numbers and moments have their places.
        numbers: Numbers, without those of dates and times.
        moments: Dates and times.
        codes: Identifiers: words of letters and digits together, such as "ACC000123" or "X5".
        paths: Paths and names of files.
        quoted: What stands between quotation marks.
    """

    text: str
    shown: str
    numbers: tuple[Number, ...]
    moments: tuple[Moment, ...]
    codes: tuple[str, ...]
    paths: tuple[str, ...]
    quoted: tuple[str, ...]


_LOOKS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "–": "-", "—": " - ",
     "−": "-", "`": " ", "*": " ", "\u200b": None}
)  # fmt: skip
_SPACES = re.compile(r"\s+")
_CODE = re.compile(r"(?<![\w/.-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z0-9][\w-]*[A-Za-z0-9](?![\w/-]|\.\w)")
_PATH = re.compile(
    r"(?<![\w/.@+-])(?:~|\.{1,2})?/?(?:[\w.@+-]+/)*[\w@+-][\w.@+-]*\.[A-Za-z]\w*(?![\w/])|(?<![\w/.])~?/[\w./@+-]*\w"
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{1,200})[\"”»]|(?<!\w)['‘]([^'‘’\n]{1,200})['’](?!\w)")


def plain(text: str) -> str:
    """Return a text in lower case, without accents, marks of emphasis, and kinds of space, quote and dash.

    Example:
        >>> plain("**Kraków**:  “Basic”")
        'krakow : "basic"'
    """
    return _plain(text) if len(text) > _SHORT else _plain_kept(text)


_SHORT = 80  # characters of a text that is asked for again and again, such as a name or a value


def _plain(text: str) -> str:
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text.translate(_LOOKS))
        text = "".join(letter for letter in folded if not unicodedata.combining(letter))
    else:
        text = text.replace("*", " ").replace("`", " ")
    return _SPACES.sub(" ", text).strip().casefold()


_plain_kept = functools.lru_cache(maxsize=8192)(_plain)


_EMPHASIS = re.compile(r"\*\*+|(?<!\S)\*(?=\S)|(?<=\S)\*(?![\w*])|`+")


def moments_told(text: str) -> tuple[Moment, ...]:
    """Return the dates and times that a text states, and nothing else of it: those of ``stated``."""
    return moments(_EMPHASIS.sub("", text))


@functools.lru_cache(maxsize=128)
def stated(text: str) -> Stated:
    """Take out what a text states. O(length); the last texts are remembered."""
    text = _EMPHASIS.sub("", text)
    found = moments(text)
    bare = text
    for moment in found:
        bare = f"{bare[: moment.start]}{' ' * (moment.end - moment.start)}{bare[moment.end :]}"
    quoted = tuple(next(filter(None, match.groups())) for match in _QUOTED.finditer(text))
    codes = tuple(match[0] for match in _CODE.finditer(bare) if not _is_word(match[0]))
    paths = tuple(match[0] for match in _PATH.finditer(bare))
    return Stated(plain(text), text, numbers(bare), found, codes, paths, quoted)


_ORDINARY = re.compile(r"\d+(?:st|nd|rd|th|k|m|g|x|h|km|kg|mb|gb|kb|am|pm|[A-Z]{3})|\d+-\w+|[A-Z]{3}\d+", re.IGNORECASE)


def _is_word(code: str) -> bool:
    """Return True if letters and digits stand together for no identifier: "1st", "3-day", "12EUR"."""
    return _ORDINARY.fullmatch(code) is not None and not code[0].isalpha()


def says(text: str, value: Json, kind_format: str | None = None) -> bool:
    """Return True if a text says a value, in any usual form.

    Numbers count by value, with or without separators, currency and percent sign, small ones in words too; dates and
    times in figures and in words; truth values by yes, no or a statement; names without regard to case, accents and
    underscores; lists when all of their items are said, in any order. What is part of something longer is not said:
    "6.65" and "-65" say no 65, "a.txt.bak" says no "a.txt".

    Args:
        text: What was said.
        value: The value as a tool gives it.
        kind_format: How values of its kind are spoken, as in a contract; "quoted" for texts that are never a date or
            a number.

    Example:
        >>> says("Your balance is EUR 1,065.00.", 1065), says("on December 1st", "2026-12-01"), says("6.65", 65)
        (True, True, False)
    """
    if isinstance(value, bool):
        return truth(text).yes if value else truth(text).no
    if isinstance(value, int | float):
        return any(same_number(number, value) for number in stated(text).numbers)
    if isinstance(value, str):
        return _says_text(text, value, kind_format)
    if isinstance(value, dict):
        return bool(value) and all(says(text, member, kind_format) for member in value.values())
    if isinstance(value, list | tuple):
        return all(says(text, item, kind_format) for item in value) if value else says(text, 0)
    return value is None and _NONE.search(text) is not None


_NONE = re.compile(
    r"\b(?:none|nothing|nobody|null|not (?:set|given|known|available)|n/a|unset|empty|no|isn't any)\b", re.I
)


def _says_text(text: str, value: str, kind_format: str | None) -> bool:
    if not value.strip():
        return False
    known = stated(text)
    moment = value_moment(value) if kind_format != "quoted" and value[0].isdigit() else None
    if moment is not None:  # letter for letter is not enough: "12:00" stands in "12:00 am"
        return _says_moment(known, moment)
    if value.isupper() and value.casefold() in _EVERYDAY:  # the airport CAN is not said by "I can"
        return re.search(rf"(?<!\w){value}(?![\w'’])", text) is not None
    return stands_in(plain(value), known.text) or _says_otherwise(known, value)


_EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        "a an all and any are as at be but by can do for go had has he her his i if in is it its may me my no not "
        "now of off on one or our out per see she so the to too up us via was way we you",
    )
)
"""Everyday words that are also codes of airports, countries or shops: said as such in capitals alone."""


def _says_moment(known: Stated, meant: Moment) -> bool:
    date, time = meant.date, meant.time
    dated = date is None or any(each.date is not None and same_date(each.date, date) for each in known.moments)
    return dated and (
        time is None or any(each.time is not None and same_time(each.time, time) for each in known.moments)
    )


def _says_otherwise(known: Stated, value: str) -> bool:
    """Underscores as spaces, a text line by line, an IBAN in groups, a code by the name of what it stands for."""
    word = plain(value)
    if "_" in word and any(stands_in(word.replace("_", mark), known.text) for mark in (" ", "-")):
        return True
    lines = [plain(line) for line in value.splitlines() if line.strip()]
    if len(lines) > 1:
        return all(stands_in(line, known.text) for line in lines)
    if len(word) >= _LONG and word.replace(" ", "").replace("+", "").isalnum() and any(c.isdigit() for c in word):
        return _squeezed(word) in _squeezed(known.text)
    return any(stands_in(plain(name), known.text) for name in named(value))


_LONG = 10  # characters of an identifier from which it cannot come about by leaving out spaces


def _squeezed(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def stands_in(word: str, text: str) -> bool:
    """Return True if ``word`` stands in ``text`` on its own; both as ``plain`` gives them.

    Example:
        >>> stands_in("a.txt", "see a.txt."), stands_in("a.txt", "see a.txt.bak")
        (True, False)
    """
    if not word:
        return False
    at = text.find(word)
    while at >= 0:
        if _free_left(word, text, at) and _free_right(word, text, at + len(word)):
            return True
        at = text.find(word, at + 1)
    return False


def mentions(text: str, word: str) -> bool:
    """Return True if a text has a word or words; one number, or a day or an hour as tools give it, in any usual form.

    Example:
        >>> mentions("That makes 1,200 euros.", "1,200.00"), mentions("Which Amount?", "amount")
        (True, True)
    """
    if stands_in(plain(word), plain(text)):
        return True
    if value_moment(word) is not None:
        return says(text, word)
    known = stated(word)
    bare = not re.search(r"[^\W\d]{3}", word) and len(known.numbers) == 1 and not known.moments
    return bare and any(same_number(number, known.numbers[0].readings[0]) for number in stated(text).numbers)


def _free_left(word: str, text: str, at: int) -> bool:
    if not at or not (word[0].isalnum() or word[0] in "_./~"):
        return True
    before, further = text[at - 1], text[at - 2] if at > 1 else " "
    if before.isalnum() or before == "_":
        return False
    if before in "-" and word[0].isdigit() and further in " (":
        return False  # a sign
    if before == "/":
        return further in " ." or ("." in word and not word.startswith(".")) or _is_pair(word, text, at - 1)
    return before not in "-.,@~" or not further.isalnum()


def _free_right(word: str, text: str, end: int) -> bool:
    if end >= len(text) or not (word[-1].isalnum() or word[-1] == "_"):
        return True
    after, further = text[end], text[end + 1] if end + 1 < len(text) else " "
    if after.isalnum() or after == "_":
        return False
    if after == "'" and further.isalpha() and further != "s":
        return False  # "can't" says no "can"
    if after == "/":
        return not further.isalnum() or _is_pair(word, text, end)
    if after == "-":
        return not further.isalnum() or (word.isalpha() and further.isalpha())
    return (
        after not in ".,@" or not further.isalnum() or (after == "," and not (word[-1].isdigit() and further.isdigit()))
    )


def _is_pair(word: str, text: str, slash: int) -> bool:
    """Return True if a slash parts two words, as in "EUR/USD", and is no part of a path."""
    left = text[:slash].rpartition(" ")[2].lstrip("(\"'")
    right = text[slash + 1 :].partition(" ")[0].rstrip(".,;:)!?\"'")
    return word.isalpha() and left.isalpha() and right.isalpha()
