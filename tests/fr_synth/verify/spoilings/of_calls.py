"""Spoilings of calls: what is called, with what, in which order, and where it is said to come from."""

from __future__ import annotations

import json
from typing import Any

from fr_envs.json_values import at_pointer
from fr_synth.trace.rows import decode
from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils

_RUNS = (
    "replays",
    "text",
    "grounded",
    "necessary",
    "consistent",
    "goals",
    "unambiguous",
    "faithful",
    "claims",
    "macro",
)


def _argument(record: Forged, *types: type) -> tuple[int, str]:
    """Return (call, argument) of the first plain argument of some types."""
    return first(
        (number, name)
        for number, function in enumerate(record.calls)
        for name, value in function["arguments"].items()
        if type(value) in types
    )


# ------------------------------------------------------------------------------------------------ names and ids


@spoils("text")
def call_with_another_id(record: Forged) -> None:
    index, position, _ = next(record.called())
    record.messages[index]["tool_calls"][position]["id"] = "call_a"
    record.messages[index + 1 + position]["tool_call_id"] = "call_a"


@spoils("text")
def call_of_another_type(record: Forged) -> None:
    index, position, _ = next(record.called())
    record.messages[index]["tool_calls"][position]["type"] = "tool"


@spoils("text")
def call_with_a_member_more(record: Forged) -> None:
    index, position, _ = next(record.called())
    record.messages[index]["tool_calls"][position]["index"] = 0


@spoils("text", "replays")
def call_without_a_function(record: Forged) -> None:
    index, position, _ = next(record.called())
    del record.messages[index]["tool_calls"][position]["function"]


@spoils("text", "replays")
def call_that_is_null(record: Forged) -> None:
    index, position, _ = next(record.called())
    record.messages[index]["tool_calls"][position] = None


@spoils("text", "replays")
def call_with_arguments_as_text(record: Forged) -> None:
    _, _, function = next(record.called())
    function["arguments"] = json.dumps(function["arguments"])


@spoils(*_RUNS)
def call_of_another_tool(record: Forged) -> None:
    record.calls[0]["name"] = "sign_out"


@spoils(*_RUNS, replay=True)
def call_of_a_tool_that_is_none(record: Forged) -> None:
    name = record.calls[0]["name"] = f"{record.calls[0]['name']}_all"
    record.result_of(0)["name"] = name


# ------------------------------------------------------------------------------------------------ arguments


@spoils(*_RUNS, replay=True)
def argument_with_another_text(record: Forged) -> None:
    number, name = _argument(record, str)
    record.calls[number]["arguments"][name] += "x"


@spoils(*_RUNS, replay=True)
def argument_with_another_number(record: Forged) -> None:
    number, name = _argument(record, int, float)
    record.calls[number]["arguments"][name] += 1


@spoils(*_RUNS, replay=True)
def argument_number_as_text(record: Forged) -> None:
    number, name = _argument(record, int, float)
    record.calls[number]["arguments"][name] = str(record.calls[number]["arguments"][name])


@spoils("grounded", "text", replay=True)
def argument_integer_as_float(record: Forged) -> None:
    number, name = _argument(record, int)
    record.calls[number]["arguments"][name] = float(record.calls[number]["arguments"][name])


@spoils(*_RUNS, replay=True)
def argument_null(record: Forged) -> None:
    number, name = _argument(record, str)
    record.calls[number]["arguments"][name] = None


@spoils(*_RUNS, replay=True)
def argument_missing(record: Forged) -> None:
    number, name = _argument(record, str)
    del record.calls[number]["arguments"][name]
    record.behind[number]["sources"].pop(f"/{name}")


@spoils(*_RUNS, replay=True)
def optional_argument_missing(record: Forged) -> None:
    for number, function in enumerate(record.calls):
        for name in list(function["arguments"]):
            parameter = record.domain.spec.tools[function["name"]].parameters[name]
            if not parameter.required and function["name"] != "":
                del function["arguments"][name]
                record.behind[number]["sources"].pop(f"/{name}", None)
                return
    raise Unfit


@spoils(*_RUNS, replay=True)
def argument_that_the_tool_does_not_have(record: Forged) -> None:
    record.calls[0]["arguments"]["reason"] = "just so"


