"""Words point at a value only where they can mean nothing else.

1. By fields: exactly one entity of the world, and one item of the list, has them.
2. By the least or most: the extreme is held by one item alone, among two or more that can be compared.
3. "That one": only what the latest requested call dealt with, alone.
4. By a noun: what a read of this turn gives, when its own arguments can be said.
5. An identifier that only an output tells is no word.
6. As a member of something: the owner's own words point at one thing, and it has one row there.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_envs.json_values import at_pointer
from fr_synth.language.reference_rules import member_words, owner_member, picks_one, spoken
from fr_synth.language.verbalise import mentions_value
from fr_synth.sample.arguments.pointing import refer
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output, Said
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, new_walk, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk

WORLDS: tuple[Domain[Any], ...] = (LIBRARY, ODD, load_domain("filesystem"), load_domain("travel"))


def ways_to(value: str, kind: str, prepared: Callable[[int], Walk]) -> dict[str, set[str]]:
    """What is said of a value over many draws, by the way in which it points."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for draws in range(60):
        mention = refer(prepared(draws), kind, value)
        if mention is None:
            found["none"].add("")
        else:
            assert (mention.kind, mention.value) == (kind, value)
            found[mention.way].add(mention.text)
    return found


def listed(domain: Domain[Any], *, user_requested: bool = False, **arguments: object) -> Callable[[int], Walk]:
    def prepared(draws: int) -> Walk:
        walk = new_walk(domain, 0, draws)
        take(walk, "list_books", dict(arguments), user_requested=user_requested)
        return walk

    return prepared


def test_what_is_not_known_cannot_be_pointed_at() -> None:
    assert refer(new_walk(), "book_id", "BOOK001") is None
    walk = listed(LIBRARY)(0)
    assert refer(walk, "book_id", "BOOK001", step=7) is None


def test_a_book_is_pointed_at_by_what_tells_it_apart() -> None:
    assert ways_to("BOOK005", "book_id", listed(LIBRARY)) == {
        "fields": {"the book called The Weir", "the history book of 516 pages"},
        "least": {"the shortest one"},
    }
    assert ways_to("BOOK002", "book_id", listed(ODD)) == {
        "fields": {"the book called Ninety Lamps", "the history book of 826 pages"},
    }
    assert ways_to("BOOK006", "book_id", listed(ODD))["most"] == {"the longest one"}


def test_the_shortest_is_of_the_list_that_was_shown_and_of_more_than_one() -> None:
    assert ways_to("BOOK003", "book_id", listed(LIBRARY, limit=3))["least"] == {"the shortest one"}
    assert "least" not in ways_to("BOOK001", "book_id", listed(LIBRARY, limit=1))


def test_an_identifier_is_no_word_to_point_with() -> None:
    def lent(draws: int) -> Walk:
        walk = new_walk(ODD, 0, draws)
        take(walk, "join", {"name": "Ada Kern"})
        take(walk, "borrow", {"book_id": "BOOK001"})
        take(walk, "get_book", {"book_id": "BOOK001"})
        return walk

    texts = set().union(*ways_to("BOOK001", "book_id", lent).values())
    assert not any("LOAN" in text for text in texts)


def test_two_books_that_look_alike_are_not_told_apart() -> None:
    """Two loans have the same genre and pages beside them; only their titles differ."""
    walk = new_walk()
    take(walk, "list_books")
    group = walk.steps[0].result["books"]
    twin = Mention(0, "book_id", "BOOK002", "the history book", "fields", {"genre": "history"}, 0, "/books")
    assert not picks_one(twin, walk.steps[0].result, group[1], None)
    alone = by_fields(walk, "book_id", "BOOK004", "the poetry book", genre="poetry")
    assert picks_one(alone, walk.steps[0].result, group[3], walk.entities("book_id"))
    elsewhere = {**(walk.entities("book_id") or {}), "BOOK900": {"genre": "poetry"}}
    assert not picks_one(alone, walk.steps[0].result, group[3], elsewhere), "unique in the list, not in the world"
    assert not picks_one(alone, walk.steps[0].result, group[3], {"BOOK900": {"genre": "poetry"}}), "another one"


def test_where_the_world_does_not_say_what_there_is_the_output_has_to_do() -> None:
    alone = Mention(0, "loan_id", "L", "the loan", "fields", {"due": 3}, 0, None)
    assert picks_one(alone, {}, {"due": 3}, None)
    assert not picks_one(alone, {}, {}, None)


@pytest.mark.parametrize(
    ("values", "least", "most"),
    [
        ([3, 1, 2], 1, 3),
        (["b", "a"], "a", "b"),
        ([1, 1, 2], None, 2),
        ([2, 2], None, None),
        ([5], None, None),
        ([1, "a"], None, None),
        ([None, 4, 6], 4, 6),
        ([[1], {"x": 1}, 2, 3], 2, 3),
    ],
)
def test_an_extreme_has_rivals_and_no_equal(values: list[Any], least: Any, most: Any) -> None:
    result = {"items": [{"n": value} for value in values]}
    for way, held in (("least", least), ("most", most)):
        for value in (v for v in values if isinstance(v, int | str)):
            mention = Mention(0, "k", "x", "that", way, {"n": value}, 0, "/items")  # type: ignore[arg-type]
            assert picks_one(mention, result, {"n": value}, None) == (value == held), (way, value)


def test_that_one_is_what_was_just_dealt_with_and_only_if_it_is_one() -> None:
    def dealt(draws: int) -> Walk:
        walk = new_walk(LIBRARY, 0, draws)
        take(walk, "get_book", {"book_id": "BOOK002"}, user_requested=True)
        return walk

    found = ways_to("BOOK002", "book_id", dealt)
    assert found["anaphora"] == {"that book", "the same book"}
    assert found["fields"], "people do not always say it so"
    assert "anaphora" not in ways_to("BOOK002", "book_id", listed(LIBRARY, user_requested=True)), (
        "seven books are in focus"
    )


