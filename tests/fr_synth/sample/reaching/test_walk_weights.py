"""The weights that choose tools and bound tries do what they say: set to an extreme, each shows in what is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from fr_envs.errors import Refusal
from fr_envs.streams import generator
from fr_envs.world.registry import load_domain
from fr_synth.sample.reaching.along_edge import leading_up
from fr_synth.sample.reaching.choosing import CHOOSERS
from fr_synth.sample.reaching.reach import Limits, attempt
from fr_synth.sample.targets import edges_of, targets_of
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.sample.weights import SamplerWeights
from tests.fr_synth.walks import graph_of, new_walk, part_of_library, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain

BANK = load_domain("banking")
FIRST = BANK.initial(0)


def weighed(domain: Domain[Any], draws: int = 0, **weights: Any) -> Walk:
    return new_walk(domain, 0, draws, WalkSettings(weights=SamplerWeights(**weights)))


def tried(most_known: int = 7, *, user_requested: bool, **weights: Any) -> int:
    """How many bindings of a call are tried that is always refused."""
    calls: list[str] = []

    def get_book(state: object, book_id: str) -> NoReturn:
        del state
        calls.append(book_id)
        raise Refusal("no_such_book")

    world = part_of_library("list_books", "get_book", get_book=get_book)
    walk = weighed(world, idle_draws=99, **weights)
    take(walk, "list_books", {"limit": most_known})
    assert not attempt(walk, "get_book", user_requested=user_requested)
    return len(calls)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_so_many_refusals_of_one_kind_are_taken_for_all(most: int) -> None:
    assert tried(user_requested=True, same_refusals=most, requested_bindings=99) == most


def test_so_many_draws_are_made_for_a_call_of_either_sort() -> None:
    """Draws that repeat count as well."""
    assert tried(user_requested=False, same_refusals=99, supporting_bindings=1, requested_bindings=99) == 1
    assert tried(user_requested=True, same_refusals=99, supporting_bindings=99, requested_bindings=1) == 1
    assert tried(user_requested=False, same_refusals=99, supporting_bindings=99) == 7


def chosen(*, failed: bool = False, **weights: Any) -> list[tuple[str, str]]:
    """(Target, what is chosen first for it) in a few walks for some tools of the bank.

    ``failed``: after the target itself could not be called.
    """
    choose, found = CHOOSERS["directed"], []
    settings = WalkSettings(weights=SamplerWeights(look_first=0.0, **weights))
    for target in targets_of(BANK)[::2]:
        for draws in range(6):
            walk = Walk(BANK, graph_of(BANK), FIRST, generator(draws), settings)
            tool = choose(walk, target.tool, {target.tool} if failed else set())
            found += [] if tool is None else [(target.tool, tool)]
    return found


def test_dear_tools_are_chosen_as_readily_as_the_weights_say() -> None:
    assert len(set(chosen(cost_discount=0.0))) < len(set(chosen(cost_discount=1.0)))


def test_what_shows_how_to_point_at_values_is_chosen_as_readily_as_the_weights_say() -> None:
    """With canonical listers first it is seldom another tool, and never a wider choice."""
    assert len(set(chosen(reference_weight=1e6))) <= len(set(chosen(reference_weight=0.0)))


def writes(**weights: Any) -> int:
    """How often a write is chosen where reads would do."""
    tools = BANK.spec.tools
    return sum(tools[name].effect == "write" for _, name in chosen(failed=True, write_weight=0.0, **weights))


def test_what_a_target_would_show_is_made_as_often_as_said() -> None:
    assert writes(make_unseen=0.0) < writes(make_unseen=1.0)


def test_so_many_tools_are_tried_that_make_a_fact_true() -> None:
    edges = edges_of(graph_of(BANK))
    few, many = (
        sum(
            len(list(leading_up(weighed(BANK, draws, edge_setters=most), edge, "directed", Limits(9, 5, 1))))
            for draws, edge in enumerate(edges[:: len(edges) // 20])
        )
        for most in (1, 6)
    )
    assert few < many
