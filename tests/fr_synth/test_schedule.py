"""What an index aims at is computed: evenly, and the same whether or not the indexes before it were asked."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import domain_names, load_domain
from fr_envs.graph import ApiGraph
from fr_envs.witness import unproven_edges
from fr_synth.schedule import aim, edges_of, targets_of
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD

NAMES = [tuple(f"{world}{i}" for i in range(size)) for world, size in (("a", 7), ("b", 3), ("c", 1))]
EDGES = [tuple(f"{world}g{i}>{world}{i}:k" for i in range(size)) for world, size in (("a", 5), ("b", 0), ("c", 1))]


def test_targets_are_what_a_user_can_ask_for() -> None:
    assert targets_of(LIBRARY) == (
        "list_books", "search_books", "get_book", "borrow", "return_book", "review_book", "leave",
    )  # fmt: skip
    assert "write_blurb" not in targets_of(ODD), "nobody has words for it"


def test_edges_are_values_that_a_wish_can_take() -> None:
    edges = edges_of(ApiGraph(LIBRARY.spec))
    assert "list_books>borrow:book_id" in edges
    assert len(set(edges)) == len(edges)
    assert not any(edge.split(">")[1].startswith("join") for edge in edges), "an enabling step is no wish"
    targets = set(targets_of(LIBRARY))
    assert {edge.rpartition(">")[2].partition(":")[0] for edge in edges} <= targets


@pytest.mark.parametrize("name", domain_names())
def test_an_edge_that_nothing_bears_out_is_no_aim(name: str) -> None:
    graph = ApiGraph(load_domain(name).spec)
    unproven = unproven_edges(name)
    proven = {f"{e.source}>{e.target}:{e.via}" for e in graph.edges() if e not in unproven and e.relation == "data"}
    assert set(edges_of(graph)) <= proven


@given(st.integers(0, 9), st.integers(0, 300), st.booleans(), st.integers(1, 4), st.integers(0, 3))
def test_an_index_depends_on_nothing_but_itself(seed: int, index: int, mixed: bool, least: int, more: int) -> None:
    edges = EDGES if mixed else None
    first = aim(seed, index, NAMES, (least, least + more), edges)
    assert first == aim(seed, index, NAMES, (least, least + more), edges)
    assert first.domain == index % 3
    assert least <= len(first.targets) <= least + more
    own = {*NAMES[first.domain], *(EDGES[first.domain] if mixed else ())}
    assert all(choices and set(choices) <= own for choices in first.targets)


def test_worlds_take_turns() -> None:
    assert [aim(1, index, NAMES, (2, 4)).domain for index in range(7)] == [0, 1, 2, 0, 1, 2, 0]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_every_target_comes_up_once_before_any_comes_up_again(seed: int, turns: int) -> None:
    slots = [choices[0] for index in range(70) for choices in aim(seed, index, NAMES[:1], (turns, turns)).targets]
    for start in range(0, len(slots) - 6, 7):
        assert sorted(slots[start : start + 7]) == sorted(NAMES[0])


@pytest.mark.parametrize("turns", [2, 3, 4])
def test_with_edges_both_tools_and_edges_come_up_evenly(turns: int) -> None:
    slots = [
        choices[0] for index in range(70) for choices in aim(3, index, NAMES[:1], (turns, turns), EDGES[:1]).targets
    ]
    tools = collections.Counter(slot for slot in slots if ">" not in slot)
    edges = collections.Counter(slot for slot in slots if ">" in slot)
    assert tools.keys() == set(NAMES[0])
    assert edges.keys() == set(EDGES[0])
    assert max(tools.values()) - min(tools.values()) <= 1
    assert max(edges.values()) - min(edges.values()) <= 1
    assert abs(tools.total() - edges.total()) <= 1


def test_turns_of_varying_number_still_cover_everything_about_evenly() -> None:
    slots = collections.Counter(c[0] for index in range(700) for c in aim(5, index, NAMES[:1], (2, 4)).targets)
    assert min(slots.values()) > 0.8 * max(slots.values())


def test_an_edge_stands_before_its_taker_which_stands_before_another_target() -> None:
    for index in range(30):
        for choices in aim(2, index, NAMES[:1], (4, 4), EDGES[:1]).targets:
            if ">" in choices[0]:
                edges = [choice for choice in choices if ">" in choice]
                assert list(choices[: len(edges)]) == edges
                assert choices[len(edges)] == edges[0].split(">")[1].split(":")[0]
                assert len(edges) == 1
                assert len(choices) > 2


def test_a_world_without_edges_is_aimed_at_by_tools() -> None:
    for index in (1, 4, 7):
        assert aim(2, index, NAMES, (4, 4), EDGES) == aim(2, index, NAMES, (4, 4), [EDGES[0], (), EDGES[2]])
        assert all(">" not in choice for choices in aim(2, index, NAMES, (4, 4), EDGES).targets for choice in choices)


def test_others_stand_ready_when_a_target_cannot_be_reached() -> None:
    (choices,) = aim(0, 0, NAMES[:1], (1, 1)).targets
    assert len(choices) == len(set(choices)) == 7
    (alone,) = aim(0, 2, NAMES, (1, 1)).targets
    assert alone == ("c0",)


def test_another_seed_has_another_order() -> None:
    travel = [targets_of(load_domain("travel"))]
    orders = {tuple(aim(seed, index, travel, (1, 1)).targets[0][0] for index in range(20)) for seed in range(5)}
    assert len(orders) == 5
