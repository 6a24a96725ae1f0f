"""A world under other names.

1. Tools and parameters answer to the names that are offered, and to no others; errors speak in those names.
2. What an agent does under a view leads where the same calls lead without it; evidence keeps the contract's names.
3. A view that does not fit is refused in one line that names the fault and its mend.
4. Without a view nothing is looked up: the world's own tools, errors and calls are handed on as they are.
"""

from __future__ import annotations

import json
import pickle
from typing import Any

import gymnasium as gym
import pytest

from fr_envs import load_domain
from fr_envs.contract.view import ToolView, View, read_view
from fr_envs.episode.session import Session
from fr_envs.episode.task import Goal, Task, Turn
from fr_envs.errors import UsageError
from fr_envs.world.lens import Lens
from fr_envs.world.tool_call import ToolCall

BANK = load_domain("banking")
VIEW = View((
    ToolView("list_accounts", "show_accounts", parameters={"type": "kind"}, omitted=("include_closed",)),
    ToolView("sign_in", "tool_7", "Let the customer in.", {"customer_number": "arg_a", "pin": "arg_b"}),
    ToolView("get_date"),
    ToolView("request_code", description="Ask for a code. It arrives in the messages (list_accounts)."),
))  # fmt: skip


def played(view: View | None = VIEW) -> Session:
    session = Session(BANK, view=view)
    session.reset(seed=3)
    return session


def test_tools_are_offered_in_the_order_and_under_the_names_of_the_view() -> None:
    session = played()
    assert session.tool_names == ("show_accounts", "tool_7", "get_date", "request_code")
    sign_in = session.tools[1]["function"]
    assert (sign_in["name"], sign_in["description"]) == ("tool_7", "Let the customer in.")
    assert list(sign_in["parameters"]["properties"]) == ["arg_a", "arg_b"]
    assert sign_in["parameters"]["required"] == ["arg_a", "arg_b"]
    assert list(session.tools[0]["function"]["parameters"]["properties"]) == ["kind"]
    assert session.tools[3]["function"]["description"].endswith("(show_accounts).")


def test_a_call_under_the_contracts_own_name_is_of_no_tool() -> None:
    error = played().call("sign_in", {})["error"]
    assert error["code"] == "unknown_tool"
    assert error["message"] == "There is no tool 'sign_in'. Tools: show_accounts, tool_7, get_date, request_code."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Call list_accounts, or `sign_in`.", "Call show_accounts, or `tool_7`."),
        ("list_accounts.total list_accountss my.list_accounts", "show_accounts.total list_accountss my.list_accounts"),
        ("`.list_accounts` `list_accounts`s a.b.c", "`.list_accounts` `show_accounts`s a.b.c"),
        ("`list_accounts.total`", "`show_accounts.total`"),
    ],
)
def test_a_text_calls_tools_as_they_are_offered(text: str, told: str) -> None:
    lens = Lens(BANK.spec, VIEW)
    assert lens.text(text) == told
    assert lens.contract_text(told) == text


def test_a_name_that_is_no_word_is_put_into_a_text_all_the_same() -> None:
    lens = Lens(BANK.spec, View((ToolView("list_accounts", "show-accounts"), ToolView("get_date"))))
    assert lens.text("Call list_accounts.") == "Call `show-accounts`."
    assert lens.contract_text("Call `show-accounts`.") == "Call `list_accounts`."


@pytest.mark.parametrize(
    ("name", "arguments", "message", "pointer"),
    [
        ("tool_7", {}, '"arg_a" is a required property', ""),
        ("tool_7", {"customer_number": "12345678", "arg_b": "1234"}, '"arg_a" is a required property', ""),
        ("tool_7", {"arg_a": "12345678", "arg_b": 5}, '5 is not of type "string"', "/arg_b"),
        ("show_accounts", {"include_closed": True}, "'include_closed' was unexpected", ""),
        ("show_accounts", {"type": "savings"}, "'type' was unexpected", ""),
        ("show_accounts", {"kind": "no such"}, '"no such" is not', "/kind"),
    ],
)
def test_bad_arguments_are_told_in_the_names_offered(
    name: str, arguments: dict[str, Any], message: str, pointer: str
) -> None:
    error = played().call(name, arguments)["error"]
    assert error["code"] == "invalid_arguments"
    assert message in error["message"]
    assert error.get("pointer", "") == pointer


def test_evidence_keeps_the_contracts_names() -> None:
    session = played()
    session.call("show_accounts", {"kind": "savings"})
    assert [step.call for step in session.steps] == [ToolCall("list_accounts", {"type": "savings"})]
    own = played(None)
    own.call("list_accounts", {"type": "savings"})
    assert own.steps == session.steps


def test_null_for_not_given_is_taken_under_another_name_too() -> None:
    assert "error" not in played().call("show_accounts", {"kind": None})


def test_a_session_is_forked_and_pickled_with_its_view() -> None:
    session = played()
    for twin in (session.fork(), pickle.loads(pickle.dumps(session))):
        assert twin.tool_names == session.tool_names
        assert "error" not in twin.call("show_accounts")


