"""Cursor: one text that is read from left to right, the tools offered, and a purse that keeps reading linear."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.reading.styles.literals import STRICT, Broken, Exhausted, Literals, Reading
from fr_envs.episode.reading.tags import TAG, Tag, tag_of

if TYPE_CHECKING:
    from fr_envs.episode.reading.objects import Calls
    from fr_envs.episode.reading.offer import Offer

__all__ = ["Cursor", "Found", "Got"]

_BLANKS = re.compile(r"\s*+")
_RETRY = 1024
"""What it costs to read a value anew in other spellings, in characters."""


class Got(NamedTuple):
    """Calls that stand at a place.

    Attributes:
        calls: In order, at least one.
        end: Where they end.
    """

    calls: Calls
    end: int


class Found(NamedTuple):
    """A mark at a place.

    Attributes:
        tag: The mark.
        start: Where it begins.
        end: Where it ends.
    """

    tag: Tag
    start: int
    end: int


class Cursor:
    """One text and what is known of it.

    Args:
        text: What is read.
        offer: The tools offered, None if unknown.
    """

    __slots__ = ("_closers", "literals", "offer", "text")

    def __init__(self, text: str, offer: Offer | None) -> None:
        """Keep what is read."""
        self.text = text
        self.offer = offer
        self.literals = Literals(text)
        self._closers: dict[str, tuple[int, re.Match[str] | None]] = {}

    def blanks(self, at: int) -> int:
        """Return where the blanks at a place end."""
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at

    def tag(self, at: int) -> Found | None:
        """Return the mark that begins at a place."""
        found = TAG.match(self.text, at)
        return Found(tag_of(found), at, found.end()) if found else None

    def next_tag(self, at: int) -> Found | None:
        """Return the first mark from a place on."""
        found = TAG.search(self.text, at)
        return Found(tag_of(found), found.start(), found.end()) if found else None

    def closer(self, word: str, at: int) -> re.Match[str] | None:
        """Return where an element of a name ends; what was looked for once is not looked for again."""
        since, found = self._closers.get(word, (len(self.text) + 1, None))
        if since <= at and (found is None or at <= found.start()):
            return found
        found = closer(word).search(self.text, at)
        self._closers[word] = at, found
        return found

    def offers(self, name: str) -> bool:
        """Say whether a tool of this name, as models write it, is offered."""
        return self.offer is not None and self.offer.resolve(name) in self.offer

    def json(self, at: int, *, loose: bool) -> Reading:
        """Read a value at a place: JSON, or where asked, a literal of another spelling.

        Raises:
            Broken: There is none, or too much was read in vain.
        """
        if self.text[at : at + 1] not in {"{", "["}:
            return self.literals.value(at)
        self.literals.pay(0)
        try:
            end = self.literals.extent(at)
            return Reading(STRICT.decode(self.text[at:end]), end)
        except Exhausted:
            raise
        except Broken as broken:
            if "twice" in broken.problem or "no JSON" in broken.problem:
                raise Broken(broken.problem, self.literals.extent(at)) from None
            stopped = broken
        except ValueError:
            stopped = Broken("no JSON", at + 1)
        if not loose:
            raise stopped
        self.literals.pay(_RETRY)
        return self.literals.value(at)


@functools.lru_cache(maxsize=512)
def closer(word: str) -> re.Pattern[str]:
    """Return what ends an element of a name."""
    return re.compile(rf"</(?:[|｜]\w{{1,12}}[|｜]|\w{{1,20}}:)?{re.escape(word)}[|｜]?\s*>")
