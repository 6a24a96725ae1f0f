"""Tools as others read them: JSON Schema, OpenAI tools, MCP tools."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import DomainSpec, Field, Parameter
    from fr_envs.json_values import JsonObject

__all__ = ["contract_digest", "json_schemas", "mcp_tools", "openai_tools", "parameters_schema", "returns_schema"]


def contract_digest(spec: DomainSpec) -> str:
    """Return a digest of all that a contract says, wherever it was read from, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(spec, source=""))).hexdigest()


def field_schema(spec: DomainSpec, field: Field) -> JsonObject:
    """Return the JSON Schema of a field, its kind's schema and description written in."""
    description = field.description
    if field.kind is not None:
        kind = spec.kinds[field.kind]
        schema: JsonObject = dict(kind.schema)
        description = description or kind.description
    elif field.array is not None:
        schema = {"type": "array", "items": field_schema(spec, field.array)}
        if field.min_items:
            schema["minItems"] = field.min_items
        if field.max_items is not None:
            schema["maxItems"] = field.max_items
    elif field.object is not None:
        schema = _object_schema(spec, field.object)
    else:
        schema = dict(field.schema or {})
    if field.nullable:
        schema = {"anyOf": [schema, {"type": "null"}]}
    if description:
        schema["description"] = description
    return schema


def _object_schema(spec: DomainSpec, fields: Mapping[str, Field]) -> JsonObject:
    return {
        "type": "object",
        "properties": {name: field_schema(spec, field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if not field.optional],
        "additionalProperties": False,
    }


def _parameter_schema(spec: DomainSpec, parameter: Parameter) -> JsonObject:
    schema = field_schema(spec, parameter.field)
    if not parameter.required and parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def parameters_schema(spec: DomainSpec, tool: str) -> JsonObject:
    """Return the JSON Schema of a tool's arguments object."""
    parameters = spec.tools[tool].parameters
    return {
        "type": "object",
        "properties": {name: _parameter_schema(spec, p) for name, p in parameters.items()},
        "required": [name for name, p in parameters.items() if p.required],
        "additionalProperties": False,
    }


def returns_schema(spec: DomainSpec, tool: str) -> JsonObject:
    """Return the JSON Schema of a tool's result object."""
    return _object_schema(spec, spec.tools[tool].returns)


def openai_tools(spec: DomainSpec) -> list[JsonObject]:
    """Return every tool as an OpenAI chat-completions tool.

    Example:
        >>> import fr_envs
        >>> openai_tools(fr_envs.load_spec("banking"))[0]["type"]
        'function'
    """
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": parameters_schema(spec, tool.name),
            },
        }
        for tool in spec.tools.values()
    ]


def mcp_tools(spec: DomainSpec) -> list[JsonObject]:
    """Return every tool as a Model Context Protocol tool, with input and output schema."""
    return [
        {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": parameters_schema(spec, tool.name),
            "outputSchema": returns_schema(spec, tool.name),
            "annotations": {"readOnlyHint": tool.effect == "read"},
        }
        for tool in spec.tools.values()
    ]


def json_schemas(spec: DomainSpec) -> JsonObject:
    """Return ``{tool: {"parameters": schema, "returns": schema}}`` in plain JSON Schema 2020-12."""
    return {
        name: {"parameters": parameters_schema(spec, name), "returns": returns_schema(spec, name)}
        for name in spec.tools
    }
