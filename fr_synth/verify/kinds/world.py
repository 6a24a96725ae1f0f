"""What the proofs of the kinds ask the world: what a call would come to, and what could be looked up."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.json_values import last_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.dataflow.provenance import harvest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.provenance import Found
    from fr_synth.verify.evidence import Evidence

__all__ = [
    "Sought",
    "bindings",
    "first_call",
    "offered",
    "reply_of",
    "settable",
    "state_at",
    "tells",
    "told_by_looking",
    "would_work",
]

_MOST = 60  # ways to bind one tool that are tried


def offered(evidence: Evidence, number: int = 0) -> tuple[str, ...]:
    """Return the names of the tools offered in a turn; of those offered from the beginning where none is given."""
    return evidence.dialogue.offered_in(number) or tuple(evidence.domain.spec.tools)


def first_call(evidence: Evidence, number: int) -> int:
    """Return the number of the first call that is made in a turn or, where it makes none, after it."""
    return sum(call.turn < number for call in evidence.dialogue.calls)


def state_at(evidence: Evidence, number: int) -> State:
    """Return the state at the end of a turn."""
    return evidence.states[sum(call.turn <= number for call in evidence.dialogue.calls)]


def reply_of(evidence: Evidence, number: int) -> str:
    """Return what the assistant says at the end of a turn."""
    messages, turns = evidence.dialogue.messages, evidence.dialogue.turns
    end = turns[number + 1].message if number + 1 < len(turns) else len(messages)
    said = [each for each in messages[turns[number].message : end] if each.get("role") == "assistant"]
    return str(said[-1].get("content")) if said else ""


def settable(spec: DomainSpec, code: str) -> bool:
    """Return True if an error only means that a step is missing which a tool of the world can make."""
    facts = {name for name, fact in spec.facts.items() if fact.violation == code}
    return any(facts.intersection(tool.sets) for tool in spec.tools.values())


def would_work(evidence: Evidence, state: State, call: ToolCall) -> bool:
    """Return True if a call goes through, at once or after a step that a tool of the world can make."""
    error = evidence.domain.apply(state, call).error
    return error is None or settable(evidence.domain.spec, error.code)


def bindings(evidence: Evidence, state: State | None, tool: ToolSpec, given: JsonObject) -> Iterator[JsonObject]:
    """Iterate over arguments for a tool: of the world's things, and of some that are given, by kind or by name.

    Args:
        evidence: The record and its replay.
        state: The world as it is; None for arguments of what is given alone.
        tool: The tool.
        given: Arguments that are known, by name.
    """
    choices: list[tuple[str, list[Json]]] = []
    for name, parameter in tool.parameters.items():
        known: list[Json] = [given[name]] if name in given else []
        known += [value for value in given.values() if not isinstance(value, dict | list) and value not in known]
        kind = parameter.field.kind
        things = list(evidence.domain.entities(state, kind) or ()) if kind and state is not None else []
        if not parameter.required and name not in given:
            continue
        choices.append((name, [*known, *things][:_MOST]))
    names = [name for name, _ in choices]
    for values in itertools.islice(itertools.product(*(values for _, values in choices)), _MOST):
        yield dict(zip(names, values, strict=True))


class Sought(NamedTuple):
    """A value that somebody may have to be asked for.

    Attributes:
        name: The parameter that takes it.
        kind: Its kind.
        value: The value.
        arguments: All arguments of the call that takes it.
    """

    name: str
    kind: str
    value: Json
    arguments: JsonObject


def tells(evidence: Evidence, sought: Sought, call: ToolCall, result: JsonObject) -> bool:
    """Return True if a result tells a value to somebody who looks for it.

    An identifier is told wherever it stands. What anybody can make up (a day, an amount, a name) stands by chance in
    many a result; it is told where an expert would look for it: in a result of one thing, the very thing that the call
    is about or the only one there is, and there under the parameter's own name.

    Args:
        evidence: The record and its replay.
        sought: The value.
        call: The call that gave the result.
        result: The result.
    """
    tool = evidence.domain.spec.tools.get(call.name)
    for found in harvest(tool.returns, result) if tool is not None else ():
        if _is(found, sought) and (
            evidence.domain.spec.kinds[sought.kind].origin != "open"
            or (_is_looked_up(call, sought) and found.group is None and last_of(found.pointer) == sought.name)
        ):
            return True
    return False


def _is(found: Found, sought: Sought) -> bool:
    return bool(found.kind == sought.kind and found.value == sought.value)


def _is_looked_up(call: ToolCall, sought: Sought) -> bool:
    """Return True if a call is made with nothing but what the call is made with that takes the value."""
    known = [each for name, each in sought.arguments.items() if name != sought.name]
    return all(value in known for value in call.arguments.values() if value is not None)


def told_by_looking(evidence: Evidence, state: State, sought: Sought) -> str:
    """Return a reading tool of those offered that tells a value; empty where none does.

    Args:
        evidence: The record and its replay.
        state: The world as it is.
        sought: The value.
    """
    domain = evidence.domain
    for name in offered(evidence):
        tool = domain.spec.tools[name]
        if tool.effect != "read" or not any(_gives(field, sought.kind) for field in tool.returns.values()):
            continue
        for arguments in bindings(evidence, state, tool, {}):
            call = ToolCall(name, arguments)
            outcome = domain.apply(state, call)
            if outcome.error is None and tells(evidence, sought, call, outcome.value):
                return name
    return ""


def _gives(field: Field, kind: str) -> bool:
    """Return True if a field of a result is of a kind, or holds something that is."""
    if field.kind == kind:
        return True
    inside = [*(field.object or {}).values(), *([field.array] if field.array is not None else [])]
    return any(_gives(each, kind) for each in inside)
