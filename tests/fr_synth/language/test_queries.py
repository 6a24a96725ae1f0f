"""What the user says: every request, all that supporting calls need, and nothing that gives the steps away."""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fr_envs import load_domain
from fr_synth.language.queries import compose, must_say
from fr_synth.language.verbalise import mentions_value
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import targets_of
from fr_synth.sample.turns import sample_turn
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.verify.words.leaks import issued_values, leaks
from tests.fr_envs.small_world import CONTRACT, LIBRARY, library
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, given, new_walk, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.language.queries import Query
    from fr_synth.trace.dataflow.executed import ExecutedCall

WORLDS: dict[str, Domain[Any]] = {
    "library": LIBRARY,
    "odd": ODD,
    "filesystem": load_domain("filesystem"),
    "travel": load_domain("travel"),
}


def queries(steps: list[ExecutedCall], first: int = 0, domain: Domain[Any] = LIBRARY, draws: int = 120) -> list[Query]:
    found = [compose(domain, steps, first, np.random.default_rng(seed)) for seed in range(draws)]
    assert all(query is not None for query in found)
    return [query for query in found if query is not None]


def asks_of(tool: str, *asks: str, **more: Any) -> Domain[Any]:
    """The library with other phrases for one tool."""
    changed = {**CONTRACT["tools"][tool], "request_templates": list(asks), **more}
    return library({**CONTRACT, "tools": {**CONTRACT["tools"], tool: changed}})


@pytest.mark.slow
@pytest.mark.parametrize("world", sorted(WORLDS))
def test_a_request_says_all_that_is_needed_and_gives_nothing_away(world: str) -> None:
    domain = WORLDS[world]
    targets, composed = targets_of(domain), 0
    for seed in range(60):
        walk = new_walk(domain, seed)
        trace = sample_turn(walk, targets[seed % len(targets)], policy="directed", calls=3, limits=Limits())
        if trace is None:
            continue
        query = compose(domain, trace.steps, trace.first, np.random.default_rng(seed))
        if query is None:
            continue
        composed += 1
        assert query.hard[0].isupper() or not query.hard[0].isalpha()
        assert not re.search(r"\{\w*\}", query.hard)
        assert leaks(query.hard, domain.spec.tools, issued_values(domain, trace.steps)) == []
        for text in must_say(trace.steps):
            value = next(
                (v for step in trace.steps for v in step.call.arguments.values() if mentions_value(text, v)), None
            )
            assert text.lower() in query.hard.lower() or mentions_value(query.hard, value), (text, query.hard)
    assert composed >= 20


def test_a_supporting_call_is_not_spoken_of_in_the_hard_query_and_spelt_out_in_the_easy_one() -> None:
    walk = new_walk()
    take(walk, "list_books")
    mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    for query in queries(walk.steps):
        assert "the book called The Weir" in query.hard
        assert "shelves" not in query.hard
        assert "which books" not in query.hard
        assert re.match(r"First, (show me which books you have|what is on the shelves)", query.easy)
        assert "the book called The Weir" in query.easy


def test_what_a_supporting_call_needs_is_told_beside_the_request() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    found = [query.hard for query in queries(walk.steps)]
    assert all("my name is Ada Kern." in hard or "My name is Ada Kern." in hard for hard in found)
    places = {hard.index("Ada Kern") < hard.index("The Weir") for hard in found}
    assert places == {True, False}, "before or after the request"


def test_what_the_wish_says_is_not_said_twice() -> None:
    walk = new_walk()
    take(walk, "search_books", {"title": "The Weir"})
    mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    assert all(query.hard.count("The Weir") == 1 for query in queries(walk.steps))


def test_two_values_of_a_kind_are_told_apart_by_what_they_are_for() -> None:
    """One search is for the book to read, another for the one to review: only their use tells which title is which."""
    walk = new_walk(ODD)
    take(walk, "search_books", {"title": "Weir"})
    take(walk, "search_books", {"title": "Salt"})
    take(walk, "wish_for", {"title": "Rain"})
    book = {"/book_id": Output(0, "/books/0/book_id")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=book, mentions={
        "/book_id": by_fields(walk, "book_id", "BOOK005", "that one", title="The Weir")})  # fmt: skip
    hard = queries(walk.steps, domain=ODD)[0].hard
    assert "The book is Weir." in hard, "it becomes the book"
    assert "The title is Salt." in hard, "what it becomes is not seen here, so its own name has to do"
    assert "The title is Rain." in hard


def test_what_has_no_sentence_of_its_own_is_told_by_the_name_of_the_argument() -> None:
    walk = new_walk(ODD)
    evening = {"evening": {"day": 3, "guests": []}, "room": "hall", "chairs": 4}
    take(walk, "plan_evening", evening)
    take(walk, "list_books", {"genre": "poetry", "limit": 3}, user_requested=True)
    asides = queries(walk.steps, domain=ODD)[0].hard
    assert "For the room: hall." in asides
    assert "Make it 4 chairs." in asides


