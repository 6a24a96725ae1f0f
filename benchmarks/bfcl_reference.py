"""Reference edges: those that BFCL's own ground-truth trajectories exercise. No inference ever sees them.

Data edge
    An output value of one call is, later in the same case, an argument of another. Counted once a use. Booleans,
    nulls, texts of one character and whole numbers from -10 to 10 say nothing: equal by chance. Errors are no outputs.
State edge
    Without one call, the result of a later one is another. Counted once a pair of calls.

Both are taken between tools, a data edge with the name of the parameter.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bfcl_cases import CLASSES, class_domain, domain_of, parse

from fr_envs.task import scalars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bfcl_cases import Case

    from fr_envs.calls import ToolCall
    from fr_envs.domain import Domain
    from fr_envs.state import Json, JsonObject, State

__all__ = ["DataEdge", "Reference", "StateEdge", "failed", "reference", "telling"]


class DataEdge(NamedTuple):
    """From a tool's output to a parameter."""

    producer: str
    consumer: str
    parameter: str


class StateEdge(NamedTuple):
    """From a tool that changes what another gives."""

    earlier: str
    later: str


class Reference(NamedTuple):
    """What the trajectories exercise.

    Attributes:
        data: Uses of each data edge.
        data_chances: How often the producer gave something before the consumer was given that parameter.
        state: Pairs of calls of each state edge in which it was seen.
        state_chances: Pairs of calls in which it could have been.
    """

    data: Counter[DataEdge]
    data_chances: Counter[DataEdge]
    state: Counter[StateEdge]
    state_chances: Counter[StateEdge]


def telling(value: Json) -> bool:
    """Say whether two equal values of this sort are hardly equal by chance."""
    if isinstance(value, str):
        return len(value) > 1
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) > 10 or value != int(value)


def failed(value: JsonObject) -> bool:
    """Say whether a result tells of a failure; the classes answer ``{"error": text}``."""
    return "error" in value


def reference(cases: Iterable[Case]) -> Reference:
    """Collect the edges of some cases; the same calls from the same first state count once."""
    found = Reference(Counter(), Counter(), Counter(), Counter())
    seen = set()
    for case in cases:
        key = (case.long_context, repr(case.config), case.calls)
        if key not in seen:
            seen.add(key)
            _add(found, case)
    return found


def _add(found: Reference, case: Case) -> None:
    domain = domain_of(case)
    calls = [parse(text, case) for turn in case.calls for text in turn]
    state = domain.initial(0)
    states: list[State] = [state]
    values: list[JsonObject] = []
    for call in calls:
        outcome = domain.apply(state, call)
        state = outcome.state
        states.append(state)
        values.append(outcome.value)
    for at, call in enumerate(calls):
        for edge, used in _uses(calls[:at], values[:at], call):
            found.data_chances[edge] += 1
            found.data[edge] += used
    for at, call in enumerate(calls):
        for later, changed in _changes(domain, states[at], calls[at + 1 :], values[at + 1 :]):
            found.state_chances[StateEdge(call.name, later)] += 1
            found.state[StateEdge(call.name, later)] += changed


def _uses(earlier: list[ToolCall], values: list[JsonObject], call: ToolCall) -> Iterator[tuple[DataEdge, bool]]:
    for producer, value in zip(earlier, values, strict=True):
        if failed(value):
            continue
        given = {leaf for leaf in scalars(value) if telling(leaf)}
        for name, argument in call.arguments.items():
            wanted = {leaf for leaf in scalars(argument) if telling(leaf)}
            if wanted:
                yield DataEdge(producer.name, call.name, name), bool(given & wanted)


def _changes(
    domain: Domain[Any], state: State, later: list[ToolCall], values: list[JsonObject]
) -> Iterator[tuple[str, bool]]:
    """Play what comes after a call without it."""
    for call, value in zip(later, values, strict=True):
        outcome = domain.apply(state, call)
        state = outcome.state
        yield call.name, outcome.value != value


def class_of_tools() -> dict[str, str]:
    """Return the class of each tool."""
    return {tool: name for name in sorted(CLASSES) for tool in class_domain(name).spec.tools}
