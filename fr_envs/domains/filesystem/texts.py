"""What first worlds are made of: names, and texts drawn line by line.

A text is put together from pools by numbers that one generator drew in bulk, so that a line costs about a microsecond
and no two worlds hold the same file.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, TypeVar

from fr_envs.domains.filesystem.words import (  # fmt: skip
    FIRST,
    LEVELS,
    MESSAGES,
    PEOPLE,
    PLACES,
    REMARKS,
    SECOND,
    SERVICES,
    SUFFIXES,
    THINGS,
    VERBS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

__all__ = ["TEXTS", "Draw", "file_name", "log_line", "project_name"]

T = TypeVar("T")


class Draw:
    """Cheap draws from a generator: one call of numpy for thousands of them.

    Args:
        rng: Source of all randomness.
        size: How many numbers are drawn at a time.
    """

    __slots__ = ("_next", "_pool", "_rng", "_size")

    def __init__(self, rng: np.random.Generator, size: int = 8192) -> None:
        """Draw the first pool."""
        self._rng = rng
        self._size = size
        self._pool: list[int] = []
        self._next = 0

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit`` - 1."""
        at = self._next
        try:
            number = self._pool[at]
        except IndexError:  # the pool is at its end, which is too seldom to be asked for each time
            self._pool = self._rng.integers(0, 1 << 40, size=self._size).tolist()
            at, number = 0, self._pool[0]
        self._next = at + 1
        return number % limit

    def pick(self, items: Sequence[T]) -> T:
        """Return one of some items."""
        at = self._next
        try:
            number = self._pool[at]
        except IndexError:
            return items[self.below(len(items))]
        self._next = at + 1
        return items[number % len(items)]

    def many(self, count: int) -> list[int]:
        """Return so many numbers as they were drawn, each to be taken by a remainder, as ``below`` does."""
        start, self._next = self._next, self._next + count
        if self._next <= len(self._pool):
            return self._pool[start : self._next]
        self._next = start  # the pool ends in between
        return [self.below(1 << 40) for _ in range(count)]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different items, or all there are, in random order."""
        pool = list(items)
        return [pool.pop(self.below(len(pool))) for _ in range(min(count, len(pool)))]


def project_name(draw: Draw) -> str:
    """Return a name such as ``silver-otter``."""
    return f"{draw.pick(FIRST)}-{draw.pick(SECOND)}"


def file_name(draw: Draw, sort: str) -> str:
    """Return a file name for a sort of text."""
    stem = draw.pick(SERVICES) if sort in {"log", "config"} else draw.pick(THINGS)
    shape = draw.below(5)
    if shape == 0:
        stem = f"{stem}-{2021 + draw.below(6)}"
    elif shape == 1:
        stem = f"{stem}_{draw.pick(SECOND)}"
    elif shape == 2:
        stem = f"{draw.pick(FIRST)}_{stem}"
    return f"{stem}.{draw.pick(SUFFIXES[sort])}"


_TITLED = tuple(name.title() for name in PEOPLE)


def _sentence(draw: Draw) -> str:
    remark, p, q, place, verb, thing, other, a, b, c, d = draw.many(11)
    return REMARKS[remark % len(REMARKS)].format(
        P=_TITLED[p % len(_TITLED)], Q=_TITLED[q % len(_TITLED)], L=PLACES[place % len(PLACES)],
        v=VERBS[verb % len(VERBS)], t=THINGS[thing % len(THINGS)], u=THINGS[other % len(THINGS)],
        a=20 + a % 900, b=920 + b % 900, c=2 + c % 9, d=2 + d % 27,
    )  # fmt: skip


_LINE = 9  # numbers that a line of a log takes


def log_line(draw: Draw, second: int) -> str:
    """Return one line of a log; ``second`` counts from midnight."""
    return _line(draw.many(_LINE), second)


def _line(numbers: Sequence[int], second: int) -> str:
    text = _TELLING[numbers[0] % _TELLINGS](numbers)
    minute = second // 60
    clock = f"{_TWO[minute // 60 % 24]}:{_TWO[minute % 60]}:{_TWO[second % 60]}"
    return f"{clock} {LEVELS[numbers[7] % _LEVELS]} {SERVICES[numbers[8] % _SERVICES]}: {text}\n"


_LEVELS, _SERVICES, _PEOPLE = len(LEVELS), len(SERVICES), len(PEOPLE)
_TWO = tuple(f"{number:02d}" for number in range(60))
_VALUES: dict[str, Callable[[Sequence[int]], int | str]] = {
    "a": lambda numbers: 1000 + numbers[1] % 90_000,
    "b": lambda numbers: 3 + numbers[2] % 4_000,
    "c": lambda numbers: 1 + numbers[3] % 40,
    "d": lambda numbers: 1 + numbers[4] % 99,
    "s": lambda numbers: SERVICES[numbers[5] % _SERVICES],
    "p": lambda numbers: PEOPLE[numbers[6] % _PEOPLE],
}


def _teller(message: str) -> Callable[[Sequence[int]], str]:
    """Return what fills a message of a log: of six values it has one or two, and only those are worked out."""
    first, *more = (_VALUES[name] for _, name, _, _ in string.Formatter().parse(message) if name)
    shape = re.sub(r"\{\w\}", "%s", message.replace("%", "%%"))
    if not more:
        return lambda numbers: shape % (first(numbers),)
    (second,) = more
    return lambda numbers: shape % (first(numbers), second(numbers))


_TELLING = tuple(map(_teller, MESSAGES))
_TELLINGS = len(_TELLING)


def _note(draw: Draw) -> str:
    lines = [f"# {draw.pick(THINGS).title()} {draw.pick(PLACES)}\n", "\n"]
    lines += [_sentence(draw) + "\n" for _ in range(2 + draw.below(9))]
    return "".join(lines)


def _log(draw: Draw) -> str:
    second = draw.below(40_000)
    count = 6 + draw.below(22)
    numbers = draw.many(count * (1 + _LINE))
    lines = []
    for at in range(0, len(numbers), 1 + _LINE):
        second += 1 + numbers[at] % 900
        lines.append(_line(numbers[at + 1 : at + 1 + _LINE], second))
    return "".join(lines)


def _table(draw: Draw) -> str:
    shape = draw.below(3)
    rows = range(4 + draw.below(20))
    if shape == 0:
        body = [f"{1000 + i},{draw.pick(THINGS)},{1 + draw.below(40)},{draw.below(90_000) / 100:.2f}\n" for i in rows]
        return "id,item,quantity,price\n" + "".join(body)
    if shape == 1:
        body = [f"{draw.pick(PEOPLE)},{draw.pick(PLACES)},{draw.below(5_000)}\n" for _ in rows]
        return "name,city,points\n" + "".join(body)
    return "".join(f"{name},{draw.pick(PLACES)},{draw.below(500)}\n" for name in sorted(draw.some(PEOPLE, len(rows))))


def _source(draw: Draw) -> str:
    thing, other, number = draw.pick(THINGS), draw.pick(SECOND), 2 + draw.below(60)
    lines = [f'"""{draw.pick(FIRST).title()} {other} {thing}."""\n\n', f"LIMIT = {number}\n\n\n"]
    for verb in draw.some(VERBS, 1 + draw.below(3)):
        name = draw.pick(THINGS)
        lines.append(
            f"def {verb}_{name}(count):\n    # TODO: {draw.pick(VERBS)} the {draw.pick(THINGS)}\n"
            f"    if count > LIMIT:\n        raise ValueError('{name}')\n    return count * {2 + draw.below(98)}\n\n\n"
        )
    return "".join(lines)


def _config(draw: Draw) -> str:
    lines = [
        f"[{draw.pick(SERVICES)}]\n",
        f"host = {draw.pick(SECOND)}.example.org\n",
        f"port = {1024 + draw.below(9000)}\n",
    ]
    lines += [f"{word}_limit = {1 + draw.below(500)}\n" for word in draw.some(THINGS, 1 + draw.below(5))]
    lines.append(f"debug = {draw.pick(('true', 'false'))}\n")
    return "".join(lines)


def _script(draw: Draw) -> str:
    service = draw.pick(SERVICES)
    return (
        f"#!/bin/sh\n# {draw.pick(VERBS)} the {draw.pick(THINGS)}\nset -eu\n"
        f'echo "starting {service}"\nsleep {1 + draw.below(30)}\necho "{draw.pick(SECOND)} done"\n'
    )


def _todo(draw: Draw) -> str:
    marks = ("[ ]", "[ ]", "[x]")
    rows = range(3 + draw.below(10))
    return "".join(f"{draw.pick(marks)} {draw.pick(VERBS)} the {draw.pick(THINGS)}\n" for _ in rows)


def _json(draw: Draw) -> str:
    rows = [f'  "{word}": {draw.below(1000)}' for word in draw.some(THINGS, 2 + draw.below(8))]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _list(draw: Draw) -> str:
    pool = draw.some(PLACES if draw.below(2) else PEOPLE, 3 + draw.below(5))
    return "".join(f"{draw.pick(pool)}\n" for _ in range(4 + draw.below(14)))


TEXTS: dict[str, Callable[[Draw], str]] = {
    "note": _note, "log": _log, "table": _table, "source": _source, "config": _config,
    "script": _script, "todo": _todo, "json": _json, "list": _list,
}  # fmt: skip
"""For each sort of file what writes its text."""