def test_what_a_call_tells_is_about_what_it_was_asked_about() -> None:
    def lent(draws: int) -> Walk:
        walk = new_walk(LIBRARY, 0, draws)
        take(walk, "search_books", {"title": "The"}, user_requested=False)
        take(walk, "join", {"name": "Ada Kern"})
        take(walk, "borrow", {"book_id": "BOOK005"}, user_requested=True)
        return walk

    assert ways_to("LOAN0001", "loan_id", lent) == {"of": {"the loan of that book", "the loan of the same book"}}


def test_a_noun_names_what_a_read_of_this_turn_gives() -> None:
    def read(draws: int, *, said: bool = True, later: bool = False) -> Walk:
        walk = new_walk(ODD, 0, draws)
        take(walk, "list_books")
        mentions = {"/book_id": by_fields(walk, "book_id", "BOOK004", "the book called Old Harbours", title="…")}
        sources = {"/book_id": Output(0, "/books/3/book_id")}
        take(walk, "get_book", {"book_id": "BOOK004"}, sources=sources, mentions=mentions if said else {})
        if later:
            walk.next_turn()
        return walk

    mention = refer(read(0), "genre", "poetry", step=1)
    assert mention is not None
    assert (mention.way, mention.text) == ("noun", "the genre of the book called Old Harbours")
    for walk, why in (
        (read(0, said=False), "there are no words for its argument"),
        (read(0, later=True), "the message did not name it"),
    ):
        other = refer(walk, "genre", "poetry", step=1)
        assert other is not None
        assert other.way == "of", why
    assert refer(read(0), "genre", "poetry", step=0).way == "of", "a list has no noun for its items"  # type: ignore[union-attr]


def test_a_member_is_pointed_at_through_what_it_is_a_member_of() -> None:
    walk = new_walk()
    take(walk, "list_books")
    found = refer(walk, "genre", "poetry", step=0)
    assert found is not None
    assert found.owner is not None
    assert found.text == f"the genre of {found.owner.text}"
    assert found.by == {"book_id": found.owner.value}
    assert refer(walk, "genre", "poetry") is None, "a user who can say it does, unless it has to come from there"


def test_a_member_of_a_row_among_several_about_one_thing_has_no_words() -> None:
    result = {"loans": [{"book_id": "B", "due": 1}, {"book_id": "B", "due": 2}, {"book_id": "C", "due": 2}]}
    owner = Mention(0, "book_id", "B", "that book", "anaphora", {}, 0)
    mention = Mention(0, "day", 1, "the due of that book", "of", {"book_id": "B"}, 0, "/loans", owner)
    assert not picks_one(mention, result, {}, None)
    other = Mention(0, "day", 2, "the due of that book", "of", {"book_id": "C"}, 0, "/loans", owner)
    assert picks_one(other, result, {}, None)


def test_the_owner_of_an_object_is_the_first_member_that_people_have_words_for() -> None:
    kinds = LIBRARY.spec.kinds
    assert owner_member(kinds, {"title": "title", "book_id": "book_id", "genre": None}) == "book_id"
    assert owner_member(kinds, {"genre": "genre"}) is None
    assert member_words("/rows/3/licence_expires") == "licence expires"
    assert member_words("/account_id") == "account"


def test_words_of_a_message_by_argument() -> None:
    mention = Mention(0, "book_id", "B", "the shortest one", "least", {}, 0)
    sources = {
        "/books/0": Output(0, "/x"), "/books/1": Output(0, "/y"), "/name": Said(0, "Ada"), "/hidden": Output(0, "/z"),
        "/days/0": Said(0, "1"), "/days/1": Said(0, "2"), "/days/2": Said(0, "3"),
    }  # fmt: skip
    words = spoken(sources, {"/books/0": mention, "/books/1": mention})
    assert words == {"books": "the shortest one", "name": "Ada", "days": "1, 2 and 3"}


@given(st.sampled_from(range(len(WORLDS))), st.integers(0, 400))
def test_every_reference_means_one_thing_in_the_world_as_it_is(world: int, seed: int) -> None:
    """Reads are taken at random; then every known value that words can be found for is counted by hand."""
    from fr_synth.sample.reaching.reach import attempt

    walk = new_walk(WORLDS[world], seed)
    reads = [name for name, tool in walk.domain.spec.tools.items() if tool.effect == "read"]
    for i in walk.rng.permutation(len(reads))[:6]:
        attempt(walk, reads[int(i)], user_requested=False)
    for kind in sorted(walk.knowledge.kinds()):
        for value in walk.knowledge.values(kind)[:8]:
            mention = refer(walk, kind, value)
            if mention is not None:
                _means_one(walk, mention)


def _means_one(walk: Walk, mention: Mention) -> None:
    if mention.way in ("anaphora", "noun"):
        return
    result = walk.steps[mention.step].result
    if mention.group is not None:
        items = at_pointer(result, mention.group)
        fitting = [item for item in items if all(item.get(name) == value for name, value in mention.by.items())]
        assert len(fitting) == 1
        assert mention.value in fitting[0].values()
    if mention.way == "fields":
        entities = walk.entities(mention.kind)
        alike = [key for key, own in (entities or {}).items() if own.items() >= mention.by.items()]
        assert entities is None or alike == [mention.value]
        shown = [value for name, value in mention.by.items() if f"{{{name}}}" in _templates(walk, mention.kind)]
        assert all(mentions_value(mention.text, value) for value in shown), mention


def _templates(walk: Walk, kind: str) -> str:
    return " ".join(reference.text for reference in walk.domain.spec.kinds[kind].references)
