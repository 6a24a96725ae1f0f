"""Shapes of a dialogue that templates and loaders ask for: parts, calls one by one, places of thinking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from fr_synth.trace.arrivals import announced_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["ArgumentsMode", "ReasoningMode", "call_by_call", "pairs", "parts", "shaped", "with_thinking"]

ReasoningMode: TypeAlias = Literal["field", "inline", "none"]
"""Where thinking stands: ``reasoning_content`` beside ``content``; in ``content`` between think tags; nowhere."""

ArgumentsMode: TypeAlias = Literal["object", "text"]
"""What the arguments of a call are: a JSON object, or such an object as text."""


def call_by_call(example: Example) -> Example:
    """Return a dialogue in which no message makes more than one call; each result follows its call.

    Thinking and words stay with the first of calls that went out together.
    """
    messages: list[JsonObject] = []
    mistakes: list[bool] = []
    at = 0
    while at < len(example.messages):
        message = example.messages[at]
        calls = message.get("tool_calls") or ()
        wrong = example.mistakes[at : at + 1]
        at += 1
        if len(calls) < 2:
            messages.append(message)
            mistakes += wrong
            continue
        for number, call in enumerate(calls):
            head = message if number == 0 else {"role": "assistant", "content": ""}
            messages += ({**head, "tool_calls": [call]}, example.messages[at])
            mistakes += [*wrong, *example.mistakes[at : at + 1]]
            at += 1
    return msgspec.structs.replace(example, messages=tuple(messages), mistakes=tuple(mistakes))


def parts(example: Example) -> Iterator[Example]:
    """Iterate over the beginnings of a dialogue that end with a message of the assistant, shortest first.

    Each has the tools that are offered by then. Left out are those that end with a mistake of its own, which stays in
    what comes before later messages.
    """
    step = turns = 0
    tools = example.tools
    for end, message in enumerate(example.messages, start=1):
        turns += message["role"] == "user"
        tools = _with_new(tools, message)
        if message["role"] == "assistant" and not any(example.mistakes[end - 1 : end]):
            name = f"{example.id}#{step}"
            yield msgspec.structs.replace(
                example, id=name, messages=example.messages[:end], tools=tools, kinds=example.kinds[:turns],
                traits=example.traits[:turns], mistakes=example.mistakes[:end], step=step,
            )  # fmt: skip
        step += message["role"] == "assistant"


def pairs(example: Example, *, linear: bool = False) -> Iterator[Example]:
    """Iterate over the beginnings of a dialogue that end with a message at which an attempt failed, one an attempt.

    Left out are attempts of which only a part is kept, and messages that are a mistake of the assistant's own.

    Args:
        example: The whole dialogue.
        linear: No message makes more than one call: the message that is right makes its first alone, and an attempt
            that makes several is left out, as the wrong one need not be the first.
    """
    step = calls = at = 0
    tools = example.tools
    failed = [each for each in example.failed if not each.cut and not (linear and len(each.calls) > 1)]
    for number, attempt in enumerate(failed):
        taken = example.messages[attempt.message]
        for message in example.messages[at : attempt.message]:
            tools = _with_new(tools, message)
            step += message["role"] == "assistant"
            calls += len(message.get("tool_calls") or ())
        at = attempt.message
        if any(example.mistakes[at : at + 1]):
            continue
        before = msgspec.structs.replace(example, messages=example.messages[:at], mistakes=example.mistakes[:at])
        chosen = {**taken, "tool_calls": taken["tool_calls"][:1]} if linear and "tool_calls" in taken else taken
        turns = sum(message["role"] == "user" for message in before.messages)
        yield msgspec.structs.replace(
            example, id=f"{example.id}#{step}.{number}", tools=tools, kinds=example.kinds[:turns],
            traits=example.traits[:turns],
            messages=(*(call_by_call(before) if linear else before).messages, chosen), step=step,
            rejected=attempt.as_message(calls, thinking="reasoning_content" in taken), faults=attempt.faults,
        )  # fmt: skip


def _with_new(tools: str, message: JsonObject) -> str:
    """Return a list of tools as JSON text, with those that a message announces."""
    new = announced_in(message["content"]).tools if message["role"] == "user" else ()
    if not new:
        return tools
    return json.dumps([*json.loads(tools), *new], ensure_ascii=False, separators=(",", ":"))


def shaped(example: Example, reasoning: ReasoningMode, arguments: ArgumentsMode) -> Example:
    """Return a dialogue with thinking and arguments where they are wanted."""
    if (reasoning, arguments) == ("field", "object"):
        return example
    messages = [_shaped(message, reasoning, arguments) for message in example.messages]
    rejected = None if example.rejected is None else _shaped(example.rejected, reasoning, arguments)
    return msgspec.structs.replace(example, messages=tuple(messages), rejected=rejected)


def _shaped(message: JsonObject, reasoning: ReasoningMode, arguments: ArgumentsMode) -> JsonObject:
    if message["role"] != "assistant":
        return message
    found = dict(message)
    if reasoning != "field":
        thinking = found.pop("reasoning_content", "")
        if reasoning == "inline":
            found["content"] = with_thinking(thinking, found.get("content") or "")
    if arguments == "text" and "tool_calls" in found:
        found["tool_calls"] = _texts(found["tool_calls"])
    return found


def with_thinking(thinking: str, content: str) -> str:
    r"""Return a text with thinking before it, between think tags; without thinking the text alone.

    Example:
        >>> with_thinking("Look first.", "Done.")
        '<think>\nLook first.\n</think>\n\nDone.'
    """
    return f"<think>\n{thinking}\n</think>\n\n{content}" if thinking else content


def _texts(calls: Sequence[JsonObject]) -> list[JsonObject]:
    texts = [json.dumps(call["function"]["arguments"], ensure_ascii=False) for call in calls]
    return [
        {**call, "function": {**call["function"], "arguments": text}} for call, text in zip(calls, texts, strict=True)
    ]
