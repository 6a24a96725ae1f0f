"""Reading never raises, never evaluates, and its work grows no faster than the text.

1. No text and no object whatever raises, with and without the names of tools.
2. Nothing that is written is run.
3. Twice the text is twice the work, whatever is repeated.
4. Names and types of the tools decide, and a list of tools is taken in once.
"""

import json
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading import Offer, read_action
from fr_envs.episode.reading.offer import offer_of
from fr_envs.world.tool_call import ToolCall

TOOLS: list[dict[str, Any]] = [
    {
        "type": "function",
        "function": {
            "name": "mkdir",
            "parameters": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "parents": {"type": "boolean"},
                    "mode": {"type": ["integer", "null"]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "size": {"anyOf": [{"type": "number"}, {"type": "null"}]},
                    "kind": {"enum": [1, 2]},
                    "any": {},
                },
                "required": ["path"],
            },
        },
    },
    {"type": "function", "name": "pwd", "parameters": {"type": "object", "properties": {}}},
    {"name": "echo", "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}}},
]
OFFER = Offer(TOOLS)
CALL = '{"name": "mkdir", "arguments": {"path": "a"}}'
MARKS = [
    "<tool_call>",
    "</tool_call>",
    "<think>",
    "</think>",
    "[TOOL_CALLS]",
    "[ARGS]",
    "[THINK]",
    "[/THINK]",
    "<|channel|>",
    "<|message|>",
    "<|call|>",
    "analysis",
    "commentary to=functions.mkdir",
    "<function=mkdir>",
    "</function>",
    "<parameter=path>",
    "</parameter>",
    '<invoke name="mkdir">',
    "</invoke>",
    "<mkdir>",
    "</mkdir>",
    "<arg_key>",
    "</arg_key>",
    "<arg_value>",
    "</arg_value>",
    "mkdir",
    "(",
    ")",
    "path=",
    "```",
    "```json\n",
    "~~~",
    "\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"',
    "'",
    "“",
    "”",
    '"name"',
    '"arguments"',
    '"mkdir"',
    "\\",
    "\\ud800",
    "NaN",
    "1e999",
    "-1",
    " ",
    "word",
    "\ud800",
    "Action: ",
    "Action Input: ",
    "Observation:",
    "Final Answer:",
    "Thought:",
    ">>>",
    "functools",
    "<|im_end|>",
    "<|im_start|>user",
    "<tool_response>",
    "/*",
    "//",
    "#",
    '"""',
    "**",
    "call:",
    '<|"|>',
    "<escape>",
    "print(",
    "await ",
    "x = ",
    "✿FUNCTION✿:",
    "✿ARGS✿:",
    "◁think▷",
    "<｜tool▁sep｜>",
    "True",
    "None",
    "0x",
    CALL,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["mkdir", CALL]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "role",
                    "content",
                    "tool_calls",
                    "function",
                    "name",
                    "arguments",
                    "id",
                    "type",
                    "text",
                    "parts",
                    "output",
                    "choices",
                    "message",
                    "functionCall",
                    "function_call",
                    "tool",
                    "action",
                    "input",
                    "parameters",
                    "calls",
                    "candidates",
                    "toolUse",
                    "thinking",
                    "reasoning",
                    "custom",
                    "method",
                    "params",
                    "mkdir",
                    "tool_uses",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(MARKS), max_size=25).map("".join) | st.text())
def test_no_text_raises(text: str) -> None:
    for tools in (OFFER, None):
        action = read_action(text, tools)
        assert action.calls or action.text
        json.dumps(action.text + action.reasoning, ensure_ascii=False).encode()


@pytest.mark.slow
@settings(max_examples=300)
@given(JSON)
def test_no_object_raises(value: Any) -> None:
    for tools in (OFFER, None):
        for form in (
            value,
            [value],
            {"role": "assistant", "content": value},
            {"content": [value]},
            json.dumps(value),
            f"Look: {json.dumps(value)}",
            f"<tool_call>{json.dumps(value)}",
            {"choices": [value]},
            {"name": "mkdir", "arguments": value},
            {"role": "model", "parts": value},
        ):
            action = read_action(form, tools)
            assert action.calls or action.text


