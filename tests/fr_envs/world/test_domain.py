"""A world as one pure function.

1. A bad call is an outcome with an error and the state that came in; it never raises.
2. Arguments are complete and of the contract's types before a handler sees them.
3. Facts are demanded in the order of the contract, before the handler.
4. A handler that breaks its contract raises; a contract and handlers that differ cannot be bound.
"""

from __future__ import annotations

import gc
import pickle
from typing import Any

import numpy as np
import pytest

from fr_envs.contract.loading import spec_from_dict
from fr_envs.errors import ContractViolation, Refusal, SpecError, UsageError
from fr_envs.world.domain import SCALES, Domain, Effect, Hooks, Outcome, Scale, handlers_in
from fr_envs.world.tool_call import ToolCall, ToolError
from tests.fr_envs import small_world
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, LIBRARY, Library, library

START = LIBRARY.initial(1)
CARD = LIBRARY.apply(START, ToolCall("join", {"name": "Ada"})).state


def run(
    name: str, arguments: Any = None, state: Library = START, domain: Domain[Library] = LIBRARY
) -> Outcome[Library]:
    return domain.apply(state, ToolCall(name, {} if arguments is None else arguments))


def error_of(outcome: Outcome[Library], state: Library = START) -> ToolError:
    assert outcome.error is not None
    assert outcome.state is state
    assert outcome.value == outcome.error.to_json()
    return outcome.error


def test_a_read_hands_back_the_very_state() -> None:
    outcome = run("get_book", {"book_id": "BOOK001"})
    assert outcome.state is START
    assert outcome.error is None
    assert outcome.value["book_id"] == "BOOK001"


def test_a_write_gives_another_state_and_leaves_the_first() -> None:
    digest = START.digest
    outcome = run("join", {"name": "Ada"})
    assert outcome.value == {"card_id": "CARD0001"}
    assert outcome.state.digest != digest == START.digest


def test_an_unknown_tool_names_those_that_there_are() -> None:
    error = error_of(run("fly"))
    assert (error.code, error.pointer) == ("unknown_tool", "")
    assert "'fly'" in error.message
    assert "list_books, search_books" in error.message


@pytest.mark.parametrize(
    ("tool", "arguments", "pointer"),
    [
        ("get_book", {}, ""),
        ("get_book", {"book_id": "BOOK001", "more": 1}, ""),
        ("get_book", {"book_id": 5}, "/book_id"),
        ("get_book", {"book_id": None}, "/book_id"),
        ("list_books", {"limit": 5.5}, "/limit"),
        ("list_books", {"limit": True}, "/limit"),
        ("list_books", {"genre": None, "limit": 0}, "/limit"),
        ("get_book", [], ""),
        ("get_book", None, ""),
        ("get_book", {"book_id": "\ud800"}, ""),
        ("get_book", {"book_id": {1, 2}}, ""),
        ("list_books", {"limit": 2**80}, ""),
    ],
)
def test_arguments_that_do_not_fit_are_pointed_at(tool: str, arguments: Any, pointer: str) -> None:
    error = error_of(LIBRARY.apply(START, ToolCall(tool, arguments)))
    assert (error.code, error.pointer) == ("invalid_arguments", pointer)
    assert error.message


def test_arguments_nested_without_end_are_refused() -> None:
    deep: list[Any] = []
    deep.append(deep)
    assert error_of(run("get_book", {"book_id": deep})).code == "invalid_arguments"


def spy(seen: list[Any]) -> Domain[Library]:
    def list_books(state: Library, genre: str | None, limit: int) -> Effect[Library]:
        seen.append((genre, limit))
        return Effect(state, {"books": [], "total": 0})

    return library(list_books=list_books)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [({}, (None, 10)), ({"genre": None}, (None, 10)), ({"limit": 5.0}, (None, 5)), ({"genre": "novel"}, ("novel", 10))],
)
def test_a_handler_gets_complete_arguments_of_the_right_type(arguments: Any, expected: Any) -> None:
    seen: list[Any] = []
    assert run("list_books", arguments, domain=spy(seen)).error is None
    assert seen == [expected]
    assert isinstance(seen[0][1], int)


