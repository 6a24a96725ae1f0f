"""A walk through a living world: how it is to choose, where it stands, what it has learnt, and every step it took."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import msgspec

from fr_synth.sample.weights import DEFAULT_WEIGHTS, SamplerWeights
from fr_synth.trace.dataflow.executed import ExecutedCall, Feed, Focus, focus_after
from fr_synth.trace.dataflow.provenance import Knowledge, Output, inputs_of
from fr_synth.trace.ranges import Share, check_ranges
from fr_synth.trace.turn_trace import PendingTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from fr_envs.graph.api_graph import ApiGraph, Need
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain, Entities
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.trace.dataflow.provenance import KnownValue
    from fr_synth.trace.target import Target

__all__ = ["Walk", "WalkSettings"]


class WalkSettings(msgspec.Struct, frozen=True):
    """What a walk is to be like. Nothing changes it.

    Attributes:
        depth: Least length of the dialogue's longest chain that turns strive for, in calls; 0 for no such request.
        distractors: Share of turns with a read that nobody needs, from 0 to 1.
        weights: How choices are weighed.
    """

    depth: int = 0
    distractors: Share = 0.0
    weights: SamplerWeights = DEFAULT_WEIGHTS

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            UsageError: A number is out of its range.
        """
        check_ranges(self)


PLAIN_WALK = WalkSettings()


