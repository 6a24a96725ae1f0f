"""Tool lists as contracts: what they say is kept, comes out again, and is accepted as a contract file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs import load_spec
from fr_envs.adapters.fields import unique_name
from fr_envs.adapters.foreign import domain_name
from fr_envs.adapters.lists.tool_lists import load_tool_list, read_tools, spec_from_tools
from fr_envs.contract.loading import read_spec, spec_from_dict
from fr_envs.contract.schemas import openai_tools
from fr_envs.contract.writing import contract_data, contract_text
from fr_envs.errors import SpecError, UsageError
from fr_envs.graph.api_graph import ApiGraph
from tests.fr_envs.adapters.foreign_documents import BOOK, FLAT

if TYPE_CHECKING:
    from pathlib import Path


AT_REFERENCE = "/0/function/parameters/properties/a/$ref"


def nested(**function: Any) -> Any:
    return {"type": "function", "function": {"name": "x", **function}}


def parameter(schema: Any, *, required: bool = False) -> Any:
    body = {"type": "object", "properties": {"a": schema}, "required": ["a"] if required else []}
    return spec_from_tools([nested(parameters=body)], name="some").tools["x"].parameters["a"]


def test_a_tool_comes_out_as_it_went_in() -> None:
    spec = spec_from_tools([BOOK, FLAT], name="hotel")
    assert openai_tools(spec)[0] == BOOK
    assert (spec.tools["list_rooms"].effect, spec.tools["bookRoom"].effect) == ("read", "write")
    room = spec.tools["bookRoom"].parameters
    assert room["guests"].field.array is not None
    assert room["guests"].field.array.object is not None
    assert room["guests"].field.array.object["age"].optional
    assert room["extras"].field.schema == {"type": "object", "additionalProperties": {"type": "string"}}
    assert (room["nights"].default, room["board"].default) == (2, None)


@pytest.mark.parametrize("name", ["banking", "filesystem", "travel"])
def test_the_tools_of_a_shipped_world_survive_the_way_out_and_in(name: str) -> None:
    tools = openai_tools(load_spec(name))
    assert openai_tools(spec_from_tools(tools, name=name)) == tools


@pytest.mark.slow
@pytest.mark.parametrize("name", ["banking", "filesystem", "travel"])
def test_a_contract_that_is_written_reads_as_itself(name: str) -> None:
    spec = load_spec(name)
    assert spec_from_dict(contract_data(spec), spec.source) == spec


def test_the_contract_is_accepted_as_a_file(tmp_path: Path) -> None:
    spec = spec_from_tools({"tools": [BOOK, FLAT]}, name="hotel")
    path = tmp_path / "hotel.yaml"
    path.write_text(contract_text(spec), encoding="utf-8")
    back = read_spec(path)
    assert back.tools == spec.tools
    assert not list(ApiGraph(back).edges())


def test_local_references_are_written_out() -> None:
    schema = {
        "type": "object",
        "properties": {"who": {"$ref": "#/$defs/Person", "description": "Whom."}},
        "$defs": {"Person": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
    }
    who = spec_from_tools([nested(parameters=schema)], name="some").tools["x"].parameters["who"].field
    assert who.description == "Whom."
    assert who.object is not None
    assert who.object["name"].schema == {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "required", "expected"),
    [
        ({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}, False, {"type": "integer"}),
        ({"type": ["string", "null"]}, False, {"type": "string"}),
        ({"type": ["null", "string"]}, True, {"type": ["null", "string"]}),
        ({"type": ["string", "null"], "default": "b"}, False, {"type": ["string", "null"]}),
        ({"type": ["string", "null"], "enum": ["b", None]}, False, {"type": ["string", "null"], "enum": ["b", None]}),
        ({"title": "A", "type": "string"}, False, {"type": "string"}),
        ({"type": "array", "items": {}, "maxItems": 0}, False, {"type": "array", "items": {}, "maxItems": 0}),
        (True, False, {}),
    ],
)
def test_null_means_not_given_where_it_may(schema: Any, required: bool, expected: Any) -> None:
    taken = parameter(schema, required=required)
    assert (taken.field.schema, taken.field.nullable, taken.required) == (expected, False, required)


def test_a_default_that_its_own_schema_refuses_is_none() -> None:
    assert parameter({"type": "integer", "default": "two"}).default is None


def test_names_that_no_contract_takes_are_changed_and_remembered() -> None:
    properties = {"from": {"type": "string"}, "filter[a]": {}, "filter(a)": {}, "1st": {}, "state": {}}
    body = {"type": "object", "properties": properties, "required": ["from", "unsaid"]}
    imported = read_tools([nested(parameters=body), nested(name="x.y"), nested(name="x/y")], name="some")
    assert list(imported.spec.tools) == ["x", "x_y", "x_y_2"]
    names = imported.names["x"]
    assert names.arguments == {
        "from_": "from", "filter_a_": "filter[a]", "filter_a__2": "filter(a)", "_1st": "1st", "state_": "state",
        "unsaid": "unsaid",
    }  # fmt: skip
    given = {"from_": "b", "filter_a_": None, "filter_a__2": 1}
    assert names.owned(imported.spec.tools["x"], given) == {"from": "b", "filter(a)": 1}
    spec_from_dict(contract_data(imported.spec))


@pytest.mark.parametrize(
    ("tools", "pointer", "problem"),
    [
        ("none", "", "no list of tools"),
        ([3], "/0", "names no function"),
        ([{"type": "web_search"}], "/0", "'web_search'"),
        ([nested(name=" ")], "/0/function", "names no function"),
        ([BOOK, BOOK], "/1/function", "another tool 'bookRoom'"),
        ([nested(parameters={"type": "string"})], "/0/function/parameters", "takes no object"),
        ([nested(parameters=[1])], "/0/function/parameters/0", "names no parameter"),
        (
            [nested(parameters={"properties": {"a": {"type": "lettre"}}})],
            "/0/function/parameters/properties/a/type",
            "no type that is known",
        ),
        ([nested(parameters={"properties": {"a": {"pattern": "("}}})], "/0/function/parameters", "no JSON Schema"),
        ([nested(parameters={"properties": {"a": {"$ref": "#/$defs/b"}}})], AT_REFERENCE, "points at nothing"),
        ([], "", "has no tool: it lists none"),
    ],
)
def test_a_faulty_list_is_named_by_pointer_and_mend(tools: Any, pointer: str, problem: str) -> None:
    with pytest.raises(SpecError, match=problem) as caught:
        spec_from_tools(tools, name="some")
    assert caught.value.pointer == pointer
    assert caught.value.fix


def test_faulty_tools_can_be_left_out() -> None:
    imported = read_tools([BOOK, {"type": "web_search"}, nested(parameters=7)], name="some", on_error="skip")
    assert list(imported.spec.tools) == ["bookRoom"]
    assert [fault.pointer for fault in imported.skipped] == ["/1", "/2/function/parameters"]
    with pytest.raises(SpecError, match="all 1 are faulty"):
        read_tools([{"type": "web_search"}], name="some", on_error="skip")


def test_references_that_double_have_an_end() -> None:
    definitions: dict[str, Any] = {"d0": {"type": "string"}}
    for i in range(1, 40):
        reference = {"$ref": f"#/$defs/d{i - 1}"}
        definitions[f"d{i}"] = {"type": "object", "properties": {"l": reference, "r": reference}}
    body = {"type": "object", "properties": {"a": {"$ref": "#/$defs/d39"}}, "$defs": definitions}
    spec = spec_from_tools([nested(parameters=body)], name="some")
    assert len(json.dumps(contract_data(spec))) < 20_000
    huge = {"type": "object", "properties": {f"p{k}": {"type": "string"} for k in range(60_000)}}
    with pytest.raises(SpecError, match="grows to more than"):
        spec_from_tools([nested(parameters=huge)], name="some")


def test_the_name_of_a_world_must_be_one() -> None:
    with pytest.raises(UsageError, match="'My Hotel' is no name of a world"):
        spec_from_tools([BOOK], name="My Hotel")


@pytest.mark.parametrize(("text", "name"), [("My Hotel!", "my_hotel"), ("24h", "tools_24h"), ("", "tools")])
def test_a_name_can_be_made_of_any_text(text: str, name: str) -> None:
    assert domain_name(text) == name


def test_a_name_stays_within_its_length() -> None:
    first = unique_name("a" * 80, ())
    second = unique_name("a" * 80, {first})
    assert (len(first), second[-2:], len(second) <= 64) == (64, "_2", True)


def test_a_list_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    path.write_text(json.dumps([BOOK]), encoding="utf-8")
    assert load_tool_list(path) == [BOOK]
    path.write_text("[", encoding="utf-8")
    with pytest.raises(SpecError, match="is no JSON"):
        load_tool_list(path)
    with pytest.raises(SpecError, match="cannot be read"):
        load_tool_list(tmp_path / "none.json")
