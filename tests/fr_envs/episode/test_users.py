"""What somebody who answers as the user promises.

1. Where the turn is done they say nothing, and the task's next message comes.
2. They tell what they know when asked for it, once, and say so when they don't know.
3. They leave after nonsense twice in a row; the turn counts as it is.
4. Nothing about it is kept outside the session: forks and pickles go on alike.
"""

from __future__ import annotations

import pickle

import pytest

import fr_envs
from fr_envs.episode.session import Session
from fr_envs.episode.task import Answer, Goal, Known, Task, Turn
from fr_envs.episode.user.roles import asked_for, asking_part
from fr_envs.episode.user.talk import ANSWERING
from fr_envs.errors import UsageError
from fr_envs.world.registry import load_domain
from fr_envs.world.state import Change

BANK = load_domain("banking").spec
KNOWS = (
    Known("transfer_funds", "source_account_id", "my savings account"),
    Known("transfer_funds", "target_account_id", "the Holiday pot"),
    Known("transfer_funds", "amount", "€220.00"),
    Known("schedule_transfer", "first_date", "the first of May"),
)


def told(question: str) -> list[str]:
    return [each.text for each in asked_for(question, KNOWS, BANK)]


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("How much is it to be?", ["€220.00"]),
        ("Which amount, please?", ["€220.00"]),
        ("When should it start?", ["the first of May"]),
        ("From which account shall I take it: the source?", ["my savings account"]),
        ("What is your favourite colour?", []),
        ("Could you tell me your shoe size?", []),
    ],
)
def test_a_question_is_held_against_what_is_known(question: str, texts: list[str]) -> None:
    assert told(question) == texts


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("Which new is it to be?", ["1.9"]),
        ("What is the 'new' value?", ["1.9"]),
        ("Anything new?", []),
        ("What colour is the new one?", []),
        ("Which news is it?", []),
    ],
)
def test_a_role_named_by_a_little_word_is_asked_for_by_it(question: str, texts: list[str]) -> None:
    known = (Known("replace_in_file", "new", "1.9"), Known("report", "id", "A 7"))
    assert [each.text for each in asked_for(question, known, load_domain("filesystem").spec)] == texts


def test_what_a_reply_asks_is_told_from_what_it_says() -> None:
    assert asking_part("I found two accounts. Which one? Thanks.") == "Which one?"
    assert asking_part("All done. Anything else?") == ""


def places(**settings: object) -> Task:
    here = load_domain("filesystem")
    session = Session(here)
    session.reset(seed=7)
    session.call("mkdir", {"path": "final"})
    made = tuple(Change(c.table, c.key, c.before, c.after) for c in session.diff() if not c.before)
    goal = Goal(changes=made, incidental=("session", "nodes"))
    knows = (Known("mkdir", "path", "final"),)
    first = Turn("Make a directory for the drafts, please.", goal, knows=knows)
    home = session.call("pwd")["path"]
    second = Turn("And where are they?", Goal(answers=(Answer(home, home),)))
    return Task("filesystem", (7,), (first, second), id="places")


def session_of(task: Task, user: str | None = "scripted") -> Session:
    session = Session(task.domain, user=user)
    session.reset(task)
    return session


def test_a_question_in_a_turn_is_answered_and_the_turn_goes_on() -> None:
    session = session_of(places())
    seen = session.say("Gladly. Which path is it to have?")
    assert seen.verdict is None
    assert "final" in str(seen.message)
    assert not seen.terminated
    assert session.turn == 0
    session.call("mkdir", {"path": "final"})
    seen = session.say("Done.")
    assert seen.verdict is not None
    assert (seen.verdict.score, seen.message) == (1.0, "And where are they?")


def test_without_a_user_a_question_ends_the_turn() -> None:
    session = session_of(places(), None)
    seen = session.say("Gladly. Which path is it to have?")
    assert seen.verdict is not None
    assert (seen.verdict.score, seen.message) == (0.0, "And where are they?")


def test_what_the_person_does_not_know_they_cannot_tell_and_leave_after_the_second_time() -> None:
    session = session_of(places())
    first = session.say("What is your shoe size?")
    assert first.message
    assert first.verdict is None
    assert "final" not in first.message
    seen = session.say("And what is your favourite colour?")
    assert seen.verdict is not None
    assert (seen.verdict.score, seen.terminated) == (0.0, True)
    assert seen.message
    assert seen.message != "And where are they?"
    assert session.over
    assert session.score() == 0.0
    with pytest.raises(UsageError, match="no episode is going on"):
        session.say("Wait!")


@pytest.mark.parametrize("nonsense", ["…", "", "Let me look into that.", "Which path, which path?"])
def test_nonsense_wears_patience_out(nonsense: str) -> None:
    session = session_of(places())
    steps = 0
    while not session.over:
        session.say(nonsense)
        steps += 1
    assert 2 <= steps <= 3


