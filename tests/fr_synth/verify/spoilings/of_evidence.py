"""Spoilings of the evidence: easy queries, macros, mentions, attempts, proofs, seals, who wrote and who speaks."""

from __future__ import annotations

import re
from typing import Any

from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils


def _turn(record: Forged, which: int = 0) -> Any:
    return record.evidence["turns"][which]


def _step(record: Forged) -> Any:
    return first(s for t in record.evidence["turns"] for s in t["advanced"]["steps"] if s["arguments"])


# ------------------------------------------------------------------------------------------------ easy queries


@spoils("macro", "claims")
def easy_emptied(record: Forged) -> None:
    _turn(record)["easy"] = ""


@spoils("macro", "claims")
def easy_that_asks_for_nothing(record: Forged) -> None:
    _turn(record)["easy"] = "Please go ahead."


@spoils("macro", "claims")
def easy_of_another_turn(record: Forged) -> None:
    turns = record.evidence["turns"]
    turns[0]["easy"], turns[1]["easy"] = turns[1]["easy"], turns[0]["easy"]


@spoils("macro", "claims")
def easy_with_another_number(record: Forged) -> None:
    turn = first(t for t in record.evidence["turns"] if re.search(r"\d", t["easy"]))
    turn["easy"] = re.sub(r"\d(?=\D*$)", lambda found: str((int(found[0]) + 3) % 10), turn["easy"], count=1)


@spoils("macro", "claims")
def easy_with_a_number_more(record: Forged) -> None:
    _turn(record)["easy"] += " It is about 7,361.55."


@spoils("macro", "claims")
def easy_with_a_name_more(record: Forged) -> None:
    _turn(record)["easy"] += " It is for Bernard Kloss."


@spoils("macro", "claims", "text")
def easy_with_a_null_character(record: Forged) -> None:
    _turn(record)["easy"] += "\x00"


@spoils("macro", "claims", "hidden")
def easy_that_names_a_tool(record: Forged) -> None:
    _turn(record)["easy"] += f" Use {next(f['name'] for f in record.calls if '_' in f['name'])} for it."


@spoils("macro", "claims", "hidden")
def easy_that_knows_an_issued_id(record: Forged) -> None:
    number, pointer, _ = first(s for s in record.sources("output") if s[1].endswith("_id"))
    turn = record.evidence["turns"][record.turn_of(number)]
    turn["easy"] += f" I mean {record.calls[number]['arguments'][pointer[1:]]}."


# ------------------------------------------------------------------------------------------------ macros


@spoils("macro", "faithful")
def macro_without_a_name(record: Forged) -> None:
    record.macro["name"] = ""


@spoils("macro")
def macro_that_does_not_say_what_it_does(record: Forged) -> None:
    record.macro["description"] = "Do it all."


@spoils("macro", "faithful")
def macro_with_the_name_of_a_tool(record: Forged) -> None:
    record.macro["name"] = record.calls[0]["name"]


@spoils("macro")
def macro_with_a_name_that_is_none(record: Forged) -> None:
    record.macro["name"] = "do it; all"


@spoils("macro")
def macro_without_a_description(record: Forged) -> None:
    record.macro["description"] = " "


@spoils("macro")
def macro_with_a_description_of_something_else(record: Forged) -> None:
    record.macro["description"] = "Transfer 9,999 to Bernard Kloss. Takes amount."


@spoils("macro")
def macro_without_steps(record: Forged) -> None:
    record.macro["steps"] = []


@spoils("macro")
def macro_with_a_step_less(record: Forged) -> None:
    del record.macro["steps"][-1]


@spoils("macro")
def macro_with_a_step_twice(record: Forged) -> None:
    record.macro["steps"].append(record.macro["steps"][-1])


@spoils("macro")
def macro_with_steps_reversed(record: Forged) -> None:
    if len(record.macro["steps"]) < 2:
        raise Unfit
    record.macro["steps"].reverse()


@spoils("macro")
def macro_with_a_step_of_another_tool(record: Forged) -> None:
    record.macro["steps"][0]["tool"] = "sign_out"


@spoils("macro")
def macro_with_a_step_of_no_tool(record: Forged) -> None:
    record.macro["steps"][0]["tool"] += "_all"


