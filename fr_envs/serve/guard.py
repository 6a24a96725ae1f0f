"""Guard: what stands before an ASGI application. Who may ask, from where, and how much.

Any page that is open in a browser can send requests to a server on the loopback interface. So a request from a page of
another origin is refused, and without a token also one to a host that is not this machine.
"""

from __future__ import annotations

import asyncio
import functools
import hmac
import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import msgspec

from fr_envs.serve.messages import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BODY", "Guard", "encode_problem", "is_loopback"]

MOST_BODY = 1_048_576
"""Bytes that the body of a request may have."""

_PATIENCE = 30.0  # seconds that the body of a request may take to come

_DRAINED = 64  # times the bound that is read and dropped, as a client that is still sending reads no answer

_OPEN = frozenset({"/health"})  # paths that say nothing to keep from anybody


def is_loopback(host: str) -> bool:
    """Return True if a name or an address means this machine alone.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
        (True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def encode_problem(status: int, detail: str) -> bytes:
    """Return a problem as JSON."""
    return msgspec.json.encode(Problem(HTTPStatus(status).phrase, status, detail))


class _Refused(NamedTuple):
    status: int
    detail: str


class Guard:
    """Refuses what may not come in; hands on the rest, with its body read and bounded.

    Args:
        app: The application.
        token: What has to be given as bearer; None if nothing.
        most_body: Bytes that a body may have.
    """

    def __init__(self, app: ASGIApp, *, token: str | None = None, most_body: int = MOST_BODY) -> None:
        """Take what is guarded."""
        self._app = app
        self._token = None if token is None else b"bearer " + token.encode()
        self._most = most_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # nothing here speaks over web sockets; the server refuses for itself
        headers: dict[bytes, bytes] = dict(scope["headers"])
        refused = self._refusal(scope["path"], headers)
        body = b"" if refused else await self._body(headers, receive)
        if isinstance(body, _Refused):
            refused = body
        if refused:
            await _answer(refused, send)
        elif isinstance(body, bytes):
            await self._app(scope, _replay(body, receive), send)

    def _refusal(self, path: str, headers: dict[bytes, bytes]) -> _Refused | None:
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin")
        if origin is not None and not _is_ours(origin.decode("latin-1"), host):
            return _Refused(403, "requests from pages of other origins are refused")
        if self._token is None:
            return None if _is_here(host) else _Refused(421, "this server answers to this machine alone")
        given = headers.get(b"authorization", b"")
        scheme, _, secret = given.partition(b" ")
        if path in _OPEN or hmac.compare_digest(scheme.lower() + b" " + secret.strip(), self._token):
            return None
        return _Refused(401, "give the server's token: Authorization: Bearer TOKEN")

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes | _Refused | None:
        """Read a body; None if the client has gone."""
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > self._most * _DRAINED:
            return self._too_long
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._read(receive)
        except TimeoutError:
            return _Refused(408, f"the body did not come within {_PATIENCE:g} s; send it at once")

    async def _read(self, receive: Receive) -> bytes | _Refused | None:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._most:
                parts.clear()
            more = message.get("more_body", False)
            if size > self._most and (not more or size > self._most * _DRAINED):
                return self._too_long
            if not more:
                return parts[0] if len(parts) == 1 else b"".join(parts)

    @property
    def _too_long(self) -> _Refused:
        return _Refused(413, f"the body is longer than {self._most} bytes; send less")


@functools.lru_cache(maxsize=64)
def _is_here(host: str) -> bool:
    """Return True if a host with its port means this machine."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _is_ours(origin: str, host: str) -> bool:
    try:
        found = urlsplit(origin)
    except ValueError:
        return False
    return found.netloc == host or is_loopback(found.hostname or "")


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return what hands out a body that was read, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _answer(refused: _Refused, send: Send) -> None:
    body = encode_problem(refused.status, refused.detail)
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    if refused.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if refused.status in {408, 413}:
        headers.append((b"connection", b"close"))  # what is left of the body is not read
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
