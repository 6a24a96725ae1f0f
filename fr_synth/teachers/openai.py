"""OpenAITeacher: any OpenAI-compatible endpoint as a teacher. The only module that imports openai, on first use.

Two kinds of failure are told apart. A ``TeacherError`` concerns one request: the model would not keep to the form, or
the endpoint did not answer in spite of retries. An ``EndpointError`` concerns all of them: a refused key, an unknown
model, a wrong address, an endpoint that has gone away. It ends the run; its message is one line and says what
to fix.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, final

from typing_extensions import override

from fr_envs.errors import FunReasonError, TeacherError, UsageError
from fr_synth.teachers.completions import one_line, parse, repair, retry_after, tokens, waiting_time, written
from fr_synth.teachers.prompts import render
from fr_synth.teachers.protocol import TeacherReply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from openai import APIError, OpenAI

    from fr_envs.json_values import JsonObject
    from fr_synth.teachers.protocol import Role, TeacherRequest

__all__ = ["EndpointError", "OpenAITeacher", "Usage"]

_HOSTED = "https://api.openai.com/v1"
_CONNECT_TIMEOUT = 10.0  # seconds; a host that is there answers the handshake long before a model answers
_LONGEST_RETRY_AFTER = 300.0  # seconds; an endpoint that asks for more has no capacity for this run
_BAD_REQUEST = (400, 413, 422)
_TRANSIENT = (408, 409, 425, 429)
_DROPPABLE = ("temperature", "max_tokens", "seed")  # some models refuse these; the answer does not depend on them

_log = logging.getLogger(__name__)


class EndpointError(FunReasonError):
    """No request to the endpoint can succeed, so the run ends; the message says what to fix.

    No ``TeacherError``: whoever drops what a teacher could not answer must not drop the rest of the run with it.
    """


class _RejectedError(TeacherError):
    """The endpoint does not take a request as it is; another form of it may pass."""


class Usage(NamedTuple):
    """What an endpoint was asked in this process.

    Attributes:
        requests: Requests that were answered, repairs included.
        tokens_in: Tokens read.
        tokens_out: Tokens written.
    """

    requests: int
    tokens_in: int
    tokens_out: int


class _Fault(NamedTuple):
    kind: Literal["rejected", "final", "transient"]
    message: str
    retry_after: float = 0.0  # seconds


@final
@dataclasses.dataclass(eq=False)
class OpenAITeacher:
    """A teacher behind an OpenAI-compatible endpoint. Picklable; may be shared by threads.

    Attributes:
        model: Name of the model, as the endpoint knows it.
        base_url: Address up to and including the version, such as ``http://127.0.0.1:8000/v1``. None for
            ``OPENAI_BASE_URL`` or else OpenAI itself.
        api_key: The key. None for ``OPENAI_API_KEY``, read in the process that asks; endpoints at an address of their
            own need none.
        temperature: Sampling temperature, from 0; None to leave it to the endpoint.
        timeout: Seconds that one attempt may take.
        max_retries: Further attempts at a request after rate limits, faults of the server or the connection.
        max_repairs: How often the model is told what was wrong with its answer and asked again.
        max_tokens: Most tokens of an answer, thinking included; None for no limit.
        max_concurrency: Most requests at once from one process.
        give_up_after: Requests in a row that fail in spite of their retries before the endpoint counts as gone.
        sleep: Waits for a number of seconds.

    Raises:
        UsageError: A setting is out of its range.

    Example:
        >>> OpenAITeacher("my-model", "http://127.0.0.1:8000/v1").name
        'openai:my-model'
    """

    model: str
    base_url: str | None = None
    api_key: str | None = dataclasses.field(default=None, repr=False)
    temperature: float | None = 0.7
    timeout: float = 120.0
    max_retries: int = 5
    max_repairs: int = 2
    max_tokens: int | None = 4096
    max_concurrency: int = 8
    give_up_after: int = 3
    sleep: Callable[[float], None] = dataclasses.field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        """Check the settings and start with clean counters."""
        self._check_settings()
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(self.max_concurrency)
        self._client: OpenAI | None = None
        self._client_pid = 0
        self._formats: dict[Role, int] = {}  # index of the strictest response format that the endpoint took
        self._dropped: frozenset[str] = frozenset()
        self._usage = Usage(0, 0, 0)
        self._failures = 0
        self._gone = ""

    def _check_settings(self) -> None:
        url = self._url
        checks = (
            (bool(self.model.strip()), "the name of the model is missing: write it after openai:"),
            (url.startswith(("http://", "https://")), f"base URL {url!r}: it begins with http:// or https://"),
            (self.temperature is None or self.temperature >= 0, "temperature: from 0"),
            (self.timeout > 0, "timeout: a number of seconds above 0"),
            (self.max_tokens is None or self.max_tokens > 0, "max_tokens: from 1"),
            (min(self.max_retries, self.max_repairs) >= 0, "max_retries, max_repairs: from 0"),
            (min(self.max_concurrency, self.give_up_after) > 0, "max_concurrency, give_up_after: from 1"),
        )
        for holds, fix in checks:
            if not holds:
                raise UsageError(fix)

    @property
    def name(self) -> str:
        """Name that goes into the records: ``openai:MODEL``."""
        return f"openai:{self.model}"

    @property
    def usage(self) -> Usage:
        """What was asked in this process so far, answers that could not be used included."""
        return self._usage

    @property
    def _url(self) -> str:
        return self.base_url or os.environ.get("OPENAI_BASE_URL") or _HOSTED

    def complete(self, request: TeacherRequest) -> TeacherReply:
        """Answer one request.

        Raises:
            EndpointError: No request can succeed: key, model or address are wrong, or the endpoint has gone away.
            TeacherError: This one got no answer, or none in the form that the role asks for.
        """
        from fr_synth.teachers.answers import AnswerError, read_answer, response_formats

        formats = response_formats(request)
        messages = render(request)
        tokens_in = tokens_out = 0
        fault = ""
        for _ in range(1 + self.max_repairs):
            response = self._ask(request, messages, formats)
            tokens_in += tokens(response, "prompt_tokens")
            tokens_out += tokens(response, "completion_tokens")
            answer = written(response)
            try:
                return TeacherReply(read_answer(request, answer), tokens_in, tokens_out)
            except AnswerError as error:
                fault = str(error)
            messages = [*messages, *repair(answer, fault)]
        raise TeacherError(f"{self.name} gave no usable answer as {request.role}: {fault}")

    def close(self) -> None:
        """Close the connections; a later request opens new ones. Happens by itself when the teacher is dropped."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def __enter__(self) -> Self:
        """Return the teacher; leaving the block closes its connections."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    @override
    def __getstate__(self) -> dict[str, Any]:
        """Return the settings; connections and counters stay behind."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def __setstate__(self, settings: dict[str, Any]) -> None:
        """Take over the settings and start with clean counters."""
        self.__dict__.update(settings)
        self.__post_init__()

    # ------------------------------------------------------------------------------------ one question, any form

    def _ask(
        self, request: TeacherRequest, messages: list[JsonObject], formats: Sequence[JsonObject | None]
    ) -> JsonObject:
        level = self._formats.get(request.role, 0)
        level = min(level, len(formats) - 1)
        while True:
            body = self._body(messages, formats[level], request.seed)
            try:
                response = self._send(body)
            except _RejectedError as error:
                refused = self._refused(body, error)
                if refused is not None:
                    self._dropped |= {refused}
                elif level + 1 < len(formats):
                    level += 1
                else:
                    raise TeacherError(str(error)) from error
                continue
            self._formats[request.role] = level
            return response

    def chat(self, messages: list[JsonObject], tools: list[JsonObject], seed: int = 0) -> JsonObject:
        """Return the assistant message with which the model goes on, calls of tools included.

        Args:
            messages: The conversation so far, in the endpoint's own form: arguments of calls as text.
            tools: The tools offered, as OpenAI tools; may be empty.
            seed: Seed of the answer, from 0.

        Raises:
            EndpointError: No request can succeed: key, model or address are wrong, or the endpoint has gone away.
            TeacherError: This one got no answer.
        """
        while True:
            body = self._body(messages, None, seed)
            try:
                response = self._send({**body, "tools": tools} if tools else body)
            except _RejectedError as error:
                refused = self._refused(body, error)
                if refused is None:
                    raise TeacherError(str(error)) from error
                self._dropped |= {refused}
                continue
            choice: JsonObject = next(iter(response["choices"]), {})
            message: JsonObject = choice.get("message") or {}
            return message

    def _refused(self, body: JsonObject, error: _RejectedError) -> str | None:
        """Return the setting that the endpoint does not take and that can be left out, None if there is none."""
        return next((name for name in _DROPPABLE if name in body and name in str(error)), None)

    def _body(self, messages: list[JsonObject], response_format: JsonObject | None, seed: int) -> JsonObject:
        optional = {
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "seed": seed % 2**31,
            "response_format": response_format,
        }
        sent = {name: value for name, value in optional.items() if value is not None and name not in self._dropped}
        return {"model": self.model, "messages": messages, **sent}

    # ---------------------------------------------------------------------------------- one request, many attempts

    def _send(self, body: JsonObject) -> JsonObject:
        attempt = 0
        while True:
            if self._gone:
                raise EndpointError(self._gone)
            outcome = self._attempt(body)
            if not isinstance(outcome, _Fault):
                self._count(outcome)
                return outcome
            if outcome.kind == "rejected":
                raise _RejectedError(outcome.message)
            if outcome.kind == "final":
                self._gone = outcome.message
                raise EndpointError(outcome.message)
            if attempt >= self.max_retries or outcome.retry_after > _LONGEST_RETRY_AFTER:
                raise self._given_up(outcome.message, attempt + 1)
            seconds = waiting_time(body, attempt, outcome.retry_after)
            _log.info("attempt %d: %s; next one in %.1f s", attempt + 1, outcome.message, seconds)
            self.sleep(seconds)
            attempt += 1

    def _attempt(self, body: JsonObject) -> JsonObject | _Fault:
        from openai import APIError

        try:
            with self._slots:
                text = self._connected().chat.completions.with_raw_response.create(**body).text
        except APIError as error:
            return _fault(error, self._url, self.model, self.timeout)
        response = parse(text)
        if response is not None:
            return response
        fix = "a base URL usually ends in /v1"
        return _Fault("transient", f"{self._url} answers what is no chat completion ({one_line(text)!r}): {fix}")

    def _connected(self) -> OpenAI:
        from openai import OpenAI, Timeout

        with self._lock:
            if self._client is None or self._client_pid != os.getpid():  # connections do not survive a fork
                self._client = OpenAI(
                    api_key=self._key(),
                    base_url=self._url,
                    timeout=Timeout(self.timeout, connect=min(self.timeout, _CONNECT_TIMEOUT)),
                    max_retries=0,
                )
                self._client_pid = os.getpid()
                weakref.finalize(self, self._client.close)
            return self._client

    def _key(self) -> str:
        key = (self.api_key or os.environ.get("OPENAI_API_KEY") or "").strip()
        if not key and self._url == _HOSTED:
            raise EndpointError("no API key: set OPENAI_API_KEY, or name a base URL that needs none")
        if not key.isascii() or not key.isprintable():
            raise EndpointError("the API key has characters that no key has: copy it anew")
        return key or "none"

    def _count(self, response: JsonObject) -> None:
        with self._lock:
            self._failures = 0
            self._usage = Usage(
                self._usage.requests + 1,
                self._usage.tokens_in + tokens(response, "prompt_tokens"),
                self._usage.tokens_out + tokens(response, "completion_tokens"),
            )

    def _given_up(self, message: str, attempts: int) -> FunReasonError:
        with self._lock:
            self._failures += 1
            failures = self._failures
        if failures < self.give_up_after:
            return TeacherError(f"{message} (attempts: {attempts})")
        self._gone = f"gave up on {self._url} after {failures} failed requests in a row; the last: {message}"
        return EndpointError(self._gone)