def test_whole_numbers_deep_in_arguments_are_integers() -> None:
    seen: list[Any] = []
    inner = {"object": {"n": {"schema": {"type": "integer"}}}}
    tool = {
        "description": "Count.",
        "parameters": {"rows": {"array": inner}, "any": {"schema": {"type": ["integer", "number"]}, "default": None}},
        "returns": {},
        "effect": "read",
        "request_templates": ["count {rows}"],
    }
    spec = spec_from_dict(CONTRACT | {"tools": CONTRACT["tools"] | {"count": tool}})

    def count(state: Library, rows: Any, any: Any) -> Effect[Library]:
        seen.append((rows, any))
        return Effect(state, {})

    domain = Domain(spec, {**HANDLERS, "count": count}, HOOKS)
    assert run("count", {"rows": [{"n": 2.0}], "any": 2.5}, domain=domain).error is None
    assert str(seen) == "[([{'n': 2}], 2.5)]"


def test_a_fact_that_does_not_hold_refuses_with_its_code() -> None:
    error = error_of(run("leave"))
    assert error == ToolError("no_card", "Not possible: this must hold first: The reader has a card.")
    assert error_of(run("return_book", {"book_id": "BOOK001"})).code == "no_card"
    assert error_of(run("return_book", {"book_id": "BOOK001"}, CARD), CARD).code == "not_on_loan"
    lent = run("borrow", {"book_id": "BOOK001"}, CARD).state
    assert run("return_book", {"book_id": "BOOK001"}, lent).error is None
    assert LIBRARY.holds(lent, "on_loan", "BOOK001")
    assert not LIBRARY.holds(lent, "on_loan", "BOOK002")
    assert LIBRARY.holds(lent, "has_card")


def test_a_refusal_has_its_own_text_or_the_contracts() -> None:
    assert error_of(run("get_book", {"book_id": "BOOK999"})).message == "There is no book BOOK999."
    assert error_of(run("search_books", {"title": "zzz"})) == ToolError("no_match", "No book has such a title.")


def test_a_code_that_is_not_declared_is_a_programmers_mistake() -> None:
    def leave(state: Library) -> Effect[Library]:
        raise Refusal("tired")

    with pytest.raises(ContractViolation, match=r"library.leave refuses with 'tired'"):
        run("leave", state=CARD, domain=library(leave=leave))


def leave_twice(state: Library, book_id: str) -> Effect[Library]:
    return Effect(state, {"card_id": book_id})


@pytest.mark.parametrize(
    ("handlers", "hooks", "problem"),
    [
        ({n: h for n, h in HANDLERS.items() if n != "leave"}, HOOKS, r"/tools/leave: is declared but not implemented"),
        ({**HANDLERS, "fly": leave_twice}, HOOKS, r"/tools: fly is implemented but not declared"),
        ({**HANDLERS, "leave": leave_twice}, HOOKS, r"/tools/leave/parameters: .*differ in: book_id; let leave_twice"),
        (HANDLERS, HOOKS._replace(facts={}), r"/facts/has_card: is declared but not implemented"),
        (HANDLERS, HOOKS._replace(facts={**HOOKS.facts, "odd": bool}), r"/facts: odd is implemented but not declared"),
    ],
)
def test_a_contract_and_handlers_that_differ_cannot_be_bound(handlers: Any, hooks: Any, problem: str) -> None:
    with pytest.raises(SpecError, match=problem):
        Domain(LIBRARY.spec, handlers, hooks)


def test_a_handler_may_take_whatever_its_contract_says() -> None:
    def leave(state: Library, **arguments: Any) -> Effect[Library]:
        return Effect(state, {"card_id": "CARD0001", **arguments})

    assert run("leave", state=CARD, domain=library(leave=leave)).value == {"card_id": "CARD0001"}


