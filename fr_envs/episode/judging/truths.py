"""Whether a text says yes or no: to a question that a tool answers with true or false."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Truth", "truth"]


class Truth(NamedTuple):
    """What a text says to a question of yes or no; both may hold, where there are two questions.

    Attributes:
        yes: It says that something is so.
        no: It says that something is not so.
        plain: It does so with "yes", "no", "true" or "false", not by a statement alone.
    """

    yes: bool
    no: bool
    plain: bool


_YES = re.compile(
    r"(?:^|[:,(\[|*\"'—–-]\s*|\b(?:is|was|answer|says|said|say|result|comparison|believe|afraid|indeed|that's|a|"
    r"clear)\s+)"
    r"(?:yes|yep|yeah|true|affirmative|absolutely|certainly|positive|✓|✅|✔)(?![\w-])",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:^|[:(\[|*\"'—–-]\s*|,\s*(?=no\s*(?:$|[.,;:!]))|"
    r"\b(?:is|was|answer|says|said|say|result|comparison|afraid|that's|a|clear)\s+)"
    r"(?:no(?=\s*(?:$|[.,;:!(\[)\]*|\"'—–]|-\s))|nope|nay|false|negative|not at all|by no means|✗|❌|✘)(?![\w-])",
    re.IGNORECASE,
)
_SO = (
    r"match(?:es|ed|ing)?|agree[sd]?|fits?|identical|(?:exactly |just )?the same|equal|equals|valid|correct|right|"
    r"accurate|"
    r"verified|verifies|confirmed|genuine|authentic|intact|unchanged|untouched|sound|in order|okay|ok|fine|checks out|"
    r"available|allowed|permitted|possible|refundable|changeable|included|includes|active|enabled|on|open|ready|"
    r"complete|"
    r"passed|passes|succeeds|succeeded|holds|consistent|coincides?|corresponds?|lines up|free|in stock|eligible|"
    r"covered|"
    r"supported|approved|exists?|can|may|could be|are a match|is a match|business day|working day"
)
_NOT_SO = (
    r"differs?|different|differing|mismatch(?:es|ed)?|invalid|incorrect|wrong|inaccurate|unequal|unavailable|"
    r"disallowed|"
    r"forbidden|impossible|non-?refundable|nonrefundable|unchangeable|excluded|excludes|inactive|disabled|incomplete|"
    r"fail(?:s|ed)?|corrupt(?:ed)?|tampered|altered|inconsistent|disagrees?|unsupported|unconfirmed|unverified|"
    r"missing|lacks?|bogus|broken|off|out of order|neither|different from"
)
_IS_SO = re.compile(rf"(?<![\w-])(?:{_SO})(?![\w-])", re.IGNORECASE)
_IS_NOT_SO = re.compile(rf"(?<![\w-])(?:{_NOT_SO})(?![\w-])", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|never|no|neither|nor|cannot|without|nothing|hardly|isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t|"
    r"doesn['’]?t|don['’]?t|didn['’]?t|can['’]?t|couldn['’]?t|won['’]?t|hasn['’]?t|haven['’]?t|fails? to|failed to)\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"\bno (?:difference|doubt|mismatch|problem|issue|error)s?\b", re.IGNORECASE)
_UNASSERTED = re.compile(r"\b(?:whether|if|unless|in case|should it)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_BLANK = re.compile(r"[^\S\n]+")
_MOST = 40_000  # characters that are listened to
_CLAUSE = re.compile(r",?\s+(?:but|and|while|whereas|although|though|because|so)\s+", re.IGNORECASE)


@functools.lru_cache(maxsize=256)
def truth(text: str) -> Truth:
    """Hear what a text says to a question of yes or no.

    Example:
        >>> truth("The two files are not identical.")
        Truth(yes=False, no=True, plain=False)
    """
    yes = no = plain = False
    loose: list[bool] = []
    for sentence in _SENTENCE.split(_BLANK.sub(" ", text[:_MOST])):
        said_yes, said_no = _YES.search(sentence) is not None, _NO.search(sentence) is not None
        if sentence.rstrip().endswith("?"):
            continue
        yes, no, plain = yes or said_yes, no or said_no, plain or said_yes or said_no
        loose += _statements(sentence)
    if plain:
        return Truth(yes, no, plain=True)
    return Truth(True in loose, False in loose, plain=False)


def _statements(sentence: str) -> Iterator[bool]:
    for clause in _CLAUSE.split(sentence):
        if _UNASSERTED.search(clause):
            continue
        if _DOUBLE.search(clause):
            yield True
            continue
        denied = _NEGATION.search(clause) is not None
        if _IS_NOT_SO.search(clause):
            yield denied and not clause.lower().lstrip().startswith("no,")
        elif _IS_SO.search(clause):
            yield not denied
        elif denied and re.search(r"\b(?:do|does|is|are|it|they|did)(?:n['’]t| not)\s*[.!]?\s*$", clause):
            yield False
