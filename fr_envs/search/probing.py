"""A simple search that calls every tool of a world, so that the contract kit has real outcomes to check.

It works towards one tool at a time: where a fact is missing, by a tool that sets it; where an identifier is missing,
by a tool that gives it. Arguments come from earlier outputs, from what the world suggests, and from the schema.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.contract.samples import sample_value
from fr_envs.contract.schemas import field_schema
from fr_envs.streams import pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain, Outcome
    from fr_envs.world.state import State

__all__ = ["Probe", "Visit", "values_of"]

_ATTEMPTS = 12
"""Bindings of arguments that are tried, each on its own fork, before another tool is taken."""

_RECENT = 30
"""How many values of a kind are remembered; the latest ones."""


class Visit(NamedTuple):
    """One call that was run.

    Attributes:
        before: The state that it started from.
        call: The call.
        outcome: What came of it.
    """

    before: State
    call: ToolCall
    outcome: Outcome[Any]


def values_of(field: Field, value: Json, kind: str) -> Iterator[Json]:
    """Iterate over the values of a kind in a value of a given shape."""
    if value is None:
        return
    if field.array is not None:
        for item in value:
            yield from values_of(field.array, item, kind)
    elif field.object is not None:
        for name, member in field.object.items():
            yield from values_of(member, value.get(name), kind)
    elif field.kind == kind:
        yield value


class Probe:
    """A run through one world that remembers every call and every value that came out.

    Args:
        domain: The world.
        state: First state.
        rng: Source of every choice.
    """

    def __init__(self, domain: Domain[Any], state: State, rng: np.random.Generator) -> None:
        """Start at the first state."""
        self.domain = domain
        self.state = state
        self.rng = rng
        self.visits: list[Visit] = []
        self._known: dict[str, list[Json]] = defaultdict(list)
        self._failed: dict[str, int] = defaultdict(int)
        self._producers: dict[str, list[str]] = defaultdict(list)
        for tool in domain.spec.tools.values():
            for kind in tool.output_kinds():
                self._producers[kind].append(tool.name)

    def reach(self, target: str, steps: int = 40) -> bool:
        """Work towards a successful call of ``target``; return True if it came about within so many steps."""
        for _ in range(steps):
            name = self._towards(target, frozenset())
            done = self.attempt(name)
            if done and name == target:
                return True
            if not done and self.rng.random() < 0.5:
                self.attempt(self._any())
        return False

    def wander(self, steps: int) -> None:
        """Call tools at random."""
        for _ in range(steps):
            self.attempt(self._any())

    def attempt(self, name: str) -> bool:
        """Call a tool with a few bindings, each from the same state; keep the first that goes through."""
        for _ in range(_ATTEMPTS):
            visit = Visit(self.state, call := self._bind(name), self.domain.apply(self.state, call))
            self.visits.append(visit)
            if visit.outcome.error is None:
                self.state = visit.outcome.state
                self._harvest(self.domain.spec.tools[name], visit.outcome.value)
                self._failed[name] = 0
                return True
        self._failed[name] += 1
        return False

    def _any(self) -> str:
        names = list(self.domain.spec.tools)
        return pick(self.rng, names)

    def _harvest(self, tool: ToolSpec, value: JsonObject) -> None:
        for kind in tool.output_kinds():
            for name, field in tool.returns.items():
                fresh = [v for v in values_of(field, value.get(name), kind) if v not in self._known[kind]]
                self._known[kind] = (self._known[kind] + fresh)[-_RECENT:]

    def _towards(self, target: str, tried: frozenset[str]) -> str:
        """The tool to call next: the target itself, or one that brings what it lacks."""
        tools = self.domain.spec.tools
        helpers = [name for name in self._missing(tools[target]) if name not in tried and name != target]
        if not helpers:
            return target
        weights = [1 / (1 + self._failed[name]) for name in helpers]
        chosen = helpers[int(self.rng.choice(len(helpers), p=[w / sum(weights) for w in weights]))]
        return self._towards(chosen, tried | {target})

    def _missing(self, tool: ToolSpec) -> list[str]:
        """Tools that set the first fact that does not hold, or give the first identifier that is not known."""
        spec = self.domain.spec
        for fact in tool.needs:
            if not self._can_hold(fact):
                setters = [t.name for t in spec.tools.values() if fact in t.sets]
                about = self._producers[spec.facts[fact].about or ""]  # it may hold of one that is not known yet
                return about if not setters or (about and self.rng.random() < 0.3) else setters
        for kind in tool.input_kinds():
            stale = self._failed[tool.name] > 0 and self.rng.random() < 0.5  # other values may do where these did not
            if spec.kinds[kind].origin == "issued" and (stale or not self._known[kind]):
                return self._producers[kind]
        if self._failed[tool.name]:  # it may refuse because what it sets holds already
            done = {fact for fact in tool.sets if spec.facts[fact].about is None and self._can_hold(fact)}
            return [t.name for t in spec.tools.values() if done & set(t.clears)]
        return []

    def _can_hold(self, fact: str) -> bool:
        about = self.domain.spec.facts[fact].about
        if about is None:
            return self.domain.holds(self.state, fact)
        return any(self.domain.holds(self.state, fact, value) for value in self._known[about])

    # ------------------------------------------------------------------------------------------- arguments

    def _bind(self, name: str) -> ToolCall:
        tool = self.domain.spec.tools[name]
        arguments: JsonObject = {}
        order = sorted(tool.parameters.values(), key=lambda p: not self._issued(p.field))
        for parameter in order:
            if parameter.required or self.rng.random() < 0.3:
                arguments[parameter.name] = self._argument(tool, parameter.name, arguments)
        return ToolCall(name, arguments)

    def _issued(self, field: Field) -> bool:
        return field.kind is not None and self.domain.spec.kinds[field.kind].origin == "issued"

    def _argument(self, tool: ToolSpec, name: str, arguments: JsonObject) -> Json:
        field = tool.parameters[name].field
        suggested = self.domain.suggest(self.state, tool.name, name, arguments, self.rng)
        fitting = [v for v in self._known.get(field.kind or "", ()) if self._fits_facts(tool, name, v)]
        if self._issued(field) and fitting and (suggested is None or self.rng.random() < 0.8):
            return pick(self.rng, fitting)
        if suggested is not None:
            return suggested
        return self._shaped(field)

    def _fits_facts(self, tool: ToolSpec, name: str, value: Json) -> bool:
        facts = (self.domain.spec.facts[fact] for fact in tool.needs)
        about = [f.name for f in facts if f.about is not None and tool.about(f.about) == name]
        return all(self.domain.holds(self.state, fact, value) for fact in about)

    def _shaped(self, field: Field) -> Json:
        """A value of a shape: known values of its kinds where there are any, else drawn from the schema."""
        if field.array is not None:
            least = max(field.min_items, 1)
            count = int(self.rng.integers(least, min(field.max_items or least + 2, least + 2) + 1))
            return [self._shaped(field.array) for _ in range(count)]
        if field.object is not None:
            return {name: self._shaped(member) for name, member in field.object.items()}
        known = self._known.get(field.kind or "")
        if known and self.rng.random() < 0.8:
            return pick(self.rng, known)
        examples = self.domain.spec.kinds[field.kind].examples if field.kind is not None else ()
        return pick(self.rng, examples) if examples else sample_value(field_schema(self.domain.spec, field), self.rng)
