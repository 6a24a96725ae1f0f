"""Descriptions that say what can be asked: "Tell how much a customer owes", "Which loans are due?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.deeds import first_deed
from fr_envs.adapters.words.grammar.vocabulary import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["asked_in", "questions", "without_unit"]

_WORDS = words_of("how what when where which who whom whose why")
_LEADING = re.compile(
    r"(?:(?:tell|say|show|find out|get|give|list|look up|report|return|see|determine|display|explain|check)s?)"
    r"(?: (?:me|us|you|the user|back))? (?=(?:how|what|when|where|which|who|whom|whose|why)\b)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r",? (?:in|as) (?:an? )?(?:euros?|dollars?|pounds?|percent|percentage|degrees(?: [A-Za-z]+)?|°[CF]|EUR|USD|GBP"
    r"|%|kg|km|minutes|hours|metres|litres|celsius)$"
)


def without_unit(text: str) -> str:
    """Return what is asked for without the unit in which it comes.

    Example:
        >>> without_unit("the moisture of a bed in percent")
        'the moisture of a bed'
    """
    return _UNIT.sub("", text)


def asked_in(description: str) -> str:
    """Return the question that a description puts, direct or indirect, without a mark; empty for other descriptions.

    Args:
        description: What a tool does.

    Example:
        >>> asked_in("Tell how much a customer still owes, in euros.")
        'how much a customer still owes'
        >>> asked_in("Which loans are due?"), asked_in("Tell whether it rains"), asked_in("How to get a refund.")
        ('which loans are due', '', '')
    """
    text = re.split(r"[.?!](?:\s|$)|\n|;|:\s", description.strip(), maxsplit=1)[0]
    text = re.sub(r"\s*\([^()]*\)|[`*\"{}]", "", text)
    match = _LEADING.match(text)
    text = _UNIT.sub("", text[match.end() :] if match is not None else text).strip(" ,")
    words = first_deed(text).split()
    if len(words) < _LEAST or words[0].lower() not in _WORDS or words[1].lower() == "to":
        return ""
    return f"{words[0].lower()} {' '.join(words[1:])}"


_LEAST = 3  # words of what is a question
_ASKED = (
    r"(?:how (?:much|many) of (?:the|my|an?) [a-z]+|how(?: [a-z]+(?: [a-z]+s)?)?|what(?: [a-z]+)?"
    r"|which [a-z]+(?: [a-z]+)?|when|where|who|whose [a-z]+|why)"
)
_WHOM = r"(?:(?:the |an? )?\{\w+\}(?:'s [a-z]+)?|it|there|the [a-z]+(?: [a-z]+)?|an? [a-z]+)"
_BE = r"is|are|was|were|will|can|has to|have to|may|must"
_ALREADY = re.compile(rf"{_ASKED} (?:{_BE}|does|do|did|has|have) ")
_THERE = re.compile(rf"^({_ASKED}) there (is|are)\b(.*)$")
_INVERTED = re.compile(rf"^({_ASKED}) ({_WHOM}) (is|are|was|were|will|would|can|could|may|must)\b(.*)$")
_DOES = re.compile(rf"^({_ASKED}) ({_WHOM})((?: still| currently| now)?) ([a-z]+s)\b(.*)$")
_HAS_DONE = re.compile(rf"^({_ASKED}) ({_WHOM}) has ([a-z]+(?:ed|en|ought|ent)\b.*)$")
_SUBJECT = re.compile(
    r"^(?:what|who) [a-z]+s\b|^how (?:many|much) [^,]* (?:is|are) (?:available|free|in stock|left|there)\b"
    r"|^which [a-z]+ (?!(?:an?|he|i|it|she|the|there|they|we|you)\b)[a-z]+ (?:at|for|from|in|on|to|with)\b"
)
_BASE = {"has": "have", "goes": "go", "does": "do"}


def questions(clause: str) -> Iterator[str]:
    """Iterate over the ways to ask what a clause says.

    Args:
        clause: A question, direct or indirect, with places for arguments.

    Example:
        >>> list(questions("how warm {room} is"))
        ['how warm is {room}?', 'tell me how warm {room} is']
        >>> next(questions("how much {customer} still owes")), next(questions("which classes there are this week"))
        ('how much does {customer} still owe?', 'which classes are there this week?')
        >>> list(questions("which loans are due until {day}"))
        ['which loans are due until {day}?']
    """
    if (match := _THERE.match(clause)) is not None:
        yield f"{match[1]} {match[2]} there{match[3]}?"
    elif (match := _INVERTED.match(clause)) is not None:
        yield f"{match[1]} {match[3]} {match[2]}{match[4]}?"
    elif _ALREADY.match(clause) is not None:
        yield f"{clause}?"
        return
    elif _SUBJECT.match(clause) is not None:
        yield f"{clause}?"
    elif (match := _HAS_DONE.match(clause)) is not None:
        yield f"{match[1]} has {match[2]} {match[3]}?"
    elif (match := _DOES.match(clause)) is not None and not match[4].endswith(("ss", "us", "is")):
        verb = _BASE.get(match[4]) or re.sub(r"(?:(?<=[sxz])|(?<=ch)|(?<=sh))es$|s$", "", match[4])
        yield f"{match[1]} does {match[2]}{match[3]} {verb}{match[5]}?"
    yield f"tell me {clause}"
