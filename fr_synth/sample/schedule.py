"""What each index of a run aims at: even over worlds, kinds of target and targets, and any index computed on its own.

The turns of a world stand in one row of slots without gaps. Dialogues that follow each other take the possible numbers
of turns in blocks, each number once, so where a dialogue begins in the row follows from its index. In every stretch of
as many slots as the weights of the mix add up to, each kind has as many slots as its weight; the targets of a kind fill
its slots in an order of the seed, each once before any comes up again.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.streams import ScheduleStream, generator
from fr_synth.sample.targets import KINDS, PRESETS, TargetKind
from fr_synth.sample.threads import threaded
from fr_synth.sample.weights import DEFAULT_WEIGHTS, SamplerWeights
from fr_synth.trace.target import ToolTarget

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fr_envs.episode.turn_kind import TurnKind
    from fr_synth.sample.kinds import KindShares
    from fr_synth.sample.targets import Mix
    from fr_synth.sample.threads import Seen
    from fr_synth.trace.target import Target

__all__ = [
    "Aims",
    "DialogueTargets",
    "Offers",
    "draw_asides",
    "draw_drill",
    "draw_kinds",
    "draw_situations",
    "draw_targets",
    "drill_number",
]

Offers: TypeAlias = "Mapping[TargetKind, tuple[Target, ...]]"
"""The targets of a world, by kind; it has tools at least."""


class DialogueTargets(NamedTuple):
    """The targets of one dialogue: in which world, and what each turn aims at.

    Attributes:
        domain: Position of the world in the run's list.
        targets: For each turn the target, then others that may take its place.
    """

    domain: int
    targets: tuple[tuple[Target, ...], ...]


class Aims(NamedTuple):
    """What the drills of one world aim at.

    Attributes:
        offers: The targets of the world.
        mix: How many slots each kind of target has.
        weights: How many further tools and edges stand ready.
        late: Targets that come behind the others of their kind in every round.
        seen: Where things are seen: then the edges of a dialogue follow from each other (``fr_synth.sample.threads``);
            None for no order.
    """

    offers: Offers
    mix: Mix
    weights: SamplerWeights
    late: Collection[Target] = ()
    seen: Seen | None = None


def draw_targets(
    seed: int,
    index: int,
    offers: Sequence[Offers],
    turns: tuple[int, int],
    mix: Mix = PRESETS["mixed"],
    weights: SamplerWeights = DEFAULT_WEIGHTS,
) -> DialogueTargets:
    """Compute what an index aims at.

    Behind every target other than a tool stands the tool that the user would ask for in it (before that, behind an
    edge, another edge, which so gets a second world to be walked in); behind that stand further tools. A kind of which
    a world has no target gives its slots to the others; without any, to tools.

    Args:
        seed: Seed of the run.
        index: Index of the record, from 0.
        offers: For each world of the run its targets.
        turns: Least and most turns of a dialogue.
        mix: How many slots each kind of target has.
        weights: How many further tools and edges stand ready.
    """
    world, own = index % len(offers), index // len(offers)
    return DialogueTargets(world, draw_drill((seed, world), own, turns, Aims(offers[world], mix, weights)))


def draw_drill(
    schedule: tuple[int, int], number: int, turns: tuple[int, int], aims: Aims
) -> tuple[tuple[Target, ...], ...]:
    """Compute what the turns of a drill aim at, as ``draw_targets`` does.

    Args:
        schedule: Seed of the run and position of the world in it.
        number: How many drills of the world come before this one.
        turns: Least and most turns of a dialogue.
        aims: What drills of the world aim at.
    """
    first, count = _slots(*schedule, number, turns)
    slots = tuple((kind, weight) for kind, weight in aims.mix.items() if weight and aims.offers.get(kind))
    row = _Row(*schedule, aims.offers, slots or (("tool", 1),), turns, aims.late, aims.seen)
    return tuple(row.choices(slot, aims.weights) for slot in range(first, first + count))


def draw_situations(seed: int, index: int, worlds: Sequence[int], drills: float) -> tuple[int, ...]:
    """Return the numbers of the situations that an index may play, first choice first; none for a drill.

    In each stretch of 20 dialogues of a world, so many are drills as their share says; the situations come in an order
    of the seed, each once before any comes up again. ``fr_synth.run.stories`` goes by it among those that a run has
    told equally often.

    Args:
        seed: Seed of the run.
        index: Index of the record, from 0.
        worlds: For each world of the run how many situations it has.
        drills: Share of dialogues that are drills, from 0 to 1.

    Example:
        >>> draw_situations(7, 0, (50,), 1.0), len(draw_situations(7, 0, (50,), 0.0))
        ((), 50)
    """
    world, own = index % len(worlds), index // len(worlds)
    count = worlds[world]
    before, is_drill = _before((seed, world), own, drills)
    if not count or is_drill:
        return ()
    around, rank = divmod(before, count)
    ranks = _permutation((seed, world, around, ScheduleStream.SITUATIONS, 1), count)
    turned, half = (*ranks[rank:], *ranks[:rank]), count // 2 + 1
    return turned[0], *turned[half:], *turned[1:half]


def drill_number(seed: int, index: int, worlds: Sequence[int], drills: float) -> int:
    """Return how many drills of its world come before an index: by that drills share out their targets among them.

    Args:
        seed: Seed of the run.
        index: Index of a record, from 0.
        worlds: For each world of the run how many situations it has.
        drills: Share of dialogues that are drills, from 0 to 1.

    Example:
        >>> [drill_number(7, index, (50,), 0.1) for index in (0, 20, 40)], drill_number(7, 40, (0,), 0.1)
        ([0, 2, 4], 40)
    """
    world, own = index % len(worlds), index // len(worlds)
    if not worlds[world]:
        return own
    before, _ = _before((seed, world), own, drills)
    return own - before


def _before(schedule: tuple[int, int], own: int, drills: float) -> tuple[int, bool]:
    """Return how many dialogues of a world before one play situations, and whether that one is a drill."""
    stretch, place = divmod(own, _STRETCH)
    order = _permutation((*schedule, stretch, ScheduleStream.SITUATIONS), _STRETCH)
    idle = round(drills * _STRETCH)
    return stretch * (_STRETCH - idle) + sum(order[k] >= idle for k in range(place)), order[place] < idle


def draw_kinds(seed: int, index: int, worlds: int, turns: tuple[int, int], shares: KindShares) -> tuple[TurnKind, ...]:
    """Return the kinds of turn that should come up in the dialogue of an index besides ``act``.

    A world's dialogues take as many turns of other kinds as their shares of the turns make, spread evenly; which kinds
    follows an order of the seed, in which each has as many places in a stretch as its share says.

    Args:
        seed: Seed of the run.
        index: Index of the record, from 0.
        worlds: Number of worlds of the run.
        turns: Least and most turns of a dialogue.
        shares: Share of all turns that each kind is to have, from 0 to 1.

    Example:
        >>> draw_kinds(7, 0, 1, (2, 4), {}), len(draw_kinds(7, 0, 1, (2, 4), {"ask": 0.25, "no_call": 0.25}))
        ((), 2)
    """
    world, own = index % worlds, index // worlds
    pattern = tuple(kind for kind, share in shares.items() for _ in range(round(share * _PLACES)))
    each = sum(shares.values()) * sum(turns) / 2 * _MORE
    first, end = math.floor(own * each), math.floor((own + 1) * each)
    found: list[TurnKind] = []
    for place in range(first, end) if pattern else ():
        stretch, at = divmod(place, len(pattern))
        order = _permutation((seed, world, stretch, ScheduleStream.KINDS), len(pattern))
        found.append(pattern[order[at]])
    return tuple(found)


def draw_asides(seed: int, index: int, place: int, count: int) -> tuple[int, ...]:
    """Return the numbers of what can be said besides in a dialogue, in the order in which it is tried.

    Args:
        seed: Seed of the run.
        index: Index of the record, from 0.
        place: Which of the dialogue's asides this is, from 0.
        count: How many there are to choose from.
    """
    return _permutation((seed, index, place, ScheduleStream.KINDS, 1), count)


_MORE = 1.6  # drills have no such turns, dialogues come out longer than the middle, and some find no place (measured)
_PLACES = 200  # turns among which kinds are spread by their shares
_STRETCH = 20  # dialogues of a world among which drills are spread evenly


def _slots(seed: int, world: int, own: int, turns: tuple[int, int]) -> tuple[int, int]:
    """Return the first slot of a world's dialogue and how many it has."""
    least, most = turns
    span = most - least + 1
    block, place = divmod(own, span)
    counts = [least + more for more in _permutation((seed, world, block, ScheduleStream.LENGTH), span)]
    return block * sum(counts) + sum(counts[:place]), counts[place]