def test_a_step_of_two_arguments_is_told_by_the_names_of_both() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    for book_id, stars in (("BOOK001", 2), ("BOOK002", 5)):
        take(walk, "review_book", {"book_id": book_id, "stars": stars})
    take(walk, "list_books", user_requested=True)
    hard = queries(walk.steps)[0].hard
    assert "The book is BOOK001." in hard
    assert "The stars are 2." in hard


def test_an_identifier_with_words_is_what_it_is_about() -> None:
    walk = new_walk()
    take(walk, "get_book", {"book_id": "BOOK004"})
    mention = by_fields(walk, "book_id", "BOOK004", "the poetry book", genre="poetry")
    walk.steps[-1] = walk.steps[-1]._replace(mentions={"/book_id": mention})
    take(walk, "list_books", user_requested=True)
    assert all("t is about the poetry book." in query.hard for query in queries(walk.steps))


def test_optional_arguments_are_said_after_the_request() -> None:
    walk = new_walk()
    take(walk, "list_books", {"limit": 5}, user_requested=True)
    assert all("at most 5" in query.hard for query in queries(walk.steps))
    from fr_synth.trace.dataflow.provenance import Said

    walk = new_walk()
    take(walk, "list_books", {"genre": "poetry"}, user_requested=True, sources={"/genre": Said(0, "poetry only")})
    found = {query.hard for query in queries(walk.steps)}
    assert all("poetry only" in hard for hard in found)
    assert any("on the shelves poetry only?" in hard for hard in found), "a question stays one"


def test_orders_are_asked_for_and_questions_and_statements_stay_what_they_are() -> None:
    order = asks_of("list_books", "list the books")
    walk = new_walk(order)
    take(walk, "list_books", user_requested=True)
    found = " ".join(query.hard for query in queries(walk.steps, domain=order))
    for manner in ("lease list the books.", "ould you list the books?", "I'd like you to list the books."):
        assert manner in found
    for phrase, end in (
        ("where do the books stand", "?"),
        ("I'm after the books", "."),
        ("in which room are they", "?"),
    ):
        world = asks_of("list_books", phrase)
        start = phrase[:1].upper() + phrase[1:]
        for query in queries(walk.steps, domain=world):
            assert start + end in query.hard or phrase + end in query.hard, query.hard
            assert "please" not in query.hard.lower()


def test_wishes_are_joined_into_one_message() -> None:
    world = library({**CONTRACT, "tools": {
        **CONTRACT["tools"],
        "list_books": {**CONTRACT["tools"]["list_books"], "request_templates": ["list the books"]},
        "join": {**CONTRACT["tools"]["join"], "request_templates": ["sign {name} up"]},
        "leave": {**CONTRACT["tools"]["leave"], "request_templates": ["is my card gone then?"]},
    }})  # fmt: skip
    walk = new_walk(world)
    take(walk, "list_books", user_requested=True)
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    take(walk, "leave", user_requested=True)
    found = [query.hard for query in queries(walk.steps, domain=world)]
    assert all(re.search(r"[Ll]ist the books.*Ada Kern up.*[Ii]s my card gone then\?", hard) for hard in found)
    assert any(re.search(r"books(, and|, then) ", hard) for hard in found), "strung together"
    assert any(re.search(r"books[.?] [A-Z]", hard) for hard in found), "or a sentence of its own"
    backwards = [walk.steps[2], walk.steps[0]]
    for query in queries(backwards, domain=world):
        assert "gone then? " in query.hard, "nothing is strung to a question"


def test_openers_and_closers_vary_and_fit_the_sentence() -> None:
    world = asks_of("list_books", "I want the books", "list the books")
    first, later = new_walk(world), new_walk(world)
    take(first, "list_books", user_requested=True)
    later.next_turn()
    take(later, "list_books", user_requested=True)
    said = {query.hard for query in queries(first.steps, domain=world, draws=2000)}
    assert any(hard.startswith("Hi, I want") for hard in said), "I stays"
    assert any(
        re.match(r"Hi, (please |could you |can you |I'd like you to |I need you to )?list", hard) for hard in said
    )
    assert any(hard.startswith("Good morning. ") and hard[len("Good morning. ")].isupper() for hard in said)
    assert any(hard.endswith("Thanks!") for hard in said)
    again = {query.hard for query in queries(later.steps, domain=world, draws=2000)}
    assert any(hard.startswith("One more thing: ") for hard in again)
    assert not any(hard.startswith("Good morning") for hard in again), "the day has been wished already"


