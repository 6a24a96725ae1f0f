"""What models write, read leniently and checked strictly.

1. Thinking tags, fences, prose around the JSON, trailing commas, raw line breaks: all are read.
2. A part of an answer that was cut off or broken is no answer.
3. Calls are read in every common form, native tool calls included.
4. What is asked of a query holds for both of its texts; what must not be said, for the hard one.
5. Whatever text comes, the answer is in form or there is an AnswerError.
6. The schemas that are sent accept what the reader accepts, and force what must be said.
"""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.teachers.answers import AnswerError, Written, read_answer, response_formats
from fr_synth.teachers.protocol import ROLES, Role, TeacherRequest

CRITIC = TeacherRequest("critic", {})
REASON = TeacherRequest("reason", {"tools": [{"name": "ls"}, {"type": "function", "function": {"name": "cd"}}]})
TOOLING = TeacherRequest("tooling", {"steps": [{"name": "list_accounts"}]})
QUERY = TeacherRequest("query", {"must_say": ["1,240.00", "rent"], "never_say": ["SO000012", "list_orders", "rent"]})
CHOOSE = TeacherRequest("choose", {"menu": ["What does it cost?", "Cancel it."], "may_end": False})
LS = {"name": "ls", "arguments": {"path": "/a"}}
WHOLE: dict[str, Any] = {"reasoning": "It is in /a.", "calls": [LS], "reply": None}
GOOD: dict[Role, dict[str, Any]] = {
    "tooling": {"name": "raise_rent", "description": "Raises the rent."},
    "choose": {"choice": 2},
    "query": {"easy": "Find my rent and set 1,240.00.", "hard": "My rent is 1,240.00 now."},
    "reason": WHOLE,
    "critic": {"advice": "Look it up."},
}
REQUESTS = {"tooling": TOOLING, "choose": CHOOSE, "query": QUERY, "reason": REASON, "critic": CRITIC}


def read(request: TeacherRequest, text: str) -> dict[str, Any]:
    return read_answer(request, Written(text))


def refusal(request: TeacherRequest, said: object, *, truncated: bool = False) -> str:
    text = said if isinstance(said, str) else json.dumps(said)
    with pytest.raises(AnswerError) as caught:
        read_answer(request, Written(text, truncated=truncated))
    return str(caught.value)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "frame",
    [
        "%s",
        "Sure, here you are:\n```json\n%s\n```\nLet me know [if] {anything} is missing.",
        '<think>{"advice": "a draft"} Hm.</think>\n%s',
        "I think {so}.\n</think>\n%s",
        "```\n[%s]\n```",
        '{"no": "answer"}\n%s',
        '{"advice": "broken"\n%s',
        "[1, 2] %s [NaN] {",
        "[see below]: %s",
    ],
)
def test_an_answer_is_found_in_what_stands_around_it(role: Role, frame: str) -> None:
    assert read(REQUESTS[role], frame % json.dumps(GOOD[role])) == GOOD[role]


@pytest.mark.parametrize(
    "text",
    [
        '{"advice": "Look it up.",}',
        '[{"advice": "Look it up."},]',
        '{"advice": "  Look it up. ", "confidence": 1}',
        '{"advice": "Wrong."} No: {"advice": "Look it up."}',
    ],
)
def test_slips_of_the_pen_are_read(text: str) -> None:
    assert read(CRITIC, text) == GOOD["critic"]


def test_raw_line_breaks_and_commas_inside_strings_stay() -> None:
    assert read(CRITIC, '{"advice": "a,\n]b"}') == {"advice": "a,\n]b"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON object"),
        ("I cannot help with that.", "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"advice": "Look', "no JSON object"),
        ('{"advice": NaN}', "no JSON object"),
        ("[" * 5_000, "no JSON object"),
        ('{"advice": 3}', "advice: Input should be a valid string"),
        ('{"advice": " "}', "advice: String should have at least 1 character"),
        ("{}", "advice: Field required"),
    ],
)
def test_what_is_no_answer_is_refused(text: str, said: str) -> None:
    assert said in refusal(CRITIC, text)


def test_an_answer_cut_off_is_told_as_such() -> None:
    assert "cut off" in refusal(CRITIC, '{"advice": "Look', truncated=True)


@pytest.mark.parametrize(
    "text",
    [
        '{"reasoning": "Two calls.", "calls": [{"name": "ls", "arguments": {}}, {"name": "cd", "argu',
        '[{"name": "ls", "arguments": {}}, {"name": "c',
        '{"reasoning": "Two calls.", "calls": [{"name": "ls", "arguments": {}} {"name": "cd", "arguments": {}}]}',
    ],
)
def test_a_part_of_a_broken_answer_is_no_answer(text: str) -> None:
    assert "no JSON object" in refusal(REASON, text)


def test_a_whole_answer_with_a_trailing_comma_inside_stays_whole() -> None:
    text = '{"reasoning": "It is in /a.", "calls": [{"name": "ls", "arguments": {"path": "/a"}},], "reply": null}'
    assert read(REASON, text) == WHOLE


