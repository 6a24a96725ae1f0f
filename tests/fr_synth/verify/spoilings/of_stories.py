"""Spoilings of records of ordinary runs: situations, every kind of turn, other names, mishaps."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Any

from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils_story

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b(\d{{1,2}}) ({_MONTHS})\b")
_AMOUNT = re.compile(r"\b\d{1,3}(?:,\d{3})*\.\d\d\b")
_COUNT = re.compile(r"(?<![\w.,:/-])\d{1,3}(?![\w.,:/-])")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]{2,} [A-Z][a-z]{2,}\b")


# -------------------------------------------------------------------------------------------- where things stand


def replies(record: Forged) -> list[Any]:
    return [m for m in record.messages if m["role"] == "assistant" and "tool_calls" not in m]


def users(record: Forged) -> list[Any]:
    return [m for m in record.messages if m["role"] == "user"]


def thoughts(record: Forged) -> list[Any]:
    return [m for m in record.messages if m["role"] == "assistant" and m.get("reasoning_content")]


def turns_of(record: Forged, *kinds: str) -> int:
    """Return the first turn of some kinds."""
    return first(n for n, turn in enumerate(record.task["turns"]) if turn.get("kind", "act") in kinds)


def reply_in(record: Forged, number: int) -> Any:
    """Return the reply of a turn."""
    found = replies(record)
    if number >= len(found):
        raise Unfit
    return found[number]


def exchange(messages: list[Any], key: str, pattern: re.Pattern[str], other: Callable[[re.Match[str]], str]) -> None:
    """Put something else in the place of the first match in some texts; each may have it otherwise already."""
    for message in messages:
        for match in pattern.finditer(message.get(key) or ""):
            new = other(match)
            if new != match[0]:
                message[key] = f"{message[key][: match.start()]}{new}{message[key][match.end() :]}"
                return
    raise Unfit


def add(messages: list[Any], key: str, more: str, which: int = 0) -> None:
    if not messages:
        raise Unfit
    messages[which][key] = f"{messages[which][key]} {more}"


def next_day(match: re.Match[str]) -> str:
    return f"{int(match[1]) % 28 + 1} {match[2]}"


def one_more(match: re.Match[str]) -> str:
    return str(int(match[0]) + 1)


def words(**others: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """Return a pattern of some words, and what stands in their places."""
    return re.compile(rf"\b(?:{'|'.join(others)})\b"), lambda match: others[match[0]]


# ------------------------------------------------------------------------------------------------------------ the user


@spoils_story()
def user_smuggles_a_payment(record: Forged) -> None:
    add(users(record), "content", "Also transfer 50.00 to my brother.")


@spoils_story()
def user_smuggles_a_mail(record: Forged) -> None:
    add(users(record), "content", "Oh, and email the result to my boss.", -1)


@spoils_story()
def user_smuggles_a_cleaning(record: Forged) -> None:
    add(users(record), "content", "PS: empty the trash as well.")


@spoils_story()
def user_with_a_word_dropped(record: Forged) -> None:
    exchange(users(record), "content", re.compile(r" [a-z]{4,}(?= )"), lambda match: "")


@spoils_story()
def user_day_off_by_one(record: Forged) -> None:
    exchange(users(record), "content", _DAY, next_day)


@spoils_story()
def user_count_off_by_one(record: Forged) -> None:
    exchange(users(record), "content", _COUNT, one_more)


@spoils_story()
def user_speaks_of_somebody_else(record: Forged) -> None:
    exchange(users(record), "content", _NAME, lambda match: "Bernard Kloss")


@spoils_story()
def user_thanks_with_a_value(record: Forged) -> None:
    add(users(record), "content", "Thanks, you saved me 250 euros.", -1)


@spoils_story()
def user_in_cyrillic_letters(record: Forged) -> None:
    exchange(users(record), "content", re.compile("a"), lambda match: "\u0430")


@spoils_story()
def user_wants_another_currency(record: Forged) -> None:
    exchange(users(record), "content", re.compile("[€$£]"), lambda match: "£" if match[0] == "€" else "€")


@spoils_story()
def user_wants_the_contrary(record: Forged) -> None:
    pattern, other = words(
        cheapest="dearest", latest="oldest", largest="smallest", cancel="book", freeze="unfreeze", into="from",
        open="closed", before="after", first="last", next="previous", without="with", never="always",
    )  # fmt: skip
    exchange(users(record), "content", pattern, other)


@spoils_story()
def user_answers_with_another_thing(record: Forged) -> None:
    number = turns_of(record, "ask", "choose")
    if number + 1 >= len(users(record)):
        raise Unfit
    exchange(users(record)[number + 1 :], "content", re.compile(r"\d(?=\D|$)"), lambda m: str((int(m[0]) + 1) % 10))


@spoils_story()
def consent_missing(record: Forged) -> None:
    _after(record, "confirm")["content"] = "Hm."


@spoils_story()
def consent_turned_round(record: Forged) -> None:
    _after(record, "confirm")["content"] = "No, leave it as it is."


@spoils_story()
def consent_with_a_condition(record: Forged) -> None:
    _after(record, "confirm")["content"] += " But only if it costs less than 5.00."


def _after(record: Forged, kind: str) -> Any:
    number = turns_of(record, kind)
    if number + 1 >= len(users(record)):
        raise Unfit
    return users(record)[number + 1]


# ---------------------------------------------------------------------------------------------------------- the reply


@spoils_story()
def reply_day_off_by_one(record: Forged) -> None:
    exchange(replies(record), "content", _DAY, next_day)


@spoils_story()
def reply_count_off_by_one(record: Forged) -> None:
    exchange(replies(record), "content", _COUNT, one_more)


@spoils_story()
def reply_amount_off_by_a_cent(record: Forged) -> None:
    exchange(replies(record), "content", _AMOUNT, lambda m: f"{m[0][:-1]}{(int(m[0][-1]) + 1) % 10}")


@spoils_story()
def reply_amount_ten_times_as_much(record: Forged) -> None:
    exchange(replies(record), "content", _AMOUNT, lambda m: f"{float(m[0].replace(',', '')) * 10:,.2f}")


@spoils_story()
def reply_amount_negative(record: Forged) -> None:
    exchange(replies(record), "content", re.compile(rf"(?<!-)[€$£]?{_AMOUNT.pattern}"), lambda m: f"-{m[0]}")


@spoils_story()
def reply_in_another_currency(record: Forged) -> None:
    exchange(replies(record), "content", re.compile("[€$£]"), lambda match: "£" if match[0] == "€" else "€")


@spoils_story()
def reply_in_another_unit(record: Forged) -> None:
    pattern, other = words(
        bytes="kilobytes", minutes="hours", nights="weeks", days="weeks", MB="GB", kB="MB", lines="pages",
        points="euros", hours="days", months="years", files="folders",
    )  # fmt: skip
    exchange(replies(record), "content", pattern, other)


@spoils_story()
def reply_half_a_day_off(record: Forged) -> None:
    pattern = re.compile(r"\b(\d\d):(\d\d)\b")
    exchange(replies(record), "content", pattern, lambda match: f"{(int(match[1]) + 12) % 24:02}:{match[2]}")


@spoils_story()
def reply_on_another_weekday(record: Forged) -> None:
    days = [datetime.date(2024, 1, day).strftime("%A") for day in range(1, 8)]
    pattern = re.compile("|".join(days))
    exchange(replies(record), "content", pattern, lambda match: days[(days.index(match[0]) + 1) % 7])


@spoils_story()
def reply_turned_round(record: Forged) -> None:
    pattern, other = words(
        Yes="No", No="Yes", more="less", less="more", before="after", after="before", cheapest="dearest",
        free="taken", open="closed", active="frozen", first="second", later="earlier", enough="too little",
        still="no longer", now="not", longer="shorter", paid="unpaid",
    )  # fmt: skip
    exchange(replies(record), "content", pattern, other)


@spoils_story()
def reply_with_somebody_else(record: Forged) -> None:
    exchange(replies(record), "content", _NAME, lambda match: "Bernard Kloss")


@spoils_story()
def reply_with_two_names_exchanged(record: Forged) -> None:
    _exchanged(record, _NAME)


@spoils_story()
def reply_with_two_amounts_exchanged(record: Forged) -> None:
    _exchanged(record, _AMOUNT)


def _exchanged(record: Forged, pattern: re.Pattern[str]) -> None:
    """Put two things in each other's places, in a reply that asks nothing and tells other things of each."""
    for message in replies(record):
        text = message["content"]
        found = {match[0]: match for match in pattern.finditer(text)}
        if len(found) < 2 or "?" in text:
            continue
        one, other = list(found.values())[:2]
        if text[one.end() : one.end() + 12] != text[other.end() : other.end() + 12] or pattern is _AMOUNT:
            text = text.replace(one[0], "\0").replace(other[0], one[0])
            message["content"] = text.replace("\0", other[0])
            return
    raise Unfit