@pytest.mark.parametrize("later", [False, True])
def test_no_opener_and_no_closer_is_heard_all_the_time(*, later: bool) -> None:
    world = asks_of("list_books", "list the books")
    walk = new_walk(world)
    if later:
        walk.next_turn()
    take(walk, "list_books", user_requested=True)
    said = [query.hard for query in queries(walk.steps, domain=world, draws=2000)]
    before = collections.Counter(hard.lower().partition("list the books")[0].split(" please")[0] for hard in said)
    after = collections.Counter(hard.lower().partition("list the books")[2].strip(" .?") for hard in said)
    usual = ("", "please ")
    assert max(count for text, count in before.items() if text not in usual) <= 0.03 * len(said)
    assert max(count for text, count in after.items() if text) <= 0.025 * len(said)


def test_one_of_something_is_singular_unless_words_have_to_stay() -> None:
    world = asks_of("borrow", "lend me {book_id}")
    walk = new_walk(world)
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "borrow", {"book_id": "BOOK005", "days": 1}, user_requested=True)
    assert all("for 1 day" in query.hard and "1 days" not in query.hard for query in queries(walk.steps, domain=world))


def test_without_words_for_a_wish_there_is_no_request() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(
        walk,
        "get_book",
        {"book_id": "BOOK005"},
        user_requested=True,
        sources={"/book_id": Output(0, "/books/4/book_id")},
    )
    assert compose(LIBRARY, walk.steps, 0, np.random.default_rng(0)) is None, "the book has no words"
    mute = asks_of("review_book", "review {book_id}")
    walk = new_walk(mute)
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "review_book", {"book_id": "BOOK001", "stars": 3}, user_requested=True)
    assert compose(mute, walk.steps, 0, np.random.default_rng(0)) is None, "the phrase has no place for the stars"
    assert compose(mute, walk.steps[:1], 0, np.random.default_rng(0)) is None, "nothing is wanted"


def test_an_easy_query_falls_back_on_what_a_tool_does() -> None:
    walk = new_walk()
    take(walk, "list_books")
    take(walk, "get_book", {"book_id": "BOOK005"}, sources={"/book_id": given(walk, "book_id", "BOOK005")})
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    take(walk, "leave", user_requested=True)
    for query in queries(walk.steps):
        assert "Then tell everything about one book." in query.easy
        assert "After that, make me a card" in query.easy
        assert "Next, take my card back." in query.easy


def test_what_a_rewording_has_to_keep() -> None:
    walk = new_walk()
    take(walk, "list_books", {"limit": 7})
    mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    take(
        walk,
        "get_book",
        {"book_id": "BOOK004"},
        user_requested=True,
        sources={"/book_id": given(walk, "book_id", "BOOK004")},
    )
    assert must_say(walk.steps) == ["7", "the book called The Weir"]


def test_issued_values_are_those_that_only_an_output_tells() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 2})
    take(walk, "write_blurb", {"blurb": "A", "note": "B"})
    assert list(issued_values(ODD, walk.steps)) == ["BOOK001", "BOOK002"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please call list_books now.", ["list_books"]),
        ("I want to join.", []),
        ("Use `join` for it.", ["join"]),
        ("join(name) is it.", ["join"]),
        ("Take BOOK001, please.", ['"BOOK001"']),
        ("Take BOOK0011, please.", []),
        ("Take number 7.", []),
    ],
)
def test_a_leak_is_a_tool_or_an_identifier(text: str, found: list[str]) -> None:
    assert leaks(text, LIBRARY.spec.tools, ["BOOK001", 7]) == found


def test_words_that_point_do_not_stand_where_a_bare_word_belongs() -> None:
    odd = asks_of("search_books", "find the first {title} there is", "look for {title}")
    walk = new_walk(odd)
    take(walk, "list_books")
    mention = by_fields(walk, "title", "Old Harbours", "the title of that book", title="Old Harbours")
    take(walk, "search_books", {"title": "Old Harbours"}, user_requested=True, mentions={"/title": mention})
    found = {query.hard for query in queries(walk.steps, domain=odd)}
    assert all("look for the title of that book" in hard.lower() for hard in found)


def test_an_option_that_is_pointed_at_is_said_as_what_it_is_taken_from() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books")
    mention = by_fields(walk, "genre", "poetry", "the genre of that book", genre="poetry")
    take(walk, "plan_evening", {
        "evening": {"day": 3, "guests": []}, "room": "hall", "chairs": 4, "note": "", "genre": "poetry",
    }, user_requested=True, mentions={"/genre": mention})  # fmt: skip
    found = {query.hard for query in queries(walk.steps, domain=ODD)}
    assert all("the genre of that book" in hard for hard in found)
