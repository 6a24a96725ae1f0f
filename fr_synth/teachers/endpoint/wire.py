"""Wire: one attempt at a request over HTTP. The only module that imports httpx2, on first use of a client.

httpx2 itself and not the client of a vendor on top of it: on one core an exchange with a local stub takes 0.7 ms of
processor time this way and 2.1 ms with ``AsyncOpenAI`` (300 exchanges of 4 kB, responses unparsed in both).
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
from typing import TYPE_CHECKING

import httpx2
import msgspec
from typing_extensions import override

from fr_synth.teachers.endpoint.completion import Completion, ShapeError, one_line, read_completion
from fr_synth.teachers.endpoint.faults import Fault, Heard, fault_of, said_in, suspected

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.teachers.endpoint.options import EndpointOptions
    from fr_synth.teachers.endpoint.redaction import Address, Redactor

__all__ = ["Wire"]

_CONNECT_TIMEOUT = 10.0  # seconds; a host that is there answers the handshake long before a model answers
_LONGEST_BODY = 64 * 2**20  # bytes; no answer of a model comes near it


class _Hiding(logging.Filter):
    """Takes secrets out of what the library below tells: addresses with their queries, headers that came back."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redactor.told(record.getMessage()), ()
        return True


_LOGGERS = ("httpx2", *(f"httpcore2.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


class Wire:
    """The connections to one endpoint. Lives in the event loop of the process.

    Args:
        address: Where to ask.
        key: The key that is sent, unless the address brings a user of its own.
        model: Name of the model, for messages.
        options: Timeout and number of connections.
        redactor: Takes secrets out of whatever comes back.
    """

    def __init__(self, address: Address, key: str, model: str, options: EndpointOptions, redactor: Redactor) -> None:
        """Take the settings; connections are opened as they are needed."""
        self._address = address
        self._model = model
        self._timeout = options.timeout
        self._redactor = redactor
        self._hiding = _Hiding(redactor)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self._hiding)
        self._target = httpx2.URL(f"{address.url}/chat/completions" + (f"?{address.query}" if address.query else ""))
        user = base64.b64encode(address.user.encode()).decode()
        self._client = httpx2.AsyncClient(
            headers={
                "authorization": f"Basic {user}" if user else f"Bearer {key}",
                "content-type": "application/json",
                "user-agent": "funreason",
            },
            timeout=httpx2.Timeout(None, connect=min(options.timeout, _CONNECT_TIMEOUT)),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=options.concurrency),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self._hiding)

    async def post(self, body: JsonObject) -> Completion | Fault:
        """Make one attempt; what went wrong is returned, whatever it is, with no secret in it."""
        outcome = await self._outcome(json.dumps(body).encode())
        if isinstance(outcome, Fault):
            return outcome._replace(message=self._redactor.told(outcome.message))
        return self._clean(outcome)

    async def _outcome(self, content: bytes) -> Completion | Fault:
        url = self._address.public
        try:
            async with asyncio.timeout(self._timeout):
                heard = await self._exchanged(content)
        except TimeoutError:
            said = f"{url} did not answer within {self._timeout:g} s: raise the timeout or ask for less"
            return Fault("transient", said, overloaded=True)
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError) as error:
            cause = one_line(self._redactor.told(_cause(error)))
            return Fault("transient", f"{url} cannot be reached ({cause}): is it up, is the URL right?")
        if not 200 <= heard.status < 300:
            return fault_of(heard, self._address, self._model)
        return self._read(heard)

    async def _exchanged(self, content: bytes) -> Heard:
        """Send a request and read the response to its end.

        Raises:
            ValueError: It is longer than any answer.
        """
        body = bytearray()
        async with self._client.stream("POST", self._target, content=content) as response:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _LONGEST_BODY:
                    raise ValueError(f"its answer is longer than {_LONGEST_BODY >> 20} MiB")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Heard(response.status_code, headers, self._hidden(bytes(body), response.is_success))

    def _hidden(self, body: bytes, good: bool) -> bytes:
        """Return a body without secrets, before anything of it is cut short."""
        text = body.decode("utf-8", "surrogateescape")
        clean = self._redactor.answered(text) if good else self._redactor.told(text)
        return clean.encode("utf-8", "surrogateescape")

    def _read(self, heard: Heard) -> Completion | Fault:
        try:
            return read_completion(heard.body)
        except ShapeError as error:
            said = said_in(heard.body)
            return Fault(
                "transient",
                f"{self._address.public} answers what is no chat completion ({said!r}; {error}): "
                f"{suspected(self._address)}",
            )

    def _clean(self, completion: Completion) -> Completion:
        """Return an answer without secrets that were written in escapes."""
        text = msgspec.json.encode(completion).decode()
        clean = self._redactor.answered(text)
        return completion if clean == text else read_completion(clean.encode())


def _cause(error: BaseException) -> str:
    """Return what lies at the bottom of an error: layers above it say that all attempts failed."""
    below = error.__cause__ or error.__context__
    said = _cause(below) if below is not None else ""
    if isinstance(error, OSError) and error.errno and not said:
        return os.strerror(error.errno) if error.errno > 0 else str(error)  # below 0: of the resolver of names
    return said or str(error) or type(error).__name__
