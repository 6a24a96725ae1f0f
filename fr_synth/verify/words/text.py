"""Proof "text": what a trainer reads is what ran, message by message, to the letter.

The proofs beside this one look at values; this one leaves no place in the messages where something else could stand:
roles and their order, the system's words, ids, names, arguments and results, the tools offered, and nothing besides.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import field_at
from fr_envs.contract.view import view_faults
from fr_envs.json_values import leaves_of, parts_of
from fr_synth.trace.records import RECORD_VERSION
from fr_synth.trace.unseen import is_unseen
from fr_synth.verify.failed_attempts import attempt_faults
from fr_synth.verify.goals.aims import missed_aims

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.verify.evidence import Evidence

__all__ = ["same_json", "text"]

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
_LONGEST_NAME = 200  # characters of an id or of a teacher's name


def _disguised(text: str) -> Iterator[str]:
    """Iterate over the words of a text that look like others: figures that are no 0 to 9, letters of two scripts."""
    if text.isascii():
        return
    for word in re.findall(r"\w+", text):
        if word.isascii():
            continue
        scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in word if letter.isalpha()}
        strange = any(letter.isdigit() and not letter.isascii() for letter in word)
        if strange or len(scripts & _ALPHABETS) > 1 or scripts & _WIDE:
            yield word


_ALPHABETS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
_WIDE = frozenset({"FULLWIDTH", "MATHEMATICAL"})


def text(evidence: Evidence) -> Iterator[str]:
    """Everything that a trainer reads is what ran, and what the three lines of a record say agrees."""
    yield from evidence.dialogue.disagreements
    yield from _head(evidence)
    yield from _names(evidence)
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
    yield from _offer(evidence)


def _offer(evidence: Evidence) -> Iterator[str]:
    """The tools offered are some of the world's, as its contract has them, and all that are called are among them."""
    dialogue, domain = evidence.dialogue, evidence.domain
    offered = dialogue.offered
    called = [call.name for call in dialogue.calls]
    for fault in () if dialogue.view is None else view_faults(dialogue.view, domain.spec, (*offered, *called)):
        yield f"the view does not fit the world: {fault}"
    if offered != tuple(name for name in domain.spec.tools if name in offered) or len(offered) == len(
        domain.spec.tools
    ):
        yield "the tools offered are named otherwise than in the order of the contract"
    elif dialogue.view is not None and {each.tool for each in dialogue.view.tools} != set(
        dialogue.offered_in(len(dialogue.turns)) or domain.spec.tools
    ):
        yield "the view shows other tools than are offered"
    elif dialogue.tools != (domain.offer_json(offered) if evidence.lens is None else evidence.lens.offer_json(offered)):
        yield "the tools offered are not those of the world"
    for call in dialogue.calls if offered else ():
        if call.name not in dialogue.offered_in(call.turn):
            yield f"{call.name} is called and not offered"


def _names(evidence: Evidence) -> Iterator[str]:
    """What is told of a record beside its messages is plain text: names on one line, nothing unseen."""
    dialogue = evidence.dialogue
    for what, name in (("id", dialogue.id), ("teacher", dialogue.teacher)):
        if not (name.strip() and name.isprintable() and len(name) <= _LONGEST_NAME):
            yield f"its {what} is no name on one line of at most {_LONGEST_NAME} characters"
    for what, told in (("persona", dialogue.persona), ("situation", dialogue.situation)):
        if is_unseen(told) or (told and not told.strip()):
            yield f"its {what} is no plain text"
    for number, turn in enumerate(dialogue.turns):
        if is_unseen(turn.easy + turn.advanced.description):
            yield f"turn {number}: an unseen character stands in its easy query or its macro's description"


def _shapes(evidence: Evidence) -> Iterator[str]:
    """Each message by itself: its role, its members, texts that are texts."""
    messages = evidence.dialogue.messages
    told = evidence.domain.system_text_at(evidence.states[0])
    told = told if evidence.lens is None else evidence.lens.text(told)
    if not messages or messages[0] != {"role": "system", "content": told}:
        yield "message 0: the system message is not that of the world"
    if len({"reasoning_content" in message for message in messages if message.get("role") == "assistant"}) > 1:
        yield "some messages of the assistant have reasoning and some have none"
    results = [str(message.get("content")) for message in messages if message.get("role") == "tool"]
    for index, message in enumerate(messages):
        for problem in _misshapen(message):
            yield f"message {index}: {problem}"
        spoken = message.get("role") in ("user", "assistant")
        said = f"{message.get('content')}\n{message.get('reasoning_content')}" if spoken else ""
        for word in _disguised(said):
            if not any(word in result for result in results):
                yield f"message {index}: {word!r} looks like another word"


def _misshapen(message: JsonObject) -> Iterator[str]:
    role = message.get("role")
    if not isinstance(role, str) or frozenset(message) not in _KEYS.get(role, ()):
        yield f"{', '.join(map(str, message))} are not the members of a message of {role!r}"
        return
    for name, value in message.items():
        if name != "tool_calls" and not isinstance(value, str):
            yield f"its {name} is no text"
        elif name in ("content", "reasoning_content") and role in ("user", "assistant") and is_unseen(value):
            yield f"a control character stands in its {name}"
    if role == "user" and not str(message["content"]).strip():
        yield "the user says nothing"


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
        shown, result = _seen(evidence, here)
        expected: JsonObject = {
            "id": f"call_{here}",
            "type": "function",
            "function": {"name": shown.name, "arguments": shown.arguments},
        }
        if not same_json(wire, expected):
            yield f"message {index}: call {position} is not written as it ran"
        yield from _typed(evidence, index, ran.call)
        answer = messages[index + 1 + position] if index + 1 + position < len(messages) else {}
        expected = {
            "role": "tool", "tool_call_id": f"call_{here}", "name": shown.name,
            "content": json.dumps(result, ensure_ascii=False),
        }  # fmt: skip
        if answer != expected:
            yield f"message {index + 1 + position}: is not the result of call_{here} ({ran.call.name}) as it came"


def _seen(evidence: Evidence, number: int) -> tuple[ToolCall, JsonObject]:
    """Return a call and its result under the names that are offered."""
    call, result, lens = evidence.executed[number].call, evidence.results[number], evidence.lens
    return (call, result) if lens is None else (lens.shown(call), lens.shown_result(call, result))


def _typed(evidence: Evidence, index: int, call: ToolCall) -> Iterator[str]:
    """What the contract takes as an integer is written as one: 5.0 is a float to whoever trains on it."""
    tool = evidence.domain.spec.tools.get(call.name)
    for pointer, value in leaves_of(call.arguments) if tool else ():
        name, *rest = parts_of(pointer)
        if type(value) is float and tool and name in tool.parameters:
            field = field_at(tool.parameters[name].field, rest)
            if field is not None and field_schema(evidence.domain.spec, field).get("type") == "integer":
                yield f"message {index}: {call.name} takes an integer at {pointer}, not {value!r}"


def same_json(one: Json, other: Json) -> bool:
    """Return True if two JSON values are the same, numbers by their type too: 1, 1.0 and true are three values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return type(one) is type(other) and bool(one == other)


def _turns(evidence: Evidence) -> Iterator[str]:
    """What the evidence says of each turn fits its messages."""
    messages = evidence.dialogue.messages
    users = [turn.message for turn in evidence.dialogue.turns]
    for number, turn in enumerate(evidence.dialogue.turns):
        end = users[number + 1] if number + 1 < len(users) else len(messages)
        yield from attempt_faults(evidence, number, end)
        for problem in missed_aims(evidence, number):
            yield f"turn {number}: aimed at {turn.target}, {problem}"
