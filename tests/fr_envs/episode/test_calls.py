"""The readers of what models write.

1. Every form of a call that models write is read as that call; prose is a reply.
2. What looks like a call and is none is malformed, with a message that says what to fix.
3. No input whatever raises, and reading takes time linear in the text.
4. Nothing is evaluated.
"""

import json
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading import read_action
from fr_envs.world.tool_call import ToolCall, ToolError

CALL = ToolCall("borrow", {"book_id": "BOOK001", "days": 3})
ARGUMENTS = CALL.arguments
TEXT = json.dumps({"name": "borrow", "arguments": ARGUMENTS})

ONE_CALL = {
    "name and arguments": {"name": "borrow", "arguments": ARGUMENTS},
    "arguments as text": {"name": "borrow", "arguments": json.dumps(ARGUMENTS)},
    "name and parameters": {"name": "borrow", "parameters": ARGUMENTS},
    "name and args": {"name": "borrow", "args": ARGUMENTS},
    "name and input": {"type": "tool_use", "name": "borrow", "input": ARGUMENTS},
    "tool and parameters": {"tool": "borrow", "parameters": ARGUMENTS},
    "tool_name and tool_input": {"tool_name": "borrow", "tool_input": ARGUMENTS},
    "action and action_input": {"action": "borrow", "action_input": ARGUMENTS},
    "function object": {"function": {"name": "borrow", "arguments": ARGUMENTS}},
    "function object with text": {
        "type": "function",
        "function": {"name": "borrow", "arguments": json.dumps(ARGUMENTS)},
    },
    "function by name": {"function": "borrow", "arguments": ARGUMENTS},
    "space around the name": {"name": " borrow ", "arguments": ARGUMENTS},
    "message": {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"function": {"name": "borrow", "arguments": ARGUMENTS}}],
    },
    "message without a role": {"tool_calls": [{"name": "borrow", "arguments": ARGUMENTS}]},
    "message with parts": {
        "role": "assistant",
        "content": [{"type": "tool_use", "name": "borrow", "input": ARGUMENTS}],
    },
    "message with text": {"role": "assistant", "content": TEXT},
    "list": [{"name": "borrow", "arguments": ARGUMENTS}],
    "list of texts": [TEXT],
    "call": CALL,
    "list with a call": [CALL],
    "action": Action((CALL,)),
    "JSON": TEXT,
    "JSON with space": f"\n  {TEXT}\n",
    "JSON list": f"[{TEXT}]",
    "Hermes": f"<tool_call>\n{TEXT}\n</tool_call>",
    "Hermes without an end": f"<tool_call>{TEXT}",
    "Hermes with a list": f"<tool_call>[{TEXT}]</tool_call>",
    "Hermes with a brace too many": f"<tool_call>{TEXT}}}</tool_call>",
    "Qwen thinking": f"<think>\nhm, {{\n</think>\n\n<tool_call>\n{TEXT}\n</tool_call>",
    "fenced": f"```json\n{TEXT}\n```",
    "fenced without a language": f"```\n{TEXT}\n```",
    "fenced and indented": f"   ```json\n   {TEXT}\n   ```",
    "fenced list": f"```tool_call\n[{TEXT}]\n```",
    "after words": f"I will lend it.\n{TEXT}",
    "after words, pretty": "I will lend it.\n" + json.dumps({"name": "borrow", "arguments": ARGUMENTS}, indent=2),
}


@pytest.mark.parametrize("given_action", ONE_CALL.values(), ids=ONE_CALL)
def test_every_form_of_one_call_is_read(given_action: Any) -> None:
    assert read_action(given_action).calls == (CALL,)


@pytest.mark.parametrize(
    "text",
    [
        "Your book is due on day 114.",
        "[Note] It is due on day 114.",
        "{name} is what the card says.",
        '{"title": "The Weir"} is what the catalogue says.',
        "Both: [1, 2]",
        "[1, 2]",
        "Use `{}` for nothing.",
        "```json\n{\"title\": \"The Weir\"}\n```",
        "```json\n[]\n```",
        "```json\n{broken\n```",
        '```python\nborrow(book_id="BOOK001")\n```',
        '__import__("os").system("true")',
        "[borrow(book_id='BOOK001')]",
        "ends with\n{\"name\": \"Ada\"}",
        "ends with\n{\"name\":",
        f"the call\n{TEXT}\nwould lend it",
        "a < b and <tool_cal> is no tag",
    ],
)  # fmt: skip
def test_prose_is_a_reply(text: str) -> None:
    assert read_action(text) == Action(text=text)


