"""What goes wrong in dialogues is proven, and what is said of it wrongly is found.

1. Dialogues with faults, slips and wrong turns hold every proof, and the reference earns 1 in them.
2. A fault that is not in the task, or not met, is found; so is a trait too many or too few.
3. A slip that is not set right, or that is marked as none, is found.
4. What is thought and said where something goes wrong is of the one list that there is for it; other words are found.
5. A slip has a cause that its reader sees: a value in the person's words, or a line of a list beside the right one.
6. Under other names of tools a fault strikes, is told and is proven as it is under their own.
"""

from __future__ import annotations

import functools
import json

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.episode.faults import Fault, is_fault
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import load_situations
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.build.showing import Stage
from fr_synth.evaluate.agents import OracleAgent
from fr_synth.evaluate.rollouts import play
from fr_synth.situations.mishaps.plan import NO_SHARES, Shares, read_shares
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import CallRecord, Dialogue
from fr_synth.trace.rows import decode, encode, task_of
from fr_synth.verify.evidence import gather
from fr_synth.verify.mishaps import mishap_faults
from fr_synth.verify.proofs import prove

BANK, TRAVEL = load_domain("banking"), load_domain("travel")
GRAPH = ApiGraph(BANK.spec)
PLACES = {
    "left_it_at_friends": 3, "statement_for_tax": 5, "wrong_drawer": 12, "card_mislaid": 14, "order_from_a_shop": 18,
    "charge_nobody_made": 29, "has_it_arrived": 36, "two_claims_at_once": 37, "planned_too_late": 39,
}  # fmt: skip
"""Situations, each with a world in which something can go wrong in it."""

SITUATIONS = [each for each in load_situations() if each.name in PLACES]


@functools.cache
def made(shares: Shares) -> tuple[Dialogue, ...]:
    found = []
    for situation in SITUATIONS:
        number = PLACES[situation.name]
        plan = DialoguePlan("x", (5, number, 0), (), situation=situation)
        dialogue = make_dialogue(BANK, GRAPH, plan, Settings(shares=shares), ScriptedTeacher(0.1))
        if isinstance(dialogue, Dialogue) and prove(dialogue, BANK) is None:
            found.append(dialogue)
    return tuple(found)


ERRORS, WRONG = NO_SHARES._replace(error=1.0), NO_SHARES._replace(self_correction=1.0)


def with_fault(*, lasting: bool) -> Dialogue:
    return next(each for each in made(ERRORS) if any(fault.lasting == lasting for fault in each.faults))


@functools.cache
def with_slip(shares: Shares = ERRORS) -> Dialogue:
    """A dialogue in which a day is written as the person says it, or what stands on the line beside is read."""
    name, number = ("nicest_hotel_for_the_board", 1) if shares == ERRORS else ("flex_ticket_one_day_later", 0)
    situation = next(each for each in load_situations() if each.name == name)
    plan = DialoguePlan("x", (5, number, 0), (), situation=situation)
    found = make_dialogue(TRAVEL, ApiGraph(TRAVEL.spec), plan, Settings(shares=shares), ScriptedTeacher(0.1))
    assert isinstance(found, Dialogue)
    return found


def slip_in(dialogue: Dialogue) -> int:
    return next(k for k, call in enumerate(dialogue.calls) if call.purpose == "slip")


def problem(dialogue: Dialogue) -> str:
    finding = prove(dialogue, BANK if dialogue.domain == "banking" else TRAVEL)
    return "" if finding is None else f"{finding.proof}: {finding.problem}"


def test_the_reference_earns_all() -> None:
    dialogues = made(ERRORS)
    assert len(dialogues) >= 6
    for dialogue in (*dialogues, with_slip(ERRORS), with_slip(WRONG)):
        assert play(task_of(dialogue), OracleAgent()).score == 1.0
        assert decode(encode(dialogue), "here") == dialogue


