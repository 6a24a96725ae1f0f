"""Spoilings of the attempts that failed: why they did, where they stand, what is left of them, how many there are."""

from __future__ import annotations

import json
from typing import Any

from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils


def _attempts(record: Forged) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return each attempt with its turn; the record does not fit where there is none."""
    found = [(turn, each) for turn in record.evidence["turns"] for each in turn.get("failed", ())]
    if not found:
        raise Unfit
    return found


def _asked(record: Forged) -> list[int]:
    """Return the indexes of the user's messages."""
    return [number for number, message in enumerate(record.messages) if message["role"] == "user"]


def _with(record: Forged, beginning: str) -> dict[str, Any]:
    """Return the first attempt that failed for a reason that begins so."""
    return first(a for _, a in _attempts(record) if any(fault.startswith(beginning) for fault in a["faults"]))


def _failing(record: Forged) -> dict[str, Any]:
    return first(a for _, a in _attempts(record) if any(" fails with " in fault for fault in a["faults"]))


@spoils("text")
def attempt_failed_for_a_reason_of_ones_own(record: Forged) -> None:
    _attempts(record)[0][1]["faults"] = ["It could be better."]


@spoils("text")
def attempt_failed_for_one_more_reason(record: Forged) -> None:
    _attempts(record)[0][1]["faults"].append("It does not sound right.")


@spoils("text")
def attempt_with_a_thought_is_said_to_have_none(record: Forged) -> None:
    first(a for _, a in _attempts(record) if a.get("reasoning"))["faults"] = ["there is no reasoning"]


@spoils("text")
def attempt_with_a_reply_is_said_to_be_empty(record: Forged) -> None:
    first(a for _, a in _attempts(record) if a.get("reply"))["faults"] = ["the reply is empty"]


@spoils("text")
def attempt_that_calls_is_said_to_be_empty(record: Forged) -> None:
    first(a for _, a in _attempts(record) if a.get("calls"))["faults"] = ["the reply is empty"]


@spoils("text")
def attempt_that_is_empty_is_said_to_be_something_else(record: Forged) -> None:
    attempt = _with(record, "the reply is empty")
    attempt["faults"] = ["the reply lacks an answer"]


@spoils("text")
def attempt_said_not_to_tell_what_nobody_wants(record: Forged) -> None:
    _with(record, "the reply is empty")["faults"] = ["the reply is empty", "the reply does not tell '12,345.67'"]


@spoils("text")
def attempt_that_tells_what_it_is_said_not_to(record: Forged) -> None:
    attempt = _with(record, "the reply does not tell ")
    untold = first(fault for fault in attempt["faults"] if fault.startswith("the reply does not tell "))
    attempt["reply"] = f"It is {untold.removeprefix('the reply does not tell ')[1:-1]}."
    attempt["faults"] = [untold]


@spoils("text")
def attempt_said_to_miss_a_goal_that_is_none(record: Forged) -> None:
    attempt = _with(record, "the reply is empty")
    attempt["faults"] = ["the reply is empty", "not reached yet: answer 'a wish of nobody'"]


@spoils("text")
def attempt_said_to_change_what_nothing_changed(record: Forged) -> None:
    attempt = _with(record, "the reply is empty")
    attempt["faults"] = ["the reply is empty", "nobody asked for the change of cards[CRD000001]"]


@spoils("text")
def attempt_said_not_to_lead_to_another_tool(record: Forged) -> None:
    attempt = _with(record, "the reasoning does not lead to ")
    attempt["faults"] = ["the reasoning does not lead to no_such_tool"]


@spoils("text")
def attempt_whose_thought_leads_to_its_call(record: Forged) -> None:
    attempt = _with(record, "the reasoning does not lead to ")
    attempt["reasoning"] = " ".join(f"I call {call['name']}." for call in attempt["calls"])


