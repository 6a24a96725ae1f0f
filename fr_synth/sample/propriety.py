"""What nobody would ask for, whatever the graph allows: rules that every turn of a drill keeps.

They are those of ``fr_synth.verify.calls.proper``, by which a record is proven, and one more:

- In worlds of which the words of the tools are all that is known, nobody has second thoughts (``second_thoughts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.second_thoughts import second_thoughts
from fr_synth.trace.dataflow.executed import ExecutedCall, feeds
from fr_synth.verify.calls.proper import givers_up, improper_turn, kept_rights, untold

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def looked_up_first(walk: Walk, steps: Sequence[ExecutedCall]) -> list[str]:
    """Return the tools that one would ask for before a turn's requests, the nearest to these first.

    On the way they need what no request speaks of, or rest on what does. Nobody hires a car without saying where and
    when, and the hiring takes an offer alone: one asks which cars there are on those days, and then for one of them.

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
    names = [step.call.name for k, step in enumerate(steps) if first + k in resting and not step.user_requested]
    tools = ((name, spec.tools[name]) for name in dict.fromkeys(names[::-1]))
    return [name for name, each in tools if each.effect == "read" and each.request_templates and not each.implicit]


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
