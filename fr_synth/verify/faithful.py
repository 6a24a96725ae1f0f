"""Proof 6, faithful: reasoning uses only what is known by then, agrees with the call, and leaks no hint."""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from fr_envs.contract.spec import PLACEHOLDER, leaves
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.verbalise import mentions_value, stands_in
from fr_synth.verify.claims.parsing.wordsets import word_set

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json
    from fr_synth.trace.records import CallRecord, Dialogue
    from fr_synth.verify.evidence import Evidence

__all__ = ["faithful", "leads_to", "needs_thought", "reasoning_faults"]

_GIVEAWAYS = re.compile(
    r"\b(the hint|a hint|hints? (says?|tells?|suggests?)|advanced tool|the critic"
    r"|reference (call|solution)|ground truth|the guide|as instructed by the prompt|expected calls?)\b",
    re.IGNORECASE,
)


def reasoning_faults(
    reasoning: str,
    calls: Sequence[ToolCall],
    unknown: Collection[Json],
    secret: str,
    tools: Mapping[str, ToolSpec] = MappingProxyType({}),
) -> Iterator[str]:
    """Iterate over what is wrong with the reasoning before some calls (none for the reasoning before a reply).

    Args:
        reasoning: The text.
        calls: The calls that follow.
        unknown: Issued values of the dialogue that nobody has told by then.
        secret: Name of the advanced tool.
        tools: The world's tools by name; without them a call has to be named.
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
        if not leads_to(reasoning, call, tools.get(call.name)):
            yield f"the reasoning does not lead to {call.name}"


def leads_to(reasoning: str, call: ToolCall, tool: ToolSpec | None) -> bool:
    """Return True if a reasoning leads to a call: it names the tool, speaks of what the tool does, or has its values.

    What a tool does is told by the words of its name, of the first sentence of its description, of its parameters and
    results, and of the phrases with which people ask for it; of one that only reads also by words for looking.

    Args:
        reasoning: The text.
        call: The call.
        tool: Its contract, None where there is none.
    """
    lowered = reasoning.lower()
    if stands_in(call.name, lowered) or stands_in(call.name.replace("_", " "), lowered):
        return True
    values = [v for v in call.arguments.values() if not isinstance(v, bool | dict | list)]
    if tool is not None:
        told = _stems(lowered)
        looks = tool.effect == "read" and not _LOOKING.isdisjoint(re.findall(r"[a-z]+", lowered))
        given = _stems(" ".join(str(value).lower() for value in values))
        if looks or not told.isdisjoint(_stems_of(tool)) or not told.isdisjoint(given):
            return True
    if tool is not None and any(stands_in(each, reasoning) for each in _identifiers(call, tool)):
        return True
    return bool(values) and all(mentions_value(reasoning, value) for value in values)


def _identifiers(call: ToolCall, tool: ToolSpec) -> Iterator[str]:
    """Iterate over the identifiers that a call takes: to have found one is to have decided what the call is about."""
    for name, parameter in tool.parameters.items():
        value = call.arguments.get(name)
        plain = isinstance(value, str | int) and not isinstance(value, bool)
        if plain and any((each or "").endswith("id") for each in (name, parameter.field.kind)):
            yield str(value)


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in re.findall(r"[a-z]{4,}", text)) - _EMPTY


def _stems_of(tool: ToolSpec) -> frozenset[str]:
    members = [*tool.parameters, *(leaf.path[-1] for leaf in leaves(tool.returns) if leaf.path)]
    phrases = (PLACEHOLDER.sub(" ", phrase) for phrase in tool.request_templates)
    words = " ".join([tool.name, tool.description.split(". ")[0], *members, *phrases])
    return _stems(words.replace("_", " ").lower())


_LOOKING = word_set("look looks see check show shows read open list listed find search compare count ask know")
_STEM = 5  # letters by which "accounts" and "account", "balance" and "balances" are one word
_EMPTY = word_set(
    "about after again also anoth befor could does done each else every first from given have here into know last "
    "like look made make many more most much must name need next note noth once only other over same shoul show some "
    "somet such take tell than that their them then there these they thing this those user value want what when where "
    "which whose will with would your"
)


def faithful(evidence: Evidence) -> Iterator[str]:
    """The reasoning before a call uses only what is known by then, agrees with the call, and leaks no hint.

    In a situation people think in words of their own, and no words are asked for that lead to the call; calls may
    be made in silence once the first of the turn have been made, where the situation has no words for them. In a drill
    silence is for where nothing is decided (``needs_thought``). A
    dialogue in which no message has reasoning, not even an empty one, is made without (``--reasoning none``).
    """
    dialogue = evidence.dialogue
    if not any("reasoning_content" in message for message in dialogue.messages):
        return
    unknown = dict.fromkeys(evidence.issued())
    number, turn = 0, -1
    for index, message in enumerate(dialogue.messages):
        if message["role"] == "user":
            turn += 1
            for value in [v for v in unknown if mentions_value(str(message["content"]), v)]:
                del unknown[value]
        if message["role"] != "assistant":
            continue
        made = [call for call in dialogue.calls[number:] if call.message == index]
        calls = [ToolCall(call.name, call.arguments) for call in made]
        thought, secret = str(message.get("reasoning_content", "")), dialogue.turns[turn].advanced.name
        led_to = [] if dialogue.situation else calls
        found = reasoning_faults(thought, led_to, list(unknown), secret, evidence.domain.spec.tools)
        if message.get("reasoning_content") == "" and _may_be_silent(dialogue, index, made):
            found = iter(())
        yield from (f"message {index}: {fault}" for fault in found)
        for value in _told(evidence, range(number, number + len(calls))):
            unknown.pop(value, None)
        number += len(calls)


def needs_thought(made: Iterable[CallRecord], earlier: Iterable[CallRecord]) -> bool:
    """Return True if something is decided in a message of a drill, so that it may not go without a thought.

    A look-up that nobody asked for has a reason, and so has what is done or said after a call that failed. What was
    asked for can be done, and told, without a word.

    Args:
        made: The calls of the message; none for a reply.
        earlier: The turn's calls before it.
    """
    return any(call.error for call in earlier) or not all(call.user_requested or call.error for call in made)


def _may_be_silent(dialogue: Dialogue, index: int, made: Sequence[CallRecord]) -> bool:
    """Return True if a message may go without a thought."""
    start = max(turn.message for turn in dialogue.turns if turn.message < index)
    earlier = [call for call in dialogue.calls if start < call.message < index]
    if dialogue.situation:
        return bool(earlier) and (bool(made) or all(call.user_requested and not call.error for call in earlier))
    return not needs_thought(made, earlier)


def _told(evidence: Evidence, numbers: range) -> Iterator[Json]:
    """Iterate over the plain values that some calls give."""
    for number in numbers:
        yield from (found.value for found in evidence.found[number] if not isinstance(found.value, dict | list))
