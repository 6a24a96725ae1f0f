"""Spoilings of what a trainer reads: messages, thinking, tools."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WRITTEN = ("text", "claims")


def _other(number: str) -> str:
    """Return another number of the same form."""
    return f"{number[:-1]}{(int(number[-1]) + 3) % 10}"


def _numbered(texts: list[Any], key: str) -> None:
    """Alter the first number in the first of some texts that has one."""
    for message in texts:
        found = _NUMBER.search(message.get(key) or "")
        if found:
            message[key] = f"{message[key][: found.start()]}{_other(found[0])}{message[key][found.end() :]}"
            return
    raise Unfit


def _replies(record: Forged) -> list[Any]:
    return [m for m in record.messages if m["role"] == "assistant" and "tool_calls" not in m]


def _users(record: Forged) -> list[Any]:
    return [m for m in record.messages if m["role"] == "user"]


def _thoughts(record: Forged) -> list[Any]:
    return [m for m in record.messages if m["role"] == "assistant"]


def _swap(one: Any, other: Any, key: str) -> None:
    if one.get(key) == other.get(key):
        raise Unfit
    one[key], other[key] = other[key], one[key]


# ------------------------------------------------------------------------------------------------ the system


@spoils("text")
def system_with_a_word_changed(record: Forged) -> None:
    content = record.messages[0]["content"]
    record.messages[0]["content"] = content.replace(" not ", " ", 1) if " not " in content else content[:-9]


@spoils("text")
def system_with_a_sentence_more(record: Forged) -> None:
    record.messages[0]["content"] += " Always say that all went well."


@spoils("text")
def system_emptied(record: Forged) -> None:
    record.messages[0]["content"] = ""


@spoils("text")
def system_missing(record: Forged) -> None:
    del record.messages[0]


@spoils("text")
def system_twice(record: Forged) -> None:
    record.messages.insert(1, dict(record.messages[0]))


@spoils("text")
def system_at_the_end(record: Forged) -> None:
    record.messages.append(record.messages.pop(0))


@spoils("text")
def system_as_developer(record: Forged) -> None:
    record.messages[0]["role"] = "developer"


# ------------------------------------------------------------------------------------------------ the user


@spoils("text", "grounded", "unambiguous")
def user_emptied(record: Forged) -> None:
    record.user()["content"] = ""


@spoils("text", "grounded", "unambiguous")
def user_of_blanks(record: Forged) -> None:
    record.user()["content"] = " \t "


@spoils("text", "grounded", "unambiguous")
def user_says_nothing_of_it(record: Forged) -> None:
    if not any(letter.isdigit() for letter in str(record.user()["content"])):
        raise Unfit  # what is asked for may take nothing that has to be said
    record.user()["content"] = "Please go ahead."


@spoils("text", "unambiguous", "necessary")
def user_missing(record: Forged) -> None:
    del record.messages[record.at("user", which=1)]


@spoils("text")
def user_twice_in_a_row(record: Forged) -> None:
    index = record.at("user")
    record.messages.insert(index, dict(record.messages[index]))


@spoils("text")
def user_after_the_end(record: Forged) -> None:
    record.messages.append({"role": "user", "content": "Thank you."})


@spoils("text", "grounded", "unambiguous", "claims")
def users_swapped(record: Forged) -> None:
    _swap(record.user(0), record.user(1), "content")


@spoils("grounded", "unambiguous", "claims")
def user_with_another_number(record: Forged) -> None:
    _numbered(_users(record), "content")


@spoils("claims")
def user_with_a_number_more(record: Forged) -> None:
    record.user()["content"] += " It is about 7,361.55."


@spoils("claims")
def user_with_a_name_more(record: Forged) -> None:
    record.user()["content"] += " It is for Bernard Kloss."


@spoils("claims")
def user_with_a_wish_more(record: Forged) -> None:
    record.user()["content"] += " And delete everything else after that."


@spoils("hidden")
def user_names_a_tool(record: Forged) -> None:
    record.user()["content"] += f" Use {next(f['name'] for f in record.calls if '_' in f['name'])} for it."


@spoils("hidden")
def user_knows_an_issued_id(record: Forged) -> None:
    number, pointer, _ = record.source("output")
    value = record.calls[number]["arguments"].get(pointer[1:])
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2,}\w*\d\w*", value):
        raise Unfit
    record.user()["content"] += f" I mean {value}."


@spoils(*_WRITTEN)
def user_with_a_null_character(record: Forged) -> None:
    record.user()["content"] += "\x00"


@spoils(*_WRITTEN)
def user_with_bidi_marks(record: Forged) -> None:
    record.user()["content"] += " \u202eko\u202c"


@spoils(*_WRITTEN)
def user_with_a_tag_character(record: Forged) -> None:
    record.user()["content"] += "\U000e0041\U000e0042"


@spoils("text")
def user_as_a_list_of_parts(record: Forged) -> None:
    record.user()["content"] = [{"type": "text", "text": record.user()["content"]}]


@spoils("text")
def user_as_a_number(record: Forged) -> None:
    record.user()["content"] = 5


@spoils("text")
def user_null(record: Forged) -> None:
    record.user()["content"] = None


@spoils("text")
def user_with_a_name_member(record: Forged) -> None:
    record.user()["name"] = "Ada"


@spoils("text")
def user_as_human(record: Forged) -> None:
    record.user()["role"] = "human"


@spoils("text")
def user_with_thinking(record: Forged) -> None:
    record.user()["reasoning_content"] = "I want it."


# ------------------------------------------------------------------------------------------------ replies


@spoils("text")
def reply_emptied(record: Forged) -> None:
    record.reply()["content"] = ""


@spoils("text")
def reply_null(record: Forged) -> None:
    record.reply()["content"] = None


@spoils("text")
def reply_missing(record: Forged) -> None:
    del record.messages[record.at("assistant", calls=False)]


@spoils("text")
def last_reply_missing(record: Forged) -> None:
    del record.messages[record.at("assistant", calls=False, which=-1)]


@spoils("text")
def reply_twice(record: Forged) -> None:
    index = record.at("assistant", calls=False)
    record.messages.insert(index, dict(record.messages[index]))


@spoils("text")
def reply_before_the_user(record: Forged) -> None:
    record.messages.insert(1, {"role": "assistant", "content": "Hello!", "reasoning_content": "They come."})


@spoils("text")
def reply_from_the_user(record: Forged) -> None:
    record.reply()["role"] = "user"


@spoils("claims", "goals")
def replies_swapped(record: Forged) -> None:
    _swap(record.reply(0), record.reply(1), "content")


@spoils("claims", "goals")
def reply_with_another_number(record: Forged) -> None:
    _numbered(_replies(record), "content")


@spoils("claims", "goals")
def last_reply_with_another_number(record: Forged) -> None:
    _numbered(_replies(record)[::-1], "content")


@spoils("claims", "goals")
def reply_with_another_month(record: Forged) -> None:
    months = ("January", "February", "March", "April", "June", "July", "August", "October", "November", "December")
    for message in _replies(record):
        found = re.search("|".join(months), message["content"])
        if found:
            other = months[(months.index(found[0]) + 5) % len(months)]
            message["content"] = message["content"].replace(found[0], other, 1)
            return
    raise Unfit


@spoils("claims", "goals")
def reply_with_another_name(record: Forged) -> None:
    for message in _replies(record):
        found = re.search(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b", message["content"])
        if found:
            message["content"] = message["content"].replace(found[0], "Bernard Kloss", 1)
            return
    raise Unfit


@spoils("claims", "goals")
def reply_says_that_it_was_refused(record: Forged) -> None:
    if "refus" in record.user()["content"].lower():
        raise Unfit  # whoever wants something refused is told so
    record.reply()["content"] = "I am sorry, that was refused."


@spoils("claims", "goals")
def reply_says_that_nothing_was_done(record: Forged) -> None:
    record.reply()["content"] = "Nothing was changed, it all failed."


@spoils("claims", "goals")
def reply_adds_a_deed(record: Forged) -> None:
    record.reply()["content"] += " I have also closed your account."


@spoils("claims", "goals")
def reply_adds_a_total(record: Forged) -> None:
    record.reply()["content"] += " That makes 83,114 in all."


@spoils("claims", "goals")
def reply_offers_an_identifier(record: Forged) -> None:
    record.reply()["content"] += " The number is ZX-990177."


@spoils("claims", "goals")
def reply_with_a_negation(record: Forged) -> None:
    for message in _replies(record):
        found = re.search(r" (is|are|was|were|has|have) ", message["content"])
        if found:
            at = found.end()
            message["content"] = f"{message['content'][:at]}not {message['content'][at:]}"
            return
    raise Unfit


@spoils("claims")
def reply_with_thinking_tags(record: Forged) -> None:
    record.reply()["content"] = f"<think>Well.</think>{record.reply()['content']}"


@spoils("claims")
def reply_with_a_chat_template(record: Forged) -> None:
    record.reply()["content"] += "<|im_end|>"


@spoils(*_WRITTEN)
def reply_with_a_bell(record: Forged) -> None:
    record.reply()["content"] += "\x07"


@spoils(*_WRITTEN)
def reply_with_a_private_character(record: Forged) -> None:
    record.reply()["content"] += " \ue000"


@spoils("text")
def reply_with_an_empty_list_of_calls(record: Forged) -> None:
    record.reply()["tool_calls"] = []


@spoils("text")
def reply_with_null_calls(record: Forged) -> None:
    record.reply()["tool_calls"] = None


@spoils("text")
def reply_with_calls_that_are_text(record: Forged) -> None:
    record.reply()["tool_calls"] = "list_accounts()"


@spoils("text")
def reply_with_a_refusal_member(record: Forged) -> None:
    record.reply()["refusal"] = "no"


@spoils("text")
def reply_without_content(record: Forged) -> None:
    del record.reply()["content"]


# ------------------------------------------------------------------------------------------------ thinking


@spoils("faithful")
def thinking_emptied(record: Forged) -> None:
    first(m for m in _thoughts(record) if m.get("tool_calls") and m["reasoning_content"])["reasoning_content"] = ""


@spoils("faithful")
def thinking_of_the_reply_emptied(record: Forged) -> None:
    record.reply()["reasoning_content"] = " "


@spoils("text")
def thinking_missing(record: Forged) -> None:
    del record.messages[record.at("assistant")]["reasoning_content"]


@spoils("faithful", "claims")
def thinking_swapped(record: Forged) -> None:
    one, other = (record.messages[record.at("assistant", calls=True, which=k)] for k in (0, -1))
    _swap(one, other, "reasoning_content")


@spoils("faithful")
def thinking_knows_an_issued_id(record: Forged) -> None:
    _, _, source = first(s for s in record.sources("output") if "_id" in s[2]["pointer"])
    result = json.loads(record.result_of(source["step"])["content"])
    for part in source["pointer"].split("/")[1:]:
        result = result[int(part)] if isinstance(result, list) else result[part]
    record.messages[record.at("assistant")]["reasoning_content"] += f" It will be {result}."


@spoils("faithful")
def thinking_of_the_advanced_tool(record: Forged) -> None:
    record.macro["name"] = f"{record.macro['name']}_in_one"[:64]
    record.messages[record.at("assistant")]["reasoning_content"] += f" I do {record.macro['name']}."


@spoils("faithful", "claims")
def thinking_of_the_hint(record: Forged) -> None:
    record.messages[record.at("assistant")]["reasoning_content"] += " The hint says so."


@spoils("claims")
def thinking_of_the_expected_answer(record: Forged) -> None:
    first(m for m in _thoughts(record) if m["reasoning_content"])["reasoning_content"] += (
        " This matches the expected answer."
    )


@spoils("claims")
def thinking_with_another_number(record: Forged) -> None:
    _numbered([m for m in _thoughts(record) if not re.search(r"\d[A-Z]|[A-Z]\d", m["reasoning_content"])],
              "reasoning_content")  # fmt: skip


@spoils("faithful")
def thinking_leads_elsewhere(record: Forged) -> None:
    record.messages[record.at("assistant", calls=True)]["reasoning_content"] = "I shall take the other way round."


@spoils(*_WRITTEN)
def thinking_with_an_escape(record: Forged) -> None:
    record.messages[record.at("assistant")]["reasoning_content"] += " \x1b[31m"


@spoils("text")
def thinking_as_a_list(record: Forged) -> None:
    record.messages[record.at("assistant")]["reasoning_content"] = ["a", "b"]


# ------------------------------------------------------------------------------------------------ results


@spoils("replays", "text")
def result_missing(record: Forged) -> None:
    del record.messages[record.at("tool")]


@spoils("replays", "text")
def result_twice(record: Forged) -> None:
    index = record.at("tool")
    record.messages.insert(index, dict(record.messages[index]))


@spoils("replays", "text")
def results_swapped(record: Forged) -> None:
    _swap(record.messages[record.at("tool", which=0)], record.messages[record.at("tool", which=1)], "content")


@spoils("text")
def result_with_another_id(record: Forged) -> None:
    record.messages[record.at("tool")]["tool_call_id"] = "call_77"


@spoils("text")
def result_of_another_tool(record: Forged) -> None:
    record.messages[record.at("tool")]["name"] += "_2"


@spoils("text")
def result_written_closely(record: Forged) -> None:
    message = record.messages[record.at("tool")]
    message["content"] = json.dumps(json.loads(message["content"]), separators=(",", ":"))


@spoils("replays")
def result_with_another_value(record: Forged) -> None:
    for message in record.messages:
        found = _NUMBER.search(message["content"]) if message["role"] == "tool" else None
        if found:
            content = message["content"]
            message["content"] = f"{content[: found.start()]}{_other(found[0])}{content[found.end() :]}"
            return
    raise Unfit


@spoils("replays")
def result_with_a_member_more(record: Forged) -> None:
    message = record.messages[record.at("tool")]
    message["content"] = json.dumps({**json.loads(message["content"]), "note": "x"}, ensure_ascii=False)


@spoils("replays")
def result_emptied(record: Forged) -> None:
    record.messages[record.at("tool")]["content"] = "{}"


@spoils("replays", "text")
def result_not_a_number(record: Forged) -> None:
    record.messages[record.at("tool")]["content"] = '{"amount": NaN}'


@spoils("replays", "text")
def result_beyond_all_numbers(record: Forged) -> None:
    record.messages[record.at("tool")]["content"] = '{"amount": 1e400}'


@spoils("replays", "text")
def result_of_a_million_digits(record: Forged) -> None:
    record.messages[record.at("tool")]["content"] = f'{{"amount": {"9" * 100_000}}}'


@spoils("replays", "text")
def result_nested_deeply(record: Forged) -> None:
    record.messages[record.at("tool")]["content"] = '{"a":' * 50_000 + "1" + "}" * 50_000


@spoils("replays", "text")
def result_that_is_no_json(record: Forged) -> None:
    record.messages[record.at("tool")]["content"] = "OK"


@spoils("text", "replays")
def result_as_an_object(record: Forged) -> None:
    message = record.messages[record.at("tool")]
    message["content"] = json.loads(message["content"])


@spoils("replays", "text")
def result_from_the_user(record: Forged) -> None:
    record.messages[record.at("tool")]["role"] = "function"


# ------------------------------------------------------------------------------------- the whole, and the tools


@spoils("text", "replays", "necessary")
def messages_emptied(record: Forged) -> None:
    record.row["messages"] = []


@spoils("text", "replays")
def messages_reversed(record: Forged) -> None:
    record.messages.reverse()


@spoils("text", "replays")
def messages_cut_off(record: Forged) -> None:
    del record.messages[-3:]


@spoils("text")
def message_without_a_role(record: Forged) -> None:
    del record.user()["role"]


@spoils("text")
def message_with_a_role_that_is_a_number(record: Forged) -> None:
    record.reply()["role"] = 3


@spoils("readable")
def message_null(record: Forged) -> None:
    record.messages[1] = None


def _tools(record: Forged, change: Any) -> None:
    tools = json.loads(record.row["tools"])
    record.row["tools"] = json.dumps(change(tools) or tools, ensure_ascii=False)


@spoils("text")
def tool_removed(record: Forged) -> None:
    _tools(record, lambda tools: tools[1:])


@spoils("text")
def tool_twice(record: Forged) -> None:
    _tools(record, lambda tools: [*tools, tools[0]])


@spoils("text")
def tools_in_another_order(record: Forged) -> None:
    _tools(record, lambda tools: tools[::-1])


@spoils("text")
def tool_with_another_description(record: Forged) -> None:
    _tools(record, lambda tools: tools[0]["function"].update(description="Does it."))


@spoils("text")
def tool_with_a_wider_schema(record: Forged) -> None:
    _tools(record, lambda tools: tools[0]["function"]["parameters"].update(additionalProperties=True))


@spoils("text")
def tool_without_its_parameters(record: Forged) -> None:
    _tools(record, lambda tools: tools[0]["function"].update(parameters={}))


@spoils("text")
def tools_emptied(record: Forged) -> None:
    record.row["tools"] = "[]"


@spoils("text")
def tools_no_json(record: Forged) -> None:
    record.row["tools"] = "all of them"


@spoils("readable")
def tools_as_a_list(record: Forged) -> None:
    record.row["tools"] = json.loads(record.row["tools"])
