"""Worlds made up for tool lists: what is created is shown, what is deleted is gone, every record says what it is."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.plan import plan_of
from fr_envs.adapters.simulated.world import SIMULATED, simulated_contract, simulated_world
from fr_envs.adapters.world_file import read_world, ready
from fr_envs.contract.loading import read_spec, spec_from_dict
from fr_envs.contract.writing import contract_data
from fr_envs.episode.session import Session
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.tool_call import ToolCall
from fr_synth.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TASKS: list[Any] = [
    {"name": "create_task", "description": "Create a task.", "input_schema": {
        "type": "object", "required": ["title"],
        "properties": {"title": {"type": "string"}, "priority": {"type": "string", "enum": ["low", "high"]}}}},
    {"name": "get_task", "description": "Get a task.", "parameters": {"task_id": "str"}},
    {"name": "list_tasks", "description": "List tasks.",
     "parameters": {"priority": "str, optional", "query": "str, optional"}},
    {"name": "update_task", "description": "Change a task.",
     "parameters": {"task_id": "str", "title": "str, optional"}},
    {"name": "complete_task", "description": "Mark a task as completed.", "parameters": {"task_id": "str"}},
    {"name": "delete_task", "description": "Delete a task.", "parameters": {"task_id": "str"}},
    {"name": "get_weather", "description": "Get the weather of a city.", "parameters": {"city": "str"}},
]  # fmt: skip


def played(tools: list[Any] = TASKS) -> Session:
    session = Session(simulated_world(spec_from_tools(tools, name="tasks")))
    session.reset()
    return session


def test_names_that_pair_up_make_a_thing() -> None:
    parts, things = plan_of(spec_from_tools(TASKS, name="tasks"))
    assert [part.role for part in parts.values()] == ["create", "get", "list", "update", "act", "delete", "answer"]
    assert [(thing.identifier, list(thing.members)) for thing in things.values()] == [
        ("task_id", ["title", "priority", "status"])
    ]


def test_what_is_created_is_shown_changed_and_gone() -> None:
    session = played()
    before = session.call("list_tasks")["tasks"]
    made = session.call("create_task", {"title": "Sing", "priority": "high"})
    own = {"task_id": made["task_id"]}
    assert session.call("get_task", own) == made
    assert [row["task_id"] for row in session.call("list_tasks")["tasks"]] == [
        *(row["task_id"] for row in before),
        *own.values(),
    ]
    assert [row["title"] for row in session.call("list_tasks", {"query": "sing"})["tasks"]] == ["Sing"]
    assert session.call("update_task", {**own, "title": "Hum"})["title"] == "Hum"
    assert session.call("complete_task", own)["status"] == "completed"
    session.call("delete_task", own)
    assert session.call("get_task", own)["error"]["code"] == "not_found"
    again = session.call("create_task", {"title": "Sing"})
    assert again["task_id"] != made["task_id"]
    assert all(row["priority"] == "low" for row in session.call("list_tasks", {"priority": "low"})["tasks"])


def test_the_same_call_gives_the_same_answer() -> None:
    one, other = played().call("get_weather", {"city": "Oslo"}), played().call("get_weather", {"city": "Oslo"})
    assert one == other
    assert "error" not in one


def test_the_first_population_hangs_on_the_seed_alone() -> None:
    world = simulated_world(spec_from_tools(TASKS, name="tasks"))
    assert world.initial(3).digest == pickle.loads(pickle.dumps(world)).initial(3).digest != world.initial(4).digest


def test_it_is_marked_and_makes_a_graph(tmp_path: Path) -> None:
    spec = simulated_contract(spec_from_tools(TASKS, name="tasks"))
    assert SIMULATED in spec.policy
    assert spec_from_dict(contract_data(spec)).tools.keys() == spec.tools.keys()
    assert ("create_task", "delete_task") in {(edge.source, edge.target) for edge in ApiGraph(spec).edges()}
    (tmp_path / "tasks.json").write_text(json.dumps(TASKS), encoding="utf-8")
    (tmp_path / "t.world.yaml").write_text("simulated: tasks.json", encoding="utf-8")
    world = read_world(tmp_path / "t.world.yaml").load()
    assert world.spec.version == "1.0.0+simulated"
    assert SIMULATED in world.system_text
    assert world.spec.tools["create_task"].request_templates


def test_declared_results_are_kept_to() -> None:
    members = {"id": {"type": "integer"}, "title": {"type": "string"}, "open": {"type": "boolean"}}
    row = {"type": "object", "properties": members, "required": list(members)}
    identifier = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    tools: list[Any] = [
        {"name": "list_books", "outputSchema": {"type": "object", "properties": {
            "total": {"type": "integer"}, "books": {"type": "array", "items": row}}, "required": ["total", "books"]}},
        {"name": "get_book", "inputSchema": identifier, "outputSchema": row},
    ]  # fmt: skip
    session = played(tools)
    listed = session.call("list_books")
    assert listed["total"] == len(listed["books"])
    assert session.call("get_book", {"id": listed["books"][1]["id"]}) == listed["books"][1]


def test_the_command_makes_dialogues_that_are_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tasks.json").write_text(json.dumps(TASKS), encoding="utf-8")
    out, run = tmp_path / "tasks.yaml", tmp_path / "run"
    assert main(["spec", "import", str(tmp_path / "tasks.json"), "--simulate", "--out", str(out)]) == 0
    assert read_spec(out).name == "tasks"
    world = str(tmp_path / "tasks.world.yaml")
    assert main(["synth", "--world", world, "--count", "3", "--turns", "1", "--workers", "1", "--out", str(run)]) == 0
    rows = [json.loads(line) for line in (run / "evidence.jsonl").read_text("utf-8").splitlines()]
    assert {row["domain_version"] for row in rows} == {"1.0.0+simulated"}
    rows = [json.loads(line) for line in (run / "dialogues.jsonl").read_text("utf-8").splitlines()]
    assert all(SIMULATED in row["messages"][0]["content"] for row in rows)
    assert main(["verify", str(run), "--world", world]) == 0
    assert main(["spec", "import", "mcp", "x", "--simulate"]) == 2
    assert "is none: leave it out" in capsys.readouterr().err


VERBS = st.sampled_from(["create", "get", "list", "update", "delete", "close", "play"])
NOUNS = st.sampled_from(["book", "books", "user_note", "status", "x"])
TYPES = st.sampled_from(["str", "int", "list[str]", "dict", "any", "bool", "str, optional", "date"])
PARAMETERS = st.dictionaries(st.sampled_from(["id", "book_id", "title", "limit", "query", "x"]), TYPES, max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(VERBS, NOUNS), PARAMETERS, min_size=1, max_size=5), st.integers(0, 9))
def test_any_list_can_be_played(listed: dict[tuple[str, str], dict[str, str]], seed: int) -> None:
    tools = [{"name": f"{verb}_{noun}", "parameters": given} for (verb, noun), given in listed.items()]
    world = ready(simulated_world(spec_from_tools(tools, name="some")))
    state = world.initial(seed)
    for tool in world.spec.tools.values():
        arguments = {
            name: 1 if "int" in str(p.field.schema) else "a" for name, p in tool.parameters.items() if p.required
        }
        outcome = world.apply(state, ToolCall(tool.name, arguments))
        assert outcome.error is None or outcome.error.code in {"not_found", "invalid_arguments", "invalid_argument"}


RENTALS: list[Any] = [
    {"name": "list_units", "description": "List storage units.", "parameters": {"location": "str, optional"}},
    {"name": "create_rental", "description": "Rent a storage unit to a tenant.",
     "parameters": {"unit_id": "str", "tenant_name": "str", "months": "int"}},
    {"name": "list_rentals", "description": "List the rentals of a tenant.", "parameters": {"tenant_name": "str"}},
    {"name": "extend_rental", "description": "Extend a rental by a number of months.",
     "parameters": {"rental_id": "str", "months": "int"}},
]  # fmt: skip


def in_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def spelt(tools: list[Any]) -> list[Any]:
    return [
        {**tool, "name": in_camel_case(tool["name"]),
         "parameters": {in_camel_case(name): kind for name, kind in tool["parameters"].items()}}
        for tool in tools
    ]  # fmt: skip


def said_in(folder: Path, tools: list[Any]) -> list[list[str]]:
    folder.mkdir()
    (folder / "rentals.json").write_text(json.dumps(tools))
    (folder / "rentals.world.yaml").write_text('name: "rentals"\nsimulated: "rentals.json"\n')
    run = folder / "run"
    assert main(["synth", "--world", str(folder / "rentals.world.yaml"), "--count", "4", "--seed", "5",
                 "--turns", "2-3", "--workers", "1", "--quiet", "--out", str(run)]) == 0  # fmt: skip
    records = map(json.loads, (run / "dialogues.jsonl").read_text().splitlines())
    return [[each["content"] for each in record["messages"] if each["role"] in ("user", "assistant")]
            for record in records]  # fmt: skip


@pytest.mark.slow
def test_a_list_in_camel_case_reads_like_its_twin(tmp_path: Path) -> None:
    told = said_in(tmp_path / "snake", RENTALS)
    assert said_in(tmp_path / "camel", spelt(RENTALS)) == told
    assert any("rental" in text for texts in told for text in texts)


def test_kinds_are_in_small_letters_however_the_list_spells_them() -> None:
    spec = simulated_contract(spec_from_tools(spelt(RENTALS), name="rentals"))
    assert set(spec.kinds) == {"rental_id", "unit_id"}
    assert spec.tools["createRental"].parameters["unitId"].field.kind == "unit_id"
    assert spec.tools["extendRental"].returns["rentalId"].kind == "rental_id"


def test_what_is_extended_has_more_than_before() -> None:
    world: Any = ready(simulated_world(spec_from_tools(RENTALS, name="rentals")))
    state = world.initial(3)
    rented = world.apply(state, ToolCall("create_rental", {"unit_id": "U", "tenant_name": "Ada Kern", "months": 3}))
    given = {"rental_id": rented.value["rental_id"], "months": 2}
    assert world.apply(rented.state, ToolCall("extend_rental", given)).value["months"] == 5


def test_a_simulated_world_is_not_inferred(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rentals.json").write_text(json.dumps(RENTALS))
    file = tmp_path / "rentals.world.yaml"
    file.write_text('name: "rentals"\nsimulated: "rentals.json"\n')
    assert main(["spec", "infer", str(file)]) == 2
    assert "spec import rentals.json --simulate" in capsys.readouterr().err


FERRY: list[Any] = [
    {"name": "list_sailings", "description": "List sailings.", "output_schema": {"properties": {"sailings": {
        "type": "array", "items": {"type": "object", "properties": {
            "sailing_id": {"type": "string"}, "departure_time": {"type": "string", "examples": ["07:15", "11:40",
            "16:05", "19:30", "21:00"]}, "fare_gbp": {"type": "number"}}}}}}},
    {"name": "book_sailing", "description": "Book a sailing.", "input_schema": {
        "type": "object", "required": ["sailing_id", "passengers"], "properties": {
            "sailing_id": {"type": "string"}, "passengers": {"type": "integer"}, "with_car": {"type": "boolean"}}},
     "output_schema": {"properties": {"booking_id": {"type": "string"}, "sailing_id": {"type": "string"},
                                      "passengers": {"type": "integer"}, "with_car": {"type": "boolean"},
                                      "total_gbp": {"type": "number"}}}},
    {"name": "add_meal", "description": "Add a meal to a booking.", "input_schema": {
        "type": "object", "required": ["booking_id", "meal"], "properties": {
            "booking_id": {"type": "string"}, "meal": {"type": "string", "enum": ["lunch", "dinner"]}}}},
    {"name": "change_passengers", "description": "Change the passengers of a booking.",
     "parameters": {"booking_id": "str", "passengers": "int"}},
    {"name": "switch_sailing", "description": "Switch a booking to another sailing.",
     "parameters": {"booking_id": "str", "sailing_id": "str"}},
    {"name": "list_bookings", "description": "List bookings."},
]  # fmt: skip


def test_nobody_gets_what_nobody_asked_for() -> None:
    session = played(FERRY)
    sailings = session.call("list_sailings")["sailings"]
    times = [row["departure_time"] for row in sailings]
    assert times == sorted(set(times))  # no two alike, in the order of the day
    booked = session.call("book_sailing", {"sailing_id": sailings[0]["sailing_id"], "passengers": 3})
    assert booked["with_car"] is False
    assert booked["total_gbp"] == 3 * sailings[0]["fare_gbp"]
    own = {"booking_id": booked["booking_id"]}
    assert "meal" not in session.call("change_passengers", {**own, "passengers": 2})
    assert session.call("add_meal", {**own, "meal": "lunch"})["meal"] == "lunch"
    moved = session.call("switch_sailing", {**own, "sailing_id": sailings[1]["sailing_id"]})
    assert (moved["booking_id"], moved["sailing_id"]) == (booked["booking_id"], sailings[1]["sailing_id"])


def _shape(**members: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in members.items()},
            "required": list(members)}  # fmt: skip


PLOTS: list[Any] = [
    {"name": "list_plots", "description": "List the plots.", "input_schema": _shape(),
     "output_schema": {"type": "object", "properties": {"plots": {"type": "array", "items": _shape(
         plot_id="string", name="string", rent_per_year_gbp="number")}}}},
    {"name": "let_plot", "description": "Let a plot to a tenant.",
     "input_schema": _shape(plot_id="string", tenant="string", years="integer"),
     "output_schema": _shape(lease_id="string", plot_id="string", tenant="string", years="integer",
                             total_gbp="number", signed="boolean")},
]  # fmt: skip


def test_the_number_that_a_tool_gives_first_is_that_of_what_it_makes() -> None:
    session = played(PLOTS)
    plots = session.call("list_plots")["plots"]
    made = session.call("let_plot", {"plot_id": plots[0]["plot_id"], "tenant": "Ada Kern", "years": 3})
    assert made["lease_id"].startswith("LEA-")
    assert (made["plot_id"], made["tenant"]) == (plots[0]["plot_id"], "Ada Kern")
    assert made["total_gbp"] == 3 * plots[0]["rent_per_year_gbp"]
    assert made["signed"] is False
    assert session.call("list_plots")["plots"] == plots  # a lease is no plot
