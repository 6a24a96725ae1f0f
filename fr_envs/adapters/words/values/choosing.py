"""Ways that a description lists and an argument chooses among: "by SMS or e-mail" is said as the one that is taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec, Parameter, ToolSpec

__all__ = ["chosen_of"]

_WAYS = re.compile(r" (by|in|on|over|through|via|with) ((?:[\w-]+, )*[\w-]+),? or ([\w-]+)\b")


def chosen_of(tool: ToolSpec, spec: DomainSpec, phrase: str) -> tuple[ToolSpec, str]:
    """Return a tool and its phrase in which the ways that an argument chooses among are told by the argument.

    An argument that may be left out is said as the way that it takes, or not at all; any other has its place there.

    Args:
        tool: The tool.
        spec: The contract.
        phrase: What the tool does, behind its verb.
    """
    for match in _WAYS.finditer(phrase):
        told = [*match[2].split(", "), match[3]]
        spoken = {_bare(way): way for way in told}
        for parameter in tool.parameters.values():
            values = field_schema(spec, parameter.field).get("enum") if _is_plain(parameter) else None
            if not isinstance(values, list) or {_bare(str(value)) for value in values} != spoken.keys():
                continue
            place = f" {match[1]} {{{parameter.name}}}" if parameter.required else ""
            text = f"{phrase[: match.start()]}{place}{phrase[match.end() :]}"
            if not parameter.required and not parameter.clause:
                said = {str(value): f"{match[1]} {spoken[_bare(str(value))]}" for value in values}
                parameter = msgspec.structs.replace(parameter, clause=said)
            parameters = {**tool.parameters, parameter.name: parameter}
            return msgspec.structs.replace(tool, parameters=parameters), text
    return tool, phrase


def _is_plain(parameter: Parameter) -> bool:
    return parameter.field.array is None and parameter.field.object is None


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
