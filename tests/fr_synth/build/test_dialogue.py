"""A dialogue from its plan: what it holds, that it is proven, and what happens when it cannot be made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs.episode.session import Session
from fr_envs.errors import TeacherError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.domain import Domain
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.build.thought.wording import sentences
from fr_synth.sample.schedule import draw_targets
from fr_synth.sample.targets import targets_of
from fr_synth.teachers.protocol import TeacherReply, TeacherRequest
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.trace.macro import run
from fr_synth.trace.records import Dialogue
from fr_synth.trace.rows import decode, encode, task_of
from fr_synth.trace.target import ToolTarget
from fr_synth.verify.evidence import gather
from fr_synth.verify.faithful import faithful
from fr_synth.verify.proofs import prove
from fr_synth.verify.words.text import text
from tests.fr_envs.small_world import CONTRACT, LIBRARY, library
from tests.fr_synth.odd_world import ODD

if TYPE_CHECKING:
    from fr_synth.teachers.protocol import Teacher

GRAPH = ApiGraph(LIBRARY.spec)
TARGETS = targets_of(LIBRARY)


def make(index: int, teacher: Teacher | None = None, **settings: Any) -> Dialogue | Dropped:
    plan = DialoguePlan(f"library-{index}", (5, index, 0), draw_targets(5, index, [{"tool": TARGETS}], (2, 3)).targets)
    return make_dialogue(LIBRARY, GRAPH, plan, Settings(**settings), teacher or ScriptedTeacher())


@pytest.fixture(scope="module")
def dialogues() -> list[Dialogue]:
    made = [make(index) for index in range(40)]
    found = [each for each in made if isinstance(each, Dialogue)]
    assert len(found) >= 36, [each for each in made if isinstance(each, Dropped)]
    return found


def test_dialogues_are_proven(dialogues: list[Dialogue]) -> None:
    failing = [(each.id, prove(each, LIBRARY)) for each in dialogues if prove(each, LIBRARY)]
    assert len(failing) <= 1, failing


def test_the_messages_of_a_dialogue_are_in_the_order_that_trainers_read(dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        assert dialogue.messages[0] == {"role": "system", "content": LIBRARY.system_text_at(LIBRARY.initial(0))}
        waiting: list[str] = []
        for before, message in zip(dialogue.messages, dialogue.messages[1:], strict=False):
            if message["role"] == "tool":
                assert waiting.pop(0) == message["tool_call_id"]
                continue
            assert not waiting, "every call is answered before anybody speaks"
            assert message["role"] != before["role"] or message["role"] == "assistant"
            waiting = [call["id"] for call in message.get("tool_calls", ())]
        assert dialogue.messages[-1]["role"] == "assistant"
        assert dialogue.messages[-1]["content"]


def thoughts_of(dialogue: Dialogue | Dropped) -> list[str | None]:
    """What stands as reasoning in each message of the assistant; None where there is no such member."""
    assert isinstance(dialogue, Dialogue)
    return [each.get("reasoning_content") for each in dialogue.messages if each["role"] == "assistant"]


def test_as_much_is_thought_as_is_asked_for() -> None:
    for index in range(6):
        full, brief, none = (make(index, reasoning=how) for how in ("full", "brief", "none"))
        assert any(thoughts_of(full))
        assert all(len(sentences(str(thought))) <= 1 for thought in thoughts_of(brief))
        assert set(thoughts_of(none)) == {None}
        assert isinstance(full, Dialogue)
        for other in (brief, none):
            assert isinstance(other, Dialogue)
            assert [call.arguments for call in other.calls] == [call.arguments for call in full.calls]
            assert not list(faithful(gather(other, LIBRARY)))
            assert not list(text(gather(other, LIBRARY)))


def test_reasoning_stands_in_all_messages_or_in_none() -> None:
    dialogue = make(0)
    assert isinstance(dialogue, Dialogue)
    last = {key: value for key, value in dialogue.messages[-1].items() if key != "reasoning_content"}
    torn = msgspec.structs.replace(dialogue, messages=(*dialogue.messages[:-1], last))
    assert any("have reasoning and some have none" in problem for problem in text(gather(torn, LIBRARY)))
    assert any("no reasoning" in problem for problem in faithful(gather(torn, LIBRARY)))


def test_the_same_plan_gives_the_same_bytes() -> None:
    first, second = make(3), make(3)
    assert isinstance(first, Dialogue)
    assert isinstance(second, Dialogue)
    assert encode(first) == encode(second)


def test_a_record_reads_back_as_it_was(dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        assert decode(encode(dialogue), "here") == dialogue


def test_each_advanced_tool_gives_its_turn_again(dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        session = Session(LIBRARY)
        session.reset(task_of(dialogue))
        for number, turn in enumerate(dialogue.turns):
            own = [call for call in dialogue.calls if call.turn == number]
            ran = run(LIBRARY, session.state, turn.advanced, turn.advanced.example)
            assert not ran.failure
            assert [(call.name, call.arguments) for call in ran.calls] == [(c.name, c.arguments) for c in own]
            for call in own:
                session.call(call.name, call.arguments)
            session.say(task_of(dialogue).turns[number].reply)


def test_later_turns_use_what_earlier_ones_gave(dialogues: list[Dialogue]) -> None:
    carried = [
        call
        for dialogue in dialogues
        for call in dialogue.calls
        for source in call.sources.values()
        if isinstance(source, Output) and dialogue.calls[source.step].turn < call.turn
    ]
    assert carried


def test_a_reasoner_that_errs_is_put_right() -> None:
    made = [make(index, ScriptedTeacher(0.5)) for index in range(30)]
    done = [each for each in made if isinstance(each, Dialogue)]
    corrected = [turn for each in done for turn in each.turns if turn.faults]
    assert corrected, "the chain was never exercised"
    assert all(turn.attempts > 1 for turn in corrected)
    proven = [each for each in done if prove(each, LIBRARY) is None]
    assert len(proven) >= len(made) // 2


def test_a_target_out_of_reach_drops_the_dialogue() -> None:
    plan = DialoguePlan("x", (1,), ((ToolTarget("leave"),),) * 3)
    made = make_dialogue(LIBRARY, GRAPH, plan, Settings(), ScriptedTeacher())
    assert isinstance(made, Dialogue | Dropped)  # leaving again means joining again
    unreachable = make_dialogue(LIBRARY, GRAPH, DialoguePlan("x", (1,), ((),)), Settings(), ScriptedTeacher())
    assert isinstance(unreachable, Dropped)


class Broken:
    """A teacher that answers every role but one."""

    def __init__(self, role: str, content: dict[str, Any] | None = None) -> None:
        self.role = role
        self.content = content
        self.inner = ScriptedTeacher()

    @property
    def name(self) -> str:
        return "broken"

    def complete(self, request: TeacherRequest) -> TeacherReply:
        if request.role != self.role:
            return self.inner.complete(request)
        if self.content is None:
            raise TeacherError("the endpoint is gone")
        return TeacherReply({**request.material.get("draft", {}), **self.content})


@pytest.mark.parametrize("role", ["tooling", "query", "reason"])
def test_a_teacher_that_does_not_answer_drops_the_dialogue(role: str) -> None:
    made = make(0, Broken(role))
    assert isinstance(made, Dropped)
    assert "the endpoint is gone" in made.reason


@pytest.mark.parametrize("hard", ["Call list_books and then borrow.", "", "Give me 4,711 of BOOK999 by 3 May."])
def test_a_query_of_no_use_is_asked_for_again_and_then_left_as_it_was_drafted(hard: str) -> None:
    broken, plain = make(0, Broken("query", {"hard": hard})), make(0)
    assert isinstance(broken, Dialogue)
    assert isinstance(plain, Dialogue)
    assert broken == msgspec.structs.replace(plain, teacher="broken")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"reasoning": "nothing to do", "calls": [], "reply": "Done."}, "not reached yet|does not tell"),
        ({"reasoning": "a call of nope", "calls": [{"name": "nope", "arguments": {}}], "reply": None}, "unknown_tool"),
        ({"reasoning": "", "calls": [], "reply": ""}, "the reply is empty"),
        (
            {
                "reasoning": "get_book",
                "calls": [{"name": "get_book", "arguments": {"book_id": "BOOK001"}}],
                "reply": None,
            },
            "told by nobody",
        ),
    ],
)
def test_a_reasoner_that_stays_wrong_is_given_up(answer: dict[str, Any], fault: str) -> None:
    made = make(0, Broken("reason", answer), attempts=2)
    assert isinstance(made, Dropped)
    assert made.stage == "chain"
    assert "still wrong after 2 attempts" in made.reason
    assert re.search(fault, made.reason)


def test_a_wish_without_words_drops_the_dialogue() -> None:
    """The contract asks for a review without a place for the stars, so nobody could say them."""
    mute = {**CONTRACT["tools"]["review_book"], "request_templates": ["review {book_id}"]}
    world = library({**CONTRACT, "tools": {**CONTRACT["tools"], "review_book": mute}})
    plan = DialoguePlan("x", (1,), ((ToolTarget("review_book"),),))
    made = make_dialogue(world, ApiGraph(world.spec), plan, Settings(), ScriptedTeacher())
    assert made == Dropped("query", "turn 0: no words for a request of review_book")


def test_a_turn_that_no_macro_can_hold_drops_the_dialogue() -> None:
    """An empty list has no leaf, so no parameter of a macro can carry it."""

    def no_guests(_state: Any, _arguments: Any, _rng: Any) -> dict[str, Any]:
        return {"day": 3, "guests": []}

    hooks = ODD.hooks._replace(suggest={**ODD.hooks.suggest, "plan_evening.evening": no_guests})
    world = Domain(ODD.spec, ODD.handlers, hooks)
    plan = DialoguePlan("x", (1,), ((ToolTarget("plan_evening"),),))
    made = make_dialogue(world, ApiGraph(world.spec), plan, Settings(calls=(1, 1)), ScriptedTeacher())
    assert isinstance(made, Dropped)
    assert made.stage == "advanced"
    assert "step 0 (plan_evening): invalid_arguments" in made.reason


class Detours:
    """Makes the calls of another dialogue, but finds its book by a search for "the" instead of the list of books."""

    name = "detours"

    def __init__(self, usual: Dialogue) -> None:
        calls = [{"name": call.name, "arguments": call.arguments} for call in usual.calls]
        search = {"name": "search_books", "arguments": {"title": "the"}}
        self.calls = [search if call["name"] == "list_books" else call for call in calls]
        self.reply = usual.messages[-1]["content"]
        self.inner = ScriptedTeacher()

    def complete(self, request: TeacherRequest) -> TeacherReply:
        if request.role != "reason":
            return self.inner.complete(request)
        made = sum(message["role"] == "tool" for message in request.material["messages"])
        call = self.calls[made] if made < len(self.calls) else None
        thought = f"I call {call['name']}." if call else "It is done."
        return TeacherReply(
            {"reasoning": thought, "calls": [call] if call else [], "reply": None if call else self.reply}
        )


def test_words_that_rest_on_no_call_that_was_made_fall_at_a_proof() -> None:
    """The message says "the history book of 516 pages", and no call has shown pages."""
    tried = 0
    for seed in range(120):
        plan = DialoguePlan("x", (6, seed), ((ToolTarget("borrow"),),))
        usual = make_dialogue(LIBRARY, GRAPH, plan, Settings(calls=(1, 1)), ScriptedTeacher())
        if not isinstance(usual, Dialogue) or not usual.turns[0].mentions:
            continue
        mention = usual.turns[0].mentions[0]
        listed = usual.calls[mention.step].result.get("books", ())
        title = next((str(book["title"]) for book in listed if book["book_id"] == mention.value), "")
        if "pages" not in mention.by or "the" not in title.lower():
            continue
        tried += 1
        made = make_dialogue(LIBRARY, GRAPH, plan, Settings(calls=(1, 1)), Detours(usual))
        assert isinstance(made, Dialogue), made
        assert made.turns[0].mentions == ()
        finding = prove(made, LIBRARY)
        assert finding is not None
        assert finding.proof in {"unambiguous", "consistent"}  # what is searched for is a word of the request by chance
    assert tried