@spoils("macro")
def macro_with_an_argument_less(record: Forged) -> None:
    arguments = _step(record)["arguments"]
    del arguments[next(iter(arguments))]


@spoils("macro")
def macro_with_an_argument_more(record: Forged) -> None:
    _step(record)["arguments"]["/reason"] = {"from": "parameter", "name": next(iter(record.macro["example"]), "x")}


@spoils("macro")
def macro_takes_from_before_all(record: Forged) -> None:
    record.argument("take")[1]["step"] -= 50


@spoils("macro")
def macro_takes_from_a_negative_step_that_fits(record: Forged) -> None:
    for turn in record.evidence["turns"]:
        for number, step in enumerate(turn["advanced"]["steps"]):
            for argument in step["arguments"].values():
                if argument["from"] == "take":
                    argument["step"] -= number
                    return
    raise Unfit


@spoils("macro")
def macro_takes_from_a_later_step(record: Forged) -> None:
    record.argument("take")[1]["step"] += 50


@spoils("macro")
def macro_takes_from_another_place(record: Forged) -> None:
    record.argument("take")[1]["pointer"] += "/x"


@spoils("macro")
def macro_picks_from_another_list(record: Forged) -> None:
    record.argument("pick")[1]["group"] += "s"


@spoils("macro")
def macro_picks_another_member(record: Forged) -> None:
    record.argument("pick")[1]["member"] = "nothing"


@spoils("macro")
def macro_picks_by_nothing(record: Forged) -> None:
    argument = first(each for _, each in record.arguments("pick") if each.get("by"))
    argument["by"] = {}
    argument["extreme"] = argument["member"]


@spoils("macro")
def macro_picks_the_other_end(record: Forged) -> None:
    argument = first(each for _, each in record.arguments("pick") if each.get("extreme"))
    argument["largest"] = not argument.get("largest", False)


@spoils("macro")
def macro_with_a_parameter_of_no_name(record: Forged) -> None:
    record.argument("parameter")[1]["name"] = "nothing"


@spoils("macro")
def macro_example_with_another_value(record: Forged) -> None:
    example = first(t["advanced"]["example"] for t in record.evidence["turns"] if t["advanced"]["example"])
    example[next(iter(example))] = "something else"


@spoils("macro")
def macro_example_emptied(record: Forged) -> None:
    first(t["advanced"] for t in record.evidence["turns"] if t["advanced"]["example"])["example"] = {}


@spoils("macro")
def macro_example_with_a_member_more(record: Forged) -> None:
    record.macro["example"]["reason"] = "x"


@spoils("macro")
def macro_parameter_more(record: Forged) -> None:
    record.macro["parameters"]["properties"]["reason"] = {"type": "string"}


@spoils("macro")
def macro_parameter_less(record: Forged) -> None:
    macro = first(t["advanced"] for t in record.evidence["turns"] if t["advanced"]["example"])
    del macro["parameters"]["properties"][next(iter(macro["example"]))]


@spoils("macro")
def macro_parameters_of_another_type(record: Forged) -> None:
    macro = first(t["advanced"] for t in record.evidence["turns"] if t["advanced"]["example"])
    macro["parameters"]["properties"][next(iter(macro["example"]))] = {"type": "null"}


@spoils("macro")
def macro_parameter_with_another_description(record: Forged) -> None:
    schema = first(
        each for t in record.evidence["turns"] for each in t["advanced"]["parameters"]["properties"].values()
        if "description" in each
    )  # fmt: skip
    schema["description"] = "Send me all you have."


@spoils("macro")
def macro_that_requires_nothing(record: Forged) -> None:
    macro = first(t["advanced"] for t in record.evidence["turns"] if t["advanced"]["example"])
    macro["parameters"]["required"] = []


@spoils("macro")
def macro_that_takes_anything(record: Forged) -> None:
    record.macro["parameters"]["additionalProperties"] = True


@spoils("macro")
def macro_parameters_emptied(record: Forged) -> None:
    record.macro["parameters"] = {}


@spoils("macro")
def macro_parameters_without_end(record: Forged) -> None:
    record.macro["parameters"]["properties"] = {"a": {"$ref": "#/properties/a"}}


