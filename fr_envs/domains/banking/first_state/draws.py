"""Fast draws for first states: one block from the generator, then plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

__all__ = ["Draws"]

T = TypeVar("T")
_BLOCK = 1024


class Draws:
    """A stream of draws: a numpy generator costs microseconds a scalar; a block of 1,024 less than five of them."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw from ``rng`` alone."""
        self._rng = rng
        self._block: list[float] = []

    def unit(self) -> float:
        """Return a number in [0, 1)."""
        if not self._block:
            self._block = self._rng.random(_BLOCK).tolist()
        return self._block.pop()

    def within(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        block = self._block
        unit = block.pop() if block else self.unit()  # as ``unit`` does, without a call
        return low + int(unit * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """Return one of the values."""
        block = self._block
        unit = block.pop() if block else self.unit()
        return values[int(unit * len(values))]

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different values, or all of them where there are fewer, in random order."""
        rest = list(values)
        chosen = []
        for _ in range(min(count, len(rest))):
            index = int(self.unit() * len(rest))
            chosen.append(rest[index])
            rest[index] = rest[-1]
            rest.pop()
        return chosen

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return self.unit() < probability

    def price(self, low: int, high: int) -> int:
        """Return an amount in cents between two, ending in 0, 5, 9 or anything, as prices do."""
        cents = self.within(low, high)
        style = self.unit()
        if style < 0.3:
            return max(100, cents // 100 * 100)
        if style < 0.5:
            return cents // 100 * 100 + 99
        return cents // 10 * 10 if style < 0.75 else cents