@pytest.mark.parametrize(
    "call",
    [
        LS,
        {"name": "ls", "arguments": '{"path": "/a"}'},
        {"name": "ls", "parameters": {"path": "/a"}},
        {"tool": "ls", "args": {"path": "/a"}},
        {"tool_name": "ls", "input": {"path": "/a"}},
        {"id": "c0", "type": "function", "function": {"name": "ls", "arguments": '{"path": "/a"}'}},
        {"function": "ls", "arguments": {"path": "/a"}},
    ],
)
def test_calls_are_read_in_every_common_form(call: dict[str, Any]) -> None:
    said = json.dumps(call)
    assert read(REASON, json.dumps({"reasoning": "It is in /a.", "calls": [call]})) == WHOLE
    assert read(REASON, json.dumps({"reasoning": "It is in /a.", "tool_calls": call})) == WHOLE
    assert read(REASON, f"It is in /a.\n```json\n{said}\n```") == WHOLE
    assert read(REASON, f"It is in /a.\n<tool_call>\n{said}\n</tool_call>") == WHOLE
    assert read(REASON, f"<think>It is in /a.</think>[{said}]") == WHOLE


@pytest.mark.parametrize(
    ("text", "thinking"),
    [("It is in /a.", ""), ("", "It is in /a."), ('{"reasoning": "It is in /a.", "reply": ""}', "x")],
)
def test_native_tool_calls_are_read(text: str, thinking: str) -> None:
    native = [{"id": "c0", "type": "function", "function": {"name": "ls", "arguments": '{"path": "/a"}'}}]
    assert read_answer(REASON, Written(text, thinking, native)) == WHOLE


@pytest.mark.parametrize("arguments", ["", " ", None, {}])
def test_no_arguments_are_none(arguments: object) -> None:
    answer = {"reasoning": "Why not.", "calls": [{"name": "ls", "arguments": arguments}]}
    assert read(REASON, json.dumps(answer))["calls"] == [{"name": "ls", "arguments": {}}]


def test_what_is_said_beside_a_call_is_dropped() -> None:
    assert read(REASON, json.dumps({**WHOLE, "reply": "One moment."})) == WHOLE


def test_a_reply_stands_alone() -> None:
    answer = {"reasoning": "All is known.", "calls": None, "reply": "It is in /a."}
    assert read(REASON, json.dumps(answer)) == {**answer, "calls": []}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reasoning": "Hm.", "calls": [], "reply": None}, "neither calls a tool nor replies"),
        ({"reasoning": "Hm.", "calls": [], "reply": " \n"}, "neither calls a tool nor replies"),
        ({"reasoning": 1, "calls": [LS]}, "reasoning: Input should be a valid string"),
        ({"reasoning": "Hm.", "calls": ["ls"]}, "JSON"),
        ({"reasoning": "Hm.", "calls": [{"name": "ls", "arguments": "path=/a"}]}, "the arguments of ls"),
        ({"reasoning": "Hm.", "calls": [{"arguments": {}}]}, "the call names no tool"),
        ({"reasoning": "Hm.", "reply": {"text": "a"}}, "reply"),
        ({"path": "/a"}, "no JSON object"),
    ],
)
def test_a_step_out_of_form_is_refused(said: object, told: str) -> None:
    assert told in refusal(REASON, said)


@pytest.mark.parametrize(("name", "told"), [("list_accounts", "is that of a step"), ("Raise Rent", "is no snake_case")])
def test_the_name_of_an_advanced_tool_is_new_and_snake_case(name: str, told: str) -> None:
    assert told in refusal(TOOLING, {**GOOD["tooling"], "name": name})


@pytest.mark.parametrize(
    ("easy", "hard", "told"),
    [
        ("My rent is 1,240.00.", "My rent is 1240.", "'hard' lacks \"1,240.00\", letter for letter"),
        ("It goes up.", "My rent is 1,240.00.", '\'easy\' lacks "1,240.00", "rent"'),
        ("My rent: 1,240.00.", "Set so000012, my rent, to 1,240.00.", "'hard' must not say \"SO000012\""),
    ],
)
def test_a_query_says_what_it_must_and_not_what_it_must_not(easy: str, hard: str, told: str) -> None:
    assert told in refusal(QUERY, {"easy": easy, "hard": hard})


def test_a_query_may_say_a_forbidden_text_in_the_easy_one_or_inside_a_word() -> None:
    said = {"easy": "Take SO000012, the rent, to 1,240.00.", "hard": "My rent (see XSO000012Y) is 1,240.00."}
    assert read(QUERY, json.dumps(said)) == said


