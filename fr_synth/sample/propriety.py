"""What nobody would ask for, whatever the graph allows: rules that every turn of a drill keeps.

They are those of ``fr_synth.verify.calls.proper``, by which a record is proven, and one more:

- In worlds of which the words of the tools are all that is known, nobody has second thoughts (``second_thoughts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.second_thoughts import second_thoughts
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.verify.calls.proper import givers_up, improper_turn, kept_rights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_synth.sample.walk import Walk

__all__ = ["giving_up", "improper"]


def improper(walk: Walk, steps: Sequence[ExecutedCall]) -> str:
    """Return which rule a turn breaks, in a few words; empty if none.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    rule = improper_turn(walk.domain.spec, walk.steps, steps)
    return rule or ("second thoughts" if second_thoughts(walk, steps) else "")


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
