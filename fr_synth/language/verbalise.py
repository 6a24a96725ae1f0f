"""How values are spoken, and how to hear whether a text speaks of a value.

``verbalise`` writes; ``mentions_value`` reads, and knows nothing of how ``verbalise`` works, so that a proof can trust
it.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.contract.spec import Kind
    from fr_envs.json_values import Json

__all__ = [
    "fill",
    "join_words",
    "mentions_value",
    "said_once",
    "singular",
    "spread",
    "stands_in",
    "unrepeated",
    "verbalise",
]

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def verbalise(value: Json, kind: Kind | None = None) -> str:
    """Return ``value`` as a person would say it, in the format of its kind.

    Example:
        >>> verbalise(1240.0), verbalise(["a.txt", "b.txt", "c.txt"])
        ('1,240', 'a.txt, b.txt and c.txt')
    """
    if isinstance(value, list | tuple):
        return join_words([verbalise(item, kind) for item in value])
    form = "plain" if kind is None else kind.format
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, form)
    if isinstance(value, str):
        return _text(value, form)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)  # an object, or null


def _text(value: str, form: str) -> str:
    if form == "quoted":
        return f'"{value}"'
    if form == "label":
        return value.replace("_", " ")
    if form in ("date", "datetime") or _PLAIN_DAY.fullmatch(value):
        return _date(value)
    return value.removesuffix(":00") if _WHOLE_MINUTE.fullmatch(value) else value


_PLAIN_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:T[0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
_WHOLE_MINUTE = re.compile(r"[0-2]\d:[0-5]\d:00")


def _number(value: int | float, form: str) -> str:
    if form == "amount" or isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00") if round(value, 2) == value else f"{value:,}"
    return str(value)


def _date(value: str) -> str:
    """Speak an ISO date or date-time; whatever is neither stays as it is."""
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return value
    day = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return day if len(value) == len("2027-03-12") else f"{day} at {moment:%H:%M}"


def unrepeated(text: str) -> str:
    """Take out a word that a phrase and what was put into it both say.

    Example:
        >>> unrepeated("with the reference the reference of that payment")
        'with the reference of that payment'
        >>> unrepeated("verify that that file is 80 bytes bytes long")
        'verify that file is 80 bytes long'
        >>> unrepeated("check the IBAN the IBAN of my account")
        'check the IBAN of my account'
    """
    return _TWICE.sub(r"\1", _REPEATED.sub("the ", _ABBREVIATED.sub("the ", text)))


def said_once(text: str) -> str:
    """Take off the last word of a phrase that what was put into it ends with: "the Long bed bed".

    Example:
        >>> said_once("the Long bed bed"), said_once("the Harbour room")
        ('the Long bed', 'the Harbour room')
        >>> said_once("the Court Two court")
        'Court Two'
    """
    text = _ENDS_TWICE.sub(r"\1", text).replace("the The ", "The ")
    match = _NAMED_SO.fullmatch(text)
    return match[1] if match is not None and match[2] in match[1].lower().split() else text


_ENDS_TWICE = re.compile(r"\b(\w+) \1$", re.IGNORECASE)
_NAMED_SO = re.compile(r"the ([A-Z].*) ([a-z]+)")
_TWICE = re.compile(r"\b(that|the|airport|bytes|lines|kilometres) \1\b")
_ABBREVIATED = re.compile(r"\b(?:the )?([A-Z]{3,4}) the (?=\1 of )")  # "with the IBAN the IBAN of that bank"
_REPEATED = re.compile(r"\bthe ([a-z ]+?) the (?=\1 of )")


def join_words(words: Sequence[str]) -> str:
    """Join with commas and a final "and".

    Example:
        >>> join_words(["a", "b"]), join_words([])
        ('a and b', '')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def mentions_value(text: str, value: Json) -> bool:
    """Return True if ``text`` speaks of ``value``: the value itself, or a date, number or label that reads as it.

    Example:
        >>> said = "move 1,240 to savings on 12 March 2027"
        >>> mentions_value(said, 1240.0), mentions_value(said, "2027-03-12"), mentions_value("150", 5)
        (True, True, False)
    """
    if isinstance(value, list | tuple):
        return all(mentions_value(text, item) for item in value)
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return value in _numbers(text)
    return isinstance(value, str) and bool(value) and _mentions_text(text.lower(), value)


def _mentions_text(lowered: str, value: str) -> bool:
    """Return True if a text in lower case speaks of another one: letter for letter, as a label, or as a date."""
    if stands_in(value.lower(), lowered) or ("_" in value and stands_in(value.replace("_", " ").lower(), lowered)):
        return True
    spoken = value.removesuffix(":00") if _WHOLE_MINUTE.fullmatch(value) else _date(value)
    return spoken != value and spoken.lower() in lowered