@spoils_story()
def reply_that_promises_a_reminder(record: Forged) -> None:
    add(replies(record), "content", "I'll also remind you the day before.")


@spoils_story()
def reply_that_promises_money(record: Forged) -> None:
    add(replies(record), "content", "You will get it back within a week.", -1)


@spoils_story()
def reply_that_did_more(record: Forged) -> None:
    add(replies(record), "content", "I have also informed your bank about it.")


@spoils_story()
def reply_in_full_width_digits(record: Forged) -> None:
    exchange(replies(record), "content", re.compile(r"[0-9]"), lambda match: chr(0xFF10 + int(match[0])))


@spoils_story()
def reply_in_greek_letters(record: Forged) -> None:
    exchange(replies(record), "content", re.compile("o"), lambda match: "\u03bf")


@spoils_story()
def reply_with_a_link(record: Forged) -> None:
    add(replies(record), "content", "See https://example.com/terms for more.")


@spoils_story()
def reply_with_a_word_dropped(record: Forged) -> None:
    exchange(
        replies(record), "content", re.compile(r" (?:not|no longer|only|already|still|nothing)(?= )"), lambda m: ""
    )


@spoils_story()
def reply_lists_one_more(record: Forged) -> None:
    exchange(replies(record), "content", re.compile(r" and (?=[A-Z\"/])"), lambda match: ", Bernard Kloss and ")


