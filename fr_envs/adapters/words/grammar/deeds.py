"""Descriptions without what an order does not say: a second deed for show, by what a thing is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["first_deed", "is_noun_phrase", "without_second"]

_TOLD_TOO = re.compile(
    r"(?<=[a-z]),? and (?:then )?(?:works? out|calculates?|computes?|figures? out|determines?|prints?|shows?|reports?"
    r"|returns?|gives?(?: back)?|tells?|sends? back) (?:an?|its|the|their|what|how|back) .*$"
)
_OR_BACK = re.compile(r"(?<=[a-z]),? or (?:makes?|sets?|turns?|puts?|switch(?:es)?) (?:it|them) [a-z ]+$")
_FOUND_BY = re.compile(
    r" by (?:its|the|their|his|her) (?:unique |exact |full )?(?:code|id|identifier|key|name|number|title)$",
    re.IGNORECASE,
)
_WHO_DOES = re.compile(
    r"^(?:(?:The|An?|Any) )?(?:customer|client|guest|member|patient|reader|staff|student|tenant|user|visitor)s? "
    r"(?=(?!is\b|has\b)[a-z]{3,}(?<!s)s (?:an?|the|up|out|in)\b)",
    re.IGNORECASE,
)
_AND_IT = re.compile(r"(?<=[a-z]),? and [a-z]+s? (?:[a-z]+ )?(?:for )?(?:it|them)$")
_FROM_TO = re.compile(r" (?:from|between) \d+ (?:to|and) \d+(?: [a-z]+)?$")
"""Between which numbers an argument may be: "rate an episode from 1 to 5 stars"."""
_SO_THAT = re.compile(
    r"(?<=[a-z]),? (?:so that|so as to|in order to|(?:as soon as|when|once) (?:he|she|it|they|somebody|someone)) .*$"
)
"""To what end or at what moment somebody does it: "check a visitor in when they arrive and hand out a badge"."""
_SINGLE = re.compile(r"^([A-Za-z]+ )(?:one|a single|a specific|a particular|an individual|a certain) (?=[a-z]+$)")
_SO_MANY = re.compile(r"\b(?:so|as|that|this) (?:many|much) (?=[a-z])")


def first_deed(text: str) -> str:
    """Return a description of the deed that is asked for, without what comes of it or how its thing is found.

    Args:
        text: What a tool does, in one clause.

    Example:
        >>> first_deed("Close a job and work out the bill"), first_deed("Returns one good by its name")
        ('Close a job', 'Returns the good')
        >>> first_deed("Pause a medication or make it active again"), first_deed("Lock and unlock a door")
        ('Pause a medication', 'Lock and unlock a door')
        >>> first_deed("Customer collects a reservation and pays for it")
        'collects a reservation'
        >>> first_deed("Rate an episode from 1 to 5 stars")
        'Rate an episode'
        >>> first_deed("Archive a project so that no more time can be logged on it")
        'Archive a project'
        >>> first_deed("Check a visitor in when they arrive and hand out a badge")
        'Check a visitor in'
        >>> first_deed("what it would cost to print so many copies")
        'what it would cost to print copies'
    """
    text = _OR_BACK.sub("", _FOR_WHAT.sub("", _SO_THAT.sub("", text)))
    text = _AND_IT.sub("", _FROM_TO.sub("", _WHO_DOES.sub("", text)))
    if len(text.split(" and ")[0].split()) > _VERB:
        text = _TOLD_TOO.sub("", text)
    return _SO_MANY.sub("", _SINGLE.sub(r"\1the ", _FOUND_BY.sub("", text)))


_ALSO = re.compile(
    r"(?<=[a-z]),? and (?:then )?([a-z]+) (?:all|any|both|each|every|her|his|its|the|their) "
    r"(?!.*\b(?:by|from|into|onto|to|with)\b)[a-z ]+$"
)
_FOR_WHAT = re.compile(r"(?<=[a-z]),? (?:that|which) (?:can|could|may) (?:then )?be [a-z]+(?: [a-z]+)*$")


def without_second(text: str, verbs: Container[str]) -> str:
    """Return a description of the deed that is asked for, without another that comes of itself: what it brings about.

    Args:
        text: What a tool does, in one clause.
        verbs: Words that are verbs, in the base form.

    Example:
        >>> without_second("Record a played game and update both ratings", {"update"})
        'Record a played game'
        >>> without_second("Close the account and move the balance to another one", {"move"})
        'Close the account and move the balance to another one'
    """
    match = _ALSO.search(text)
    several = match is not None and len(text[: match.start()].split()) > _VERB
    return text[: match.start()] if match is not None and several and match[1] in verbs else text


_VERB = 1
_RELATIVE = frozenset({"that", "which", "who", "whose"})
_STATES = frozenset({"clean", "close", "current", "empty", "free", "live", "open"})
"""Verbs that say how something stands before a noun."""


def is_noun_phrase(words: list[str]) -> bool:
    """Return True for what a read tells, though its first word might be a verb: "Hires that are out", "Open orders".

    Args:
        words: The words of the description of a tool that reads.

    Example:
        >>> is_noun_phrase("Hires that have not come back".split()), is_noun_phrase("Open orders".split())
        (True, True)
        >>> is_noun_phrase("Lists loans".split()), is_noun_phrase("Open the door".split())
        (False, False)
    """
    lowered = [word.lower().strip(",") for word in words]
    several = [word.endswith("s") and not word.endswith(("ss", "us", "is")) for word in lowered]
    if len(lowered) < _TWO:
        return False
    return (several[0] and lowered[1] in _RELATIVE) or (lowered[0] in _STATES and several[1])


_TWO = 2
