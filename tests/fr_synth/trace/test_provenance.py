"""What a dialogue knows is exactly what outputs told it, and each value says where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.contract.spec import Field
from fr_envs.json_values import at_pointer, siblings_at
from fr_synth.trace.dataflow.provenance import Default, Derived, Knowledge, Output, Said, harvest, inputs_of
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import known, new_walk, step_of, take

if TYPE_CHECKING:
    from fr_envs.json_values import Json

names = st.text(max_size=4)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def places(value: Json, pointer: str = "") -> list[tuple[str, Json]]:
    """Every place of a JSON value with its pointer, as RFC 6901 writes it."""
    found = [(pointer, value)]
    if isinstance(value, dict):
        for name, member in value.items():
            found += places(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            found += places(item, f"{pointer}/{i}")
    return found


@given(trees)
def test_a_pointer_leads_to_what_it_was_made_for(tree: Json) -> None:
    for pointer, value in places(tree):
        assert at_pointer(tree, pointer) == value


@pytest.mark.parametrize("pointer", ["/nothing", "/list/2", "/list/x", "/list/-1", "/list/²", "/plain/0"])
def test_a_pointer_to_nothing_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        at_pointer({"list": [1, 2], "plain": 3}, pointer)


def test_a_result_is_harvested_with_what_stands_beside_each_value() -> None:
    tool = ODD.spec.tools["get_book"]
    result = {
        "book_id": "BOOK001",
        "title": "The Weir",
        "genre": "novel",
        "pages": 90,
        "loan_id": None,
        "stars": [4, 5],
    }
    found = list(harvest(tool.returns, result))
    assert [(each.kind, each.value, each.pointer, each.group) for each in found] == [
        ("book_id", "BOOK001", "/book_id", None),
        ("title", "The Weir", "/title", None),
        ("genre", "novel", "/genre", None),
        ("stars", 4, "/stars/0", "/stars"),
        ("stars", 5, "/stars/1", "/stars"),
    ]
    beside = {"book_id": "BOOK001", "title": "The Weir", "genre": "novel", "pages": 90, "loan_id": None}
    assert found[0].beside == beside
    kinds = {"book_id": "book_id", "title": "title", "genre": "genre", "loan_id": "loan_id"}
    assert found[0].kinds == kinds, "a null is known to be there, and of which kind it would be"


def test_lists_in_lists_and_objects_in_objects_are_harvested() -> None:
    inner = Field(object={"id": Field(kind="book_id"), "mark": Field(schema={})})
    fields = {
        "rows": Field(array=Field(array=Field(kind="stars"))),
        "shelf": Field(object={"books": Field(array=inner), "top": inner}),
        "absent": Field(kind="title", optional=True),
    }
    value = {
        "rows": [[1], [], [2, 3]],
        "shelf": {"books": [{"id": "A", "mark": 1}, {"id": "B", "mark": 2}], "top": {"id": "C", "mark": 3}},
    }
    assert [(each.value, each.pointer, each.group, each.beside) for each in harvest(fields, value)] == [
        (1, "/rows/0/0", "/rows/0", {}),
        (2, "/rows/2/0", "/rows/2", {}),
        (3, "/rows/2/1", "/rows/2", {}),
        ("A", "/shelf/books/0/id", "/shelf/books", {"id": "A", "mark": 1}),
        ("B", "/shelf/books/1/id", "/shelf/books", {"id": "B", "mark": 2}),
        ("C", "/shelf/top/id", None, {"id": "C", "mark": 3}),
    ]


def test_a_derived_value_rests_on_its_inputs_however_deep() -> None:
    said, output = Said(0, "twelve"), Output(3, "/x")
    deep = Derived("sum", (said, Derived("first", (output, Default()))))
    assert list(inputs_of(deep)) == [said, output, Default()]
    assert list(inputs_of(said)) == [said]


def test_the_objects_of_a_list_are_siblings_and_nothing_else_is() -> None:
    result = {"list": [{"a": 1}, 2, {"a": 3}]}
    assert siblings_at(result, "/list") == [{"a": 1}, {"a": 3}]
    assert siblings_at(result, None) == []


def test_knowledge_grows_by_what_is_new_and_keeps_the_order() -> None:
    walk = new_walk()
    first = walk.take(step_of(walk, "list_books"))
    assert first == len({book["book_id"] for book in walk.steps[0].result["books"]}) * 2 + 3, "ids, titles, genres"
    assert walk.knowledge.values("book_id") == [f"BOOK{n:03d}" for n in range(1, 8)]
    assert walk.knowledge.kinds() == {"book_id", "title", "genre"}
    again = step_of(walk, "list_books")
    returns = walk.domain.spec.tools["list_books"].returns
    assert not walk.knowledge.has_news(returns, again.result)
    assert walk.take(again) == 0
    assert [source.step for source in walk.knowledge.sources("book_id", "BOOK001")] == [0, 1]
    assert known(walk, "title", "The Weir").pointer == "/books/4/title"


def test_every_call_that_gave_a_value_is_known() -> None:
    walk = new_walk()
    for _ in range(9):
        take(walk, "list_books")
    assert [source.step for source in walk.knowledge.sources("book_id", "BOOK003")] == list(range(9))
    assert walk.knowledge.given_by("book_id", 8) == walk.knowledge.values("book_id")


def test_a_value_that_fills_a_listing_is_known_from_a_few_places_in_it() -> None:
    knowledge = Knowledge()
    fields = {"rows": Field(array=Field(object={"id": Field(kind="row_id"), "owner": Field(kind="owner_id")}))}
    knowledge.learn(0, 0, fields, {"rows": [{"id": n, "owner": "one"} for n in range(30)]})
    assert len(knowledge.sources("row_id", 29)) == 1
    assert [known.pointer for known in knowledge.sources("owner_id", "one")] == [f"/rows/{n}/owner" for n in range(4)]


def test_what_is_not_known_has_no_source() -> None:
    knowledge = Knowledge()
    assert knowledge.values("book_id") == []
    assert knowledge.sources("book_id", "BOOK001") == ()
    assert knowledge.given_by("book_id", 0) == []
    assert knowledge.kinds() == frozenset()


def test_a_value_that_is_a_list_is_no_news_and_is_not_kept() -> None:
    walk = new_walk(ODD)
    step = take(walk, "write_blurb", {"blurb": "A", "note": "B"})
    assert step.result == {"marks": ["A", "B"]}
    assert walk.knowledge.kinds() == frozenset()
    assert not walk.knowledge.has_news(ODD.spec.tools["write_blurb"].returns, step.result)


def test_a_fork_learns_on_its_own() -> None:
    walk = new_walk()
    take(walk, "list_books", {"limit": 1})
    fork = walk.knowledge.fork()
    more = step_of(walk, "list_books")
    assert fork.learn(1, 0, walk.domain.spec.tools["list_books"].returns, more.result) > 0
    assert walk.knowledge.values("book_id") == ["BOOK001"]
    assert len(fork.values("book_id")) == 7
