"""A read that nobody needs is marked and leaves the world as it is; nothing rests on it, and a rule finds what does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from fr_envs import load_domain
from fr_envs.episode.session import Session
from fr_synth.sample.distractors import distractor_for
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.trace.rows import task_of
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS, prove
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.dialogues import dialogues
from tests.fr_synth.walks import new_walk, part_of_library, take

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue


def with_distractors(world: str) -> tuple[Dialogue, ...]:
    return dialogues(world, 12, distractors=1.0)


def problems(dialogue: Dialogue) -> list[str]:
    return list(PROOFS["necessary"](gather(dialogue, load_domain(dialogue.domain))))


@pytest.mark.slow
@pytest.mark.parametrize("world", ["banking", "filesystem", "travel"])
def test_a_turn_gets_a_read_that_nobody_needs(world: str) -> None:
    domain = load_domain(world)
    passed = 0
    for dialogue in with_distractors(world):
        distractor = [number for number, call in enumerate(dialogue.calls) if call.distractor]
        assert len(distractor) <= len(dialogue.turns)
        for number in distractor:
            assert domain.spec.tools[dialogue.calls[number].name].effect == "read"
            assert not dialogue.calls[number].user_requested
            sources = [each for call in dialogue.calls for each in call.sources.values()]
            assert all(each.step != number for each in sources if isinstance(each, Output))
        passed += bool(distractor) and prove(dialogue, domain) is None
    assert passed > 5


@pytest.mark.slow
def test_by_default_there_are_none() -> None:
    assert not any(call.distractor for dialogue in dialogues("travel", 10) for call in dialogue.calls)


def test_a_task_leaves_them_out() -> None:
    dialogue = next(d for d in with_distractors("travel") if any(call.distractor for call in d.calls))
    task = task_of(dialogue)
    needed = [call.name for call in dialogue.calls if not call.distractor and call.error is None]
    assert [call.name for turn in task.turns for call in turn.calls] == needed
    session = Session(load_domain("travel"))
    session.reset(task)
    for turn in task.turns:
        for call in turn.calls:
            session.call(call.name, call.arguments)
        session.say(turn.reply)
    assert session.score() == 1.0


def marked(dialogue: Dialogue, number: int, **changes: Any) -> Dialogue:
    calls = list(dialogue.calls)
    calls[number] = replace(calls[number], **{"purpose": "distractor", **changes})
    return replace(dialogue, calls=tuple(calls))


@pytest.mark.slow
def test_what_breaks_the_rule_is_found() -> None:
    dialogue = next(d for d in with_distractors("travel") if prove(d, load_domain("travel")) is None)
    distractor = next(number for number, call in enumerate(dialogue.calls) if call.distractor)
    assert problems(dialogue) == []
    unmarked = marked(dialogue, distractor, purpose="needed")
    assert any("changes nothing by its absence" in problem for problem in problems(unmarked))
    needed = next(k for k, call in enumerate(dialogue.calls) if call.user_requested)
    assert any("is marked as a distractor and needed" in problem for problem in problems(marked(dialogue, needed)))
    assert any(
        "marked as a distractor and fails" in problem for problem in problems(marked(dialogue, distractor, error="x"))
    )
    asked_for = problems(marked(dialogue, distractor, user_requested=True))
    assert any("is marked as a distractor and needed" in problem for problem in asked_for), "whoever asks needs it"
    own = [
        k for k, call in enumerate(dialogue.calls) if call.turn == dialogue.calls[distractor].turn and k != distractor
    ]
    assert any("distractors of one turn" in problem for problem in problems(marked(dialogue, own[0])))
    writes = [
        (each, k)
        for each in dialogues("travel", 20)
        for k, call in enumerate(each.calls)
        if load_domain("travel").spec.tools[call.name].effect == "write"
    ]
    each, number = writes[0]
    assert any("distractor and changes the world" in problem for problem in problems(marked(each, number)))


def test_where_every_read_says_something_new_of_the_user_there_is_none() -> None:
    part = part_of_library("search_books", "join")
    walk = new_walk(part)
    steps = [take(walk.fork(), "join", {"name": "Ada Kern"}, user_requested=True)]
    assert distractor_for(walk, steps) is None
    whole = new_walk(LIBRARY)
    found = distractor_for(whole, [take(whole.fork(), "join", {"name": "Ada Kern"}, user_requested=True)])
    assert found is not None
    assert (found.position, found.step.call.name, found.step.distractor) == (0, "list_books", True)
