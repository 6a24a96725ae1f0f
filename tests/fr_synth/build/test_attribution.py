"""Where each argument of a call comes from, asked of calls that nobody planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_envs.contract.spec import Field, field_at
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.attribution import attribute
from fr_synth.sample.arguments.binding import bindings
from fr_synth.sample.reaching.reach import attempt
from fr_synth.trace.dataflow.provenance import Default, Knowledge, Output, Said
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import new_walk, take

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject


def traced(tool: str, arguments: JsonObject, *said: str, listed: bool = True) -> tuple[dict[str, object], list[str]]:
    walk = new_walk(ODD)
    if listed:
        take(walk, "list_books")
    sources, invented = attribute(ODD, ToolCall(tool, arguments), walk.knowledge, said)
    return dict(sources), invented


def test_an_output_comes_first_then_the_latest_words_then_the_default() -> None:
    assert traced("get_book", {"book_id": "BOOK002"}, "Take BOOK002.") == (
        {"/book_id": Output(0, "/books/1/book_id")},
        [],
    )
    assert traced("get_book", {"book_id": "BOOK002"}, "Take BOOK002.", listed=False) == (
        {"/book_id": Said(0, "BOOK002")},
        [],
    )
    said = ("The Weir", "and now?", "the weir again", "thanks")
    assert traced("search_books", {"title": "The Weir"}, *said, listed=False) == ({"/title": Said(2, "The Weir")}, [])
    assert traced("list_books", {"limit": 10}, "hello") == ({"/limit": Default()}, [])
    assert traced("list_books", {"limit": 10}, "just 10") == ({"/limit": Said(0, "10")}, [])


def test_what_nobody_told_is_invented() -> None:
    assert traced("get_book", {"book_id": "BOOK002"}, "The second.", listed=False) == ({}, ["/book_id"])
    for text in ("at most 15", "at most 1.5", "the novels, 5th row"):
        assert traced("list_books", {"limit": 5, "genre": "novel"}, text, listed=False) == ({}, ["/limit", "/genre"])
    assert traced("list_books", {"genre": None}, "hi") == ({}, ["/genre"]), "null stands for nothing that could be said"


def test_the_words_of_a_clause_say_its_value() -> None:
    books = {"book_ids": ["BOOK001", "BOOK002"]}
    sources, invented = traced(
        "borrow_several", {**books, "large_print": True, "bags": 2}, "In large print, in two bags."
    )
    assert invented == []
    assert sources["/large_print"] == Said(0, "in large print")
    assert sources["/bags"] == Said(0, "in two bags")
    assert sources["/book_ids/1"] == Output(0, "/books/1/book_id")
    assert traced("list_books", {"genre": "poetry"}, "Poetry only!", listed=False)[0] == {
        "/genre": Said(0, "poetry only")
    }
    assert traced("borrow_several", {**books, "bags": 3}, "in two bags")[1] == ["/bags"]


def test_leaves_of_objects_and_lists_are_traced_each_by_its_kind() -> None:
    evening = {"day": 3, "guests": ["Ada Kern", "Cyd Fox"]}
    arguments = {"evening": evening, "room": "hall", "chairs": 12}
    sources, invented = traced("plan_evening", arguments, "Day 3 in the hall with Ada Kern.")
    assert sources == {"/evening/day": Said(0, "3"), "/evening/guests/0": Said(0, "Ada Kern"), "/room": Said(0, "hall")}
    assert invented == ["/evening/guests/1", "/chairs"]


def test_a_contract_says_nothing_of_a_place_without_shape() -> None:
    free = Field(schema={"type": "object"})
    assert field_at(free, ["a", "0"]) is None
    assert field_at(Field(object={"a": Field(array=Field(kind="title"))}), ["a", "0"]) == Field(kind="title")
    assert field_at(Field(object={"a": free}), ["b"]) is None
    assert field_at(free, []) is free


@pytest.mark.parametrize("text", ["on 12 March 2027", "from 2027-03-12 on"])
def test_a_value_is_heard_in_the_format_of_its_kind(text: str) -> None:
    travel = load_domain("travel")
    dated = next(
        (tool.name, name)
        for tool in travel.spec.tools.values()
        for name, parameter in tool.parameters.items()
        if parameter.field.kind and travel.spec.kinds[parameter.field.kind].format == "date"
    )
    call = ToolCall(dated[0], {dated[1]: "2027-03-12"})
    sources, invented = attribute(travel, call, Knowledge(), [text])
    assert invented == []
    assert isinstance(sources[f"/{dated[1]}"], Said)


@given(st.sampled_from([LIBRARY, load_domain("filesystem")]), st.integers(0, 200))
def test_what_a_binding_takes_from_outputs_is_found_there(domain: object, seed: int) -> None:
    walk = new_walk(domain, seed)  # type: ignore[arg-type]
    names = list(walk.domain.spec.tools)
    for i in walk.rng.permutation(len(names))[:8]:
        attempt(walk, names[int(i)], user_requested=False)
    for name in names[:12]:
        for binding in bindings(walk, name, user_requested=True, tries=3):
            texts = [source.text for source in binding.sources.values() if isinstance(source, Said)]
            call = ToolCall(name, binding.arguments)
            sources, _ = attribute(walk.domain, call, walk.knowledge, [" / ".join(texts)])
            outputs = {pointer for pointer, source in binding.sources.items() if isinstance(source, Output)}
            assert outputs <= {pointer for pointer, source in sources.items() if isinstance(source, Output)}
