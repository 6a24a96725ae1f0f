"""Worlds over HTTP.

1. What a session over HTTP gives is what the session itself gives: results, digests, verdicts, messages.
2. 256 sessions side by side do not see each other.
3. Whatever a client sends is answered with one problem in one line and a fitting status, never with a failure of ours.
4. Who has no token, comes from a page of another origin or lies about a session gets nothing.
5. The OpenAPI document says what is there: each path, and the form of each answer.
"""

from __future__ import annotations

import asyncio
import functools
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.episode.session import Session
from fr_envs.errors import ForeignToolError
from fr_envs.serve.guard import Guard
from fr_envs.serve.http import http_app
from fr_envs.serve.openapi import openapi_document
from fr_envs.serve.sessions import Sessions, Worlds
from fr_envs.serve.tasks import TaskShelf
from fr_envs.world.registry import OwnWorld, add_world, drop_world
from tests.fr_envs.serve.asking import Answered, Wire, date_of, date_task, written
from tests.fr_envs.small_world import library

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import Json

WORLDS = Worlds(["banking", "filesystem"])
LOCAL = {"domain": "banking", "seed": 7, "scale": "tiny"}


def served(*, most: int = 8, ttl: float = 60, **options: Any) -> tuple[Sessions, Wire]:
    sessions = Sessions(WORLDS, ttl=ttl, most=most)
    return sessions, Wire(http_app(sessions, **options))


async def opened(wire: Wire, **start: Json) -> str:
    answer = await wire.ask("POST", "/sessions", start or LOCAL)
    assert answer.status == 201, answer
    assert answer.headers["location"] == f"/sessions/{answer.json['session']}"
    return str(answer.headers["location"])


def test_a_session_over_http_is_the_session() -> None:
    here = Session("banking")
    here.reset(seed=7, scale="tiny")
    calls: list[tuple[str, Json]] = [("list_accounts", {}), ("no_such_tool", {}), ("get_account", {"account_id": 3})]

    async def play() -> None:
        _, wire = served()
        answer = await wire.ask("POST", "/sessions", LOCAL)
        told = answer.json
        assert (told["policy"], told["tools"], told["digest"]) == (here.policy, here.tools, here.digest)
        assert (told["task"], told["message"], told["over"], told["ttl"]) == (None, None, False, 60)
        at = answer.headers["location"]
        for name, arguments in calls:
            answer = await wire.ask("POST", f"{at}/calls", {"name": name, "arguments": arguments})
            assert answer.json["results"] == [here.call(name, arguments)]
            assert (await wire.ask("GET", f"{at}/digest")).json == {"digest": here.digest}
        written_call = {"role": "assistant", "tool_calls": [{"function": {"name": "get_date", "arguments": "{}"}}]}
        answer = await wire.ask("POST", f"{at}/steps", written_call)
        assert answer.json["results"] == list(here.act(written_call).results)
        assert (await wire.ask("DELETE", at)).status == 204
        assert (await wire.ask("GET", at)).status == 404

    asyncio.run(play())


def test_a_task_is_played_to_its_end(tmp_path: Path) -> None:
    worlds = Worlds(["banking"], shelf=TaskShelf(written(tmp_path / "t.jsonl", date_task(3, turns=2)), ["banking"]))

    async def play() -> None:
        wire = Wire(http_app(Sessions(worlds, ttl=9, most=2)))
        listed = (await wire.ask("GET", "/tasks")).json
        assert listed == {"total": 1, "tasks": [{"index": 0, "id": "day-3", "domain": "banking"}]}
        assert (await wire.ask("GET", "/tasks?offset=1")).json == {"total": 1, "tasks": []}
        at = await opened(wire, task="day-3")
        stands = (await wire.ask("GET", at)).json
        assert (stands["task"], stands["message"], stands["turn"]) == ("day-3", "What day is it? (0)", 0)
        assert [tool["function"]["name"] for tool in stands["tools"]] == ["sign_in", "get_date"]
        seen = (await wire.ask("POST", f"{at}/calls", {"name": "get_date"})).json
        assert seen["results"][0]["date"] == date_of(3)
        seen = (await wire.ask("POST", f"{at}/replies", {"text": f"It is {date_of(3)}."})).json
        assert (seen["message"], seen["reward"], seen["verdict"]["score"]) == ("What day is it? (1)", 1.0, 1.0)
        seen = (await wire.ask("POST", f"{at}/replies", {"text": "I do not know."})).json
        assert (seen["message"], seen["terminated"], seen["verdict"]["missing"] != []) == (None, True, True)
        score = (await wire.ask("GET", f"{at}/score")).json
        assert (score["score"], score["reward"], len(score["verdicts"]), score["over"]) == (0.5, 1.0, 2, True)
        answer = await wire.ask("POST", f"{at}/calls", {"name": "get_date"})
        assert (answer.status, answer.json["detail"]) == (409, "the episode is over; open another session")
        answer = await wire.ask("POST", "/sessions", {"task": 0, "seed": 3})
        assert (answer.status, answer.json["detail"][:30]) == (422, "a task brings its own seed and")

    asyncio.run(play())


