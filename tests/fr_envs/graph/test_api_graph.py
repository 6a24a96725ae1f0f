"""ApiGraph against brute force on small random AND/OR graphs.

1. A tool is legal exactly when each kind it requires is known or sayable and each fact it needs holds.
2. `max <= optimum <= len(plan) <= add`, where the optimum is found by breadth-first search over sets of calls;
   where nothing reaches the tool all of them are infinite and `plan` says so.
3. A plan can be carried out in the relaxed problem, call by call, and makes its target legal.
4. The edges are all pairs of different tools that share a kind or a fact, each once, in contract order.
"""

import itertools
import math
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import DomainSpec, Fact, Field, Kind, Parameter, ToolSpec
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph, Edge, Need
from tests.fr_envs.small_world import CONTRACT, LIBRARY

KINDS = tuple(f"k{i}" for i in range(5))
FACTS = tuple(f"f{i}" for i in range(3))
ALL: tuple[Need, ...] = (*(("kind", k) for k in KINDS), *(("fact", f) for f in FACTS))


def make_tool(name: str, takes: Iterable[Need], gives: Iterable[Need], clears: Iterable[str] = ()) -> ToolSpec:
    takes, gives = list(takes), list(gives)
    return ToolSpec(
        name=name,
        description=name,
        parameters={k: Parameter(k, Field(kind=k), required=True) for sort, k in takes if sort == "kind"},
        returns={k: Field(array=Field(kind=k)) for sort, k in gives if sort == "kind"},
        effect="read",
        needs=tuple(f for sort, f in takes if sort == "fact"),
        sets=tuple(f for sort, f in gives if sort == "fact"),
        clears=tuple(clears),
    )


def make_spec(tools: Iterable[ToolSpec], sayable: Iterable[str] = ()) -> DomainSpec:
    said = set(sayable)
    kinds = {k: Kind(k, {"type": "string"}, "named" if k in said else "issued", k) for k in KINDS}
    facts = {f: Fact(f, f, f"not_{f}") for f in FACTS}
    return DomainSpec("random", "Random/R-v0", "s", "p", kinds, facts, {tool.name: tool for tool in tools})


needs_of_any = st.lists(st.sampled_from(ALL), max_size=3, unique=True)


@st.composite
def specs(draw: st.DrawFn) -> DomainSpec:
    count = draw(st.integers(1, 7))
    tools = [
        make_tool(f"t{i}", draw(needs_of_any), draw(needs_of_any), draw(st.lists(st.sampled_from(FACTS), max_size=1)))
        for i in range(count)
    ]
    return make_spec(tools, draw(st.lists(st.sampled_from(KINDS), max_size=1)))


def takes(tool: ToolSpec) -> set[Need]:
    return {*(("kind", k) for k in tool.input_kinds()), *(("fact", f) for f in tool.needs)}


def gives(tool: ToolSpec) -> set[Need]:
    return {*(("kind", k) for k in tool.output_kinds()), *(("fact", f) for f in tool.sets)}


def sayable(spec: DomainSpec) -> set[Need]:
    return {("kind", k.name) for k in spec.kinds.values() if k.origin != "issued"}


def fewest_calls(spec: DomainSpec, target: str, known: set[Need]) -> float:
    """Length of the shortest sequence of calls that makes `target` legal when nothing is ever lost."""
    for size in range(len(spec.tools) + 1):
        for chosen in itertools.combinations(spec.tools, size):
            have, left = known | sayable(spec), set(chosen)
            while ready := {name for name in left if takes(spec.tools[name]) <= have}:
                have = have.union(*(gives(spec.tools[name]) for name in ready))
                left -= ready
            if not left and takes(spec.tools[target]) <= have:
                return size
    return math.inf


@given(specs(), st.sets(st.sampled_from(ALL), max_size=3))
def test_legal_is_all_that_the_known_opens(spec: DomainSpec, known: set[Need]) -> None:
    have = known | sayable(spec)
    assert ApiGraph(spec).legal(known) == [name for name, tool in spec.tools.items() if takes(tool) <= have]


@pytest.mark.slow
@given(specs(), st.sets(st.sampled_from(ALL), max_size=2))
def test_heuristics_bracket_the_optimum(spec: DomainSpec, known: set[Need]) -> None:
    graph = ApiGraph(spec)
    for name in spec.tools:
        optimum = fewest_calls(spec, name, known)
        lower, upper = graph.distance(name, known, heuristic="max"), graph.distance(name, known)
        assert lower <= optimum <= upper
        assert math.isinf(lower) == math.isinf(optimum) == math.isinf(upper)
        assert (upper == 0) == (name in graph.legal(known))
        if math.isinf(optimum):
            with pytest.raises(UsageError, match="out of reach"):
                graph.plan(name, known)
        else:
            assert optimum <= len(graph.plan(name, known)) <= upper


@pytest.mark.slow
@given(specs(), st.sets(st.sampled_from(ALL), max_size=2))
def test_a_plan_can_be_carried_out(spec: DomainSpec, known: set[Need]) -> None:
    graph = ApiGraph(spec)
    for name, cost in graph.costs(known).tool.items():
        if math.isinf(cost):
            continue
        have = set(known)
        for step in graph.plan(name, known):
            assert step in graph.legal(have)
            have |= gives(spec.tools[step])
        assert name in graph.legal(have)
        assert name not in graph.plan(name, known)


