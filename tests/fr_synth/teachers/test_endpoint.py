"""What endpoints really send, and what one client makes of it.

1. Whatever comes back that is no answer is a failed request: one line without a key in it, and never another exception.
2. A timeout bounds an attempt from its first byte to its last.
3. `Retry-After` is told and bounded.
4. An overloaded endpoint is asked less at once, then more again; one that is down is probed by one request.
5. What was answered once is not asked again; what may be spent is not exceeded by more than what is under way.
6. Failed requests stand in a file, whole lines, and no key stands anywhere.
7. Rules, not times: where a test waits, it waits for what happens.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs.errors import FunReasonError, TeacherError, UsageError
from fr_synth.teachers.endpoint.client import Client, Endpoint
from fr_synth.teachers.endpoint.completion import read_completion
from fr_synth.teachers.endpoint.errors import BudgetError, EndpointError, RejectedError
from fr_synth.teachers.endpoint.failures import FailedRequest
from fr_synth.teachers.endpoint.options import EndpointOptions
from fr_synth.teachers.endpoint.pacing import Pace
from fr_synth.teachers.endpoint.redaction import Redactor, public_url, read_address
from fr_synth.teachers.endpoint.spending import Budget, Meter, Prices, read_prices
from fr_synth.teachers.openai import OpenAITeacher
from fr_synth.teachers.protocol import TeacherRequest
from tests.fr_synth.stub_endpoint import (
    Behaviour,
    JsonObject,
    Reply,
    Script,
    StubEndpoint,
    as_json,
    completion,
    fails,
    raw,
    says,
    slow,
)
from tests.processes import GUARD

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-proj-7Hq2WvXz91"
GOOD = completion({"content": "Yes."})
QUESTION: JsonObject = {"messages": [{"role": "user", "content": "Is it?"}]}


def nothing(seconds: float) -> None:
    """Wait for nothing."""


def asked(behaviour: Behaviour, **options: Any) -> tuple[str, StubEndpoint]:
    """What a client says about an endpoint that never answers, and the endpoint."""
    quick = {"max_retries": 1, "give_up_after": 9, **options}
    with StubEndpoint(behaviour) as stub:
        client = Client(Endpoint("m", stub.url, KEY), EndpointOptions(**quick), nothing)
        try:
            with pytest.raises(FunReasonError) as caught:
                client.ask(QUESTION)
        finally:
            client.close()
    return str(caught.value), stub


def bare(text: bytes) -> Behaviour:
    return lambda _: Reply(text, bare=True)


def answer(**members: Any) -> Behaviour:
    return lambda _: as_json({"choices": [{"message": {"content": "Yes."}}], **members})


def message(**members: Any) -> Behaviour:
    return lambda _: as_json({"choices": [{"message": members}]})


def deep(text: bytes, inside: bytes = b"%s") -> Behaviour:
    nested = b"[" * 100_000 + text + b"]" * 100_000
    return raw(inside % nested)


def body_of(content: bytes) -> bytes:
    return b'{"choices": [{"message": {"content": %s}}]}' % content


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"

NO_ANSWERS: dict[str, tuple[Behaviour, str]] = {
    "nothing at all": (raw(b""), "no chat completion"),
    "white space": (raw(b"  \n"), "no chat completion"),
    "a page": (raw(b"<html><body>Welcome!</body></html>", "text/html"), "Welcome!"),
    "half a body": (raw(b'{"choices": [{"message": {"cont'), "no chat completion"),
    "a list": (raw(b"[]"), "no chat completion"),
    "null": (raw(b"null"), "no chat completion"),
    "a text": (raw(b'"Yes."'), "no chat completion"),
    "a number": (raw(b"7"), "no chat completion"),
    "an error with 200": (lambda _: as_json({"error": {"message": "out of memory"}}), "out of memory"),
    "an error as text": (lambda _: as_json({"error": "queue full"}), "queue full"),
    "a detail": (lambda _: as_json({"detail": "not ready"}), "not ready"),
    "events": (raw(b'data: {"choices": []}\n\n', "text/event-stream"), "no chat completion"),
    "null choices": (answer(choices=None), "$.choices"),
    "no choices": (answer(choices=[]), "$.choices"),
    "choices as an object": (answer(choices={"message": {"content": "Yes."}}), "$.choices"),
    "choices as text": (answer(choices="Yes."), "$.choices"),
    "a choice as text": (answer(choices=["Yes."]), "$.choices[0]"),
    "a null choice": (answer(choices=[None]), "$.choices[0]"),
    "a choice without a message": (answer(choices=[{}]), "message"),
    "a null message": (answer(choices=[{"message": None}]), "message"),
    "a message as text": (answer(choices=[{"message": "Yes."}]), "message"),
    "a number for the content": (message(content=7), "content"),
    "an object for the content": (message(content={"text": "Yes."}), "content"),
    "truth for the content": (message(content=True), "content"),
    "numbers as parts": (message(content=[1, 2]), "content"),
    "a part's text a number": (message(content=[{"type": "text", "text": 1}]), "content"),
    "a number for the thoughts": (message(content="Yes.", reasoning_content=3), "reasoning_content"),
    "calls as text": (message(tool_calls="ls()"), "tool_calls"),
    "calls as an object": (message(tool_calls={"function": {}}), "tool_calls"),
    "a call as text": (message(tool_calls=["ls"]), "tool_calls"),
    "a function as text": (message(tool_calls=[{"function": "ls"}]), "tool_calls"),
    "a number for a name": (message(tool_calls=[{"function": {"name": 3}}]), "tool_calls"),
    "a list for arguments": (message(tool_calls=[{"function": {"name": "ls", "arguments": [1]}}]), "tool_calls"),
    "a number for the reason": (answer(choices=[{"message": {}, "finish_reason": 1}]), "finish_reason"),
    "usage as text": (answer(usage="15 tokens"), "usage"),
    "tokens as text": (answer(usage={"prompt_tokens": "10"}), "usage"),
    "tokens below zero": (answer(usage={"prompt_tokens": -1}), "usage"),
    "tokens beyond all bounds": (answer(usage={"completion_tokens": 10**40}), "usage"),
    "deeper than deep": (deep(b""), "no chat completion"),
    "a deep part": (deep(b"", body_of(b"%s")), "no chat completion"),
    "deep where nobody looks": (deep(b"", b'{"x": %s, "choices": []}'), "no chat completion"),
    "half a surrogate pair": (raw(body_of(rb'"\ud83d"')), "no chat completion"),
    "a surrogate alone, low": (raw(body_of(rb'"a\udc00b"')), "no chat completion"),
    "bytes that are no UTF-8": (raw(body_of(b'"\xff\xfe"')), "no chat completion"),
    "not a number": (raw(b'{"choices": [{"message": {"content": NaN}}]}'), "no chat completion"),
    "something behind it": (raw(body_of(b'"a"') + b" {}"), "no chat completion"),
    "no content (204)": (lambda _: Reply(b"", 204), "no chat completion"),
    "no gzip": (lambda _: Reply(b"plain", headers={"content-encoding": "gzip"}), "cannot be reached"),
    "half a gzip": (
        lambda _: Reply(gzip.compress(b"x" * 999)[:20], headers={"content-encoding": "gzip"}),
        "chat compl",
    ),
    "hangs up at once": (bare(b""), "cannot be reached"),
    "hangs up in the headers": (bare(HEAD), "cannot be reached"),
    "hangs up in the body": (bare(HEAD + b"content-length: 99\r\n\r\n{"), "cannot be reached"),
    "hangs up in a chunk": (bare(HEAD + b"transfer-encoding: chunked\r\n\r\nff\r\n{"), "cannot be reached"),
    "no HTTP": (bare(b"SSH-2.0-OpenSSH_9.6\r\n"), "cannot be reached"),
    "a length that is none": (bare(HEAD + b"content-length: many\r\n\r\n{}"), "cannot be reached"),
    "terminal codes": (fails(500, "\x1b[31mred\x1b]0;x\x07"), "red"),
    "an error whose body is broken": (lambda _: Reply(b"\xff\xfe{", 500), "answers 500"),
    "an error that is deep": (lambda _: Reply(b"[" * 100_000, 502), "answers 502"),
    "an error without words": (lambda _: Reply(b"", 503), "answers 503"),
    "an unknown status": (lambda _: Reply(b"{}", 599), "answers 599"),
    "a redirection": (lambda _: Reply(b"", 307, {"location": "http://127.0.0.1:1/v1"}), "answers 307"),
    "a forwarding without a place": (lambda _: Reply(b"", 302), "answers 302"),
    "a refusal in any form": (fails(422, "no"), "rejects the request"),
    "the key echoed (401)": (fails(401, f"Incorrect API key provided: {KEY}"), "refuses the key"),
    "the key echoed (500)": (fails(500, "x" * 280 + KEY), "answers 500"),
    "the key echoed as a page": (raw(f"<p>{KEY}</p>".encode()), "***"),
    "the key in a place to go to": (lambda _: Reply(b"", 308, {"location": f"http://h/?k={KEY}"}), "answers 308"),
    "a wait that no one can mean": (fails(429, "later", {"retry-after": "Wed, 99 Foo 2026 99:99:99"}), "answers 429"),
    "a wait beyond all bounds": (fails(429, "later", {"retry-after": "1e308"}), "--max-wait"),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_what_is_no_answer_is_a_failed_request(name: str) -> None:
    behaviour, told = NO_ANSWERS[name]
    said, stub = asked(behaviour)
    assert told in said
    assert "\n" not in said
    assert said.isprintable()
    assert KEY[:10] not in said
    assert len(said) < 1_000
    assert 1 <= len(stub.requests) <= 2


@pytest.mark.parametrize(
    "behaviour",
    [
        message(content=None, tool_calls=None),
        message(),
        message(content=[{"type": "text", "text": "Yes."}, "and", {"type": "image_url"}]),
        answer(usage=None),
        answer(usage={"prompt_tokens": None}),
        answer(service_tier={"a": [1]}, choices=[{"message": {"content": "Yes.", "audio": 3}, "index": "0"}]),
        message(refusal="I cannot."),
        lambda _: Reply(gzip.compress(GOOD.body), headers={"content-encoding": "gzip"}),
        lambda _: GOOD._replace(status=201, headers={}),
        bare(HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD.body), GOOD.body)),
        bare(b"HTTP/1.0 200 OK\r\n\r\n" + GOOD.body),
    ],
)
def test_answers_in_odd_clothes_are_answers(behaviour: Behaviour) -> None:
    with StubEndpoint(behaviour) as stub:
        client = Client(Endpoint("m", stub.url), EndpointOptions(max_retries=0), nothing)
        assert client.ask(QUESTION).completion.choices
        client.close()


def test_a_server_that_drips_is_timed_out() -> None:
    said, _ = asked(lambda _: GOOD._replace(drip=GUARD / len(GOOD.body)), timeout=0.2, max_retries=0)
    assert "did not answer within 0.2 s" in said


def test_retry_after_is_told_and_bounded(caplog: pytest.LogCaptureFixture) -> None:
    waits: list[float] = []
    late = fails(429, "slow down", {"retry-after": "40"})
    with StubEndpoint(Script(late, late, lambda _: GOOD)) as stub, caplog.at_level(logging.WARNING):
        client = Client(Endpoint("m", stub.url), EndpointOptions(max_wait=41), waits.append)
        assert client.ask(QUESTION).attempts == 3
        client.close()
    assert all(40 <= wait <= 41 for wait in waits)
    assert "429: slow down" in caplog.text
    assert "as it asks (Retry-After)" in caplog.text


def test_a_base_url_without_a_version_is_suspected_aloud(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Client(Endpoint("m", "http://ada:pass-word-1@127.0.0.1:1/api"), EndpointOptions())
        Client(Endpoint("m", "http://127.0.0.1:1/v1/"), EndpointOptions())
    assert [record.getMessage() for record in caplog.records] == [
        "the base URL http://127.0.0.1:1/api has no version at its end; most end in /v1"
    ]


# ------------------------------------------------------------------------------------------------------- no secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://host/v1", "http://host/v1"),
        ("http://host:80/v1/", "http://host:80/v1"),
        ("https://ada:se%40cret@host/v1", "https://host/v1"),
        ("https://token-only@host/v1", "https://host/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://host/v1?api_key=abc&x=1#f", "http://host/v1"),
        ("https://host/4f9a8b7c6d5e4f3a2b1c/openai/v1", "https://host/***/openai/v1"),
        ("host:8000/v1", "host:8000/v1"),
        ("ada:secret@host/v1", "host/v1"),
        ("ftp://ada:secret@host/v1?k=1", "ftp://host/v1"),
        ("", ""),
    ],
)
def test_a_base_url_is_shown_without_what_it_hides(url: str, shown: str) -> None:
    assert public_url(url) == shown


def test_what_a_base_url_holds_is_sent_and_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secrets = ("pass-word-1", "query-key-22")
    log = tmp_path / "failed.jsonl"

    def echo(_: JsonObject) -> Reply:
        return as_json({"error": {"message": f"no: {' '.join(secrets)} {stub.headers[-1]['authorization']}"}}, 500)

    with StubEndpoint(echo) as stub, caplog.at_level(logging.DEBUG):
        host = stub.url.removeprefix("http://")
        url = f"http://ada:{secrets[0]}@{host}?key={secrets[1]}"
        client = Client(Endpoint("m", url), EndpointOptions(max_retries=0, failures=str(log)), nothing)
        with pytest.raises(TeacherError) as caught:
            client.ask(QUESTION)
        client.close()
    assert stub.headers[0]["authorization"].startswith("Basic ")
    basic = stub.headers[0]["authorization"].removeprefix("Basic ")
    for text in (str(caught.value), log.read_text(encoding="utf-8"), caplog.text, repr(OpenAITeacher("m", url))):
        assert not any(secret in text for secret in (*secrets, basic))
    assert str(caught.value).count("***") == 3


@pytest.mark.parametrize("written", [KEY, "\\u0073" + KEY[1:]])
def test_a_key_in_an_answer_is_taken_out_before_it_is_kept(written: str, tmp_path: Path) -> None:
    with StubEndpoint(raw(body_of(f'"It is {written}."'.encode()))) as stub:
        options = EndpointOptions(cache=str(tmp_path / "cache"))
        client = Client(Endpoint("m", stub.url, KEY), options)
        assert client.ask(QUESTION).completion.text == "It is ***."
        client.close()
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_words_are_no_keys() -> None:
    assert Redactor(["none", "EMPTY", "abc", ""]).told("none of EMPTY abc") == "none of EMPTY abc"
    assert Redactor(["key1"]).answered("key1") == "key1"
    assert Redactor(["a b/c?d"]).told("a%20b%2Fc%3Fd, a b/c?d") == "***, ***"


# ------------------------------------------------------------------------------------------------ cache and budget


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    options = EndpointOptions(cache=str(tmp_path / "cache.sqlite"))
    with StubEndpoint(says("Yes.")) as stub:
        for body, nonce in ((QUESTION, 0), (QUESTION, 0), (QUESTION, 1), ({**QUESTION, "top_p": 0.5}, 0)):
            client = Client(Endpoint("m", stub.url), options)
            first, second = client.ask(body, nonce), client.ask(body, nonce)
            assert first.completion == second.completion
            assert second.attempts == 0
            client.close()
        other = Client(Endpoint("other", stub.url), options)
        assert other.ask(QUESTION).attempts == 1
        other.close()
    assert len(stub.requests) == 4


def test_two_that_ask_the_same_at_once_are_answered_once(tmp_path: Path) -> None:
    both = threading.Barrier(3)
    with StubEndpoint(slow(0.2, says("Yes."))) as stub:
        client = Client(Endpoint("m", stub.url), EndpointOptions(cache=str(tmp_path / "cache")))

        def ask(_: int) -> str:
            both.wait()
            return client.ask(QUESTION).completion.text

        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(ask, range(3))) == ["Yes."] * 3
        client.close()
    assert len(stub.requests) == 1


def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    with StubEndpoint(Script(fails(500), says("Yes."))) as stub:
        client = Client(Endpoint("m", stub.url), EndpointOptions(cache=str(tmp_path / "c"), max_retries=0), nothing)
        with pytest.raises(TeacherError):
            client.ask(QUESTION)
        assert client.ask(QUESTION).completion.text == "Yes."
        client.close()


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("something else, and long enough to be looked at", encoding="utf-8")
    with pytest.raises(UsageError, match="is no cache of replies"):
        Client(Endpoint("m", "http://127.0.0.1:1/v1"), EndpointOptions(cache=str(tmp_path / "c")))


@pytest.mark.parametrize(
    ("budget", "told"),
    [(Budget(tokens=30), "budget of 30 tokens is spent (30)"), (Budget(usd=0.0001), "budget of 0.0001 dollars")],
)
def test_a_budget_ends_the_run(budget: Budget, told: str, tmp_path: Path) -> None:
    options = EndpointOptions(prices=Prices(2.0, 8.0), budget=budget, cache=str(tmp_path / "c"))
    with StubEndpoint(says("Yes.")) as stub:
        client = Client(Endpoint("m", stub.url), options)
        assert [client.ask(QUESTION, nonce).attempts for nonce in (1, 2)] == [1, 1]
        with pytest.raises(BudgetError) as caught:
            client.ask(QUESTION, 3)
        assert client.ask(QUESTION, 1).attempts == 0, "what is there costs nothing"
        client.close()
    assert told in str(caught.value)
    assert len(stub.requests) == 2
    assert client.usage.usd == pytest.approx(0.00012)
    assert (client.usage.tokens_in, client.usage.tokens_out, client.usage.cached) == (20, 10, 1)


def test_what_is_under_way_counts_against_a_budget() -> None:
    meter = Meter(Prices(), Budget(tokens=100))
    meter.check(50)
    for _ in range(4):
        meter.paid(read_completion(GOOD.body))
    meter.check(2)
    with pytest.raises(BudgetError, match="60, and 3 requests are under way"):
        meter.check(3)


def test_prices_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text("small: {in: 0.5, out: 2}\nodd: {in: -1, out: 2}\nhalf: {in: 1}\n", encoding="utf-8")
    assert read_prices(path, "small") == Prices(0.5, 2.0)
    for model, told in (("large", "no prices of 'large'"), ("odd", "two numbers"), ("half", "two numbers")):
        with pytest.raises(UsageError, match=told):
            read_prices(path, model)
    with pytest.raises(UsageError, match="cannot be read"):
        read_prices(tmp_path / "none.yaml", "small")


def test_failed_requests_stand_in_a_file(tmp_path: Path) -> None:
    log = tmp_path / "run" / "failed.jsonl"
    options = EndpointOptions(max_retries=1, give_up_after=9, failures=str(log))
    with StubEndpoint(Script(fails(500, "a"), fails(500, "b"), fails(400, "c"), says("Yes."))) as stub:
        client = Client(Endpoint("m", stub.url), options, nothing)
        with pytest.raises(TeacherError):
            client.ask(QUESTION)
        with pytest.raises(RejectedError):
            client.ask(QUESTION)
        client.ask(QUESTION)
        client.close()
    kept = [msgspec.json.decode(line, type=FailedRequest) for line in log.read_bytes().splitlines()]
    assert [(each.attempts, each.model, each.url) for each in kept] == [(2, "m", stub.url), (1, "m", stub.url)]
    assert kept[0].request == {"model": "m", **QUESTION}
    assert "500: b" in kept[0].problem


def test_an_endpoint_that_says_nothing_of_use_ends_the_run(tmp_path: Path) -> None:
    log = tmp_path / "failed.jsonl"
    request = TeacherRequest("critic", {"faults": ["a"]})
    options = EndpointOptions(give_up_after=1, failures=str(log))
    with (
        StubEndpoint(says("Bonjour !")) as stub,
        OpenAITeacher("m", stub.url, max_repairs=0, options=options) as teacher,
    ):
        with pytest.raises(TeacherError, match="it said 'Bonjour !'"):
            teacher.complete(request)
        with pytest.raises(EndpointError, match=r"2 answers of no use in a row.*it said 'Bonjour !'"):
            teacher.complete(request)
    assert [json.loads(line)["said"] for line in log.read_bytes().splitlines()] == ["Bonjour !"] * 2


def test_a_closed_client_tells_those_who_wait() -> None:
    heard = threading.Event()

    def wait(_: JsonObject) -> Reply:
        heard.set()
        return GOOD._replace(delay=GUARD)

    with StubEndpoint(wait) as stub:
        client = Client(Endpoint("m", stub.url), EndpointOptions())
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(client.ask, QUESTION)
            heard.wait(GUARD)
            client.close()
            with pytest.raises(EndpointError, match="was closed"):
                waiting.result()


# ------------------------------------------------------------------------------------------------------------ pace


def test_an_overloaded_endpoint_is_asked_half_as_much_at_once() -> None:
    pace = Pace(16)
    began = pace.round
    for _ in range(16):
        pace.failed(began, overloaded=True)
    assert pace.limit == 8, "one cut for all that were under way"
    for _ in range(200):
        pace.went_well()
    assert pace.limit == 16
    for _ in range(9):
        pace.failed(pace.round, overloaded=True)
    assert pace.limit == 1


def test_the_breaker_lets_one_through() -> None:
    async def tried() -> tuple[int, int]:
        pace = Pace(4)
        for _ in range(8):
            pace.failed(0, overloaded=False)
        assert pace.is_open()
        inside, most, done = 0, 0, 0

        async def one() -> None:
            nonlocal inside, most, done
            from contextlib import AsyncExitStack

            async with AsyncExitStack() as stack:
                await pace.turn(stack)
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1
                done += 1

        await asyncio.gather(*(one() for _ in range(6)))
        return most, done

    assert asyncio.run(tried()) == (1, 6)


def test_slots_are_handed_on_and_never_lost() -> None:
    async def tried() -> tuple[int, list[int]]:
        pace = Pace(3)
        inside, most, order = 0, 0, []

        async def one(number: int) -> None:
            nonlocal inside, most
            async with pace.slot():
                inside += 1
                most = max(most, inside)
                order.append(number)
                try:
                    await asyncio.sleep(0)
                finally:
                    inside -= 1

        tasks = [asyncio.create_task(one(number)) for number in range(9)]
        await asyncio.sleep(0)
        tasks[4].cancel()
        tasks[0].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with pace.slot(), pace.slot(), pace.slot():
            pass
        return most, order

    assert asyncio.run(tried()) == (3, [0, 1, 2, 3, 5, 6, 7, 8])


def test_an_endpoint_that_bears_less_is_served_whole() -> None:
    """It refuses whatever goes beyond two at once; all are answered in the end."""
    lock = threading.Lock()
    now = [0]

    def limited(_: JsonObject) -> Reply:
        with lock:
            now[0] += 1
            busy = now[0] > 2
        threading.Event().wait(0.005)
        with lock:
            now[0] -= 1
        return as_json({"error": {"message": "busy"}}, 429) if busy else GOOD

    with StubEndpoint(limited) as stub:
        client = Client(Endpoint("m", stub.url), EndpointOptions(16, max_retries=50), nothing)
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda nonce: client.ask(QUESTION, nonce).completion.text, range(60)))
        client.close()
    assert answers == ["Yes."] * 60


def test_an_address_that_cannot_be_is_refused() -> None:
    for url in ("127.0.0.1:8000/v1", "http://", "http://h:99999/v1", "http://[::1/v1"):
        with pytest.raises(ValueError, match=r"."):
            read_address(url)
        with pytest.raises(UsageError):
            OpenAITeacher("m", url)