@spoils(*_RUNS, replay=True)
def arguments_swapped(record: Forged) -> None:
    for function in record.calls:
        texts = [name for name, value in function["arguments"].items() if isinstance(value, str)]
        if len(texts) > 1:
            arguments, (one, other) = function["arguments"], texts[:2]
            arguments[one], arguments[other] = arguments[other], arguments[one]
            return
    raise Unfit


# ------------------------------------------------------------------------------------------------ number and order


@spoils(*_RUNS, replay=True)
def first_call_missing(record: Forged) -> None:
    record.drop_call(0)


@spoils(*_RUNS, replay=True)
def last_call_missing(record: Forged) -> None:
    record.drop_call(len(record.calls) - 1)


@spoils(*_RUNS, replay=True)
def every_call_missing(record: Forged) -> None:
    while record.calls:
        record.drop_call(0)


def _insert(record: Forged, at: int, name: str, arguments: Any, thought: str) -> None:
    index = list(record.called())[at][0]
    call = {"id": "", "type": "function", "function": {"name": name, "arguments": arguments}}
    record.messages[index:index] = [
        {"role": "assistant", "content": "", "reasoning_content": thought, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "", "name": name, "content": "{}"},
    ]  # fmt: skip
    number = sum(i < index for i, _, _ in record.called())
    record.behind.insert(number, {"digest": "0" * 32})
    for behind in record.behind[number + 1 :]:
        for source in behind.get("sources", {}).values():
            if source["from"] == "output" and source["step"] >= number:
                source["step"] += 1
    _move_attempts(record, index)
    for turn in record.evidence["turns"]:
        for mention in turn.get("mentions", ()):
            for each in (mention, mention.get("owner")):
                if each and each["step"] >= number:
                    each["step"] += 1
    record.evidence["turns"][record.turn_of(number)]["attempts"] = (
        record.evidence["turns"][record.turn_of(number)].get("attempts", 1) + 1
    )
    record.renumber()


def _move_attempts(record: Forged, index: int) -> None:
    """Move what failed at the messages from an index on behind two new messages."""
    for failed in (each for turn in record.evidence["turns"] for each in turn.get("failed", ())):
        failed["message"] += 2 * (failed["message"] >= index)


def _aimless_read(record: Forged) -> str:
    made = {function["name"] for function in record.calls}
    return first(
        name
        for name, tool in record.domain.spec.tools.items()
        if tool.effect == "read" and name not in made and not any(p.required for p in tool.parameters.values())
    )


@spoils("necessary", replay=True)
def a_read_more(record: Forged) -> None:
    name = _aimless_read(record)
    _insert(record, 0, name, {}, f"I call {name} as well.")


@spoils("necessary", replay=True)
def a_read_more_as_a_check(record: Forged) -> None:
    name = _aimless_read(record)
    _insert(record, 0, name, {}, f"I call {name} as well.")
    record.behind[0]["purpose"] = "check"


@spoils("necessary", replay=True)
def a_read_more_as_closing(record: Forged) -> None:
    name = _aimless_read(record)
    _insert(record, 0, name, {}, f"I call {name} as well.")
    record.behind[0]["purpose"] = "closing"


@spoils("necessary", "independent", "grounded", replay=True)
def a_call_twice(record: Forged) -> None:
    last = len(record.calls) - 1
    function = json.loads(json.dumps(record.calls[last]))
    _insert(record, last, function["name"], function["arguments"], f"I call {function['name']} first.")


@spoils(*_RUNS, "independent", replay=True)
def calls_in_another_order(record: Forged) -> None:
    one, other = record.calls[0], record.calls[1]
    if one == other:
        raise Unfit
    for key in ("name", "arguments"):
        one[key], other[key] = other[key], one[key]
    for number in (0, 1):
        record.result_of(number)["name"] = record.calls[number]["name"]
    record.behind[0], record.behind[1] = record.behind[1], record.behind[0]


@spoils("grounded", "independent", "text")
def calls_joined_that_depend(record: Forged) -> None:
    for number, _, source in record.sources("output"):
        (one, _, _), (other, _, _) = (list(record.called())[k] for k in (source["step"], number))
        if other == one + 2 and len(record.messages[other]["tool_calls"]) == 1:
            record.messages[one]["tool_calls"] += record.messages.pop(other)["tool_calls"]
            return
    raise Unfit


