"""The reply worded once more when the message is known: what was asked is what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fr_synth.language.replies import Hearing, reply_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.world.domain import Domain
    from fr_synth.language.manner import Manner
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["answering"]


def answering(
    domain: Domain[Any],
    trace: TurnTrace,
    before: Sequence[ExecutedCall],
    message: str,
    choosing: tuple[np.random.Generator, Manner],
) -> TurnTrace:
    """Return a turn whose reply answers its message; the same one where the contract has sentences for all of it.

    Args:
        domain: The world.
        trace: The turn.
        before: The calls of earlier turns.
        message: What the person says.
        choosing: What chooses among forms, and how much of a list is told.
    """
    tools = domain.spec.tools
    if all(tools[step.call.name].response_templates for step in trace.steps if step.user_requested):
        return trace
    rng, manner = choosing
    reply = reply_of(domain, trace.steps, rng, manner, Hearing(before, message))
    return trace._replace(reply=reply, goal=msgspec.structs.replace(trace.goal, answers=reply.answers))
