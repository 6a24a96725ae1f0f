"""Witnesses: they prove what they say when they are executed again, and nothing else is believed."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import domain_names, load_domain
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph, Edge
from fr_envs.graph.witness import (
    Proof,
    Unproven,
    Witness,
    check_witness,
    read_proofs,
    replayed,
    shipped,
    unproven_edges,
    write_proofs,
)
from fr_envs.search.witnesses import find_witnesses, search_witnesses
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.small_world import LIBRARY

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain


def kept(name: str) -> dict[Edge, Proof]:
    file = importlib.resources.files("fr_envs.graph.witness").joinpath(f"{name}.json")
    return read_proofs(file.read_text(encoding="utf-8"), str(file))


@functools.cache
def found_in_the_library() -> dict[Edge, Proof]:
    return search_witnesses(LIBRARY, attempts=12)


def witnesses_of(proofs: dict[Edge, Proof]) -> list[Witness]:
    return [proof for proof in proofs.values() if isinstance(proof, Witness)]


# --------------------------------------------------------------------------------------------------- the kept ones


@pytest.mark.slow
@pytest.mark.parametrize("name", domain_names())
def test_every_kept_witness_proves_its_edge(name: str) -> None:
    proofs = shipped(load_domain(name))
    assert list(proofs) == ApiGraph(load_domain(name).spec).edges()
    known = kept(name)
    assert all(proofs[edge] == known[edge] for edge in proofs)
    assert [edge.reason for edge, proof in proofs.items() if isinstance(proof, Unproven)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", domain_names())
def test_the_kept_witnesses_are_those_of_the_graph(name: str) -> None:
    assert set(kept(name)) == set(ApiGraph(load_domain(name).spec).edges())
    assert unproven_edges(name) == frozenset()


def test_a_witness_that_proves_nothing_any_more_counts_as_never_tried() -> None:
    domain = load_domain("filesystem")
    true = next(w for w in witnesses_of(kept("filesystem")) if w.edge.relation == "data")
    broken = msgspec.structs.replace(true, argument="/nowhere")
    assert replayed(domain, {true.edge: true})[true.edge] == true
    assert replayed(domain, {true.edge: broken})[true.edge] == Unproven(true.edge, 0, ())


def test_a_world_without_a_file_has_no_proofs() -> None:
    assert unproven_edges("library") == frozenset()
    assert not witnesses_of(shipped(LIBRARY))


def test_a_file_says_all_that_went_in() -> None:
    proofs = found_in_the_library()
    text = write_proofs("library", proofs)
    read = read_proofs(text, "library.json")
    assert read == proofs
    assert text == write_proofs("library", {edge: read[edge] for edge in proofs})
    assert len(text.splitlines()) > len(proofs)


@pytest.mark.parametrize("text", ["", "{}", '{"world":"x","calls":[],"witnesses":[[1]],"open":[]}'])
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"x\.json holds no witnesses: .*; write it anew"):
        read_proofs(text, "x.json")


def test_a_file_with_a_number_for_which_there_is_no_call_is_refused() -> None:
    text = write_proofs("library", found_in_the_library())
    head, calls, rest = text.partition('"calls":[\n')
    cut = head + calls + "]" + rest[rest.index("\n]") + 2 :]
    with pytest.raises(UsageError, match="holds no witnesses"):
        read_proofs(cut, "library.json")


# ------------------------------------------------------------------------------------------------------ the search


def test_the_search_finds_what_is_there_in_a_small_world() -> None:
    found = find_witnesses(LIBRARY, attempts=12)
    assert set(found) == set(ApiGraph(LIBRARY.spec).edges())
    missing = {edge for edge, witness in found.items() if witness is None}
    assert len(missing) <= len(found) // 5
    assert all(check_witness(LIBRARY, witness) for witness in found.values() if witness is not None)


def test_the_same_search_has_the_same_answer() -> None:
    edges = ApiGraph(LIBRARY.spec).edges()[:6]
    assert search_witnesses(LIBRARY, edges=edges, attempts=6) == search_witnesses(LIBRARY, edges=edges, attempts=6)


def without(witness: Witness, part: str, at: int) -> Witness:
    calls = getattr(witness, part)
    return msgspec.structs.replace(witness, **{part: (*calls[:at], *calls[at + 1 :])})


@pytest.mark.parametrize("part", ["before", "between"])
def test_no_call_of_a_witness_can_be_left_out(part: str) -> None:
    for witness in witnesses_of(found_in_the_library()):
        for at in range(len(getattr(witness, part))):
            assert not check_witness(LIBRARY, without(witness, part, at)), witness.edge.reason


def test_a_witness_of_another_edge_is_not_believed() -> None:
    proofs = witnesses_of(found_in_the_library())
    for witness, other in itertools.pairwise(proofs):
        if witness.edge.source != other.edge.source:
            assert not check_witness(LIBRARY, msgspec.structs.replace(witness, edge=other.edge))


def test_a_call_that_is_refused_proves_nothing() -> None:
    witness = witnesses_of(found_in_the_library())[0]
    bad = msgspec.structs.replace(witness, first=ToolCall(witness.first.name, {"no": 1}))
    assert not check_witness(LIBRARY, bad)
    assert not check_witness(LIBRARY, msgspec.structs.replace(witness, before=(bad.first,)))


@pytest.mark.slow
def test_what_no_search_can_find_is_told_with_its_refusals() -> None:
    edge = Edge("report_card_lost", "freeze_card", "data", "card_id", ("card_id",), ("card_id",))
    proof = search_witnesses(load_domain("banking"), edges=[edge], attempts=26)[edge]
    assert isinstance(proof, Unproven)
    assert proof.attempts == 26
    assert "card_not_active" in dict(proof.refusals)
    assert sum(count for _, count in proof.refusals) >= 26


@pytest.mark.slow
def test_the_search_that_does_not_give_up_finds_what_takes_many_steps() -> None:
    bank: Domain[Any] = load_domain("banking")
    card = ("subscriptions", "*", "card_id")
    edge = Edge("list_subscriptions", "activate_card", "data", "card_id", card, ("card_id",))
    (few,) = search_witnesses(bank, (1, 2, 3, 4), edges=[edge], attempts=24).values()
    (many,) = search_witnesses(bank, (1, 2, 3, 4), edges=[edge], attempts=60).values()
    assert isinstance(few, Unproven)
    assert isinstance(many, Witness)
    assert check_witness(bank, many)


# --------------------------------------------------------------------------------------------------- order by rules


def test_a_rule_that_holds_in_some_cases_only_is_an_edge_and_is_proven() -> None:
    bank: Domain[Any] = load_domain("banking")
    graph = ApiGraph(bank.spec)
    assert graph.demanded("pay_payee") == ("code_confirmed",)
    assert graph.demanded("confirm_payee") == ()  # always needed, so an edge of facts
    edges = [edge for edge in graph.edges() if edge.relation == "policy"]
    assert Edge("confirm_code", "pay_payee", "policy", "code_confirmed") in edges
    assert (
        edges[0].reason == "confirm_code makes code_confirmed true, which the rules demand of pay_payee in some cases"
    )
    known = kept("banking")
    for edge in edges:
        witness = known[edge]
        assert isinstance(witness, Witness)
        state = bank.initial(witness.seed, witness.scale)
        for call in (*witness.before, *witness.between):
            state = bank.apply(state, call).state
        refused = bank.apply(state, witness.second)
        assert refused.error is not None
        assert refused.error.code == "code_required"