def test_a_message_may_be_a_reply_with_its_reasoning_beside_it() -> None:
    message = {"role": "assistant", "content": "It is due.", "reasoning_content": "I know the day."}
    assert read_action(message) == Action(text="It is due.", reasoning="I know the day.")
    assert read_action({"content": "It is due."}) == Action(text="It is due.")
    assert read_action({"role": "assistant", "content": [{"type": "text", "text": "It "}, {"type": "text", "text": "is."}]}) == Action(text="It is.")  # fmt: skip  # noqa: E501


def test_reasoning_of_no_known_form_is_left_out() -> None:
    assert read_action({"role": "assistant", "content": "Yes.", "reasoning": ["a"]}).reasoning == ""


def test_thinking_in_the_text_wins_over_thinking_beside_it() -> None:
    message = {"role": "assistant", "content": "<think>inside</think>Yes.", "reasoning_content": "beside"}
    assert read_action(message) == Action(text="Yes.", reasoning="inside")


@pytest.mark.parametrize("text", ["<think>one day\nmore</think>\nIt is due.", "one day\nmore\n</think>It is due."])
def test_thinking_is_set_apart(text: str) -> None:
    assert read_action(text) == Action(text="It is due.", reasoning="one day\nmore")


def test_several_calls_keep_their_order_identifiers_and_the_words_between_them() -> None:
    text = f'First.<tool_call>{TEXT}</tool_call> Then. <tool_call>{{"name": "leave", "id": "c2"}}</tool_call>'
    assert read_action(text) == Action((CALL, ToolCall("leave", {}, "c2")), "First.\nThen.")
    message = {"role": "assistant", "content": "Both.", "tool_calls": [{"id": "c1", "function": {"name": "a"}}, {"call_id": "c2", "name": "b", "arguments": ""}]}  # fmt: skip  # noqa: E501
    assert read_action(message) == Action((ToolCall("a", {}, "c1"), ToolCall("b", {}, "c2")), "Both.")


def test_a_closing_tag_inside_an_argument_ends_nothing() -> None:
    call = {"name": "review_book", "arguments": {"text": "</tool_call><tool_call>"}}
    assert read_action(f"<tool_call>{json.dumps(call)}</tool_call>").calls == (
        ToolCall("review_book", {"text": "</tool_call><tool_call>"}),
    )


def test_words_around_a_fenced_call_are_kept_with_other_blocks() -> None:
    text = f"Look:\n```\nplain\n```\n```json\n{TEXT}\n```\nDone."
    assert read_action(text) == Action((CALL,), "Look:\n```\nplain\n```\nDone.")


def test_good_calls_beside_a_bad_one_are_kept() -> None:
    first, second, third = read_action([{"name": "a"}, {"arguments": {}}, {"name": "b"}]).calls
    assert (first, third) == (ToolCall("a", {}), ToolCall("b", {}))
    assert isinstance(second, Malformed)


MALFORMED = {
    "nothing": ("", "reply in words"),
    "thinking alone": ("<think>hm</think>", "reply in words"),
    "thinking left open": ("<think>hm", "</think>"),
    "broken JSON": ('{"name": "borrow", "arguments": {', "no JSON"),
    "broken JSON in a list": ('[{"name": "borrow", ', "no JSON"),
    "broken Hermes": ('<tool_call>{"name": "borrow"</tool_call>', "no JSON"),
    "broken Hermes before another": ('<tool_call>{"name" <tool_call>{"name": 1', "no JSON"),
    "empty Hermes": ("<tool_call></tool_call>", "no JSON"),
    "prose in Hermes": ("<tool_call>borrow it</tool_call>", "no JSON"),
    "a list of nothing in Hermes": ("<tool_call>[]</tool_call>", "not nothing"),
    "broken fence": ('```json\n{"name": "borrow", "arguments": {"days": 3}\n```', "no JSON"),
    "broken after words": ('I will.\n{"name": "borrow", "arguments": {', "no JSON"),
    "no name": ({"arguments": {}}, "names no tool"),
    "name of another type": ({"name": 5, "arguments": {}}, "names no tool"),
    "blank name": ({"name": " ", "arguments": {}}, "names no tool"),
    "an object in place of a call": ({"days": 3}, "names no tool"),
    "arguments in a list": ({"name": "borrow", "arguments": [1]}, "a list"),
    "arguments in broken text": ({"name": "borrow", "arguments": "{"}, "arguments of borrow"),
    "arguments named by numbers": ({"name": "borrow", "arguments": {1: 2}}, "no text"),
    "a number": (5, "a number"),
    "null": (None, "nothing"),
    "an empty list": ([], "nothing"),
    "a list of numbers": ([True], "a boolean"),
    "bytes": (b"{}", "bytes"),
    "a user's message": ({"role": "user", "content": "Hello"}, "role"),
    "calls that are no list": ({"role": "assistant", "tool_calls": {"name": "borrow"}}, "no list"),
    "content of another type": ({"role": "assistant", "content": 5}, "content"),
    "parts of another type": ({"role": "assistant", "content": ["a"]}, "content"),
    "an empty message": ({"role": "assistant", "content": None}, "reply in words"),
    "not a number": ('{"name": "borrow", "arguments": {"days": NaN}}', "not finite"),
    "half a surrogate pair": ('{"name": "borrow", "arguments": {"days": "\ud800"}}', "no Unicode"),
    "too deep": ('{"name": "borrow", "arguments": ' + "[" * 100_000, "too deeply"),
    "too many": ("<tool_call>{}" * 200, "more than 128"),
}  # fmt: skip


