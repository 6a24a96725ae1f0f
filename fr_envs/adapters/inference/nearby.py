"""Arguments that have worked in neighbouring walks: walks play one first state after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.walks import signature
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.adapters.inference.walks import ProbeWalk
    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import JsonObject

__all__ = ["Nearby"]

_WINDOW = 16
"""Walks on either side that count as near; what has worked further off is taken where nothing is near."""


class Nearby:
    """Remembers which arguments worked in which walk.

    Args:
        tools: The tools of the world.
        walks: The walks, in the order in which they were played.
    """

    def __init__(self, tools: Mapping[str, ToolSpec], walks: Sequence[ProbeWalk]) -> None:
        """Collect."""
        self._worked: dict[str, dict[str, list[tuple[int, JsonObject]]]] = {name: {} for name in tools}
        for index, walk in enumerate(walks):
            for call, value in zip(walk.calls, walk.values, strict=True):
                if succeeded(value):
                    chosen = signature(tools[call.name], call.arguments)
                    self._worked[call.name].setdefault(chosen, []).append((index, call.arguments))

    def draw(self, index: int, tool: str, rng: np.random.Generator) -> JsonObject | None:
        """Draw arguments with which a tool went through near a walk, or anywhere; None if it never did.

        Each of the choices that a call can make is as likely as any other, however seldom it worked.
        """
        ways = list(self._worked[tool].values())
        if not ways:
            return None
        every = pick(rng, ways)
        near = [arguments for at, arguments in every if abs(at - index) <= _WINDOW]
        pool = near or [arguments for _, arguments in every]
        return pick(rng, pool)
