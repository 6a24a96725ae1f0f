"""Sentences with their words put as people put them: levels before what has them, money with one sign."""

from __future__ import annotations

import re

__all__ = ["levelled", "money_once", "plainer"]

_LEVELLED = re.compile(
    r"\b(an?|the) ([a-z]+)( (?:at|for|in|of|on|with) [^?.]+?)? with (low|minor|medium|moderate|normal|high|major|"
    r"severe|critical|urgent) (severity|priority|urgency|importance)\b",
    re.IGNORECASE,
)


def levelled(text: str) -> str:
    """Return a sentence with the level of something before what has it.

    Example:
        >>> levelled("report a fault of the lift with minor severity"), levelled("open a ticket with high priority")
        ('report a minor fault of the lift', 'open a high-priority ticket')
    """
    match = _LEVELLED.search(text)
    if match is None:
        return text
    article, what, of, level, scale = match.groups()
    word = level if scale == "severity" else f"{level}-{scale}"
    if article.lower() in ("a", "an"):
        article = f"{article[0]}n" if word[0] in "aeiou" else article[0]
    return f"{text[: match.start()]}{article} {word} {what}{of or ''}{text[match.end() :]}"


def plainer(text: str) -> str:
    """Return a sentence with words put as people put them: how much more before what, what something needs.

    Example:
        >>> plainer("renew it for 1 year more"), plainer("mark the coat as needs cleaning")
        ('renew it for 1 more year', 'mark the coat as needing cleaning')
    """
    text = _ROUND.sub(r"\1 \2", text)
    text = _AN_EIGHT.sub(r"\1n ", _TO_AN_HOUR.sub(r"\1 at \2", text))
    return _ERRAND.sub(r"for a \1", _NEEDS.sub(" as needing ", _MORE.sub(r"\1 more \2", text)))


_SIGN_TWICE = re.compile(r"([€$£])(?=\1\d)")
_SIGNED = re.compile(r"([€$£][\d.,]*\d) (?:EUR|USD|GBP)\b")


def money_once(text: str) -> str:
    """Return a text without a currency behind an amount that has its sign.

    Example:
        >>> money_once("Inner tubes are added at €50 EUR.")
        'Inner tubes are added at €50.'
        >>> money_once("The quote is now €€150.")
        'The quote is now €150.'
    """
    return _SIGNED.sub(r"\1", _SIGN_TWICE.sub("", text))


_ROUND = re.compile(r"(?<![€$£\d.,])(\d+\.\d)0 (g|hours|kg|km|l|litres|m|metres|mg|miles|minutes|ml)\b")
_TO_AN_HOUR = re.compile(r"\b(to \d{1,2} [A-Z][a-z]+ \d{4}) to (\d\d:\d\d)\b")
_AN_EIGHT = re.compile(
    r"\b([Aa]) (?=(?:8\d*|11|18)-[a-z]|(?!eu|one\b|uni|use)[aeiou][a-z]+\b|(?!Eu|One|Uni)[AEIO][a-z])"
)
_MORE = re.compile(r"\b(\d+) ([a-z]+) more\b")
_NEEDS = re.compile(r" as needs ")
_ERRAND = re.compile(
    r"\bfor ((?:(?!her |his |my |our |that |the |their |this |your )"
    r"[b-df-hj-np-tv-z][a-z]+ )?(?:check|check-up|checkup|clean|cut|fitting|haircut|lesson|meeting|party|"
    r"repair|replacement|rehearsal|service|session|test|tour|visit|wash|workshop))\b(?! [a-z]+ing)"
)