@given(specs(), st.sets(st.sampled_from(ALL), max_size=2))
def test_support_is_the_first_of_the_cheapest_givers(spec: DomainSpec, known: set[Need]) -> None:
    costs = ApiGraph(spec).costs(known)
    assert set(costs.need) == set(ALL)
    for need, cost in costs.need.items():
        offers = {name: costs.tool[name] + 1 for name, tool in spec.tools.items() if need in gives(tool)}
        if need in known | sayable(spec):
            assert cost == 0
        else:
            assert cost == min(offers.values(), default=math.inf)
        if 0 < cost < math.inf:
            assert costs.support[need] == next(name for name, offer in offers.items() if offer == cost)
        else:
            assert need not in costs.support


@given(specs())
def test_edges_are_all_pairs_that_share_something(spec: DomainSpec) -> None:
    expected = set()
    for (a, first), (b, second) in itertools.permutations(spec.tools.items(), 2):
        expected |= {Edge(a, b, "data", k, (k, "*"), (k,)) for k in first.output_kinds() if k in second.input_kinds()}
        expected |= {Edge(a, b, "fact", f) for f in first.sets if f in second.needs}
        expected |= {Edge(a, b, "conflict", f) for f in first.clears if f in second.needs}
    edges = ApiGraph(spec).edges()
    assert set(edges) == expected
    assert len(edges) == len(expected)
    order = list(spec.tools)
    places = [(order.index(edge.source), order.index(edge.target)) for edge in edges]
    assert places == sorted(places)
    assert all(edge.source in edge.reason and edge.via in edge.reason and edge.target in edge.reason for edge in edges)


@given(specs())
def test_strata_order_the_tools_by_depth(spec: DomainSpec) -> None:
    graph = ApiGraph(spec)
    layers = graph.strata()
    assert sorted(itertools.chain(*layers)) == sorted(spec.tools)
    depth = [{graph.distance(name, heuristic="max") for name in layer} for layer in layers]
    assert all(len(layer) == 1 for layer in depth)
    assert depth == sorted(depth, key=min)


def test_a_deep_chain_needs_no_recursion_and_no_floating_point() -> None:
    """Each tool takes two kinds that the one before gives, so that the additive cost doubles with every step."""
    kinds = {f"{side}{i}": Kind(f"{side}{i}", {}, "issued", "k") for i in range(1501) for side in "lr"}
    pairs: list[list[Need]] = [[("kind", f"l{i}"), ("kind", f"r{i}")] for i in range(1501)]
    tools = {f"t{i}": make_tool(f"t{i}", pairs[i] if i else [], pairs[i + 1]) for i in range(1500)}
    graph = ApiGraph(DomainSpec("deep", "Deep/D-v0", "s", "p", kinds, {}, tools))
    assert graph.distance("t1499") == 2**1500 - 2
    assert graph.distance("t1499", heuristic="max") == 1499
    assert graph.plan("t1499") == tuple(f"t{i}" for i in range(1499))
    assert graph.distance("t1499", [("kind", "l1499"), ("kind", "r1499")]) == 0
    assert graph.distance("t1499", [("kind", "r1499")]) == 2**1499 - 1


@pytest.mark.parametrize("known", [[("kind", "dragon")], [("fact", "asleep")]])
def test_unknown_names_are_refused(known: list[Need]) -> None:
    graph = ApiGraph(LIBRARY.spec)
    name = known[0][1]
    for ask in (graph.legal, graph.costs):
        with pytest.raises(UsageError, match=f"no {known[0][0]} '{name}'"):
            ask(known)
    calls: list[Any] = [graph.tool, graph.needs, graph.distance, graph.plan]
    for call in calls:
        with pytest.raises(UsageError, match="no tool 'dragon'; there are list_books"):
            call("dragon")
    assert graph.producers("dragon") == graph.setters("dragon") == graph.consumers(("fact", "dragon")) == ()


def test_the_graph_of_a_world_reads_as_its_contract() -> None:
    graph = ApiGraph(spec_from_dict(CONTRACT))
    assert graph.producers("book_id") == ("list_books", "search_books", "get_book")
    assert graph.setters("has_card") == ("join",)
    assert graph.consumers(("fact", "has_card")) == ("borrow", "return_book", "review_book", "leave")
    assert graph.needs("return_book") == (("kind", "book_id"), ("fact", "has_card"), ("fact", "on_loan"))
    assert graph.tool("join").sets == ("has_card",)
    assert [graph.sayable(n) for n in (("kind", "title"), ("kind", "book_id"), ("fact", "title"), ("kind", "?"))] == [
        True, False, False, False,
    ]  # fmt: skip
    assert graph.legal([]) == ["list_books", "search_books", "join"]
    assert graph.plan("return_book") == ("list_books", "join", "borrow")
    assert graph.strata() == (
        ("list_books", "search_books", "join"),
        ("get_book", "borrow", "review_book", "leave"),
        ("return_book",),
    )
    reasons = {edge.reason for edge in graph.edges()}
    assert "list_books gives book_id at /books/*/book_id, borrow takes it as /book_id" in reasons
    assert "join makes has_card true, which borrow needs" in reasons
    assert "leave ends has_card, which review_book needs" in reasons
