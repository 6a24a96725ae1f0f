"""Arguments come from somewhere: each leaf of a binding is what its source gives, and the user has words for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.schemas import parameters_schema
from fr_envs.json_values import at_pointer, leaves_of
from fr_envs.world.domain import Domain, Effect
from fr_synth.language.verbalise import mentions_value
from fr_synth.sample.arguments.binding import Binding, bindings
from fr_synth.sample.reaching.reach import attempt
from fr_synth.trace.dataflow.executed import Feed
from fr_synth.trace.dataflow.provenance import Output, Said
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, new_walk, take
from tests.fr_synth.walks import given as output_of

if TYPE_CHECKING:
    from fr_envs.contract.spec import Parameter
    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk

WORLDS: tuple[Domain[Any], ...] = (LIBRARY, ODD, load_domain("filesystem"), load_domain("travel"))


def drawn(
    walk: Walk, tool: str, *, user_requested: bool = True, tries: int = 60, feed: Feed | None = None
) -> list[Binding]:
    return list(bindings(walk, tool, user_requested=user_requested, tries=tries, feed=feed))


def roamed(domain: Domain[Any], seed: int, calls: int = 6) -> Walk:
    """A walk that has taken a few calls at random, the first of two turns wanted ones too."""
    walk = new_walk(domain, seed)
    names = list(domain.spec.tools)
    for number, i in enumerate(walk.rng.permutation(len(names))[: calls * 3]):
        attempt(walk, names[int(i)], user_requested=bool(walk.rng.integers(2)))
        if number == calls:
            walk.next_turn()
    return walk


@pytest.mark.slow
@given(st.sampled_from(range(len(WORLDS))), st.integers(0, 500), st.booleans())
def test_every_leaf_of_a_binding_is_what_its_source_gives(world: int, seed: int, user_requested: bool) -> None:
    walk = roamed(WORLDS[world], seed)
    names = list(walk.domain.spec.tools)
    for i in walk.rng.permutation(len(names))[:8]:
        tool = walk.domain.spec.tools[names[int(i)]]
        for binding in drawn(walk, tool.name, user_requested=user_requested, tries=6):
            leaves = dict(leaves_of(binding.arguments))
            assert leaves.keys() == binding.sources.keys()
            assert jsonschema_rs.is_valid(parameters_schema(walk.domain.spec, tool.name), binding.arguments)
            for pointer, value in leaves.items():
                _stands(walk, tool.parameters[pointer.split("/")[1]], binding, pointer, value)


def _stands(walk: Walk, parameter: Parameter, binding: Binding, pointer: str, value: Json) -> None:
    source, mention = binding.sources[pointer], binding.mentions.get(pointer)
    if isinstance(source, Said):
        worded = isinstance(parameter.clause, dict) and source.text in parameter.clause.values()
        assert worded or isinstance(value, bool) or mentions_value(source.text, value), (parameter.name, source, value)
        assert mention is None
        return
    assert isinstance(source, Output)
    assert at_pointer(walk.steps[source.step].result, source.pointer) == value
    if mention is not None:
        assert (mention.value, mention.step) == (value, source.step)


@pytest.mark.slow
@given(st.sampled_from(range(len(WORLDS))), st.integers(0, 200))
def test_a_wish_has_words_for_all_that_is_in_it(world: int, seed: int) -> None:
    walk = roamed(WORLDS[world], seed)
    for tool in list(walk.domain.spec.tools)[:20]:
        for binding in drawn(walk, tool, tries=4):
            outputs = {pointer for pointer, source in binding.sources.items() if isinstance(source, Output)}
            assert outputs == binding.mentions.keys()


def test_bindings_are_distinct_and_end_when_nothing_new_comes() -> None:
    walk = new_walk()
    take(walk, "list_books")
    found = [json.dumps(binding.arguments, sort_keys=True) for binding in drawn(walk, "get_book", tries=500)]
    assert len(found) == len(set(found)) > 3
    assert set(found) <= {f'{{"book_id": "BOOK{n:03d}"}}' for n in range(1, 8)}
    assert len(drawn(walk, "leave")) == 1, "there is one way to give nothing"


def paired() -> Domain[Any]:
    """The library with tools that take two things of a sort."""
    both = {"kind": "book_id"}, {"kind": "book_id"}
    tools = {
        "list_books": CONTRACT["tools"]["list_books"],
        "compare": {
            "description": "Compare two books.", "parameters": dict(zip(("book_id", "other_id"), both, strict=True)),
            "returns": {"longer": {"kind": "title"}}, "effect": "read",
            "request_templates": ["compare {book_id} with {other_id}"], "response_templates": ["{longer} is longer."],
        },
        "introduce": {
            "description": "Introduce two readers.", "returns": {"introduced": {"schema": {"type": "boolean"}}},
            "parameters": {"name": {"kind": "person_name"}, "other": {"kind": "person_name"}}, "effect": "read",
            "request_templates": ["introduce {name} to {other}"], "response_templates": ["Done."],
        },
        "greet": {
            "description": "Greet a reader.", "returns": {"greeted": {"schema": {"type": "boolean"}}},
            "parameters": {"name": {"kind": "person_name"}}, "effect": "read", "implicit": True,
            "request_templates": ["greet {name}"], "response_templates": ["Done."],
        },
    }  # fmt: skip
    handlers = {
        "list_books": HANDLERS["list_books"],
        "compare": lambda state, book_id, other_id: Effect(state, {"longer": state.books[book_id].title}),
        "introduce": lambda state, name, other: Effect(state, {"introduced": True}),
        "greet": lambda state, name: Effect(state, {"greeted": True}),
    }
    hooks = HOOKS._replace(suggest={"person_name": lambda state, arguments, rng: "Cy Lund"})
    return Domain(spec_from_dict({**CONTRACT, "tools": tools}), handlers, hooks)


def test_no_value_stands_for_two_arguments() -> None:
    walk = new_walk(paired())
    take(walk, "list_books")
    pairs = [tuple(binding.arguments.values()) for binding in drawn(walk, "compare", tries=200)]
    assert len(pairs) > 10
    assert all(one != other for one, other in pairs)


def test_what_was_said_for_one_argument_is_not_said_for_the_other() -> None:
    """What a supporting call was told is kept to, but for one of two arguments only."""
    again = 0
    for draws in range(30):
        walk = new_walk(paired(), draws=draws)
        take(walk, "greet", {"name": "Ada Kern"})
        arguments = drawn(walk, "introduce", tries=1)[0].arguments
        again += arguments["name"] == "Ada Kern"
        assert "Cy Lund" in arguments.values()
    assert again > 20


def test_what_only_outputs_tell_is_not_made_up() -> None:
    assert drawn(new_walk(), "get_book") == []
    assert drawn(new_walk(ODD), "borrow_several") == []


def test_a_supporting_call_needs_no_words_for_the_only_one_there_is() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books", {"limit": 1})
    (hidden,) = drawn(walk, "get_book", user_requested=False)
    assert hidden.mentions == {}
    assert hidden.sources == {"/book_id": Output(1, "/books/0/book_id")}
    (user_requested,) = drawn(walk, "get_book", user_requested=True)
    assert user_requested.mentions["/book_id"].way == "fields"


def test_what_cannot_be_pointed_at_is_not_bound() -> None:
    """A loan has no reference: with two of them, nobody can say which."""
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    for book_id in ("BOOK001", "BOOK002"):
        take(walk, "borrow", {"book_id": book_id})
    assert drawn(walk, "get_book") == []
    assert len(walk.knowledge.values("loan_id")) == 2


def test_words_of_this_turn_are_used_again() -> None:
    """One thing, one way to point at it in a message."""
    texts = set()
    for draws in range(20):
        walk = new_walk(LIBRARY, 0, draws)
        take(walk, "list_books")
        mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
        other = by_fields(walk, "book_id", "BOOK004", "the poetry book of 672 pages", genre="poetry", pages=672)
        sources = {"/book_id": output_of(walk, "book_id", "BOOK004")}
        take(walk, "get_book", {"book_id": "BOOK004"}, sources=sources, mentions={"/book_id": other})
        sources = {"/book_id": output_of(walk, "book_id", "BOOK005")}
        take(walk, "get_book", {"book_id": "BOOK005"}, sources=sources, mentions={"/book_id": mention})
        texts |= {b.mentions["/book_id"].text for b in drawn(walk, "borrow") if b.arguments["book_id"] == "BOOK005"}
    assert texts == {"the book called The Weir"}


def test_choices_mostly_stay_with_what_the_dialogue_is_about() -> None:
    first = []
    for draws in range(60):
        walk = new_walk(LIBRARY, 0, draws)
        take(walk, "list_books")
        take(walk, "get_book", {"book_id": "BOOK003"}, user_requested=True)
        walk.next_turn()
        first.append(drawn(walk, "get_book")[0].arguments["book_id"])
    assert 30 < first.count("BOOK003") < 60


def test_what_a_supporting_call_was_told_is_not_told_otherwise() -> None:
    kept = []
    for draws in range(60):
        walk = new_walk(LIBRARY, 0, draws)
        take(walk, "search_books", {"title": "The Weir"})
        binding = drawn(walk, "search_books", user_requested=True)[0]
        kept.append(binding.arguments["title"] == "The Weir" and binding.sources["/title"] == Said(0, "The Weir"))
    assert kept.count(True) > 50


def test_a_sayable_value_may_come_from_an_output() -> None:
    froms = set()
    for draws in range(60):
        walk = new_walk(ODD, 0, draws)
        take(walk, "get_book", {"book_id": "BOOK004"})
        for binding in drawn(walk, "wish_for"):
            mention = binding.mentions.get("/title")
            froms.add(mention.way if mention else type(binding.sources["/title"]).__name__)
    assert "Said" in froms


@pytest.mark.parametrize(("tool", "kind"), [("get_book", "book_id"), ("review_book", "book_id")])
def test_a_feed_is_taken_from_the_call_that_it_names(tool: str, kind: str) -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"})
    take(walk, "list_books")
    take(walk, "search_books", {"title": "The"})
    found = drawn(walk, tool, feed=Feed(kind, 2))
    assert found
    for binding in found:
        source = binding.sources[f"/{kind}"]
        assert isinstance(source, Output)
        assert source.step == 2
        assert binding.mentions[f"/{kind}"].step == 2
    assert drawn(walk, tool, feed=Feed(kind, 0)) == [], "that call gave no book"
    assert drawn(walk, "list_books", feed=Feed(kind, 1)) == [], "the tool has no place for it"


def test_a_feed_goes_into_an_optional_argument_too() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books")
    genres = drawn(walk, "list_books", feed=Feed("genre", 0))
    assert genres
    assert all(isinstance(binding.sources["/genre"], Output) for binding in genres), (
        "pointed at, not said by its clause"
    )
    found = drawn(walk, "plan_evening", feed=Feed("book_id", 0))
    assert found
    assert all(binding.sources["/book_id"] == Output(0, f"/books/{n}/book_id") for binding in found
               for n in [int(binding.arguments["book_id"][-3:]) - 1])  # fmt: skip


def test_lists_of_identifiers_are_filled_from_what_is_known() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 1})
    assert drawn(walk, "borrow_several") == [], "it takes two"
    take(walk, "list_books")
    sizes = set()
    for binding in drawn(walk, "borrow_several", tries=200):
        books = binding.arguments["book_ids"]
        sizes.add(len(books))
        assert len(set(books)) == len(books)
        assert set(binding.mentions) == {f"/book_ids/{i}" for i in range(len(books))}
    assert sizes == {2, 3}


def test_a_list_that_cannot_be_pointed_at_is_not_bound() -> None:
    """Two evenings of one day look alike, and nothing but their look is known."""
    walk = new_walk(ODD)
    take(walk, "search_books", {"title": "Winter"})
    evening = {"evening": {"day": 3, "guests": []}, "room": "hall", "chairs": 5}
    take(walk, "plan_evening", evening)
    walk.knowledge.learn(1, 0, ODD.spec.tools["get_book"].returns, {"book_id": "BOOK903"})
    assert drawn(walk, "borrow_several") == [], "nothing stands beside the second book that would tell it apart"


def test_optional_arguments_are_said_in_the_words_of_their_clauses() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books")
    said: dict[str, set[tuple[Json, str]]] = {}
    for binding in drawn(walk, "borrow_several", tries=400):
        for name in binding.arguments.keys() - {"book_ids"}:
            source = binding.sources[f"/{name}"]
            assert isinstance(source, Said)
            said.setdefault(name, set()).add((binding.arguments[name], source.text))
    assert said == {"large_print": {(True, "in large print")}, "bags": {(2, "in two bags")}}, (
        "no default, nothing that the schema refuses, nothing that is no value"
    )


def test_a_supporting_call_leaves_optional_arguments_out() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books", {"limit": 2})
    assert all(
        binding.arguments.keys() == {"book_ids"} for binding in drawn(walk, "borrow_several", user_requested=False)
    )


def test_objects_are_said_leaf_by_leaf_and_options_are_drawn_from_the_schema() -> None:
    walk = new_walk(ODD)
    take(walk, "list_books")
    found = drawn(walk, "plan_evening", tries=300)
    assert {binding.arguments["room"] for binding in found} == {"hall", "attic"}
    assert {3 <= binding.arguments["chairs"] <= 23 for binding in found} == {True}
    for binding in found:
        assert binding.sources["/evening/guests/0"] == Said(0, "Ada Kern")
        assert binding.sources["/evening/day"] == Said(0, str(binding.arguments["evening"]["day"]))
    optional = set().union(*(binding.arguments.keys() for binding in found))
    assert optional == {"evening", "room", "chairs", "book_id", "genre"}, (
        "no words, no value, or nothing but the default"
    )
    assert {b.arguments.get("genre") for b in found} == {None, "history", "poetry"}, "a default is not said"


def test_what_nobody_can_suggest_is_not_bound() -> None:
    assert drawn(new_walk(ODD), "write_blurb") == []
