"""Which situation an index of a run plays, what stands in for it, and how often the run has come to it before.

All of it follows from the seed, the index and the configuration, so that any worker can make any index.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.loading import kind_of, kinds_of_turns, most_turns, traits_of_turns
from fr_envs.streams import DialogueStream, generator
from fr_synth.sample.schedule import draw_asides, draw_kinds, draw_situations, drill_number
from fr_synth.situations.mishaps.plan import whole_share
from fr_synth.trace.target import EdgeTarget

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_synth.language.taking_back import Reason
    from fr_synth.run.config import RunConfig
    from fr_synth.sample.kinds import KindShares
    from fr_synth.sample.schedule import Offers
    from fr_synth.situations.mishaps.plan import Shares
    from fr_synth.trace.target import Target

__all__ = ["ONE_MATTER", "Stories", "Story", "of_one", "told_by_stories"]

ONE_MATTER = 6
"""Turns up to which a dialogue has to come out of one situation; none has many more."""

_BLOCK = 2_000  # dialogues of a world over which it is counted how often a situation has come up
_KEPT = 256  # stories kept of each world, of the latest indexes
_APART = 26  # dialogues of a world before a situation may come again, where there are three times as many situations
_ITS_TURN = 3  # what it counts to be chosen when it is one's turn, and not for a kind or trait that few others have
_STRIDE = 7  # by which a block begins later in the orders of persons and wordings than the one before it


class Story(NamedTuple):
    """What an index plays.

    Attributes:
        order: Numbers of the situations that it may play, first choice first; none for a drill.
        kinds: Kinds of turn that should come up besides ``act``.
        whole: Every turn of the situation comes up that can.
        times: How often the first choice was one before in its stretch of the run, moved on by stretch. Counted are the
            indexes of the same world; what became of them plays no part.
    """

    order: tuple[int, ...]
    kinds: tuple[TurnKind, ...]
    whole: bool
    times: int


class Having(NamedTuple):
    """What turns the situations of a world have.

    Attributes:
        kinds: For each situation the kinds of its turns.
        traits: For each the traits that its turns have by their author's word.
    """

    kinds: tuple[frozenset[TurnKind], ...]
    traits: tuple[frozenset[str], ...]


def _having(situations: Sequence[Situation]) -> Having:
    return Having(tuple(map(kinds_of_turns, situations)), tuple(map(traits_of_turns, situations)))


class Stories:
    """The situations of a run.

    Args:
        config: What the run is.
        situations: For each world its situations.
        kinds: Share of all turns that each kind is to have.
        shares: How often which trait is to come up.
    """

    def __init__(
        self, config: RunConfig, situations: Sequence[tuple[Situation, ...]], kinds: KindShares, shares: Shares
    ) -> None:
        """Keep what follows from the configuration."""
        self._config = config
        self._kinds = kinds
        self._shares = shares
        self._counts = tuple(map(len, situations))
        self._most = tuple(tuple(map(most_turns, each)) for each in situations)
        self._having = tuple(map(_having, situations))
        self._passed: dict[int, _Passed] = {}

    def story(self, index: int) -> Story:
        """Return what an index plays."""
        own, world = divmod(index, len(self._counts))
        passed = self._passed.get(world)
        if passed is None or passed.block != own // _BLOCK or own < passed.oldest:
            passed = self._passed[world] = _Passed(own // _BLOCK)
        while passed.reached <= own:
            passed.add(*self._drawn(passed.reached * len(self._counts) + world, passed))
        return passed.stories[own]

    def _drawn(self, index: int, passed: _Passed) -> tuple[Story, int | None]:
        """Return what an index plays, and the situation whose turn it is."""
        seed, config = self._config.seed, self._config
        world = index % len(self._counts)
        most = self._most[world]
        line = passed.in_line(draw_situations(seed, index, self._counts, config.drills))
        kinds = draw_kinds(seed, index, len(self._counts), config.turns, self._kinds) if line else ()
        whole = bool(generator(seed, index, 0, DialogueStream.SCALE).random(2)[1] < whole_share(self._shares))
        having, trait = self._having[world], _trait_wanted(self._shares, seed, index)
        chosen = _called_for(line, having, kinds, trait) if line else None
        rng = generator(seed, index, 0, DialogueStream.STAND_INS)
        order = () if chosen is None else _with_stand_ins(chosen, line, having, kinds, rng)
        if order and trait in having.traits[order[0]]:  # it comes up; what is put right was done straight away before
            whole, kinds = True, () if trait == "correction" else kinds
        order = _longest_first(order, most) if whole else order
        least = of_one(config.turns) - len(kinds)
        order = tuple([k for k in order if most[k] >= least])
        return Story(order, kinds, whole, passed.times(order)), next(iter(line), None)

    def drill(self, index: int) -> int:
        """Return how many drills of its world come before an index."""
        return drill_number(self._config.seed, index, self._counts, self._config.drills)

    def besides(self, asides: tuple[Situation, ...], kind: TurnKind, index: int, place: int) -> tuple[Situation, ...]:
        """Return what can be said besides of a kind, in the order in which it is tried.

        Args:
            asides: What can be said in the world.
            kind: The kind.
            index: The index.
            place: Number of the kind among those that the index should have.
        """
        fitting = [each for each in asides if kind_of(each) == kind]
        return tuple(fitting[k] for k in draw_asides(self._config.seed, index, place, len(fitting)))


class _Passed:
    """What the indexes of a world came to from the beginning of a block on, the latest kept.

    Attributes:
        block: Number of the block.
        reached: The world's own number of the next index.
        stories: The latest stories, by the world's own numbers.
    """

    def __init__(self, block: int) -> None:
        self.block = block
        self.reached = block * _BLOCK
        self.stories: dict[int, Story] = {}
        self._counted = collections.Counter[int]()
        self._served = collections.Counter[int]()
        self._latest = collections.deque[int](maxlen=_APART)

    @property
    def oldest(self) -> int:
        """The lowest number that is still kept."""
        return next(iter(self.stories), self.reached)

    def in_line(self, order: tuple[int, ...]) -> tuple[int, ...]:
        """Return an order of situations in which those served least come first, and those chosen lately at the end."""
        count = _kept_apart(order)
        latest = set(list(self._latest)[-count:]) if count else set()
        return tuple(sorted(order, key=lambda number: (number in latest, self._served[number])))

    def times(self, order: tuple[int, ...]) -> int:
        """Return how often the first of an order was chosen before, moved on by block."""
        return self.block * _STRIDE + (self._counted[order[0]] if order else 0)

    def add(self, story: Story, head: int | None) -> None:
        """Go on by an index.

        Args:
            story: What it plays.
            head: The situation whose turn it was; one that was called for before its turn keeps most of its turn.
        """
        for chosen in story.order[:1]:
            self._counted[chosen] += 1
            self._served[chosen] += _ITS_TURN if chosen == head else 1
            self._latest.append(chosen)
        self.stories[self.reached] = story
        self.reached += 1
        if len(self.stories) > _KEPT:
            del self.stories[self.oldest]


def told_by_stories(offers: Offers, spec: DomainSpec, situations: Sequence[Situation]) -> frozenset[Target]:
    """Return the edges of a world between tools that one story calls: a run walks many of them without a drill.

    A story calls its requests and look-ups, and the lists with which an expert finds what these take.

    Args:
        offers: The targets, by kind.
        spec: Contract of the world.
        situations: Its situations.
    """
    told = [_called(spec, situation) for situation in situations]
    edges = (edge for edge in offers.get("edge", ()) if isinstance(edge, EdgeTarget))
    return frozenset(edge for edge in edges if any({edge.producer, edge.tool} <= tools for tools in told))


def _called(spec: DomainSpec, situation: Situation) -> set[str]:
    """Return the tools that a situation calls, with those that its calls need on the way."""
    found: set[str] = set()
    turns = list(situation.turns)
    while turns:
        turn = turns.pop()
        turns += turn.then
        for request in turn.requests:
            found |= {request.call, *(each.call for each in request.lookups)}
    kinds = {p.field.kind for name in found if name in spec.tools for p in spec.tools[name].parameters.values()}
    return found.union(*(spec.kinds[kind].canonical[:1] for kind in kinds if kind is not None))


def of_one(turns: tuple[int, int]) -> int:
    """Return how many turns a situation has to have: the least, where not several follow each other."""
    return turns[0] if turns[0] <= ONE_MATTER else 1


def _longest_first(order: Sequence[int], most: Sequence[int]) -> tuple[int, ...]:
    """Return an order of situations in which those of many turns come first, and nothing else is changed."""
    return tuple(sorted(order, key=lambda number: most[number] < _MANY_TURNS))


_MANY_TURNS = 3  # turns from which on a late one can rest on something several turns back


def _trait_wanted(shares: Shares, seed: int, index: int) -> Reason | None:
    """Return the trait that a dialogue should have by a turn of its situation's own; None for any or none."""
    drawn = generator(seed, index, 1, DialogueStream.SCALE).random()
    correcting = min(0.5, _CORRECTING * shares.correction)
    if drawn < correcting:
        return "correction"
    return "change_of_mind" if drawn < correcting + min(0.5, _RECONSIDERING * shares.change_of_mind) else None