def _task(view: View | None, *tools: str) -> Task:
    return Task("banking", (3,), (Turn("Which day is it?", Goal(), tools=tools),), view=view)


def test_a_tasks_view_goes_before_that_of_the_session() -> None:
    session = Session(BANK, view=VIEW)
    session.reset(_task(View((ToolView("get_date", "today"), ToolView("list_cards")))))
    assert session.tool_names == ("today", "list_cards")
    session.reset(_task(None, "get_date"))
    assert list(session.tool_names) == ["get_date"]
    session.restore(played().snapshot())
    assert session.tool_names == played().tool_names


@pytest.mark.parametrize(
    ("tools", "fault"),
    [
        ([], "it offers no tool; give at least one"),
        ([{"tool": "fly"}], "it offers 'fly', which the world has not; take it out"),
        ([{"tool": "get_date"}, {"tool": "get_date", "name": "day"}], "it offers 'get_date' twice; take one out"),
        ([{"tool": "get_date", "name": "x"}, {"tool": "list_cards", "name": "x"}],
         "'get_date' and 'list_cards' are both called 'x'; give them two names"),
        ([{"tool": "get_date", "name": "list_cards"}, {"tool": "list_cards"}], "are both called 'list_cards'"),
        ([{"tool": "get_date", "name": "a b"}], "'a b' is no name of a tool"),
        ([{"tool": "sign_in", "parameters": {"user": "u"}}], "a parameter 'user' of 'sign_in', which there is not"),
        ([{"tool": "sign_in", "omitted": ["pin"]}], "it omits 'pin' of 'sign_in', which is required; offer it"),
        ([{"tool": "sign_in", "parameters": {"pin": "customer_number"}}],
         "'customer_number' and 'pin' of 'sign_in' are both called 'customer_number'"),
        ([{"tool": "sign_in", "parameters": {"pin": "a\nb"}}], "is no name of a parameter of 'sign_in'"),
        ([{"tool": "list_accounts", "parameters": {"type": "t"}, "omitted": ["type"]}],
         "it both omits and renames 'type' of 'list_accounts'; decide for one"),
        ([{"tool": "list_cards"}], "it lacks 'get_date', which is needed; add it"),
    ],
)  # fmt: skip
def test_a_view_that_does_not_fit_is_refused_in_one_line(tools: list[Any], fault: str) -> None:
    view = read_view({"tools": tools})
    with pytest.raises(UsageError) as caught:
        Session(BANK).reset(_task(view, "get_date"))
    assert fault in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("given", ["{", '{"tools": 5}', '{"tools": [{"tool": "x", "nam": "y"}]}', '{"tool": []}'])
def test_what_is_no_view_is_refused_in_one_line(given: str) -> None:
    with pytest.raises(UsageError, match="this is no view") as caught:
        Session(BANK, view=given)
    assert len(str(caught.value).splitlines()) == 1


def test_an_environment_takes_a_view_as_json() -> None:
    env = gym.make("FunReason/Banking-v0", view=VIEW.to_json())
    _, info = env.reset(seed=3)
    assert [tool["function"]["name"] for tool in info["tools"]] == list(played().tool_names)
    env.action_space.seed(5)
    for _ in range(40):
        text, *_rest, info = env.step(env.action_space.sample())
        assert "unknown_tool" not in text
        assert "invalid_arguments" not in text
    assert json.loads(env.step({"name": "sign_in", "arguments": {}})[0])["error"]["code"] == "unknown_tool"


def test_a_turn_withholds_tools_by_their_names_in_the_contract_and_a_later_one_has_them() -> None:
    there = ("list_accounts", "get_date", "request_code")
    turns = (Turn("Which accounts have I?", Goal(), tools=there), Turn("And now?", Goal(), tools=(*there, "sign_in")))
    session = Session("banking")
    session.reset(Task("banking", (3,), turns, view=VIEW))
    assert session.tool_names == ("show_accounts", "get_date", "request_code")
    told = session.call("tool_7")["error"]["message"]
    assert told.endswith("Tools: show_accounts, get_date, request_code.")
    session.say("I have no tool for that.")
    assert "tool_7" in session.tool_names
    assert session.call("tool_7", {})["error"]["code"] != "unknown_tool"


def test_without_a_view_the_worlds_own_tools_are_handed_on() -> None:
    session = played(None)
    assert session.offering.plain
    assert session.tools[0] is BANK.openai_tools[0]


def test_texts_are_told_in_the_names_offered_and_back() -> None:
    view = View((ToolView("list_accounts", "overview"), ToolView("sign_in", "log_in"), ToolView("get_date", "today")))
    lens = Lens(BANK.spec, view)
    told = lens.text("First sign_in, then list_accounts; `get_date` tells the day, my_sign_in and dates stay.")
    assert told == "First log_in, then `overview`; `today` tells the day, my_sign_in and dates stay."
    assert lens.text(told) == told
    assert lens.contract_text(told) == (
        "First sign_in, then `list_accounts`; `get_date` tells the day, my_sign_in and dates stay."
    )
