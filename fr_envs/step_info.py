"""StepInfo: the info of a step, which holds what is new and looks up the rest when it is asked for.

A vector of environments merges the items of each step's info one by one, which costs more than a step does. After a
call nothing is new but its results, which the observation shows; whoever wants the rest asks by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import override

from fr_envs.episode.judging.verdicts import components
from fr_envs.episode.trajectory import hex_digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.episode.observation import Observation
    from fr_envs.episode.offering import Offering
    from fr_envs.json_values import Json
    from fr_envs.world.state import State

__all__ = ["Moment", "StepInfo"]


Moment: TypeAlias = "tuple[Observation, State, Offering, int]"
"""Where an episode stands after a step: what the step led to, the state, the tools offered, the index of the turn.

One is made at every step, and a named tuple would take five times as long."""

_LOOKED_UP: dict[str, Callable[[Moment], Json]] = {
    "tools": lambda at: at[2].tools,
    "digest": lambda at: hex_digest(at[1]),
    "turn": lambda at: at[3],
    "message": lambda at: at[0].message,
    "results": lambda at: at[0].results,
    "verdict": lambda at: at[0].verdict,
    "components": lambda at: {} if at[0].verdict is None else components(at[0].verdict),
}


class StepInfo(dict[str, Any]):
    """What a step has to tell besides its observation.

    Asked by name it has everything: ``info["digest"]``, ``info.get("verdict")``, ``"tools" in info``. Its items, which
    a vector merges and another process is sent, are those that are new.

    Attributes:
        at: Where the episode stands.
    """

    __slots__ = ("at",)

    at: Moment

    @classmethod
    def whole(cls, at: Moment) -> StepInfo:
        """Return one of which everything is an item."""
        info = cls((name, look_up(at)) for name, look_up in _LOOKED_UP.items())
        info.at = at
        return info

    def __missing__(self, name: str) -> Json:
        """Look up what is no item."""
        return _LOOKED_UP[name](self.at)

    @override
    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in _LOOKED_UP

    @override
    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    @override
    def copy(self) -> StepInfo:
        twin = StepInfo(self)
        twin.at = self.at
        return twin

    @override
    def __or__(self, other: dict[str, Any]) -> StepInfo:  # type: ignore[override]  # of names that are texts
        twin = self.copy()
        twin.update(other)
        return twin

    def __deepcopy__(self, memo: object) -> StepInfo:
        """Return a copy; what it holds is not to be changed."""
        return self.copy()

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        """Send another process the items alone: a state is more than a step has to tell."""
        return dict, (dict(self),)
