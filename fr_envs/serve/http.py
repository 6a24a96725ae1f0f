"""The HTTP interface: sessions as resources, steps as requests to them; ``docs/serving.md`` shows a whole episode."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from fr_envs.errors import ForeignToolError, UsageError
from fr_envs.serve.guard import MOST_BODY, Guard, encode_problem
from fr_envs.serve.messages import (
    CallRequest,
    Digest,
    Listed,
    OpenRequest,
    Reply,
    Score,
    Standing,
    Step,
    TaskPage,
    World,
)
from fr_envs.serve.openapi import openapi_document
from fr_envs.serve.sessions import NoRoom, NoSession, Seat, Sessions
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from fr_envs.episode.observation import Observation
    from fr_envs.episode.session import Session
    from fr_envs.json_values import Json

__all__ = ["http_app"]

T = TypeVar("T")

_JSON = "application/json"
_PAGE = 1000  # most tasks that are listed at once

_encode = msgspec.json.Encoder().encode
_OPEN = msgspec.json.Decoder(OpenRequest)
_CALL = msgspec.json.Decoder(CallRequest)
_REPLY = msgspec.json.Decoder(Reply)
_ANY: msgspec.json.Decoder[Any] = msgspec.json.Decoder()


def http_app(sessions: Sessions, *, token: str | None = None, most_body: int = MOST_BODY) -> ASGIApp:
    """Return the application that serves sessions over HTTP.

    Args:
        sessions: Where sessions are opened and found; the application sweeps them while it runs.
        token: What every request has to give as bearer; None if nothing.
        most_body: Bytes that the body of a request may have.
    """
    api = _Api(sessions)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(sessions.keep_sweeping())
        try:
            yield
        finally:
            sweeper.cancel()

    of_session = "/sessions/{session}"
    routes = [
        Route(f"{of_session}/calls", api.call, methods=["POST"]),
        Route(f"{of_session}/replies", api.say, methods=["POST"]),
        Route(f"{of_session}/steps", api.act, methods=["POST"]),
        Route(f"{of_session}/digest", api.digest),
        Route(f"{of_session}/score", api.score),
        Route(of_session, api.stand),
        Route(of_session, api.close, methods=["DELETE"]),
        Route("/sessions", api.open, methods=["POST"]),
        Route("/worlds", api.worlds),
        Route("/tasks", api.tasks),
        Route("/health", api.health),
        Route("/openapi.json", api.openapi),
    ]
    handlers: dict[Any, Any] = {HTTPException: _http_problem, Exception: _crash}
    handlers |= dict.fromkeys(_STATUS, _problem)
    return Guard(
        Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan), token=token, most_body=most_body
    )


class _Api:
    """What each path does."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._worlds = sessions.worlds
        self._document = _encode(openapi_document())

    async def open(self, request: Request) -> Response:
        asked = _read(await request.body() or b"{}", _OPEN)
        if asked.task is not None and (asked.seed is not None or asked.scale is not None):
            raise _Unfit("a task brings its own seed and scale; leave them out")
        seat = await self._sessions.open(asked.beginning())
        if await request.is_disconnected():  # nobody will ever use it
            self._sessions.close(seat.id)
        headers = {"location": f"/sessions/{seat.id}"}
        return _json(Standing.of(seat, self._sessions.ttl), status=201, headers=headers)

    async def call(self, request: Request) -> Response:
        seat = self._seat(request)
        asked = _read(await request.body(), _CALL)
        call = ToolCall(asked.name, asked.arguments)
        return await self._step(seat, lambda session: session.act(call))

    async def say(self, request: Request) -> Response:
        seat = self._seat(request)
        asked = _read(await request.body(), _REPLY)
        return await self._step(seat, lambda session: session.say(asked.text))

    async def act(self, request: Request) -> Response:
        seat = self._seat(request)
        written: Json = _read(await request.body(), _ANY)
        return await self._step(seat, lambda session: session.act(written))

    async def _step(self, seat: Seat, step: Callable[[Session], Observation]) -> Response:
        if seat.session.over:
            raise _Over("the episode is over; open another session")
        return _json(Step.of(await self._worlds.do(seat.session, step)))

    async def digest(self, request: Request) -> Response:
        return _json(Digest(self._seat(request).session.digest))

    async def score(self, request: Request) -> Response:
        return _json(Score.of(self._seat(request).session))

    async def stand(self, request: Request) -> Response:
        return _json(Standing.of(self._seat(request), self._sessions.ttl))

    async def close(self, request: Request) -> Response:
        self._sessions.close(request.path_params["session"])
        return Response(status_code=204)

    async def worlds(self, request: Request) -> Response:
        specs = [domain.spec for domain in self._worlds.domains.values()]
        return _json([World(spec.name, spec.summary, len(spec.tools)) for spec in specs])

    async def tasks(self, request: Request) -> Response:
        offset, limit = _number(request, "offset", 0), min(_number(request, "limit", 100), _PAGE)
        shelf = self._worlds.shelf
        found = () if shelf is None else shelf.listed(offset, limit)
        listed = [Listed(number, task.id, task.domain) for number, task in enumerate(found, offset)]
        return _json(TaskPage(0 if shelf is None else len(shelf), listed))

    async def health(self, request: Request) -> Response:
        return _json({"status": "ok"})

    async def openapi(self, request: Request) -> Response:
        return Response(self._document, media_type=_JSON)

    def _seat(self, request: Request) -> Seat:
        return self._sessions.find(request.path_params["session"])


class _Malformed(UsageError):
    """A body is no JSON."""


class _Unfit(UsageError):
    """A body, or a part of the query, has another form than is asked for."""


class _Over(UsageError):
    """The episode has ended."""


_STATUS: dict[type[Exception], int] = {
    NoSession: 404,
    NoRoom: 503,
    _Malformed: 400,
    _Over: 409,
    UsageError: 422,  # the others: a world, a scale or a task that is not there
    ForeignToolError: 502,
}


def _read(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Read a body.

    Raises:
        UsageError: It is no JSON, or has another form.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _Unfit(f"the body has another form: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Malformed(f"the body is no JSON: {error}") from error
    except RecursionError as error:
        raise _Malformed("the body is nested too deeply; give it flat") from error


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise _Unfit(f"{name} {text[:80]!r}: give an integer from 0")
    return int(text)


def _json(value: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(_encode(value), status_code=status, headers=headers, media_type=_JSON)


def _answer(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    return Response(encode_problem(status, detail), status, headers, "application/problem+json")


async def _problem(request: Request, error: Exception) -> Response:
    """Answer what a client or a foreign world did wrong."""
    status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    return _answer(status, " ".join(str(error).split()), {"retry-after": "5"} if status == 503 else None)


async def _http_problem(request: Request, error: HTTPException) -> Response:
    """Answer a path that is not there, or a method that it does not take."""
    said = {404: "there is no such path; GET /openapi.json lists them", 405: "the path does not take this method"}
    return _answer(error.status_code, said.get(error.status_code, error.detail), dict(error.headers or {}))


async def _crash(request: Request, error: Exception) -> Response:
    """Answer for what we did wrong; the server writes down where."""
    return _answer(500, "the server failed; what happened stands in its log")
