"""Endpoints that answer well, badly, slowly or not at all; real sockets on 127.0.0.1.

1. A good answer costs one request; a bad one is told what was wrong and asked for again, and no more than that.
2. The strictest form of answer that the server takes is found once for each role.
3. Rate limits, faults of the server, timeouts and lost connections are retried with growing, seeded waits.
4. What no retry can fix ends at once with one line that names the fix, and every later request with it.
5. An endpoint that has gone away is given up after a few requests.
6. Tokens are summed, answers that were of no use included.
7. A teacher can be pickled and shared by threads, and importing its module imports no client.
"""

from __future__ import annotations

import json
import multiprocessing
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import pytest

from fr_envs.errors import TeacherError, UsageError
from fr_synth.teachers.cache import CachedTeacher
from fr_synth.teachers.endpoint.spending import Budget, Prices
from fr_synth.teachers.openai import EndpointError, EndpointOptions, OpenAITeacher, Usage
from fr_synth.teachers.prompts import render
from fr_synth.teachers.protocol import Teacher, TeacherReply, TeacherRequest
from tests.fr_synth.stub_endpoint import (
    Behaviour,
    Reply,
    Script,
    StubEndpoint,
    answering,
    as_json,
    calls,
    completion,
    dead_url,
    draft,
    fails,
    no_choices,
    raw,
    says,
    slow,
    truncated,
    without,
)
from tests.processes import GUARD, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CRITIC = TeacherRequest("critic", {"faults": ["a"]}, guide={"calls": ["SECRET"]}, seed=3)
QUERY = TeacherRequest(
    "query",
    {
        "must_say": ["1,240.00"],
        "never_say": ["SO000012"],
        "draft": {"easy": "1,240.00!", "hard": "Set it to 1,240.00."},
    },
)
TOOLING = TeacherRequest("tooling", {"draft": {"name": "raise_rent", "description": "Raises the rent."}})
REASON = TeacherRequest(
    "reason", {"tools": [{"name": "ls"}], "messages": [{"role": "user", "content": "What is in /a?"}]}
)
ADVICE = {"advice": "Look it up."}
GOOD = says(ADVICE)


class Settings(TypedDict, total=False):
    """What a test may set."""

    api_key: str
    temperature: float | None
    max_repairs: int
    max_tokens: int | None
    options: EndpointOptions


