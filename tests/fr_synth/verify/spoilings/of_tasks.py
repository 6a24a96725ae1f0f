"""Spoilings of what an agent plays and is judged by, and of what a record says of itself."""

from __future__ import annotations

import json
from typing import Any

from tests.fr_synth.verify.spoilings.forging import Forged, Unfit, first, spoils

_GOAL = ("necessary", "goals", "text")


def _answers(record: Forged) -> list[Any]:
    """Return the answers of the first turn that has two or more."""
    return first(turn["goal"]["answers"] for turn in record.task["turns"] if len(turn["goal"]["answers"]) > 1)


def _changes(record: Forged) -> list[Any]:
    """Return the changes of the first turn that has two or more."""
    return first(turn["goal"]["changes"] for turn in record.task["turns"] if len(turn["goal"]["changes"]) > 1)


# ------------------------------------------------------------------------------------------------ goals


@spoils(*_GOAL)
def goal_emptied(record: Forged) -> None:
    record.goal.update(changes=[], answers=[])


@spoils(*_GOAL)
def goal_without_changes(record: Forged) -> None:
    goal = first(t["goal"] for t in record.task["turns"] if t["goal"]["changes"] and t["goal"]["answers"])
    goal["changes"] = []


@spoils(*_GOAL)
def goal_without_answers(record: Forged) -> None:
    goal = first(t["goal"] for t in record.task["turns"] if t["goal"]["changes"] and t["goal"]["answers"])
    goal["answers"] = []


@spoils(*_GOAL)
def goal_with_a_change_less(record: Forged) -> None:
    del _changes(record)[0]


@spoils(*_GOAL)
def goal_with_a_change_more(record: Forged) -> None:
    _changes(record).append(["accounts", "ACC000000", None, {"account_id": "ACC000000"}])


@spoils(*_GOAL)
def goal_with_a_change_twice(record: Forged) -> None:
    changes = _changes(record)
    changes.append(changes[0])


@spoils(*_GOAL)
def goal_with_another_row_after(record: Forged) -> None:
    change = first(c for c in _changes(record) if isinstance(c[3], dict))
    change[3]["note"] = "x"


@spoils(*_GOAL)
def goal_with_another_row_before(record: Forged) -> None:
    change = first(c for c in _changes(record) if isinstance(c[2], dict))
    change[2]["note"] = "x"


@spoils(*_GOAL)
def goal_with_changes_in_another_order(record: Forged) -> None:
    _changes(record).reverse()


@spoils(*_GOAL)
def goal_with_an_answer_less(record: Forged) -> None:
    said = " ".join(str(message["content"]) for message in record.messages if message["role"] == "user")
    goals = (turn["goal"]["answers"] for turn in record.task["turns"])
    del first(answers for answers in goals if len(answers) > 1 and answers[0]["text"] not in said)[0]


@spoils(*_GOAL)
def goal_with_an_answer_made_up(record: Forged) -> None:
    _answers(record).append({"value": 83114, "text": "83,114"})


@spoils(*_GOAL)
def goal_with_an_answer_nobody_asked_for(record: Forged) -> None:
    number = first(k for k, b in enumerate(record.behind) if not b.get("user_requested") and "error" not in b)
    result = json.loads(record.result_of(number)["content"])
    value = first(v for row in result.values() if isinstance(row, list) for item in row[:1] if isinstance(item, dict)
                  for v in item.values() if isinstance(v, str))  # fmt: skip
    record.task["turns"][record.turn_of(number)]["goal"]["answers"].append({"value": value, "text": value})


@spoils(*_GOAL)
def goal_with_an_answer_twice(record: Forged) -> None:
    answers = _answers(record)
    answers.append(answers[0])


@spoils(*_GOAL)
def goal_with_another_answer(record: Forged) -> None:
    _answers(record)[0]["value"] = "something else"


