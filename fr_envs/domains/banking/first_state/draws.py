"""Fast draws for first states: one block from the generator, then plain arithmetic."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

__all__ = ["Draws"]

T = TypeVar("T")
_BLOCK = 1024


class Draws:
    """A stream of draws: a numpy generator costs microseconds a scalar; a block of 1,024 less than five of them.

    Attributes:
        unit: Returns a number in [0, 1). It is the next of an iterator over the blocks, which no Python code runs for.
    """

    unit: Callable[[], float]

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw from ``rng`` alone."""
        self.unit = itertools.chain.from_iterable(_blocks(rng)).__next__

    def within(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """Return one of the values."""
        return values[int(self.unit() * len(values))]

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different values, or all of them where there are fewer, in random order."""
        there, unit = len(values), self.unit
        moved: dict[int, T] = {}  # the last value there is takes the place of one that is chosen
        chosen = []
        for left in range(there, there - min(count, there), -1):
            index = int(unit() * left)
            chosen.append(moved.get(index, values[index]))
            moved[index] = moved.get(left - 1, values[left - 1])
        return chosen

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return self.unit() < probability

    def price(self, low: int, high: int) -> int:
        """Return an amount in cents between two, ending in 0, 5, 9 or anything, as prices do."""
        unit = self.unit
        cents = low + int(unit() * (high - low + 1))
        style = unit()
        if style < 0.3:
            return max(100, cents // 100 * 100)
        if style < 0.5:
            return cents // 100 * 100 + 99
        return cents // 10 * 10 if style < 0.75 else cents


def _blocks(rng: np.random.Generator) -> Iterator[Iterator[float]]:
    """Iterate over blocks of numbers, each of which is taken from its end."""
    while True:
        yield reversed(rng.random(_BLOCK).tolist())
