"""Requests to an ASGI application without a network, and tasks to play."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.episode.session import Session
from fr_envs.episode.task import Answer, Goal, Task, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from starlette.types import ASGIApp, Message


class Answered(NamedTuple):
    """What came back; `status` 0 where nothing did."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Wire:
    """Asks an application, as the one in front of it would; `gone` clients leave before anything is answered."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] | None = None) -> None:
        self._app = app
        self._headers = {"host": "127.0.0.1:8000", **(headers or {})}

    async def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None,
        parts: Sequence[bytes] | None = None, gone: bool = False,
    ) -> Answered:  # fmt: skip
        given = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        pieces = list(parts or [given])
        sent: list[Message] = []
        all_headers = {**self._headers, **(headers or {})}
        scope = {
            "type": "http", "method": method, "path": path.partition("?")[0], "raw_path": path.encode(),
            "query_string": path.partition("?")[2].encode(), "root_path": "", "scheme": "http", "http_version": "1.1",
            "headers": [(name.lower().encode(), value.encode()) for name, value in all_headers.items()],
            "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 9), "asgi": {"version": "3.0"},
        }  # fmt: skip

        async def receive() -> Message:
            if pieces:
                await asyncio.sleep(0)
                return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
            if gone:
                return {"type": "http.disconnect"}
            return await asyncio.Future()

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        if not sent:
            return Answered(0, {}, b"")
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answered(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]))


def date_of(seed: int) -> str:
    """The day of a bank, as its tool tells it."""
    session = Session("banking")
    session.reset(seed=seed, scale="tiny")
    date: str = session.call("get_date")["date"]
    return date


def date_task(seed: int, *, turns: int = 1) -> Task:
    """A task that asks a bank for the day, so many times."""
    date = date_of(seed)
    goal = Goal(answers=(Answer(date, date),))
    asked = tuple(Turn(f"What day is it? ({number})", goal, tools=("get_date", "sign_in")) for number in range(turns))
    return Task("banking", (seed,), asked, scale="tiny", id=f"day-{seed}")


def written(path: Path, *tasks: Task) -> Path:
    """A file of tasks."""
    path.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in tasks))
    return path