def stands_in(word: str, text: str) -> bool:
    """Return True if ``word`` stands in ``text`` on its own, letter for letter, so that "a" is not heard in "bank"."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if not (before.isalnum() and word[0].isalnum()) and not (after.isalnum() and word[-1].isalnum()):
            return True
        start = text.find(word, start + 1)
    return False


_WORD_WITH_DIGITS = re.compile(r"[\d-][\d.,-]*")


@functools.lru_cache(maxsize=512)
def _numbers(text: str) -> frozenset[float]:
    """Return the numbers that a text speaks of; one text is listened to for many values."""
    return frozenset(number for match in _WORD_WITH_DIGITS.finditer(text) for number in _read(text, match))


def _read(text: str, match: re.Match[str]) -> Iterator[float]:
    start, end = match.span()
    counting = match[0].endswith("-")  # "a 4-page print" speaks of 4
    if text[start - 1 : start].isalpha() or (text[end : end + 1].isalpha() and not counting):
        return  # "4x4" and "A4" speak of no 4
    with contextlib.suppress(ValueError):
        yield float(match[0].rstrip(".,-").replace(",", ""))


_SINGLE = {"ies": "y", "ches": "ch", "shes": "sh", "sses": "ss", "xes": "x"}
_PERSON = {"children": "child", "people": "person"}
_ONE_IS = re.compile(r"\b([Tt])here are 1(?![\d.,-]*\d)")
_ONE_PERSON = re.compile(r"(?<![\w.,-])1 (children|people)\b")
_ONE_OF_MANY = re.compile(r"(?<![\w.,-])1 ([a-z]{2,})(ies|ches|shes|sses|xes)\b")
_ONE = re.compile(r"(?<![\w.,-])1 ([a-z]{2,}[^siu\W])s\b")


def singular(text: str, keep: Iterable[str] = ()) -> str:
    """Fix the number of what there is one of, unless that would touch words that have to be kept.

    Example:
        >>> singular("1 nights and 11 days, 1 status")
        '1 night and 11 days, 1 status'
        >>> singular("1 entries, 1 matches, 21 boxes")
        '1 entry, 1 match, 21 boxes'
        >>> singular("1 children and 21 people")
        '1 child and 21 people'
        >>> singular("There are 1 of them.")
        'There is 1 of them.'
    """
    text = _ONE_IS.sub(lambda many: f"{many[1]}here is 1", text)
    text = _ONE_PERSON.sub(lambda many: f"1 {_PERSON[many[1]]}", text)
    fixed = _ONE.sub(r"1 \1", _ONE_OF_MANY.sub(lambda many: f"1 {many[1]}{_SINGLE[many[2]]}", text))
    return fixed if all(word in fixed for word in keep) else text


def spread(value: Json, path: Sequence[str]) -> list[Json]:
    """Return what stands at ``path``, each member of a list on the way giving one value.

    Example:
        >>> spread({"accounts": [{"type": "checking"}, {"type": "savings"}]}, ["accounts", "type"])
        ['checking', 'savings']
    """
    found = _flat([value])
    for part in path:
        found = _flat([item[part] for item in found if isinstance(item, dict) and part in item])
    return found


def _flat(values: list[Json]) -> list[Json]:
    """Return values with the items of each list in its place."""
    return [item for each in values for item in (each if isinstance(each, list) else [each])]


_PLURAL = re.compile(r"(?:[a-z]+ )*[a-z]{2,}[^aius\W]s")
_ARTICLE = re.compile(r"\ba $")


def _before(text: str, word: str) -> str:
    """Return what stands before a word: several take no "a", and "a" is "an" before a vowel."""
    if _PLURAL.fullmatch(word):
        return _ARTICLE.sub("", text)
    return _ARTICLE.sub("an ", text) if re.match(r"[aeio](?!ne\b)", word) else text


def fill(template: str, words: dict[str, str]) -> str:
    """Put words into a template's places; a place without a word stays as it is.

    Values may hold braces: they are put in verbatim and never read as places. A quoted word in a place that the
    template quotes already is not quoted twice.
    """
    parts, rest = [], template
    while rest:
        before, brace, after = rest.partition("{")
        parts.append(before)
        name, closing, tail = after.partition("}")
        if brace and closing and name in words:
            word = words[name]
            quoted = before.endswith('"') and tail.startswith('"') and len(word) > 1 and word[0] == word[-1] == '"'
            parts[-1] = _before(before, word)
            parts.append(word[1:-1] if quoted else word)
            rest = tail
        else:
            parts.append(brace)
            rest = after
    return "".join(parts)
