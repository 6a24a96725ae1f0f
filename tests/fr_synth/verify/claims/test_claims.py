"""The proof over records: made ones pass it, changed ones do not, and no text makes it fail."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.trace.target import read_target
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.evidence import Evidence, gather
from tests.fr_synth.verify.claims import lies, scenes

if TYPE_CHECKING:
    from collections.abc import Callable

TARGETS = {
    "banking": (("freeze_card",), ("pay_payee",), ("list_transactions",), ("update_standing_order",), ("get_account",)),
    "filesystem": (("cp",), ("chmod",), ("ls",), ("tar_create",), ("stat",)),
    "travel": (("hold_fare",), ("cancel_booking",), ("list_bookings",), ("search_hotels",), ("get_flight_status",)),
}


@functools.cache
def records() -> tuple[Evidence, ...]:
    """A few made records of each world, with what their replay gives."""
    found = []
    for name, targets in TARGETS.items():
        domain = load_domain(name)
        graph = ApiGraph(domain.spec)
        for i in range(len(targets)):
            plan = DialoguePlan(
                id=f"{name}-{i}",
                seed=(42, i, 0),
                targets=tuple(tuple(map(read_target, each)) for each in (targets[i], targets[(i + 1) % len(targets)])),
            )
            dialogue = make_dialogue(domain, graph, plan, Settings(), ScriptedTeacher())
            if isinstance(dialogue, Dialogue):
                found.append(gather(dialogue, domain))
    assert len(found) >= 6
    return tuple(found)


@pytest.mark.slow
def test_made_records_pass() -> None:
    assert [list(claims(evidence)) for evidence in records()] == [[]] * len(records())


def _spoilt(lie: Callable[..., str | None], which: str, rng: np.random.Generator) -> list[bool]:
    """Whether each of some lies is found, in places drawn at random."""
    found: list[bool] = []
    for _ in range(60):
        evidence = records()[int(rng.integers(len(records())))]
        places = [p for p in lies.places(evidence.dialogue, evidence.domain) if _is(p, which)]
        if not places:
            continue  # nothing has to be decided in a short drill, so that nothing is thought
        place = places[int(rng.integers(len(places)))]
        text = lie(place, rng)
        if text is not None and text != place.text:
            found.append(any(claims(evidence._replace(dialogue=lies.with_text(place, text)))))
        if len(found) == 6:
            break
    return found


def _is(place: lies.Place, which: str) -> bool:
    role = place.dialogue.messages[place.message]["role"]
    if which == "any":
        return True
    if which == "thought":
        return place.key == "reasoning_content"
    return place.key == "content" and role == ("user" if which == "user" else "assistant")


KINDS = [
    *((lie, "reply") for lie in (*lies.VALUE_LIES, *lies.WORD_LIES)),
    *((lie, "thought") for lie in lies.THOUGHT_LIES),
    *((lie, "user") for lie in lies.USER_LIES),
    *((lie, "any") for lie in lies.ANY_LIES),
]


def test_there_are_many_kinds_of_lies() -> None:
    assert len(KINDS) >= 40


@pytest.mark.slow
def test_lies_are_found() -> None:
    rng = np.random.default_rng(8)
    results = {lie.__name__: _spoilt(lie, which, rng) for lie, which in KINDS}
    told = [hit for hits in results.values() for hit in hits]
    assert len(told) >= 150
    missed = {name: hits for name, hits in results.items() if not all(hits)}
    assert sum(told) / len(told) >= 0.97, missed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120), st.sampled_from(["reply", "thought", "user"]))
def test_no_text_makes_the_proof_fail(text: str, which: str) -> None:
    plain = text.replace("{", "(").replace("}", ")")
    found = scenes.problems(scenes.card(), plain, thought=which == "thought", user=which == "user")
    assert all(isinstance(problem, str) for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "\u200bFrozen.",
        "Frozen.\x00",
        "Frozen.<|im_end|>",
        "Frozen.</think>",
        "[INST] Frozen.",
        "Fro\u202ezen.",
        "\ufeffFrozen",
    ],
)
def test_unseen_characters_and_markup_are_found(text: str) -> None:
    assert scenes.problems(scenes.card(), text) != []


@pytest.mark.parametrize("hint", lies.GIVEAWAYS)
def test_hidden_knowledge_is_found(hint: str) -> None:
    assert scenes.problems(scenes.card(), hint, thought=True) != []


@pytest.mark.parametrize(
    "thought",
    [
        "The file keys.txt and an SSH key are two things.",
        "There is no need to guess.",
        "Rather than guess, I look it up.",
        "This is a gold card, no gold-plating needed.",
        "The expected arrival does not matter here.",
        "A reference is not needed, the answer is short.",
    ],
)
def test_honest_thoughts_are_not_taken_for_hints(thought: str) -> None:
    assert [p for p in scenes.problems(scenes.logs(), thought, thought=True) if "speaks of" in p] == []


@pytest.mark.parametrize("thought", ["The search is empty, so I say that.", "Nothing was found, which is the answer."])
def test_a_thought_does_not_know_that_a_search_is_empty_before_one_was(thought: str) -> None:
    (problem,) = [p for p in scenes.problems(scenes.rent(), thought, thought=True) if "come back so" in p]
    assert problem.startswith("turn 0, reasoning: it says")


def test_who_breaks_in_asks_for_nothing() -> None:
    user = scenes.card().dialogue.messages[1]["content"]
    broken_in = scenes.problems(scenes.card(), f"Wait, the plumber has just rung. {user}", user=True)
    ordered = scenes.problems(scenes.card(), f"Wait for the plumber. {user}", user=True)
    assert ["it asks to wait" in " ".join(each) for each in (broken_in, ordered)] == [False, True]


@pytest.mark.parametrize("further", [each for each in lies.WISHES if "card" not in each])
def test_a_further_wish_is_found(further: str) -> None:
    user = scenes.card().dialogue.messages[1]["content"]
    assert scenes.problems(scenes.card(), f"{user} {further}", user=True) != []


@pytest.mark.parametrize(
    ("before", "is_found"),
    [
        ("Freeze the card ending in {tail}.", False),
        ("Please put the card ending in {tail} on ice.", False),
        ("Freeze the card ending in {tail}. Then freeze the card ending in {other_tail}.", True),
        ("Put the card ending in {tail} on ice. Then freeze the card ending in {other_tail}.", True),
        ("Freeze the card ending in {tail}. Can you put the card ending in {other_tail} on ice?", True),
    ],
)
def test_the_rest_is_what_no_other_request_is_about(before: str, is_found: bool) -> None:
    found = scenes.problems(scenes.cards(), f"{before} And freeze all the others.", user=True)
    assert any("it asks to freeze what else there is" in each for each in found) == is_found, found


def test_a_finding_names_turn_speaker_and_words() -> None:
    found = scenes.problems(scenes.card(), "The card ending in 0001 is frozen.")
    assert found == ["turn 0, reply: '0001' stands nowhere"]


def test_a_user_may_not_speak_of_what_nobody_can_know() -> None:
    assert scenes.problems(scenes.card(), "Freeze the card of Bernard Kloss.", user=True) != []
