"""The weights that choose values do what they say: set to an extreme, each shows in what is bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fr_synth.sample.arguments.binding import Binding, bindings
from fr_synth.sample.walk import WalkSettings
from fr_synth.sample.weights import SamplerWeights
from fr_synth.trace.dataflow.executed import Feed
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import given, new_walk, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk


def weighed(domain: Domain[Any] = LIBRARY, draws: int = 0, **weights: Any) -> Walk:
    return new_walk(domain, 0, draws, WalkSettings(weights=SamplerWeights(**weights)))


def drawn(walk: Walk, tool: str, tries: int = 60, *, user_requested: bool = True) -> list[Binding]:
    return list(bindings(walk, tool, user_requested=user_requested, tries=tries))


def learn(walk: Walk, step: int, **book: str) -> None:
    """Let a call have told of a book too."""
    walk.knowledge.learn(step, walk.turn, LIBRARY.spec.tools["get_book"].returns, book)


@pytest.mark.parametrize("most", [2, 3])
def test_a_list_has_at_most_so_many_items(most: int) -> None:
    walk = weighed(ODD, list_items=most)
    take(walk, "list_books")
    assert {len(each.arguments["book_ids"]) for each in drawn(walk, "borrow_several", 300)} == set(range(2, most + 1))


@pytest.mark.parametrize("span", [1, 4])
def test_an_integer_without_an_upper_bound_is_so_far_above_its_least(span: int) -> None:
    walk = weighed(ODD, integer_span=span)
    take(walk, "list_books")
    assert {each.arguments["chairs"] for each in drawn(walk, "plan_evening", 200)} == set(range(3, 4 + span))


def bound_among_many_without_words(tried: int) -> int:
    """In how many walks of forty a call is bound at once, where only one book of ten has words."""
    found = 0
    for draws in range(40):
        walk = weighed(draws=draws, values_tried=tried, keep_focus=0.0)
        take(walk, "list_books", {"limit": 1})
        for number in range(9):
            learn(walk, 0, book_id=f"BOOK90{number}")
        found += bool(drawn(walk, "get_book", tries=1))
    return found


def test_so_many_values_are_tried_before_an_argument_counts_as_unbound() -> None:
    assert bound_among_many_without_words(10) == 40
    assert 0 < bound_among_many_without_words(1) < bound_among_many_without_words(5) < 40


def test_after_so_many_idle_draws_a_tool_is_given_up() -> None:
    """The more draws without anything new are borne, the more of seven books come up."""
    found = []
    for idle in (1, 3, 30):
        walks = [weighed(draws=draws, idle_draws=idle) for draws in range(30)]
        for walk in walks:
            take(walk, "list_books")
        found.append(sum(len(drawn(walk, "get_book", 200)) for walk in walks))
    assert found == sorted(set(found))
    assert found[-1] == 30 * 7


def first_books(tool: str = "get_book", source: int | None = None, **weights: Any) -> set[str]:
    """The books chosen first in some walks that know one from a call on another one, a deeper one than the rest."""
    found = set()
    for draws in range(40):
        walk = weighed(draws=draws, keep_focus=0.0, keep_in_use=0.0, **weights)
        take(walk, "list_books")
        sources = {"/book_id": given(walk, "book_id", "BOOK001")}
        take(walk, "get_book", {"book_id": "BOOK001"}, sources=sources)
        learn(walk, 1, book_id="BOOK900", title="Far Away")
        with walk.preferring(None if source is None else Feed("book_id", source)):
            found.add(drawn(walk, tool, user_requested=False)[0].arguments["book_id"])
    return found


def test_what_took_the_most_calls_to_get_is_preferred_as_often_as_said() -> None:
    assert first_books(go_deeper=1.0) == {"BOOK900"}
    assert len(first_books(go_deeper=0.0)) > 4


def test_choices_keep_to_the_preferred_source_as_often_as_said() -> None:
    assert first_books(source=1, keep_to_source=1.0, go_deeper=0.0) == {"BOOK001", "BOOK900"}
    assert len(first_books(source=1, keep_to_source=0.0, go_deeper=0.0)) > 4
