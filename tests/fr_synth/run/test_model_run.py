"""A model as the teacher, through the whole pipeline and over real HTTP on this machine.

1. A model that answers as the scripted teacher does gets the same dialogues, and they pass every proof.
2. A model that answers badly is dropped by the chain, and nothing of what it said is kept.
3. An endpoint that is down is one clear error, soon.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.errors import FunReasonError, UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.run.config import RunConfig
from fr_synth.run.folder.journal import FILES, JOURNAL, MANIFEST
from fr_synth.run.job import synthesise
from fr_synth.run.making import make_index
from fr_synth.sample.schedule import draw_targets
from fr_synth.sample.targets import targets_of
from fr_synth.teachers.endpoint.errors import BudgetError
from fr_synth.teachers.endpoint.spending import Budget
from fr_synth.teachers.openai import EndpointOptions, OpenAITeacher
from fr_synth.teachers.prompts import render
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.verify.proofs import prove
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.stub_endpoint import StubEndpoint, answering, dead_url, draft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.sample.schedule import Offers
    from fr_synth.teachers.protocol import Teacher, TeacherReply, TeacherRequest

WORLDS: dict[str, Domain[Any]] = {
    "library": LIBRARY,
    "filesystem": load_domain("filesystem"),
    "travel": load_domain("travel"),
}


def key_of(messages: Sequence[JsonObject]) -> str:
    return json.dumps(messages, sort_keys=True)


class Recording:
    """The scripted teacher, and what it answered to every prompt."""

    def __init__(self) -> None:
        self.inner = ScriptedTeacher()
        self.answers: dict[str, str] = {}
        self.requests: list[TeacherRequest] = []

    @property
    def name(self) -> str:
        return self.inner.name

    def complete(self, request: TeacherRequest) -> TeacherReply:
        self.requests.append(request)
        reply = self.inner.complete(request)
        text = json.dumps(reply.content)
        assert self.answers.setdefault(key_of(render(request)), text) == text, "one prompt, two answers"
        return reply


def dialogues_of(world: str, teacher: Teacher, count: int) -> list[Dialogue | Dropped]:
    domain = WORLDS[world]
    graph = ApiGraph(domain.spec)
    offers: list[Offers] = [{"tool": targets_of(domain)}]
    plans = [
        DialoguePlan(f"{world}-{i}", (21, i, 0), draw_targets(21, i, offers, (2, 2)).targets) for i in range(count)
    ]
    return [make_dialogue(domain, graph, plan, Settings(calls=(2, 3)), teacher) for plan in plans]


def model(url: str, **settings: Any) -> OpenAITeacher:
    return OpenAITeacher("stub", url, sleep=lambda _: None, **settings)


@pytest.mark.slow
@pytest.mark.parametrize("world", sorted(WORLDS))
def test_a_model_that_answers_like_the_scripted_teacher_gets_the_same_dialogues(world: str) -> None:
    recording = Recording()
    expected = dialogues_of(world, recording, 6)
    assert sum(isinstance(each, Dialogue) for each in expected) >= 4

    def from_memory(messages: Sequence[JsonObject]) -> str:
        return recording.answers[key_of(messages)]

    with StubEndpoint(answering(from_memory)) as stub, model(stub.url) as teacher:
        made = dialogues_of(world, teacher, 6)
        asked = [key_of(body["messages"]) for body in stub.requests]
    assert set(asked) == set(recording.answers), "no repair, no prompt besides"
    proven = 0
    for ours, theirs in zip(made, expected, strict=True):
        if isinstance(theirs, Dropped):
            assert ours == theirs
            continue
        assert isinstance(ours, Dialogue)
        assert ours == msgspec.structs.replace(theirs, teacher="openai:stub")
        assert prove(ours, WORLDS[world]) == prove(theirs, WORLDS[world])
        proven += prove(ours, WORLDS[world]) is None
    assert proven >= 4


def test_a_prompt_holds_no_identifier_that_the_dialogue_has_not_shown() -> None:
    recording = Recording()
    dialogues_of("library", recording, 8)
    reasons = [request for request in recording.requests if request.role == "reason"]
    shown = 0
    for request in reasons:
        known = set(re.findall(r"BOOK\d{3}|LOAN\d{4}|CARD\d{4}", json.dumps(request.material["messages"])))
        prompt = key_of(render(request))
        assert set(re.findall(r"BOOK\d{3}|LOAN\d{4}|CARD\d{4}", prompt)) <= known
        shown += bool(known)
    assert 0 < shown < len(reasons)


def answers(reason: JsonObject) -> Any:
    """Answer like a draft, but as the reasoner with this; prompts of the roles tell themselves apart."""

    def behaviour(body: JsonObject) -> str:
        system = str(body["messages"][0]["content"])
        if '"reasoning": "..."' in system:
            return json.dumps(reason)
        return draft(body)

    return behaviour


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        (
            {"reasoning": "I take the book get_book BOOK002.", "calls": [
                {"name": "get_book", "arguments": {"book_id": "BOOK002"}}], "reply": None},
            "told by nobody|before any result tells it",
        ),
        (
            {"reasoning": "I borrow BOOK777 with borrow.", "calls": [
                {"name": "borrow", "arguments": {"book_id": "BOOK777"}}], "reply": None},
            "no_card|told by nobody",
        ),
        ({"reasoning": "It is done already.", "calls": [], "reply": "Done!"}, "not reached yet|does not tell"),
        (
            {"reasoning": "I call list_books.", "calls": [{"name": "list_books", "arguments": {}}], "reply": None},
            "no reply after",
        ),
    ],
)  # fmt: skip
def test_a_model_that_invents_is_dropped_by_the_chain(reason: JsonObject, fault: str) -> None:
    with StubEndpoint(answers(reason)) as stub, model(stub.url) as teacher:
        made = dialogues_of("library", teacher, 3)
    assert all(isinstance(each, Dropped) for each in made)
    for each in made:
        assert isinstance(each, Dropped)
        assert each.stage == "chain"
        assert re.search(fault, each.reason), each.reason


def test_a_model_that_only_chats_is_dropped() -> None:
    with StubEndpoint(answering(lambda _: "Sure, I can help you with that!")) as stub, model(stub.url) as teacher:
        made = dialogues_of("library", teacher, 2)
        asked = len(stub.requests)
    for each in made:
        assert isinstance(each, Dropped)
        assert each.stage == "teacher"
        assert "openai:stub gave no usable answer as tooling" in each.reason
    assert asked == 2 * 3, "each is repaired twice and then left"


def test_a_reasoner_that_only_chats_is_dropped_by_the_chain() -> None:
    def behaviour(body: JsonObject) -> str:
        system = str(body["messages"][0]["content"])
        return "Let me think about it." if '"reasoning": "..."' in system else draft(body)

    with StubEndpoint(behaviour) as stub, model(stub.url) as teacher:
        (made,) = dialogues_of("library", teacher, 1)
    assert isinstance(made, Dropped)
    assert made.stage == "chain"
    assert "no usable answer as reason" in made.reason


def test_an_endpoint_that_is_down_is_one_clear_error_soon() -> None:
    url = dead_url()
    waits: list[float] = []
    options = EndpointOptions(max_retries=1, give_up_after=2)
    with OpenAITeacher("stub", url, sleep=waits.append, options=options) as teacher:
        (first,) = dialogues_of("library", teacher, 1)
        assert isinstance(first, Dropped)
        assert first.stage == "teacher"
        assert "cannot be reached" in first.reason
        assert "\n" not in first.reason
        with pytest.raises(FunReasonError, match=f"gave up on {url} after 2 failed requests in a row"):
            dialogues_of("library", teacher, 1)
    assert 0 < sum(waits) < 20


def test_a_run_at_a_wrong_address_ends_with_what_to_mend() -> None:
    """A wrong path is a 404 at once; no attempt at other worlds can help."""
    with StubEndpoint(draft) as stub:
        config = RunConfig(domains=("filesystem",), scale="tiny", teacher="openai:stub", base_url=stub.url[:-3])
        with pytest.raises(FunReasonError, match="a base URL usually ends in /v1"):
            make_index(config, 0)
        assert stub.requests == [] or len(stub.requests) == 1


# ---------------------------------------------------------------------------------------------------- runs of a model

SMALL = RunConfig(domains=("filesystem",), scale="tiny", turns=(2, 2), teacher="openai:stub", drills=1.0, seed=5)


def recited(config: RunConfig, count: int) -> dict[str, str]:
    """What a model has to say so that the first indexes of a run become the scripted teacher's dialogues."""
    recording = Recording()
    for index in range(count):
        make_index(config, index, teacher=recording)
    return recording.answers


