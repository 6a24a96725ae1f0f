"""How an argument is attached to what somebody asks for: "for Amara Okoye", "in Oslo", "with the price 250"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.phrases import join_words, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ALTERS",
    "UNITS",
    "attached",
    "changes",
    "is_end",
    "is_key",
    "is_time",
    "joined",
    "participle",
    "pointed_at",
    "with_article",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TO = frozenset(["assign", "give", "hand", "lend", "offer", "return", "sell", "send", "share", "ship", "transfer"])
_CHANGES = frozenset(["adjust", "change", "edit", "modify", "patch", "rename", "set", "update"])
_MOVES = frozenset(["move", "postpone", "reschedule", "shift"])
_LENGTHENS = frozenset(["extend", "lengthen", "prolong", "renew", "shorten", "increase", "decrease", "raise", "lower"])
_PEOPLE = _set(
    "assignee attendee borrower buyer client contact customer employee guest member owner passenger patient person "
    "reader student tenant user visitor"
)
_RECEIVERS = frozenset({"recipient", "receiver", "addressee"})
_MAKERS = frozenset({"artist", "author", "composer", "director", "writer"})
_PLACES = frozenset({"city", "country", "language", "room", "town"})
_LEVELS = frozenset({"priority", "severity", "urgency", "importance"})
_STARTS = ("arrival", "begin", "check in", "checkin", "departure", "from", "pickup", "since", "start", "valid from")
_ENDS = (
    "check out",
    "checkout",
    "drop off",
    "end",
    "expires",
    "expiry",
    "finish",
    "return",
    "till",
    "until",
    "valid to",
)
_LASTS = _set("day days guest guests adults children hour hours minute minutes month months night nights people "
                   "person persons seats week weeks year years")  # fmt: skip
UNITS = {
    "eur": "EUR", "usd": "USD", "gbp": "GBP", "kg": "kg", "km": "km", "m": "m", "cm": "cm", "mm": "mm", "g": "g",
    "percent": "percent",
}  # fmt: skip
_DETERMINERS = _set(
    "a an the my your this that these those all every each any some one it its their his her them what which how "
    "whether if about for from in of on to with by up out everything nothing something anything"
)
_PARTS = {
    "begin": "begun", "book": "booked", "build": "built", "buy": "bought", "cancel": "cancelled", "find": "found",
    "get": "got", "give": "given", "hold": "held", "keep": "kept", "leave": "left", "lend": "lent", "make": "made",
    "pay": "paid", "put": "put", "read": "read", "sell": "sold", "send": "sent", "set": "set", "sow": "sown",
    "split": "split", "submit": "submitted", "take": "taken", "undo": "undone", "withdraw": "withdrawn",
    "write": "written", "run": "run", "stop": "stopped", "drop": "dropped", "tag": "tagged", "log": "logged",
    "ship": "shipped", "pin": "pinned", "transfer": "transferred", "ban": "banned", "commit": "committed",
    "enroll": "enrolled", "refer": "referred", "star": "starred", "unpin": "unpinned", "rent": "rented",
}  # fmt: skip


ALTERS = _MOVES | _LENGTHENS
"""Verbs that say in which way something becomes another, and not into what."""


def attached(name: str, place: str, verb: str, *, number: bool = False) -> str:
    """Return how an argument is said beside an order.

    Args:
        name: Its name.
        place: What stands for its value.
        verb: The order's verb, in the base form.
        number: It is a number.

    Example:
        >>> attached("borrower", "{}", "lend"), attached("unit_price", "{}", "create", number=True)
        ('to {}', 'with a unit price of {}')
        >>> attached("nights", "{}", "book", number=True), attached("check_in", "{}", "book")
        ('for {} nights', 'from {}')
    """
    words = spaced(name).lower()
    if changes(verb):
        return f"and set the {words} to {place}"
    if number:
        return _measured(words, place, verb)
    if words == "reason":
        return f"giving {place} as the reason" if place[:1] == '"' else f'giving "{place}" as the reason'
    return _timed(words, place, verb) or _related(words, place, verb) or f"with the {words} {place}"


def _measured(words: str, place: str, verb: str) -> str:
    """Return how a number is said: with what it counts, or of what it is the measure."""
    *rest, last = words.split()
    before = " ".join(rest)
    if rest and last in UNITS:
        return f"with {_a(before)} of {place} {UNITS[last]}"
    if rest and rest[0] in {"max", "maximum", "min", "minimum"}:
        bound = "at most" if rest[0].startswith("max") else "at least"
        return f"with {_a(' '.join([*rest[1:], last]))} of {bound} {place}"
    if words in {"count", "qty", "quantity"}:
        return f"({place} of them)"
    if words.startswith(("number of ", "num ")):
        words = words.removeprefix("number of ").removeprefix("num ")
        last = words.split()[-1]
    if not last.endswith("s") or last.endswith(("ss", "us", "is")):
        return f"with {_a(words)} of {place}"
    if last in _LASTS:
        return f"{'by' if verb in _LENGTHENS else 'for'} {place} {words}"
    return f"with {place} {words}"


def _timed(words: str, place: str, verb: str) -> str:
    """Return how a time is said; empty for what is none."""
    last = words.split()[-1]
    if words.startswith("due") or words == "deadline":
        return f"due {place}"
    if last == "time" and not words.startswith(_ENDS):
        return f"at {place}"
    if last in {"zone", "timezone"} or not (is_time(words) or words in {"from", "to", "until", "since"}):
        return ""
    if words.startswith(_ENDS):
        return f"until {place}"
    if words.startswith(_STARTS):
        return f"from {place}"
    return f"to {place}" if verb in _MOVES or words == "to" else f"on {place}"


def is_time(words: str) -> bool:
    """Return True for words that name a moment: a day, a date, the beginning or end of something.

    Example:
        >>> is_time("start date"), is_time("check out"), is_time("date format"), is_time("startup")
        (True, True, False, False)
    """
    last = words.split()[-1]
    return last in {"date", "day", "time", "at"} or words in {*_STARTS, *_ENDS} - {"from", "return"}


def is_end(words: str) -> bool:
    """Return True for words that name the later end of a span of time."""
    return words.startswith(_ENDS)


def _related(words: str, place: str, verb: str) -> str:
    """Return how an argument is said whose name says what it has to do with the order; empty for others."""
    first, last = words.split()[0], words.split()[-1]
    bare = words.removesuffix(" name").split()[-1]
    if bare in _RECEIVERS or (bare in _PEOPLE and verb in _TO) or words == "assigned to":
        return f"to {place}"
    for known, before in ((_PEOPLE, "for"), (_MAKERS, "by"), (_PLACES, "in")):
        if bare in known:
            return f"{before} {place}"
    if words == "location" or bare in {"venue", "address"}:
        return f"at {place}"
    if first in {"from", "source", "origin"}:
        return f"from {place}"
    if first in {"to", "target", "destination"}:
        return f"to {place}"
    if last in _LEVELS:
        return f"with {place} {words}"
    return f"called {place}" if last in {"name", "title"} else ""


def changes(verb: str) -> bool:
    """Return True for a verb that says that something is changed, and not how."""
    return verb in _CHANGES


def is_key(name: str) -> bool:
    """Return True for the name of what opens something: a token, a code, a session."""
    return bool(set(spaced(name).lower().split()) & {"code", "key", "password", "pin", "secret", "session", "token"})


def joined(parts: Sequence[str]) -> str:
    """Return several attached arguments as one: those that begin alike are told in one breath."""
    alike = [part.removeprefix("with ") for part in parts if part.startswith("with ")]
    set_to = [part.removeprefix("and set ") for part in parts if part.startswith("and set ")]
    others = [part for part in parts if not part.startswith(("with ", "and set "))]
    told = [*others, *([f"with {join_words(alike)}"] if alike else [])]
    return " ".join([*told, *([f"and set {join_words(set_to)}"] if set_to else [])])


def pointed_at(about: str, member: str, place: str) -> str:
    """Return words that point at a thing by what is told of it.

    Example:
        >>> pointed_at("book", "title", "{title}"), pointed_at("book", "shelf", "{shelf}")
        ('the book called {title}', 'the book with the shelf {shelf}')
        >>> pointed_at("claim", "employee", "{employee}"), pointed_at("stay", "check_in", "{check_in}")
        ("{employee}'s claim", 'the stay starting on {check_in}')
    """
    words = spaced(member).lower()
    last, bare = words.split()[-1], words.removesuffix(" name").split()[-1]
    if words in {"name", "title"} or words in {f"{about} name", f"{about} title"}:
        return f"the {about} called {place}"
    if last in _MAKERS:
        return f"the {about} by {place}"
    if bare in _PEOPLE:
        return f"{place}'s {about}"
    if last in _LEVELS:
        return f"the {about} with {place} {words}"
    if words.startswith("due"):
        return f"the {about} due {place}"
    if is_time(words) and not is_end(words):
        return f"the {about} {'starting on' if words.startswith(_STARTS) else 'of'} {place}"
    if last in {"amount", "total"}:
        return f"the {about} of {place}"
    return f"the {about} with the {spaced(member)} {place}"


_JOINT = re.compile(r" (?:at|for|from|in|of|on|with) ")


def with_article(text: str, *, known: bool = False) -> str:
    """Return a bare noun, or a few words ending in one, with the article that it lacks; other texts as they are.

    Args:
        text: What a description says after its verb.
        known: It is there already, and asked about: "the weather".

    Example:
        >>> with_article("task"), with_article("tasks", known=True), with_article("the open tasks")
        ('a task', 'the tasks', 'the open tasks')
    """
    head = _JOINT.split(text, maxsplit=1)[0]
    words = (head if known else text).split()
    plain = 0 < len(words) <= 3 and all(word.isalpha() for word in words)
    if not plain or any(word.lower() in _DETERMINERS for word in words):
        return text
    if known:
        return f"the {text}"
    plural = words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))
    return text if plural or words[-1].endswith("ing") else _a(text)


def _a(text: str) -> str:
    vowel = text[:1].lower() in "aeio" or text[:2].lower() in {"un", "up", "ur"}
    return f"{'an' if vowel and not text.lower().startswith('uni') else 'a'} {text}"


def participle(verb: str) -> str:
    """Return what a verb is when it is done.

    Example:
        >>> [participle(verb) for verb in ("delete", "close", "lend", "copy", "add")]
        ['deleted', 'closed', 'lent', 'copied', 'added']
    """
    if verb in _PARTS:
        return _PARTS[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}ed"
