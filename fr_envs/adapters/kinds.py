"""Kinds that were found by playing, set right by their words: strays, echoes, and identifiers called alike."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from fr_envs.adapters.inference.values import words
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, phrase_of, spaced
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import Kind, leaves
from fr_envs.graph.api_graph import ApiGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fr_envs.adapters.inference.dataflow import DataEdge
    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.json_values import JsonObject

__all__ = ["settled"]


def settled(spec: DomainSpec, data: Sequence[DataEdge]) -> DomainSpec:
    """Return a contract whose kinds are those that people would tell apart.

    Args:
        spec: The contract as the inference wrote it.
        data: The flows of values that it rests on.
    """
    return _with_issued(_plain(_alike(_with_things(_untangled(spec, data)))))


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


def _plain(spec: DomainSpec) -> DomainSpec:
    """Take the kind from numbers and times: that two are equal is chance or an echo, and nobody points at them."""
    loose = {
        name: kind for name, kind in spec.kinds.items()
        if not is_identifier(name) and kind.origin == "named"
        and (kind.schema.get("type") in ("number", "integer") or kind.schema.get("format") in _TIMES)
    }  # fmt: skip

    def bare(field: Field, _: str) -> Field:
        kind = loose.get(field.kind or "")
        return field if kind is None else msgspec.structs.replace(field, kind=None, schema=kind.schema)

    spec = _changed(spec, bare)
    return msgspec.structs.replace(spec, kinds={name: k for name, k in spec.kinds.items() if name not in loose})


_TIMES = frozenset({"date", "date-time", "time"})


def _alike(spec: DomainSpec) -> DomainSpec:
    """Give identifiers the kind that is called as they are: ``book_id`` is the same thing for every tool.

    A bare ``id`` in what a tool gives whose name speaks of books is one as well, if some tool takes it.
    """
    known = {n: kind for n, kind in spec.kinds.items() if is_identifier(n) and len(spaced(n).split()) > 1}
    for tool in spec.tools.values():
        for name, parameter in tool.parameters.items():
            plain = parameter.field.schema is not None and parameter.field.schema.get("type") in ("string", "integer")
            own = _in_one(name)
            if plain and spaced(name).endswith(" id") and own not in known and _is_given(spec, name):
                known[own] = Kind(own, dict(parameter.field.schema or {}), "named", f"{name} of {tool.name}.")

    def same(field: Field, name: str) -> Field:
        kind = known.get(_in_one(name))
        if kind is None or field.schema is None or field.schema.get("type") != kind.schema.get("type"):
            return field
        return msgspec.structs.replace(field, kind=kind.name, schema=None)

    tools = {tool.name: _with_own_id(tool, known) for tool in spec.tools.values()}
    spec = _changed(msgspec.structs.replace(spec, tools=tools), same)
    used = {leaf.kind for tool in spec.tools.values() for leaf in leaves(tool.returns)}
    kinds = {**{name: kind for name, kind in known.items() if name in used}, **spec.kinds}
    return msgspec.structs.replace(spec, kinds=dict(sorted(kinds.items())))


def _in_one(name: str) -> str:
    """Return a name as that of a kind: ``bookId`` is ``book_id``."""
    return spaced(name).lower().replace(" ", "_")


def _with_things(spec: DomainSpec) -> DomainSpec:
    """Give a bare ``id`` the kind of the thing that its tool speaks of, or of the only thing that any list shows.

    ``finish_job(id)`` takes what ``list_jobs`` gives.
    """
    listed = {
        own: member for tool in spec.tools.values() if tool.effect == "read" and not _required(tool)
        for own in [_own_id(tool)] if own for member in [_bare_id(spec, tool)] if member is not None
    }  # fmt: skip

    def thing(tool: ToolSpec) -> str:
        if len(listed) == 1:
            return next(iter(listed))
        spoken = words(f"{spaced(tool.name)} {tool.description}")
        found = [own for own in listed if words(noun(own)) <= spoken]
        return found[0] if len(found) == 1 else ""

    tools = {}
    for tool in spec.tools.values():
        own = thing(tool)
        taken = tool.parameters.get("id")
        if not own or taken is None or _schema_of(spec, taken.field).get("type") != listed[own].get("type"):
            tools[tool.name] = tool
            continue
        parameters = {
            name: msgspec.structs.replace(p, field=msgspec.structs.replace(p.field, kind=own, schema=None))
            if name == "id"
            else p
            for name, p in tool.parameters.items()
        }
        tools[tool.name] = msgspec.structs.replace(tool, parameters=parameters)
    taken_kinds = {p.field.kind for tool in tools.values() for p in tool.parameters.values()}
    if not taken_kinds & listed.keys():
        return spec

    def same(own: str) -> _Change:
        def change(field: Field, name: str) -> Field:
            fits = name == "id" and _schema_of(spec, field).get("type") == listed[own].get("type")
            return msgspec.structs.replace(field, kind=own, schema=None) if fits else field

        return change

    given = {
        name: msgspec.structs.replace(tool, returns=_fields(tool.returns, same(own)))
        if (own := thing(tool)) in taken_kinds
        else tool
        for name, tool in tools.items()
    }
    kinds = {
        own: Kind(own, dict(schema), "named", f"Which {noun(own)} is meant.")
        for own, schema in listed.items()
        if own in taken_kinds
    }
    used = {leaf.kind for tool in given.values() for leaf in leaves(tool.returns)} | {
        (p.field.array or p.field).kind for tool in given.values() for p in tool.parameters.values()
    }
    kept = {name: kind for name, kind in spec.kinds.items() if name != "id" or name in used}
    return msgspec.structs.replace(spec, kinds=dict(sorted({**kept, **kinds}.items())), tools=given)


def _required(tool: ToolSpec) -> bool:
    return any(p.required for p in tool.parameters.values())


def _schema_of(spec: DomainSpec, field: Field) -> JsonObject:
    return field_schema(spec, field) if field.array is None and field.object is None else {}


def _bare_id(spec: DomainSpec, tool: ToolSpec) -> JsonObject | None:
    """Return the schema of the ``id`` in the rows that a tool lists; None where it has none of its own."""
    for field in tool.returns.values():
        row = field.array.object if field.array is not None else None
        if row is not None and "id" in row and row["id"].kind in (None, "id"):
            return _schema_of(spec, row["id"])
    return None


def _is_given(spec: DomainSpec, name: str) -> bool:
    """Return True if some result has an identifier: under its name, or as the bare one of what its tool speaks of."""
    return any(_own_id(tool) == name or any(leaf.path[-1] == name for leaf in leaves(tool.returns))
               for tool in spec.tools.values())  # fmt: skip


def _own_id(tool: ToolSpec) -> str:
    """Return what the bare ``id`` in a tool's results is called elsewhere: ``ticket_id`` for ``list_tickets``."""
    about = re.sub(r"s$", "", phrase_of(tool.name, "").rest.split(" by ")[0].split(" ")[-1].lower())
    return f"{about}_id" if about and any(leaf.path[-1] == "id" for leaf in leaves(tool.returns)) else ""


