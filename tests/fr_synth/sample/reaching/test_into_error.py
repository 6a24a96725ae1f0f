"""A turn runs into a declared error and finds a way on; the rule for such a call is checked by execution.

1. The call fails in the world as it is, changes nothing, and stands before a call of the same tool that works.
2. What sets it right is needed: without it the call fails again. Or the user has named a second choice.
3. A record of it passes every proof; what breaks the rule is found.
4. The request asks once, and says what is wanted in case; reasoning and reply say what went wrong.
5. Tasks made from it are judged by what the recovery reaches.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from fr_envs import load_domain
from fr_envs.episode.session import Session
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.run.statistics import summarise
from fr_synth.sample.reaching.into_error import reach_recovery
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import offers_of
from fr_synth.sample.turns import sample_turn
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.trace.rows import task_of
from fr_synth.trace.target import ErrorTarget, read_target
from fr_synth.verify.calls.errors import recovery_faults, second_choice, unexpected_errors
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS, prove
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import graph_of, new_walk
from tests.rounds import rounds

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain

SMALL = Limits(calls=9, misses=5, ways=1)


@functools.cache
def made(world: str, target: str) -> Dialogue:
    """The first dialogue of one turn that runs into the error, and of the first kind of way on where there are two."""
    domain = load_domain(world)
    for attempt in range(80):
        plan = DialoguePlan("x", (31, attempt), ((read_target(target),),))
        dialogue = make_dialogue(domain, graph_of(domain), plan, Settings(calls=(1, 1)), ScriptedTeacher())
        if isinstance(dialogue, Dialogue) and dialogue.turns[0].target == target:
            failed = next(call for call in dialogue.calls if call.error)
            if (failed.arguments == dialogue.calls[-1].arguments) == ((world, target) == MENDED):
                return dialogue
    raise AssertionError(target)


MENDED = ("banking", "error:pay_by_card:card_not_active")
INSTEAD = ("banking", "error:set_card_limit:limit_too_high")


def failed_in(dialogue: Dialogue) -> int:
    (number,) = [k for k, call in enumerate(dialogue.calls) if call.error]
    return number


def problems(dialogue: Dialogue, world: str) -> list[str]:
    return list(PROOFS["necessary"](gather(dialogue, load_domain(world))))


@pytest.mark.slow
@pytest.mark.parametrize("world", ["banking", "filesystem", "travel"])
def test_a_call_fails_and_one_of_the_same_tool_works_in_the_end(world: str) -> None:
    domain = load_domain(world)
    targets = offers_of(domain, graph_of(domain))["error"]
    found = 0
    for seed in range(rounds(30, 120)):
        target = targets[seed * 7 % len(targets)]
        assert isinstance(target, ErrorTarget)
        walk = new_walk(domain, seed)
        if not reach_recovery(walk, target, "directed", SMALL):
            assert (walk.steps, walk.state) == ([], walk.turn_state)
            continue
        found += 1
        (failed,) = [k for k, step in enumerate(walk.steps) if step.error]
        step, last = walk.steps[failed], walk.steps[-1]
        refusal = domain.apply(step.before, step.call).error
        assert refusal is not None
        assert refusal.code == step.error in unexpected_errors(domain.spec, target.tool)
        assert step.before is step.after
        assert (last.call.name, last.user_requested, step.user_requested) == (target.tool, True, False)
        if last.call == step.call:
            assert failed < len(walk.steps) - 2, "something has been set right"
        else:
            name = second_choice(step.call.arguments, last.call.arguments)
            assert name is not None
            assert f"/{name}" not in last.mentions, "what it is about is not swapped for something else"
            first, second = step.call.arguments[name], last.call.arguments[name]
            assert isinstance(first, str) or second < first
    assert found >= (1 if world == "filesystem" else 4), "few calls on files take a figure that could be another one"


@pytest.mark.parametrize(("world", "target"), [MENDED, INSTEAD])
def test_a_record_of_it_passes_every_proof(world: str, target: str) -> None:
    dialogue, domain = made(world, target), load_domain(world)
    assert prove(dialogue, domain) is None
    call = dialogue.calls[failed_in(dialogue)]
    assert call.error == target.rpartition(":")[2]
    assert not call.user_requested
    assert call.result["error"]["code"] == call.error
    summary = summarise(dialogue, domain, gather(dialogue, domain).states[0])
    assert (summary.failed, summary.calls) == (1, len(dialogue.calls))


@pytest.mark.parametrize(("world", "target"), [MENDED, INSTEAD])
def test_request_reasoning_and_reply_tell_of_it(world: str, target: str) -> None:
    dialogue = made(world, target)
    message = dialogue.messages[dialogue.turns[0].message]["content"]
    allowed = r"\b(if|should|need|otherwise|would do|can live with)\b"
    assert re.search(allowed, message, re.IGNORECASE), message
    assert not re.search(r"refused|fails|doesn't go through", message), "nobody foresees an error"
    after = next(k for k, m in enumerate(dialogue.messages) if m["role"] == "tool" and "error" in m["content"]) + 1
    thought = dialogue.messages[after]["reasoning_content"]
    code = target.rpartition(":")[2]
    assert code in thought or set(code.split("_")) & set(re.findall(r"[a-z]+", thought)), thought
    assert "At first it was refused" in dialogue.messages[-1]["content"]
    assert len(dialogue.turns[0].advanced.steps) == len(dialogue.calls) - 1


@pytest.mark.parametrize(("world", "target"), [MENDED, INSTEAD])
def test_a_task_of_it_is_judged_by_what_the_recovery_reaches(world: str, target: str) -> None:
    dialogue = made(world, target)
    task = task_of(dialogue)
    assert len(task.turns[0].calls) == len(dialogue.calls) - 1
    for with_failure in (False, True):
        session = Session(load_domain(world))
        session.reset(task)
        for call in dialogue.calls:
            if call.error is None or with_failure:
                session.call(call.name, call.arguments)
        session.say(task.turns[0].reply)
        assert session.score() == 1.0


def test_what_sets_it_right_cannot_be_left_out() -> None:
    dialogue = made(*MENDED)
    number = failed_in(dialogue)
    mender = next(k for k in range(number + 1, len(dialogue.calls)) if dialogue.calls[k].user_requested)
    domain = load_domain(MENDED[0])
    evidence = gather(dialogue, domain)
    again = dialogue.calls[-1]
    assert again.arguments == dialogue.calls[number].arguments
    assert mender < len(dialogue.calls) - 1
    outcome = domain.apply(evidence.states[mender], task_of(dialogue).turns[0].calls[-1])
    assert outcome.error is not None
    assert outcome.error.code == dialogue.calls[number].error


def with_call(dialogue: Dialogue, number: int, **changes: Any) -> Dialogue:
    calls = list(dialogue.calls)
    calls[number] = replace(calls[number], **changes)
    return replace(dialogue, calls=tuple(calls))


def test_a_failure_that_the_record_hides_or_makes_up_does_not_replay() -> None:
    dialogue, domain = made(*INSTEAD), load_domain(INSTEAD[0])
    number = failed_in(dialogue)
    for spoilt, word in (
        (with_call(dialogue, number, error=None), "ends with limit_too_high, not without one"),
        (with_call(dialogue, number, error="card_blocked"), "ends with limit_too_high, not card_blocked"),
        (with_call(dialogue, len(dialogue.calls) - 1, error="limit_too_high"), "ends with no error"),
    ):
        finding = prove(spoilt, domain)
        assert finding is not None
        assert finding.proof == "replays"
        assert word in finding.problem


def test_what_breaks_the_rule_is_found() -> None:
    dialogue, world = made(*INSTEAD), INSTEAD[0]
    number = failed_in(dialogue)
    failed, last = dialogue.calls[number], dialogue.calls[-1]
    assert problems(dialogue, world) == []
    told = with_call(dialogue, number, error="not_signed_in")
    assert any("no error to run into unawares" in each for each in problems(told, world))
    assert any("does not fail with not_signed_in" in each for each in problems(told, world))
    together = with_call(dialogue, number, message=last.message)
    assert any("goes out together with others" in each for each in problems(together, world))
    alone = replace(dialogue, calls=dialogue.calls[: number + 1])
    assert any("no call of the same tool works after it" in each for each in problems(alone, world))
    other = with_call(dialogue, len(dialogue.calls) - 1, arguments={"card_id": "CRD000000", "limit": 1.0})
    assert any("another call altogether" in each for each in problems(other, world))
    before = replace(dialogue, calls=(*dialogue.calls[:number], last, failed))
    assert any("no call of the same tool works after it" in each for each in problems(before, world)), "not before it"
    evidence = gather(dialogue, load_domain(world))
    states = list(evidence.states)
    states[number + 1] = states[-1]
    changed = recovery_faults(evidence._replace(states=tuple(states)), range(len(dialogue.calls)))
    assert any("does not fail with limit_too_high and nothing else" in each for each in changed)
    twice = replace(dialogue, calls=(*dialogue.calls[:number], failed, failed, *dialogue.calls[number + 1 :]))
    assert any("fail in one turn, which may run into 1 error" in each for each in problems(twice, world))


def test_a_second_choice_is_one_argument() -> None:
    assert second_choice({"a": 1, "b": 2}, {"a": 1, "b": 3}) == "b"
    assert second_choice({"a": 1, "b": 2}, {"a": 1, "b": 2}) is None
    assert second_choice({"a": 1, "b": 2}, {"a": 2, "b": 3}) is None
    assert second_choice({"a": 1}, {"a": 1, "b": 3}) is None
    assert second_choice({"a": 1}, {"a": 2, "b": 3}) is None, "they differ in two: one has no second argument"


@pytest.mark.slow
def test_the_turn_is_named_after_the_error_that_came() -> None:
    domain = load_domain("banking")
    seen = set()
    for seed in range(8):
        walk = new_walk(domain, seed)
        target = ErrorTarget("pay_payee", "key_reused")
        trace = sample_turn(walk, target, policy="directed", calls=3, limits=SMALL)
        if trace is not None:
            failed = next(step for step in trace.steps if step.error)
            assert trace.target == ErrorTarget("pay_payee", failed.error)
            seen.add(trace.target)
    assert seen


def test_a_tool_without_errors_to_run_into_is_not_walked_to() -> None:
    walk = new_walk(LIBRARY)
    assert not reach_recovery(walk, ErrorTarget("list_books", "no_card"), "directed", SMALL)
    assert walk.steps == []


@pytest.mark.slow
def test_a_teacher_who_errs_does_not_hide_behind_a_planned_error() -> None:
    domain: Domain[Any] = load_domain(INSTEAD[0])
    dropped = 0
    for attempt in range(10):
        plan = DialoguePlan("x", (31, attempt), ((read_target(INSTEAD[1]),),))
        dialogue = make_dialogue(domain, ApiGraph(domain.spec), plan, Settings(calls=(1, 1)), ScriptedTeacher(0.5))
        if isinstance(dialogue, Dropped):
            dropped += 1
        else:
            assert sum(call.error is not None for call in dialogue.calls) <= 1
            assert prove(dialogue, domain) is None
    assert dropped < 10


@pytest.mark.slow
def test_nothing_is_left_to_the_next_turn_of_what_failed() -> None:
    domain = load_domain("banking")
    targets = offers_of(domain, graph_of(domain))["error"]
    failed = 0
    for seed in range(30):
        walk = new_walk(domain, seed)
        trace = sample_turn(walk, targets[seed * 11 % len(targets)], policy="directed", calls=2, limits=SMALL)
        if trace is None or not any(step.error for step in trace.steps):
            continue
        failed += 1
        assert walk.pending is None
        (number,) = [k for k, step in enumerate(trace.steps) if step.error]
        assert trace.steps[-1].call.name == trace.steps[number].call.name
    assert failed > 3
