"""Proof "text": what a trainer reads is what ran, message by message, to the letter.

The proofs beside this one look at values; this one leaves no place in the messages where something else could stand:
roles and their order, the system's words, ids, names, arguments and results, the tools offered, and nothing besides.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from fr_envs.errors import UsageError
from fr_synth.trace.records import RECORD_VERSION
from fr_synth.trace.target import ChainTarget, SituationTarget, read_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.verify.evidence import Evidence

__all__ = ["text"]

_KEYS: Mapping[str, tuple[frozenset[str], ...]] = {
    "system": (frozenset({"role", "content"}),),
    "user": (frozenset({"role", "content"}),),
    "assistant": (
        frozenset({"role", "content", "reasoning_content"}),
        frozenset({"role", "content", "reasoning_content", "tool_calls"}),
        frozenset({"role", "content"}),
        frozenset({"role", "content", "tool_calls"}),
    ),
    "tool": (frozenset({"role", "tool_call_id", "name", "content"}),),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def text(evidence: Evidence) -> Iterator[str]:
    """Everything that a trainer reads is what ran, and what the three lines of a record say agrees."""
    yield from evidence.dialogue.disagreements
    yield from _head(evidence)
    problems = list(_shapes(evidence))
    yield from problems
    if not problems:
        yield from _order(evidence)
        yield from _turns(evidence)


def _head(evidence: Evidence) -> Iterator[str]:
    dialogue, domain = evidence.dialogue, evidence.domain
    if dialogue.version != RECORD_VERSION:
        yield f"a record of version {dialogue.version}, and this proves version {RECORD_VERSION}"
    if dialogue.domain != domain.name:
        yield f"a record of the world {dialogue.domain!r}, held against {domain.name!r}"
    if dialogue.domain_version != domain.spec.version:
        yield f"made in version {dialogue.domain_version} of the world, which is {domain.spec.version}"
    if not dialogue.teacher.strip():
        yield "no teacher is named"
    if dialogue.tools != domain.tools_json:
        yield "the tools offered are not those of the world"


def _shapes(evidence: Evidence) -> Iterator[str]:
    """Each message by itself: its role, its members, texts that are texts."""
    messages = evidence.dialogue.messages
    if not messages or messages[0] != {"role": "system", "content": evidence.domain.system_text}:
        yield "message 0: the system message is not that of the world"
    if len({"reasoning_content" in message for message in messages if message.get("role") == "assistant"}) > 1:
        yield "some messages of the assistant have reasoning and some have none"
    for index, message in enumerate(messages):
        role = message.get("role")
        if not isinstance(role, str) or frozenset(message) not in _KEYS.get(role, ()):
            yield f"message {index}: {', '.join(map(str, message))} are not the members of a message of {role!r}"
            continue
        for name, value in message.items():
            if name != "tool_calls" and not isinstance(value, str):
                yield f"message {index}: its {name} is no text"
            elif name in ("content", "reasoning_content") and role in ("user", "assistant") and _CONTROL.search(value):
                yield f"message {index}: a control character stands in its {name}"
        if role == "user" and not str(message["content"]).strip():
            yield f"message {index}: the user says nothing"


def _order(evidence: Evidence) -> Iterator[str]:
    """The messages one after the other: user, calls and results, reply; and each call as it ran."""
    messages, number, index = evidence.dialogue.messages, 0, 1
    while index < len(messages):
        if messages[index]["role"] != "user":
            yield f"message {index}: the user should speak here, not the {messages[index]['role']}"
            return
        index += 1
        while index < len(messages) and messages[index].get("tool_calls"):
            wire = messages[index]["tool_calls"]
            yield from _called(evidence, index, number)
            number, index = number + len(wire), index + 1 + len(wire)
        if index >= len(messages) or messages[index]["role"] != "assistant" or "tool_calls" in messages[index]:
            yield f"message {min(index, len(messages))}: the assistant's reply should stand here"
            return
        if not messages[index]["content"].strip():
            yield f"message {index}: the reply is empty"
        index += 1
    if number != len(evidence.executed):
        yield f"{number} calls stand in the messages in their order, {len(evidence.executed)} ran"


def _called(evidence: Evidence, index: int, number: int) -> Iterator[str]:
    """The calls of a message and the messages with their results."""
    messages = evidence.dialogue.messages
    if messages[index]["content"] != "":
        yield f"message {index}: words stand beside the calls"
    for position, wire in enumerate(messages[index]["tool_calls"]):
        here = number + position
        if here >= len(evidence.executed):
            yield f"message {index}: call {position} never ran"
            return
        ran = evidence.executed[here]
        expected: JsonObject = {
            "id": f"call_{here}",
            "type": "function",
            "function": {"name": ran.call.name, "arguments": ran.call.arguments},
        }
        if not _same(wire, expected):
            yield f"message {index}: call {position} is not written as it ran"
        answer = messages[index + 1 + position] if index + 1 + position < len(messages) else {}
        expected = {
            "role": "tool", "tool_call_id": f"call_{here}", "name": ran.call.name,
            "content": json.dumps(evidence.results[here], ensure_ascii=False),
        }  # fmt: skip
        if answer != expected:
            yield f"message {index + 1 + position}: is not the result of call_{here} ({ran.call.name}) as it came"


def _same(one: Json, other: Json) -> bool:
    """Return True if two JSON values are the same, numbers by their type too: 1, 1.0 and true are three values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _turns(evidence: Evidence) -> Iterator[str]:
    """What the evidence says of each turn fits its messages."""
    messages, calls = evidence.dialogue.messages, evidence.dialogue.calls
    users = [turn.message for turn in evidence.dialogue.turns]
    for number, turn in enumerate(evidence.dialogue.turns):
        end = users[number + 1] if number + 1 < len(users) else len(messages)
        spoken = sum(message["role"] == "assistant" for message in messages[turn.message : end])
        failed = turn.attempts - spoken
        if failed < 0 or (failed > 0) != bool(turn.faults):
            yield f"turn {number}: {turn.attempts} attempts and {len(turn.faults)} faults for {spoken} messages"
        try:
            target = read_target(turn.target)
        except UsageError as error:
            yield f"turn {number}: {error}"
            continue
        if isinstance(target, SituationTarget):
            if target.name != evidence.dialogue.situation:
                yield f"turn {number}: aimed at {turn.target}, in the situation {evidence.dialogue.situation!r}"
            continue
        if target.tool not in {call.name for call in calls if call.turn == number}:
            yield f"turn {number}: aimed at {turn.target}, and {target.tool} is not called"
        if isinstance(target, ChainTarget) and target.length > len(calls):
            yield f"turn {number}: aimed at {turn.target}, with {len(calls)} calls in all"
