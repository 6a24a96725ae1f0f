"""Wordings as data: alternatives, places, and marks that say what words refer to.

==============================  ==================================================================================
written                         what it is
==============================  ==================================================================================
``<can|could> you``             one of several, chosen at random; may be nested and may be empty
``{rent.amount|money}``         the value at a path, through filters ("money", "plural:night")
``[the rent](rent)``            words that refer to what a role of the cast stands for, by the role's own conditions
``[the 12.99](charge|amount)``  the same, told by these members of it
``[it](=rent)``                 words for what was dealt with last
==============================  ==================================================================================
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FILTERS", "Choice", "Fill", "Mark", "Part", "Template", "TemplateError", "parse", "parts_in"]


FILTERS = frozenset((
    "amount", "country", "date", "day", "first", "folder", "hours", "label", "last", "lower", "money", "month", "name",
    "named", "nth", "plural", "quoted", "size", "time", "title", "weekday", "when", "words",
))  # fmt: skip
"""Filters that a place may have; what each makes of a value, ``fr_synth.language.formats`` knows."""


class TemplateError(ValueError):
    """A wording is not written as wordings are."""


class Fill(NamedTuple):
    """A place for a value.

    Attributes:
        path: Where the value stands.
        filters: How it is put into words, each with its argument behind a colon.
    """

    path: str
    filters: tuple[str, ...]


class Mark(NamedTuple):
    """Words that refer to something.

    Attributes:
        words: The words.
        path: What they refer to.
        by: Members that tell it apart; none for the role's own conditions.
        again: They refer to what was dealt with last.
    """

    words: Template
    path: str
    by: tuple[str, ...]
    again: bool


class Choice(NamedTuple):
    """Several ways to say the same; one is taken.

    Attributes:
        options: The ways, at least two.
    """

    options: tuple[Template, ...]


Part: TypeAlias = "str | Fill | Mark | Choice"
Template: TypeAlias = "tuple[Part, ...]"


@functools.lru_cache(maxsize=16384)
def parse(text: str) -> Template:
    """Read a wording. O(length).

    Raises:
        TemplateError: A bracket is not closed, or what stands between two is nothing.

    Example:
        >>> parse("<Hi|Hello>, [the rent](rent) is {rent.amount|money}.")[1]
        ', '
    """
    return _Parser(text).until("")


def parts_in(template: Template) -> Iterator[Fill | Mark]:
    """Iterate over all places and marks of a wording, in every alternative."""
    for part in template:
        if isinstance(part, Fill):
            yield part
        elif isinstance(part, Mark):
            yield part
            yield from parts_in(part.words)
        elif isinstance(part, Choice):
            for option in part.options:
                yield from parts_in(option)


class _Parser:
    """Reads a wording from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def until(self, ends: str) -> Template:
        """Read up to one of some characters, which is left to be read; to the end of the text where there are none."""
        parts: list[Part] = []
        while self.at < len(self.text) and self.text[self.at] not in ends:
            here = self.text[self.at]
            if here in _READERS:
                parts.append(_READERS[here](self))
            elif here in "}>]":
                raise TemplateError(f"{here!r} at character {self.at} closes nothing")
            else:
                parts.append(self._plain(ends))
        if ends and self.at >= len(self.text):
            raise TemplateError(f"one of {ends!r} is missing at the end")
        return tuple(parts)

    def _plain(self, ends: str) -> str:
        found = (_MARKED_OR_BAR if "|" in ends else _MARKED).search(self.text, self.at)
        start, self.at = self.at, len(self.text) if found is None else found.start()
        return self.text[start : self.at]

    def _within(self, end: str) -> str:
        """Read the plain text between the character here and the next one like ``end``."""
        stop = self.text.find(end, self.at)
        if stop < 0:
            raise TemplateError(f"{end!r} is missing behind character {self.at}")
        inner, self.at = self.text[self.at + 1 : stop].strip(), stop + 1
        if not inner:
            raise TemplateError(f"nothing stands before the {end!r} at character {stop}")
        return inner

    def fill(self) -> Fill:
        path, *filters = (each.strip() for each in self._within("}").split("|"))
        return Fill(path, tuple(filters))

    def choice(self) -> Choice:
        options: list[Template] = []
        while not options or self.text[self.at] == "|":
            self.at += 1
            options.append(self.until("|>"))
        self.at += 1
        if len(options) < 2:
            raise TemplateError("'<...>' holds one way alone: put '|' between the ways")
        return Choice(tuple(options))

    def mark(self) -> Mark:
        self.at += 1
        words = self.until("]")
        self.at += 1
        if self.text[self.at : self.at + 1] != "(":
            raise TemplateError("behind '[...]' stands what it refers to: [the rent](rent)")
        path, _, by = self._within(")").partition("|")
        again = path.startswith("=")
        members = tuple(name.strip() for name in by.split(",") if name.strip())
        return Mark(words, path.removeprefix("=").strip(), members, again)


_MARKED = re.compile(r"[{<\[}>\]]")
_MARKED_OR_BAR = re.compile(r"[{<\[}>\]|]")  # between alternatives
_READERS: dict[str, Callable[[_Parser], Fill | Mark | Choice]] = {
    "{": _Parser.fill,
    "<": _Parser.choice,
    "[": _Parser.mark,
}