def _called_for(line: tuple[int, ...], having: Having, kinds: Sequence[TurnKind], trait: Reason | None) -> int:
    """Return the situation of a line that is called for.

    One with a turn of the wanted trait comes before any other, whichever was not chosen lately; then the one of the
    next that has most of the scheduled kinds, the first of several.
    """
    wanted = _FEW_HAVE & frozenset(kinds)
    having_trait = (k for k in line[: len(line) - _kept_apart(line)] if trait in having.traits[k])
    having_kinds = max(line[:_LOOK_AHEAD], key=lambda k: _served_by(wanted & having.kinds[k]))
    return next(having_trait, having_kinds)


def _served_by(kinds: frozenset[TurnKind]) -> int:
    """Return how well a situation serves with kinds that are called for: those that few asides have count twice."""
    return len(kinds) + len(kinds & _STORIES_HAVE)


def _with_stand_ins(
    chosen: int, line: tuple[int, ...], having: Having, kinds: Sequence[TurnKind], rng: np.random.Generator
) -> tuple[int, ...]:
    """Return a situation, then those that stand in for it: such as neither came lately nor come soon, then the others.

    Those with a turn of a scheduled kind come first, in an order that is drawn.
    """
    far = line[_SOON : len(line) - _kept_apart(line)]
    drawn = [far[k] for k in rng.permutation(len(far)).tolist()]
    wanted = _FEW_HAVE & frozenset(kinds)
    return tuple(dict.fromkeys((chosen, *sorted(drawn, key=lambda k: -_served_by(wanted & having.kinds[k])), *line)))


def _kept_apart(order: Sequence[int]) -> int:
    """Return how many dialogues of a world lie between two that begin with one and the same situation."""
    return min(_APART, len(order) // 3)


# dialogues that look for a story with such a turn of its own, by the share of turns (measured over 1,000)
_CORRECTING, _RECONSIDERING = 4.0, 2.2
_FEW_HAVE: frozenset[TurnKind] = frozenset({"ask", "choose", "confirm", "missing_tool", "out_of_scope", "refuse"})
_STORIES_HAVE: frozenset[TurnKind] = frozenset({"choose", "confirm", "refuse"})
_SOON = 8  # situations at the head of a line that are told soon anyway
_LOOK_AHEAD = 26  # situations among which one with a wanted kind is looked for
