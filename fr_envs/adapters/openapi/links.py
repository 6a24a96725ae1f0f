"""Links of an OpenAPI document as kinds: what one answer gives and another operation takes means the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.adapters.fields import unique_name
from fr_envs.contract.spec import Kind, field_at
from fr_envs.json_values import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.adapters.foreign import Imported
    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec

__all__ = ["Link", "with_links"]

_EXPRESSION = re.compile(
    r"\$(?:(response)\.body#(/.*)|(request)\.(?:path|query|header)\.(.+)|(request)\.body#/([^/]+))"
)


class Link(NamedTuple):
    """One value that a link hands on.

    Attributes:
        source: Owner's name of the tool whose answer has the link.
        expression: Where the value is found, such as ``$response.body#/id``.
        target: Owner's name of the tool that takes it.
        parameter: Owner's name of the parameter there.
    """

    source: str
    expression: str
    target: str
    parameter: str


class _Place(NamedTuple):
    """A parameter, or a place in a result.

    Attributes:
        tool: The tool.
        given: Whether it is a parameter.
        path: Our name of the parameter, or the members on the way into the result.
    """

    tool: str
    given: bool
    path: tuple[str, ...]


def with_links(imported: Imported, links: Iterable[Link]) -> DomainSpec:
    """Return a contract in which the values that links hand on have kinds, which makes edges of its graph.

    Links that lead nowhere, or to and from what is no plain value, are left out: they are advice, and no tool needs
    them.
    """
    groups: list[list[_Place]] = []
    for link in links:
        places = [place for place in (_source(imported, link), _target(imported, link)) if place is not None]
        if len(places) == 2 and all(_at(imported.spec, place) is not None for place in places):
            alike = [group for group in groups if set(group) & set(places)]
            merged = list(dict.fromkeys([*(place for group in alike for place in group), *places]))
            groups = [*(group for group in groups if group not in alike), merged]
    spec = imported.spec
    for group in groups:
        spec = _named(spec, group)
    return spec


def _ours(imported: Imported, owned: str) -> str | None:
    return next((name for name, names in imported.names.items() if names.tool == owned), None)


def _argument(imported: Imported, tool: str, owned: str) -> _Place | None:
    arguments = imported.names[tool].arguments
    name = next((ours for ours, theirs in arguments.items() if theirs == owned), None)
    return None if name is None else _Place(tool, True, (name,))


def _source(imported: Imported, link: Link) -> _Place | None:
    tool, found = _ours(imported, link.source), _EXPRESSION.fullmatch(link.expression)
    if tool is None or found is None:
        return None
    if found[1] is None:
        return _argument(imported, tool, found[4] or found[6])
    path = tuple("*" if part.isdecimal() else part for part in parts_of(found[2]))
    members = imported.names[tool].members
    return _Place(tool, False, path if members else ("result", *path))


def _target(imported: Imported, link: Link) -> _Place | None:
    tool = _ours(imported, link.target)
    if tool is None:
        return None
    bare = re.sub(r"^(path|query|header|cookie)\.", "", link.parameter)
    return _argument(imported, tool, link.parameter) or _argument(imported, tool, bare)


def _at(spec: DomainSpec, place: _Place) -> Field | None:
    """Return the field of a plain value at a place, None where there is none."""
    tool = spec.tools[place.tool]
    first, *rest = place.path
    if place.given:
        return _plain(tool.parameters[first].field)
    return _plain(field_at(tool.returns[first], rest)) if first in tool.returns else None


def _plain(field: Field | None) -> Field | None:
    return None if field is None or field.array is not None or field.object is not None else field


def _named(spec: DomainSpec, group: Sequence[_Place]) -> DomainSpec:
    """Return a contract in which some places are of one kind, named after the first parameter among them."""
    first = next(place for place in group if place.given)
    field = _at(spec, first)
    own = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", first.path[0]).lower()).strip("_")
    name = unique_name(own if own[:1].isalpha() else f"v_{own}", spec.kinds)
    schema = (field.schema if field is not None else None) or {}
    text = field.description if field is not None and field.description else f"{name} of {first.tool}."
    kinds = {**spec.kinds, name: Kind(name, schema, "named", text)}
    tools = dict(spec.tools)
    for place in group:
        tools[place.tool] = _marked(tools[place.tool], place, name)
    return msgspec.structs.replace(spec, kinds=dict(sorted(kinds.items())), tools=tools)


def _marked(tool: ToolSpec, place: _Place, kind: str) -> ToolSpec:
    first, *rest = place.path
    if place.given:
        parameter = tool.parameters[first]
        marked = msgspec.structs.replace(parameter, field=_with_kind(parameter.field, [], kind))
        return msgspec.structs.replace(tool, parameters={**tool.parameters, first: marked})
    returns = {**tool.returns, first: _with_kind(tool.returns[first], rest, kind)}
    return msgspec.structs.replace(tool, returns=returns)


def _with_kind(field: Field, path: Sequence[str], kind: str) -> Field:
    if not path:
        return msgspec.structs.replace(field, kind=kind, schema=None)
    if field.array is not None:
        return msgspec.structs.replace(field, array=_with_kind(field.array, path[1:], kind))
    members = {**(field.object or {})}
    members[path[0]] = _with_kind(members[path[0]], path[1:], kind)
    return msgspec.structs.replace(field, object=members)
