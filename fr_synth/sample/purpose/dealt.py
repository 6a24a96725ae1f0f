"""What calls are about: the things that they take, show and bring about, in worlds of which only a contract is known.

A thing is what tools give identifiers to; and what several tools have to be told the name of and results tell again: a
dog that is fed, walked and collected is the same dog, though nothing but its name says so.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.adapters.words.grammar.vocabulary import is_time
from fr_envs.contract.spec import leaves
from fr_synth.language.told.things import rows_in
from fr_synth.trace.dataflow.provenance import Said, harvest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import Field
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Listed", "Thing", "listed", "made", "own_member", "said", "taken", "thing_kinds", "things", "told_of"]

Thing: TypeAlias = "tuple[str, Json]"
"""A kind, and a value of it that stands for one thing."""

Listed: TypeAlias = "tuple[list[JsonObject], JsonObject]"
"""The rows of a list, and the one that is a thing."""

_SEVERAL = 2  # tools that have to be told a name before it counts as that of a thing


@functools.lru_cache(maxsize=256)
def thing_kinds(graph: ApiGraph) -> frozenset[str]:
    """Return the kinds whose values stand for things.

    Args:
        graph: The graph of the world.
    """
    spec = graph.spec
    given = {leaf.kind for tool in spec.tools.values() for leaf in leaves(tool.returns)}
    found = set[str]()
    for name, kind in spec.kinds.items():
        takers = [
            tool.name for tool in spec.tools.values()
            if any(p.required and p.field.kind == name for p in tool.parameters.values())
        ]  # fmt: skip
        plain = kind.schema.get("type") == "string" and "enum" not in kind.schema and not is_time(spaced(name).lower())
        named = plain and kind.format == "plain" and len(takers) >= _SEVERAL and name in given
        if kind.origin == "issued" or is_identifier(name) or named:
            found.add(name)
    return frozenset(found)


def taken(graph: ApiGraph, step: ExecutedCall) -> set[Thing]:
    """Return the things that a call takes.

    Args:
        graph: The graph of the world.
        step: The call.
    """
    parameters = graph.spec.tools[step.call.name].parameters
    fields = {name: parameter.field for name, parameter in parameters.items()}
    return set(_things_in(graph, fields, step.call.arguments))


def things(graph: ApiGraph, step: ExecutedCall) -> set[Thing]:
    """Return the things that a call takes or gives.

    Args:
        graph: The graph of the world.
        step: The call.
    """
    return taken(graph, step) | set(_things_in(graph, graph.spec.tools[step.call.name].returns, step.result))


def _things_in(graph: ApiGraph, fields: Mapping[str, Field], value: JsonObject) -> Iterator[Thing]:
    known = thing_kinds(graph)
    for each in harvest(fields, value):
        if each.kind in known and isinstance(each.value, str | int):
            yield each.kind, each.value


def made(graph: ApiGraph, steps: Sequence[ExecutedCall]) -> set[Thing]:
    """Return the things that requests have brought about: what no call before them took or showed.

    Args:
        graph: The graph of the world.
        steps: The calls, in order.
    """
    found, seen = set[Thing](), set[Thing]()
    for step in steps:
        tool = graph.spec.tools[step.call.name]
        own = own_member(graph, tool.returns)
        thing = (tool.returns[own].kind or own, step.result.get(own)) if own else None
        named = thing is not None and isinstance(thing[1], str | int)  # what a server gives is not always what it said
        if thing is not None and named and step.user_requested and tool.effect == "write":
            found |= {thing} - seen - taken(graph, step)
        seen |= things(graph, step)
    return found


def said(step: ExecutedCall) -> set[tuple[str, str]]:
    """Return what the person says of a request in words of their own, each with the argument that it is for.

    Args:
        step: The request.
    """
    return {(pointer, source.text) for pointer, source in step.sources.items() if isinstance(source, Said)}


def listed(graph: ApiGraph, step: ExecutedCall, thing: Thing) -> Listed | None:
    """Return the rows of the list in a result and the one that is a thing; None where none is, or several are.

    Args:
        graph: The graph of the world.
        step: The call.
        thing: The thing.
    """
    kind, value = thing
    for name, field in graph.spec.tools[step.call.name].returns.items():
        inner = field.array.object if field.array is not None else None
        rows = list(_rows(step.result.get(name)))
        own = own_member(graph, inner or {})
        if inner is None or not own or inner[own].kind != kind:
            continue
        found = [row for row in rows if row.get(own) == value]
        if len(found) == 1:
            return rows, found[0]
    return None


def told_of(graph: ApiGraph, steps: Sequence[ExecutedCall], thing: Thing) -> JsonObject:
    """Return what was told of a thing, each member as it was told last; empty where nothing was.

    Args:
        graph: The graph of the world.
        steps: The calls, in order.
        thing: The thing.
    """
    found: JsonObject = {}
    for step in steps:
        for fields, row in rows_in(graph.spec.tools[step.call.name].returns, step.result):
            own = own_member(graph, fields)
            if own and (fields[own].kind, row.get(own)) == thing:
                found = {**found, **row}
    return found


def _rows(value: Json) -> Iterator[JsonObject]:
    return (row for row in value if isinstance(row, dict)) if isinstance(value, list) else iter(())


def own_member(graph: ApiGraph, fields: Mapping[str, Field]) -> str:
    """Return the member of an object that says which thing it is: the first that stands for one; empty for none.

    Args:
        graph: The graph of the world.
        fields: The members of the object.
    """
    known = thing_kinds(graph)
    return next((name for name, field in fields.items() if field.kind in known), "")
