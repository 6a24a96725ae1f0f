"""Worlds over the Model Context Protocol, to the official client.

1. Tools are listed with the schemas of the contract as they are; the policy is the instructions; there is no reset.
2. Whatever an agent does wrong is a result with `isError`, never an error of the protocol.
3. A connection is a session: its own world, given up when it ends, is closed, or is not used.
4. A task is told in the instructions, replies go out by a tool, and the harness reads digest and score.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

mcp = pytest.importorskip("mcp")

from mcp import Client, MCPError, types  # noqa: E402

from fr_envs.contract.schemas import mcp_tools  # noqa: E402
from fr_envs.episode.session import Session  # noqa: E402
from fr_envs.serve.guard import Guard  # noqa: E402
from fr_envs.serve.listening import in_background  # noqa: E402
from fr_envs.serve.mcp import REPLY_TOOL, STATE_URI, checkable, handshake_of, world_server  # noqa: E402
from fr_envs.serve.mcp_transports import McpEndpoint, mcp_app  # noqa: E402
from fr_envs.serve.sessions import Beginning, Worlds  # noqa: E402
from fr_envs.serve.tasks import TaskShelf  # noqa: E402
from tests.fr_envs.serve.asking import Answered, Wire, date_of, date_task, written  # noqa: E402
from tests.processes import GUARD  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

BANK = Beginning("banking", 7, "tiny")
WORLDS = Worlds(["banking"])


def local(seed: int = 7) -> Session:
    session = Session("banking")
    session.reset(seed=seed, scale="tiny")
    return session


def connected(play: Callable[[Client], Awaitable[None]], session: Session | None = None, mode: str = "legacy") -> None:
    async def run() -> None:
        async with Client(world_server(session or local(), WORLDS), mode=mode) as client:
            await play(client)

    asyncio.run(run())


async def state(client: Client) -> Any:
    read = (await client.read_resource(STATE_URI)).contents[0]
    assert isinstance(read, types.TextResourceContents)
    return json.loads(read.text)


def text_of(result: types.CallToolResult) -> str:
    (part,) = result.content
    assert isinstance(part, types.TextContent)
    return part.text


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_tools_are_listed_as_the_contract_says(mode: str) -> None:
    async def play(client: Client) -> None:
        listed = [tool.model_dump(by_alias=True, exclude_none=True) for tool in (await client.list_tools()).tools]
        declared = mcp_tools(local().domain.spec)
        assert [tool.pop("outputSchema") for tool in listed] == [
            checkable(tool.pop("outputSchema")) for tool in declared
        ]
        assert listed == declared
        assert "reset" not in {tool["name"] for tool in listed}
        assert client.instructions == local().policy

    connected(play, mode=mode)


def test_amounts_are_not_refused_by_clients_that_divide() -> None:
    schema = {"properties": {"multipleOf": {"type": "number", "multipleOf": 0.01}, "n": {"multipleOf": 5}}, "anyOf": [
        {"multipleOf": 0.5, "items": {"multipleOf": 1e-3, "type": "number"}}]}  # fmt: skip
    assert checkable(schema) == {
        "properties": {"multipleOf": {"type": "number"}, "n": {"multipleOf": 5}},
        "anyOf": [{"items": {"type": "number"}}],
    }


def test_results_are_those_of_the_session() -> None:
    here = local()

    async def play(client: Client) -> None:
        result = await client.call_tool("list_accounts", {})
        assert (result.is_error, result.structured_content) == (False, here.call("list_accounts"))
        assert json.loads(text_of(result)) == result.structured_content
        assert (await state(client))["digest"] == here.digest

    connected(play)


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("no_such_tool", {}, "unknown_tool"),
        (REPLY_TOOL, {"text": "Hello."}, "unknown_tool"),  # no task is played
        ("get_account", {}, "invalid_arguments"),
        ("get_account", {"account_id": 3}, "invalid_arguments"),
        ("get_account", {"account_id": "ACC999999"}, "unknown_account"),
        ("get_account", {"account_id": float("nan")}, "invalid_arguments"),  # clients write null for it
        ("get_account", {"account_id": json.loads("[" * 70 + "]" * 70)}, "malformed_call"),
    ],
)
def test_an_agents_mistake_is_a_result(name: str, arguments: dict[str, Any], code: str) -> None:
    async def play(client: Client) -> None:
        before = (await state(client))["digest"]
        result = await client.call_tool(name, arguments)
        assert (result.is_error, json.loads(text_of(result))["error"]["code"]) == (True, code)
        assert (await state(client))["digest"] == before

    connected(play)


def test_a_task_is_played_to_its_end() -> None:
    session = Session("banking")
    session.reset(date_task(3, turns=2))

    async def play(client: Client) -> None:
        assert (client.instructions or "").endswith("The user says: What day is it? (0)")
        assert [tool.name for tool in (await client.list_tools()).tools] == ["sign_in", "get_date", REPLY_TOOL]
        assert (await client.call_tool("list_accounts", {})).is_error, "it is not offered"
        for wrong in ({}, {"text": 3}, {"text": "x", "to": "y"}):
            assert (await client.call_tool(REPLY_TOOL, wrong)).is_error
        await client.call_tool("get_date", {})
        said = await client.call_tool(REPLY_TOOL, {"text": f"It is {date_of(3)}."})
        assert said.structured_content == {"message": "What day is it? (1)", "over": False}
        said = await client.call_tool(REPLY_TOOL, {"text": "No idea."})
        assert text_of(said) == "The conversation is over."
        after = await client.call_tool("get_date", {})
        assert (after.is_error, "connect again" in text_of(after)) == (True, True)
        told = await state(client)
        assert (told["task"], told["turn"], told["over"], told["score"]["score"]) == ("day-3", 2, True, 0.5)

    connected(play, session)


def test_a_client_hears_of_the_tools_of_the_next_turn() -> None:
    task = date_task(3, turns=2)
    turns = (task.turns[0], msgspec.structs.replace(task.turns[1], tools=("get_date", "get_profile")))
    session = Session("banking")
    session.reset(msgspec.structs.replace(task, turns=turns))

    async def play() -> None:
        changed = asyncio.Event()

        async def hear(message: object) -> None:
            if isinstance(message, types.ToolListChangedNotification):
                changed.set()

        server = world_server(session, WORLDS)
        assert handshake_of(server).capabilities.tools == types.ToolsCapability(list_changed=True)
        async with Client(server, mode="legacy", message_handler=hear) as client:
            await client.call_tool(REPLY_TOOL, {"text": "Hm."})
            await asyncio.wait_for(changed.wait(), GUARD)
            names = [tool.name for tool in (await client.list_tools()).tools]
            assert names == ["get_profile", "get_date", REPLY_TOOL]

    asyncio.run(play())


def test_there_is_one_resource() -> None:
    async def play(client: Client) -> None:
        assert [str(each.uri) for each in (await client.list_resources()).resources] == [STATE_URI]
        with pytest.raises(MCPError, match="there is no such resource"):
            await client.read_resource("funreason://other")

    connected(play)


# ------------------------------------------------------------------------------------------------ streamable HTTP


def test_a_connection_is_a_session() -> None:
    async def play(url: str) -> None:
        async with Client(url) as first, Client(f"{url}?seed=8") as second, Client(url) as third:
            digests = [(await state(client))["digest"] for client in (first, second, third)]
            assert digests == [local().digest, local(8).digest, local().digest]
            assert first.instructions == local().policy
            assert not (await first.call_tool("wait_days", {"days": 1})).is_error
            after = [(await state(client))["digest"] for client in (first, second, third)]
            assert after[1:] == digests[1:]
            assert after[0] != digests[0]

    with in_background(mcp_app(WORLDS, BANK, ttl=60, most=8)) as url:
        asyncio.run(play(f"{url}/mcp"))


HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


def request(method: str, number: int = 1, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


HELLO = request(
    "initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo={"name": "test", "version": "0"}
)


class Served:
    """An endpoint that runs, and requests to it."""

    def __init__(self, **options: Any) -> None:
        self.endpoint = McpEndpoint(WORLDS, BANK, **{"ttl": 60, "most": 4, **options})
        self.wire = Wire(Guard(self.endpoint), HEADERS)

    async def hello(self, query: str = "", body: object = HELLO, **headers: str) -> Answered:
        return await self.wire.ask("POST", f"/mcp{query}", body, headers=headers)

    async def call(self, session: str, number: int, name: str = "get_date") -> Answered:
        body = request("tools/call", number, name=name, arguments={})
        return await self.wire.ask("POST", "/mcp", body, headers={"mcp-session-id": session})


def running(play: Callable[[Served], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        served = Served(**options)
        async with served.endpoint.running():
            await play(served)

    asyncio.run(run())


def test_connections_end_and_leave_nothing() -> None:
    async def play(served: Served) -> None:
        names = [(await served.hello()).headers["mcp-session-id"] for _ in range(4)]
        assert len(set(names)) == 4
        full = await served.hello()
        assert (full.status, full.json["error"]["message"]) == (503, "4 connections are open, which is the most")
        gone = await served.wire.ask("DELETE", "/mcp", headers={"mcp-session-id": names[0]})
        assert (gone.status, len(served.endpoint)) == (200, 3)
        assert (await served.call(names[0], 2)).status == 404
        assert (await served.call(names[1], 2)).json["result"]["isError"] is False
        for made_up in ("x", names[1][:-1], ""):
            assert (await served.call(made_up, 3)).status == 404

    running(play)


def test_a_connection_that_nobody_uses_is_given_up() -> None:
    async def play(served: Served) -> None:
        await served.hello()
        assert len(served.endpoint) == 1
        while len(served.endpoint):
            await asyncio.sleep(0.01)

    running(play, ttl=0.02)


def test_two_clients_of_one_connection_take_turns() -> None:
    async def play(served: Served) -> None:
        name = (await served.hello()).headers["mcp-session-id"]
        answers = await asyncio.gather(*(served.call(name, 7) for _ in range(20)))  # all with one number
        assert {answer.status for answer in answers} == {200}
        assert all(answer.json["result"]["structuredContent"]["date"] for answer in answers)

    running(play)


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", b"{", 400),
        ("", b"\xff", 400),
        ("", b"[" * 100_000, 400),
        ("", b"x" * 2_000_000, 413),
        ("", request("tools/list"), 400),
        ("", request("initialize"), 200),  # answered with an error of the protocol, and opens nothing
        ("?seed=x", HELLO, 400),
        ("?seed=-1", HELLO, 400),
        ("?seed=3&task=1", HELLO, 400),
        ("?task=1", HELLO, 400),
        ("?scale=huge", HELLO, 400),
    ],
)
def test_only_a_handshake_opens_a_connection(query: str, body: Any, status: int) -> None:
    async def play(served: Served) -> None:
        answer = await served.hello(query, body)
        assert answer.status == status, answer
        assert status != 200 or "error" in answer.json

    running(play)


def test_a_revision_without_connections_is_told_of_the_others() -> None:
    async def play(served: Served) -> None:
        answer = await served.hello(**{"mcp-protocol-version": "2026-07-28"})
        assert (answer.status, answer.json["error"]["code"]) == (400, -32022)
        assert "2025-11-25" in answer.json["error"]["data"]["supported"]
        assert len(served.endpoint) == 0

    running(play)


def test_a_task_is_chosen_by_the_url(tmp_path: Path) -> None:
    file = written(tmp_path / "t.jsonl", date_task(3), date_task(4))
    worlds = Worlds(["banking"], shelf=TaskShelf(file, ["banking"]))

    async def play(url: str) -> None:
        for query, task in (("", "day-3"), ("?task=1", "day-4"), ("?task=day-4", "day-4")):
            async with Client(f"{url}/mcp{query}") as client:
                assert (await state(client))["task"] == task

    with in_background(mcp_app(worlds, Beginning("banking", task="0"), ttl=60, most=8)) as url:
        asyncio.run(play(url))