@spoils(*_GOAL, "claims")
def goal_with_an_answer_in_other_words(record: Forged) -> None:
    _answers(record)[0]["text"] = "something else"


@spoils(*_GOAL)
def goal_with_an_empty_answer(record: Forged) -> None:
    _answers(record).append({"value": "", "text": ""})


@spoils(*_GOAL)
def goal_with_more_incidental_tables(record: Forged) -> None:
    record.goal["incidental"] = sorted({*record.goal["incidental"], *(c[0] for c in _changes(record)), "loans"})


@spoils(*_GOAL)
def goal_with_fewer_incidental_tables(record: Forged) -> None:
    if not record.goal["incidental"]:
        raise Unfit
    record.goal["incidental"] = []


@spoils(*_GOAL)
def goal_with_mentions(record: Forged) -> None:
    record.goal["mentions"] = ["the weather"]


@spoils(*_GOAL, "claims")
def goals_swapped(record: Forged) -> None:
    turns = record.task["turns"]
    turns[0]["goal"], turns[1]["goal"] = turns[1]["goal"], turns[0]["goal"]


# ------------------------------------------------------------------------------------------------ turns


@spoils("text", follow=False)
def task_with_another_message(record: Forged) -> None:
    record.task["turns"][0]["message"] += " Please."


@spoils("text", follow=False)
def task_with_another_reply(record: Forged) -> None:
    record.task["turns"][0]["reply"] = "Done."


@spoils("text", follow=False)
def task_with_a_call_less(record: Forged) -> None:
    del record.task["turns"][0]["calls"][0]


@spoils("text", follow=False)
def task_with_calls_reversed(record: Forged) -> None:
    first(turn["calls"] for turn in record.task["turns"] if len(turn["calls"]) > 1).reverse()


@spoils("text", follow=False)
def task_with_another_argument(record: Forged) -> None:
    first(call["arguments"] for turn in record.task["turns"] for call in turn["calls"])["x"] = 1


@spoils("text", follow=False)
def task_with_a_number_of_another_type(record: Forged) -> None:
    for turn in record.task["turns"]:
        for call in turn["calls"]:
            for name, value in call["arguments"].items():
                if type(value) is int:
                    call["arguments"][name] = float(value)
                    return
    raise Unfit


@spoils("text", follow=False)
def task_with_an_id_of_a_call(record: Forged) -> None:
    first(call for turn in record.task["turns"] for call in turn["calls"])["id"] = "call_0"


@spoils("text")
def task_with_a_turn_less(record: Forged) -> None:
    del record.task["turns"][-1]


@spoils("text")
def task_with_a_turn_more(record: Forged) -> None:
    record.task["turns"].append(record.task["turns"][-1])


@spoils("text")
def task_without_turns(record: Forged) -> None:
    record.task["turns"] = []


@spoils("text")
def task_that_offers_few_tools(record: Forged) -> None:
    record.task["turns"][0]["tools"] = [record.calls[0]["name"]]


@spoils("text")
def task_with_traits(record: Forged) -> None:
    record.task["turns"][0]["traits"] = ["angry"]


@spoils("text")
def task_with_a_view(record: Forged) -> None:
    record.task["view"] = {"tools": [{"tool": name} for name in reversed(record.domain.spec.tools)]}


@spoils("text")
def task_with_a_view_of_one_tool(record: Forged) -> None:
    record.task["view"] = {"tools": [{"tool": record.calls[0]["name"]}]}


@spoils("readable")
def task_with_a_view_that_is_none(record: Forged) -> None:
    record.task["view"] = {"ls": "dir"}


@spoils("readable")
def task_with_faults_that_are_none(record: Forged) -> None:
    record.task["faults"] = [{"tool": "ls"}]


@spoils("replays")
def task_with_a_fault_that_struck_nobody(record: Forged) -> None:
    record.task["faults"] = [{"turn": 0, "tool": record.calls[0]["name"], "code": "timeout"}]


