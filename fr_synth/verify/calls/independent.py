"""Fan-out: which calls may go out in one message. Calls are independent when their order makes no difference.

That is not argued but run: in every order of two or three calls (of more: in reverse, and with each two neighbours
exchanged) every call gives what it gave, and the world ends as it did.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.verify.evidence import Evidence

__all__ = ["independent", "side_by_side"]

_ALL_ORDERS = 3  # calls of which every order is run


def independent(domain: Domain[Any], start: State, calls: Sequence[ExecutedCall], end: State) -> bool:
    """Return True if calls give the same results and the same state in another order.

    Args:
        domain: The world.
        start: State before the first of them.
        calls: Calls with what they gave, in the order in which they ran.
        end: State after the last of them.
    """
    if start.digest == end.digest and all(domain.spec.tools[each.call.name].effect == "read" for each in calls):
        return True  # nothing that one does can matter to another one
    return all(_same(domain, start, order, end) for order in _orders(calls))


def _orders(calls: Sequence[ExecutedCall]) -> Iterator[Sequence[ExecutedCall]]:
    if len(calls) <= _ALL_ORDERS:
        yield from itertools.permutations(calls)
        return
    yield calls[::-1]
    for k in range(len(calls) - 1):
        yield [*calls[:k], calls[k + 1], calls[k], *calls[k + 2 :]]


def _same(domain: Domain[Any], state: State, calls: Sequence[ExecutedCall], end: State) -> bool:
    for each in calls:
        outcome = domain.apply(state, each.call)
        if outcome.error is not None or outcome.value != each.result:
            return False
        state = outcome.state
    return state.digest == end.digest


def side_by_side(evidence: Evidence) -> Iterator[str]:
    """Calls that go out in one message are marked, and run in another order they come to the same."""
    dialogue = evidence.dialogue
    several: dict[int, list[int]] = {}
    for number, call in enumerate(dialogue.calls):
        several.setdefault(call.message, []).append(number)
    several = {message: numbers for message, numbers in several.items() if len(numbers) > 1}
    for number, turn in enumerate(dialogue.turns):
        own = tuple(message for message, numbers in several.items() if dialogue.calls[numbers[0]].turn == number)
        if own != turn.parallel:
            yield f"turn {number}: several calls stand in messages {list(own)}, marked are {list(turn.parallel)}"
    for message, numbers in several.items():
        calls = [evidence.executed[k] for k in numbers]
        start, end = evidence.states[numbers[0]], evidence.states[numbers[-1] + 1]
        if not independent(evidence.domain, start, calls, end):
            yield f"message {message}: in another order its calls come to something else"
