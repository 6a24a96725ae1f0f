"""Whether a tool that was missing comes after all, where the situation says how it goes on then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.streams import DialogueStream, generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["ARRIVALS", "draw_arrivals"]

ARRIVALS = 0.5
"""Share of the turns with a missing tool and words for its coming, from 0 to 1; of all those, at most one in four."""


def draw_arrivals(seed: Sequence[int], *, always: bool = False) -> Callable[[], bool]:
    """Return what draws, one turn after the other, whether a tool that was missing comes after all.

    Args:
        seed: Seed of the dialogue.
        always: It comes wherever it can.
    """
    rng = generator(*seed, DialogueStream.ARRIVALS)
    return lambda: bool(rng.random() < ARRIVALS) or always
