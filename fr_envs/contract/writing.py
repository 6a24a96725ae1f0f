"""Contracts out: a ``DomainSpec`` as the YAML that a person corrects and ``funreason spec check`` accepts."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import yaml
from typing_extensions import override

from fr_envs.contract.aliases import aliases_data
from fr_envs.contract.parts import violation_text

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec, Field, Flow, Kind, Parameter, ToolSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["contract_data", "contract_text"]


def contract_data(spec: DomainSpec) -> JsonObject:
    """Return a contract as plain data; ``fr_envs.contract.loading.spec_from_dict`` makes the same contract of it."""
    return {
        "name": spec.name,
        "id": spec.id,
        "version": spec.version,
        "summary": spec.summary,
        "policy": spec.policy,
        "kinds": {name: _kind(kind) for name, kind in spec.kinds.items()},
        "facts": {name: _given(fact, "name") for name, fact in spec.facts.items()},
        "tools": {name: _tool(tool, spec) for name, tool in spec.tools.items()},
        **({"flows": [_flow(flow) for flow in spec.flows]} if spec.flows else {}),
        **({"aliases": aliases} if (aliases := aliases_data(spec.aliases)) else {}),
    }


def contract_text(spec: DomainSpec) -> str:
    """Return a contract as YAML text, in the order of the contract."""
    return yaml.dump(
        contract_data(spec), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False
    )


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the C one where there is one
    """Writes each value out, where the plain one refers back to values that it has seen."""

    @override
    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Part(NamedTuple):
    """A part of a struct: its name, what it is when not given, and whether it must be given."""

    name: str
    plain: Any
    required: bool


@functools.cache
def _parts(kind: type[msgspec.Struct]) -> tuple[_Part, ...]:
    found = []
    for part in msgspec.structs.fields(kind):
        plain = part.default if part.default is not msgspec.NODEFAULT else None
        if part.default_factory is not msgspec.NODEFAULT:
            plain = part.default_factory()
        found.append(_Part(part.name, plain, part.required))
    return tuple(found)


def _given(value: msgspec.Struct, *without: str) -> JsonObject:
    """Return the parts of a struct that differ from what they are when not given, as plain data."""
    return {
        part.name: _listed(given)
        for part in _parts(type(value))
        if part.name not in without and ((given := getattr(value, part.name)) != part.plain or part.required)
    }


def _listed(value: Json) -> Json:
    """Return plain data: tuples as lists."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return {name: _listed(part) for name, part in value.items()} if isinstance(value, dict) else value


def _kind(kind: Kind) -> JsonObject:
    data = _given(kind, "name", "references")
    if kind.references:
        data["references"] = [_given(reference) for reference in kind.references]
    return data


def _field(field: Field) -> JsonObject:
    data = _given(field, "array", "object")
    if field.array is not None:
        data = {"array": _field(field.array), **data}
    if field.object is not None:
        data = {"object": {name: _field(member) for name, member in field.object.items()}, **data}
    return data


def _flow(flow: Flow) -> JsonObject:
    given, taken = (list(roles) if len(roles) > 1 else roles[0] for roles in (flow.given, flow.taken))
    return {"from": given, "to": taken, "because": flow.because}


def _parameter(parameter: Parameter) -> JsonObject:
    data = _field(parameter.field)
    if not parameter.required:
        data["default"] = parameter.default
    if parameter.clause is not None:
        data["clause"] = parameter.clause
    for value, words in parameter.further.items():
        data["clause"] = {**data["clause"], value: [data["clause"][value], *words]}
    return data


def _tool(tool: ToolSpec, spec: DomainSpec) -> JsonObject:
    data: JsonObject = {
        "description": tool.description,
        "parameters": {name: _parameter(p) for name, p in tool.parameters.items()},
        "returns": {name: _field(field) for name, field in tool.returns.items()},
        "effect": tool.effect,
    }
    rest: Json = _given(tool, "name", "description", "parameters", "returns", "effect", "errors")
    violations = {spec.facts[name].violation: violation_text(spec.facts[name].description) for name in tool.needs}
    errors = {code: text for code, text in tool.errors.items() if violations.get(code) != text}
    return {**data, **rest, **({"errors": errors} if errors else {})}
