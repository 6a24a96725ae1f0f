"""Targets can be written, read again, and listed for a world; mixes of them are read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import domain_names, load_domain
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.graph.witness import unproven_edges
from fr_envs.world.compose import owner
from fr_synth.sample.targets import KINDS, PRESETS, consumers, edges_of, offers_of, read_mix, targets_of
from fr_synth.trace.target import (
    ChainTarget,
    CrossDomainTarget,
    EdgeTarget,
    ErrorTarget,
    RuleTarget,
    Target,
    ToolTarget,
    read_target,
)
from fr_synth.verify.calls.errors import unexpected_errors
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.odd_world import ODD

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True)
TARGETS: st.SearchStrategy[Target] = st.one_of(
    st.builds(ToolTarget, NAMES),
    st.builds(EdgeTarget, NAMES, NAMES, NAMES),
    st.builds(CrossDomainTarget, NAMES, NAMES, NAMES),
    st.builds(ChainTarget, st.integers(1, 99), NAMES),
    st.builds(ErrorTarget, NAMES, NAMES),
    st.builds(RuleTarget, NAMES, NAMES, NAMES),
)


@given(TARGETS)
def test_a_target_is_read_as_it_is_written(target: Target) -> None:
    assert read_target(str(target)) == target


@pytest.mark.slow
@given(st.lists(TARGETS, unique=True))
def test_no_two_targets_are_written_alike(targets: list[Target]) -> None:
    assert len({str(target) for target in targets}) == len(targets)


@pytest.mark.parametrize("text", ["", "a b", "a>b", "a:b", "chain:0:a", "chain:4", "error:a", "pair:a:b", "a>b>c:d"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^no target '.*'; give TOOL, PRODUCER>CONSUMER:KIND"):
        read_target(text)


def test_targets_are_what_a_user_can_ask_for() -> None:
    assert [target.tool for target in targets_of(LIBRARY)] == [
        "list_books", "search_books", "get_book", "borrow", "return_book", "review_book", "leave",
    ]  # fmt: skip
    assert ToolTarget("write_blurb") not in targets_of(ODD), "nobody has words for it"


def test_edges_are_values_that_a_wish_can_take() -> None:
    edges = edges_of(ApiGraph(LIBRARY.spec))
    assert EdgeTarget("list_books", "borrow", "book_id") in edges
    assert len(set(edges)) == len(edges)
    assert not any(edge.tool == "join" for edge in edges), "an enabling step is no wish"
    assert {ToolTarget(edge.tool) for edge in edges} <= set(targets_of(LIBRARY))


@pytest.mark.parametrize("name", domain_names())
def test_an_edge_that_nothing_bears_out_is_no_aim(name: str) -> None:
    graph = ApiGraph(load_domain(name).spec)
    unproven = unproven_edges(name)
    proven = {
        EdgeTarget(e.source, e.target, e.via) for e in graph.edges() if e not in unproven and e.relation == "data"
    }
    assert set(edges_of(graph)) <= proven


@pytest.mark.parametrize("name", [*domain_names(), "banking+filesystem"])
def test_a_world_offers_targets_that_its_contract_has(name: str) -> None:
    domain = load_domain(name)
    offers = offers_of(domain, ApiGraph(domain.spec))
    assert tuple(offers) == KINDS
    askable = {target.tool for target in targets_of(domain)}
    graph = ApiGraph(domain.spec)
    steps = {name for name, tool in domain.spec.tools.items() if tool.implicit and consumers(graph, name)}
    for kind, targets in offers.items():
        assert len(set(targets)) == len(targets)
        aimed = {target.tool for target in targets}
        assert aimed <= (askable | steps if kind in ("edge", "pair") else askable), kind
    assert set(offers["error"]) == {
        ErrorTarget(tool, code) for tool in askable for code in unexpected_errors(domain.spec, tool)
    }
    assert not any(str(target).endswith((":not_signed_in", ":code_required")) for target in offers["error"])
    assert bool(offers["pair"]) == ("+" in name)
    assert bool(offers["policy"]) == ("banking" in name)


def test_pairs_lead_from_one_world_to_another() -> None:
    both = load_domain("banking+filesystem")
    offers = offers_of(both, ApiGraph(both.spec))
    pairs = [target for target in offers["pair"] if isinstance(target, CrossDomainTarget)]
    assert {(owner(both, pair.producer), owner(both, pair.tool)) for pair in pairs} == {
        ("filesystem", "banking"),
        ("banking", "filesystem"),
    }
    assert owner(load_domain("banking"), "list_accounts") == "banking"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_a_mix(name: str) -> None:
    assert read_mix(name) == PRESETS[name]
    assert read_mix(",".join(f"{kind}={weight}" for kind, weight in PRESETS[name].items())) == PRESETS[name]


def test_a_weight_of_nothing_leaves_a_kind_out() -> None:
    assert read_mix("tool=4, edge=0, chain=1") == {"tool": 4, "chain": 1}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no target mix ''; give tools, mixed, edges, or KIND=WEIGHT"),
        ("stars", "no target mix 'stars'; give tools"),
        ("tool", "no target mix 'tool'"),
        ("tool=1,tool=2", "no target mix 'tool=1,tool=2'"),
        ("tool=-1", "no target mix 'tool=-1'"),
        ("tool=1.5", "no target mix 'tool=1.5'"),
        ("edges=1", "no target mix 'edges=1'"),
        ("tool=0,edge=0", "target mix 'tool=0,edge=0': give weights from 0 to 100, at least one"),
        ("tool=101", "target mix 'tool=101': give weights from 0 to 100"),
    ],
)
def test_what_is_no_mix_is_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_mix(text)
    assert str(refused.value).startswith(problem)
