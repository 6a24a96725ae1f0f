"""What simulated tools take and give: identifiers as kinds, and results where the owner says nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.adapters.inference.values import offered
from fr_envs.adapters.simulated.plan import snake
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.values.plausible import plausible_texts
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.adapters.simulated.plan import Part, Thing
    from fr_envs.contract.spec import DomainSpec, Kind, ToolSpec
    from fr_envs.json_values import JsonObject

__all__ = ["completed", "identifier_schema"]


def identifier_schema(spec: DomainSpec, parts: Mapping[str, Part], thing: Thing) -> JsonObject:
    """Return the schema of a thing's identifier: a whole number where a tool takes one, else a text.

    Args:
        spec: The contract as the list gives it.
        parts: What each tool does.
        thing: The thing.
    """
    for name, part in parts.items():
        if part.thing == thing.name and part.identifier:
            schema = field_schema(spec, spec.tools[name].parameters[part.identifier].field)
            return {"type": "integer"} if schema.get("type") == "integer" else {"type": "string"}
    return {"type": "string"}


def completed(tool: ToolSpec, part: Part, things: Mapping[str, Thing], kinds: Mapping[str, Kind]) -> ToolSpec:
    """Return a tool with kinds, examples, errors, and a result where its owner says nothing of that.

    Args:
        tool: The tool as the list gives it.
        part: What it does.
        things: The things that the tools deal with.
        kinds: Kinds of the contract.
    """
    own = things[part.thing].kind if part.thing else ""
    parameters = {}
    for name, parameter in tool.parameters.items():
        kind = own if name == part.identifier else snake(name) if snake(name) in kinds and is_identifier(name) else ""
        field = (
            Field(kind=kind, description=parameter.field.description)
            if kind
            else _with_values(name, parameter, tool, part)
        )
        parameters[name] = msgspec.structs.replace(parameter, field=field)
    effect = "read" if part.role in {"get", "list", "answer"} else "write"
    errors = {"not_found": f"There is no such {spaced(part.thing)}."} if part.identifier else {}
    if tool.returns.keys() == {"result"} and tool.returns["result"].schema == {}:
        returns = _made_up(tool, part, things, kinds)
    else:
        returns = {name: _known(name, field, own, kinds) for name, field in tool.returns.items()}
    return msgspec.structs.replace(
        tool, parameters=parameters, returns=returns, effect="read" if part.role == "answer" else effect,
        errors={**tool.errors, **errors},
    )  # fmt: skip


def _with_values(name: str, parameter: Any, tool: ToolSpec, part: Part) -> Field:  # noqa: ANN401 - see below
    field: Field = parameter.field
    schema = field.schema
    if (
        schema is None
        or schema.get("type", "string") != "string"
        or {"enum", "examples", "format", "pattern"} & schema.keys()
    ):
        return field
    quoted = [text for text in offered(field.description, "string") if isinstance(text, str) and f"'{text}'" in
              field.description]  # fmt: skip
    texts = tuple(quoted) if len(quoted) > 1 else plausible_texts(name, part.thing or noun(tool.name))
    return msgspec.structs.replace(field, schema={**schema, "examples": list(texts)}) if texts else field


def _known(name: str, field: Field, own: str, kinds: Mapping[str, Kind]) -> Field:
    """Return a declared result with the kinds of the identifiers in it."""
    if field.array is not None:
        return msgspec.structs.replace(field, array=_known(name, field.array, own, kinds))
    if field.object is not None:
        members = {key: _known(key, part, own, kinds) for key, part in field.object.items()}
        return msgspec.structs.replace(field, object=members)
    kind = own if name == "id" and own else snake(name) if snake(name) in kinds else ""
    field = msgspec.structs.replace(field, optional=False)  # rows that are made up are whole
    return msgspec.structs.replace(field, kind=kind, schema=None) if kind else field


_DOES = frozenset({
    "approve", "block", "cancel", "close", "delete", "disable", "enable", "freeze", "lock", "move", "notify", "pause",
    "redirect", "release", "remove", "reset", "resume", "schedule", "send", "ship", "start", "stop", "transfer",
    "unlock", "update",
})  # fmt: skip
"""Verbs of tools that do something, and tell nothing."""
_FIGURES = frozenset({"amount", "balance", "cost", "distance", "duration", "fee", "price", "quote", "rate", "total"})
_RECKONS = frozenset({"add", "calculate", "compute", "convert", "count", "divide", "estimate", "multiply", "sum"})


def _made_up(tool: ToolSpec, part: Part, things: Mapping[str, Thing], kinds: Mapping[str, Kind]) -> dict[str, Field]:
    """Return the result of a tool of which its owner does not say what it gives."""
    if not part.thing:
        if spaced(tool.name).lower().split()[0] in _RECKONS:
            return {"result": Field(schema={"type": "number"})}
        if spaced(tool.name).lower().split()[0] in _DOES:
            return {}  # what it has done to what it knows nothing of, nobody can tell
        last = spaced(noun(tool.name)).split()[-1].lower()
        return {last: Field(schema={"type": "number" if last in _FIGURES else "string"})}
    thing = things[part.thing]
    row = {thing.identifier: Field(kind=thing.kind)}
    for name, field in thing.members.items():
        schema = (field.schema if field is not None else None) or {"type": "string"}
        bare = {key: value for key, value in schema.items() if key in {"type", "enum", "format"}}
        row[name] = Field(kind=snake(name)) if snake(name) in kinds else Field(schema=bare or {"type": "string"})
    if part.role == "create":  # what other tools add to it comes later
        later = {name for name in row if name != thing.identifier and name != "status" and name not in tool.parameters}
        row = {name: field for name, field in row.items() if name not in later or name in kinds}
    if part.role == "list":
        return {f"{thing.name}s": Field(array=Field(object=row))}
    return {thing.identifier: Field(kind=thing.kind)} if part.role == "delete" else row
