"""The traits of a turn: what else is going on in it, beside its kind. Many may hold at once."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

__all__ = ["AUTHORED", "TRAITS", "Trait"]

Trait: TypeAlias = Literal[
    "error", "self_correction", "correction", "change_of_mind", "follow_up", "long_context", "parallel", "composed"
]
"""error: a call comes back as an error. self_correction: a wrong call of the agent's own is kept, noticed and set
right. correction: the person corrects the agent. change_of_mind: the person drops or replaces a wish. follow_up: a call
rests on something at least two turns back, not looked up again. long_context: the results are long. parallel: calls go
out side by side. composed: the calls are of several worlds."""

TRAITS: tuple[Trait, ...] = get_args(Trait)
"""Every trait, in the order in which they are named."""

AUTHORED: frozenset[Trait] = frozenset({"correction", "change_of_mind"})
"""Traits that the author of a situation says of a turn; the others are read off its calls."""
