"""What every adapter shares: a foreign tool's JSON Schemas -> our fields, parameters, tools and contract.

Names stay as they are wherever a contract takes them; the rest are changed by a fixed rule, and ``Names`` leads back.
Shapes become our own fields where those say the same; other schemas are kept as they are.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import jsonschema_rs
import msgspec

from fr_envs.adapters.references import Resolver
from fr_envs.contract.spec import DomainSpec, Field, Parameter, ToolSpec
from fr_envs.errors import SpecError, UsageError
from fr_envs.world.registry import world_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = [
    "FAILURES",
    "Fitted",
    "ForeignTool",
    "Imported",
    "Names",
    "OnError",
    "check_schema",
    "collect",
    "domain_name",
    "effect_by_name",
    "fitted",
    "gives_members",
    "unique_name",
]

OnError = Literal["stop", "skip"]
"""What a faulty tool does: stop everything with its error, or be left out and reported."""

FAILURES = {
    "tool_failed": "The tool answered with an error.",
    "out_of_service": "The tool is out of service.",
}
"""Codes with which every foreign tool that is executed can refuse."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_POLICY = "Use the tools as their descriptions say."


class ForeignTool(NamedTuple):
    """A tool as its owner describes it.

    Attributes:
        name: Its owner's name for it.
        description: What it does; may be empty.
        parameters: JSON Schema of the arguments object, local references included.
        returns: JSON Schema of the result, None where the owner says nothing.
        effect: Whether it only reads or also writes.
        pointer: Where it stands in the owner's document.
        parameters_pointer: Where ``parameters`` stands, under ``pointer``; references count from there.
        returns_pointer: The same for ``returns``.
        errors: Codes of refusals and what each means; those of ``FAILURES`` included where it can be executed.
    """

    name: str
    description: str
    parameters: Json
    returns: Json
    effect: Literal["read", "write"]
    pointer: str
    parameters_pointer: str = "/parameters"
    returns_pointer: str = ""
    errors: Mapping[str, str] = {}


class Names(NamedTuple):
    """The owner's names behind ours.

    Attributes:
        tool: The tool.
        arguments: Our name of each parameter -> the owner's.
        members: The result is an object whose members are ours; else it stands under ``result``.
    """

    tool: str
    arguments: Mapping[str, str]
    members: bool = False

    def owned(self, tool: ToolSpec, arguments: Mapping[str, Json]) -> JsonObject:
        """Return arguments under their owner's names, in the contract's order, without those not given."""
        given: JsonObject = {}
        for name, parameter in tool.parameters.items():
            value = arguments.get(name)
            if value is not None or (name in arguments and (parameter.required or parameter.default is not None)):
                given[self.arguments.get(name, name)] = value
        return given


class Imported(NamedTuple):
    """A contract made of foreign tools.

    Attributes:
        spec: The contract.
        names: For each tool, its owner's names.
        skipped: Faults of the tools that were left out.
    """

    spec: DomainSpec
    names: Mapping[str, Names]
    skipped: tuple[SpecError, ...]


_READS = frozenset({
    "calculate", "check", "compute", "count", "describe", "display", "estimate", "fetch", "find", "get", "has", "is",
    "list", "look", "lookup", "query", "read", "retrieve", "search", "show", "view",
})  # fmt: skip


def effect_by_name(name: str) -> Literal["read", "write"]:
    """Say what a tool does of which its owner does not tell: it reads if the first word of its name says so.

    Example:
        >>> effect_by_name("getUser"), effect_by_name("set_user"), effect_by_name("users.get")
        ('read', 'write', 'write')
    """
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)
    return "read" if words and words[0].lower() in _READS else "write"


class Fitted(NamedTuple):
    """The contract of a foreign world.

    Attributes:
        spec: The one that a person has corrected, else the one that was made.
        left_out: Tools that it lacks, each with the reason, one a line.
    """

    spec: DomainSpec
    left_out: tuple[str, ...]


def fitted(imported: Imported, spec: DomainSpec | None, on_error: OnError) -> Fitted:
    """Take a corrected contract in place of the one that was made of the tools.

    Where faulty tools are skipped, so are those that the contract declares and the owner does not offer; else they are
    left for ``Domain`` to refuse.
    """
    left_out = tuple(map(str, imported.skipped))
    if spec is None or on_error == "stop":
        return Fitted(spec or imported.spec, left_out)
    gone = [name for name in spec.tools if name not in imported.names]
    faults = (
        str(SpecError(spec.source or spec.name, f"/tools/{name}", "is not offered by its owner", "take it out"))
        for name in gone
    )
    tools = {name: tool for name, tool in spec.tools.items() if name in imported.names}
    return Fitted(msgspec.structs.replace(spec, tools=tools), (*left_out, *faults))