def test_a_wrong_turn_works_and_is_set_right() -> None:
    dialogue = with_slip(WRONG)
    number = slip_in(dialogue)
    assert problem(dialogue) == ""
    assert dialogue.calls[number].error is None
    assert dialogue.calls[number].digest == dialogue.calls[number - 1].digest
    assert "self_correction" in dialogue.turns[dialogue.calls[number].turn].traits


def test_what_fails_for_good_is_tried_again_in_the_next_turn() -> None:
    dialogue = with_fault(lasting=True)
    fault = next(fault for fault in dialogue.faults if fault.lasting)
    turn = dialogue.turns[fault.turn]
    assert turn.goal.unmet == fault.code
    assert not turn.goal.answers
    later = [call for call in dialogue.calls if call.turn == fault.turn + 1 and call.name == fault.tool]
    assert [call.error for call in later] == [None]


@pytest.mark.parametrize("lasting", [True, False])
def test_a_fault_that_the_task_has_not_is_found(*, lasting: bool) -> None:
    dialogue = with_fault(lasting=lasting)
    assert problem(msgspec.structs.replace(dialogue, faults=())).startswith("replays")
    more = Fault(len(dialogue.turns) - 1, "list_accounts", "timeout", nth=9)
    assert "the faults of its task" in problem(msgspec.structs.replace(dialogue, faults=(*dialogue.faults, more)))


def test_a_trait_too_many_or_too_few_is_found() -> None:
    dialogue = with_fault(lasting=False)
    turn = next(number for number, each in enumerate(dialogue.turns) if "error" in each.traits)
    few = changed_turn(dialogue, turn, traits=())
    assert problem(few) == f"traits: turn {turn}: not marked as error, which its calls show"
    many = changed_turn(dialogue, turn, traits=(*dialogue.turns[turn].traits, "composed"))
    assert problem(many) == f"traits: turn {turn}: marked as composed, which its calls do not show"
    first = changed_turn(dialogue, 0, traits=("correction", *dialogue.turns[0].traits))
    assert problem(first).startswith("traits: turn 0")


def changed_turn(dialogue: Dialogue, number: int, **changes: object) -> Dialogue:
    turns = list(dialogue.turns)
    turns[number] = msgspec.structs.replace(turns[number], **changes)
    return msgspec.structs.replace(dialogue, turns=tuple(turns))


def changed_call(dialogue: Dialogue, number: int, **changes: object) -> Dialogue:
    calls = list(dialogue.calls)
    calls[number] = msgspec.structs.replace(calls[number], **changes)
    return msgspec.structs.replace(dialogue, calls=tuple(calls))


@pytest.mark.parametrize("shares", [ERRORS, WRONG])
def test_a_slip_that_is_marked_as_none_is_found(shares: Shares) -> None:
    dialogue = with_slip(shares)
    assert problem(changed_call(dialogue, slip_in(dialogue), purpose="needed"))


def written_otherwise(dialogue: Dialogue, name: str, value: str) -> Dialogue:
    """A dialogue whose slip has another value, in the message that makes the call as well."""
    number = slip_in(dialogue)
    call = dialogue.calls[number]
    arguments = {**call.arguments, name: value}
    message = dialogue.messages[call.message]
    asked = message["tool_calls"][0]
    function = {**asked["function"], "arguments": json.dumps(arguments)}
    messages = list(dialogue.messages)
    messages[call.message] = {**message, "tool_calls": [{**asked, "function": function}]}
    return msgspec.structs.replace(changed_call(dialogue, number, arguments=arguments), messages=tuple(messages))


@pytest.mark.parametrize("day", ["2026-13-01", "the 40th of June", "22/06/26"])
def test_a_day_that_nobody_wrote_so_is_found(day: str) -> None:
    dialogue = with_slip()
    right = dialogue.calls[slip_in(dialogue) + 1].arguments
    name = next(name for name, value in right.items() if value != dialogue.calls[slip_in(dialogue)].arguments[name])
    assert any("not the person's words" in each for each in faults_of(written_otherwise(dialogue, name, day)))


