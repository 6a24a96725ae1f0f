"""What a text says that has a contrary: degrees, numbered things, days, what stands before a value, what is so or not.

Each is a pair: a slot, and what stands in it. Two texts contradict each other where they fill a slot otherwise: "the
second payment" and "the first payment", "is confirmed" and "is unconfirmed", "below 750" and "above 750".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANY", "Said", "compares", "is_doubtful", "said_in"]


class Said(NamedTuple):
    """Something that a text says.

    Attributes:
        slot: What it is said of, and in which respect.
        filler: What it is said to be.
        words: As written.
        denied: It is denied by a word of its own ("not", "nothing").
    """

    slot: str
    filler: str
    words: str
    denied: bool = False


_SCALES = (
    "cheap|dear pricy costly expensive",
    "low|high",
    "small|large big",
    "short|long",
    "early soon|late",
    "new|old",
    "near close|far",
    "light|heavy",
    "fast quick|slow",
    "young|aged",
    "strong|weak",
)


def _degrees() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for number, scale in enumerate(_SCALES):
        for pole in scale.split("|"):
            for word in pole.split():
                stem = word.removesuffix("e").removesuffix("y")
                stem += "i" if word.endswith("y") else stem[-1] if word in ("big",) else ""
                for ending in ("er", "est"):
                    found[f"{stem}{ending}"] = (f"{number}{ending}", pole)
    found |= {
        "farther": ("6er", "far"),
        "further": ("6er", "far"),
        "farthest": ("6est", "far"),
        "furthest": ("6est", "far"),
    }
    del found["further"]  # "further questions" is no distance
    return found


_DEGREES = _degrees()
_WORD = re.compile(r"(?<![\w'\u2019-])[A-Za-z]+(?![\w-])")
_BESIDE = re.compile(
    r"\b(?P<word>before|after|above|over|below|under|"
    r"(?:more|less|fewer|higher|lower|longer|shorter|later|earlier) than)"
    r"(?:(?: the| your| its| an?)?(?: [a-z]+ of)? [\"(\u20ac$\u00a3]?(?=[_\d])"
    r"| (?:the|your|its|their)(?: [a-z]+)? (?:limit|cap|threshold|budget|balance|average|minimum|maximum)\b)",
    re.IGNORECASE,
)
_SIDES = {
    "before": ("when", "before"), "after": ("when", "after"), "above": ("size", "more"), "over": ("size", "more"),
    "below": ("size", "less"), "under": ("size", "less"), "more": ("size", "more"), "less": ("size", "less"),
    "fewer": ("size", "less"), "higher": ("size", "more"), "lower": ("size", "less"), "longer": ("size", "more"),
    "shorter": ("size", "less"), "later": ("when", "after"), "earlier": ("when", "before"),
}  # fmt: skip
_ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBERED = re.compile(rf"\b(?P<number>{_ORDINALS}|{_NUMBERS}) (?P<noun>[a-z]{{3,}})\b", re.IGNORECASE)
_PLACED = re.compile(r"_ (?P<noun>[a-z]{3,})\b")
ANY = "*"
"""What fills a slot that a wording has a place in."""
_TIMES = ("today|tomorrow|yesterday", "daily|weekly|monthly|quarterly|yearly")
_TIME_OF = {word: scale for scale in _TIMES for word in scale.split("|")}
_IS = re.compile(
    r"\b(?:is|are|was|were|be|been|being|stays?|remains?|gets?|got|isn|aren|wasn|weren|"
    r"(?:[Ii]t|[Tt]hat|[Tt]here|he|she)[\u2019']s|(?:[Yy]ou|[Tt]hey)[\u2019']re)"
    r"(?P<not>[\u2019']t| not| never| no longer)?"
    r"(?: (?:now|again|still|already|also|currently|just|yet|both|all|only|really|even|ever|not|then))*"
    r" (?P<word>(?!(?:known|asked|said|told|meant|needed|wanted|clear|sure|left|there|that|this|such)\b)"
    r"[a-z]{4,}(?:-[a-z]+)?)\b"
)
_NOBODY = re.compile(r"\b(?:nothing|nobody|none|neither|no [a-z]+)\b[^,;:.]*$", re.IGNORECASE)
_PERHAPS = re.compile(
    r"\b(?:would|could|should|can|cannot|may|might|must|will|if|whether|until|once|unless|before|when|as long as|"
    r"what|which|to)\b[^,;:.]*$|[\u2019']ll\b[^,;:.]*$",
    re.IGNORECASE,
)
_STATES = (
    "valid|expired invalid lapsed",
    "empty|full",
    "open|closed shut",
    "free|occupied busy",
    "public|private",
    "paid settled|refunded",
    "present|missing",
    "ready|unready delayed",
    "enough sufficient|insufficient short",
    "safe|unsafe dangerous",
    "same identical|different other",
    "possible|impossible",
    "allowed permitted|forbidden prohibited",
)
_STATE_OF = {
    word: (f"is {scale.split('|')[0]}", pole.split()[0])
    for scale in _STATES
    for pole in scale.split("|")
    for word in pole.split()
}
_DENYING = ("un", "non-", "non")
_SHORTEST = 4  # letters of a word from which on "un" before it denies it


def said_in(text: str, *, doubtful: bool) -> Iterator[Said]:
    """Iterate over what a text says that has a contrary.

    Args:
        text: The text, with ``_`` in place of each value.
        doubtful: Take in also what is said under a condition, or of what would be.

    Example:
        >>> found = said_in("It is unconfirmed until the second payment.", doubtful=False)
        >>> [(each.slot, each.filler) for each in found]
        [('1 payment', 'second'), ('is confirmed', 'no')]
    """
    yield from _numbered(text, placed=doubtful)
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in _DEGREES:
            yield Said(*_DEGREES[word], match[0])
        elif word in _TIME_OF:
            yield Said(_TIME_OF[word], word, match[0])
    for match in _BESIDE.finditer(text):
        yield Said(*_SIDES[match["word"].lower().split()[0]], match[0])
    for match in _IS.finditer(text):
        if doubtful or not is_doubtful(text, match.start()):
            yield _stated(match, text)


def _numbered(text: str, *, placed: bool) -> Iterator[Said]:
    """Iterate over things that are numbered; also those whose number is a value, where it is ``placed``."""
    for match in _NUMBERED.finditer(text):
        number = match["number"].lower()
        which = "1" if number in _ORDINALS.split("|") else "n"
        yield Said(f"{which} {match['noun'].lower().removesuffix('s')}", number, match[0])
    for match in _PLACED.finditer(text) if placed else ():
        yield from (Said(f"{which} {match['noun'].removesuffix('s')}", ANY, match[0]) for which in "1n")


def compares(text: str) -> bool:
    """Return True if something is said to be before, after, above or below a value."""
    return _BESIDE.search(text) is not None


def is_doubtful(text: str, at: int) -> bool:
    """Return True if what stands at a place of a text is said under a condition, or of what would be."""
    return _PERHAPS.search(text, 0, at) is not None


def _stated(match: re.Match[str], text: str) -> Said:
    word = match["word"]
    negated = match["not"] is not None or " not " in match[0]
    negated ^= _NOBODY.search(text, 0, match.start()) is not None
    denied = negated
    for prefix in _DENYING:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST:
            word, negated = word.removeprefix(prefix), not negated
            break
    if word in _STATE_OF and not negated:
        return Said(*_STATE_OF[word], match[0])
    return Said(f"is {word}", "no" if negated else "yes", match[0], denied)
