"""Texts drawn from plain regular expressions: literals, classes, groups, alternatives, repetitions."""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    Source: TypeAlias = "np.random.Generator | Numbers"
    Draw: TypeAlias = Callable[[Source], str]

__all__ = ["Numbers", "draw_of", "several"]

_PRINTABLE = string.ascii_letters + string.digits + "-_ ."
_CLASSES = {"d": string.digits, "w": string.ascii_letters + string.digits + "_", "s": " ", "n": "\n", "t": "\t"}
_CODES = {"x": 2, "u": 4}
"""How many hexadecimal digits follow in the code of a character."""

_AHEAD = 1024
"""How many numbers are drawn ahead."""

_MOST = 6
"""How many times at most what may be repeated without bound is repeated."""


class Numbers:
    """Numbers of a generator, drawn ahead a thousand at a time: one costs a fifth of what it costs of the generator.

    Args:
        rng: The generator; the numbers differ from those that it would give one by one.

    Attributes:
        rng: The generator.
    """

    __slots__ = ("_ahead", "rng")

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw nothing yet."""
        self.rng = rng
        self._ahead: list[float] = []

    def random(self) -> float:
        """Return a number from 0 to 1, 1 left out."""
        if not self._ahead:
            self._ahead = self.rng.random(_AHEAD).tolist()
        return self._ahead.pop()

    def integers(self, low: int, high: int | None = None) -> int:
        """Return an integer from ``low`` on and below ``high``; with one bound, from 0 on and below it."""
        if high is None:
            return int(self.random() * low)
        return low + int(self.random() * (high - low))


def several(rng: Source, below: int, count: int) -> list[int]:
    """Return integers from 0 on and below a bound."""
    if isinstance(rng, Numbers):
        return [rng.integers(below) for _ in range(count)]
    drawn: list[int] = rng.integers(below, size=count).tolist()
    return drawn


class _Bounds(NamedTuple):
    """How often a piece may stand."""

    least: int
    most: int


@functools.lru_cache(maxsize=1024)
def draw_of(pattern: str) -> Draw:
    """Take a pattern apart, once; return a function that draws texts which it matches.

    Raises:
        UsageError: The pattern uses more than plain regular expressions do (look-around, back references).
    """
    reader = _Pattern(pattern)
    try:
        draw = reader.alternatives()
    except RecursionError:
        raise UsageError(f"cannot draw a text of the pattern {pattern[:80]!r}: it is nested too deeply") from None
    if reader.rest:
        raise UsageError(f"cannot draw a text of the pattern {pattern!r}: {reader.rest!r} is too much")
    return draw


_LONGEST = 100_000
"""Characters that a drawn text may have: patterns come from strangers, and repetitions multiply."""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= _LONGEST


class _Pattern:
    """Reads a pattern from left to right and makes functions that draw its pieces."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.rest = pattern

    def take(self, count: int = 1) -> str:
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def fail(self) -> UsageError:
        return UsageError(f"cannot draw a text of the pattern {self.pattern!r}: stuck at {self.rest!r}")

    def alternatives(self) -> Draw:
        options = [self.sequence()]
        while self.rest[:1] == "|":
            self.take()
            options.append(self.sequence())
        if len(options) == 1:
            return options[0]

        def draw(rng: Source) -> str:
            drawn = [option(rng) for option in options]
            return drawn[int(rng.integers(len(drawn)))]

        return draw

    def sequence(self) -> Draw:
        pieces: list[Draw] = []
        while self.rest and self.rest[0] not in "|)":
            if self.rest[0] in "^$":
                self.take()
                continue
            pieces.append(self.repeated())
        if len(pieces) == 1:
            return pieces[0]
        return lambda rng: "".join([piece(rng) for piece in pieces])

    def repeated(self) -> Draw:
        """An atom as often as its quantifier lets it stand; the atom is drawn anew each time."""
        atom = self.atom()
        least, most = self.quantifier()
        if isinstance(atom, str):
            return _of_class(atom, _Bounds(least, most))
        if (least, most) == (1, 1):
            return atom

        def draw(rng: Source) -> str:
            drawn = [atom(rng)]
            count = int(rng.integers(least, most + 1))
            if count * len(drawn[0]) > _LONGEST:
                raise UsageError(f"cannot draw a text of the pattern {self.pattern[:80]!r}: it is too long")
            drawn += [atom(rng) for _ in range(count - 1)]
            return "".join(drawn[:count])

        return draw

    def quantifier(self) -> _Bounds:
        mark = self.rest[:1]
        if mark in {"?", "*", "+"}:
            self.take()
            return {"?": _Bounds(0, 1), "*": _Bounds(0, _MOST), "+": _Bounds(1, _MOST)}[mark]
        if mark != "{":
            return _Bounds(1, 1)
        bounds, closing, self.rest = self.rest[1:].partition("}")
        least, comma, most = bounds.partition(",")
        if not closing or not (_is_number(least) and (not most or _is_number(most))):
            raise self.fail()
        return _Bounds(int(least), int(most) if most else int(least) + (_MOST if comma else 0))

    def atom(self) -> Draw | str:
        """A group, or the characters of a class."""
        mark = self.take()
        if mark == "(":
            return self.group()
        if mark == "[":
            return self.characters()
        if mark == "\\":
            return self.escaped()
        return _PRINTABLE if mark == "." else mark

    def group(self) -> Draw:
        if self.rest[:1] == "?" and self.take(2) != "?:":
            raise self.fail()
        draw = self.alternatives()
        if self.take() != ")":
            raise self.fail()
        return draw

    def escaped(self) -> str:
        mark = self.take()
        if mark in _CODES:
            digits = self.take(_CODES[mark])
            if len(digits) < _CODES[mark] or not set(digits) <= set(string.hexdigits):
                raise self.fail()
            return chr(int(digits, 16))
        if mark.isalnum() and mark not in _CLASSES:
            raise self.fail()
        return _CLASSES.get(mark, mark)

    def characters(self) -> str:
        negated = self.rest[:1] == "^"
        self.take(int(negated))
        found = ""
        while not found or self.rest[:1] != "]":
            mark = self.take()
            if not mark:
                raise self.fail()
            low = self.escaped() if mark == "\\" else mark
            if self.rest[:1] == "-" and self.rest[1:2] != "]" and len(low) == 1:
                self.take()
                found += "".join(map(chr, range(ord(low), ord(self.take()) + 1)))
            else:
                found += low
        self.take()
        return "".join(c for c in _PRINTABLE if c not in found) if negated else found


def _of_class(characters: str, bounds: _Bounds) -> Draw:
    """So many characters of a class; the numbers are drawn as they would be one by one."""
    size = len(characters)
    least, most = bounds
    if size == 1:
        return _of_one(characters, bounds)
    if (least, most) == (1, 1):
        return lambda rng: characters[rng.integers(size)]
    if least == most:
        return lambda rng: "".join([characters[i] for i in several(rng, size, max(least, 1))[:least]])

    def draw(rng: Source) -> str:
        first = characters[rng.integers(size)]
        count = int(rng.integers(least, most + 1))
        if count <= 1:
            return first[:count]
        return first + "".join([characters[i] for i in several(rng, size, count - 1)])

    return draw


def _of_one(character: str, bounds: _Bounds) -> Draw:
    least, most = bounds
    if least == most:
        text = character * least
        return lambda _rng: text
    return lambda rng: character * int(rng.integers(least, most + 1))
