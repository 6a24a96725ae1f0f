"""The goal of each turn and of the whole dialogue holds at its end and not before; what violates it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs import load_domain
from fr_envs.episode.task import Answer, Goal, judge
from fr_synth.verify.evidence import gather
from fr_synth.verify.goals.proof import goal_of_dialogue, goals
from fr_synth.verify.proofs import prove
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.dialogues import dialogues
from tests.fr_synth.walks import given, new_walk, record_of, take

if TYPE_CHECKING:
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.records import Dialogue


def found(dialogue: Dialogue) -> list[str]:
    return list(goals(gather(dialogue, LIBRARY)))


def borrowed() -> Walk:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    take(
        walk,
        "borrow",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK005")},
    )
    return walk


def with_goal(dialogue: Dialogue, turn: int, goal: Goal) -> Dialogue:
    turns = list(dialogue.turns)
    turns[turn] = replace(turns[turn], goal=goal)
    return replace(dialogue, turns=tuple(turns))


def test_what_is_done_and_lasts_is_a_goal() -> None:
    walk = borrowed()
    walk.next_turn()
    take(walk, "review_book", {"book_id": "BOOK005", "stars": 5}, user_requested=True)
    dialogue = record_of(walk, "Lend me The Weir.", "Five stars for it.")
    assert found(dialogue) == []
    whole = goal_of_dialogue(gather(dialogue, LIBRARY), 1)
    assert {(change.table, change.key) for change in whole.changes} == {
        (change.table, change.key) for turn in dialogue.turns for change in turn.goal.changes
    }


def test_a_dialogue_that_undoes_all_that_it_did_comes_to_nothing() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    walk.next_turn()
    take(walk, "leave", user_requested=True)
    dialogue = record_of(walk, "I am Ada Kern; let me in.", "Let me out.")
    cards = [
        with_goal(dialogue, turn, replace(goal, changes=tuple(c for c in goal.changes if c.table == "desk")))
        for turn, goal in enumerate(each.goal for each in dialogue.turns)
    ]
    only_cards = replace(dialogue, turns=(cards[0].turns[0], cards[1].turns[1]))
    assert "the dialogue comes to nothing: what it did is undone at its end" in found(only_cards)


def test_a_goal_that_holds_before_anything_is_done_is_none() -> None:
    dialogue = record_of(borrowed(), "Lend me The Weir.")
    start = gather(dialogue, LIBRARY).states[0]
    distractor = Goal(changes=(), answers=(), mentions=())
    assert judge(distractor, start, start, [], "").score == 0, "a goal that expects nothing is no goal"
    assert found(with_goal(dialogue, 0, distractor)) == [
        "the dialogue comes to nothing: what it did is undone at its end"
    ]


def test_a_last_turn_that_brings_nothing_new_is_found() -> None:
    walk = borrowed()
    walk.next_turn()
    take(walk, "list_books", user_requested=True)
    dialogue = record_of(walk, "Lend me The Weir.", "Which books are there?")
    title = Answer(walk.steps[1].result["books"][0]["title"], "a title")
    asked = with_goal(dialogue, 1, Goal(answers=(title,)))
    assert found(asked) == ["turn 1: the goal of the dialogue holds before it, so it brings nothing"]
    news = with_goal(dialogue, 1, Goal(answers=(Answer("On loan, for sure", "On loan, for sure"),)))
    assert any("the goal of the dialogue is missed: answer" in problem for problem in found(news))


def test_a_change_that_no_turn_was_for_is_found() -> None:
    walk = borrowed()
    dialogue = record_of(walk, "Lend me The Weir.")
    goal = dialogue.turns[0].goal
    part = with_goal(dialogue, 0, Goal(changes=goal.changes[:1], incidental=()))
    assert any("changed unasked" in problem for problem in found(part))


def test_records_of_a_run_hold_it() -> None:
    travel = load_domain("travel")
    made = dialogues("travel", 12)
    assert made
    assert all(list(goals(gather(each, travel))) == [] for each in made)
    swapped = replace(made[0], turns=tuple(replace(turn, goal=Goal()) for turn in made[0].turns))
    assert prove(swapped, travel) is not None
