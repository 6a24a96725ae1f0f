"""What a turn asks for whose right move is another than to act: to ask, to say no, to wait for a yes, to leave it be.

=============  ======================================================================================================
kind           the right move
=============  ======================================================================================================
ask            a question that names what is missing
choose         a question, with the candidates: answers of the goal, or what was told before and tells them apart
missing_tool   says that it cannot be done, and names what is missing
no_call        a reply without a call, which neither asks for anything nor says no; who waits may ask
out_of_scope   says that it cannot be done, and names what, or what can be done instead
refuse         says no, and names the rule
confirm        a question, or words that wait for a yes, with all that would happen
=============  ======================================================================================================

In every kind but ``act``, a call of a barred tool that goes through spoils the move; so does, in ``no_call``, any call.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.judging.saying import mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fr_envs.episode.task import Goal
    from fr_envs.episode.turn_kind import TurnKind

__all__ = ["GATED", "asks", "declines", "unmet"]

GATED: frozenset[TurnKind] = frozenset({"ask", "choose", "no_call", "out_of_scope", "refuse", "confirm"})
"""Kinds in which nothing is earned without the right move; in ``missing_tool`` what can be done counts as well."""

_ALL: frozenset[TurnKind] = frozenset({"confirm"})  # all of the mentions have to be named, not one of them

_OFFER = re.compile(
    r"\b(?:anything|something|what|much) (?:else|more)\b|\b(?:can|could|may|shall) i help\b|\bhelp (?:you )?with\b|"
    r"\bany (?:other|further|more)\b|\bcome back\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:please|kindly) (?:tell|give|say|name|send|let|confirm|specify|provide|choose|pick)\b|\blet me know\b|"
    r"\b(?:tell|give) me\b|\bi(?:'d| would|'ll| will)? (?:still |just |only |first |also )*(?:need|have) to "
    r"(?:know|ask|hear)\b|\bi(?:'d| would|'ll| will)? (?:still |just |only |first |also )*need\b|"
    r"\bsay (?:yes|so|which|the word)\b|"
    r"\bonce you\b|\bwait(?:ing)? for\b|\bas soon as you\b|\bif you (?:tell|confirm|agree|say)\b|"
    r"\b(?:is|are) missing\b|\bwith your (?:yes|ok|okay|go-ahead|word|confirmation)\b|\byour (?:yes|go-ahead|"
    r"confirmation)\b",
    re.IGNORECASE,
)
_DECLINE = re.compile(
    r"\b(?:can|could|may|must|shall|should|will|would|do|does|is|are|am|was|has|have|need)(?:n[o']?t| not|not)\b|"
    r"\b(?:can't|won't|isn't|aren't|doesn't|don't|mustn't|cannot)\b|\bunable\b|\bimpossible\b|\brefus\w+|\bforb\w+|"
    r"\bdeclin\w+|\bnot (?:able|possible|allowed|permitted|something|available|offered|among|one of|part|open|for|up|"
    r"mine|within)\b|\b(?:no|without an?y?|lack(?:s|ing)? an?y?) (?:way|tool|means|function|access|right|rights)\b|"
    r"\b(?:nothing|none) (?:here|that|of|i|in)\b|\bbeyond\b|\bout of (?:my|reach|bounds|scope)\b|\boutside\b|"
    r"\bonly (?:if|once|when|after)\b|\bnot until\b|\bno\b|\bnever\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:can't|cannot|can not|won't|unable|not (?:able|allowed|possible|permitted))\b", re.IGNORECASE
)
_CHOICE = 2  # things from which on there is one
_IN_ORDER = re.compile(
    r"\b(?:first|former|1st|top)\b.{0,60}?\b(?:second|latter|last|other|2nd|bottom)\b", re.IGNORECASE | re.DOTALL
)  # "the first or the second of those": a reference to what was told before
_LETTERS = re.compile(r"[^\W\d_]{2}")


def unmet(kind: TurnKind, goal: Goal, reply: str, called: Sequence[str], tried: int, heard: str = "") -> list[str]:
    """Return in words what a reply lacks of the move that its turn asks for; nothing where it makes it.

    Args:
        kind: What the right move is; not ``act``.
        goal: What the turn is for.
        reply: What was said, without results that are passed on as they are.
        called: Tools whose calls went through.
        tried: Number of calls, whatever came of them.
        heard: What the user has just said; whoever repeats it neither asks nor refuses by its words.
    """
    own = reply.replace(heard, " ") if heard else reply
    lacking = [f"no call of {name} before that" for name in dict.fromkeys(called) if name in goal.barred]
    if kind == "no_call" and tried:
        lacking.append("a reply without a call")
    held = kind == "no_call" and bool(goal.barred)  # who waits may say until when
    if not (_says_something(own) if held else _FORMS[kind](own)):
        lacking.append(_MOVES[kind])
    words = goal.mentions
    if words and kind in _ALL:
        lacking += [f"a reply that mentions {word}" for word in words if not mentions(reply, word)]
    elif kind == "choose" and words:
        told = sum(mentions(reply, word) for word in words)
        if told < min(_CHOICE, len(words)) and not _IN_ORDER.search(reply):
            lacking.append(f"a reply that tells apart {' and '.join(words)}")
    elif words and not any(mentions(own if held else reply, word) for word in words):
        lacking.append(f"a reply that mentions {' or '.join(words)}")
    return lacking


def asks(reply: str) -> bool:
    """Return True if a reply asks for something; an offer of further help asks for nothing.

    Example:
        >>> asks("How much is it to be?"), asks("Done. Anything else?"), asks("Please tell me the day.")
        (True, False, True)
    """
    parts = (part for part in re.split(r"(?<=[.!?])\s+|\n+", reply) if not _OFFER.search(part))
    return any(part.rstrip("\"')*_ ”’").endswith("?") or _REQUEST.search(part.replace("’", "'")) for part in parts)


def declines(reply: str) -> bool:
    """Return True if a reply says that something cannot or may not be done.

    Example:
        >>> declines("I can't do that here."), declines("With pleasure!")
        (True, False)
    """
    return _DECLINE.search(reply.replace("’", "'")) is not None


def _says_something(reply: str) -> bool:
    """Return True if a reply has words and refuses nothing."""
    return _LETTERS.search(reply) is not None and not _REFUSAL.search(reply.replace("’", "'"))


def _leaves_it(reply: str) -> bool:
    """Return True if a reply has words, asks for nothing and refuses nothing; "no problem" refuses nothing."""
    return _says_something(reply) and not asks(reply)


_FORMS: Mapping[TurnKind, Callable[[str], bool]] = {
    "act": lambda reply: True,
    "ask": asks,
    "choose": asks,
    "confirm": asks,
    "missing_tool": declines,
    "out_of_scope": declines,
    "refuse": declines,
    "no_call": _leaves_it,
}
_MOVES: Mapping[TurnKind, str] = {
    "act": "",
    "ask": "a question",
    "choose": "a question",
    "confirm": "a question, or words that wait for a yes",
    "missing_tool": "words that it cannot be done",
    "out_of_scope": "words that it cannot be done",
    "refuse": "words that it may not be done",
    "no_call": "a reply that neither asks for anything nor refuses it",
}
