"""How often a run has used the tools and edges of a graph, for drawings and counts."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.spec import Field, field_at
from fr_envs.graph.drawing import EdgeUse
from fr_envs.json_values import parts_of, scalars
from fr_synth.trace.dataflow.provenance import Output, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.graph.api_graph import ApiGraph, Edge
    from fr_envs.json_values import Json
    from fr_synth.trace.records import CallRecord, Dialogue

__all__ = ["coverage_of"]


def coverage_of(graph: ApiGraph, dialogues: Iterable[Dialogue]) -> EdgeUse:
    """Count the calls of each tool and the uses of each edge in the records of the graph's world.

    An edge of values is used when an argument rests on the output; an edge of a fact when the tool that made it true
    last stands before the one that needs it. Conflicts are never used by a call that went through.

    Args:
        graph: The graph.
        dialogues: Records; those of other worlds are passed over.
    """
    tools: collections.Counter[str] = collections.Counter()
    uses: collections.Counter[_Use] = collections.Counter()
    for dialogue in dialogues:
        if dialogue.domain == graph.spec.name:
            worked = [call for call in dialogue.calls if call.error is None]
            tools.update(call.name for call in worked)
            uses.update(_values(graph.spec, dialogue.calls))
            uses.update(_facts(graph, worked))
    counted = {edge: uses[use] for edge in graph.edges() if (use := _use_of(edge)) in uses}
    return EdgeUse(dict(tools), counted)


class _Use(NamedTuple):
    """What two calls have to do with each other: the paths of the value, or the fact."""

    source: str
    target: str
    fact: str
    output: tuple[str, ...] = ()
    argument: tuple[str, ...] = ()


def _use_of(edge: Edge) -> _Use:
    fact = edge.via if edge.relation in ("fact", "policy") else ""
    return _Use(edge.source, edge.target, fact, edge.output, edge.argument)


def _path(fields: Mapping[str, Field], pointer: str) -> tuple[str, ...]:
    """Return a JSON pointer as a path of the contract, in which ``*`` stands for every item."""
    found: Field | None = Field(object=dict(fields))
    path = []
    for part in parts_of(pointer):
        path.append("*" if found is not None and found.array is not None else part)
        found = None if found is None else field_at(found, [part])
    return tuple(path)


def _values(spec: DomainSpec, calls: Sequence[CallRecord]) -> Iterator[_Use]:
    for call in calls:
        for pointer, source in call.sources.items() if call.error is None else ():
            for each in inputs_of(source):
                if isinstance(each, Output):
                    source_tool = spec.tools[calls[each.step].name]
                    taken = {name: parameter.field for name, parameter in spec.tools[call.name].parameters.items()}
                    given = _path(source_tool.returns, each.pointer)
                    yield _Use(source_tool.name, call.name, "", given, _path(taken, pointer))


def _facts(graph: ApiGraph, calls: Sequence[CallRecord]) -> Iterator[_Use]:
    spec = graph.spec
    set_by: dict[tuple[str, Json], str] = {}
    for call in calls:
        tool = spec.tools[call.name]
        for name in (*graph.always(call.name), *graph.demanded(call.name)):
            setter = next((set_by[name, e] for e in _entities(spec, name, call) if (name, e) in set_by), None)
            if setter is not None:
                yield _Use(setter, call.name, name)
        for name in (*tool.sets, *tool.clears):
            for entity in _entities(spec, name, call):
                if name in tool.sets:
                    set_by[name, entity] = call.name
                else:
                    set_by.pop((name, entity), None)


def _entities(spec: DomainSpec, fact: str, call: CallRecord) -> list[Json]:
    """Return what a call may set, end or need a fact of; None alone for a fact of the whole state."""
    kind = spec.facts[fact].about
    if kind is None:
        return [None]
    parameter = spec.tools[call.name].about(kind)
    return [call.arguments.get(parameter)] if parameter is not None else list(scalars(call.result))
