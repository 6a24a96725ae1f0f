"""OpenAITeacher: any OpenAI-compatible endpoint as a teacher, or as the model that an agent is.

Two kinds of failure are told apart. A ``TeacherError`` concerns one request: the model would not keep to the form, or
the endpoint did not answer in spite of retries. An ``EndpointError`` concerns all of them: a refused key, an unknown
model, a wrong address, an endpoint that has gone away or says nothing of use, a budget that is spent. It ends the run;
its message is one line and says what to fix.
"""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from typing import TYPE_CHECKING, Any, final

from typing_extensions import override

from fr_envs.errors import TeacherError, UsageError
from fr_synth.teachers.endpoint.client import Client, Endpoint
from fr_synth.teachers.endpoint.completion import one_line
from fr_synth.teachers.endpoint.errors import BudgetError, EndpointError, RejectedError
from fr_synth.teachers.endpoint.options import EndpointOptions
from fr_synth.teachers.endpoint.redaction import public_url, read_address
from fr_synth.teachers.endpoint.spending import Usage
from fr_synth.teachers.prompts import render
from fr_synth.teachers.protocol import TeacherReply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from fr_envs.json_values import JsonObject
    from fr_synth.teachers.answers import Written
    from fr_synth.teachers.endpoint.client import Answer
    from fr_synth.teachers.endpoint.completion import Completion
    from fr_synth.teachers.protocol import Role, TeacherRequest

__all__ = ["BudgetError", "EndpointError", "EndpointOptions", "OpenAITeacher", "Usage"]

_DROPPABLE = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "logprobs")
"""What some models refuse and can be left out."""

_EMPTY = 10  # empty messages in a row, for each failed request that would be borne


