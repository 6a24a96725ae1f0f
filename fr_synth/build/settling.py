"""A trace as its message has it: what is said outright is no reference; what is wished; the name of the macro made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.language.verbalise import mentions_value, verbalise
from fr_synth.trace.dataflow.provenance import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["as_said", "as_thought", "calling_several", "is_wished", "macro_name", "unpointed"]

_LONGEST_NAME = 64  # characters; what OpenAI-compatible endpoints take as the name of a function


def macro_name(requested: Sequence[str], taken: Collection[str]) -> str:
    """Return a function name for an advanced tool, after the tools that the user asks for, and not one of the world."""
    name = re.sub(r"\W", "_", "_and_".join(dict.fromkeys(requested)))
    return f"{name}_in_one"[:_LONGEST_NAME] if name in taken else name[:_LONGEST_NAME]


def is_wished(steps: Sequence[ExecutedCall], position: int) -> bool:
    """Return True if a call is one that the user asks for, or an attempt at it that goes wrong."""
    step = steps[position]
    if not step.error and step.purpose != "slip":
        return step.user_requested
    later = (each for each in steps[position + 1 :] if each.call.name == step.call.name)
    right = next((each for each in later if not each.error), None)
    return right.user_requested if right is not None else step.purpose == "needed"


def unpointed(trace: TurnTrace) -> TurnTrace:
    """Return a trace without the words by which the message points at values."""
    return trace._replace(steps=tuple(step._replace(mentions={}) for step in trace.steps))


def as_said(trace: TurnTrace, message: str) -> TurnTrace:
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


def calling_several(messages: Sequence[JsonObject], user: int) -> tuple[int, ...]:
    """Return the indexes of the messages since the user's that make several calls."""
    return tuple(
        index for index, message in enumerate(messages[user:], start=user) if len(message.get("tool_calls", ())) > 1
    )


def as_thought(messages: Sequence[JsonObject], reasoning: str) -> tuple[JsonObject, ...]:
    """Return the messages, without what was thought where nothing is to be."""
    if reasoning == "none":
        return tuple({k: v for k, v in each.items() if k != "reasoning_content"} for each in messages)
    return tuple(messages)