def domain_name(text: str) -> str:
    """Make a world's short name of any text: small letters, digits and underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return (plain if plain[:1].isalpha() else f"tools_{plain}".strip("_"))[:64]


def unique_name(text: str, taken: Iterable[str]) -> str:
    """Return a name that contracts take: ``text`` itself where possible, else its nearest; none of ``taken``."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", text) or "_"
    plain = (plain if _NAME.match(plain) else f"_{plain}")[:64]
    if keyword.iskeyword(plain) or plain == "state":
        plain = f"{plain}_"
    number, name, used = 2, plain, set(taken)
    while name in used:
        name = f"{plain[:60]}_{number}"
        number += 1
    return name


def collect(
    found: Iterable[ForeignTool | SpecError], *, name: str, summary: str, source: str, on_error: OnError
) -> Imported:
    """Make a contract of foreign tools.

    Raises:
        SpecError: A tool is faulty, unless such are skipped; or none is left.
        UsageError: ``name`` is no name of a world.
    """
    if name != domain_name(name):
        raise UsageError(f"{name!r} is no name of a world; take small letters, digits and underscores")
    tools: dict[str, ToolSpec] = {}
    names: dict[str, Names] = {}
    skipped: list[SpecError] = []
    for each in found:
        try:
            ours = _tool(each, source, tools)
        except SpecError as error:
            if on_error == "stop":
                raise
            skipped.append(error)
        else:
            tools[ours.spec.name], names[ours.spec.name] = ours.spec, ours.names
    if not tools:
        why = f"all {len(skipped)} are faulty, first: {skipped[0]}" if skipped else "it lists none"
        raise SpecError(source, "", f"has no tool: {why}", "give at least one that is sound")
    spec = DomainSpec(
        name=name, id=world_id(name), summary=_text(summary) or f"Tools of {name}.", policy=_POLICY,
        kinds={}, facts={}, tools=tools, source=source,
    )  # fmt: skip
    return Imported(spec, names, tuple(skipped))


class _Ours(NamedTuple):
    spec: ToolSpec
    names: Names


def _tool(given: ForeignTool | SpecError, source: str, taken: Mapping[str, ToolSpec]) -> _Ours:
    if isinstance(given, SpecError):
        raise given
    at = f"{given.pointer}{given.parameters_pointer}"
    schema = _written_out(given.parameters, source, at)
    schema = {"type": "object", **schema} if isinstance(schema, dict) else schema
    check_schema(schema, source, at)
    if not isinstance(schema, dict) or schema["type"] != "object":
        raise SpecError(source, at, f"tool {given.name!r} takes no object", "declare an object of named parameters")
    parameters, arguments = _parameters(schema)
    returns = _result_schema(given.returns, source, f"{given.pointer}{given.returns_pointer}")
    members = returns is not None and gives_members(returns)
    spec = ToolSpec(
        name=unique_name(given.name, taken), description=_text(given.description) or f"The tool {given.name}.",
        parameters=parameters, returns=_returns(returns, members=members), effect=given.effect,
        errors=dict(given.errors),
    )  # fmt: skip
    return _Ours(spec, Names(given.name, arguments, members))


_ASIDE = frozenset({"$defs", "$id", "$schema", "definitions"})


def _written_out(schema: Json, source: str, at: str) -> Json:
    """Return a schema that stands alone, its references written out and what they point at left aside."""
    body = {name: part for name, part in schema.items() if name not in _ASIDE} if isinstance(schema, dict) else schema
    return Resolver(schema, source, at).inline(body, "")


def check_schema(schema: Json, source: str, pointer: str) -> None:
    """Check that a schema is one.

    Raises:
        SpecError: It is none.
    """
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except (ValueError, TypeError, jsonschema_rs.ValidationError) as error:
        problem = f"is no JSON Schema: {(str(error).splitlines() or [''])[0][:200]}"
        raise SpecError(source, pointer, problem, "fix the schema, or skip the tool") from error


