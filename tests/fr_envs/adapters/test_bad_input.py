"""Whatever is wrong with what comes in costs one clear error and no traceback; leaving out leaves a sound contract."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.adapters.lists.tool_lists import read_tools
from fr_envs.adapters.openapi.document import read_openapi
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.writing import contract_data
from fr_envs.errors import SpecError
from tests.fr_envs.adapters.foreign_documents import BOOK, FLAT, PETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.adapters.foreign import Imported

JUNK: Any = (None, True, 7, -0.5, "", "x", "#/components", [], [[]], [7], [None, {}], {}, {"": 1}, {"$ref": "#"})


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a document."""
    items: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [pair for key, value in items for pair in ((node, key), *places(value))]


def spoilt(document: Any, data: st.DataObject) -> Any:
    made = json.loads(json.dumps(document))
    for _ in range(data.draw(st.integers(1, 3))):
        found = places(made)
        if not found:
            break
        holder, key = found[data.draw(st.integers(0, len(found) - 1))]
        holder[key] = copy.copy(data.draw(st.sampled_from(JUNK)))
    return made


def read_or_told(read: Callable[[], Imported]) -> None:
    try:
        imported = read()
    except SpecError as error:
        told = str(error)
    else:
        told = ""
        assert spec_from_dict(contract_data(imported.spec), imported.spec.source) == imported.spec
    assert "\n" not in told


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_spoilt_openapi_document_costs_one_error(data: st.DataObject) -> None:
    document = spoilt(PETS, data)
    read_or_told(lambda: read_openapi(document, name="pets", on_error="skip").imported)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_spoilt_tool_list_costs_one_error(data: st.DataObject) -> None:
    tools = spoilt([BOOK, FLAT], data)
    read_or_told(lambda: read_tools(tools, name="hotel", on_error="skip"))


def test_a_document_that_holds_itself_is_refused() -> None:
    document = copy.copy(PETS)
    document["components"] = document
    with pytest.raises(SpecError, match="nested too deeply"):
        read_openapi(document)


@pytest.mark.parametrize("dialect", ["http://json-schema.org/draft-07/schema#", "https://example.invalid/own"])
def test_a_schemas_dialect_and_unused_definitions_are_left_aside(dialect: str) -> None:
    node = {"type": "object", "properties": {"child": {"$ref": "#/definitions/node"}}}
    parameters = {"$schema": dialect, "$id": "own", "type": "object", "properties": {}, "definitions": {"node": node}}
    assert read_tools([{"name": "x", "parameters": parameters}], name="some").spec.tools["x"].parameters == {}