def test_suggestions_come_from_the_parameter_then_the_kind_then_the_examples() -> None:
    rng = np.random.default_rng(1)
    assert 1 <= LIBRARY.suggest(START, "borrow", "days", {}, rng) <= 28
    assert LIBRARY.suggest(START, "search_books", "title", {}, rng) in [b.title for b in START.books.values()]
    assert LIBRARY.suggest(START, "join", "name", {}, rng) in LIBRARY.spec.kinds["person_name"].examples
    assert LIBRARY.suggest(START, "list_books", "genre", {}, rng) is None  # a kind without examples
    assert LIBRARY.suggest(START, "list_books", "limit", {}, rng) is None  # no kind
    both = HOOKS._replace(suggest={"title": lambda *_: "kind", "search_books.title": lambda *_: "parameter"})
    assert Domain(LIBRARY.spec, HANDLERS, both).suggest(START, "search_books", "title", {}, rng) == "parameter"


def test_entities_are_what_the_user_can_mean() -> None:
    entities = LIBRARY.entities(START, "book_id")
    assert entities is not None
    assert entities["BOOK001"]["title"] == START.books["BOOK001"].title
    assert LIBRARY.entities(START, "loan_id") is None


def test_entities_are_those_of_the_state_however_many_were_asked_for() -> None:
    domain = library()
    states = [START, *(LIBRARY.apply(START, ToolCall("borrow", {"book_id": key})).state for key in ("BOOK001",))]
    states += [LIBRARY.initial(seed) for seed in range(140)]
    listed = [domain.entities(state, "book_id") for state in states]
    assert [domain.entities(state, "book_id") for state in states] == listed
    assert [HOOKS.entities["book_id"](state) for state in states] == listed


def test_a_list_of_very_many_entities_is_made_anew() -> None:
    many = {"book_id": lambda _: {number: {"title": "x"} for number in range(3_000)}}
    hooks: Hooks[Library] = Hooks(initial=HOOKS.initial, facts=HOOKS.facts, entities=many)
    domain = Domain(LIBRARY.spec, HANDLERS, hooks)
    first, second = domain.entities(START, "book_id"), domain.entities(START, "book_id")
    assert first == second
    assert first is not second


@pytest.mark.parametrize("scale", [scale for scale in SCALES if scale != "busy"])
def test_seed_and_scale_make_the_first_state(scale: Any) -> None:
    assert LIBRARY.initial(1, scale) == LIBRARY.initial(np.random.default_rng(1), scale) != LIBRARY.initial(2, scale)


def test_there_is_no_other_scale() -> None:
    with pytest.raises(UsageError, match="no scale 'huge'; there are tiny, small, medium, large"):
        LIBRARY.initial(1, "huge")  # type: ignore[arg-type]


def test_handlers_are_the_public_functions_that_take_a_state_first() -> None:
    assert handlers_in(small_world).keys() == HANDLERS.keys() | {"has_card", "on_loan"}


def test_a_world_survives_pickling() -> None:
    twin = pickle.loads(pickle.dumps(LIBRARY))
    assert (twin.name, twin.spec) == ("library", LIBRARY.spec)
    assert run("join", {"name": "Ada"}, domain=twin) == run("join", {"name": "Ada"})
    assert isinstance(twin.hooks, Hooks)


@pytest.mark.parametrize("on", [True, False])
def test_a_large_first_state_leaves_the_collector_as_it_was(on: bool) -> None:
    was_on, seen = gc.isenabled(), []

    def initial(rng: np.random.Generator, scale: Scale) -> Library:
        seen.append(gc.isenabled())
        return HOOKS.initial(rng, scale)

    domain = Domain(LIBRARY.spec, HANDLERS, HOOKS._replace(initial=initial))
    try:
        (gc.enable if on else gc.disable)()
        domain.initial(1, "large")
        domain.initial(1, "small")
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()
    assert seen == [False, on]
