"""What is told at the end of a turn, and which of it was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from fr_envs.episode.task import Answer
from fr_envs.episode.trajectory import first_state
from fr_envs.json_values import scalars
from fr_envs.world.domain import Effect
from fr_envs.world.registry import load_domain
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.replies import reply_of, tells
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.turn_trace import Reply
from tests.fr_envs.small_world import CONTRACT, LIBRARY, Library, library
from tests.fr_synth.walks import new_walk, take


def told(walk_seed: int, *calls: tuple[str, dict[str, object], bool]) -> Reply:
    walk = new_walk(LIBRARY, walk_seed)
    steps = [take(walk, name, arguments, user_requested=user_requested) for name, arguments, user_requested in calls]
    return reply_of(LIBRARY, steps, np.random.default_rng(0))


def test_a_read_that_was_asked_for_is_answered() -> None:
    found = told(0, ("get_book", {"book_id": "BOOK004"}, True))
    assert found.text == "Old Harbours is of the genre poetry and has 672 pages."
    assert found.answers == (Answer("Old Harbours", "Old Harbours"), Answer("poetry", "poetry"), Answer(672, "672"))


def test_what_a_write_tells_is_courtesy() -> None:
    found = told(0, ("join", {"name": "Ada Kern"}, False), ("borrow", {"book_id": "BOOK004"}, True))
    assert found == Reply("It is yours until day 114.", ())


def test_a_supporting_call_is_not_spoken_of() -> None:
    found = told(0, ("list_books", {}, False), ("join", {"name": "Ada Kern"}, True))
    assert found == Reply("Your card is CARD0001.", ())
    assert told(0, ("list_books", {}, False)) == Reply("Done.", ())


def test_of_a_long_list_the_beginning_is_told_and_that_there_is_more() -> None:
    found = told(0, ("list_books", {}, True))
    assert found.text.endswith("The Weir, The Salt Road, among others.")
    assert len(found.answers) == 6
    assert all(answer.text in found.text for answer in found.answers)


def test_the_same_sentence_is_said_once() -> None:
    found = told(0, ("get_book", {"book_id": "BOOK004"}, True), ("get_book", {"book_id": "BOOK004"}, True))
    assert found.text.count("Old Harbours") == 1


def test_news_is_told_rather_than_what_was_heard() -> None:
    """Two ways to tell a book: the one that adds something to the other calls of the turn is taken."""
    contract = {**CONTRACT, "tools": {**CONTRACT["tools"]}}
    contract["tools"]["get_book"] = {
        **CONTRACT["tools"]["get_book"],
        "response_templates": ["It is called {title}.", "It has {pages} pages.", "Of {loan_id} there is a loan."],
    }
    world = library(contract)
    for seed in range(10):
        walk = new_walk(world)
        steps = [
            take(walk, "search_books", {"title": "Old"}),
            take(walk, "get_book", {"book_id": "BOOK004"}, user_requested=True),
        ]
        assert reply_of(world, steps, np.random.default_rng(seed)).text == "It has 672 pages."
        alone = reply_of(world, steps[1:], np.random.default_rng(seed)).text
        assert alone in ("It is called Old Harbours.", "It has 672 pages."), "no loan, no word of it"
        stale = [take(walk, "list_books"), *steps]
        assert reply_of(world, stale, np.random.default_rng(seed)).text in (
            "It is called Old Harbours.",
            "It has 672 pages.",
        ), "with no news left, what was heard is still an answer"


def test_a_call_tells_something_when_a_sentence_of_it_is_news() -> None:
    walk = new_walk()
    step = take(walk, "get_book", {"book_id": "BOOK004"})
    assert tells(LIBRARY, step.call, step.result)
    assert tells(LIBRARY, step.call, step.result, {"Old Harbours", "poetry"})
    assert not tells(LIBRARY, step.call, step.result, set(scalars(step.result)))
    assert not tells(LIBRARY, ToolCall("list_books", {}), {"books": [], "total": 0}), "an empty place"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [({"book_id": "BOOK001", "days": 3}, "For 3 days."), ({"book_id": "BOOK001"}, "For 14 days.")],
)
def test_an_argument_can_be_told_and_its_default(arguments: dict[str, object], text: str) -> None:
    contract = {**CONTRACT, "tools": {**CONTRACT["tools"]}}
    contract["tools"]["borrow"] = {**CONTRACT["tools"]["borrow"], "response_templates": ["For {days} days."]}
    world = library(contract)
    walk = new_walk(world)
    take(walk, "join", {"name": "Ada Kern"})
    step = take(walk, "borrow", arguments, user_requested=True)
    assert reply_of(world, [step], np.random.default_rng(0)) == Reply(text, ())
    assert not tells(world, step.call, step.result), "what was said by the user is no news"


def test_an_argument_that_is_null_leaves_the_place_empty() -> None:
    contract = {**CONTRACT, "tools": {**CONTRACT["tools"]}}
    contract["tools"]["list_books"] = {
        **CONTRACT["tools"]["list_books"],
        "response_templates": ["Of {genre} there are {total}."],
    }
    world = library(contract)
    walk = new_walk(world)
    assert reply_of(world, [take(walk, "list_books", user_requested=True)], np.random.default_rng(0)) == Reply(
        "Done.", ()
    )
    poems = take(walk, "list_books", {"genre": "poetry"}, user_requested=True)
    assert reply_of(world, [poems], np.random.default_rng(0)) == Reply("Of poetry there is 1.", (Answer(1, "1"),))


def rows(*says: str, books: list[dict[str, object]]) -> set[Reply]:
    """What is told of a list of books, each with a title, pages and perhaps a genre."""
    returns = {
        "books": {
            "array": {
                "object": {
                    "title": {"kind": "title"},
                    "pages": {"schema": {"type": "integer"}},
                    "genre": {"kind": "genre", "optional": True},
                }
            }
        },
        "shelf": {"object": {"row": {"schema": {"type": "integer"}}, "side": {"schema": {"type": "string"}}}},
        "total": {"schema": {"type": "integer"}},
    }
    tool = {**CONTRACT["tools"]["search_books"], "returns": returns, "response_templates": list(says)}
    result = {"books": books, "shelf": {"row": 3, "side": "left"}, "total": len(books)}

    def search(state: Library, title: str) -> Effect[Library]:
        del title
        return Effect(state, result)

    world = library({**CONTRACT, "tools": {**CONTRACT["tools"], "search_books": tool}}, search_books=search)
    walk = new_walk(world)
    step = take(walk, "search_books", {"title": "x"}, user_requested=True)
    return {reply_of(world, [step], np.random.default_rng(seed)) for seed in range(6)}


TWO: list[dict[str, object]] = [{"title": "Weir", "pages": 90, "genre": "novel"}, {"title": "Bees", "pages": 70}]


def test_several_members_of_a_list_are_told_row_by_row() -> None:
    (told_rows,) = rows("There are {total}: {books.title} with {books.pages} pages ({books.genre}) here.", books=TWO)
    assert told_rows.text == "There are 2: Weir (90, novel) and Bees (70) here."
    assert {answer.value for answer in told_rows.answers} == {2, "Weir", 90, "novel", "Bees", 70}


def test_a_list_of_one_is_told_as_a_sentence() -> None:
    (single,) = rows("{books.title} has {books.pages} pages.", books=TWO[:1])
    assert single.text == "Weir has 90 pages."


def test_members_that_do_not_stand_together_are_lists_of_their_own() -> None:
    (apart,) = rows("{books.title}, {total} in all, of {books.pages} pages.", books=TWO)
    assert apart.text == "Weir and Bees, 2 in all, of 90 and 70 pages."


def test_a_row_needs_what_names_it() -> None:
    (nameless,) = rows("{books.genre}: {books.title}.", books=TWO)
    assert nameless.text == "novel: Weir and Bees."


def test_members_of_an_object_are_no_rows() -> None:
    (placed,) = rows("Row {shelf.row}, {shelf.side} side.", books=TWO)
    assert placed.text == "Row 3, left side."


def test_rows_of_one_member_alone_have_no_brackets() -> None:
    bare: list[dict[str, object]] = [{"title": "Weir", "pages": 90, "genre": "novel"}, {"title": "Bees", "pages": 70}]
    (mixed,) = rows("We have {books.title} {books.genre}.", books=bare)
    assert mixed.text == "We have Weir (novel) and Bees."


def test_what_a_check_found_is_an_answer() -> None:
    files = load_domain("filesystem")
    state = first_state(files, (5,), "tiny")
    found = files.apply(state, ToolCall("find", {"path": "/home", "name": "*.csv"})).value
    paths = found["paths"]
    checksum = files.apply(state, ToolCall("checksum", {"path": paths[0]})).value["checksum"]
    for call, value in (
        (ToolCall("verify_checksum", {"path": paths[0], "checksum": checksum}), True),
        (ToolCall("verify_checksum", {"path": paths[1], "checksum": checksum}), False),
        (ToolCall("cmp", {"path": paths[0], "other": paths[0]}), True),
    ):
        outcome = files.apply(state, call)
        step = ExecutedCall(call, outcome.value, state, outcome.state, {}, {}, user_requested=True, turn=0)
        told = reply_of(files, [step], np.random.default_rng(1))
        assert value in [answer.value for answer in told.answers if isinstance(answer.value, bool)], told
        assert tells(files, call, outcome.value, {True, False}), "another yes makes this one no older"
