"""What a model gets to read.

1. The guide stands in no prompt.
2. Everything else of the material does: the drafts, what must and must not be said, tools, dialogue, hint, errors.
3. What stays the same during a dialogue stands in the system message.
4. A long list of tools takes a fraction of its JSON.
5. The same request gives the same prompt; another seed may change the manner, and nothing else.
"""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.teachers.prompts import STYLES, render
from fr_synth.teachers.protocol import ROLES, Role, TeacherRequest
from fr_synth.teachers.signatures import LONG_LIST, dialogue_text, json_line, tools_text

TEXT = {"type": "string", "description": "What the payee reads on the statement."}
MONEY = {"type": "number", "exclusiveMinimum": 0, "description": "Amount in major units of the account's currency."}
ACCOUNT = {"type": "string", "pattern": "^ACC[0-9]{6}$", "description": "Identifier of an account."}


def tool(name: str, description: str, **properties: object) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


TOOLS = [
    tool("list_standing_orders", "List the standing orders of the customer."),
    tool(
        "transfer_funds", "Move money.", source_account_id=ACCOUNT, target_account_id=ACCOUNT, amount=MONEY, memo=TEXT
    ),
    tool("get_balance", "Read what an account holds.", account_id=ACCOUNT),
]
DIALOGUE: list[dict[str, Any]] = [
    {"role": "user", "content": "My rent goes up to 1,240."},
    {
        "role": "assistant",
        "content": "",
        "reasoning_content": "I do not know which order is the rent.",
        "tool_calls": [{"id": "c0", "function": {"name": "list_standing_orders", "arguments": {}}}],
    },
    {"role": "tool", "name": "list_standing_orders", "content": '{"standing_orders": []}'},
]
MATERIAL: dict[Role, dict[str, Any]] = {
    "tooling": {
        "world": "A retail bank.",
        "steps": [{"name": "list_accounts", "arguments": {"limit": 3}, "result": {"accounts": []}}, {"name": "pwd"}],
        "draft": {"name": "raise_rent", "description": "Raise the rent's standing order."},
    },
    "choose": {
        "menu": ["What does it cost?", "Cancel it."],
        "may_end": True,
        "situation": "A flat is given up.",
        "persona": "brisk",
        "history": DIALOGUE,
    },
    "query": {
        "advanced_tool": {"name": "raise_rent", "description": "Raise it."},
        "must_say": ["1,240.00", "rent"],
        "never_say": ["SO000012", "list_standing_orders"],
        "history": DIALOGUE,
        "draft": {"easy": "Find the order; raise it.", "hard": "Raise the rent to 1,240.00."},
    },
    "reason": {
        "policy": "A transfer above 10,000 needs a code.",
        "tools": TOOLS,
        "messages": DIALOGUE,
        "hint": "raise_rent(new_amount): raises the rent",
        "errors": ["SO000099 stands in no result."],
    },
    "critic": {
        "tools": TOOLS,
        "messages": DIALOGUE,
        "attempt": {"calls": [{"name": "pay", "arguments": {}}]},
        "faults": [{"code": "not_grounded", "message": "SO000099 is invented."}],
    },
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def prompt(role: Role, seed: int = 0) -> str:
    return "\n".join(message["content"] for message in render(TeacherRequest(role, MATERIAL[role], seed=seed)))


def test_every_role_is_covered() -> None:
    assert set(MATERIAL) == set(ROLES) == set(get_args(Role))


def test_a_menu_is_numbered_and_may_be_left() -> None:
    told = prompt("choose")
    assert all(line in told for line in ("1. What does it cost?", "2. Cancel it.", "0. (you ask for nothing more)"))
    assert "A flat is given up." in told
    material = {**MATERIAL["choose"], "may_end": False}
    assert "0. (you" not in render(TeacherRequest("choose", material))[1]["content"]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
@given(guide=st.dictionaries(st.text(max_size=8), json_values, max_size=4))
def test_the_guide_is_never_rendered(role: Role, guide: dict[str, Any]) -> None:
    bare = render(TeacherRequest(role, MATERIAL[role]))
    assert render(TeacherRequest(role, MATERIAL[role], guide={"calls": ["GUIDE-SENTINEL"], **guide})) == bare
    assert "GUIDE-SENTINEL" not in json.dumps(bare)


@pytest.mark.parametrize("role", ROLES)
def test_a_prompt_is_one_system_and_one_user_message(role: Role) -> None:
    messages = render(TeacherRequest(role, MATERIAL[role]))
    assert [message["role"] for message in messages] == ["system", "user"]
    assert "JSON" in messages[0]["content"]


@pytest.mark.parametrize("role", ROLES)
def test_empty_material_renders(role: Role) -> None:
    assert all(message["content"].strip() for message in render(TeacherRequest(role, {})))


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("tooling", "World: A retail bank."),
        ("tooling", '- list_accounts({"limit":3}) -> {"accounts":[]}'),
        ("tooling", "- pwd({})\n"),
        ("tooling", 'Draft: {"name":"raise_rent"'),
        ("query", "Must be said:\n- 1,240.00\n- rent"),
        ("query", "Must not be said: SO000012, list_standing_orders"),
        ("query", "USER: My rent goes up"),
        ("query", 'Draft: {"easy":'),
        ("reason", "Policy:\nA transfer above 10,000"),
        ("reason", "transfer_funds("),
        ("reason", "THOUGHT: I do not know"),
        ("reason", "CALL: list_standing_orders({})"),
        ("reason", 'RESULT of list_standing_orders: {"standing_orders": []}'),
        ("reason", "step by step: raise_rent(new_amount)"),
        ("reason", "What to fix:\n- SO000099 stands"),
        ("critic", "Tools: list_standing_orders, transfer_funds"),
        ("critic", 'The step: {"calls":'),
        ("critic", '- {"code":"not_grounded"'),
    ],
)
def test_the_material_is_shown(role: Role, text: str) -> None:
    assert text in prompt(role)


