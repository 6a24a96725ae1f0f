"""A chain ends with the tool asked for, is as long as asked for, and each of its calls builds on the one before."""

from __future__ import annotations

import numpy as np
import pytest

from fr_envs import load_domain
from fr_envs.json_values import at_pointer
from fr_synth.language.verbalise import mentions_value
from fr_synth.sample.reaching.along_chain import deepen, reach_chain
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import targets_of
from fr_synth.sample.turns import sample_turn
from fr_synth.sample.walk import WalkSettings
from fr_synth.trace.dataflow.provenance import Output, Said
from fr_synth.trace.target import ChainTarget, ToolTarget
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, take


@pytest.mark.slow
@pytest.mark.parametrize("length", [3, 4, 6])
@pytest.mark.parametrize("world", ["banking", "filesystem", "travel"])
def test_a_chain_is_as_long_as_asked_for(world: str, length: int) -> None:
    domain = load_domain(world)
    targets = [target.tool for target in targets_of(domain)]
    found = 0
    for seed in range(40 if length > 4 else 20):
        walk = new_walk(domain, seed)
        tool = targets[seed * 7 % len(targets)]
        if not reach_chain(walk, ChainTarget(length, tool), "directed"):
            assert (walk.steps, walk.state) == ([], walk.turn_state)
            continue
        found += 1
        assert walk.depths[-1] >= length
        assert walk.steps[-1].call.name == tool
        assert walk.steps[-1].user_requested
        assert sum(step.user_requested for step in walk.steps) <= 4
    assert found >= (1 if length > 4 else 2)


@pytest.mark.slow
def test_no_value_that_a_chain_passes_on_is_said_in_the_same_turn() -> None:
    domain = load_domain("filesystem")
    for seed, tool in enumerate(target.tool for target in targets_of(domain)[::3]):
        walk = new_walk(domain, seed)
        if not reach_chain(walk, ChainTarget(4, tool), "directed"):
            continue
        sources = [(step, *pair) for step in walk.steps for pair in step.sources.items()]
        said = [source.text for _, _, source in sources if isinstance(source, Said)]
        taken = [at_pointer(s.call.arguments, pointer) for s, pointer, source in sources if isinstance(source, Output)]
        assert not [(text, value) for text in said for value in taken if mentions_value(text, value)]


def test_a_chain_goes_on_from_what_the_dialogue_knows() -> None:
    domain = load_domain("travel")
    went_on = 0
    for seed in range(30):
        walk = new_walk(domain, seed)
        if not sample_turn(walk, ToolTarget("list_holds"), policy="directed", calls=3, limits=Limits()):
            continue
        walk.next_turn()
        before = len(walk.steps)
        if reach_chain(walk, ChainTarget(3, "get_booking"), "directed"):
            fed = [each.step for step in walk.steps[before:] for each in step.sources.values()
                   if isinstance(each, Output)]  # fmt: skip
            went_on += min(fed, default=before) < before
    assert went_on > 2


def test_a_tool_that_takes_nothing_ends_no_chain() -> None:
    walk = new_walk(LIBRARY)
    assert not reach_chain(walk, ChainTarget(2, "list_books"), "directed")
    assert walk.steps == []


def test_the_same_seed_gives_the_same_chain() -> None:
    domain = load_domain("filesystem")
    walks = [new_walk(domain, 3) for _ in range(2)]
    for walk in walks:
        walk.rng = np.random.default_rng(8)
        assert reach_chain(walk, ChainTarget(4, "symlink"), "directed")
    assert [step.call for step in walks[0].steps] == [step.call for step in walks[1].steps]


@pytest.mark.slow
def test_turns_strive_for_the_depth_that_a_dialogue_is_to_have() -> None:
    domain = load_domain("travel")
    reached: dict[int, list[int]] = {0: [], 3: [], 5: []}
    for depth, found in reached.items():
        for seed in range(12):
            walk = new_walk(domain, seed, settings=WalkSettings(depth=depth))
            for tool in ("list_bookings", "search_flights"):
                if sample_turn(walk, ToolTarget(tool), policy="directed", calls=2, limits=Limits()):
                    walk.next_turn()
            found.append(max(walk.depths, default=0))
    assert sum(reached[0]) < sum(reached[3]) < sum(reached[5])
    assert sum(depth >= 3 for depth in reached[3]) > 8


def test_nothing_is_deepened_where_nothing_takes_what_the_deepest_call_gave() -> None:
    walk = new_walk(LIBRARY)
    take(walk, "join", {"name": "Ada Kern"})
    assert not deepen(walk)
    assert len(walk.steps) == 1


@pytest.mark.slow
@pytest.mark.parametrize("world", ["banking", "filesystem", "travel"])
def test_a_supporting_call_of_a_chain_is_the_first_to_give_what_is_taken_from_it(world: str) -> None:
    """What was known before would not be looked up again: such a call would be needed in name only."""
    domain = load_domain(world)
    looked = 0
    for seed, tool in enumerate(target.tool for target in targets_of(domain)[:25]):
        walk = new_walk(domain, seed)
        if not reach_chain(walk, ChainTarget(4, tool), "directed"):
            continue
        for number in range(1, len(walk.steps)):
            step, before = walk.steps[number], walk.steps[number - 1]
            fed = [p for p, s in step.sources.items() if isinstance(s, Output) and s.step == number - 1]
            if before.user_requested or not fed or walk.depths[number] != walk.depths[number - 1] + 1:
                continue
            looked += 1
            values = {at_pointer(step.call.arguments, pointer) for pointer in fed}
            kinds = walk.knowledge.kinds()
            firsts = {s[0].step for kind in kinds for v in values if (s := walk.knowledge.sources(kind, v))}
            assert number - 1 in firsts, (step.call, values)
    assert looked > 3
