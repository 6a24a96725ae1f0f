"""What the search for the way to a call has found hopeless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_synth.situations.calls.search import Search
from tests.fr_synth.walks import new_walk, take

if TYPE_CHECKING:
    from fr_synth.sample.walk import Walk


@pytest.fixture
def walk() -> Walk:
    return new_walk()


def test_what_failed_is_not_tried_again_with_as_many_lookups_left(walk: Walk) -> None:
    search = Search(0)
    goal = search.goal(walk, "book_id", "BOOK1", ["list_books"], anew=False)
    assert not search.hopeless(goal, 0)
    search.failed(goal, 2)
    assert search.hopeless(goal, 2)
    assert search.hopeless(goal, 3)
    assert not search.hopeless(goal, 1)  # one more look-up may lead there
    assert not search.hopeless(search.goal(walk, "book_id", "BOOK2", ["list_books"], anew=False), 2)
    assert not search.hopeless(search.goal(walk, "book_id", "BOOK1", [], anew=False), 2)
    assert not search.hopeless(search.goal(walk, "book_id", "BOOK1", ["list_books"], anew=True), 2)


def test_a_failure_that_came_deeper_leaves_the_nearer_one_standing(walk: Walk) -> None:
    search = Search(0)
    goal = search.goal(walk, "book_id", "BOOK1", [], anew=False)
    search.failed(goal, 1)
    search.failed(goal, 3)
    assert search.hopeless(goal, 1)


def test_a_value_does_not_rest_on_itself(walk: Walk) -> None:
    search = Search(0)
    goal = search.goal(walk, "book_id", "BOOK1", [], anew=False)
    with search.under_way(goal):
        assert search.hopeless(search.goal(walk, "book_id", "BOOK1", ["list_books"], anew=False), 0)
    assert not search.hopeless(goal, 0)


def test_a_call_made_meanwhile_opens_the_search_again(walk: Walk) -> None:
    search = Search(len(walk.steps))
    search.failed(search.goal(walk, "book_id", "BOOK1", [], anew=False), 0)
    take(walk, "list_books")
    assert not search.hopeless(search.goal(walk, "book_id", "BOOK1", [], anew=False), 0)