def _dialogue_of(schedule: tuple[int, int], slot: int, turns: tuple[int, int]) -> int:
    """Return which dialogue of a world a slot belongs to."""
    least, most = turns
    span = most - least + 1
    block, place = divmod(slot, span * (least + most) // 2)
    for number, more in enumerate(_permutation((*schedule, block, ScheduleStream.LENGTH), span)):
        place -= least + more
        if place < 0:
            return block * span + number
    raise AssertionError("a block has as many slots as its dialogues have turns")


class _Row(NamedTuple):
    """The slots of one world.

    Attributes:
        seed: Seed of the run.
        world: Position of the world.
        offers: Its targets.
        weights: (kind, slots that it has in each stretch).
        turns: Least and most turns of a dialogue.
        late: Targets that come behind the others of their kind in every round.
        seen: Where things are seen; None where edges follow in no order.
    """

    seed: int
    world: int
    offers: Offers
    weights: tuple[tuple[TargetKind, int], ...]
    turns: tuple[int, int]
    late: Collection[Target]
    seen: Seen | None

    def choices(self, slot: int, weights: SamplerWeights) -> tuple[Target, ...]:
        """Return the target of a slot, then those that may take its place, so many of them as the weights say."""
        kind, rank = self._place(slot)
        if kind == "tool":
            return self._in_order(kind, rank, weights.spare_targets + 1)
        (first,) = self._in_order(kind, rank, 1)
        spare_edges = weights.spare_edges if kind == "edge" else 0
        half = len(self.offers[kind]) // 2
        again = self._in_order(kind, rank, spare_edges, half)  # far from their own places
        behind = (ToolTarget(first.tool), *self._in_order("tool", slot, weights.spare_targets + 1))
        return tuple(dict.fromkeys((first, *again, *(tool for tool in behind if tool in self.offers["tool"]))))

    def _place(self, slot: int) -> tuple[TargetKind, int]:
        """Return the kind of a slot, and how many slots of that kind come before it."""
        stretch, place = divmod(slot, sum(weight for _, weight in self.weights))
        pattern = [kind for kind, weight in self.weights for _ in range(weight)]
        order = _permutation((self.seed, self.world, stretch, ScheduleStream.PATTERN), len(pattern))
        kind = pattern[order[place]]
        before = sum(pattern[k] == kind for k in order[:place])
        return kind, stretch * dict(self.weights)[kind] + before

    def _in_order(self, kind: TargetKind, rank: int, count: int, first: int = 0) -> tuple[Target, ...]:
        """Return so many targets from that of a rank on in its round, each once, the ``first`` ones passed over."""
        around, place = divmod(rank, len(self.offers[kind]))
        order = _order(self._replace(late=frozenset(self.late)), kind, around)
        taken = range(first, min(first + count, len(order)))
        return tuple([order[(place + k) % len(order)] for k in taken])

    def round_of(self, kind: TargetKind, around: int) -> tuple[Target, ...]:
        """Return the targets of a kind in the order of a round."""
        targets = self.offers[kind]
        order = _permutation((self.seed, self.world, around, ScheduleStream.ORDER, KINDS.index(kind)), len(targets))
        shuffled = [targets[number] for number in order]
        first = [target for target in shuffled if target not in self.late]
        late = [target for target in shuffled if target in self.late]
        if kind != "edge" or self.seen is None:
            return (*first, *late)
        begins = self._begins(kind, around * len(targets), len(targets))
        later = {rank - len(first) for rank in begins}
        return (*threaded(first, begins, self.seen), *threaded(late, later, self.seen))

    def _begins(self, kind: TargetKind, start: int, count: int) -> set[int]:
        """Return which of so many slots of a kind, from one on, are the first of their kind in a dialogue."""
        found, dialogue = set[int](), -1
        for rank in range(start, start + count):
            own = _dialogue_of((self.seed, self.world), self._slot(kind, rank), self.turns)
            if own != dialogue:
                found.add(rank - start)
            dialogue = own
        return found

    def _slot(self, kind: TargetKind, rank: int) -> int:
        """Return the slot of a kind that so many of that kind come before."""
        whole, own = sum(weight for _, weight in self.weights), dict(self.weights)[kind]
        stretch, nth = divmod(rank, own)
        pattern = [kind for kind, weight in self.weights for _ in range(weight)]
        order = _permutation((self.seed, self.world, stretch, ScheduleStream.PATTERN), len(pattern))
        places = [place for place, number in enumerate(order) if pattern[number] == kind]
        return stretch * whole + places[nth]


@functools.lru_cache(maxsize=256)
def _permutation(stream: tuple[int, ...], length: int) -> tuple[int, ...]:
    return tuple(generator(*stream).permutation(length).tolist())


_KEPT = 64  # rounds of which the order is kept
_ROUNDS: dict[tuple[object, ...], tuple[Target, ...]] = {}


def _order(row: _Row, kind: TargetKind, around: int) -> tuple[Target, ...]:
    """Return the targets of a kind in the order of a round, worked out once for the rounds asked for lately."""
    key = (row.seed, row.world, row.offers[kind], row.weights, row.turns, row.late, row.seen, kind, around)
    found = _ROUNDS.get(key)
    if found is None:
        while len(_ROUNDS) >= _KEPT:
            del _ROUNDS[next(iter(_ROUNDS))]
        found = _ROUNDS[key] = row.round_of(kind, around)
    return found
