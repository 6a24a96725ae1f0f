"""Every reference of a record is resolved anew, in the world as it was then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.verify.evidence import gather
from fr_synth.verify.words.unambiguous import unambiguous
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, given, new_walk, record_of, take

if TYPE_CHECKING:
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.records import Dialogue

replace = msgspec.structs.replace


def found(record: Dialogue) -> list[str]:
    return list(unambiguous(gather(record, ODD)))


def looked_at(
    walk: Walk, value: str, mention: Mention | None, tool: str = "get_book", *, user_requested: bool = True
) -> None:
    mentions = {} if mention is None else {"/book_id": mention}
    sources = {"/book_id": given(walk, "book_id", value)}
    take(walk, tool, {"book_id": value}, user_requested=user_requested, sources=sources, mentions=mentions)


def weir(mention: Mention | None = None, **changes: Any) -> Dialogue:
    walk = new_walk(ODD)
    take(walk, "list_books")
    own = mention or by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    looked_at(walk, "BOOK005", replace(own, **changes))
    return record_of(walk, "Tell me about the book called The Weir, the shortest one, that book.")


def test_words_that_mean_one_thing_pass() -> None:
    assert found(weir()) == []
    shortest = Mention(0, "book_id", "BOOK005", "the shortest one", "least", {"pages": 516}, 0, "/books")
    assert found(weir(shortest)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"by": {"genre": "history"}},
        {"value": "BOOK001"},
        {"kind": "title"},
        {"step": 7},
        {"step": -1},
        {"step": 1},
        {"group": None},
        {"way": "least", "by": {"title": "The Weir"}},
        {"way": "most", "by": {"pages": 516}},
        {"way": "anaphora"},
        {"way": "noun"},
    ],
)
def test_words_that_mean_anything_else_do_not(changes: dict[str, Any]) -> None:
    assert "could mean something else" in found(weir(**changes))[0]


def test_words_have_to_stand_in_the_message() -> None:
    assert found(weir(text="the book by the river")) == ["turn 0: 'the book by the river' is not in the message"]


def test_a_reference_to_a_later_turn_is_none() -> None:
    walk = new_walk(ODD)
    take(walk, "search_books", {"title": "Lamps"}, user_requested=True)
    walk.next_turn()
    take(walk, "search_books", {"title": "Weir"}, user_requested=True)
    record = record_of(walk, "Lamps and the book called The Weir?", "And Weir?")
    early = Mention(0, "book_id", "BOOK005", "the book called The Weir", "fields", {"title": "The Weir"}, 1, "/books")
    spoilt = replace(record, turns=(replace(record.turns[0], mentions=(early,)), record.turns[1]))
    assert "could mean something else" in found(spoilt)[0]
    later = replace(early, turn=1)
    twice = replace(record.turns[1], mentions=(later,))
    message = dict(record.messages[record.turns[1].message], content="The book called The Weir?")
    messages = tuple(message if m is record.messages[record.turns[1].message] else m for m in record.messages)
    assert found(replace(record, turns=(record.turns[0], twice), messages=messages)) == []


def test_that_book_is_the_one_of_the_latest_request() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 3})
    looked_at(walk, "BOOK002", by_fields(walk, "book_id", "BOOK002", "Ninety Lamps", title="Ninety Lamps"))
    walk.next_turn()
    take(walk, "search_books", {"title": "Weir"})
    again = Mention(1, "book_id", "BOOK002", "that book", "anaphora", {}, 0)
    looked_at(walk, "BOOK002", again)
    walk.next_turn()
    take(walk, "search_books", {"title": "Rain"}, user_requested=True)
    record = record_of(walk, "About Ninety Lamps?", "Once more that book.", "And Rain?")
    assert found(record) == []
    for value in ("BOOK001", "BOOK005"):
        turns = (record.turns[0], replace(record.turns[1], mentions=(replace(again, value=value),)), record.turns[2])
        assert "'that book' could mean something else" in found(replace(record, turns=turns))[0]
    third = replace(record.turns[2], mentions=(Mention(2, "book_id", "BOOK002", "Rain", "anaphora", {}, 0),))
    assert found(replace(record, turns=(*record.turns[:2], third))) == [], (
        "it holds until another request deals with one"
    )


def test_that_book_may_be_one_that_an_earlier_wish_of_the_message_deals_with() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 3}, user_requested=True)
    looked_at(walk, "BOOK002", by_fields(walk, "book_id", "BOOK002", "Ninety Lamps", title="Ninety Lamps"))
    looked_at(walk, "BOOK002", Mention(0, "book_id", "BOOK002", "that book", "anaphora", {}, 0))
    assert found(record_of(walk, "List them, tell me about Ninety Lamps, and that book again.")) == []


def test_a_noun_is_what_a_read_gives_by_the_contract() -> None:
    walk = new_walk(ODD)
    take(walk, "get_book", {"book_id": "BOOK004"})
    noun = Mention(0, "title", "Old Harbours", "the title of BOOK004", "noun", {}, 0)
    sources = {"/title": Output(0, "/title")}
    take(walk, "wish_for", {"title": "Old Harbours"}, user_requested=True, sources=sources, mentions={"/title": noun})
    record = record_of(walk, "Wish for the title of BOOK004, lend it.")
    assert found(record) == []
    odd = replace(record.turns[0], mentions=(replace(noun, kind="book_id", value="BOOK004", text="lend it"),))
    assert "could mean something else" in found(replace(record, turns=(odd,)))[0], "the contract has no noun for it"


def test_what_no_words_point_at_leaves_no_choice() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 1})
    looked_at(walk, "BOOK001", None)
    assert found(record_of(walk, "Tell me about it.")) == [], "there is only one"
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 2})
    looked_at(walk, "BOOK001", None)
    assert found(record_of(walk, "Tell me about it.")) == [
        "turn 0: nothing in the message tells which book_id is meant (get_book)"
    ]


def test_values_that_are_lists_leave_nothing_to_choose() -> None:
    walk = new_walk(ODD)
    take(walk, "write_blurb", {"blurb": "A", "note": "B"}, user_requested=True)
    take(walk, "write_blurb", {"blurb": "C", "note": "D"}, user_requested=True)
    assert found(record_of(walk, "Blurb A B, then C D.")) == []
