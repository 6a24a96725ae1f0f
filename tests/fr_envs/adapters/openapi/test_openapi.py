"""OpenAPI documents as contracts, and as worlds over HTTP against a service that really listens.

1. Every operation becomes a tool; what the document says of it is kept.
2. A broken, circular or remote reference is named by its JSON pointer, with a fix; its tool can be left out.
3. A call goes out as the document says, and its answer comes back in the contract's shape.
4. A service that refuses is an observation; one that is gone, late or lies stops, or is left out, as configured.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from fr_envs.adapters.openapi.document import read_openapi, spec_from_openapi
from fr_envs.adapters.openapi.files import load_document
from fr_envs.adapters.openapi.http_world import HttpRequest, HttpResponse, HttpWorld, openapi_world
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.schemas import parameters_schema
from fr_envs.contract.writing import contract_data
from fr_envs.env import ToolEnv
from fr_envs.episode.session import Session
from fr_envs.errors import ForeignToolError, SpecError, UsageError
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.adapters.foreign_documents import PETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def document(**paths: Any) -> Any:
    return {"openapi": "3.1.0", "info": {"title": "Some"}, "paths": {f"/{name}": body for name, body in paths.items()}}


def operation(**body: Any) -> Any:
    return {"post": {"operationId": "odd", "responses": {}, **body}}


def answers(schema: Any) -> Any:
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def test_operations_become_tools() -> None:
    spec = spec_from_openapi(PETS)
    assert (spec.name, spec.summary) == ("pet_store", "Pets for sale.")
    assert {name: tool.effect for name, tool in spec.tools.items()} == {
        "listPets": "read", "addPet": "write", "get_pets_petId": "read", "renamePet": "write", "movePet": "write",
    }  # fmt: skip
    listing = spec.tools["listPets"]
    assert listing.description == "List pets. With a limit."
    assert list(listing.parameters) == ["limit", "tag", "X-Trace", "visit"]
    assert listing.parameters["limit"].field.schema == {"type": "integer", "exclusiveMinimum": 0}
    assert listing.parameters["limit"].field.description == "At most."
    assert listing.returns["result"].array is not None
    add = spec.tools["addPet"]
    assert [(name, p.required) for name, p in add.parameters.items()] == [("name", True), ("tag", False)]
    assert set(add.returns) == {"name", "tag", "serial", "id"}
    assert (add.returns["tag"].nullable, add.returns["tag"].optional, add.returns["id"].optional) == (True, True, False)
    assert add.errors["http_409"] == "There is such a pet."
    assert spec.tools["get_pets_petId"].errors["http_404"] == "The service answered with status 404."
    assert list(spec.tools["renamePet"].parameters) == ["petId", "body"]
    assert list(spec.tools["movePet"].parameters) == ["petId", "body_petId", "rooms"]
    assert spec_from_dict(contract_data(spec), spec.source) == spec


def test_newer_schemas_stay_as_they_are() -> None:
    body = {
        "type": "object",
        "properties": {"a": {"type": ["string", "null"], "minLength": 1}, "b": {"const": {"example": 1}}},
    }
    media = {"content": {"application/vnd.api+json": {"schema": body}}}
    spec = spec_from_openapi(document(x=operation(requestBody=media, description="Do it")))
    assert parameters_schema(spec, "odd")["properties"] == {
        "a": {"type": "string", "minLength": 1}, "b": {"const": {"example": 1}},
    }  # fmt: skip
    assert spec.tools["odd"].description == "Do it."


def test_alternatives_are_kept_whole() -> None:
    either = {"allOf": [{"type": "object", "properties": {"a": {}}}, {"oneOf": [{}, {}]}]}
    spec = spec_from_openapi(document(x=operation(**answers(either))))
    assert spec.tools["odd"].returns["result"].schema == either
    single = {"allOf": [{"type": "string"}], "description": "A text."}
    spec = spec_from_openapi(document(x=operation(**answers(single))))
    assert spec.tools["odd"].returns["result"].schema == {"type": "string"}


AT = "/paths/~1x/post"


@pytest.mark.parametrize(
    ("body", "pointer", "problem"),
    [
        (answers({"$ref": "#/components/schemas/None"}), f"{AT}/responses/200/content/application~1json/schema/$ref",
         "points at nothing"),
        (answers({"$ref": "#/components/schemas/Self"}), "/components/schemas/Self/$ref", "circle"),
        ({"requestBody": {"$ref": "https://example.org/body.yaml"}}, f"{AT}/requestBody/$ref", "leaves the document"),
        ({"requestBody": {"$ref": "#/paths/~1x/post/requestBody"}}, f"{AT}/requestBody/$ref", "circle"),
        ({"requestBody": {}}, f"{AT}/requestBody", "has no content"),
        ({"parameters": [{"name": "a"}]}, f"{AT}/parameters/0", "is no parameter"),
        ({"parameters": [{"$ref": "#/components/list/7"}]}, f"{AT}/parameters/0/$ref", "points at nothing"),
        ({"parameters": [{"name": "a", "in": "moon"}]}, f"{AT}/parameters/0/in", "'moon' is no place"),
        ({"parameters": [{"name": "a", "in": "query", "schema": {"type": "lettre"}}]}, f"{AT}/parameters/0/schema",
         "no JSON Schema"),
        (answers({"type": 7}), f"{AT}/responses/200/content/application~1json/schema", "no JSON Schema"),
    ],
)  # fmt: skip
def test_a_faulty_operation_stops_or_is_left_out(body: Any, pointer: str, problem: str) -> None:
    given = document(x=operation(**body), fine={"get": {}})
    given["components"] = {"schemas": {"Self": {"$ref": "#/components/schemas/Self"}}, "list": [1]}
    with pytest.raises(SpecError, match=problem) as caught:
        spec_from_openapi(given, source="api.yaml")
    assert (caught.value.pointer, caught.value.file, bool(caught.value.fix)) == (pointer, "api.yaml", True)
    imported = read_openapi(given, on_error="skip").imported
    assert list(imported.spec.tools) == ["get_fine"]
    assert [fault.pointer for fault in imported.skipped] == [pointer]


def test_a_path_must_exist_and_its_places_be_declared() -> None:
    given = document(fine={"get": {}}, gone={"$ref": "#/nowhere"}, **{"a/{b}": {"get": {}}})
    skipped = read_openapi(given, on_error="skip").imported.skipped
    assert [fault.pointer for fault in skipped] == ["/paths/~1gone/$ref", "/paths/~1a~1{b}/get"]
    with pytest.raises(SpecError, match="another operation 'odd'"):
        spec_from_openapi(document(a=operation(), b=operation()))


@pytest.mark.parametrize("given", [None, [], {}, {"swagger": "2.0"}, {"openapi": "4.0.0"}])
def test_what_is_no_openapi_document_is_said(given: Any) -> None:
    with pytest.raises(SpecError, match="no OpenAPI 3 document"):
        spec_from_openapi(given)


def test_a_document_without_tools_is_said() -> None:
    with pytest.raises(SpecError, match="has no tool"):
        spec_from_openapi({"openapi": "3.1.0", "paths": None})


def test_documents_are_read_from_json_and_yaml(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text("openapi: 3.1.0\npaths: {/x: {get: {responses: {200: {description: 2020-01-01}}}}}", "utf-8")
    assert load_document(path)["paths"]["/x"]["get"]["responses"] == {"200": {"description": "2020-01-01"}}
    path.write_text(json.dumps(PETS), encoding="utf-8")
    assert load_document(path) == PETS
    for text in ("{", "a: [", "a: &a [*a]"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SpecError, match="neither JSON nor YAML"):
            load_document(path)
    with pytest.raises(SpecError, match="cannot be read"):
        load_document(tmp_path / "none.yaml")


# -------------------------------------------------------------------------------------------------- a real service


class Service(BaseHTTPRequestHandler):
    """Pets in memory; what is asked is noted."""

    pets: ClassVar[list[dict[str, Any]]] = []
    seen: ClassVar[list[tuple[str, str, str]]] = []
    closing: ClassVar[threading.Event] = threading.Event()

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def do_GET(self) -> None:
        self.seen.append(("GET", self.path, self.headers.get("X-Trace", "") + self.headers.get("Cookie", "")))
        path = urlsplit(self.path)
        if path.path == "/v1/pets":
            limit = int(parse_qs(path.query).get("limit", ["99"])[0])
            self.answer(200, json.dumps(self.pets[:limit]).encode())
        elif path.path == "/v1/pets/lie":
            self.answer(200, b'{"id": "one"}')
        elif path.path == "/v1/pets/text":
            self.answer(200, b"<html>")
        elif path.path == "/v1/pets/slow":
            self.closing.wait()
        else:
            self.answer(404, b"no such pet")

    def do_POST(self) -> None:
        pet = {"id": len(self.pets) + 1, **json.loads(self.body())}
        if any(other["name"] == pet["name"] for other in self.pets):
            self.answer(409, b"")
        else:
            self.pets.append(pet)
            self.answer(201, json.dumps(pet).encode())

    def do_PUT(self) -> None:
        self.seen.append(("PUT", self.path, f"{self.headers['Content-Type']} {self.body()}"))
        self.answer(418 if "kettle" in self.path else 200, b"fine")

    def do_PATCH(self) -> None:
        self.seen.append(("PATCH", self.path, self.body()))
        self.answer(204, b"")

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def access() -> Iterator[HttpWorld]:
    Service.pets.clear()
    Service.seen.clear()
    Service.closing.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield HttpWorld(f"http://127.0.0.1:{server.server_port}/v1", timeout=2, reset=Service.pets.clear)
        Service.closing.set()
        server.shutdown()
        thread.join()


def played(access: HttpWorld, **options: Any) -> Session:
    session = Session(openapi_world(PETS, access, **options).domain)
    session.reset()
    return session


def test_calls_go_out_as_the_document_says(access: HttpWorld) -> None:
    session = played(access)
    assert session.call("addPet", {"name": "Rex", "tag": None}) == {"id": 1, "name": "Rex"}
    asked = {"limit": 5, "tag": ["a b", "c"], "X-Trace": "t1 ", "visit": "é"}
    assert session.call("listPets", asked) == {"result": [{"id": 1, "name": "Rex"}]}
    assert session.call("renamePet", {"petId": "a/b", "body": "Max"}) == {"result": "fine"}
    assert session.call("renamePet", {"petId": "..", "body": "Max"}) == {"result": "fine"}
    assert session.call("movePet", {"petId": "1", "rooms": ["r", "s"], "body_petId": 7}) == {"result": None}
    assert Service.seen == [
        ("GET", "/v1/pets?limit=5&tag=a%20b&tag=c", "t1 visit=%22%C3%A9%22"),
        ("PUT", "/v1/pets/a%2Fb", 'application/json "Max"'),
        ("PUT", "/v1/pets/%2E%2E", 'application/json "Max"'),
        ("PATCH", "/v1/pets/1", "petId=7&rooms=r&rooms=s"),
    ]


def test_states_fork_where_the_service_can_be_reset(access: HttpWorld) -> None:
    session = played(access)
    session.call("addPet", {"name": "Rex"})
    twin = session.fork()
    session.call("addPet", {"name": "Tom"})
    assert [pet["name"] for pet in twin.call("listPets")["result"]] == ["Rex"]
    assert [pet["name"] for pet in session.call("listPets")["result"]] == ["Rex", "Tom"]
    assert session.call("addPet", {"name": "Tom"})["error"] == {"code": "http_409", "message": "Status 409: "}


def test_states_do_not_fork_where_it_cannot(access: HttpWorld) -> None:
    session = played(access._replace(reset=None))
    session.call("addPet", {"name": "Rex"})
    twin = session.fork()
    session.call("addPet", {"name": "Rex"})
    session.call("addPet", {"name": "Tom"})
    with pytest.raises(UsageError, match="cannot go back"):
        twin.call("listPets")


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "said"),
    [
        ("get_pets_petId", {"petId": "9"}, "http_404", "Status 404: no such pet"),
        ("renamePet", {"petId": "kettle", "body": "x"}, "tool_failed", "Status 418: fine"),
        ("listPets", {"X-Trace": "a\r\nb"}, "tool_failed", "A header can hold printable ASCII characters only."),
    ],
)
def test_a_refusal_is_an_observation(access: HttpWorld, tool: str, arguments: Any, code: str, said: str) -> None:
    assert played(access).call(tool, arguments) == {"error": {"code": code, "message": said}}


@pytest.mark.parametrize(
    ("pet", "said"),
    [
        ("lie", "gave a result that its own schema refuses"),
        ("text", "answered with no JSON"),
        ("slow", r"did not answer within 2 s"),
    ],
)
def test_a_service_that_lies_or_hangs_is_named_or_left_out(access: HttpWorld, pet: str, said: str) -> None:
    with pytest.raises(ForeignToolError, match=f"^get_pets_petId: {said}"):
        played(access).call("get_pets_petId", {"petId": pet})
    session = played(access, on_error="skip")
    for each in (pet, "9"):
        assert session.call("get_pets_petId", {"petId": each})["error"]["code"] == "out_of_service"
    assert session.call("listPets") == {"result": []}


def test_a_service_that_is_gone_is_named() -> None:
    session = Session(openapi_world(PETS, HttpWorld("http://127.0.0.1:1")).domain)
    session.reset()
    with pytest.raises(ForeignToolError, match=r"^listPets: no answer came"):
        session.call("listPets")


def test_anything_can_be_sent_through_the_seam() -> None:
    sent: list[HttpRequest] = []

    def send(request: HttpRequest) -> HttpResponse:
        sent.append(request)
        return HttpResponse(200, b"x" * 10_000_001 if "huge" in request.url else b" ")

    access = HttpWorld("https://example.org/", headers={"Authorization": "Bearer k"}, send=send)
    world = openapi_world(document(x={"get": {}}, huge={"get": {}}), access)
    env = ToolEnv(world.domain)
    env.reset(seed=1)
    assert env.step('{"name": "get_x", "arguments": {}}')[0] == '{"result":null}'
    assert sent[0].headers == {"Accept": "application/json", "Authorization": "Bearer k"}
    assert (sent[0].url, sent[0].body) == ("https://example.org/x", None)
    with pytest.raises(ForeignToolError, match="more than 10000000 bytes"):
        world.domain.apply(world.domain.initial(0), ToolCall("get_huge", {}))


@pytest.mark.parametrize("url", ["http://here/v1/reset", ""])
def test_what_puts_a_service_back_is_no_tool(url: str) -> None:
    paths = document(reset={"get": {}, "post": {}}, items={"get": {}})
    world = openapi_world(paths, HttpWorld("http://here/v1/", reset=lambda: None, reset_url=url))
    assert list(world.domain.spec.tools) == ["get_reset", *(["post_reset"] if not url else []), "get_items"]


@pytest.mark.parametrize("base", ["", "file:///etc", "/v1"])
def test_there_must_be_an_address(base: str) -> None:
    with pytest.raises(UsageError, match="give base_url"):
        openapi_world(document(x={"get": {}}), HttpWorld(base))