def test_patience_comes_back_with_a_question_that_makes_sense() -> None:
    session = session_of(places())
    session.say("What is your shoe size?")
    session.say("Sorry. Which path is it to have?")
    session.say("And your favourite colour?")
    assert not session.over


def test_a_yes_is_given_once_to_what_was_wanted() -> None:
    session = session_of(places())
    first = session.say("Shall I go ahead?")
    assert first.verdict is None
    session.call("mkdir", {"path": "final"})
    assert session.say("Done.").verdict is not None


def test_a_claim_ends_the_turn_whatever_it_is_worth() -> None:
    session = session_of(places())
    seen = session.say("Done, the directory is there.")
    assert seen.verdict is not None
    assert (seen.verdict.score, session.turn) == (0.0, 1)


def test_where_asking_is_right_a_question_ends_the_turn() -> None:
    turn = Turn("Open a folder for me.", Goal(mentions=("called",)), kind="ask", knows=())
    task = Task("filesystem", (7,), (turn, Turn("Call it spring.", Goal())), id="asked")
    for question in ("Sure. What is it to be called?", "Could you tell me more about it?"):
        seen = session_of(task).say(question)
        assert seen.verdict is not None
        assert seen.message == "Call it spring."


def test_where_asking_is_right_another_question_is_not_answered_by_what_comes_next() -> None:
    turn = Turn("Open a folder for me.", Goal(mentions=("called",)), kind="ask", knows=())
    choice = Turn("Show me the log.", Goal(mentions=("a.log", "b.log")), kind="choose")
    tasks = [Task("filesystem", (7,), (first, Turn("Call it spring.", Goal())), id="asked") for first in (turn, choice)]
    for task in tasks:
        seen = session_of(task).say("Sure. How large is it to be?")
        assert seen.verdict is None
        assert seen.message != "Call it spring."
    assert session_of(tasks[-1]).say("Which one do you mean?").message == "Call it spring."


def test_what_the_next_message_tells_may_be_asked_for_in_any_words() -> None:
    turn = Turn("Open a folder for me.", Goal(mentions=("called",)), kind="ask")
    following = Turn("Call it spring.", Goal(), knows=(Known("mkdir", "path", "spring"),))
    task = Task("filesystem", (7,), (turn, following), id="asked")
    assert session_of(task).say("Which path is it to have?").message == "Call it spring."


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Shall I go ahead?", ("Yes, please.", "Yes, go ahead.", "Please do.")),
        ("Is that right?", ("Yes, that's right.", "That's right.", "Yes, exactly.")),
    ],
)
def test_a_yes_is_one_to_what_was_asked(question: str, answers: tuple[str, ...]) -> None:
    assert session_of(places()).say(question).message in answers


@pytest.mark.parametrize("question", ["Which one do you mean?", "Before I list the paths: what is your shoe size?"])
def test_what_no_yes_and_nothing_known_answers_is_not_known(question: str) -> None:
    message = session_of(places()).say(question).message
    assert message in ("I don't know, I'm afraid.", "That I can't tell you.", "No idea. I've told you what I know.")


def test_answers_do_not_depend_on_the_session_that_hears_them() -> None:
    one = session_of(places())
    one.say("What is your shoe size?")
    twin, other = one.fork(), pickle.loads(pickle.dumps(one))
    said = {each.say("And your hat size?").message for each in (one, twin, other)}
    assert len(said) == 1
    assert all(each.over for each in (one, twin, other))


def test_a_turn_takes_no_more_steps_than_it_may_with_answers_as_well() -> None:
    session = Session("filesystem", max_steps=1, user="scripted")
    session.reset(places())
    assert session.say("Which path is it to have?").truncated
    assert session.over


def test_a_transcript_with_answers_is_judged_as_it_was_played() -> None:
    task = places()
    call = {"id": "a", "type": "function", "function": {"name": "mkdir", "arguments": {"path": "final"}}}
    session = session_of(task)
    answer = session.say("Which path is it to have?").message
    result = session.call("mkdir", {"path": "final"})
    messages = [
        {"role": "user", "content": task.turns[0].message},
        {"role": "assistant", "content": "Which path is it to have?"},
        {"role": "user", "content": answer, "name": ANSWERING},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": result},
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": task.turns[1].message},
        {"role": "assistant", "content": "I don't know."},
    ]
    found = fr_envs.score(task, messages)
    assert [verdict.score for verdict in found.turns] == [1.0, 0.0]
    assert not [each for each in found.findings if "user" in each.problem]
    left = fr_envs.score(task, messages[:3])
    assert [verdict.score for verdict in left.turns] == [0.0, 0.0]


def test_users_have_names() -> None:
    assert Session("filesystem", user="fixed").user is None
    with pytest.raises(UsageError, match="no user 'nobody'; there are fixed, scripted"):
        Session("filesystem", user="nobody")
