"""Tools as others read them say what the contract says, and stand on valid JSON Schema."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

from fr_envs import domain_names, load_domain, load_spec
from fr_envs.contract.schemas import (
    field_schema,
    json_schemas,
    mcp_tools,
    openai_tools,
    parameters_schema,
    returns_schema,
)
from fr_envs.contract.spec import Field
from tests.fr_envs.small_world import LIBRARY

SPEC = LIBRARY.spec


@pytest.mark.parametrize("name", domain_names())
def test_every_schema_of_a_shipped_world_is_valid(name: str) -> None:
    spec = load_spec(name)
    for tool, schemas in json_schemas(spec).items():
        for schema in schemas.values():
            jsonschema_rs.Draft202012Validator(schema)
        defaults = {n: p.default for n, p in spec.tools[tool].parameters.items() if p.default is not None}
        for parameter, default in defaults.items():
            assert schemas["parameters"]["properties"][parameter]["default"] == default


@pytest.mark.parametrize("name", domain_names())
def test_the_forms_of_a_tool_agree(name: str) -> None:
    spec = load_spec(name)
    functions = [tool["function"] for tool in openai_tools(spec)]
    for function, tool, schemas in zip(functions, mcp_tools(spec), json_schemas(spec).values(), strict=True):
        assert (function["name"], function["description"]) == (tool["name"], tool["description"])
        assert function["parameters"] == tool["inputSchema"] == schemas["parameters"]
        assert tool["outputSchema"] == schemas["returns"]
        assert tool["annotations"]["readOnlyHint"] == (spec.tools[tool["name"]].effect == "read")
    assert json.loads(load_domain(name).tools_json) == load_domain(name).openai_tools == openai_tools(spec)


def test_arguments_are_closed_and_name_what_is_required() -> None:
    assert parameters_schema(SPEC, "borrow") == {
        "type": "object",
        "properties": {
            "book_id": {"type": "string", "pattern": "^BOOK[0-9]{3}$", "description": "Identifier of a book."},
            "days": {"type": "integer", "minimum": 1, "maximum": 28, "default": 14},
        },
        "required": ["book_id"],
        "additionalProperties": False,
    }


def test_results_may_leave_out_or_be_null_where_the_contract_says_so() -> None:
    schema = returns_schema(SPEC, "get_book")
    assert "review" not in schema["required"]
    assert schema["properties"]["loan_id"]["anyOf"][1] == {"type": "null"}
    assert schema["properties"]["stars"]["items"]["maximum"] == 5


def test_a_field_keeps_its_bounds_and_its_own_description() -> None:
    several = Field(array=Field(kind="stars", description="Mine."), min_items=1, max_items=3, description="Some.")
    schema = field_schema(SPEC, several)
    assert (schema["minItems"], schema["maxItems"], schema["description"]) == (1, 3, "Some.")
    assert schema["items"]["description"] == "Mine."
    assert "description" not in SPEC.kinds["stars"].schema
    assert field_schema(SPEC, Field()) == {}
