"""What takes a write back: one call after which the world is as it was, found by trying."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from fr_envs.json_values import leaves_of, pointer_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.executed import ExecutedCall
from fr_synth.trace.provenance import Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.provenance import Provenance

__all__ = ["undone_by"]

_TRIES = 24  # calls of a tool that are tried


def undone_by(walk: Walk, wrong: ExecutedCall) -> ExecutedCall | None:
    """Return a call after which nothing is left of a write, incidental tables aside; None if no single call does it.

    What it is about is what the write was about, or what its result tells.

    Args:
        walk: Where the dialogue stands, before the write.
        wrong: The write.
    """
    incidental = walk.domain.hooks.incidental
    for call, sources in _calls(walk, wrong):
        outcome = walk.domain.apply(wrong.after, call)
        if outcome.error is not None:
            continue
        if all(change.table in incidental for change in wrong.before.diff(outcome.state)):
            return ExecutedCall(
                call, outcome.value, wrong.after, outcome.state, sources, {}, user_requested=False, turn=wrong.turn,
                purpose="undo",
            )  # fmt: skip
    return None


def _calls(walk: Walk, wrong: ExecutedCall) -> Iterator[tuple[ToolCall, dict[str, Provenance]]]:
    number = len(walk.steps)  # of the wrong call, once it is taken
    told: list[tuple[Json, Provenance]] = [
        (value, Output(number, pointer)) for pointer, value in leaves_of(wrong.result) if value is not None
    ]
    given = [
        (wrong.call.arguments[name], wrong.sources[pointer_of([name])])
        for name in wrong.call.arguments
        if pointer_of([name]) in wrong.sources
    ]
    for name, tool in walk.domain.spec.tools.items():
        required = [parameter for parameter in tool.parameters.values() if parameter.required]
        if tool.effect != "write" or not required:
            continue
        own = tool.name == wrong.call.name
        choices = [_fitting(walk, name, each.name, given if not own else given + told, told) for each in required]
        for chosen in itertools.islice(itertools.product(*choices), _TRIES):
            call = ToolCall(name, {p.name: value for p, (value, _) in zip(required, chosen, strict=True)})
            yield call, {pointer_of([p.name]): source for p, (_, source) in zip(required, chosen, strict=True)}


def _fitting(
    walk: Walk, tool: str, name: str, given: list[tuple[Json, Provenance]], told: list[tuple[Json, Provenance]]
) -> list[tuple[Json, Provenance]]:
    """Return the values that may be meant by a parameter: those of its own name or kind first."""
    kinds = {type(value) for value, _ in told}
    field = walk.domain.spec.tools[tool].parameters[name].field
    every = [*given, *told]
    known = set(walk.knowledge.values(field.kind)) if field.kind in walk.knowledge.kinds() else set()
    plain = [(v, s) for v, s in every if isinstance(v, str | int | float) and type(v) in kinds]
    fitting = [(v, s) for v, s in plain if v in known] or [(v, s) for v, s in plain]
    return list({repr(v): (v, s) for v, s in fitting[::-1]}.values())[::-1][:4]
