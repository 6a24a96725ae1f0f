"""State edges: does a later call change when an earlier one is left out? Asked on forks of walks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.inference.walks import succeeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.adapters.inference.walks import Walk
    from fr_envs.calls import ToolCall
    from fr_envs.domain import Domain

__all__ = ["StateEdge", "state_edges"]


class StateEdge(NamedTuple):
    """A tool that changes what a later call gives.

    Attributes:
        earlier: The tool that changes something.
        later: The tool whose result is another without it.
        seen: In how many walks without the earlier call the later result was another.
        chances: Out of how many.
        enables: In how many the later call failed without the earlier one.
        blocks: In how many it only went through without it.
        witness: Two calls in which it was seen.
    """

    earlier: str
    later: str
    seen: int
    chances: int
    enables: int
    blocks: int
    witness: tuple[ToolCall, ToolCall]


def state_edges(domain: Domain[Any], walks: Iterable[Walk], *, least: int = 1, share: float = 0.0) -> list[StateEdge]:
    """Leave out each call that changed the state, one at a time, and play what came after it again.

    Args:
        domain: The world.
        walks: Walks in it.
        least: In how many walks an effect must have been seen.
        share: In what share of the walks that had a chance.
    """
    seen: Counter[tuple[str, str]] = Counter()
    chances: Counter[tuple[str, str]] = Counter()
    enables: Counter[tuple[str, str]] = Counter()
    blocks: Counter[tuple[str, str]] = Counter()
    witness: dict[tuple[str, str], tuple[ToolCall, ToolCall]] = {}
    for walk in walks:
        for at, call in enumerate(walk.calls):
            if not succeeded(walk.values[at]):
                continue
            for later, changed, before, after in _without(domain, walk, at):
                pair = call.name, later.name
                chances[pair] += 1
                seen[pair] += changed
                enables[pair] += before and not after
                blocks[pair] += after and not before
                if changed:
                    witness.setdefault(pair, (call, later))
    return [
        StateEdge(*pair, seen[pair], chances[pair], enables[pair], blocks[pair], witness[pair])
        for pair in sorted(witness)
        if seen[pair] >= least and seen[pair] >= share * chances[pair]
    ]


def _without(domain: Domain[Any], walk: Walk, at: int) -> Iterator[tuple[ToolCall, bool, bool, bool]]:
    """Iterate over the later calls: whether the result differs, whether it went through, whether it does without."""
    state = walk.states[at]
    same = state is walk.states[at + 1]
    for index in range(at + 1, len(walk.calls)):
        call, value = walk.calls[index], walk.values[index]
        if same:  # nothing was changed, so nothing changes
            yield call, False, succeeded(value), succeeded(value)
            continue
        outcome = domain.apply(state, call)
        state = outcome.state
        yield call, outcome.value != value, succeeded(value), succeeded(outcome.value)