def faults_of(dialogue: Dialogue) -> list[str]:
    """What the rules for mistakes say of a record; other proofs may mind it before."""
    evidence = gather(dialogue, TRAVEL)
    turn = dialogue.calls[slip_in(dialogue)].turn
    return list(mishap_faults(evidence, [k for k, call in enumerate(dialogue.calls) if call.turn == turn]))


def test_something_wrong_for_no_cause_is_found() -> None:
    """What is read wrongly stands beside the right thing in the list before it, and the right one is new."""
    dialogue = with_slip(WRONG)
    number = slip_in(dialogue)
    assert faults_of(dialogue) == []
    rows = dialogue.calls[number - 1].result["bookings"]
    near = {dialogue.calls[number].arguments["booking_id"], dialogue.calls[number + 1].arguments["booking_id"]}
    far = next(row["booking_id"] for row in rows[::-1] if row["booking_id"] not in near)
    assert any("could be mixed up" in each for each in faults_of(written_otherwise(dialogue, "booking_id", far)))
    used = changed_call(dialogue, number - 1, arguments=dialogue.calls[number + 1].arguments)
    assert any("could be mixed up" in each for each in faults_of(used))


def test_a_right_call_that_is_marked_as_a_slip_is_found() -> None:
    dialogue = with_fault(lasting=False)
    number = next(k for k, call in enumerate(dialogue.calls) if call.error is None and call.user_requested)
    assert problem(changed_call(dialogue, number, purpose="slip"))


def test_a_goal_that_does_not_own_up_is_found() -> None:
    dialogue = with_fault(lasting=True)
    turn = next(fault.turn for fault in dialogue.faults if fault.lasting)
    goal = msgspec.structs.replace(dialogue.turns[turn].goal, unmet="")
    assert problem(changed_turn(dialogue, turn, goal=goal))


def test_a_reply_that_claims_what_failed_is_found() -> None:
    dialogue = with_fault(lasting=True)
    turn = next(fault.turn for fault in dialogue.faults if fault.lasting)
    end = dialogue.turns[turn + 1].message - 1
    messages = list(dialogue.messages)
    messages[end] = {**messages[end], "content": "Done. Everything is as you wanted it."}
    assert problem(msgspec.structs.replace(dialogue, messages=tuple(messages)))


def with_text(dialogue: Dialogue, index: int, **texts: str) -> Dialogue:
    messages = list(dialogue.messages)
    messages[index] = {**messages[index], **texts}
    return msgspec.structs.replace(dialogue, messages=tuple(messages))


def after_the_error(dialogue: Dialogue) -> int:
    """The message that makes the call anew which a fault has met."""
    met = next(k for k, call in enumerate(dialogue.calls) if is_fault(call.error))
    return dialogue.calls[met + 1].message


def test_another_thought_behind_a_fault_is_found() -> None:
    dialogue = with_fault(lasting=False)
    at = after_the_error(dialogue)
    assert not problem(dialogue)
    for thought in ("Fine.", "It worked, so I go on.", "The file is not there, so I look elsewhere."):
        assert problem(with_text(dialogue, at, reasoning_content=thought))


def test_another_reply_to_what_fails_for_good_is_found() -> None:
    dialogue = with_fault(lasting=True)
    turn = next(fault.turn for fault in dialogue.faults if fault.lasting)
    end = dialogue.turns[turn + 1].message - 1
    for reply in ("That didn't work, sorry about that!", "I won't do that.", "It will be fine tomorrow at 9."):
        assert problem(with_text(dialogue, end, content=reply))


def test_another_message_behind_what_failed_for_good_is_found() -> None:
    dialogue = with_fault(lasting=True)
    turn = next(fault.turn for fault in dialogue.faults if fault.lasting)
    user = dialogue.turns[turn + 1].message
    for message in ("What a pity, then tell me a joke.", "It is fixed, I was told by Peter. Now do it!"):
        assert problem(with_text(dialogue, user, content=message))


