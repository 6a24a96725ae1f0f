"""What is taken back.

1. A value that was got wrong is put right one turn later by the same call; the world is as if that alone had been made.
2. Whoever is asked may change what they said before, or let the whole thing be; then nothing of it is done.
3. Nobody changes whom a story is about, and nothing urgent is let be.
4. Every way to spoil such turns is found.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.episode.session import Session
from fr_envs.situation.declining import declines
from fr_envs.situation.loading import load_situations, traits_of_turns
from fr_envs.situation.spec import TONES, dropping_of
from fr_envs.situation.templates import parse
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.evaluate.agents import OracleAgent
from fr_synth.evaluate.rollouts import play
from fr_synth.language.taking_back import Course, answered_otherwise, corrected, is_day, told_of, values_of
from fr_synth.situations.mishaps.plan import NO_SHARES, Shares
from fr_synth.situations.scope import Scope, Worked
from fr_synth.situations.taking_back.another import is_weighed, misread, spared, stays_on_its_side
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.trace.rows import decode, encode, task_of
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine
from tests.fr_synth.walks import graph_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.trace.records import CallRecord

Way = Literal["set anew", "looked up anew", "otherwise", "dropped"]

STORIES: dict[Way, tuple[str, str]] = {
    "set anew": ("bill_creeps_up", "banking"), "looked up anew": ("fast_or_cheap", "banking"),
    "otherwise": ("put_aside_for_goal", "banking"), "dropped": ("account_no_longer_used", "banking"),
}  # fmt: skip
COURSES: tuple[Course, ...] = get_args(Course)
TRAITS = {"set anew": "correction", "looked up anew": "correction", "otherwise": "change_of_mind"}


def turns_in(turns: tuple[SituationTurn, ...]) -> list[SituationTurn]:
    return [each for turn in turns for each in (turn, *turns_in(turn.then))]


@functools.cache
def taken_back(way: Way) -> Dialogue:
    """The first dialogue of a situation in which something is taken back in a way."""
    name, world = STORIES[way]
    domain, trait = load_domain(world), TRAITS.get(way, "change_of_mind")
    situation = next(each for each in load_situations() if each.name == name)
    settings = Settings(shares=NO_SHARES._replace(**{trait: 1.0}))
    for seed in range(60):
        kinds: tuple[TurnKind, ...] = () if trait == "correction" else ("choose", "confirm")
        plan = DialoguePlan(f"{name}-{seed}", (4, seed), (), situation=situation, turns=(2, 4), kinds=kinds)
        made = make_dialogue(domain, graph_of(domain), plan, settings, ScriptedTeacher())
        if isinstance(made, Dialogue) and any(way_of(made, k) == way for k in range(len(made.turns))):
            return made
    raise AssertionError(f"{name} takes nothing back")


def way_of(dialogue: Dialogue, number: int) -> Way | None:
    """How a turn takes something back; None for one that does not."""
    turn = dialogue.turns[number]
    if turn.kind == "no_call" and turn.awaited is not None:
        return "dropped"
    if "change_of_mind" in turn.traits:
        return "otherwise"
    writes = any(load_domain(dialogue.domain).spec.tools[c.name].effect == "write" for c in done(dialogue, number))
    return ("set anew" if writes else "looked up anew") if "correction" in turn.traits else None


def place(dialogue: Dialogue) -> int:
    return next(k for k in range(len(dialogue.turns)) if way_of(dialogue, k))


def done(dialogue: Dialogue, number: int) -> list[CallRecord]:
    return [call for call in dialogue.calls if call.turn == number and call.user_requested and call.error is None]


def problems(dialogue: Dialogue) -> list[str]:
    found = examine(gather(dialogue, load_domain(dialogue.domain)))
    return [] if found is None else [f"{found.proof}: {found.problem}"]


@pytest.mark.parametrize("way", STORIES)
def test_each_way_is_proven_and_the_reference_earns_all(way: Way) -> None:
    dialogue = taken_back(way)
    assert problems(dialogue) == []
    assert decode(encode(dialogue), "here").turns == dialogue.turns
    assert play(task_of(dialogue), OracleAgent()).score == 1.0


@pytest.mark.parametrize("way", ["set anew", "looked up anew"])
def test_a_correction_makes_the_same_call_with_one_value_otherwise(way: Way) -> None:
    dialogue = taken_back(way)
    number = place(dialogue)
    ((wrong,), (right,)) = done(dialogue, number - 1), done(dialogue, number)
    assert (dialogue.turns[number - 1].kind, dialogue.turns[number].kind) == ("act", "act")
    assert wrong.name == right.name
    assert len([name for name in right.arguments if right.arguments[name] != wrong.arguments[name]]) == 1


def test_an_answer_with_another_value_makes_the_awaited_call_with_it() -> None:
    dialogue = taken_back("otherwise")
    number = place(dialogue)
    awaited = dialogue.turns[number - 1].awaited
    (call,) = done(dialogue, number)
    assert awaited is not None
    assert awaited.tool == call.name
    changed = {name for name, value in awaited.arguments.items() if call.arguments[name] != value}
    assert changed - set(awaited.lacks) == {"amount"}


def test_who_does_what_was_let_be_earns_nothing() -> None:
    dialogue = taken_back("dropped")
    number, task = place(dialogue), task_of(dialogue)
    awaited = dialogue.turns[number].awaited
    assert awaited is not None
    assert dialogue.turns[number].goal.barred == (awaited.tool,)
    session = Session(task.domain)
    session.reset(task)
    for turn in task.turns[:number]:
        for call in turn.calls:
            session.call(call.name, call.arguments)
        session.say(turn.reply)
    obeying = session.fork()
    assert obeying.say(task.turns[number].reply).verdict.score == 1.0  # type: ignore[union-attr]
    session.call(awaited.tool, awaited.arguments)
    assert session.say(task.turns[number].reply).verdict.score == 0.0  # type: ignore[union-attr]


def said(dialogue: Dialogue, number: int, text: Callable[[str], str]) -> Dialogue:
    messages = list(dialogue.messages)
    at = dialogue.turns[number].message
    messages[at] = {**messages[at], "content": text(messages[at]["content"])}
    return msgspec.structs.replace(dialogue, messages=tuple(messages))


def turn_with(dialogue: Dialogue, number: int, **fields: object) -> Dialogue:
    turns = list(dialogue.turns)
    turns[number] = msgspec.structs.replace(turns[number], **fields)
    return msgspec.structs.replace(dialogue, turns=tuple(turns))


def awaiting(dialogue: Dialogue, number: int, **fields: object) -> Dialogue:
    awaited = dialogue.turns[number].awaited
    assert awaited is not None
    return turn_with(dialogue, number, awaited=msgspec.structs.replace(awaited, **fields))


def spoilt(way: Way) -> dict[str, Dialogue]:
    dialogue = taken_back(way)
    number = place(dialogue)
    turn = dialogue.turns[number]
    found = {
        "no trait": turn_with(dialogue, number, traits=tuple(t for t in turn.traits if t not in TRAITS.values())),
        "another message": said(dialogue, number, lambda _: "Go ahead as we said."),
        "a trait before it": turn_with(dialogue, number - 1, traits=("change_of_mind",)),
    }
    if way == "dropped":
        found |= {
            "another call": awaiting(dialogue, number, arguments={}),
            "not barred": turn_with(dialogue, number, goal=msgspec.structs.replace(turn.goal, barred=())),
            "nothing asked": turn_with(dialogue, number - 1, kind="no_call"),
            "nothing left": turn_with(dialogue, number, awaited=None),
        }
    elif way == "otherwise":
        found["as it was"] = awaiting(dialogue, number - 1, arguments=done(dialogue, number)[0].arguments)
        found["another tool"] = awaiting(dialogue, number - 1, tool="list_accounts")
    else:
        found["the other trait"] = turn_with(dialogue, number, traits=("change_of_mind",))
        found["told alike"] = said(
            dialogue, number, lambda _: dialogue.messages[dialogue.turns[number - 1].message]["content"]
        )
    return found


def spoilings() -> Iterator[tuple[Way, str]]:
    both = ("no trait", "another message", "a trait before it")
    own: dict[Way, tuple[str, ...]] = {
        "dropped": ("another call", "not barred", "nothing asked", "nothing left"),
        "otherwise": ("as it was", "another tool"),
    }
    for way in STORIES:
        yield from ((way, name) for name in (*both, *own.get(way, ("the other trait", "told alike"))))


@pytest.mark.parametrize(("way", "name"), list(spoilings()))
def test_each_spoiling_is_found(way: Way, name: str) -> None:
    assert problems(spoilt(way)[name])


def test_derived_wordings_can_be_read_in_every_tone() -> None:
    checked = 0
    for situation in load_situations():
        for turn in turns_in(situation.turns):
            derived = [
                corrected(turn, name, course, looks=looks)
                for name in values_of(turn).values()
                for looks in (True, False)
                for course in COURSES
            ]
            derived += [
                answered_otherwise(turn, each, name, course)
                for each in turn.then
                for name in values_of(each).values()
                for course in COURSES
            ]
            for each in derived:
                for wording in () if each is None else (w for by in each.say.values() for w in by):
                    assert parse(wording)
                    assert "{it}" not in wording
                    checked += 1
    assert checked >= 1000


def test_there_are_twelve_wordings_of_each_form_in_each_tone_at_least() -> None:
    plain = next(
        t for s in load_situations() for t in turns_in(s.turns) if any(told_of(t, n) for n in values_of(t).values())
    )
    name = next(each for each in values_of(plain).values() if told_of(plain, each))
    for looks, course in itertools.product((True, False), COURSES):
        again = corrected(
            msgspec.structs.replace(plain, say={**plain.say, **dict.fromkeys(TONES, plain.say["plain"])}),
            name,
            course,
            looks=looks,
        )
        assert again is not None
        assert len([each for said in again.say.values() for each in said]) >= 48
        assert all(len(said) >= 12 for said in again.say.values())
        assert len(again.thought.direct) >= 8


def test_every_world_has_stories_in_which_something_is_let_be_put_right_and_wanted_otherwise() -> None:
    for world in ("banking", "filesystem", "travel"):
        own = [each for each in load_situations() if each.worlds == (world,)]
        turns = [turn for each in own for turn in turns_in(each.turns)]
        assert len([turn for turn in turns if turn.drops]) >= 6
        assert len([each for each in own if "change_of_mind" in traits_of_turns(each)]) >= 6


def test_who_lets_it_be_says_no_and_who_agrees_does_not() -> None:
    questions = [turn for s in load_situations() for turn in turns_in(s.turns) if turn.drops]
    for question in questions:
        turn = dropping_of(question)
        assert turn is not None
        assert turn.say.keys() >= question.say.keys()
        assert all(declines(each) for by in turn.say.values() for each in by)
        agreed = [each for by in question.then[-1].say.values() for each in by if "yes" in each.lower()]
        assert [each for each in agreed if declines(each)] == []


def test_no_story_lets_be_in_the_words_of_another() -> None:
    said = [
        w for s in load_situations() for t in turns_in(s.turns) if t.drops for by in t.drops.say.values() for w in by
    ]
    assert len(said) == len(set(said))


def test_what_nobody_asks_for_does_not_come_up() -> None:
    story = next(each for each in load_situations() if each.name == "cabin_wifi")
    assert traits_of_turns(story) == {"correction"}
    assert traits_of_turns(spared(story, NO_SHARES)) == frozenset()
    assert spared(story, Shares()) == story


def test_a_value_is_not_changed_where_what_was_told_came_of_it() -> None:
    loan = next(each for each in load_situations() if each.name == "aunt_says_borrow")
    question = next(turn for turn in turns_in(loan.turns) if turn.kind == "confirm")
    assert answered_otherwise(question, question.then[0], "sum", "less") is None


@given(st.integers(1, 10**7) | st.floats(1, 10**6).map(lambda value: round(value, 2)))
def test_a_number_is_misread_for_another_of_its_size(value: float) -> None:
    wrong = misread(value, np.random.default_rng(0))
    assert wrong != value
    assert type(wrong) is type(value)
    assert 0 < wrong <= 10 * value


@given(st.dates())
def test_a_day_is_misread_for_a_neighbour(day: object) -> None:
    text = str(day)
    wrong = misread(text, np.random.default_rng(0)) if text < "9999-12-20" else "x"
    assert is_day(wrong) or wrong == "x"
    assert wrong != text


def test_nothing_else_is_misread() -> None:
    assert [misread(value, np.random.default_rng(0)) for value in ("Marie", True, None, 0, [1])] == [None] * 5


def test_what_is_to_be_more_stays_more() -> None:
    scope = Scope({"old": Worked(100)})
    assert [stays_on_its_side(v, {"raise": "old"}, scope) for v in (120, 90)] == [True, False]
    assert [stays_on_its_side(v, {"lower": "old"}, scope) for v in (120, 90)] == [False, True]
    assert stays_on_its_side(90, {"between": [1, 2]}, scope)


def test_sums_and_days_are_got_wrong_and_counts_and_names_are_not() -> None:
    bank, files, travel = (load_domain(each).spec for each in ("banking", "filesystem", "travel"))
    assert is_weighed(bank, "set_daily_limit", "amount", 450)
    assert is_weighed(travel, "move_stay", "check_in", "2027-03-01")
    assert not is_weighed(files, "tail", "lines", 4)
    assert not is_weighed(travel, "search_hotels", "nights", 2)
    assert not is_weighed(travel, "create_trip", "trip_name", "Sales week")


def test_a_person_goes_on_with_the_next_matter_until_there_are_turns_enough() -> None:
    domain = load_domain("filesystem")
    stories = {each.name: each for each in load_situations()}
    further = tuple(stories[name] for name in ("retry_in_a_while", "empty_folder", "start_a_diary"))
    plan = DialoguePlan("long-0", (4, 1), (), situation=stories["lab_incubation"], turns=(5, 9), further=further)
    made = make_dialogue(domain, graph_of(domain), plan, Settings(shares=NO_SHARES), ScriptedTeacher())
    assert isinstance(made, Dialogue), made
    targets = [turn.target for turn in made.turns]
    assert 5 <= len(targets) <= 9
    assert targets[0] == "situation:lab_incubation"
    assert len({each for each in targets if each.startswith("aside:")}) >= 1
    assert problems(made) == []
    assert play(task_of(made), OracleAgent()).score == 1.0


def test_a_value_put_right_is_told_once_and_nothing_is_thought_before_the_reply() -> None:
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for situation in load_situations():
        for turn, looks in itertools.product(turns_in(situation.turns), (True, False)):
            for name in values_of(turn).values():
                again = corrected(turn, name, "less", looks=looks)
                if again is None:
                    continue
                assert again.thought.close == ()
                assert all(reply.say for reply in again.reply), name
                told[looks].update(wording for reply in again.reply for wording in reply.say)
    for wording in told[True]:
        assert re.search(r"^(?:No |I've |That )[^.]*[.] (?!(?:That|This|Those|These|Yes|No)\b)", wording), wording
    assert any("{was" in wording for wording in told[False])
    assert not any(re.search("Corrected[^.]*[.] (?:Corrected|Changed|Replaced)", wording) for wording in told[False])
