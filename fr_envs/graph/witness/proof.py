"""Witnesses: for an edge of the API graph two executed calls that prove it.

::

    seed ─ before … ─ FIRST ─ between … ─ SECOND

    data      SECOND takes a value that FIRST gave and goes through; with another well-formed value in its place it is
              refused or leads elsewhere (another result or another state)
    fact      SECOND goes through; without FIRST it is refused with the violation of the fact
    policy    likewise, where the rules demand the fact in this case
    conflict  SECOND is refused with the violation of the fact; without FIRST it goes through

``before`` and ``between`` hold what the two calls need beside each other; every call in them goes through, and none can
be left out. A witness is plain data: ``check_witness`` executes it again from its seed and believes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from fr_envs.graph.api_graph import Edge
from fr_envs.graph.witness.value_walk import walk_values
from fr_envs.json_values import Json, parts_of
from fr_envs.world.domain import Scale
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.world.domain import Domain, Outcome
    from fr_envs.world.state import State

__all__ = ["Witness", "check_witness", "proves"]


class Witness(msgspec.Struct, frozen=True):
    """The proof of one edge.

    Attributes:
        edge: What is proven.
        seed: Seed of the first state.
        scale: Scale of the first state.
        before: Calls that lead up to ``first``.
        first: The call of the edge's source.
        between: Calls that ``second`` needs and that come after ``first``.
        second: The call of the edge's target.
        output: JSON pointer to the value in the result of ``first`` (data); empty otherwise.
        argument: JSON pointer to it in the arguments of ``second`` (data); empty otherwise.
        other: The value that was put in its place (data); None otherwise.
    """

    edge: Edge
    seed: int
    scale: Scale
    before: tuple[ToolCall, ...]
    first: ToolCall
    between: tuple[ToolCall, ...]
    second: ToolCall
    output: str = ""
    argument: str = ""
    other: Json = None

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Every call in order."""
        return (*self.before, self.first, *self.between, self.second)


def check_witness(domain: Domain[Any], witness: Witness) -> bool:
    """Execute a witness again from its seed and return True if it proves its edge. O(its calls).

    Example:
        >>> from fr_envs import load_domain
        >>> from fr_envs.graph.api_graph import ApiGraph
        >>> from fr_envs.search.witnesses import find_witnesses
        >>> bank = load_domain("banking")
        >>> found = find_witnesses(bank, edges=ApiGraph(bank.spec).edges()[:1])
        >>> all(witness is not None and check_witness(bank, witness) for witness in found.values())
        True
    """
    return proves(domain, domain.initial(witness.seed, witness.scale), witness)


def proves(domain: Domain[Any], start: State, witness: Witness) -> bool:
    """Return True if a witness proves its edge, from the first state of its seed. O(its calls)."""
    edge = witness.edge
    if (witness.first.name, witness.second.name) != (edge.source, edge.target):
        return False
    ready = _run(domain, start, witness.before)
    first = None if ready is None else domain.apply(ready, witness.first)
    later = None if first is None or first.error is not None else _run(domain, first.state, witness.between)
    if ready is None or first is None or later is None:
        return False
    outcome = domain.apply(later, witness.second)
    if edge.relation == "data":
        return _carries(domain, witness, first) and _matters(domain, later, witness, outcome)
    for call in witness.between:
        ready = domain.apply(ready, call).state
    without = domain.apply(ready, witness.second)
    good, bad = (without, outcome) if edge.relation == "conflict" else (outcome, without)
    return good.error is None and bad.error is not None and bad.error.code == domain.spec.facts[edge.via].violation


def _run(domain: Domain[Any], state: State, calls: Iterable[ToolCall]) -> State | None:
    for call in calls:
        outcome = domain.apply(state, call)
        if outcome.error is not None:
            return None
        state = outcome.state
    return state


def _carries(domain: Domain[Any], witness: Witness, first: Outcome[Any]) -> bool:
    """Return True if the value stands where the edge says, in the result and in the arguments, and is of the kind."""
    edge, spec = witness.edge, domain.spec
    given = [p for p in walk_values(spec.tools[edge.source].returns, first.value) if p.pointer == witness.output]
    fields = {name: p.field for name, p in spec.tools[edge.target].parameters.items()}
    taken = [p for p in walk_values(fields, witness.second.arguments) if p.pointer == witness.argument]
    return [(edge.via, edge.output, p.value) for p in taken] == [(p.kind, p.path, p.value) for p in given] and [
        (edge.via, edge.argument)
    ] == [(p.kind, p.path) for p in taken]


def _matters(domain: Domain[Any], state: State, witness: Witness, outcome: Outcome[Any]) -> bool:
    """Return True if the call goes through, and not in the same way with the other value."""
    if outcome.error is not None:
        return False
    arguments = _replaced(witness.second.arguments, parts_of(witness.argument), witness.other)
    other = domain.apply(state, ToolCall(witness.second.name, arguments))
    if other.error is not None:
        return other.error.code != "invalid_arguments"
    return bool(other.value != outcome.value or other.state.digest != outcome.state.digest)


def _replaced(value: Json, steps: Sequence[str], new: Json) -> Json:
    if not steps:
        return new
    if isinstance(value, list):
        at = int(steps[0])
        return [*value[:at], _replaced(value[at], steps[1:], new), *value[at + 1 :]]
    return {**value, steps[0]: _replaced(value[steps[0]], steps[1:], new)}


class Unproven(NamedTuple):
    """An edge for which no witness was found.

    Attributes:
        edge: The edge.
        attempts: How often it was tried.
        refusals: How often the target refused with which code, most frequent first; ``source`` counts the attempts
            in which not even the source gave what is wanted, ``no difference`` those in which both calls went through
            and proved nothing.
    """

    edge: Edge
    attempts: int
    refusals: tuple[tuple[str, int], ...]


Proof: TypeAlias = Witness | Unproven