@spoils("text")
def words_beside_a_call(record: Forged) -> None:
    record.messages[record.at("assistant", calls=True)]["content"] = "One moment."


# ------------------------------------------------------------------------------------------------ what stands behind


@spoils("text", "replays")
def evidence_of_a_call_missing(record: Forged) -> None:
    del record.behind[-1]


@spoils("text")
def evidence_of_a_call_more(record: Forged) -> None:
    record.behind.append(dict(record.behind[-1]))


@spoils("replays")
def evidence_of_calls_reversed(record: Forged) -> None:
    record.behind.reverse()


@spoils("replays")
def digest_of_nothing(record: Forged) -> None:
    record.behind[0]["digest"] = ""


@spoils("replays")
def digest_in_capitals(record: Forged) -> None:
    record.behind[0]["digest"] = record.behind[0]["digest"].upper()


@spoils("replays")
def last_state_another(record: Forged) -> None:
    record.evidence["sha256"] = "0" * 64


@spoils("replays")
def error_made_up(record: Forged) -> None:
    record.behind[0]["error"] = "NOT_FOUND"


@spoils("replays")
def error_hushed_up(record: Forged) -> None:
    del first(call for call in record.behind if "error" in call)["error"]


@spoils("grounded")
def source_missing(record: Forged) -> None:
    number, pointer, _ = record.source("said")
    del record.behind[number]["sources"][pointer]


@spoils("grounded")
def source_of_no_argument(record: Forged) -> None:
    record.behind[0].setdefault("sources", {})["/reason"] = {"from": "default"}


@spoils("grounded")
def source_without_a_slash(record: Forged) -> None:
    number, pointer, _ = record.source("said")
    record.behind[number]["sources"][pointer[1:]] = record.behind[number]["sources"].pop(pointer)


@spoils("grounded")
def output_of_a_call_before_all(record: Forged) -> None:
    record.source("output")[2]["step"] -= len(record.calls)


@spoils("grounded")
def output_of_a_later_call(record: Forged) -> None:
    record.source("output")[2]["step"] = len(record.calls) - 1


@spoils("grounded")
def output_of_a_call_that_never_was(record: Forged) -> None:
    record.source("output")[2]["step"] = 10**30


@spoils("grounded")
def output_of_the_call_itself(record: Forged) -> None:
    number, _, source = record.source("output")
    source["step"] = number


@spoils("grounded")
def output_at_another_place(record: Forged) -> None:
    record.source("output")[2]["pointer"] += "/0"


@spoils("grounded")
def output_at_no_place(record: Forged) -> None:
    record.source("output")[2]["pointer"] = ""


@spoils("grounded")
def output_as_a_default(record: Forged) -> None:
    number, pointer, _ = record.source("output")
    record.behind[number]["sources"][pointer] = {"from": "default"}


@spoils("grounded")
def output_as_said(record: Forged) -> None:
    number, pointer, _ = first(s for s in record.sources("output") if "_id" in s[1])
    text = str(record.calls[number]["arguments"][pointer[1:]])
    record.behind[number]["sources"][pointer] = {"from": "said", "turn": 0, "text": text}


@spoils("grounded", "consistent")
def said_in_a_later_turn(record: Forged) -> None:
    last = len(record.evidence["turns"]) - 1
    first(source for _, _, source in record.sources("said") if source["turn"] != last)["turn"] = last


@spoils("grounded")
def said_before_all(record: Forged) -> None:
    record.source("said")[2]["turn"] = -1


@spoils("grounded")
def said_in_words_never_said(record: Forged) -> None:
    record.source("said")[2]["text"] += " and so on"


@spoils("grounded")
def said_in_no_words(record: Forged) -> None:
    record.source("said")[2]["text"] = ""


@spoils("grounded")
def said_in_words_for_something_else(record: Forged) -> None:
    record.source("said")[2]["text"] = record.user()["content"].split()[0]


