"""Shapes of a dialogue.

1. Made linear, no message makes two calls, each result follows its call, and no call, result or word is lost.
2. Each part ends with another message of the assistant; together they end with every one, once.
3. Of each attempt that failed and is there as a whole there is a pair; made linear, only of one call each.
4. Thinking inside the content reads back; without thinking nothing of it is left. What was given is not changed.
"""

from __future__ import annotations

import copy
import json

import msgspec

from fr_synth.export.shaping import call_by_call, pairs, parts, shaped
from tests.fr_synth.export.golden import ERRING, EXAMPLE, FAILED, MESSAGES


def test_linear_makes_one_call_a_message() -> None:
    made = call_by_call(EXAMPLE).messages
    assert [len(message.get("tool_calls", ())) for message in made] == [0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0]
    for at, message in enumerate(made):
        for call in message.get("tool_calls", ()):
            assert made[at + 1]["tool_call_id"] == call["id"]
    assert (made[4]["reasoning_content"], "reasoning_content" in made[6]) == ("Both at once.", False)
    told = [message for message in made if message["role"] != "assistant"]
    assert told == [message for message in MESSAGES if message["role"] != "assistant"]


def test_linear_leaves_what_is_linear_as_it_is() -> None:
    once = call_by_call(EXAMPLE)
    assert call_by_call(once) == once


def test_parts_end_with_every_message_of_the_assistant() -> None:
    made = list(parts(EXAMPLE))
    assert [part.messages[-1] for part in made] == [each for each in MESSAGES if each["role"] == "assistant"]
    assert all(part.messages == MESSAGES[: len(part.messages)] for part in made)
    assert [part.step for part in made] == [0, 1, 2, 3]
    assert [part.kinds for part in made] == [("act",), ("act",), ("act",), ("act", "no_call")]


def test_pairs_are_of_what_stands_there_and_what_failed() -> None:
    made = list(pairs(ERRING))
    assert [len(each.messages) for each in made] == [5, 8]
    assert [each.faults for each in made] == [attempt.faults for attempt in FAILED[:2]]
    assert [each.step for each in made] == [1, 2]
    assert list(pairs(EXAMPLE)) == []
    slipped = msgspec.structs.replace(ERRING, mistakes=tuple(at == 4 for at in range(len(MESSAGES))))
    assert [len(each.messages) for each in pairs(slipped)] == [8], "nobody should learn to make the mistake"


def test_linear_pairs_make_one_call_a_message() -> None:
    two = msgspec.structs.replace(FAILED[0], calls=FAILED[0].calls * 2)
    evidence = msgspec.json.encode({"turns": [{"failed": (FAILED[0], two, FAILED[1])}]})
    made = list(pairs(msgspec.structs.replace(ERRING, evidence=evidence), linear=True))
    assert [each.messages[-1] for each in made] == [
        {**MESSAGES[4], "tool_calls": MESSAGES[4]["tool_calls"][:1]}, MESSAGES[7]
    ]  # fmt: skip
    assert made[1].messages[:-1] == call_by_call(EXAMPLE).messages[:8]


def test_thinking_of_what_failed_goes_where_it_is_wanted() -> None:
    inline = [shaped(each, "inline", "text").rejected or {} for each in pairs(ERRING)]
    assert inline[0]["content"] == "<think>\nTry /b.\n</think>\n\n"
    assert inline[0]["tool_calls"][0]["function"]["arguments"] == '{"path": "/b"}'


def test_thinking_and_arguments_go_where_they_are_wanted() -> None:
    before = copy.copy(msgspec.json.encode(MESSAGES))
    inline = shaped(EXAMPLE, "inline", "text").messages
    assert inline[7]["content"] == "<think>\nTell it.\n</think>\n\n5 and 7."
    assert inline[9]["content"] == "You are welcome."
    assert json.loads(inline[2]["tool_calls"][0]["function"]["arguments"]) == {"path": "/a"}
    bare = shaped(EXAMPLE, "none", "object").messages
    assert "reasoning_content" not in json.dumps(bare)
    assert "think" not in json.dumps(bare)
    assert shaped(EXAMPLE, "field", "object") is EXAMPLE
    assert msgspec.json.encode(MESSAGES) == before