@spoils_story()
def reply_lists_one_less(record: Forged) -> None:
    exchange(replies(record), "content", re.compile(r", [A-Z][^,.;:?!()]*(?=,| and )"), lambda match: "")


# ------------------------------------------------------------------------------------------------- kinds of turns


@spoils_story()
def confirmed_before_the_yes(record: Forged) -> None:
    reply_in(record, turns_of(record, "confirm"))["content"] = "Done."


@spoils_story()
def confirmation_of_another_amount(record: Forged) -> None:
    reply = reply_in(record, turns_of(record, "confirm"))
    exchange([reply], "content", re.compile(r"\d(?=\D|$)"), lambda match: str((int(match[0]) + 1) % 10))


@spoils_story()
def confirmation_without_a_part(record: Forged) -> None:
    reply = reply_in(record, turns_of(record, "confirm"))
    exchange([reply], "content", re.compile(r"(?:from|to|for|on|of|with) [A-Z0-9€$£\"][\w.,€]*"), lambda match: "")


@spoils_story()
def refused_and_done(record: Forged) -> None:
    reply_in(record, turns_of(record, "refuse"))["content"] = "Done, it is all set."


@spoils_story()
def refused_for_another_reason(record: Forged) -> None:
    reply_in(record, turns_of(record, "refuse"))["content"] = "I can't do that, since it is Sunday."


