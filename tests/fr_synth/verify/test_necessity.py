"""A call is needed when without it a later call fails, changes or loses a source, or the goal is missed."""

from __future__ import annotations

from fr_envs import load_domain
from fr_envs.episode.task import Goal, judge
from fr_synth.trace.dataflow.executed import feeds
from fr_synth.trace.dataflow.provenance import Default, Derived, Output, Said
from fr_synth.verify.calls.necessity import needed_by_world, unneeded
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, take


def test_a_call_feeds_on_the_outputs_that_its_arguments_rest_on() -> None:
    walk = new_walk()
    step = take(walk, "list_books")
    deep = Derived("sum", (Output(4, "/a"), Derived("first", (Output(2, "/b"), Said(0, "x")))))
    assert feeds(step._replace(sources={"/a": deep, "/b": Output(7, "/c"), "/d": Default()})) == {
        2,
        4,
        7,
    }
    assert feeds(step) == set()


def test_what_makes_a_fact_true_is_needed_by_what_needs_the_fact() -> None:
    walk = new_walk()
    start = walk.state
    turn = [take(walk, "join", {"name": "Ada Kern"}), take(walk, "borrow", {"book_id": "BOOK001"})]
    assert needed_by_world(LIBRARY, start, turn, 0, None)
    assert not needed_by_world(LIBRARY, start, turn, 1, None), "nothing comes after it"
    goal = Goal(changes=tuple(start.diff(walk.state)))
    assert needed_by_world(LIBRARY, start, turn, 1, goal), "but it is what the turn is for"


def test_what_changes_a_later_result_is_needed() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    start = walk.state
    turn = [
        take(walk, "borrow", {"book_id": "BOOK001"}),
        take(walk, "get_book", {"book_id": "BOOK001"}),
    ]
    assert turn[1].result["loan_id"] == "LOAN0001"
    assert needed_by_world(LIBRARY, start, turn, 0, None)


def test_an_answer_has_to_be_obtained() -> None:
    from fr_envs.episode.task import Answer

    walk = new_walk()
    start = walk.state
    turn = [
        take(walk, "get_book", {"book_id": "BOOK001"}),
        take(walk, "get_book", {"book_id": "BOOK002"}),
    ]
    goal = Goal(answers=(Answer("A Map of Rain", "A Map of Rain"),))
    assert judge(goal, start, walk.state, [ran.result for ran in turn], "").score == 1
    assert unneeded(LIBRARY, start, turn, goal, set()) == [1]


def test_what_later_turns_take_from_is_needed() -> None:
    walk = new_walk()
    start = walk.state
    turn = [take(walk, "list_books"), take(walk, "join", {"name": "Ada Kern"})]
    goal = Goal(changes=tuple(start.diff(walk.state)))
    assert unneeded(LIBRARY, start, turn, goal, set(), first=5) == [0]
    assert unneeded(LIBRARY, start, turn, goal, {5}, first=5) == []


def test_what_a_call_of_the_turn_takes_from_is_needed() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    start = walk.state
    sources = {"/book_id": Output(1, "/books/0/book_id")}
    turn = [
        take(walk, "list_books", {"limit": 1}),
        take(walk, "borrow", {"book_id": "BOOK001"}, sources=sources),
    ]
    goal = Goal(changes=tuple(start.diff(walk.state)))
    assert unneeded(LIBRARY, start, turn, goal, set(), first=1) == []
    assert unneeded(LIBRARY, start, [turn[0], turn[1]._replace(sources={})], goal, set(), first=1) == [0]


def test_giving_up_rights_is_passed_over_where_that_is_what_it_is_there_for() -> None:
    files = load_domain("filesystem")
    walk = new_walk(files)
    start = walk.state
    shell = files.initial(0).session["shell"]
    turn = [
        take(walk, "su", {"password": shell.password}),
        take(walk, "chown", {"path": "/etc/allowed_hosts", "owner": shell.login}, user_requested=True),
        take(walk, "exit"),
    ]
    changes = tuple(change for change in start.diff(walk.state) if change.table == "nodes")
    goal = Goal(changes=changes, incidental=("session",))
    assert unneeded(files, start, turn, goal, set()) == [2]
    assert unneeded(files, start, [*turn[:2], turn[2]._replace(purpose="closing")], goal, set()) == []
