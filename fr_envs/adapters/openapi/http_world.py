"""OpenAPI tools executed: a world over HTTP behind one small seam, ``send(request) -> response``."""

from __future__ import annotations

import functools
import json
import re
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import jsonschema_rs

from fr_envs.adapters.foreign import fitted
from fr_envs.adapters.openapi.document import Operation, read_openapi
from fr_envs.adapters.openapi.styles import ParameterPlace, cookie_of, header_of, pairs_of, segment_of
from fr_envs.adapters.replaying import RemoteWorld
from fr_envs.errors import ForeignToolError, Refusal, UsageError
from fr_envs.json_values import pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.adapters.foreign import OnError
    from fr_envs.adapters.replaying import Forks
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["HttpRequest", "HttpResponse", "HttpWorld", "Send", "openapi_world", "send_with_urllib"]

_MOST_BYTES = 10_000_000
"""Bytes of an answer that are read; a longer one is a fault of its tool."""


class HttpRequest(NamedTuple):
    """What is sent.

    Attributes:
        method: In capitals.
        url: With query.
        headers: By name.
        body: None if there is none.
        timeout: Seconds that the answer may take.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout: float


class HttpResponse(NamedTuple):
    """What came back.

    Attributes:
        status: HTTP status code.
        body: As it came.
    """

    status: int
    body: bytes


Send: TypeAlias = Callable[[HttpRequest], HttpResponse]
"""Sends a request; raises OSError where no answer came, TimeoutError among them."""


class HttpWorld(NamedTuple):
    """How a world over HTTP is reached.

    Attributes:
        base_url: What paths are added to; the document's first server if empty.
        headers: Sent with every request, such as a key.
        send: The seam.
        timeout: Seconds that an answer may take.
        reset: Puts the service into its first state, which lets states be forked; None if nothing can.
        reset_url: Where it sends its POST, which is then no tool; empty where it sends none.
    """

    base_url: str = ""
    headers: Mapping[str, str] = {}
    send: Send | None = None
    timeout: float = 30.0
    reset: Callable[[], None] | None = None
    reset_url: str = ""


def openapi_world(
    document: Json,
    access: HttpWorld | None = None,
    *,
    name: str | None = None,
    spec: DomainSpec | None = None,
    on_error: OnError = "stop",
    only: Iterable[str] = (),
) -> RemoteWorld:
    """Return the world behind an OpenAPI document; nothing is sent before the first call.

    Args:
        document: The document as plain data.
        access: How it is reached.
        name: Short name of the world; made of the document's title if None.
        spec: A corrected contract in place of the one that is read from the document.
        on_error: Whether a faulty tool, now or when called, stops everything or is left out.
        only: Tags and operations to take; all if empty.

    Raises:
        SpecError: The document or a tool in it is faulty, or ``spec`` has tools that it has not.
        UsageError: There is no absolute URL of http or https to send to.
    """
    access = access or HttpWorld()
    document = document if spec is not None else _without_reset(document, access)
    api = read_openapi(document, name=name, on_error=on_error, only=only)
    base = access.base_url or api.base_url
    if urlsplit(base).scheme not in {"http", "https"}:
        raise UsageError(f"the API is at {base or 'no address'}: give base_url, such as https://api.example.org/v1")
    connect = functools.partial(_Connection, access._replace(base_url=base.rstrip("/")), api.operations)
    forks: Forks = "refuse" if access.reset is None else "replay"
    spec, left_out = fitted(api.imported, spec, on_error)
    world = RemoteWorld(spec, api.imported.names, connect, on_error=on_error, forks=forks)
    world.domain.left_out = left_out
    return world


def _without_reset(document: Json, access: HttpWorld) -> Json:
    """Return a document without what puts the service back: that is for who tests it, and no tool."""
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(paths, dict) or not access.reset_url:
        return document
    path = urlsplit(access.reset_url).path
    path = path.removeprefix(urlsplit(access.base_url).path.rstrip("/"))
    item = paths.get(path)
    if not isinstance(item, dict) or "post" not in item:
        return document
    return {**document, "paths": {**paths, path: {name: part for name, part in item.items() if name != "post"}}}


def send_with_urllib(request: HttpRequest) -> HttpResponse:
    """Send a request with the standard library.

    Raises:
        OSError: No answer came.
    """
    asked = urllib.request.Request(request.url, data=request.body, headers=dict(request.headers), method=request.method)
    try:
        with urllib.request.urlopen(asked, timeout=request.timeout) as answer:
            return HttpResponse(answer.status, answer.read(_MOST_BYTES + 1))
    except urllib.error.HTTPError as error:
        with error:
            return HttpResponse(error.code, error.read(_MOST_BYTES + 1))
    except HTTPException as error:
        raise OSError(f"the answer is no HTTP: {error!r}") from error


class _Connection:
    """A connection to a service, which each request opens anew; fresh after ``reset``."""

    def __init__(self, access: HttpWorld, operations: Mapping[str, Operation]) -> None:
        self.access = access
        self.operations = operations
        if access.reset is not None:
            access.reset()

    def call(self, tool: str, arguments: JsonObject) -> Json:
        operation = self.operations[tool]
        try:
            response = (self.access.send or send_with_urllib)(_request(operation, arguments, self.access))
        except TimeoutError as error:
            raise _late(tool, self.access.timeout) from error
        except OSError as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise _late(tool, self.access.timeout) from error
            raise ForeignToolError(tool, f"no answer came: {error}", "see that the service runs at base_url") from error
        return _result(tool, operation, response)

    def close(self) -> None:
        pass


def _late(tool: str, timeout: float) -> ForeignToolError:
    return ForeignToolError(tool, f"did not answer within {timeout:g} s", "raise timeout, or see to the service")


# ------------------------------------------------------------------------------------------------------- requests


def _request(operation: Operation, arguments: JsonObject, access: HttpWorld) -> HttpRequest:
    parts: dict[str, list[tuple[ParameterPlace, Json]]] = defaultdict(list)
    for key, value in arguments.items():
        place = operation.places.get(key, ParameterPlace("query", key))
        parts[place.where].append((place, value))
    segments = {place.name: segment_of(place, value) for place, value in parts["path"]}
    path = re.sub(r"\{([^{}]+)\}", lambda found: segments.get(found[1], found[0]), operation.path)
    query = "&".join(pair for place, value in parts["query"] for pair in pairs_of(place, value))
    headers = {"Accept": "application/json", **access.headers}
    headers |= {place.name: header_of(place, value) for place, value in parts["header"]}
    if parts["cookie"]:
        headers["Cookie"] = "; ".join(filter(None, (cookie_of(place, value) for place, value in parts["cookie"])))
    body = _body(operation, [value for _, value in parts["whole_body"]], parts["body"])
    if body is not None:
        headers["Content-Type"] = operation.media
    url = access.base_url + path + (f"?{query}" if query else "")
    return HttpRequest(operation.method, url, headers, body, access.timeout)


def _body(operation: Operation, whole: list[Json], members: list[tuple[ParameterPlace, Json]]) -> bytes | None:
    if not operation.media or not (whole or members or any(p.where == "body" for p in operation.places.values())):
        return None
    if operation.media == "application/x-www-form-urlencoded":
        if whole and isinstance(whole[0], dict):
            members = [(ParameterPlace("body", name), part) for name, part in whole[0].items()]
        if members or not whole:
            return "&".join(pair for place, value in members for pair in pairs_of(place, value)).encode()
    value: Json = whole[0] if whole else {place.name: part for place, part in members}
    return json.dumps(value, ensure_ascii=False).encode()


# -------------------------------------------------------------------------------------------------------- results


def _result(tool: str, operation: Operation, response: HttpResponse) -> Json:
    if len(response.body) > _MOST_BYTES:
        raise ForeignToolError(tool, f"answered with more than {_MOST_BYTES} bytes", "ask for less at a time")
    if response.status >= 300:
        code = f"http_{response.status}" if response.status in operation.refusals else "tool_failed"
        raise Refusal(code, f"Status {response.status}: {response.body.decode(errors='replace').strip()[:2000]}")
    value = _decoded(tool, operation, response)
    if operation.returns is not None:
        fault = next(iter(jsonschema_rs.Draft202012Validator(operation.returns).iter_errors(value)), None)
        if fault is not None:
            at = pointer_of(fault.instance_path) or "/"
            problem = f"gave a result that its own schema refuses: {at}: {fault.message}"[:300]
            raise ForeignToolError(tool, problem, "fix the document or the service")
    return value


def _decoded(tool: str, operation: Operation, response: HttpResponse) -> Json:
    if not response.body.strip():
        return None
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        if operation.returns is None:
            return response.body.decode(errors="replace")
        raise ForeignToolError(tool, f"answered with no JSON: {error}", "fix the document or the service") from error