def test_an_everyday_word_is_forbidden_as_code_alone() -> None:
    request = TeacherRequest("query", {"never_say": ["move"]})
    said = {"easy": "Move it.", "hard": "I move house, so move the file."}
    assert read(request, json.dumps(said)) == said
    assert "must not say" in refusal(request, {**said, "hard": "Use `move` on the file."})
    assert "must not say" in refusal(request, {**said, "hard": "Do move(file)."})


def test_the_name_of_the_draft_is_taken_as_it_is() -> None:
    drafted = {"name": "get>set", "description": "Sets it."}
    assert read(TeacherRequest("tooling", {"draft": drafted}), json.dumps(drafted)) == drafted


def test_nothing_is_demanded_that_the_draft_does_without() -> None:
    drafted = {"easy": "List it.", "hard": "The savings account: what did SO000012 cost?"}
    material = {"must_say": ["the savings account", "gone"], "never_say": ["SO000012", "SO000099"], "draft": drafted}
    request = TeacherRequest("query", material)
    assert read(request, json.dumps(drafted)) == drafted
    assert jsonschema.Draft202012Validator(sent_schema(request)).is_valid(drafted)
    assert "lacks" in refusal(request, {**drafted, "hard": "What did it cost?"})
    assert "SO000099" in refusal(request, {**drafted, "hard": "The savings account: SO000099?"})


@given(
    role=st.sampled_from(ROLES),
    text=st.text(max_size=200) | st.text(alphabet='{}[]",:a0 \n<>/think', max_size=200),
)
def test_any_text_is_an_answer_in_form_or_an_error(role: Role, text: str) -> None:
    try:
        content = read(REQUESTS[role], text)
    except AnswerError:
        return
    assert set(content) - {"references"} == set(GOOD[role])


# ------------------------------------------------------------------------------------------- what is asked for


def sent_schema(request: TeacherRequest, index: int = 0) -> dict[str, Any]:
    form = response_formats(request)[index]
    assert form is not None
    schema: dict[str, Any] = form["json_schema"]["schema"]
    return schema


@pytest.mark.parametrize("role", ROLES)
def test_the_schema_accepts_a_good_answer_and_no_other_key(role: Role) -> None:
    schema = sent_schema(REQUESTS[role])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(GOOD[role])
    assert not validator.is_valid({**GOOD[role], "more": 1})
    assert schema["required"] == list(GOOD[role])


@pytest.mark.parametrize("choice", [0, 3, -1, "2", 1.5, True])
def test_a_choice_is_one_of_the_menu(choice: object) -> None:
    assert re.search("there is no choice|does not have the form", refusal(CHOOSE, {"choice": choice}))


def test_what_is_pointed_at_may_be_called_otherwise() -> None:
    request = TeacherRequest("query", {"must_point": [{"words": "the rent", "at": {"payee": "Ada Kern"}}]})
    said = {
        "easy": "Find Ada's order.", "hard": "What is Ada's order?",
        "references": [{"draft": "the rent", "mine": "Ada's order"}],
    }  # fmt: skip
    assert read(request, json.dumps(said)) == said
    schema = sent_schema(request)
    assert schema["required"] == ["easy", "hard", "references"]
    assert jsonschema.Draft202012Validator(schema).is_valid(said)
    assert "references" in refusal(request, {**said, "references": [{"draft": "the rent"}]})


def test_whoever_may_leave_may_choose_nothing() -> None:
    request = TeacherRequest("choose", {"menu": ["What does it cost?"], "may_end": True})
    assert read(request, '{"choice": 0}') == {"choice": 0}


@pytest.mark.parametrize("role", ROLES)
def test_the_forms_grow_looser_to_plain_text(role: Role) -> None:
    kinds = [form and form["type"] for form in response_formats(REQUESTS[role])]
    assert kinds[-3:] == ["json_schema", "json_object", None]
    assert len(kinds) == (4 if role == "query" else 3)


def test_a_call_may_name_only_the_tools_there_are() -> None:
    validator = jsonschema.Draft202012Validator(sent_schema(REASON))
    assert not validator.is_valid({**WHOLE, "calls": [{"name": "rm", "arguments": {}}]})
    assert jsonschema.Draft202012Validator(sent_schema(TeacherRequest("reason", {}))).is_valid(WHOLE)


def test_what_must_be_said_is_forced_in_any_order() -> None:
    request = TeacherRequest("query", {"must_say": ["a.b (c)", "x*", "a.b"]})
    pattern = re.compile(sent_schema(request)["properties"]["hard"]["pattern"])
    assert pattern.search("Take x* before a.b (c).")
    assert pattern.search("Take a.b (c) before x*.")
    assert pattern.search("A.b (c) and X*.")
    assert not pattern.search("Take a.b (c).")
    assert not pattern.search('Take "x*" and a.b (c).')


@pytest.mark.parametrize("must", [[], ["a", "b", "c", "d"], ['the "red" one'], ["two\nlines"]])
def test_what_no_pattern_can_force_is_only_checked(must: list[str]) -> None:
    assert len(response_formats(TeacherRequest("query", {"must_say": must}))) == 3
