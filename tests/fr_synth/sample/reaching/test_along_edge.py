"""Edges are walked along within a turn, from an earlier turn, or over several.

1. The consumer takes its value from the producer and from nobody else.
2. What an earlier turn was told is gone back to, before the producer is called once more.
3. What leads up to an edge makes true what its consumer demands, or calls the producer.
"""

from __future__ import annotations

import numpy as np

from fr_envs import load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.sample.reaching.along_edge import is_walked, leading_up, ways_along
from fr_synth.sample.reaching.reach import Limits, reach
from fr_synth.sample.walk import Walk
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.trace.target import EdgeTarget
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk, take

TRAVEL = load_domain("travel")
GRAPH = ApiGraph(TRAVEL.spec)
LIMITS = Limits(calls=9, misses=5, ways=1)


def travel(seed: int) -> Walk:
    return Walk(TRAVEL, GRAPH, TRAVEL.initial(seed), np.random.default_rng(seed))


def test_a_way_ends_with_the_consumer_and_a_value_of_the_producer() -> None:
    edge = EdgeTarget("list_stays", "search_hotels", "city_name")
    found = [trial for seed in range(8) for trial in ways_along(travel(seed), edge, "directed", LIMITS)]
    assert found
    for trial in found:
        assert trial.steps[-1].call.name == "search_hotels"
        assert is_walked(edge, [], trial.steps)
        assert trial.preferred_source is None


def test_what_an_earlier_turn_told_is_gone_back_to() -> None:
    edge = EdgeTarget("list_books", "get_book", "book_id")
    walk = new_walk(LIBRARY)
    take(walk, "list_books", user_requested=True)
    walk.next_turn()
    trial = next(ways_along(walk, edge, "directed", LIMITS))
    assert [step.call.name for step in trial.turn_steps()] == ["get_book"]
    source = trial.steps[-1].sources["/book_id"]
    assert isinstance(source, Output)
    assert source.step == 0
    assert is_walked(edge, walk.steps, trial.turn_steps())
    assert not is_walked(EdgeTarget("search_books", "get_book", "book_id"), walk.steps, trial.turn_steps())


def test_what_leads_up_to_an_edge_makes_true_what_the_taker_demands() -> None:
    edge = EdgeTarget("get_booking", "get_boarding_pass", "booking_id")
    ends = {
        trial.steps[-1].call.name for seed in range(12) for trial in leading_up(travel(seed), edge, "directed", LIMITS)
    }
    assert "check_in" in ends, "nobody boards without"
    assert "get_booking" in ends


def test_a_value_for_which_a_demanded_fact_fails_is_not_taken() -> None:
    boarded = 0
    for seed in range(12):
        walk = travel(seed)
        if not reach(walk, "check_in", "directed", LIMITS):
            continue
        walk.next_turn()
        boarded += reach(walk, "get_boarding_pass", "directed", LIMITS._replace(calls=1, misses=1))
    assert boarded > 3, "the only one that is checked in is taken at once"


def test_a_fact_that_holds_of_no_known_value_is_what_is_lacking() -> None:
    walk = travel(1)
    take(walk, "list_bookings")
    if any(TRAVEL.holds(walk.state, "checked_in", value) for value in walk.knowledge.values("booking_id")):
        raise AssertionError("the first state has somebody checked in; take another seed")
    from fr_synth.sample.reaching.reach import attempt

    assert not attempt(walk, "get_boarding_pass", user_requested=True)
    assert walk.unmet_need("get_boarding_pass") == ("fact", "checked_in")