class Walk:
    """Where a dialogue under construction stands. Forking costs what is known, not what the world holds.

    Attributes:
        domain: The world.
        graph: Its API graph.
        rng: Source of every choice.
        settings: What the walk is to be like.
        state: State now.
        turn: Turn now, from 0.
        turn_state: State when the turn began.
        knowledge: What outputs have told.
        steps: Every step so far.
        focus: What "that one" would mean.
        depths: For each step the calls in the longest chain of values that ends with it; 0 where nothing rests on it.
        pinned: For a kind the value that the next request is to be about.
    """

    def __init__(
        self,
        domain: Domain[Any],
        graph: ApiGraph,
        state: State,
        rng: np.random.Generator,
        settings: WalkSettings = PLAIN_WALK,
    ) -> None:
        """Stand in a first state, knowing nothing."""
        self.domain = domain
        self.graph = graph
        self.rng = rng
        self.settings = settings
        self.state = state
        self.turn = 0
        self.turn_state = state
        self.knowledge = Knowledge()
        self.steps: list[ExecutedCall] = []
        self.focus: Focus = {}
        self.depths: list[int] = []
        self.pinned: dict[str, Json] = {}
        self._preferred_source: Feed | None = None
        self._pending: PendingTarget | None = None
        self._words: dict[tuple[str, Json, int | None, str], Mention | None] = {}
        self._unmet_needs: dict[str, Need] = {}
        self._entities: dict[str, Entities | None] = {}

    @property
    def weights(self) -> SamplerWeights:
        """How choices are weighed."""
        return self.settings.weights

    # ------------------------------------------------------------------------------------------ forks and turns

    def fork(self) -> Walk:
        """Return a walk that goes on by itself from here (sharing the generator)."""
        copy = Walk(self.domain, self.graph, self.state, self.rng, self.settings)
        copy.turn, copy.turn_state = self.turn, self.turn_state
        copy.knowledge = self.knowledge.fork()
        copy.steps, copy.focus, copy.depths = list(self.steps), self.focus, list(self.depths)
        copy.pinned = self.pinned
        copy._preferred_source = self._preferred_source
        copy._entities = self._entities
        return copy

    def become(self, other: Walk) -> None:
        """Stand where a fork of this walk has got to."""
        self.state, self.knowledge = other.state, other.knowledge
        self.steps, self.focus, self.depths = other.steps, other.focus, other.depths
        self._forget()

    def next_turn(self) -> None:
        """Begin the next turn here."""
        self.turn += 1
        self._forget()
        self.turn_state = self.state
        self._entities = {}

    def _forget(self) -> None:
        """Forget what held for the moment alone."""
        self._words = {}
        self._unmet_needs = {}

    # ---------------------------------------------------------------------------------------------------- steps

    def take(self, step: ExecutedCall) -> int:
        """Take a step; return how many values it taught."""
        number = len(self.steps)
        self.steps.append(step)
        fed = (each for source in step.sources.values() for each in inputs_of(source))
        depth = 1 + max((self.depths[each.step] for each in fed if isinstance(each, Output)), default=0)
        self.depths.append(0 if step.aside else depth)
        self.state = step.after
        self._forget()
        if step.aside:
            return 0
        if step.user_requested:
            self.focus = focus_after(self.focus, self.domain, step.call, step.result)
        return self.knowledge.learn(number, self.turn, self.domain.spec.tools[step.call.name].returns, step.result)

    def turn_steps(self) -> list[ExecutedCall]:
        """Return the steps of the turn so far."""
        return [step for step in self.steps if step.turn == self.turn]

    def deepest(self) -> int:
        """Return the number of the latest step at the end of a longest chain; there is one at least."""
        return max(range(len(self.steps)), key=lambda step: (self.depths[step], step))

    # ---------------------------------------------------------------------------------- what holds for the moment

    @property
    def preferred_source(self) -> Feed | None:
        """What the calls on the way are to be about if they can; None for no such request."""
        return self._preferred_source

    @contextlib.contextmanager
    def preferring(self, source: Feed | None) -> Iterator[None]:
        """Let the calls of this walk and its forks be about what one call gave, as long as the context lasts."""
        before, self._preferred_source = self._preferred_source, source
        try:
            yield
        finally:
            self._preferred_source = before

    def unmet_need(self, tool: str) -> Need | None:
        """Return what stood in the way of a tool since the last step; None if nothing did, or more than one need."""
        return self._unmet_needs.get(tool)

    def note_unmet(self, tool: str, need: Need) -> None:
        """Remember until the next step that one need stood in the way of a tool."""
        self._unmet_needs[tool] = need

    def words_for(self, place: tuple[str, Json, int | None, str], find: Callable[[], Mention | None]) -> Mention | None:
        """Return the words for a value, looked for once between two steps.

        Args:
            place: Kind, value, the call on which the words rest, if on a particular one, and the role in which it is
                wanted.
            find: Looks for them.
        """
        if place not in self._words:
            self._words[place] = find()
        return self._words[place]

    def permitted(self, kind: str, value: Json, role: str) -> tuple[KnownValue, ...]:
        """Return from where a known value may go to a place with a role, earliest first."""
        known = self.knowledge.sources(kind, value)
        if not self.graph.roles.declared:
            return known
        return tuple(each for each in known if self.graph.roles.permits(kind, each.role, role))

    # ---------------------------------------------------------------------------- what is left to the next turn

    @property
    def pending(self) -> PendingTarget | None:
        """A target that the turn before led up to; None if there is none."""
        return self._pending

    def put_off(self, target: Target, turns: int) -> None:
        """Leave a target to the next turn.

        Args:
            target: The target.
            turns: How many turns have led up to it.
        """
        self._pending = PendingTarget(target, turns)

    def resume(self) -> PendingTarget | None:
        """Return the target that was left to this turn, if any; it is pending no more."""
        pending, self._pending = self._pending, None
        return pending

    # ------------------------------------------------------------------------------------------------ the world

    def entities(self, kind: str) -> Entities | None:
        """Return what the user could mean by a kind when the turn began; None where the world does not say."""
        if kind not in self._entities:
            self._entities[kind] = self.domain.entities(self.turn_state, kind)
        return self._entities[kind]

    def needs(self) -> frozenset[Need]:
        """Return what is had now: the kinds known from outputs and the facts that hold."""
        kinds: list[Need] = [("kind", kind) for kind in self.knowledge.kinds()]
        facts: list[Need] = [("fact", fact) for fact in self.graph.facts if self._holds(fact)]
        return frozenset((*kinds, *facts))

    def _holds(self, fact: str) -> bool:
        about = self.domain.spec.facts[fact].about
        if about is None:
            return self.domain.holds(self.state, fact)
        values = self.knowledge.values(about)
        if not values and self.domain.spec.kinds[about].origin != "issued":
            values = list(self.domain.entities(self.state, about) or ())
        return any(self.domain.holds(self.state, fact, value) for value in values)
