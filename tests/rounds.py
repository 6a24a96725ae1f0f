"""How long random sweeps are: short in every run of the tests, long with `HYPOTHESIS_PROFILE=explore`.

A short sweep draws the same cases each time: more of them would only find again what was found before.
"""

from __future__ import annotations

import os

__all__ = ["EXPLORES", "rounds"]

EXPLORES = os.environ.get("HYPOTHESIS_PROFILE") == "explore"


def rounds(usual: int, exploring: int) -> int:
    """Return how many rounds a sweep has."""
    return exploring if EXPLORES else usual
