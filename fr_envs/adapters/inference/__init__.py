"""What tools have to do with each other, where nobody has declared it: guessed from names, decided by execution.

``walks`` plays a world with arguments made of what it says; ``dataflow`` asks of each output whether it serves as an
argument where a made-up value does not; ``counterfactual`` leaves calls out and looks what changes; ``contract`` writes
what was found as kinds and facts that a person can correct.
"""

from __future__ import annotations

__all__: list[str] = []