class Clock:
    """Sleeps by noting for how long."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def teacher_at(stub: StubEndpoint, clock: Clock, **settings: Unpack[Settings]) -> OpenAITeacher:
    return OpenAITeacher("stub", stub.url, sleep=clock, **settings)


def ask(
    behaviour: Behaviour, request: TeacherRequest = CRITIC, **settings: Unpack[Settings]
) -> tuple[TeacherReply, StubEndpoint]:
    """The reply to one request, and the endpoint with what it was sent."""
    with StubEndpoint(behaviour) as stub, OpenAITeacher("stub", stub.url, sleep=Clock(), **settings) as teacher:
        return teacher.complete(request), stub


def failure(
    behaviour: Behaviour, request: TeacherRequest = CRITIC, **settings: Unpack[Settings]
) -> tuple[TeacherError, StubEndpoint]:
    with StubEndpoint(behaviour) as stub, OpenAITeacher("stub", stub.url, sleep=Clock(), **settings) as teacher:
        with pytest.raises(TeacherError) as caught:
            teacher.complete(request)
        assert "\n" not in str(caught.value)
        return caught.value, stub


# ----------------------------------------------------------------------------------------------- good answers


def test_a_request_carries_prompt_form_and_settings() -> None:
    reply, stub = ask(GOOD, api_key=" key-1\n", temperature=0.2, max_tokens=99)
    assert reply == TeacherReply(ADVICE, 10, 5)
    (body,) = stub.requests
    assert body["messages"] == render(CRITIC)
    assert (body["model"], body["temperature"], body["max_tokens"], body["seed"]) == ("stub", 0.2, 99, 3)
    assert body["response_format"]["type"] == "json_schema"
    assert stub.headers[0]["authorization"] == "Bearer key-1"
    assert "SECRET" not in str(body)


def test_settings_left_to_the_endpoint_are_not_sent() -> None:
    _, stub = ask(GOOD, temperature=None, max_tokens=None)
    assert {"temperature", "max_tokens"}.isdisjoint(stub.requests[0])
    assert stub.headers[0]["authorization"] == "Bearer none"


def test_address_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with StubEndpoint(GOOD) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        monkeypatch.setenv("OPENAI_API_KEY", "key-2")
        with OpenAITeacher("stub") as teacher:
            teacher.complete(CRITIC)
    assert stub.headers[0]["authorization"] == "Bearer key-2"


@pytest.mark.parametrize("request_", [TOOLING, QUERY, CRITIC], ids=lambda request: request.role)
def test_the_draft_mode_answers_every_role_but_reason(request_: TeacherRequest) -> None:
    reply, stub = ask(draft, request_)
    assert reply.content == request_.material.get("draft", reply.content)
    assert len(stub.requests) == 1


def test_a_function_can_answer() -> None:
    reply, _ = ask(
        answering(lambda messages: json.dumps({"reasoning": "R.", "reply": messages[1]["content"][:12]})), REASON
    )
    assert reply.content == {"reasoning": "R.", "calls": [], "reply": "Conversation"}


def test_native_tool_calls_are_taken() -> None:
    reply, _ = ask(calls(("ls", '{"path": "/a"}'), content="I look into /a."), REASON)
    assert reply.content["calls"] == [{"name": "ls", "arguments": {"path": "/a"}}]
    assert reply.content["reasoning"] == "I look into /a."


def test_text_in_parts_and_thinking_beside_it_are_taken() -> None:
    parts = [{"type": "text", "text": '{"calls": [], '}, {"type": "image"}, '"reply": "Done."}']
    reply, _ = ask(lambda _: completion({"content": parts, "reasoning_content": "All is there."}), REASON)
    assert reply.content == {"reasoning": "All is there.", "calls": [], "reply": "Done."}


# ------------------------------------------------------------------------------------------------ bad answers


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (says("I would look it up."), "no JSON object"),
        (says('{"advice": '), "no JSON object"),
        (says({"advise": "a"}), "advice: Field required"),
        (truncated('{"advice": "Look'), "cut off"),
        (calls(("ls", "{}")), "no JSON object"),
    ],
)
def test_a_bad_answer_is_told_and_asked_for_again(bad: Behaviour, told: str) -> None:
    reply, stub = ask(Script(bad, GOOD))
    assert reply.content == ADVICE
    said, request = stub.requests[1]["messages"][2:]
    assert said["role"] == "assistant"
    assert said["content"]
    assert told in request["content"]


def test_a_query_that_lost_a_value_is_asked_for_again() -> None:
    lost = says({"easy": "Set it to 1240.", "hard": "Set SO000012 to 1,240.00."})
    reply, stub = ask(Script(lost, draft), QUERY)
    assert reply.content == QUERY.material["draft"]
    request = stub.requests[1]["messages"][-1]["content"]
    assert "'easy' lacks \"1,240.00\"" in request
    assert "'hard' must not say \"SO000012\"" in request


def test_a_model_that_never_keeps_to_the_form_is_left() -> None:
    error, stub = failure(says("No."), max_repairs=1)
    assert str(error) == "openai:stub gave no usable answer as critic: it has no JSON object; it said 'No.'"
    assert not isinstance(error, EndpointError)
    assert len(stub.requests) == 2


def test_tokens_of_useless_answers_count(clock: Clock) -> None:
    with StubEndpoint(Script(says("No."), GOOD, says("No."))) as stub, teacher_at(stub, clock) as teacher:
        assert teacher.complete(CRITIC) == TeacherReply(ADVICE, 20, 10)
        with pytest.raises(TeacherError):
            teacher.complete(CRITIC)
        assert teacher.usage == Usage(5, 50, 25)


def test_tokens_that_nobody_tells_are_none() -> None:
    silent = as_json({"choices": [{"message": {"content": '{"advice": "a"}'}}]})
    assert ask(lambda _: silent)[0] == TeacherReply({"advice": "a"})


# --------------------------------------------------------------------------------------------- form of answer


def test_a_server_without_response_formats_gets_plain_text(clock: Clock) -> None:
    with StubEndpoint(without("response_format", draft)) as stub, teacher_at(stub, clock) as teacher:
        for request in (QUERY, QUERY, TOOLING):
            assert teacher.complete(request).content == request.material["draft"]
    forms = [body.get("response_format", {}).get("type") for body in stub.requests]
    assert forms == ["json_schema", "json_schema", "json_object", None, None, "json_schema", "json_object", None]
    assert clock.waits == []


def test_a_server_that_knows_no_patterns_gets_the_schema_without(clock: Clock) -> None:
    def behaviour(body: dict[str, Any]) -> Reply | str:
        return (
            fails(400, "pattern is not supported")(body) if "pattern" in str(body["response_format"]) else draft(body)
        )

    with StubEndpoint(behaviour) as stub, teacher_at(stub, clock) as teacher:
        free = TeacherRequest("query", {"draft": {"easy": "a", "hard": "b"}})
        for request in (QUERY, free, QUERY):
            assert teacher.complete(request).content == request.material["draft"]
    assert len(stub.requests) == 4


@pytest.mark.parametrize("parameter", ["temperature", "max_tokens", "seed"])
def test_a_parameter_that_a_model_refuses_is_dropped_for_good(parameter: str, clock: Clock) -> None:
    with StubEndpoint(without(parameter, GOOD)) as stub, teacher_at(stub, clock) as teacher:
        teacher.complete(CRITIC)
        teacher.complete(CRITIC)
    assert [parameter in body for body in stub.requests] == [True, False, False]
    assert all("response_format" in body for body in stub.requests)


def test_a_request_that_is_refused_in_any_form_fails_alone(clock: Clock) -> None:
    behaviour = Script(*[fails(400, "context length exceeded")] * 3, GOOD)
    with StubEndpoint(behaviour) as stub, teacher_at(stub, clock) as teacher:
        with pytest.raises(TeacherError, match=r"rejects the request \(400: context length exceeded\)") as caught:
            teacher.complete(CRITIC)
        assert not isinstance(caught.value, EndpointError)
        assert teacher.complete(CRITIC).content == ADVICE
    assert stub.requests[-1]["response_format"]["type"] == "json_schema"


# ---------------------------------------------------------------------------------------------------- retries


@pytest.mark.parametrize(
    "bad",
    [
        fails(500, "oops"),
        fails(503),
        fails(408),
        fails(409),
        fails(429, "slow down"),
        raw(b"not json"),
        raw(b"<html>", "text/html"),
        raw(b'{"error": {"message": "upstream"}}'),
        raw(b"[]"),
        no_choices,
        lambda _: as_json({"choices": [{}]}),
    ],
)
def test_a_passing_fault_is_retried_with_growing_waits(bad: Behaviour, clock: Clock) -> None:
    with StubEndpoint(Script(bad, bad, bad, GOOD)) as stub, teacher_at(stub, clock) as teacher:
        assert teacher.complete(CRITIC).content == ADVICE
    assert [low <= wait <= 2 * low for low, wait in zip((0.25, 0.5, 1.0), clock.waits, strict=True)] == [True] * 3


def test_the_jitter_is_that_of_the_request(clock: Clock) -> None:
    other = TeacherRequest("critic", {"faults": ["b"]})
    for request in (CRITIC, CRITIC, other):
        with StubEndpoint(Script(fails(500), GOOD)) as stub, teacher_at(stub, clock) as teacher:
            teacher.complete(request)
    assert clock.waits[0] == clock.waits[1] != clock.waits[2]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Thu, 12 Nov 2099 10:00:30 GMT", "date": "Thu, 12 Nov 2099 10:00:00 GMT"}, 30),
    ],
)
def test_retry_after_is_respected(headers: dict[str, str], seconds: float, clock: Clock) -> None:
    with StubEndpoint(Script(_only(429, headers), GOOD)) as stub, teacher_at(stub, clock) as teacher:
        assert teacher.complete(CRITIC).content == ADVICE
    (wait,) = clock.waits
    assert seconds <= wait <= seconds * 1.25


def _only(status: int, headers: dict[str, str]) -> Behaviour:
    return fails(status, "slow down", headers)


@pytest.mark.parametrize("given", ["soon", "-3", "nan", "inf", "0"])
def test_a_retry_after_that_says_nothing_is_passed_over(given: str, clock: Clock) -> None:
    behaviour = Script(_only(503, {"retry-after": given}), GOOD)
    with StubEndpoint(behaviour) as stub, teacher_at(stub, clock) as teacher:
        teacher.complete(CRITIC)
    assert 0.25 <= clock.waits[0] <= 0.5


def test_a_retry_after_of_hours_fails_the_request() -> None:
    behaviour = _only(429, {"retry-after": "7200"})
    error, stub = failure(behaviour)
    assert str(error).endswith(
        "answers 429: slow down; it asks to wait 7200 s (Retry-After), more than the 300 s of --max-wait (attempts: 1)"
    )
    assert len(stub.requests) == 1


def test_a_slow_answer_is_a_timeout_and_retried(clock: Clock) -> None:
    behaviour = Script(slow(GUARD, GOOD), GOOD)
    with StubEndpoint(behaviour) as stub, teacher_at(stub, clock, options=EndpointOptions(timeout=2)) as teacher:
        assert teacher.complete(CRITIC).content == ADVICE
    assert len(clock.waits) == 1


def test_an_answer_that_takes_its_time_is_waited_for() -> None:
    assert ask(slow(0.05, GOOD))[0].content == ADVICE


def test_a_timeout_names_its_length() -> None:
    error, _ = failure(slow(GUARD, GOOD), options=EndpointOptions(timeout=0.1, max_retries=1))
    assert "did not answer within 0.1 s: raise the timeout" in str(error)
    assert "(attempts: 2)" in str(error)


# --------------------------------------------------------------------------------- what no retry can fix


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (fails(401, "Incorrect API key"), r"refuses the key \(401: Incorrect API key\): set OPENAI_API_KEY"),
        (fails(403, "Forbidden"), r"refuses the key \(403"),
        (fails(404, "The model 'stub' does not exist"), r"is there a model 'stub'\?"),
        (fails(404, "Not Found"), r"a base URL usually ends in /v1"),
        (fails(405, "Method Not Allowed"), r"answers 405: .* a base URL usually ends in /v1"),
        (fails(429, "You exceeded", code="insufficient_quota"), r"has no quota left"),
        (fails(402, ""), r"answers 402"),
    ],
)
def test_a_wrong_setting_ends_the_run_with_one_line(behaviour: Behaviour, told: str, clock: Clock) -> None:
    with StubEndpoint(Script(behaviour, GOOD)) as stub, teacher_at(stub, clock) as teacher:
        for _ in range(3):
            with pytest.raises(EndpointError, match=told) as caught:
                teacher.complete(CRITIC)
            assert "\n" not in str(caught.value)
    assert len(stub.requests) == 1
    assert clock.waits == []


def test_a_base_url_without_version_is_told() -> None:
    with StubEndpoint(GOOD) as stub:
        teacher = OpenAITeacher("stub", stub.url.removesuffix("/v1"))
        with pytest.raises(EndpointError, match="usually ends in /v1"):
            teacher.complete(CRITIC)


def test_a_missing_key_is_told_before_anything_is_sent() -> None:
    with pytest.raises(EndpointError, match="no API key: set OPENAI_API_KEY"):
        OpenAITeacher("gpt-x").complete(CRITIC)


@pytest.mark.parametrize("key", ["kéy", "a\nb"])
def test_a_key_that_cannot_be_one_is_told(key: str) -> None:
    with pytest.raises(EndpointError, match="copy it anew") as caught:
        OpenAITeacher("m", dead_url(), key).complete(CRITIC)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"model": " "}, "name of the model"),
        ({"base_url": "localhost:8000/v1"}, "begins with http:// or https://"),
        ({"temperature": -1}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"top_p": 0}, "top_p"),
        ({"extra_body": [1]}, "extra_body"),
        ({"options": EndpointOptions(timeout=0)}, "timeout"),
        ({"options": EndpointOptions(max_wait=0)}, "max_wait"),
        ({"options": EndpointOptions(max_retries=-1)}, "max_retries"),
        ({"options": EndpointOptions(0)}, "concurrency"),
        ({"options": EndpointOptions(give_up_after=0)}, "give_up_after"),
        ({"options": EndpointOptions(prices=Prices(-1.0))}, "prices"),
        ({"options": EndpointOptions(budget=Budget(tokens=0))}, "budget-tokens"),
        ({"options": EndpointOptions(budget=Budget(usd=1.0))}, "give --price-in"),
    ],
)
def test_a_setting_out_of_range_is_refused(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        OpenAITeacher(**{"model": "m", **settings})


# ------------------------------------------------------------------------------------------------ the breaker


def test_an_endpoint_that_is_not_there_is_given_up(clock: Clock) -> None:
    teacher = OpenAITeacher("stub", dead_url(), sleep=clock, options=EndpointOptions(max_retries=2, give_up_after=2))
    with teacher:
        with pytest.raises(TeacherError, match=r"cannot be reached \(.*refused.*\): is it up") as first:
            teacher.complete(CRITIC)
        with pytest.raises(EndpointError, match=r"gave up on http://127\.0\.0\.1:.* after 2 failed requests") as second:
            teacher.complete(CRITIC)
        assert not isinstance(first.value, EndpointError)
        waits = len(clock.waits)
        with pytest.raises(EndpointError) as third:
            teacher.complete(CRITIC)
    assert str(third.value) == str(second.value)
    assert len(clock.waits) == waits == 4


def test_an_answer_in_between_starts_the_count_anew(clock: Clock) -> None:
    behaviour = Script(fails(500), GOOD, fails(500), GOOD)
    with (
        StubEndpoint(behaviour) as stub,
        teacher_at(stub, clock, options=EndpointOptions(max_retries=0, give_up_after=2)) as teacher,
    ):
        for _ in range(2):
            with pytest.raises(TeacherError):
                teacher.complete(CRITIC)
            assert teacher.complete(CRITIC).content == ADVICE


# -------------------------------------------------------------------------------- processes and threads


def _complete(teacher: Teacher) -> dict[str, Any]:
    return teacher.complete(CRITIC).content


@pytest.fixture
def stub() -> Iterator[StubEndpoint]:
    with StubEndpoint(GOOD) as stub:
        yield stub


def test_a_pickled_teacher_has_the_settings_and_clean_counters(stub: StubEndpoint) -> None:
    with OpenAITeacher("stub", stub.url, "key", options=EndpointOptions(timeout=GUARD)) as teacher:
        teacher.complete(CRITIC)
        copy = pickle.loads(pickle.dumps(teacher))
    assert (copy.model, copy.base_url, copy.api_key, copy.options.timeout) == ("stub", stub.url, "key", GUARD)
    assert copy.usage == Usage(0, 0, 0)
    assert "key" not in repr(copy).replace("api_key", "")
    with copy:
        assert copy.complete(CRITIC).content == ADVICE


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # the point of the test
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_worker_processes_hold_one_each(method: str, stub: StubEndpoint, tmp_path: Path) -> None:
    with OpenAITeacher("stub", stub.url) as inner:
        inner.complete(TeacherRequest("critic", {}))  # so that there is a connection to inherit
        teacher = CachedTeacher(inner, tmp_path / "replies")
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
            assert list(pool.map(_complete, [teacher] * 4)) == [ADVICE] * 4


def test_threads_share_one_and_keep_to_the_limit(stub: StubEndpoint) -> None:
    with OpenAITeacher("stub", stub.url, options=EndpointOptions(concurrency=2)) as teacher:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(_complete, [teacher] * 40)) == [ADVICE] * 40
        assert teacher.usage == Usage(40, 400, 200)


def test_a_closed_teacher_can_be_asked_again(stub: StubEndpoint) -> None:
    teacher = OpenAITeacher("stub", stub.url)
    teacher.close()
    for _ in range(2):
        assert teacher.complete(CRITIC).content == ADVICE
        teacher.close()


def test_a_dropped_teacher_leaves_no_socket_open(stub: StubEndpoint) -> None:
    OpenAITeacher("stub", stub.url).complete(CRITIC)  # an open socket would warn, and warnings are errors


def test_errors_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(EndpointError("gone")))
    assert (type(error), str(error)) == (EndpointError, "gone")


def test_importing_the_module_imports_no_client() -> None:
    clients = {"openai", "httpx", "httpx2", "pydantic"}
    code = f"import sys, fr_synth.teachers.openai; print(sorted({clients} & set(sys.modules)))"
    done = run([sys.executable, "-c", code], check=True)
    assert done.stdout.strip() == "[]"