@spoils("text")
def attempt_that_fails_in_other_words(record: Forged) -> None:
    attempt = _failing(record)
    attempt["faults"] = [
        fault.partition(": ")[0] + ": It can't be." for fault in attempt["faults"] if " fails " in fault
    ]


@spoils("text")
def attempt_that_fails_at_a_call_that_it_does_not_make(record: Forged) -> None:
    attempt = _failing(record)
    attempt["faults"] = ['no_such_tool fails with invalid_arguments: "path" is a required property']


@spoils("text")
def attempt_without_the_call_that_failed(record: Forged) -> None:
    attempt = _failing(record)
    attempt.pop("calls")
    attempt["reply"] = "Done."


@spoils("text")
def attempt_with_a_call_that_works(record: Forged) -> None:
    attempt = _failing(record)
    attempt["calls"] = []
    attempt["reply"] = ""


@spoils("text")
def attempt_said_to_make_calls_in_a_wrong_order(record: Forged) -> None:
    alone = first(a for _, a in _attempts(record) if len(a.get("calls", ())) == 1)
    alone["faults"] = ["these calls depend on their order: make them one after the other"]


@spoils("text")
def attempt_said_to_invent_an_argument_that_it_does_not_give(record: Forged) -> None:
    attempt = first(a for _, a in _attempts(record) if a.get("calls"))
    name = attempt["calls"][0]["name"]
    attempt["faults"] = [f"{name}: /no_such was told by nobody: it is no output and not in the request"]


@spoils("text")
def attempt_said_to_speak_of_a_hint(record: Forged) -> None:
    attempt = first(a for _, a in _attempts(record) if "hint" not in a.get("reasoning", ""))
    attempt["faults"] = ["the reasoning speaks of 'the hint'"]


@spoils("text")
def attempt_said_to_be_cut_with_its_calls(record: Forged) -> None:
    first(a for _, a in _attempts(record) if a.get("calls"))["cut"] = True


@spoils("text")
def attempt_said_to_be_cut_and_long(record: Forged) -> None:
    attempt = first(a for _, a in _attempts(record) if not a.get("calls"))
    attempt.update(cut=True, reasoning="So. " * 300)


@spoils("text")
def attempt_failed_for_a_reason_without_end(record: Forged) -> None:
    attempt = _failing(record)
    attempt["faults"] = [fault + " It does." * 300 for fault in attempt["faults"]]


@spoils("text")
def attempts_in_another_order(record: Forged) -> None:
    turn = first(
        turn for turn in record.evidence["turns"] if len({each["message"] for each in turn.get("failed", ())}) > 1
    )
    turn["failed"].reverse()


@spoils("text")
def attempt_told_twice(record: Forged) -> None:
    turn, attempt = _attempts(record)[0]
    turn["failed"].insert(0, json.loads(json.dumps(attempt)))


@spoils("text")
def attempt_left_out(record: Forged) -> None:
    turn, _ = _attempts(record)[0]
    del turn["failed"][0]


@spoils("text")
def attempt_at_a_message_of_another_turn(record: Forged) -> None:
    turns = record.evidence["turns"]
    turn, attempt = first((t, a) for t, a in _attempts(record) if t is not turns[-1])
    attempt["message"] = _asked(record)[turns.index(turn) + 1] + 1


@spoils("text")
def attempt_at_a_result(record: Forged) -> None:
    _attempts(record)[0][1]["message"] = record.at("tool")


@spoils("text")
def attempt_that_calls_and_replies(record: Forged) -> None:
    first(a for _, a in _attempts(record) if a.get("calls"))["reply"] = "Done."


@spoils("text")
def attempt_moved_behind_what_reached_the_goal(record: Forged) -> None:
    turn, attempt = first(
        (t, a) for t, a in _attempts(record) if len(t["failed"]) == 1 and a["faults"][0].startswith("not reached yet")
    )
    ends = [*_asked(record)[1:], len(record.messages)]
    last = ends[record.evidence["turns"].index(turn)] - 1
    if last == attempt["message"]:
        raise Unfit
    attempt["message"] = last