def test_256_sessions_side_by_side_do_not_see_each_other() -> None:
    def path(number: int) -> str:
        return f"made_by_{number % 7}"

    def alone(number: int) -> str:
        session = Session("filesystem")
        session.reset(seed=number % 16, scale="tiny")
        for count in range(3):
            session.call("mkdir", {"path": f"{path(number)}_{count}"})
        return session.digest

    async def play(wire: Wire, number: int) -> str:
        at = await opened(wire, domain="filesystem", seed=number % 16, scale="tiny")
        for count in range(3):
            arguments = {"path": f"{path(number)}_{count}"}
            answer = await wire.ask("POST", f"{at}/calls", {"name": "mkdir", "arguments": arguments})
            assert "error" not in answer.json["results"][0]
        return str((await wire.ask("GET", f"{at}/digest")).json["digest"])

    async def all_of_them() -> list[str]:
        sessions, wire = served(most=256)
        digests = await asyncio.gather(*(play(wire, number) for number in range(256)))
        assert len(sessions) == 256
        assert (await wire.ask("POST", "/sessions", LOCAL)).status == 503
        return list(digests)

    found = asyncio.run(all_of_them())
    expected = {number: alone(number) for number in range(112)}  # every pair of seed and name
    assert found == [expected[number % 112] for number in range(256)]
    assert len(set(found)) == 112


def test_two_clients_of_one_session_take_turns() -> None:
    async def play() -> tuple[str, str]:
        _, wire = served()
        at = await opened(wire, domain="filesystem", seed=1, scale="tiny")
        bodies = [{"name": "mkdir", "arguments": {"path": f"d{number}"}} for number in range(40)]
        answers = await asyncio.gather(*(wire.ask("POST", f"{at}/calls", body) for body in bodies))
        assert all("error" not in answer.json["results"][0] for answer in answers)
        here = Session("filesystem")
        here.reset(seed=1, scale="tiny")
        for body in bodies:
            here.call("mkdir", body["arguments"])  # type: ignore[arg-type]
        return (await wire.ask("GET", f"{at}/digest")).json["digest"], here.digest

    over_http, here = asyncio.run(play())
    assert over_http == here


# ------------------------------------------------------------------------------------------------------ bad input

DEEP = b'{"name":"get_date","arguments":' + b'{"a":' * 90_000 + b"1" + b"}" * 90_000 + b"}"
BAD = [
    ("/sessions", b"{", 400, "the body is no JSON"),
    ("/sessions", b"\xff\xfe", 400, "the body is no JSON"),
    ("/sessions", b"NaN", 400, "the body is no JSON"),
    ("/sessions", b"[]", 422, "Expected `object`"),
    ("/sessions", b'{"seed": -1}', 422, "at `$.seed`"),
    ("/sessions", b'{"seed": 1e999}', 422, "Number out of range"),
    ("/sessions", b'{"scale": "huge"}', 422, "at `$.scale`"),
    ("/sessions", b'{"seeds": 1}', 422, "unknown field `seeds`"),
    ("/sessions", b'{"domain": "moon"}', 422, "no world 'moon' is served here; there are banking, filesystem"),
    ("/sessions", b"{}", 422, "say which world"),
    ("/sessions", b'{"task": 0}', 422, "no tasks are served here; start the server with --tasks RUN"),
    ("{at}/calls", b"", 400, "the body is no JSON"),
    ("{at}/calls", b'{"name": 3}', 422, "at `$.name`"),
    ("{at}/calls", b'{"name": "get_date", "arguments": []}', 422, "at `$.arguments`"),
    ("{at}/calls", b'{"name": "get_date", "arguments": {"a": NaN}}', 400, "the body is no JSON"),
    ("{at}/calls", b'{"name": "\\ud800"}', 400, "the body is no JSON"),
    ("{at}/calls", DEEP, 400, "nested too deeply"),
    ("{at}/steps", b"[" * 90_000, 400, "nested too deeply"),
    ("{at}/replies", b'{"text": null}', 422, "at `$.text`"),
    ("/sessions/made-up/calls", b'{"name": "get_date"}', 404, "there is no such session"),
    ("/sessions/made-up/steps", b'"x"', 404, "there is no such session"),
    ("/sessions/made-up/replies", b'{"text": ""}', 404, "there is no such session"),
    ("/nothing", b"", 404, "there is no such path"),
    ("/worlds", b"", 405, "the path does not take this method"),
    ("/sessions", b"x" * 2000_000, 413, "the body is longer than 1048576 bytes"),
]