@spoils("text")
def kind_of_the_dialogue_another(record: Forged) -> None:
    record.row["kinds"][0] = "ask"


@spoils("text", "necessary", "goals")
def kind_another_everywhere(record: Forged) -> None:
    record.row["kinds"][0] = record.task["turns"][0]["kind"] = "ask"


@spoils("text", "necessary", "goals")
def kind_refused_everywhere(record: Forged) -> None:
    record.row["kinds"][-1] = record.task["turns"][-1]["kind"] = "refuse"


@spoils("text")
def kinds_missing(record: Forged) -> None:
    record.row["kinds"] = []


@spoils("text")
def kinds_one_too_many(record: Forged) -> None:
    record.row["kinds"].append("act")


@spoils("readable")
def kind_that_is_none(record: Forged) -> None:
    record.row["kinds"][0] = record.task["turns"][0]["kind"] = "chat"


# ------------------------------------------------------------------------------------------------ names and worlds


@spoils("replays")
def seed_another(record: Forged) -> None:
    record.task["seed"][-1] += 1


@spoils("readable", "text", "replays")
def seed_below_zero(record: Forged) -> None:
    record.task["seed"][0] = -1


@spoils("readable", "text", "replays")
def seed_emptied(record: Forged) -> None:
    record.task["seed"] = []


@spoils("readable", "text", "replays")
def seed_without_end(record: Forged) -> None:
    record.task["seed"][0] = 10**18


@spoils("readable")
def seed_as_text(record: Forged) -> None:
    record.task["seed"] = "7"


@spoils("replays", "necessary")
def scale_another(record: Forged) -> None:
    record.task["scale"] = "tiny" if record.task["scale"] != "tiny" else "medium"


@spoils("readable")
def scale_that_is_none(record: Forged) -> None:
    record.task["scale"] = "huge"


@spoils("readable")
def version_of_the_task_older(record: Forged) -> None:
    record.task["version"] = 1


@spoils("readable")
def version_of_the_record_older(record: Forged) -> None:
    record.evidence["version"] = 2


@spoils("readable")
def version_of_the_record_newer(record: Forged) -> None:
    record.evidence["version"] = 4


@spoils("text")
def version_of_the_world_another(record: Forged) -> None:
    record.evidence["domain_version"] = "0.9.0"


@spoils("text", "replays")
def world_of_the_dialogue_another(record: Forged) -> None:
    record.row["domain"] = first(n for n in ("banking", "travel") if n != record.row["domain"])


@spoils("text", "replays")
def world_another_everywhere(record: Forged) -> None:
    other = first(n for n in ("banking", "travel") if n != record.row["domain"])
    record.row["domain"] = record.task["domain"] = other


@spoils("readable")
def world_that_nobody_knows(record: Forged) -> None:
    record.row["domain"] = record.task["domain"] = "nowhere"


@spoils("readable")
def world_that_is_a_path(record: Forged) -> None:
    record.row["domain"] = record.task["domain"] = "../../etc/passwd"


@spoils("readable")
def world_without_a_name(record: Forged) -> None:
    record.row["domain"] = record.task["domain"] = ""


@spoils("readable")
def id_of_the_task_another(record: Forged) -> None:
    record.task["id"] += "0"


@spoils("readable")
def id_of_the_evidence_missing(record: Forged) -> None:
    del record.evidence["id"]


@spoils("readable")
def id_null(record: Forged) -> None:
    record.row["id"] = None


@spoils("text")
def id_emptied_everywhere(record: Forged) -> None:
    record.row["id"] = record.task["id"] = record.evidence["id"] = ""


@spoils("text")
def id_with_a_line_break_everywhere(record: Forged) -> None:
    record.row["id"] = record.task["id"] = record.evidence["id"] = "a\nb"


@spoils("text")
def id_without_end_everywhere(record: Forged) -> None:
    record.row["id"] = record.task["id"] = record.evidence["id"] = "x" * 5000
