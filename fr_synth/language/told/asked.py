"""What a message asks of a thing: the members that its words name, or that its question words are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_synth.language.told.values import is_amount, is_person, one_of, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_synth.language.told.things import Thing

__all__ = ["asked_members", "is_question"]

_IDLE = frozenset({
    "address", "at", "date", "day", "flag", "has", "id", "is", "kind", "name", "no", "number", "of", "on", "per",
    "the", "time", "total", "type", "value",
})  # fmt: skip
_STATES = frozenset({"availability", "state", "status"})
_STATE_WORDS = re.compile(r"\b(?:status|state|free|available|how far|stand|stands|still|taken|booked|open|paid)\b")
_DURATIONS = frozenset({"days", "duration", "hours", "minutes", "months", "nights", "seconds", "weeks"})


def asked_members(message: str, thing: Thing, names: Iterable[str]) -> list[str]:
    """Return the members of a thing that a message asks about, in the order in which it does; empty for none.

    Args:
        message: What the person says.
        thing: The thing that the answer is about.
        names: The members that can be told.
    """
    text = message
    for name in thing.told:
        text = text.replace(str(thing.row[name]), " ")
    found = [(place, name) for name in names for place in [_place(text.lower(), name, thing)] if place >= 0]
    return [name for _, name in sorted(found, key=lambda each: each[0])]


def _place(text: str, name: str, thing: Thing) -> int:
    """Return where a text asks about a member; -1 where it does not."""
    words = plain_words(name)
    telling = [word for word in words if word not in _IDLE and word not in thing.noun.split()]
    places = [_found(text, word) for word in telling or ([words[-1]] if words[-1] not in thing.noun.split() else [])]
    if places and all(place >= 0 for place in places):
        return min(places)
    for pattern, fits in _QUESTIONS:
        match = pattern.search(text)
        if match is not None and fits(name):
            return match.start()
    return -1


def _found(text: str, word: str) -> int:
    match = re.search(rf"\b{re.escape(one_of(word))}(?:s|es)?\b|\b{re.escape(word)}\b", text)
    return -1 if match is None else match.start()


def _is_state(name: str) -> bool:
    return plain_words(name)[-1] in _STATES


def _is_moment(name: str) -> bool:
    words = spaced(name).lower()
    return is_time(words) or words.startswith("due")


def _is_who(name: str) -> bool:
    last = plain_words(name)
    return is_person(name) or last[-1] in _NAMED_FOR_A_PART or (
        is_identifier(name) and last[0] in ("doctor", "trainer", "coach", "teacher", "therapist", "instructor")
    )  # fmt: skip


_NAMED_FOR_A_PART = ("artist", "author", "composer", "conductor", "director", "host", "presenter", "skipper")


def _lasts(name: str) -> bool:
    return plain_words(name)[-1] in _DURATIONS


_QUESTIONS = (
    (re.compile(r"\bwhen\b|\bwhat (?:time|day|date)\b|\bwhich day\b|\bhow long until\b"), _is_moment),
    (re.compile(r"\bwho(?:se|m)?\b"), _is_who),
    (re.compile(r"\bhow much\b|\bcosts?\b|\bhow expensive\b"), is_amount),
    (re.compile(r"\bhow long\b(?! until)"), _lasts),
    (_STATE_WORDS, _is_state),
    (re.compile(r"\bhow heavy\b"), lambda name: bool({"weight", "mass", "kg"} & set(plain_words(name)))),
    (re.compile(r"\bhow old\b"), lambda name: "age" in plain_words(name)),
)


def is_question(message: str, value: str) -> Iterator[bool]:
    """Yield whether a state is what a yes-or-no question asks about; nothing for another question.

    Args:
        message: What the person says.
        value: How the thing stands: "available".
    """
    for match in _YES_NO.finditer(message):
        words = frozenset(re.findall(r"[a-z]+", match[1].lower()))
        meant = _FREE if words & _FREE else {value.lower()} if value.lower() in words else None
        if meant is not None:
            yield value.lower() in meant
            return
        if words & _OTHERS:
            yield bool(words & {value.lower()})
            return


_YES_NO = re.compile(r"\b(?:[Ii]s|[Aa]re|[Ww]as)\b([^.?!]*)\?")
_FREE = frozenset({"available", "free"})
_OTHERS = frozenset({"active", "approved", "booked", "cancelled", "closed", "confirmed", "done", "open", "paid",
                     "pending", "rented", "returned", "shipped", "taken"})  # fmt: skip