@spoils_story()
def no_tool_and_done(record: Forged) -> None:
    reply_in(record, turns_of(record, "missing_tool"))["content"] = "Done."


@spoils_story()
def out_of_scope_and_answered(record: Forged) -> None:
    reply_in(record, turns_of(record, "out_of_scope"))["content"] = "Sunny, with up to 24 degrees."


@spoils_story()
def question_for_another_thing(record: Forged) -> None:
    reply_in(record, turns_of(record, "ask"))["content"] = "Gladly. Which colour would you like?"


@spoils_story()
def question_that_is_none(record: Forged) -> None:
    reply_in(record, turns_of(record, "ask", "choose"))["content"] = "All right."


@spoils_story()
def choice_with_one_left_out(record: Forged) -> None:
    reply = reply_in(record, turns_of(record, "choose"))
    exchange([reply], "content", re.compile(r" or [^,?]+(?=\?)|\n[^\n]+$"), lambda match: "")


@spoils_story()
def choice_with_one_more(record: Forged) -> None:
    reply = reply_in(record, turns_of(record, "choose"))
    exchange([reply], "content", re.compile(r" or (?=[^,?]+\?)"), lambda match: ", Bernard Kloss or ")


@spoils_story()
def kind_called_act(record: Forged) -> None:
    record.task["turns"][turns_of(record, "refuse", "out_of_scope", "missing_tool", "ask", "choose", "confirm")][
        "kind"
    ] = "act"


@spoils_story()
def kind_called_no_call(record: Forged) -> None:
    record.task["turns"][turns_of(record, "refuse", "out_of_scope", "ask")]["kind"] = "no_call"


@spoils_story()
def act_called_refusal(record: Forged) -> None:
    record.task["turns"][turns_of(record, "act")]["kind"] = "refuse"


@spoils_story()
def refusal_called_out_of_scope(record: Forged) -> None:
    record.task["turns"][turns_of(record, "refuse")]["kind"] = "out_of_scope"


@spoils_story()
def kinds_of_the_row_in_another_order(record: Forged) -> None:
    kinds = record.row["kinds"]
    if kinds == kinds[::-1]:
        raise Unfit
    record.row["kinds"] = kinds[::-1]


@spoils_story()
def traits_of_the_row_emptied(record: Forged) -> None:
    key = first(name for name in ("traits",) if any(record.row.get(name) or ()))
    record.row[key] = [[] for _ in record.row[key]] if isinstance(record.row[key][0], list) else []


@spoils_story()
def goal_bars_nothing(record: Forged) -> None:
    goal = first(turn["goal"] for turn in record.task["turns"] if turn["goal"].get("barred"))
    goal["barred"] = []


@spoils_story()
def goal_bars_another_tool(record: Forged) -> None:
    goal = first(turn["goal"] for turn in record.task["turns"] if turn["goal"].get("barred"))
    goal["barred"] = [next(name for name in record.domain.spec.tools if name not in goal["barred"])]


@spoils_story()
def goal_names_nothing(record: Forged) -> None:
    goal = first(turn["goal"] for turn in record.task["turns"] if turn["goal"].get("mentions"))
    goal["mentions"] = []


@spoils_story()
def goal_names_another_thing(record: Forged) -> None:
    goal = first(turn["goal"] for turn in record.task["turns"] if turn["goal"].get("mentions"))
    goal["mentions"] = ["the"]


@spoils_story()
def awaited_is_another_tool(record: Forged) -> None:
    awaited = first(turn["awaited"] for turn in record.evidence["turns"] if turn.get("awaited", {}).get("tool"))
    awaited["tool"] = next(name for name in record.domain.spec.tools if name != awaited["tool"])


@spoils_story()
def awaited_lacks_nothing(record: Forged) -> None:
    awaited = first(turn["awaited"] for turn in record.evidence["turns"] if turn.get("awaited", {}).get("lacks"))
    awaited["lacks"] = []


