"""What nobody would ask for, whatever the graph allows: rules that every turn of a drill keeps.

They are those of ``fr_synth.verify.calls.proper``, by which a record is proven, and one more:

- In worlds of which the words of the tools are all that is known, nobody has second thoughts (``second_thoughts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.second_thoughts import second_thoughts
from fr_synth.trace.executed import ExecutedCall, feeds
from fr_synth.trace.provenance import Output, inputs_of
from fr_synth.verify.calls.proper import givers_up, improper_turn, kept_rights, untold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.sample.walk import Walk

__all__ = ["giving_up", "improper", "looked_up_first"]


def improper(walk: Walk, steps: Sequence[ExecutedCall]) -> str:
    """Return which rule a turn breaks, in a few words; empty if none.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    rule = improper_turn(walk.domain.spec, walk.steps, steps)
    return rule or ("second thoughts" if second_thoughts(walk, steps) else "")


def looked_up_first(walk: Walk, steps: Sequence[ExecutedCall]) -> Iterator[int]:
    """Iterate over the look-ups of a turn that one would ask for before anything else, the latest first.

    They need what no request speaks of, or rest on such, and words say all that they take. Nobody hires a car without
    saying where and when, and the hiring takes an offer alone: one asks which cars there are on those days, and for one
    of them when one has seen them.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    spec, first = walk.domain.spec, len(walk.steps)
    beside = list(untold(spec, steps))
    resting: set[int] = set()
    for number, step in enumerate(steps):
        if any(step is each for each in beside) or resting & feeds(step):
            resting.add(first + number)
    for number in range(len(steps) - 1, -1, -1):
        tool = spec.tools[steps[number].call.name]
        can_be_asked = tool.effect == "read" and tool.request_templates and not tool.implicit
        if first + number in resting and can_be_asked and _is_worded(steps[number]):
            yield number


def _is_worded(step: ExecutedCall) -> bool:
    """Return True if somebody who asks for a call can say or point at all that it takes."""
    taken = (
        pointer for pointer, source in step.sources.items() if any(isinstance(e, Output) for e in inputs_of(source))
    )
    return not step.user_requested and all(pointer in step.mentions for pointer in taken)


def giving_up(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall]:
    """Return the steps of a turn with the call behind them that gives up rights taken on the way, where there is one.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    spec = walk.domain.spec
    for fact in sorted(kept_rights(walk.domain, steps, steps[-1].after)):
        for name in givers_up(spec, fact):
            outcome = walk.domain.apply(steps[-1].after, ToolCall(name, {}))
            if outcome.error is None:
                last = ExecutedCall(
                    ToolCall(name, {}), outcome.value, steps[-1].after, outcome.state, {}, {},
                    user_requested=False, turn=steps[-1].turn, purpose="closing",
                )  # fmt: skip
                return [*steps, last]
    return steps
