"""Figures of rollouts, added up: by world, by turn, by kind of turn."""

from __future__ import annotations

import collections
import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_synth.evaluate.rollouts import Rollout

__all__ = ["RolloutTotals", "Share", "tally"]


class Share(msgspec.Struct, frozen=True):
    """How well a part of the rollouts, or of their turns, went.

    Attributes:
        number: How many.
        score: Their mean score, from 0 to 1.
        perfect: Share of them with the score 1, from 0 to 1.
    """

    number: int
    score: float
    perfect: float


class RolloutTotals(msgspec.Struct, frozen=True):
    """Figures of rollouts.

    Attributes:
        agent: Who played; several names are joined by commas.
        all: Every rollout.
        by_domain: By world.
        by_turn: By number of the turn, from 0; of turns, not rollouts.
        by_kind: By kind of turn; of turns likewise.
        by_trait: By trait; of turns, each counted under every trait that it has.
        endings: Number of rollouts by how they ended.
        steps: Messages that the agent wrote.
        calls: Calls that it made.
        invalid: Calls among them that were malformed, of no tool offered, or had invalid arguments.
    """

    agent: str
    all: Share
    by_domain: dict[str, Share]
    by_turn: tuple[Share, ...]
    by_kind: dict[str, Share]
    by_trait: dict[str, Share]
    endings: dict[str, int]
    steps: int
    calls: int
    invalid: int


def tally(rollouts: Iterable[Rollout]) -> RolloutTotals:
    """Add rollouts up. Their messages play no part, so they need not be kept for it.

    Those that were dropped, since the user let something slip, count among the endings alone.
    """
    everything = list(rollouts)
    rollouts = [rollout for rollout in everything if not rollout.dropped]
    domains: dict[str, list[float]] = {}
    places: dict[int, list[float]] = {}
    kinds: dict[str, list[float]] = {}
    traits: dict[str, list[float]] = {}
    for rollout in rollouts:
        domains.setdefault(rollout.domain, []).append(rollout.score)
        for number, turn in enumerate(rollout.turns):
            places.setdefault(number, []).append(turn.score)
            kinds.setdefault(turn.kind, []).append(turn.score)
            for trait in turn.traits:
                traits.setdefault(trait, []).append(turn.score)
    turns = [turn for rollout in rollouts for turn in rollout.turns]
    return RolloutTotals(
        agent=", ".join(dict.fromkeys(rollout.agent for rollout in everything)),
        all=_share([rollout.score for rollout in rollouts]),
        by_domain={name: _share(scores) for name, scores in sorted(domains.items())},
        by_turn=tuple(_share(scores) for _, scores in sorted(places.items())),
        by_kind={name: _share(scores) for name, scores in sorted(kinds.items())},
        by_trait={name: _share(scores) for name, scores in sorted(traits.items())},
        endings=dict(sorted(collections.Counter(rollout.ending for rollout in everything).items())),
        steps=sum(turn.steps for turn in turns),
        calls=sum(turn.calls for turn in turns),
        invalid=sum(turn.invalid for turn in turns),
    )


def _share(scores: list[float]) -> Share:
    number = len(scores)
    if not number:
        return Share(0, 0.0, 0.0)
    perfect = sum(score >= 1.0 for score in scores)
    return Share(number, round(math.fsum(scores) / number, 6), round(perfect / number, 6))