@spoils("grounded")
def said_as_an_output(record: Forged) -> None:
    number, pointer, _ = first(s for s in record.sources("said") if s[0] > 0)
    record.behind[number]["sources"][pointer] = {"from": "output", "step": 0, "pointer": "/count"}


def _derived(expression: str, *inputs: object) -> Any:
    return {"from": "derived", "expression": expression, "inputs": list(inputs)}


def _derive(record: Forged, source: Any) -> None:
    number, pointer, _ = record.source("said")
    record.behind[number]["sources"][pointer] = source


@spoils("grounded")
def derived_from_nothing(record: Forged) -> None:
    _derive(record, _derived("sum"))


@spoils("grounded")
def derived_by_no_expression(record: Forged) -> None:
    _derive(record, _derived("__import__('os')", record.source("said")[2]))


@spoils("grounded")
def derived_with_another_value(record: Forged) -> None:
    calls = decode(record.lines(), "here").calls
    number, pointer, source = first(s for s in record.sources("said") if at_pointer(calls[s[0]].arguments, s[1]) != 1)
    record.behind[number]["sources"][pointer] = _derived("count", source)


@spoils("grounded")
def derived_from_words_never_said(record: Forged) -> None:
    _derive(record, _derived("sum", {"from": "said", "turn": 0, "text": "12345"}))


@spoils("readable", "grounded")
def derived_without_end(record: Forged) -> None:
    source: object = {"from": "said", "turn": 0, "text": "83114"}
    for _ in range(300):
        source = _derived("sum", source)
    _derive(record, source)


@spoils("readable")
def source_of_no_kind(record: Forged) -> None:
    record.source("said")[2]["from"] = "guessed"


# ------------------------------------------------------------------------------------------------ purposes


@spoils("necessary", "goals")
def supporting_read_as_requested(record: Forged) -> None:
    tools, answers = record.domain.spec.tools, str(record.task["turns"])
    for number, call in enumerate(record.behind):
        result = json.loads(record.result_of(number)["content"])
        told = [item for rows in result.values() if isinstance(rows, list) for item in rows if isinstance(item, dict)]
        unheard = all(str(value) not in answers for item in told[:1] for value in item.values())
        asked = [f["name"] for f, b in zip(record.calls, record.behind, strict=True) if b.get("user_requested")]
        name = record.calls[number]["name"]
        aside = call.get("user_requested") or "error" in call or name in asked
        if not aside and told and unheard and tools[name].effect == "read" and tools[name].response_templates:
            call["user_requested"] = True
            return
    raise Unfit


@spoils("necessary", "goals")
def requested_read_as_supporting(record: Forged) -> None:
    """It says nothing and nothing is taken from it: as a look-up on the way it would break no other rule."""
    tools = record.domain.spec.tools
    taken = {source["step"] for _, _, source in record.sources("output")}
    for number, (function, call) in enumerate(zip(record.calls, record.behind, strict=True)):
        plain = number not in taken and not any(each["from"] == "said" for each in call.get("sources", {}).values())
        if plain and call.get("user_requested") and tools[function["name"]].effect == "read":
            del call["user_requested"]
            return
    raise Unfit


@spoils("necessary", "goals")
def requested_write_as_supporting(record: Forged) -> None:
    tools = record.domain.spec.tools
    for function, call in zip(record.calls, record.behind, strict=True):
        if call.get("user_requested") and tools[function["name"]].effect == "write":
            del call["user_requested"]
            return
    raise Unfit


@spoils("necessary")
def needed_call_as_a_distractor(record: Forged) -> None:
    first(call for call in record.behind if "purpose" not in call)["purpose"] = "distractor"


@spoils("necessary")
def needed_call_as_closing(record: Forged) -> None:
    first(call for call in record.behind if "purpose" not in call)["purpose"] = "closing"


@spoils("necessary")
def needed_call_as_a_check(record: Forged) -> None:
    first(call for call in record.behind if "purpose" not in call)["purpose"] = "check"


@spoils("necessary")
def distractor_as_needed(record: Forged) -> None:
    del first(call for call in record.behind if call.get("purpose") == "distractor")["purpose"]


@spoils("readable")
def purpose_that_is_none(record: Forged) -> None:
    record.behind[0]["purpose"] = "show"