def _parameters(schema: JsonObject) -> tuple[dict[str, Parameter], dict[str, str]]:
    required = set(schema.get("required", ()))
    parameters: dict[str, Parameter] = {}
    arguments: dict[str, str] = {}
    for owned, body in schema.get("properties", {}).items():
        name = unique_name(owned, parameters)
        arguments[name] = owned
        parameters[name] = _parameter(name, body if isinstance(body, dict) else {}, required=owned in required)
    for owned in sorted(required - set(arguments.values())):  # asked for and not described: anything goes
        name = unique_name(owned, parameters)
        arguments[name] = owned
        parameters[name] = Parameter(name, Field(schema={}), required=True)
    return parameters, arguments


def _parameter(name: str, schema: JsonObject, *, required: bool) -> Parameter:
    default = None if required else schema.get("default")
    if default is not None and not jsonschema_rs.is_valid(schema, default):
        default = None  # a default that its own schema refuses is none
    field = _field(schema)
    if field.nullable and (required or default is not None):
        field = Field(schema=_bare(schema), description=field.description)  # here null is a value of its own
    elif field.nullable:
        field = Field(**{**_parts(field), "nullable": False})  # null stands for "not given"
    return Parameter(name, field, required, default)


def _parts(field: Field) -> JsonObject:
    return {key: getattr(field, key) for key in field.__struct_fields__}


# --------------------------------------------------------------------------------------------------------- fields

_NOTES = frozenset({"description", "title", "default"})
_OBJECT = frozenset({"type", "properties", "required", "additionalProperties"})
_ARRAY = frozenset({"type", "items", "minItems", "maxItems"})


def _text(given: Json) -> str:
    return given.strip() if isinstance(given, str) else ""


def _bare(schema: JsonObject) -> JsonObject:
    return {key: value for key, value in schema.items() if key not in _NOTES}


def _field(schema: Json, *, optional: bool = False) -> Field:
    """Return the field that says what a schema says, or the schema itself in a field."""
    if not isinstance(schema, dict):
        return Field(schema={} if schema else {"not": {}}, optional=optional)
    description = _text(schema.get("description"))
    body, nullable = _without_null(_bare(schema))
    notes: JsonObject = {"description": description, "nullable": nullable, "optional": optional}
    if _is_object(body):
        required = set(body.get("required", ()))
        members = {n: _field(part, optional=n not in required) for n, part in body["properties"].items()}
        return Field(object=members, **notes)
    if body.get("type") == "array" and "items" in body and body.keys() <= _ARRAY:
        bounds: JsonObject = {"min_items": body.get("minItems", 0), "max_items": body.get("maxItems")}
        return Field(array=_field(body["items"]), **bounds, **notes) if bounds["max_items"] != 0 else Field(
            schema=body, **notes)  # fmt: skip
    return Field(schema=body, **notes)


def _without_null(schema: JsonObject) -> tuple[JsonObject, bool]:
    options = schema.get("anyOf")
    if isinstance(options, list) and len(options) == 2 and {"type": "null"} in options and len(schema) == 1:
        other = options[options[0] == {"type": "null"}]
        return (_bare(other), True) if isinstance(other, dict) and "description" not in other else (schema, False)
    kinds = schema.get("type")
    if isinstance(kinds, list) and len(kinds) == 2 and "null" in kinds and not schema.keys() & {"enum", "const"}:
        return {**schema, "type": kinds[kinds[0] == "null"]}, True
    return schema, False


def _is_object(schema: JsonObject) -> bool:
    members = schema.get("properties")
    return (
        schema.get("type") == "object"
        and isinstance(members, dict)
        and bool(members)
        and schema.keys() <= _OBJECT
        and schema.get("additionalProperties", False) is False
        and set(schema.get("required", ())) <= members.keys()
        and all(_NAME.fullmatch(name) for name in members)
    )


def gives_members(schema: Json) -> bool:
    """Return True if a result of this schema is an object whose members are the results; else it is one value."""
    if not isinstance(schema, dict):
        return False
    kept = {key: value for key, value in schema.items() if key in {"type", "properties", "required"}}
    return _is_object(kept) and not {"anyOf", "oneOf", "patternProperties"} & schema.keys()


def _result_schema(schema: Json, source: str, at: str) -> Json:
    if schema is None:
        return None
    schema = _written_out(schema, source, at)
    check_schema(schema, source, at)
    return schema


def _returns(schema: Json, *, members: bool) -> dict[str, Field]:
    if schema is None:
        return {"result": Field(schema={}, description="What the tool answers.")}
    if not members:
        return {"result": _field(schema)}
    required = set(schema.get("required", ()))
    return {name: _field(part, optional=name not in required) for name, part in schema["properties"].items()}
