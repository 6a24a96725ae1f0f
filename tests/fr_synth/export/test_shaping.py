"""Shapes of a dialogue.

1. Made linear, no message makes two calls, each result follows its call, and no call, result or word is lost.
2. Each part ends with another message of the assistant; together they end with every one, once.
3. Thinking inside the content reads back; without thinking nothing of it is left. What was given is not changed.
"""

from __future__ import annotations

import copy
import json

import msgspec

from fr_synth.export.shaping import call_by_call, parts, shaped
from tests.fr_synth.export.golden import EXAMPLE, MESSAGES


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
