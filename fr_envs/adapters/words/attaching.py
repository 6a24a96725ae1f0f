"""How an argument is attached to what somebody asks for: "for Amara Okoye", "in Oslo", "with the price 250"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.adapters.words.phrases import join_words, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["attached", "changes", "is_key", "joined", "participle", "pointed_at", "with_article"]

_TO = frozenset(["assign", "give", "hand", "lend", "offer", "return", "sell", "send", "share", "ship", "transfer"])
_CHANGES = frozenset(["adjust", "change", "edit", "modify", "patch", "set", "update"])
_PEOPLE = frozenset(
    [
        "assignee",
        "attendee",
        "borrower",
        "buyer",
        "client",
        "customer",
        "guest",
        "member",
        "owner",
        "passenger",
        "patient",
        "person",
        "student",
        "tenant",
        "user",
        "employee",
    ]
)
_RECEIVERS = frozenset({"recipient", "receiver", "addressee"})
_MAKERS = frozenset({"artist", "author", "composer", "director", "writer"})
_PLACES = frozenset({"city", "country", "room", "town", "language", "currency"})
_LEVELS = frozenset({"priority", "severity", "urgency", "importance"})
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "your",
        "this",
        "that",
        "these",
        "those",
        "all",
        "every",
        "each",
        "any",
        "some",
        "one",
        "it",
        "its",
        "their",
        "his",
        "her",
        "them",
        "what",
        "which",
        "how",
        "whether",
        "if",
        "about",
        "for",
        "from",
        "in",
        "of",
        "on",
        "to",
        "with",
        "by",
        "up",
        "out",
        "everything",
        "nothing",
    ]
)
_PARTS = {
    "begin": "begun", "book": "booked", "buy": "bought", "cancel": "cancelled", "find": "found", "get": "got",
    "give": "given", "lend": "lent", "make": "made", "pay": "paid", "put": "put", "sell": "sold", "send": "sent",
    "set": "set", "split": "split", "submit": "submitted", "take": "taken", "undo": "undone", "withdraw": "withdrawn",
    "write": "written", "run": "run", "stop": "stopped", "drop": "dropped", "tag": "tagged", "log": "logged",
    "ship": "shipped", "pin": "pinned", "transfer": "transferred",
}  # fmt: skip


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
    """
    words = spaced(name).lower()
    last = words.split()[-1]
    bare = words.removesuffix(" name").split()[-1]
    if changes(verb):
        return f"and set the {words} to {place}"
    if bare in _RECEIVERS or (bare in _PEOPLE and verb in _TO):
        return f"to {place}"
    for known, before in ((_PEOPLE, "for"), (_MAKERS, "by"), (_PLACES, "in")):
        if bare in known:
            return f"{before} {place}"
    if last in _LEVELS:
        return f"with {place} {words}"
    if last in {"name", "title"}:
        return f"called {place}"
    if words.startswith("due"):
        return f"due {place}"
    return f"with {_a(words)} of {place}" if number else f"with the {words} {place}"


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
        ('the book called {title}', 'the book whose shelf is {shelf}')
    """
    words = spaced(member).lower()
    last = words.split()[-1]
    if words in {"name", "title"}:
        return f"the {about} called {place}"
    if last in _MAKERS:
        return f"the {about} by {place}"
    if last in _LEVELS:
        return f"the {about} with {place} {words}"
    if words.startswith("due"):
        return f"the {about} due {place}"
    return f"the {about} whose {spaced(member)} is {place}"


def with_article(text: str, *, known: bool = False) -> str:
    """Return a bare noun, or a few words ending in one, with the article that it lacks; other texts as they are.

    Args:
        text: What a description says after its verb.
        known: It is there already, and asked about: "the weather".

    Example:
        >>> with_article("task"), with_article("tasks", known=True), with_article("the open tasks")
        ('a task', 'the tasks', 'the open tasks')
    """
    words = text.split()
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
