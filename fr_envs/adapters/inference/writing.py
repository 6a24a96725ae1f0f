"""Contracts to files: DomainSpec -> YAML that ``fr_envs.contracts`` reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from fr_envs.spec import DomainSpec, Field, Kind, Parameter, ToolSpec
    from fr_envs.state import Json, JsonObject

__all__ = ["contract_text"]


def contract_text(spec: DomainSpec) -> str:
    """Return a contract as YAML. Phrases of kinds and tools are left out: inferred contracts have none.

    Raises:
        UsageError: It has no kind, without which it would be no contract.
    """
    if not spec.kinds:
        raise UsageError(f"{spec.name} has no kind; declare one, or give the inference more to walk on")
    data: JsonObject = {
        "name": spec.name, "id": spec.id, "version": spec.version, "summary": spec.summary, "policy": spec.policy,
        "kinds": {name: _kind(kind) for name, kind in spec.kinds.items()},
        "facts": {
            name: {"description": fact.description, "violation": fact.violation} for name, fact in spec.facts.items()
        },
        "tools": {name: _tool(tool) for name, tool in spec.tools.items()},
    }  # fmt: skip
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


def _kind(kind: Kind) -> JsonObject:
    body: JsonObject = {"schema": kind.schema, "origin": kind.origin, "description": kind.description}
    return body | ({"examples": list(kind.examples)} if kind.examples else {})


def _tool(tool: ToolSpec) -> JsonObject:
    body: JsonObject = {
        "description": tool.description,
        "parameters": {name: _parameter(p) for name, p in tool.parameters.items()},
        "returns": {name: _field(field) for name, field in tool.returns.items()},
    }
    body |= {key: list(given) for key in ("needs", "sets", "clears") if (given := getattr(tool, key))}
    return body | {"effect": tool.effect} | ({"errors": dict(tool.errors)} if tool.errors else {})


def _parameter(parameter: Parameter) -> JsonObject:
    body = _field(parameter.field)
    return body if parameter.required else body | {"default": parameter.default}


def _field(field: Field) -> JsonObject:
    body: JsonObject = _shape(field)
    if field.description.strip():
        body["description"] = field.description
    return body | {key: True for key in ("nullable", "optional") if getattr(field, key)}


def _shape(field: Field) -> dict[str, Json]:
    if field.kind is not None:
        return {"kind": field.kind}
    if field.array is not None:
        return {"array": _field(field.array)}
    if field.object is not None:
        return {"object": {name: _field(member) for name, member in field.object.items()}}
    return {"schema": field.schema or {}}