def is_problem(answer: Answered) -> bool:
    told = answer.json
    assert answer.headers["content-type"] == "application/problem+json"
    assert told.keys() == {"type", "title", "status", "detail"}
    assert told["status"] == answer.status
    return bool(told["detail"]) and "\n" not in told["detail"]


@pytest.mark.parametrize(("path", "body", "status", "said"), BAD, ids=range(len(BAD)))
def test_bad_input_is_answered_in_one_line(path: str, body: bytes, status: int, said: str) -> None:
    async def play() -> Answered:
        _, wire = served()
        at = await opened(wire)
        before = (await wire.ask("GET", f"{at}/digest")).json
        answer = await wire.ask("POST", path.format(at=at), body)
        assert (await wire.ask("GET", f"{at}/digest")).json == before
        return answer

    answer = asyncio.run(play())
    assert (answer.status, said in answer.json["detail"]) == (status, True), answer
    assert is_problem(answer)


@settings(max_examples=40)
@given(body=st.binary(max_size=60) | st.builds(lambda value: json.dumps(value).encode(), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["get_date", "name", "arguments"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["name", "arguments", "text", "tool_calls", "content", "seed", "x"]), inner, max_size=3),
    max_leaves=8)))  # fmt: skip
def test_whatever_is_sent_the_server_does_not_fail(body: bytes) -> None:
    async def play() -> list[Answered]:
        _, wire = served()
        at = await opened(wire)
        paths = ("/sessions", f"{at}/calls", f"{at}/steps", f"{at}/replies")
        return [await wire.ask("POST", path, body) for path in paths]

    for answer in asyncio.run(play()):
        assert answer.status in {200, 201, 400, 409, 422}
        assert answer.status < 400 or is_problem(answer)


def test_a_world_that_breaks_its_word_is_a_failure_of_ours() -> None:
    async def play() -> Answered:
        sessions, wire = served()
        at = await opened(wire)
        sessions.find(at.rpartition("/")[2]).session.restore(None)  # type: ignore[arg-type]
        return await wire.ask("GET", f"{at}/digest")

    with pytest.raises(TypeError):
        asyncio.run(play())


def test_bodies_are_bounded_however_they_come() -> None:
    async def play() -> None:
        _, wire = served(most_body=100)
        for parts in ([b"x" * 101], [b"x" * 60] * 2, [b"x"] * 101, [b"x" * 60] * 200):
            assert (await wire.ask("POST", "/sessions", parts=parts)).status == 413
        for parts in ([json.dumps(LOCAL).encode()], [b'{"domain":', b'"banking"', b"}"]):
            assert (await wire.ask("POST", "/sessions", parts=parts)).status == 201
        declared = {"content-length": "9999999"}
        answer = await wire.ask("POST", "/sessions", headers=declared)
        assert (answer.status, answer.headers["connection"]) == (413, "close")

    asyncio.run(play())


def test_a_client_that_has_gone_leaves_no_session() -> None:
    async def play() -> int:
        sessions, wire = served()
        await wire.ask("POST", "/sessions", LOCAL, gone=True)
        before = len(sessions)
        assert (await wire.ask("POST", "/sessions", parts=[b"{", b""], gone=True)).status in {0, 400}
        return before

    assert asyncio.run(play()) == 0


def test_a_session_that_nobody_uses_is_gone() -> None:
    async def play() -> Answered:
        _, wire = served(ttl=0.01)
        at = await opened(wire)
        await asyncio.sleep(0.02)
        return await wire.ask("GET", at)

    assert asyncio.run(play()).status == 404


