"""Ties: the words with which a request of somebody without a story takes up what came before it.

"Then", "in that case" and "sorry, I got that wrong" say how a request follows; a reason is said behind it ("as it's
the cheapest"), or before it with the name of the thing ("the Kiln is the cheapest, so please book it").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NO_TIE", "Purpose", "Tie", "can_lead", "ended", "frames_for", "with_reason"]

Purpose: TypeAlias = Literal["", "decide", "take up", "react", "put right", "go on", "again", "see"]
"""How a request follows: one of a list is chosen for a reason, or simply taken; an answer is acted on; what was said
wrongly is put right; the same thing is seen to further; the same is done to or with another one; or one looks what has
come of it. Empty for none of these."""


class Tie(NamedTuple):
    """How a request follows from those before it.

    Attributes:
        purpose: In which way.
        reason: What speaks for the thing chosen, from its verb on; empty where nothing is said.
        about: The words that point at that thing; empty where they are not known.
        somebody: The thing is a person.
    """

    purpose: Purpose = ""
    reason: str = ""
    about: str = ""
    somebody: bool = False


NO_TIE = Tie()
"""A request that stands by itself."""

_FRAMES: dict[tuple[Purpose, str], tuple[str, ...]] = {
    ("take up", "direct"): ("OK, then {}", "OK, {}", "then {}"),
    ("take up", "polite"): ("thanks. Then please {}", "thank you. Could you {}?", "then could you {}?"),
    ("take up", "asking"): ("OK, can you {} then?", "OK, can you {}?", "then can you {}?"),
    ("take up", "brisk"): ("OK, {}", "then {}"),
    ("react", "direct"): ("in that case, {}", "then {}", "OK, then {}"),
    ("react", "polite"): ("then could you {}?", "in that case, please {}", "thanks. Then please {}"),
    ("react", "asking"): ("then can you {}?", "in that case, can you {}?", "OK, can you {} then?"),
    ("react", "brisk"): ("then {}", "OK, then {}"),
    ("put right", "direct"): ("sorry, I got that wrong: {}", "actually, {}", "no, wait: {}", "on second thoughts, {}"),
    ("put right", "polite"): ("sorry, my mistake: please {}", "actually, could you {}?"),
    ("put right", "asking"): ("sorry, can you {} after all?", "actually, can you {}?"),
    ("put right", "brisk"): ("sorry, {}", "actually, {}", "no, {}"),
    ("go on", "direct"): ("then {}", "now {}", "and {}", "next, {}"),
    ("go on", "polite"): ("then please {}", "could you then {}?", "and could you {}, please?", "now please {}"),
    ("go on", "asking"): ("and can you {}?", "can you then {}?", "now can you {}?"),
    ("go on", "brisk"): ("then {}", "now {}", "and {}"),
    ("again", "direct"): ("and {} too", "{} as well", "and {} as well"),
    ("again", "polite"): ("could you {} as well?", "please {} too", "and please {} as well"),
    ("again", "asking"): ("can you {} too?", "and can you {} as well?"),
    ("again", "brisk"): ("{} too", "and {} as well"),
    ("decide", "direct"): ("OK, {}", "{}"),
    ("decide", "polite"): ("thanks. Please {}", "thank you. Could you {}?", "could you {}?"),
    ("decide", "asking"): ("OK, can you {}?", "can you {}?"),
    ("decide", "brisk"): ("OK, {}", "{}"),
    ("see", "direct"): ("now {}", "then {}", "and now {}"),
    ("see", "polite"): ("now please {}", "could you now {}?", "then {}, please"),
    ("see", "asking"): ("can you {} now?", "and can you {} now?", "now can you {}?"),
    ("see", "brisk"): ("now {}", "and now {}"),
}  # fmt: skip
_ASKED: dict[Purpose, tuple[str, ...]] = {
    "see": ("and {}", "so {}"), "take up": ("and {}", "{}"), "go on": ("and {}", "{}"),
    "react": ("and {}", "then {}"),
}  # fmt: skip


def frames_for(tie: Tie, way: str, *, order: bool, text: str) -> Sequence[str]:
    """Return the ways to begin and end a request that is tied to what came before; empty where it needs none.

    Args:
        tie: How it follows.
        way: The manner of the dialogue.
        order: It is an order, and no question.
        text: The request.
    """
    if order:
        purpose: Purpose = "decide" if tie.reason else tie.purpose
        return _FRAMES.get((purpose, way), ())
    if not text.endswith("?"):
        return ()
    several = _ASKED.get(tie.purpose, ())
    if tie.purpose == "see" and not re.search(r"\bnow\b|\d{4}\?$|^how ", text):
        return tuple(f"{each} now?" for each in several)
    return several


def ended(text: str) -> str:
    """Return a message in which nothing stands behind a question mark.

    Args:
        text: The message.

    Example:
        >>> ended("and which pens are free? now?")
        'and which pens are free now?'
    """
    return text.replace("? now?", " now?")


def with_reason(tie: Tie, request: str, *, before: bool) -> str:
    """Return a request with what speaks for it.

    Args:
        tie: How it follows, with a reason.
        request: The request, an order.
        before: The reason is said first, where the thing can then be "it".

    Example:
        >>> tie = Tie("decide", "is the cheapest", "the Kiln")
        >>> with_reason(tie, "book the Kiln for Ada", before=False)
        "book the Kiln for Ada, as it's the cheapest"
        >>> with_reason(tie, "book the Kiln for Ada", before=True)
        'the Kiln is the cheapest, so book it for Ada'
    """
    if before and can_lead(tie, request):
        again = re.sub(_object(tie.about), r"\g<1>it", request, count=1)
        return f"{tie.about} {tie.reason}, so {again}"
    return f"{request}, as {_subject(tie)}"


def can_lead(tie: Tie, request: str) -> bool:
    """Return True if the reason can be said first: the request then has "it" where it names the thing.

    Args:
        tie: How it follows.
        request: The request.
    """
    named = bool(tie.about) and not tie.somebody and request.count(tie.about) == 1
    return named and re.search(_object(tie.about), request) is not None


def _object(about: str) -> str:
    """Return a pattern of a thing that an order names right behind its verb, or at its end."""
    return rf"(^[a-z]+ |\b(?:of|about|with) (?=.*$)){re.escape(about)}(?!['\w])(?! (?:up|on|in|off|out)\b)"


def _subject(tie: Tie) -> str:
    verb, _, rest = tie.reason.partition(" ")
    if tie.somebody:
        joint = {"is": "they're", "has": "they have", "hasn't": "they haven't"}.get(verb, f"they {verb}")
    else:
        joint = {"is": "it's", "has": "it has", "hasn't": "it hasn't"}.get(verb, f"it {verb}")
    return f"{joint} {rest}"
