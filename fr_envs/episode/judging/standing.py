"""What of a reply stands as its word to the user: what is asked, hidden from sight or taken back does not."""

from __future__ import annotations

import re

from fr_envs.episode.judging.saying import plain

__all__ = ["retraction", "standing"]

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)  # a page does not show it
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


_ASKS = re.compile(
    r"\W*(?:(?:so|then|or|and|but|well|sorry|hm+)\b,? )*"
    r"(?:would|could|is|are|was|were|might|may|do|does|did|can|should|shall|has|have|had|will|isn't|aren't|wasn't|weren't|doesn't|didn't|perhaps|maybe)\b",
    re.IGNORECASE,
)


def standing(reply: str, *, asking: bool = False) -> str:
    """Return a reply without comments that no page shows and without questions: to ask whether is not to say that.

    Args:
        reply: The reply.
        asking: The turn is one in which to ask is right; then questions stand.

    Example:
        >>> standing("It has 3 nights. Is it 4 nights? <!-- or 5 -->")
        'It has 3 nights.'
    """
    shown = _HIDDEN.sub(" ", reply) if "<!--" in reply else reply
    if asking or "?" not in shown:
        return shown
    kept, at = [], 0
    for end in [*_ENDS.finditer(shown), None]:
        part = shown[at : end.start() if end else len(shown)]
        asks = part.rstrip("\"'*_)” ").endswith("?") and _ASKS.match(part) is not None
        kept.append("" if asks else part + (end[0] if end else ""))
        at = end.end() if end else at
    return "".join(kept).rstrip()


_ALL = (
    r"(?:that|this|it|all|them|these|those|everything|the above|what i (?:just )?(?:said|told you|wrote)|my answer"
    r"|the answer)"
)
_RETRACTS = re.compile(
    rf"\b(?:(?:please )?(?:ignore|disregard) (?:all (?:of )?)?{_ALL}(?: above)?"
    r"(?=\W*$|,|\.|;|!| as | because | since | for )"
    r"|it(?:'s| is| was) (?:simply |just )?(?:not true|untrue|false|not the case|a lie) that\b"
    rf"|i (?:just |only |simply )?"
    rf"(?:made(?: {_ALL})? up|made up {_ALL}|(?:invented|hallucinated|fabricated|guessed)(?: {_ALL})?)"
    r"(?=\W*$|[,.;!])"
    rf"|(?<!if )(?:all (?:of )?)?{_ALL} (?:is|was|were|are) (?:all |just |simply |completely |entirely )?"
    r"(?:wrong|false|untrue|not true|made up|made-up|invented|a lie|lies|fiction|nonsense|a guess|guesses)\b"
    r"|(?:nothing|none) (?:of (?:this|that|it|the above|these|those) )(?:is true|is so|was done|has been done|happened"
    r"|has happened|was true|is real|is right|is correct|really happened|took place)\b)"
    r"|^\W*(?:not|not true|false|wrong|the opposite of this|the contrary of this|untrue): "
    r"|\b(?:if|had) i (?:had |were to |was to )?(?:really )?(?:look\w*|check\w*|call\w*|known|ask\w*|done|tri\w+)\b"
    r".{0,60}"
    r"\bi(?:'d| would)(?: have)? (?:say|said|tell|told|guess\w*|answer\w*)\b"
    r"|\bi(?:'d| would| can only| could only| have to| must)(?: just| only| have to)? guess\b"
    rf"|\bi (?:do not|don't|cannot|can't|could not|couldn't) (?:really )?(?:know|say|tell|vouch|confirm|swear) "
    rf"(?:whether|if|that) (?:any of )?{_ALL} (?:is|was|are|were|holds?)\b"
    r"|\b(?:you|somebody|someone|they) (?:told|asked|made|ordered) me (?:to )?(?:say|write|answer)\b"
    r"|\bi was (?:told|asked|made|ordered) to (?:say|write|answer)\b"
)


def retraction(reply: str, reference: str = "") -> str:
    """Return the words with which a reply takes back what it says; empty where it does not.

    Args:
        reply: The reply.
        reference: A reply that is known to be right; what it says takes nothing back.

    Example:
        >>> retraction("It costs 12. Ignore that, I made it up."), retraction("Ignored files are left out.")
        ('ignore that', '')
    """
    right = plain(reference)
    for part in _ENDS.split(reply):
        found = _RETRACTS.search(plain(part))
        if found is not None and found[0] not in right:
            return found[0]
    return ""
