"""The embedded teacher plays from drafts and guides; when it errs, it errs as models do, and once."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from fr_synth.teachers.protocol import TeacherRequest
from fr_synth.teachers.scripted import ScriptedTeacher
from tests.fr_envs.small_world import LIBRARY

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.teachers.protocol import Role

TOOLS = LIBRARY.openai_tools


def asked(rate: float, arguments: JsonObject | None, *, errors: tuple[str, ...] = (), seed: int = 0) -> JsonObject:
    """The answer to one step whose guide is a call with these arguments, or the reply where there are none."""
    calls = [] if arguments is None else [{"name": "borrow", "arguments": arguments}]
    guide = {"reasoning": "So borrow.", "calls": calls, "reply": None if calls else "It is yours."}
    request = TeacherRequest("reason", {"errors": list(errors), "tools": TOOLS}, guide, seed)
    return ScriptedTeacher(rate).complete(request).content


@pytest.mark.parametrize("role", ["tooling", "query"])
def test_a_draft_is_good_as_it_is(role: Role) -> None:
    draft = {"easy": "x", "hard": "y"}
    assert ScriptedTeacher(1.0).complete(TeacherRequest(role, {"draft": draft})).content == draft


def test_a_critic_names_the_faults() -> None:
    request = TeacherRequest("critic", {"faults": ["a is wrong", "b is missing"]})
    assert ScriptedTeacher().complete(request).content == {"advice": "That does not work: a is wrong; b is missing."}


def test_without_errors_the_guide_is_played() -> None:
    for seed in range(20):
        assert asked(0.0, {"days": 3}, seed=seed)["calls"] == [{"name": "borrow", "arguments": {"days": 3}}]
        assert asked(1.0, {"days": 3}, errors=("mind the days",), seed=seed)["calls"][0]["arguments"] == {"days": 3}


def test_a_share_of_the_steps_goes_wrong_and_the_same_ones_each_time() -> None:
    right = asked(0.0, {"days": 3})
    wrong = [asked(0.3, {"days": 3}, seed=seed) != right for seed in range(300)]
    assert 60 < sum(wrong) < 120
    assert wrong == [asked(0.3, {"days": 3}, seed=seed) != right for seed in range(300)]


def mistakes(arguments: JsonObject) -> list[JsonObject]:
    return [asked(1.0, arguments, seed=seed) for seed in range(120)]


def test_every_kind_of_mistake_is_made() -> None:
    found = mistakes({"book_id": "BOOK005", "days": 3})
    early = [answer for answer in found if not answer["calls"]]
    assert early
    assert {answer["reply"] for answer in early} == {"It is done."}
    made = [answer["calls"][0] for answer in found if answer["calls"]]
    assert any(call["name"] != "borrow" for call in made)
    assert any(call["arguments"] == {"book_id": "BOOK005"} for call in made), "one is missing"
    assert any(call["arguments"] == {"book_id": "BOOK116", "days": 3} for call in made), "an invented one"
    assert any(call["arguments"] == {"book_id": "BOOK005", "days": 10} for call in made)
    assert asked(1.0, None)["reply"] == "", "a reply goes wrong by being empty"


@pytest.mark.parametrize(
    ("value", "invented"), [(True, False), (2.5, 9.5), ("CARD09", "CARD10"), ("Ada", "Ada_new"), (["a"], ["a"])]
)
def test_an_invented_value_is_of_the_same_sort(value: Json, invented: Json) -> None:
    values: list[Any] = [
        answer["calls"][0]["arguments"].get("x") for answer in mistakes({"x": value}) if answer["calls"]
    ]
    assert invented in values
    assert all(each in (value, invented, None) for each in values)


def test_a_call_without_arguments_becomes_another_call() -> None:
    names = {answer["calls"][0]["name"] for answer in mistakes({}) if answer["calls"]}
    assert len(names) > 3


def test_the_guide_is_left_as_it_was() -> None:
    arguments = {"book_id": "BOOK005", "days": 3}
    mistakes(arguments)
    assert arguments == {"book_id": "BOOK005", "days": 3}


def test_a_teacher_travels_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(ScriptedTeacher(0.5))).error_rate == 0.5
    assert ScriptedTeacher().name == "scripted"