# ---------------------------------------------------------------------------------------------------------- thoughts


@spoils_story()
def thought_of_somebody_unknown(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "Bernard Kloss would want that as well.")


@spoils_story()
def thought_that_guesses(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "I'll just guess the rest.")


@spoils_story()
def thought_of_the_reference(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "The expected answer is in the reference solution.", -1)


@spoils_story()
def thought_of_an_amount_unknown(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "That leaves 7,361.55 for later.")


@spoils_story()
def thought_with_a_day_off_by_one(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", _DAY, next_day)


@spoils_story()
def thought_with_a_count_off_by_one(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", _COUNT, one_more)


@spoils_story()
def thought_with_an_amount_off_by_a_cent(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", _AMOUNT, lambda m: f"{m[0][:-1]}{(int(m[0][-1]) + 1) % 10}")


@spoils_story()
def thought_about_somebody_else(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", _NAME, lambda match: "Bernard Kloss")


@spoils_story()
def thought_that_calls_the_contrary(record: Forged) -> None:
    pattern, other = words(cheapest="dearest", latest="oldest", largest="smallest", more="less", before="after")
    exchange(thoughts(record), "reasoning_content", pattern, other)


@spoils_story()
def thoughts_of_two_turns_exchanged(record: Forged) -> None:
    found = thoughts(record)
    if len(found) < 2 or found[0]["reasoning_content"] == found[-1]["reasoning_content"]:
        raise Unfit
    one, other = found[0], found[-1]
    one["reasoning_content"], other["reasoning_content"] = other["reasoning_content"], one["reasoning_content"]


@spoils_story()
def story_words_beside_a_call(record: Forged) -> None:
    message = record.messages[record.at("assistant", calls=True)]
    message["content"] = "That is done, I only have to write it down."


# ---------------------------------------------------------------------------------------- tools, views, faults, calls


@spoils_story()
def tool_that_is_called_is_not_offered(record: Forged) -> None:
    tools = json.loads(record.row["tools"])
    called = {function["name"] for function in record.calls}
    record.row["tools"] = json.dumps([t for t in tools if t["function"]["name"] not in called])
    if len(json.loads(record.row["tools"])) == len(tools):
        raise Unfit


@spoils_story()
def tool_described_as_another(record: Forged) -> None:
    tools = json.loads(record.row["tools"])
    tools[0]["function"]["description"], tools[1]["function"]["description"] = (
        tools[1]["function"]["description"],
        tools[0]["function"]["description"],
    )
    record.row["tools"] = json.dumps(tools)


@spoils_story()
def tool_parameter_no_longer_required(record: Forged) -> None:
    tools = json.loads(record.row["tools"])
    tool = first(t for t in tools if t["function"]["parameters"].get("required"))
    tool["function"]["parameters"]["required"] = []
    record.row["tools"] = json.dumps(tools)


@spoils_story()
def tool_names_exchanged_in_the_view(record: Forged) -> None:
    tools = [tool for tool in record.task["view"]["tools"] if tool.get("name")]
    if len(tools) < 2:
        raise Unfit
    tools[0]["name"], tools[1]["name"] = tools[1]["name"], tools[0]["name"]


@spoils_story()
def view_with_a_tool_more(record: Forged) -> None:
    offered = {tool["tool"] for tool in record.task["view"]["tools"]}
    name = first(name for name in record.domain.spec.tools if name not in offered)
    record.task["view"]["tools"].append({"tool": name})


@spoils_story()
def withheld_tool_offered(record: Forged) -> None:
    awaited = first(t["awaited"] for t in record.evidence["turns"] if t.get("awaited", {}).get("withheld"))
    offered = {tool["tool"] for tool in record.task["view"]["tools"]}
    name = first(name for name in awaited["withheld"] if name not in offered)
    record.task["view"]["tools"].append({"tool": name})
    awaited["withheld"].remove(name)


@spoils_story()
def call_under_the_contracts_name(record: Forged) -> None:
    names = {t["name"]: t["tool"] for t in record.task["view"]["tools"] if t.get("name") and t["name"] != t["tool"]}
    function = first(f for f in record.calls if f["name"] in names)
    function["name"] = names[function["name"]]


@spoils_story()
def faults_forgotten(record: Forged) -> None:
    if not record.task.get("faults"):
        raise Unfit
    record.task["faults"] = []


@spoils_story(replay=True)
def fault_told_in_other_words(record: Forged) -> None:
    if not record.task.get("faults"):
        raise Unfit
    fault = record.task["faults"][0]
    fault["turn"] = (fault["turn"] + 1) % len(record.task["turns"])


@spoils_story()
def failure_told_as_a_result(record: Forged) -> None:
    number = first(n for n, call in enumerate(record.behind) if call.get("error"))
    record.result_of(number)["content"] = json.dumps({"ok": True})


@spoils_story()
def result_with_another_number(record: Forged) -> None:
    found = [record.result_of(number) for number in range(len(record.calls))]
    exchange(found, "content", re.compile(r"(?<=: )\d+"), one_more)


@spoils_story()
def attempt_that_failed_left_out(record: Forged) -> None:
    record.drop_call(first(n for n, call in enumerate(record.behind) if call.get("error")))


@spoils_story(replay=True)
def call_made_twice(record: Forged) -> None:
    index, position, function = first(record.called())
    if len(record.messages[index]["tool_calls"]) > 1:
        raise Unfit
    again = json.loads(json.dumps(record.messages[index : index + 2]))
    record.messages[index + 2 : index + 2] = again
    record.behind.insert(1, json.loads(json.dumps(record.behind[0])))
    record.renumber()
    for call in record.behind:
        for source in call.get("sources", {}).values():
            if source.get("from") == "output" and source["step"] > position:
                source["step"] += 1
    assert function


@spoils_story()
def slip_not_marked_as_a_mistake(record: Forged) -> None:
    if not any(call.get("purpose") == "slip" for call in record.behind):
        raise Unfit
    for call in record.behind:
        if call.get("purpose") == "slip":
            del call["purpose"]


@spoils_story()
def good_call_marked_as_a_slip(record: Forged) -> None:
    call = first(c for c in record.behind if c.get("user_requested") and "purpose" not in c)
    call["purpose"] = "slip"


# ------------------------------------------------------------------------------------------------------ the evidence


@spoils_story()
def another_persona(record: Forged) -> None:
    if not record.evidence.get("persona"):
        raise Unfit
    record.evidence["persona"] = "nobody"


@spoils_story()
def another_situation(record: Forged) -> None:
    if not record.evidence.get("situation"):
        raise Unfit
    record.evidence["situation"] = "lost_wallet_abroad"


@spoils_story()
def aside_called_by_another_name(record: Forged) -> None:
    turn = first(t for t in record.evidence["turns"] if t["target"].startswith("aside:"))
    turn["target"] = "aside:no_such_aside"


@spoils_story()
def story_called_an_aside(record: Forged) -> None:
    turn = first(t for t in record.evidence["turns"][1:] if t["target"].startswith("situation:"))
    turn["target"] = "aside:joke_wanted"


@spoils_story()
def mention_of_another_thing(record: Forged) -> None:
    _, mention = record.mention()
    mention["value"] = "BKG99999" if isinstance(mention["value"], str) else 99999


@spoils_story()
def mention_in_other_words(record: Forged) -> None:
    _, mention = record.mention()
    mention["text"] = "that other one"


@spoils_story()
def rule_with_another_number(record: Forged) -> None:
    exchange(record.messages[:1], "content", re.compile(r"\d(?=\D|$)"), lambda match: str((int(match[0]) + 1) % 10))
