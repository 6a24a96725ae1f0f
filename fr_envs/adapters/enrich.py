"""A foreign world's contract, completed by playing it: kinds, facts, examples of what goes through, and words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.adapters.inference.contract import infer
from fr_envs.adapters.inference.metered import UNBOUNDED, Bounds, metered
from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.values import in_json, in_state, words
from fr_envs.adapters.inference.walks import ToolExplorer
from fr_envs.adapters.sampling_hooks import Shown, with_examples
from fr_envs.adapters.words.phrases import is_identifier
from fr_envs.adapters.words.wording import worded
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.streams import EnrichStream, generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.adapters.inference.contract import Inferred
    from fr_envs.adapters.inference.dataflow import DataEdge
    from fr_envs.adapters.inference.walks import ProbeWalk
    from fr_envs.contract.spec import DomainSpec, Field
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["Completed", "complete"]


class Completed(NamedTuple):
    """What came of it.

    Attributes:
        spec: The contract, a proposal for a person to correct.
        found: What the inference found.
    """

    spec: DomainSpec
    found: Inferred


def complete(
    domain: Domain[Any], *, seed: int = 0, walks: int = 200, length: int = 16, bounds: Bounds = UNBOUNDED
) -> Completed:
    """Complete the contract of a world whose tools say little of themselves, by playing it.

    Args:
        domain: The world.
        seed: Seed of everything that is drawn.
        walks: How many walks.
        length: Calls in each.
        bounds: How much may be tried.
    """
    domain = metered(domain, bounds)
    starts = [domain.initial(generator(seed, k)) for k in range(_STARTS)]
    found = infer(
        domain, list({start.digest: start for start in starts}.values()), seed=seed, walks=walks, length=length
    )
    explorer = ToolExplorer(domain.enter("examples"), generator(seed, EnrichStream.EXAMPLES))
    walked = explorer.explore(starts, max(1, walks // 2), length)
    tools = {
        name: msgspec.structs.replace(tool, effect=domain.spec.tools[name].effect) if name in found.silent else tool
        for name, tool in found.spec.tools.items()  # of what never went through, nothing was seen
    }
    spec = _with_issued(_untangled(msgspec.structs.replace(found.spec, tools=tools), found.data))
    found = found._replace(cut=dict(domain.cut))
    return Completed(worded(with_examples(spec, _shown(starts, walked, explorer))), found)


_STARTS = 4  # first states that are walked from; many worlds have one only
_LENIENT = 0.8  # share of calls that go through from which on a tool takes anything


def _shown(starts: Sequence[State], walked: Sequence[ProbeWalk], explorer: ToolExplorer) -> Shown:
    """Return what the world has shown, in its first states and its results."""
    around: dict[Json, set[frozenset[str]]] = {}
    identifiers: set[Json] = set()
    shown = [each for start in starts for each in in_state(start)]
    shown += [each for walk in walked for value in walk.values if succeeded(value) for each in in_json(value)]
    for each in shown:
        if not isinstance(each.value, str | int | float):
            continue
        around.setdefault(each.value, set()).add(words(" ".join(each.path[-3:])))
        name = next((part for part in reversed(each.path) if part not in {"*", "#"}), "")
        if isinstance(each.value, str) and name and is_identifier(name):
            identifiers.add(each.value)
    lenient = frozenset(name for name, tries in explorer.tries.items() if explorer.wins[name] >= _LENIENT * tries)
    return Shown(around, frozenset(identifiers), explorer.worked, lenient)


_WEAK = 0.5  # share of trials below which a flow may be chance: somebody has called a ticket by another's number


def _untangled(spec: DomainSpec, data: Sequence[DataEdge]) -> DomainSpec:
    """Take an identifier's kind from places that are called otherwise and that little speaks for."""
    strong = [edge for edge in data if edge.ground == "executed" and edge.worked >= _WEAK * edge.tried]
    into = {(edge.consumer, edge.parameter) for edge in strong}
    out_of = {(edge.producer, edge.pointer) for edge in strong}

    def stray(kind: str | None, name: str) -> bool:
        return kind is not None and is_identifier(kind) and not is_identifier(name) and not words(kind) & words(name)

    def bare(field: Field) -> Field:
        schema = spec.kinds[field.kind or ""].schema
        return msgspec.structs.replace(field, kind=None, schema=schema)

    def result(tool: str, field: Field, path: tuple[str, ...]) -> Field:
        if field.array is not None:
            return msgspec.structs.replace(field, array=result(tool, field.array, (*path, "*")))
        if field.object is not None:
            members = {name: result(tool, member, (*path, name)) for name, member in field.object.items()}
            return msgspec.structs.replace(field, object=members)
        name = next(part for part in reversed(path) if part != "*")
        return bare(field) if stray(field.kind, name) and (tool, path) not in out_of else field

    tools = {}
    for tool in spec.tools.values():
        parameters = {
            name: msgspec.structs.replace(p, field=bare(p.field))
            if stray(p.field.kind, name) and (tool.name, name) not in into
            else p
            for name, p in tool.parameters.items()
        }
        returns = {name: result(tool.name, field, (name,)) for name, field in tool.returns.items()}
        tools[tool.name] = msgspec.structs.replace(tool, parameters=parameters, returns=returns)
    return msgspec.structs.replace(spec, tools=tools)


def _with_issued(spec: DomainSpec) -> DomainSpec:
    """Take identifiers for issued where all tools stay within reach: people do not know them by heart."""
    for name in spec.kinds:
        if not is_identifier(name):
            continue
        kinds = {**spec.kinds, name: msgspec.structs.replace(spec.kinds[name], origin="issued")}
        changed = msgspec.structs.replace(spec, kinds=kinds)
        before, after = ApiGraph(spec).costs().tool, ApiGraph(changed).costs().tool
        if not any(math.isinf(after[tool]) and not math.isinf(before[tool]) for tool in spec.tools):
            spec = changed
    return spec
