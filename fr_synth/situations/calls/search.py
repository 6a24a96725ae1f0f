"""What the search for the way to one call has found hopeless, so that nothing is tried twice.

Look-ups rest on look-ups: without this a value that nothing gives is sought again under every look-up that misses it,
and the work grows with the power of the depth.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk

__all__ = ["Goal", "Search"]


class Goal(NamedTuple):
    """A value to be looked up, and all that decides whether that can succeed.

    Attributes:
        kind: Kind of the value.
        value: The value, as JSON.
        lookups: Tools of an expert's look-ups that may still be tried.
        taken: Calls made since the search began; they decide what is known and how the world stands.
        anew: What is known does not do.
    """

    kind: str
    value: str
    lookups: tuple[str, ...]
    taken: tuple[str, ...]
    anew: bool


class Search:
    """Goals that are sought now, and those that failed."""

    def __init__(self, begun: int) -> None:
        """Begin where so many steps have been taken."""
        self._begun = begun
        self._under_way: list[tuple[str, str]] = []
        self._failed: dict[Goal, int] = {}

    def goal(self, walk: Walk, kind: str, value: Json, lookups: Iterable[str], *, anew: bool) -> Goal:
        """Return a value to be looked up from here, as something that can be compared."""
        taken = (_text([step.call.name, step.call.arguments]) for step in walk.steps[self._begun :])
        return Goal(kind, _text(value), tuple(lookups), tuple(taken), anew)

    def hopeless(self, goal: Goal, depth: int) -> bool:
        """Return True for what is sought already (it cannot rest on itself), or failed with as many look-ups left."""
        return (goal.kind, goal.value) in self._under_way or self._failed.get(goal, depth + 1) <= depth

    @contextlib.contextmanager
    def under_way(self, goal: Goal) -> Iterator[None]:
        """Seek a goal as long as the context lasts."""
        self._under_way.append((goal.kind, goal.value))
        try:
            yield
        finally:
            self._under_way.pop()

    def failed(self, goal: Goal, depth: int) -> None:
        """Remember that a goal cannot be reached at this depth or deeper."""
        self._failed[goal] = min(depth, self._failed.get(goal, depth))


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
