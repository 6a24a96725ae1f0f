"""Phase III: what passes enters the transcript, what does not goes to the critic, and there is an end to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fr_envs.errors import TeacherError
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.guided_chain import Asking, ChainRun, Guide, Transcript, follow
from fr_synth.build.message_groups import groups
from fr_synth.language.replies import reply_of
from fr_synth.sample.turns import goal_of
from fr_synth.teachers.protocol import TeacherReply, TeacherRequest
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.dataflow.provenance import Default, Output, Said
from fr_synth.trace.target import ToolTarget
from fr_synth.trace.turn_trace import TurnTrace
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import by_fields, given, new_walk, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import JsonObject
    from fr_synth.sample.walk import Walk
    from fr_synth.teachers.protocol import Teacher

HINT = {"name": "tell_about_one", "description": "Tell about a book by its title."}


class Scene(NamedTuple):
    transcript: Transcript
    trace: TurnTrace
    guide: Guide


def scene(walk: Walk, message: str) -> Scene:
    """The turn that a walk has just taken, about to be worked through from the user's message on."""
    steps = tuple(walk.steps)
    start, end = steps[0].before, steps[-1].after
    told = reply_of(LIBRARY, steps, walk.rng)
    goal = goal_of(LIBRARY, steps, start, end, told)
    trace = TurnTrace(ToolTarget(steps[-1].call.name), steps, 0, start, end, goal, told)
    together = groups(LIBRARY, steps, 0)
    thoughts = [" ".join(steps[k].call.name for k in group) for group in together]
    guide = Guide((*thoughts, "It is all there."), tuple(tuple(group) for group in together), told.text)
    transcript = Transcript(LIBRARY, start, "A library.")
    transcript.hear(message)
    return Scene(transcript, trace, guide)


def about_the_weir() -> Scene:
    walk = new_walk()
    take(walk, "list_books")
    mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    return scene(walk, "Tell me about the book called The Weir.")


def lend_the_weir() -> Scene:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "borrow", {"book_id": "BOOK005", "days": 3}, user_requested=True, sources=sources)
    return scene(walk, "I'm Ada Kern. Lend me the book called The Weir for 3 days.")


class Speaks:
    """A reasoner with answers of its own: each is an answer, or None for the guide's; the last one stays."""

    def __init__(self, *answers: JsonObject | Callable[[TeacherRequest], JsonObject] | None) -> None:
        self.answers = list(answers)
        self.asked: list[TeacherRequest] = []
        self.scripted = ScriptedTeacher()

    @property
    def name(self) -> str:
        return "speaks"

    def complete(self, request: TeacherRequest) -> TeacherReply:
        self.asked.append(request)
        if request.role != "reason":
            return self.scripted.complete(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            return self.scripted.complete(request)
        return TeacherReply(answer(request) if callable(answer) else answer)


def calling(*calls: tuple[str, JsonObject], thought: str | None = None) -> JsonObject:
    names = " and ".join(name for name, _ in calls)
    return {
        "reasoning": f"I call {names}." if thought is None else thought,
        "calls": [{"name": name, "arguments": arguments} for name, arguments in calls],
        "reply": None,
    }


def saying(reply: str, thought: str = "That is it.") -> JsonObject:
    return {"reasoning": thought, "calls": [], "reply": reply}


def worked(scene: Scene, teacher: Teacher, attempts: int = 3) -> ChainRun:
    asking = Asking(teacher, attempts, 7, LIBRARY.spec.policy, LIBRARY.openai_tools)
    return follow(scene.transcript, scene.trace, scene.guide, HINT, asking)


def test_the_guide_leads_through() -> None:
    there = about_the_weir()
    ran = worked(there, ScriptedTeacher())
    assert ran == ChainRun(3, (), "")
    roles = [message["role"] for message in there.transcript.messages]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "tool", "assistant"]
    assert [call.name for call in there.transcript.calls] == ["list_books", "get_book"]
    assert there.transcript.calls[1].sources == {"/book_id": Output(0, "/books/4/book_id")}
    assert [call.user_requested for call in there.transcript.calls] == [False, True]
    assert [call.message for call in there.transcript.calls] == [2, 4]
    assert there.transcript.messages[-1]["content"] == "The Weir is of the genre history and has 516 pages."
    assert json.loads(there.transcript.messages[3]["content"]) == there.transcript.calls[0].result
    assert there.transcript.messages[2]["tool_calls"][0]["id"] == there.transcript.messages[3]["tool_call_id"]


def test_neither_hint_nor_faults_enter_the_transcript() -> None:
    there = about_the_weir()
    ran = worked(there, Speaks(calling(("get_book", {"book_id": "BOOK005"})), None))
    assert ran.failure == ""
    assert ran.attempts == 4
    assert ran.faults == ("get_book: /book_id was told by nobody: it is no output and not in the request",)
    written = json.dumps(there.transcript.messages)
    assert HINT["name"] not in written
    assert HINT["description"] not in written
    assert "told by nobody" not in written


