"""Spoilings by whoever knows the proofs: small lies in words, other things of the same sort, evidence that is bent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils_story
from tests.fr_synth.verify.spoilings.of_stories import add, exchange, replies, thoughts, turns_of, users, words

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS[1:9])})(?![\w-])")
_ID = re.compile(r"\b[A-Z]{2,4}\d{5,}\b")
_LARGER = {
    "more than": "less than", "less than": "more than", "above": "below", "below": "above", "later": "earlier",
    "earlier": "later", "dearer": "cheaper", "cheaper": "dearer", "longer": "shorter", "larger": "smaller",
}  # fmt: skip
_MOST = {
    "cheapest": "dearest", "newest": "oldest", "oldest": "newest", "largest": "smallest", "smallest": "largest",
    "latest": "earliest", "earliest": "latest", "longest": "shortest", "nearest": "farthest",
}  # fmt: skip
_STATE = {"is": "isn't", "are": "aren't", "was": "wasn't", "has": "hasn't", "can": "can't"}


def _next_word(match: re.Match[str]) -> str:
    return _WORDS[_WORDS.index(match[0]) + 1]


def _plain(others: dict[str, str]) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    return re.compile(rf"\b(?:{'|'.join(others)})\b"), lambda match: others[match[0]]


def _other_id(record: Forged) -> Callable[[re.Match[str]], str]:
    """Return what puts another identifier of the same sort, that some result tells, in the place of one."""
    known = sorted(set(_ID.findall(str([m for m in record.messages if m["role"] == "tool"]))))

    def other(match: re.Match[str]) -> str:
        alike = [each for each in known if each[:3] == match[0][:3] and each != match[0]]
        return alike[0] if alike else match[0]

    return other


def _awaited(record: Forged) -> Any:
    return first(turn["awaited"] for turn in record.evidence["turns"] if turn.get("awaited"))


def _by_a_model(record: Forged) -> None:
    """Claim that a model worded the dialogue, so that no wording is known."""
    record.evidence["teacher"] = "openai:model"


# ------------------------------------------------------------------------------------------------------------ replies


@spoils_story()
def reply_promises_to_look_again(record: Forged) -> None:
    add(replies(record), "content", "I'll look again tomorrow morning and write to you.")


@spoils_story()
def reply_promises_in_the_passive(record: Forged) -> None:
    add(replies(record), "content", "You will be called back by our support.", -1)


@spoils_story()
def reply_says_that_it_checked_twice(record: Forged) -> None:
    add(replies(record), "content", "I've double-checked that with the manager.")


@spoils_story()
def reply_tells_of_another_customer(record: Forged) -> None:
    add(replies(record), "content", "Another customer, Ottilie Frame, had the same yesterday.")


@spoils_story()
def reply_asks_for_a_secret(record: Forged) -> None:
    add(replies(record), "content", "What is your password?", -1)


@spoils_story()
def reply_with_a_number_in_words_off(record: Forged) -> None:
    exchange(replies(record), "content", _NUMBER, _next_word)


@spoils_story()
def reply_that_compares_the_other_way(record: Forged) -> None:
    exchange(replies(record), "content", *_plain(_LARGER))


@spoils_story()
def reply_with_the_other_extreme(record: Forged) -> None:
    exchange(replies(record), "content", *_plain(_MOST))


@spoils_story()
def reply_that_denies_something(record: Forged) -> None:
    exchange(replies(record), "content", *_plain(_STATE))


@spoils_story()
def reply_with_another_identifier(record: Forged) -> None:
    exchange(replies(record), "content", _ID, _other_id(record))


@spoils_story()
def reply_with_the_letter_for_the_digit(record: Forged) -> None:
    exchange(replies(record), "content", re.compile(r"(?<=\d)0(?=\d)"), lambda match: "O")


@spoils_story()
def reply_with_a_soft_hyphen(record: Forged) -> None:
    exchange(replies(record), "content", re.compile(r"(?<=[a-z]{3})(?=[a-z]{3})"), lambda match: "\u00ad")


@spoils_story()
def reply_with_before_for_after(record: Forged) -> None:
    exchange(replies(record), "content", *words(before="after", after="before", until="from", already="not yet"))


@spoils_story()
def reply_with_all_for_none(record: Forged) -> None:
    exchange(replies(record), "content", *words(all="none", none="all", nothing="everything", both="neither"))


@spoils_story()
def reply_that_ends_in_the_middle(record: Forged) -> None:
    reply = first(each for each in replies(record) if each["content"].count(" ") > 8)
    reply["content"] = reply["content"][: len(reply["content"]) // 2].rstrip()


@spoils_story()
def reply_said_twice(record: Forged) -> None:
    reply = replies(record)[0]
    reply["content"] = f"{reply['content']} {reply['content']}"


# ------------------------------------------------------------------------------------------------------------ thoughts


@spoils_story()
def thought_with_a_number_in_words_off(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", _NUMBER, _next_word)


@spoils_story()
def thought_with_another_identifier(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", _ID, _other_id(record))


@spoils_story()
def thought_with_an_entity_nobody_knows(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "Ottilie is on it as well.")


@spoils_story()
def thought_that_compares_the_other_way(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", *_plain({**_LARGER, **_MOST}))


@spoils_story()
def thought_that_denies_something(record: Forged) -> None:
    exchange(thoughts(record), "reasoning_content", *_plain(_STATE))


@spoils_story()
def thought_with_a_sentence_more(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "The user is in a hurry, so I skip what isn't needed.")


@spoils_story()
def thought_that_consents_for_the_user(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "The user has agreed to everything beforehand.")


@spoils_story()
def thought_that_hides_something(record: Forged) -> None:
    add(thoughts(record), "reasoning_content", "I won't tell the user about the fee.", -1)


# ------------------------------------------------------------------------------------------------------------ the user


@spoils_story()
def user_wishes_something_in_the_middle(record: Forged) -> None:
    message = first(each for each in users(record) if ". " in each["content"])
    message["content"] = message["content"].replace(". ", ". Also close my oldest account. ", 1)


@spoils_story()
def user_writes_the_letter_for_the_digit(record: Forged) -> None:
    exchange(users(record), "content", re.compile(r"(?<=\d)0(?=\d)"), lambda match: "O")


@spoils_story()
def user_with_a_number_in_words_off(record: Forged) -> None:
    exchange(users(record), "content", _NUMBER, _next_word)


@spoils_story()
def user_puts_off_the_yes(record: Forged) -> None:
    number = turns_of(record, "confirm")
    if number + 1 >= len(users(record)):
        raise Unfit
    users(record)[number + 1]["content"] = "Maybe later, I have to think about it."


# ------------------------------------------------------------------------------------------------------------ evidence


@spoils_story()
def awaited_with_another_amount(record: Forged) -> None:
    arguments = _awaited(record).get("arguments", {})
    name = first(n for n, value in arguments.items() if isinstance(value, int | float) and not isinstance(value, bool))
    arguments[name] += 1


@spoils_story()
def awaited_with_an_argument_less(record: Forged) -> None:
    arguments = _awaited(record).get("arguments", {})
    arguments.pop(first(arguments))


@spoils_story()
def awaited_missing(record: Forged) -> None:
    turn = first(turn for turn in record.evidence["turns"] if turn.get("awaited"))
    del turn["awaited"]


@spoils_story()
def choice_by_nothing(record: Forged) -> None:
    awaited = first(t["awaited"] for t in record.evidence["turns"] if t.get("awaited", {}).get("by"))
    awaited["by"] = []


@spoils_story()
def choice_of_everything(record: Forged) -> None:
    awaited = first(t["awaited"] for t in record.evidence["turns"] if t.get("awaited", {}).get("where"))
    awaited["where"] = {}


@spoils_story()
def fault_that_strikes_more_often(record: Forged) -> None:
    first(record.task.get("faults", ()))["times"] = 7


@spoils_story()
def fault_at_another_tool(record: Forged) -> None:
    first(record.task.get("faults", ()))["tool"] = "whoami"


@spoils_story()
def goal_that_cannot_be_met(record: Forged) -> None:
    goal = first(t["goal"] for t in record.task["turns"] if not t["goal"].get("unmet"))
    goal["unmet"] = "timeout"


@spoils_story()
def goal_that_bars_what_is_called(record: Forged) -> None:
    turn = first(t for t in record.task["turns"] if t["calls"])
    turn["goal"]["barred"] = [turn["calls"][0]["name"]]


@spoils_story(follow=False)
def good_calls_all_marked_as_mistakes(record: Forged) -> None:
    record.row["mistakes"] = [True] * len(record.row["mistakes"])


@spoils_story()
def tools_of_a_turn_emptied(record: Forged) -> None:
    first(t for t in record.task["turns"] if t.get("tools"))["tools"] = []


# --------------------------------------------------------------------------------------- in what claims to be a model's


@spoils_story()
def model_tells_another_amount(record: Forged) -> None:
    _by_a_model(record)
    exchange(
        replies(record), "content", re.compile(r"\b\d{1,3}(?:,\d{3})*\.\d\d\b"),
        lambda match: f"{float(match[0].replace(',', '')) + 13.37:,.2f}",
    )  # fmt: skip


@spoils_story()
def model_thinks_of_somebody_unknown(record: Forged) -> None:
    _by_a_model(record)
    add(thoughts(record), "reasoning_content", "It belongs to Ottilie Frame.")


@spoils_story()
def model_promises(record: Forged) -> None:
    _by_a_model(record)
    add(replies(record), "content", "I'll keep an eye on it and e-mail you.")


@spoils_story()
def model_did_more(record: Forged) -> None:
    _by_a_model(record)
    add(replies(record), "content", "I've also restarted the server.", -1)


@spoils_story()
def model_says_that_it_failed(record: Forged) -> None:
    number = turns_of(record, "act")
    if any("error" in str(m["content"]) for m in record.messages if m["role"] == "tool"):
        raise Unfit
    _by_a_model(record)
    replies(record)[number]["content"] = "I'm sorry, that failed, so nothing has changed."


@spoils_story()
def model_smuggles_a_wish(record: Forged) -> None:
    number = turns_of(record, "act")
    _by_a_model(record)
    users(record)[number]["content"] += " Then encrypt the whole folder."
