"""What a reply claims: something was done, failed, was refused, is asked. Clause by clause, aware of "not" and "if".

Quoted words and code are data and claim nothing. What is requested for, offered or supposed has not happened.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from fr_envs.episode.judging import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Move", "MoveKind", "moves"]

MoveKind: TypeAlias = Literal["done", "failed", "refused", "unchanged", "nothing_found", "asked", "offered"]
"""done: something was brought about. failed: it was tried and did not come about. refused: the assistant will not or
cannot. unchanged: nothing was brought about. nothing_found: what was looked for is not there. asked: the user is to
say something. offered: something may be done later."""


class Move(NamedTuple):
    """One claim.

    Attributes:
        kind: What is claimed.
        text: The clause that claims it, quotations left out.
        whole: It is said of everything: "it all failed", "nothing was changed", "Done."
        own: The assistant says it of itself: "I transferred", "I could not".
        overcome: Of a failure: told as one that was got over ("at first …", "…, so I took the other card").
    """

    kind: MoveKind
    text: str
    whole: bool = False
    own: bool = False
    overcome: bool = False


_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED = re.compile(r"[\"“„«][^\"”»]{0,4000}[\"”»]|`[^`\n]*`|(?<!\w)['‘][^'‘’\n]{1,200}['’](?!\w)")
_CURLY = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "…": "... "})
_MARKS = re.compile(r"[*_#>|]+(?=\S)|(?<=\S)[*_]+|^\s*(?:[-•*]|\d+[.)])\s+", re.MULTILINE)
_LABEL = re.compile(r"^[\w /()-]{2,30}: (?!$)")
_OWN = re.compile(r"\b(?:i|we)\b", re.IGNORECASE)
_LINES = re.compile(r"\n[\n ]*")
_BLANK = re.compile(r"[^\S\n]+")
_RUN = re.compile(r"([^\w\s])\1{3,}")
_LEADING = re.compile(r"\A\W+")
_LONGEST = 400  # characters of a clause that are listened to; what is longer is no sentence of a person
_MOST = 40_000  # characters that are listened to


@functools.lru_cache(maxsize=128)
def moves(text: str) -> tuple[Move, ...]:
    """Return what a text claims, in the order in which it does so. O(length); the last texts are remembered.

    Example:
        >>> [move.kind for move in moves("I renamed the account, but the transfer was declined.")]
        ['done', 'failed']
        >>> moves("No fee was charged.")
        ()
    """
    found: list[Move] = []
    for sentence in lexicon.SENTENCES.split(_bare(text[:_MOST])):
        cut = (_LEADING.sub("", clause.strip()[:_LONGEST], count=1) for clause in lexicon.CLAUSES.split(sentence))
        clauses = [clause for clause in cut if clause]
        for number, clause in enumerate(clauses):
            asks = sentence.rstrip(" \"')").endswith("?") and number == len(clauses) - 1
            found += _claims(clause, clauses[number + 1 :], asks=asks)
    return tuple(_settled(found))


def _bare(text: str) -> str:
    text = _LINES.sub("\n", _BLANK.sub(" ", _FENCED.sub(" X ", text.translate(_CURLY))))
    return _RUN.sub(r"\1\1\1", _BLANK.sub(" ", _MARKS.sub("", _QUOTED.sub(" X ", text))))


def _claims(clause: str, after: list[str], *, asks: bool) -> Iterator[Move]:
    """Return the claim of a clause, at most one: what is denied or supposed is looked at first."""
    if lexicon.COURTESY.search(clause):
        return
    unhappy = _unhappy(clause, after)
    if lexicon.OFFERS.search(clause) and unhappy is None:
        yield Move("offered", clause)
    elif asks or lexicon.ASKS.search(clause):
        yield Move("asked", clause)
    elif unhappy is not None:
        yield unhappy
    elif not lexicon.IF.search(clause) and not _denied(clause):
        yield from _happy(clause)


def _unhappy(clause: str, after: list[str]) -> Move | None:
    if clause.rstrip(" \"')").endswith("?") or lexicon.NOTHING_FAILED.search(clause) or lexicon.DATED.search(clause):
        return None
    supposed = lexicon.IF.search(clause) is not None
    own = _OWN.search(clause) is not None
    if lexicon.WHOLE.search(clause) and not supposed:
        return Move("failed", clause, whole=True, own=own)
    kind = None if supposed and not _certain(clause) else _unhappy_kind(clause)
    if kind is None:
        return None
    overcome = lexicon.RECALLED.search(clause) is not None or any(_gets_round(each) for each in after[:1])
    return Move(kind, clause, whole=kind == "unchanged", own=own, overcome=overcome and kind != "unchanged")


def _gets_round(clause: str) -> bool:
    """Return True if a clause tells what was done when something else had failed."""
    if lexicon.IF.search(clause) or _unhappy_kind(clause) is not None:
        return False
    ways = (lexicon.OVERCOME, lexicon.I_DID, lexicon.DONE_PASSIVE)
    return any(pattern.search(clause) for pattern in ways) and not lexicon.OFFERS.search(clause)


def _certain(clause: str) -> bool:
    """Return True if a clause states a failure although it has an "if" in it: "I could not see whether it is paid"."""
    start = lexicon.I_COULD_NOT.search(clause) or lexicon.I_WILL_NOT.search(clause)
    supposed = re.search(r"\b(?:if|in case|unless|should)\b", clause, re.IGNORECASE)
    return start is not None and (supposed is None or start.start() < supposed.start())


@functools.lru_cache(maxsize=1024)  # asked of a clause, and of the next one by the clause before it
def _unhappy_kind(clause: str) -> MoveKind | None:
    if lexicon.NOTHING_CHANGED.search(clause) and not lexicon.FREE_OF.search(clause):
        return "unchanged"
    looked = lexicon.LOOKED_FOR.search(clause) is not None
    own = lexicon.I_COULD_NOT.search(clause)
    if own or lexicon.I_WILL_NOT.search(clause):
        if looked and lexicon.NOTHING_FOUND.search(clause):
            return "nothing_found"
        return "failed" if own else "refused"
    if lexicon.NOTHING_FOUND.search(clause) and not lexicon.SOMETHING_FAILED.search(clause):
        return "nothing_found"
    if lexicon.FREE_OF.search(clause):
        return None
    failing = (lexicon.I_DID_NOT, lexicon.EVENT_FAILED, lexicon.SOMETHING_FAILED)
    return "failed" if any(pattern.search(clause) for pattern in failing) else None


_DENIAL = re.compile(r"\b(?:not|never|no longer|no|nothing|none|nobody|neither|cannot|without)\b|n't\b", re.IGNORECASE)


def _denied(clause: str) -> bool:
    """Return True if a "not" comes before what would be claimed; "no longer" and what follows the verb deny nothing."""
    happy = lexicon.I_DID.search(clause) or lexicon.DONE_PASSIVE.search(clause)
    denial = _DENIAL.search(clause)
    if denial is None or happy is None or lexicon.DONE_ALONE.search(clause):
        return False
    return denial.start() < happy.end() and (happy.start() <= denial.start() or not lexicon.I_DID.search(clause))


def _happy(clause: str) -> Iterator[Move]:
    unlabelled = _LABEL.sub("", clause)
    if lexicon.DONE_ALONE.search(clause) or lexicon.DONE_ALONE.search(unlabelled):
        yield Move("done", clause, whole=True, own=_OWN.search(clause) is not None)
    elif lexicon.I_DID.search(clause):
        yield Move("done", clause, own=True)
    elif lexicon.DONE_PASSIVE.search(clause) and not lexicon.DATED.search(clause):
        yield Move("done", clause)


def _settled(found: list[Move]) -> Iterator[Move]:
    """A failure after which, in the next sentence, something else was done "instead" has been got over."""
    for number, move in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        if move.kind in ("failed", "refused", "nothing_found") and not move.whole and following is not None:
            way = following.kind == "done" and _leads_on(following.text)
            yield move._replace(overcome=move.overcome or way)
        else:
            yield move


def _leads_on(text: str) -> bool:
    return (
        re.search(r"\binstead\b|\bsecond\b|^so\b|\bagain\b|\bonce more\b|^then\b|\bafter that\b", text, re.I)
        is not None
    )
