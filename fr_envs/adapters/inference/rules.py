"""From when on evidence counts: every threshold in one place, so that it can be chosen by measuring."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DEFAULT", "Rules"]


class Rules(NamedTuple):
    """Thresholds.

    Attributes:
        works: Share of the trials in which an output must have worked as an argument.
        times: How often at least.
        alike: Share of words that names must have in common where anything is taken.
        lists: Whether it counts that many things are called "name" or "status", and that a price is a cost.
        seen: How often an effect must have been seen.
        share: In what share of the cases that gave a chance.
        apart: An effect counts only between calls that name the same thing if it is seen otherwise in less than this
            part of its share among them.
    """

    works: float = 0.2
    times: int = 3
    alike: float = 1.0
    lists: bool = True
    seen: int = 3
    share: float = 0.02
    apart: float = 0.2


DEFAULT = Rules()
"""What ``benchmarks/bench_bfcl.py`` chooses on the first half of BFCL's classes."""
