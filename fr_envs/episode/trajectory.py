"""Step, Trajectory, replay: what was called, what came of it, and whether it comes again."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from fr_envs.errors import UsageError
from fr_envs.json_values import JsonObject
from fr_envs.streams import generator
from fr_envs.world.tool_call import ToolCall, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.world.domain import Domain, Outcome, S, Scale
    from fr_envs.world.state import State

__all__ = ["Mismatch", "Played", "RecordedCall", "Trajectory", "first_state", "hex_digest", "play", "replay", "step_of"]


class RecordedCall(msgspec.Struct, frozen=True):
    """One call and what came of it.

    Attributes:
        call: The call.
        value: What the agent saw.
        error: None when the call went through.
        digest: ``State.digest`` after it, as 32 hexadecimal digits.
    """

    call: ToolCall
    value: JsonObject
    error: ToolError | None
    digest: str


class Trajectory(msgspec.Struct, frozen=True):
    """Steps, and the first state that they start from.

    Attributes:
        domain: Short name of the world.
        seed: Seed of the first state, integers from 0.
        scale: Size of the first state.
        steps: In order.
    """

    domain: str
    seed: tuple[int, ...]
    scale: Literal["tiny", "small", "medium", "large", "busy"]
    steps: tuple[RecordedCall, ...]

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls, in order."""
        return tuple(step.call for step in self.steps)


class Played(NamedTuple):
    """Calls that were run.

    Attributes:
        state: The state after the last.
        steps: One for each call.
    """

    state: State
    steps: tuple[RecordedCall, ...]


class Mismatch(NamedTuple):
    """The first step that does not come again as recorded.

    Attributes:
        at: Place of the step, from 0.
        part: What differs.
        recorded: The step as recorded.
        now: The step as it came this time.
    """

    at: int
    part: Literal["value", "error", "digest"]
    recorded: RecordedCall
    now: RecordedCall


@functools.lru_cache(maxsize=16)  # a record is made and proven before many others are; 100 KB each, and more
def _first_small(domain: Domain[Any], seed: tuple[int, ...], scale: Scale) -> State:
    state: State = domain.initial(generator(*seed), scale)
    return state


_first_big = functools.lru_cache(maxsize=4)(_first_small.__wrapped__)


def first_state(domain: Domain[Any], seed: tuple[int, ...], scale: Scale = "small") -> State:
    """Return a first state; one of the latest is kept and shared, which frozen values allow.

    Raises:
        UsageError: There is no such scale, or the seed is no sequence of integers from 0.
    """
    if any(part < 0 for part in seed):
        raise UsageError(f"a seed is made of integers from 0, not {seed!r}")
    return (_first_big if scale in {"medium", "large"} else _first_small)(domain, seed, scale)


def hex_digest(state: State) -> str:
    """Return ``state.digest`` as 32 hexadecimal digits."""
    return f"{state.digest:032x}"


def step_of(call: ToolCall, outcome: Outcome[Any]) -> RecordedCall:
    """Record one call."""
    return RecordedCall(call, outcome.value, outcome.error, hex_digest(outcome.state))


def play(domain: Domain[S], state: S, calls: Iterable[ToolCall]) -> Played:
    """Run calls one after the other; a refused one changes nothing and the next goes on."""
    steps: list[RecordedCall] = []
    for call in calls:
        outcome = domain.apply(state, call)
        state = outcome.state
        steps.append(step_of(call, outcome))
    return Played(state, tuple(steps))


def replay(domain: Domain[S], state: S, steps: Iterable[RecordedCall]) -> Mismatch | None:
    """Run recorded steps again and return the first that differs, None if all come again.

    Compared as JSON, so that a step that was written to a file and read back equals what it was.
    """
    for index, recorded in enumerate(steps):
        outcome = domain.apply(state, recorded.call)
        now = step_of(recorded.call, outcome)
        if _json(now.value) != _json(recorded.value):
            return Mismatch(index, "value", recorded, now)
        if now.error != recorded.error:
            return Mismatch(index, "error", recorded, now)
        if now.digest != recorded.digest:
            return Mismatch(index, "digest", recorded, now)
        state = outcome.state
    return None


_json = msgspec.json.Encoder(order="deterministic").encode
