"""Randomness: every seed and every generator of the project is made here, and every uniform choice.

A stream of random numbers belongs to a purpose and is named by integers: what it is drawn for (the run's seed, the
index, the attempt, ...), then the number of the purpose, so that no two purposes share one. ``generator`` turns such a
name into a generator; the enumerations below are the purposes, by who draws.

Names that differ in trailing zeros alone are one stream up to four words, as NumPy pads a short seed with zeros:
``generator(7)``, ``generator(7, 0)`` and ``generator(7, 0, 0, 0)`` draw the same. So the number 0 goes to what may
share a stream with the name itself: the world that is drawn from it, or what draws in no world.
"""

from __future__ import annotations

import enum
import zlib
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AblationStream",
    "CheckStream",
    "DialogueStream",
    "EnrichStream",
    "InferenceStream",
    "ScheduleStream",
    "draw_seed",
    "generator",
    "pick",
    "request_seed",
    "seed_of",
    "world_seed",
]

T = TypeVar("T")


class DialogueStream(enum.IntEnum):
    """What is drawn for one dialogue, behind (seed of the run, index, attempt)."""

    WORLD = 0
    """Its first state."""
    SAMPLER = 1
    """What happens in it: tools, arguments, ways to point."""
    WORDS = 2
    """How it is said: phrases, lengths of turns, seeds of requests to the teacher."""
    OFFER = 3
    """Which tools it offers."""
    VIEW = 4
    """In which order and under which names it offers them."""
    MISHAPS = 5
    """What goes wrong in it."""
    SCALE = 6
    """How much its world holds."""
    TAKING_BACK = 7
    """What is taken back in it before it is done."""
    ARRIVALS = 8
    """Which tools that are missing in it come later."""
    MANNER = 9
    """In which manner somebody asks who is no persona."""
    STAND_INS = 10
    """Which situations stand in for one that fits no world."""


class ScheduleStream(enum.IntEnum):
    """What is drawn for the schedule of a run, behind (seed of the run, position of the world, block)."""

    ORDER = 101
    """In which order the targets of a kind come up; followed by the number of the kind."""
    LENGTH = 102
    """In which order a block's dialogues take the possible numbers of turns."""
    PATTERN = 103
    """In which order a stretch of slots takes the kinds of target."""
    SITUATIONS = 104
    """Which dialogues of a stretch are drills; followed by 1, in which order situations come up."""
    KINDS = 105
    """In which order kinds of turn come up; behind an index and followed by 1, what is said besides."""
    VOICES = 106
    """In which order personas come with a situation, and wordings of a turn; behind (seed, what it is of)."""


class AblationStream(enum.IntEnum):
    """What is drawn where policies of sampling are compared."""

    WORLD = 0
    """The first state of a walk, behind (seed, number of the walk)."""
    SAMPLER = 1
    """The choices of a walk, behind (seed, number of the walk)."""
    RESAMPLES = 7
    """The bootstrap of a figure, behind (seed)."""


class InferenceStream(enum.IntEnum):
    """What is drawn where a contract is inferred from a living service, behind (seed)."""

    EXPLORER = 0
    """Calls that explore it."""
    WORLD = 1
    """Its first state, where none is given."""
    TRIALS = 2
    """Arguments changed on trial."""
    EFFECTS = 3
    """States in which effects are compared."""


class EnrichStream(enum.IntEnum):
    """What is drawn where a contract is completed, behind (seed); the first states have the numbers from 0."""

    EXAMPLES = 9
    """Calls that look for examples of values."""


class CheckStream(enum.IntEnum):
    """What is drawn by the checks of a world, behind (seed)."""

    PROBE = 1
    """Calls that walk through it."""
    ARGUMENTS = 2
    """Arguments as a schema allows them."""
    HOOKS = 3
    """Suggestions; without a seed before it."""
    ISOLATION = 4
    """Calls made in several sessions side by side."""


def generator(*name: int) -> np.random.Generator:
    """Return the generator of a stream at its beginning.

    Args:
        name: What names the stream, integers from 0.

    Raises:
        ValueError: One of them is below 0.

    Example:
        >>> int(generator(7, 3, 1).integers(1000)) == int(generator(7, 3, 1).integers(1000))
        True
    """
    parts = [int(part) for part in name]
    if parts and min(parts) >= 0 and max(parts) < _WORD:  # numpy reads such an array as it does the list, and sooner
        return np.random.default_rng(np.array(parts, dtype=np.uint32))
    return np.random.default_rng(parts)


_WORD = 1 << 32


def world_seed(dialogue: Sequence[int]) -> tuple[int, ...]:
    """Return the seed of a dialogue's world, as its record holds it.

    Args:
        dialogue: What names the dialogue: seed of the run, index, attempt.
    """
    return (*dialogue, int(DialogueStream.WORLD))


def draw_seed(rng: np.random.Generator, bits: int = 31) -> int:
    """Draw a seed from a stream: an integer from 0 to 2 ** ``bits`` - 1, which endpoints take as well."""
    return int(rng.integers(1 << bits))


def request_seed(turn: int, message: int, attempt: int) -> int:
    """Return the seed of one request to a reasoner, from 0 to 2 ** 31 - 1.

    Args:
        turn: Seed of the turn's requests, as ``draw_seed`` gives it.
        message: Number of the assistant's message in the turn, from 0 to 100.
        attempt: Number of the answer to it, from 0.
    """
    return (turn * 1_000_003 + message * 101 + attempt) % (1 << 31)


def seed_of(data: bytes) -> int:
    """Return a seed for some bytes, the same in every process: an integer from 0 to 2 ** 32 - 1."""
    return zlib.crc32(data)


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """Choose one of several with equal chances; O(1), one draw.

    Args:
        rng: Source of the choice.
        options: What to choose from; at least one.

    Raises:
        ValueError: There is nothing to choose from.

    Example:
        >>> pick(generator(1), ["only"])
        'only'
    """
    return options[int(rng.integers(len(options)))]