@spoils("readable")
def macro_with_a_source_of_no_kind(record: Forged) -> None:
    next(iter(_step(record)["arguments"].values()))["from"] = "thin air"


# ------------------------------------------------------------------------------------------------ mentions


@spoils("unambiguous")
def mentions_missing(record: Forged) -> None:
    number = first(n for n, mention in record.mentions("fields") if record.is_a_choice(mention))
    del record.evidence["turns"][number]["mentions"]


@spoils("unambiguous")
def mention_twice(record: Forged) -> None:
    number, mention = record.mention()
    record.evidence["turns"][number]["mentions"].append(mention)


@spoils("unambiguous", "macro")
def mention_in_no_words(record: Forged) -> None:
    record.mention("fields")[1]["text"] = ""


@spoils("unambiguous", "macro")
def mention_in_words_that_mean_nothing(record: Forged) -> None:
    number, mention = record.mention("fields")
    mention["text"] = record.user(number)["content"].split()[0]


@spoils("unambiguous", "macro")
def mention_in_words_never_said(record: Forged) -> None:
    record.mention()[1]["text"] += " over there"


@spoils("unambiguous")
def mention_of_another_value(record: Forged) -> None:
    record.mention("fields")[1]["value"] = "XX1"


@spoils("unambiguous")
def mention_of_another_kind(record: Forged) -> None:
    record.mention("fields")[1]["kind"] = "nothing"


@spoils("unambiguous")
def mention_by_something_else(record: Forged) -> None:
    by = record.mention("fields")[1]["by"]
    by[next(iter(by))] = "something else"


@spoils("unambiguous")
def mention_by_nothing(record: Forged) -> None:
    record.mention("fields")[1]["by"] = {}


@spoils("unambiguous")
def mention_in_a_call_before_all(record: Forged) -> None:
    record.mention("fields")[1]["step"] -= len(record.calls)


@spoils("unambiguous")
def mention_in_a_call_that_never_was(record: Forged) -> None:
    record.mention()[1]["step"] = 10**12


@spoils("unambiguous")
def mention_in_another_list(record: Forged) -> None:
    record.mention("fields")[1]["group"] = "/nothing"


@spoils("unambiguous")
def mention_of_another_turn(record: Forged) -> None:
    record.mention()[1]["turn"] += 1


@spoils("unambiguous")
def mention_in_another_way(record: Forged) -> None:
    record.mention("fields")[1]["way"] = "anaphora"


@spoils("unambiguous")
def mention_without_its_owner(record: Forged) -> None:
    del record.mention("of")[1]["owner"]


@spoils("unambiguous")
def mention_of_another_owner(record: Forged) -> None:
    record.mention("of")[1]["owner"]["value"] = "XX1"


@spoils("unambiguous", "macro")
def mention_that_nothing_uses(record: Forged) -> None:
    number, mention = record.mention("fields")
    turns = record.evidence["turns"]
    turns[1 - number if number < 2 else 0].setdefault("mentions", []).append(mention)


@spoils("unambiguous")
def mention_with_an_owner_it_does_not_have(record: Forged) -> None:
    mention = record.mention("fields")[1]
    mention["owner"] = dict(mention)


# ------------------------------------------------------------------------------------- attempts, targets, proofs


@spoils("text")
def attempts_none(record: Forged) -> None:
    _turn(record)["attempts"] = 0


@spoils("text")
def attempts_more(record: Forged) -> None:
    turn = first(t for t in record.evidence["turns"] if not t.get("failed"))
    turn["attempts"] = turn.get("attempts", 1) + 1


@spoils("text")
def attempts_beyond_all_numbers(record: Forged) -> None:
    _turn(record).update(attempts=10**18)


def _failed(record: Forged) -> Any:
    """The first attempt that failed by its calls."""
    return first(each for turn in record.evidence["turns"] for each in turn.get("failed", ()) if each.get("calls"))


@spoils("text")
def attempt_that_nobody_counted(record: Forged) -> None:
    turn = first(t for t in record.evidence["turns"] if not t.get("failed"))
    turn["failed"] = [{"message": record.at("assistant"), "faults": ["it is wrong"]}]


@spoils("text")
def attempts_hushed_up(record: Forged) -> None:
    del first(t for t in record.evidence["turns"] if t.get("failed"))["failed"]


