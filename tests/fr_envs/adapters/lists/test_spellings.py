"""Tool lists as the outside spells them: nothing of a parameter is lost, and what cannot be read is named."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.adapters.lists.spellings import json_schema, parameters_object
from fr_envs.adapters.lists.tool_lists import load_tool_list, read_tools, spec_from_tools
from fr_envs.adapters.lists.type_texts import read_type
from fr_envs.contract.schemas import parameters_schema
from fr_envs.errors import SpecError

if TYPE_CHECKING:
    from pathlib import Path

CITY = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "Which."}, "days": {"type": "integer"}},
    "required": ["city"],
}
SPELLED = {"city": {"type": "str", "description": "Which."}, "days": {"type": "int, optional"}}
ABOUT = {"name": "get_weather", "description": "Get the weather of a city."}


@pytest.mark.parametrize(
    "tools",
    [
        [{"type": "function", "function": {**ABOUT, "parameters": CITY}}],
        [{"type": "function", **ABOUT, "parameters": CITY}],
        [{**ABOUT, "input_schema": CITY}],
        [{"type": "custom", **ABOUT, "input_schema": CITY}],
        {"tools": [{**ABOUT, "inputSchema": CITY, "annotations": {"title": "Weather"}}]},
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [{**ABOUT, "inputSchema": CITY}]}},
        {"toolConfig": {"tools": [{"toolSpec": {**ABOUT, "inputSchema": {"json": CITY}}}]}},
        [{"functionDeclarations": [{**ABOUT, "parameters": {
            "type": "OBJECT", "required": ["city"],
            "properties": {"city": {"type": "STRING", "description": "Which."}, "days": {"type": "INTEGER"}}}}]}],
        [{**ABOUT, "parameters": {**CITY, "type": "dict"}}],
        [{**ABOUT, "parameters": SPELLED}],
        [{"query": "?", "tools": json.dumps([{**ABOUT, "parameters": SPELLED}]), "answers": "[]"}] * 2,
        [{"id": "simple_0", "question": [[]], "function": [{**ABOUT, "parameters": {**CITY, "type": "dict"}}]}],
        [{**ABOUT, "parameter_definitions": {"city": {"type": "str", "description": "Which.", "required": True},
                                             "days": {"type": "int", "required": False}}}],
        [{**ABOUT, "parameters": [{"name": "city", "type": "str", "description": "Which.", "required": True},
                                  {"name": "days", "schema": {"type": "int"}}]}],
        [{**ABOUT, "required_parameters": [{"name": "city", "type": "STRING", "description": "Which."}],
          "optional_parameters": [{"name": "days", "type": "int"}]}],
        {"get_weather": {"description": "Get the weather of a city.", "parameters": CITY}},
        {**ABOUT, "parameters": {"type": "object", "city": {"type": "string", "description": "Which."},
                                 "days": {"type": "int", "optional": True}}},
    ],
)  # fmt: skip
def test_every_spelling_gives_the_same_tool(tools: Any) -> None:
    spec = spec_from_tools(tools, name="weather")
    tool = spec.tools["get_weather"]
    assert (list(spec.tools), tool.description) == (["get_weather"], "Get the weather of a city.")
    assert [(name, p.required) for name, p in tool.parameters.items()] == [("city", True), ("days", False)]
    assert parameters_schema(spec, "get_weather")["properties"] == CITY["properties"]


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        ("str", {"type": "string"}),
        ("float", {"type": "number"}),
        ("dict", {"type": "object"}),
        ("any", {}),
        ("Any", {}),
        ("tuple", {"type": "array"}),
        ("list[str]", {"type": "array", "items": {"type": "string"}}),
        ("typing.List[typing.Dict[str, int]]",
         {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "integer"}}}),
        ("Tuple[float, float]",
         {"type": "array", "prefixItems": [{"type": "number"}] * 2, "minItems": 2, "maxItems": 2}),
        ("Tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}),
        ("Dict[str, Any]", {"type": "object"}),
        ("Optional[int]", {"type": ["integer", "null"]}),
        ("str or None", {"type": ["string", "null"]}),
        ("Union[int, float]", {"type": "number"}),
        ("Union[str, List[str]]", {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        ("str[]", {"type": "array", "items": {"type": "string"}}),
        ("array<string>", {"type": "array", "items": {"type": "string"}}),
        ("list of integers", None),
        ("list of string", {"type": "array", "items": {"type": "string"}}),
        ("Literal['a, b', \"c\", 3]", {"enum": ["a, b", "c", 3]}),
        ("set", {"type": "array", "uniqueItems": True}),
        ("datetime", {"type": "string", "format": "date-time"}),
        ("ArrayList", {"type": "array"}),
        ("HashMap<String, Long>", {"type": "object", "additionalProperties": {"type": "integer"}}),
    ],
)  # fmt: skip
def test_types_are_read(text: str, schema: Any) -> None:
    if schema is None:
        schema = {"type": "array", "items": {"type": "integer"}}
    assert read_type(text).schema == schema


@pytest.mark.parametrize(
    ("text", "optional"),
    [("str, optional", True), ("str (optional)", True), ("int, default 5", True), ("optional int", True),
     ("required str", False), ("str; required", False), ("Optional[str]", True), ("str", None)],
)  # fmt: skip
def test_what_a_type_says_of_leaving_out_is_heard(text: str, optional: bool | None) -> None:
    assert read_type(text).optional is optional


@pytest.mark.parametrize(
    "text", ["", "lettre", "list[", "list[str]]", "str;int", "[" * 90, "list of " * 40 + "str", "x" * 500]
)
def test_other_types_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="type"):
        read_type(text)


@given(st.text(max_size=60))
def test_any_text_is_a_type_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(read_type(text).schema, dict)


def test_what_a_parameter_says_stays() -> None:
    tool = {
        "name": "move",
        "parameters": {
            "speed": {"type": "float", "default": 1.5, "description": "How fast."},
            "gear": {"type": "enum", "enum": ["low", "high"]},
            "where": {
                "type": "dict",
                "properties": {"x": {"type": "float"}, "y": {"type": "float"}},
                "required": ["x"],
            },
            "tags": {"type": "list", "items": {"type": "str"}},
            "type": {"type": "str", "description": "Which type."},
        },
    }
    parameters = spec_from_tools([tool], name="robot").tools["move"].parameters
    assert [name for name, p in parameters.items() if p.required] == ["gear", "where", "tags", "type"]
    assert parameters["speed"].default == 1.5
    assert parameters["gear"].field.schema == {"enum": ["low", "high"]}
    where = parameters["where"].field.object
    assert where is not None
    assert (where["x"].optional, where["y"].optional) == (False, True)
    assert parameters["type"].field.description == "Which type."


def test_results_are_read() -> None:
    tool = {"name": "count", "parameters": {"type": "dict"}, "response": {
        "type": "dict", "properties": {"total": {"type": "int"}, "names": {"type": "list[str]"}},
        "required": ["total"]}}  # fmt: skip
    returns = spec_from_tools([tool], name="some").tools["count"].returns
    assert (returns["total"].schema, returns["total"].optional, returns["names"].optional) == (
        {"type": "integer"},
        False,
        True,
    )


def test_what_cannot_be_read_is_named_and_costs_its_tool_alone() -> None:
    faulty = {"name": "odd", "parameters": {"a": {"type": "list[lettre]"}}}
    tools = [{"name": "fine"}, faulty, {"type": "web_search_20250305", "name": "web_search"}]
    imported = read_tools(tools, name="some", on_error="skip")
    assert list(imported.spec.tools) == ["fine"]
    assert [fault.pointer for fault in imported.skipped] == ["/1/parameters/a/type", "/2"]
    with pytest.raises(SpecError, match="lettre"):
        read_tools(tools, name="some")


def test_who_says_that_a_tool_only_reads_is_believed() -> None:
    hints = [
        {"name": "get_and_drop", "annotations": {"readOnlyHint": False}},
        {"name": "peek", "annotations": {"readOnlyHint": True}},
    ]
    assert [tool.effect for tool in spec_from_tools(hints, name="some").tools.values()] == ["write", "read"]


def test_lists_a_line_each_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tools.jsonl"
    path.write_text("".join(json.dumps({"name": name}) + "\n" for name in "ab"), encoding="utf-8")
    assert list(spec_from_tools(load_tool_list(path), name="some").tools) == ["a", "b"]
    path.write_text('{"name": "a"}\n{"name": \n', encoding="utf-8")
    with pytest.raises(SpecError, match="line 2"):
        load_tool_list(path)


JSON_SCHEMAS = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "number", "boolean"])},
    optional={"description": st.text(max_size=9), "title": st.text(max_size=9), "minLength": st.integers(0, 3)},
)


@given(st.dictionaries(st.text(min_size=1, max_size=9), JSON_SCHEMAS, min_size=1, max_size=4), st.booleans())
def test_json_schema_stays_as_it_is(members: dict[str, Any], required: bool) -> None:
    schema: Any = {"type": "object", "properties": members, **({"required": sorted(members)} if required else {})}
    assert parameters_object(schema, "tools.json", "") == schema
    assert json_schema(schema, "tools.json", "") == schema