def with_endpoint(url: str, **options: Any) -> RunConfig:
    return msgspec.structs.replace(SMALL, base_url=url, endpoint=EndpointOptions(**options))


@pytest.mark.slow
def test_the_bytes_of_a_run_do_not_depend_on_how_many_are_asked_at_once(tmp_path: Path) -> None:
    answers = recited(SMALL, 5)
    with StubEndpoint(answering(lambda messages: answers[key_of(messages)])) as stub:
        url = stub.url.replace("http://", "http://ada:pass-word-1@")
        for concurrency in (1, 4):
            synthesise(with_endpoint(url, concurrency=concurrency), tmp_path / str(concurrency), count=3)
        asked = len(stub.requests)
        resumed = synthesise(with_endpoint(url), tmp_path / "4", count=3, resume=True)
        assert len(stub.requests) == asked
    assert len(resumed) == 3
    for name in (*FILES, MANIFEST, JOURNAL):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "4" / name).read_bytes()
    assert all(b"pass-word-1" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.slow
def test_a_run_whose_budget_is_spent_goes_on_without_paying_twice(tmp_path: Path) -> None:
    answers = recited(SMALL, 5)
    with StubEndpoint(answering(lambda messages: answers[key_of(messages)])) as stub:
        with pytest.raises(BudgetError, match="budget of 100 tokens is spent"):
            synthesise(with_endpoint(stub.url, concurrency=2, budget=Budget(tokens=100)), tmp_path / "run", count=3)
        run = synthesise(with_endpoint(stub.url, concurrency=2), tmp_path / "run", count=3, resume=True)
        bodies = [json.dumps(body, sort_keys=True) for body in stub.requests]
    assert len(run) == 3
    assert run.usage.cached > 0
    assert len(bodies) == len(set(bodies)), "nothing is asked twice"


@pytest.mark.slow
def test_a_model_that_errs_every_time_ends_the_run_after_a_few_dialogues(tmp_path: Path) -> None:
    with StubEndpoint(answers({"reasoning": "It is done.", "calls": [], "reply": "Done!"})) as stub:
        with pytest.raises(UsageError, match="5 indexes in a row gave no dialogue; the last one: "):
            synthesise(with_endpoint(stub.url, concurrency=1), tmp_path / "run", count=50)
        assert 5 * 3 <= len(stub.requests) < 5 * 3 * 20
    assert not list((tmp_path / "run").glob("failed*"))
