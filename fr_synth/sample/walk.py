"""A walk through a living world: where it stands, what it has learnt, and every step it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_synth.trace.executed import ExecutedCall, Feed, Focus, focus_after
from fr_synth.trace.provenance import Knowledge, Output, inputs_of

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.graph.api_graph import ApiGraph, Need
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain, Entities
    from fr_envs.world.state import State
    from fr_synth.trace.mention import Mention
    from fr_synth.trace.turn_trace import PendingTarget

__all__ = [
    "Walk",
]


class Walk:
    """Where a dialogue under construction stands. Forking costs what is known, not what the world holds.

    Attributes:
        domain: The world.
        graph: Its API graph.
        rng: Source of every choice.
        state: State now.
        turn: Turn now, from 0.
        turn_state: State when the turn began.
        knowledge: What outputs have told.
        steps: Every step so far.
        focus: What "that one" would mean.
        depths: For each step the calls in the longest chain of values that ends with it; 0 where nothing rests on it.
        distract: Share of turns with a read that nobody needs, from 0 to 1.
        depth: Least length of the dialogue's longest chain that turns strive for, in calls; 0 for no such request.
        words: Words found for values since the last step, so that they are looked for once.
        lean: What the calls on the way are to be about if they can; None for no such request.
        begun: A target that the turn before led up to, None if there is none.
        snags: What stood in the way of tools that could not be called since the last step, where that is one need.
    """

    def __init__(self, domain: Domain[Any], graph: ApiGraph, state: State, rng: np.random.Generator) -> None:
        """Stand in a first state, knowing nothing."""
        self.domain = domain
        self.graph = graph
        self.rng = rng
        self.state = state
        self.turn = 0
        self.turn_state = state
        self.knowledge = Knowledge()
        self.steps: list[ExecutedCall] = []
        self.focus: Focus = {}
        self.depths: list[int] = []
        self.depth = 0
        self.distract = 0.0
        self.words: dict[tuple[str, Json, int | None], Mention | None] = {}
        self.preferred_source: Feed | None = None
        self.pending: PendingTarget | None = None
        self.unmet_needs: dict[str, Need] = {}
        self._entities: dict[str, Entities | None] = {}

    def fork(self) -> Walk:
        """Return a walk that goes on by itself from here (sharing the generator)."""
        copy = Walk(self.domain, self.graph, self.state, self.rng)
        copy.turn, copy.turn_state = self.turn, self.turn_state
        copy.knowledge = self.knowledge.fork()
        copy.steps, copy.focus, copy.depths = list(self.steps), self.focus, list(self.depths)
        copy.preferred_source = self.preferred_source
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
        self.words = {}
        self.unmet_needs = {}

    def turn_steps(self) -> list[ExecutedCall]:
        """Return the steps of the turn so far."""
        return [step for step in self.steps if step.turn == self.turn]

    def entities(self, kind: str) -> Entities | None:
        """Return what the user could mean by a kind when the turn began; None where the world does not say."""
        if kind not in self._entities:
            self._entities[kind] = self.domain.entities(self.turn_state, kind)
        return self._entities[kind]

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
