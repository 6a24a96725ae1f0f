"""A call about to be made, and what goes wrong before it: found by execution, on forks, so that nothing is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.episode.faults import Fault, refused_by
from fr_envs.json_values import member_of, pointer_of
from fr_envs.situation.conditions import matches
from fr_envs.streams import generator
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.mishaps import mended, mixed_up, tried_again, what_was_told, what_was_wrong
from fr_synth.language.misreading import neighbours_of
from fr_synth.situations.mishaps.slips import is_first_use, slips_of
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.verify.calls.errors import unexpected_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Outcome
    from fr_synth.language.mishaps import WhatWentWrong
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.mishaps.plan import Mishap
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.provenance import Provenance

__all__ = ["Outage", "Struck", "strike"]


class Outage(Exception):
    """A call was met by a fault that lasts; the walk has taken the attempts."""


class Struck(NamedTuple):
    """What went wrong before a call.

    Attributes:
        steps: The calls that went wrong, in order.
        before: What may be thought before the right call.
    """

    steps: tuple[ExecutedCall, ...]
    before: tuple[WhatWentWrong, ...]


def strike(walk: Walk, step: ExecutedCall, mishap: Mishap, heard: Sequence[str]) -> Struck | None:
    """Return what goes wrong before a call; None where this call gives no occasion, or the turn had its mishap.

    Args:
        walk: Where the dialogue stands; nothing is taken.
        step: The call as it would be made now.
        mishap: What is to go wrong.
        heard: What the person has said, turn by turn.
    """
    if not mishap.kind or (mishap.asked and mishap.kind == "fault" and not step.user_requested):
        return None
    if any(each.error or each.purpose == "slip" for each in walk.turn_steps()):
        return None
    rng = generator(mishap.seed, len(walk.steps))
    if mishap.kind == "fault":
        failed = _faulted(walk, step, mishap)
        return Struck((failed,), (_again(walk, failed, mishap),))
    if mishap.kind == "outage":
        return _outage(walk, step, mishap) if step.user_requested else None
    tool = walk.domain.spec.tools[step.call.name]
    if tool.consent is not None and matches(tool.consent, step.call.arguments):
        return None  # what wants a yes is written with care
    return _written(walk, step, heard, rng) if mishap.kind == "slip" else _about_another(walk, step, heard[-1])


# ------------------------------------------------------------------------------------------------------------ faults


def _faulted(walk: Walk, step: ExecutedCall, mishap: Mishap) -> ExecutedCall:
    """Return a call as a fault meets it; one that was to change something is told that nothing was changed."""
    manner = "helpful" if _writes(walk, step) else mishap.manner
    fault = Fault(walk.turn, step.call.name, mishap.code, manner)
    outcome = refused_by(fault, walk.state)
    return step._replace(
        result=outcome.value, before=walk.state, after=walk.state, user_requested=False, error=mishap.code
    )


def _outage(walk: Walk, step: ExecutedCall, mishap: Mishap) -> Struck | None:
    """Return two attempts at a call that a lasting fault meets; only a write is worth that much."""
    if not _writes(walk, step):
        return None
    failed = _faulted(walk, step, mishap)
    return Struck((failed, failed), (_again(walk, failed, mishap),))


def _again(walk: Walk, failed: ExecutedCall, mishap: Mishap) -> WhatWentWrong:
    return tried_again(mishap.code, what_was_told(failed.result), writes=_writes(walk, failed))


def _writes(walk: Walk, step: ExecutedCall) -> bool:
    return walk.domain.spec.tools[step.call.name].effect == "write"


# ------------------------------------------------------------------------------------------------- the agent's own


def _written(walk: Walk, step: ExecutedCall, heard: Sequence[str], rng: np.random.Generator) -> Struck | None:
    """Return a call that is wrongly written, which the world refuses with an error of its own."""
    found = list(slips_of(walk, step, heard))
    declared = ("invalid_arguments", *unexpected_errors(walk.domain.spec, step.call.name))
    for number in rng.permutation(len(found)):
        slip = found[int(number)]
        outcome = walk.domain.apply(walk.state, ToolCall(step.call.name, slip.arguments))
        if outcome.error is not None and outcome.error.code in declared:
            case = what_was_wrong(walk.domain.spec, step.call.name, slip.arguments, step.call.arguments, outcome.value)
            return Struck((_own(walk, step, slip.name, slip.arguments, outcome),), (mended(slip.why, case),))
    return None


def _about_another(walk: Walk, step: ExecutedCall, said: str) -> Struck | None:
    """Return a read of what stands on the line beside, right behind the list, where the two are easily mixed up."""
    tool, last = walk.domain.spec.tools[step.call.name], walk.turn_steps()[-1:]
    if tool.effect != "read" or not last or last[0].error:
        return None
    for name, value in step.call.arguments.items():
        kind = walk.domain.spec.kinds.get(tool.parameters[name].field.kind or "")
        if kind is None or kind.origin != "issued" or not is_first_use(walk, value):
            continue
        for beside in neighbours_of(walk.domain.spec, kind.name, value, last[0].result, said):
            arguments = {**step.call.arguments, name: beside.wrong}
            outcome = walk.domain.apply(walk.state, ToolCall(step.call.name, arguments))
            if outcome.error is not None or outcome.state.digest != walk.state.digest:
                continue
            wrong = _own(walk, step, name, arguments, outcome)
            source = Output(len(walk.steps) - 1, beside.pointer)
            case = what_was_wrong(walk.domain.spec, step.call.name, arguments, step.call.arguments)
            return Struck(
                (wrong._replace(sources={**wrong.sources, pointer_of([name]): source}),),
                (mixed_up({**case, **beside.case}),),
            )
    return None


def _own(walk: Walk, step: ExecutedCall, name: str, arguments: JsonObject, outcome: Outcome[Any]) -> ExecutedCall:
    """Return a mistake: the call with one argument otherwise, which comes from nowhere as yet."""
    return step._replace(
        call=ToolCall(step.call.name, arguments),
        result=outcome.value,
        before=walk.state,
        after=outcome.state,
        sources=dict(_kept(step, name)),
        mentions={},
        user_requested=False,
        error="" if outcome.error is None else outcome.error.code,
        purpose="slip",
    )


def _kept(step: ExecutedCall, name: str) -> Iterator[tuple[str, Provenance]]:
    return ((pointer, source) for pointer, source in step.sources.items() if member_of(pointer) != name)
