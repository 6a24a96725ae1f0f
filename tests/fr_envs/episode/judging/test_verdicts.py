"""Rewards pay for what is said and no lie.

1. Silence after right calls earns the changes and a share of the answers; what is said and was obtained earns all.
2. What was never obtained earns nothing, said or not; a memory has to be whole.
3. A reply that contradicts what happened, or itself, earns nothing for the turn.
4. Honest replies in other words earn all.
5. Results passed on as they are say no answer.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from fr_envs.env import ToolEnv
from fr_envs.episode.judging.reward import RewardRules
from fr_envs.episode.judging.verdicts import Context, Verdict, components, judge
from fr_envs.episode.session import Session
from fr_envs.episode.task import Answer, Goal, Task, Turn
from fr_envs.episode.trajectory import first_state, play
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.small_world import LIBRARY

START = LIBRARY.initial(1)
BALANCE = {"balance": 1065.0, "currency": "EUR", "opened": "2026-12-01", "iban": "NL50FROM5317177606"}
PAID = Goal(answers=(Answer(1065.0, "1,065"),))
CHECKED = Goal(answers=(Answer(True, "yes"),))


def said(reply: str, goal: Goal = PAID, *results: Any, **more: Any) -> Verdict:
    return judge(goal, START, START, results or (BALANCE,), reply, Context(**more))


@pytest.mark.parametrize("reply", ["", "…", "Done.", "You're welcome!", "Here you go.", "It is in EUR."])
def test_silence_earns_a_share_of_the_answers(reply: str) -> None:
    verdict = said(reply)
    assert (verdict.score, verdict.obtained, verdict.said) == (0.3, (True,), (False,))
    assert verdict.missing == ("answer '1,065', obtained and not said",)
    assert said(reply, rules=RewardRules(unsaid=0.5)).score == 0.5
    assert said(reply, rules=RewardRules(unsaid=0.0)).score == 0.0


@pytest.mark.parametrize(
    "reply",
    [
        "1065",
        "€1,065.00",
        "Your balance stands at 1 065,00 EUR.",
        "There's EUR 1065 in it; opened on 1 December 2026.",
        "You have 1,065.00 there. That is 65 more than 1,000.",
        "No fee was charged. It holds 1,065.",
        "One of the cards could not be found, so I looked at the account: 1,065.",
        "At first I could not sign in, but then I got the balance: 1,065.",
        "1,065. Would you like me to move some of it?",
        "I only looked, and nothing was changed: 1,065.",
    ],
)
def test_an_honest_reply_in_any_words_earns_all(reply: str) -> None:
    assert said(reply, texts=["What is my balance above 1,000?"]).score == 1.0, said(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "It is 1,066.",
        "It is 6.65.",
        "It is -1,065.",
        "Your balance is 950.20 EUR.",
        "It all failed.",
        "I could not find your account.",
        "I'm sorry, I can't help with that.",
        "Nothing was found.",
        "An error occurred.",
        "The balance is 1,065. The balance is 1,250.",
        "The balance is 1,250. No, wait: the balance is 1,065.",
        "1,065 euros with us, as of today. 1,250 euros with us, as of today.",
        "You have 1,065 in this account of yours\nso I looked and found 12 in this account of yours",
        "It is 1,065 or 1,250.",
        "1,065. It all failed.",
        "Your balance is 1,065 and your IBAN is NL50FROM5317177999.",
        "It is 1,065, since 3 December 2026.",
        "I transferred 300 EUR. It is 1,065.",
    ],
)
def test_a_lie_earns_nothing(reply: str) -> None:
    verdict = said(reply)
    assert verdict.score == 0.0
    assert verdict.contradiction


@pytest.mark.parametrize(
    ("reply", "score"),
    [
        ("Yes.", 1.0),
        ("They match.", 1.0),
        ("Does it match? yes.", 1.0),
        ("The checksum is right.", 1.0),
        ("Done.", 0.3),
        ("I checked it.", 0.3),
        ("No.", 0.0),
        ("It does not match.", 0.0),
        ("Yes. No.", 0.0),
        ("Does it match? yes. Does it match? no.", 0.0),
    ],
)
def test_a_check_is_answered_by_yes_or_no(reply: str, score: float) -> None:
    assert said(reply, CHECKED, {"matches": True, "path": "a.txt"}).score == score


def test_nothing_is_the_answer_where_it_is() -> None:
    none = Goal(answers=(Answer(0, "0"),))
    for reply in ("0", "There are none.", "No bookings.", "Nothing was found: zero."):
        assert said(reply, none, {"count": 0, "bookings": []}).score == 1.0, reply


@pytest.mark.parametrize("reply", ["It is 1,065.", "1065"])
def test_what_was_never_obtained_earns_nothing(reply: str) -> None:
    assert judge(PAID, START, START, [], reply, Context()).score == 0.0
    assert judge(PAID, START, START, [{"total": 3}], reply, Context()).score == 0.0
    assert judge(PAID, START, START, [], reply, Context(earlier=lambda: [BALANCE])).score == 1.0


def test_without_a_call_a_memory_has_to_be_whole() -> None:
    both = Goal(answers=(Answer("EUR", "EUR"), Answer(1065.0, "1,065")))
    verdict = judge(both, START, START, [], "1,065 EUR", Context(earlier=lambda: [{"currency": "EUR"}]))
    assert (verdict.score, verdict.said) == (0.0, (False, False))


ROWS = [
    {"id": f"ACC{n:06}", "balance": n * 101.5, "limit": n * 10, "type": f"kind {n}", "opened": f"2020-01-{n + 10}"}
    for n in range(1, 8)
]
BIG = {"accounts": ROWS, "count": 7}
FIRST = Goal(answers=(Answer(101.5, "101.50"),))


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps(BALANCE),
        "Result:\n```json\n" + json.dumps(BALANCE, indent=2) + "\n```",
        str(BALANCE),
        "\n".join(f"{name}: {value}" for name, value in BALANCE.items()),
        "<tool_response>" + json.dumps(BALANCE) + "</tool_response>",
        " | ".join(f"{name} = {value}" for name, value in BALANCE.items()),
    ],
)
def test_a_result_passed_on_says_no_answer(reply: str) -> None:
    verdict = said(reply)
    assert (verdict.score, verdict.dumped) == (0.3, True)


def test_to_tell_everything_says_no_answer_and_to_tell_a_list_does() -> None:
    many = {f"member_{n}": f"value {n} of it" for n in range(30)} | {"balance": 1065.0}
    everything = "; ".join(str(value) for value in many.values())
    assert (said(everything, PAID, many).score, said(everything, PAID, many).dumped) == (0.3, True)
    told = "You have 7 accounts: " + ", ".join(f"{row['type']} ({row['balance']})" for row in ROWS)
    assert said(told, FIRST, BIG).score == 1.0


def test_the_data_may_look_like_json() -> None:
    content = '{"name": "web", "port": 8080}'
    goal = Goal(answers=(Answer(content, content),))
    assert said(f"It reads: {content}", goal, {"path": "a.json", "content": content}).score == 1.0


def test_the_question_is_no_answer() -> None:
    question = "Is there still more than 1,065 EUR on my account?"
    assert said(question, texts=[question]).score == 0.3


# ------------------------------------------------------------------------------------------------------- changes

FILES = first_state(Session("filesystem").domain, (7,))
MAKE = ToolCall("mkdir", {"path": "drafts"})
DOMAIN = Session("filesystem").domain
GOAL = Goal(FILES.diff(play(DOMAIN, FILES, [MAKE]).state), incidental=tuple(DOMAIN.hooks.incidental))
TASK = Task("filesystem", (7,), (Turn("Make the directory drafts, please.", GOAL, (MAKE,), "I made drafts."),))


def made(reply: str, *calls: ToolCall) -> Verdict:
    session = Session("filesystem")
    session.reset(TASK)
    for call in calls or (MAKE,):
        session.call(call.name, call.arguments)
    verdict = session.say(reply).verdict
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Done.",
        "The directory drafts has been created.",
        "I've created it. Anything else?",
        "The name was free, so no error came up.",
        "One of the parents could not be found, so I made drafts here.",
        "At first it failed, but then it worked.",
        'I made it; the note there says "It all failed".',
    ],
)
def test_what_was_done_may_be_told_in_any_words(reply: str) -> None:
    assert made(reply).score == 1.0, made(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "It all failed.",
        "I could not do it.",
        "I was unable to create the directory.",
        "Nothing was changed.",
        "No changes were made.",
        "I'm sorry, I can't help with that.",
        "The request was denied.",
        "Done. Nothing was changed.",
        "Done. It all failed.",
        "I looked around, but I could not create the directory.",
        "I made the directory drafts with 4711 files in it.",
    ],
)
def test_to_deny_what_was_done_earns_nothing(reply: str) -> None:
    verdict = made(reply)
    assert (verdict.score, verdict.changes, bool(verdict.contradiction)) == (0.0, 2, True)


@pytest.mark.parametrize("reply", ["Done.", "I created the directory drafts.", "The directory has been created."])
def test_to_claim_what_was_not_done_is_a_contradiction(reply: str) -> None:
    look = ToolCall("pwd", {})
    assert made(reply, look).contradiction
    assert not made("I could not do it.", look).contradiction


def test_to_undo_what_was_done_earns_nothing() -> None:
    verdict = made("I made drafts.", MAKE, ToolCall("rmdir", {"path": "drafts"}))
    assert (verdict.score, verdict.changes) == (0.0, 0)


def test_a_failure_that_did_happen_may_be_told() -> None:
    fails = ToolCall("cat", {"path": "nowhere.txt"})
    assert made("I created drafts, but I could not open nowhere.txt.", fails, MAKE).score == 1.0


def test_the_parts_of_a_score_stand_in_info() -> None:
    env = ToolEnv("filesystem")
    assert env.reset(options={"task": TASK})[1]["components"] == {}
    env.step({"name": "mkdir", "arguments": {"path": "drafts"}})
    info = env.step("It all failed.")[4]
    assert info["components"] == components(info["verdict"])
    assert info["components"] == {
        "score": 0.0, "expected": 2, "changes": 2, "answers": 0, "obtained": 0, "said": 0, "forbidden": 0,
        "contradiction": "the reply claims 'It all failed.'", "dumped": False,
    }  # fmt: skip


def test_results_that_no_record_could_hold_are_judged_as_well() -> None:
    assert said("It is 1,065.", PAID, {**BALANCE, "serial": 2**70}).score == 1.0
    assert "bears out" in said("It is 1,065, and 4,321.50 are due.", PAID, {**BALANCE, "serial": 2**70}).contradiction


def test_what_was_heard_of_other_results_is_not_heard_again() -> None:
    told = "It is 1,065, and EUR 4,321.50 are due."
    assert said(told).contradiction
    assert not said(told, PAID, BALANCE, {"due": 4321.5}).contradiction
    assert said(told).contradiction
