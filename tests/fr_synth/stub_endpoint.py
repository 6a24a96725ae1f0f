"""A chat-completions endpoint on 127.0.0.1: real sockets, and behaviours that a test chooses.

    with StubEndpoint(draft) as stub:
        teacher = OpenAITeacher("stub", stub.url)

A behaviour takes the body of a request and returns a `Reply`, or a string that the model is to say. `draft` answers
every role from the prompt alone where that is possible; `answering(f)` lets a function from messages to content
answer; `Script` plays behaviours in order and repeats the last one. What was asked stands in `stub.requests`.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias

from typing_extensions import override

if TYPE_CHECKING:
    from types import TracebackType

JsonObject: TypeAlias = dict[str, Any]


class Reply(NamedTuple):
    """What goes back; `delay` in seconds, ended early when the stub closes.

    With `drip`, byte after byte, that many seconds apart; with `bare`, the body is all that goes out, status line and
    headers included, and the connection is closed after it.
    """

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    delay: float = 0.0
    drip: float = 0.0
    bare: bool = False


Behaviour: TypeAlias = Callable[[JsonObject], Reply | str]

# --------------------------------------------------------------------------------------------------- behaviours


def completion(message: JsonObject, finish_reason: str = "stop", tokens: tuple[int, int] = (10, 5)) -> Reply:
    body = {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 0,
        "model": "stub",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", **message}}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
    }
    return as_json(body)


def as_json(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(json.dumps(body).encode(), status, {"content-type": "application/json", **(headers or {})})


def says(content: object) -> Behaviour:
    """Say a text, or a JSON value."""
    text = content if isinstance(content, str) else json.dumps(content)
    return lambda _: text


def calls(*named: tuple[str, str], content: str = "") -> Behaviour:
    """Call tools natively: (name, arguments as a JSON string)."""
    tool_calls = [
        {"id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for index, (name, arguments) in enumerate(named)
    ]
    return lambda _: completion({"content": content or None, "tool_calls": tool_calls}, "tool_calls")


def truncated(content: str) -> Behaviour:
    return lambda _: completion({"content": content}, "length")


def fails(status: int, message: str = "", headers: Mapping[str, str] | None = None, **fields: str) -> Behaviour:
    return lambda _: as_json({"error": {"message": message, **fields}}, status, headers)


def raw(body: bytes, content_type: str = "application/json") -> Behaviour:
    return lambda _: Reply(body, 200, {"content-type": content_type})


def no_choices(_: JsonObject) -> Reply:
    return as_json({"object": "chat.completion", "choices": []})


def slow(seconds: float, behaviour: Behaviour) -> Behaviour:
    return lambda body: _reply(behaviour(body))._replace(delay=seconds)


def without(parameter: str, behaviour: Behaviour) -> Behaviour:
    """Refuse a parameter with 400, as servers do that do not know it."""
    refuse = fails(400, f"Unsupported parameter: '{parameter}'.")
    return lambda body: refuse(body) if parameter in body else behaviour(body)


def answering(answer: Callable[[Sequence[JsonObject]], str]) -> Behaviour:
    """Let a function from messages to content answer."""
    return lambda body: answer(body["messages"])


_DRAFT = re.compile(r"^Draft: (\{.*\})$", re.MULTILINE)


def draft(body: JsonObject) -> str:
    """Say the draft that the prompt shows (roles tooling and query), or an advice (critic)."""
    found = _DRAFT.findall(body["messages"][1]["content"])
    return str(found[-1]) if found else json.dumps({"advice": "Look the value up before you use it."})


class Script:
    """Behaviours in order, one a request; the last one stays."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self._behaviours = list(behaviours)
        self._lock = threading.Lock()

    def __call__(self, body: JsonObject) -> Reply | str:
        with self._lock:
            behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
        return behaviour(body)


def _reply(said: Reply | str) -> Reply:
    return completion({"content": said}) if isinstance(said, str) else said


# ------------------------------------------------------------------------------------------------------- server


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for every handler
    request_queue_size = 128

    def __init__(self, stub: StubEndpoint) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stub = stub
        self.connections: list[socket.socket] = []

    @override
    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def hang_up(self) -> None:
        """End the connections that clients keep alive, whose handlers would wait for ever."""
        for connection in self.connections:
            with contextlib.suppress(OSError):  # closed on this side, or hung up by the client a moment ago
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        stub = self.server.stub
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        stub.note(body, {name.lower(): value for name, value in self.headers.items()})
        known = self.path.partition("?")[0] == "/v1/chat/completions"
        reply = _reply(stub.behaviour(body)) if known else as_json({"error": {"message": "Not Found"}}, 404)
        if stub.closing.wait(reply.delay):
            self.close_connection = True
            return
        try:
            self._send(reply)
        except OSError:  # the client has hung up: a timeout
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        if reply.bare:
            self.wfile.write(reply.body)
            self.close_connection = True
            return
        self.send_response_only(reply.status)  # no headers but the ones that are named
        for name, value in {"content-length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not reply.drip:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            if self.server.stub.closing.wait(reply.drip):
                return

    @override
    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # the same, seen while waiting for the next request
            self.close_connection = True

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class StubEndpoint:
    """The endpoint, as a context manager; `requests` and `headers` hold what came in, in order."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[JsonObject] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def note(self, body: JsonObject, headers: dict[str, str]) -> None:
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()


def dead_url() -> str:
    """An address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"
