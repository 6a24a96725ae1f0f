"""The worlds of this project with their kinds, facts and results hidden: a second set to hold the inference against.

A world goes out as an OpenAI tool list and comes back in as foreign tools. The reference is its declared graph: recall
is over the data edges of which a witness ships, and the fact and conflict edges with one; precision over all declared
data edges, which understates it: what works by execution without a common kind (a folder's path where any path does)
counts as wrong. State edges have no declared precision: each is seen in an executed pair of calls.
As examples, the inference is given what a user could say in the first states: a customer's number and code.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from fr_envs.adapters.inference.contract import gather, judge
from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.contract.schemas import openai_tools
from fr_envs.errors import Refusal
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.graph.witness import Witness, shipped
from fr_envs.world.domain import Domain, Effect, Hooks
from fr_envs.world.registry import load_domain
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.state import State

__all__ = ["measured", "stripped"]

_STARTS = 8


def stripped(domain: Domain[Any]) -> Domain[Any]:
    """Return a world as somebody sees it who has nothing but its tool list."""
    bare = spec_from_tools(openai_tools(domain.spec), name=domain.spec.name)
    codes = {"invalid_arguments": "An argument is wrong."}
    codes |= {fact.violation: fact.description for fact in domain.spec.facts.values()}
    tools = {
        name: msgspec.structs.replace(tool, errors={**domain.spec.tools[name].errors, **codes})
        for name, tool in bare.tools.items()
    }
    handlers = {name: functools.partial(_called, domain, name) for name in tools}
    spec = msgspec.structs.replace(bare, tools=tools)
    return Domain(spec, handlers, Hooks(lambda rng, scale: domain.initial(rng, scale=scale)))


def _called(domain: Domain[Any], name: str, state: State, /, **arguments: Json) -> Effect[Any]:
    given = {key: value for key, value in arguments.items() if value is not None}
    outcome = domain.apply(state, ToolCall(name, given))
    if outcome.error is not None:
        raise Refusal(outcome.error.code, outcome.error.message)
    return Effect(outcome.state, outcome.value)


def _sayable(domain: Domain[Any], tool: str, starts: Sequence[State]) -> Iterator[JsonObject]:
    """Iterate over arguments that a user could give in the first states without having called anything."""
    for number, state in enumerate(starts):
        rng = np.random.default_rng([number, len(tool)])
        arguments: JsonObject = {}
        for name, parameter in domain.spec.tools[tool].parameters.items():
            if parameter.required:
                arguments[name] = domain.suggest(state, tool, name, arguments, rng)
        if arguments and all(value is not None for value in arguments.values()):
            yield arguments


def measured(name: str, walks: int, length: int) -> Iterator[str]:
    """Infer what is hidden, and say how much of it was found."""
    domain = load_domain(name)
    starts = [domain.initial(seed) for seed in range(_STARTS)]
    examples = {tool: list(_sayable(domain, tool, starts)) for tool in domain.spec.tools}
    found = judge(gather(stripped(domain), starts, walks=walks, length=length, examples=examples))
    proofs = shipped(domain)
    proven = {edge for edge, proof in proofs.items() if isinstance(proof, Witness)}
    declared = {
        (edge.source, edge.target, edge.argument[0])
        for edge in ApiGraph(domain.spec).edges()
        if edge.relation == "data"
    }
    data = {(edge.source, edge.target, edge.argument[0]) for edge in proven if edge.relation == "data"}
    state = {(edge.source, edge.target) for edge in proven if edge.relation in {"fact", "conflict"}}
    claims = {(edge.producer, edge.consumer, edge.parameter): edge.ground for edge in found.data}
    effects = {(edge.earlier, edge.later) for edge in found.state}
    yield f"\n{name}, kinds hidden: {len(found.silent)} of {len(domain.spec.tools)} tools never went through"
    hit, right = len(claims.keys() & data), len(claims.keys() & declared)
    yield f"  data edges: {hit} of {len(data)} witnessed ones found ({hit / len(data):.1%})"
    yield f"  {right} of {len(claims)} claims declared ({right / max(1, len(claims)):.1%})"
    executed = {claim for claim, ground in claims.items() if ground == "executed"}
    yield f"  of {len(executed)} that rest on execution, {len(executed & declared)} declared"
    yield f"  fact and conflict edges: {len(effects & state)} of {len(state)} witnessed ones found"
