"""Answers of a service, kept in a file: played again when the service is gone, refusals included."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.adapters.openapi.http_world import HttpRequest, HttpResponse, HttpWorld, openapi_world
from fr_envs.adapters.world_file import read_world
from fr_envs.episode.session import Session
from fr_envs.errors import ForeignToolError, SpecError

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.adapters.replaying import RemoteWorld

DOCUMENT: Any = {
    "openapi": "3.1.0", "info": {"title": "Count"}, "paths": {
        "/count": {"get": {"operationId": "count", "responses": {"404": {"description": "None yet."}}},
                   "post": {"operationId": "add"}}},
}  # fmt: skip


class Counter:
    """A service that counts, and can be gone."""

    def __init__(self) -> None:
        self.count = 0
        self.asked = 0
        self.gone = False

    def reset(self) -> None:
        self.count = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        if self.gone:
            raise OSError("gone")
        self.asked += 1
        self.count += request.method == "POST"
        return HttpResponse(200, json.dumps(self.count).encode()) if self.count else HttpResponse(404, b"none")


def world(service: Counter, answers: Path) -> RemoteWorld:
    made = openapi_world(DOCUMENT, HttpWorld("http://s", send=service.send, reset=service.reset))
    made.keep_answers(answers)
    return made


def played(made: RemoteWorld) -> list[Any]:
    session = Session(made.domain)
    session.reset()
    twin = session.fork()
    calls = [session.call("count"), session.call("add"), session.call("add"), session.call("count")]
    return [*calls, twin.call("add")]


def test_what_came_once_is_not_asked_again(tmp_path: Path) -> None:
    service, path = Counter(), tmp_path / "answers.jsonl"
    first = played(world(service, path))
    assert [each.get("result") for each in first] == [None, 1, 2, 2, 1]
    asked, service.gone = service.asked, True
    assert played(world(service, path)) == first
    assert service.asked == asked
    with path.open("ab") as file:
        file.write(b'{"state": "half')
    offline = world(service, path)
    assert played(offline) == first
    session = Session(offline.domain)
    session.reset()
    assert [session.call("add"), session.call("add")] == [{"result": 1}, {"result": 2}]
    with pytest.raises(ForeignToolError, match="no answer came"):
        session.call("add")
    assert b"half" not in path.read_bytes()


def test_a_world_that_is_pickled_keeps_its_answers(tmp_path: Path) -> None:
    (tmp_path / "count.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    text = "openapi: count.json\nbase_url: http://127.0.0.1:1\nreset: /reset\nanswers: a.jsonl\n"
    (tmp_path / "count.world.yaml").write_text(text, encoding="utf-8")
    played(world(Counter(), tmp_path / "a.jsonl"))
    domain = read_world(tmp_path / "count.world.yaml").load()
    for each in (domain, pickle.loads(pickle.dumps(domain))):
        session = Session(each)
        session.reset()
        assert session.call("add") == {"result": 1}


@pytest.mark.parametrize("text", ["nothing\n", '{"state": "zz", "tool": "a", "arguments": ""}\n', "[]\n"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match="holds no answers"):
        world(Counter(), path)
