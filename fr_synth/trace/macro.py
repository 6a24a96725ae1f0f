"""The advanced tool: a composite operation that runs on any state of its world, or reports why it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from fr_envs.contract.spec import Field, field_at
from fr_envs.json_values import Json, JsonObject, at_pointer, parts_of, siblings_at
from fr_envs.situation.conditions import matches
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["AdvancedTool", "Argument", "MacroParameter", "MacroRun", "MacroStep", "Pick", "Take", "run"]


class MacroParameter(msgspec.Struct, frozen=True, tag="parameter", tag_field="from"):
    """The argument is a parameter of the advanced tool."""

    name: str


class Take(msgspec.Struct, frozen=True, tag="take", tag_field="from"):
    """The argument stands at a fixed place of an earlier result of the macro."""

    step: int
    pointer: str


class Pick(msgspec.Struct, frozen=True, tag="pick", tag_field="from", omit_defaults=True):
    """The argument is a member of the one object of a list that fits.

    Attributes:
        step: Earlier step of the macro.
        group: JSON pointer to the list in its result.
        member: Member of the object to take.
        by: Members that have to equal parameters: member -> parameter.
        extreme: Member of which the object has the smallest or largest value, None if it is picked by members.
        largest: Largest rather than smallest.
        where: Conditions that its members have to meet, as situations write them.
    """

    step: int
    group: str
    member: str
    by: dict[str, str] = {}
    extreme: str | None = None
    largest: bool = False
    where: JsonObject = {}


Argument: TypeAlias = MacroParameter | Take | Pick


class MacroStep(msgspec.Struct, frozen=True):
    """One call of the macro: a tool, and where each leaf of its arguments comes from (by JSON pointer)."""

    tool: str
    arguments: dict[str, Argument]


class AdvancedTool(msgspec.Struct, frozen=True):
    """A composite operation that covers a whole turn.

    Attributes:
        name: Name; never said in a query.
        description: What it does, from which the hard query is written.
        parameters: JSON Schema of its arguments object.
        steps: Its body.
        example: The arguments with which it gives the trace that it was made from.
    """

    name: str
    description: str
    parameters: JsonObject
    steps: tuple[MacroStep, ...]
    example: JsonObject


class MacroRun(NamedTuple):
    """What running an advanced tool led to.

    Attributes:
        state: State after the last call that went through.
        calls: Calls made.
        results: What they gave, in order.
        failure: Why it stopped; empty if it ran to its end.
    """

    state: State
    calls: tuple[ToolCall, ...]
    results: tuple[JsonObject, ...]
    failure: str


def run(domain: Domain[Any], state: State, tool: AdvancedTool, arguments: Mapping[str, Json]) -> MacroRun:
    """Run an advanced tool; it stops at the first thing that does not work and says why."""
    calls: list[ToolCall] = []
    results: list[JsonObject] = []
    for number, step in enumerate(tool.steps):
        try:
            call = ToolCall(step.tool, _built(domain.spec, step, arguments, results))
        except LookupError as error:
            return MacroRun(state, tuple(calls), tuple(results), f"step {number} ({step.tool}): {error.args[0]}")
        outcome = domain.apply(state, call)
        calls.append(call)
        if outcome.error is not None:
            failure = f"step {number} ({step.tool}): {outcome.error.code}: {outcome.error.message}"
            return MacroRun(state, tuple(calls), tuple(results), failure)
        state = outcome.state
        results.append(outcome.value)
    return MacroRun(state, tuple(calls), tuple(results), "")


def _built(spec: DomainSpec, step: MacroStep, given: Mapping[str, Json], results: Sequence[JsonObject]) -> JsonObject:
    arguments: JsonObject = {}
    whole = Field(object={name: each.field for name, each in spec.tools[step.tool].parameters.items()})
    for pointer, argument in step.arguments.items():
        _put(arguments, parts_of(pointer), _value(argument, given, results), whole)
    return arguments


def _put(target: JsonObject, path: Sequence[str], value: Json, field: Field) -> None:
    """Set what stands at a path, making objects and lists on the way; list items come in order."""
    place: Json = target
    for depth, part in enumerate(path):
        after = path[depth + 1] if depth + 1 < len(path) else None
        fresh: Json = value if after is None else [] if _is_item(field, path[: depth + 1], after) else {}
        if isinstance(place, list):
            if int(part) == len(place):
                place.append(fresh)
            place = place[int(part)]
        else:
            place = place.setdefault(part, fresh)


def _is_item(field: Field, path: Sequence[str], part: str) -> bool:
    """Return True if a part of a path is the number of an item, and not a member's name that looks like one."""
    around = field_at(field, path)
    if around is None or (around.array is None and around.object is None):
        return part.isdecimal()  # the contract gives a schema alone
    return around.array is not None


def _value(argument: Argument, given: Mapping[str, Json], results: Sequence[JsonObject]) -> Json:
    if isinstance(argument, MacroParameter):
        if argument.name not in given:
            raise LookupError(f"parameter {argument.name!r} is missing")
        return given[argument.name]
    if isinstance(argument, Take):
        try:
            return at_pointer(results[argument.step], argument.pointer)
        except LookupError:
            raise LookupError(f"step {argument.step} gave nothing at {argument.pointer}") from None
    return _picked(argument, given, results)


def _picked(pick: Pick, given: Mapping[str, Json], results: Sequence[JsonObject]) -> Json:
    missing = next((name for name in pick.by.values() if name not in given), None)
    if missing is not None:
        raise LookupError(f"parameter {missing!r} is missing")
    try:
        group = siblings_at(results[pick.step], pick.group)
    except LookupError:
        group = []
    if pick.extreme is not None:
        ranked = [item for item in group if item.get(pick.extreme) is not None]
        key = pick.extreme
        best = (max if pick.largest else min)(ranked, key=lambda item: item[key], default=None)
        fitting = [] if best is None else [best]
    else:
        fitting = [
            item
            for item in group
            if all(item.get(m) == given[p] for m, p in pick.by.items()) and matches(pick.where, item)
        ]
    if len(fitting) != 1:
        named = [f"{m} {given[p]!r}" for m, p in pick.by.items()] + [f"{m} {c}" for m, c in pick.where.items()]
        demanded = ", ".join(named) or f"the extreme {pick.extreme}"
        raise LookupError(f"{len(fitting)} of {len(group)} in {pick.group} have {demanded}; it takes exactly one")
    if pick.member not in fitting[0]:
        raise LookupError(f"the one of {pick.group} that fits has no {pick.member}")
    return fitting[0][pick.member]
