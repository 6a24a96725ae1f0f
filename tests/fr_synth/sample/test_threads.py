"""The edges of a dialogue follow from each other, as far as any are left that do.

1. The order holds every target once, whatever begins where.
2. Between two beginnings an edge begins where the one before it ends, where some edge that is left does.
3. No edge leads back to where its dialogue has been, while another one goes on.
4. A dialogue with room for it begins with a list; one without, with what is looked up unasked.
5. The drills of a world that has stories make up trails; those of other worlds come in no order.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fr_envs import load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.sample.schedule import Aims, draw_drill
from fr_synth.sample.targets import edges_of, read_mix, targets_of
from fr_synth.sample.threads import Seen, seen_in, threaded
from fr_synth.sample.weights import DEFAULT_WEIGHTS
from fr_synth.trace.target import EdgeTarget

if TYPE_CHECKING:
    from fr_synth.sample.schedule import Offers

NAMES = st.sampled_from("abcde")
EDGES = st.lists(st.builds(EdgeTarget, NAMES, NAMES, st.sampled_from("xy")), unique=True, max_size=25)
SEEN = Seen(frozenset({("a", "x"), ("b", "y")}), frozenset("bc"))


@given(EDGES, st.sets(st.integers(0, 25)), st.booleans())
def test_every_target_comes_up_once(edges: list[EdgeTarget], begins: set[int], has_room: bool) -> None:
    assert sorted(threaded(edges, begins, SEEN._replace(has_room=has_room)), key=str) == sorted(edges, key=str)


@given(EDGES)
def test_an_edge_goes_on_where_the_one_before_ends_while_one_is_left(edges: list[EdgeTarget]) -> None:
    found = [edge for edge in threaded(edges, {0}, SEEN) if isinstance(edge, EdgeTarget)]
    for number in range(1, len(found)):
        before, edge, left = found[:number], found[number], found[number:]
        been = {name for each in before for name in (each.producer, each.tool)}
        going_on = [each for each in left if each.producer == before[-1].tool and each.tool not in been]
        assert edge in going_on or not going_on


def test_where_nothing_goes_on_an_earlier_place_of_the_trail_does() -> None:
    edges = [EdgeTarget("list", "pay", "x"), EdgeTarget("other", "else", "x"), EdgeTarget("list", "block", "x")]
    assert [edge.tool for edge in threaded(edges, {0}, SEEN) if isinstance(edge, EdgeTarget)] == [
        "pay",
        "block",
        "else",
    ]


def test_a_new_dialogue_begins_a_new_trail() -> None:
    edges = [EdgeTarget("a", "pay", "x"), EdgeTarget("pay", "block", "x"), EdgeTarget("b", "close", "x")]
    assert [str(edge) for edge in threaded(edges, {0, 1}, SEEN._replace(has_room=True))] == [
        "b>close:x",
        "a>pay:x",
        "pay>block:x",
    ]


def test_a_dialogue_begins_with_a_list_where_it_has_room_for_looking_at_one() -> None:
    edges = [EdgeTarget("d", "e", "x"), EdgeTarget("a", "d", "x"), EdgeTarget("c", "d", "y")]
    assert str(threaded(edges, {0}, SEEN._replace(has_room=True))[0]) == "c>d:y"
    assert str(threaded(edges, {0}, SEEN)[0]) == "a>d:x"


def test_lists_of_all_there_is_and_where_experts_look_are_told_apart() -> None:
    seen = seen_in(load_domain("banking").spec, has_room=True)
    assert ("list_cards", "card_id") in seen.unasked
    assert "list_alerts" in seen.lists
    assert "get_account" not in seen.lists, "it needs an account"
    assert "pay_payee" not in seen.lists, "it writes"


def test_drills_of_a_world_make_up_trails() -> None:
    travel = load_domain("travel")
    graph = ApiGraph(travel.spec)
    offers: Offers = {"tool": targets_of(travel), "edge": edges_of(graph)}
    plain = Aims(offers, read_mix("edge=1"), DEFAULT_WEIGHTS)
    drawn = {}
    for name, aims in (("plain", plain), ("threaded", plain._replace(seen=seen_in(travel.spec, has_room=True)))):
        drills = [[choices[0] for choices in draw_drill((3, 0), number, (3, 3), aims)] for number in range(60)]
        pairs = [pair for drill in drills for pair in itertools.pairwise(drill)]
        drawn[name] = sum(_goes_on(one, two) for one, two in pairs) / len(pairs)
        assert len({str(target) for drill in drills for target in drill}) == 180
    assert drawn["plain"] < 0.2
    assert drawn["threaded"] > 0.8


def _goes_on(one: object, two: object) -> bool:
    if not isinstance(one, EdgeTarget) or not isinstance(two, EdgeTarget):
        return False
    return two.producer in (one.tool, one.producer)