# --------------------------------------------------------------------------------------------------------- guard


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        (None, {}, 200),
        (None, {"host": "localhost:99"}, 200),
        (None, {"host": "[::1]:99"}, 200),
        (None, {"host": "evil.example"}, 421),
        (None, {"host": "127.0.0.1.evil.example"}, 421),
        (None, {"host": "[::1"}, 421),
        (None, {"host": ""}, 421),
        (None, {"origin": "http://evil.example"}, 403),
        (None, {"origin": "null"}, 403),
        (None, {"origin": "http://[::1"}, 403),
        (None, {"origin": "http://localhost:3000"}, 200),
        ("sesame", {}, 401),
        ("sesame", {"authorization": "Bearer sesam"}, 401),
        ("sesame", {"authorization": "Bearer sesame "}, 200),
        ("sesame", {"authorization": "Basic sesame"}, 401),
        ("sesame", {"authorization": "sesame"}, 401),
        ("sesame", {"authorization": "bearer sesame"}, 200),
        ("sesame", {"authorization": "Bearer sesame", "host": "worlds.example"}, 200),
        (
            "sesame",
            {"authorization": "Bearer sesame", "host": "a.example", "origin": "https://b.example"},
            403,
        ),
        ("sesame", {"authorization": "Bearer sesame", "host": "a.example", "origin": "https://a.example"}, 200),
    ],
)
def test_only_who_may_gets_in(token: str | None, headers: dict[str, str], status: int) -> None:
    async def play() -> Answered:
        _, wire = served(token=token)
        return await wire.ask("GET", "/worlds", headers=headers)

    answer = asyncio.run(play())
    assert answer.status == status
    assert status == 200 or is_problem(answer)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_health_needs_no_token() -> None:
    _, wire = served(token="sesame")
    assert asyncio.run(wire.ask("GET", "/health")).json == {"status": "ok"}


def test_web_sockets_are_not_spoken() -> None:
    async def never(*_: Any) -> Any:
        raise AssertionError

    asyncio.run(Guard(never)({"type": "websocket"}, never, never))


# ------------------------------------------------------------------------------------------------------- document


def test_the_document_lists_every_path() -> None:
    async def play() -> None:
        _, wire = served()
        document = (await wire.ask("GET", "/openapi.json")).json
        assert document == json.loads(json.dumps(openapi_document()))
        at = await opened(wire)
        for path, methods in document["paths"].items():
            for method in ("get", "post", "delete", "put", "patch"):
                answer = await wire.ask(method.upper(), path.replace("/sessions/{session}", at), b"")
                assert (answer.status == 405) == (method not in methods), (method, path)
                if method == "delete" and method in methods:
                    at = await opened(wire)

    asyncio.run(play())


def test_answers_have_the_form_that_the_document_says() -> None:
    document = json.loads(json.dumps(openapi_document()))

    def check(path: str, method: str, answer: Answered) -> None:
        told = document["paths"][path][method]["responses"][str(answer.status)]["content"]
        schema = told[answer.headers["content-type"]]["schema"]
        jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)

    async def play() -> None:
        _, wire = served()
        check("/sessions", "post", await wire.ask("POST", "/sessions", LOCAL))
        check("/sessions", "post", await wire.ask("POST", "/sessions", {"seed": -1}))
        at = await opened(wire)
        of = "/sessions/{session}"
        check(of, "get", await wire.ask("GET", at))
        check(f"{of}/calls", "post", await wire.ask("POST", f"{at}/calls", {"name": "get_date"}))
        check(f"{of}/steps", "post", await wire.ask("POST", f"{at}/steps", {"name": "x"}))
        check(f"{of}/digest", "get", await wire.ask("GET", f"{at}/digest"))
        check(f"{of}/replies", "post", await wire.ask("POST", f"{at}/replies", {"text": "Bye."}))
        check(f"{of}/replies", "post", await wire.ask("POST", f"{at}/replies", {"text": "Bye."}))
        check(f"{of}/score", "get", await wire.ask("GET", f"{at}/score"))
        for path in ("/worlds", "/tasks", "/health"):
            check(path, "get", await wire.ask("GET", path))

    asyncio.run(play())


def test_a_foreign_tool_that_dies_is_a_bad_gateway() -> None:
    def dies(state: Any, genre: str | None, limit: int) -> Any:
        raise ForeignToolError("list_books", "did not answer within 30 s", "see to it")

    async def play() -> tuple[Answered, Answered]:
        wire = Wire(http_app(Sessions(Worlds(["library"]), ttl=60, most=2)))
        at = await opened(wire, domain="library")
        answer = await wire.ask("POST", f"{at}/calls", {"name": "list_books", "arguments": {}})
        return answer, await wire.ask("GET", at)

    add_world("library", OwnWorld(functools.partial(library, list_books=dies)))
    try:
        answer, after = asyncio.run(play())
    finally:
        drop_world("library")
    assert is_problem(answer)
    assert (answer.status, answer.json["detail"]) == (502, "list_books: did not answer within 30 s; see to it")
    assert after.status == 200