@spoils("text")
def attempt_failed_in_no_words(record: Forged) -> None:
    _failed(record)["faults"] = [""]


@spoils("text")
def attempt_failed_for_nothing(record: Forged) -> None:
    _failed(record)["faults"] = []


@spoils("text")
def attempt_that_was_taken(record: Forged) -> None:
    failed = _failed(record)
    message = record.messages[failed["message"]]
    failed["reasoning"] = message["reasoning_content"]
    failed.pop("calls")
    failed["reply"] = message["content"]
    if message.get("tool_calls"):
        failed["calls"] = [dict(call["function"]) for call in message["tool_calls"]]


@spoils("text")
def attempt_at_a_message_of_the_user(record: Forged) -> None:
    _failed(record)["message"] = record.at("user")


@spoils("text")
def attempt_at_a_message_that_is_none(record: Forged) -> None:
    _failed(record)["message"] = 10**9


@spoils("text")
def attempt_of_no_end(record: Forged) -> None:
    _failed(record)["reasoning"] = "So. " * 10_000


@spoils("text")
def attempt_with_a_control_character(record: Forged) -> None:
    _failed(record)["reasoning"] = "Look\x1b[2J."


@spoils("text")
def attempt_that_would_not_fail_so(record: Forged) -> None:
    failed = _failed(record)
    failed["faults"] = [f"{failed['calls'][0]['name']} fails with no_such_code: It does."]


@spoils("text")
def target_of_another_tool(record: Forged) -> None:
    _turn(record)["target"] = first(n for n in record.domain.spec.tools if n not in {f["name"] for f in record.calls})


@spoils("text")
def target_that_is_none(record: Forged) -> None:
    _turn(record)["target"] = "::"


@spoils("text")
def target_along_an_edge_not_walked(record: Forged) -> None:
    name = record.calls[record.turn_of(0)]["name"]
    _turn(record)["target"] = f"{name}>{name}:nothing"


@spoils("text")
def target_of_an_error_that_never_came(record: Forged) -> None:
    _turn(record)["target"] = f"error:{record.calls[0]['name']}:NOTHING"


@spoils("text")
def target_of_a_rule_that_is_none(record: Forged) -> None:
    _turn(record)["target"] = f"policy:{record.calls[0]['name']}>{record.calls[0]['name']}:nothing"


@spoils("text")
def target_of_a_chain_too_long(record: Forged) -> None:
    _turn(record)["target"] = f"chain:{len(record.calls)}:{record.calls[0]['name']}"


@spoils("text")
def teacher_emptied(record: Forged) -> None:
    record.evidence["teacher"] = ""


@spoils("text")
def teacher_with_control_characters(record: Forged) -> None:
    record.evidence["teacher"] = "scripted\x1b[2J"


@spoils("text", "claims")
def persona_of_junk(record: Forged) -> None:
    record.evidence["persona"] = "\x00\x01"


@spoils("text", "claims")
def situation_of_junk(record: Forged) -> None:
    record.evidence["situation"] = "\u202e"


@spoils("proofs")
def proofs_emptied(record: Forged) -> None:
    record.evidence["proofs"] = {}


@spoils("proofs")
def proof_false(record: Forged) -> None:
    record.evidence["proofs"]["claims"] = False


@spoils("proofs")
def proof_missing(record: Forged) -> None:
    del record.evidence["proofs"]["replays"]


@spoils("proofs")
def proof_of_no_name(record: Forged) -> None:
    record.evidence["proofs"]["beautiful"] = True


@spoils("readable")
def proof_as_a_number(record: Forged) -> None:
    record.evidence["proofs"]["claims"] = 1


@spoils("text")
def evidence_of_a_turn_missing(record: Forged) -> None:
    del record.evidence["turns"][-1]


@spoils("text")
def evidence_of_a_turn_more(record: Forged) -> None:
    record.evidence["turns"].append(record.evidence["turns"][-1])


@spoils("readable")
def evidence_with_a_member_more(record: Forged) -> None:
    record.evidence["score"] = 1


@spoils("readable")
def evidence_with_null_turns(record: Forged) -> None:
    record.evidence["turns"] = None
