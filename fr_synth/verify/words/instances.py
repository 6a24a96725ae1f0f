"""Is a text an instance of a wording? Found as a regular expression finds it, without one: to build it costs more.

A wording is put together of steps. Each, asked at a place of a text, iterates over the places at which it can end, in
the order in which the pattern of the same shape would try them; so the first way through all steps is the pattern's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

__all__ = [
    "ANYTHING", "QUOTED", "Caught", "Step", "instance", "kept", "literal", "one_of", "place", "sequence", "word_of",
]  # fmt: skip

Caught: TypeAlias = dict[str, tuple[int, int]]
"""Where each named place begins and ends in the text."""

Step: TypeAlias = Callable[[str, int, Caught], Iterator[int]]
"""(text, where it begins, what was caught before) -> where it can end."""

ANYTHING = ".*?"
QUOTED = '".*?"'


def instance(whole: Step, text: str) -> Caught | None:
    """Return what the places of a wording catch in a text that is an instance of it; None where it is none.

    White space around the wording is no part of it.
    """
    last = len(text.rstrip())
    for start in range(len(text) - len(text.lstrip()), -1, -1):
        caught: Caught = {}
        if any(end >= last for end in whole(text, start, caught)):
            return caught
    return None


def literal(pieces: Sequence[str | None]) -> Step:
    """Return the step of plain text; None among its pieces stands for a blank that may be missing."""
    return sequence([_blank if piece is None else _plain(piece) for piece in pieces])


def _plain(piece: str) -> Step:
    def ends(text: str, at: int, caught: Caught) -> Iterator[int]:
        if text.startswith(piece, at):
            yield at + len(piece)

    return ends


def _blank(text: str, at: int, caught: Caught) -> Iterator[int]:
    if text.startswith(" ", at):
        yield at + 1
    yield at


def place(name: str, shape: str, before: str = "") -> Step:
    """Return the step of a place that is filled with what has a shape.

    Args:
        name: Under which name it is caught.
        shape: A pattern that wins by its longest reading; ``ANYTHING`` and ``QUOTED`` win by their shortest.
        before: Plain text that has to follow, empty where none has to.
    """
    if shape == ANYTHING:
        return _catching(name, functools.partial(_anything, before))
    return _catching(name, _quoted if shape == QUOTED else functools.partial(_shaped, _compiled(shape)))


def word_of(name: str, words: Sequence[str]) -> Step:
    """Return the step of a place in which one of some words stands."""
    return _catching(name, lambda text, at: (at + len(word) for word in words if text.startswith(word, at)))


def one_of(options: Sequence[Step]) -> Step:
    """Return the step of several ways to say the same, which are tried in their order."""

    def ends(text: str, at: int, caught: Caught) -> Iterator[int]:
        for option in options:
            yield from option(text, at, caught)

    return ends


def kept(name: str, within: Step) -> Step:
    """Return a step that catches the whole of another."""

    def ends(text: str, at: int, caught: Caught) -> Iterator[int]:
        for end in within(text, at, caught):
            caught[name] = at, end
            yield end
            del caught[name]

    return ends


def sequence(steps: Sequence[Step]) -> Step:
    """Return a step of several, one after the other."""
    if len(steps) == 1:
        return steps[0]

    def ends(text: str, at: int, caught: Caught, number: int = 0) -> Iterator[int]:
        if number == len(steps):
            yield at
            return
        for end in steps[number](text, at, caught):
            yield from ends(text, end, caught, number + 1)

    return ends


def _catching(name: str, reading: Callable[[str, int], Iterator[int]]) -> Step:
    def ends(text: str, at: int, caught: Caught) -> Iterator[int]:
        for end in reading(text, at):
            caught[name] = at, end
            yield end
            del caught[name]  # asked for another way: nothing was caught as yet

    return ends


def _anything(before: str, text: str, at: int) -> Iterator[int]:
    if not before:
        yield from range(at, len(text) + 1)
        return
    end = text.find(before, at)
    while end >= 0:
        yield end
        end = text.find(before, end + 1)


def _quoted(text: str, at: int) -> Iterator[int]:
    end = text.find('"', at + 1) if text.startswith('"', at) else -1
    while end >= 0:
        yield end + 1
        end = text.find('"', end + 1)


def _shaped(pattern: re.Pattern[str], text: str, at: int) -> Iterator[int]:
    longest = pattern.match(text, at)
    if longest is None:
        return
    yield longest.end()
    yield from (end for end in range(longest.end() - 1, at, -1) if pattern.fullmatch(text, at, end))


@functools.lru_cache(maxsize=512)
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)
