"""The contract kit passes every registered world, and each check fails a world that is spoilt in just that way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import force_setattr

from fr_envs.contract.loading import spec_from_dict
from fr_envs.testing import (
    check_arguments,
    check_domain,
    check_facts,
    check_hooks,
    check_initial,
    check_isolation,
    check_outcomes,
    check_pickling,
    check_reach,
    check_repeats,
    probe_domain,
)
from fr_envs.world.domain import Domain, Effect
from fr_envs.world.registry import WORKSPACE, domain_names, load_domain
from fr_envs.world.state import Record, State, Table
from fr_envs.world.tool_call import ToolError
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, LIBRARY, Book, Library, library

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from fr_envs.world.domain import Handler

WHOLE: dict[str, Handler] = dict(HANDLERS)


@pytest.mark.slow
@pytest.mark.parametrize("name", domain_names())
def test_a_registered_world_keeps_every_rule(name: str) -> None:
    check_domain(load_domain(name), seeds=(0,))
    check_isolation(load_domain(name), seeds=(0, 1))


@pytest.mark.slow
def test_all_worlds_as_one_keep_every_rule() -> None:
    """From one first state: each part is held to the rules from others as well."""
    workspace = load_domain(WORKSPACE)
    check_domain(workspace, seeds=(0,), scale="tiny")
    check_isolation(workspace, seeds=(0, 1), scale="tiny")


def test_the_small_world_keeps_every_rule() -> None:
    check_domain(LIBRARY)


def hooked(**hooks: Any) -> Domain[Library]:
    return Domain(LIBRARY.spec, HANDLERS, HOOKS._replace(**hooks))


def probed(check: Callable[[Domain[Library], Any], None]) -> Callable[[Domain[Library]], None]:
    return lambda domain: check(domain, probe_domain(domain))


def raises_value_error(state: Library, book_id: str) -> Effect[Library]:
    raise ValueError(book_id)


def other_shape(state: Library, book_id: str) -> Effect[Library]:
    return Effect(state, {"book_id": book_id})


def writes(state: Library, genre: str | None, limit: int) -> Effect[Library]:
    return Effect(msgspec.structs.replace(state), WHOLE["list_books"](state, genre, limit).value)


def forgets_the_loan(state: Library, book_id: str, days: int) -> Effect[Library]:
    return Effect(state, WHOLE["borrow"](state, book_id, days).value)


def keeps_the_card(state: Library) -> Effect[Library]:
    return Effect(state, WHOLE["leave"](state).value)


def counting() -> Domain[Library]:
    count = iter(range(1, 10**9))

    def join(state: Library, name: str) -> Effect[Library]:
        return Effect(WHOLE["join"](state, name).state, {"card_id": f"CARD{next(count):04d}"})

    return library(join=join)


def in_place(state: Library, name: str) -> Effect[Library]:
    force_setattr(state.books["BOOK001"], "pages", state.books["BOOK001"].pages + 1)
    return WHOLE["join"](state, name)


def taking_apart() -> Domain[Library]:
    contract = json.loads(json.dumps(CONTRACT))
    contract["tools"]["list_books"]["parameters"]["like"] = {
        "array": {"object": {"title": {"schema": {"type": "string"}}}}, "min_items": 1,
    }  # fmt: skip

    def list_books(state: Library, genre: str | None, limit: int, like: list[Any]) -> Effect[Library]:
        like.append({"title": "x"})
        return WHOLE["list_books"](state, genre, limit)

    return library(contract, list_books=list_books)


class Loose(Record, frozen=True):
    title: Any
    genre: str = "novel"
    pages: int = 1


class LooseLibrary(State, frozen=True):
    books: Table[Any] = Table("books")


def loose(rng: np.random.Generator, scale: Any) -> Any:
    return LooseLibrary(Table("books", {"BOOK001": Loose((1, int(rng.integers(1 << 40))))}))


def unpicklable() -> Domain[Library]:
    def initial(rng: np.random.Generator, scale: Any) -> Library:
        return LIBRARY.initial(rng, scale)

    return hooked(initial=initial)


def sharing() -> Domain[Library]:
    seen: list[str] = []

    def join(state: Library, name: str) -> Effect[Library]:
        seen.append(state.books["BOOK001"].title)
        effect = WHOLE["join"](state, name)
        return Effect(effect.state, {"card_id": f"CARD{len(set(seen[-2:])):04d}"})

    return library(join=join)


def missing(*_: Any) -> Any:
    raise KeyError("gone")


def no_books(rng: np.random.Generator, scale: Any) -> Library:
    return msgspec.structs.replace(HOOKS.initial(rng, scale), books=Library().books)


def one_state(rng: np.random.Generator, scale: Any) -> Library:
    return LIBRARY.initial(1)


def drifting() -> Domain[Library]:
    count = iter(range(10**9))

    def initial(rng: np.random.Generator, scale: Any) -> Library:
        state = HOOKS.initial(rng, scale)
        return msgspec.structs.replace(state, books=state.books.put("BOOK999", Book("x", "novel", 60 + next(count))))

    return hooked(initial=initial)


def saying(tool: str, section: str, **facts: list[str]) -> Domain[Library]:
    contract = json.loads(json.dumps(CONTRACT))
    contract["tools"][tool][section]["book_id"].update(facts)
    contract["tools"][tool]["errors"]["not_on_loan"] = "It is not lent."
    return library(contract)


def with_stock() -> Domain[Library]:
    contract = json.loads(json.dumps(CONTRACT))
    contract["facts"]["in_stock"] = {"description": "It is in.", "about": "book_id", "implies": ["on_loan"]}
    facts = {**HOOKS.facts, "in_stock": lambda state, book_id: not HOOKS.facts["on_loan"](state, book_id)}
    return Domain(spec_from_dict(contract), HANDLERS, HOOKS._replace(facts=facts))


def echoing(changes: dict[str, Any], other: str | None = None) -> Domain[Library]:
    """The library with a ``return_book`` that tells which book it was, or another one."""
    contract = json.loads(json.dumps(CONTRACT))
    contract["tools"]["return_book"] |= changes
    contract["tools"]["return_book"]["returns"]["book_id"] = {"kind": "book_id"}

    def return_book(state: Library, book_id: str) -> Effect[Library]:
        effect = WHOLE["return_book"](state, book_id)
        return Effect(effect.state, {**effect.value, "book_id": other or book_id})

    return library(contract, return_book=return_book)


ALL_LENT = {**HOOKS.facts, "on_loan": lambda *_: True}

SPOILT: dict[str, tuple[Callable[[Domain[Library]], None], Callable[[], Domain[Library]], str]] = {
    "one seed gives two states": (check_initial, drifting, "seed 0 gives two first states"),
    "two seeds give one state": (check_initial, lambda: hooked(initial=one_state), "give one first state"),
    "a handler raises": (
        check_arguments, lambda: library(get_book=raises_value_error), r"get_book: being called with .* raises Value",
    ),
    "a tool is out of reach": (probed(check_reach), lambda: hooked(initial=no_books, suggest={}), "never went through"),
    "a result has another shape": (probed(check_outcomes), lambda: library(get_book=other_shape), "breaks its schema"),
    "a read writes": (probed(check_outcomes), lambda: library(list_books=writes), "a read hands back another state"),
    "a fact is not set": (probed(check_facts), lambda: library(borrow=forgets_the_loan), "'on_loan' does not hold"),
    "a fact is not cleared": (probed(check_facts), lambda: library(leave=keeps_the_card), "'has_card' still holds"),
    "an argument has not the fact that it must have": (
        probed(check_facts),
        lambda: saying("review_book", "parameters", holds=["on_loan"]),
        "took 'BOOK.*', of which 'on_loan'",
    ),
    "a result has not the fact that it says": (
        probed(check_facts),
        lambda: saying("get_book", "returns", holds=["on_loan"]),
        "'on_loan' does not hold of 'BOOK.*`holds`",
    ),
    "a result has the fact that it says it lacks": (
        lambda domain: check_facts(domain, [v for v in probe_domain(LIBRARY) if v.call.name == "get_book"]),
        lambda: Domain(saying("get_book", "returns", lacks=["on_loan"]).spec, HANDLERS, HOOKS._replace(facts=ALL_LENT)),
        "'on_loan' holds of 'BOOK.*`lacks`",
    ),
    "facts do not go together": (
        probed(check_facts), with_stock, "'in_stock' holds of 'BOOK.* without 'on_loan'",
    ),
    "an argument changes unsaid": (
        probed(check_facts), lambda: echoing({"clears": []}), "'on_loan' has changed with it",
    ),
    "a result of an argument's name is another thing": (
        probed(check_facts), lambda: echoing({}, "BOOK000"), "'book_id' is 'BOOK000' in the result and 'BOOK",
    ),
    "a call comes out otherwise": (probed(check_repeats), counting, "comes out otherwise"),
    "a handler changes the state in place": (probed(check_repeats), lambda: library(join=in_place), "in place"),
    "a handler changes its arguments": (probed(check_repeats), taking_apart, "the arguments were changed"),
    "a state forgets its types": (check_initial, lambda: hooked(initial=loose), "went through JSON is another one"),
    "a state keeps what cannot be pickled": (probed(check_pickling), unpicklable, "pickling a session raises .*keep"),
    "instances share something": (check_isolation, sharing, "comes out otherwise beside another instance"),
    "a suggestion raises": (
        lambda domain: check_hooks(domain, probe_domain(LIBRARY)),
        lambda: hooked(suggest={"book_id": missing}),
        "suggesting 'book_id' raises KeyError",
    ),
    "entities raise": (
        probed(check_hooks), lambda: hooked(entities={"title": missing}), "naming what there is of 'title' raises",
    ),
    "a suggestion does not fit": (
        probed(check_hooks),
        lambda: hooked(suggest={**HOOKS.suggest, "list_books.limit": lambda *_: 0}),
        "is suggested for 'limit'",
    ),
    "an entity does not fit": (
        probed(check_hooks), lambda: hooked(entities={"book_id": lambda _: {"B": {}}}), "does not fit the kind",
    ),
    "an entity lacks a field": (
        probed(check_hooks), lambda: hooked(entities={"book_id": lambda _: {"BOOK001": {"title": "x"}}}), "lacks genre",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_world_is_found_out(fault: str) -> None:
    check, domain, problem = SPOILT[fault]
    with pytest.raises(AssertionError, match=problem):
        check(domain())


def test_what_needs_a_fact_is_checked_to_demand_it() -> None:
    visits = probe_domain(LIBRARY)
    lax = [v._replace(before=LIBRARY.initial(0)) for v in visits if v.call.name == "leave" and v.outcome.error is None]
    with pytest.raises(AssertionError, match="went through although 'has_card' did not hold"):
        check_facts(LIBRARY, lax)


def test_an_error_that_no_contract_declares_is_found_out() -> None:
    refused = next(v for v in probe_domain(LIBRARY) if v.outcome.error is not None)
    other = refused._replace(outcome=msgspec.structs.replace(refused.outcome, error=ToolError("strange", "")))
    with pytest.raises(AssertionError, match="the error 'strange' is not declared; declare it under errors"):
        check_outcomes(LIBRARY, [other])


def test_an_error_that_changes_the_state_is_found_out() -> None:
    refused = next(v for v in probe_domain(LIBRARY) if v.outcome.error is not None)
    other = refused._replace(outcome=msgspec.structs.replace(refused.outcome, state=LIBRARY.initial(9)))
    with pytest.raises(AssertionError, match="an error changes the state"):
        check_outcomes(LIBRARY, [other])
    assert refused.outcome.state is refused.before
