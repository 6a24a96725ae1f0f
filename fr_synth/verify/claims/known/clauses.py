"""The parts of a sentence in which values belong together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.parsing.spans import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["clauses", "groups"]

_SPLIT = re.compile(r"[;!?]\s|\s[\u2013—]\s|[;—]|,? but |, whereas |, while ")
_COMMA = re.compile(
    r",\s+(?:and |or |then |plus )?|\s(?:and|or|plus|then|against|versus|than|instead of)\s|:\s|\s&\s(?=[a-z])"
)


def _free(cut: re.Match[str], claims: Sequence[Claim]) -> bool:
    return not any(claim.span.start <= cut.start() and cut.end() <= claim.span.end for claim in claims)


def clauses(text: str, claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Return the (start, end) of each clause: a sentence, or a part of one that stands by itself."""
    found: list[tuple[int, int]] = []
    for start, end in _whole(sentences(text), claims):
        at = start
        for cut in _SPLIT.finditer(text, start, end):
            if _free(cut, claims) and not _in_brackets(text, start, cut.start()):
                found.append((at, cut.start()))
                at = cut.end()
        found.append((at, end))
    return [(a, b) for a, b in found if text[a:b].strip()]


def _whole(parts: list[tuple[int, int]], claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Join sentences that were cut within a value ("Erzgeb. Fuel")."""
    found: list[tuple[int, int]] = []
    for start, end in parts:
        if found and any(claim.span.start < found[-1][1] and start < claim.span.end for claim in claims):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def groups(text: str, clause: tuple[int, int], claims: Sequence[Claim]) -> list[list[Claim]]:
    """Return the values of a clause in groups: "Ada (Rome, 3 May), Ben (Oslo)" has two, each with its bracket."""
    start, end = clause
    outer = int("((" in re.sub(r"[^()]", "", text[start:end]))  # "(family (348.11), travel (307.80))"
    cuts = [
        cut
        for cut in _COMMA.finditer(text, start, end)
        if _free(cut, claims) and not _in_brackets(text, start, cut.start(), outer)
    ]
    bounds, at = [], start
    for cut in cuts:
        bounds.append((at, cut.start()))
        at = cut.end()
    bounds.append((at, end))
    found = [[c for c in claims if a <= c.span.start < b] for a, b in bounds]
    return [group for group in found if group]


def _in_brackets(text: str, start: int, at: int, outer: int = 0) -> bool:
    return text.count("(", start, at) > text.count(")", start, at) + outer
