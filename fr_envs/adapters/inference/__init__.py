"""What tools have to do with each other, where nobody has declared it: guessed from names, decided by execution.

``walks`` plays a world with arguments made of what it says; ``trials`` puts outputs and made-up values in the place
of arguments that worked, and ``dataflow`` judges by that what flows where; ``counterfactual`` leaves calls out and
looks what changes; ``rules`` holds the thresholds of both; ``contract`` writes what was found as kinds and facts that a
person can correct.
"""

from __future__ import annotations

__all__: list[str] = []
