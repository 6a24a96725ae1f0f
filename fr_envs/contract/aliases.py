"""Other names and words for what a contract calls by one: what a view may put in their place."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import msgspec

from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import JsonObject

__all__ = ["Aliases", "alias_faults", "aliases_data", "aliases_of", "united"]


class Aliases(msgspec.Struct, frozen=True):
    """Other names for tools and parameters, and other descriptions of tools; all of them mean the same.

    Attributes:
        tools: By tool, names that it could have as well. No two tools share one, and none is the name of a tool.
        parameters: By parameter, or ``tool.parameter`` where it means something of its own there, other names for it.
        descriptions: By tool, descriptions that say the same in other words.
    """

    tools: dict[str, tuple[str, ...]] = {}
    parameters: dict[str, tuple[str, ...]] = {}
    descriptions: dict[str, tuple[str, ...]] = {}

    def of_parameter(self, tool: str, parameter: str) -> tuple[str, ...]:
        """Return the other names of a parameter; what is said of it in this tool goes before what is said of all."""
        return self.parameters.get(f"{tool}.{parameter}", self.parameters.get(parameter, ()))


def aliases_of(body: JsonObject) -> Aliases:
    """Return the aliases of a well-formed contract."""
    return Aliases(**{part: {name: tuple(words) for name, words in given.items()} for part, given in body.items()})


def aliases_data(aliases: Aliases) -> JsonObject:
    """Return aliases as plain data, parts without any left out."""
    parts: JsonObject = {name: getattr(aliases, name) for name in aliases.__struct_fields__}
    return {name: {key: list(words) for key, words in part.items()} for name, part in parts.items() if part}


Fault = tuple[str, str, str]
"""Where it is, what is wrong, and how it is mended."""


def alias_faults(aliases: Aliases, tools: Mapping[str, ToolSpec]) -> Iterator[Fault]:
    """Iterate over what is wrong with aliases: of something that is not there, or such that two things share a name."""
    yield from _of_tools(aliases, tools)
    yield from _unknown_parameters(aliases, tools)
    for tool in tools.values():
        yield from _of_parameters(aliases, tool)


def _of_tools(aliases: Aliases, tools: Mapping[str, ToolSpec]) -> Iterator[Fault]:
    taken = {name: name for name in tools}
    for part in ("tools", "descriptions"):
        for name in getattr(aliases, part):
            if name not in tools:
                yield f"/aliases/{part}/{escape(name)}", f"no tool {name!r}", "name one of the contract's"
    for name, others in aliases.tools.items():
        for position, other in enumerate(others):
            if other in taken:
                at = f"/aliases/tools/{escape(name)}/{position}"
                yield at, f"{other!r} is a name of {taken[other]!r} already", "take another one"
            taken.setdefault(other, name)


def _unknown_parameters(aliases: Aliases, tools: Mapping[str, ToolSpec]) -> Iterator[Fault]:
    known = {name for tool in tools.values() for name in tool.parameters}
    known |= {f"{tool.name}.{name}" for tool in tools.values() for name in tool.parameters}
    for name in aliases.parameters:
        if name not in known:
            at = f"/aliases/parameters/{escape(name)}"
            yield at, f"no parameter {name!r}", "name one as it stands, or as tool.parameter"


def _of_parameters(aliases: Aliases, tool: ToolSpec) -> Iterator[Fault]:
    taken = {name: name for name in tool.parameters}
    for name in tool.parameters:
        key = f"{tool.name}.{name}" if f"{tool.name}.{name}" in aliases.parameters else name
        for position, other in enumerate(aliases.of_parameter(tool.name, name)):
            if other in taken:
                at = f"/aliases/parameters/{escape(key)}/{position}"
                problem = f"{other!r} is a name of {taken[other]!r} in {tool.name!r} already"
                yield at, problem, f"take another one, or say {tool.name}.{name} by itself"
            taken.setdefault(other, name)


def united(specs: Iterable[DomainSpec], renamed: Iterable[Mapping[str, str]]) -> Aliases:
    """Return the aliases of several worlds in one; a name that two tools would share is left out.

    Args:
        specs: The contracts.
        renamed: For each, the tools that have another name in the composition.
    """
    tools: dict[str, tuple[str, ...]] = {}
    parameters: dict[str, tuple[str, ...]] = {}
    descriptions: dict[str, tuple[str, ...]] = {}
    for spec, names in zip(specs, renamed, strict=True):
        for tool in spec.tools.values():
            own = names.get(tool.name, tool.name)
            tools[own] = spec.aliases.tools.get(tool.name, ())
            descriptions[own] = spec.aliases.descriptions.get(tool.name, ())
            parameters |= {f"{own}.{name}": spec.aliases.of_parameter(tool.name, name) for name in tool.parameters}
    counted = collections.Counter([*tools, *(alias for aliases in tools.values() for alias in aliases)])
    alone = {name: tuple(each for each in aliases if counted[each] == 1) for name, aliases in tools.items()}
    return Aliases(
        *({key: words for key, words in part.items() if words} for part in (alone, parameters, descriptions))
    )