def test_another_thought_where_a_wrong_turn_is_noticed_is_found() -> None:
    dialogue = with_slip(WRONG)
    at = dialogue.calls[slip_in(dialogue) + 1].message
    for thought in ("Good, that is what I was looking for.", "All went well. I do the same for another one."):
        assert problem(with_text(dialogue, at, reasoning_content=thought))


@functools.cache
def renamed() -> Dialogue:
    """A dialogue with a fault under other names of tools."""
    for situation in SITUATIONS:
        plan = DialoguePlan("x", (5, PLACES[situation.name], 0), (), situation=situation)
        settings = Settings(shares=ERRORS, stage=Stage((8, 14), 1.0))
        found = make_dialogue(BANK, GRAPH, plan, settings, ScriptedTeacher(0.0))
        if isinstance(found, Dialogue) and any(_is_renamed(call, found) for call in found.calls):
            return found
    raise AssertionError("no fault meets a tool under another name")


def _is_renamed(call: CallRecord, dialogue: Dialogue) -> bool:
    names = {} if dialogue.view is None else {each.tool: each.offered for each in dialogue.view.tools}
    return is_fault(call.error) and names.get(call.name, call.name) != call.name


def test_a_fault_strikes_under_another_name_as_under_its_own() -> None:
    dialogue = renamed()
    assert problem(dialogue) == ""
    rollout = play(task_of(dialogue), OracleAgent())
    assert rollout.score == 1.0
    call = next(each for each in dialogue.calls if _is_renamed(each, dialogue))
    wire = dialogue.messages[call.message]["tool_calls"][0]["function"]["name"]
    assert wire != call.name
    told = [m["content"] for m in rollout.messages if m["role"] == "tool" and m["name"] == wire]
    assert any(str(call.error) in text for text in told)


def test_a_fault_of_another_tool_under_another_name_is_found() -> None:
    dialogue = renamed()
    fault = dialogue.faults[0]
    other = next(name for name in dialogue.offered if name != fault.tool)
    moved = msgspec.structs.replace(fault, tool=other)
    assert problem(msgspec.structs.replace(dialogue, faults=(moved, *dialogue.faults[1:])))
    shown = next(each.offered for each in dialogue.view.tools if each.tool == fault.tool)  # type: ignore[union-attr]
    named = msgspec.structs.replace(fault, tool=shown)
    if shown != fault.tool:
        assert problem(msgspec.structs.replace(dialogue, faults=(named, *dialogue.faults[1:])))


def test_mistakes_are_marked_for_trainers_and_no_part_of_the_reference() -> None:
    dialogue = with_slip()
    row = msgspec.json.decode(encode(dialogue).dialogue)
    wrong = [index for index, mistaken in enumerate(row["mistakes"]) if mistaken]
    assert wrong == [call.message for call in dialogue.calls if call.purpose == "slip"]
    slips = [(call.name, call.arguments) for call in dialogue.calls if call.purpose == "slip"]
    assert not any((call.name, call.arguments) in slips for turn in task_of(dialogue).turns for call in turn.calls)


def test_every_call_that_a_fault_meets_leaves_the_world_alone() -> None:
    for dialogue in made(ERRORS):
        for before, call in zip(("", *(each.digest for each in dialogue.calls)), dialogue.calls, strict=False):
            assert not is_fault(call.error) or not before or call.digest == before


def test_shares_are_read_and_refused_in_one_line() -> None:
    assert read_shares("error=0.5, long_context=0") == Shares(error=0.5, long_context=0.0)
    for wrong in ("error", "error=2", "error=x", "parallel=0.1", "error=0.1,error=0.2"):
        with pytest.raises(UsageError, match="give TRAIT=SHARE"):
            read_shares(wrong)