def _with_own_id(tool: ToolSpec, known: Mapping[str, Kind]) -> ToolSpec:
    """Return a tool whose results have their bare ``id`` as the kind that it is."""
    kind = known.get(_own_id(tool))
    if kind is None:
        return tool

    def own(field: Field, name: str) -> Field:
        plain = field.schema is not None and field.schema.get("type") == kind.schema.get("type")
        return msgspec.structs.replace(field, kind=kind.name, schema=None) if name == "id" and plain else field

    return msgspec.structs.replace(tool, returns=_fields(tool.returns, own))


_Change: TypeAlias = "Callable[[Field, str], Field]"


def _changed(spec: DomainSpec, change: _Change) -> DomainSpec:
    """Return a contract with each plain field as ``change`` makes it, given its name."""
    tools = {
        tool.name: msgspec.structs.replace(
            tool,
            parameters={
                name: msgspec.structs.replace(p, field=_field(p.field, name, change))
                for name, p in tool.parameters.items()
            },
            returns=_fields(tool.returns, change),
        )
        for tool in spec.tools.values()
    }
    return msgspec.structs.replace(spec, tools=tools)


def _fields(fields: Mapping[str, Field], change: _Change) -> dict[str, Field]:
    return {name: _field(field, name, change) for name, field in fields.items()}


def _field(field: Field, name: str, change: _Change) -> Field:
    if field.array is not None:
        return msgspec.structs.replace(field, array=_field(field.array, name, change))
    if field.object is not None:
        return msgspec.structs.replace(field, object=_fields(field.object, change))
    return change(field, name)


def _is_listed(spec: DomainSpec, kind: str) -> bool:
    """Return True if some tool that needs nothing shows values of a kind."""
    return any(
        leaf.kind == kind
        for tool in spec.tools.values()
        if tool.effect == "read" and not _required(tool)
        for leaf in leaves(tool.returns)
    )


def _with_issued(spec: DomainSpec) -> DomainSpec:
    """Take identifiers for issued where all tools stay within reach: people do not know them by heart."""
    for name in spec.kinds:
        if not is_identifier(name) or (spec.kinds[name].schema.get("examples") and not _is_listed(spec, name)):
            continue  # of what nothing lists, and its owner gives an example, people have it in writing
        kinds = {**spec.kinds, name: msgspec.structs.replace(spec.kinds[name], origin="issued")}
        changed = msgspec.structs.replace(spec, kinds=kinds)
        before, after = ApiGraph(spec).costs().tool, ApiGraph(changed).costs().tool
        if not any(math.isinf(after[tool]) and not math.isinf(before[tool]) for tool in spec.tools):
            spec = changed
    return spec
