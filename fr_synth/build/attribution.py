"""Where does each argument of a call come from? Asked of calls that a teacher makes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.contract.spec import field_at
from fr_envs.json_values import leaves_of, member_of, parts_of
from fr_synth.language.verbalise import mentions_value, stands_in, verbalise
from fr_synth.trace.dataflow.provenance import Default, Knowledge, Output, Provenance, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import Parameter
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_envs.world.tool_call import ToolCall

__all__ = ["attribute"]


def attribute(
    domain: Domain[Any], call: ToolCall, knowledge: Knowledge, said: Sequence[str]
) -> tuple[dict[str, Provenance], list[str]]:
    """Find a source for every leaf of a call's arguments.

    Args:
        domain: The world.
        call: A call whose arguments fit its contract.
        knowledge: What outputs have told so far.
        said: The user's messages so far, one a turn.

    Returns:
        The sources by JSON pointer, and the pointers for which there is none.
    """
    tool = domain.spec.tools[call.name]
    sources: dict[str, Provenance] = {}
    invented: list[str] = []
    for pointer, value in leaves_of(call.arguments):
        parameter = tool.parameters[member_of(pointer)]
        source = _source(domain, parameter, pointer, value, (knowledge, said))
        if source is None:
            invented.append(pointer)
        else:
            sources[pointer] = source
    return sources, invented


def _source(
    domain: Domain[Any], parameter: Parameter, pointer: str, value: Json, heard: tuple[Knowledge, Sequence[str]]
) -> Provenance | None:
    knowledge, said = heard
    field = field_at(parameter.field, parts_of(pointer)[1:])
    kind = None if field is None else field.kind
    for known in knowledge.sources(kind or "", value):
        return Output(known.step, known.pointer)
    for turn in range(len(said) - 1, -1, -1):
        spoken = _spoken(domain, kind, value) if mentions_value(said[turn], value) else []
        for text in (*_clauses(parameter, value), *spoken):
            if stands_in(text.lower(), said[turn].lower()):
                return Said(turn, text)
    return Default() if _is_default(parameter, pointer, value) else None


def _is_default(parameter: Parameter, pointer: str, value: Json) -> bool:
    """Return True if a value is what an optional parameter has where nothing is said."""
    default = None if parameter.required else parameter.default
    return default is not None and pointer.count("/") == 1 and bool(default == value)


def _spoken(domain: Domain[Any], kind: str | None, value: Json) -> list[str]:
    """Return ways to say a value that can be heard again as that value."""
    ways = {verbalise(value, domain.spec.kinds.get(kind or "")), verbalise(value), str(value)}
    return sorted((way for way in ways if mentions_value(way, value)), key=len, reverse=True)


def _clauses(parameter: Parameter, value: Json) -> list[str]:
    return list(parameter.said_as(value))
