"""What the words of a turn settle: what its message says outright, what it points at, what it wishes for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.language.verbalise import mentions_value, verbalise
from fr_synth.trace.provenance import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import Json
    from fr_synth.trace.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["is_wished", "settled_by", "unpointed"]


def is_wished(steps: Sequence[ExecutedCall], position: int) -> bool:
    """Return True if a call is one that the user asks for, or an attempt at it that goes wrong."""
    step = steps[position]
    if step.user_requested or (step.error and step.purpose == "needed"):
        return True
    alike = (each for each in steps[position + 1 :] if each.call.name == step.call.name and each.purpose != "undo")
    after = next(alike, None)
    return step.purpose == "slip" and after is not None and after.user_requested


def unpointed(trace: TurnTrace) -> TurnTrace:
    """Return a trace without the words by which the message points at values."""
    return trace._replace(steps=tuple(step._replace(mentions={}) for step in trace.steps))


def settled_by(trace: TurnTrace, message: str) -> TurnTrace:
    """Where the message says a value outright, it is said, not pointed at."""
    lowered = message.lower()
    steps = []
    for step in trace.steps:
        sources, mentions = dict(step.sources), dict(step.mentions)
        for pointer, mention in step.mentions.items():
            if mention.text.lower() not in lowered and mentions_value(message, mention.value):
                del mentions[pointer]
                sources[pointer] = Said(step.turn, _heard_as(message, mention.value))
        steps.append(step._replace(sources=sources, mentions=mentions))
    return trace._replace(steps=tuple(steps))


def _heard_as(message: str, value: Json) -> str:
    ways = (str(value), verbalise(value))
    return next((way for way in ways if way.lower() in message.lower()), ways[0])
