"""What documents of the outside hold: links, examples, bodies that are no JSON, other files, recursion, great size.

1. Links make edges, examples and options reach the parameters, ids lose what a framework put behind them.
2. What cannot be called is left out by default; faults are told all at once, those of one sort in one line.
3. What many places share is declared once; what refers to itself is cut.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.adapters.foreign import told_at_once
from fr_envs.adapters.openapi.document import read_openapi, spec_from_openapi
from fr_envs.contract.loading import read_spec, spec_from_dict
from fr_envs.contract.schemas import parameters_schema
from fr_envs.contract.writing import contract_data
from fr_envs.errors import SpecError, UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TEXT = {"type": "string"}


def document(paths: dict[str, Any], **schemas: Any) -> Any:
    components = {"schemas": schemas}
    return {"openapi": "3.1.0", "info": {"title": "Some"}, "paths": paths, "components": components}


def answer(schema: Any, **more: Any) -> Any:
    return {"200": {"description": "Fine.", "content": {"application/json": {"schema": schema}}, **more}}


def in_path(name: str, **more: Any) -> Any:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}, **more}


@pytest.mark.parametrize("target", [{"operationId": "show"}, {"operationRef": "#/paths/~1loans~1{loanId}/get"}])
def test_links_become_edges(target: Any) -> None:
    loan = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    links = {
        "show": {**target, "parameters": {"path.loanId": "$response.body#/id"}},
        "lost": {"operationId": "nothing", "parameters": {"a": "$response.body#/id"}},
        "odd": {"operationId": "show", "parameters": {"loanId": "$url"}},
        "none": "text",
    }
    paths = {
        "/loans": {"post": {"operationId": "lend", "responses": answer(loan, links=links)}},
        "/loans/{loanId}": {
            "get": {"operationId": "show", "parameters": [in_path("loanId")], "responses": answer(loan)}
        },
    }
    spec = spec_from_openapi(document(paths))
    assert (list(spec.kinds), spec.kinds["loan_id"].schema) == (["loan_id"], {"type": "integer"})
    assert spec.tools["lend"].returns["id"].kind == spec.tools["show"].parameters["loanId"].field.kind == "loan_id"
    assert [(edge.source, edge.target) for edge in ApiGraph(spec).edges()] == [("lend", "show")]
    assert spec_from_dict(contract_data(spec), spec.source) == spec


def test_examples_and_options_reach_the_parameters() -> None:
    pet = {"type": "object", "properties": {"name": TEXT, "tags": {"type": "array", "items": TEXT}},
           "example": {"name": "Rex"}}  # fmt: skip
    body = {
        "content": {
            "application/json": {"schema": pet, "examples": {"one": {"value": {"name": "Tom", "tags": ["old"]}}}}
        }
    }
    parameters = [
        {"name": "a", "in": "query", "schema": TEXT, "example": "x"},
        {"name": "b", "in": "query", "schema": TEXT, "examples": {"one": {"value": "y"}, "two": {"value": "z"}}},
        {"name": "c", "in": "query", "schema": {**TEXT, "example": "w"}},
        {"name": "d", "in": "query", "schema": {**TEXT, "enum": ["p", "q"]}},
        {"name": "e", "in": "query", "schema": {"type": "array", "items": TEXT}, "example": ["k", "l"]},
    ]
    spec = spec_from_openapi(
        document({"/x": {"post": {"operationId": "x", "parameters": parameters, "requestBody": body}}})
    )
    found = parameters_schema(spec, "x")["properties"]
    assert [found[name].get("examples") for name in "abc"] == [["x"], ["y", "z"], ["w"]]
    assert (found["d"]["enum"], found["e"]["items"]["examples"]) == (["p", "q"], ["k", "l"])
    assert (found["name"]["examples"], found["tags"]["items"]["examples"]) == (["Rex", "Tom"], ["old"])


@pytest.mark.parametrize(
    ("owned", "method", "path", "name"),
    [
        ("lend_book_loans__loan_id__delete", "delete", "/loans/{loan_id}", "lend_book"),
        ("list_books_v1_books_get", "get", "/v1/books", "list_books"),
        ("listPets", "get", "/pets", "listPets"),
        (None, "get", "/pets/{id}", "get_pets_id"),
    ],
)
def test_ids_lose_what_frameworks_put_behind(owned: Any, method: str, path: str, name: str) -> None:
    parameters = [in_path(part) for part in ("loan_id", "id") if part in path]
    operation = {
        method: {"operationId": owned, "summary": "Lend Book", "description": "Lend a book.", "parameters": parameters}
    }
    spec = spec_from_openapi(document({path: operation}))
    assert list(spec.tools) == [name]
    assert (spec.tools[name].description == "Lend a book.") is (name == "lend_book")


def test_bodies_that_are_no_json_cost_their_operation_alone() -> None:
    upload: Any = {"requestBody": {"content": {"multipart/form-data": {}}}}
    imported = read_openapi(document({"/x": {"post": upload, "get": {}}}), source="a.json").imported
    assert list(imported.spec.tools) == ["get_x"]
    assert told_at_once(imported.skipped) == [
        "a.json: /paths/~1x/post/requestBody/content: takes multipart/form-data only; it is left out; declare "
        "application/json to have it"
    ]


def test_faults_are_told_all_at_once() -> None:
    paths = {f"/x{k}": {"get": {"responses": {"200": {"$ref": f"./answers/{k}.yaml"}}}} for k in range(9)}
    given = document({**paths, "/fine": {"get": {}}})
    with pytest.raises(SpecError, match=r"8 more tools are faulty: .* and 5 more"):
        read_openapi(given)
    lines = told_at_once(read_openapi(given, on_error="skip").imported.skipped)
    assert len(lines) == 1
    assert "9 tools" in lines[0]


def test_extensions_are_not_followed() -> None:
    odd = {"x-more": {"$ref": "#/nowhere"}, "type": "object", "properties": {"x-a": TEXT}}
    spec = spec_from_openapi(document({"/x": {"get": {"responses": answer(odd), "x-internal": {"$ref": "y.yaml"}}}}))
    assert list(spec.tools["get_x"].returns) == ["x-a"]


def test_what_refers_to_itself_is_cut() -> None:
    own = {"$ref": "#/components/schemas/Node"}
    members = {"id": TEXT, "children": {"type": "array", "items": own}, "either": {"oneOf": [own, TEXT]}}
    node = {"type": "object", "properties": members}
    spec = spec_from_openapi(
        document({"/x": {"get": {"responses": answer({"$ref": "#/components/schemas/Node"})}}}, Node=node)
    )
    children = spec.tools["get_x"].returns["children"].array
    assert children is not None
    assert (children.kind, list(spec.kinds["node"].schema["properties"])) == ("node", ["id", "children", "either"])
    assert "anyOf" in (spec.tools["get_x"].returns["either"].schema or {})
    assert spec_from_dict(contract_data(spec), spec.source) == spec


def test_what_is_shared_is_declared_once() -> None:
    """Sixty operations over components that double at every level: written out, each would have millions of values."""

    def level(k: int) -> Any:
        below = {"$ref": f"#/components/schemas/S{k - 1}"} if k else TEXT
        return {"type": "object", "properties": {f"m{j}": below for j in range(6)}}

    paths = {f"/x{k}": {"get": {"responses": answer({"$ref": "#/components/schemas/S12"})}} for k in range(60)}
    spec = spec_from_openapi(document(paths, **{f"S{k}": level(k) for k in range(13)}))
    assert len(json.dumps(contract_data(spec))) < 400_000
    assert all(f"S{10}".lower() in spec.kinds for _ in spec.tools)
    assert spec_from_dict(contract_data(spec), spec.source).kinds == spec.kinds


def test_a_part_of_a_document_is_taken() -> None:
    paths = {
        "/a": {"get": {"operationId": "a", "tags": ["first"]}},
        "/b": {"get": {"operationId": "b", "tags": ["second"]}},
        "/c": {"get": {"operationId": "c"}},
    }
    assert list(spec_from_openapi(document(paths)).tools) == ["a", "b", "c"]
    assert list(read_openapi(document(paths), only=["second", "c"]).imported.spec.tools) == ["b", "c"]
    with pytest.raises(UsageError, match="no tag or operation 'secund'; it has second"):
        read_openapi(document(paths), only=["secund"])


def test_the_command_takes_a_part_and_tells_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = {"operationId": "up", "requestBody": {"content": {"image/png": {}}}}
    path = tmp_path / "api.json"
    path.write_text(
        json.dumps(document({"/a": {"get": {"operationId": "a"}, "post": upload}, "/b": {"get": {}}})), "utf-8"
    )
    assert main(["spec", "import", "openapi", str(path), "--only", "a,up", "--out", str(tmp_path / "a.yaml")]) == 0
    assert "takes image/png only" in capsys.readouterr().err
    assert list(read_spec(tmp_path / "a.yaml").tools) == ["a"]
