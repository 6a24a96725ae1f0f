"""What was tried of the outside, and what came of it: small inputs, read for real, as the table of ``docs/outside.md``.

Run as a program it writes the page; a test holds the page to it.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fr_envs.adapters.foreign import told_at_once
from fr_envs.adapters.lists.tool_lists import read_tools
from fr_envs.adapters.openapi.document import read_openapi
from fr_envs.adapters.openapi.styles import ParameterPlace, pairs_of, segment_of
from fr_envs.adapters.simulated.plan import plan_of
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.words.wording import worded
from fr_envs.errors import Refusal, SpecError
from fr_envs.graph.api_graph import ApiGraph
from tests.fr_envs.adapters.outside_code import Row, servers, strangers, toolkits
from tests.fr_synth.outside_runs import endpoints, signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_envs.adapters.foreign import Imported

PAGE = Path(__file__).parents[3] / "docs" / "outside.md"

TEXT: Any = {"type": "string"}
NUMBER: Any = {"type": "integer"}
CITY: Any = {"type": "object", "properties": {"city": TEXT, "days": NUMBER}, "required": ["city"]}
DICT: Any = {**CITY, "type": "dict"}
CAPITALS: Any = {"city": {"type": "STRING"}, "days": {"type": "INTEGER"}}
XLAM: Any = {"city": {"type": "str"}, "days": {"type": "int, optional"}}

LISTS: dict[str, Any] = {
    "OpenAI, nested": [{"type": "function", "function": {"name": "get_weather", "parameters": CITY}}],
    "OpenAI, flat": [{"type": "function", "name": "get_weather", "parameters": CITY}],
    "Anthropic": [{"name": "get_weather", "input_schema": CITY}],
    "Anthropic, a tool of the server": [{"type": "web_search_20250305", "name": "web_search"}],
    "MCP, a dump of `tools/list`": {
        "jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "get_weather", "inputSchema": CITY}]}},
    "Gemini": [{"functionDeclarations": [{"name": "get_weather", "parameters": {
        "type": "OBJECT", "properties": CAPITALS, "required": ["city"]}}]}],
    "Bedrock": {"toolConfig": {"tools": [{"toolSpec": {"name": "get_weather", "inputSchema": {"json": CITY}}}]}},
    "BFCL: `dict`": [{"name": "get_weather", "parameters": DICT}],
    "BFCL, a row of the benchmark": [{"id": "s_0", "function": [{"name": "get_weather", "parameters": DICT}]}],
    "xLAM: no `properties`, `int, optional`": [{"name": "get_weather", "parameters": XLAM}],
    "xLAM, a row with JSON text": [{"query": "?", "tools": json.dumps([{"name": "get_weather", "parameters": XLAM}])}],
    "`tuple`, `any`, `list[str]`, `Union[...]`": [{"name": "plot", "parameters": {
        "at": "tuple", "what": "any", "tags": "list[str]", "size": "Union[int, float], optional"}}],
    "a type that nobody knows": [{"name": "plot", "parameters": {"at": {"type": "lettre"}}}],
    "tools by name": {"get_weather": {"description": "Get the weather.", "parameters": CITY}},
}  # fmt: skip

ID: Any = {"name": "loan_id", "in": "path", "required": True, "schema": {"type": "integer"}}


def _answer(schema: Any, **more: Any) -> Any:
    return {"200": {"description": "Fine.", "content": {"application/json": {"schema": schema}}, **more}}


NODES: Any = {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}
NODE: Any = {"type": "object", "properties": {"id": TEXT, "children": NODES}}
LOAN: Any = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
LINKS: Any = {"back": {"operationId": "giveBack", "parameters": {"loan_id": "$response.body#/id"}}}

DOCUMENTS: dict[str, Any] = {
    "an id made by a framework": {"/loans/{loan_id}": {"delete": {
        "operationId": "return_book_loans__loan_id__delete", "summary": "Return Book", "parameters": [ID]}}},
    "links": {"/loans": {"post": {"operationId": "lend", "responses": _answer(LOAN, links=LINKS)}},
              "/loans/{loan_id}": {"delete": {"operationId": "giveBack", "parameters": [ID]}}},
    "a body that is no JSON, beside another": {"/x": {
        "post": {"requestBody": {"content": {"multipart/form-data": {}}}}, "get": {}}},
    "operations in other files": {f"/x{k}": {"$ref": f"paths/{k}.yaml"} for k in range(422)} | {"/y": {"get": {}}},
    "a schema that refers to itself": {"/tree": {"get": {"responses": _answer({"$ref": "#/components/schemas/Node"})}}},
    "extensions with references": {"/x": {"get": {"x-internal": {"$ref": "nowhere.yaml"}}}},
    "a broken reference": {"/x": {"get": {"responses": {"200": {"$ref": "#/components/responses/None"}}}}},
    "a body whose schema has members and no type": {"/x": {"post": {"requestBody": {"required": True, "content": {
        "application/json; charset=utf-8": {"schema": {"properties": {"a": TEXT, "b": {}}, "required": ["a"]}}}}}}},
    "a body in pieces under `allOf`": {"/x": {"post": {"requestBody": {"content": {"application/json": {
        "schema": {"allOf": [LOAN, {"properties": {"more": TEXT}}]}}}}}}},
    "a body of one of two": {"/x": {"post": {"requestBody": {"content": {"*/*": {
        "schema": {"oneOf": [LOAN, NODE]}}}}}}},
    "no answer but 204": {"/x": {"delete": {"responses": {"204": {"description": "Gone."}}}}},
    "one name in the path and in the query": {"/x/{loan_id}": {"get": {"parameters": [
        ID, {"name": "loan_id", "in": "query", "schema": TEXT}]}}},
    "a parameter of the path that is not declared": {"/x/{id}": {"get": {}}},
    "a key in a header, a parameter of any sort": {"/x": {"get": {"parameters": [
        {"name": "Authorization", "in": "header", "required": True, "schema": TEXT},
        {"name": "f", "in": "query", "schema": True}]}}},
    "a style that is none": {"/x": {"get": {
        "parameters": [{"name": "a", "in": "query", "style": "simple", "schema": TEXT}]}}},
}  # fmt: skip

VALUES: list[tuple[ParameterPlace, Any]] = [
    (ParameterPlace("query", "tag"), ["a b", "c"]),
    (ParameterPlace("query", "tag", "form", False), ["a,b", "c"]),
    (ParameterPlace("query", "tag", "spaceDelimited", False), ["a", "b"]),
    (ParameterPlace("query", "tag", "pipeDelimited", False), ["a", "b"]),
    (ParameterPlace("query", "filter", "deepObject"), {"from": 1, "to": 2}),
    (ParameterPlace("path", "id", "simple", False), "a/b"),
    (ParameterPlace("path", "id", "label", True), [1, 2]),
    (ParameterPlace("path", "id", "matrix", True), [1, 2]),
    (ParameterPlace("path", "id", "simple", False), ""),
    (ParameterPlace("path", "id", "simple", False), ".."),
]

ONE: Any = {"task_id": "str"}
SIMULATED: dict[str, Any] = {
    "create, list, get, close, delete of one noun": [
        {"name": "create_task", "parameters": {"title": "str"}},
        {"name": "list_tasks"},
        *({"name": f"{verb}_task", "parameters": ONE} for verb in ("get", "close", "delete")),
    ],
    "a lone tool": [{"name": "get_weather", "parameters": {"city": "str"}}],
}


def _told(read: Callable[[], Imported]) -> str:
    """Return what a reading comes to, in words."""
    try:
        imported = read()
    except SpecError as error:
        return f"refused: {error}"
    tools = [
        f"`{name}({', '.join(key + '?' * (not p.required) for key, p in tool.parameters.items())})`"
        for name, tool in imported.spec.tools.items()
    ]
    edges = [f"{edge.source} → {edge.target}" for edge in ApiGraph(imported.spec).edges()]
    shared = [f"shared: {name}" for name in imported.spec.kinds if not edges]
    out = [f"left out: {line}" for line in told_at_once(imported.skipped)]
    return "; ".join([", ".join(tools), *edges, *shared, *out])


def _document(paths: Any) -> Any:
    return {"openapi": "3.1.0", "info": {"title": "Some"}, "paths": paths, "components": {"schemas": {"Node": NODE}}}


def lists() -> Iterator[Row]:
    """Iterate over tool lists."""
    for tried, given in LISTS.items():
        yield Row(tried, _told(functools.partial(read_tools, given, name="some", source="tools.json")))


def documents() -> Iterator[Row]:
    """Iterate over OpenAPI documents; faults are left out, so that all is seen."""
    for tried, paths in DOCUMENTS.items():
        lone = len(paths) == 1
        read = lambda: read_openapi(_document(paths), source="api.json", on_error="stop" if lone else "skip").imported  # noqa: E731, B023
        yield Row(tried, _told(read))


def requests() -> Iterator[Row]:
    """Iterate over values in requests."""
    for place, value in VALUES:
        try:
            came = f"`{segment_of(place, value) if place.where == 'path' else '&'.join(pairs_of(place, value))}`"
        except Refusal as refusal:
            came = f"refused: {refusal.message}"
        yield Row(f"{place.where}, {place.style}{', explode' * place.explode}: `{json.dumps(value)}`", came)


def simulated() -> Iterator[Row]:
    """Iterate over lists with a backend that is made up."""
    for tried, given in SIMULATED.items():
        spec = read_tools(given, name="some").spec
        world = simulated_world(spec)
        parts, things = plan_of(spec)
        rows = [f"rows of `{thing.identifier}`, {', '.join(thing.members)}" for thing in things.values()]
        asks = worded(world.spec).tools[next(iter(parts))].request_templates
        yield Row(tried, f"{', '.join(rows) or 'answers by its arguments'}; asked for as `{asks[0]}`")


SECTIONS = {
    "Tool lists": lists,
    "OpenAPI documents": documents,
    "Values in requests": requests,
    "Backends that are made up": simulated,
    "Python toolkits": toolkits,
    "MCP servers": servers,
    "Text from strangers": strangers,
    "Endpoints": endpoints,
    "Signals": signals,
}


def section(title: str) -> str:
    """Return one section of the page."""
    lines = [f"## {title}", "", "| tried | came |", "| --- | --- |"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in SECTIONS[title]()]
    return "\n".join(lines) + "\n"


def head() -> str:
    """Return what stands before the sections."""
    lines = [
        "# The outside",
        "",
        "What was tried of what others send, and what came of it. `tests/fr_envs/adapters/outside.py` makes the page",
        "over the inputs in it; a test holds it to what happens. In calls `?` marks what may be left out.",
    ]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return the page."""
    return "\n".join([head(), *map(section, SECTIONS)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
