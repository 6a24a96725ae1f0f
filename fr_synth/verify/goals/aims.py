"""What a turn was aimed at is what its calls do: the tool is called, the edge walked along, the error met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.errors import UsageError
from fr_synth.trace.dataflow.provenance import Output, harvest, inputs_of
from fr_synth.trace.target import (
    AsideTarget,
    ChainTarget,
    EdgeTarget,
    ErrorTarget,
    RuleTarget,
    SituationTarget,
    ToolTarget,
    read_target,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.records import CallRecord
    from fr_synth.trace.target import Target
    from fr_synth.verify.evidence import Evidence

__all__ = ["missed_aims"]


def missed_aims(evidence: Evidence, number: int) -> Iterator[str]:
    """Iterate over what a turn lacks of what it is said to be aimed at.

    Args:
        evidence: The record and its replay.
        number: The turn.
    """
    try:
        target = read_target(evidence.dialogue.turns[number].target)
    except UsageError as error:
        yield str(error)
        return
    if isinstance(target, AsideTarget):
        if not evidence.dialogue.situation or not number:
            yield "and there is nothing that it is said besides"
        return
    if isinstance(target, SituationTarget):
        if target.name != evidence.dialogue.situation:
            yield f"in the situation {evidence.dialogue.situation!r}"
        return
    if _is_said_of(evidence, number, target):
        return
    own = [call for call in evidence.dialogue.calls if call.turn == number]
    if target.tool not in {call.name for call in own}:
        yield f"and {target.tool} is not called"
    else:
        yield from _unmet(evidence, number, target, own)


def _is_said_of(evidence: Evidence, number: int, target: Target) -> bool:
    """Return True if a turn without a call is about the one that it waits for, or thanks for one that was made."""
    turn = evidence.dialogue.turns[number]
    if not isinstance(target, ToolTarget):
        return False
    if turn.kind == "ask":
        return turn.awaited is not None and turn.awaited.tool == target.tool
    return turn.kind == "no_call" and any(c.turn < number and c.name == target.tool for c in evidence.dialogue.calls)


def _unmet(evidence: Evidence, number: int, target: Target, own: list[CallRecord]) -> Iterator[str]:
    calls = evidence.dialogue.calls
    if isinstance(target, ChainTarget) and target.length > max(_depths(calls)):
        yield f"and the longest chain has {max(_depths(calls))} calls"
    if isinstance(target, EdgeTarget):
        numbers = (k for k, call in enumerate(calls) if call.turn == number)
        if not any(_walked(evidence, target, k) for k in numbers):
            yield "and no call takes such a value from there"
    if isinstance(target, ErrorTarget) and (target.tool, target.code) not in {(call.name, call.error) for call in own}:
        yield "and no call fails so"
    if isinstance(target, RuleTarget) and not _made_to_hold(evidence, number, target):
        yield f"and no call of {target.setter} makes {target.fact} hold"


def _made_to_hold(evidence: Evidence, number: int, target: RuleTarget) -> bool:
    setter = evidence.domain.spec.tools.get(target.setter)
    before = {call.name for call in evidence.dialogue.calls if call.turn <= number and call.error is None}
    return setter is not None and target.fact in setter.sets and target.setter in before


def _walked(evidence: Evidence, target: EdgeTarget, number: int) -> bool:
    """Return True if a call goes along an edge: it is given a value of the kind that the producer gave before.

    Where the user happens to say the value too, or it is the default, its source is that.
    """
    call = evidence.dialogue.calls[number]
    if call.name != target.tool:
        return False
    parameters = evidence.domain.spec.tools[call.name].parameters
    fields = {name: parameter.field for name, parameter in parameters.items()}
    given = {name: parameter.default for name, parameter in parameters.items() if not parameter.required}
    taken = [each.value for each in harvest(fields, {**given, **call.arguments}) if each.kind == target.kind]
    return any(
        found.kind == target.kind and found.value in taken
        for k, earlier in enumerate(evidence.dialogue.calls[:number])
        if earlier.name == target.producer
        for found in evidence.found[k]
    )


def _depths(calls: tuple[CallRecord, ...]) -> list[int]:
    """Return for each call the length of the longest chain that ends in it, each call on what one before gave."""
    deep: list[int] = []
    for call in calls:
        found = (each for source in call.sources.values() for each in inputs_of(source))
        steps = (each.step for each in found if isinstance(each, Output))
        deep.append(1 + max((deep[step] for step in steps if 0 <= step < len(deep)), default=0))
    return deep
