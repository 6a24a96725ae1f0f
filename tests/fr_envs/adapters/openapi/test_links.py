"""Links of a document and what playing finds out: one thing stays one kind, whoever speaks of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fr_envs.adapters.inference.contract import infer
from fr_envs.adapters.kinds import settled
from fr_envs.adapters.openapi.http_world import HttpResponse, HttpWorld, openapi_world
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from fr_envs.adapters.openapi.http_world import HttpRequest

TEXT: Any = {"type": "string"}
HIRE: Any = {"type": "object", "properties": {"hireId": TEXT, "rider": TEXT}, "required": ["hireId", "rider"]}
ID: Any = {"name": "hireId", "in": "path", "required": True, "schema": TEXT}


def answer(schema: Any, links: Any) -> Any:
    return {"200": {"description": "Fine.", "content": {"application/json": {"schema": schema}}, "links": links}}


def document(*, linked: bool) -> Any:
    """Return the document of a bike hire, whose two links speak of the same identifier and do not meet."""
    end: Any = {"end": {"operationId": "endHire", "parameters": {"hireId": "$response.body#/hireId"}}}
    show: Any = {"show": {"operationId": "getHire", "parameters": {"hireId": "$response.body#/0/hireId"}}}
    body: Any = {"type": "object", "properties": {"rider": TEXT}, "required": ["rider"]}
    rider: Any = {"required": True, "content": {"application/json": {"schema": body}}}
    rows: Any = {"type": "array", "items": HIRE}
    paths: Any = {
        "/hires": {"get": {"operationId": "listHires", "responses": answer(rows, show if linked else {})},
                   "post": {"operationId": "createHire", "requestBody": rider,
                            "responses": answer(HIRE, end if linked else {})}},
        "/hires/{hireId}": {"get": {"operationId": "getHire", "parameters": [ID], "responses": answer(HIRE, {})},
                            "delete": {"operationId": "endHire", "parameters": [ID], "responses": answer(HIRE, {})}},
    }  # fmt: skip
    return {"openapi": "3.1.0", "info": {"title": "Bikes"}, "paths": paths}


def played(*, linked: bool) -> Any:
    """Return the contract that is found by playing with the bike hire."""
    hires: dict[str, Any] = {}

    def send(request: HttpRequest) -> HttpResponse:
        key = request.url.rpartition("/")[2]
        if request.method == "POST":
            key = f"H{500 + 7 * len(hires)}"
            hires[key] = {"hireId": key, **json.loads(request.body or b"{}")}
            return HttpResponse(200, json.dumps(hires[key]).encode())
        if key == "hires":
            return HttpResponse(200, json.dumps(list(hires.values())).encode())
        found = hires.pop(key, None) if request.method == "DELETE" else hires.get(key)
        return HttpResponse(200 if found else 404, json.dumps(found).encode())

    world = openapi_world(document(linked=linked), HttpWorld("http://bikes", send=send, reset=hires.clear))
    found = infer(world.domain, walks=12, length=8, seed=1)
    return settled(found.spec, found.data)


def test_a_linked_identifier_is_the_kind_that_playing_finds() -> None:
    spec = played(linked=True)
    kinds = {spec.tools[tool].parameters["hireId"].field.kind for tool in ("getHire", "endHire")}
    rows = spec.tools["listHires"].returns["result"].array
    kinds |= {spec.tools["createHire"].returns["hireId"].kind, rows.object["hireId"].kind}
    assert (kinds, list(spec.kinds)) == ({"hire_id"}, ["hire_id"])
    assert (spec.kinds["hire_id"].origin, spec.kinds["hire_id"].schema) == ("issued", {"type": "string"})
    assert field_schema(spec, spec.tools["endHire"].parameters["hireId"].field)["type"] == "string"


def test_links_take_nothing_from_what_playing_finds() -> None:
    with_links, without = played(linked=True), played(linked=False)
    assert with_links.kinds == without.kinds
    assert with_links.tools == without.tools


def test_the_error_of_a_missing_step_says_that_it_is_missing() -> None:
    spec = played(linked=False)
    told = {text for tool in spec.tools.values() for code, text in tool.errors.items() if code.startswith("not_after_")}
    assert told == {"createHire has not gone through yet."}