@final
@dataclasses.dataclass(eq=False)
class OpenAITeacher:
    """A model behind an OpenAI-compatible endpoint. Picklable; may be shared by threads.

    Attributes:
        model: Name of the model, as the endpoint knows it.
        base_url: Address up to and including the version, such as ``http://127.0.0.1:8000/v1``. None for
            ``OPENAI_BASE_URL`` or else OpenAI itself.
        api_key: The key. None for ``OPENAI_API_KEY``, read in the process that asks; endpoints at an address of their
            own need none.
        temperature: Sampling temperature, from 0; None to leave it to the endpoint.
        max_tokens: Most tokens of an answer, thinking included; None for no limit.
        max_repairs: How often the model is told what was wrong with its answer and asked again.
        top_p: Share of the probability that is sampled from, above 0 and up to 1; None to leave it to the endpoint.
        logprobs: Ask for the log probability of each token written.
        extra_body: Further members of each request, which stand in place of those of the same name.
        options: How the endpoint is asked: how many at once, how long, how often, for how much.
        sleep: Stands in for waiting between attempts: told the seconds; None to wait.

    Raises:
        UsageError: A setting is out of its range.

    Example:
        >>> OpenAITeacher("my-model", "http://127.0.0.1:8000/v1").name
        'openai:my-model'
    """

    model: str
    base_url: str | None = dataclasses.field(default=None, repr=False)
    api_key: str | None = dataclasses.field(default=None, repr=False)
    temperature: float | None = 0.7
    max_tokens: int | None = 4096
    max_repairs: int = 2
    top_p: float | None = None
    logprobs: bool = False
    extra_body: JsonObject = dataclasses.field(default_factory=dict)
    options: EndpointOptions = dataclasses.field(default_factory=EndpointOptions)
    sleep: Callable[[float], None] | None = dataclasses.field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check the settings and start with clean counters."""
        self._check_settings()
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._pid = 0
        self._formats: dict[Role, int] = {}  # index of the strictest response format that the endpoint took
        self._dropped: frozenset[str] = frozenset()
        self._renamed = False  # the endpoint wants max_completion_tokens in place of max_tokens
        self._empty = 0  # messages in a row in which nothing stands
        self._useless = 0  # answers in a row that were of no use in spite of repairs
        self.thinking_field = "reasoning_content"  # where the endpoint gives thoughts, and gets them back
        self.hands_back = True  # it has not refused them yet

    def _check_settings(self) -> None:
        self.options.check()
        url = Endpoint(self.model, self.base_url or "").url
        checks = (
            (bool(self.model.strip()), "the name of the model is missing: write it after openai:"),
            (_is_address(url), f"base URL {public_url(url)!r}: it begins with http:// or https:// and a host"),
            (self.temperature is None or self.temperature >= 0, "temperature: from 0"),
            (self.top_p is None or 0 < self.top_p <= 1, "top_p: above 0 and up to 1"),
            (self.max_tokens is None or self.max_tokens > 0, "max_tokens: from 1"),
            (self.max_repairs >= 0, "max_repairs: from 0"),
            (isinstance(self.extra_body, dict), "extra_body: one JSON object"),
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
        return self._client.usage if self._client is not None else Usage()

    def complete(self, request: TeacherRequest) -> TeacherReply:
        """Answer one request.

        Raises:
            EndpointError: No request can succeed: key, model or address are wrong, the endpoint has gone away, or
                nothing that it says is of use.
            TeacherError: This one got no answer, or none in the form that the role asks for.
        """
        from fr_synth.teachers.answers import AnswerError, read_answer, response_formats

        formats = response_formats(request)
        messages = render(request)
        tokens_in = tokens_out = 0
        fault, said = "", ""
        for _ in range(1 + self.max_repairs):
            completion = self._ask(request, messages, formats)
            tokens_in += completion.tokens_in
            tokens_out += completion.tokens_out
            answer = _written(completion)
            try:
                content = read_answer(request, answer)
            except AnswerError as error:
                fault, said = str(error), _said(answer)
            else:
                self._useless = 0
                return TeacherReply(content, tokens_in, tokens_out)
            messages = [*messages, *_repair(said, fault)]
        raise self._of_no_use(request, messages, fault, said)

    def _of_no_use(self, request: TeacherRequest, messages: list[JsonObject], fault: str, said: str) -> Exception:
        problem = f"{self.name} gave no usable answer as {request.role}: {fault}"
        self._connected().note_useless({"messages": messages}, problem, said)
        with self._lock:
            self._useless += 1
            row = self._useless
        if row < 2 * self.options.give_up_after:
            return TeacherError(f"{problem}; it said {one_line(said)!r}")
        return EndpointError(
            f"{self.name} gave {row} answers of no use in a row, the last as {request.role}: {fault}; "
            f"it said {one_line(said)!r}: is it a model that can follow instructions?"
        )

    def chat(self, messages: list[JsonObject], tools: list[JsonObject], seed: int = 0) -> Answer:
        """Return how the model goes on, calls of tools included.

        Args:
            messages: The conversation so far, in the endpoint's own form: arguments of calls as text.
            tools: The tools offered, as OpenAI tools; may be empty.
            seed: Seed of the answer, from 0. Two requests with different seeds are never answered by one answer.

        Raises:
            EndpointError: No request can succeed: key, model or address are wrong, or the endpoint has gone away.
            TeacherError: This one got no answer.
        """
        while True:
            body = self._body(messages, None, seed)
            try:
                answer = self._connected().ask({**body, "tools": tools} if tools else body, seed)
            except RejectedError as error:
                kept = self._without_thoughts(messages, error)
                if kept == messages and not self._adapted(body, error):
                    raise TeacherError(str(error)) from error
                messages = kept
                continue
            if answer.completion.choices[0].message.reasoning:
                self.thinking_field = "reasoning"
            self._check_says_something(answer.completion)
            return answer

    def _check_says_something(self, completion: Completion) -> None:
        """Count messages in which nothing is said and nothing called: an agent would go on paying for them.

        Raises:
            EndpointError: There were too many in a row.
        """
        with self._lock:
            empty = not (completion.text.strip() or completion.tool_calls)
            self._empty = self._empty + 1 if empty else 0
            row = self._empty
        if row >= _EMPTY * self.options.give_up_after:
            thought = f" after {len(completion.thinking)} letters of thought" if completion.thinking else ""
            raise EndpointError(
                f"{self.name} wrote {row} empty messages in a row, the last{thought} "
                f"(finish reason {one_line(completion.finish_reason)!r}): does its server read calls and thoughts "
                "apart, is --max-output-tokens too small?"
            )

    def _without_thoughts(self, messages: list[JsonObject], error: RejectedError) -> list[JsonObject]:
        """Return messages without thoughts where the endpoint will not have them back; never send them again."""
        if self.thinking_field not in str(error):
            return messages
        kept = [{key: value for key, value in each.items() if key != self.thinking_field} for each in messages]
        if kept != messages:
            self.hands_back = False
        return kept

    def close(self) -> None:
        """Close the connections; a later request opens new ones. Happens by itself when the teacher is dropped."""
        if self._client is not None:
            self._client.close()

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
    ) -> Completion:
        level = self._formats.get(request.role, 0)
        level = min(level, len(formats) - 1)
        while True:
            body = self._body(messages, formats[level], request.seed)
            try:
                answer = self._connected().ask(body, request.seed)
            except RejectedError as error:
                if self._adapted(body, error):
                    continue
                if level + 1 >= len(formats):
                    raise TeacherError(str(error)) from error
                level += 1
                continue
            self._formats[request.role] = level
            return answer.completion

    def _adapted(self, body: JsonObject, error: RejectedError) -> bool:
        """Leave out what the endpoint does not take, or call it as it wants; return False if there is no such thing."""
        said = str(error)
        if "max_completion_tokens" in said and "max_tokens" in body:
            self._renamed = True
            return True
        refused = next((name for name in _DROPPABLE if name in body and name in said), None)
        if refused is None:
            return False
        self._dropped |= {refused}
        return True

    def _body(self, messages: list[JsonObject], response_format: JsonObject | None, seed: int) -> JsonObject:
        optional = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_completion_tokens" if self._renamed else "max_tokens": self.max_tokens,
            "seed": seed % 2**31,
            "logprobs": self.logprobs or None,
            "response_format": response_format,
        }
        wanted = {name: value for name, value in optional.items() if value is not None}
        sent = {name: value for name, value in {**wanted, **self.extra_body}.items() if name not in self._dropped}
        return {"messages": messages, **sent}

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None or self._pid != os.getpid():  # connections do not survive a fork
                self._pid = os.getpid()
                endpoint = Endpoint(self.model, self.base_url or "", self.api_key or "")
                self._client = Client(endpoint, self.options, self.sleep)
            return self._client


def _is_address(url: str) -> bool:
    try:
        read_address(url)
    except ValueError:
        return False
    return True


def _written(completion: Completion) -> Written:
    from fr_synth.teachers.answers import Written

    return Written(
        completion.text, completion.thinking, completion.tool_calls, truncated=completion.finish_reason == "length"
    )


def _said(answer: Written) -> str:
    return answer.text or (json.dumps(list(answer.tool_calls)) if answer.tool_calls else "(nothing)")


def _repair(said: str, fault: str) -> list[JsonObject]:
    """Return the messages that say what is wrong with an answer and ask for another one."""
    request = f"That cannot be used: {fault}. Answer again, with the whole JSON object and nothing around it."
    return [{"role": "assistant", "content": said}, {"role": "user", "content": request}]
