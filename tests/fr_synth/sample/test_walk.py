"""A walk stands in one state, knows what its calls told, and forks without a trace."""

from __future__ import annotations

from fr_synth.trace.executed import focus_after
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import new_walk, step_of, take


def test_taking_a_step_moves_the_state_and_teaches() -> None:
    walk = new_walk()
    step = take(walk, "join", {"name": "Ada Kern"})
    assert walk.state is step.after
    assert walk.steps == [step]
    assert walk.knowledge.values("card_id") == ["CARD0001"]
    assert walk.focus == {}, "nobody asked for it, so nobody speaks of it"


def test_the_focus_is_what_the_last_wanted_call_dealt_with() -> None:
    walk = new_walk()
    take(walk, "list_books", user_requested=True)
    assert len(list(walk.focus["book_id"])) == 7
    take(walk, "get_book", {"book_id": "BOOK002"}, user_requested=True)
    assert list(walk.focus["book_id"]) == ["BOOK002"]
    assert walk.focus["title"] == ("Ninety Lamps",)
    take(walk, "get_book", {"book_id": "BOOK003"})
    assert walk.focus["book_id"] == ("BOOK002",)
    after = focus_after(walk.focus, walk.domain, walk.steps[-1].call, walk.steps[-1].result)
    assert after["book_id"] == ("BOOK003",)
    assert walk.focus["book_id"] == ("BOOK002",), "a focus is a value"


def test_lists_are_nothing_to_point_at() -> None:
    walk = new_walk(ODD)
    take(walk, "write_blurb", {"blurb": "A", "note": "B"}, user_requested=True)
    assert walk.focus == {"note": ("B",)}


def test_a_fork_goes_on_alone_until_the_walk_becomes_it() -> None:
    walk = new_walk()
    take(walk, "list_books", user_requested=True)
    before = (walk.state, list(walk.steps), walk.focus, walk.knowledge.kinds())
    fork = walk.fork()
    take(fork, "join", {"name": "Ada Kern"}, user_requested=True)
    take(fork, "borrow", {"book_id": "BOOK001"}, user_requested=True)
    assert (walk.state, walk.steps, walk.focus, walk.knowledge.kinds()) == before
    assert fork.turn_state is walk.turn_state
    walk.become(fork)
    assert walk.state is fork.state
    assert len(walk.steps) == 3
    assert walk.focus["loan_id"] == ("LOAN0001",)


def test_a_turn_begins_where_the_last_one_ended() -> None:
    walk = new_walk(ODD)
    take(walk, "wish_for", {"title": "The Weir"})
    assert walk.turn_steps() == walk.steps
    first = walk.entities("book_id")
    assert walk.entities("book_id") is first, "asked once a turn"
    assert walk.entities("loan_id") is None, "the world does not say"
    walk.next_turn()
    assert walk.turn == 1
    assert walk.turn_state is walk.state
    assert walk.turn_steps() == []
    take(walk, "get_book", {"book_id": "BOOK001"})
    assert [step.turn for step in walk.steps] == [0, 1]
    assert walk.turn_steps() == walk.steps[1:]
    assert walk.entities("book_id") is not first


def test_what_is_had_are_kinds_that_were_told_and_facts_that_hold() -> None:
    walk = new_walk(ODD)
    assert walk.needs() == frozenset()
    take(walk, "join", {"name": "Ada Kern"})
    assert walk.needs() == {("kind", "card_id"), ("fact", "has_card")}
    take(walk, "borrow", {"book_id": "BOOK001"})
    assert ("fact", "on_loan") not in walk.needs(), "no book is known of which it could hold"
    take(walk, "list_books", {"limit": 1})
    assert ("fact", "on_loan") in walk.needs()
    take(walk, "return_book", {"book_id": "BOOK001"})
    assert ("fact", "on_loan") not in walk.needs()


def test_a_fact_about_what_the_user_can_name_holds_if_it_holds_of_anything() -> None:
    walk = new_walk(ODD)
    walk.state = step_of(walk, "wish_for", {"title": "The Weir"}).after
    assert walk.knowledge.kinds() == frozenset()
    assert ("fact", "wished_for") in walk.needs()
    walk.state = step_of(walk, "drop_wish", {"title": "The Weir"}).after
    assert ("fact", "wished_for") not in walk.needs()
