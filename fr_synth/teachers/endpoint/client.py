"""Client: asks one endpoint, many requests at once, each until it is answered, refused or given up."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import hashlib
import logging
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING, NamedTuple, final

import msgspec

from fr_envs.errors import FunReasonError, TeacherError, UsageError
from fr_synth.teachers.endpoint.completion import Completion, read_completion
from fr_synth.teachers.endpoint.errors import EndpointError, RejectedError
from fr_synth.teachers.endpoint.failures import FailedRequest, FailureLog
from fr_synth.teachers.endpoint.faults import Fault, waiting_time
from fr_synth.teachers.endpoint.loop import request_loop
from fr_synth.teachers.endpoint.pacing import Pace
from fr_synth.teachers.endpoint.redaction import Redactor, read_address
from fr_synth.teachers.endpoint.spending import Meter, Usage
from fr_synth.teachers.endpoint.store import ReplyStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import JsonObject
    from fr_synth.teachers.endpoint.options import EndpointOptions
    from fr_synth.teachers.endpoint.wire import Wire

__all__ = ["HOSTED", "Answer", "Client", "Endpoint"]

HOSTED = "https://api.openai.com/v1"
"""Where requests go if nobody names an address."""

_log = logging.getLogger(__name__)


class Endpoint(NamedTuple):
    """Whom to ask.

    Attributes:
        model: Name of the model, as the endpoint knows it.
        base_url: Address up to and including the version; empty for ``OPENAI_BASE_URL`` or else OpenAI itself.
        api_key: The key; empty for ``OPENAI_API_KEY``.
    """

    model: str
    base_url: str = ""
    api_key: str = ""

    @property
    def url(self) -> str:
        """The address that is asked."""
        return self.base_url or os.environ.get("OPENAI_BASE_URL") or HOSTED

    def key(self) -> str:
        """Return the key; ``none`` where an address of its own needs none.

        Raises:
            EndpointError: There is none, or it cannot be one.
        """
        key = (self.api_key or os.environ.get("OPENAI_API_KEY") or "").strip()
        if not key and self.url == HOSTED:
            raise EndpointError("no API key: set OPENAI_API_KEY, or name a base URL that needs none")
        if not key.isascii() or not key.isprintable():
            raise EndpointError("the API key has characters that no key has: copy it anew")
        return key or "none"


class Answer(NamedTuple):
    """What came of a request.

    Attributes:
        completion: What the model wrote.
        seconds: How long the attempt took that was answered; 0 if the answer was there already.
        attempts: How often the endpoint was asked; 0 if the answer was there already.
    """

    completion: Completion
    seconds: float = 0.0
    attempts: int = 0


@final
class Client:
    """One endpoint and one model, asked by any number of threads. Its requests run in the event loop of the process.

    Args:
        endpoint: Whom to ask.
        options: How.
        sleep: Stands in for waiting between attempts: told the seconds; None to wait.

    Raises:
        EndpointError: There is no key, or it cannot be one.
        UsageError: An address or an option cannot be.
    """

    def __init__(
        self, endpoint: Endpoint, options: EndpointOptions, sleep: Callable[[float], None] | None = None
    ) -> None:
        """Take the settings; nothing is sent yet."""
        options.check()
        self.model = endpoint.model
        self.options = options
        try:
            self.address = read_address(endpoint.url)
        except ValueError as error:
            raise UsageError(f"the base URL cannot be asked: {error}") from error
        self._key = endpoint.key()
        self.redactor = Redactor((self._key, *self.address.secrets))
        self.meter = Meter(options.prices, options.budget)
        self._sleep = sleep
        self._pace = Pace(options.concurrency)
        self._store = ReplyStore(options.cache) if options.cache else None
        self._failures = FailureLog(options.failures, self.redactor)
        self._asked: dict[bytes, asyncio.Task[Answer]] = {}
        self._tasks: set[asyncio.Task[Answer]] = set()
        self._row = 0  # requests in a row that failed in spite of their retries
        self._gone: FunReasonError | None = None
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        if not self.address.versioned:
            _log.warning("the base URL %s has no version at its end; most end in /v1", self.address.public)

    @property
    def usage(self) -> Usage:
        """What was asked up to now."""
        return self.meter.usage

    def ask(self, body: JsonObject, nonce: int = 0) -> Answer:
        """Wait for the answer to a request.

        Args:
            body: The chat completion to ask for, without the model.
            nonce: Tells requests apart that have the same body and are to be answered each for itself.

        Raises:
            EndpointError: No request can succeed; every later one raises it too, without asking.
            RejectedError: The endpoint does not take the request in this form.
            TeacherError: It did not answer in spite of retries.
        """
        future = request_loop().submit(self.answer(body, nonce))
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise EndpointError(f"the connection to {self.address.public} was closed") from None
        except KeyboardInterrupt:
            future.cancel()
            raise

    async def answer(self, body: JsonObject, nonce: int = 0) -> Answer:
        """Return the answer to a request, as ``ask`` does; to be awaited in the loop of the process."""
        body = {"model": self.model, **body}
        key = self._key_of(body, nonce) if self._store else b""
        there = self._stored(key)
        if there is not None:
            return there
        task = self._asked.get(key) if key else None
        if task is None:
            task = asyncio.get_running_loop().create_task(self._answered(body, key))
            self._remember(task, key)
        return await asyncio.shield(task)

    def note_useless(self, body: JsonObject, problem: str, said: str) -> None:
        """Keep a request whose answer was of no use, in the file of failed requests.

        Raises:
            StoreError: The file cannot be written.
        """
        self._note({"model": self.model, **body}, problem, 1, said)

    def close(self) -> None:
        """Break off what is under way and close the connections; a later request opens new ones."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None and not request_loop().here and not request_loop().ended:
            request_loop().submit(self._broken_off(wire)).result()
        if self._store is not None:
            self._store.close()

    # ------------------------------------------------------------------------------------------- what is there already

    def _key_of(self, body: JsonObject, nonce: int) -> bytes:
        asked = [self.address.public, body, nonce]
        return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()

    def _stored(self, key: bytes) -> Answer | None:
        reply = self._store.find(key) if self._store else None
        if reply is None:
            return None
        self.meter.found()
        return Answer(read_completion(reply))

    def _remember(self, task: asyncio.Task[Answer], key: bytes) -> None:
        self._tasks.add(task)
        if key:
            self._asked[key] = task

        def forget(done: asyncio.Task[Answer]) -> None:
            self._tasks.discard(done)
            self._asked.pop(key, None)
            if not done.cancelled():
                done.exception()  # seen: whoever waits for it raises it, and nobody may wait any more

        task.add_done_callback(forget)

    async def _broken_off(self, wire: Wire) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await wire.close()

    # ---------------------------------------------------------------------------------- one request, many attempts

    async def _answered(self, body: JsonObject, key: bytes) -> Answer:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self._pace.slot())
            attempt, probing = 0, False
            while True:
                probing = probing or await self._pace.turn(stack)
                self._go_on()
                began, since = self._pace.round, time.perf_counter()
                outcome = await self._connected().post(body)
                if not isinstance(outcome, Fault):
                    return self._kept(outcome, key, time.perf_counter() - since, attempt + 1)
                self._weigh(outcome, body, attempt, began)
                await self._wait(outcome, body, attempt)
                attempt += 1

    def _go_on(self) -> None:
        if self._gone is not None:
            raise self._gone
        self.meter.check(self._pace.flying - 1)

    def _kept(self, completion: Completion, key: bytes, seconds: float, attempts: int) -> Answer:
        self._row = 0
        self._pace.went_well()
        self.meter.paid(completion)
        if self._store is not None:
            completion = read_completion(self._store.store(key, msgspec.json.encode(completion)))
        return Answer(completion, seconds, attempts)

    def _weigh(self, fault: Fault, body: JsonObject, attempt: int, began: int) -> None:
        """Return if another attempt is to be made.

        Raises:
            EndpointError: No request can succeed.
            RejectedError: The request cannot in this form.
            TeacherError: It was tried often enough.
        """
        if fault.kind == "rejected":
            self._note(body, fault.message, attempt + 1)
            raise RejectedError(fault.message)
        if fault.kind == "final":
            self._note(body, fault.message, attempt + 1)
            self._gone = EndpointError(fault.message)
            raise self._gone
        self._pace.failed(began, overloaded=fault.overloaded)
        asked = f"; it asks to wait {fault.retry_after:g} s (Retry-After)" if fault.retry_after else ""
        too_long = fault.retry_after > self.options.max_wait
        if attempt < self.options.max_retries and not too_long:
            return
        bound = f", more than the {self.options.max_wait:g} s of --max-wait" if too_long else ""
        problem = f"{fault.message}{asked}{bound}"
        self._note(body, problem, attempt + 1)
        self.meter.failed()
        raise self._given_up(problem, attempt + 1)

    def _given_up(self, message: str, attempts: int) -> FunReasonError:
        self._row += 1
        if self._row < self.options.give_up_after:
            return TeacherError(f"{message} (attempts: {attempts})")
        url = self.address.public
        self._gone = EndpointError(f"gave up on {url} after {self._row} failed requests in a row; the last: {message}")
        return self._gone

    async def _wait(self, fault: Fault, body: JsonObject, attempt: int) -> None:
        seconds = waiting_time(body, attempt, fault.retry_after, self.options.max_wait)
        if not fault.retry_after:
            _log.info("attempt %d: %s; next one in %.1f s", attempt + 1, fault.message, seconds)
            await self._pause(seconds)
            return
        if not self._pace.held:
            _log.warning("%s; waiting %.1f s, as it asks (Retry-After)", fault.message, seconds)
        with self._pace.holding():
            await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        if self._sleep is None:
            await asyncio.sleep(seconds)
        else:
            self._sleep(seconds)
            await asyncio.sleep(0)

    def _note(self, body: JsonObject, problem: str, attempts: int, said: str = "") -> None:
        self._failures.add(FailedRequest(self.model, self.address.public, problem, attempts, body, said))

    def _connected(self) -> Wire:
        from fr_synth.teachers.endpoint.wire import Wire

        with self._lock:
            if self._wire is None:
                self._wire = Wire(self.address, self._key, self.model, self.options, self.redactor)
                weakref.finalize(self, _dropped, self._wire).atexit = False
            return self._wire


def _dropped(wire: Wire) -> None:
    loop = request_loop()
    if loop.ended:  # its connections go with the process
        return
    closing = loop.submit(wire.close())
    if not loop.here:
        with contextlib.suppress(concurrent.futures.CancelledError):
            closing.result()