@pytest.mark.parametrize(("given_action", "fix"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_call_says_what_to_mend(given_action: Any, fix: str) -> None:
    first = read_action(given_action).calls[0]
    assert isinstance(first, Malformed)
    assert fix in first.message
    assert first.error == ToolError("malformed_call", first.message)


def test_a_malformed_call_keeps_its_identifier() -> None:
    (call,) = read_action({"role": "assistant", "tool_calls": [{"id": "c9", "function": {"name": ""}}]}).calls
    assert call.id == "c9"


def test_an_error_shows_its_pointer_only_where_there_is_one() -> None:
    assert ToolError("a", "b").to_json() == {"error": {"code": "a", "message": "b"}}
    assert ToolError("a", "b", "/c").to_json() == {"error": {"code": "a", "message": "b", "pointer": "/c"}}


PIECES = st.sampled_from(
    ["<think>", "</think>", "<tool_call>", "</tool_call>", "```", "```json", "\n", "{", "}", "[", "]", ":", ",", '"',
     '"name"', '"arguments"', '"function"', '"a"', "\\", "\\ud800", "NaN", "1e999", " ", "word", "\ud800", TEXT]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["role", "content", "tool_calls", "function", "name", "arguments", "id", "type", "text"])
        | st.text(),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
@example('```\n{"name"')
def test_no_text_raises(text: str) -> None:
    action = read_action(text)
    assert action.calls or action.text


@pytest.mark.slow
@given(JSON | st.tuples(st.binary(), JSON) | st.sets(st.integers()))
def test_no_object_raises(value: Any) -> None:
    action = read_action(value)
    assert action.calls or action.text


@given(JSON)
def test_no_json_text_raises(value: Any) -> None:
    read_action(json.dumps(value))
    read_action({"role": "assistant", "content": json.dumps(value), "tool_calls": [{"name": "a", "arguments": value}]})


def test_arrays_and_other_objects_are_malformed() -> None:
    for odd in (
        np.zeros(3),
        {"name": "a", "arguments": np.zeros(3)},
        {"name": np.zeros(3)},
        {"role": np.zeros(3)},
        object(),
        read_action,
    ):
        assert isinstance(read_action(odd).calls[0], Malformed)


@given(st.dictionaries(st.text(), st.integers() | st.text().filter(lambda t: t.isascii()), max_size=4))
def test_arguments_arrive_as_they_were_written(arguments: dict[str, Any]) -> None:
    call = {
        "name": "borrow",
        "arguments": {k: v for k, v in arguments.items() if not isinstance(v, int) or abs(v) < 2**63},
    }
    text = json.dumps(call)
    for form in (text, f"<tool_call>{text}</tool_call>", f"<think>x</think>```json\n{text}\n```", json.loads(text)):
        assert read_action(form).calls == (ToolCall("borrow", call["arguments"]),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "piece", ["```json\n", '{"name":\n', "<tool_call>{", "<think>", "[", '{"a":', '```\n{"name"\n']
)
def test_reading_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    read_action(piece * 20_000)
    assert time.process_time() - started < 10  # milliseconds of the processor; quadratic would be minutes