def test_the_reasoner_sees_no_empty_notes() -> None:
    material = {**MATERIAL["reason"], "hint": "", "errors": []}
    user = render(TeacherRequest("reason", material))[1]["content"]
    assert "notes" not in user
    assert "fix" not in user


def test_what_stays_the_same_in_a_dialogue_stands_in_the_system_message() -> None:
    first = render(TeacherRequest("reason", {**MATERIAL["reason"], "messages": DIALOGUE[:1], "errors": []}))
    later = render(TeacherRequest("reason", MATERIAL["reason"]))
    assert first[0] == later[0]
    assert first[1] != later[1]


def test_the_manner_follows_the_seed_and_nothing_else_does() -> None:
    prompts = {prompt("query", seed) for seed in range(100)}
    assert len(prompts) == len(STYLES)
    assert prompt("query", 7) == prompt("query", 7)
    assert {prompt("reason", seed) for seed in range(9)} == {prompt("reason")}


def test_long_lists_of_tools_are_short_text() -> None:
    many = [
        {"name": f"tool_{index}", "description": "Does this. And that, at length.", "parameters": TOOLS[0]}
        for index in range(LONG_LIST)
    ]
    assert tools_text(many).splitlines()[0] == "tool_0(): Does this."
    assert "And that" in tools_text(many[:-1])
    assert len(tools_text(TOOLS)) < len(json.dumps(TOOLS)) * 0.6
    named = {tool["function"]["name"] for tool in TOOLS}
    assert named <= {line.partition("(")[0] for line in tools_text(TOOLS).splitlines()}


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({}, "x?: any"),
        ({"type": "string", "default": "a"}, 'x: string = "a"'),
        ({"type": "string", "pattern": "^A$", "format": "date"}, "x?: string /^A$/ <date>"),
        ({"enum": ["a", 1]}, 'x?: "a" | 1'),
        ({"type": ["string", "null"]}, "x?: string | null"),
        ({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"type": "null"}]}, "x?: integer >=1 <=9 | null"),
        ({"type": "array", "items": {"type": "string"}}, "x?: [string]"),
        ({"type": "array"}, "x?: [any]"),
        ({"type": "object"}, "x?: object"),
        (
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "null"}}, "required": ["a"]},
            "x?: {a: string, b?: null}",
        ),
    ],
)
def test_a_parameter_is_shown_with_its_limits(schema: dict[str, Any], shown: str) -> None:
    assert tools_text([{"name": "t", "parameters": {"properties": {"x": schema}}}]) == f"t({shown})"


def test_messages_in_the_short_form_are_shown_too() -> None:
    messages: list[dict[str, Any]] = [
        {"role": "assistant", "reasoning": "Hm.", "calls": [{"name": "ls"}]},
        {"role": "tool", "content": {"files": []}},
        {"role": "assistant", "content": "None."},
    ]
    assert dialogue_text(messages) == 'THOUGHT: Hm.\nCALL: ls({})\nRESULT: {"files":[]}\nASSISTANT: None.'
    assert json_line("a\nb") == "a\nb"
