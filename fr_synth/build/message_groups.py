"""Which calls go out in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_synth.trace.dataflow.executed import ExecutedCall, feeds
from fr_synth.verify.calls.independent import independent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["groups"]


def groups(domain: Domain[Any], steps: Sequence[ExecutedCall], first: int, *, fan_out: bool = True) -> list[list[int]]:
    """Split a turn's calls into messages: those that follow each other and are independent go out together.

    A call that fails, a mistake, what undoes it, and what is made anew after that go out alone; so does one that lets
    time pass: who waits looks afterwards.

    Args:
        domain: The world.
        steps: The turn's calls.
        first: Number in the dialogue of the first of them.
        fan_out: Let calls go out together at all.
    """
    together: list[list[int]] = []
    for position, step in enumerate(steps):
        current = together[-1] if together else []
        mends = bool(current and current[0]) and _goes_wrong(steps[current[0] - 1])
        if fan_out and current and not mends and _joins(domain, [steps[k] for k in current], step, first + current[0]):
            current.append(position)
        else:
            together.append([position])
    return together


def _goes_wrong(step: ExecutedCall) -> bool:
    return step.faulted or step.purpose == "slip"


def _joins(domain: Domain[Any], current: Sequence[ExecutedCall], step: ExecutedCall, first: int) -> bool:
    """Return True if a call may go out with those before it, the first of which has a number in the dialogue."""
    members = [*current, step]
    if any(member.error or member.purpose == "slip" or _passes_time(domain, member) for member in members):
        return False
    numbers = set(range(first, first + len(current)))
    return not feeds(step) & numbers and independent(domain, members[0].before, members, step.after)


def _passes_time(domain: Domain[Any], step: ExecutedCall) -> bool:
    clock = domain.hooks.time
    return clock is not None and clock.now(step.before) != clock.now(step.after)