@given(
    st.dictionaries(
        st.sampled_from(["path", "text", "a b", "é"]),
        st.text(st.characters(exclude_categories=["Cs"]))
        | st.booleans()
        | st.none()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_arguments_arrive_as_they_were_written(arguments: dict[str, Any]) -> None:
    text = json.dumps({"name": "mkdir", "arguments": arguments})
    words = ", ".join(f"{key}={value!r}" for key, value in arguments.items() if key.isidentifier())
    for form in (
        text,
        f"<tool_call>\n{text}\n</tool_call>",
        f"<think>x</think>\n```json\n{text}\n```",
        json.loads(text),
        f"Sure.\n{text}",
        f"[TOOL_CALLS]mkdir[ARGS]{json.dumps(arguments)}",
        f"[{text}]",
        f"<|channel|>commentary to=functions.mkdir<|message|>{json.dumps(arguments)}<|call|>",
        f"Action: mkdir\nAction Input: {json.dumps(arguments)}",
        f"mkdir(**{json.dumps(arguments)})",
    ):
        assert read_action(form, OFFER).calls == (ToolCall("mkdir", arguments),), form
    if all(key.isidentifier() for key in arguments):
        assert read_action(f"[mkdir({words})]", OFFER).calls == (ToolCall("mkdir", arguments),)


@pytest.mark.parametrize(
    "form",
    [
        "mkdir(path={})",
        "[mkdir(path={})]",
        "```python\nmkdir(path={})\n```",
        "```tool_code\nprint(mkdir(path={}))\n```",
        "<tool_call>mkdir(path={})</tool_call>",
        '{{"name": "mkdir", "arguments": {{"path": {}}}}}',
        "Action: mkdir({})",
        "<|python_tag|>mkdir.call(path={})",
        "x = {}\nmkdir(path=x)",
    ],
)
def test_nothing_is_evaluated(form: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for code in (f"open({str(canary)!r}, 'w').close()", f"__import__('pathlib').Path({str(canary)!r}).touch()"):
        action = read_action(form.format(code), OFFER)
        assert not any(isinstance(call, ToolCall) for call in action.calls), action
    assert not canary.exists()


def work(text: str) -> int:
    """Return how many functions reading a text calls."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        read_action(text, OFFER)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "piece", [*MARKS, '{"name": ', '[{"a": ', "<tool_call>{", "<a>", "mkdir(", '{"a": 1} ', "a\n", "mkdir\n"]
)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    once, twice = work(f"x {piece * 300}"), work(f"x {piece * 600}")
    assert twice <= 2.3 * once + 400


def test_tools_are_taken_in_once() -> None:
    assert offer_of(TOOLS) is offer_of(TOOLS)
    assert offer_of(OFFER) is OFFER
    assert offer_of(None) is None
    grown = list(TOOLS)
    first = offer_of(grown)
    grown.append({"name": "rm"})
    second = offer_of(grown)
    assert first is not second
    assert second is not None
    assert "rm" in second


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mkdir", "mkdir"),
        ("functions.mkdir", "mkdir"),
        ("default_api.mkdir", "mkdir"),
        ("functions.mkdir:3", "mkdir"),
        ("mkdir.call", "mkdir"),
        ("tools/mkdir", "mkdir"),
        ("fly", "fly"),
        ("functions.fly", "fly"),
        ("functions.", "functions."),
    ],
)
def test_a_name_is_resolved(written: str, name: str) -> None:
    assert OFFER.resolve(written) == name


@pytest.mark.parametrize(
    ("parameter", "written", "value"),
    [
        ("path", "5", "5"),
        ("path", "\n a \n", " a "),
        ("path", '"a"', '"a"'),
        ("path", "true", "true"),
        ("mode", "5", 5),
        ("mode", " 5 ", 5),
        ("mode", "null", None),
        ("mode", "five", "five"),
        ("parents", "True", True),
        ("parents", "no", False),
        ("tags", '["a", "b"]', ["a", "b"]),
        ("tags", "a, b", "a, b"),
        ("size", "1.5", 1.5),
        ("size", "None", None),
        ("kind", "2", 2),
        ("any", "a", "a"),
        ("any", "[1]", [1]),
        ("other", "1", 1),
        ("other", '"a"', '"a"'),
        ("size", "", ""),
    ],
)
def test_elements_are_typed_by_schema(parameter: str, written: str, value: Any) -> None:
    assert OFFER.value("mkdir", parameter, written) == value
    text = f"<function=mkdir><parameter={parameter}>{written}</parameter></function>"
    assert read_action(text, OFFER).calls == (ToolCall("mkdir", {parameter: value}),)


def test_tools_of_no_known_form_are_left_out() -> None:
    odd: list[Any] = [{}, {"name": 5}, {"function": {"name": ["a"]}}, {"name": "a", "parameters": {"properties": 5}}]
    offer = Offer(odd)
    assert "a" in offer
    assert len(list(offer.parameters())) == 1


def test_only_offered_names_make_words_a_call() -> None:
    assert read_action('[mkdir(path="a")]', TOOLS).calls == (ToolCall("mkdir", {"path": "a"}),)
    assert read_action('[mkdir(path="a")]') == Action(text='[mkdir(path="a")]')
    assert read_action('{"name": "report.txt", "size": 12}', TOOLS).calls == ()
    (flat,) = read_action('{"name": "mkdir", "size": "12"}', TOOLS).calls
    assert flat == ToolCall("mkdir", {"size": "12"})
    (odd,) = read_action('{"name": "mkdir", "weight": 12}', TOOLS).calls
    assert isinstance(odd, Malformed)
