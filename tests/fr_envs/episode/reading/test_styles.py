"""Every style in which models write calls, thinking and replies is read as what it means.

1. A call is read with its arguments, in order; nothing else is called.
2. What looks like a call and is none is malformed, never a reply.
3. Data, code and words that are no call are a reply, without thinking and marks.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading import Offer, read_action
from fr_envs.world.tool_call import ToolCall

HEAD, *STYLES = [json.loads(line) for line in (Path(__file__).parent / "styles.jsonl").read_text().splitlines()]
OFFER = Offer(HEAD["tools"])


def plain(action: Action) -> list[Any]:
    return [{"name": c.name, "arguments": c.arguments} if isinstance(c, ToolCall) else None for c in action.calls]


def holds(expect: dict[str, Any], action: Action) -> bool:
    refused = bool(action.calls) and all(isinstance(call, Malformed) for call in action.calls)
    if "calls" in expect:
        return bool(plain(action) == expect["calls"])
    if "calls_or_error" in expect:
        return refused or plain(action) == expect["calls_or_error"]
    if "error" in expect:
        return refused
    return not action.calls and (expect["reply"] is None or bool(expect["reply"] == action.text))


@pytest.mark.parametrize("style", STYLES, ids=[style["id"] for style in STYLES])
def test_a_style_is_read_as_what_it_means(style: dict[str, Any]) -> None:
    action = read_action(style["written"], OFFER)
    assert holds(style["expect"], action), action


def test_the_table_is_long_and_no_two_styles_are_one() -> None:
    assert len({json.dumps(style["written"]) for style in STYLES}) == len(STYLES) >= 250


@pytest.mark.parametrize("style", STYLES, ids=[style["id"] for style in STYLES])
def test_without_the_names_nothing_else_is_called(style: dict[str, Any]) -> None:
    """Names unknown: what is read is what would be read with them, or less."""
    expect = style["expect"]
    wanted = expect.get("calls") or expect.get("calls_or_error") or []
    for call in plain(read_action(style["written"])):
        assert call is None or call["name"] in [each["name"] for each in wanted if each], call


@pytest.mark.parametrize(
    ("text", "reply", "reasoning"),
    [
        ("<think>a</think>Yes.", "Yes.", "a"),
        ("[THINK]a[/THINK]Yes.", "Yes.", "a"),
        ("<seed:think>a</seed:think>Yes.", "Yes.", "a"),
        ("<thinking>a</thinking>\nYes.", "Yes.", "a"),
        ("<reasoning>a</reasoning>\nYes.", "Yes.", "a"),
        ("<|START_THINKING|>a<|END_THINKING|>Yes.", "Yes.", "a"),
        ("◁think▷a◁/think▷Yes.", "Yes.", "a"),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Yes.", "Yes.", "a"),
        ("a</think>Yes.", "Yes.", "a"),
        ("<think>a</think>Yes.<think>b</think>", "Yes.", "a\nb"),
        ("Thought: a\nFinal Answer: Yes.", "Yes.", "a"),
        ("analysisaassistantfinalYes.", "Yes.", "a"),
        ("Here is my thought process: a\nHere is my response: Yes.", "Yes.", "a"),
    ],
)
def test_thinking_is_no_part_of_the_reply(text: str, reply: str, reasoning: str) -> None:
    assert read_action(text, OFFER) == Action((), reply, reasoning)


@pytest.mark.parametrize(
    "mark",
    [
        "<tool_call>{}</tool_call>",
        "</think>",
        "[TOOL_CALLS]remove[ARGS]{}",
        "```json\n{}\n```",
        "<|call|>",
        "</s>",
        '<function=remove>{"title": "x"}</function>',
        'remove(title="x")',
        "Action: remove",
        "<|channel|>final",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        '{{"name": "say", "arguments": {{"text": {text}}}}}',
        '<tool_call>\n{{"name": "say", "arguments": {{"text": {text}}}}}\n</tool_call>',
        '<think>x</think>[TOOL_CALLS]say[ARGS]{{"text": {text}}}',
        "[say(text={text})]",
        '<|channel|>commentary to=functions.say<|message|>{{"text": {text}}}<|call|>',
        'Sure.\n```json\n{{"name": "say", "arguments": {{"text": {text}}}}}\n```',
        'Action: say\nAction Input: {{"text": {text}}}',
    ],
)
def test_marks_inside_an_argument_mean_nothing(form: str, mark: str) -> None:
    written = form.format(text=json.dumps(f"a {mark} b"))
    assert read_action(written, OFFER).calls == (ToolCall("say", {"text": f"a {mark} b"}),)


@pytest.mark.parametrize(
    "form",
    [
        "<function=say>\n<parameter=text>\n{}\n</parameter>\n</function>",
        '<invoke name="say">\n<parameter name="text">{}</parameter>\n</invoke>',
        "<tool_call>say\n<arg_key>text</arg_key>\n<arg_value>{}</arg_value>\n</tool_call>",
    ],
)
@pytest.mark.parametrize(
    "mark", ["<tool_call>{}</tool_call>", "<think>", "[TOOL_CALLS]", "```", '{"name": "remove"}', "5"]
)
def test_marks_inside_an_element_mean_nothing(form: str, mark: str) -> None:
    assert read_action(form.replace("{}", f"a {mark} b"), OFFER).calls == (ToolCall("say", {"text": f"a {mark} b"}),)