def test_the_critics_advice_joins_the_prompt() -> None:
    there = about_the_weir()
    bad = calling(("get_book", {"book_id": "BOOK005"}))
    teacher = Speaks(bad, bad, None)
    assert worked(there, teacher).failure == ""
    reasons = [request for request in teacher.asked if request.role == "reason"]
    assert [len(request.material["errors"]) for request in reasons] == [0, 1, 2, 0, 0]
    assert "told by nobody" in reasons[1].material["errors"][0]
    critics = [request for request in teacher.asked if request.role == "critic"]
    assert critics[0].material["attempt"] == bad
    assert critics[0].guide == {}, "a critic that knew the way would tell it"
    assert len({request.seed for request in reasons}) == len(reasons), "every answer has a seed of its own"
    assert all(request.material["hint"] == HINT["description"] for request in reasons)


def test_a_detour_that_is_grounded_passes_and_what_follows_rests_on_what_was_really_called() -> None:
    there = about_the_weir()
    teacher = Speaks(
        calling(("search_books", {"title": "The Weir"})),
        calling(("get_book", {"book_id": "BOOK005"})),
        saying("The Weir is of the genre history and has 516 pages."),
    )
    assert worked(there, teacher) == ChainRun(3, (), "")
    assert [call.name for call in there.transcript.calls] == ["search_books", "get_book"]
    assert there.transcript.calls[0].sources == {"/title": Said(0, "The Weir")}
    assert there.transcript.calls[1].sources == {"/book_id": Output(0, "/books/0/book_id")}


def test_a_planned_source_that_moved_is_traced_anew() -> None:
    """The list comes second, so what was planned to stand in call 0 stands in call 1, or in the detour's result."""
    there = about_the_weir()
    teacher = Speaks(calling(("list_books", {"limit": 3}), thought="list_books for 3"), None)
    there.transcript.said[0] += " Just 3."
    assert worked(there, teacher).failure == ""
    names = [call.name for call in there.transcript.calls]
    assert names == ["list_books", "list_books", "get_book"]
    assert there.transcript.calls[2].sources == {"/book_id": Output(1, "/books/4/book_id")}


def test_several_calls_of_one_message() -> None:
    there = lend_the_weir()
    both = calling(("join", {"name": "Ada Kern"}), ("list_books", {}))
    lend = calling(("borrow", {"book_id": "BOOK005", "days": 3}))
    assert worked(there, Speaks(both, lend, saying(there.guide.reply))) == ChainRun(3, (), "")
    assert [call.message for call in there.transcript.calls] == [2, 2, 5]
    assert [message["tool_call_id"] for message in there.transcript.messages[3:5]] == ["call_0", "call_1"]


def test_a_value_that_only_a_call_of_the_same_message_gives_is_not_known_yet() -> None:
    there = about_the_weir()
    both = calling(("list_books", {}), ("get_book", {"book_id": "BOOK005"}))
    ran = worked(there, Speaks(both, None))
    assert "told by nobody" in ran.faults[0]
    assert ran.failure == ""


def test_a_default_may_be_written_out() -> None:
    there = about_the_weir()
    teacher = Speaks(calling(("list_books", {"limit": 10})), None)
    assert worked(there, teacher).failure == ""
    assert there.transcript.calls[0].sources == {"/limit": Default()}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (calling(("borrow", {"book_id": "BOOK005"})), "borrow fails with no_card"),
        (calling(("get_book", {})), "get_book fails with invalid_arguments"),
        (calling(("list_books", {}), thought=""), "there is no reasoning"),
        (calling(("list_books", {}), thought="The hint says list_books."), "speaks of 'The hint'"),
        (calling(("list_books", {}), thought="list_books does tell_about_one"), "names the advanced tool"),
        (calling(("list_books", {}), thought="list_books, though BOOK005 it is"), "knows 'BOOK005' before any result"),
        (calling(("list_books", {}), thought="Let me think."), "does not lead to list_books"),
        (saying("The Weir has 516 pages."), "not reached yet: answer 'The Weir'"),
        (saying(""), "the reply is empty"),
    ],
)
def test_what_is_wrong_is_named_and_given_up_after_the_last_attempt(answer: JsonObject, fault: str) -> None:
    there = about_the_weir()
    ran = worked(there, Speaks(answer), attempts=2)
    assert ran.attempts == 2
    assert any(fault in each for each in ran.faults), ran.faults
    assert ran.failure.startswith("still wrong after 2 attempts: ")
    assert len(there.transcript.messages) == 2, "nothing of it is kept"
    assert there.transcript.calls == []