def _fault(error: APIError, url: str, model: str, timeout: float) -> _Fault:
    from openai import APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError):
        return _Fault("transient", f"{url} did not answer within {timeout:g} s: raise the timeout or ask for less")
    if not isinstance(error, APIStatusError):
        cause = one_line(str(error.__cause__ or error))
        return _Fault("transient", f"{url} cannot be reached ({cause}): is it up, is the URL right?")
    status = error.status_code
    said = f"{status}: {_said(error)}"
    if status in _BAD_REQUEST:
        return _Fault("rejected", f"{url} rejects the request ({said})")
    if status in (401, 403):
        return _Fault("final", f"{url} refuses the key ({said}): set OPENAI_API_KEY")
    if status == 404:
        known = "model" in said.lower()
        fix = f"is there a model {model!r}?" if known else "a base URL usually ends in /v1"
        return _Fault("final", f"{url} does not know what was asked for ({said}): {fix}")
    if "insufficient_quota" in (error.code, error.type):
        return _Fault("final", f"the account at {url} has no quota left ({said})")
    if status in _TRANSIENT or status >= 500:
        return _Fault("transient", f"{url} answers {said}", retry_after(error.response.headers))
    return _Fault("final", f"{url} answers {said}: a base URL usually ends in /v1")


def _said(error: APIError) -> str:
    body = error.body
    text = body.get("message") if isinstance(body, dict) else None
    return one_line(str(text or error.message))
