"""What each index of a run aims at: even over worlds and targets, and any index computed on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fr_envs.spec import leaves
from fr_envs.witness import unproven_edges
from fr_synth.edges import consumers
from fr_synth.references import owner_member

if TYPE_CHECKING:
    from fr_envs.domain import Domain
    from fr_envs.graph import ApiGraph, Edge

__all__ = ["Aim", "aim", "edges_of", "targets_of"]

_ORDER, _LENGTH, _EDGES = 101, 102, 103  # streams of randomness of the schedule
_EDGE_CHOICES = 1  # edges tried for a turn before its taker is aimed at alone
_SPARE = 6  # further targets that stand ready when one cannot be reached


class Aim(NamedTuple):
    """What an index of a run is to be.

    Attributes:
        domain: Position of the world in the run's list.
        targets: For each turn the target, then others that may take its place.
    """

    domain: int
    targets: tuple[tuple[str, ...], ...]


def targets_of(domain: Domain[Any]) -> tuple[str, ...]:
    """Return the tools that a user can ask for, in the order of the contract."""
    return tuple(name for name, tool in domain.spec.tools.items() if tool.asks and not tool.implicit)


def edges_of(graph: ApiGraph) -> tuple[str, ...]:
    """Return the data edges along which a user's wish can be aimed, as ``giver>taker:kind``, in contract order.

    Left out are edges that no execution has borne out, and those whose value nobody could point at: a kind without
    words, from a result without a noun for it.
    """
    tools, unproven = graph.spec.tools, unproven_edges(graph.spec.name)
    asked = {name for name, tool in tools.items() if tool.asks or (tool.implicit and consumers(graph, name))}
    found = [edge for edge in graph.edges() if edge.relation == "data" and edge.target in asked]
    found = [edge for edge in found if edge not in unproven]
    return tuple(
        dict.fromkeys(f"{edge.source}>{edge.target}:{edge.via}" for edge in found if _can_be_pointed_at(graph, edge))
    )


def _can_be_pointed_at(graph: ApiGraph, edge: Edge) -> bool:
    kind, giver = graph.spec.kinds[edge.via], graph.spec.tools[edge.source]
    if kind.refer or kind.again or ".".join(edge.output) in giver.nouns:
        return True
    around = edge.output[:-1]
    beside = {leaf.path[-1]: leaf.kind for leaf in leaves(giver.returns) if leaf.path[:-1] == around}
    return edge.output[-1] != "*" and owner_member(graph.spec.kinds, beside) not in (None, edge.output[-1])


def aim(
    seed: int,
    index: int,
    targets: list[tuple[str, ...]],
    turns: tuple[int, int],
    edges: list[tuple[str, ...]] | None = None,
) -> Aim:
    """Compute what an index aims at.

    Every target of a world comes up once before any comes up again, in an order of the seed. Where edges are given,
    every other turn aims at one of them, and at its taker alone when the edge cannot be walked.

    Args:
        seed: Seed of the run.
        index: Index of the record, from 0.
        targets: For each world of the run its targets.
        turns: Least and most turns of a dialogue.
        edges: For each world its edges; None to aim at tools alone.
    """
    world, own = index % len(targets), index // len(targets)
    rng = np.random.default_rng([seed, index, _LENGTH])
    count = int(rng.integers(turns[0], turns[1] + 1))
    first = own * turns[1]
    chosen = []
    for slot in range(first, first + count):
        if edges is not None and edges[world] and slot % 2:
            along = _choices(seed, world, slot // 2, edges[world], _EDGES)[:_EDGE_CHOICES]
            taker = along[0].rpartition(">")[2].partition(":")[0]
            chosen.append((*along, taker, *_choices(seed, world, slot, targets[world], _ORDER)))
        else:
            place = slot // 2 if edges is not None and edges[world] else slot
            chosen.append(_choices(seed, world, place, targets[world], _ORDER))
    return Aim(world, tuple(chosen))


def _choices(seed: int, world: int, slot: int, targets: tuple[str, ...], stream: int) -> tuple[str, ...]:
    around, place = divmod(slot, len(targets))
    order = np.random.default_rng([seed, world, around, stream]).permutation(len(targets))
    spare = min(_SPARE, len(targets) - 1)
    return tuple(targets[int(order[(place + k) % len(targets)])] for k in range(spare + 1))