def test_what_was_not_taken_is_kept_with_the_place_where_it_was_tried() -> None:
    there = about_the_weir()
    early = calling(("get_book", {"book_id": "BOOK005"}))
    ran = worked(there, Speaks(early, None, None, saying("Here you are."), None))
    assert [(each.message, each.reasoning, each.reply) for each in ran.failed] == [
        (2, "I call get_book.", ""), (6, "That is it.", "Here you are.")
    ]  # fmt: skip
    assert [each.calls for each in ran.failed] == [(ToolCall("get_book", {"book_id": "BOOK005"}),), ()]
    assert not any(each.cut for each in ran.failed)
    assert all(each.faults for each in ran.failed)


@pytest.mark.parametrize(
    "answer",
    [
        saying("The Weir. " * 2_000),
        saying("", thought="I wonder. " * 2_000),
        saying("", thought="\x1b[2J" + "\u202e"),
        calling(("get_book", {"book_id": "B" * 20_000})),
        calling(("get_book", {"book_id": "\u202e"})),
    ],
)
def test_of_what_is_too_long_or_unseen_a_part_is_kept(answer: JsonObject) -> None:
    (kept,) = worked(about_the_weir(), Speaks(answer), attempts=1).failed
    assert kept.cut
    assert kept.calls == ()
    assert kept.size <= 2_000
    assert kept.plain


def test_a_reply_has_to_tell_the_answers() -> None:
    there = about_the_weir()
    ran = worked(there, Speaks(None, None, saying("Here you are."), None))
    assert ran.failure == ""
    assert "the reply does not tell '516'" in ran.faults
    assert there.transcript.messages[-1]["content"] == there.guide.reply


def test_a_change_that_nobody_asked_for_is_a_fault_of_the_reply() -> None:
    there = lend_the_weir()
    teacher = Speaks(None, None, calling(("review_book", {"book_id": "BOOK005", "stars": 3})), None)
    ran = worked(there, teacher)
    assert "nobody asked for the change of books[BOOK005]" in ran.faults
    assert ran.failure.startswith("still wrong after 3 attempts")


def test_an_answer_of_an_earlier_turn_is_still_known() -> None:
    there = about_the_weir()
    assert worked(there, ScriptedTeacher()).failure == ""
    there.transcript.hear("And once more, by its number BOOK005?")
    second = there.trace.steps[1]
    again = there.trace._replace(steps=(second._replace(sources={"/book_id": Output(0, "/books/4/book_id")}),), first=2)
    guide = Guide(("get_book it is, for BOOK005", "Done."), ((0,),), there.guide.reply)
    ran = follow(there.transcript, again, guide, HINT, Asking(ScriptedTeacher(), 2, 7, "", []))
    assert ran == ChainRun(2, (), "")
    assert there.transcript.calls[-1].turn == 1


def test_planned_sources_that_point_nowhere_are_not_trusted() -> None:
    there = about_the_weir()
    for source in (Output(0, "/books/40/book_id"), Output(0, "/books/1/book_id"), Output(9, "/books/4/book_id")):
        fresh = about_the_weir()
        steps = (fresh.trace.steps[0], fresh.trace.steps[1]._replace(sources={"/book_id": source}))
        lost = Scene(fresh.transcript, fresh.trace._replace(steps=steps), fresh.guide)
        assert worked(lost, ScriptedTeacher()).failure == ""
        assert lost.transcript.calls[1].sources == {"/book_id": Output(0, "/books/4/book_id")}
    assert there.transcript.calls == []


def test_a_reasoner_that_never_replies_is_stopped() -> None:
    there = about_the_weir()
    ran = worked(there, Speaks(calling(("list_books", {}))))
    assert ran.failure == "no reply after 24 messages"
    assert ran.attempts == 24


@pytest.mark.parametrize("first", [None, calling(("get_book", {"book_id": "BOOK005"}))])
def test_a_teacher_without_an_answer_ends_the_turn(first: JsonObject | None) -> None:
    def gone(_: TeacherRequest) -> JsonObject:
        raise TeacherError("the endpoint is gone")

    ran = worked(about_the_weir(), Speaks(first, gone))
    assert ran.failure == "the endpoint is gone"


def test_only_the_wanted_tools_of_the_plan_are_wanted() -> None:
    there = lend_the_weir()
    assert worked(there, ScriptedTeacher()).failure == ""
    assert {call.name: call.user_requested for call in there.transcript.calls} == {
        "join": False, "list_books": False, "borrow": True,
    }  # fmt: skip
    assert there.transcript.state.digest == there.trace.end.digest
    assert there.transcript.knowledge.values("loan_id") == ["LOAN0001"]


def test_a_request_shows_the_dialogue_without_the_system_message() -> None:
    there = about_the_weir()
    seen: list[Any] = []

    def look(request: TeacherRequest) -> JsonObject:
        seen.append([dict(message) for message in request.material["messages"]])
        return dict(request.guide)

    assert worked(there, Speaks(look)).failure == ""
    assert [len(messages) for messages in seen] == [1, 3, 5]
    assert seen[0][0]["role"] == "user"
