"""What an index aims at is computed: evenly, and the same whether or not the indexes before it were asked.

1. An index depends on nothing but itself, its run's seed and what the run aims at.
2. Worlds take turns; dialogues of a block have each number of turns once.
3. In every stretch of slots each kind of target has as many as its weight.
4. Every target of a kind comes up once before any of that kind comes up again, however many turns dialogues have.
5. Behind a target stand the tool that is asked for in it and further tools; behind an edge, first another edge.
6. So many dialogues of every stretch are drills as their share says; every situation comes up before one does again.
7. Drills share the targets out among themselves, whatever comes between them; what can wait comes last in each round.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_synth.sample.schedule import Aims, draw_drill, draw_situations, draw_targets, drill_number
from fr_synth.sample.targets import KINDS, PRESETS, TargetKind, read_mix, targets_of
from fr_synth.sample.weights import DEFAULT_WEIGHTS
from fr_synth.trace.target import ChainTarget, EdgeTarget, RuleTarget, ToolTarget

if TYPE_CHECKING:
    from fr_synth.sample.schedule import Offers
    from fr_synth.trace.target import Target

OFFERS: list[Offers] = [
    {
        "tool": tuple(ToolTarget(f"{world}{i}") for i in range(tools)),
        "edge": tuple(EdgeTarget(f"{world}g{i}", f"{world}{i}", "k") for i in range(edges)),
        "chain": tuple(ChainTarget(length, f"{world}{i}") for length in (4, 5) for i in range(tools)),
        "policy": tuple(RuleTarget(f"{world}g{i}", f"{world}{i}", "f") for i in range(edges // 2)),
    }
    for world, tools, edges in (("a", 7, 5), ("b", 3, 0), ("c", 1, 1))
]
MIXES = [PRESETS["tools"], PRESETS["mixed"], read_mix("tool=4,edge=6,chain=1,policy=1"), read_mix("policy=1")]


def slots_of(seed: int, count: int, turns: tuple[int, int], mix: str, world: int = 0) -> list[Target]:
    offers = OFFERS[world : world + 1]
    return [
        choices[0]
        for index in range(count)
        for choices in draw_targets(seed, index, offers, turns, read_mix(mix)).targets
    ]


def kind_of(target: Target) -> TargetKind:
    head = str(target).partition(":")[0]
    return next((kind for kind in KINDS if kind == head), "edge" if ">" in head else "tool")


@given(
    st.integers(0, 9), st.integers(0, 300), st.sampled_from(MIXES), st.integers(1, 4), st.integers(0, 3)
)  # fmt: skip
def test_an_index_depends_on_nothing_but_itself(
    seed: int, index: int, mix: dict[TargetKind, int], least: int, more: int
) -> None:
    first = draw_targets(seed, index, OFFERS, (least, least + more), mix)
    assert first == draw_targets(seed, index, OFFERS, (least, least + more), mix)
    assert first.domain == index % 3
    assert least <= len(first.targets) <= least + more
    own = {target for targets in OFFERS[first.domain].values() for target in targets}
    assert all(choices and set(choices) <= own and len(set(choices)) == len(choices) for choices in first.targets)


def test_worlds_take_turns() -> None:
    assert [draw_targets(1, index, OFFERS, (2, 4)).domain for index in range(7)] == [0, 1, 2, 0, 1, 2, 0]


def test_every_block_of_dialogues_has_each_number_of_turns_once() -> None:
    for start in range(0, 30, 3):
        assert sorted(len(draw_targets(4, start + k, OFFERS[:1], (2, 4)).targets) for k in range(3)) == [2, 3, 4]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("turns", [(1, 1), (2, 2), (3, 3), (2, 4), (1, 5)])
@pytest.mark.parametrize("mix", ["tools", "tool=2,edge=3", "tool=1,edge=4,chain=2,policy=1"])
def test_every_target_of_a_kind_comes_up_once_before_any_comes_up_again(
    seed: int, turns: tuple[int, int], mix: str
) -> None:
    slots = slots_of(seed, 90, turns, mix)
    for kind in read_mix(mix):
        targets, own = OFFERS[0][kind], [slot for slot in slots if kind_of(slot) == kind]
        assert len(own) >= len(targets)
        for start in range(0, len(own) - len(targets) + 1, len(targets)):
            assert sorted(own[start : start + len(targets)], key=str) == sorted(targets, key=str)


@pytest.mark.parametrize("turns", [(2, 2), (2, 4)])
@pytest.mark.parametrize("mix", ["tool=2,edge=3", "tool=4,edge=6,chain=1,policy=1"])
def test_every_stretch_of_slots_has_each_kind_as_often_as_its_weight(turns: tuple[int, int], mix: str) -> None:
    weights, slots = read_mix(mix), slots_of(3, 60, turns, mix)
    whole = sum(weights.values())
    orders = set()
    for start in range(0, len(slots) - whole + 1, whole):
        kinds = [kind_of(slot) for slot in slots[start : start + whole]]
        assert collections.Counter(kinds) == weights
        orders.add(tuple(kinds))
    assert len(orders) > 3, "no kind of target belongs to a place in a dialogue"


def test_by_default_edges_have_more_than_half_of_the_slots() -> None:
    kinds = [
        kind_of(choices[0]) for index in range(40) for choices in draw_targets(1, index, OFFERS[:1], (2, 2)).targets
    ]
    assert collections.Counter(kinds) == {"edge": 56, "tool": 12, "chain": 8, "policy": 4}


def test_a_target_stands_before_its_tool_which_stands_before_further_tools() -> None:
    for index in range(30):
        for choices in draw_targets(2, index, OFFERS[:1], (4, 4), read_mix("edge=1,chain=1,policy=1")).targets:
            tools = choices[2:] if kind_of(choices[0]) == "edge" else choices[1:]
            assert kind_of(choices[1]) == ("edge" if kind_of(choices[0]) == "edge" else "tool")
            assert tools[0] == ToolTarget(choices[0].tool)
            assert len(choices) > 5
            assert {kind_of(choice) for choice in tools} == {"tool"}


def test_a_kind_that_a_world_lacks_gives_its_slots_to_the_others() -> None:
    assert {kind_of(slot) for slot in slots_of(2, 20, (4, 4), "tool=1,edge=5,chain=1", world=1)} == {"tool", "chain"}
    assert {kind_of(slot) for slot in slots_of(2, 20, (4, 4), "edge=1,pair=1", world=1)} == {"tool"}


def test_others_stand_ready_when_a_target_cannot_be_reached() -> None:
    (choices,) = draw_targets(0, 0, OFFERS[:1], (1, 1), PRESETS["tools"]).targets
    assert len(choices) == len(set(choices)) == 7
    (alone,) = draw_targets(0, 2, OFFERS, (1, 1), PRESETS["tools"]).targets
    assert alone == (ToolTarget("c0"),)


def test_another_seed_has_another_order() -> None:
    travel: list[Offers] = [{"tool": targets_of(load_domain("travel"))}]
    orders = {
        tuple(draw_targets(seed, index, travel, (1, 1)).targets[0][0] for index in range(20)) for seed in range(5)
    }
    assert len(orders) == 5


@pytest.mark.parametrize(("drills", "expected"), [(0.0, 0), (0.15, 3), (0.5, 10), (1.0, 20)])
def test_a_stretch_has_as_many_drills_as_their_share_says(drills: float, expected: int) -> None:
    for stretch in range(3):
        drawn = [draw_situations(7, stretch * 20 + k, (50,), drills) for k in range(20)]
        assert sum(not order for order in drawn) == expected


def test_every_situation_is_first_choice_once_before_any_is_again() -> None:
    drawn = [draw_situations(7, index, (17, 5), 0.15) for index in range(0, 400, 2)]
    first = [order[0] for order in drawn if order]
    for begin in range(0, len(first) - 17, 17):
        assert sorted(first[begin : begin + 17]) == list(range(17))


def test_behind_a_situation_stand_all_others() -> None:
    assert sorted(draw_situations(3, 1, (9, 12), 0.0)) == list(range(12))


def test_a_world_without_situations_has_drills_alone() -> None:
    assert [draw_situations(3, index, (0, 4), 0.0) for index in (0, 2, 4)] == [(), (), ()]


@pytest.mark.parametrize("drills", [0.05, 0.15, 1.0])
def test_drills_of_a_world_are_numbered_without_gaps(drills: float) -> None:
    worlds = (50, 0, 9)
    for world in (0, 2):
        indexes = range(world, 300, 3)
        numbers = [drill_number(5, k, worlds, drills) for k in indexes if not draw_situations(5, k, worlds, drills)]
        assert numbers == list(range(len(numbers))) != []
    assert [drill_number(5, index, worlds, drills) for index in range(1, 30, 3)] == list(range(10))


@given(st.integers(0, 9), st.sets(st.integers(0, 5), max_size=6))
def test_targets_that_can_wait_come_last_in_every_round(seed: int, waiting: set[int]) -> None:
    edges = tuple(EdgeTarget(f"g{i}", f"t{i}", "k") for i in range(6))
    late = frozenset(edges[i] for i in waiting)
    aims = Aims({"tool": (ToolTarget("t0"),), "edge": edges}, read_mix("edge=1"), DEFAULT_WEIGHTS, late)
    drawn = [choices[0] for number in range(4) for choices in draw_drill((seed, 0), number, (3, 3), aims)]
    for around in (drawn[:6], drawn[6:]):
        assert sorted(around, key=str) == sorted(edges, key=str)
        assert [target in late for target in around] == sorted(target in late for target in edges)
