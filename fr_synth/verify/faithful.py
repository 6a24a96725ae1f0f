"""Proof 6, faithful: reasoning uses only what is known by then, agrees with the call, and leaks no hint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.world.tool_call import ToolCall
from fr_synth.language.verbalise import mentions_value, stands_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_synth.verify.evidence import Evidence

__all__ = ["faithful", "reasoning_faults"]

_GIVEAWAYS = re.compile(
    r"\b(the hint|a hint|hints? (says?|tells?|suggests?)|advanced tool|the critic"
    r"|reference (call|solution)|ground truth|the guide|as instructed by the prompt|expected calls?)\b",
    re.IGNORECASE,
)


def reasoning_faults(
    reasoning: str, calls: Sequence[ToolCall], unknown: Collection[Json], secret: str
) -> Iterator[str]:
    """Iterate over what is wrong with the reasoning before some calls (none for the reasoning before a reply).

    Args:
        reasoning: The text.
        calls: The calls that follow.
        unknown: Issued values of the dialogue that nobody has told by then.
        secret: Name of the advanced tool.
    """
    if not reasoning.strip():
        yield "there is no reasoning"
    leaked = _GIVEAWAYS.search(reasoning)
    if leaked:
        yield f"the reasoning speaks of {leaked.group(0)!r}"
    if secret and secret in reasoning:
        yield "the reasoning names the advanced tool"
    for value in unknown:
        if isinstance(value, str) and stands_in(value, reasoning):
            yield f"the reasoning knows {value!r} before any result tells it"
    for call in calls:
        if not _agrees(reasoning, call):
            yield f"the reasoning does not lead to {call.name}"


def _agrees(reasoning: str, call: ToolCall) -> bool:
    """A reasoning leads to a call when it names the tool, or every value that the call is made with."""
    lowered = reasoning.lower()
    if stands_in(call.name, lowered) or stands_in(call.name.replace("_", " "), lowered):
        return True
    values = [v for v in call.arguments.values() if not isinstance(v, bool | dict | list)]
    return bool(values) and all(mentions_value(reasoning, value) for value in values)


def faithful(evidence: Evidence) -> Iterator[str]:
    """The reasoning before a call uses only what is known by then, agrees with the call, and leaks no hint."""
    dialogue = evidence.dialogue
    unknown = dict.fromkeys(evidence.issued())
    number, turn = 0, -1
    for index, message in enumerate(dialogue.messages):
        if message["role"] == "user":
            turn += 1
            for value in [v for v in unknown if mentions_value(str(message["content"]), v)]:
                del unknown[value]
        if message["role"] != "assistant":
            continue
        own = [call for call in dialogue.calls[number:] if call.message == index]
        calls = [ToolCall(call.name, call.arguments) for call in own]
        secret = dialogue.turns[turn].advanced.name
        for fault in reasoning_faults(str(message.get("reasoning_content", "")), calls, list(unknown), secret):
            yield f"message {index}: {fault}"
        for position in range(number, number + len(own)):
            for found in evidence.found[position]:
                unknown.pop(found.value if not isinstance(found.value, dict | list) else None, None)
        number += len(own)
