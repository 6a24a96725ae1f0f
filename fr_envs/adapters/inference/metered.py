"""A world whose calls are counted: what is tried ends when the calls, or the seconds, that it may take are used up.

Each phase may take its share and what those before it have left. Bounds in calls keep a seed's outcome the same
everywhere; bounds in seconds do not. States are values, so a call that was made in the same state before is not made
again, and costs nothing.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from typing_extensions import override

from fr_envs.world.domain import Domain

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from fr_envs.world.domain import Outcome
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall

__all__ = ["PHASES", "UNBOUNDED", "Bounds", "MeteredDomain", "OutOfBudget", "Progress", "metered"]

PHASES = {"walks": 0.25, "values": 0.5, "effects": 0.65, "neighbours": 0.88, "first states": 0.92, "examples": 1.0}
"""What is tried, in order, and the share of all calls after which the next has to begin."""

_EVERY = 5.0  # seconds between two words on progress
_KEPT = 20_000  # outcomes that are remembered; the oldest go first

_encode = msgspec.json.Encoder(order="deterministic").encode


class OutOfBudget(Exception):
    """The calls or seconds of a phase are used up."""


class Progress(NamedTuple):
    """How far it has come.

    Attributes:
        phase: What is being tried; see ``PHASES``.
        calls: Calls so far.
        seconds: Since it began.
    """

    phase: str
    calls: int
    seconds: float


class Bounds(NamedTuple):
    """How much may be tried.

    Attributes:
        calls: Calls of tools in all; None for no bound.
        seconds: Seconds in all; None for no bound.
        report: Told every five seconds how far it has come.
        clock: Seconds of a clock that only goes forward.
    """

    calls: int | None = None
    seconds: float | None = None
    report: Callable[[Progress], None] | None = None
    clock: Callable[[], float] = time.monotonic


UNBOUNDED = Bounds()


class MeteredDomain(Domain[Any]):
    """A world as it is, with its calls counted.

    Args:
        domain: The world.
        bounds: How much may be tried.

    Attributes:
        calls: Calls so far.
        cut: Phases that ended before they were through, each with what ran out: ``calls`` or ``seconds``.
    """

    def __init__(self, domain: Domain[Any], bounds: Bounds) -> None:
        """Begin with the first phase."""
        self.__dict__.update(domain.__dict__)
        self.bounds = bounds
        self.calls = 0
        self.cut: dict[str, str] = {}
        self._known: dict[tuple[int, str, bytes], tuple[State, Outcome[Any]]] = {}
        self._begun = self._told = bounds.clock()
        self.enter("walks")

    @property
    def bounded(self) -> bool:
        """Whether there is a bound at all."""
        return (self.bounds.calls, self.bounds.seconds) != (None, None)

    def enter(self, phase: str) -> Self:
        """Begin a phase; return the world."""
        self._phase = phase
        share = PHASES[phase]
        self._most = math.inf if self.bounds.calls is None else math.ceil(share * self.bounds.calls)
        self._until = math.inf if self.bounds.seconds is None else self._begun + share * self.bounds.seconds
        return self

    @override
    def apply(self, state: State, call: ToolCall) -> Outcome[Any]:
        """Run one call, and count it; one that is known from the same state is neither run nor counted.

        Raises:
            OutOfBudget: The phase has used up what it may.
        """
        key = (state.digest, call.name, _encode(call.arguments))
        known = self._known.get(key)
        if known is not None:
            before, outcome = known
            return msgspec.structs.replace(outcome, state=state) if outcome.state is before else outcome
        outcome = self._ran(state, call)
        if len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        self._known[key] = state, outcome
        return outcome

    def _ran(self, state: State, call: ToolCall) -> Outcome[Any]:
        now = self.bounds.clock()
        if self.calls >= self._most or now >= self._until:
            self.cut[self._phase] = "calls" if self.calls >= self._most else "seconds"
            raise OutOfBudget
        self.calls += 1
        if self.bounds.report is not None and now - self._told >= _EVERY:
            self._told = now
            self.bounds.report(Progress(self._phase, self.calls, now - self._begun))
        return super().apply(state, call)


def metered(domain: Domain[Any], bounds: Bounds = UNBOUNDED) -> MeteredDomain:
    """Return a world with its calls counted: itself if they are."""
    return domain if isinstance(domain, MeteredDomain) else MeteredDomain(domain, bounds)
