"""Fact reachability: a pair of calls is no edge if what the second demands can never hold again, and only then.

1. What a contract says of facts decides it: what a tool demands, sets, clears and says of its results.
2. A fact that some sequence of calls makes true again keeps the edge.
3. No value that flows between two calls in the living worlds lacks its edge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fr_envs import domain_names, load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import leaves
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.graph.fact_reachability import FactReachability, KnownFacts
from fr_envs.graph.witness.value_walk import walk_values
from fr_envs.search.explorer import Explorer
from fr_envs.search.walks import WitnessWalk

DOOR = {
    "name": "doors", "id": "FunReasonTest/Doors-v0", "summary": "Doors.", "policy": "None.",
    "kinds": {"door_id": {"schema": {"type": "string"}, "origin": "issued", "description": "A door."}},
    "facts": {
        "whole": {"about": "door_id", "description": "It is whole.", "violation": "broken"},
        "open": {"about": "door_id", "description": "It is open.", "violation": "shut", "implies": ["whole"]},
        "shut": {"about": "door_id", "description": "It is shut.", "violation": "open", "excludes": ["open"]},
        "glass": {"about": "door_id", "description": "It is of glass.", "violation": "wood"},
    },
    "tools": {},
}  # fmt: skip


def tool(*, takes: list[str] | None = None, gives: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """Return a tool that takes a door with some facts, or none where ``takes`` is None, and gives one back."""
    taken: dict[str, Any] = {"kind": "door_id", **({"holds": takes} if takes else {})}
    parameters = {} if takes is None else {"door_id": taken}
    returns = {"door_id": {"kind": "door_id", **(gives or {})}}
    return {"description": "Does it.", "effect": "write", "parameters": parameters, "returns": returns, **rest}


def edges(**tools: dict[str, Any]) -> set[tuple[str, str, str]]:
    data = {**DOOR, "tools": {"find": tool(), **tools}}
    return {(edge.source, edge.relation, edge.target) for edge in ApiGraph(spec_from_dict(data)).edges()}


LOOK = tool(takes=["whole"])
PASS = tool(takes=["open"])
OPEN = tool(takes=["shut"], sets=["open"], clears=["shut"])


def test_what_nothing_makes_true_again_is_no_edge() -> None:
    found = edges(look=LOOK, smash=tool(takes=[], clears=["whole"]))
    assert ("find", "data", "look") in found
    assert ("look", "data", "smash") in found
    assert ("smash", "data", "look") not in found
    assert ("smash", "conflict", "look") in found


def test_what_a_tool_makes_true_again_is_an_edge() -> None:
    fix = tool(takes=[], sets=["whole"])
    found = edges(look=LOOK, smash=tool(takes=[], clears=["whole"]), fix=fix)
    assert {("smash", "data", "look"), ("smash", "data", "fix"), ("fix", "fact", "look")} <= found


def test_the_way_back_has_to_be_open_itself() -> None:
    close = tool(takes=["open"], sets=["shut"], clears=["open"])
    found = edges(go=PASS, open=OPEN, close=close, smash=tool(takes=[], clears=["whole"]))
    assert ("close", "data", "go") in found  # by way of open, which demands that it is shut
    assert ("smash", "data", "go") not in found  # who is open is whole, and nothing makes whole
    assert ("smash", "data", "open") in found  # nothing is said of what a shut door is


def test_facts_that_exclude_each_other_are_told_apart() -> None:
    found = edges(go=PASS, lock=tool(takes=["shut"]))
    assert ("lock", "data", "go") not in found
    assert ("go", "data", "lock") not in found


def test_a_result_says_by_itself_what_it_is() -> None:
    found = edges(go=PASS, pane=tool(gives={"lacks": ["open"]}), window=tool(gives={"holds": ["glass"]}))
    assert ("pane", "data", "go") not in found
    assert ("window", "data", "go") in found


def test_a_result_that_says_what_it_is_is_not_the_argument_of_its_name() -> None:
    swap = tool(takes=["shut"], gives={"holds": ["glass"]})
    assert ("swap", "data", "go") in edges(go=PASS, swap=swap)


def test_a_fact_serves_none_that_can_never_be_called_on_the_same_thing() -> None:
    wrecked = tool(takes=[], sets=["glass"], clears=["whole"])
    both = tool(takes=["glass", "whole"])
    found = edges(wreck=wrecked, admire=both, touch=tool(takes=["glass"]))
    assert ("wreck", "fact", "touch") in found
    assert ("wreck", "fact", "admire") not in found


def test_nothing_is_known_where_the_contract_says_nothing() -> None:
    spec = load_domain("banking").spec
    reachability = FactReachability(spec)
    for leaf in leaves(spec.tools["get_tariff"].returns):
        assert reachability.known(spec.tools["get_tariff"], leaf) == KnownFacts()
        assert reachability.lost(spec.tools["get_tariff"], leaf) == frozenset()


@pytest.mark.parametrize(
    ("world", "source", "via", "target", "there"),
    [
        ("travel", "cancel_booking", "booking_id", "check_in", False),
        ("travel", "cancel_booking", "booking_id", "get_booking", True),
        ("travel", "check_in", "booking_id", "quote_change", True),
        ("travel", "pay_with_points", "booking_id", "quote_change", False),
        ("banking", "confirm_account_closure", "account_id", "rename_account", False),
        ("banking", "confirm_account_closure", "payout_account_id", "rename_account", True),
        ("banking", "request_account_closure", "account_id", "transfer_between_accounts", True),
        ("banking", "pay_payee", "transaction_id", "recall_payment", True),
        ("banking", "pay_payee", "transaction_id", "open_dispute", False),
        ("banking", "refund_direct_debit", "transaction_id", "open_dispute", False),
        ("banking", "reissue_card", "card_id", "activate_card", True),
        ("banking", "report_card_lost", "card_id", "activate_card", False),
        ("filesystem", "df", "path", "rmdir", False),
    ],
)
def test_the_worlds_know_what_goes_with_what(world: str, source: str, via: str, target: str, *, there: bool) -> None:
    edges = ApiGraph(load_domain(world).spec).edges()
    found = {(e.source, e.output[-1], e.target) for e in edges if e.relation == "data"}
    assert ((source, via, target) in found) is there


@pytest.mark.parametrize("world", domain_names())
def test_no_value_flows_where_there_is_no_edge(world: str) -> None:
    domain = load_domain(world)
    graph = ApiGraph(domain.spec)
    known = {(e.source, e.target, e.output, e.argument) for e in graph.edges() if e.relation == "data"}
    marked = {fact.about for fact in domain.spec.facts.values()}
    for seed in range(3):
        explorer = Explorer(domain, np.random.default_rng([seed, 77]), 10**6, graph)
        state = domain.initial(seed)
        told: dict[tuple[str, Any], set[tuple[str, tuple[str, ...]]]] = {}
        for call in explorer.wander(WitnessWalk(state), 90).calls:
            tools = domain.spec.tools[call.name]
            fields = {name: parameter.field for name, parameter in tools.parameters.items()}
            for place in walk_values(fields, call.arguments):
                for source, output in told.get((place.kind, str(place.value)), ()):
                    flow = (source, call.name, output, place.path)
                    assert source == call.name or place.kind not in marked or flow in known
            outcome = domain.apply(state, call)
            for place in walk_values(tools.returns, outcome.value):
                told.setdefault((place.kind, str(place.value)), set()).add((call.name, place.path))
            state = outcome.state
