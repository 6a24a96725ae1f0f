"""Reference edges: those that BFCL's own ground-truth trajectories exercise. No inference ever sees them.

Use
    An output value of one call is, later in the same case, an argument of another. Booleans, nulls, texts of one
    character and whole numbers from -10 to 10 say nothing: equal by chance. Errors are no outputs. The keys of an
    object are values of it: some tools give their identifiers as keys.
Effect
    Without one call, the result of a later one is another. A call that changed nothing where it stands (signing in a
    second time) gives no chance of an effect.

Both are kept one by one, with the case that they come from: the four categories of BFCL play the same 200 scenarios, so
that four chances may be one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bfcl_cases import CLASSES, class_domain, domain_of, parse

from fr_envs.adapters.inference.values import in_json
from fr_envs.json_values import scalars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bfcl_cases import Case

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall

__all__ = ["Effect", "Reference", "Use", "class_of_tools", "failed", "reference", "telling"]


class Use(NamedTuple):
    """An output before a parameter: a chance of a data edge, taken or not.

    Attributes:
        scenario: Number of the scenario.
        producer: Tool whose output came before.
        consumer: Tool that was given an argument later.
        parameter: As what.
        taken: Whether a value of the output is the argument.
    """

    scenario: str
    producer: str
    consumer: str
    parameter: str
    taken: bool


class Effect(NamedTuple):
    """A call that changed the state before another one: a chance of a state edge, taken or not.

    Attributes:
        scenario: Number of the scenario.
        earlier: The call that is left out.
        gave: What it gave.
        later: The call that is looked at.
        taken: Whether the later result is another without it.
    """

    scenario: str
    earlier: ToolCall
    gave: JsonObject
    later: ToolCall
    taken: bool


class Reference(NamedTuple):
    """What the trajectories exercise, chance by chance."""

    uses: list[Use]
    effects: list[Effect]


def telling(value: Json) -> bool:
    """Return True if two equal values of this sort are hardly equal by chance."""
    if isinstance(value, str):
        return len(value) > 1
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) > 10 or value != int(value)


def failed(value: JsonObject) -> bool:
    """Return True if a result tells of a failure; the classes answer ``{"error": text}``."""
    return "error" in value


def reference(cases: Iterable[Case]) -> Reference:
    """Collect the chances in some cases; the same calls from the same first state count once."""
    found = Reference([], [])
    seen = set()
    for case in cases:
        key = (case.long_context, repr(case.config), case.calls)
        if key not in seen:
            seen.add(key)
            _add(found, case)
    return found


def _add(found: Reference, case: Case) -> None:
    domain = domain_of(case)
    scenario = case.id.rpartition("_")[2]
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
        found.uses.extend(_uses(scenario, calls[:at], values[:at], call))
        if states[at].digest != states[at + 1].digest:
            for later, changed in _changes(domain, states[at], calls[at + 1 :], values[at + 1 :]):
                found.effects.append(Effect(scenario, call, values[at], later, changed))


def _uses(scenario: str, earlier: list[ToolCall], values: list[JsonObject], call: ToolCall) -> Iterator[Use]:
    for producer, value in zip(earlier, values, strict=True):
        if failed(value):
            continue
        given = {named.value for named in in_json(value)}
        for name, argument in call.arguments.items():
            telling_leaves = {leaf for leaf in scalars(argument) if telling(leaf)}
            if telling_leaves:
                yield Use(scenario, producer.name, call.name, name, bool(given & telling_leaves))


def _changes(
    domain: Domain[Any], state: State, later: list[ToolCall], values: list[JsonObject]
) -> Iterator[tuple[ToolCall, bool]]:
    """Play what comes after a call without it."""
    for call, value in zip(later, values, strict=True):
        outcome = domain.apply(state, call)
        state = outcome.state
        yield call, outcome.value != value


def class_of_tools() -> dict[str, str]:
    """Return the class of each tool."""
    return {tool: name for name in sorted(CLASSES) for tool in class_domain(name).spec.tools}
