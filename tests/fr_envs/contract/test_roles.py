"""Roles: what values are for, and where they may go.

1. Without roles, kinds alone rule, and the graph is what it was.
2. Equal roles agree; others do where a flow joins them; a thing is the same thing also where no role is named.
3. What is wrong with a role or a flow is named by place and mend.
4. A contract with roles comes out of its data as it went in, and no agent is told of roles.
5. In a composition, flows to and from another world hold where that one is there.
6. Measures of the shipped contracts have roles wherever they are passed on, and each of their flows carries something.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import env_specs
from fr_envs import load_domain, load_spec
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.roles import Roles, is_thing, parameters_of, roles_of
from fr_envs.contract.schemas import openai_tools
from fr_envs.contract.spec import leaves
from fr_envs.contract.writing import contract_data
from fr_envs.errors import SpecError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.graph.edges import edges_of, forbidden_of
from fr_envs.world.compose import compose
from tests.fr_envs.small_world import CONTRACT, LIBRARY

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import JsonObject

RATED = ("tools", "get_book", "returns", "stars", "array", "role")
RATES = ("tools", "review_book", "parameters", "stars", "role")


def put(data: JsonObject, path: tuple[str, ...], value: Any) -> JsonObject:
    node = data
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return data


def library(roles: dict[tuple[str, ...], Any], *flows: JsonObject) -> DomainSpec:
    data = json.loads(json.dumps(CONTRACT))
    for path, role in roles.items():
        put(data, path, role)
    return spec_from_dict({**data, **({"flows": list(flows)} if flows else {})})


def stars_flow(spec: DomainSpec) -> bool:
    return any((e.source, e.target, e.via) == ("get_book", "review_book", "stars") for e in edges_of(spec))


def test_without_roles_kinds_alone_rule() -> None:
    assert not Roles(LIBRARY.spec).declared
    assert forbidden_of(LIBRARY.spec) == []
    assert stars_flow(LIBRARY.spec)
    graph = ApiGraph(LIBRARY.spec)
    assert all(graph.givers(kind, "review_book") == graph.producers(kind) for kind in LIBRARY.spec.kinds)


def test_equal_roles_agree_and_others_only_along_a_flow() -> None:
    assert stars_flow(library({RATED: "verdict", RATES: "verdict"}))
    apart = library({RATED: "others' verdict", RATES: "own verdict"})
    assert not stars_flow(apart)
    (found,) = [each for each in forbidden_of(apart) if each.edge.target == "review_book" and each.edge.via == "stars"]
    assert found.because == "an others' verdict is no own verdict, and no flow joins the two"
    flow = {"from": "others' verdict", "to": ["own verdict"], "because": "People agree."}
    joined = library({RATED: "others' verdict", RATES: "own verdict"}, flow)
    assert stars_flow(joined)
    assert Roles(joined).because("others' verdict", "own verdict") == "People agree."
    assert len(edges_of(joined)) == len(edges_of(LIBRARY.spec))
    assert {*edges_of(apart), *(each.edge for each in forbidden_of(apart))} == {*edges_of(LIBRARY.spec)}


@pytest.mark.parametrize("roles", [{RATED: "verdict"}, {RATES: "verdict"}])
def test_a_number_of_which_one_side_says_what_it_is_for_goes_nowhere(roles: dict[tuple[str, ...], Any]) -> None:
    spec = library(roles)
    assert not stars_flow(spec)
    assert "get_book" not in ApiGraph(spec).givers("stars", "review_book")
    assert "get_book" in ApiGraph(spec).producers("stars")
    assert all(each.because for each in forbidden_of(spec))


def test_a_thing_is_the_same_thing_where_no_role_is_named() -> None:
    lent = ("tools", "borrow", "parameters", "book_id", "role")
    spec = library({lent: "book to take home"})
    assert edges_of(spec) == edges_of(LIBRARY.spec)
    shown = ("tools", "list_books", "returns", "books", "array", "object", "book_id", "role")
    apart = library({lent: "book to take home", shown: "book on the shelf"})
    assert any(each.edge.target == "borrow" for each in forbidden_of(apart)), "two roles have to agree all the same"
    assert [is_thing(LIBRARY.spec.kinds[kind]) for kind in ("book_id", "stars", "genre")] == [True, False, False]


FLOW = {"from": "verdict", "to": "verdict", "because": "So it is."}


@pytest.mark.parametrize(
    ("roles", "flows", "pointer", "problem", "fix"),
    [
        ({RATES: "Verdict!"}, [], "/tools/review_book/parameters/stars", "", "spec.schema.json"),
        ({("tools", "list_books", "returns", "total", "role"): "count"}, [], "/tools/list_books/returns/total",
         "has a role and no kind", "give it a kind"),
        ({("tools", "list_books", "returns", "books", "role"): "shelf"}, [], "/tools/list_books/returns/books",
         "is a list or an object", "give its parts the role"),
        ({("tools", "list_books", "returns", "books", "array", "role"): "row"}, [],
         "/tools/list_books/returns/books/array", "is a list or an object", "give its parts the role"),
        ({RATES: "verdict"}, [{**FLOW, "from": "opinion"}], "/flows/0/from", "nothing has the role 'opinion'", "give"),
        ({RATES: "verdict"}, [FLOW, {**FLOW, "to": ["verdict", "guess"]}], "/flows/1/to",
         "nothing has the role 'guess'", "give"),
        ({RATES: "verdict"}, [{"from": "verdict", "to": "verdict"}], "/flows/0", "'because'", "spec.schema.json"),
        ({RATES: "verdict"}, [{**FLOW, "from": "shop/price", "to": "bank/amount"}], "/flows/0", "two other worlds",
         "one of the two"),
        ({RATES: "verdict", ("tools", "get_book", "returns", "title", "role"): "name"}, [{**FLOW, "from": "name"}],
         "/flows/0/to", "no value of 'verdict'", "one kind"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_roles_is_named_by_place_and_mend(
    roles: dict[tuple[str, ...], Any], flows: list[JsonObject], pointer: str, problem: str, fix: str
) -> None:
    with pytest.raises(SpecError) as raised:
        library(roles, *flows)
    error = raised.value
    assert error.pointer.startswith(pointer)
    assert problem in error.problem
    assert fix in error.fix


def test_a_contract_with_roles_comes_out_as_it_went_in() -> None:
    for name in env_specs.names():
        spec = load_spec(name)
        again = spec_from_dict(contract_data(spec), spec.source)
        assert (again.flows, again.tools) == (spec.flows, spec.tools)
        told = str(openai_tools(spec))
        assert "'role'" not in told, "what a value is for is no business of the agent's schema"


def test_flows_of_another_world_hold_where_it_is_there() -> None:
    travel, banking = load_domain("travel"), load_domain("banking")
    alone, both = Roles(travel.spec), Roles(compose(travel, banking).spec)
    there = ("money", "invoice amount", "amount searched")
    assert not alone.permits(*there)
    assert both.permits(*there)
    assert not Roles(compose(travel, load_domain("filesystem")).spec).permits(*there)
    assert both.permits("date", "departure day", "stay start"), "and its own still do"


def test_flows_to_other_worlds_name_roles_that_they_have() -> None:
    borne = {name: {leaf.field.role for leaf in _leaves(load_spec(name))} for name in env_specs.names()}
    for name in env_specs.names():
        for flow in load_spec(name).flows:
            for role in (*flow.given, *flow.taken):
                world, _, own = role.rpartition("/")
                assert own in borne[world or name], f"{name}: {role}"


def _leaves(spec: DomainSpec) -> list[Any]:
    return [leaf for tool in spec.tools.values() for f in (parameters_of(tool), tool.returns) for leaf in leaves(f)]


@pytest.mark.parametrize("name", ["banking", "filesystem", "travel"])
def test_measures_have_roles_wherever_they_are_passed_on(name: str) -> None:
    spec = load_spec(name)
    taken = {leaf.kind for tool in spec.tools.values() for leaf in leaves(parameters_of(tool))}
    for kind in (kind for kind in spec.kinds.values() if kind.name in taken and not is_thing(kind)):
        figure = kind.schema.get("type") in ("integer", "number") or kind.format in ("amount", "date", "datetime")
        given = {role for tool in spec.tools.values() for role in roles_of(kind.name, tool.returns)}
        roles = given | {role for tool in spec.tools.values() for role in roles_of(kind.name, parameters_of(tool))}
        assert not (figure and given) or "" not in roles, f"{name}: {kind.name}"


@pytest.mark.parametrize("name", ["banking", "filesystem", "travel"])
def test_every_flow_of_a_shipped_contract_joins_tools(name: str) -> None:
    spec = load_spec(name)
    fields = {tool.name: (tool.returns, parameters_of(tool)) for tool in spec.tools.values()}
    used = set()
    for edge in (edge for edge in edges_of(spec) if edge.relation == "data"):
        (given,) = [leaf for leaf in leaves(fields[edge.source][0]) if leaf.path == edge.output]
        (taken,) = [leaf for leaf in leaves(fields[edge.target][1]) if leaf.path == edge.argument]
        used.add((given.field.role, taken.field.role))
    own = [flow for flow in spec.flows if not any("/" in role for role in (*flow.given, *flow.taken))]
    for flow in own:
        assert any((one, other) in used for one in flow.given for other in flow.taken), f"{name}: {flow.because}"
