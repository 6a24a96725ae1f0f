"""Requests that nobody makes, as things stand.

1. What is out of order, or has no place left, is not reserved; what has been reported as broken is not either.
2. What was arranged a moment ago is not over yet, and nothing has gone wrong with it.
3. Nobody shortens to more, or where they cannot tell.
4. Who wants front desk takes the one who does that, if the list shows one.
5. A change for one customer is not followed by one for another.
"""

from __future__ import annotations

from typing import Any

import pytest

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.world_file import ready
from fr_envs.world.tool_call import ToolCall
from fr_synth.sample.sense import Fresh, is_senseless
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Output, Said

TOOLS: list[Any] = [
    {"name": "list_machines", "description": "List the machines."},
    {"name": "reserve_slot", "description": "Reserve a slot on a machine.",
     "parameters": {"machine_id": "str", "resident": "str", "task": "str"}},
    {"name": "shorten_slot", "description": "Shorten a slot.", "parameters": {"slot_id": "str", "minutes": "int"}},
    {"name": "deliver_machine", "description": "Mark a machine as delivered.", "parameters": {"machine_id": "str"}},
    {"name": "report_problem", "description": "Report a problem with a machine.",
     "parameters": {"machine_id": "str", "problem": "str"}},
    {"name": "book_seats", "description": "Book seats of a machine.",
     "parameters": {"machine_id": "str", "seats": "int"}},
    {"name": "postpone_slot", "description": "Postpone a slot.", "parameters": {"slot_id": "str", "day": "str"}},
    {"name": "extend_slot", "description": "Extend a slot.", "parameters": {"slot_id": "str", "day": "str"}},
]  # fmt: skip
WORLD: Any = ready(simulated_world(spec_from_tools(TOOLS, name="laundry")))
STATE = WORLD.initial(3)


def step(tool: str, result: Any, **arguments: Any) -> ExecutedCall:
    sources: dict[str, Any] = {
        f"/{name}": Output(0, "/machine_id") if name.endswith("_id") else Said(0, str(value))
        for name, value in arguments.items()
    }
    return ExecutedCall(
        ToolCall(tool, arguments), result, STATE, STATE, sources, {}, user_requested=True, turn=0
    )  # fmt: skip


def shown(*rows: Any) -> ExecutedCall:
    return step("list_machines", {"machines": list(rows)})


RESERVE = step("reserve_slot", {}, machine_id="m1", resident="Ada Kern", task="wool")


@pytest.mark.parametrize(
    "row", [{"out_of_order": True}, {"status": "under_repair"}, {"free_slots": 0}, {"ready": False}]
)
def test_what_nobody_can_have_is_not_reserved(row: Any) -> None:
    assert is_senseless(WORLD, [shown({"machine_id": "m1", **row})], RESERVE, Fresh())
    assert not is_senseless(WORLD, [shown({"machine_id": "m1", "minutes_left": 0})], RESERVE, Fresh())


def test_what_was_reported_as_broken_is_not_reserved() -> None:
    report = step("report_problem", {}, machine_id="m1", problem="it rattles")
    assert is_senseless(WORLD, [report], RESERVE, Fresh(writes=(report,)))


@pytest.mark.parametrize("tool", ["deliver_machine", "report_problem"])
def test_what_was_just_arranged_is_not_over(tool: str) -> None:
    given = {"problem": "it rattles"} if tool == "report_problem" else {}
    later = step(tool, {}, machine_id="m1", **given)
    assert is_senseless(WORLD, [RESERVE], later, Fresh(about=frozenset({"m1"}), writes=(RESERVE,)))
    assert not is_senseless(WORLD, [], later, Fresh())


@pytest.mark.parametrize(("old", "odd"), [(60, False), (20, True), (None, True)])
def test_nobody_shortens_to_more(old: int | None, odd: bool) -> None:
    rows = [shown({"slot_id": "s1", **({} if old is None else {"minutes": old})})]
    assert is_senseless(WORLD, rows, step("shorten_slot", {}, slot_id="s1", minutes=30), Fresh()) is odd


def test_who_wants_something_takes_what_has_it() -> None:
    rows = shown({"machine_id": "m1", "skill": "cotton"}, {"machine_id": "m2", "skill": "wool"})
    assert is_senseless(WORLD, [rows], RESERVE, Fresh())
    other = step("reserve_slot", {}, machine_id="m2", resident="Ada Kern", task="wool")
    assert not is_senseless(WORLD, [rows], other, Fresh())


def test_a_change_for_somebody_else_does_not_follow() -> None:
    other = step("reserve_slot", {}, machine_id="m2", resident="Ben Kern", task="wool")
    assert is_senseless(WORLD, [RESERVE], other, Fresh(writes=(RESERVE,)))
    same = step("reserve_slot", {}, machine_id="m2", resident="Ada Kern", task="wool")
    assert not is_senseless(WORLD, [RESERVE], same, Fresh(writes=(RESERVE,)))


@pytest.mark.parametrize(("seats", "senseless"), [(4, True), (3, False)])
def test_nobody_takes_more_than_there_is(seats: int, *, senseless: bool) -> None:
    before = [shown({"machine_id": "m1", "seats_left": 3})]
    assert is_senseless(WORLD, before, step("book_seats", {}, machine_id="m1", seats=seats), Fresh()) == senseless


@pytest.mark.parametrize("tool", ["postpone_slot", "extend_slot"])
@pytest.mark.parametrize(("day", "senseless"), [("2026-03-02", True), ("2026-03-09", True), ("2026-03-10", False)])
def test_what_is_postponed_or_extended_ends_later(tool: str, day: str, *, senseless: bool) -> None:
    before = [step("list_machines", {"slots": [{"slot_id": "s1", "day": "2026-03-09"}]})]
    assert is_senseless(WORLD, before, step(tool, {}, slot_id="s1", day=day), Fresh()) == senseless
