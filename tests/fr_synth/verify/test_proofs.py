"""Each proof fails on a record that is spoilt in just the way that it is there to find.

1. replays: a result, a digest, a tool message or the final state that is not the world's own.
2. grounded: an argument from nowhere, from a later call, from words that were not said.
3. necessary: a call that nothing needs; a goal that is missed, or that nothing is done for.
4. unambiguous: words that could mean something else, or are not in the message.
5. hidden: a tool's name or an issued identifier in the message.
6. faithful: reasoning that knows too much, leads elsewhere, or speaks of the hint.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.episode.task import Answer, Goal
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.domain import Domain, Effect
from fr_envs.world.state import Change
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.dataflow.provenance import Default, Output, Said
from fr_synth.trace.records import Dialogue
from fr_synth.trace.target import EdgeTarget, ToolTarget
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS, prove
from tests.fr_envs.small_world import CONTRACT, HOOKS, LIBRARY
from tests.fr_synth.walks import given, new_walk, record_of, take

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def travel() -> Domain[Any]:
    return load_domain("travel")


@pytest.fixture(scope="module")
def good(travel: Domain[Any]) -> Dialogue:
    """A dialogue of two turns with look-ups, references and a write."""
    graph = ApiGraph(travel.spec)
    for number in range(40):
        plan = DialoguePlan("good", (11, number, 0), ((ToolTarget("buy_insurance"),), (ToolTarget("cancel_booking"),)))
        made = make_dialogue(travel, graph, plan, Settings(calls=(1, 1)), ScriptedTeacher())
        if isinstance(made, Dialogue) and prove(made, travel) is None and _has_by(made):
            return made
    raise AssertionError("no seed gives a dialogue with a reference by fields in its first turn")


def _has_by(dialogue: Dialogue) -> bool:
    return any(mention.way == "fields" for mention in dialogue.turns[0].mentions)


def problem(dialogue: Dialogue, domain: Domain[Any], proof: str) -> str:
    """Return what one proof finds, empty if nothing; the others are not asked."""
    return next(PROOFS[proof](gather(dialogue, domain)), "")


def with_call(dialogue: Dialogue, number: int, **changes: Any) -> Dialogue:
    calls = list(dialogue.calls)
    calls[number] = replace(calls[number], **changes)
    return replace(dialogue, calls=tuple(calls))


def with_turn(dialogue: Dialogue, number: int, **changes: Any) -> Dialogue:
    turns = list(dialogue.turns)
    turns[number] = replace(turns[number], **changes)
    return replace(dialogue, turns=tuple(turns))


def with_message(dialogue: Dialogue, index: int, **changes: Any) -> Dialogue:
    messages = [dict(message) for message in dialogue.messages]
    messages[index].update(changes)
    return replace(dialogue, messages=tuple(messages))


def consumer(dialogue: Dialogue) -> tuple[int, str]:
    """Return a call and the pointer of one of its arguments that an output gave."""
    return next(
        (number, pointer)
        for number, call in enumerate(dialogue.calls)
        for pointer, source in call.sources.items()
        if isinstance(source, Output) and pointer.count("/") == 1
    )


def test_a_good_record_passes_every_proof(good: Dialogue, travel: Domain[Any]) -> None:
    assert prove(good, travel) is None
    assert {name: problem(good, travel, name) for name in PROOFS} == dict.fromkeys(PROOFS, "")


def test_replays_finds_a_changed_result(good: Dialogue, travel: Domain[Any]) -> None:
    spoilt = with_call(good, 0, result={**good.calls[0].result, "note": "not from the world"})
    assert "gives another result" in problem(spoilt, travel, "replays")


def test_replays_finds_a_changed_digest(good: Dialogue, travel: Domain[Any]) -> None:
    assert "another state" in problem(with_call(good, 0, digest="0" * 32), travel, "replays")


def test_replays_finds_a_changed_final_state(good: Dialogue, travel: Domain[Any]) -> None:
    assert "final state" in problem(replace(good, sha256="0" * 64), travel, "replays")


@pytest.mark.parametrize("content", ['{"other": 1}', "no json", None])
def test_text_finds_a_tool_message_that_tells_something_else(
    good: Dialogue, travel: Domain[Any], content: str | None
) -> None:
    index = next(i for i, message in enumerate(good.messages) if message["role"] == "tool")
    found = problem(with_message(good, index, content=content), travel, "text")
    assert f"message {index}" in found


def test_text_finds_a_call_without_a_tool_message(good: Dialogue, travel: Domain[Any]) -> None:
    index = next(i for i, message in enumerate(good.messages) if message["role"] == "tool")
    found = problem(with_message(good, index, tool_call_id="call_99"), travel, "text")
    assert found.startswith(f"message {index}: is not the result of call_")


def test_text_finds_a_call_that_no_message_makes(good: Dialogue, travel: Domain[Any]) -> None:
    index = next(i for i, message in enumerate(good.messages) if "tool_calls" in message)
    found = problem(with_message(good, index, tool_calls=[]), travel, "text")
    assert "reply should stand here" in found


def test_grounded_finds_an_argument_from_nowhere(good: Dialogue, travel: Domain[Any]) -> None:
    number, _ = consumer(good)
    assert "comes from nowhere" in problem(with_call(good, number, sources={}), travel, "grounded")


def test_grounded_finds_a_source_of_no_argument(good: Dialogue, travel: Domain[Any]) -> None:
    sources = {**good.calls[0].sources, "/nothing": Said(0, "nothing")}
    assert "is no argument" in problem(with_call(good, 0, sources=sources), travel, "grounded")


@pytest.mark.parametrize(
    "source",
    [
        Said(0, "words that nobody has said"),
        Said(7, "a turn that never was"),
        Said(0, ""),
        Output(99, "/bookings/0/booking_id"),
        Output(0, "/no/such/place"),
        Default(),
    ],
)
def test_grounded_finds_a_source_that_does_not_give_the_value(
    good: Dialogue, travel: Domain[Any], source: Said | Output | Default
) -> None:
    number, pointer = consumer(good)
    sources = {**good.calls[number].sources, pointer: source}
    assert "is not what its source gives" in problem(with_call(good, number, sources=sources), travel, "grounded")


def test_grounded_finds_an_output_of_the_same_message(good: Dialogue, travel: Domain[Any]) -> None:
    number, pointer = consumer(good)
    source = good.calls[number].sources[pointer]
    assert isinstance(source, Output)
    together = with_call(good, source.step, message=good.calls[number].message)
    assert "is not what its source gives" in problem(together, travel, "grounded")


def test_necessary_finds_a_call_that_nothing_needs(good: Dialogue, travel: Domain[Any]) -> None:
    """The call is put behind the last one of the dialogue, where nothing can need it."""
    last = good.calls[-1]
    state = gather(good, travel).states[-1]
    from fr_envs.world.tool_call import ToolCall

    outcome = travel.apply(state, ToolCall("list_passengers", {}))
    extra = replace(
        last, name="list_passengers", arguments={}, result=outcome.value, sources={}, user_requested=False,
        digest=f"{state.digest:032x}",
    )  # fmt: skip
    assert "changes nothing by its absence" in problem(replace(good, calls=(*good.calls, extra)), travel, "necessary")


def test_necessary_finds_a_goal_that_is_missed(good: Dialogue, travel: Domain[Any]) -> None:
    goal = replace(good.turns[0].goal, changes=(*good.turns[0].goal.changes, Change("bookings", "BKG99999", None, {})))
    assert "the goal is missed" in problem(with_turn(good, 0, goal=goal), travel, "necessary")


def test_necessary_finds_a_change_that_the_goal_does_not_know(good: Dialogue, travel: Domain[Any]) -> None:
    goal = replace(good.turns[0].goal, changes=good.turns[0].goal.changes[:1])
    assert "changed unasked" in problem(with_turn(good, 0, goal=goal), travel, "necessary")


def test_necessary_finds_an_answer_that_nobody_gave(good: Dialogue, travel: Domain[Any]) -> None:
    goal = replace(good.turns[0].goal, answers=(Answer("never seen", "never seen"),))
    assert "answer 'never seen'" in problem(with_turn(good, 0, goal=goal), travel, "necessary")


def test_necessary_finds_a_turn_in_which_nothing_is_done(good: Dialogue, travel: Domain[Any]) -> None:
    calls = tuple(call for call in good.calls if call.turn == 0)
    assert problem(replace(good, calls=calls), travel, "necessary") == "turn 1: no call is made for its goal"
    asking = replace(good.turns[1], kind="ask")
    assert problem(replace(good, calls=calls, turns=(good.turns[0], asking)), travel, "necessary") == ""


def test_necessary_finds_a_goal_that_expects_nothing(good: Dialogue, travel: Domain[Any]) -> None:
    nothing = replace(good.turns[0].goal, changes=(), answers=())
    first = next(k for k, call in enumerate(good.calls) if call.user_requested)
    reads = replace(good, calls=good.calls[:first], turns=(replace(good.turns[0], goal=nothing),))
    found = list(PROOFS["necessary"](gather(reads, travel)))
    assert any("it expects nothing" in each for each in found)


@pytest.mark.parametrize(
    ("words", "said"),
    [("for 5 days", True), ("for 15 days", False), ("for 1.5 days", False), ("on day 4x5", False), ("for 5", True)],
)
def test_grounded_hears_a_number_and_no_part_of_one(words: str, said: bool) -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "borrow", {"book_id": "BOOK001", "days": 5}, user_requested=True)
    record = record_of(walk, f"I am Ada Kern. Lend me BOOK001 {words}.")
    found = problem(record, LIBRARY, "grounded")
    assert found == ("" if said else "call 1 (borrow): /days = 5 is not what its source gives")


@pytest.mark.parametrize("required", [True, False])
def test_grounded_takes_no_default_for_what_is_required(required: bool) -> None:
    """A required argument that may be null has no default, though null looks like one."""
    shelf = {"schema": {"type": ["string", "null"]}} | ({} if required else {"default": None})
    listing = {**CONTRACT["tools"]["list_books"], "parameters": {"shelf": shelf}}
    spec = spec_from_dict({**CONTRACT, "tools": {"list_books": listing}})
    world = Domain(spec, {"list_books": lambda state, shelf: Effect(state, {"books": []})}, HOOKS)
    walk = new_walk(world)
    take(walk, "list_books", {"shelf": None}, user_requested=True, sources={"/shelf": Default()})
    found = problem(record_of(walk, "Which books are there?"), world, "grounded")
    assert found == ("call 0 (list_books): /shelf = None is not what its source gives" if required else "")


def test_unambiguous_finds_words_that_are_not_in_the_message(good: Dialogue, travel: Domain[Any]) -> None:
    mentions = tuple(replace(mention, text="the one I never mentioned") for mention in good.turns[0].mentions)
    assert "is not in the message" in problem(with_turn(good, 0, mentions=mentions), travel, "unambiguous")


def test_unambiguous_finds_words_that_mean_another_thing(good: Dialogue, travel: Domain[Any]) -> None:
    mention = next(m for m in good.turns[0].mentions if m.way == "fields")
    spoilings: list[dict[str, Any]] = [
        {"value": "BKG00000"}, {"by": {}}, {"step": 99}, {"by": {"no_such_field": 1}},
    ]  # fmt: skip
    for changed in spoilings:
        spoilt = with_turn(
            good, 0, mentions=(msgspec.convert({**msgspec.to_builtins(mention), **changed}, type(mention)),)
        )
        assert "could mean something else" in problem(spoilt, travel, "unambiguous"), changed
    anew = replace(mention, way="anaphora", text="that one")
    assert problem(with_turn(good, 0, mentions=(anew,)), travel, "unambiguous"), "nothing has been dealt with yet"


def test_unambiguous_follows_words_for_a_member_to_their_owner(travel: Domain[Any]) -> None:
    targets = ((EdgeTarget("list_stays", "search_hotels", "city_name"),),)
    made = [
        make_dialogue(
            travel, ApiGraph(travel.spec), DialoguePlan("x", (9, k, 0), targets), Settings(), ScriptedTeacher()
        )
        for k in range(12)
    ]
    found = [(d, m) for d in made if isinstance(d, Dialogue) for m in d.turns[0].mentions if m.way == "of"]
    assert found, "an edge whose value nobody points at directly"
    dialogue, mention = found[0]
    assert prove(dialogue, travel) is None
    owner = mention.owner
    assert owner is not None
    spoilings: list[dict[str, Any]] = [
        {"owner": None}, {"owner": replace(owner, value="STY00000")}, {"by": {}}, {"by": {"stay_id": "STY00000"}},
        {"kind": "date"}, {"owner": replace(owner, turn=1)},
    ]  # fmt: skip
    for changed in spoilings:
        spoilt = with_turn(dialogue, 0, mentions=(replace(mention, **changed),))
        assert "could mean something else" in problem(spoilt, travel, "unambiguous"), changed


def test_unambiguous_finds_a_choice_that_no_words_make(good: Dialogue, travel: Domain[Any]) -> None:
    assert "nothing in the message tells which" in problem(with_turn(good, 0, mentions=()), travel, "unambiguous")


def test_hidden_finds_a_tool_and_an_identifier(good: Dialogue, travel: Domain[Any]) -> None:
    index = good.turns[0].message
    text = good.messages[index]["content"]
    number, pointer = consumer(good)
    value = good.calls[number].arguments[pointer[1:]]
    assert good.calls[0].name in problem(
        with_message(good, index, content=f"{text} Call {good.calls[0].name}."), travel, "hidden"
    )
    assert str(value) in problem(with_message(good, index, content=f"{text} It is {value}."), travel, "hidden")


@pytest.mark.parametrize(
    ("reasoning", "found"),
    [
        ("", "there is no reasoning"),
        ("The hint tells me what to do. {tool}", "speaks of 'The hint'"),
        ("{secret} is the way. {tool}", "names the advanced tool"),
        ("I already know {issued}. {tool}", "before any result tells it"),
        ("I will do something else entirely.", "does not lead to"),
    ],
)
def test_faithful_finds_reasoning_that_is_not(good: Dialogue, travel: Domain[Any], reasoning: str, found: str) -> None:
    index = next(i for i, message in enumerate(good.messages) if message.get("tool_calls"))
    number, pointer = consumer(good)
    text = reasoning.format(
        tool=" ".join(call.name for call in good.calls if call.message == index),
        secret=good.turns[0].advanced.name,
        issued=good.calls[number].arguments[pointer[1:]],
    )
    assert found in problem(with_message(good, index, reasoning_content=text), travel, "faithful")


def test_a_finding_names_the_first_proof_that_fails(good: Dialogue, travel: Domain[Any]) -> None:
    finding = prove(replace(good, sha256="0" * 64), travel)
    assert finding is not None
    assert (finding.proof, finding.problem) == ("replays", "the final state is another")


def _spoilt(dialogue: Dialogue) -> dict[str, Dialogue]:
    """By proof, a record that passes those before it and fails it; `goals` needs a dialogue of another kind."""
    goal = replace(dialogue.turns[0].goal, answers=(Answer("never seen", "never seen"),))
    asked, called = dialogue.turns[0].message, dialogue.calls[0].message
    text = dialogue.messages[asked]["content"]
    return {
        "replays": replace(dialogue, sha256="0" * 64),
        "grounded": with_call(dialogue, consumer(dialogue)[0], sources={}),
        "necessary": with_turn(dialogue, 0, goal=goal),
        "independent": with_turn(dialogue, 0, parallel=(99,)),
        "unambiguous": with_turn(dialogue, 0, mentions=()),
        "hidden": with_message(dialogue, asked, content=f"{text} Call {dialogue.calls[0].name}."),
        "faithful": with_message(dialogue, called, reasoning_content=""),
    }


def test_every_proof_is_asked_for_and_in_this_order(good: Dialogue, travel: Domain[Any]) -> None:
    found = {name: finding and finding.proof for name, d in _spoilt(good).items() for finding in [prove(d, travel)]}
    assert found == {name: name for name in found}
    assert list(PROOFS) == [
        "replays", "text", "grounded", "necessary", "consistent", "independent", "goals", "unambiguous", "hidden",
        "faithful", "macro", "traits", "claims", "view", "kinds",
    ]  # fmt: skip
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    shown = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True, sources=shown)
    walk.next_turn()
    take(walk, "list_books", user_requested=True)
    record = record_of(walk, "I am Ada Kern. Lend me BOOK005.", "Which books are there?")
    known = Answer(walk.steps[1].result["books"][0]["title"], "a title")
    again = problem(with_turn(record, 1, goal=Goal(answers=(known,))), LIBRARY, "goals")
    assert again == "turn 1: the goal of the dialogue holds before it, so it brings nothing"


def test_the_result_in_a_tool_message_is_the_result_of_the_call(good: Dialogue) -> None:
    results = [json.loads(message["content"]) for message in good.messages if message["role"] == "tool"]
    assert results == [call.result for call in good.calls]
