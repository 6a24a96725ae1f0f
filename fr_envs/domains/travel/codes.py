"""Numbers that look random but are functions of a seed: draws, and identifiers that can be read back.

A timetable of 200 airports over 90 days has half a million flights, so none is stored. A flight's identifier is its
place in the timetable, scrambled by the world's seed: nobody can guess it, and the world finds the flight again
without a table.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Cipher", "cipher", "draw"]

_MASK = (1 << 64) - 1
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}


def draw(seed: int, *parts: int) -> int:
    """Return 64 bits that depend on ``seed`` and ``parts`` alone (the mixing of splitmix64)."""
    x = seed
    for part in parts:
        x = ((x ^ part) * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    return x ^ (x >> 31)


class Cipher(NamedTuple):
    """A bijection between the numbers below 32**length and texts of that many letters, behind a prefix."""

    prefix: str
    length: int
    factor: int
    inverse: int
    shift: int

    def write(self, number: int) -> str:
        """Return the identifier of ``number``."""
        bits = 5 * self.length
        mask = (1 << bits) - 1
        x = (number * self.factor + self.shift) & mask
        x = ((x ^ (x >> (bits + 1) // 2)) * self.factor) & mask
        letters = [_ALPHABET[(x >> at) & 31] for at in range(0, bits, 5)]
        return self.prefix + "".join(letters)

    def read(self, text: str) -> int:
        """Return the number of an identifier of this shape; every shape has one."""
        bits = 5 * self.length
        mask = (1 << bits) - 1
        x = 0
        for at, letter in enumerate(text[len(self.prefix) :]):
            x |= _VALUES[letter] << 5 * at
        x = (x * self.inverse) & mask
        x ^= x >> (bits + 1) // 2
        return ((x - self.shift) * self.inverse) & mask


def cipher(seed: int, prefix: str, length: int) -> Cipher:
    """Return the cipher of a world for one prefix."""
    modulus = 1 << 5 * length
    key = draw(seed, *prefix.encode())
    factor = (key % modulus) | 5
    return Cipher(prefix, length, factor, pow(factor, -1, modulus), draw(key, 1) % modulus)
